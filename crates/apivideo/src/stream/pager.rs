//! Pages of a list by number: which to ask for, how far ahead, and where the end is.

use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::error::{Error, ErrorKind, Result};
use crate::page::Pagination;
use crate::stream::ordered::Ordered;
use crate::stream::records::Records;
use crate::time::BoxFuture;

/// A page as it came: each record by itself, good or bad.
pub struct Fetched<T> {
    /// The number that it was asked for by.
    pub(crate) number: u32,
    pub(crate) records: Records<T>,
    /// How many of the records were decoded only after their JSON was repaired.
    pub(crate) repaired: u64,
    pub(crate) pagination: Pagination,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
}

/// Asks for the page of a number. Nothing happens before the future is polled.
pub(crate) type Fetch<T> = Arc<dyn Fn(u32) -> BoxFuture<Result<Fetched<T>>> + Send + Sync>;

/// A collection that shrinks again and again is given up after so many pages that were read again.
const REREADS: u32 = 100;

/// Where the list ends, as far as the pages have told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// No page has come yet.
    Unknown,
    /// The number of pages was announced.
    Announced(u32),
    /// No number was announced; the page of this number was linked to as the next one.
    Linked(u32),
    /// The last page has been given, or the error that ended the list.
    Reached,
}

/// How a list is to be read.
pub(crate) struct Reading {
    /// The page to begin with, counted from 1.
    pub(crate) first: u32,
    /// The size of a page, where pages may be read again after the collection shrank: what comes again must be
    /// recognized by the one who reads.
    pub(crate) reread: Option<u32>,
    /// How many items there were, where an earlier reader has seen it.
    pub(crate) total: Option<u64>,
}

/// Gives the pages of a list in order, and asks for some of the following ones ahead.
///
/// Pages go by number. The end is `currentPage >= pagesTotal`; only where `pagesTotal` is absent it
/// is a missing link to a next page, or an empty page.
pub(crate) struct Pager<T> {
    fetch: Fetch<T>,
    reading: Reading,
    asked: Ordered<BoxFuture<Result<Fetched<T>>>>,
    /// The number of the page that comes out next.
    next: u32,
    end: End,
    rereads_left: u32,
    moved: bool,
}

/// What is to be done with a page.
enum Verdict<T> {
    Give(Fetched<T>),
    /// The list ended before it.
    End,
    /// Items may have moved to pages that were read already: these are asked for again.
    Reread,
}

impl<T> Pager<T> {
    pub(crate) fn new(fetch: Fetch<T>, reading: Reading) -> Self {
        let next = reading.first;
        Self {
            fetch,
            reading,
            asked: Ordered::new(),
            next,
            end: End::Unknown,
            rereads_left: REREADS,
            moved: false,
        }
    }

    /// Whether nothing more will come.
    pub(crate) fn is_done(&self) -> bool {
        self.end == End::Reached
    }

    /// Whether the number of items was seen to change.
    pub(crate) fn has_moved(&self) -> bool {
        self.moved
    }

    /// Whether there is no number of pages: each is followed by its link alone.
    pub(crate) fn goes_by_links(&self) -> bool {
        matches!(self.end, End::Linked(_))
    }

    /// How many items there are, as last seen.
    pub(crate) fn total(&self) -> Option<u64> {
        self.reading.total
    }

    /// Whether no page is left to be asked for, as far as is known: before the first page one always is.
    pub(crate) fn has_asked_all(&self) -> bool {
        match self.end {
            End::Announced(last) | End::Linked(last) => self.next_to_ask() > last,
            End::Unknown => false,
            End::Reached => true,
        }
    }

    /// How many pages are asked for and not given yet.
    pub(crate) fn asked(&self) -> usize {
        self.asked.len()
    }

    /// How many of these are on their way.
    pub(crate) fn running(&self) -> usize {
        self.asked.running()
    }

    /// Asks for so many `more` pages at most, as far as it is known that there are any, and drives those asked for
    /// until the next one is there. `true` when it asked for one.
    pub(crate) fn read_ahead(&mut self, more: usize, cx: &mut Context<'_>) -> bool {
        let last = match self.end {
            End::Announced(last) | End::Linked(last) => last,
            End::Unknown | End::Reached => return false,
        };
        let mut asks = 0;
        while asks < more && self.next_to_ask() <= last {
            self.ask(cx);
            asks += 1;
        }
        self.asked.drive_first(cx);
        asks > 0
    }

    /// The next page, its error, or `None` after the last one.
    pub(crate) fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Fetched<T>>>> {
        loop {
            if self.is_done() {
                return Poll::Ready(None);
            }
            if self.asked.is_empty() {
                self.ask(cx);
            }
            self.asked.drive_first(cx);
            let Some(outcome) = self.asked.take() else {
                return Poll::Pending;
            };
            match outcome.and_then(|page| self.accept(page)) {
                Ok(Verdict::Give(page)) => {
                    if self.is_done() {
                        self.asked.clear();
                    }
                    return Poll::Ready(Some(Ok(page)));
                }
                Ok(Verdict::Reread) => self.asked.clear(),
                Ok(Verdict::End) => {
                    self.finish();
                    return Poll::Ready(None);
                }
                Err(error) => {
                    let error = self.judge(error);
                    self.finish();
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }

    fn next_to_ask(&self) -> u32 {
        // As many as are in flight were asked for: bounded by who reads ahead, far from `u32::MAX`.
        self.next
            .saturating_add(u32::try_from(self.asked.len()).unwrap_or(u32::MAX))
    }

    fn ask(&mut self, cx: &mut Context<'_>) {
        let number = self.next_to_ask();
        self.asked.start((self.fetch)(number), cx);
    }

    fn finish(&mut self) {
        self.end = End::Reached;
        self.asked.clear();
    }

    /// Learns from the page of the number `next` where the end is, and whether the collection moved.
    fn accept(&mut self, page: Fetched<T>) -> Result<Verdict<T>> {
        let number = self.next;
        let before = self.reading.total;
        if let Some(total) = page.pagination.items_total {
            self.reading.total = Some(total);
            self.moved |= before.is_some_and(|before| before != total);
            if let (Some(before), Some(size)) = (before, self.reading.reread)
                && total < before
                && number > 1
            {
                return self.go_back((before - total).div_ceil(u64::from(size.max(1))));
            }
        }
        // A number of pages that this very page contradicts says nothing.
        let pages = page
            .pagination
            .pages_total
            .filter(|total| *total >= number || page.records.is_empty());
        if let (None, Some(pages), End::Announced(before), Some(_)) = (
            page.pagination.items_total,
            pages,
            self.end,
            self.reading.reread,
        ) && pages < before
            && number > 1
        {
            self.moved = true;
            return self.go_back((before - pages).into());
        }
        let announced = match (pages, self.end) {
            (Some(total), _) => Some(total),
            (None, End::Announced(total)) => Some(total),
            (None, _) => None,
        };
        if page.records.is_empty() {
            let before = match self.end {
                End::Announced(total) => total,
                _ => 0,
            };
            let promised = announced.unwrap_or(0).max(before);
            let continues = announced.is_some_and(|total| total > number);
            if continues || (number > self.reading.first && promised >= number) {
                return Err(Error::new(
                    ErrorKind::Incomplete,
                    format!("page {number} of {promised} came empty: what it held is missing; read the list again"),
                )
                .with_page(number));
            }
            if number > self.reading.first {
                return Ok(Verdict::End);
            }
        }
        self.next = number.saturating_add(1);
        self.end = match announced {
            Some(total) if number >= total => End::Reached,
            Some(total) => End::Announced(total),
            None if page.pagination.has_next && !page.records.is_empty() => End::Linked(self.next),
            None => End::Reached,
        };
        Ok(Verdict::Give(page))
    }

    /// Items were taken out: what followed them has moved forward, perhaps to pages that were read.
    fn go_back(&mut self, pages: u64) -> Result<Verdict<T>> {
        let number = self.next;
        self.next = number
            .saturating_sub(u32::try_from(pages).unwrap_or(u32::MAX))
            .max(1);
        self.end = End::Unknown;
        match self.rereads_left.checked_sub(number - self.next) {
            Some(left) => {
                self.rereads_left = left;
                Ok(Verdict::Reread)
            }
            None => Err(Error::new(
                ErrorKind::Incomplete,
                format!(
                    "the list shrank again and again while it was read, {REREADS} pages were read twice; \
                     read it when less is deleted, or by smaller windows"
                ),
            )
            .with_page(number)),
        }
    }

    /// A page that was announced and is not there is more than "not found".
    fn judge(&self, error: Error) -> Error {
        let number = self.next;
        if !error.is_not_found() {
            return error;
        }
        let promise = match self.end {
            End::Announced(total) if number <= total => {
                format!("page {number} of {total} was announced and is not there")
            }
            End::Linked(next) if number == next => {
                format!("page {number} was linked to as the next one and is not there")
            }
            _ => return error,
        };
        Error::new(
            ErrorKind::Incomplete,
            format!("{promise}: the list is not complete; read it again"),
        )
        .with_page(number)
        .with_source(error)
    }
}

impl<T> fmt::Debug for Pager<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pager")
            .field("next", &self.next)
            .field("end", &self.end)
            .field("asked", &self.asked.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "pager/tests.rs"]
mod tests;
