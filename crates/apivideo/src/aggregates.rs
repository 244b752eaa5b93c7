//! Aggregates: the successors of raw statistics.
//!
//! [`Client::metric`](crate::Client::metric) returns one number, [`Client::buckets`](crate::Client::buckets) one number per value
//! of a dimension, and [`Client::timeseries`](crate::Client::timeseries) one number per interval. [`CurrentViewers`] is a stream of
//! the current viewers of a live stream.
//!
//! The enums of this module are open: the service can add values. `FromStr` accepts the values that this version of the crate
//! names; `other` accepts any value.

pub use crate::resources::aggregates::current_viewers::{CurrentViewers, ViewerSample};
pub use crate::resources::aggregates::filter::Filter;
pub use crate::resources::aggregates::metric::MetricRequest;
pub use crate::resources::params::{
    Breakdown, BucketMetric, BucketOrder, Continent, DeviceType, Interval, MediaType, Metric,
    SeriesMetric, SeriesOrder, ViewDuration,
};
