//! Streams: the pages of a list, its items, and several lists as one.

pub(crate) mod dedup;
pub(crate) mod items;
pub(crate) mod ledger;
mod list_reader;
mod list_stream;
mod multi_asset;
pub(crate) mod ordered;
pub(crate) mod page_response;
pub(crate) mod pager;
pub(crate) mod pages;
pub(crate) mod plan;
mod prefetch;
mod progress_watch;
pub(crate) mod records;
mod until_error;
mod window_reader;
mod with_events;
mod yield_once;

pub use crate::progress::{WaitReason, Waiting};
pub(crate) use items::ItemStream;
pub use pages::PageStream;
pub use progress_watch::ProgressWatch;
pub use until_error::{Outcome, UntilError};
