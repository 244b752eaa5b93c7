//! The command line: its commands, its options, and which of them go together.

mod aggregates;
mod mirror;
mod options;
mod reading;

use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Arg, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use clap_complete::Shell;

pub(crate) use aggregates::{Buckets, Metrics, Scope, Timeseries};
pub(crate) use mirror::{Mirror, Pull, Verify};
pub(crate) use options::{Auth, Format, Options, World};
pub(crate) use reading::{Events, LiveStreams, Range, Sessions, Videos, seconds};

const ABOUT: &str = "Viewing statistics of api.video: who watched which video or live stream, and how.

Data goes to stdout, everything else to stderr. The API key is read from APIVIDEO_API_KEY, a file or stdin; with \
--simulate no key and no network is needed.";

const MORE: &str = "\
Environment:
  APIVIDEO_API_KEY          The API key
  APIVIDEO_API_KEY_FILE     As --api-key-file
  APIVIDEO_AUTH             As --auth
  APIVIDEO_BASE_URL         As --base-url
  APIVIDEO_COLOR            As --color
  APIVIDEO_CONFIG           As --config
  APIVIDEO_ENVIRONMENT      As --environment
  APIVIDEO_MAX_RETRY_AFTER  As --max-retry-after
  APIVIDEO_OUTPUT           As --output
  APIVIDEO_PAGE_SIZE        As --page-size
  APIVIDEO_PROFILE          As --profile
  APIVIDEO_QUIET            As --quiet: true or false
  APIVIDEO_RETRIES          As --retries
  APIVIDEO_TIMEOUT          As --timeout
  COLUMNS                   The width that tables are fitted to
  NO_COLOR                  No colour, when it is not empty

Configuration:
  A setting is taken from the command line, else from the environment, else from the chosen profile of the configuration
  file, else from the top of that file. It is apivideo.toml in the platform's folder for configuration (`apivideo config
  show` tells which):

    environment = \"production\"                 # or base_url
    api_key_file = \"/run/secrets/apivideo\"     # relative to the file
    [profiles.test]
    environment = \"sandbox\"
    api_key_file = \"sandbox.key\"

  The others are auth, output, page_size, retries, timeout, max_retry_after, color and quiet. Two different API keys at
  once are an error.

Exit codes:
    0  Done; also when the reader of the output has had enough
    1  Failed, and there is nothing to go on from
    2  Usage: the command can't be run as it is
    3  Partial: data was written, and then it failed or reached --max-requests; the command that continues is printed
    4  Authorization: the service refuses the key, or what is asked for
    5  The rate limit or all retries are spent, and nothing of the list was written: try again later
    6  All is written but some items, which could not be read; they are listed on stderr, those of earlier runs too
  130  Interrupted by Ctrl-C, SIGTERM, SIGHUP or SIGQUIT; the command that continues is printed

Examples:
  apivideo sessions video vi4k0jvEUuaTdRAEjQ4Prklg --period 2022-01-01 --metadata hats=green --simulate
  apivideo events psEmFwGQUAXR2lFHj5nDOpy --simulate
  apivideo sessions --all-videos --period 2022-01 --with-events --out january.ndjson
  apivideo videos --output csv --fields videoId,title > videos.csv
  apivideo pull --out statistics --since 2022-01-01 --format ndjson";

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
    /// Lists the sessions of videos or live streams
    Sessions(Sessions),
    /// Lists what happened in a session: plays, pauses, seeks
    Events(Events),
    /// Lists the videos there are
    Videos(Videos),
    /// Lists the live streams there are
    LiveStreams(LiveStreams),
    /// Measures one number over a time: plays, watch time, the peak of viewers
    Metrics(Metrics),
    /// Measures a number for each value of a dimension: plays by country, views by video
    Buckets(Buckets),
    /// Measures a number for each step of time: plays by the hour
    Timeseries(Timeseries),
    /// Brings a folder of files up to date: sessions and events by day, for DuckDB, Spark and the like
    ///
    /// DIR/sessions/date=2024-05-01/sessions.parquet, DIR/events/…, and DIR/_manifest, which says what there is. Days that
    /// are final are read once. Stopped anywhere, also by a kill, the same command goes on; the same data gives the same
    /// bytes.
    Pull(Pull),
    /// Tells what a pull would ask for: requests, time, disk
    Plan(Mirror),
    /// Holds a folder that was pulled into against its manifest, and against the service
    Verify(Verify),
    /// Asks for any path of the service: the way out
    Api(Api),
    /// Tells how the service lets us in
    #[command(subcommand)]
    Auth(AuthCommand),
    /// Tells how the command is set
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Prints what a shell needs to complete command lines
    ///
    /// bash: apivideo completions bash > /etc/bash_completion.d/apivideo. zsh: into a file _apivideo in a folder of
    /// $fpath. fish: into ~/.config/fish/completions/apivideo.fish. PowerShell: into $PROFILE.
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Prints the manual page, or writes those of all commands
    Man {
        /// Writes a page per command into this folder
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Runs a simulator of api.video on this machine until Ctrl-C
    ///
    /// Its URL is the only line on stdout. Any API key that is not empty is let in.
    Simulate {
        /// The port on 127.0.0.1; 0 takes any that is free
        #[arg(long, value_name = "N", default_value_t = 0)]
        port: u16,
    },
}

impl Command {
    /// Whether it is about the service, and so about settings.
    pub(crate) fn asks_somebody(&self) -> bool {
        self.alone().is_none()
    }

    /// The name of a command that asks nobody.
    fn alone(&self) -> Option<&'static str> {
        match self {
            Self::Simulate { .. } => Some("simulate"),
            Self::Completions { .. } => Some("completions"),
            Self::Man { .. } => Some("man"),
            _ => None,
        }
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct Api {
    /// The method; this command only reads
    #[arg(value_name = "METHOD")]
    pub(crate) method: Method,
    /// The path, such as /players; the query apart
    #[arg(value_name = "PATH")]
    pub(crate) path: String,
    /// A parameter of the query; may come several times
    #[arg(long, value_name = "KEY=VALUE", value_parser = reading::pair)]
    pub(crate) query: Vec<(String, String)>,
    /// Takes the path as a list, and gives the items of all its pages
    #[arg(long)]
    pub(crate) paginate: bool,
    #[command(flatten)]
    pub(crate) range: Range,
}

/// The methods that the service is asked by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Method {
    /// Reads
    #[value(name = "GET", alias = "get")]
    Get,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuthCommand {
    /// Asks the service for one item: tells the environment, the kind of authorization and the rate limit
    Check,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Shows the settings; the key itself is never shown
    Show {
        /// Tells where each comes from
        #[arg(long)]
        origin: bool,
    },
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
    if let Some((kind, message)) = cli.conflict() {
        return Err(command.error(kind, message));
    }
    Ok(cli)
}

impl Cli {
    /// Whether the service is asked, and so a key is needed.
    pub(crate) fn connects(&self) -> bool {
        let lists_fields = self
            .options
            .fields
            .as_deref()
            .is_some_and(|it| it == ["list"]);
        self.command.asks_somebody()
            && !matches!(self.command, Command::Config(_))
            && !self.options.simulate
            && !lists_fields
    }

    /// What does not go together.
    fn conflict(&self) -> Option<(ErrorKind, String)> {
        let conflict = |message| Some((ErrorKind::ArgumentConflict, message));
        let given = self.options.for_data();
        if let Some(name) = self.command.alone()
            && !given.is_empty()
        {
            let given = given.join(", ");
            return conflict(format!("{given} can't be used with `apivideo {name}`"));
        }
        let csv = self.options.for_csv();
        if !csv.is_empty()
            && matches!(
                self.command,
                Command::Pull(_) | Command::Plan(_) | Command::Verify(_)
            )
        {
            let csv = csv.join(", ");
            return conflict(format!(
                "{csv} can't be used here: the files of a pull are for programs; list with `apivideo sessions` for a spreadsheet"
            ));
        }
        let world = self.options.world.given();
        let makes_a_world = matches!(self.command, Command::Simulate { .. });
        if !world.is_empty() && !self.options.simulate && !makes_a_world {
            let world = world.join(", ");
            return conflict(format!("{world} can only be used with --simulate"));
        }
        match &self.command {
            Command::Sessions(sessions) => {
                let ids = sessions.videos().err().or(sessions.live_streams().err());
                if let Some(error) = ids {
                    return Some((ErrorKind::ValueValidation, error.to_string()));
                }
                let is_live = sessions.kind == Some(reading::Asset::LiveStream);
                if is_live && !sessions.metadata.is_empty() {
                    return conflict(
                        "--metadata can't be used with live streams: the service filters sessions of videos only"
                            .to_owned(),
                    );
                }
                None
            }
            Command::Api(api) if !api.paginate && api.range.is_given() => {
                conflict("--limit, --last, --count, --resume and --out need --paginate".to_owned())
            }
            _ => None,
        }
    }
}

/// The whole command, for help, completions and manual pages. The options are the same everywhere, before a command and
/// after it; those that a command refuses are hidden there.
pub(crate) fn command() -> clap::Command {
    let command = Cli::command();
    let hidden = |is_hidden: &dyn Fn(&str) -> bool| -> Vec<Arg> {
        command
            .get_arguments()
            .filter(|arg| is_hidden(arg.get_id().as_str()))
            .map(|arg| arg.clone().hide(true))
            .collect()
    };
    let for_data = hidden(&|id| options::FOR_DATA.contains(&id));
    let all = hidden(&|id| !matches!(id, "help" | "version"));
    command
        .mut_subcommand("simulate", |simulate| simulate.args(for_data))
        .mut_subcommand("completions", |completions| completions.args(all.clone()))
        .mut_subcommand("man", |man| man.args(all))
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
        use reading::pair;
        assert_eq!(pair("hats=green"), Ok(("hats".into(), "green".into())));
        assert_eq!(pair("a=b=c"), Ok(("a".into(), "b=c".into())));
        assert_eq!(pair("a="), Ok(("a".into(), String::new())));
        assert!(pair("hats").unwrap_err().contains("KEY=VALUE"));
        assert!(pair("=green").unwrap_err().contains("the key is empty"));
    }
}
