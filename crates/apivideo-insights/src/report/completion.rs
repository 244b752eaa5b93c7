use serde::Serialize;

/// Completion: measure 7. Three definitions, each with its rate: completions ÷ plays.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Completion {
    /// The number of sessions with an `end` event.
    pub ended: u64,
    /// `ended` ÷ plays, from 0 to 1; `None` without plays.
    pub ended_rate: Option<f64>,
    /// The number of sessions whose furthest position is at least `max(L − 30 s, 0.95 L)`, where `L` is the length of the
    /// video; `None` if no length is known or inferred.
    pub reached: Option<u64>,
    /// The threshold of `reached`, in seconds, if the scope is one video with a length.
    pub reached_at_seconds: Option<f64>,
    /// The number of sessions whose furthest position is at least 0.25 L, 0.5 L and 0.75 L; `None` if no length is known or
    /// inferred. Each is at most the one before, and `reached` is at most the last one.
    ///
    /// Test: `completion_has_quarters`.
    pub reached_quarters: Option<[u64; 3]>,
    /// `reached` ÷ plays of the videos with a length.
    pub reached_rate: Option<f64>,
    /// The number of sessions that covered at least 0.9 L.
    pub covered: Option<u64>,
    /// `covered` ÷ plays of the videos with a length.
    pub covered_rate: Option<f64>,
}
