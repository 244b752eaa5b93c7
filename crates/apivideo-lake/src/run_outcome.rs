//! How a run of a pull ended.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::ErrorKind;

/// The outcome of a run of a [`Pull`](crate::Pull).
///
/// ```
/// use apivideo_lake::{ErrorKind, Report, RunOutcome};
///
/// assert_eq!(Report::default().outcome(), RunOutcome::Complete);
/// assert_eq!(RunOutcome::from(ErrorKind::Locked).to_string(), "locked");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum RunOutcome {
    /// The run has started and not ended: it is running, or its process was killed. The next run records the latter as
    /// interrupted.
    Running,
    /// Everything requested is in the lake.
    Complete,
    /// The run has ended, and some records or lists could not be read; see [`Report::problems`](crate::Report::problems) and
    /// [`Report::invalid`](crate::Report::invalid).
    Incomplete,
    /// The run reached its maximum number of requests.
    Stopped,
    /// The run was killed, stopped or dropped.
    Interrupted,
    /// An option is invalid, or does not match the lake.
    Input,
    /// A request failed.
    Service,
    /// A file could not be read or written.
    Storage,
    /// Another process uses the lake.
    Locked,
    /// A file does not match the manifest.
    Corrupt,
    /// The lake was written by another version of this crate that this one cannot read.
    UnsupportedVersion,
}

impl RunOutcome {
    /// Returns the name, as it is serialized.
    ///
    /// ```
    /// assert_eq!(apivideo_lake::RunOutcome::UnsupportedVersion.as_str(), "unsupportedVersion");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Complete => "complete",
            Self::Incomplete => "incomplete",
            Self::Stopped => "stopped",
            Self::Interrupted => "interrupted",
            Self::Input => "input",
            Self::Service => "service",
            Self::Storage => "storage",
            Self::Locked => "locked",
            Self::Corrupt => "corrupt",
            Self::UnsupportedVersion => "unsupportedVersion",
        }
    }
}

impl fmt::Display for RunOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl From<ErrorKind> for RunOutcome {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Input => Self::Input,
            ErrorKind::Service => Self::Service,
            ErrorKind::Storage => Self::Storage,
            ErrorKind::Locked => Self::Locked,
            ErrorKind::Corrupt => Self::Corrupt,
            ErrorKind::UnsupportedVersion => Self::UnsupportedVersion,
        }
    }
}
