//! The context of a command: its options, settings and stop signal.

use crate::args::Options;
use crate::config::Settings;
use crate::connection::Connection;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::progress::Reporter;
use crate::stderr::{Kind, Line, print_line};
use crate::stop::Stop;

/// The context of a command.
///
/// A command returns how it ended ([`Exit`]), or a [`Failure`] to report.
pub(crate) struct Context<'a> {
    pub(crate) options: &'a Options,
    pub(crate) settings: Settings,
    /// The API key that was read from stdin.
    pub(crate) stdin_key: Option<String>,
    /// The stop signal. Commands with state to save check it themselves, all others use
    /// [`run_until_stopped`](Context::run_until_stopped).
    pub(crate) stop: Stop,
}

impl Context<'_> {
    /// Creates a client, and starts a simulator with `--simulate`. No request is sent.
    pub(crate) async fn connect(&self) -> Result<Connection, Failure> {
        Connection::open(self.options, &self.settings, self.stdin_key.as_deref()).await
    }

    /// Returns a reporter of progress.
    pub(crate) fn reporter(&self) -> Reporter {
        Reporter::new(self.settings.quiet.value)
    }

    /// Prints a note on stderr, unless `--quiet` is set.
    pub(crate) fn print_note(&self, text: &str) {
        if !self.settings.quiet.value {
            print_line(&Line::new(Kind::Note, text));
        }
    }

    /// Runs a command that has no state to save when it is stopped.
    pub(crate) async fn run_until_stopped(
        &self,
        command: impl Future<Output = Result<Exit, Failure>>,
    ) -> Result<Exit, Failure> {
        let outcome = self.stop.run_until(command).await;
        outcome.unwrap_or(Ok(Exit::Interrupted))
    }
}
