//! The request budget of a run: how many requests it may send, and counts of what it did.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use apivideo::stream::Waiting;
use tokio::sync::watch;

use crate::clock;
use crate::progress::Progress;

/// The maximum number of requests of a run, and its counts.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    limit: Option<u64>,
    used: AtomicU64,
    retries: AtomicU64,
    waits: AtomicU64,
    duplicates: AtomicU64,
    rereads: AtomicU64,
    repaired: AtomicU64,
    /// The current waits of the lists.
    waiting: Mutex<Waits>,
    /// Where waits are reported.
    progress: Option<watch::Sender<Progress>>,
}

/// The waits of the lists.
#[derive(Debug, Default)]
struct Waits {
    current: Vec<Waiting>,
    /// The end of the latest wait.
    until: Option<Instant>,
    /// The time in which at least one list waited or will have waited.
    total: Duration,
}

impl Waits {
    /// Counts the part of a wait in which no other list waits.
    fn count(&mut self, until: Instant, now: Instant) {
        let start = self.until.map_or(now, |latest| latest.max(now));
        self.total += until.saturating_duration_since(start);
        self.until = Some(self.until.map_or(until, |latest| latest.max(until)));
    }
}

/// The requests and waits of a list since it was last counted.
#[derive(Clone, Copy, Default)]
pub(crate) struct Counts {
    pub(crate) retries: u64,
    pub(crate) waits: u64,
    pub(crate) duplicates: u64,
    pub(crate) rereads: u64,
    pub(crate) repaired: u64,
}

impl Budget {
    pub(crate) fn new(limit: Option<u64>) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }

    pub(crate) fn with_progress(self, progress: watch::Sender<Progress>) -> Self {
        Self {
            progress: Some(progress),
            ..self
        }
    }

    pub(crate) fn is_limited(&self) -> bool {
        self.limit.is_some()
    }

    /// Takes one request; returns `false` if none is left.
    pub(crate) fn take(&self) -> bool {
        let taken = self
            .used
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |used| {
                self.limit
                    .is_none_or(|limit| used < limit)
                    .then_some(used + 1)
            });
        taken.is_ok()
    }

    /// Corrects the count by requests that were sent beyond those taken, or taken and not sent.
    pub(crate) fn settle(&self, taken: u64, sent: u64) {
        self.used
            .fetch_add(sent.saturating_sub(taken), Ordering::Relaxed);
        self.used
            .fetch_sub(taken.saturating_sub(sent), Ordering::Relaxed);
    }

    pub(crate) fn add(&self, counts: Counts) {
        for (total, count) in [
            (&self.retries, counts.retries),
            (&self.waits, counts.waits),
            (&self.duplicates, counts.duplicates),
            (&self.rereads, counts.rereads),
            (&self.repaired, counts.repaired),
        ] {
            total.fetch_add(count, Ordering::Relaxed);
        }
    }

    /// Returns how many requests were sent.
    pub(crate) fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    /// Returns all other counts.
    pub(crate) fn counts(&self) -> Counts {
        let load = |total: &AtomicU64| total.load(Ordering::Relaxed);
        Counts {
            retries: load(&self.retries),
            waits: load(&self.waits),
            duplicates: load(&self.duplicates),
            rereads: load(&self.rereads),
            repaired: load(&self.repaired),
        }
    }

    /// Replaces the current wait of a list and reports the wait that ends first.
    pub(crate) fn replace_waiting(&self, before: Option<Waiting>, now: Option<Waiting>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = waiting.current.iter().position(|one| Some(*one) == before) {
            waiting.current.swap_remove(index);
        }
        if let Some(wait) = now {
            waiting.count(wait.until, clock::instant());
            waiting.current.push(wait);
        }
        let first = waiting.current.iter().min_by_key(|one| one.until).copied();
        if let Some(progress) = &self.progress {
            progress.send_modify(|progress| {
                progress.waiting = first;
                progress.waited = waiting.total;
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn concurrent_waits_are_counted_once() {
        let now = clock::instant();
        let second = |n| now + Duration::from_secs(n);
        let mut waits = Waits::default();
        for (from, until) in [(0, 10), (2, 8), (5, 12), (20, 21)] {
            waits.count(second(until), second(from));
        }
        assert_eq!(waits.total, Duration::from_secs(13));
    }
}
