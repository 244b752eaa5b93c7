//! The staged events of a day: an append-only file with one line for each session, and an index of its lines.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use apivideo::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::day_sessions::DaySession;
use crate::error::{Error, Operation, Result};
use crate::format;
use crate::invalid::InvalidRecord;
use crate::manifest::DayManifest;
use crate::row::Row;
use crate::table::{Key, Table};

/// The staged events of a day.
pub(super) struct EventLog {
    path: PathBuf,
    file: File,
    length: u64,
    index: HashMap<Key, Entry>,
}

/// The line of a session.
struct Entry {
    ended_at: Option<Timestamp>,
    /// Whether the line was appended by this process.
    is_new: bool,
    outcome: EventsOutcome,
    offset: u64,
    length: u64,
}

/// The completeness of the events of a session.
#[derive(Default)]
pub(super) struct EventsOutcome {
    /// Whether they could not be read; events stored earlier are kept.
    pub(super) is_missing: bool,
    /// The events that could not be decoded.
    pub(super) invalid: Vec<InvalidRecord>,
    /// The number of events that were decoded only after the response was repaired.
    pub(super) repaired: u64,
}

#[derive(Serialize, Deserialize)]
struct Line {
    asset_kind: String,
    asset_id: String,
    session_id: String,
    ended_at: Option<String>,
    #[serde(default)]
    missing: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    invalid: Vec<InvalidRecord>,
    #[serde(default)]
    repaired: u64,
    /// Parsed separately, so that the nesting limit of the parser applies to each event as it does in responses.
    events: Vec<Box<RawValue>>,
}

impl EventLog {
    /// Opens the log of an earlier run, up to its last complete line, or creates it.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let failed_read = |error| Error::storage(Operation::Read, path, error);
        let failed_write = |error| Error::storage(Operation::Write, path, error);
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)
            .map_err(failed_write)?;
        let mut log = Self {
            path: path.to_owned(),
            file,
            length: 0,
            index: HashMap::new(),
        };
        let mut reader = BufReader::new(File::open(path).map_err(failed_read)?);
        let mut text = Vec::new();
        loop {
            text.clear();
            let length = reader.read_until(b'\n', &mut text).map_err(failed_read)? as u64;
            let line = match text.last() {
                Some(b'\n') => serde_json::from_slice::<Line>(&text).ok(),
                _ => None,
            };
            let Some(line) = line else { break };
            let entry = Entry {
                ended_at: line.ended_at.and_then(|time| time.parse().ok()),
                is_new: false,
                outcome: EventsOutcome {
                    is_missing: line.missing,
                    invalid: line.invalid,
                    repaired: line.repaired,
                },
                offset: log.length,
                length,
            };
            let key = Key {
                asset_kind: line.asset_kind,
                asset_id: line.asset_id,
                session_id: line.session_id,
            };
            log.index.insert(key, entry);
            log.length += length;
        }
        log.file.set_len(log.length).map_err(failed_write)?;
        Ok(log)
    }

    /// Returns whether the events of a session in its current state are in the log and complete.
    pub(super) fn has_current(&self, key: &Key, session: &DaySession) -> bool {
        let ended_at = session.row.ended_at();
        self.index.get(key).is_some_and(|entry| {
            entry.is_new
                || !entry.outcome.is_missing
                    && entry.outcome.invalid.is_empty()
                    && entry.ended_at == ended_at
                    && (ended_at.is_some() || session.is_kept)
        })
    }

    /// Returns whether anything of a session is in the log.
    pub(super) fn contains(&self, key: &Key) -> bool {
        self.index.contains_key(key)
    }

    /// Appends the events of a session.
    pub(super) fn append(
        &mut self,
        key: &Key,
        session: &DaySession,
        rows: &[Row],
        outcome: EventsOutcome,
    ) -> Result<()> {
        self.write(key, session.row.ended_at(), rows, outcome, true)
    }

    /// Appends the events that were stored earlier, in case they cannot be read again.
    pub(super) fn append_earlier(&mut self, key: &Key, rows: &[Row]) -> Result<()> {
        let outcome = EventsOutcome {
            is_missing: true,
            ..EventsOutcome::default()
        };
        self.write(key, None, rows, outcome, false)
    }

    fn write(
        &mut self,
        key: &Key,
        ended_at: Option<Timestamp>,
        rows: &[Row],
        outcome: EventsOutcome,
        is_new: bool,
    ) -> Result<()> {
        let head = Line {
            asset_kind: key.asset_kind.clone(),
            asset_id: key.asset_id.clone(),
            session_id: key.session_id.clone(),
            ended_at: ended_at.map(|time| time.to_string()),
            missing: outcome.is_missing,
            invalid: outcome.invalid,
            repaired: outcome.repaired,
            events: Vec::new(),
        };
        let failed = |error: io::Error| Error::storage(Operation::Write, &self.path, error);
        let mut text = serde_json::to_string(&head).map_err(|error| failed(error.into()))?;
        // The rows are written into the empty list at the end.
        text.truncate(text.len() - "]}".len());
        for (index, row) in rows.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            format::write_row(row, &mut text);
        }
        text.push_str("]}\n");
        self.file.write_all(text.as_bytes()).map_err(failed)?;
        let entry = Entry {
            ended_at,
            is_new,
            outcome: EventsOutcome {
                is_missing: head.missing,
                invalid: head.invalid,
                repaired: head.repaired,
            },
            offset: self.length,
            length: text.len() as u64,
        };
        self.length += entry.length;
        self.index.insert(key.clone(), entry);
        Ok(())
    }

    /// Returns the events of a session.
    pub(super) fn events(&mut self, key: &Key) -> Result<Vec<Row>> {
        let Some(entry) = self.index.get(key) else {
            return Ok(Vec::new());
        };
        let mut text = vec![0; usize::try_from(entry.length).unwrap_or(usize::MAX)];
        self.file
            .seek(SeekFrom::Start(entry.offset))
            .and_then(|_| self.file.read_exact(&mut text))
            .map_err(|error| Error::storage(Operation::Read, &self.path, error))?;
        let invalid = |why: String| Error::undecodable(&self.path, why);
        let line: Line =
            serde_json::from_slice(&text).map_err(|error| invalid(error.to_string()))?;
        let rows = line
            .events
            .into_iter()
            .map(|event| match serde_json::from_str(event.get()) {
                Ok(object) => format::row_from_object(Table::Events, object),
                Err(error) => Err(error.to_string()),
            });
        rows.collect::<std::result::Result<_, _>>().map_err(invalid)
    }

    /// Records incomplete events in the manifest; returns what could not be read.
    pub(super) fn describe<'k>(
        &self,
        keys: impl Iterator<Item = &'k Key>,
        manifest: &mut DayManifest,
    ) -> Vec<InvalidRecord> {
        let mut all = Vec::new();
        for key in keys {
            let Some(Entry { outcome, .. }) = self.index.get(key) else {
                continue;
            };
            let session = || key.session_id.clone();
            if outcome.is_missing {
                manifest.without_events.insert(session());
            } else if !outcome.invalid.is_empty() {
                let events = outcome.invalid.len() as u64;
                manifest.invalid_events.insert(session(), events);
            }
            if outcome.repaired > 0 {
                manifest.repaired_events.insert(session(), outcome.repaired);
            }
            all.extend(outcome.invalid.iter().cloned());
        }
        all
    }
}
