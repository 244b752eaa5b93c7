//! How a command ends, as an interface for scripts.

use std::process::ExitCode;

/// How a command ended. The codes are documented in the help, and stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// It did what it was asked for; also when whoever read the output has enough.
    Done,
    /// It was tried, and failed.
    Failed,
    /// It was not tried: the command can't be run so.
    Usage,
    /// Data was written, and then it failed: it can be resumed.
    Partial,
    /// The service does not let us in.
    Authorization,
    /// The rate limit, or all retries, are spent: later it may work.
    Unavailable,
    /// All is written but some records, which could not be read.
    Skipped,
    /// Ctrl-C, or a polite kill.
    Interrupted,
}

impl Exit {
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Partial => 3,
            Self::Authorization => 4,
            Self::Unavailable => 5,
            Self::Skipped => 6,
            Self::Interrupted => 130,
        }
    }

    /// What an error of the library means for who called us.
    pub(crate) fn of(error: &apivideo::Error) -> Self {
        use apivideo::ErrorKind::{Configuration, Input};
        match error.kind() {
            Configuration | Input => Self::Usage,
            _ if error.is_auth() => Self::Authorization,
            _ if error.is_rate_limited() || error.is_retryable() => Self::Unavailable,
            _ => Self::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
