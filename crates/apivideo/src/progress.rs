//! How far a stream has come, for those who watch.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Instant;

use tokio::sync::watch;

/// How far a stream has come; see [`ItemStream::progress`](crate::ItemStream::progress).
///
/// ```
/// use futures::TryStreamExt;
/// # use apivideo_simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = Simulator::builder().start().await?;
/// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
///
/// let mut stream = client.videos().page_size(10.try_into()?).stream();
/// let progress = stream.progress();
/// let videos: Vec<_> = stream.try_collect().await?;
/// assert_eq!(progress.borrow().items, videos.len() as u64);
/// assert_eq!(progress.borrow().duplicates, 0);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Pages that came, those read again included.
    pub pages: u64,
    /// Pages that were read a second time, because the list moved, can't be checked otherwise, or ended with fewer items
    /// than announced.
    pub rereads: u64,
    /// Items that came and were new; the stream may not have given the newest of them yet.
    pub items: u64,
    /// Items that came again and were dropped, those of pages that were read a second time not counted.
    pub duplicates: u64,
    /// Records that could not be understood.
    pub invalid: u64,
    /// Sessions left out by a stream [with events](crate::ItemStream::with_events), because their events could not be read: the
    /// service has none (404), or a response that cannot be used.
    pub skipped: u64,
    /// Records whose JSON was damaged and was read after repair: invalid UTF-8 and lone surrogates became U+FFFD, `NaN` became
    /// `null`, of a name that came twice the last value counted.
    pub repaired: u64,
    /// Requests that were repeated.
    pub retries: u64,
    /// Requests that waited for the rate limit.
    pub waits: u64,
    /// How many items there are in the windows that were begun, as last announced; `None` where nothing was, or a total that
    /// the pages contradict.
    pub expected: Option<u64>,
    /// Whether the collection was seen to move while it was read: it grew, shrank, or items came again.
    pub moved: bool,
    /// What a request waits for now, where one does; of several the one that goes first.
    pub waiting: Option<Waiting>,
    /// Assets that were read to their end, by a stream of [several](crate::Client::assets).
    pub assets_done: u64,
    /// How many assets there are, of a stream of several; 0 otherwise.
    pub assets_total: u64,
}

/// A request that waits until it may be sent; see [`Progress::waiting`].
///
/// ```
/// use apivideo::{Progress, WaitReason};
///
/// fn words(progress: &Progress, now: std::time::Instant) -> Option<String> {
///     let waiting = progress.waiting?;
///     let seconds = waiting.until.saturating_duration_since(now).as_secs();
///     Some(match waiting.reason {
///         WaitReason::RateLimit => format!("{seconds} s until the service takes more requests"),
///         _ => format!("{seconds} s until the next attempt"),
///     })
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Waiting {
    /// Until when, as far as known.
    pub until: Instant,
    /// For what.
    pub reason: WaitReason,
}

/// Why a request waits.
///
/// ```
/// assert_ne!(apivideo::WaitReason::RateLimit, apivideo::WaitReason::Retry);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WaitReason {
    /// The service's rate limit is spent, or what is left of it is spread over its window.
    RateLimit,
    /// An attempt failed, and the next one comes later.
    Retry,
}

/// The requests of a stream that wait now, and who is told of it.
#[derive(Debug, Default)]
pub(crate) struct Waits {
    now: Mutex<Vec<Waiting>>,
    watch: OnceLock<watch::Sender<Progress>>,
}

impl Waits {
    /// Tells this channel from now on; the first one only.
    pub(crate) fn tell(&self, watch: watch::Sender<Progress>) {
        let _ = self.watch.set(watch);
    }

    fn first(&self) -> Option<Waiting> {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        now.iter().min_by_key(|waiting| waiting.until).copied()
    }
}

/// A request that waits; dropped, it does no more.
pub(crate) struct Wait<'a> {
    counters: &'a Counters,
    waiting: Waiting,
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        self.counters.change(|now| {
            if let Some(index) = now.iter().position(|waiting| *waiting == self.waiting) {
                now.swap_remove(index);
            }
        });
    }
}

/// What calls count on behalf of a stream.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// Attempts after the first.
    pub(crate) retries: AtomicU64,
    /// Requests that waited for the rate limit.
    pub(crate) waits: AtomicU64,
    /// Requests that wait now.
    pub(crate) waiting: Waits,
}

impl Counters {
    /// One that waits until it is dropped, counted before.
    pub(crate) fn wait(&self, until: Instant, reason: WaitReason) -> Wait<'_> {
        let waiting = Waiting { until, reason };
        self.change(|now| now.push(waiting));
        Wait {
            counters: self,
            waiting,
        }
    }

    fn change(&self, change: impl FnOnce(&mut Vec<Waiting>)) {
        let waits = &self.waiting;
        change(&mut waits.now.lock().unwrap_or_else(PoisonError::into_inner));
        if let Some(watch) = waits.watch.get() {
            watch.send_modify(|progress| self.read_into(progress));
        }
    }

    pub(crate) fn read_into(&self, progress: &mut Progress) {
        progress.retries = self.retries.load(Ordering::Relaxed);
        progress.waits = self.waits.load(Ordering::Relaxed);
        progress.waiting = self.waiting.first();
    }
}
