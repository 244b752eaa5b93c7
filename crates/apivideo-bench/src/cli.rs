//! The command line.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::client::{self, Task};
use crate::jobs::{self, Options};
use crate::serve::{self, World};

#[derive(Parser)]
#[command(
    name = "apivideo-bench",
    about = "Measures the facade against the core, the floor and others"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the jobs, and print the table
    Run(Options),
    /// Do one job once against a server that runs, and print what it cost
    Client(Task),
    /// Serve until stdin ends; print the URL
    Serve(World),
}

/// Runs a command line.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let done = match Cli::parse_from(arguments).command {
        Command::Run(options) => jobs::run(&options),
        Command::Client(task) => client::run(&task),
        Command::Serve(world) => serve::run(&world),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is there to be told of a stream that is closed.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}
