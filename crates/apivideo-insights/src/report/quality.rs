use serde::Serialize;

use crate::drop_reason::Dropped;

/// The quality of the data behind measures.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Quality {
    /// The number of sessions, including those without events and those whose events could not be read.
    pub sessions: u64,
    /// The number of sessions whose events could not be read. Their events are missing in all measures.
    pub sessions_unreadable: u64,
    /// The number of sessions without events, which count as sessions only.
    pub sessions_without_events: u64,
    /// The number of sessions in which no event ended playback.
    pub sessions_open: u64,
    /// The number of sessions with an event far outside of the time of the session.
    pub sessions_skewed: u64,
    /// The number of positions and intervals that were dropped, by reason.
    pub dropped: Dropped,
    /// The watch time of intervals whose end was estimated, in seconds.
    pub estimated_seconds: f64,
    /// The share of the watch time that was estimated, from 0 to 1; `None` without watch time.
    pub estimated_share: Option<f64>,
    /// The lower bound of the watch time, in seconds: estimated intervals are left out.
    pub watch_seconds_lower: f64,
    /// The upper bound of the watch time, in seconds: estimated intervals are as long as the wall clock allows.
    pub watch_seconds_upper: f64,
    /// The number of sessions and intervals of more than 31 days, which are left out of concurrency and of the time of day.
    pub spans_too_long: u64,
}
