//! Which sessions of a lake have events.

use serde::{Deserialize, Serialize};

use crate::row::Row;
use crate::sample::Sample;

/// Which sessions of a lake have events: all, unless requests are saved. It is recorded in the manifest and in the
/// metadata of files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventScope {
    /// The sessions whose events are requested; `None` for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sample: Option<Sample>,
    /// Whether sessions that ended when they were loaded are taken to have no events.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) skip_unplayed: bool,
}

/// Why the events of a session are not requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Omission {
    /// The session is not in the sample.
    NotSampled,
    /// The session ended when it was loaded.
    Unplayed,
}

impl EventScope {
    /// Returns whether it is known what a session played.
    pub(crate) fn includes(self, session_id: &str) -> bool {
        self.sample.is_none_or(|sample| sample.contains(session_id))
    }

    /// Returns why the events of a session are not requested, if they are not.
    pub(crate) fn omission(self, session: &Row) -> Option<Omission> {
        if !self.includes(session.key_ref().2) {
            return Some(Omission::NotSampled);
        }
        let ended_at = session.ended_at().filter(|_| self.skip_unplayed);
        (ended_at.is_some() && ended_at == session.loaded_at()).then_some(Omission::Unplayed)
    }
}
