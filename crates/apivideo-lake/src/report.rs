//! The outcome of a pull.

use apivideo::jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::date_range::optional_day;
use crate::invalid::InvalidRecord;
use crate::run_outcome::RunOutcome;

/// The outcome of a [`Pull`](crate::Pull).
///
/// ```
/// fn print(report: &apivideo_lake::Report) {
///     println!("{} requests, {} days written", report.requests, report.days_written);
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Report {
    /// Requests sent, including retries and excluding those for tokens.
    pub requests: u64,
    /// Requests that were retried.
    pub retries: u64,
    /// Requests that waited for the rate limit.
    pub waits: u64,
    /// Seconds in which at least one request waited for the rate limit or a retry.
    pub waited_seconds: u64,
    /// Sessions received.
    pub sessions: u64,
    /// Sessions that the service reported in the lists that were read.
    pub sessions_reported: u64,
    /// Sessions whose events were read.
    pub sessions_with_events: u64,
    /// Sessions of the days that were written whose events were not requested because they are not in the
    /// [sample](crate::Pull::with_sample).
    pub not_sampled: u64,
    /// Sessions of the days that were written whose events were not requested because they ended when they were loaded; see
    /// [`Pull::with_skip_unplayed`](crate::Pull::with_skip_unplayed).
    pub unplayed: u64,
    /// Days whose files were written.
    pub days_written: u64,
    /// Days that were read and whose files did not change.
    pub days_unchanged: u64,
    /// Days whose derived tables were written.
    pub days_derived: u64,
    /// Rows of the files that were written, of all tables.
    pub rows_written: u64,
    /// Bytes of the files that were written, of all tables.
    pub bytes_written: u64,
    /// Sessions that the service listed for a period in which they were not loaded. They are stored under their own day and
    /// named in its manifest.
    pub out_of_period: u64,
    /// Sessions that were received and not stored because they were [forgotten](crate::Forget).
    pub forgotten: u64,
    /// Items that were received more than once; the duplicates were removed.
    pub duplicates: u64,
    /// Pages that were requested again because a list changed or ended with fewer items than reported.
    pub rereads: u64,
    /// Records that were decoded only after the response was repaired; the manifests count them.
    pub repaired: u64,
    /// Sessions that could not be decoded; they are in `_invalid`.
    pub skipped_sessions: u64,
    /// Events that could not be decoded; they are in `_invalid`.
    pub skipped_events: u64,
    /// Videos and live streams without a valid id; they are in `_invalid`.
    pub skipped_assets: u64,
    /// Sessions whose events could not be read.
    pub without_events: u64,
    /// Describes the skipped records, one message each, 20 at most: asset, page, index and id of the record, and the reason.
    pub invalid: Vec<String>,
    /// Describes what else is missing or damaged, one message each: request ranges with fewer sessions than reported, assets
    /// that were not found, changed files. The next pull reads them again.
    pub problems: Vec<String>,
    /// Describes conditions that are not failures, one message each: clocks that differ, missing files that were read again.
    pub warnings: Vec<String>,
    /// Records and sessions that could not be read and were accepted; see
    /// [`Pull::with_accept_invalid`](crate::Pull::with_accept_invalid). The other counts do not include them.
    pub accepted: u64,
    /// Whether the pull stopped at its maximum number of requests. The next one resumes it.
    pub stopped: bool,
    /// The last day up to which everything pulled is complete and final.
    #[serde(with = "optional_day")]
    pub complete_until: Option<Date>,
}

impl Report {
    /// Returns how the run ended: complete, incomplete because something could not be read, or stopped.
    ///
    /// ```
    /// use apivideo_lake::{Report, RunOutcome};
    ///
    /// assert_eq!(Report::default().outcome(), RunOutcome::Complete);
    /// ```
    #[must_use]
    pub fn outcome(&self) -> RunOutcome {
        let is_incomplete =
            !self.problems.is_empty() || self.unreadable() > 0 || self.without_events > 0;
        match (self.stopped, is_incomplete) {
            (true, _) => RunOutcome::Stopped,
            (false, true) => RunOutcome::Incomplete,
            (false, false) => RunOutcome::Complete,
        }
    }

    /// Returns the number of records that could not be decoded and were not accepted.
    ///
    /// ```
    /// assert_eq!(apivideo_lake::Report::default().unreadable(), 0);
    /// ```
    #[must_use]
    pub fn unreadable(&self) -> u64 {
        self.skipped_sessions + self.skipped_events + self.skipped_assets
    }

    /// The maximum number of records that are described.
    const MAX_DESCRIBED: usize = 20;

    /// Adds the rows and bytes of written files.
    pub(crate) fn add_written(&mut self, (rows, bytes): (u64, u64)) {
        self.rows_written += rows;
        self.bytes_written += bytes;
    }

    /// Describes skipped records, up to the maximum.
    pub(crate) fn describe<'i>(&mut self, records: impl IntoIterator<Item = &'i InvalidRecord>) {
        let left = Self::MAX_DESCRIBED.saturating_sub(self.invalid.len());
        let records = records.into_iter().take(left);
        self.invalid.extend(records.map(InvalidRecord::describe));
    }
}
