//! The command line.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::build;
use crate::client::{self, Task};
use crate::insights::{self, Comparison};
use crate::jobs::{self, Options};
use crate::serve::{self, World};

#[derive(Parser)]
#[command(
    name = "apivideo-bench",
    about = "Measure the client library against a hand-written baseline, the generated crate and other languages"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the jobs, and print the table
    Run(Options),
    /// Do one job once against a running server, and print its cost
    Client(Task),
    /// Run the server until stdin ends, and print its URL
    Serve(World),
    /// Build small applications from scratch, and print what the facade adds to them
    Build(build::Options),
    /// Compare the measures of a lake by the library, DuckDB and pandas
    Insights(Comparison),
}

/// Runs a command line.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let done = match Cli::parse_from(arguments).command {
        Command::Run(options) => jobs::run(&options),
        Command::Client(task) => client::run(&task),
        Command::Serve(world) => serve::run(&world),
        Command::Build(options) => build::run(&options),
        Command::Insights(comparison) => insights::run(&comparison),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A closed stderr is ignored.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}
