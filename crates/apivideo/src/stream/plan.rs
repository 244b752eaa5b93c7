//! The plan of a stream: the data that it reads and its options, prepared by a list.

use std::sync::Arc;

use crate::cursor::Hex;
use crate::error::{Error, Result};
use crate::id::AssetId;
use crate::page::PageSize;
use crate::stream::page_response::PageResponse;
use crate::transport::Transport;
use crate::transport::clock::BoxFuture;

/// Requests a page of a window: the transport, the window, the number of the page.
pub(crate) type FetchWindow<T> =
    Arc<dyn Fn(&Transport, u32, u32) -> BoxFuture<Result<PageResponse<T>>> + Send + Sync>;

/// Receives the records that could not be decoded.
pub(crate) type OnInvalid = Arc<dyn Fn(Error) + Send + Sync>;

/// One list.
pub(crate) struct Plan<T> {
    /// The path of the list.
    pub(crate) path: String,
    pub(crate) page_size: PageSize,
    pub(crate) fetch: FetchWindow<T>,
    /// The number of windows; a list that is not read by windows is one.
    pub(crate) windows: u32,
    /// The number of windows that are read at a time, at least 1.
    pub(crate) concurrency: usize,
    /// Whether the items of a window are yielded after those of the windows before.
    pub(crate) ordered: bool,
    /// The number of pages of each window that are prefetched.
    pub(crate) prefetch: usize,
    /// The identity of an item, if items have one.
    pub(crate) identity: Option<fn(&T) -> &str>,
    pub(crate) on_invalid: Option<OnInvalid>,
    /// Adds events to each item.
    pub(crate) events: Option<Events<T>>,
    /// The asset whose sessions are listed.
    pub(crate) asset: Option<AssetId>,
}

/// Adds its events to an item.
pub(crate) type ReadEvents<T> = fn(Transport, T) -> BoxFuture<std::result::Result<T, Unread<T>>>;

/// An item whose events could not be read.
pub struct Unread<T> {
    pub(crate) item: T,
    pub(crate) error: Error,
}

/// The function and concurrency with which events are added to items.
pub(crate) struct Events<T> {
    pub(crate) read: ReadEvents<T>,
    /// The number of items whose events are read at a time, at least 1.
    pub(crate) concurrency: usize,
    /// Whether items whose events cannot be read are yielded without them, instead of an error of the kind `Events`.
    pub(crate) keep_unread: bool,
}

/// Returns the plan of the list of one asset.
pub(crate) type PlanOfAsset<T> = Arc<dyn Fn(&AssetId) -> Plan<T> + Send + Sync>;

/// The lists of several assets.
pub(crate) struct AssetsPlan<T> {
    pub(crate) assets: Arc<[AssetId]>,
    pub(crate) list: PlanOfAsset<T>,
    /// The number of assets that are read at a time, at least 1.
    pub(crate) concurrency: usize,
    /// Whether the items of an asset are yielded after those of the assets before.
    pub(crate) ordered: bool,
    /// The error that is yielded instead of items.
    pub(crate) error: Option<Error>,
}

/// The list or lists that a stream reads.
pub(crate) enum Source<T> {
    List(Plan<T>),
    Assets(AssetsPlan<T>),
}

/// The properties that a cursor must match, besides the list itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filters {
    pub(crate) fingerprint: Hex,
    pub(crate) page_size: PageSize,
}
