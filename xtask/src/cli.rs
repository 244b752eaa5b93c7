//! The command line: a module for each command.

mod bench;
mod check;
mod coverage;
mod diff;
mod generate;
mod release;
mod test_lake;

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};

use crate::error::Error;

pub(crate) use generate::of_workspace;

/// Something failed.
const FAILED: u8 = 1;
/// The command line was wrong.
const MISUSED: u8 = 2;
/// The command line of `diff` was wrong, whose other statuses tell what differs.
const MISUSED_DIFF: u8 = 64;
/// What is checked in is not what it has to be.
const STALE: u8 = 4;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The maintainers' tool")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure the facade against the core, the floor and others, and print the table
    Bench(bench::Arguments),
    /// Generate the bindings from openapi/apivideo.yaml
    Generate(generate::Arguments),
    /// Tell whether the work tree may be merged, tests aside
    Check(check::Arguments),
    /// Check openapi/facade.yaml, and write docs/coverage.md from it
    Coverage(coverage::Arguments),
    /// Tell what a change of the document means for users of the bindings
    Diff(diff::Arguments),
    /// Rehearse a release
    Release(release::Arguments),
    /// Check that DuckDB, polars, pyarrow and Spark read a lake as it is; needs Python 3.11, Java 17 and, once, network
    TestLake(test_lake::Arguments),
}

/// Runs a command line; gives the exit status.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let is_diff = arguments.get(1).is_some_and(|command| command == "diff");
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            if error.use_stderr() {
                say(err, &error.to_string());
                return if is_diff { MISUSED_DIFF } else { MISUSED };
            }
            say(out, &error.to_string());
            return 0;
        }
    };
    let done = match cli.command {
        Command::Bench(arguments) => bench::run(&arguments, out),
        Command::Generate(arguments) => generate::run(&arguments, out),
        Command::Check(arguments) => check::run(&arguments, out),
        Command::Coverage(arguments) => coverage::run(&arguments, out),
        Command::Diff(arguments) => diff::run(&arguments, out),
        Command::Release(arguments) => release::run(&arguments, out),
        Command::TestLake(arguments) => test_lake::run(&arguments, out),
    };
    match done {
        Ok(status) => status,
        Err(error) => {
            say(err, &format!("error: {}\n", with_causes(&error)));
            FAILED
        }
    }
}

/// Whether a command line is one of this tool.
pub(crate) fn parses(arguments: &[String]) -> Result<(), String> {
    match Cli::try_parse_from(arguments) {
        Err(error) if error.use_stderr() => Err(error.to_string()),
        _ => Ok(()),
    }
}

fn workspace_root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

pub(crate) fn with_causes(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

fn say(stream: &mut dyn Write, text: &str) {
    // Nobody is there to be told of a stream that is closed.
    let _ = stream.write_all(text.as_bytes());
}
