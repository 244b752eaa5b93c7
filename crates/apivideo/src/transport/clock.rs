//! Time and randomness, behind a trait that tests implement; and a timeout that counts only time in which it was polled.

use std::fmt;
use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// A boxed future.
pub(crate) type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The source of time and randomness.
pub(crate) trait Clock: fmt::Debug + Send + Sync + 'static {
    /// A monotonic time.
    fn now(&self) -> Instant;

    /// The time of day, which can be wrong and can jump.
    fn wall(&self) -> Timestamp;

    /// Waits for `duration`.
    fn sleep(&self, duration: Duration) -> BoxFuture<()>;

    /// A number in `0.0..1.0`. It spreads waits, and is not suitable for secrets.
    fn random(&self) -> f64;
}

/// The machine's clock, tokio's timer, and the random keys of the standard library's hash maps.
#[derive(Debug)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the machine's clock"
    )]
    fn now(&self) -> Instant {
        Instant::now()
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the time of day"
    )]
    fn wall(&self) -> Timestamp {
        Timestamp::now()
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that sleeps by tokio's timer"
    )]
    fn sleep(&self, duration: Duration) -> BoxFuture<()> {
        Box::pin(tokio::time::sleep(duration))
    }

    fn random(&self) -> f64 {
        // The 53 bits of a float's fraction.
        (RandomState::new().hash_one(0) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// A limit is counted in this many slices.
const SLICES: u32 = 8;

/// Ends `inner` with `None` when it takes longer than `limit`. Time in which it is not polled does not count.
///
/// A prefetched page is not polled while the application is busy. The limit is therefore counted in slices, and a slice does
/// not count when its end is noticed only after the next one would have ended.
pub(crate) struct Timeout<F> {
    inner: Pin<Box<F>>,
    clock: Arc<dyn Clock>,
    slice: Duration,
    left: u32,
    timer: Option<(Instant, BoxFuture<()>)>,
}

impl<F: Future> Timeout<F> {
    pub(crate) fn new(clock: Arc<dyn Clock>, limit: Duration, inner: F) -> Self {
        Self {
            inner: Box::pin(inner),
            clock,
            slice: limit / SLICES,
            left: SLICES,
            timer: None,
        }
    }
}

impl<F: Future> Future for Timeout<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        if let Poll::Ready(output) = this.inner.as_mut().poll(cx) {
            return Poll::Ready(Some(output));
        }
        loop {
            let (clock, slice) = (&this.clock, this.slice);
            let (deadline, timer) = this
                .timer
                .get_or_insert_with(|| (clock.now() + slice, clock.sleep(slice)));
            if timer.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            if clock.now().saturating_duration_since(*deadline) <= slice {
                this.left -= 1;
            }
            if this.left == 0 {
                return Poll::Ready(None);
            }
            this.timer = None;
        }
    }
}

#[cfg(test)]
pub(crate) mod testing {
    //! A clock that stands still until a test advances it.

    use std::sync::{Arc, Mutex};
    use std::task::Waker;

    use jiff::SignedDuration;

    use super::*;

    #[derive(Debug, Clone)]
    pub(crate) struct TestClock(Arc<Mutex<State>>);

    #[derive(Debug)]
    struct State {
        start: Instant,
        /// The time of day at `start`.
        wall: Timestamp,
        passed: Duration,
        wakers: Vec<Waker>,
        /// Sleeping moves the clock.
        auto_advance: bool,
        slept: Vec<Duration>,
        random: f64,
    }

    impl TestClock {
        #[expect(
            clippy::disallowed_methods,
            reason = "an `Instant` can't be made otherwise; only differences count"
        )]
        pub(crate) fn new() -> Self {
            Self(Arc::new(Mutex::new(State {
                start: Instant::now(),
                wall: Timestamp::UNIX_EPOCH,
                passed: Duration::ZERO,
                wakers: Vec::new(),
                auto_advance: false,
                slept: Vec::new(),
                random: 0.5,
            })))
        }

        /// A clock that advances by the duration of every sleep.
        pub(crate) fn auto_advancing() -> Self {
            let clock = Self::new();
            clock.0.lock().unwrap().auto_advance = true;
            clock
        }

        /// Sets the result of [`Clock::random`].
        pub(crate) fn set_random(&self, random: f64) {
            self.0.lock().unwrap().random = random;
        }

        /// Sets the time of day.
        pub(crate) fn set_wall(&self, now: Timestamp) {
            let mut state = self.0.lock().unwrap();
            state.wall = now - SignedDuration::try_from(state.passed).unwrap();
        }

        /// The duration of each sleep so far.
        pub(crate) fn slept(&self) -> Vec<Duration> {
            self.0.lock().unwrap().slept.clone()
        }

        pub(crate) fn advance(&self, by: Duration) {
            let wakers = {
                let mut state = self.0.lock().unwrap();
                state.passed += by;
                std::mem::take(&mut state.wakers)
            };
            wakers.into_iter().for_each(Waker::wake);
        }
    }

    impl Clock for TestClock {
        fn now(&self) -> Instant {
            let state = self.0.lock().unwrap();
            state.start + state.passed
        }

        fn wall(&self) -> Timestamp {
            let state = self.0.lock().unwrap();
            state.wall + SignedDuration::try_from(state.passed).unwrap()
        }

        fn sleep(&self, duration: Duration) -> BoxFuture<()> {
            let clock = self.clone();
            let until = self.now() + duration;
            let auto_advance = {
                let mut state = self.0.lock().unwrap();
                state.slept.push(duration);
                state.auto_advance
            };
            if auto_advance {
                self.advance(duration);
            }
            Box::pin(std::future::poll_fn(move |cx| {
                if clock.now() >= until {
                    return Poll::Ready(());
                }
                clock.0.lock().unwrap().wakers.push(cx.waker().clone());
                Poll::Pending
            }))
        }

        fn random(&self) -> f64 {
            self.0.lock().unwrap().random
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::testing::TestClock;
    use super::*;

    #[test]
    fn random_numbers_are_spread_from_0_to_1() {
        let numbers: Vec<f64> = (0..1_000).map(|_| SystemClock.random()).collect();
        assert!(numbers.iter().all(|number| (0.0..1.0).contains(number)));
        let mean = numbers.iter().sum::<f64>() / 1_000.0;
        assert!((0.4..0.6).contains(&mean), "{mean}");
    }

    const LIMIT: Duration = Duration::from_secs(32);
    const SLICE: Duration = Duration::from_secs(4);

    fn timeout<F: Future>(clock: &TestClock, inner: F) -> Timeout<F> {
        Timeout::new(Arc::new(clock.clone()), LIMIT, inner)
    }

    #[test]
    fn a_ready_value_is_returned_however_late() {
        let clock = TestClock::new();
        let mut is_polled = false;
        let mut timeout = timeout(
            &clock,
            std::future::poll_fn(move |_| {
                if std::mem::replace(&mut is_polled, true) {
                    Poll::Ready(7)
                } else {
                    Poll::Pending
                }
            }),
        );
        assert_eq!((&mut timeout).now_or_never(), None);
        clock.advance(LIMIT * 100);
        assert_eq!(timeout.now_or_never(), Some(Some(7)));
    }

    #[test]
    fn an_awaited_future_ends_at_its_limit() {
        let clock = TestClock::new();
        let mut timeout = timeout(&clock, std::future::pending::<()>());
        for _ in 0..SLICES {
            assert_eq!((&mut timeout).now_or_never(), None);
            clock.advance(SLICE);
        }
        assert_eq!(timeout.now_or_never(), Some(None));
    }

    #[test]
    fn time_without_a_poll_does_not_count() {
        let clock = TestClock::new();
        let mut timeout = timeout(&clock, std::future::pending::<()>());
        for _ in 0..SLICES - 1 {
            assert_eq!((&mut timeout).now_or_never(), None);
            clock.advance(SLICE);
        }
        assert_eq!((&mut timeout).now_or_never(), None, "one slice is left");
        clock.advance(LIMIT * 3);
        assert_eq!((&mut timeout).now_or_never(), None, "and still is");
        clock.advance(SLICE);
        assert_eq!(timeout.now_or_never(), Some(None));
    }
}
