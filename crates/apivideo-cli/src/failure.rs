//! Failures of commands: an error with its causes, a hint, and the exit code.

use std::error::Error;
use std::fmt;
use std::io;

use crate::exit::Exit;
use crate::stderr::{print_error, print_hint};

pub(crate) type Cause = Box<dyn Error + Send + Sync>;

/// The reason why a command ends early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// An error to print, and the exit code.
    Error {
        exit: Exit,
        error: Cause,
        /// The next action for the user.
        hint: Option<String>,
    },
    /// The reader of stdout closed the pipe, as `head` does. This is not an error.
    BrokenPipe,
}

impl Failure {
    pub(crate) fn new(exit: Exit, error: impl Into<Cause>) -> Self {
        Self::Error {
            exit,
            error: error.into(),
            hint: None,
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
        #[cfg(feature = "jq")]
        let error = match error.downcast::<FilterError>() {
            Ok(filter) => return Self::failed(filter),
            Err(error) => error,
        };
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::BrokenPipe,
            _ => Self::failed(with_cause("cannot write the output", error)),
        }
    }

    /// Adds what to do about the error.
    pub(crate) fn with_hint(mut self, text: impl Into<String>) -> Self {
        if let Self::Error { hint, .. } = &mut self {
            *hint = Some(text.into());
        }
        self
    }

    /// Returns the exit code.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Error { exit, .. } => *exit,
            Self::BrokenPipe => Exit::Done,
        }
    }

    /// Prints the error and the hint, and returns the exit code.
    pub(crate) fn report(self) -> Exit {
        let Self::Error { exit, error, hint } = self else {
            return Exit::Done;
        };
        print_error(&*error);
        if let Some(hint) = hint {
            print_hint(&hint);
        }
        exit
    }
}

impl From<apivideo::Error> for Failure {
    fn from(error: apivideo::Error) -> Self {
        Self::new(Exit::from_error(&error), error)
    }
}

/// Returns an error with this message and cause.
pub(crate) fn with_cause(message: impl Into<String>, cause: impl Into<Cause>) -> impl Into<Cause> {
    WithCause {
        message: message.into(),
        cause: cause.into(),
    }
}

#[derive(Debug)]
struct WithCause {
    message: String,
    cause: Cause,
}

impl fmt::Display for WithCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for WithCause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.cause)
    }
}

/// A filter of `--jq` that failed on an item.
#[cfg(feature = "jq")]
#[derive(Debug)]
pub(crate) struct FilterError {
    /// The number of the item, from 1.
    pub(crate) item: u64,
    pub(crate) message: String,
}

#[cfg(feature = "jq")]
impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { item, message } = self;
        write!(f, "the --jq filter failed on item {item}: {message}")
    }
}

#[cfg(feature = "jq")]
impl Error for FilterError {}
