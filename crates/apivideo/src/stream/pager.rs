//! Pages of a list by number: which to ask for, how far ahead, and where the end is.

use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::error::{Error, ErrorKind, Result};
use crate::page::Page;
use crate::stream::ordered::Ordered;
use crate::time::BoxFuture;

/// Asks for the page of a number. Nothing happens before the future is polled.
pub(crate) type Fetch<T> = Arc<dyn Fn(u32) -> BoxFuture<Result<Page<T>>> + Send + Sync>;

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

/// Gives the pages of a list in order, and asks for up to `prefetch` of the following ones ahead.
///
/// Pages go by number. The end is `currentPage >= pagesTotal`; only where `pagesTotal` is absent it
/// is a missing link to a next page, or an empty page.
pub(crate) struct Pager<T> {
    fetch: Fetch<T>,
    prefetch: usize,
    asked: Ordered<BoxFuture<Result<Page<T>>>>,
    /// The number of the page that comes out next.
    next: u32,
    first: u32,
    end: End,
}

impl<T> Pager<T> {
    pub(crate) fn new(fetch: Fetch<T>, first: u32, prefetch: usize) -> Self {
        Self {
            fetch,
            prefetch,
            asked: Ordered::new(),
            next: first,
            first,
            end: End::Unknown,
        }
    }

    /// Whether nothing more will come.
    pub(crate) fn is_done(&self) -> bool {
        self.end == End::Reached
    }

    /// Asks for pages ahead, as far as it is known that there are any, and drives those asked for.
    pub(crate) fn read_ahead(&mut self, cx: &mut Context<'_>) {
        let last = match self.end {
            End::Announced(last) | End::Linked(last) => last,
            End::Unknown | End::Reached => return,
        };
        while self.asked.len() < self.prefetch && self.next_to_ask() <= last {
            self.ask();
        }
        self.asked.drive(cx);
    }

    /// The next page, its error, or `None` after the last one.
    pub(crate) fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Page<T>>>> {
        if self.is_done() {
            return Poll::Ready(None);
        }
        if self.asked.is_empty() {
            self.ask();
        }
        self.asked.drive(cx);
        let Some(outcome) = self.asked.take() else {
            return Poll::Pending;
        };
        let outcome = outcome
            .and_then(|page| self.accept(page))
            .map_err(|error| self.judge(error));
        match outcome {
            Ok(Some(page)) => {
                if self.is_done() {
                    self.asked.clear();
                }
                Poll::Ready(Some(Ok(page)))
            }
            Ok(None) => {
                self.finish();
                Poll::Ready(None)
            }
            Err(error) => {
                self.finish();
                Poll::Ready(Some(Err(error)))
            }
        }
    }

    fn next_to_ask(&self) -> u32 {
        // As many as are in flight were asked for: bounded by `prefetch`, which is far from `u32::MAX`.
        self.next
            .saturating_add(u32::try_from(self.asked.len()).unwrap_or(u32::MAX))
    }

    fn ask(&mut self) {
        let number = self.next_to_ask();
        self.asked.push((self.fetch)(number));
    }

    fn finish(&mut self) {
        self.end = End::Reached;
        self.asked.clear();
    }

    /// Learns from the page of the number `next` where the end is. `None`: the list ended before it.
    fn accept(&mut self, page: Page<T>) -> Result<Option<Page<T>>> {
        let number = self.next;
        let announced = match (page.pagination.pages_total, self.end) {
            (Some(total), _) => Some(total),
            (None, End::Announced(total)) => Some(total),
            (None, _) => None,
        };
        if page.items.is_empty() {
            let before = match self.end {
                End::Announced(total) => total,
                _ => 0,
            };
            let promised = announced.unwrap_or(0).max(before);
            let continues = announced.is_some_and(|total| total > number);
            if continues || (number > self.first && promised >= number) {
                return Err(Error::new(
                    ErrorKind::Incomplete,
                    format!("page {number} of {promised} came empty: what it held is missing; read the list again"),
                )
                .with_page(number));
            }
            if number > self.first {
                return Ok(None);
            }
        }
        self.next += 1;
        self.end = match announced {
            Some(total) if number >= total => End::Reached,
            Some(total) => End::Announced(total),
            None if page.pagination.has_next && !page.items.is_empty() => End::Linked(number + 1),
            None => End::Reached,
        };
        Ok(Some(page))
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
            .field("prefetch", &self.prefetch)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "pager/tests.rs"]
mod tests;
