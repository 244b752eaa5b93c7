//! What goes wrong: a message with its causes on stderr, and how the command ends.

use std::error::Error;
use std::fmt::{self, Write as _};
use std::io::{self, Write as _};

use crate::color::{self, Style};
use crate::exit::Exit;
use crate::progress;
use crate::text::printable;

pub(crate) type Cause = Box<dyn Error + Send + Sync>;

/// Why the command ends early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something to say, and how to end.
    Told { exit: Exit, error: Cause },
    /// Whoever read our output has enough of it. Nothing is wrong.
    Closed,
}

impl Failure {
    pub(crate) fn new(exit: Exit, error: impl Into<Cause>) -> Self {
        Self::Told {
            exit,
            error: error.into(),
        }
    }

    pub(crate) fn failed(error: impl Into<Cause>) -> Self {
        Self::new(Exit::Failed, error)
    }

    pub(crate) fn usage(error: impl Into<Cause>) -> Self {
        Self::new(Exit::Usage, error)
    }

    /// Output that could not be written.
    pub(crate) fn output(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::failed(because("the output can't be written", error)),
        }
    }

    /// Says what went wrong, and gives how to end.
    pub(crate) fn report(self) -> Exit {
        let Self::Told { exit, error } = self else {
            return Exit::Done;
        };
        tell(&*error);
        exit
    }
}

impl From<apivideo::Error> for Failure {
    fn from(error: apivideo::Error) -> Self {
        Self::new(Exit::of(&error), error)
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
    let mut text = format!(
        "{} {}\n",
        color::on_stderr(Style::Error, "error:"),
        printable(&error.to_string())
    );
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = writeln!(
            text,
            "{} {}",
            color::on_stderr(Style::Faint, "caused by:"),
            printable(&error.to_string())
        );
        cause = error.source();
    }
    say(&text);
}

/// Tells what is odd and stops nothing.
pub(crate) fn warn(message: &str) {
    say(&format!(
        "{} {}\n",
        color::on_stderr(Style::Warning, "warning:"),
        printable(message)
    ));
}

/// Writes to stderr. Where that fails too, there is nobody left to tell.
pub(crate) fn say(text: &str) {
    progress::aside(|| {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    });
}
