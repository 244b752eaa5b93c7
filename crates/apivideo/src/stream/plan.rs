//! What a stream is to read, and how.

use std::sync::Arc;

use crate::error::Result;
use crate::stream::ledger::Target;
use crate::stream::pager::Fetched;
use crate::transport::Transport;
use crate::transport::clock::BoxFuture;

/// Asks for a page of a window.
pub(crate) type FetchWindow<T> =
    Arc<dyn Fn(&Transport, u32, u32) -> BoxFuture<Result<Fetched<T>>> + Send + Sync>;

/// What a stream is to read, and how.
pub(crate) struct Plan<T> {
    pub(crate) target: Target,
    pub(crate) fetch: FetchWindow<T>,
    /// How many windows there are; a list that has none is one.
    pub(crate) windows: u32,
    /// How many windows are read side by side, 1 at least.
    pub(crate) concurrency: usize,
    /// Whether windows come out one after the other.
    pub(crate) ordered: bool,
    /// How many pages of each window are read ahead.
    pub(crate) prefetch: usize,
    /// What an item is known by, if anything.
    pub(crate) identity: Option<fn(&T) -> &str>,
}
