//! What depends on the length of one video.

use super::arrival::Arrival;
use super::spans::Spans;
use super::steps::Steps;
use crate::playback::Playback;
use std::collections::BTreeMap;

/// The measures of a cell that are relative to one asset. All values are in microseconds.
///
/// Memory: 16 to 32 bytes for each distinct position at which playback started or stopped. The service reports whole seconds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Part {
    pub(crate) plays: u64,
    pub(crate) watch: i128,
    pub(crate) covered: i128,
    /// Sessions by covered time.
    pub(crate) coverage: Steps,
    /// Sessions by furthest position.
    pub(crate) furthest: Steps,
    /// Sessions by the position at which they left.
    pub(crate) exits: Steps,
    /// Changes of the number of sessions that played a position.
    pub(crate) unique: Steps,
    /// Changes of the number of intervals at a position beyond the first of each session.
    pub(crate) rewatch: Steps,
    /// Seeks by the position before.
    pub(crate) sources: Steps,
    /// Seeks by the position after.
    pub(crate) targets: Steps,
    /// By the day on which sessions started.
    pub(crate) days: BTreeMap<i64, DayWatch>,
}

/// The plays of one asset that started on one day, and their watch time in microseconds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DayWatch {
    pub(crate) plays: u64,
    pub(crate) watch: i128,
}

impl Part {
    /// Adds a session without its intervals.
    pub(crate) fn add_arrival(
        &mut self,
        arrival: &Arrival,
        playback: Option<&Playback>,
        is_live: bool,
    ) {
        let Some(playback) = playback.filter(|_| arrival.is_counted) else {
            return;
        };
        self.plays += u64::from(arrival.is_play);
        // A live stream has no percentages, and its positions have no bins.
        if !is_live {
            if let Some(day) = arrival.day.filter(|_| arrival.is_play) {
                self.days.entry(day).or_default().plays += 1;
            }
            for seek in &playback.seeks {
                self.sources.add(seek.from, 1);
                self.targets.add(seek.to, 1);
            }
        }
    }

    pub(crate) fn add_spans(&mut self, spans: &Spans, day: Option<i64>) {
        let (Some(furthest), Some(exit)) = (spans.furthest, spans.exit) else {
            return;
        };
        if let Some(day) = day.and_then(|day| self.days.get_mut(&day)) {
            day.watch += spans.watch;
        }
        self.watch += spans.watch;
        self.covered += spans.covered;
        self.coverage.add(clamped(spans.covered), 1);
        self.furthest.add(furthest, 1);
        self.exits.add(exit, 1);
        for &(from, to) in &spans.union {
            self.unique.add_range(from, to);
        }
        if spans.played.len() > 1 && has_overlap(spans) {
            for &(from, to) in &spans.played {
                self.rewatch.add_range(from, to);
            }
            for &(from, to) in &spans.union {
                self.rewatch.add_range(to, from);
            }
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.plays += other.plays;
        self.watch += other.watch;
        self.covered += other.covered;
        self.coverage.merge(other.coverage);
        self.furthest.merge(other.furthest);
        self.exits.merge(other.exits);
        self.unique.merge(other.unique);
        self.rewatch.merge(other.rewatch);
        self.sources.merge(other.sources);
        self.targets.merge(other.targets);
        for (day, more) in other.days {
            let day = self.days.entry(day).or_default();
            day.plays += more.plays;
            day.watch += more.watch;
        }
    }
}

/// Whether a position was played more than once.
fn has_overlap(spans: &Spans) -> bool {
    let sum = |ranges: &[(i64, i64)]| -> i128 {
        ranges.iter().map(|(from, to)| i128::from(to - from)).sum()
    };
    sum(&spans.played) != sum(&spans.union)
}

pub(crate) fn clamped(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
