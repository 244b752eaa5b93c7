//! What goes wrong: a message with its causes on stderr, and an exit code.

use std::error::Error;
use std::fmt::{self, Write as _};
use std::io::{self, Write as _};
use std::process::ExitCode;

use apivideo::ErrorKind;

use crate::text::printable;

/// It was tried, and failed.
pub(crate) const FAILED: u8 = 1;
/// It was not tried: the command can't be run so.
pub(crate) const USAGE: u8 = 2;

type Cause = Box<dyn Error + Send + Sync>;

/// Why the command ends early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something to say, and the code to end with.
    Told { code: u8, error: Cause },
    /// Whoever read our output has enough of it. Nothing is wrong.
    Closed,
}

impl Failure {
    pub(crate) fn failed(error: impl Into<Cause>) -> Self {
        Self::Told {
            code: FAILED,
            error: error.into(),
        }
    }

    pub(crate) fn usage(error: impl Into<Cause>) -> Self {
        Self::Told {
            code: USAGE,
            error: error.into(),
        }
    }

    /// Output that could not be written.
    pub(crate) fn output(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::failed(because("the output can't be written", error)),
        }
    }

    /// Says what went wrong, and gives the code to end with.
    pub(crate) fn report(self) -> ExitCode {
        let Self::Told { code, error } = self else {
            return ExitCode::SUCCESS;
        };
        tell(&*error);
        ExitCode::from(code)
    }
}

impl From<apivideo::Error> for Failure {
    fn from(error: apivideo::Error) -> Self {
        match error.kind() {
            ErrorKind::Configuration | ErrorKind::Input => Self::usage(error),
            _ => Self::failed(error),
        }
    }
}

/// An error of ours with its cause.
pub(crate) fn because(message: impl Into<String>, cause: impl Into<Cause>) -> impl Into<Cause> {
    Because {
        message: message.into(),
        cause: cause.into(),
    }
}

#[derive(Debug)]
struct Because {
    message: String,
    cause: Cause,
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Because {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.cause)
    }
}

/// Tells an error and what caused it, a line each.
pub(crate) fn tell(error: &dyn Error) {
    let mut text = format!("error: {}\n", printable(&error.to_string()));
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = writeln!(text, "caused by: {}", printable(&error.to_string()));
        cause = error.source();
    }
    say(&text);
}

/// Writes to stderr. Where that fails too, there is nobody left to tell.
pub(crate) fn say(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
