use std::collections::HashSet;

use super::*;
use crate::rng::Purpose;
use crate::time::{DAY, MINUTE, SECOND};

/// Noon.
const LOADED_MS: i64 = 12 * HOUR;
const BROADCAST: Times = Times {
    start_ms: LOADED_MS + 5 * MINUTE,
    end_ms: LOADED_MS + HOUR,
};

fn timeline(number: u64, live: bool, until_ms: i64) -> Timeline {
    let viewing = Viewing {
        loaded_ms: LOADED_MS,
        duration_ms: 95_300,
        broadcast: live.then_some(BROADCAST),
        always_plays: false,
        end_ms: i64::MAX / 2,
    };
    Timeline::generate(Rng::new(5, Purpose::Timeline, &[number]), viewing, until_ms)
}

#[test]
fn sessions_start_with_ready_and_times_ascend_with_rare_exceptions() {
    let (mut without_events, mut play_first, mut skewed, mut out_of_order) = (0, 0, 0, 0);
    for number in 0..6_000 {
        let timeline = timeline(number, number % 3 == 0, i64::MAX / 2);
        assert!((LOADED_MS..LOADED_MS + MAX_SESSION_MS).contains(&timeline.ended_ms));
        let mut until = LOADED_MS;
        for played in &timeline.played {
            assert!(until <= played.started_ms && played.started_ms <= played.known_ms);
            assert!(played.known_ms <= played.ended_ms);
            until = played.ended_ms;
        }
        let Some(first) = timeline.events.first() else {
            assert_eq!(timeline.ended_ms, LOADED_MS);
            without_events += 1;
            continue;
        };
        assert_eq!(first.position, Position::At(0));
        match first.kind {
            EventKind::Ready => {}
            kind => {
                assert_eq!(kind, EventKind::Play);
                assert_eq!(timeline.events[1].kind, EventKind::Ready);
                play_first += 1;
            }
        }
        if timeline.skew_ms == 0 {
            assert_eq!(first.ms, LOADED_MS);
            assert!(
                timeline
                    .events
                    .iter()
                    .all(|event| event.ms <= timeline.ended_ms)
            );
        } else {
            skewed += 1;
        }
        out_of_order += usize::from(!timeline.events.is_sorted_by_key(|event| event.ms));
    }
    for number in [without_events, play_first, skewed, out_of_order] {
        assert!(
            (1..400).contains(&number),
            "{without_events} {play_first} {skewed} {out_of_order}"
        );
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
        unfinished += usize::from(timeline.played.iter().any(|played| !played.is_end_known));
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
    let mut early = 0;
    for number in 0..2_000 {
        let events = timeline(number, false, i64::MAX / 2).events;
        if !events.is_sorted_by_key(|event| event.ms) {
            continue;
        }
        for pair in events.windows(2) {
            let Position::Seek { from, to } = pair[1].position else {
                continue;
            };
            assert!(matches!(pair[0].kind, EventKind::Resume | EventKind::Play));
            if pair[0].ms < pair[1].ms {
                // The target was reached after the resume.
                assert!(pair[1].ms - pair[0].ms < SECOND);
                assert_eq!(pair[0].position, Position::At(from));
                early += 1;
                continue;
            }
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
    assert!(early > 20, "{early}");
}

#[test]
fn playback_without_an_end_is_known_until_the_last_heartbeat() {
    let mut seen = 0;
    for number in 0..3_000 {
        let timeline = timeline(number, false, i64::MAX / 2);
        for played in timeline.played.iter().filter(|played| !played.is_end_known) {
            assert!((0..HEARTBEAT).contains(&(played.ended_ms - played.known_ms)));
            // Heartbeats are counted from the last start.
            let starts = timeline
                .events
                .iter()
                .map(|event| event.ms - timeline.skew_ms);
            let last = starts.filter(|ms| *ms <= played.known_ms).max().unwrap();
            assert_eq!((played.known_ms - last) % HEARTBEAT, 0);
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn a_timeline_until_a_time_is_a_prefix_of_the_whole() {
    for number in 0..300 {
        let whole = timeline(number, false, i64::MAX / 2);
        assert!(!whole.continues);
        for until in [1, 20_000, 100_000, DAY].map(|after| LOADED_MS + after) {
            let part = timeline(number, false, until);
            assert_eq!(part.events[..], whole.events[..part.events.len()]);
            assert!(part.ended_ms < until && part.ended_ms <= whole.ended_ms);
            if !part.continues {
                assert_eq!(part.ended_ms, whole.ended_ms);
            }
        }
    }
}

#[test]
fn viewers_of_a_broadcast_wait_for_its_start_and_leave_by_its_end() {
    let (mut played, mut stayed, mut ended) = (0, 0, 0);
    for number in 0..2_000 {
        let timeline = timeline(number, true, i64::MAX / 2);
        let starts = timeline.played.iter().map(|played| played.started_ms);
        assert!(starts.min().is_none_or(|start| start >= BROADCAST.start_ms));
        let Some(end) = timeline.played.iter().map(|played| played.ended_ms).max() else {
            continue;
        };
        // The delay of the stream, a stall, and the time until the page is closed.
        assert!(
            end <= BROADCAST.end_ms + MINUTE,
            "{}",
            end - BROADCAST.end_ms
        );
        played += 1;
        stayed += usize::from(end >= BROADCAST.end_ms);
        ended += usize::from(
            timeline
                .events
                .iter()
                .any(|event| event.kind == EventKind::End),
        );
    }
    assert!(
        played > 1_500 && (800..1_200).contains(&stayed),
        "{played} {stayed}"
    );
    assert!(stayed / 2 < ended && ended < stayed, "{stayed} {ended}");
}

#[test]
fn a_timeline_of_a_broadcast_until_a_time_is_a_prefix_of_the_whole() {
    for number in 0..300 {
        let whole = timeline(number, true, i64::MAX / 2);
        for until in [1, 20_000, 400_000, HOUR - 1, HOUR + 20_000].map(|after| LOADED_MS + after) {
            let part = timeline(number, true, until);
            assert_eq!(part.events[..], whole.events[..part.events.len()]);
            assert!(part.ended_ms < until && part.ended_ms <= whole.ended_ms);
        }
    }
}
