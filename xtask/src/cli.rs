//! The command line, with a module for each command.

mod check;
mod coverage;
mod diff;
mod generate;
mod output;
mod release;
mod todo;
mod upstream;

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
    /// Generate the bindings from openapi/apivideo.yaml
    Generate(generate::Arguments),
    /// Run all checks except tests
    Check(check::Arguments),
    /// Check openapi/facade.yaml and write docs/coverage.md
    Coverage(coverage::Arguments),
    /// Classify changes of the document for users of the bindings
    Diff(diff::Arguments),
    /// Compare openapi/apivideo.yaml with the document that the service publishes
    Upstream(upstream::Arguments),
    /// Rehearse a release without publishing
    Release(release::Arguments),
    /// List the work that remains for a change of the document
    Todo(todo::Arguments),
}

/// Runs a command line and returns the exit status.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let is_diff = arguments
        .get(1)
        .is_some_and(|command| command == "diff" || command == "upstream");
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
        Command::Generate(arguments) => generate::run(&arguments, out),
        Command::Check(arguments) => check::run(&arguments, out),
        Command::Coverage(arguments) => coverage::run(&arguments, out),
        Command::Diff(arguments) => diff::run(&arguments, out),
        Command::Upstream(arguments) => upstream::run(&arguments, out),
        Command::Release(arguments) => release::run(&arguments, out),
        Command::Todo(arguments) => todo::run(&arguments, out),
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
/// Returns the message of the parser if the command line is invalid.
pub fn parse_command_line(arguments: &[String]) -> Result<(), String> {
    match Cli::try_parse_from(arguments) {
        Err(error) if error.use_stderr() => Err(error.to_string()),
        _ => Ok(()),
    }
}
