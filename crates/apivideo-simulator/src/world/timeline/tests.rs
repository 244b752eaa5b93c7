use std::collections::HashSet;

use super::*;
use crate::chance::Purpose;
use crate::time::DAY;

fn walk(number: u64, live: bool, until_ms: i64) -> Timeline {
    let screening = Screening {
        loaded_ms: 1_000_000,
        duration_ms: if live { 2 * HOUR } else { 95_300 },
        live,
        keen: false,
    };
    Timeline::walk(
        Chance::new(5, Purpose::Timeline, &[number]),
        screening,
        until_ms,
    )
}

#[test]
fn sessions_begin_with_ready_and_ascend() {
    for number in 0..2_000 {
        let timeline = walk(number, number % 3 == 0, i64::MAX / 2);
        let first = timeline.happenings[0];
        assert_eq!(
            (first.kind, first.position),
            (EventKind::Ready, Position::At(0))
        );
        assert_eq!(first.ms, 1_000_000);
        assert!(
            timeline
                .happenings
                .is_sorted_by_key(|happening| happening.ms)
        );
        assert!(timeline.ended_ms >= timeline.happenings.last().unwrap().ms);
        assert!(timeline.ended_ms < 1_000_000 + LONGEST_SESSION);
        assert!(timeline.played.is_sorted() && timeline.played.iter().all(|(from, to)| from <= to));
    }
}

#[test]
fn every_kind_and_every_oddity_occurs() {
    let mut kinds = HashSet::new();
    let (mut only_ready, mut unfinished, mut same, mut reloaded) = (0, 0, 0, 0);
    for number in 0..2_000 {
        let timeline = walk(number, false, i64::MAX / 2);
        let happenings = &timeline.happenings;
        kinds.extend(happenings.iter().map(|happening| happening.kind));
        let of = |kind| {
            happenings
                .iter()
                .filter(|happening| happening.kind == kind)
                .count()
        };
        only_ready += usize::from(happenings.len() == 1);
        reloaded += usize::from(of(EventKind::Ready) > 1);
        let last = happenings.last().unwrap().kind;
        unfinished += usize::from(!matches!(last, EventKind::Pause | EventKind::End));
        same += happenings
            .iter()
            .filter(|happening| matches!(happening.position, Position::Moved { from, to } if from == to))
            .count();
    }
    assert_eq!(kinds.len(), 7);
    for count in [only_ready, unfinished, same, reloaded] {
        assert!(count > 20, "{only_ready} {unfinished} {same} {reloaded}");
    }
}

#[test]
fn a_seek_follows_its_resume_and_a_replay_its_play() {
    for number in 0..2_000 {
        let happenings = walk(number, false, i64::MAX / 2).happenings;
        for pair in happenings.windows(2) {
            let Position::Moved { to, .. } = pair[1].position else {
                continue;
            };
            assert!(matches!(pair[0].kind, EventKind::Resume | EventKind::Play));
            assert_eq!(pair[0].position, Position::At(to));
            assert_eq!(pair[0].ms, pair[1].ms);
            if pair[0].kind == EventKind::Play {
                assert_eq!((pair[1].kind, to), (EventKind::SeekBackward, 0));
            }
        }
        for pair in happenings
            .windows(2)
            .filter(|pair| pair[0].kind == EventKind::End)
        {
            assert!(matches!(pair[1].kind, EventKind::Play | EventKind::Ready));
        }
    }
}

#[test]
fn a_viewer_who_leaves_while_playing_is_seen_until_the_last_heartbeat() {
    let mut seen = 0;
    for number in 0..500 {
        let timeline = walk(number, false, i64::MAX / 2);
        let last = timeline.happenings.last().unwrap();
        if last.kind == EventKind::Play || last.kind == EventKind::Resume {
            assert_eq!((timeline.ended_ms - last.ms) % HEARTBEAT, 0);
            seen += 1;
        }
    }
    assert!(seen > 0);
}

#[test]
fn what_is_cut_is_a_beginning_of_the_whole() {
    for number in 0..300 {
        let whole = walk(number, false, i64::MAX / 2);
        assert!(!whole.cut);
        for until in [1_000_001, 1_020_000, 1_100_000, 1_000_000 + DAY] {
            let part = walk(number, false, until);
            assert_eq!(
                part.happenings[..],
                whole.happenings[..part.happenings.len()]
            );
            assert!(part.ended_ms < until && part.ended_ms <= whole.ended_ms);
            if !part.cut {
                assert_eq!(part.ended_ms, whole.ended_ms);
            }
        }
    }
}
