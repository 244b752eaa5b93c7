//! Estimates of the disk space that a pull needs.

use crate::date_range::DateRange;
use crate::derive::DerivedDay;
use crate::error::Result;
use crate::folder::Folder;
use crate::format::Format;
use crate::manifest::{DayManifest, RequestRange};
use crate::table::Table;

/// The stored rows of a lake and their sizes.
#[derive(Default)]
pub(super) struct StoredRows {
    sessions: u64,
    events: u64,
    session_bytes: u64,
    event_bytes: u64,
    /// The size of the derived files and their manifests.
    derived_bytes: u64,
    /// Sessions of days that are read again.
    pub(super) read_again: u64,
}

/// Measured sizes in bytes.
#[derive(Clone, Copy)]
struct Size {
    /// A file without rows.
    file: u64,
    /// A row.
    row: u64,
}

/// The entry of a file in the manifest of its day.
const MANIFEST_ENTRY: u64 = 420;

/// The manifest of the derived files of a day.
const DERIVED_MANIFEST: u64 = 1_500;

/// The number of events of a session, if none is stored.
const DEFAULT_EVENTS: u64 = 10;

impl StoredRows {
    pub(super) fn load(folder: &Folder, ranges: &[RequestRange]) -> Result<Self> {
        let mut stored = Self::default();
        for partition in folder.days()? {
            let Some(day) = DayManifest::load(folder, partition)? else {
                continue;
            };
            if let Some(file) = day.file(Table::Sessions) {
                stored.sessions += file.written.rows;
                stored.session_bytes += file.written.bytes;
                if ranges.iter().any(|range| range.contains(partition)) {
                    stored.read_again += file.written.rows;
                }
            }
            if let Some(derived) = DerivedDay::load(folder, partition)? {
                let files = derived.files.values();
                let bytes: u64 = files.map(|file| file.written.bytes).sum();
                stored.derived_bytes += bytes + DERIVED_MANIFEST;
            }
            if let Some(file) = day.file(Table::Events) {
                stored.events += file.written.rows;
                stored.event_bytes += file.written.bytes;
            }
        }
        Ok(stored)
    }

    pub(super) fn events_per_session(&self) -> u64 {
        match self.sessions {
            0 => DEFAULT_EVENTS,
            sessions => self.events.div_ceil(sessions),
        }
    }

    /// Estimates the size of the files of some days, by the stored rows, or else by measured sizes of simulated ones.
    pub(super) fn estimate(
        &self,
        format: Format,
        sessions: u64,
        events: Option<u64>,
        days: u64,
    ) -> u64 {
        // A day without sessions has no file.
        let files = days.min(sessions);
        let (session, event, derived) = measured(format);
        let table = |bytes: u64, stored: u64, rows: u64, measured: Size| match stored {
            0 => files * (measured.file + MANIFEST_ENTRY) + rows * measured.row,
            stored => rows * bytes.div_ceil(stored),
        };
        let events_bytes = events.map_or(0, |events| {
            table(self.event_bytes, self.events, sessions * events, event)
        });
        let derived_bytes = match (events, self.derived_bytes) {
            (None, _) => 0,
            (Some(events), 0) => {
                let row = derived.session + events * derived.event;
                files * (derived.files + DERIVED_MANIFEST) + sessions * row
            }
            (Some(_), bytes) => sessions * bytes.div_ceil(self.sessions.max(1)),
        };
        let sessions_bytes = table(self.session_bytes, self.sessions, sessions, session);
        events_bytes + sessions_bytes + derived_bytes
    }
}

/// Measured sizes of the derived files of a day, in bytes.
#[derive(Clone, Copy)]
struct DerivedSize {
    /// The files without rows.
    files: u64,
    /// The rows of a session without events.
    session: u64,
    /// What an event adds.
    event: u64,
}

/// Returns the measured sizes of files of sessions, of events, and of derived files.
fn measured(format: Format) -> (Size, Size, DerivedSize) {
    let size = |file, row| Size { file, row };
    let derived = |files, session, event| DerivedSize {
        files,
        session,
        event,
    };
    match format {
        Format::Parquet => (size(6_000, 45), size(2_800, 10), derived(20_800, 56, 15)),
        Format::Ndjson => (size(0, 600), size(0, 232), derived(0, 809, 292)),
        Format::Csv => (size(330, 241), size(110, 95), derived(800, 248, 114)),
    }
}

/// Estimates the size of the staging: all sessions, all events, and a journal line for each page and list.
pub(super) fn staging(sessions: u64, events: Option<u64>, lines: u64) -> u64 {
    const SESSION: u64 = 620;
    const EVENTS_HEAD: u64 = 172;
    const EVENT: u64 = 232;
    const LINE: u64 = 800;
    let events = events.map_or(0, |events| EVENTS_HEAD + events * EVENT);
    sessions * (SESSION + events) + lines * LINE
}

/// Counts the days of the ranges, each once.
pub(super) fn days(ranges: &[RequestRange]) -> u64 {
    let periods: Vec<DateRange> = ranges.iter().map(|range| range.period).collect();
    let first = periods.iter().map(|period| period.first).min();
    let last = periods.iter().map(|period| period.last).max();
    let Some((first, last)) = first.zip(last) else {
        return 0;
    };
    let all = DateRange::new(first, last);
    let gaps = all.subtract(&periods).into_iter();
    (all.days().count() - gaps.flat_map(DateRange::days).count()) as u64
}
