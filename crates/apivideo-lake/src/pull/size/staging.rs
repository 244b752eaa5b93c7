//! Estimates of the staging, by measured sizes of simulated sessions.

use super::{FileSizes, Pulled};
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
        let days = pulled.days.clamp(1, pulled.sessions.max(1));
        let sessions = staged_sessions(pulled);
        let events = match pulled.with_events {
            Some(with_events) => staged_events(with_events / days, pulled.events / days),
            None => 0,
        };
        let (listing, listed) = journal(pulled);
        let of_tables = files.sessions + files.events;
        let of_day = of_tables / days;
        let fetched = if is_local { 0 } else { of_day };
        Self {
            listed: Disk {
                staging: listing + sessions,
                files: 0,
            },
            first_day: Disk {
                staging: listed + sessions + events + of_day,
                files: 0,
            },
            last_day: Disk {
                staging: listed + sessions / days + events + of_day,
                files: of_tables - of_day,
            },
            derived: Disk {
                staging: listed + files.derived / days + fetched,
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
fn staged_sessions(pulled: Pulled) -> u64 {
    // A list in the order of time has a further group for each page after the first, and for each day after the first.
    let groups = (pulled.pages + pulled.list_days)
        .saturating_sub(pulled.lists)
        .clamp(1, pulled.sessions.max(1));
    let rows = pulled.sessions / groups;
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
    groups * size + (pulled.sessions - groups * rows) * mean.min(128)
}

/// Returns the size of the staged events of a day. They are compressed once they fill a frame.
fn staged_events(sessions: u64, events: u64) -> u64 {
    const SESSION: u64 = 75;
    const EVENT: u64 = 19;
    let size = sessions * SESSION + events * EVENT;
    let uncompressed = size.min(FRAME as u64);
    (size * 43 + uncompressed * 57) / 100
}

/// Returns the sizes of the journal: the largest one while sessions are listed, and that of the compact one.
fn journal(pulled: Pulled) -> (u64, u64) {
    const LINE: u64 = 350;
    /// What a page adds to the position of its list, which is in the lines of all its later pages.
    const PAGE: u64 = 1_900;
    const DAY: u64 = 24;
    let Pulled { pages, lists, .. } = pulled;
    let lists = lists.max(1);
    let compact = lists * LINE + pulled.days * DAY;
    let positions = PAGE * (pages.saturating_mul(pages + lists) / (2 * lists));
    let all = compact + pages * LINE + positions;
    (all.min(compact + MAX_JOURNAL), compact)
}
