use std::collections::HashSet;

use super::*;
use crate::rng::Purpose;
use crate::time::DAY;

fn timeline(number: u64, live: bool, until_ms: i64) -> Timeline {
    let viewing = Viewing {
        loaded_ms: 1_000_000,
        duration_ms: if live { 2 * HOUR } else { 95_300 },
        live,
        always_plays: false,
    };
    Timeline::generate(Rng::new(5, Purpose::Timeline, &[number]), viewing, until_ms)
}

#[test]
fn sessions_start_with_ready_and_times_ascend() {
    for number in 0..2_000 {
        let timeline = timeline(number, number % 3 == 0, i64::MAX / 2);
        let first = timeline.events[0];
        assert_eq!(
            (first.kind, first.position),
            (EventKind::Ready, Position::At(0))
        );
        assert_eq!(first.ms, 1_000_000);
        assert!(timeline.events.is_sorted_by_key(|event| event.ms));
        assert!(timeline.ended_ms >= timeline.events.last().unwrap().ms);
        assert!(timeline.ended_ms < 1_000_000 + MAX_SESSION_MS);
        assert!(timeline.played.is_sorted() && timeline.played.iter().all(|(from, to)| from <= to));
    }
}

#[test]
fn all_kinds_and_peculiarities_occur() {
    let mut kinds = HashSet::new();
    let (mut only_ready, mut unfinished, mut same, mut reloaded) = (0, 0, 0, 0);
    for number in 0..2_000 {
        let timeline = timeline(number, false, i64::MAX / 2);
        let events = &timeline.events;
        kinds.extend(events.iter().map(|event| event.kind));
        let count = |kind| events.iter().filter(|event| event.kind == kind).count();
        only_ready += usize::from(events.len() == 1);
        reloaded += usize::from(count(EventKind::Ready) > 1);
        let last = events.last().unwrap().kind;
        unfinished += usize::from(!matches!(last, EventKind::Pause | EventKind::End));
        same += events
            .iter()
            .filter(|event| matches!(event.position, Position::Seek { from, to } if from == to))
            .count();
    }
    assert_eq!(kinds.len(), 7);
    for number in [only_ready, unfinished, same, reloaded] {
        assert!(number > 20, "{only_ready} {unfinished} {same} {reloaded}");
    }
}

#[test]
fn a_seek_follows_its_resume_and_a_replay_its_play() {
    for number in 0..2_000 {
        let events = timeline(number, false, i64::MAX / 2).events;
        for pair in events.windows(2) {
            let Position::Seek { to, .. } = pair[1].position else {
                continue;
            };
            assert!(matches!(pair[0].kind, EventKind::Resume | EventKind::Play));
            assert_eq!(pair[0].position, Position::At(to));
            assert_eq!(pair[0].ms, pair[1].ms);
            if pair[0].kind == EventKind::Play {
                assert_eq!((pair[1].kind, to), (EventKind::SeekBackward, 0));
            }
        }
        for pair in events
            .windows(2)
            .filter(|pair| pair[0].kind == EventKind::End)
        {
            assert!(matches!(pair[1].kind, EventKind::Play | EventKind::Ready));
        }
    }
}

#[test]
fn playback_without_an_end_counts_until_the_last_heartbeat() {
    let mut seen = 0;
    for number in 0..500 {
        let timeline = timeline(number, false, i64::MAX / 2);
        let last = timeline.events.last().unwrap();
        if last.kind == EventKind::Play || last.kind == EventKind::Resume {
            assert_eq!((timeline.ended_ms - last.ms) % HEARTBEAT, 0);
            seen += 1;
        }
    }
    assert!(seen > 0);
}

#[test]
fn a_timeline_until_a_time_is_a_prefix_of_the_whole() {
    for number in 0..300 {
        let whole = timeline(number, false, i64::MAX / 2);
        assert!(!whole.continues);
        for until in [1_000_001, 1_020_000, 1_100_000, 1_000_000 + DAY] {
            let part = timeline(number, false, until);
            assert_eq!(part.events[..], whole.events[..part.events.len()]);
            assert!(part.ended_ms < until && part.ended_ms <= whole.ended_ms);
            if !part.continues {
                assert_eq!(part.ended_ms, whole.ended_ms);
            }
        }
    }
}
