//! Arguments of `pull`, `plan`, `verify` and `lake`.

use std::path::PathBuf;
use std::time::Duration;

use apivideo::jiff::civil::Date;
use apivideo::{LiveStreamId, Timestamp, VideoId};
use apivideo_lake::{DataSubject, Format, Location, Sample, ViewerKey};
use clap::{Args, Subcommand};

use super::period::PeriodArg;
use super::{help, values};

#[derive(Debug, Args)]
pub(crate) struct Pull {
    #[command(flatten)]
    pub(crate) lake: Lake,
    /// Estimate the pull and exit, as `apivideo plan` does
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Wait up to this long, such as 10m, if another process uses the lake [default: fail at once, with the exit code 7]
    #[arg(long, value_name = "DURATION", value_parser = values::duration, help_heading = "Operation options")]
    pub(crate) wait: Option<Duration>,
    /// Resume the pull when a request to the service has failed after all its --retries, or the object store of the lake cannot
    /// be reached, for up to this long after the first such failure, such as 30m; the pauses grow from 10 s to 5 min [default: fail at once]
    #[arg(long, value_name = "DURATION", value_parser = values::duration, help_heading = "Operation options")]
    pub(crate) retry_for: Option<Duration>,
    /// Write metrics of this run to a file in the OpenMetrics text format when it ends, also if it fails: for the textfile
    /// collector of the Prometheus node exporter, which reads files named *.prom
    #[arg(long, value_name = "FILE", help_heading = "Operation options")]
    pub(crate) metrics_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) lock: Lock,
}

/// The lock of a lake at a URL.
#[derive(Debug, Args)]
pub(crate) struct Lock {
    /// Remove the lock that a killed process left in an object store. First make sure that no other process writes to the
    /// lake. Not for a local lake, which is unlocked when the process ends
    #[arg(long)]
    pub(crate) break_lock: bool,
}

/// The contents and the options of a lake.
#[derive(Debug, Args)]
pub(crate) struct Lake {
    /// The folder of the lake: a new or empty folder, or an existing lake; or its URL in an object store, such as
    /// s3://bucket/prefix, gs://bucket/prefix or az://container/prefix, in a build with the feature of the store (aws, gcp,
    /// azure)
    #[arg(long, value_name = "DIR|URL")]
    pub(crate) out: Location,
    /// The local folder of unfinished work, in which each lake has a folder of its own; keep it between runs [default: the
    /// folder of the lake, or for a URL apivideo/staging in the platform's folder for state]
    #[arg(long, value_name = "DIR")]
    pub(crate) staging: Option<PathBuf>,
    /// Only this period, in UTC: a day (2022-01-01), an ISO week (2022-W01), a month (2022-01), a year (2022), a range of
    /// days (2022-01-01/2022-01-15), today, yesterday, last-week, this-month, last-month, or the last days before today
    /// (30d); days in the future are left out
    #[arg(long, value_name = "PERIOD")]
    pub(crate) period: Option<PeriodArg>,
    /// All days since this one [default: the first day of the lake]
    #[arg(long, value_name = "DATE", value_parser = values::date)]
    pub(crate) since: Option<Date>,
    /// Only this video; can be repeated [default: all videos and live streams]
    #[arg(long, value_name = "VIDEO_ID")]
    pub(crate) video: Vec<VideoId>,
    /// Only this live stream; can be repeated
    #[arg(long, value_name = "LIVE_STREAM_ID")]
    pub(crate) live_stream: Vec<LiveStreamId>,
    /// All videos
    #[arg(long)]
    pub(crate) all_videos: bool,
    /// All live streams
    #[arg(long)]
    pub(crate) all_live_streams: bool,
    /// The file format: parquet, ndjson or csv [default: the format of the lake, parquet for a new one]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// Also write Delta Lake transaction logs, one for each table, and keep replaced files for 7 days; requires Parquet and
    /// a new lake [default: the setting of the lake]
    #[arg(long)]
    pub(crate) delta: bool,
    /// Download sessions without their events, which needs about 1 % of the requests
    #[arg(long)]
    pub(crate) no_events: bool,
    /// Download the events of a sample of the sessions only, such as 10% [default: the setting of the lake, 100% for a new one]
    ///
    /// Events need one request for each session. All sessions are downloaded. The sample is chosen by a hash of their ids,
    /// and is the same in each pull.
    #[arg(long, value_name = "PERCENT", conflicts_with = "no_events")]
    pub(crate) sample: Option<Sample>,
    /// Do not request the events of sessions that ended when they were loaded, which have played nothing
    ///
    /// This is a setting of the lake: later pulls skip them too.
    #[arg(long, conflicts_with = "no_events")]
    pub(crate) skip_unplayed: bool,
    /// Also download aggregates, such as plays by hour, country and device; the service keeps them for 30 days
    #[arg(long)]
    pub(crate) aggregates: bool,
    /// Number of days after the end of a day until it is final and no longer downloaded again
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) lag: u32,
    /// Download final days again
    #[arg(long)]
    pub(crate) reread: bool,
    /// Treat days as final even if they contain invalid records or unreadable events, which are stored in _invalid
    #[arg(long)]
    pub(crate) accept_invalid: bool,
    /// Stop after N requests; the same command resumes
    #[arg(long, value_name = "N")]
    pub(crate) max_requests: Option<u64>,
    /// Use this time as the current time to decide which days are final [default: now]
    #[arg(long, value_name = "TIMESTAMP", value_parser = values::timestamp)]
    pub(crate) as_of: Option<Timestamp>,
    /// Leave out these fields of sessions, separated by commas: city, referrer.url, metadata.userId; every pull into the same
    /// lake requires the same fields
    #[arg(
        long,
        value_name = "FIELDS",
        value_delimiter = ',',
        help_heading = "Privacy options"
    )]
    pub(crate) drop: Vec<String>,
    /// Replace these fields of sessions with a keyed hash (HMAC-SHA256), separated by commas; requires --salt-file
    #[arg(
        long,
        value_name = "FIELDS",
        value_delimiter = ',',
        requires = "salt_file",
        help_heading = "Privacy options"
    )]
    pub(crate) hash: Vec<String>,
    /// A file with the secret key of --hash: at least 16 random bytes; every pull into the same lake requires the same key
    #[arg(
        long,
        value_name = "FILE",
        requires = "hash",
        help_heading = "Privacy options"
    )]
    pub(crate) salt_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The folder of the lake, or its URL
    #[arg(value_name = "DIR|URL")]
    pub(crate) lake: Location,
    /// Also compare the number of sessions with the service: sends at least one request per asset
    #[arg(long)]
    pub(crate) against_service: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LakeCommand {
    /// Show what a lake contains, its settings and its last pulls
    ///
    /// Prints the tables with their rows and bytes, up to which day everything is complete, what could not be read, the settings
    /// of the lake, and the last pulls with their outcomes. It reads the manifests only, takes no lock and changes nothing,
    /// so it can be used while a pull is running.
    ///
    /// Exit codes: 0 if the status was printed, 1 if a manifest could not be read, and 2 if DIR is not a lake.
    #[command(after_help = help::LAKE_STATUS)]
    Status(LakeStatus),
    /// Compute the derived tables of a lake again from its files, without a request
    ///
    /// The tables played, playbacks, seeks and lengths are computed from sessions and events. A pull keeps them up to date;
    /// rebuild computes them after an update of this program that changes the rules, with another viewer key, if a file is
    /// damaged, and in lakes of older versions. Days that are up to date are not written.
    ///
    /// Exit codes: 0 if all days are up to date, 1 if a day could not be derived or a file could not be read or written, and 2
    /// if DIR or URL is not a lake or the viewer key is invalid, and 7 if the lake is in use.
    #[command(after_help = help::LAKE_REBUILD)]
    Rebuild(Rebuild),
    /// Remove the sessions of persons from a lake, and do not store them again
    ///
    /// The files of the days concerned are rewritten in all tables, and invalid records with the value are removed. What an
    /// unfinished pull has staged is discarded and read again. The lake keeps a keyed hash of each value, so that later pulls do
    /// not store these sessions again. The value itself is not stored. The service still has the sessions: remove them there first.
    ///
    /// Without --where, what was forgotten before is removed again: after an interruption, or if a backup was restored. Copies,
    /// backups and old versions that an object store keeps are not changed. `apivideo verify` checks the result.
    ///
    /// The first `=` of a condition ends the key, or a later one if a key of the lake contains one: metadata.user=id=alice is the
    /// value id=alice of user, or alice of user=id.
    ///
    /// Exit codes: 0 if all was removed, also if no session was found; 1 if a day could not be searched or a file could not be read
    /// or written, 2 if DIR or URL is not a lake or a condition is invalid, and 7 if the lake is in use.
    #[command(after_help = help::LAKE_FORGET)]
    Forget(Forget),
    /// Convert all files of a lake to another format, in place and without a request
    ///
    /// The files have the bytes that a pull in that format writes. Days are replaced one by one, so that little disk space is
    /// needed. Until all are converted, other commands reject the lake; if the conversion is interrupted, the same command
    /// completes it. An unfinished pull is resumed with the new format.
    ///
    /// Exit codes: 0 if all files have the format, 1 if a file was changed or could not be read or written, 2 if DIR or URL is not a
    /// lake or the format is not built in, and 7 if the lake is in use.
    #[command(after_help = help::LAKE_CONVERT)]
    Convert(Convert),
}

#[derive(Debug, Args)]
pub(crate) struct Forget {
    /// The folder of the lake, or its URL
    #[arg(value_name = "DIR|URL")]
    pub(crate) lake: Location,
    /// The sessions to remove: metadata.KEY=VALUE, or session=ID; can be repeated to remove the sessions of each condition
    #[arg(long = "where", value_name = "FIELD=VALUE")]
    pub(crate) subjects: Vec<DataSubject>,
    /// The file with the secret key of the pull, if the lake hashes the metadata key
    #[arg(long, value_name = "FILE")]
    pub(crate) salt_file: Option<PathBuf>,
    /// The local folder of files that are being written: the one of the pull, if the pull is not complete [default: the folder of
    /// the lake, or for a URL a temporary folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) staging: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) lock: Lock,
    /// Count what would be removed, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Convert {
    /// The folder of the lake, or its URL
    #[arg(value_name = "DIR|URL")]
    pub(crate) lake: Location,
    /// The file format: parquet, ndjson or csv; parquet requires a build with the feature `parquet`
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Format,
    /// The local folder of files that are being written [default: the folder of the lake, or for a URL a temporary folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) staging: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) lock: Lock,
}

#[derive(Debug, Args)]
pub(crate) struct LakeStatus {
    /// The folder of the lake, or its URL
    #[arg(value_name = "DIR|URL")]
    pub(crate) lake: Location,
}

#[derive(Debug, Args)]
pub(crate) struct Rebuild {
    /// The folder of the lake, or its URL
    #[arg(value_name = "DIR|URL")]
    pub(crate) lake: Location,
    /// The local folder of files that are being written [default: the folder of the lake, or for a URL a temporary folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) staging: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) lock: Lock,
    /// The metadata key that identifies viewers, which becomes a setting of the lake [default: the key of the lake,
    /// metadata.userId for a new one]
    #[arg(long, value_name = "metadata.KEY")]
    pub(crate) viewer_key: Option<ViewerKey>,
}
