//! What a pull did.

use apivideo::jiff::civil::Date;

use crate::invalid::Invalid;

/// What a pull did.
///
/// ```
/// fn tell(report: &apivideo_lake::Report) {
///     println!("{} requests, {} days written", report.requests, report.days_written);
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Requests that were made, repeated ones included; those for tokens are not.
    pub requests: u64,
    /// Sessions that came.
    pub sessions: u64,
    /// Sessions whose events were asked for.
    pub sessions_asked: u64,
    /// Days whose files were written.
    pub days_written: u64,
    /// Days that were looked at, and whose files already held the same.
    pub days_unchanged: u64,
    /// Sessions that came with a period that they are not of; they are kept under their own day, and named in the
    /// manifest.
    pub out_of_period: u64,
    /// Sessions that the service announced in the lists that were read.
    pub sessions_announced: u64,
    /// Items that came more than once, and were dropped.
    pub duplicates: u64,
    /// Pages that were read again, because a list moved or ended with fewer items than announced.
    pub rereads: u64,
    /// Records that were read only after a repair of the response: the manifest counts them.
    pub repaired: u64,
    /// Sessions that could not be decoded; they are in `_invalid`.
    pub skipped_sessions: u64,
    /// Events that could not be decoded; they are in `_invalid`.
    pub skipped_events: u64,
    /// Videos and live streams without a usable id; they are in `_invalid`.
    pub skipped_assets: u64,
    /// Sessions whose events could not be read.
    pub without_events: u64,
    /// The first of these, one message each: the asset, page, place and id of the record, and the reason.
    pub invalid: Vec<String>,
    /// What is missing or damaged besides, one message each: request ranges with fewer sessions than announced, assets that
    /// the service does not have, changed files. A further run reads it again.
    pub problems: Vec<String>,
    /// What is worth knowing and not a fault, one message each: clocks that differ, files that were read again.
    pub warnings: Vec<String>,
    /// Records and sessions that could not be read and were accepted: see
    /// [`Pull::with_accept_invalid`](crate::Pull::with_accept_invalid). They are not counted above.
    pub accepted: u64,
    /// Whether it stopped at the number of requests that it was given: another run goes on from there.
    pub stopped: bool,
    /// Up to this day, all that was pulled is there and final.
    pub complete_until: Option<Date>,
}

impl Report {
    /// So many records are described.
    const DESCRIBED: usize = 20;

    /// Describes records that could not be read, up to a number.
    pub(super) fn describe<'i>(&mut self, records: impl IntoIterator<Item = &'i Invalid>) {
        let left = Self::DESCRIBED.saturating_sub(self.invalid.len());
        let records = records.into_iter().take(left);
        self.invalid.extend(records.map(Invalid::describe));
    }
}
