//! What every command takes.

use std::path::PathBuf;
use std::time::Duration;

use apivideo::{Environment, PageSize, Timestamp};
use apivideo_simulator::RateLimit;
use clap::{Args, ValueEnum};

use super::reading;
use crate::color;

/// What every command takes.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How items are written [default: table on a terminal, ndjson otherwise]
    #[arg(long, global = true, value_name = "FORMAT")]
    pub(crate) output: Option<Format>,
    /// Only these fields, in this order, with commas between; `list` shows what there is
    #[arg(long, global = true, value_name = "A,B.C", value_delimiter = ',')]
    pub(crate) fields: Option<Vec<String>>,
    /// Write CSV for spreadsheets: a byte order mark, and an apostrophe before what would begin a formula
    #[arg(long, global = true)]
    pub(crate) csv_safe: bool,
    /// Write unknown values as TEXT in CSV, such as \N, and a string that equals TEXT in quotes [default: empty, as an empty
    /// string]
    #[arg(long, global = true, value_name = "TEXT", value_parser = reading::csv_null)]
    pub(crate) csv_null: Option<String>,
    /// How many items to ask for at a time: 1 to 100 [default: 100]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) page_size: Option<PageSize>,
    /// How often a failed request is sent again, for 5 minutes at most; 0: never [default: 4]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) retries: Option<u32>,
    /// Maximum time of one attempt of a request, connection and body included, 1 to 86400 [default: 60]
    #[arg(long, global = true, value_name = "SECONDS", value_parser = reading::seconds)]
    pub(crate) timeout: Option<Duration>,
    /// Maximum wait that the service may request by `Retry-After`, 1 to 86400; longer waits are cut to it [default: 120]
    #[arg(long, global = true, value_name = "SECONDS", value_parser = reading::seconds)]
    pub(crate) max_retry_after: Option<Duration>,
    /// Shows no progress and no remarks; errors and warnings all the same
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// When to use colour [default: auto]
    #[arg(long, global = true, value_name = "WHEN")]
    pub(crate) color: Option<color::When>,
    /// Shows each request and its reply on stderr; keys and tokens are masked
    #[arg(long, global = true)]
    pub(crate) debug: bool,
    /// Shows each request on stderr as a call of curl, with $TOKEN for the authorization
    #[arg(long, global = true)]
    pub(crate) curl: bool,
    #[command(flatten)]
    pub(crate) service: Service,
    #[command(flatten)]
    pub(crate) configuration: Configuration,
    /// Asks simulated viewers inside this process: no key, no network
    #[arg(long, global = true, help_heading = "Simulator")]
    pub(crate) simulate: bool,
    #[command(flatten)]
    pub(crate) world: World,
}

/// Who is asked, and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "Service")]
pub(crate) struct Service {
    /// Another place to ask: a simulator that runs, a proxy of one's own
    #[arg(long, global = true, value_name = "URL", conflicts_with_all = ["environment", "simulate"])]
    pub(crate) base_url: Option<String>,
    /// Which of api.video's environments to ask: production or sandbox [default: production]
    #[arg(long, global = true, value_name = "NAME", conflicts_with = "simulate")]
    pub(crate) environment: Option<Environment>,
    /// How to be let in: by a token in exchange for the key, or by the key itself [default: bearer]
    #[arg(long, global = true, value_name = "KIND")]
    pub(crate) auth: Option<Auth>,
    /// Reads the API key from a file; `-` is stdin
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "simulate")]
    pub(crate) api_key_file: Option<PathBuf>,
}

/// Where settings come from.
#[derive(Debug, Args)]
#[command(next_help_heading = "Configuration")]
pub(crate) struct Configuration {
    /// Another configuration file than the usual one
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The profile of the configuration file to take
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<String>,
}

/// The simulated world. What is not given is left to the simulator.
#[derive(Debug, Args)]
#[command(next_help_heading = "Simulator")]
pub(crate) struct World {
    /// The same seed makes the same world [default: 1]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// How many videos it has [default: 20]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) videos: Option<usize>,
    /// How many live streams it has [default: 5]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) live_streams: Option<usize>,
    /// How many sessions it has altogether [default: 5000]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) sessions: Option<u64>,
    /// How many days it has, around 2022-01-01 [default: 30]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) days: Option<u32>,
    /// What its clock says at first, such as 2022-01-10T12:00:00Z [default: the end of its last day]
    #[arg(long, global = true, value_name = "TIME", value_parser = reading::time)]
    pub(crate) now: Option<Timestamp>,
    /// How many requests it answers per minute, or off [default: off]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) rate_limit: Option<RateLimit>,
    /// What goes wrong, and when: a fault script, such as {"rules": [{"page": 2, "times": 1, "status": 503}]}
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,
    /// Serves the recorded replies of a directory instead of a world; `tutorial` is built in: the service's
    /// documented examples
    #[arg(
        long, global = true, value_name = "DIR",
        conflicts_with_all = ["seed", "videos", "live_streams", "sessions", "days", "now"]
    )]
    pub(crate) replay: Option<PathBuf>,
}

/// How items are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Columns for the eye; long cells are cut
    Table,
    /// One array of everything, closed only when it is complete
    Json,
    /// One JSON object a line, with everything that the service has told
    Ndjson,
    /// A header, and a line per item: the known fields by the service's names with dots between, times in UTC,
    /// metadata as a JSON object, other lists as JSON
    Csv,
}

/// How requests are authorized.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Auth {
    /// By a token, which the key is exchanged for
    #[default]
    Bearer,
    /// By the key itself
    Basic,
}

/// The options by their names in clap that only make sense where data is asked for.
pub(super) const FOR_DATA: [&str; 16] = [
    "output",
    "fields",
    "csv_safe",
    "csv_null",
    "page_size",
    "retries",
    "timeout",
    "max_retry_after",
    "debug",
    "curl",
    "base_url",
    "environment",
    "auth",
    "api_key_file",
    "profile",
    "simulate",
];

impl Options {
    /// Those given that only make sense where data is asked for.
    pub(super) fn for_data(&self) -> Vec<&'static str> {
        let Service {
            base_url,
            environment,
            auth,
            api_key_file,
        } = &self.service;
        given([
            (self.output.is_some(), "--output"),
            (self.fields.is_some(), "--fields"),
            (self.csv_safe, "--csv-safe"),
            (self.csv_null.is_some(), "--csv-null"),
            (self.page_size.is_some(), "--page-size"),
            (self.retries.is_some(), "--retries"),
            (self.timeout.is_some(), "--timeout"),
            (self.max_retry_after.is_some(), "--max-retry-after"),
            (self.debug, "--debug"),
            (self.curl, "--curl"),
            (base_url.is_some(), "--base-url"),
            (environment.is_some(), "--environment"),
            (auth.is_some(), "--auth"),
            (api_key_file.is_some(), "--api-key-file"),
            (self.configuration.profile.is_some(), "--profile"),
            (self.simulate, "--simulate"),
        ])
    }

    /// Those given that only make sense with `--output csv`.
    pub(crate) fn for_csv(&self) -> Vec<&'static str> {
        given([
            (self.csv_safe, "--csv-safe"),
            (self.csv_null.is_some(), "--csv-null"),
        ])
    }
}

impl World {
    /// Those given.
    pub(super) fn given(&self) -> Vec<&'static str> {
        given([
            (self.seed.is_some(), "--seed"),
            (self.videos.is_some(), "--videos"),
            (self.live_streams.is_some(), "--live-streams"),
            (self.sessions.is_some(), "--sessions"),
            (self.days.is_some(), "--days"),
            (self.now.is_some(), "--now"),
            (self.rate_limit.is_some(), "--rate-limit"),
            (self.faults.is_some(), "--faults"),
            (self.replay.is_some(), "--replay"),
        ])
    }
}

fn given<const N: usize>(options: [(bool, &'static str); N]) -> Vec<&'static str> {
    options
        .into_iter()
        .filter_map(|(is_given, name)| is_given.then_some(name))
        .collect()
}
