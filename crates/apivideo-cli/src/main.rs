//! The command `apivideo`: viewing statistics of api.video as tables, JSON, CSV and files.
//!
//! The arguments ([`args`]) select a command ([`commands`]), which runs in a [`context`] of settings ([`config`]), progress
//! ([`progress`]) and the stop signal ([`stop`]). A command opens a connection ([`connection`]), reads a stream of the library
//! and writes each item ([`output`]). Errors become a [`failure`]: a message on stderr and an exit code ([`exit`]).

mod args;
mod chapters;
mod chart;
mod checkpoint;
mod clock;
mod color;
mod command_line;
mod commands;
mod config;
mod connection;
mod context;
mod destination;
mod exit;
mod failure;
mod folder;
mod format;
mod key;
mod output;
mod progress;
mod source;
mod stderr;
mod stop;
mod text;
mod wire_log;

use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::args::{Cli, Invocation};
use crate::config::Settings;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, with_cause};
use crate::stderr::LogFormat;
use crate::stop::Stop;

fn main() -> ExitCode {
    let cli = match args::parse() {
        Ok(Invocation::Run(cli)) => cli,
        Ok(Invocation::ListFields(list)) => {
            return commands::list_fields(&list)
                .unwrap_or_else(Failure::report)
                .into();
        }
        // Help and version are errors with the exit code 0.
        Err(error) => {
            if error.exit_code() != 0 && args::requests_json_log(std::env::args_os()) {
                stderr::set_format(LogFormat::Json, false);
                stderr::print_usage_error(&error.render().to_string());
                return ExitCode::from(Exit::Usage.code());
            }
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
    stderr::set_format(
        cli.options.log_format.unwrap_or_default(),
        cli.command.is_lake_command(),
    );
    let settings = match cli.command.needs_service() {
        true => Settings::load(&cli.options)?,
        false => Settings::from_flags(&cli.options),
    };
    color::set_choice(settings.color.value);
    let stdin_key = match cli.needs_key() {
        true => key::from_stdin(&settings)?,
        false => None,
    };
    let stop = Stop::listen()?;
    // A single thread suffices for one service and starts fastest.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(with_cause("cannot start the runtime", error)))?;
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
