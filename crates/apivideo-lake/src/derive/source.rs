//! The sessions of a day with their events, from the two sorted files of the day side by side.

use std::path::PathBuf;

use apivideo::Timestamp;
use apivideo_insights::{Asset, AssetKind, Event, EventKind, SessionFacts};

use crate::error::{Error, Result};
use crate::folder::Folder;
use crate::format::{Batch, Batches, Format};
use crate::manifest::DayManifest;
use crate::metadata::MetadataPairs;
use crate::table::Table;

const SESSION_COLUMNS: [&str; 16] = [
    "asset_kind",
    "asset_id",
    "session_id",
    "loaded_at",
    "ended_at",
    "metadata",
    "location_country",
    "location_city",
    "device_type",
    "device_vendor",
    "device_model",
    "os_name",
    "client_name",
    "referrer_medium",
    "referrer_source",
    "referrer_url",
];

const EVENT_COLUMNS: [&str; 8] = [
    "asset_kind",
    "asset_id",
    "session_id",
    "type",
    "emitted_at",
    "at_seconds",
    "from_seconds",
    "to_seconds",
];

type KeyRef<'a> = (&'a str, &'a str, &'a str);

/// The sessions of a day. The memory is bounded by two batches of rows.
pub(crate) struct DaySource {
    sessions: Cursor,
    events: Cursor,
    session_path: PathBuf,
    event_path: PathBuf,
    last: Option<(String, String, String)>,
    metadata: MetadataPairs,
    buffer: Vec<Event>,
}

/// A session with its events, borrowed from the batches.
pub(crate) struct SourceSession<'s> {
    pub(crate) facts: SessionFacts<'s>,
    pub(crate) asset_kind: &'s str,
    /// Canonical JSON.
    pub(crate) metadata_json: Option<&'s str>,
    pub(crate) metadata: &'s MetadataPairs,
    pub(crate) events: &'s [Event],
}

/// A row in batches of columns that begin with the key of a session.
struct Cursor {
    batches: Batches,
    batch: Option<Batch>,
    row: usize,
}

impl Cursor {
    fn new(batches: Batches) -> Result<Self> {
        let mut cursor = Self {
            batches,
            batch: None,
            row: 0,
        };
        cursor.load()?;
        Ok(cursor)
    }

    fn load(&mut self) -> Result<()> {
        while self
            .batch
            .as_ref()
            .is_none_or(|batch| self.row >= batch.rows())
        {
            self.row = 0;
            self.batch = self.batches.next().transpose()?;
            if self.batch.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn advance(&mut self) -> Result<()> {
        self.row += 1;
        self.load()
    }

    fn key(&self) -> Option<KeyRef<'_>> {
        let batch = self.batch.as_ref()?;
        let part = |column| batch.string(column, self.row).unwrap_or_default();
        Some((part(0), part(1), part(2)))
    }
}

impl DaySource {
    pub(crate) fn open(folder: &Folder, format: Format, day: &DayManifest) -> Result<Self> {
        let open = |table: Table, names: &[&'static str]| -> Result<(Cursor, PathBuf)> {
            let Some(entry) = day.file(table) else {
                return Ok((Cursor::new(Box::new(std::iter::empty()))?, PathBuf::new()));
            };
            let batches = folder.pulled_columns(format, table, &entry.path, names)?;
            Ok((Cursor::new(batches)?, folder.path_of(&entry.path)))
        };
        let (sessions, session_path) = open(Table::Sessions, &SESSION_COLUMNS)?;
        let (events, event_path) = open(Table::Events, &EVENT_COLUMNS)?;
        Ok(Self {
            sessions,
            events,
            session_path,
            event_path,
            last: None,
            metadata: MetadataPairs::default(),
            buffer: Vec::new(),
        })
    }

    /// Calls a function with each session, in the order of the file.
    pub(crate) fn for_each(
        mut self,
        mut visit: impl FnMut(SourceSession<'_>) -> Result<()>,
    ) -> Result<()> {
        while self.visit_next(usize::MAX, &mut visit)? {}
        Ok(())
    }

    /// Calls a function with each of the next sessions, up to a number of them; returns `false` after the last one.
    pub(crate) fn visit_next(
        &mut self,
        count: usize,
        mut visit: impl FnMut(SourceSession<'_>) -> Result<()>,
    ) -> Result<bool> {
        for _ in 0..count {
            let Some(key) = self.sessions.key() else {
                return match self.events.key() {
                    Some(_) => Err(self.orphan()),
                    None => Ok(false),
                };
            };
            let last = self.last.as_ref();
            if last.is_some_and(|(kind, id, session)| key <= (kind, id, session)) {
                return Err(Error::corrupt(
                    &self.session_path,
                    "is not sorted by asset and session",
                ));
            }
            self.last = Some((key.0.to_owned(), key.1.to_owned(), key.2.to_owned()));
            self.buffer.clear();
            while let Some(event) = self.events.key() {
                match event.cmp(&key) {
                    std::cmp::Ordering::Less => return Err(self.orphan()),
                    std::cmp::Ordering::Greater => break,
                    std::cmp::Ordering::Equal => {}
                }
                if let Some(batch) = &self.events.batch {
                    self.buffer.push(event_at(batch, self.events.row));
                }
                self.events.advance()?;
            }
            if let Some(batch) = &self.sessions.batch {
                let row = self.sessions.row;
                self.metadata.set(batch.string(5, row));
                visit(SourceSession {
                    facts: facts_at(batch, row),
                    asset_kind: batch.string(0, row).unwrap_or_default(),
                    metadata_json: batch.string(5, row),
                    metadata: &self.metadata,
                    events: &self.buffer,
                })?;
            }
            self.sessions.advance()?;
        }
        Ok(true)
    }

    fn orphan(&self) -> Error {
        Error::corrupt(
            &self.event_path,
            "has events without a session, or is not sorted by asset and session",
        )
    }
}

fn facts_at(batch: &Batch, row: usize) -> SessionFacts<'_> {
    let string = |column| batch.string(column, row);
    let time = |column| batch.integer(column, row).and_then(instant);
    let kind: Option<AssetKind> = string(0).and_then(|kind| kind.parse().ok());
    SessionFacts {
        asset: kind.zip(string(1)).map(|(kind, id)| Asset { kind, id }),
        loaded_at: time(3),
        ended_at: time(4),
        country: string(6),
        city: string(7),
        device_type: string(8),
        device_vendor: string(9),
        device_model: string(10),
        os: string(11),
        client: string(12),
        referrer_medium: string(13),
        referrer_source: string(14),
        referrer_host: string(15).and_then(SessionFacts::host_of),
        referrer_page: string(15).and_then(SessionFacts::page_of),
        ..SessionFacts::new(string(2).unwrap_or_default())
    }
}

fn event_at(batch: &Batch, row: usize) -> Event {
    Event {
        emitted_at: batch.integer(4, row).and_then(instant),
        at: batch.number(5, row),
        from: batch.number(6, row),
        to: batch.number(7, row),
        ..Event::new(EventKind::from_name(
            batch.string(3, row).unwrap_or_default(),
        ))
    }
}

fn instant(micros: i64) -> Option<Timestamp> {
    Timestamp::from_microsecond(micros).ok()
}
