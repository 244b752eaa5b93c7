//! The command line: its commands, its options, and which of them go together.

use std::path::PathBuf;

use apivideo::{Environment, LiveStreamId, PageSize, Period, SessionId, Timestamp, VideoId};
use apivideo_simulator::RateLimit;
use clap::error::ErrorKind;
use clap::{Arg, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

const ABOUT: &str = "Viewing statistics of api.video: who watched which video or live stream, and how.

Data goes to stdout, everything else to stderr. The API key is read from APIVIDEO_API_KEY or a file; with --simulate \
no key and no network is needed.";

const MORE: &str = "\
Environment:
  APIVIDEO_API_KEY   The API key
  APIVIDEO_BASE_URL  As --base-url
  COLUMNS            The width that tables are fitted to

Exit codes:
  0  Done; also when the reader of the output has had enough
  1  Failed; what came before it is printed
  2  Usage: the command can't be run as it is

Examples:
  apivideo sessions video vi4k0jvEUuaTdRAEjQ4Prklg --period 2022-01-01 --metadata hats=green --simulate
  apivideo events psEmFwGQUAXR2lFHj5nDOpy --simulate --replay tutorial
  apivideo videos --output csv > videos.csv";

/// The command line, parsed and checked.
#[derive(Debug, Parser)]
#[command(name = "apivideo", version, about = ABOUT, after_help = MORE)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) options: Options,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists the sessions of a video or a live stream
    #[command(subcommand)]
    Sessions(Sessions),
    /// Lists what happened in a session: plays, pauses, seeks
    Events {
        /// The session, by its id
        #[arg(value_name = "SESSION")]
        session: SessionId,
    },
    /// Lists the videos there are
    Videos,
    /// Lists the live streams there are
    LiveStreams,
    /// Runs a simulator of api.video on this machine until Ctrl-C
    ///
    /// Its URL is the only line on stdout. Any API key that is not empty is let in.
    Simulate {
        /// The port on 127.0.0.1; 0 takes any that is free
        #[arg(long, value_name = "N", default_value_t = 0)]
        port: u16,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Sessions {
    /// Lists the sessions of a video
    Video {
        /// The video, by its id
        #[arg(value_name = "ID")]
        id: VideoId,
        #[command(flatten)]
        when: When,
        /// Only sessions whose metadata has this key with exactly this value; several must all be there
        #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
        metadata: Vec<(String, String)>,
    },
    /// Lists the sessions of a live stream
    LiveStream {
        /// The live stream, by its id
        #[arg(value_name = "ID")]
        id: LiveStreamId,
        #[command(flatten)]
        when: When,
    },
}

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct When {
    /// When: a day (2022-01-01), an ISO week (2022-W01), a month (2022-01), a year (2022), or a range of days
    /// (2022-01-01/2022-01-15), in UTC
    #[arg(long)]
    pub(crate) period: Period,
}

/// What every command takes.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How items are written [default: table on a terminal, ndjson otherwise]
    #[arg(long, global = true, value_name = "FORMAT")]
    pub(crate) output: Option<Format>,
    /// How many items to ask for at a time: 1 to 100 [default: 100]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) page_size: Option<PageSize>,
    /// How often a failed request is sent again, for 5 minutes at most; 0: never [default: 4]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) retries: Option<u32>,
    #[command(flatten)]
    pub(crate) service: Service,
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
    /// Reads the API key from a file instead of APIVIDEO_API_KEY
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "simulate")]
    pub(crate) api_key_file: Option<PathBuf>,
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
    #[arg(long, global = true, value_name = "TIME")]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Auth {
    /// By a token, which the key is exchanged for
    Bearer,
    /// By the key itself
    Basic,
}

/// A key and its value.
fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some(("", _)) => Err("the key is empty; write KEY=VALUE, such as hats=green".to_owned()),
        Some((key, value)) => Ok((key.to_owned(), value.to_owned())),
        None => Err("there is no `=` in it; write KEY=VALUE, such as hats=green".to_owned()),
    }
}

impl Options {
    /// Those given that only make sense where data is asked for.
    fn for_data(&self) -> Vec<&'static str> {
        let Service {
            base_url,
            environment,
            auth,
            api_key_file,
        } = &self.service;
        given([
            (self.output.is_some(), "--output"),
            (self.page_size.is_some(), "--page-size"),
            (self.retries.is_some(), "--retries"),
            (base_url.is_some(), "--base-url"),
            (environment.is_some(), "--environment"),
            (auth.is_some(), "--auth"),
            (api_key_file.is_some(), "--api-key-file"),
            (self.simulate, "--simulate"),
        ])
    }
}

impl World {
    /// Those given.
    fn given(&self) -> Vec<&'static str> {
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

/// The arguments of this process. An error is printed by itself; help is one.
pub(crate) fn parse() -> Result<Cli, clap::Error> {
    parse_from(std::env::args_os())
}

fn parse_from(
    arguments: impl IntoIterator<Item = impl Into<std::ffi::OsString> + Clone>,
) -> Result<Cli, clap::Error> {
    let mut command = command();
    let matches = command.try_get_matches_from_mut(arguments)?;
    let cli = Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))?;
    if let Some(conflict) = cli.conflict() {
        return Err(command.error(ErrorKind::ArgumentConflict, conflict));
    }
    Ok(cli)
}

impl Cli {
    /// What does not go together with the command.
    fn conflict(&self) -> Option<String> {
        if let Command::Simulate { .. } = self.command {
            let given = self.options.for_data();
            return (!given.is_empty()).then(|| {
                format!(
                    "{} can't be used with `apivideo simulate`",
                    given.join(", ")
                )
            });
        }
        let given = self.options.world.given();
        (!given.is_empty() && !self.options.simulate)
            .then(|| format!("{} can only be used with --simulate", given.join(", ")))
    }
}

/// The options are the same everywhere, before a command and after it; `simulate` hides those that it refuses.
fn command() -> clap::Command {
    const FOR_DATA: [&str; 8] = [
        "output",
        "page_size",
        "retries",
        "base_url",
        "environment",
        "auth",
        "api_key_file",
        "simulate",
    ];
    let command = Cli::command();
    let hidden: Vec<Arg> = command
        .get_arguments()
        .filter(|arg| FOR_DATA.contains(&arg.get_id().as_str()))
        .map(|arg| arg.clone().hide(true))
        .collect();
    command.mut_subcommand("simulate", |simulate| simulate.args(hidden))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(line: &str) -> String {
        let error = parse_from(line.split_whitespace()).unwrap_err();
        assert_eq!(error.exit_code(), 2, "{error}");
        error.to_string()
    }

    #[test]
    fn the_command_is_well_formed() {
        command().debug_assert();
    }

    #[test]
    fn options_go_before_the_command_and_after_it() {
        for line in [
            "apivideo --simulate --seed 7 videos --output csv",
            "apivideo videos --seed 7 --simulate --output csv",
        ] {
            let options = parse_from(line.split_whitespace()).unwrap().options;
            assert!(options.simulate, "{line}");
            assert_eq!(options.world.seed, Some(7), "{line}");
            assert_eq!(options.output, Some(Format::Csv), "{line}");
        }
    }

    #[test]
    fn a_world_needs_a_simulator() {
        let error = refused("apivideo videos --seed 7 --days 3");
        assert!(
            error.contains("--seed, --days can only be used with --simulate"),
            "{error}"
        );
        parse_from("apivideo simulate --seed 7 --days 3".split_whitespace()).unwrap();
    }

    #[test]
    fn the_simulator_asks_nobody() {
        for (line, option) in [
            ("apivideo simulate --output csv", "--output"),
            ("apivideo --page-size 5 simulate", "--page-size"),
            ("apivideo simulate --simulate", "--simulate"),
            (
                "apivideo --base-url http://localhost:1 simulate",
                "--base-url",
            ),
            ("apivideo simulate --auth basic", "--auth"),
            ("apivideo --retries 0 simulate", "--retries"),
        ] {
            let error = refused(line);
            assert!(
                error.contains(&format!("{option} can't be used with")),
                "{error}"
            );
        }
    }

    #[test]
    fn one_place_is_asked() {
        for line in [
            "apivideo videos --simulate --base-url http://localhost:1",
            "apivideo videos --simulate --environment sandbox",
            "apivideo videos --simulate --api-key-file key",
            "apivideo videos --base-url http://localhost:1 --environment sandbox",
            "apivideo videos --simulate --replay tutorial --seed 3",
        ] {
            let error = refused(line);
            assert!(error.contains("cannot be used with"), "{error}");
        }
    }

    #[test]
    fn pairs_have_a_key() {
        assert_eq!(pair("hats=green"), Ok(("hats".into(), "green".into())));
        assert_eq!(pair("a=b=c"), Ok(("a".into(), "b=c".into())));
        assert_eq!(pair("a="), Ok(("a".into(), String::new())));
        assert!(pair("hats").unwrap_err().contains("KEY=VALUE"));
        assert!(pair("=green").unwrap_err().contains("the key is empty"));
    }
}
