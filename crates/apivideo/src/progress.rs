//! The progress of a stream, as data, and the counters that its requests keep.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// The progress of a stream; see [`ItemStream::progress`](crate::ItemStream::progress).
///
/// ```
/// use futures::{StreamExt, TryStreamExt};
/// # apivideo_simulator::doctest! { |client|
/// let mut stream = client.videos().page_size(10.try_into()?).stream();
/// let videos: Vec<_> = stream.by_ref().try_collect().await?;
/// let progress = stream.progress();
/// assert_eq!(progress.items, videos.len() as u64);
/// assert_eq!(progress.duplicates, 0);
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The number of items that were received, without duplicates. The stream may not have yielded all of them yet.
    pub items: u64,
    /// The total number of items of the windows that have been started, as last reported by the service. `None` if it
    /// reported no total, or the pages contradict it.
    pub expected: Option<u64>,
    /// The number of pages that were received, including pages that were read again.
    pub pages: u64,
    /// The number of pages that were read again, because the list changed, reports no total, or ended with fewer items than
    /// reported.
    pub rereads: u64,
    /// The number of records that could not be decoded.
    pub invalid: u64,
    /// The number of duplicates that were dropped, except those of pages that were read again.
    pub duplicates: u64,
    /// The number of records that were decoded after a repair of their JSON: invalid UTF-8 and lone surrogates were replaced
    /// by U+FFFD, `NaN` by `null`, and of duplicate member names the last value was kept.
    pub repaired: u64,
    /// The number of sessions that were skipped because their events could not be read: the service returned 404, or a
    /// response that cannot be used.
    pub skipped: u64,
    /// Whether the list changed while it was read: it grew, shrank, or contained duplicates.
    pub changed: bool,
    /// The number of requests that were sent again.
    pub retries: u64,
    /// The number of requests that waited for the rate limit.
    pub waits: u64,
    /// The current wait of a request, if one is waiting; of several, the one that ends first.
    pub waiting: Option<Waiting>,
    /// The number of assets that were read completely.
    pub assets_done: u64,
    /// The number of assets whose sessions are read; 0 for other lists.
    pub assets_total: u64,
}

impl Progress {
    /// Adds what was received from another list. The numbers of assets and the counters of requests are left as they are.
    pub(crate) fn add(&mut self, other: &Self) {
        self.pages += other.pages;
        self.rereads += other.rereads;
        self.items += other.items;
        self.duplicates += other.duplicates;
        self.invalid += other.invalid;
        self.skipped += other.skipped;
        self.repaired += other.repaired;
        self.changed |= other.changed;
        if let Some(expected) = other.expected {
            *self.expected.get_or_insert(0) += expected;
        }
    }
}

/// A request that waits before it is sent; see [`Progress::waiting`].
///
/// ```
/// use apivideo::Progress;
/// use apivideo::stream::WaitReason;
///
/// fn status(progress: &Progress) -> Option<String> {
///     let waiting = progress.waiting?;
///     let seconds = waiting.remaining().as_secs();
///     Some(match waiting.reason {
///         WaitReason::RateLimit => format!("{seconds} s until the rate limit allows another request"),
///         _ => format!("{seconds} s until the next attempt"),
///     })
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Waiting {
    /// The reason of the wait.
    pub reason: WaitReason,
    /// The expected end of the wait.
    pub until: Instant,
}

impl Waiting {
    /// Returns the time until the request is sent; zero once it is due.
    ///
    /// ```
    /// use apivideo::Progress;
    ///
    /// fn seconds(progress: &Progress) -> Option<u64> {
    ///     Some(progress.waiting?.remaining().as_secs())
    /// }
    /// ```
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the caller measures the remaining time in real time"
    )]
    pub fn remaining(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }
}

/// The reason why a request waits.
///
/// ```
/// use apivideo::stream::WaitReason;
///
/// assert_ne!(WaitReason::RateLimit, WaitReason::Retry);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum WaitReason {
    /// A request failed and is retried after a backoff.
    Retry,
    /// The rate limit is exhausted, or the remaining requests are spread over the rest of its window.
    RateLimit,
}

/// The requests of a stream that wait now, and the channel that is notified of changes.
#[derive(Debug, Default)]
pub(crate) struct Waits {
    now: Mutex<Vec<Waiting>>,
    watch: OnceLock<watch::Sender<Progress>>,
}

impl Waits {
    /// Notifies this channel from now on; only the first call has an effect.
    pub(crate) fn notify(&self, watch: watch::Sender<Progress>) {
        let _ = self.watch.set(watch);
    }

    fn first(&self) -> Option<Waiting> {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        now.iter().min_by_key(|waiting| waiting.until).copied()
    }
}

/// A request that waits until this guard is dropped.
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

/// The counters that requests update for a stream.
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
    /// Notes a request that waits until the guard is dropped.
    pub(crate) fn wait(&self, until: Instant, reason: WaitReason) -> Wait<'_> {
        let waiting = Waiting { reason, until };
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
