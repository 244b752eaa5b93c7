//! The pace of all requests of a client, under the service's rate limit.

mod headers;
mod window;

use std::fmt;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub(crate) use headers::Told;
use window::{Decision, Place, Window};

use crate::progress::Counters;
use crate::progress::WaitReason;
use crate::transport::clock::Clock;
use crate::transport::trace;

/// Where a client stands with the service's rate limit, as far as replies have told; see [`Client::rate_limit`].
///
/// [`Client::rate_limit`]: crate::Client::rate_limit
///
/// ```
/// # use apivideo_simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = Simulator::builder().rate_limit(apivideo_simulator::RateLimit::PerMinute(500)).start().await?;
/// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
/// let before = client.rate_limit();
/// assert_eq!(before.limit, None, "of another place nothing is known yet");
/// client.videos().total().await?;
/// assert_eq!(client.rate_limit().limit, Some(500));
/// assert!(client.rate_limit().remaining < Some(500));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// How many requests a window has (a minute, at the service itself): told by a reply, documented, or one's own ceiling.
    pub limit: Option<u32>,
    /// How many of them are left, by the lower of the service's count and our own.
    pub remaining: Option<u32>,
    /// In how long the window ends, at the latest. `None` before a reply has told.
    pub resets_in: Option<Duration>,
}

/// One for all clones of a client. It hands out instants: nobody waits for another request to be polled.
pub(crate) struct Pacer(Mutex<Window>);

/// The leave to send one request. Its reply is to be told; when it is dropped, the request is no longer on its way.
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    pacer: &'a Pacer,
    window: u64,
    sent: Instant,
    /// How long it was waited for, without time in which nobody polled.
    pub(crate) waited: Duration,
}

impl Pacer {
    pub(crate) fn new(limit: Option<u32>, ceiling: Option<u32>, longest_wait: Duration) -> Self {
        Self(Mutex::new(Window::new(limit, ceiling, longest_wait)))
    }

    /// Waits until a request may go. Dropping it gives back what it held.
    pub(crate) async fn permit(
        &self,
        clock: &dyn Clock,
        counters: Option<&Counters>,
    ) -> Permit<'_> {
        let mut waiter = Waiter {
            pacer: self,
            place: None,
        };
        let mut waited = Duration::ZERO;
        let mut is_first = true;
        loop {
            let now = clock.now();
            let decision = self.lock().decide(now, waiter.place.take(), clock.random());
            match decision {
                Decision::Go(window) => {
                    return Permit {
                        pacer: self,
                        window,
                        sent: now,
                        waited,
                    };
                }
                Decision::Wait(until, place) => {
                    waiter.place = place;
                    let wait = until.saturating_duration_since(now);
                    // Told once, however often it is asked again.
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
    /// Tells what came back. `refused`: with a 429.
    pub(crate) fn answered(&self, told: &Told, refused: bool, clock: &dyn Clock) {
        let (now, random) = (clock.now(), clock.random());
        self.pacer
            .lock()
            .learn(self.window, self.sent, now, told, refused, random);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.pacer.lock().landed();
    }
}

/// One that waits; dropped in its wait, it gives its place back.
struct Waiter<'a> {
    pacer: &'a Pacer,
    place: Option<Place>,
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        if self.place.is_some() {
            self.pacer.lock().give_back(self.place);
        }
    }
}

impl fmt::Debug for Pacer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pacer").field(&*self.lock()).finish()
    }
}
