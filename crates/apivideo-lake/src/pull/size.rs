//! Estimates of the disk space that a pull needs: those of the files of the lake are here.

mod measured;
mod staging;

use crate::date_range::DateRange;
use crate::derive::DerivedDay;
use crate::error::Result;
use crate::folder::Folder;
use crate::format::Format;
use crate::manifest::{DayManifest, RequestRange};
use crate::table::Table;
use measured::{DERIVED_MANIFEST, Files, LAKE, Sizes};
pub(super) use staging::StagingSizes;

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

/// What a pull stores.
#[derive(Clone, Copy)]
pub(super) struct Pulled {
    pub(super) sessions: u64,
    /// The sessions whose events are requested; `None` in a lake without events.
    pub(super) with_events: Option<u64>,
    pub(super) events: u64,
    /// The number of different days.
    pub(super) days: u64,
    pub(super) lists: u64,
    /// The sum of the numbers of days of the lists.
    pub(super) list_days: u64,
    /// The number of pages of all lists.
    pub(super) pages: u64,
}

/// The sizes of the files of a pull in bytes.
#[derive(Clone, Copy)]
pub(super) struct FileSizes {
    sessions: u64,
    events: u64,
    derived: u64,
}

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
        let (sizes, files) = (Sizes::of(format), pulled.files());
        let sessions = match self.sessions {
            0 => LAKE + files.table(sizes.session, pulled.sessions),
            stored => mean(self.session_bytes, stored, pulled.sessions),
        };
        let Some(with_events) = pulled.with_events else {
            return FileSizes {
                sessions,
                events: 0,
                derived: 0,
            };
        };
        let events = match self.events {
            0 => files.table(sizes.event, pulled.events),
            stored => mean(self.event_bytes, stored, pulled.events),
        };
        let derived = match self.derived_bytes {
            0 => {
                let playbacks = files.size(sizes.playback, with_events);
                let pieces = files.size(sizes.piece, pulled.events);
                files.count * DERIVED_MANIFEST + playbacks + pieces
            }
            bytes => mean(bytes, self.playbacks.max(1), with_events),
        };
        FileSizes {
            sessions,
            events,
            derived,
        }
    }
}

impl Pulled {
    /// Returns the files of a table.
    fn files(self) -> Files {
        Files {
            // A day without sessions has no file.
            count: self.days.min(self.sessions),
            sessions: self.sessions,
        }
    }
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

/// Counts the days of the ranges: each once, and once for each range.
pub(super) fn days(ranges: &[RequestRange]) -> (u64, u64) {
    let days = |range: &RequestRange| range.period.days().count() as u64;
    (distinct_days(ranges), ranges.iter().map(days).sum())
}

/// Counts the days of the ranges, each once.
fn distinct_days(ranges: &[RequestRange]) -> u64 {
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
