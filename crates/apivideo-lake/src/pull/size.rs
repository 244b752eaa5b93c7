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
    /// The sessions whose events were read.
    playbacks: u64,
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
                let playbacks = derived.files.get(Table::Playbacks.name());
                stored.playbacks += playbacks.map_or(0, |file| file.written.rows);
            }
            if let Some(file) = day.file(Table::Events) {
                stored.events += file.written.rows;
                stored.event_bytes += file.written.bytes;
            }
        }
        Ok(stored)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sessions == 0
    }

    /// Estimates the number of events of sessions.
    pub(super) fn events_of(&self, sessions: u64) -> u64 {
        match self.playbacks {
            0 => sessions * DEFAULT_EVENTS,
            stored => mean(self.events, stored, sessions),
        }
    }

    /// Estimates the size of the files of some days, by the stored rows, or else by measured sizes of simulated ones.
    pub(super) fn estimate(&self, format: Format, pulled: Pulled) -> FileSizes {
        let Pulled {
            sessions,
            with_events,
            events,
            days,
        } = pulled;
        // A day without sessions has no file.
        let files = days.min(sessions);
        let (session, event, derived) = measured(format);
        let table = |bytes: u64, stored: u64, rows: u64, measured: Size| match stored {
            0 => files * (measured.file + MANIFEST_ENTRY) + rows * measured.row,
            stored => mean(bytes, stored, rows),
        };
        let derived = match (with_events, self.derived_bytes) {
            (None, _) => 0,
            (Some(sessions), 0) => {
                let rows = sessions * derived.session + events * derived.event;
                files * (derived.files + DERIVED_MANIFEST) + rows
            }
            (Some(sessions), bytes) => mean(bytes, self.playbacks.max(1), sessions),
        };
        let events = match with_events {
            Some(_) => table(self.event_bytes, self.events, events, event),
            None => 0,
        };
        FileSizes {
            sessions: table(self.session_bytes, self.sessions, sessions, session),
            events,
            derived,
        }
    }
}

/// What a pull stores.
#[derive(Clone, Copy)]
pub(super) struct Pulled {
    pub(super) sessions: u64,
    /// The sessions whose events are requested; `None` in a lake without events.
    pub(super) with_events: Option<u64>,
    pub(super) events: u64,
    pub(super) days: u64,
}

/// The sizes of the files of a pull in bytes.
#[derive(Clone, Copy)]
pub(super) struct FileSizes {
    sessions: u64,
    events: u64,
    derived: u64,
}

impl FileSizes {
    pub(super) fn total(self) -> u64 {
        self.sessions + self.events + self.derived
    }
}

/// Returns the size of rows by the size of the stored ones.
fn mean(bytes: u64, stored: u64, rows: u64) -> u64 {
    let size = u128::from(bytes) * u128::from(rows) / u128::from(stored);
    u64::try_from(size).unwrap_or(u64::MAX)
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

/// The sizes of the staging in bytes, at the times when the disk can be fullest.
#[derive(Clone, Copy)]
pub(super) struct StagingSizes {
    /// When all sessions are read: they are staged, and those of a day and its events are added.
    first_day: u64,
    /// When the last day is written.
    last_day: u64,
    /// When tables are derived: the journal, and the new files of a day.
    derived: u64,
    /// The files of the first day, which are written while it is staged.
    first_files: u64,
}

/// Estimates the size of the staging, by measured sizes of simulated sessions, with a journal line for each page and list.
pub(super) fn staging(pulled: Pulled, files: FileSizes, lines: u64) -> StagingSizes {
    const SESSION: u64 = 110;
    const EVENTS_OF_SESSION: u64 = 40;
    const EVENT: u64 = 14;
    const LINE: u64 = 800;
    let days = pulled.days.clamp(1, pulled.sessions.max(1));
    let sessions = pulled.sessions * SESSION;
    let events = match pulled.with_events {
        Some(sessions) => sessions * EVENTS_OF_SESSION + pulled.events * EVENT,
        None => 0,
    };
    let journal = lines * LINE;
    let day = events / days;
    StagingSizes {
        first_day: journal + sessions + day,
        last_day: journal + sessions / days + day,
        derived: journal + files.derived / days,
        first_files: (files.sessions + files.events) / days,
    }
}

impl StagingSizes {
    /// Returns the largest size of the staging.
    pub(super) fn max(self) -> u64 {
        self.first_day.max(self.derived)
    }

    /// Returns the largest size of the staging and the files together.
    pub(super) fn peak(self, files: FileSizes) -> u64 {
        let first_day = self.first_day + self.first_files;
        let last_day = self.last_day + files.sessions + files.events;
        first_day.max(last_day).max(self.derived + files.total())
    }
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
