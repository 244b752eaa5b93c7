//! What lists are configured with.

pub use crate::period::Window;
pub use crate::resources::aggregates::buckets::Buckets;
pub use crate::resources::aggregates::scope::AggregateQuery;
pub use crate::resources::aggregates::timeseries::Timeseries;
pub use crate::resources::params::{LiveStreamOrder, SortOrder, VideoOrder};
pub use crate::string_enum::OtherValue;
