//! Exit codes. They are part of the interface: scripts depend on them.

use std::process::ExitCode;

/// The exit code of a command. The codes are documented in the help and do not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Success; also when the reader of stdout closed the pipe.
    Done,
    /// The command failed and cannot be resumed.
    Failed,
    /// The command line, the configuration or an input file is invalid: nothing was tried.
    Usage,
    /// Some output was written before the command failed: it can be resumed.
    Partial,
    /// The service rejected the API key or denied access.
    Authorization,
    /// The rate limit or all retries are exhausted: it may succeed later.
    Unavailable,
    /// Everything was written but some items, which could not be read.
    Skipped,
    /// Another process uses the lake: nothing was done.
    Locked,
    /// Interrupted by Ctrl-C or another signal that requests termination.
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
            Self::Locked => 7,
            Self::Interrupted => 130,
        }
    }

    /// The exit code for an error of the library.
    pub(crate) fn from_error(error: &apivideo::Error) -> Self {
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
