//! Events in the order of time, with valid positions and bursts.

use jiff::Timestamp;

use crate::drop_reason::{DropReason, Dropped};
use crate::event::{Event, EventKind};
use crate::micros::{self, HOUR, SECOND};
use crate::session::SessionFacts;

/// The longest plausible interval, and the furthest plausible position in a video of unknown length.
pub(super) const MAX_SPAN: i64 = 10 * HOUR;

/// An event with its time and valid positions in microseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prepared {
    /// The index in the input.
    pub(super) index: usize,
    pub(super) kind: EventKind,
    pub(super) t: i64,
    pub(super) burst: u32,
    pub(super) at: Option<i64>,
    pub(super) from: Option<i64>,
    pub(super) to: Option<i64>,
}

/// What bounds the positions of a session.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) is_live: bool,
    /// The known length of a video.
    pub(super) length: Option<i64>,
}

/// Returns the events in the order of time, with bursts.
pub(super) fn prepare(
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
