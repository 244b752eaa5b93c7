//! Lists that are read request by request, so that a run can stop at its maximum number of requests.

use std::pin::pin;

use apivideo::stream::ProgressWatch;
use apivideo::{Cursor, Error, ItemStream, Progress, Result};
use futures_util::StreamExt;
use futures_util::future::{Either, select};

use crate::budget::{Budget, Counts};

/// A list that is read page by page.
pub(crate) struct PageReader<T> {
    stream: ItemStream<T>,
    watch: ProgressWatch,
    /// Items and errors taken from the stream.
    taken: u64,
    /// The progress that the budget includes.
    counted: Progress,
    /// The error that ended the list, returned after the items before it.
    failure: Option<Error>,
    /// Records that were decoded only after a repair, not yet returned by `take_repaired`.
    repaired: u64,
}

/// The outcome of one request.
pub(crate) enum PageRead<T> {
    /// The items of the page, and the errors of records that could not be decoded.
    Items(Vec<T>, Vec<Error>),
    /// The list has ended.
    End,
    /// The budget has no request left.
    OutOfBudget,
}

impl<T: Send + 'static> PageReader<T> {
    pub(crate) fn new(mut stream: ItemStream<T>) -> Self {
        let watch = stream.watch();
        Self {
            stream,
            watch,
            taken: 0,
            counted: Progress::default(),
            failure: None,
            repaired: 0,
        }
    }

    /// Reads the next page.
    pub(crate) async fn next(&mut self, budget: &Budget) -> Result<PageRead<T>> {
        if let Some(error) = self.failure.take() {
            return Err(error);
        }
        let taken = match self.is_received() {
            true => 0,
            false if budget.take() => 1,
            false => return Ok(PageRead::OutOfBudget),
        };
        let (mut items, mut invalid) = (Vec::new(), Vec::new());
        let has_ended = loop {
            match self.item(budget).await {
                None => break true,
                Some(Ok(item)) => items.push(item),
                Some(Err(error)) if !error.is_terminal() => invalid.push(error),
                Some(Err(error)) => {
                    // The request that failed is not among the pages.
                    let sent = self.count(budget) + 1;
                    budget.settle(taken, sent);
                    if items.is_empty() && invalid.is_empty() {
                        return Err(error);
                    }
                    self.failure = Some(error);
                    return Ok(PageRead::Items(items, invalid));
                }
            }
            self.taken += 1;
            if self.taken >= self.yielded() {
                break false;
            }
        };
        let sent = self.count(budget);
        budget.settle(taken, sent);
        match has_ended && items.is_empty() && invalid.is_empty() {
            true => Ok(PageRead::End),
            false => Ok(PageRead::Items(items, invalid)),
        }
    }

    /// Reads the list to its end: all items, and the errors of those that could not be decoded. Returns `None` if the budget
    /// has no request left.
    pub(crate) async fn read_all(
        mut self,
        budget: &Budget,
    ) -> Result<Option<(Vec<T>, Vec<Error>)>> {
        let (mut all, mut all_invalid) = (Vec::new(), Vec::new());
        loop {
            match self.next(budget).await? {
                PageRead::Items(items, invalid) => {
                    all.extend(items);
                    all_invalid.extend(invalid);
                }
                PageRead::End => return Ok(Some((all, all_invalid))),
                PageRead::OutOfBudget => return Ok(None),
            }
        }
    }

    /// Returns the next item, and reports waits until it is received.
    async fn item(&mut self, budget: &Budget) -> Option<Result<T>> {
        let mut waiting = None;
        let item = loop {
            let changed = match select(self.stream.next(), pin!(self.watch.changed())).await {
                Either::Left((item, _)) => break item,
                Either::Right((changed, _)) => changed,
            };
            let Some(progress) = changed else {
                break self.stream.next().await;
            };
            let now = progress.waiting;
            if now != waiting {
                budget.replace_waiting(waiting, now);
                waiting = now;
            }
        };
        if waiting.is_some() {
            budget.replace_waiting(waiting, None);
        }
        item
    }

    /// Returns the number of records since the last call that were decoded only after the response was repaired.
    pub(crate) fn take_repaired(&mut self) -> u64 {
        std::mem::take(&mut self.repaired)
    }

    pub(crate) fn cursor(&self) -> Cursor {
        self.stream.cursor()
    }

    /// Returns the number of items that the service reports.
    pub(crate) fn total(&self) -> Option<u64> {
        self.stream.progress().expected
    }

    fn yielded(&self) -> u64 {
        let progress = self.stream.progress();
        progress.items + progress.invalid
    }

    /// Returns whether all items were received, so that the next read sends no request.
    fn is_received(&self) -> bool {
        let progress = self.stream.progress();
        let received = progress.items + progress.invalid + progress.duplicates;
        progress.pages > 0 && progress.expected.is_some_and(|total| received >= total)
    }

    /// Adds what happened since the last call to the budget; returns the number of requests.
    fn count(&mut self, budget: &Budget) -> u64 {
        let now = self.stream.progress();
        let before = std::mem::replace(&mut self.counted, now.clone());
        let new = |count: fn(&Progress) -> u64| count(&now).saturating_sub(count(&before));
        let counts = Counts {
            retries: new(|progress| progress.retries),
            waits: new(|progress| progress.waits),
            duplicates: new(|progress| progress.duplicates),
            rereads: new(|progress| progress.rereads),
            repaired: new(|progress| progress.repaired),
        };
        budget.add(counts);
        self.repaired += counts.repaired;
        new(|progress| progress.pages + progress.retries)
    }
}
