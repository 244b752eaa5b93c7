//! The service's rate limit: its state, and the limiter that keeps all requests of a client below it.

mod headers;
mod window;

use std::fmt;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub(crate) use headers::RateLimitHeaders;
use window::{Decision, Reservation, Window};

use crate::progress::{Counters, WaitReason};
use crate::transport::clock::Clock;
use crate::transport::trace;

/// A snapshot of the rate limit, as far as responses have reported it; see [`Client::rate_limit`].
///
/// [`Client::rate_limit`]: crate::Client::rate_limit
///
/// ```
/// # apivideo_simulator::doctest! { Simulator::builder().rate_limit(apivideo_simulator::RateLimit::PerMinute(500)) => |client|
/// assert_eq!(client.rate_limit().limit, None, "unknown before the first response");
/// client.videos().total().await?;
/// assert_eq!(client.rate_limit().limit, Some(500));
/// assert_eq!(client.rate_limit().remaining, Some(499));
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The number of requests per window (one minute at the service): the reported limit, or the documented one if none was
    /// reported; or [the client's own limit](crate::ClientBuilder::with_rate_limit) if that is lower.
    pub limit: Option<u32>,
    /// The number of remaining requests in the window: the lower of the service's count and the client's own count.
    pub remaining: Option<u32>,
    /// The maximum time until the window ends. `None` until a response reports it.
    pub resets_in: Option<Duration>,
}

/// The rate limiter that all clones of a client share. It hands out instants, so that no request waits for another one to be
/// polled.
pub(crate) struct RateLimiter(Mutex<Window>);

/// The permission to send one request. Dropping it ends the request for the limiter.
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    limiter: &'a RateLimiter,
    window: u64,
    sent_at: Instant,
    /// The time that was waited, without time in which the request was not polled.
    pub(crate) waited: Duration,
}

/// A permit that would take longer than the caller can wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WaitTooLong {
    /// The time that was waited before.
    pub(crate) waited: Duration,
    /// The wait that was not begun.
    pub(crate) wait: Duration,
}

impl RateLimiter {
    /// `limit` is the documented limit, `own_limit` the application's; no wait that the service requests is longer than
    /// `max_retry_after`.
    pub(crate) fn new(
        limit: Option<u32>,
        own_limit: Option<u32>,
        max_retry_after: Duration,
    ) -> Self {
        Self(Mutex::new(Window::new(limit, own_limit, max_retry_after)))
    }

    /// Waits until a request may be sent, for `max_wait` at most.
    ///
    /// Dropping the future returns its reservation.
    pub(crate) async fn permit(
        &self,
        clock: &dyn Clock,
        counters: Option<&Counters>,
        max_wait: Option<Duration>,
    ) -> Result<Permit<'_>, WaitTooLong> {
        let mut waiter = Waiter {
            limiter: self,
            reservation: None,
        };
        let mut waited = Duration::ZERO;
        let mut is_first = true;
        loop {
            let now = clock.now();
            let decision = self
                .lock()
                .decide(now, waiter.reservation.take(), clock.random());
            match decision {
                Decision::Send(window) => {
                    return Ok(Permit {
                        limiter: self,
                        window,
                        sent_at: now,
                        waited,
                    });
                }
                Decision::Wait(until, reservation) => {
                    waiter.reservation = reservation;
                    let wait = until.saturating_duration_since(now);
                    if max_wait.is_some_and(|max| waited.saturating_add(wait) > max) {
                        return Err(WaitTooLong { waited, wait });
                    }
                    // A request is counted and traced once, however many waits it takes.
                    if waited.is_zero() {
                        trace::wait(wait);
                    }
                    if let Some(counters) = counters.filter(|_| is_first) {
                        counters.waits.fetch_add(1, Ordering::Relaxed);
                    }
                    is_first = false;
                    let _waiting =
                        counters.map(|counters| counters.wait(until, WaitReason::RateLimit));
                    clock.sleep(wait).await;
                    waited += wait;
                }
            }
        }
    }

    pub(crate) fn state(&self, now: Instant) -> RateLimit {
        let mut window = self.lock();
        RateLimit {
            remaining: window.remaining(now),
            limit: window.limit(),
            resets_in: window
                .resets_at()
                .map(|at| at.saturating_duration_since(now)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Window> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit<'_> {
    /// Updates the limiter from the headers of the response. `is_refusal`: its status is 429.
    pub(crate) fn record(&self, headers: &RateLimitHeaders, is_refusal: bool, clock: &dyn Clock) {
        let (now, random) = (clock.now(), clock.random());
        let mut window = self.limiter.lock();
        window.record(self.window, self.sent_at, now, headers, is_refusal, random);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.limiter.lock().finish();
    }
}

/// A request that waits; dropped while it waits, it returns its reservation.
struct Waiter<'a> {
    limiter: &'a RateLimiter,
    reservation: Option<Reservation>,
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        if self.reservation.is_some() {
            self.limiter.lock().release(self.reservation);
        }
    }
}

impl fmt::Debug for RateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RateLimiter").field(&*self.lock()).finish()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;
    use crate::transport::clock::testing::TestClock;

    const SECOND: Duration = Duration::from_secs(1);

    /// A limiter whose window was refused for 30 seconds.
    fn refused(clock: &TestClock) -> RateLimiter {
        let limiter = RateLimiter::new(None, None, 120 * SECOND);
        let permit = limiter.permit(clock, None, None).now_or_never();
        let headers = RateLimitHeaders {
            limit: Some(100),
            resets_in: Some(30 * SECOND),
            ..RateLimitHeaders::default()
        };
        permit.unwrap().unwrap().record(&headers, true, clock);
        limiter
    }

    #[test]
    fn a_permit_is_rejected_if_its_wait_exceeds_the_maximum() {
        let clock = TestClock::auto_advancing();
        let limiter = refused(&clock);
        let permit = |max| limiter.permit(&clock, None, max).now_or_never().unwrap();
        let too_long = permit(Some(20 * SECOND)).map(|_| ()).unwrap_err();
        let expected = WaitTooLong {
            waited: Duration::ZERO,
            wait: 31 * SECOND,
        };
        assert_eq!(too_long, expected);
        assert!(clock.slept().is_empty(), "the wait was not begun");
        assert_eq!(permit(Some(31 * SECOND)).unwrap().waited, 31 * SECOND);
    }
}
