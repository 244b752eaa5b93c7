//! The end of a list: whether another page follows.

use std::cmp::Ordering;

use super::Pager;
use super::state::{Boundary, MAX_MOVES, PageContents, Previous, State};
use crate::error::{Error, ErrorKind, Result};
use crate::stream::dedup::fold;

/// The number of pages in a row that may contain no new item, beyond those that were read before.
const MAX_PAGES_WITHOUT_NEW: u32 = 100;
/// The number of pages that are read at most of a list of items without identity, whatever is announced.
const MAX_ANNOUNCED: u32 = 10_000;
/// The number of pages that such a list may have beyond those that its first page announces.
const MAX_UNANNOUNCED: u32 = 1_000;

impl<T> Pager<T> {
    /// Accepts the last received page, with what the reader found on it, and decides whether another page follows.
    pub(crate) fn accept(
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
        // Past the end, some services return a copy of the last page, or of the first one.
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
        // Pages that were prefetched past the end are not needed.
        self.clear(self.next);
        match self.total() {
            // Items that moved across pages unnoticed are found by reading the pages again.
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

    /// Whether another page follows.
    fn has_more(&mut self, number: u32, len: usize, new: u64, is_copy: bool) -> Result<bool> {
        let fresh = len > 0;
        // Pages that were read before need no new items.
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
                // A full page that is followed by more pages or has a link contradicts a total that ends with it: one more page shows
                // whether the total is too low, as where it counts a single page or is limited to a maximum.
                _ if self.read == total => {
                    let is_followed =
                        self.pages.is_some_and(|pages| number < pages) || self.pagination.has_next;
                    let is_paged = is_full && len as u64 <= u64::from(self.options.size);
                    // Past the end, a copy of a page has to be recognized.
                    let is_known = self.previous.is_some_and(|page| page.digest != 0);
                    return Ok(is_known && is_paged && new > 0 && is_followed);
                }
                // More records than items: pages contain duplicates, and other items follow.
                _ if self.read < total => {
                    let overlaps = self.position > total && (is_announced || is_full);
                    let is_early = self.pages.is_some() && is_announced;
                    return Ok(brings && (overlaps || is_early));
                }
                // There were more items at a time, some of which were deleted.
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
                    "page {number} does not exist, but the page before links to it: the list is incomplete; read it again"
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
                        "page {number} contains no new items and links to a next page: the list has no end; \
                         contact the service's support"
                    ),
                )
                .with_page(number));
            }
            return Ok(brings);
        }
        Ok(may_continue)
    }

    /// Limits the pages of a list without an end.
    fn check_bounds(&self, number: u32) -> Result<()> {
        let announced = self.announced_first.unwrap_or(1);
        let reason = if self.options.identified {
            if self.pages_without_new < MAX_PAGES_WITHOUT_NEW.saturating_add(self.pass_pages) {
                return Ok(());
            }
            format!(
                "{} pages in a row contain no new items, and more are announced",
                self.pages_without_new
            )
        } else {
            let first = self.options.first;
            let received = number.saturating_sub(first).saturating_add(1);
            let announced = announced.saturating_sub(first).saturating_add(1);
            if received < announced.min(MAX_ANNOUNCED).saturating_add(MAX_UNANNOUNCED) {
                return Ok(());
            }
            format!(
                "{received} pages were read, {announced} were announced at first, and more are announced"
            )
        };
        Err(Error::new(
            ErrorKind::Incomplete,
            format!("{reason}: the list has no end; contact the service's support"),
        )
        .with_page(number))
    }

    /// Returns the error for an empty page that was announced, or that announces more pages.
    fn empty(&mut self, number: u32, pages: u32) -> Error {
        let error = match self.absent.take() {
            Some(absent) => Error::new(
                ErrorKind::Incomplete,
                format!(
                    "page {number} of {pages} does not exist: the list is incomplete; read it again"
                ),
            )
            .with_source(absent),
            None => Error::new(
                ErrorKind::Incomplete,
                format!(
                    "page {number} of {pages} is empty: its items are missing; read the list again"
                ),
            ),
        };
        error.with_page(number)
    }
}
