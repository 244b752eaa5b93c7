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

pub use aggregates::{Buckets, Filter, MetricRequest, Timeseries};
pub use events::{Events, SessionHandle};
pub use live_streams::{LiveStreamHandle, LiveStreams};
pub use params::{
    Breakdown, BucketMetric, BucketOrder, Continent, DeviceType, Interval, LiveStreamOrder,
    MediaType, Metric, SeriesMetric, SeriesOrder, SortOrder, VideoOrder, ViewDuration,
};
pub use raw::Raw;
pub use sessions::{AssetsHandle, Sessions};
pub use sort::SortQuery;
pub use videos::{VideoHandle, Videos};

use crate::error::{Error, ErrorKind};

fn misread(error: Error) -> Error {
    Error::new(ErrorKind::Decode, "the reply can't be understood").with_source(error)
}
