//! The staged events of a day: a record for each session, and where it is.
//!
//! Records are appended to a file without compression, so that a kill loses none. When they fill a frame, it is written to
//! the compressed file, and the other one starts over. A kill between both leaves the same records in both.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;

use super::session_index::{SessionIndex, SessionState};
use super::sort::KeyRef;
use crate::column::Cell;
use crate::error::{Error, Operation, Result};
use crate::invalid::InvalidRecord;
use crate::row::Row;
use crate::row::encoding::{
    Invalid, Reader, push_bytes, push_number, push_row, push_signed, read_row,
};
use crate::staging::frame::{self, FRAME, FrameReader};
use crate::table::Table;

/// The number of decompressed frames that are kept: records are read in the order of their sessions, which is the order in
/// which they were written, or one for each run that wrote some.
const CACHED: usize = 8;

/// The cells of an event that identify its session.
const KEY_CELLS: usize = 3;

/// The staged events of a day.
pub(super) struct EventLog {
    /// The compressed records.
    log: File,
    log_path: PathBuf,
    /// The records after those of the log.
    tail: File,
    tail_path: PathBuf,
    /// The contents of the tail: those of the frame that will be written at the end of the log.
    records: Vec<u8>,
    length: u64,
    /// The place of each session, in their order.
    places: Vec<Place>,
    reader: Option<FrameReader>,
    cache: VecDeque<(u64, Vec<u8>)>,
}

/// Where the last record of a session is, and what decides whether its events are requested.
#[derive(Clone, Copy)]
struct Place {
    /// The offset of its frame in the log.
    frame: u64,
    ended_at: i64,
    /// Where the record is in the frame.
    offset: u32,
    is_present: bool,
    /// Whether it was appended by this process.
    is_new: bool,
    is_complete: bool,
}

/// An unknown end.
const UNKNOWN: i64 = i64::MIN;

const NOWHERE: Place = Place {
    frame: 0,
    ended_at: UNKNOWN,
    offset: 0,
    is_present: false,
    is_new: false,
    is_complete: false,
};

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

/// The staged events of a session.
pub(super) struct StagedEvents {
    /// `None` if they could not be read, and those in the file of the day are kept.
    pub(super) rows: Option<Vec<Row>>,
    pub(super) outcome: EventsOutcome,
}

impl EventLog {
    /// Opens the log of an earlier run, up to its last complete record, or creates it.
    pub(super) fn open(paths: [PathBuf; 2], sessions: &SessionIndex) -> Result<Self> {
        let [log_path, tail_path] = paths;
        let open = |path: &PathBuf| {
            OpenOptions::new()
                .append(true)
                .create(true)
                .open(path)
                .map_err(|error| Error::storage(Operation::Write, path, error))
        };
        let mut log = Self {
            log: open(&log_path)?,
            tail: open(&tail_path)?,
            records: Vec::new(),
            length: 0,
            places: vec![NOWHERE; sessions.len()],
            reader: None,
            cache: VecDeque::new(),
            log_path,
            tail_path,
        };
        if let Some(mut frames) = FrameReader::open(&log.log_path)? {
            let mut contents = Vec::new();
            let mut start = frames.offset();
            while frames.next(&mut contents)? {
                log.index(start, 0, &contents, sessions)?;
                start = frames.offset();
            }
            log.length = start;
        }
        log.set_log_length()?;
        if let Some(mut frames) = FrameReader::open(&log.tail_path)? {
            let mut contents = Vec::new();
            while frames.next(&mut contents)? {
                log.index(log.length, log.records.len(), &contents, sessions)?;
                log.records.extend_from_slice(&contents);
            }
            let path = &log.tail_path;
            log.tail
                .set_len(frames.offset())
                .map_err(|error| Error::storage(Operation::Write, path, error))?;
        }
        Ok(log)
    }

    fn set_log_length(&self) -> Result<()> {
        self.log
            .set_len(self.length)
            .map_err(|error| Error::storage(Operation::Write, &self.log_path, error))
    }

    /// Finds the records of a frame that starts with those at `first`.
    fn index(
        &mut self,
        frame: u64,
        first: usize,
        contents: &[u8],
        sessions: &SessionIndex,
    ) -> Result<()> {
        let mut reader = Reader(contents);
        while !reader.is_empty() {
            let offset = first + contents.len() - reader.0.len();
            let head = reader
                .bytes()
                .and_then(|record| Head::read(&mut Reader(record)));
            let head = head.map_err(|why| frame::damaged(&self.log_path).with_source(why))?;
            let Some(place) = sessions
                .find(head.key)
                .and_then(|index| self.places.get_mut(index))
            else {
                continue;
            };
            *place = Place {
                frame,
                offset: u32::try_from(offset).unwrap_or(u32::MAX),
                ended_at: head.ended_at.unwrap_or(UNKNOWN),
                is_present: true,
                is_new: false,
                is_complete: head.is_complete,
            };
        }
        Ok(())
    }

    /// Returns whether the events of a session in its current state are in the log and complete, or were just requested.
    pub(super) fn has_current(&self, index: usize, session: SessionState) -> bool {
        self.places.get(index).is_some_and(|place| {
            place.is_new
                || place.is_present
                    && place.is_complete
                    && place.ended_at == session.ended_at.unwrap_or(UNKNOWN)
                    && (session.ended_at.is_some() || session.is_kept)
        })
    }

    /// Appends the events of a session; `None` if they could not be read, and those in the file of the day are kept.
    pub(super) fn append(
        &mut self,
        index: usize,
        key: KeyRef<'_>,
        session: SessionState,
        events: &StagedEvents,
    ) -> Result<()> {
        let failed = |error: io::Error| Error::storage(Operation::Write, &self.tail_path, error);
        let mut record = Vec::new();
        push_record(key, session, events, &mut record).map_err(failed)?;
        let mut bytes = Vec::new();
        push_bytes(&record, &mut bytes);
        let mut stored = Vec::new();
        frame::push_stored(&bytes, &mut stored)
            .and_then(|()| self.tail.write_all(&stored))
            .map_err(failed)?;
        let offset = u32::try_from(self.records.len());
        let offset = offset.map_err(|error| failed(io::Error::other(error)))?;
        let outcome = &events.outcome;
        if let Some(place) = self.places.get_mut(index) {
            *place = Place {
                frame: self.length,
                offset,
                ended_at: session.ended_at.unwrap_or(UNKNOWN),
                is_present: true,
                is_new: true,
                is_complete: !outcome.is_missing && outcome.invalid.is_empty(),
            };
        }
        self.records.extend_from_slice(&bytes);
        match self.records.len() >= FRAME {
            true => self.compress(),
            false => Ok(()),
        }
    }

    /// Writes the records of the tail as a frame of the log.
    fn compress(&mut self) -> Result<()> {
        let mut bytes = Vec::new();
        frame::push_compressed(&self.records, &mut bytes)
            .and_then(|()| self.log.write_all(&bytes))
            .map_err(|error| Error::storage(Operation::Write, &self.log_path, error))?;
        self.length += bytes.len() as u64;
        self.records.clear();
        self.tail
            .set_len(0)
            .map_err(|error| Error::storage(Operation::Write, &self.tail_path, error))
    }

    /// Returns the staged events of a session, if there are any.
    pub(super) fn events(&mut self, index: usize, key: KeyRef<'_>) -> Result<Option<StagedEvents>> {
        let Some(place) = self.places.get(index).filter(|place| place.is_present) else {
            return Ok(None);
        };
        let (frame, offset) = (
            place.frame,
            usize::try_from(place.offset).unwrap_or(usize::MAX),
        );
        if frame < self.length {
            self.load(frame)?;
        }
        let contents = match frame < self.length {
            true => self.cache.front().map_or(&[][..], |(_, contents)| contents),
            false => &self.records,
        };
        let mut reader = Reader(contents.get(offset..).unwrap_or_default());
        let events = reader
            .bytes()
            .and_then(|record| read_record(key, &mut Reader(record)));
        let events = events.map_err(|why| frame::damaged(&self.log_path).with_source(why))?;
        Ok(Some(events))
    }

    /// Makes a frame the first one of the cache.
    fn load(&mut self, frame: u64) -> Result<()> {
        if let Some(place) = self.cache.iter().position(|(offset, _)| *offset == frame) {
            self.cache.swap(0, place);
            return Ok(());
        }
        let mut contents = match self.cache.len() {
            CACHED.. => self.cache.pop_back().unwrap_or_default().1,
            _ => Vec::new(),
        };
        if self.reader.is_none() {
            self.reader = FrameReader::open(&self.log_path)?;
        }
        match &mut self.reader {
            Some(reader) => reader.read_at(frame, &mut contents)?,
            None => return Err(frame::damaged(&self.log_path)),
        }
        self.cache.push_front((frame, contents));
        Ok(())
    }
}

const MISSING: u8 = 1;
/// The record has events; else those in the file of the day are kept.
const EVENTS: u8 = 2;

fn push_record(
    key: KeyRef<'_>,
    session: SessionState,
    events: &StagedEvents,
    out: &mut Vec<u8>,
) -> io::Result<()> {
    for text in [key.0, key.1, key.2] {
        push_bytes(text.as_bytes(), out);
    }
    push_signed(session.ended_at.unwrap_or(UNKNOWN), out);
    let StagedEvents { rows, outcome } = events;
    let mut flags = 0;
    if outcome.is_missing {
        flags |= MISSING;
    }
    if rows.is_some() {
        flags |= EVENTS;
    }
    out.push(flags);
    push_number(outcome.invalid.len() as u64, out);
    for record in &outcome.invalid {
        push_bytes(&serde_json::to_vec(record)?, out);
    }
    push_number(outcome.repaired, out);
    let rows = rows.as_deref().unwrap_or_default();
    push_number(rows.len() as u64, out);
    for row in rows {
        push_row(row, KEY_CELLS, out);
    }
    Ok(())
}

/// The start of a record.
struct Head<'r> {
    key: KeyRef<'r>,
    ended_at: Option<i64>,
    flags: u8,
    invalid: u64,
    is_complete: bool,
}

impl<'r> Head<'r> {
    fn read(reader: &mut Reader<'r>) -> std::result::Result<Self, Invalid> {
        let key = (reader.string()?, reader.string()?, reader.string()?);
        let ended_at = Some(reader.signed()?).filter(|time| *time != UNKNOWN);
        let flags = reader.byte()?;
        let invalid = reader.number()?;
        Ok(Self {
            key,
            ended_at,
            flags,
            invalid,
            is_complete: flags & MISSING == 0 && invalid == 0,
        })
    }
}

fn read_record(
    key: KeyRef<'_>,
    reader: &mut Reader<'_>,
) -> std::result::Result<StagedEvents, Invalid> {
    let head = Head::read(reader)?;
    if head.key != key {
        return Err("a record is of another session");
    }
    let mut outcome = EventsOutcome {
        is_missing: head.flags & MISSING != 0,
        ..EventsOutcome::default()
    };
    for _ in 0..head.invalid {
        let record = serde_json::from_slice(reader.bytes()?);
        outcome
            .invalid
            .push(record.map_err(|_| "an invalid record is not JSON")?);
    }
    outcome.repaired = reader.number()?;
    let count = reader.number()?;
    let key = [key.0, key.1, key.2].map(|text| Cell::from(text).into_owned());
    let mut rows = Vec::new();
    for _ in 0..count {
        rows.push(read_row(Table::Events, key.to_vec(), reader)?);
    }
    Ok(StagedEvents {
        rows: (head.flags & EVENTS != 0).then_some(rows),
        outcome,
    })
}

#[cfg(test)]
mod tests;
