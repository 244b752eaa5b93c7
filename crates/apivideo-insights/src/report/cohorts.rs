use jiff::civil::Date;
use serde::Serialize;

/// Cohorts: measure 14. Weeks are ISO weeks of UTC. Sessions without a viewer key are left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Cohorts {
    /// The cohorts by ascending week.
    pub cohorts: Vec<Cohort>,
    /// The number of sessions that have no viewer key or no time, and belong to no cohort.
    pub sessions_left_out: u64,
}

/// The viewers whose first session was in one week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Cohort {
    /// The ISO week, such as `2022-W05`.
    pub week: String,
    /// The Monday of the week.
    pub monday: Date,
    /// The number of viewers.
    pub viewers: u64,
    /// The number of these viewers with a session in the week and in each following week. The first equals `viewers`.
    pub active: Vec<u64>,
}
