//! The order of events of one instant, which does not depend on the order of the input.

use super::prepared::Prepared;
use crate::event::EventKind;

/// What is known when the events of an instant are ordered.
pub(super) struct Context {
    /// Whether the player plays before the instant.
    pub(super) is_playing: bool,
    /// The position at which it would be at the instant.
    pub(super) position: i64,
    /// Whether later events show that the player plays after the instant.
    pub(super) plays_later: bool,
}

/// Sorts the events of one instant.
///
/// A player that plays has to stop before it starts again. A player that does not play starts before it stops, unless what
/// follows shows that it plays. Within these, `ready` comes before a start, and seeks follow each other.
pub(super) fn sort(group: &mut [Prepared], context: &Context) {
    let starts = group.iter().filter(|event| event.kind.is_start()).count();
    let stops = group.iter().filter(|event| event.kind.is_stop()).count();
    let plays_after = match (starts, stops) {
        (0, _) => false,
        (_, 0) => true,
        _ if context.is_playing => starts >= stops,
        _ => starts > stops || context.plays_later,
    };
    // The number of stops that come first.
    let stops_first = match (context.is_playing, plays_after) {
        (_, true) => stops,
        (true, false) => usize::from(stops > 0),
        (false, false) => 0,
    };
    group.sort_by_key(content_key);
    let mut seen_stops = 0;
    let mut ranks: Vec<(u8, Prepared)> = group
        .iter()
        .map(|event| {
            let rank = match event.kind {
                EventKind::Pause | EventKind::End => {
                    seen_stops += 1;
                    if seen_stops <= stops_first { 0 } else { 3 }
                }
                EventKind::Ready => 1,
                EventKind::Play | EventKind::Resume => 2,
                EventKind::SeekForward | EventKind::SeekBackward => 4,
                EventKind::Other => 5,
            };
            (rank, *event)
        })
        .collect();
    ranks.sort_by_key(|(rank, _)| *rank);
    for (slot, (_, event)) in group.iter_mut().zip(ranks) {
        *slot = event;
    }
    chain_seeks(group, context.position);
}

/// Orders seeks so that each starts where the one before it led, as far as possible.
fn chain_seeks(group: &mut [Prepared], mut position: i64) {
    let Some(first) = group.iter().position(|event| event.kind.is_seek()) else {
        return;
    };
    let count = group[first..]
        .iter()
        .take_while(|event| event.kind.is_seek())
        .count();
    let seeks = &mut group[first..first + count];
    for index in 0..seeks.len() {
        let distance = |seek: &Prepared| seek.from.map_or(i64::MAX, |from| (from - position).abs());
        let nearest = (index..seeks.len()).min_by_key(|&other| distance(&seeks[other]));
        if let Some(nearest) = nearest {
            seeks[index..=nearest].rotate_right(1);
        }
        position = seeks[index].to.unwrap_or(position);
    }
}

/// Orders events by what they say. Equal keys are equal events.
fn content_key(event: &Prepared) -> (EventKind, Option<i64>, Option<i64>, Option<i64>) {
    (event.kind, event.at, event.from, event.to)
}
