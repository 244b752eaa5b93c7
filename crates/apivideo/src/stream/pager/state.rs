//! The state of a pager: what is known about the pages that it received.

use crate::cursor::Before;
use crate::stream::page_response::PageResponse;

/// The number of page boundaries that may have moved without a page of new items in between.
pub(super) const MAX_MOVES: u32 = 100;

/// The options with which a list is read.
#[derive(Clone, Debug, Default)]
pub(crate) struct PagerOptions {
    /// The first page to read, counted from 1.
    pub(crate) first: u32,
    /// The page size that is requested.
    pub(crate) size: u32,
    /// Whether items have an identity, by which the reader recognizes duplicates: only then a page can be read a second time.
    pub(crate) identified: bool,
    /// The pages and items that an earlier stream has read.
    pub(crate) before: Before,
}

/// The reader's findings about a page.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PageContents {
    /// The fingerprint of the first record, where records have an identity.
    pub(crate) first: Option<u64>,
    /// The number of records.
    pub(crate) len: usize,
    /// The number of records that are new to the window.
    pub(crate) new: u64,
    /// Whether some of them are duplicates.
    pub(crate) repeats: bool,
    /// A digest of all records in their order; 0 without identities.
    pub(crate) digest: u64,
    /// Whether duplicates were found elsewhere than at the start of the page, where a list that grows repeats them.
    pub(crate) disorder: bool,
    /// Whether duplicates were found within this pass; see [`Pager::pass_without_total`](super::Pager::pass_without_total).
    pub(crate) repeats_in_pass: bool,
    /// Whether the reader knows all items that were read.
    pub(crate) whole: bool,
}

/// The ends of a page, which show whether it continues the page before.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PageEnds {
    /// Whether the first record was read before.
    pub(crate) starts_known: bool,
    /// The fingerprint of the last record.
    pub(crate) last: Option<u64>,
    /// Whether the reader has found the item at which an earlier stream stopped, or looks for none.
    pub(crate) anchored: bool,
}

/// Whether the next page continues the pages that were read.
pub(super) enum Boundary<T> {
    /// It does, as far as is known.
    Sound,
    /// The page before is read again; this page is kept until then.
    Checking(PageResponse<T>),
    /// It does: this page is returned next.
    Joined(PageResponse<T>),
    /// The page in `Joined` was just returned.
    Passed,
    /// Pages are read backwards with this stride, until one begins with an item that was read before.
    Seeking(u32),
}

/// The page that was accepted last.
#[derive(Clone, Copy, Debug)]
pub(super) struct Previous {
    pub(super) number: u32,
    /// The number of records before it.
    pub(super) start: u64,
    pub(super) last: Option<u64>,
    pub(super) digest: u64,
    pub(super) total: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Reading,
    /// The pages have ended, and items are missing or in doubt.
    Short,
    /// There is nothing more to read.
    Done,
}

/// The end of a pass.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    pub(super) position: u64,
    pub(super) read: u64,
}
