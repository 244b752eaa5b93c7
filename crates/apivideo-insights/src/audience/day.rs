//! The counts and durations of one day.

use super::distinct::Distinct;

/// The counts and durations of one day. Durations are in microseconds.
#[derive(Clone, Debug, Default)]
pub(crate) struct DayRow {
    pub(crate) sessions: u64,
    pub(crate) impressions: u64,
    pub(crate) plays: u64,
    /// The watch time during the day.
    pub(crate) watch: i128,
    pub(crate) playing: i128,
    /// The watch time of the sessions that started on the day.
    pub(crate) started_watch: i128,
    viewers: DayViewers,
}

/// The viewers of one day.
#[derive(Clone, Debug, Default)]
struct DayViewers {
    /// Hashes of keys, until the day is sealed.
    keys: Distinct<u64>,
    /// The number of sessions without a key, and of viewers before the day was sealed.
    others: u64,
}

impl DayRow {
    pub(crate) fn add_viewer(&mut self, viewer: Option<u64>) {
        match viewer {
            Some(hash) => self.viewers.keys.insert(hash),
            None => self.viewers.others += 1,
        }
    }

    pub(crate) fn unique_viewers(&mut self) -> u64 {
        self.viewers.others + self.viewers.keys.sorted().len() as u64
    }

    /// Releases the keys of viewers. A viewer that is added later counts again.
    pub(crate) fn seal(&mut self) {
        self.viewers = DayViewers {
            others: self.unique_viewers(),
            keys: Distinct::default(),
        };
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.sessions += other.sessions;
        self.impressions += other.impressions;
        self.plays += other.plays;
        self.watch += other.watch;
        self.playing += other.playing;
        self.started_watch += other.started_watch;
        self.viewers.keys.merge(other.viewers.keys);
        self.viewers.others += other.viewers.others;
    }
}
