//! Estimates of the staging, by measured sizes of simulated sessions.

use super::lists::Lists;
use super::{FileSizes, Pulled};
use crate::pull::sessions::CONCURRENT_LISTS;
use crate::staging::MAX_JOURNAL;
use crate::staging::frame::FRAME;

/// The sizes of the staging and of the files beside it, in bytes, at the times when the disk can be fullest.
#[derive(Clone, Copy)]
pub(crate) struct StagingSizes {
    /// When all sessions are listed.
    listed: Disk,
    /// When the first day is written: the sessions of all days are staged.
    first_day: Disk,
    /// When the last day is written.
    last_day: Disk,
    /// When the tables of the last day are derived.
    derived: Disk,
}

/// What is on the disk.
#[derive(Clone, Copy)]
struct Disk {
    /// The staging, with the new files of a day.
    staging: u64,
    /// The files of the lake that are complete.
    files: u64,
}

impl StagingSizes {
    /// In an object store, the files of a day are fetched before its tables are derived.
    pub(crate) fn estimate(pulled: Pulled, files: FileSizes, is_local: bool) -> Self {
        let days = pulled.lists.days.max(1);
        let sessions = staged_sessions(pulled.lists);
        let events = match pulled.with_events {
            Some(with_events) => staged_events(with_events / days, pulled.events / days),
            None => 0,
        };
        let journal = Journal::estimate(pulled.lists);
        let of_tables = files.sessions + files.events;
        let of_day = of_tables / days;
        let fetched = if is_local { 0 } else { of_day };
        Self {
            listed: Disk {
                staging: journal.with_sessions(pulled.lists, sessions),
                files: 0,
            },
            first_day: Disk {
                staging: journal.listed + sessions + events + of_day,
                files: 0,
            },
            last_day: Disk {
                staging: journal.committed + sessions / days + events + of_day,
                files: of_tables - of_day,
            },
            derived: Disk {
                staging: journal.committed + files.derived / days + fetched,
                files: files.total() - files.derived / days,
            },
        }
    }

    /// Returns the largest size of the staging.
    pub(crate) fn max(self) -> u64 {
        self.largest(|disk| disk.staging)
    }

    /// Returns the largest size of the staging and the files together.
    pub(crate) fn peak(self) -> u64 {
        self.largest(|disk| disk.staging + disk.files)
    }

    fn largest(self, size: impl Fn(Disk) -> u64) -> u64 {
        let times = [self.listed, self.first_day, self.last_day, self.derived];
        times.into_iter().map(size).max().unwrap_or_default()
    }
}

/// Returns the size of the staged sessions. Those of a page and day are compressed together.
fn staged_sessions(lists: Lists) -> u64 {
    let sessions = lists.sessions;
    let groups = lists.groups.clamp(1, sessions.max(1));
    let rows = sessions / groups;
    // The first row, the second, up to the 20th, and the others.
    let group = [(1, 196), (1, 128), (18, 70), (u64::MAX, 43)];
    let (mut rest, mut size) = (rows, 0);
    for (most, bytes) in group {
        let rows = rest.min(most);
        size += rows * bytes;
        rest -= rows;
    }
    // As many groups have a further row as there are sessions left.
    let mean = size / rows.max(1);
    groups * size + (sessions - groups * rows) * mean.min(128)
}

/// Returns the size of the staged events of a day. They are compressed once they fill a frame.
fn staged_events(sessions: u64, events: u64) -> u64 {
    const SESSION: u64 = 75;
    const EVENT: u64 = 19;
    let size = sessions * SESSION + events * EVENT;
    let uncompressed = size.min(FRAME as u64);
    (size * 43 + uncompressed * 57) / 100
}

/// The sizes of the journal.
#[derive(Clone, Copy)]
struct Journal {
    /// What lists add to it, in total.
    growth: u64,
    /// The positions in the lists that are being read.
    positions: u64,
    /// The compact journal when all sessions are listed.
    listed: u64,
    /// When all days are committed.
    committed: u64,
}

impl Journal {
    fn estimate(lists: Lists) -> Self {
        /// The first line, and the one with the lengths of all days, without these.
        const START: u64 = 250;
        /// The length of the file of a day.
        const LENGTH: u64 = 19;
        /// The first page of a list, without the lengths of files.
        const FIRST_PAGE: u64 = 350;
        const FURTHER_PAGE: u64 = 512;
        /// What a session adds to the positions in its list after it, which are in the lines of the pages.
        const RECEIVED: u64 = 19;
        /// The end of a list.
        const DONE: u64 = 209;
        const COMMITTED: u64 = 94;
        let listed = START + lists.count * DONE + lists.days * LENGTH;
        let growth = lists.count * DONE
            + lists.read * FIRST_PAGE
            + (lists.pages - lists.read) * FURTHER_PAGE
            + lists.received * RECEIVED
            + lists.groups * LENGTH;
        Self {
            growth,
            positions: lists.read.min(CONCURRENT_LISTS as u64) * lists.position * RECEIVED,
            listed,
            committed: listed + lists.days * COMMITTED,
        }
    }

    /// Returns the largest size of the journal and the staged sessions while they are listed: when the journal is replaced, or at the
    /// end. Both the old and the new journal exist for a moment.
    fn with_sessions(self, lists: Lists, sessions: u64) -> u64 {
        // What it can grow by until it is replaced: the new one has the ends of the lists before it.
        let capacity = MAX_JOURNAL - (self.listed / 2).min(MAX_JOURNAL / 2);
        let replaced = self.growth / capacity;
        if replaced == 0 {
            return self.growth + self.listed + sessions;
        }
        let at_last = replaced * capacity;
        // Positions grow with their lists, so that the first half of a list adds less than the second one.
        let share = match lists.read <= CONCURRENT_LISTS as u64 {
            true => (at_last as f64 / self.growth as f64).sqrt(),
            false => at_last as f64 / self.growth as f64,
        };
        let compact = (self.listed as f64 * share) as u64 + self.positions;
        let staged = (sessions as f64 * share) as u64;
        let at_end = compact + self.growth - at_last + self.listed + sessions;
        at_end.max(MAX_JOURNAL + compact + staged)
    }
}
