//! Arguments of the commands that list items, and the parameters of the lists that they set.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use apivideo::query::{self, LiveStreamOrder, SortOrder, VideoOrder};
use apivideo::{AssetId, Client, List, LiveStreamId, SessionId, VideoId};
use clap::{Args, ValueEnum};

use super::period::{self, PeriodArg};
use super::values::key_value;
use crate::checkpoint;
use crate::format::EventLayout;

/// The type of an asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AssetType {
    /// Videos
    Video,
    /// Live streams
    LiveStream,
}

#[derive(Debug, Args)]
#[command(override_usage = "\
apivideo sessions [OPTIONS] --period <PERIOD> video <ID>...
       apivideo sessions [OPTIONS] --period <PERIOD> live-stream <ID>...
       apivideo sessions [OPTIONS] --period <PERIOD> --all-videos [--all-live-streams]
       apivideo sessions [OPTIONS] --period <PERIOD> --all-live-streams")]
pub(crate) struct Sessions {
    /// The type of the assets
    #[arg(value_name = "TYPE", required_unless_present_any = ["all_videos", "all_live_streams"])]
    pub(crate) asset_type: Option<AssetType>,
    /// The ids of the videos or live streams
    #[arg(value_name = "ID", requires = "asset_type", required_unless_present_any = ["all_videos", "all_live_streams"])]
    pub(crate) ids: Vec<String>,
    /// Sessions of all videos
    #[arg(long, conflicts_with = "asset_type")]
    pub(crate) all_videos: bool,
    /// Sessions of all live streams
    #[arg(long, conflicts_with = "asset_type")]
    pub(crate) all_live_streams: bool,
    #[arg(long, value_name = "PERIOD", help = format!("{}, in UTC", period::HELP))]
    pub(crate) period: PeriodArg,
    /// Only sessions of videos with this metadata; if repeated, all pairs must match
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value, conflicts_with = "all_live_streams")]
    pub(super) metadata: Vec<(String, String)>,
    /// Include the events of each session: in the field `events`, or with `=rows` as a row per event beside the fields of its
    /// session; a session without events is a row without an event
    #[arg(
        long,
        value_name = "LAYOUT",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "nested",
        conflicts_with = "count"
    )]
    pub(crate) with_events: Option<EventLayout>,
    /// Concurrent requests for several assets and for events [default: 8]
    #[arg(long, value_name = "N")]
    pub(crate) concurrency: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(crate) list: ListOptions,
}

#[derive(Debug, Args)]
pub(crate) struct Events {
    /// The id of the session
    #[arg(value_name = "SESSION_ID")]
    pub(crate) session: SessionId,
    #[command(flatten)]
    pub(crate) list: ListOptions,
}

#[derive(Debug, Args)]
pub(crate) struct Videos {
    /// Only videos whose title contains TEXT
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Only videos with this tag; if repeated, all tags must match
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Only videos with this metadata; if repeated, all pairs must match
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    metadata: Vec<(String, String)>,
    /// Sort by this field: title, createdAt, publishedAt or updatedAt
    #[arg(long, value_name = "FIELD")]
    sort: Option<VideoOrder>,
    /// The sort direction: asc or desc [default: asc]
    #[arg(long, value_name = "DIRECTION", requires = "sort")]
    order: Option<SortOrder>,
    #[command(flatten)]
    pub(crate) list: ListOptions,
}

#[derive(Debug, Args)]
pub(crate) struct LiveStreams {
    /// Only live streams whose name contains TEXT
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// Sort by this field: name, createdAt or updatedAt
    #[arg(long, value_name = "FIELD")]
    sort: Option<LiveStreamOrder>,
    /// The sort direction: asc or desc [default: asc]
    #[arg(long, value_name = "DIRECTION", requires = "sort")]
    order: Option<SortOrder>,
    #[command(flatten)]
    pub(crate) list: ListOptions,
}

/// Which items of a list to read, and where to write them.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "List options")]
pub(crate) struct ListOptions {
    /// Only the first N items
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u64>,
    /// Only the newest N items, oldest first
    #[arg(long, value_name = "N", conflicts_with_all = ["limit", "resume"])]
    pub(crate) last: Option<NonZeroUsize>,
    /// Print only the number of items: sends one request, or one per asset
    #[arg(long, conflicts_with_all = ["limit", "last", "resume", "fields"])]
    pub(crate) count: bool,
    /// Write to FILE instead of stdout; the format is that of --output, else of the extension: .ndjson, .json or .csv
    ///
    /// Until the list is complete, a checkpoint is kept in FILE.checkpoint, or in the file of --resume. If the command is
    /// stopped or killed, the same command resumes, and FILE ends up with the same bytes as without the interruption.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["last", "count"])]
    pub(crate) out: Option<PathBuf>,
    /// Resume from the checkpoint in FILE if it exists, and update it until the list is complete
    #[arg(long, value_name = "FILE")]
    pub(crate) resume: Option<PathBuf>,
    /// Start over and overwrite the file of --out
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
}

impl Sessions {
    /// Sets the parameters of a list.
    pub(crate) fn set_on(&self, mut list: List<query::Sessions>) -> List<query::Sessions> {
        for (key, value) in &self.metadata {
            list = list.metadata(key, value);
        }
        list
    }

    /// Returns the assets with the given ids.
    pub(crate) fn assets(&self) -> apivideo::Result<Vec<AssetId>> {
        let ids = self.ids.iter();
        match self.asset_type {
            Some(AssetType::Video) => ids.map(|id| Ok(VideoId::new(id)?.into())).collect(),
            Some(AssetType::LiveStream) => {
                ids.map(|id| Ok(LiveStreamId::new(id)?.into())).collect()
            }
            None => Ok(Vec::new()),
        }
    }
}

impl Videos {
    /// Returns the list with its parameters.
    pub(crate) fn list(&self, client: &Client) -> List<query::Videos> {
        let mut list = client.videos();
        if let Some(title) = &self.title {
            list = list.title(title);
        }
        for tag in &self.tag {
            list = list.tag(tag);
        }
        for (key, value) in &self.metadata {
            list = list.metadata(key, value);
        }
        if let Some(sort) = self.sort.clone() {
            list = list.sort_by(sort, self.order.unwrap_or(SortOrder::Ascending));
        }
        list
    }
}

impl LiveStreams {
    /// Returns the list with its parameters.
    pub(crate) fn list(&self, client: &Client) -> List<query::LiveStreams> {
        let mut list = client.live_streams();
        if let Some(name) = &self.name {
            list = list.name(name);
        }
        if let Some(sort) = self.sort.clone() {
            list = list.sort_by(sort, self.order.unwrap_or(SortOrder::Ascending));
        }
        list
    }
}

impl ListOptions {
    /// Returns the file in which a checkpoint is kept while the list is read, if any.
    pub(crate) fn checkpoint(&self) -> Option<PathBuf> {
        let beside_out = || self.out.as_deref().map(checkpoint::beside);
        self.resume.clone().or_else(beside_out)
    }

    /// Whether any of these options is set.
    pub(super) fn is_set(&self) -> bool {
        self.limit.is_some()
            || self.last.is_some()
            || self.count
            || self.resume.is_some()
            || self.out.is_some()
    }
}
