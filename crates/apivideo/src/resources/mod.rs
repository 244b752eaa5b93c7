//! Resources: one file each, with its query, setters and request.

pub(crate) mod aggregates;
pub(crate) mod chapters;
pub(crate) mod events;
pub(crate) mod live_streams;
pub(crate) mod metadata_filter;
pub(crate) mod params;
pub(crate) mod query_macro;
pub(crate) mod raw;
pub(crate) mod sessions;
pub(crate) mod sort;
pub(crate) mod videos;

pub use events::SessionHandle;
pub use live_streams::LiveStreamHandle;
pub use sessions::AssetsHandle;
pub(crate) use sessions::Sessions;
pub use videos::VideoHandle;
