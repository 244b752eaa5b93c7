//! Decides when the pages of a window are prefetched.

/// Prefetching starts once this part of the first page has been taken, but not before [`FIRST_ITEMS`].
const FIRST_PART: usize = 8;
/// A stream of which no more items are taken makes a single request, however small the pages are.
const FIRST_ITEMS: usize = 5;

/// Whether pages are prefetched.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Prefetch {
    /// The first page was not received.
    #[default]
    NotYet,
    /// This number of items of the first page has to be taken first.
    After(usize),
    Always,
}

impl Prefetch {
    /// Records that a page with this number of items was received.
    pub(super) fn page_received(&mut self, items: usize) {
        if let Self::NotYet = self {
            *self = Self::After(items.div_ceil(FIRST_PART).max(FIRST_ITEMS));
        }
    }

    /// Records that an item was taken.
    #[inline]
    pub(super) fn item_taken(&mut self) {
        match *self {
            Self::After(0) => *self = Self::Always,
            Self::After(more) => *self = Self::After(more - 1),
            Self::NotYet | Self::Always => {}
        }
    }

    /// Returns whether enough of the first page has been taken.
    pub(super) fn has_started(self) -> bool {
        matches!(self, Self::Always)
    }
}
