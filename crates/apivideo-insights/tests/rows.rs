//! A playback that is written as rows of a lake and read again has the same measures.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use apivideo_insights::{
    Asset, Audience, Dimension, Event, EventKind, LengthSource, MediaLength, Playback,
    PlaybackSummary, PlayedInterval, Seek, SessionFacts,
};
use jiff::Timestamp;
use proptest::prelude::*;

/// 2022-01-01 at 12:00 UTC.
const START: i64 = 1_641_038_400;

const KINDS: [EventKind; 7] = [
    EventKind::Ready,
    EventKind::Play,
    EventKind::Pause,
    EventKind::Resume,
    EventKind::SeekForward,
    EventKind::SeekBackward,
    EventKind::End,
];

fn at(seconds: i64) -> Option<Timestamp> {
    Some(Timestamp::from_second(START + seconds).unwrap())
}

fn facts(is_live: bool, duration: i64) -> SessionFacts<'static> {
    SessionFacts {
        asset: Some(match is_live {
            true => Asset::live_stream("li1"),
            false => Asset::video("vi1"),
        }),
        loaded_at: at(0),
        ended_at: at(duration),
        ..SessionFacts::new("ps1")
    }
}

/// Writes the rows of a playback and reads them.
fn through_rows(playback: &Playback, is_live: bool) -> Playback {
    let intervals = playback.pieces().into_iter().map(|piece| {
        let interval = PlayedInterval::new(
            piece.started_at()..piece.ended_at(),
            piece.from_seconds()..piece.to_seconds(),
        );
        match piece.is_estimated() {
            true => interval.estimated(piece.upper_seconds()),
            false => interval,
        }
    });
    let seeks = playback.seeks().iter();
    let seeks =
        seeks.map(|seek| Seek::new(seek.emitted_at(), seek.from_seconds(), seek.to_seconds()));
    let summary = PlaybackSummary {
        is_live,
        events: playback.events(),
        ready_events: playback.ready_events(),
        play_events: playback.play_events(),
        end_events: playback.end_events(),
        visits: playback.visits(),
        time_to_play_seconds: playback.time_to_play_seconds(),
        is_open: playback.is_open(),
        is_skewed: playback.is_skewed(),
        dropped: *playback.dropped(),
    };
    Playback::from_rows(&summary, intervals.collect(), seeks.collect())
}

fn any_event() -> impl Strategy<Value = Event> {
    let position = prop_oneof![
        8 => (0..40u8).prop_map(|whole| Some(f64::from(whole))),
        4 => (0.0..40.0).prop_map(Some),
        1 => Just(None),
        1 => (-10.0..100_000.0).prop_map(Some),
    ];
    (0..KINDS.len(), 0..90i64, position.clone(), position).prop_map(|(kind, time, one, other)| {
        Event {
            emitted_at: at(time),
            at: one,
            from: one,
            to: other,
            ..Event::new(KINDS[kind])
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 512,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn rows_restore_a_playback(
        mut events in prop::collection::vec(any_event(), 0..14),
        is_live in any::<bool>(),
        duration in 0..200i64,
        length in prop_oneof![1.0..60.0, 100_000.0..200_000.0],
    ) {
        events.sort_by_key(|event| event.emitted_at);
        let session = facts(is_live, duration);
        let mut playback = Playback::new(&session, &events, None);
        playback.limit_estimates(length);
        let mut restored = through_rows(&playback, is_live);
        // An audience with the same length limits the estimates again.
        restored.limit_estimates(length);
        prop_assert_eq!(restored.pieces(), playback.pieces());
        prop_assert_eq!(restored.dropped(), playback.dropped());
        prop_assert_eq!(restored.covered_seconds(), playback.covered_seconds());
        prop_assert_eq!(restored.watch_seconds(), playback.watch_seconds());
        prop_assert_eq!(restored.playing_seconds(), playback.playing_seconds());
        prop_assert_eq!(restored.lower_seconds(), playback.lower_seconds());
        prop_assert_eq!(restored.upper_seconds(), playback.upper_seconds());
        prop_assert_eq!(restored.exit_seconds(), playback.exit_seconds());
        prop_assert_eq!(restored.furthest_seconds(), playback.furthest_seconds());
        prop_assert_eq!(restored.time_to_play_seconds(), playback.time_to_play_seconds());
        // The rows of restored rows are the same.
        prop_assert_eq!(&through_rows(&restored, is_live), &restored);

        // In a lake, the length that limits the rows is that of the audience.
        let length = MediaLength { seconds: length, source: LengthSource::Ends };
        let lengths = [(Asset::video("vi1"), length)];
        let audience = || Audience::new().by(Dimension::Asset).with_inferred_lengths(lengths);
        let report = |playback: Playback| {
            let mut audience = audience();
            audience.add_playback(&session, playback);
            audience.finish()
        };
        let (one, other) = (report(restored), report(playback));
        prop_assert_eq!(one.measures.watch_seconds, other.measures.watch_seconds);
        prop_assert_eq!(one.measures.retention, other.measures.retention);
        prop_assert_eq!(one.measures.concurrency, other.measures.concurrency);
        prop_assert_eq!(one.measures.quality, other.measures.quality);
        prop_assert_eq!(one.measures.seeks, other.measures.seeks);
    }
}
