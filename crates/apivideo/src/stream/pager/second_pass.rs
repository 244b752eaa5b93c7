//! Reading a list again from its start: when that helps, and what is reported when it does not.

use super::Pager;
use super::state::{End, State};
use crate::error::{Error, ErrorKind, Result};

/// The number of times that a list is read at most from its start.
const MAX_PASSES: u32 = 11;
/// The same, without a total of items.
const MAX_PASSES_WITHOUT_TOTAL: u32 = 4;

impl<T> Pager<T> {
    /// Whether duplicates were found although nothing changed, and the reader does not know all items.
    pub(super) fn is_unstable(&self) -> bool {
        self.disorder && !self.has_changed && !self.whole
    }

    /// Whether a list that is read again announced more items in between than were received: some replicas of the service may lag
    /// behind others. A list whose pages are those of the previous pass, and whose total only fell, has shrunk.
    pub(super) fn may_lag(&self) -> bool {
        let is_stable = self.last_digest == Some(self.digest);
        let announced = match is_stable {
            true => self.pass_risen,
            false => self.pass_highest,
        };
        self.pass > 1 && self.whole && self.read < announced
    }

    /// Whether all items were received that were announced at the start of this pass. Items added since are not waited for.
    pub(super) fn has_caught_up(&self, total: u64) -> bool {
        self.pass > 1
            && self.read >= self.previous_pass_highest
            && self
                .pass_total
                .is_some_and(|at_start| at_start < total && self.read >= at_start)
    }

    /// Starts another pass where it can find missing items. Otherwise finishes, or returns an error.
    pub(super) fn read_again(&mut self) -> Result<()> {
        let is_stable = self.last_digest == Some(self.digest);
        let total = self.total();
        // All that was ever received, or the same as in the previous pass, without duplicates.
        let is_sound =
            self.pass > 1 && !self.pass_repeats && (is_stable || self.position == self.read);
        if total.is_none() && is_sound {
            self.finish();
            return Ok(());
        }
        // Without a total, only an order that does not change shows that all items were received.
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

    /// Returns the error for items that are missing, or may be missing.
    pub(super) fn incomplete(&mut self, total: Option<u64>) -> Error {
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
                "the list was being read a second time, and {} items had been received",
                self.read
            ),
            Some(total) => format!(
                "duplicates were found although the total stayed {total}: some items may be missing from the {} that were read",
                self.read
            ),
            None => format!(
                "duplicates were found and there is no usable total: some items may be missing from the {} that were read",
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
            (Some(_), Some(page)) => format!(", page {} does not exist", page.number),
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
}
