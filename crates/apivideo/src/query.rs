//! Queries of lists, and the types of their parameters.
//!
//! A query has no public constructor: the [client](crate::Client) and its handles return [lists](crate::List) of them.

pub use crate::list::query::ListQuery;
pub use crate::page::Pagination;
pub use crate::period::Window;
pub use crate::resources::aggregates::buckets::Buckets;
pub use crate::resources::aggregates::scope::AggregateQuery;
pub use crate::resources::aggregates::timeseries::Timeseries;
pub use crate::resources::chapters::VideoChapters;
pub use crate::resources::events::Events;
pub use crate::resources::live_streams::LiveStreams;
pub use crate::resources::metadata_filter::MetadataQuery;
pub use crate::resources::params::{LiveStreamOrder, SortOrder, VideoOrder};
pub use crate::resources::raw::Raw;
pub use crate::resources::sessions::Sessions;
pub use crate::resources::sort::SortQuery;
pub use crate::resources::videos::Videos;
pub use crate::string_enum::OtherValue;
