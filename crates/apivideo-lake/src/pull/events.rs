//! Reading events: of each session that is new or has moved, gathered in a file of the day.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use apivideo::{SessionId, Timestamp};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::day::{Chosen, Sessions};
use super::run::Run;
use super::{Pull, is_of_one_list, service};
use crate::error::{Error, Result};
use crate::format;
use crate::invalid::{Invalid, reason};
use crate::manifest::Day;
use crate::requests::{Budget, Chunk, Chunks};
use crate::rows;
use crate::table::{ENDED_AT, Key, Row, Table};

/// The events of so many sessions are read side by side.
const SESSIONS: usize = 16;

/// After so many sessions in a row whose events exist and can't be read, the service as a whole is at fault.
const FAILURES: u32 = 20;

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
    invalid: Vec<Invalid>,
    repaired: u64,
    offset: u64,
    length: u64,
}

#[derive(Serialize, Deserialize)]
struct Line {
    asset_kind: String,
    asset_id: String,
    session_id: String,
    ended: Option<String>,
    /// Whether the events could not be read; those that were there before are kept.
    #[serde(default)]
    missing: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    invalid: Vec<Invalid>,
    #[serde(default)]
    repaired: u64,
    /// Each read by itself, so that a line reads values as deep as those of the service's pages.
    events: Vec<Box<RawValue>>,
}

/// What the service said of a session's events.
enum Answer {
    Events(Received),
    /// There is no such session, though it was listed, or its events can't be read.
    Missing(apivideo::Error),
    Stop,
}

/// The events of a session, as the service sent them.
#[derive(Default)]
struct Received {
    events: Vec<apivideo::Event>,
    invalid: Vec<apivideo::Error>,
    repaired: u64,
}

/// What is known of a session's events.
#[derive(Default)]
pub(super) struct Found {
    pub(super) is_missing: bool,
    pub(super) invalid: Vec<Invalid>,
    /// How many were read only after a repair of the response.
    pub(super) repaired: u64,
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

    fn invalid(&self, key: &Key, error: &apivideo::Error) -> Invalid {
        let asset = format!("{}/{}", key.asset_kind, key.asset_id);
        Invalid::new(asset, None, Some(&key.session_id), error, &self.privacy)
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
        let mut failures = 0;
        loop {
            while !stopped && running.len() < SESSIONS {
                let Some((key, session)) = waiting.next() else {
                    break;
                };
                let pull = self.pull;
                running.push(async move {
                    let answer = read(pull, &key.session_id, budget).await;
                    (*key, *session, answer)
                });
            }
            let Some((key, session, answer)) = running.next().await else {
                return Ok(!stopped);
            };
            match answer? {
                Answer::Events(Received {
                    events,
                    invalid,
                    repaired,
                }) => {
                    failures = 0;
                    let invalid = invalid
                        .iter()
                        .map(|error| self.invalid(key, error))
                        .collect();
                    let events = events.iter().enumerate();
                    let rows: Vec<Row> = events
                        .map(|(number, event)| rows::event(key, number, event))
                        .collect();
                    let found = Found {
                        is_missing: false,
                        invalid,
                        repaired,
                    };
                    log.append(key, Some(session), &rows, found)?;
                    self.report.sessions_asked += 1;
                }
                Answer::Missing(error) => {
                    failures = match error.is_not_found() {
                        true => 0,
                        false => failures + 1,
                    };
                    if failures >= FAILURES {
                        return Err(service(error));
                    }
                    // Those that were there before stay.
                    let rows = log.events(key)?;
                    let mut invalid = self.invalid(key, &error);
                    invalid.reason = format!("the events could not be read: {}", reason(&error));
                    let found = Found {
                        is_missing: true,
                        invalid: vec![invalid],
                        repaired: 0,
                    };
                    log.append(key, Some(session), &rows, found)?;
                }
                Answer::Stop => stopped = true,
            }
            let asked = self.report.sessions_asked;
            self.tell_with(budget, |progress| progress.sessions_with_events = asked);
        }
    }
}

async fn read(pull: &Pull, session: &str, budget: &Budget) -> Result<Answer> {
    let id: SessionId = session.parse().map_err(service)?;
    let list = pull.client.session(&id).events();
    let list = list.page_size(pull.page_size).with_prefetch(0);
    let mut chunks = Chunks::new(list.stream());
    let mut received = Received::default();
    loop {
        let outcome = chunks.next(budget).await;
        received.repaired += chunks.take_repaired();
        match outcome {
            Ok(Chunk::Items(items, errors)) => {
                received.events.extend(items);
                received.invalid.extend(errors);
            }
            Ok(Chunk::End) => return Ok(Answer::Events(received)),
            Ok(Chunk::Stop) => return Ok(Answer::Stop),
            Err(error) if is_of_one_list(&error) => return Ok(Answer::Missing(error)),
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
                invalid: line.invalid,
                repaired: line.repaired,
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
                || !entry.is_missing
                    && entry.invalid.is_empty()
                    && entry.ended == ended
                    && (ended.is_some() || session.is_kept)
        })
    }

    pub(super) fn append(
        &mut self,
        key: &Key,
        session: Option<&Chosen>,
        rows: &[Row],
        found: Found,
    ) -> Result<()> {
        self.write(key, session, rows, found, true)
    }

    /// Keeps the events that were there before, for the case that they can't be read again.
    pub(super) fn keep(&mut self, key: &Key, rows: &[Row]) -> Result<()> {
        let found = Found {
            is_missing: true,
            ..Found::default()
        };
        self.write(key, None, rows, found, false)
    }

    /// Whether anything of a session is here.
    pub(super) fn knows(&self, key: &Key) -> bool {
        self.index.contains_key(key)
    }

    fn write(
        &mut self,
        key: &Key,
        session: Option<&Chosen>,
        rows: &[Row],
        found: Found,
        is_new: bool,
    ) -> Result<()> {
        let ended = session.and_then(|session| session.row.time(ENDED_AT));
        let head = Line {
            asset_kind: key.asset_kind.clone(),
            asset_id: key.asset_id.clone(),
            session_id: key.session_id.clone(),
            ended: ended.map(|ended| ended.to_string()),
            missing: found.is_missing,
            invalid: found.invalid,
            repaired: found.repaired,
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
            is_new,
            is_missing: head.missing,
            invalid: head.invalid,
            repaired: head.repaired,
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

    /// Says in the manifest whose events are not all there, and returns what could not be read.
    pub(super) fn describe<'k>(
        &self,
        keys: impl Iterator<Item = &'k Key>,
        manifest: &mut Day,
    ) -> Vec<Invalid> {
        let mut all = Vec::new();
        for key in keys {
            let Some(entry) = self.index.get(key) else {
                continue;
            };
            if entry.is_missing {
                manifest.without_events.insert(key.session_id.clone());
            } else if !entry.invalid.is_empty() {
                manifest
                    .invalid_events
                    .insert(key.session_id.clone(), entry.invalid.len() as u64);
            }
            if entry.repaired > 0 {
                manifest
                    .repaired_events
                    .insert(key.session_id.clone(), entry.repaired);
            }
            all.extend(entry.invalid.iter().cloned());
        }
        all
    }
}
