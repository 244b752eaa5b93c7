//! The commands about a mirror: a folder of files that is brought up to date.

use std::path::PathBuf;

use apivideo::jiff::civil::Date;
use apivideo::{LiveStreamId, Period, Timestamp, VideoId};
use apivideo_lake::Format;
use clap::Args;

use super::reading;

#[derive(Debug, Args)]
pub(crate) struct Pull {
    #[command(flatten)]
    pub(crate) mirror: Mirror,
    /// Only tells what it would ask for, as `apivideo plan` does
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// What is mirrored, and how.
#[derive(Debug, Args)]
pub(crate) struct Mirror {
    /// The folder; a new one, an empty one, or one that was pulled into before
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// When: a day (2022-01-01), an ISO week (2022-W01), a month (2022-01), a year (2022), or a range of days
    /// (2022-01-01/2022-01-15), in UTC; of it, what is not in the future
    #[arg(long)]
    pub(crate) period: Option<Period>,
    /// From this day on [default: where the folder begins]
    #[arg(long, value_name = "DAY", value_parser = reading::day)]
    pub(crate) since: Option<Date>,
    /// Only this video; may come several times [default: all videos and live streams]
    #[arg(long, value_name = "ID")]
    pub(crate) video: Vec<VideoId>,
    /// Only this live stream; may come several times
    #[arg(long, value_name = "ID")]
    pub(crate) live_stream: Vec<LiveStreamId>,
    /// All videos there are
    #[arg(long)]
    pub(crate) all_videos: bool,
    /// All live streams there are
    #[arg(long)]
    pub(crate) all_live_streams: bool,
    /// How files are written: parquet, ndjson or csv [default: parquet, or as the folder has it]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// Sessions without their events: a hundredth of the requests
    #[arg(long)]
    pub(crate) no_events: bool,
    /// Plays by the hour, country, device and so on as well, for each day of the last 30: the service keeps no more
    #[arg(long)]
    pub(crate) aggregates: bool,
    /// How many days after its end a day is final; then it is not asked for again
    #[arg(long, value_name = "DAYS", default_value_t = 3)]
    pub(crate) lag: u32,
    /// Reads days that are final again
    #[arg(long)]
    pub(crate) reread: bool,
    /// Make days final in spite of records that can't be decoded and events that can't be read; they stay in _invalid
    #[arg(long)]
    pub(crate) accept_invalid: bool,
    /// Stops after so many requests; the same command goes on
    #[arg(long, value_name = "N")]
    pub(crate) max_requests: Option<u64>,
    /// As if it were this time: 2022-01-10T12:00:00Z [default: now]
    #[arg(long, value_name = "TIME", value_parser = reading::time)]
    pub(crate) as_of: Option<Timestamp>,
    /// Leaves these fields of sessions out, with commas between: city, referrer.url, metadata.userId
    #[arg(
        long,
        value_name = "A,B.C",
        value_delimiter = ',',
        help_heading = "Privacy"
    )]
    pub(crate) drop: Vec<String>,
    /// Writes a keyed hash (HMAC-SHA256) of these fields in their place
    #[arg(
        long,
        value_name = "A,B.C",
        value_delimiter = ',',
        requires = "salt_file",
        help_heading = "Privacy"
    )]
    pub(crate) hash: Vec<String>,
    /// The key of the hashes: a file of 16 random bytes or more, to be kept secret and not to be lost
    #[arg(long, value_name = "FILE", requires = "hash", help_heading = "Privacy")]
    pub(crate) salt_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The folder
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Asks the service for its counts, too: one request for each asset, and no item
    #[arg(long)]
    pub(crate) against_service: bool,
}
