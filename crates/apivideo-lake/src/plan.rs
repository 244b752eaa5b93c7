//! The estimated requests and files of a pull.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The estimated requests and files of a pull; see [`Pull::plan`](crate::Pull::plan).
///
/// ```
/// fn print(plan: &apivideo_lake::Plan) {
///     println!("{} requests, {} of them for events", plan.requests(), plan.event_requests);
///     for note in &plan.notes {
///         println!("note: {note}");
///     }
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Plan {
    /// Videos and live streams.
    pub assets: u64,
    /// Session lists to read.
    pub lists: u64,
    /// Sessions that the service reports for these lists.
    pub sessions: u64,
    /// Requests to list the assets.
    pub asset_requests: u64,
    /// Requests to list the sessions.
    pub session_requests: u64,
    /// Requests for events: one for each session.
    pub event_requests: u64,
    /// Requests that were sent to make this plan.
    pub plan_requests: u64,
    /// The rate limit of the service in requests per minute, if it reports one.
    pub rate_limit: Option<u32>,
    /// The estimated size of the files that the pull writes and keeps, in bytes.
    pub bytes: u64,
    /// The estimated largest size of the staging, in bytes. What is staged of a day is removed once the day is written.
    pub staging_bytes: u64,
    /// The estimated disk space at the peak, in bytes, in addition to what the lake has already: it is less than the sum of files and
    /// staging, which are not largest at the same time.
    pub peak_bytes: u64,
    /// Describes which of the request counts are estimates, and why. If there are no notes, the counts are exact as long as
    /// the data does not change and no request fails.
    pub notes: Vec<String>,
    /// Describes how the sizes are estimated.
    pub disk_notes: Vec<String>,
}

impl Plan {
    /// Returns the number of requests of the pull.
    ///
    /// ```
    /// assert_eq!(apivideo_lake::Plan::default().requests(), 0);
    /// ```
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.asset_requests + self.session_requests + self.event_requests
    }

    /// Returns the minimum duration of the pull at the rate limit, or `None` if the service reports no rate limit.
    ///
    /// ```
    /// assert_eq!(apivideo_lake::Plan::default().min_duration(), None);
    /// ```
    #[must_use]
    pub fn min_duration(&self) -> Option<Duration> {
        let limit = self.rate_limit.filter(|limit| *limit > 0)?;
        Some(Duration::from_secs(self.requests() * 60 / u64::from(limit)))
    }
}
