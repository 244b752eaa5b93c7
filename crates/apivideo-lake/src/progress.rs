//! The progress of a running pull.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::report::Report;

/// The stage of a pull.
///
/// ```
/// assert_eq!(apivideo_lake::Stage::default(), apivideo_lake::Stage::Assets);
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Stage {
    /// Listing videos and live streams.
    #[default]
    Assets,
    /// Listing sessions.
    Sessions,
    /// Reading events and writing the files of each day.
    Days,
    /// Reading aggregates.
    Aggregates,
    /// Deriving tables from the files.
    Derived,
    /// Finished.
    Done,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Assets => "assets",
            Self::Sessions => "sessions",
            Self::Days => "days",
            Self::Aggregates => "aggregates",
            Self::Derived => "derived tables",
            Self::Done => "done",
        })
    }
}

/// A snapshot of the progress of a pull; see [`Pull::progress`](crate::Pull::progress).
///
/// ```
/// let progress = apivideo_lake::Progress::default();
/// assert_eq!((progress.requests, progress.days_total), (0, 0));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The current stage.
    pub stage: Stage,
    /// Requests sent, including retries and excluding those for tokens.
    pub requests: u64,
    /// Requests that were retried.
    pub retries: u64,
    /// Requests that waited for the rate limit.
    pub waits: u64,
    /// The time in which at least one request waited for the rate limit or a retry.
    pub waited: Duration,
    /// The current wait; if several requests wait, the one that ends first.
    pub waiting: Option<apivideo::stream::Waiting>,
    /// Session lists that are complete.
    pub lists: u64,
    /// Session lists to read.
    pub lists_total: u64,
    /// Sessions received.
    pub sessions: u64,
    /// Sessions whose events were read.
    pub sessions_with_events: u64,
    /// Sessions whose events have to be read, of the days up to and including the current one.
    pub sessions_with_events_total: u64,
    /// Days whose files are complete.
    pub days: u64,
    /// Days that an interrupted run completed before this one; from the start of a run on. Without those that are read again,
    /// once that is known.
    pub days_committed: u64,
    /// Days whose files may have to be written.
    pub days_total: u64,
    /// What the run has done, once it has ended: also if it failed or was dropped.
    pub report: Option<Report>,
}

/// Watches the progress of the runs of a [`Pull`](crate::Pull), from any task or thread.
///
/// ```
/// # let client = apivideo::Client::builder().api_key("key").build()?;
/// let pull = apivideo_lake::Pull::new(&client, "statistics");
/// assert_eq!(pull.progress().get().requests, 0);
/// # Ok::<(), apivideo::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ProgressWatch(watch::Receiver<Progress>);

impl ProgressWatch {
    pub(crate) fn new(sender: &watch::Sender<Progress>) -> Self {
        Self(sender.subscribe())
    }

    /// Returns the current progress.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics");
    /// assert_eq!(pull.progress().get(), apivideo_lake::Progress::default());
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn get(&self) -> Progress {
        self.0.borrow().clone()
    }

    /// Waits for a change and returns the new progress, or `None` once all clones of the pull are dropped.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> apivideo::Result<()> {
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let pull = apivideo_lake::Pull::new(&client, "statistics");
    /// let mut progress = pull.progress();
    /// drop(pull);
    /// assert_eq!(progress.changed().await, None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// This method is cancel safe.
    pub async fn changed(&mut self) -> Option<Progress> {
        self.0.changed().await.ok()?;
        Some(self.0.borrow_and_update().clone())
    }
}
