//! What a list reads: the query, and one page that it requests.

use crate::error::Result;
use crate::page::PageSize;
use crate::stream::pager::Fetched;
use crate::transport::Transport;
use crate::transport::clock::BoxFuture;

/// What can be listed: the queries of this crate, and none besides.
///
/// ```
/// use apivideo::{List, Listing};
///
/// async fn is_empty<Q: Listing>(list: &List<Q>) -> apivideo::Result<bool> {
///     Ok(list.total().await? == 0)
/// }
/// ```
pub trait Listing: sealed::Listing<Self::Item> {
    /// What the list has.
    type Item: Send + 'static;
}

pub(crate) mod sealed {
    use super::{Ask, BoxFuture, Fetched, Result};

    pub trait Listing<T>: Clone + Send + Sync + 'static {
        /// Asks for one page.
        fn fetch(&self, ask: Ask) -> BoxFuture<Result<Fetched<T>>>;

        /// The path of the list.
        fn path(&self) -> String;

        /// What narrows the list, in words that are the same for the same filters.
        fn filters(&self) -> String {
            String::new()
        }

        /// What an item is known by, if anything.
        fn identity() -> Option<fn(&T) -> &str> {
            None
        }
    }
}

/// One page that is asked for.
pub struct Ask {
    pub(crate) transport: Transport,
    pub(crate) page: u32,
    pub(crate) size: PageSize,
}

impl Ask {
    pub(crate) fn page(&self) -> u64 {
        self.page.into()
    }

    pub(crate) fn size(&self) -> u64 {
        self.size.get().into()
    }
}
