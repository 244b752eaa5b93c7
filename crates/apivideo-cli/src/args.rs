//! The command line: its commands, its options, and their conflicts.

mod aggregates;
mod field_list;
mod glossary;
mod help;
mod lake;
mod lists;
mod options;
mod period;
mod questions;
mod reconcile;
mod report;
mod timeframe;
mod values;
mod watch;

use std::ffi::OsString;
use std::path::PathBuf;

use apivideo_lake::Location;
use clap::error::ErrorKind;
use clap::{Arg, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub(crate) use aggregates::{Buckets, Metrics, Scope, Timeseries};
pub(crate) use field_list::FieldList;
pub(crate) use lake::{
    Convert, Forget, Lake, LakeCommand, LakeStatus, Lock, Pull, Rebuild, Verify,
};
pub(crate) use lists::{Events, ListOptions, LiveStreams, Sessions, Videos};
pub(crate) use options::{Auth, Options, World};
pub(crate) use period::{PeriodArg, ResolvedPeriod};
pub(crate) use questions::{
    Audience, Comparison, Concurrency, ConcurrencyRule, Explain, OutFile, Question, Retention,
    Subject,
};
pub(crate) use reconcile::Reconcile;
pub(crate) use report::{Report, ReportComparison};
pub(crate) use timeframe::Timeframe;
pub(crate) use values::seconds;
pub(crate) use watch::{Watch, WatchedType};

use crate::format::Format;

/// The parsed and validated command line.
#[derive(Debug, Parser)]
#[command(
    name = "apivideo",
    version,
    about = help::ABOUT,
    after_help = help::EXAMPLES,
    after_long_help = help::DETAILS
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) options: Options,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List player sessions of videos or live streams
    #[command(after_help = help::SESSIONS)]
    Sessions(Sessions),
    /// List the events of a session: play, pause, seek
    #[command(after_help = help::EVENTS)]
    Events(Events),
    /// List videos
    #[command(after_help = help::VIDEOS)]
    Videos(Videos),
    /// List live streams
    #[command(after_help = help::LIVE_STREAMS)]
    LiveStreams(LiveStreams),
    /// Show who watched: plays, viewers, watch time, completion, by country, device or any metadata
    #[command(after_help = help::AUDIENCE)]
    Audience(Audience),
    /// Show how far a video was watched, what was watched again, and where viewers left
    #[command(after_help = help::RETENTION)]
    Retention(Retention),
    /// Show how many viewers watched at the same time
    #[command(after_help = help::CONCURRENCY)]
    Concurrency(Concurrency),
    /// Explain what a session played, event by event, and what was estimated and why
    #[command(after_help = help::EXPLAIN)]
    Explain(Explain),
    /// Make a report of videos or live streams: one HTML file to look at, print and forward
    ///
    /// The file contains its charts and its data, runs no script and makes no request. The same data results in the same bytes.
    #[command(after_help = help::REPORT)]
    Report(Report),
    /// Compare measures of sessions with the aggregates of the service, and explain the differences
    ///
    /// Plays, impressions, watch time, views and viewers are computed from the sessions of the period, and compared with
    /// `play/count`, `impression/count`, `watch-time/sum` and `view/count` of the same time. The difference is divided by rule:
    /// presses of the play button, reloads of the page, time by the clock, and sessions that continue over the start or the end of
    /// the period. What remains is printed as unexplained. Sessions of the three days before the period are read as well.
    #[command(after_help = help::RECONCILE)]
    Reconcile(Reconcile),
    /// Get the value of a metric: plays, watch time, peak viewers
    #[command(after_help = help::METRICS)]
    Metrics(Metrics),
    /// Break a metric down by a dimension: plays by country, views by video
    #[command(after_help = help::BUCKETS)]
    Buckets(Buckets),
    /// Get a metric over time: plays by hour
    #[command(after_help = help::TIMESERIES)]
    Timeseries(Timeseries),
    /// Show the current viewers of a live stream until Ctrl-C
    ///
    /// The service counts the viewers of the last 20 s (`ccv/live`). On a terminal, the number is shown on a line with its past as a
    /// sparkline; otherwise each number is a row. Requests stay within the rate limit. A request that fails is reported, and the
    /// next one is sent after the interval; an error that would repeat, such as an invalid API key, ends the command.
    ///
    /// Ctrl-C is the regular end: the exit code is 0, or 130 if there was no number yet. With --count, it is 6 if some requests
    /// failed, and 5 if all did.
    #[command(after_help = help::WATCH)]
    Watch(Watch),
    /// Download sessions and events into a lake: files by day for DuckDB, Spark and others
    ///
    /// A lake is a folder with DIR/sessions/date=2024-05-01/sessions.parquet, DIR/events/… and DIR/_manifest, which lists
    /// its files. Days that are final are downloaded once. If the command is stopped or killed, the same command resumes;
    /// the same data results in the same bytes.
    #[command(after_help = help::PULL)]
    Pull(Pull),
    /// Estimate the requests, time and disk space of a pull
    #[command(after_help = help::PLAN)]
    Plan(Lake),
    /// Verify the files of a lake against its manifest, and optionally against the service
    #[command(after_help = help::VERIFY)]
    Verify(Verify),
    /// Show and maintain a lake: status, derived tables, erasure, format
    #[command(subcommand)]
    Lake(LakeCommand),
    /// Send a raw GET request to any path
    #[command(after_help = help::API)]
    Api(Api),
    /// Check authentication and show the rate limit
    #[command(subcommand)]
    Auth(AuthCommand),
    /// Show the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Generate a completion script for a shell
    ///
    /// bash: apivideo completions bash > /etc/bash_completion.d/apivideo. zsh: write to a file _apivideo in a folder of
    /// $fpath. fish: write to ~/.config/fish/completions/apivideo.fish. PowerShell: append to $PROFILE.
    Completions {
        /// The shell
        #[arg(value_name = "SHELL")]
        shell: Shell,
    },
    /// Generate manual pages
    ///
    /// Prints the page of `apivideo` on stdout.
    Man {
        /// Write the manual pages of all commands to this folder
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    #[command(about = glossary::ABOUT, long_about = glossary::text(), help_template = "{about}\n")]
    Measures,
    /// Run a local simulator of api.video until Ctrl-C
    ///
    /// Prints its URL as the only line on stdout. Accepts any nonempty API key.
    Simulate {
        /// The port on 127.0.0.1; 0 selects a free port
        #[arg(long, value_name = "PORT", default_value_t = 0)]
        port: u16,
    },
}

impl Command {
    /// Whether the command uses the service, and so its settings.
    pub(crate) fn needs_service(&self) -> bool {
        self.offline_name().is_none()
    }

    /// Returns the options of a command that lists items.
    fn list_options(&self) -> Option<&ListOptions> {
        Some(match self {
            Self::Sessions(sessions) => &sessions.list,
            Self::Events(events) => &events.list,
            Self::Videos(videos) => &videos.list,
            Self::LiveStreams(live_streams) => &live_streams.list,
            Self::Buckets(buckets) => &buckets.list,
            Self::Timeseries(timeseries) => &timeseries.list,
            Self::Api(api) => &api.list,
            _ => return None,
        })
    }

    /// Returns the lake that a question is answered from.
    pub(crate) fn lake(&self) -> Option<&Location> {
        match self {
            Self::Audience(audience) => audience.question.from.as_ref(),
            Self::Retention(retention) => retention.question.from.as_ref(),
            Self::Concurrency(concurrency) => concurrency.question.from.as_ref(),
            Self::Explain(explain) => explain.from.as_ref(),
            Self::Report(report) => report.question.from.as_ref(),
            _ => None,
        }
    }

    /// Whether the command works with a lake as a whole.
    pub(crate) fn is_lake_command(&self) -> bool {
        matches!(
            self,
            Self::Pull(_) | Self::Plan(_) | Self::Verify(_) | Self::Lake(_)
        )
    }

    /// Returns the name of a command that does not use the service.
    fn offline_name(&self) -> Option<&'static str> {
        match self {
            Self::Simulate { .. } => Some("simulate"),
            Self::Completions { .. } => Some("completions"),
            Self::Man { .. } => Some("man"),
            Self::Measures => Some("measures"),
            _ => None,
        }
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct Api {
    /// The HTTP method
    #[arg(value_name = "METHOD")]
    pub(crate) method: Method,
    /// The path without a query, such as /players
    #[arg(value_name = "PATH")]
    pub(crate) path: String,
    /// Add a query parameter; can be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = values::key_value)]
    pub(crate) query: Vec<(String, String)>,
    /// Read all pages of a list and print its items
    #[arg(long)]
    pub(crate) paginate: bool,
    #[command(flatten)]
    pub(crate) list: ListOptions,
}

/// The HTTP methods that `apivideo api` supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Method {
    /// Read a resource
    #[value(name = "GET", alias = "get")]
    Get,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuthCommand {
    /// Check authentication by one request, and show the environment and the rate limit
    Check,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Show the settings in effect; API keys are never printed
    Show {
        /// Also show where each setting comes from
        #[arg(long)]
        origin: bool,
    },
}

/// What a command line requests.
#[derive(Debug)]
pub(crate) enum Invocation {
    /// To run a command.
    Run(Box<Cli>),
    /// To print the fields of a command whose required arguments are missing.
    ListFields(FieldList),
}

/// Parses the arguments of this process. Help and version are returned as errors, which print themselves.
pub(crate) fn parse() -> Result<Invocation, clap::Error> {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    match parse_from(&arguments) {
        Ok(cli) => Ok(Invocation::Run(Box::new(cli))),
        Err(error) => match FieldList::parse(&error, &arguments) {
            Some(list) => Ok(Invocation::ListFields(list)),
            None => Err(error),
        },
    }
}

/// Whether these arguments, which may be invalid, select `--log-format json`.
pub(crate) fn requests_json_log(arguments: impl IntoIterator<Item = OsString>) -> bool {
    let mut is_value = false;
    for argument in arguments {
        if is_value && argument == "json" || argument == "--log-format=json" {
            return true;
        }
        is_value = argument == "--log-format";
    }
    false
}

fn parse_from(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
) -> Result<Cli, clap::Error> {
    let mut command = help::group_commands(command());
    let matches = command.try_get_matches_from_mut(arguments)?;
    let cli = Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))?;
    if let Some((kind, message)) = cli.conflict() {
        // The usage in the message is that of the subcommand.
        let subcommand = matches.subcommand_name();
        let subcommand = subcommand.and_then(|name| command.find_subcommand_mut(name));
        return Err(match subcommand {
            Some(subcommand) => subcommand.error(kind, message),
            None => command.error(kind, message),
        });
    }
    Ok(cli)
}

impl Cli {
    /// Whether the command sends requests to the service, and so needs an API key.
    pub(crate) fn needs_key(&self) -> bool {
        let lists_fields = self
            .options
            .fields
            .as_deref()
            .is_some_and(|fields| fields == ["list"]);
        self.command.needs_service()
            && !matches!(self.command, Command::Config(_))
            && self.command.lake().is_none()
            && !self.options.simulate
            && !lists_fields
    }

    /// Returns an error for options that conflict in a way that clap cannot express.
    fn conflict(&self) -> Option<(ErrorKind, String)> {
        let conflict = |message| Some((ErrorKind::ArgumentConflict, message));
        let service_options = self.options.set_service_options();
        if let Some(name) = self.command.offline_name()
            && !service_options.is_empty()
        {
            let options = service_options.join(", ");
            return conflict(format!("{options} cannot be used with `apivideo {name}`"));
        }
        let csv_options = self.options.set_csv_options();
        if !csv_options.is_empty() && self.command.is_lake_command() {
            let options = csv_options.join(", ");
            return conflict(format!(
                "{options} cannot be used with a lake; use `apivideo sessions` to write CSV for spreadsheets"
            ));
        }
        let output_options = self.options.set_output_options();
        if !output_options.is_empty() && matches!(self.command, Command::Report(_)) {
            let options = output_options.join(", ");
            return conflict(format!(
                "{options} cannot be used with a report, which is HTML; use `apivideo audience` for the figures"
            ));
        }
        if self.options.jq().is_some() {
            if let Some(format @ (Format::Table | Format::Csv)) = self.options.output {
                let format = format.name();
                return conflict(format!(
                    "--jq cannot be used with --output {format}: it filters JSON"
                ));
            }
            if self.command.list_options().is_some_and(|list| list.count) {
                return conflict("--jq cannot be used with --count".to_owned());
            }
        }
        let world_options = self.options.world.set_options();
        let is_simulate = matches!(self.command, Command::Simulate { .. });
        if !world_options.is_empty() && !self.options.simulate && !is_simulate {
            let options = world_options.join(", ");
            return conflict(format!("{options} can only be used with --simulate"));
        }
        let connection_options = self.options.set_connection_options();
        if self.command.lake().is_some() && !connection_options.is_empty() {
            let options = connection_options.join(", ");
            return conflict(format!(
                "{options} cannot be used with --from: a lake is read without a request"
            ));
        }
        let checked = match &self.command {
            Command::Audience(audience) => questions::check(&audience.subject, &audience.question),
            Command::Concurrency(arguments) => {
                questions::check(&arguments.subject, &arguments.question)
            }
            Command::Retention(retention) => questions::check_retention(retention),
            Command::Report(report) => report::check(report),
            Command::Reconcile(reconcile) => reconcile::check(reconcile),
            _ => Ok(()),
        };
        if let Err(message) = checked {
            return Some((ErrorKind::ValueValidation, message));
        }
        match &self.command {
            Command::Sessions(sessions) => {
                if let Err(error) = sessions.assets() {
                    return Some((ErrorKind::ValueValidation, error.to_string()));
                }
                let is_live = sessions.asset_type == Some(lists::AssetType::LiveStream);
                if is_live && !sessions.metadata.is_empty() {
                    return conflict(
                        "--metadata cannot be used with live streams: the service filters sessions of videos only"
                            .to_owned(),
                    );
                }
                None
            }
            Command::Api(api) if !api.paginate && api.list.is_set() => conflict(
                "--limit, --last, --count, --out and --resume require --paginate".to_owned(),
            ),
            _ => None,
        }
    }
}

/// Returns the command line for help, completions and manual pages. Options are accepted before and after a command; those
/// that a command rejects are hidden in its help.
pub(crate) fn command() -> clap::Command {
    let command = Cli::command();
    let selected = |is_selected: &dyn Fn(&str) -> bool| -> Vec<Arg> {
        command
            .get_arguments()
            .filter(|arg| is_selected(arg.get_id().as_str()))
            .cloned()
            .collect()
    };
    let hide = |args: Vec<Arg>| args.into_iter().map(|arg| arg.hide(true));
    let service_options = hide(selected(&|id| {
        id == "config" || options::SERVICE_OPTIONS.contains(&id)
    }));
    let csv_options: Vec<Arg> = hide(selected(&|id| id.starts_with("csv_"))).collect();
    let output_options = hide(selected(&|id| {
        id.starts_with("csv_") || matches!(id, "output" | "fields" | "jq")
    }));
    let world_options = selected(&|id| options::WORLD_OPTIONS.contains(&id))
        .into_iter()
        .map(|arg| arg.hide_short_help(false));
    let all = hide(selected(&|id| !matches!(id, "help" | "version")));
    command
        .mut_subcommand("simulate", |simulate| {
            simulate.args(service_options).args(world_options)
        })
        .mut_subcommand("report", |report| report.args(output_options))
        .mut_subcommand("pull", |pull| pull.args(csv_options.clone()))
        .mut_subcommand("plan", |plan| plan.args(csv_options.clone()))
        .mut_subcommand("verify", |verify| verify.args(csv_options.clone()))
        .mut_subcommand("lake", |lake| {
            lake.mut_subcommand("status", |status| status.args(csv_options.clone()))
                .mut_subcommand("rebuild", |rebuild| rebuild.args(csv_options.clone()))
                .mut_subcommand("forget", |forget| forget.args(csv_options.clone()))
                .mut_subcommand("convert", |convert| convert.args(csv_options))
        })
        .mut_subcommand("completions", |completions| completions.args(all.clone()))
        .mut_subcommand("man", |man| man.args(all.clone()))
        .mut_subcommand("measures", |measures| measures.args(all))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage_error(line: &str) -> String {
        let error = parse_from(line.split_whitespace()).unwrap_err();
        assert_eq!(error.exit_code(), 2, "{error}");
        error.to_string()
    }

    #[test]
    fn clap_accepts_the_command() {
        command().debug_assert();
    }

    #[test]
    fn options_are_accepted_before_and_after_the_command() {
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
    fn world_options_require_a_simulator() {
        let error = usage_error("apivideo videos --seed 7 --days 3");
        assert!(
            error.contains("--seed, --days can only be used with --simulate"),
            "{error}"
        );
        parse_from("apivideo simulate --seed 7 --days 3".split_whitespace()).unwrap();
    }

    #[test]
    fn simulate_rejects_service_options() {
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
            let error = usage_error(line);
            assert!(
                error.contains(&format!("{option} cannot be used with")),
                "{error}"
            );
        }
    }

    #[test]
    fn environments_exclude_each_other() {
        for line in [
            "apivideo videos --simulate --base-url http://localhost:1",
            "apivideo videos --simulate --environment sandbox",
            "apivideo videos --simulate --api-key-file key",
            "apivideo videos --base-url http://localhost:1 --environment sandbox",
            "apivideo videos --simulate --replay tutorial --seed 3",
        ] {
            let error = usage_error(line);
            assert!(error.contains("cannot be used with"), "{error}");
        }
    }
}
