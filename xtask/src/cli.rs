//! The command line: a module for each command.

mod bench;
mod check;
mod coverage;
mod diff;
mod generate;
mod output;
mod release;
mod test_lake;

use std::ffi::OsString;
use std::io::Write;

use clap::{Parser, Subcommand};

use output::{FAILED, MISUSED, MISUSED_DIFF, print};

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
                print(err, &error.to_string());
                return if is_diff { MISUSED_DIFF } else { MISUSED };
            }
            print(out, &error.to_string());
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
            print(err, &format!("error: {}\n", error.with_causes()));
            FAILED
        }
    }
}

/// Parses a command line without running it.
///
/// # Errors
/// The message of the parser, if the command line is invalid.
pub fn parse_command_line(arguments: &[String]) -> Result<(), String> {
    match Cli::try_parse_from(arguments) {
        Err(error) if error.use_stderr() => Err(error.to_string()),
        _ => Ok(()),
    }
}
