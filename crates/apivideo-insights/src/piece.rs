use jiff::Timestamp;

use crate::interval::PlayedInterval;

/// A part of a [`PlayedInterval`] that was wholly seen for the first time in its session, or wholly seen again.
///
/// A row of the table `played` of a lake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PlayedPiece {
    pub(crate) number: u32,
    pub(crate) part: PlayedInterval,
    pub(crate) is_rewatch: bool,
}

impl PlayedPiece {
    /// Returns the number of the piece in its session, from 1.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Returns the media position at which the piece starts, in seconds.
    #[must_use]
    pub fn from_seconds(&self) -> f64 {
        self.part.from_seconds()
    }

    /// Returns the media position at which the piece ends, in seconds.
    #[must_use]
    pub fn to_seconds(&self) -> f64 {
        self.part.to_seconds()
    }

    /// Returns when the piece started. The wall-clock time of an interval is divided in proportion to its media time.
    #[must_use]
    pub fn started_at(&self) -> Timestamp {
        self.part.started_at()
    }

    /// Returns when the piece ended.
    #[must_use]
    pub fn ended_at(&self) -> Timestamp {
        self.part.ended_at()
    }

    /// Returns whether the end of its interval was estimated.
    #[must_use]
    pub fn is_estimated(&self) -> bool {
        self.part.is_estimated
    }

    /// Returns whether the media of the piece was seen before in the session.
    #[must_use]
    pub fn is_rewatch(&self) -> bool {
        self.is_rewatch
    }

    /// Returns the contribution to the upper bound of the watch time, in seconds.
    ///
    /// Those of the pieces of an interval add up to the interval's
    /// [`upper_seconds`](PlayedInterval::upper_seconds); the last piece has what exceeds the watch time.
    #[must_use]
    pub fn upper_seconds(&self) -> f64 {
        self.part.upper_seconds()
    }
}

/// Splits intervals at the borders of what was seen before.
pub(crate) fn split(intervals: &[PlayedInterval]) -> Vec<PlayedPiece> {
    let mut pieces = Vec::with_capacity(intervals.len() + 2);
    // What was seen: disjoint ranges in ascending order.
    let mut seen: Vec<(i64, i64)> = Vec::new();
    for interval in intervals {
        let mut at = interval.from;
        let first = seen.partition_point(|&(_, to)| to <= interval.from);
        for &(from, to) in &seen[first..] {
            if from >= interval.to {
                break;
            }
            push(&mut pieces, interval, at, from, false);
            push(
                &mut pieces,
                interval,
                at.max(from),
                to.min(interval.to),
                true,
            );
            at = to.min(interval.to);
        }
        push(&mut pieces, interval, at, interval.to, false);
        insert(&mut seen, interval.from, interval.to);
    }
    pieces
}

fn push(
    pieces: &mut Vec<PlayedPiece>,
    interval: &PlayedInterval,
    from: i64,
    to: i64,
    is_rewatch: bool,
) {
    if to <= from {
        return;
    }
    let is_last = to == interval.to;
    let upper = match is_last {
        true => interval.upper - (from - interval.from),
        false => to - from,
    };
    let part = PlayedInterval {
        from,
        to,
        started: wall_at(interval, from),
        ended: wall_at(interval, to),
        is_estimated: interval.is_estimated,
        upper,
    };
    pieces.push(PlayedPiece {
        number: pieces.len() as u32 + 1,
        part,
        is_rewatch,
    });
}

/// Returns the time at which an interval was at a position.
fn wall_at(interval: &PlayedInterval, position: i64) -> i64 {
    let (media, wall) = (
        i128::from(interval.to - interval.from),
        i128::from(interval.ended - interval.started),
    );
    let passed = i128::from(position - interval.from) * wall / media.max(1);
    interval.started + passed as i64
}

/// Adds a range, and joins it with those that it touches.
fn insert(seen: &mut Vec<(i64, i64)>, mut from: i64, mut to: i64) {
    let first = seen.partition_point(|&(_, end)| end < from);
    let last = first + seen[first..].partition_point(|&(start, _)| start <= to);
    if let (Some(left), true) = (seen.get(first).copied(), first < last) {
        from = from.min(left.0);
        to = to.max(seen[last - 1].1);
    }
    seen.splice(first..last, [(from, to)]);
}
