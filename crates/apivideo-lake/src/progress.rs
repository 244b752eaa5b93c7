//! How far a pull has come, for those who watch.

/// What a pull is doing.
///
/// ```
/// assert_eq!(apivideo_lake::Stage::default(), apivideo_lake::Stage::Assets);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// Asking which videos and live streams there are.
    #[default]
    Assets,
    /// Listing sessions.
    Sessions,
    /// Reading events, and writing the files of each day.
    Days,
    /// Reading aggregates.
    Aggregates,
    /// Done.
    Done,
}

/// How far a pull has come; see [`Pull::progress`](crate::Pull::progress).
///
/// ```
/// let progress = apivideo_lake::Progress::default();
/// assert_eq!((progress.requests, progress.days_total), (0, 0));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// What it is doing.
    pub stage: Stage,
    /// Requests so far, repeated ones included; those for tokens are not.
    pub requests: u64,
    /// Requests that were repeated.
    pub retries: u64,
    /// Requests that waited for the rate limit.
    pub waits: u64,
    /// What is waited for at present: of several requests, the one that may be sent first.
    pub waiting: Option<apivideo::Waiting>,
    /// Lists of sessions that were read to their end.
    pub lists: u64,
    /// Lists of sessions that there are to read.
    pub lists_total: u64,
    /// Sessions that came.
    pub sessions: u64,
    /// Sessions whose events were asked for.
    pub sessions_with_events: u64,
    /// Sessions of the days so far and the present one whose events had to be asked for.
    pub sessions_to_ask: u64,
    /// Days whose files are in their places.
    pub days: u64,
    /// Days whose files are to be written.
    pub days_total: u64,
}
