//! The command `apivideo`: viewing statistics of api.video, in a table or for the next tool.
//!
//! The arguments ([`args`]) say which command ([`commands`]) to run; it opens a connection ([`connection`]), reads a
//! stream of the facade and writes each item ([`output`]). Whatever goes wrong becomes a [`failure`]: a message on
//! stderr and an exit code.

mod args;
mod commands;
mod connection;
mod failure;
mod key;
mod output;
mod text;

use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::failure::{Failure, because};

fn main() -> ExitCode {
    let cli = match args::parse() {
        Ok(cli) => cli,
        // Help and version come this way too, with the code 0.
        Err(error) => {
            let printed = error.print().and_then(|()| io::stdout().flush());
            return match (error.exit_code(), printed) {
                (0, Err(error)) => Failure::output(error).report(),
                (code, _) => ExitCode::from(u8::try_from(code).unwrap_or(failure::USAGE)),
            };
        }
    };
    // One thread is enough to wait for one service, and starts the quickest.
    let outcome = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(because("the runtime can't be started", error)))
        .and_then(|runtime| runtime.block_on(commands::run(&cli)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
