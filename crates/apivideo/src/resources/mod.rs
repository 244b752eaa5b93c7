//! What can be listed: one file per resource, with its query, its setters and its request.

pub(crate) mod aggregates;
pub(crate) mod events;
pub(crate) mod live_streams;
pub(crate) mod parameters;
pub(crate) mod params;
pub(crate) mod raw;
pub(crate) mod sessions;
pub(crate) mod sort;
pub(crate) mod videos;

pub use events::{Events, SessionHandle};
pub use live_streams::{LiveStreamHandle, LiveStreams};
pub use raw::Raw;
pub use sessions::{AssetsHandle, Sessions};
pub use sort::SortQuery;
pub use videos::{VideoHandle, Videos};
