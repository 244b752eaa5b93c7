//! Arguments of `apivideo reconcile`.

use std::num::NonZeroUsize;

use apivideo::jiff::tz::TimeZone;
use apivideo::{AssetId, LiveStreamId, VideoId};
use apivideo_insights::Dimension;
use clap::Args;

use super::lists::AssetType;
use super::period::{self, PeriodArg};
use super::questions::OutFile;

#[derive(Debug, Args)]
pub(crate) struct Reconcile {
    /// The type of the asset
    #[arg(value_name = "TYPE")]
    pub(crate) asset_type: AssetType,
    /// The id of the video or live stream
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[arg(long, value_name = "PERIOD", help = format!("{}, at most 30 days ago", period::HELP))]
    pub(crate) period: PeriodArg,
    /// The time zone of the period, such as Europe/Paris [default: UTC]
    #[arg(long, value_name = "ZONE", value_parser = period::time_zone)]
    pub(crate) tz: Option<TimeZone>,
    /// The dimension that identifies viewers [default: metadata.userId]
    #[arg(long, value_name = "DIMENSION")]
    pub(crate) viewer_key: Option<Dimension>,
    /// Concurrent requests for events [default: 8]
    #[arg(long, value_name = "N")]
    pub(crate) concurrency: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(crate) file: OutFile,
}

impl Reconcile {
    pub(crate) fn asset(&self) -> apivideo::Result<AssetId> {
        Ok(match self.asset_type {
            AssetType::Video => VideoId::new(&self.id)?.into(),
            AssetType::LiveStream => LiveStreamId::new(&self.id)?.into(),
        })
    }

    pub(crate) fn zone(&self) -> TimeZone {
        self.tz.clone().unwrap_or(TimeZone::UTC)
    }
}

/// Returns an error if the id is not valid.
pub(super) fn check(reconcile: &Reconcile) -> Result<(), String> {
    reconcile
        .asset()
        .map(drop)
        .map_err(|error| error.to_string())
}
