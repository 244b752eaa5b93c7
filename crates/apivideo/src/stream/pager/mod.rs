//! Requests the pages of a list by number, prefetches some of them, and decides where the list ends.

mod boundary;
mod end;
mod second_pass;
mod state;
mod totals;

use std::fmt;
use std::task::{Context, Poll};

pub(crate) use state::{PageContents, PageEnds, PagerOptions};

use crate::cursor::{Before, Hex};
use crate::error::{Error, ErrorKind, Result};
use crate::page::Pagination;
use crate::stream::ordered::Ordered;
use crate::stream::page_response::{Fetch, PageResponse};
use crate::transport::clock::BoxFuture;
use state::{Boundary, End, MAX_MOVES, Previous, State};

/// Returns the pages of a list in order, and prefetches some of the following ones.
///
/// Pages are requested by number. A list ends where `itemsTotal` records were received; without a usable total where
/// `pagesTotal` ends; and without both at a page that is not full and has no link to a next page.
///
/// The reader reports what it found on each page ([`accept`](Self::accept)). If the pages end with fewer distinct items than
/// announced, they are read again from the first one, as long as that can find new items.
pub(crate) struct Pager<T> {
    fetch: Fetch<T>,
    options: PagerOptions,
    requested: Ordered<BoxFuture<Result<PageResponse<T>>>>,
    /// A page that is read again, to check whether it still ends as it did.
    check: Option<BoxFuture<Result<PageResponse<T>>>>,
    boundary: Boundary<T>,
    previous: Option<Previous>,
    state: State,
    /// The number of the page that is returned next.
    next: u32,
    /// The number of the page that is requested next.
    next_to_request: u32,
    /// The last page that may be prefetched; `None` before the first page.
    last_to_request: Option<u32>,
    /// The highest number of a received page.
    furthest: u32,
    /// The number of records before the page `next`.
    position: u64,
    total: Option<u64>,
    /// The digest of the first page that was read.
    first_digest: Option<u64>,
    /// Whether a number of items was announced that cannot be decoded.
    has_unreadable_total: bool,
    /// Whether the pages contradict the total.
    contradicted: bool,
    /// The number of pages, as last announced.
    pages: Option<u32>,
    /// The pagination of the last received page.
    pagination: Pagination,
    /// The number of that page.
    noted: u32,
    /// Whether the page before that one linked to it.
    linked: bool,
    /// Whether the last received page announced other totals than the one before, or none.
    unsure: bool,
    /// The number of pages that the first page announced.
    announced_first: Option<u32>,
    read: u64,
    pass: u32,
    /// The number of pages of the previous pass.
    pass_pages: u32,
    digest: u64,
    last_digest: Option<u64>,
    /// The first item of the first page.
    first_item: Option<u64>,
    /// The number of items that was announced at the start of this pass.
    pass_total: Option<u64>,
    /// The highest number of items that was announced in this pass.
    pass_highest: u64,
    /// The same for the previous pass.
    previous_pass_highest: u64,
    /// The highest number of items that was announced in this pass after a lower one.
    pass_risen: u64,
    /// Whether duplicates were found within this pass.
    pass_repeats: bool,
    whole: bool,
    disorder: bool,
    /// Whether the totals were seen to change.
    has_changed: bool,
    /// Whether items were deleted, or added before those that were read.
    shifted: bool,
    moves_left: u32,
    pages_without_new: u32,
    rereads: u64,
    /// The error of a page that does not exist, past which nothing was read.
    absent: Option<Error>,
    /// Where the first pass ended, once the list is read again.
    first_end: Option<End>,
    /// Whether an earlier stream has read the list to its end several times.
    exhausted: bool,
}

impl<T> Pager<T> {
    pub(crate) fn new(fetch: Fetch<T>, options: PagerOptions) -> Self {
        let Before {
            total,
            position,
            read,
            unstable,
            exhausted,
            first_item,
        } = options.before;
        Self {
            fetch,
            requested: Ordered::new(),
            check: None,
            boundary: Boundary::Sound,
            previous: None,
            state: if exhausted {
                State::Short
            } else {
                State::Reading
            },
            next: options.first,
            next_to_request: options.first,
            last_to_request: None,
            furthest: 0,
            position,
            total,
            first_digest: None,
            has_unreadable_total: false,
            contradicted: false,
            pages: None,
            pagination: Pagination::default(),
            noted: 0,
            linked: false,
            unsure: false,
            announced_first: None,
            read,
            pass: 1,
            pass_pages: 0,
            digest: 0,
            last_digest: None,
            first_item: first_item.map(|item| item.0),
            pass_total: None,
            pass_highest: 0,
            previous_pass_highest: 0,
            pass_risen: 0,
            pass_repeats: false,
            whole: !exhausted,
            disorder: unstable,
            has_changed: false,
            shifted: false,
            moves_left: MAX_MOVES,
            pages_without_new: 0,
            rereads: 0,
            absent: None,
            first_end: None,
            exhausted,
            options,
        }
    }

    /// Whether there is nothing more to read.
    pub(crate) fn is_done(&self) -> bool {
        self.state == State::Done && !self.is_uncounted()
    }

    /// Whether a number of items was announced, and it is not known whether all of them were received.
    fn is_uncounted(&self) -> bool {
        self.has_unreadable_total && self.total().is_none()
    }

    /// Whether the collection was seen to change.
    pub(crate) fn has_moved(&self) -> bool {
        self.has_changed || self.shifted
    }

    /// The number of items, as last announced, unless the pages contradict it.
    pub(crate) fn total(&self) -> Option<u64> {
        self.total.filter(|_| !self.contradicted)
    }

    /// The number of pages that were read a second time.
    pub(crate) fn rereads(&self) -> u64 {
        self.rereads
    }

    /// Whether the last received page had been read before.
    pub(crate) fn rereads_page(&self) -> bool {
        self.pass > 1 || !matches!(self.boundary, Boundary::Sound | Boundary::Passed)
    }

    /// The items that were read before the page `next`, for a stream that resumes there; in a later pass, before the end of the
    /// first one.
    pub(crate) fn before(&self) -> Before {
        let end = self.first_end;
        Before {
            total: self.total,
            position: end.map_or(self.position, |end| end.position),
            read: self.read,
            unstable: self.disorder && !self.has_changed,
            exhausted: self.exhausted || end.is_some_and(|end| self.read > end.read),
            first_item: self.first_item.map(Hex),
        }
    }

    /// Whether this is not the first pass.
    pub(crate) fn reads_again(&self) -> bool {
        self.pass > 1
    }

    /// The number of this pass, where it is not the first one and there is no total of items.
    pub(crate) fn pass_without_total(&self) -> Option<u32> {
        (self.pass > 1 && self.total().is_none()).then_some(self.pass)
    }

    /// Whether a page with this digest is a copy of the page before, or of the first one.
    pub(crate) fn is_copy(&self, digest: u64) -> bool {
        let is_known = |page: u64| page == digest;
        digest != 0
            && self.previous.is_some_and(|page| {
                is_known(page.digest) || self.first_digest.is_some_and(is_known)
            })
    }

    /// Whether a page that begins with this item is a copy of the first one.
    pub(crate) fn is_first_page(&self, first: Option<u64>) -> bool {
        first.is_some() && self.first_item == first
    }

    /// Whether all pages were requested, as far as is known. Before the first page there is always one left.
    pub(crate) fn has_requested_all(&self) -> bool {
        self.is_done()
            || self
                .last_to_request
                .is_some_and(|last| self.next_to_request > last)
    }

    /// The number of pages that were requested and not returned.
    pub(crate) fn requested(&self) -> usize {
        self.requested.len()
    }

    /// The number of these whose requests are in flight.
    pub(crate) fn running(&self) -> usize {
        self.requested.running() + usize::from(self.check.is_some())
    }

    /// Requests up to `more` pages, as far as they are known to exist, and drives the requests until the next page is here.
    /// Returns whether it requested one.
    pub(crate) fn request_ahead(&mut self, more: usize, cx: &mut Context<'_>) -> bool {
        let (State::Reading, Some(last)) = (self.state, self.last_to_request) else {
            return false;
        };
        let mut requests = 0;
        while requests < more && self.next_to_request <= last {
            self.ask(cx);
            requests += 1;
        }
        self.requested.drive_first(cx);
        requests > 0
    }

    /// Returns the next page, its error, or `None` after the last one. A page that does not exist although it was due is an
    /// empty page with the status 404. Each page has to be [accepted](Self::accept) before the next poll.
    pub(crate) fn poll_page(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<PageResponse<T>>>> {
        loop {
            match self.state {
                State::Done if self.is_uncounted() => {
                    let error = format!(
                        "the list ended after {} items, and the number of items that it announces cannot be decoded: items may be missing",
                        self.read
                    );
                    return self.fail(Error::new(ErrorKind::Incomplete, error));
                }
                State::Done => return Poll::Ready(None),
                State::Short => {
                    if let Err(error) = self.read_again() {
                        return self.fail(error);
                    }
                    continue;
                }
                State::Reading => {}
            }
            if let Some(check) = &mut self.check {
                let Poll::Ready(outcome) = check.as_mut().poll(cx) else {
                    return Poll::Pending;
                };
                self.check = None;
                self.rereads += 1;
                let start = self.previous.map_or(self.position, |page| page.start);
                return match outcome {
                    Ok(page) => Poll::Ready(Some(Ok(page.with_sound_total(start)))),
                    Err(error) => self.fail(self.vanished(error)),
                };
            }
            match std::mem::replace(&mut self.boundary, Boundary::Sound) {
                Boundary::Joined(page) => {
                    self.boundary = Boundary::Passed;
                    self.note_totals(&page);
                    return Poll::Ready(Some(Ok(page)));
                }
                boundary => self.boundary = boundary,
            }
            if self.requested.is_empty() {
                self.ask(cx);
            }
            self.requested.drive_first(cx);
            let Some(outcome) = self.requested.take() else {
                return Poll::Pending;
            };
            let page = match outcome {
                Ok(page) => page.with_sound_total(self.position),
                Err(error) if self.is_absent(&error) => self.absent(error),
                Err(error) => return self.fail(error),
            };
            // Where items have an identity, they decide, not the number.
            let page = match page.check_number() {
                Err(error) if !self.options.identified => {
                    // Past the end, another page counts as none.
                    if self.total().is_none_or(|total| self.read < total) {
                        return self.fail(error);
                    }
                    self.absent(error)
                }
                _ => page,
            };
            if page.number <= self.furthest {
                self.rereads += 1;
            }
            self.furthest = self.furthest.max(page.number);
            self.note_totals(&page);
            return Poll::Ready(Some(Ok(page)));
        }
    }

    /// Ends with an error of [`join`](Self::join) or [`accept`](Self::accept).
    pub(crate) fn give_up(&mut self, error: Error) -> Error {
        self.has_unreadable_total = false;
        self.finish();
        error
    }

    fn fail<R>(&mut self, error: Error) -> Poll<Option<Result<R>>> {
        self.has_unreadable_total = false;
        self.finish();
        Poll::Ready(Some(Err(error)))
    }

    fn ask(&mut self, cx: &mut Context<'_>) {
        let number = self.next_to_request;
        self.next_to_request = number.saturating_add(1);
        self.requested.start((self.fetch)(number), cx);
    }

    fn finish(&mut self) {
        self.state = State::Done;
        self.clear(self.next);
    }

    /// Drops prefetched pages: `next` is read next.
    fn clear(&mut self, next: u32) {
        self.requested.clear();
        self.next = next;
        self.next_to_request = next;
    }

    /// Whether an error means that the list ended before this page.
    fn is_absent(&self, error: &Error) -> bool {
        let is_first = self.previous.is_none() && self.pass == 1;
        // Where an earlier stream stopped, the pages before show that the list itself exists.
        let is_resumed = self.next == self.options.first
            && matches!(self.boundary, Boundary::Sound)
            && (self.options.identified || self.total.is_some_and(|total| self.read >= total));
        error.kind() == ErrorKind::NotFound && self.next > 1 && (!is_first || is_resumed)
    }

    fn absent(&mut self, error: Error) -> PageResponse<T> {
        self.absent = Some(error);
        PageResponse::absent(self.next)
    }
}

impl<T> fmt::Debug for Pager<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pager")
            .field("next", &self.next)
            .field("state", &self.state)
            .field("read", &self.read)
            .field("total", &self.total)
            .field("lap", &self.pass)
            .field("asked", &self.requested.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
