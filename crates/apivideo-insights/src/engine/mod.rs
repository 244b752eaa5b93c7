//! From events to played intervals.
//!
//! Events are sorted by time and grouped into bursts: the service's clock has steps of one second, so the order of events
//! that are less than a second apart is not reliable. Within one instant the order of the input is not used at all.

mod burst;
mod order;
mod prepared;
mod recorder;
mod walk;

use jiff::Timestamp;

use crate::drop_reason::Dropped;
use crate::event::Event;
use crate::explain::Explanation;
use crate::micros::{self, SECOND};
use crate::playback::Playback;
use crate::session::SessionFacts;
use prepared::Bounds;
use recorder::Recorder;

impl Playback {
    /// Computes what a session played from its events, in any order.
    ///
    /// `length_seconds` is the known length of a video. Positions beyond it by more than 1 s are dropped, and intervals end at
    /// it. It is ignored for live streams. For an inferred length, use [`limit_estimates`](Self::limit_estimates).
    #[must_use]
    pub fn new(session: &SessionFacts<'_>, events: &[Event], length_seconds: Option<f64>) -> Self {
        run(session, events, length_seconds, &mut ())
    }

    /// Computes the same as [`new`](Self::new), and explains it: for each event, the rule that applied, the intervals that it
    /// closed and opened, and what was estimated and why.
    #[must_use]
    pub fn explain(
        session: &SessionFacts<'_>,
        events: &[Event],
        length_seconds: Option<f64>,
    ) -> Explanation {
        let mut steps = Vec::new();
        let playback = run(session, events, length_seconds, &mut steps);
        Explanation::new(session.id, events, steps, playback)
    }
}

/// Computes the playback of a session.
fn run(
    session: &SessionFacts<'_>,
    events: &[Event],
    length_seconds: Option<f64>,
    recorder: &mut impl Recorder,
) -> Playback {
    let is_live = session.is_live();
    let length = length_seconds
        .filter(|length| !is_live && length.is_finite() && *length > 0.0)
        .map(micros::from_seconds);
    let bounds = Bounds { is_live, length };
    let mut dropped = Dropped::default();
    let prepared = prepared::prepare(session, events, bounds, &mut dropped);
    let loaded = session.loaded_at.map(Timestamp::as_microsecond);
    let ended = session.ended_at.map(Timestamp::as_microsecond);
    let mut playback = walk::walk(&prepared, bounds, ended, dropped, recorder);
    playback.is_skewed = is_skewed(events, loaded, ended);
    playback
}

/// Whether an event is outside of its session by more than clocks and heartbeats explain.
fn is_skewed(events: &[Event], loaded: Option<i64>, ended: Option<i64>) -> bool {
    let mut times = events.iter().filter_map(|event| event.emitted_at);
    times.any(|time| {
        let time = time.as_microsecond();
        loaded.is_some_and(|loaded| time < loaded - 5 * SECOND)
            || ended.is_some_and(|ended| time > ended + 60 * SECOND)
    })
}
