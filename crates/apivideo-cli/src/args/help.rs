//! Parts of `apivideo help` that are not generated from the arguments.

use std::fmt::Write as _;

use clap::Command;

pub(super) const ABOUT: &str = "\
Viewing statistics of api.video: player sessions, their events, and aggregates.

Data is written to stdout, everything else to stderr. The API key is read from APIVIDEO_API_KEY, a file or stdin; \
--simulate needs neither an API key nor a network.";

/// After the options of `apivideo -h`.
pub(super) const EXAMPLES: &str = "\
Examples:
  apivideo sessions video vi4k0jvEUuaTdRAEjQ4Prklg --period 2022-01-01 --metadata hats=green --simulate
  apivideo events psEmFwGQUAXR2lFHj5nDOpy --simulate
  apivideo sessions --all-videos --period 2022-01 --with-events --out january.ndjson
  apivideo videos --output csv --fields videoId,title > videos.csv
  apivideo pull --out statistics --since 2022-01-01

Run `apivideo COMMAND --help` for the options of a command, and `apivideo --help` for environment variables, the
configuration file and exit codes.";

/// After the options of `apivideo --help`.
pub(super) const DETAILS: &str = "\
Environment variables:
  APIVIDEO_API_KEY          The API key
  APIVIDEO_API_KEY_FILE     Same as --api-key-file
  APIVIDEO_AUTH             Same as --auth
  APIVIDEO_BASE_URL         Same as --base-url
  APIVIDEO_COLOR            Same as --color
  APIVIDEO_CONFIG           Same as --config
  APIVIDEO_ENVIRONMENT      Same as --environment
  APIVIDEO_MAX_RETRY_AFTER  Same as --max-retry-after
  APIVIDEO_OUTPUT           Same as --output
  APIVIDEO_PAGE_SIZE        Same as --page-size
  APIVIDEO_PROFILE          Same as --profile
  APIVIDEO_QUIET            Same as --quiet: true or false
  APIVIDEO_RETRIES          Same as --retries
  APIVIDEO_TIMEOUT          Same as --timeout
  COLUMNS                   The width of tables [default: the width of the terminal]
  NO_COLOR                  Disables colors if not empty

Configuration file:
  Options on the command line override environment variables, which override the profile selected by --profile, which
  overrides the top level of the configuration file. The file is apivideo.toml in the platform's folder for
  configuration; `apivideo config show` prints its path.

    environment = \"production\"                 # or base_url
    api_key_file = \"/run/secrets/apivideo\"     # relative to this file
    [profiles.test]
    environment = \"sandbox\"
    api_key_file = \"sandbox.key\"

  The other settings are auth, output, page_size, retries, timeout, max_retry_after, color and quiet. It is an
  error if several sources set different API keys.

Exit codes:
    0  Success; also if the reader of stdout closes the pipe
    1  Failure that cannot be resumed
    2  Invalid command line, configuration or input file; nothing was done
    3  Partial output: some data was written before a list failed or a pull reached --max-requests; the command to resume
       is printed
    4  Authentication failed, or access was denied
    5  The rate limit or all retries are exhausted, and no output was written; try again later, which resumes a pull
    6  Everything was written except unreadable items, which are listed on stderr, including those of earlier runs
    7  Another process uses the lake; nothing was done
  130  Interrupted by Ctrl-C, SIGTERM, SIGHUP or SIGQUIT; the command to resume is printed

Examples:
  apivideo sessions video vi4k0jvEUuaTdRAEjQ4Prklg --period 2022-01-01 --metadata hats=green --simulate
  apivideo events psEmFwGQUAXR2lFHj5nDOpy --simulate
  apivideo sessions --all-videos --period 2022-01 --with-events --out january.ndjson
  apivideo videos --output csv --fields videoId,title > videos.csv
  apivideo pull --out statistics --since 2022-01-01";

pub(super) const SESSIONS: &str = "\
Examples:
  apivideo sessions video vi4k0jvEUuaTdRAEjQ4Prklg --period 2022-01 --metadata hats=green
  apivideo sessions video vi4k0jvEUuaTdRAEjQ4Prklg --period 2022 --output csv --fields session.loadedAt,location
  apivideo sessions live-stream vi4k0jvEUuaTdRAEjQ4Jfrgz --period 2022-W01 --count
  apivideo sessions --all-videos --period 2022-01-01/2022-01-07 --with-events --out sessions.ndjson";

pub(super) const EVENTS: &str = "\
Examples:
  apivideo events psEmFwGQUAXR2lFHj5nDOpy
  apivideo events psEmFwGQUAXR2lFHj5nDOpy --output csv --fields type,at";

pub(super) const VIDEOS: &str = "\
Examples:
  apivideo videos --tag tutorial --sort createdAt --order desc
  apivideo videos --output csv --fields videoId,title";

pub(super) const LIVE_STREAMS: &str = "\
Examples:
  apivideo live-streams --sort name
  apivideo live-streams --count";

pub(super) const AUDIENCE: &str = "\
Examples:
  apivideo audience video vi4k0jvEUuaTdRAEjQ4Prklg --period last-month --simulate
  apivideo audience video vi4k0jvEUuaTdRAEjQ4Prklg --period 30d --by country --by metadata.hats --simulate
  apivideo audience --all-videos --period 2022-01-01 --by asset --simulate
  apivideo audience video vi4k0jvEUuaTdRAEjQ4Prklg --period 2022-01 --exclude metadata.staff=true --output json --simulate";

pub(super) const RETENTION: &str = "\
Examples:
  apivideo retention video vi4k0jvEUuaTdRAEjQ4Prklg --period last-month --simulate
  apivideo retention video vi4k0jvEUuaTdRAEjQ4Prklg --period 2022-01 --compare 2021-12 --simulate
  apivideo retention video vi4k0jvEUuaTdRAEjQ4Prklg --period 30d --compare metadata.hats=green --output csv --simulate";

pub(super) const CONCURRENCY: &str = "\
Examples:
  apivideo concurrency live-stream vi4k0jvEUuaTdRAEjQ4Jfrgz --period 2022-01 --tz Europe/Paris --simulate
  apivideo concurrency live-stream vi4k0jvEUuaTdRAEjQ4Jfrgz --period 2022-01 --rule minutes --output csv --simulate";

pub(super) const EXPLAIN: &str = "\
Examples:
  apivideo explain psEmFwGQUAXR2lFHj5nDOpy --simulate
  apivideo explain psEmFwGQUAXR2lFHj5nDOpy --length 60 --output json --simulate";

pub(super) const REPORT: &str = "\
Examples:
  apivideo report video vi4k0jvEUuaTdRAEjQ4Prklg --period last-month --out report.html --simulate
  apivideo report video vi4k0jvEUuaTdRAEjQ4Prklg --period 2022-01 --compare 2021-12 --out comparison.html --simulate
  apivideo report live-stream vi4k0jvEUuaTdRAEjQ4Jfrgz --period 2022-01 --tz Europe/Paris --out live.html --simulate
  apivideo report video vi4k0jvEUuaTdRAEjQ4Prklg --period 30d --from-totals --out totals.html --simulate";

pub(super) const RECONCILE: &str = "\
Examples:
  apivideo reconcile video vi4k0jvEUuaTdRAEjQ4Prklg --period yesterday --simulate
  apivideo reconcile live-stream vi4k0jvEUuaTdRAEjQ4Jfrgz --period 7d --tz Europe/Paris --output csv --simulate";

pub(super) const METRICS: &str = "\
Examples:
  apivideo metrics play/count --period yesterday
  apivideo metrics watch-time/sum --country FR --device-type phone --device-type tablet";

pub(super) const BUCKETS: &str = "\
Examples:
  apivideo buckets play country --sort metricValue --order desc
  apivideo buckets view media-id --unique --limit 10";

pub(super) const TIMESERIES: &str = "\
Examples:
  apivideo timeseries play --interval day --period 7d
  apivideo timeseries ccv-peak --interval hour --live-stream vi4k0jvEUuaTdRAEjQ4Jfrgz";

pub(super) const WATCH: &str = "\
Examples:
  apivideo watch live-stream vi4k0jvEUuaTdRAEjQ4Jfrgz
  apivideo watch live-stream vi4k0jvEUuaTdRAEjQ4Jfrgz --interval 60 --output csv > viewers.csv
  apivideo watch live-stream vi4k0jvEUuaTdRAEjQ4Jfrgz --count 1 --fields viewers --simulate";

pub(super) const PULL: &str = "\
Examples:
  apivideo pull --out lake --since 2022-01-01
  apivideo pull --out anonymous --period 2022-01 --format csv --no-events --drop city,referrer.url
  apivideo pull --out lake --wait 10m --retry-for 30m --metrics-file lake.prom --log-format json";

pub(super) const PLAN: &str = "\
Examples:
  apivideo plan --out lake --since 2022-01-01";

pub(super) const VERIFY: &str = "\
Examples:
  apivideo verify lake
  apivideo verify lake --against-service";

pub(super) const LAKE_STATUS: &str = "\
Examples:
  apivideo lake status lake
  apivideo lake status lake --output json --fields completeUntil,rows,bytes,runs";

pub(super) const LAKE_REBUILD: &str = "\
Examples:
  apivideo lake rebuild lake
  apivideo lake rebuild lake --viewer-key metadata.customer";

pub(super) const LAKE_FORGET: &str = "\
Examples:
  apivideo lake forget lake --where metadata.userId=alice --dry-run
  apivideo lake forget lake --where metadata.userId=alice
  apivideo lake forget lake --where metadata.userId=alice --where session=psEmFwGQUAXR2lFHj5nDOpy
  apivideo lake forget lake";

pub(super) const LAKE_CONVERT: &str = "\
Examples:
  apivideo lake convert lake --format parquet";

pub(super) const API: &str = "\
Examples:
  apivideo api GET /videos --query pageSize=1
  apivideo api GET /players --paginate --output json";

/// The groups of commands in `apivideo help`, in order.
const GROUPS: [(&str, &[&str]); 7] = [
    (
        "Questions",
        &[
            "audience",
            "retention",
            "concurrency",
            "explain",
            "report",
            "reconcile",
        ],
    ),
    ("Lists", &["sessions", "events", "videos", "live-streams"]),
    ("Aggregates", &["metrics", "buckets", "timeseries", "watch"]),
    ("Lake", &["pull", "plan", "verify", "lake"]),
    ("Service", &["api", "auth", "config"]),
    ("Tools", &["simulate", "completions", "man", "help"]),
    ("Help topics", &["measures"]),
];

/// Lists the commands of `apivideo help` in groups, which clap does not support: it sees all commands as hidden.
pub(super) fn group_commands(command: Command) -> Command {
    let mut command = command.override_usage("apivideo [OPTIONS] <COMMAND>");
    // Adds the command `help`.
    command.build();
    let heading = command.get_styles().get_header();
    let literal = command.get_styles().get_literal();
    let mut groups = String::new();
    for (group, names) in GROUPS {
        let _ = writeln!(groups, "{heading}{group}:{heading:#}");
        for name in names {
            let about = match (*name, command.find_subcommand(name)) {
                ("help", _) => "Print the help of a command".to_owned(),
                (_, found) => found
                    .and_then(Command::get_about)
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            };
            let _ = writeln!(groups, "  {literal}{name:<13}{literal:#} {about}");
        }
        groups.push('\n');
    }
    let names: Vec<String> = command
        .get_subcommands()
        .map(|subcommand| subcommand.get_name().to_owned())
        .collect();
    for name in names {
        command = command.mut_subcommand(name, |subcommand| subcommand.hide(true));
    }
    command.help_template(format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{groups}{{all-args}}{{after-help}}"
    ))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::GROUPS;

    #[test]
    fn every_command_is_in_a_group() {
        let command = super::super::Cli::command();
        for subcommand in command.get_subcommands() {
            let name = subcommand.get_name();
            let groups = GROUPS.iter().filter(|(_, names)| names.contains(&name));
            assert_eq!(groups.count(), 1, "{name}");
        }
    }
}
