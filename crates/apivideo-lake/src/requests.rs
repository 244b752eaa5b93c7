//! Asking page by page, and counting: so that a pull can stop at a number of requests.

use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use apivideo::{Cursor, Error, ItemStream, Result, Waiting};
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use tokio::sync::watch;

use crate::progress::Progress;

/// How many requests may be made, and how many were.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    limit: Option<u64>,
    used: AtomicU64,
    retries: AtomicU64,
    waits: AtomicU64,
    duplicates: AtomicU64,
    rereads: AtomicU64,
    repaired: AtomicU64,
    /// What the lists wait for at present.
    waiting: Mutex<Vec<Waiting>>,
    /// Who is told of it.
    told: Option<watch::Sender<Progress>>,
}

impl Budget {
    pub(crate) fn new(limit: Option<u64>) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }

    /// Tells these what is waited for.
    pub(crate) fn telling(self, told: watch::Sender<Progress>) -> Self {
        Self {
            told: Some(told),
            ..self
        }
    }

    /// A list waits for something else than before.
    fn waits_for(&self, before: Option<Waiting>, now: Option<Waiting>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = waiting.iter().position(|one| Some(*one) == before) {
            waiting.swap_remove(place);
        }
        waiting.extend(now);
        let first = waiting.iter().min_by_key(|one| one.until).copied();
        if let Some(told) = &self.told {
            told.send_modify(|progress| progress.waiting = first);
        }
    }

    /// How many requests were repeated, and how many waited for the rate limit.
    pub(crate) fn retries_and_waits(&self) -> (u64, u64) {
        (
            self.retries.load(Ordering::Relaxed),
            self.waits.load(Ordering::Relaxed),
        )
    }

    /// How many items came more than once, and were dropped.
    pub(crate) fn duplicates(&self) -> u64 {
        self.duplicates.load(Ordering::Relaxed)
    }

    /// How many pages were read again.
    pub(crate) fn rereads(&self) -> u64 {
        self.rereads.load(Ordering::Relaxed)
    }

    /// How many records were read only after a repair of the response.
    pub(crate) fn repaired(&self) -> u64 {
        self.repaired.load(Ordering::Relaxed)
    }

    pub(crate) fn is_limited(&self) -> bool {
        self.limit.is_some()
    }

    /// Takes one request; `false` where none is left.
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

    /// Counts requests that were made beyond those that were taken, or gives back what was not made.
    fn settle(&self, taken: u64, made: u64) {
        self.used
            .fetch_add(made.saturating_sub(taken), Ordering::Relaxed);
        self.used
            .fetch_sub(taken.saturating_sub(made), Ordering::Relaxed);
    }

    pub(crate) fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }
}

/// A list, read by what one request brings.
pub(crate) struct Chunks<T> {
    stream: ItemStream<T>,
    progress: watch::Receiver<apivideo::Progress>,
    taken: u64,
    counted: Counted,
    /// What the list ended with, once the items before it were taken.
    failure: Option<Error>,
    /// Records that were read only after a repair, and were not taken note of yet.
    repaired: u64,
}

/// What one request brought.
pub(crate) enum Chunk<T> {
    /// These items, and the errors of records that could not be decoded.
    Items(Vec<T>, Vec<Error>),
    /// There is no more.
    End,
    /// No request is left to ask for more.
    Stop,
}

impl<T: Send + 'static> Chunks<T> {
    pub(crate) fn new(mut stream: ItemStream<T>) -> Self {
        let progress = stream.progress();
        Self {
            stream,
            progress,
            taken: 0,
            counted: Counted::default(),
            failure: None,
            repaired: 0,
        }
    }

    pub(crate) async fn next(&mut self, budget: &Budget) -> Result<Chunk<T>> {
        if let Some(error) = self.failure.take() {
            return Err(error);
        }
        let taken = match self.is_read() {
            true => 0,
            false if budget.take() => 1,
            false => return Ok(Chunk::Stop),
        };
        let (mut items, mut invalid) = (Vec::new(), Vec::new());
        let ended = loop {
            match self.item(budget).await {
                None => break true,
                Some(Ok(item)) => items.push(item),
                Some(Err(error)) if !error.is_terminal() => invalid.push(error),
                Some(Err(error)) => {
                    // The one that failed for good brought no page.
                    let made = self.made(budget) + 1;
                    budget.settle(taken, made);
                    if items.is_empty() && invalid.is_empty() {
                        return Err(error);
                    }
                    self.failure = Some(error);
                    return Ok(Chunk::Items(items, invalid));
                }
            }
            self.taken += 1;
            if self.taken >= self.arrived() {
                break false;
            }
        };
        let made = self.made(budget);
        budget.settle(taken, made);
        match ended && items.is_empty() && invalid.is_empty() {
            true => Ok(Chunk::End),
            false => Ok(Chunk::Items(items, invalid)),
        }
    }

    /// The next item; until it is there, those who look on are told what is waited for.
    async fn item(&mut self, budget: &Budget) -> Option<Result<T>> {
        let mut waiting = None;
        let item = loop {
            let changed = match select(self.stream.next(), pin!(self.progress.changed())).await {
                Either::Left((item, _)) => break item,
                Either::Right((changed, _)) => changed,
            };
            if changed.is_err() {
                // Nothing is told any more.
                break self.stream.next().await;
            }
            let now = self.progress.borrow().waiting;
            if now != waiting {
                budget.waits_for(waiting, now);
                waiting = now;
            }
        };
        if waiting.is_some() {
            budget.waits_for(waiting, None);
        }
        item
    }

    /// Takes the number of records that were read only after a repair of the response since the last call.
    pub(crate) fn take_repaired(&mut self) -> u64 {
        std::mem::take(&mut self.repaired)
    }

    /// Where the reading stands.
    pub(crate) fn cursor(&self) -> Cursor {
        self.stream.cursor()
    }

    /// How many items the service says there are.
    pub(crate) fn total(&self) -> Option<u64> {
        self.progress.borrow().expected
    }

    fn arrived(&self) -> u64 {
        let progress = self.progress.borrow();
        progress.items + progress.invalid
    }

    /// Whether all has come, so that asking for more makes no request.
    fn is_read(&self) -> bool {
        let progress = self.progress.borrow();
        let came = progress.items + progress.invalid + progress.duplicates;
        progress.pages > 0 && progress.expected.is_some_and(|total| came >= total)
    }

    /// Requests that were made and not counted yet.
    fn made(&mut self, budget: &Budget) -> u64 {
        let progress = self.progress.borrow();
        let now = Counted {
            requests: progress.pages + progress.retries,
            retries: progress.retries,
            waits: progress.waits,
            duplicates: progress.duplicates,
            rereads: progress.rereads,
            repaired: progress.repaired,
        };
        let before = std::mem::replace(&mut self.counted, now);
        let new = |now: u64, before: u64| now.saturating_sub(before);
        budget
            .retries
            .fetch_add(new(now.retries, before.retries), Ordering::Relaxed);
        budget
            .waits
            .fetch_add(new(now.waits, before.waits), Ordering::Relaxed);
        budget
            .duplicates
            .fetch_add(new(now.duplicates, before.duplicates), Ordering::Relaxed);
        budget
            .rereads
            .fetch_add(new(now.rereads, before.rereads), Ordering::Relaxed);
        let repaired = new(now.repaired, before.repaired);
        budget.repaired.fetch_add(repaired, Ordering::Relaxed);
        self.repaired += repaired;
        new(now.requests, before.requests)
    }
}

/// What a list has told so far.
#[derive(Clone, Copy, Default)]
struct Counted {
    requests: u64,
    retries: u64,
    waits: u64,
    duplicates: u64,
    rereads: u64,
    repaired: u64,
}
