use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// The simulator's own time: it starts where the world wants it and runs as fast as real time, or stands still.
#[derive(Debug)]
pub(crate) struct Clock {
    start: i64,
    /// When real time began to count; `None` for a clock that stands still.
    began: Option<Instant>,
    /// Milliseconds by which it was moved on by hand.
    moved: AtomicI64,
}

impl Clock {
    pub(crate) fn running(start: Timestamp) -> Self {
        Self {
            start: start.as_millisecond(),
            began: Some(real_time()),
            moved: AtomicI64::new(0),
        }
    }

    pub(crate) fn standing(start: Timestamp) -> Self {
        Self {
            start: start.as_millisecond(),
            began: None,
            moved: AtomicI64::new(0),
        }
    }

    pub(crate) fn start_ms(&self) -> i64 {
        self.start
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.start + self.since_start_ms()
    }

    pub(crate) fn since_start_ms(&self) -> i64 {
        let elapsed = self.began.map_or(0, |began| {
            real_time().duration_since(began).as_millis() as i64
        });
        elapsed + self.moved.load(Ordering::Relaxed)
    }

    pub(crate) fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX / 4);
        self.moved.fetch_add(by, Ordering::Relaxed);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the simulator looks at real time; everything else asks its clock"
)]
fn real_time() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_clock_moves_only_by_hand() {
        let clock = Clock::standing(Timestamp::UNIX_EPOCH);
        assert_eq!(clock.now_ms(), 0);
        clock.advance(Duration::from_secs(61));
        assert_eq!(clock.now_ms(), 61_000);
        assert_eq!(clock.since_start_ms(), 61_000);
    }

    #[test]
    fn a_running_clock_starts_at_its_start() {
        let clock = Clock::running(Timestamp::from_second(1_000).unwrap());
        assert!((1_000_000..1_060_000).contains(&clock.now_ms()));
    }
}
