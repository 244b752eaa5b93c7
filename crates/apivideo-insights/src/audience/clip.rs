//! Limits of intervals: lengths and periods.

use super::assets::AssetState;
use crate::interval::PlayedInterval;
use crate::micros;

/// Ends intervals at a length.
pub(crate) fn end_at(intervals: &mut Vec<PlayedInterval>, length: i64) {
    intervals.retain_mut(|played| {
        if !played.is_estimated && played.to > length {
            played.to = length;
            played.upper = played.to - played.from;
        }
        played.from < played.to
    });
}

/// Whether an estimate can exceed the length that is inferred in the end.
pub(crate) fn depends_on_length(intervals: &[PlayedInterval], state: &AssetState) -> bool {
    let furthest = intervals
        .iter()
        .filter(|played| played.is_estimated)
        .map(|played| played.from.saturating_add(played.upper))
        .max();
    furthest.is_some_and(|furthest| {
        state
            .min_length()
            .is_none_or(|length| micros::from_seconds(length) < furthest)
    })
}

/// Returns the part of an interval within a period of wall-clock time.
pub(crate) fn within(played: &PlayedInterval, start: i64, end: i64) -> Option<PlayedInterval> {
    if start <= played.started && played.ended <= end {
        return Some(*played);
    }
    let (from, to) = (played.started.max(start), played.ended.min(end));
    if from >= to {
        return None;
    }
    let wall = i128::from(played.ended - played.started);
    let share =
        |media: i64, at: i64| (i128::from(media) * i128::from(at - played.started) / wall) as i64;
    let media = played.to - played.from;
    Some(PlayedInterval {
        from: played.from + share(media, from),
        to: played.from + share(media, to),
        started: from,
        ended: to,
        is_estimated: played.is_estimated,
        upper: share(played.upper, to) - share(played.upper, from),
    })
}
