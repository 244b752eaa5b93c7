//! Resources: one file each, with its query, setters and request, and the exports of all of them.

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

pub(crate) use sessions::Sessions;

/// The handles that `apivideo::client` exports.
pub(crate) mod handles {
    pub use super::events::SessionHandle;
    pub use super::live_streams::LiveStreamHandle;
    pub use super::sessions::AssetsHandle;
    pub use super::videos::VideoHandle;
}

/// The queries, and the types of their parameters, that `apivideo::query` exports.
pub(crate) mod queries {
    pub use super::aggregates::buckets::Buckets;
    pub use super::aggregates::scope::AggregateQuery;
    pub use super::aggregates::timeseries::Timeseries;
    pub use super::chapters::VideoChapters;
    pub use super::events::Events;
    pub use super::live_streams::LiveStreams;
    pub use super::metadata_filter::MetadataQuery;
    pub use super::params::{LiveStreamOrder, SortOrder, VideoOrder};
    pub use super::raw::Raw;
    pub use super::sessions::Sessions;
    pub use super::sort::SortQuery;
    pub use super::videos::Videos;
}
