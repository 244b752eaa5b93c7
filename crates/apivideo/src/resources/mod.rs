//! What can be listed: one file per resource, with its query, its setters and its request.

pub(crate) mod aggregates;
pub(crate) mod events;
pub(crate) mod live_streams;
pub(crate) mod multi_asset;
pub(crate) mod params;
pub(crate) mod raw;
pub(crate) mod sessions;
pub(crate) mod videos;

pub use aggregates::{Buckets, Filter, MetricRequest, Timeseries};
pub use events::{EventsOfSession, SessionHandle};
pub use live_streams::{LiveStreamHandle, LiveStreams};
pub use multi_asset::{AssetSessions, Assets};
pub use params::{
    Breakdown, BucketMetric, BucketOrder, Continent, DeviceType, Interval, LiveStreamOrder,
    MediaType, Metric, SeriesMetric, SeriesOrder, SortOrder, VideoOrder, ViewDuration,
};
pub use raw::Anything;
pub use sessions::{LiveStreamSessions, VideoSessions};
pub use videos::{VideoHandle, Videos};

use crate::error::{Error, ErrorKind};

fn misread(error: Error) -> Error {
    Error::new(ErrorKind::Decode, "the reply can't be understood").with_source(error)
}
