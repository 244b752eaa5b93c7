//! What every command has at hand.

use crate::args::Options;
use crate::config::Settings;
use crate::connection::Connection;
use crate::exit::Exit;
use crate::failure::{Failure, say};
use crate::progress::Reporter;
use crate::stop::Stop;
use crate::text::printable;

/// What every command has at hand: how it is set, where to tell its progress, and whether it is to stop.
///
/// A command gives how it ended ([`Exit`]), or a [`Failure`] with a message.
pub(crate) struct Context<'a> {
    pub(crate) options: &'a Options,
    pub(crate) settings: Settings,
    /// The key that came by stdin.
    pub(crate) stdin_key: Option<String>,
    /// Ctrl-C. Whoever holds something that should be kept asks by themselves, all others by [`Context::until_stopped`].
    pub(crate) stop: Stop,
}

impl Context<'_> {
    /// A client of the place that is asked. Nothing is asked yet; a simulator is started.
    pub(crate) async fn connect(&self) -> Result<Connection, Failure> {
        Connection::open(self).await
    }

    /// Where progress is told.
    pub(crate) fn reporter(&self) -> Reporter {
        Reporter::new(self.settings.quiet.value)
    }

    /// A remark for whoever looks on, unless it shall be quiet.
    pub(crate) fn remark(&self, text: &str) {
        if !self.settings.quiet.value {
            say(&format!("{}\n", printable(text)));
        }
    }

    /// Runs what holds nothing that should be kept when it is stopped.
    pub(crate) async fn until_stopped(
        &self,
        command: impl Future<Output = Result<Exit, Failure>>,
    ) -> Result<Exit, Failure> {
        self.stop.or(command).await.unwrap_or(Ok(Exit::Interrupted))
    }
}
