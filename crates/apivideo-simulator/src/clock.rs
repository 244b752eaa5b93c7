use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// The simulator's clock: it starts at a given time, and runs in real time or is advanced manually.
#[derive(Debug)]
pub(crate) struct Clock {
    start: i64,
    /// When the clock was started; `None` for a manual clock.
    started: Option<Instant>,
    /// The milliseconds by which it was advanced.
    advanced: AtomicI64,
}

impl Clock {
    pub(crate) fn running(start: Timestamp) -> Self {
        Self {
            start: start.as_millisecond(),
            started: Some(real_time()),
            advanced: AtomicI64::new(0),
        }
    }

    pub(crate) fn manual(start: Timestamp) -> Self {
        Self {
            start: start.as_millisecond(),
            started: None,
            advanced: AtomicI64::new(0),
        }
    }

    pub(crate) fn start_ms(&self) -> i64 {
        self.start
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.start + self.since_start_ms()
    }

    pub(crate) fn since_start_ms(&self) -> i64 {
        let elapsed = self.started.map_or(0, |started| {
            real_time().duration_since(started).as_millis() as i64
        });
        elapsed + self.advanced.load(Ordering::Relaxed)
    }

    pub(crate) fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX / 4);
        self.advanced.fetch_add(by, Ordering::Relaxed);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the only place that reads real time; everything else uses the clock"
)]
fn real_time() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_changes_only_when_advanced() {
        let clock = Clock::manual(Timestamp::UNIX_EPOCH);
        assert_eq!(clock.now_ms(), 0);
        clock.advance(Duration::from_secs(61));
        assert_eq!(clock.now_ms(), 61_000);
        assert_eq!(clock.since_start_ms(), 61_000);
    }

    #[test]
    fn a_running_clock_starts_at_the_given_time() {
        let clock = Clock::running(Timestamp::from_second(1_000).unwrap());
        assert!((1_000_000..1_060_000).contains(&clock.now_ms()));
    }
}
