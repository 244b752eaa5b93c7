//! Arguments of `apivideo watch`.

use std::num::NonZeroU64;
use std::time::Duration;

use apivideo::LiveStreamId;
use clap::{Args, ValueEnum};

use super::values;

#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// The type of the asset
    #[arg(value_name = "TYPE")]
    pub(crate) asset_type: WatchedType,
    /// The id of the live stream
    #[arg(value_name = "ID")]
    pub(crate) id: LiveStreamId,
    /// The time between two requests: 1 to 86400 [default: 20, for which the service counts a viewer as current]
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds)]
    pub(crate) interval: Option<Duration>,
    /// Stop after N requests [default: at Ctrl-C]
    #[arg(long, value_name = "N")]
    pub(crate) count: Option<NonZeroU64>,
}

/// The type of an asset that can be watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum WatchedType {
    /// A live stream
    LiveStream,
}
