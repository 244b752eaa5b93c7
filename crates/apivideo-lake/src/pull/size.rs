//! Estimates of the disk space that a pull needs: those of the files of the lake are here.

mod lists;
mod measured;
mod staging;

use apivideo::PageSize;

use crate::date_range::DateRange;
use crate::derive::DerivedDay;
use crate::error::Result;
use crate::folder::Folder;
use crate::format::Format;
use crate::manifest::{DayManifest, RequestRange};
use crate::table::Table;
pub(super) use lists::ListSize;
use lists::{Lists, MAX_TOTAL};
use measured::{DERIVED_MANIFEST, Files, LAKE, LENGTHS, LIST, Sizes};
pub(super) use staging::StagingSizes;

/// The stored rows of a lake and their sizes.
#[derive(Default)]
pub(super) struct StoredRows {
    sessions: u64,
    events: u64,
    session_files: u64,
    event_files: u64,
    session_bytes: u64,
    event_bytes: u64,
    /// The size of the derived files and their manifests.
    derived_bytes: u64,
    derived_days: u64,
    /// The sessions whose events were read.
    playbacks: u64,
    /// Sessions of days that are read again.
    pub(super) read_again: u64,
}

/// What a pull stores.
#[derive(Clone, Copy)]
pub(super) struct Pulled {
    lists: Lists,
    /// The sessions whose events are requested; `None` in a lake without events.
    with_events: Option<u64>,
    events: u64,
}

/// The sizes of the files of a pull in bytes.
#[derive(Clone, Copy)]
pub(super) struct FileSizes {
    /// The manifest of the lake.
    lake: u64,
    sessions: u64,
    events: u64,
    derived: u64,
}

/// The number of events of a simulated session.
const DEFAULT_EVENTS: u64 = 10;

/// The number of simulated sessions that count like stored ones, so that a few stored sessions have little weight.
const PRIOR: u64 = 100;

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
                stored.session_files += 1;
                if ranges.iter().any(|range| range.contains(partition)) {
                    stored.read_again += file.written.rows;
                }
            }
            if let Some(derived) = DerivedDay::load(folder, partition)? {
                let files = derived.files.values();
                let bytes: u64 = files.map(|file| file.written.bytes).sum();
                stored.derived_bytes += bytes + DERIVED_MANIFEST;
                stored.derived_days += 1;
                let playbacks = derived.files.get(Table::Playbacks.name());
                stored.playbacks += playbacks.map_or(0, |file| file.written.rows);
            }
            if let Some(file) = day.file(Table::Events) {
                stored.events += file.written.rows;
                stored.event_bytes += file.written.bytes;
                stored.event_files += 1;
            }
        }
        Ok(stored)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sessions == 0
    }

    /// Estimates the number of events of sessions.
    pub(super) fn events_of(&self, sessions: u64) -> u64 {
        let stored = self.playbacks + PRIOR;
        mean(self.events + PRIOR * DEFAULT_EVENTS, stored, sessions)
    }

    /// Estimates the size of the files of some days by the measured sizes of simulated ones. If the lake has files, they show how much
    /// its rows differ from these.
    pub(super) fn estimate(&self, format: Format, pulled: Pulled) -> FileSizes {
        let sizes = Sizes::of(format);
        let lists = pulled.lists;
        let files = lists.files(lists.sessions);
        let prior = Files::new(1, PRIOR);
        let stored = Files::new(self.session_files, self.sessions);
        let sessions = scaled(
            files.size(sizes.session, lists.sessions),
            self.session_bytes,
            stored.size(sizes.session, self.sessions),
            prior.size(sizes.session, PRIOR),
        );
        let mut estimate = FileSizes {
            lake: LAKE + LIST * lists.count,
            sessions: sessions + files.entries(),
            events: 0,
            derived: 0,
        };
        let Some(with_events) = pulled.with_events else {
            return estimate;
        };
        let files = lists.files(with_events);
        let stored = Files::new(self.event_files, self.playbacks);
        let events = scaled(
            files.size(sizes.event, pulled.events),
            self.event_bytes,
            stored.size(sizes.event, self.events),
            prior.size(sizes.event, PRIOR * DEFAULT_EVENTS),
        );
        estimate.events = events + files.entries();
        let stored = Files::new(self.derived_days, self.playbacks);
        let derived = scaled(
            sizes.derived(files, with_events, pulled.events),
            self.derived_bytes,
            sizes.derived(stored, self.playbacks, self.events),
            sizes.derived(prior, PRIOR, PRIOR * DEFAULT_EVENTS),
        );
        estimate.derived = LENGTHS + derived;
        estimate
    }
}

impl Pulled {
    /// The sessions of all lists of some ranges, and the `events` of those `with_events`.
    pub(super) fn new(
        ranges: &[RequestRange],
        lists: &[ListSize],
        page_size: PageSize,
        with_events: Option<u64>,
        events: u64,
    ) -> Self {
        let count = ranges.len() as u64;
        Self {
            lists: Lists::new(lists, count, distinct_days(ranges), page_size.get()),
            with_events: with_events.map(|sessions| sessions.min(MAX_TOTAL)),
            events: events.min(10 * MAX_TOTAL),
        }
    }

    /// Returns the number of days with sessions.
    pub(super) fn days(&self) -> u64 {
        self.lists.days
    }
}

impl FileSizes {
    pub(super) fn total(self) -> u64 {
        self.lake + self.sessions + self.events + self.derived
    }
}

/// Returns an estimate, multiplied with the ratio of the size of the stored files to their estimate, both with that of simulated ones.
fn scaled(estimate: u64, stored: u64, estimated: u64, simulated: u64) -> u64 {
    mean(stored + simulated, estimated + simulated, estimate)
}

/// Returns the size of rows of which `stored` have a size of `bytes`.
fn mean(bytes: u64, stored: u64, rows: u64) -> u64 {
    let size = u128::from(bytes) * u128::from(rows) / u128::from(stored);
    u64::try_from(size).unwrap_or(u64::MAX)
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
