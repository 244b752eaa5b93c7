//! The commands that read lists, and how much of them.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use apivideo::{LiveStreamId, LiveStreamOrder, Period, SessionId, SortOrder, VideoId, VideoOrder};
use clap::{Args, ValueEnum};

use crate::checkpoint;

use crate::text::is_hidden;

/// Whose sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Asset {
    /// Videos
    Video,
    /// Live streams
    LiveStream,
}

#[derive(Debug, Args)]
#[command(override_usage = "\
apivideo sessions [OPTIONS] --period <PERIOD> [KIND] [ID]...
       apivideo sessions --period <PERIOD> video <ID>...
       apivideo sessions --period <PERIOD> live-stream <ID>...
       apivideo sessions --period <PERIOD> --all-videos --all-live-streams")]
pub(crate) struct Sessions {
    /// Whose sessions
    #[arg(value_name = "KIND", required_unless_present_any = ["all_videos", "all_live_streams"])]
    pub(crate) kind: Option<Asset>,
    /// The videos or live streams, by their ids
    #[arg(value_name = "ID", requires = "kind", required_unless_present_any = ["all_videos", "all_live_streams"])]
    pub(crate) ids: Vec<String>,
    /// The sessions of all videos there are
    #[arg(long, conflicts_with = "kind")]
    pub(crate) all_videos: bool,
    /// The sessions of all live streams there are
    #[arg(long, conflicts_with = "kind")]
    pub(crate) all_live_streams: bool,
    /// When: a day (2022-01-01), an ISO week (2022-W01), a month (2022-01), a year (2022), or a range of days
    /// (2022-01-01/2022-01-15), in UTC
    #[arg(long)]
    pub(crate) period: Period,
    /// Only sessions of videos whose metadata has this key with exactly this value; several must all be there
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair, conflicts_with = "all_live_streams")]
    pub(crate) metadata: Vec<(String, String)>,
    /// Each session with all its events
    #[arg(long, conflicts_with = "count")]
    pub(crate) with_events: bool,
    /// How many lists are read side by side, of several assets and of events [default: 8]
    #[arg(long, value_name = "N")]
    pub(crate) concurrency: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(crate) range: Range,
}

#[derive(Debug, Args)]
pub(crate) struct Events {
    /// The session, by its id
    #[arg(value_name = "SESSION")]
    pub(crate) session: SessionId,
    #[command(flatten)]
    pub(crate) range: Range,
}

#[derive(Debug, Args)]
pub(crate) struct Videos {
    /// Only videos whose title holds this
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Only videos that have this tag; several must all be there
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Vec<String>,
    /// Only videos whose metadata has this key with exactly this value; several must all be there
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    pub(crate) metadata: Vec<(String, String)>,
    /// What they are sorted by: title, createdAt, publishedAt or updatedAt
    #[arg(long, value_name = "FIELD")]
    pub(crate) sort: Option<VideoOrder>,
    /// The direction of sorting: asc or desc [default: asc]
    #[arg(long, value_name = "WAY", requires = "sort")]
    pub(crate) order: Option<SortOrder>,
    #[command(flatten)]
    pub(crate) range: Range,
}

#[derive(Debug, Args)]
pub(crate) struct LiveStreams {
    /// Only live streams whose name holds this
    #[arg(long, value_name = "TEXT")]
    pub(crate) name: Option<String>,
    /// What they are sorted by: name, createdAt or updatedAt
    #[arg(long, value_name = "FIELD")]
    pub(crate) sort: Option<LiveStreamOrder>,
    /// The direction of sorting: asc or desc [default: asc]
    #[arg(long, value_name = "WAY", requires = "sort")]
    pub(crate) order: Option<SortOrder>,
    #[command(flatten)]
    pub(crate) range: Range,
}

/// How much of a list.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "How much")]
pub(crate) struct Range {
    /// No more than so many items, from the first one on
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u64>,
    /// The newest N items, the oldest of them first; of each asset where there are several
    #[arg(long, value_name = "N", conflicts_with_all = ["limit", "resume"])]
    pub(crate) last: Option<NonZeroUsize>,
    /// Only how many items there are, by one request (for each asset)
    #[arg(long, conflicts_with_all = ["limit", "last", "resume", "fields"])]
    pub(crate) count: bool,
    /// Continue from the checkpoint in FILE, if it is there, and keep it up to date until the list is complete
    #[arg(long, value_name = "FILE")]
    pub(crate) resume: Option<PathBuf>,
    /// Write to FILE instead of stdout, in the format of --output, else of its extension: .ndjson, .json or .csv
    ///
    /// A checkpoint is kept beside it (FILE.checkpoint, or as --resume says) until the list is complete. Stopped anywhere, also
    /// by a kill, the same command continues, and FILE ends with the bytes of a run that was not stopped.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["last", "count"])]
    pub(crate) out: Option<PathBuf>,
    /// Overwrite the FILE of --out and start over
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
}

impl Sessions {
    /// The videos among the ids.
    pub(crate) fn videos(&self) -> apivideo::Result<Vec<VideoId>> {
        match self.kind {
            Some(Asset::Video) => self.ids.iter().map(|id| id.parse()).collect(),
            _ => Ok(Vec::new()),
        }
    }

    /// The live streams among the ids.
    pub(crate) fn live_streams(&self) -> apivideo::Result<Vec<LiveStreamId>> {
        match self.kind {
            Some(Asset::LiveStream) => self.ids.iter().map(|id| id.parse()).collect(),
            _ => Ok(Vec::new()),
        }
    }
}

/// A key and its value.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some(("", _)) => Err("the key is empty; write KEY=VALUE, such as hats=green".to_owned()),
        Some((key, value)) => Ok((key.to_owned(), value.to_owned())),
        None => Err("there is no `=` in it; write KEY=VALUE, such as hats=green".to_owned()),
    }
}

impl Range {
    /// The file in which a checkpoint is kept as the list is read.
    pub(crate) fn checkpoint(&self) -> Option<PathBuf> {
        let beside = || self.out.as_deref().map(checkpoint::beside);
        self.resume.clone().or_else(beside)
    }

    /// Whether any of it was given.
    pub(super) fn is_given(&self) -> bool {
        self.limit.is_some()
            || self.last.is_some()
            || self.count
            || self.resume.is_some()
            || self.out.is_some()
    }
}

pub(super) fn day(text: &str) -> Result<apivideo::jiff::civil::Date, String> {
    text.parse()
        .map_err(|_| "it is no day; write one that there is as 2022-01-01".to_owned())
}

pub(super) fn time(text: &str) -> Result<apivideo::Timestamp, String> {
    text.parse().map_err(|_| {
        "it is no time; write one up to the year 9999 with its zone, as 2022-01-10T12:00:00Z"
            .to_owned()
    })
}

/// A time in whole seconds, up to a day.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(seconds @ 1..=86_400) => Ok(Duration::from_secs(seconds)),
        _ => Err("expected whole seconds from 1 to 86400".to_owned()),
    }
}

/// The text of unknown values in CSV: never in need of quotes, so that quotes tell a string from it.
pub(super) fn csv_null(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Err(
            "it is empty, as an empty string is; use a text such as \\N or NULL".to_owned(),
        );
    }
    if text.contains(|c| matches!(c, ',' | '"') || is_hidden(c)) {
        return Err("it contains a comma, a quote or a character that is not visible".to_owned());
    }
    Ok(text.to_owned())
}
