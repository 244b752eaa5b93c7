//! From events to played intervals.
//!
//! Events are sorted by time and grouped into bursts: the service's clock has steps of one second, so the order of events
//! that are less than a second apart is not reliable. Within one instant the order of the input is not used at all.

mod burst;
mod order;
mod walk;

pub(crate) use walk::MIN_INTERVAL;

use jiff::Timestamp;

use crate::drop_reason::{DropReason, Dropped};
use crate::event::{Event, EventKind};
use crate::explain::Step;
use crate::micros::{self, HOUR, SECOND};
use crate::playback::Playback;
use crate::session::SessionFacts;

/// The longest plausible interval, and the furthest plausible position in a video of unknown length.
pub(crate) const MAX_SPAN: i64 = 10 * HOUR;

/// Receives the steps of a computation.
pub(crate) trait Recorder {
    fn record(&mut self, step: impl FnOnce() -> Step);
}

/// Records nothing.
impl Recorder for () {
    fn record(&mut self, _step: impl FnOnce() -> Step) {}
}

impl Recorder for Vec<Step> {
    fn record(&mut self, step: impl FnOnce() -> Step) {
        self.push(step());
    }
}

/// An event with its time and valid positions in microseconds.
#[derive(Clone, Copy, Debug)]
struct Prepared {
    /// The index in the input.
    index: usize,
    kind: EventKind,
    t: i64,
    burst: u32,
    at: Option<i64>,
    from: Option<i64>,
    to: Option<i64>,
}

/// What bounds the positions of a session.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    is_live: bool,
    /// The known length of a video.
    length: Option<i64>,
}

/// Computes the playback of a session.
pub(crate) fn run(
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
    let prepared = prepare(session, events, bounds, &mut dropped);
    let loaded = session.loaded_at.map(Timestamp::as_microsecond);
    let ended = session.ended_at.map(Timestamp::as_microsecond);
    let mut playback = walk::walk(&prepared, bounds, ended, dropped, recorder);
    playback.is_skewed = is_skewed(events, loaded, ended);
    playback
}

/// Returns the events in the order of time, with bursts.
fn prepare(
    session: &SessionFacts<'_>,
    events: &[Event],
    bounds: Bounds,
    dropped: &mut Dropped,
) -> Vec<Prepared> {
    // An event without a time happened with the one before it.
    let mut time = events
        .iter()
        .find_map(|event| event.emitted_at)
        .or(session.loaded_at)
        .map_or(0, Timestamp::as_microsecond);
    let mut prepared = Vec::with_capacity(events.len());
    for (index, event) in events.iter().enumerate() {
        if let Some(emitted_at) = event.emitted_at {
            time = emitted_at.as_microsecond();
        }
        let mut position = |value| valid_position(value, bounds, dropped);
        prepared.push(Prepared {
            index,
            kind: event.kind,
            t: time,
            burst: 0,
            at: position(event.at),
            from: position(event.from),
            to: position(event.to),
        });
    }
    if !prepared.is_sorted_by_key(|event| event.t) {
        prepared.sort_by_key(|event| event.t);
    }
    let (mut burst, mut last) = (0, i64::MIN);
    for event in &mut prepared {
        if last != i64::MIN && event.t - last >= SECOND {
            burst += 1;
        }
        last = event.t;
        event.burst = burst;
    }
    prepared
}

/// Converts a position. An absurd one is counted and treated as missing.
fn valid_position(value: Option<f64>, bounds: Bounds, dropped: &mut Dropped) -> Option<i64> {
    let value = value?;
    let reason = if !value.is_finite() {
        DropReason::NotFinite
    } else if value < 0.0 {
        DropReason::Negative
    } else {
        let position = micros::from_seconds(value);
        let reason = match bounds.length {
            Some(length) => (position > length + SECOND).then_some(DropReason::BeyondLength),
            None => (!bounds.is_live && position > MAX_SPAN).then_some(DropReason::TooLong),
        };
        match reason {
            None => return Some(position),
            Some(reason) => reason,
        }
    };
    dropped.add(reason, 1);
    None
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
