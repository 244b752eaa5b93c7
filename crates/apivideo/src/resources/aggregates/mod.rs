//! Aggregates: metrics, buckets and timeseries.

pub(crate) mod buckets;
pub(crate) mod current_viewers;
pub(crate) mod filter;
pub(crate) mod metric;
pub(crate) mod scope;
mod shared;
pub(crate) mod timeseries;
