//! What the events of a burst say together.

use super::prepared::Prepared;

/// Positions that are this close are the same position.
const SAME_POSITION: i64 = 10_000;

/// Returns the position to which the seeks of a burst lead; `None` without seeks.
///
/// A start at the target of a seek names the target. Otherwise it is that of the last seek.
pub(super) fn target(burst: &[Prepared]) -> Option<i64> {
    let seeks = || burst.iter().filter(|event| event.kind.is_seek());
    let last = seeks()
        .filter_map(|seek| Some((seek.t, seek.to?)))
        .max_by_key(|&(t, to)| (t, to))?;
    let mut named = burst
        .iter()
        .filter(|event| event.kind.is_start())
        .filter_map(|start| start.at)
        .filter(|&at| seeks().any(|seek| seek.to.is_some_and(|to| is_same(to, at))))
        .collect::<Vec<i64>>();
    named.sort_unstable();
    match named.len() {
        0 => Some(last_of_chain(burst, last.0).unwrap_or(last.1)),
        // The latest by time; at one instant, the furthest.
        _ => burst
            .iter()
            .filter(|event| event.kind.is_start())
            .filter_map(|start| Some((start.t, start.at?)))
            .filter(|(_, at)| named.binary_search(at).is_ok())
            .max()
            .map(|(_, at)| at),
    }
}

/// Returns the target of the seek of an instant that no other seek of the instant starts from, if there is exactly one.
fn last_of_chain(burst: &[Prepared], t: i64) -> Option<i64> {
    let seeks = || {
        burst
            .iter()
            .filter(move |event| event.kind.is_seek() && event.t == t)
    };
    let mut ends = seeks().filter_map(|seek| seek.to).filter(|&to| {
        !seeks()
            .any(|other| other.from.is_some_and(|from| is_same(from, to)) && other.from != other.to)
    });
    let end = ends.next()?;
    ends.next().is_none().then_some(end)
}

/// Returns the seek of the burst whose target a stop reports as its position: the player had moved already.
pub(super) fn seek_reported_by(burst: &[Prepared], stop: &Prepared) -> Option<Prepared> {
    let at = stop.at?;
    burst
        .iter()
        .filter(|event| event.kind.is_seek() && event.t >= stop.t)
        .filter(|seek| seek.to.is_some_and(|to| is_same(to, at)))
        // At one instant, one that has moved before one that has not.
        .min_by_key(|seek| (seek.t, seek.from == seek.to, seek.from))
        .copied()
}

/// Returns the position from which the first seek of the burst at or after a time starts.
pub(super) fn origin(burst: &[Prepared], t: i64) -> Option<i64> {
    burst
        .iter()
        .filter(|event| event.kind.is_seek() && event.t >= t)
        .filter_map(|seek| Some((seek.t, seek.from?)))
        .min()
        .map(|(_, from)| from)
}

fn is_same(a: i64, b: i64) -> bool {
    (a - b).abs() <= SAME_POSITION
}
