//! Pages of a list by number: which to request, how far ahead, and where the end is.

use std::cmp::Ordering;
use std::fmt;
use std::task::{Context, Poll};

use crate::cursor::{Before, Hex};
use crate::error::{Error, ErrorKind, Result};
use crate::page::Pagination;
use crate::stream::dedup::fold;
use crate::stream::ordered::Ordered;
use crate::stream::page_response::{Fetch, PageResponse};
use crate::transport::clock::BoxFuture;

/// The number of page boundaries that may be found moved without a page of new items in between.
const MAX_MOVES: u32 = 100;
/// The number of pages in a row that may come without a new item, beyond those that were read before.
const MAX_PAGES_WITHOUT_NEW: u32 = 100;
/// How often a list is read at most from its start.
const MAX_PASSES: u32 = 11;
/// The same, where there is no total of items.
const MAX_PASSES_WITHOUT_TOTAL: u32 = 4;
/// The number of pages that are read at most of a list of items without identity, however many are announced.
const MAX_ANNOUNCED: u32 = 10_000;
/// The number of pages that such a list may have beyond those that its first page announces.
const MAX_UNANNOUNCED: u32 = 1_000;

/// How a list is to be read.
#[derive(Clone, Debug, Default)]
pub(crate) struct PagerOptions {
    /// The page to begin with, counted from 1.
    pub(crate) first: u32,
    /// The page size that is requested.
    pub(crate) size: u32,
    /// Whether items have an identity, by which the reader recognizes those that come again: only then a page can be read
    /// a second time.
    pub(crate) identified: bool,
    /// What an earlier reader has read.
    pub(crate) before: Before,
}

/// What the reader found on a page.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PageContents {
    /// The fingerprint of the first record, where records have an identity.
    pub(crate) first: Option<u64>,
    /// The number of records.
    pub(crate) len: usize,
    /// How many of them are new to the window.
    pub(crate) new: u64,
    /// Whether records came again.
    pub(crate) repeats: bool,
    /// A digest of all records in their order; 0 without identities.
    pub(crate) digest: u64,
    /// Whether they came in another place than at the start of the page, where a list that grows repeats them.
    pub(crate) disorder: bool,
    /// Whether records came again since the list was begun for this time; see [`Pager::lap_without_total`].
    pub(crate) repeats_in_pass: bool,
    /// Whether the reader knows all items that were read.
    pub(crate) whole: bool,
}

/// The ends of a page, by which it is known whether it joins the page before.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PageEnds {
    /// Whether the first record was read before.
    pub(crate) starts_known: bool,
    /// The fingerprint of the last record.
    pub(crate) last: Option<u64>,
    /// Whether the reader has found the item at which an earlier reader stopped, or looks for none.
    pub(crate) anchored: bool,
}

/// Whether the pages that were read and the page that comes join.
enum Boundary<T> {
    /// Nothing is in question.
    Sound,
    /// The page before is read again; this page waits for that.
    Checking(PageResponse<T>),
    /// It joins: this page comes next.
    Joined(PageResponse<T>),
    /// The page that was just taken out of `Joined`.
    Passed,
    /// Pages are read backwards by this stride, until one begins with an item that was read before.
    Seeking(u32),
}

/// The page that was accepted last.
#[derive(Clone, Copy, Debug)]
struct Previous {
    number: u32,
    /// The number of records before it.
    start: u64,
    last: Option<u64>,
    digest: u64,
    total: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Reading,
    /// The pages have ended, and items are missing or in doubt.
    Short,
    /// Nothing more will come.
    Done,
}

/// Gives the pages of a list in order, and requests some of the following ones ahead.
///
/// Pages go by number. The end is where `itemsTotal` records have come; without a usable total where `pagesTotal` says; and
/// without both a missing link to a next page on a page that is not full.
///
/// The reader reports what it found on each page ([`settle`](Self::settle)). When the pages end with fewer distinct items
/// than announced, they are read again from the first one, as long as that can bring something new.
pub(crate) struct Pager<T> {
    fetch: Fetch<T>,
    options: PagerOptions,
    requested: Ordered<BoxFuture<Result<PageResponse<T>>>>,
    /// A page that is read again to see whether it still ends as it did.
    check: Option<BoxFuture<Result<PageResponse<T>>>>,
    boundary: Boundary<T>,
    previous: Option<Previous>,
    state: State,
    /// The number of the page that comes out next.
    next: u32,
    /// The number of the page that is requested next.
    next_to_request: u32,
    /// The last page that is worth to be requested ahead; `None` before the first page.
    last_to_request: Option<u32>,
    /// The highest number of a page that came.
    furthest: u32,
    /// The number of records before the page `next`.
    position: u64,
    total: Option<u64>,
    /// The digest of the first page that was read.
    first_digest: Option<u64>,
    /// Whether a number of items was announced that can't be read.
    has_unreadable_total: bool,
    /// Whether the pages contradict the total.
    contradicted: bool,
    /// The number of pages, as last announced.
    pages: Option<u32>,
    /// The pagination of the page that came last.
    pagination: Pagination,
    /// The number of that page.
    noted: u32,
    /// Whether the page before that one linked to it.
    linked: bool,
    /// Whether the page that came last announced other totals than the one before, or none.
    unsure: bool,
    /// The number of pages that the first page announced.
    announced_first: Option<u32>,
    read: u64,
    pass: u32,
    /// The pages of the lap before.
    pass_pages: u32,
    digest: u64,
    last_digest: Option<u64>,
    /// The first item of the first page.
    first_item: Option<u64>,
    /// The number of items that was announced when the list was begun for this time.
    pass_total: Option<u64>,
    /// The highest number of items that was announced since.
    pass_highest: u64,
    /// The same of the time before.
    previous_pass_highest: u64,
    /// The highest number of items that was announced since after a lower one.
    pass_risen: u64,
    /// Whether an item came twice since the list was begun for this time.
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
    /// The error of the page that is not there, past which nothing was read.
    absent: Option<Error>,
    /// Where the list ended when it was read for the first time, once it is read again.
    first_end: Option<End>,
    /// Whether an earlier reader has read the list to its end several times.
    exhausted: bool,
}

/// Where a list ended.
#[derive(Clone, Copy, Debug)]
struct End {
    position: u64,
    read: u64,
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

    /// Whether nothing more will come.
    pub(crate) fn is_done(&self) -> bool {
        self.state == State::Done && !self.is_uncounted()
    }

    /// Whether a number of items was announced, and it is not known whether that many came.
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

    /// Whether the page that came last had been read before.
    pub(crate) fn rereads_page(&self) -> bool {
        self.pass > 1 || !matches!(self.boundary, Boundary::Sound | Boundary::Passed)
    }

    /// What was read before the page `next`, for who resumes there: where the list is read again, at its first end.
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

    /// Whether the list is read for another time.
    pub(crate) fn reads_again(&self) -> bool {
        self.pass > 1
    }

    /// Which time it is that the list is read, where it is read again without a total of items.
    pub(crate) fn pass_without_total(&self) -> Option<u32> {
        (self.pass > 1 && self.total().is_none()).then_some(self.pass)
    }

    /// Whether a page with this digest is the page before, or the first one, once more.
    pub(crate) fn is_copy(&self, digest: u64) -> bool {
        let is_known = |page: u64| page == digest;
        digest != 0
            && self.previous.is_some_and(|page| {
                is_known(page.digest) || self.first_digest.is_some_and(is_known)
            })
    }

    /// Whether a page that begins with this item is the first one once more.
    pub(crate) fn is_first_page(&self, first: Option<u64>) -> bool {
        first.is_some() && self.first_item == first
    }

    /// Whether no page is left to be requested, as far as is known: before the first page one always is.
    pub(crate) fn has_requested_all(&self) -> bool {
        self.is_done()
            || self
                .last_to_request
                .is_some_and(|last| self.next_to_request > last)
    }

    /// How many pages are requested and not given yet.
    pub(crate) fn requested(&self) -> usize {
        self.requested.len()
    }

    /// How many of these are on their way.
    pub(crate) fn running(&self) -> usize {
        self.requested.running() + usize::from(self.check.is_some())
    }

    /// Requests so many `more` pages at most, as far as it is known that there are any, and drives those requested
    /// until the next one is there. `true` when it requested one.
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

    /// The next page, its error, or `None` after the last one. A page that is not there although it was due comes as an
    /// empty one with the status 404. Each page is to be [settled](Self::settle) before the next poll.
    pub(crate) fn poll_page(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<PageResponse<T>>>> {
        loop {
            match self.state {
                State::Done if self.is_uncounted() => {
                    let error = format!(
                        "the list ended after {} items, and the number of items that it announces can't be read: whether these \
                         are all is not known",
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
                    self.note(&page);
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
            // Where items have an identity, the items decide, not the number.
            let page = match page.check_number() {
                Err(error) if !self.options.identified => {
                    // Past the end, another page is none.
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
            self.note(&page);
            return Poll::Ready(Some(Ok(page)));
        }
    }

    /// Ends with an error of [`join`](Self::join) or [`settle`](Self::settle).
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

    /// Drops what was requested ahead: the next page is this one.
    fn clear(&mut self, next: u32) {
        self.requested.clear();
        self.next = next;
        self.next_to_request = next;
    }

    /// Whether an error means that the list ended before this page, and is not a failure of its own.
    fn is_absent(&self, error: &Error) -> bool {
        let is_first = self.previous.is_none() && self.pass == 1;
        // Where an earlier reader stopped, the pages before show whether the list itself is there.
        let is_resumed = self.next == self.options.first
            && matches!(self.boundary, Boundary::Sound)
            && (self.options.identified || self.total.is_some_and(|total| self.read >= total));
        error.kind() == ErrorKind::NotFound && self.next > 1 && (!is_first || is_resumed)
    }

    fn absent(&mut self, error: Error) -> PageResponse<T> {
        self.absent = Some(error);
        PageResponse::absent(self.next)
    }

    /// Learns what a page announces.
    fn note(&mut self, page: &PageResponse<T>) {
        let Pagination {
            items_total,
            pages_total,
            has_unreadable_total,
            ..
        } = page.pagination;
        let number = page.number;
        self.has_unreadable_total |= has_unreadable_total;
        let changed = match (items_total, self.total) {
            (Some(now), Some(before)) => now != before,
            (None, _) => false,
            (Some(_), None) => self.previous.is_some(),
        };
        self.has_changed |= changed;
        self.shifted |= changed && items_total < self.total;
        // A number of pages that this very page contradicts says nothing.
        let pages = pages_total.filter(|total| *total >= number || page.records.is_empty());
        let pages_changed =
            matches!((pages, self.pages), (Some(now), Some(before)) if now != before);
        self.has_changed |= items_total.is_none() && pages_changed;
        self.shifted |= items_total.is_none() && pages_changed && pages < self.pages;
        self.unsure = changed || items_total.is_none() || self.contradicted;
        let has_risen = changed && items_total > self.total;
        self.total = items_total.or(self.total);
        if number == 1 {
            self.pass_total = items_total;
            self.previous_pass_highest = std::mem::take(&mut self.pass_highest);
            self.pass_risen = 0;
        }
        self.pass_highest = self.pass_highest.max(items_total.unwrap_or(0));
        if has_risen {
            self.pass_risen = self.pass_highest;
        }
        if self.announced_first.is_none() {
            self.announced_first = Some(pages.unwrap_or(number));
        }
        // An empty page has to keep the promise of the page before.
        self.pages = match (pages, self.pages) {
            (Some(now), Some(before)) if page.records.is_empty() => Some(now.max(before)),
            (Some(now), _) => Some(now),
            (None, before) => before,
        };
        let before = std::mem::replace(&mut self.pagination, page.pagination.clone());
        if std::mem::replace(&mut self.noted, number) != number {
            self.linked = before.has_next;
        }
        let len = page.records.len() as u64;
        let by_total = self.total().and_then(|total| {
            let left = total.checked_sub(self.position.saturating_add(len))?;
            let more = u32::try_from(left.div_ceil(len.max(1))).unwrap_or(u32::MAX);
            Some(number.saturating_add(more))
        });
        let last = match (by_total, self.pages) {
            _ if len == 0 => number,
            (Some(by_total), Some(pages)) => by_total.min(pages),
            (Some(last), None) | (None, Some(last)) => last,
            (None, None) => number.saturating_add(u32::from(page.pagination.has_next)),
        };
        self.last_to_request = Some(last.max(number));
    }

    /// Checks whether a page joins those that were read. It is kept back (`None`) while the page before is read again: where
    /// the totals changed, or there are none, that page has to end as it did, or items have moved across the boundary.
    ///
    /// To be called before [`settle`](Self::settle), where items have an identity.
    pub(crate) fn join(
        &mut self,
        page: PageResponse<T>,
        ends: PageEnds,
    ) -> Result<Option<PageResponse<T>>> {
        let number = page.number;
        let is_all = self.total().is_some_and(|total| self.read >= total);
        match std::mem::replace(&mut self.boundary, Boundary::Sound) {
            Boundary::Passed => Ok(Some(page)),
            Boundary::Sound | Boundary::Joined(_) => match self.previous {
                _ if ends.starts_known => Ok(Some(page)),
                // There is nothing past the end.
                Some(_) if page.records.is_empty() && is_all => Ok(Some(page)),
                Some(previous) if self.unsure && self.pass == 1 => {
                    self.check = Some((self.fetch)(previous.number));
                    self.boundary = Boundary::Checking(page);
                    Ok(None)
                }
                // Where an earlier reader stopped, it has seen the end of the page before.
                None if number > 1 && !ends.anchored && self.unsure => {
                    self.go_back(number, 1)?;
                    Ok(None)
                }
                _ => Ok(Some(page)),
            },
            Boundary::Checking(after) => match self.previous {
                Some(previous)
                    if ends.last.is_some()
                        && ends.last == previous.last
                        && !may_hide(previous.total, &after, &page) =>
                {
                    self.position = previous.start;
                    self.boundary = Boundary::Joined(after);
                    Ok(Some(page))
                }
                _ => {
                    self.shifted = true;
                    if let Some(previous) = self.previous {
                        self.position = previous.start;
                    }
                    self.clear(number);
                    self.note(&page);
                    self.next_to_request = number.saturating_add(1);
                    self.seek(page, ends, 1)
                }
            },
            Boundary::Seeking(stride) => self.seek(page, ends, stride.saturating_mul(2)),
        }
    }

    /// Accepts a page that begins with what was read, and goes further back otherwise.
    fn seek(
        &mut self,
        page: PageResponse<T>,
        ends: PageEnds,
        stride: u32,
    ) -> Result<Option<PageResponse<T>>> {
        if ends.starts_known || (page.number == 1 && ends.anchored) {
            self.spend(page.number)?;
            return Ok(Some(page));
        }
        if page.number == 1 {
            return Err(Error::new(
                ErrorKind::Incomplete,
                "the item at which the list is to be resumed is not in it any more: read the list from its start",
            ));
        }
        // One item is looked for, or any of those that were read.
        self.go_back(page.number, if ends.anchored { stride } else { 1 })?;
        Ok(None)
    }

    fn go_back(&mut self, number: u32, stride: u32) -> Result<()> {
        self.spend(number)?;
        let target = number.saturating_sub(stride).max(1);
        // Pages are taken to be of one size.
        let before = u64::from(number - 1).max(1);
        self.position = self.position / before * u64::from(target - 1);
        self.clear(target);
        self.last_to_request = None;
        self.boundary = Boundary::Seeking(stride);
        Ok(())
    }

    /// A boundary between pages has moved.
    fn spend(&mut self, number: u32) -> Result<()> {
        match self.moves_left.checked_sub(1) {
            Some(left) => {
                self.moves_left = left;
                Ok(())
            }
            None => Err(Error::new(
                ErrorKind::Incomplete,
                format!(
                    "the list changed faster than it could be read: pages moved {MAX_MOVES} times at page {number}; \
                     read it when less is changed, or by smaller periods"
                ),
            )
            .with_page(number)),
        }
    }

    /// Takes in what the reader found on the page that came last, and decides whether another one follows.
    pub(crate) fn settle(
        &mut self,
        number: u32,
        last: Option<u64>,
        contents: PageContents,
    ) -> Result<()> {
        let PageContents {
            first,
            len,
            new,
            digest,
            repeats,
            disorder,
            repeats_in_pass,
            whole,
        } = contents;
        // Past the end some services return the last page once more, or the first one.
        let is_copy = new == 0
            && (self.is_first_page(first)
                || self.is_copy(digest)
                || self.previous.is_some_and(|page| page.digest == digest));
        self.first_digest.get_or_insert(digest);
        let previous = self.previous.replace(Previous {
            number,
            start: self.position,
            last,
            digest,
            total: self.pagination.items_total,
        });
        if number == 1 {
            self.first_item = first;
        }
        self.position = self.position.saturating_add(len as u64);
        self.next = number.saturating_add(1);
        self.read = self.read.saturating_add(new);
        self.whole = whole;
        let is_all = self.total().is_some_and(|total| self.read >= total);
        // A copy past the end moves nothing.
        self.shifted |= repeats && self.pass == 1 && !(is_copy && is_all);
        if len > 0 {
            self.absent = None;
        }
        if new > 0 {
            self.pages_without_new = 0;
            self.moves_left = self.moves_left.saturating_add(1).min(MAX_MOVES);
        } else {
            self.pages_without_new += 1;
        }
        if matches!(self.boundary, Boundary::Joined(_)) {
            return Ok(());
        }
        self.digest = fold(self.digest, digest);
        let is_early = self.pass > 2 || (self.pass == 2 && !self.shifted);
        let highest = self.pass_highest.max(self.previous_pass_highest);
        if is_early
            && self
                .total()
                .is_some_and(|total| self.read >= total.max(highest))
        {
            self.finish();
            return Ok(());
        }
        let has_more = self.has_more(number, len, new, is_copy)?;
        self.disorder |= disorder && self.pass == 1 && (has_more || !is_copy);
        if has_more {
            self.pass_repeats |= repeats_in_pass;
            return self.check_bounds(number);
        }
        if is_copy && previous.is_some() {
            self.position -= len as u64;
        } else {
            self.pass_repeats |= repeats_in_pass;
        }
        // A number that was requested ahead past the end is not wanted.
        self.clear(self.next);
        match self.total() {
            // What moved across the pages unseen is found by reading them again.
            _ if self.pass == 1 && self.shifted && self.whole => self.state = State::Short,
            Some(total)
                if (self.read >= total && !self.is_unstable() && !self.may_lag())
                    || self.has_caught_up(total) =>
            {
                self.finish();
            }
            None if !self.disorder => self.finish(),
            _ => self.state = State::Short,
        }
        Ok(())
    }

    /// Whether items came again although nothing changed, and it is not known of all of them whether they did.
    fn is_unstable(&self) -> bool {
        self.disorder && !self.has_changed && !self.whole
    }

    /// Whether a list that is read again announced more items in between than came: some copies of the service may lag behind
    /// others. A list whose pages are those of the last time, and whose total only fell, has shrunk.
    fn may_lag(&self) -> bool {
        let is_stable = self.last_digest == Some(self.digest);
        let announced = match is_stable {
            true => self.pass_risen,
            false => self.pass_highest,
        };
        self.pass > 1 && self.whole && self.read < announced
    }

    /// Whether a page follows.
    fn has_more(&mut self, number: u32, len: usize, new: u64, is_copy: bool) -> Result<bool> {
        let fresh = len > 0;
        // Of what was read before, nothing has to be new.
        let brings = fresh && (new > 0 || number < self.furthest);
        let size = self.pagination.page_size.unwrap_or(self.options.size);
        let is_full = len as u64 >= u64::from(size.clamp(1, self.options.size.max(1)));
        if let Some(total) = self.total() {
            let is_announced = self.pages.is_none_or(|pages| number < pages);
            match self.position.cmp(&total) {
                Ordering::Less => {
                    let is_past_the_end = self.pages.is_none_or(|pages| number > pages);
                    return Ok(fresh && !(is_copy && is_past_the_end));
                }
                // A full page that more pages or a link follow contradicts a total that ends with it: one page more shows
                // whether the total is too low, as where it counts one page alone or is cut to a maximum.
                _ if self.read == total => {
                    let is_followed =
                        self.pages.is_some_and(|pages| number < pages) || self.pagination.has_next;
                    let is_paged = is_full && len as u64 <= u64::from(self.options.size);
                    // Past the end, a copy of a page has to be recognized.
                    let is_known = self.previous.is_some_and(|page| page.digest != 0);
                    return Ok(is_known && is_paged && new > 0 && is_followed);
                }
                // More records than items: pages repeat items, and others are to come.
                _ if self.read < total => {
                    let overlaps = self.position > total && (is_announced || is_full);
                    let is_early = self.pages.is_some() && is_announced;
                    return Ok(brings && (overlaps || is_early));
                }
                // More items than that were there at a time, some of which were deleted.
                Ordering::Equal => return Ok(false),
                // The list shrank to fewer pages.
                Ordering::Greater if !fresh => return Ok(false),
                Ordering::Greater => self.contradicted = true,
            }
        }
        // Where pages are linked, the last one has no link.
        let may_continue = is_full && brings && !self.linked;
        if let Some(pages) = self.pages {
            if !fresh && (number < pages || (number == pages && number > self.options.first)) {
                return Err(self.empty(number, pages));
            }
            // Without a total of items a full page may be followed by another one, whatever the number of pages is.
            let is_linked = self.pagination.has_next && brings;
            return Ok(fresh
                && (number < pages || (self.options.identified && (may_continue || is_linked))));
        }
        if self.linked
            && let Some(absent) = self.absent.take()
        {
            return Err(Error::new(
                ErrorKind::Incomplete,
                format!(
                    "page {number} was linked to as the next one and is not there: the list is not complete; read it again"
                ),
            )
            .with_page(number)
            .with_source(absent));
        }
        if self.pagination.has_next && fresh {
            if !brings && self.pass == 1 {
                return Err(Error::new(
                    ErrorKind::Incomplete,
                    format!(
                        "page {number} contains nothing new and links to a next page: the list has no end; \
                         contact the service's support"
                    ),
                )
                .with_page(number));
            }
            return Ok(brings);
        }
        Ok(may_continue)
    }

    /// Bounds what a list without an end can cost.
    fn check_bounds(&self, number: u32) -> Result<()> {
        let announced = self.announced_first.unwrap_or(1);
        let reason = if self.options.identified {
            if self.pages_without_new < MAX_PAGES_WITHOUT_NEW.saturating_add(self.pass_pages) {
                return Ok(());
            }
            format!(
                "{} pages in a row contain nothing new, and more are announced",
                self.pages_without_new
            )
        } else {
            let first = self.options.first;
            let came = number.saturating_sub(first).saturating_add(1);
            let announced = announced.saturating_sub(first).saturating_add(1);
            if came < announced.min(MAX_ANNOUNCED).saturating_add(MAX_UNANNOUNCED) {
                return Ok(());
            }
            format!(
                "{came} pages were read, of {announced} that were announced at first, and more are announced"
            )
        };
        Err(Error::new(
            ErrorKind::Incomplete,
            format!("{reason}: the list has no end; contact the service's support"),
        )
        .with_page(number))
    }

    /// Whether all came that was announced when the list was begun for this time: what was added since can't be waited for.
    fn has_caught_up(&self, total: u64) -> bool {
        self.pass > 1
            && self.read >= self.previous_pass_highest
            && self
                .pass_total
                .is_some_and(|at_start| at_start < total && self.read >= at_start)
    }

    /// Begins with the first page again where that can bring what is missing; finishes, or fails, otherwise.
    fn read_again(&mut self) -> Result<()> {
        let is_stable = self.last_digest == Some(self.digest);
        let total = self.total();
        // All that ever came, or the same as the last time, and no item twice.
        let is_sound =
            self.pass > 1 && !self.pass_repeats && (is_stable || self.position == self.read);
        if total.is_none() && is_sound {
            self.finish();
            return Ok(());
        }
        // Without a total, it is known only at an order that does not change that all came.
        let max_passes = total.map_or(MAX_PASSES_WITHOUT_TOTAL, |_| MAX_PASSES);
        let may_change = !is_stable || self.may_lag();
        let can_help =
            self.options.identified && self.whole && may_change && self.pass < max_passes;
        if !can_help {
            return Err(self.incomplete(total));
        }
        self.first_end.get_or_insert(End {
            position: self.position,
            read: self.read,
        });
        self.pass += 1;
        self.pass_pages = self.pass_pages.max(self.next);
        self.last_digest = Some(self.digest);
        self.digest = 0;
        self.state = State::Reading;
        self.previous = None;
        self.position = 0;
        self.pages = None;
        self.pages_without_new = 0;
        self.last_to_request = None;
        self.absent = None;
        self.pass_repeats = false;
        self.clear(1);
        Ok(())
    }

    /// Items are missing, or it is not known whether they are.
    fn incomplete(&mut self, total: Option<u64>) -> Error {
        let total = match self.may_lag() {
            true => total.map(|total| total.max(self.pass_highest)),
            false => total,
        };
        let what = match total {
            Some(total) if self.read < total => {
                format!(
                    "the list ended after {} of {total} announced items",
                    self.read
                )
            }
            Some(_) if self.exhausted => format!(
                "the list was being read a second time, and {} items had come",
                self.read
            ),
            Some(total) => format!(
                "items came again although the total stayed {total}: whether the {} that were read are all is not known",
                self.read
            ),
            None => format!(
                "items came again and there is no usable total: whether the {} that were read are all is not known",
                self.read
            ),
        };
        let why = if !self.options.identified {
            "read it again".to_owned()
        } else if self.pass > 1 {
            format!(
                "it was read {} times; read it from its start, or by smaller periods",
                self.pass
            )
        } else if self.options.first > 1 || self.options.before.read > 0 {
            "a resumed list is not read a second time; read the list from its start".to_owned()
        } else {
            "it is too long to be read a second time; read it by smaller periods".to_owned()
        };
        let gone = match (&self.absent, self.previous) {
            (Some(_), Some(page)) => format!(", page {} is not there", page.number),
            _ => String::new(),
        };
        let mut error = Error::new(ErrorKind::Incomplete, format!("{what}{gone}: {why}"));
        if let Some(previous) = self.previous {
            error = error.with_page(previous.number);
        }
        match self.absent.take() {
            Some(absent) => error.with_source(absent),
            None => error,
        }
    }

    /// A page came empty that more pages, or itself, were announced for.
    fn empty(&mut self, number: u32, pages: u32) -> Error {
        let error = match self.absent.take() {
            Some(absent) => Error::new(
                ErrorKind::Incomplete,
                format!(
                    "page {number} of {pages} was announced and is not there: the list is not complete; read it again"
                ),
            )
            .with_source(absent),
            None => Error::new(
                ErrorKind::Incomplete,
                format!(
                    "page {number} of {pages} came empty: its items are missing; read the list again"
                ),
            ),
        };
        error.with_page(number)
    }

    /// A page that was there a moment ago could not be read again.
    fn vanished(&self, error: Error) -> Error {
        if error.kind() != ErrorKind::NotFound {
            return error;
        }
        let number = self.previous.map_or(1, |previous| previous.number);
        Error::new(
            ErrorKind::Incomplete,
            format!("page {number} was read and is not there any more: the list is not complete; read it again"),
        )
        .with_page(number)
        .with_source(error)
    }
}

/// Whether items may have been deleted before the page `after` came, and others added before the page before it was read
/// again, so that it ends as it did.
fn may_hide<T>(before: Option<u64>, after: &PageResponse<T>, again: &PageResponse<T>) -> bool {
    let (Some(before), Some(after)) = (before, after.pagination.items_total) else {
        return false;
    };
    after < before && again.pagination.items_total != Some(after)
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
