//! The request of a pull, recorded until the pull is complete.

use serde::{Deserialize, Serialize};

use crate::date_range::DateRange;
use crate::selection::Selection;

/// The period and selection of a pull.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Goal {
    pub(crate) period: DateRange,
    #[serde(flatten)]
    pub(crate) selection: Selection,
    /// The command line that resumes the pull.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) command: Option<String>,
}

impl Goal {
    /// Returns whether a pull with this goal reads everything that `other` is to read.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        self.period.covers(other.period) && self.selection.covers(&other.selection)
    }
}
