//! Reading events: of each session that is new or has moved, gathered in a file of the day.

use std::collections::{HashMap, HashSet};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use apivideo::{Client, SessionId, Timestamp};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::day::{Chosen, Sessions};
use super::run::Run;
use super::service;
use crate::error::{Error, Result};
use crate::format;
use crate::manifest::Day;
use crate::requests::{Budget, Chunk, Chunks};
use crate::rows;
use crate::table::{ENDED_AT, Key, Row, Table};

/// The events of so many sessions are read side by side.
const SESSIONS: usize = 16;

/// The events of a day's sessions, in a file as they came, and where each session's are.
pub(super) struct EventLog {
    path: PathBuf,
    file: File,
    end: u64,
    index: HashMap<Key, Entry>,
}

struct Entry {
    ended: Option<Timestamp>,
    /// Whether it was appended by this process.
    is_new: bool,
    is_missing: bool,
    skipped: u64,
    offset: u64,
    length: u64,
}

#[derive(Serialize, Deserialize)]
struct Line {
    asset_kind: String,
    asset_id: String,
    session_id: String,
    ended: Option<String>,
    #[serde(default)]
    missing: bool,
    #[serde(default)]
    skipped: u64,
    /// Each read by itself, so that a line reads values as deep as those of the service's pages.
    events: Vec<Box<RawValue>>,
}

/// What the service said of a session's events.
enum Answer {
    Events(Vec<apivideo::Event>, u64),
    /// There is no such session, though it was listed.
    Missing,
    Stop,
}

impl Run<'_> {
    /// Asks for what the log does not have; `false` where the requests did not suffice.
    pub(super) async fn read_events(
        &mut self,
        sessions: &Sessions,
        log: &mut EventLog,
    ) -> Result<bool> {
        let asks: Vec<(&Key, &Chosen)> = sessions
            .iter()
            .filter(|(key, session)| !log.has(key, session))
            .collect();
        let count = asks.len() as u64;
        self.tell(|progress| progress.sessions_to_ask += count);
        // The futures borrow it, and the rest of us is changed meanwhile.
        let budget = std::mem::take(&mut self.budget);
        let outcome = self.ask(&asks, log, &budget).await;
        self.budget = budget;
        outcome
    }

    async fn ask(
        &mut self,
        asks: &[(&Key, &Chosen)],
        log: &mut EventLog,
        budget: &Budget,
    ) -> Result<bool> {
        let mut waiting = asks.iter();
        let mut running = FuturesUnordered::new();
        let mut stopped = false;
        loop {
            while !stopped && running.len() < SESSIONS {
                let Some((key, session)) = waiting.next() else {
                    break;
                };
                let client = &self.pull.client;
                running.push(async move {
                    let answer = read(client, &key.session_id, budget).await;
                    (*key, *session, answer)
                });
            }
            let Some((key, session, answer)) = running.next().await else {
                return Ok(!stopped);
            };
            match answer? {
                Answer::Events(events, skipped) => {
                    let events = events.iter().enumerate();
                    let rows: Vec<Row> = events
                        .map(|(number, event)| rows::event(key, number, event))
                        .collect();
                    log.append(key, Some(session), &rows, skipped, false)?;
                    self.report.sessions_asked += 1;
                }
                Answer::Missing => log.append(key, Some(session), &[], 0, true)?,
                Answer::Stop => stopped = true,
            }
            let asked = self.report.sessions_asked;
            self.tell_with(budget, |progress| progress.sessions_with_events = asked);
        }
    }
}

async fn read(client: &Client, session: &str, budget: &Budget) -> Result<Answer> {
    let id: SessionId = session.parse().map_err(service)?;
    let mut chunks = Chunks::new(client.session(&id).events().with_prefetch(0).stream());
    let (mut events, mut bad) = (Vec::new(), 0);
    loop {
        match chunks.next(budget).await {
            Ok(Chunk::Items(items, skipped)) => {
                events.extend(items);
                bad += skipped;
            }
            Ok(Chunk::End) => return Ok(Answer::Events(events, bad)),
            Ok(Chunk::Stop) => return Ok(Answer::Stop),
            Err(error) if error.is_not_found() => return Ok(Answer::Missing),
            Err(error) => return Err(service(error)),
        }
    }
}

impl EventLog {
    /// Opens what was gathered before, up to its last whole line.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let failed = |error| Error::storage("read", path, error);
        let opened = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path);
        let file = opened.map_err(|error| Error::storage("written", path, error))?;
        let mut log = Self {
            path: path.to_owned(),
            file,
            end: 0,
            index: HashMap::new(),
        };
        let mut reader = BufReader::new(File::open(path).map_err(failed)?);
        let mut text = Vec::new();
        loop {
            text.clear();
            let length = reader.read_until(b'\n', &mut text).map_err(failed)? as u64;
            let line = match text.last() {
                Some(b'\n') => serde_json::from_slice::<Line>(&text).ok(),
                _ => None,
            };
            let Some(line) = line else { break };
            let entry = Entry {
                ended: line.ended.and_then(|ended| ended.parse().ok()),
                is_new: false,
                is_missing: line.missing,
                skipped: line.skipped,
                offset: log.end,
                length,
            };
            let key = Key {
                asset_kind: line.asset_kind,
                asset_id: line.asset_id,
                session_id: line.session_id,
            };
            log.index.insert(key, entry);
            log.end += length;
        }
        log.file
            .set_len(log.end)
            .map_err(|error| Error::storage("written", path, error))?;
        Ok(log)
    }

    /// Whether the events of a session, as it is now, are here.
    pub(super) fn has(&self, key: &Key, session: &Chosen) -> bool {
        let ended = session.row.time(ENDED_AT);
        self.index.get(key).is_some_and(|entry| {
            entry.is_new
                || !entry.is_missing && entry.ended == ended && (ended.is_some() || session.is_kept)
        })
    }

    pub(super) fn append(
        &mut self,
        key: &Key,
        session: Option<&Chosen>,
        rows: &[Row],
        skipped: u64,
        missing: bool,
    ) -> Result<()> {
        let ended = session.and_then(|session| session.row.time(ENDED_AT));
        let head = Line {
            asset_kind: key.asset_kind.clone(),
            asset_id: key.asset_id.clone(),
            session_id: key.session_id.clone(),
            ended: ended.map(|ended| ended.to_string()),
            missing,
            skipped,
            events: Vec::new(),
        };
        let failed = |error: io::Error| Error::storage("written", &self.path, error);
        let mut text = serde_json::to_string(&head).map_err(|error| failed(error.into()))?;
        // The rows go into the empty list at its end.
        text.truncate(text.len() - "]}".len());
        for (place, row) in rows.iter().enumerate() {
            if place > 0 {
                text.push(',');
            }
            format::line(Table::Events, row, &mut text);
        }
        text.push_str("]}\n");
        self.file.write_all(text.as_bytes()).map_err(failed)?;
        let entry = Entry {
            ended,
            is_new: true,
            is_missing: missing,
            skipped,
            offset: self.end,
            length: text.len() as u64,
        };
        self.end += entry.length;
        self.index.insert(key.clone(), entry);
        Ok(())
    }

    /// The events of a session.
    pub(super) fn events(&mut self, key: &Key) -> Result<Vec<Row>> {
        let Some(entry) = self.index.get(key) else {
            return Ok(Vec::new());
        };
        let mut text = vec![0; usize::try_from(entry.length).unwrap_or(usize::MAX)];
        self.file
            .seek(SeekFrom::Start(entry.offset))
            .and_then(|_| self.file.read_exact(&mut text))
            .map_err(|error| Error::storage("read", &self.path, error))?;
        let damaged = |why: String| format::misread(&self.path, why);
        let line: Line =
            serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        let rows = line
            .events
            .into_iter()
            .map(|event| match serde_json::from_str(event.get()) {
                Ok(event) => format::row(Table::Events, event),
                Err(error) => Err(error.to_string()),
            });
        rows.collect::<std::result::Result<_, _>>().map_err(damaged)
    }

    /// Says in the manifest whose events are not all there.
    pub(super) fn describe<'k>(&self, keys: impl Iterator<Item = &'k Key>, manifest: &mut Day) {
        let mut named = HashSet::new();
        for key in keys {
            let Some(entry) = self.index.get(key) else {
                continue;
            };
            if entry.is_missing && named.insert(&key.session_id) {
                manifest.without_events.push(key.session_id.clone());
            }
            if entry.skipped > 0 {
                manifest
                    .skipped_events
                    .insert(key.session_id.clone(), entry.skipped);
            }
        }
    }
}
