//! Options of all commands.

use std::path::PathBuf;
use std::time::Duration;

use apivideo::{Environment, PageSize, Timestamp};
use apivideo_simulator::RateLimit;
use clap::{Args, ValueEnum};

use super::values;
use crate::color::ColorChoice;
use crate::format::Format;
use crate::stderr::LogFormat;

/// Options of all commands.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The output format [default: table on a terminal, ndjson otherwise]
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        help_heading = "Output options"
    )]
    pub(crate) output: Option<Format>,
    /// Only these fields, in this order, separated by commas; `--fields list` prints the available fields
    #[arg(
        long,
        global = true,
        value_name = "FIELDS",
        value_delimiter = ',',
        help_heading = "Output options"
    )]
    pub(crate) fields: Option<Vec<String>>,
    /// Apply a filter in the language of jq to each item of the JSON output, and print its results: strings as they are, other
    /// values as JSON, each on a line
    #[cfg(feature = "jq")]
    #[arg(
        long,
        global = true,
        value_name = "FILTER",
        value_parser = values::jq,
        help_heading = "Output options"
    )]
    pub(crate) jq: Option<String>,
    /// Write CSV for spreadsheets: with a byte order mark, and an apostrophe before text that would be read as a formula
    #[arg(long, global = true, help_heading = "Output options")]
    pub(crate) csv_safe: bool,
    /// Write unknown values in CSV as TEXT, such as \N; a string that equals TEXT is quoted [default: empty]
    #[arg(long, global = true, value_name = "TEXT", value_parser = values::csv_null, help_heading = "Output options")]
    pub(crate) csv_null: Option<String>,
    /// Print only errors and warnings on stderr, without progress and notes
    #[arg(long, short, global = true, help_heading = "Output options")]
    pub(crate) quiet: bool,
    /// The format of the lines on stderr [default: text]
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        help_heading = "Output options"
    )]
    pub(crate) log_format: Option<LogFormat>,
    /// When to use colors [default: auto]
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        help_heading = "Output options"
    )]
    pub(crate) color: Option<ColorChoice>,
    #[command(flatten)]
    pub(crate) requests: Requests,
    #[command(flatten)]
    pub(crate) service: Service,
    #[command(flatten)]
    pub(crate) configuration: Configuration,
    /// Use simulated data from a built-in simulator, without an API key or a network
    #[arg(long, global = true, help_heading = "Simulator options")]
    pub(crate) simulate: bool,
    #[command(flatten)]
    pub(crate) world: World,
}

/// Options that control how requests are sent.
#[derive(Debug, Args)]
#[command(next_help_heading = "Request options")]
pub(crate) struct Requests {
    /// Items per page: 1 to 100 [default: 100]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) page_size: Option<PageSize>,
    /// Maximum number of retries of a failed request, within 5 minutes [default: 4]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) retries: Option<u32>,
    /// Maximum duration of an attempt, including the connection and the body: 1 to 86400 [default: 60]
    #[arg(long, global = true, value_name = "SECONDS", value_parser = values::seconds)]
    pub(crate) timeout: Option<Duration>,
    /// Maximum time to wait if the service requests it by `Retry-After`: 1 to 86400 [default: 120]
    #[arg(long, global = true, value_name = "SECONDS", value_parser = values::seconds)]
    pub(crate) max_retry_after: Option<Duration>,
    /// Print each request and response on stderr; keys and tokens are masked
    #[arg(long, global = true)]
    pub(crate) debug: bool,
    /// Print each request on stderr as a curl command line; $TOKEN replaces the credential
    #[arg(long, global = true)]
    pub(crate) curl: bool,
}

/// The service, and how to authenticate.
#[derive(Debug, Args)]
#[command(next_help_heading = "Service options")]
pub(crate) struct Service {
    /// The environment of api.video: production or sandbox [default: production]
    #[arg(
        long,
        global = true,
        value_name = "ENVIRONMENT",
        conflicts_with = "simulate"
    )]
    pub(crate) environment: Option<Environment>,
    /// The URL of a running simulator or a proxy, instead of an environment
    #[arg(long, global = true, value_name = "URL", conflicts_with_all = ["environment", "simulate"])]
    pub(crate) base_url: Option<String>,
    /// Read the API key from a file; `-` is stdin
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "simulate")]
    pub(crate) api_key_file: Option<PathBuf>,
    /// The authentication scheme [default: bearer]
    #[arg(long, global = true, value_name = "SCHEME")]
    pub(crate) auth: Option<Auth>,
}

/// Where settings are read from.
#[derive(Debug, Args)]
#[command(next_help_heading = "Configuration options")]
pub(crate) struct Configuration {
    /// The configuration file [default: apivideo.toml in the platform's folder for configuration]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The profile of the configuration file
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<String>,
}

/// The simulated data. The defaults are those of the simulator. `-h` shows them only for `simulate`.
#[derive(Debug, Args)]
#[command(next_help_heading = "Simulator options")]
pub(crate) struct World {
    /// The seed of the simulated data [default: 1]
    #[arg(long, global = true, hide_short_help = true, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// The number of videos [default: 20]
    #[arg(long, global = true, hide_short_help = true, value_name = "N")]
    pub(crate) videos: Option<usize>,
    /// The number of live streams [default: 5]
    #[arg(long, global = true, hide_short_help = true, value_name = "N")]
    pub(crate) live_streams: Option<usize>,
    /// The total number of sessions [default: 5000]
    #[arg(long, global = true, hide_short_help = true, value_name = "N")]
    pub(crate) sessions: Option<u64>,
    /// The number of additional viewers of a live event: the broadcast of vi4k0jvEUuaTdRAEjQ4Jfrgz on 2022-01-01 [default: 0]
    #[arg(long, global = true, hide_short_help = true, value_name = "N")]
    pub(crate) broadcast_viewers: Option<u64>,
    /// The number of days with sessions, centered on 2022-01-01 [default: 30]
    #[arg(long, global = true, hide_short_help = true, value_name = "N")]
    pub(crate) days: Option<u32>,
    /// The initial time of the simulator's clock, such as 2022-01-10T12:00:00Z [default: the end of the last simulated day]
    #[arg(long, global = true, hide_short_help = true, value_name = "TIMESTAMP", value_parser = values::timestamp)]
    pub(crate) now: Option<Timestamp>,
    /// The rate limit in requests per minute, or off [default: off]
    #[arg(long, global = true, hide_short_help = true, value_name = "N")]
    pub(crate) rate_limit: Option<RateLimit>,
    /// A JSON file with a fault script, such as {"rules": [{"page": 2, "times": 1, "status": 503}]}
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,
    /// Serve recorded responses from a folder instead of simulated data; `tutorial` selects the built-in examples of the
    /// service's documentation
    #[arg(
        long, global = true, hide_short_help = true, value_name = "DIR",
        conflicts_with_all = ["seed", "videos", "live_streams", "sessions", "broadcast_viewers", "days", "now"]
    )]
    pub(crate) replay: Option<PathBuf>,
}

/// The authentication scheme of requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Auth {
    /// Exchange the API key for an access token
    #[default]
    Bearer,
    /// Send the API key with each request (HTTP Basic)
    Basic,
}

/// The clap ids of the options in [`World`].
pub(super) const WORLD_OPTIONS: [&str; 10] = [
    "seed",
    "videos",
    "live_streams",
    "sessions",
    "broadcast_viewers",
    "days",
    "now",
    "rate_limit",
    "faults",
    "replay",
];

/// The clap ids of the options that apply only to commands that use the service.
pub(super) const SERVICE_OPTIONS: &[&str] = &[
    "output",
    "fields",
    "jq",
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
    /// Returns the options on the command line that apply only to commands that use the service.
    pub(super) fn set_service_options(&self) -> Vec<&'static str> {
        let (requests, service) = (&self.requests, &self.service);
        set_options([
            (self.output.is_some(), "--output"),
            (self.fields.is_some(), "--fields"),
            (self.jq().is_some(), "--jq"),
            (self.csv_safe, "--csv-safe"),
            (self.csv_null.is_some(), "--csv-null"),
            (requests.page_size.is_some(), "--page-size"),
            (requests.retries.is_some(), "--retries"),
            (requests.timeout.is_some(), "--timeout"),
            (requests.max_retry_after.is_some(), "--max-retry-after"),
            (requests.debug, "--debug"),
            (requests.curl, "--curl"),
            (service.base_url.is_some(), "--base-url"),
            (service.environment.is_some(), "--environment"),
            (service.auth.is_some(), "--auth"),
            (service.api_key_file.is_some(), "--api-key-file"),
            (self.configuration.profile.is_some(), "--profile"),
            (self.simulate, "--simulate"),
        ])
    }

    /// Returns the filter of `--jq`.
    #[cfg_attr(
        not(feature = "jq"),
        expect(clippy::unused_self, reason = "the option does not exist")
    )]
    pub(crate) fn jq(&self) -> Option<&str> {
        #[cfg(feature = "jq")]
        return self.jq.as_deref();
        #[cfg(not(feature = "jq"))]
        None
    }

    /// Returns the options on the command line that select the service and authenticate.
    pub(super) fn set_connection_options(&self) -> Vec<&'static str> {
        let service = &self.service;
        set_options([
            (service.base_url.is_some(), "--base-url"),
            (service.environment.is_some(), "--environment"),
            (service.auth.is_some(), "--auth"),
            (service.api_key_file.is_some(), "--api-key-file"),
            (self.simulate, "--simulate"),
        ])
    }

    /// Returns the options on the command line that set the format of a list.
    pub(super) fn set_output_options(&self) -> Vec<&'static str> {
        set_options([
            (self.output.is_some(), "--output"),
            (self.fields.is_some(), "--fields"),
            (self.jq().is_some(), "--jq"),
            (self.csv_safe, "--csv-safe"),
            (self.csv_null.is_some(), "--csv-null"),
        ])
    }

    /// Returns the options on the command line that apply only to `--output csv`.
    pub(crate) fn set_csv_options(&self) -> Vec<&'static str> {
        set_options([
            (self.csv_safe, "--csv-safe"),
            (self.csv_null.is_some(), "--csv-null"),
        ])
    }
}

impl World {
    /// Returns the options on the command line.
    pub(super) fn set_options(&self) -> Vec<&'static str> {
        set_options([
            (self.seed.is_some(), "--seed"),
            (self.videos.is_some(), "--videos"),
            (self.live_streams.is_some(), "--live-streams"),
            (self.sessions.is_some(), "--sessions"),
            (self.broadcast_viewers.is_some(), "--broadcast-viewers"),
            (self.days.is_some(), "--days"),
            (self.now.is_some(), "--now"),
            (self.rate_limit.is_some(), "--rate-limit"),
            (self.faults.is_some(), "--faults"),
            (self.replay.is_some(), "--replay"),
        ])
    }
}

fn set_options<const N: usize>(options: [(bool, &'static str); N]) -> Vec<&'static str> {
    options
        .into_iter()
        .filter_map(|(is_set, name)| is_set.then_some(name))
        .collect()
}
