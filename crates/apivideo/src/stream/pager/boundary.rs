//! The boundaries between pages: whether items have moved across them.

use super::Pager;
use super::state::{Boundary, MAX_MOVES, PageEnds};
use crate::error::{Error, ErrorKind, Result};
use crate::stream::page_response::PageResponse;

impl<T> Pager<T> {
    /// Checks whether a page continues those that were read. The page is kept (`None`) while the page before is read again: where
    /// the totals changed, or there are none, that page has to end as it did, or items have moved across the boundary.
    ///
    /// Called before [`accept`](Self::accept), where items have an identity.
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
                // Where an earlier stream stopped, it has seen the end of the page before.
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
                    self.note_totals(&page);
                    self.next_to_request = number.saturating_add(1);
                    self.seek(page, ends, 1)
                }
            },
            Boundary::Seeking(stride) => self.seek(page, ends, stride.saturating_mul(2)),
        }
    }

    /// Accepts a page that begins with an item that was read, and reads further back otherwise.
    pub(super) fn seek(
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
                "the item at which the list is resumed is no longer in the list; read the list from its start",
            ));
        }
        // A single item is searched, or any of those that were read.
        self.go_back(page.number, if ends.anchored { stride } else { 1 })?;
        Ok(None)
    }

    pub(super) fn go_back(&mut self, number: u32, stride: u32) -> Result<()> {
        self.spend(number)?;
        let target = number.saturating_sub(stride).max(1);
        // All pages are assumed to have the same size.
        let before = u64::from(number - 1).max(1);
        self.position = self.position / before * u64::from(target - 1);
        self.clear(target);
        self.last_to_request = None;
        self.boundary = Boundary::Seeking(stride);
        Ok(())
    }

    /// Counts a boundary between pages that has moved.
    pub(super) fn spend(&mut self, number: u32) -> Result<()> {
        match self.moves_left.checked_sub(1) {
            Some(left) => {
                self.moves_left = left;
                Ok(())
            }
            None => Err(Error::new(
                ErrorKind::Incomplete,
                format!(
                    "the list changed too often while it was read: items moved {MAX_MOVES} times at page {number}; \
                     read it when it changes less often, or by smaller periods"
                ),
            )
            .with_page(number)),
        }
    }

    /// Returns the error for a page that was read, and could not be read again.
    pub(super) fn vanished(&self, error: Error) -> Error {
        if error.kind() != ErrorKind::NotFound {
            return error;
        }
        let number = self.previous.map_or(1, |previous| previous.number);
        Error::new(
            ErrorKind::Incomplete,
            format!(
                "page {number} no longer exists after it was read: the list is incomplete; read it again"
            ),
        )
        .with_page(number)
        .with_source(error)
    }
}

/// Whether items may have been deleted before the page `after` was received, and others added before the page before it was read
/// again, so that it ends as it did.
fn may_hide<T>(before: Option<u64>, after: &PageResponse<T>, again: &PageResponse<T>) -> bool {
    let (Some(before), Some(after)) = (before, after.pagination.items_total) else {
        return false;
    };
    after < before && again.pagination.items_total != Some(after)
}
