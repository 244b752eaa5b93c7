//! The command `apivideo`: viewing statistics of api.video, in a table or for the next tool.
//!
//! The arguments ([`args`]) say which command ([`commands`]) to run, in a [`context`] of settings ([`config`]), progress
//! ([`progress`]) and Ctrl-C ([`stop`]). It opens a connection ([`connection`]), reads a stream of the facade and writes
//! each item ([`output`]). Whatever goes wrong becomes a [`failure`]: a message on stderr, and how to end ([`exit`]).

mod again;
mod args;
mod checkpoint;
mod clock;
mod color;
mod commands;
mod config;
mod connection;
mod context;
mod destination;
mod exit;
mod failure;
mod key;
mod output;
mod progress;
mod stop;
mod text;
mod watcher;

use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::args::Cli;
use crate::config::Settings;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, because};
use crate::stop::Stop;

fn main() -> ExitCode {
    let cli = match args::parse() {
        Ok(cli) => cli,
        // Help and version come this way too, with the code 0.
        Err(error) => {
            let printed = error.print().and_then(|()| io::stdout().flush());
            return match (error.exit_code(), printed) {
                (0, Err(error)) => Failure::output(error).report().into(),
                (code, _) => ExitCode::from(u8::try_from(code).unwrap_or(Exit::Usage.code())),
            };
        }
    };
    run(&cli).unwrap_or_else(Failure::report).into()
}

fn run(cli: &Cli) -> Result<Exit, Failure> {
    let settings = match cli.command.asks_somebody() {
        true => Settings::load(&cli.options)?,
        false => Settings::of_flags(&cli.options),
    };
    color::choose(settings.color.value);
    let stdin_key = match cli.connects() {
        true => key::from_stdin(&settings)?,
        false => None,
    };
    let stop = Stop::listen()?;
    // One thread is enough to wait for one service, and starts the quickest.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(because("the runtime can't be started", error)))?;
    runtime.block_on(async {
        let context = Context {
            options: &cli.options,
            settings,
            stdin_key,
            stop,
        };
        commands::run(&cli.command, &context).await
    })
}
