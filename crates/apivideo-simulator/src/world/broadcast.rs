//! The broadcasts of live streams: when they are, and when their viewers arrive.

use jiff::Timestamp;

use super::traffic::Piece;
use crate::rng::{Purpose, Rng};
use crate::time::{DAY, MINUTE, SECOND, timestamp};

/// How long before the start the first viewers arrive.
const EARLY: i64 = 10 * MINUTE;

/// A broadcast of a live stream.
///
/// Returned by [`World::broadcasts`](crate::World::broadcasts). Most viewers arrive around its start, and some late; they leave
/// during it or at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Broadcast {
    /// When it starts.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
}

/// The times of a broadcast in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Times {
    pub(crate) start_ms: i64,
    pub(crate) end_ms: i64,
}

impl Times {
    /// Returns the broadcast of a live stream on a day: each day at the same time, and a few minutes longer or shorter.
    pub(crate) fn on_day(seed: u64, asset: usize, day: i32) -> Self {
        let mut schedule = Rng::new(seed, Purpose::Broadcast, &[asset as u64]);
        // From 8:00 to 20:45, for half an hour to two and a half hours: within the day.
        let start = schedule.between(32, 83) * 15 * MINUTE;
        let length = schedule.between(2, 10) * 15 * MINUTE;
        let coordinates = [asset as u64, i64::from(day).unsigned_abs()];
        let mut rng = Rng::new(seed, Purpose::Broadcast, &coordinates);
        let start_ms = i64::from(day) * DAY + start + rng.between(0, 90) * SECOND;
        let overrun = rng.between(-2 * 60, 5 * 60) * SECOND;
        Self {
            start_ms,
            end_ms: start_ms + length + overrun,
        }
    }

    pub(crate) fn contains(self, ms: i64) -> bool {
        (self.start_ms..self.end_ms).contains(&ms)
    }

    /// Returns how many viewers arrive when, in milliseconds since midnight.
    pub(crate) fn arrivals(self) -> [Piece; 4] {
        let midnight = self.start_ms.div_euclid(DAY) * DAY;
        let (start, end) = (self.start_ms - midnight, self.end_ms - midnight);
        let piece = |from, to, weight| Piece { from, to, weight };
        [
            piece(start - EARLY, start, 25),
            piece(start, start + 5 * MINUTE, 40),
            piece(start + 5 * MINUTE, start + 20 * MINUTE, 15),
            piece(start + 20 * MINUTE, end, 20),
        ]
    }
}

impl From<Times> for Broadcast {
    fn from(times: Times) -> Self {
        Self {
            starts_at: timestamp(times.start_ms),
            ends_at: timestamp(times.end_ms),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::HOUR;

    #[test]
    fn broadcasts_are_within_their_day_and_at_a_regular_time() {
        for (seed, asset) in (1..20).flat_map(|seed| [(seed, 3), (seed, 4)]) {
            let times = [18_993, 18_994, -5].map(|day| (day, Times::on_day(seed, asset, day)));
            for (day, times) in times {
                let midnight = i64::from(day) * DAY;
                assert!(midnight + 7 * HOUR < times.start_ms && times.end_ms < midnight + DAY);
                let length = times.end_ms - times.start_ms;
                assert!((28 * MINUTE..=155 * MINUTE).contains(&length), "{length}");
                let arrivals = times.arrivals();
                assert!(arrivals.windows(2).all(|pair| pair[0].to == pair[1].from));
                assert!(arrivals.iter().all(|piece| piece.from < piece.to));
            }
            let starts = times.map(|(day, times)| times.start_ms - i64::from(day) * DAY);
            assert!(starts[0].abs_diff(starts[1]) <= 90_000, "{starts:?}");
        }
    }
}
