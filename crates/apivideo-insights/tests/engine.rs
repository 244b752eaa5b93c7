//! The rules by which events become intervals, one at a time.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use apivideo_insights::{
    Asset, DropReason, Effect, EstimateReason, Event, EventKind, LengthEvidence, LengthSource,
    Playback, Rule, SessionFacts,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

fn instant(seconds: f64) -> Timestamp {
    let start: Timestamp = "2022-01-01T12:00:00Z".parse().unwrap();
    start + SignedDuration::from_micros((seconds * 1e6).round() as i64)
}

fn event(kind: &str, t: f64, at: f64) -> Event {
    Event {
        emitted_at: Some(instant(t)),
        at: Some(at),
        ..Event::new(EventKind::from_name(kind))
    }
}

fn seek(t: f64, from: f64, to: f64) -> Event {
    let kind = match from < to {
        true => EventKind::SeekForward,
        false => EventKind::SeekBackward,
    };
    Event {
        emitted_at: Some(instant(t)),
        from: Some(from),
        to: Some(to),
        ..Event::new(kind)
    }
}

fn video(ended_at: f64) -> SessionFacts<'static> {
    SessionFacts {
        asset: Some(Asset::video("vi1")),
        loaded_at: Some(instant(0.0)),
        ended_at: Some(instant(ended_at)),
        ..SessionFacts::new("ps1")
    }
}

fn live(ended_at: f64) -> SessionFacts<'static> {
    SessionFacts {
        asset: Some(Asset::live_stream("li1")),
        ..video(ended_at)
    }
}

/// Returns the intervals as (from, to, is estimated).
fn played(playback: &Playback) -> Vec<(f64, f64, bool)> {
    (playback.intervals().iter())
        .map(|played| {
            (
                played.from_seconds(),
                played.to_seconds(),
                played.is_estimated(),
            )
        })
        .collect()
}

#[test]
fn play_before_ready_in_the_same_burst_keeps_the_viewing() {
    let events = [
        event("play", 0.0, 0.0),
        event("ready", 0.07, 0.0),
        event("pause", 10.0, 9.9),
    ];
    let playback = Playback::new(&video(10.0), &events, None);
    assert_eq!(played(&playback), [(0.0, 9.9, false)]);
    assert_eq!(playback.time_to_play_seconds(), Some(0.0));
}

#[test]
fn a_drag_that_reports_a_seek_without_distance_is_estimated() {
    let events = [
        event("play", 0.0, 0.0),
        event("pause", 3.0, 14.2),
        seek(3.0, 14.2, 14.2),
    ];
    let playback = Playback::new(&video(3.0), &events, None);
    assert_eq!(played(&playback), [(0.0, 3.0, true)]);
}

#[test]
fn a_reload_closes_the_interval_at_the_wall_clock() {
    let events = [
        event("ready", 0.0, 0.0),
        event("play", 1.0, 0.0),
        event("ready", 9.0, 0.0),
    ];
    let playback = Playback::new(&video(9.0), &events, None);
    assert_eq!(played(&playback), [(0.0, 8.0, true)]);
    assert_eq!((playback.ready_events(), playback.is_open()), (2, false));
}

#[test]
fn an_estimate_has_at_most_thirty_minutes_and_its_wall_time_is_its_media_time() {
    let events = [event("play", 0.0, 0.0), event("ready", 57_600.0, 0.0)];
    let playback = Playback::new(&video(57_600.0), &events, None);
    assert_eq!(playback.watch_seconds(), 1_800.0);
    assert_eq!(playback.playing_seconds(), 1_800.0);
    assert_eq!(playback.upper_seconds(), 115_200.0);
    assert_eq!(playback.lower_seconds(), 0.0);
    assert_eq!(playback.visits(), 2);
}

#[test]
fn an_estimate_ends_at_the_known_length_but_not_for_live_streams() {
    let events = [event("play", 0.0, 50.0)];
    let known = Playback::new(&video(100.0), &events, Some(60.0));
    assert_eq!(played(&known), [(50.0, 60.0, true)]);
    assert_eq!(known.upper_seconds(), 10.0);
    let stream = Playback::new(&live(100.0), &events, Some(60.0));
    assert_eq!(played(&stream), [(50.0, 150.0, true)]);
    assert_eq!(stream.upper_seconds(), 100.0);
}

#[test]
fn an_inferred_length_limits_estimates_only() {
    let events = [
        event("play", 0.0, 0.0),
        event("pause", 70.0, 70.0),
        event("play", 80.0, 50.0),
    ];
    let mut playback = Playback::new(&video(100.0), &events, None);
    assert_eq!(played(&playback), [(0.0, 70.0, false), (50.0, 70.0, true)]);
    playback.limit_estimates(60.0);
    assert_eq!(played(&playback), [(0.0, 70.0, false), (50.0, 60.0, true)]);
    assert_eq!(playback.playing_seconds(), 80.0);
    // An estimate that starts beyond the length vanishes.
    playback.limit_estimates(50.0);
    assert_eq!(played(&playback), [(0.0, 70.0, false)]);
    assert_eq!(playback.dropped().count(DropReason::TooShort), 1);
}

#[test]
fn a_session_that_ends_during_playback_is_open_and_closed_at_its_end() {
    let events = [event("play", 0.0, 0.0)];
    let playback = Playback::new(&video(20.0), &events, None);
    assert_eq!(played(&playback), [(0.0, 20.0, true)]);
    assert!(playback.is_open());
    // The end of a session is never before its last event.
    let events = [event("play", 0.0, 0.0), seek(10.0, 10.0, 5.0)];
    let playback = Playback::new(&video(2.0), &events, None);
    assert_eq!(played(&playback), [(0.0, 10.0, false)]);
}

#[test]
fn playback_at_double_speed_is_measured_and_faster_is_not_believed() {
    let at = |position| {
        let events = [event("play", 0.0, 0.0), event("pause", 10.0, position)];
        played(&Playback::new(&video(10.0), &events, None))
    };
    assert_eq!(at(22.0), [(0.0, 22.0, false)]);
    assert_eq!(at(22.1), [(0.0, 10.0, true)]);
}

#[test]
fn a_second_start_continues() {
    let at = |position| {
        let events = [
            event("play", 0.0, 0.0),
            event("resume", 4.0, position),
            event("pause", 10.0, position + 6.0),
        ];
        played(&Playback::new(&video(10.0), &events, None))
    };
    assert_eq!(at(4.0), [(0.0, 4.0, false), (4.0, 10.0, false)]);
    assert_eq!(at(5.0), [(0.0, 4.0, false), (5.0, 11.0, false)]);
    // A position that does not agree with the wall clock is a jump: where it started is estimated.
    assert_eq!(at(30.0), [(0.0, 4.0, true), (30.0, 36.0, false)]);
}

#[test]
fn stops_without_a_start_count_nothing_and_a_resume_without_play_starts() {
    let lone = [event("pause", 5.0, 5.0), event("end", 6.0, 6.0)];
    assert_eq!(played(&Playback::new(&video(6.0), &lone, None)), []);
    let resumed = [event("resume", 5.0, 5.0), event("pause", 9.0, 9.0)];
    assert_eq!(
        played(&Playback::new(&video(9.0), &resumed, None)),
        [(5.0, 9.0, false)]
    );
}

#[test]
fn absurd_positions_are_dropped_and_counted() {
    for (position, reason) in [
        (f64::NAN, DropReason::NotFinite),
        (f64::INFINITY, DropReason::NotFinite),
        (-1.0, DropReason::Negative),
        (36_001.0, DropReason::TooLong),
    ] {
        let events = [event("play", 0.0, 0.0), event("pause", 8.0, position)];
        let playback = Playback::new(&video(8.0), &events, None);
        assert_eq!(played(&playback), [(0.0, 8.0, true)], "{position}");
        assert_eq!(playback.dropped().count(reason), 1, "{position}");
    }
    let events = [event("play", 0.0, 0.0), event("pause", 61.0, 61.5)];
    let playback = Playback::new(&video(61.0), &events, Some(60.0));
    assert_eq!(playback.dropped().count(DropReason::BeyondLength), 1);
    assert_eq!(played(&playback), [(0.0, 60.0, true)]);
    let events = [event("play", 0.0, 0.0), event("pause", 61.0, 60.5)];
    let playback = Playback::new(&video(61.0), &events, Some(60.0));
    assert_eq!(played(&playback), [(0.0, 60.0, false)]);
}

#[test]
fn intervals_under_a_quarter_of_a_second_are_dropped() {
    let events = [event("play", 0.0, 0.0), event("pause", 0.2, 0.2)];
    let playback = Playback::new(&video(0.2), &events, None);
    assert_eq!(playback.dropped().count(DropReason::TooShort), 1);
    assert_eq!(played(&playback), []);
}

#[test]
fn events_outside_of_the_session_are_skewed() {
    let skewed = |t| Playback::new(&video(30.0), &[event("ready", t, 0.0)], None).is_skewed();
    assert!(!skewed(-5.0) && skewed(-6.0));
    assert!(!skewed(90.0) && skewed(91.0));
}

#[test]
fn seeks_of_a_drag_are_one_seek() {
    let events = [
        seek(1.0, 10.0, 20.0),
        seek(3.0, 20.0, 5.0),
        seek(10.0, 5.0, 50.0),
    ];
    let playback = Playback::new(&video(10.0), &events, None);
    let seeks: Vec<(f64, f64)> = (playback.seeks().iter())
        .map(|seek| (seek.from_seconds(), seek.to_seconds()))
        .collect();
    assert_eq!(seeks, [(10.0, 5.0), (5.0, 50.0)]);
}

#[test]
fn lengths_are_inferred_from_agreeing_ends() {
    let mut evidence = LengthEvidence::default();
    let mut observe = |at| {
        let events = [event("play", 0.0, 0.0), event("end", at, at)];
        evidence.observe(&Playback::new(&video(at), &events, None));
        evidence.length().unwrap()
    };
    assert_eq!(observe(60.0).source, LengthSource::FurthestPosition);
    assert_eq!(observe(61.0).seconds, 61.0);
    assert_eq!(observe(500.0).seconds, 500.0);
    let length = observe(60.0);
    assert_eq!((length.seconds, length.source), (61.0, LengthSource::Ends));
}

#[test]
fn the_explanation_names_rules_and_reasons() {
    let events = [
        event("ready", 0.0, 0.0),
        event("play", 1.0, 0.0),
        event("pause", 9.0, 40.0),
        seek(9.0, 8.0, 40.0),
        event("resume", 12.0, 40.0),
    ];
    let session = video(4_000.0);
    let explanation = Playback::explain(&session, &events, Some(100.0));
    let rules: Vec<Rule> = explanation.steps.iter().map(|step| step.rule).collect();
    assert_eq!(
        rules,
        [
            Rule::Ready,
            Rule::Start,
            Rule::StopAtSeekOrigin,
            Rule::SeekWhilePaused,
            Rule::Start,
            Rule::SessionEnd
        ]
    );
    assert!(matches!(
        explanation.steps[5].effects[..],
        [Effect::Closed {
            estimate: Some(EstimateReason::SessionEnd),
            ..
        }]
    ));
    assert_eq!(
        explanation.playback,
        Playback::new(&session, &events, Some(100.0))
    );
    assert_eq!(
        explanation.to_string(),
        "\
session ps1
2022-01-01T12:00:00Z  ready 0:00  the page was loaded
2022-01-01T12:00:01Z  play 0:00  playback started at the reported position
    opened at 0:00
2022-01-01T12:00:09Z  pause 0:40  playback stopped where the seek started; the reported position is its target
    interval 1: 0:00 to 0:08, 8 s
2022-01-01T12:00:09Z  seek.forward from 0:08 to 0:40  seek while paused
2022-01-01T12:00:12Z  resume 0:40  playback started at the reported position
    opened at 0:40
2022-01-01T13:06:40Z  (end of the session)  the session ended during playback
    interval 2: 0:40 to 1:40, 60 s, estimated: no event ended playback, limited to the length of the video
watch time 68 s (between 8 s and 68 s), 68 s of it for the first time
"
    );
}

/// Events at whole seconds, in few seconds, so that many share an instant.
fn any_events() -> impl Strategy<Value = Vec<Event>> {
    let kinds = prop::sample::select(vec!["ready", "play", "pause", "resume", "end", "volume"]);
    let other = (kinds, 0..40u8, 0..60u8)
        .prop_map(|(kind, t, at)| event(kind, f64::from(t), f64::from(at)));
    let seeks = (0..40u8, 0..60u8, 0..60u8)
        .prop_map(|(t, from, to)| seek(f64::from(t), f64::from(from), f64::from(to)));
    prop::collection::vec(prop_oneof![3 => other, 1 => seeks], 0..24)
}

proptest! {
    #[test]
    fn the_order_of_events_does_not_matter(events in any_events(), seed in any::<u64>()) {
        let mut shuffled = events.clone();
        // A permutation by a linear congruence: any order of the whole list.
        let mut state = seed;
        for index in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(index, (state >> 33) as usize % (index + 1));
        }
        let session = video(45.0);
        prop_assert_eq!(
            Playback::new(&session, &events, None),
            Playback::new(&session, &shuffled, None)
        );
    }

    #[test]
    fn measures_keep_their_order(events in any_events(), length in prop::option::of(1..60u8)) {
        let length = length.map(f64::from);
        let playback = Playback::new(&video(45.0), &events, length);
        prop_assert!(playback.covered_seconds() <= playback.watch_seconds());
        prop_assert!(playback.lower_seconds() <= playback.watch_seconds());
        prop_assert!(playback.watch_seconds() <= playback.upper_seconds());
        for played in playback.intervals() {
            prop_assert!(played.from_seconds() < played.to_seconds());
            prop_assert!(played.started_at() <= played.ended_at());
            prop_assert!(length.is_none_or(|length| played.to_seconds() <= length));
        }
        let pieces = playback.pieces();
        let sum = |first: bool| -> f64 {
            (pieces.iter())
                .filter(|piece| !(first && piece.is_rewatch()))
                .map(|piece| piece.to_seconds() - piece.from_seconds())
                .sum()
        };
        prop_assert!((sum(false) - playback.watch_seconds()).abs() < 1e-6);
        prop_assert!((sum(true) - playback.covered_seconds()).abs() < 1e-6);
    }

    #[test]
    fn shifting_time_shifts_nothing_else(events in any_events(), shift in -1_000_000i64..1_000_000) {
        let by = SignedDuration::from_secs(shift);
        let moved: Vec<Event> = (events.iter())
            .map(|event| Event { emitted_at: event.emitted_at.map(|time| time + by), ..*event })
            .collect();
        let session = video(45.0);
        let later = SessionFacts {
            loaded_at: session.loaded_at.map(|time| time + by),
            ended_at: session.ended_at.map(|time| time + by),
            ..session.clone()
        };
        let (here, there) = (
            Playback::new(&session, &events, None),
            Playback::new(&later, &moved, None),
        );
        prop_assert_eq!(played(&here), played(&there));
        for (a, b) in here.intervals().iter().zip(there.intervals()) {
            prop_assert_eq!(a.started_at() + by, b.started_at());
            prop_assert_eq!(a.ended_at() + by, b.ended_at());
        }
    }
}
