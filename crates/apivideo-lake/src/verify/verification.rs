//! The outcome of a verification.

use apivideo::jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::date_range::optional_day;

/// The outcome of [`verify`](crate::verify).
///
/// ```
/// fn is_complete(verification: &apivideo_lake::Verification) -> bool {
///     verification.problems.is_empty()
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Verification {
    /// Days that have files.
    pub days: u64,
    /// Files that were read.
    pub files: u64,
    /// The size of these files in bytes.
    pub bytes: u64,
    /// Rows of sessions.
    pub sessions: u64,
    /// Rows of events.
    pub events: u64,
    /// Rows of aggregates.
    pub aggregates: u64,
    /// Rows of derived tables.
    pub derived: u64,
    /// Sessions that the service listed for a period in which they were not loaded.
    pub out_of_period: u64,
    /// The last day up to which everything pulled is complete and final.
    #[serde(with = "optional_day")]
    pub complete_until: Option<Date>,
    /// Requests that were sent.
    pub requests: u64,
    /// Describes what is missing, damaged or different, one message each.
    pub problems: Vec<String>,
    /// Describes conditions that are not problems, one message each.
    pub notes: Vec<String>,
}

impl Verification {
    /// Adds incomplete data: a problem, or a note if it was accepted.
    pub(super) fn add_incomplete(&mut self, problem: &str, is_accepted: bool) {
        match is_accepted {
            true => self.notes.push(format!("{problem}; this was accepted")),
            false => self.problems.push(format!(
                "{problem}; the next pull reads it again (--accept-invalid makes days final in spite of invalid records)"
            )),
        }
    }
}
