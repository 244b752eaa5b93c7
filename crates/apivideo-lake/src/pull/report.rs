//! What a pull did.

use apivideo::jiff::civil::Date;

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
    /// Sessions that could not be understood, and are not in the files.
    pub skipped_sessions: u64,
    /// Events that could not be understood, and are not in the files.
    pub skipped_events: u64,
    /// Sessions whose events the service did not have.
    pub without_events: u64,
    /// Whether it stopped at the number of requests that it was given: another run goes on from there.
    pub stopped: bool,
    /// Up to this day, all that was pulled is there and final.
    pub complete_until: Option<Date>,
}
