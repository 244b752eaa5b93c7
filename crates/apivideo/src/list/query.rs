//! The query of a list, and the request for one page of it.

use std::fmt;

use jiff::Timestamp;

use crate::error::Result;
use crate::id::AssetId;
use crate::page::PageSize;
use crate::period::Window;
use crate::stream::page_response::PageResponse;
use crate::stream::plan::ReadEvents;
use crate::transport::Transport;
use crate::transport::clock::BoxFuture;

/// A query that can be listed. Sealed: implemented by the queries in [`query`](crate::query).
///
/// ```
/// use apivideo::List;
/// use apivideo::query::ListQuery;
///
/// async fn is_empty<Q: ListQuery>(list: &List<Q>) -> apivideo::Result<bool> {
///     Ok(list.total().await? == 0)
/// }
/// ```
pub trait ListQuery:
    sealed::Query<Self::Item> + Clone + fmt::Debug + Send + Sync + 'static
{
    /// The items of the list.
    type Item: Send + 'static;
}

pub(crate) mod sealed {
    use super::{
        AssetId, BoxFuture, PageRequest, PageResponse, ReadEvents, Result, Timestamp, Window,
    };

    /// The methods that each resource defines. The defaults are those of lists other than sessions.
    pub trait Query<T>: Clone {
        /// The path of the list.
        fn path(&self) -> String;

        /// Requests one page.
        fn fetch(&self, request: PageRequest) -> BoxFuture<Result<PageResponse<T>>>;

        /// The filters as a string that is the same for the same filters; only its fingerprint is kept.
        fn filters(&self) -> String;

        /// The identity of an item, if items have one.
        fn identity() -> Option<fn(&T) -> &str> {
            None
        }

        /// Returns an error if the query is invalid, before the first request.
        fn check(&self) -> Result<()> {
            Ok(())
        }

        /// The assets whose lists are read one after the other; `None` where there is one list.
        fn assets(&self) -> Option<&[AssetId]> {
            None
        }

        /// The same query for one of the assets.
        #[must_use]
        fn of_asset(&self, asset: &AssetId) -> Self {
            let _ = asset;
            self.clone()
        }

        /// The same query for each window of its period.
        fn windows(&self, window: Window) -> Vec<Self> {
            let _ = window;
            vec![self.clone()]
        }

        /// The function that adds events to an item, if items can have them.
        fn read_events() -> Option<ReadEvents<T>> {
            None
        }

        /// The time by which the newest items of several lists are found.
        fn time(item: &T) -> Option<Timestamp> {
            let _ = item;
            None
        }
    }
}

/// A request for one page.
pub struct PageRequest {
    pub(crate) transport: Transport,
    /// Counted from 1.
    pub(crate) number: u32,
    pub(crate) size: PageSize,
}

impl PageRequest {
    /// The number, as the generated operations take it.
    pub(crate) fn page(&self) -> u64 {
        self.number.into()
    }

    /// The page size, as the generated operations take it.
    pub(crate) fn page_size(&self) -> u64 {
        self.size.get().into()
    }
}
