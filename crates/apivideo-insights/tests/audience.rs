//! The measures of an audience, with published examples where there are any.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::collections::BTreeMap;

use apivideo_insights::{
    Asset, Audience, AudienceReport, Dimension, Event, EventKind, Filter, LengthSource,
    MediaLength, MidnightRule, Playback, RowKind, SessionFacts,
};
use jiff::Timestamp;
use jiff::tz::{self, TimeZone};
use serde::Deserialize;

/// 2022-01-03, a Monday, at midnight UTC.
const MONDAY: i64 = 1_641_168_000;
const HOUR: f64 = 3600.0;
const DAY: f64 = 24.0 * HOUR;

/// Returns an instant by seconds since Monday.
fn instant(seconds: f64) -> Timestamp {
    Timestamp::from_microsecond(MONDAY * 1_000_000 + (seconds * 1e6) as i64).unwrap()
}

fn event(kind: &str, t: f64, at: f64) -> Event {
    Event {
        emitted_at: Some(instant(t)),
        at: Some(at),
        ..Event::new(EventKind::from_name(kind))
    }
}

fn seek(t: f64, from: f64, to: f64) -> Event {
    Event {
        emitted_at: Some(instant(t)),
        from: Some(from),
        to: Some(to),
        ..Event::new(match from <= to {
            true => EventKind::SeekForward,
            false => EventKind::SeekBackward,
        })
    }
}

/// Returns a session of the video `vi1` with a viewer.
fn session<'a>(viewer: &'a str, loaded: f64, ended: f64) -> SessionFacts<'a> {
    SessionFacts {
        asset: Some(Asset::video("vi1")),
        loaded_at: Some(instant(loaded)),
        ended_at: Some(instant(ended)),
        metadata: match viewer {
            "" => Vec::new(),
            viewer => vec![("userId", viewer.into())],
        },
        ..SessionFacts::new("ps1")
    }
}

/// Returns the events of a viewing from a position to another at normal speed, without an end event.
fn viewing(t: f64, from: f64, to: f64) -> [Event; 3] {
    [
        event("ready", t, 0.0),
        event("play", t, from),
        event("pause", t + to - from, to),
    ]
}

fn add(audience: &mut Audience, viewer: &str, t: f64, from: f64, to: f64) {
    let facts = session(viewer, t, t + to - from);
    audience.add(&facts, &viewing(t, from, to));
}

/// Returns a report of the video with a length.
fn report(length: f64, add: impl FnOnce(&mut Audience)) -> AudienceReport {
    let mut audience = Audience::new().with_length(Asset::video("vi1"), length);
    add(&mut audience);
    audience.finish()
}

#[test]
fn bitmovin_counts_viewers_in_every_minute_in_which_they_played() {
    #[derive(Deserialize)]
    struct Vector {
        name: String,
        minutes: Option<Vec<i64>>,
        viewers: Option<BTreeMap<String, Vec<(f64, f64)>>>,
        expected: Expected,
    }
    #[derive(Deserialize)]
    struct Expected {
        per_minute: Option<Vec<u64>>,
        max: Option<u64>,
        average: Option<f64>,
    }
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("vectors/published.json")).unwrap();
    let vector = vectors
        .into_iter()
        .find(|vector| vector.name == "bitmovin_concurrency")
        .unwrap();
    let minutes = vector.minutes.unwrap();
    let (first, last) = (minutes[0] as f64, minutes[minutes.len() - 1] as f64);
    let mut audience = Audience::new().with_minutes().with_period(
        instant(first * 60.0),
        instant((last + 1.0) * 60.0),
        MidnightRule::Start,
    );
    for (viewer, ranges) in &vector.viewers.unwrap() {
        let mut events = Vec::new();
        let mut position = 0.0;
        for (from, to) in ranges {
            // From the middle of the first minute to the middle of the last one.
            events.push(event("play", from * 60.0 + 30.0, position));
            position += (to - from) * 60.0;
            events.push(event("pause", to * 60.0 + 30.0, position));
        }
        audience.add(&session(viewer, 60.0, 960.0), &events);
    }
    let concurrency = audience.finish().measures.concurrency;
    let per_minute: Vec<u64> = minutes
        .iter()
        .map(|minute| {
            let start = instant(*minute as f64 * 60.0);
            let bucket = (concurrency.minute_buckets.iter()).find(|bucket| bucket.minute == start);
            bucket.map_or(0, |bucket| bucket.sessions)
        })
        .collect();
    assert_eq!(Some(per_minute), vector.expected.per_minute);
    assert_eq!(Some(concurrency.minutes.peak), vector.expected.max);
    assert_eq!(concurrency.minutes.peak_at, Some(instant(300.0)));
    let average = (concurrency.minutes.average.unwrap() * 10.0).round() / 10.0;
    assert_eq!(Some(average), vector.expected.average);
    assert_eq!(concurrency.minutes.rule, "minutes");
}

#[test]
fn viostream_engagement_of_a_video_watched_one_and_a_half_times_is_150() {
    let events = [
        event("play", 0.0, 0.0),
        event("end", 100.0, 100.0),
        event("play", 100.0, 50.0),
        seek(100.0, 100.0, 50.0),
        event("end", 150.0, 100.0),
    ];
    let report = report(100.0, |audience| {
        audience.add(&session("a", 0.0, 150.0), &events);
    });
    let measures = report.measures;
    assert_eq!(measures.average_viewed_percent, Some(150.0));
    assert_eq!(measures.average_covered_percent, Some(100.0));
    assert_eq!(measures.watch_seconds, 150.0);
    assert_eq!(measures.covered_seconds, 100.0);
    assert_eq!((measures.plays, measures.play_events), (1, 2));
    assert_eq!(
        (measures.completion.ended, measures.end_events),
        (1, 2),
        "sessions and events"
    );
    let retention = measures.retention.unwrap();
    assert_eq!(retention.views[49..51], [1, 2]);
    assert_eq!(retention.viewers, [1; 100]);
    let last = retention.bins().last().unwrap();
    assert_eq!(
        (last.absolute, last.unique, last.rewatch),
        (Some(2.0), Some(1.0), Some(1.0))
    );
    assert!(!measures.is_length_inferred);
}

#[test]
fn impressions_plays_and_viewers() {
    let report = report(60.0, |audience| {
        add(audience, "a", 0.0, 0.0, 30.0);
        add(audience, "a", 100.0, 0.0, 10.0);
        audience.add(&session("b", 0.0, 10.0), &[event("ready", 0.0, 0.0)]);
        audience.add(&session("", 0.0, 10.0), &[]);
        // A resume without a play is a play; `ready` is missing.
        let events = [event("resume", 0.0, 5.0), event("pause", 5.0, 10.0)];
        audience.add(&session("c", 0.0, 10.0), &events);
        audience.add_unreadable(&session("d", 0.0, 10.0));
    });
    let measures = report.measures;
    assert_eq!((measures.impressions, measures.ready_events), (3, 3));
    assert_eq!((measures.plays, measures.play_events), (3, 2));
    assert_eq!(measures.play_rate, Some(1.0));
    let viewers = measures.unique_viewers;
    assert_eq!((viewers.count, viewers.played), (5, 2));
    assert_eq!(viewers.sessions_without_key, 1);
    assert_eq!(
        (viewers.key.as_str(), viewers.to_string().as_str()),
        ("metadata.userId", "≤ 5")
    );
    let quality = measures.quality;
    assert_eq!(quality.sessions, 6);
    assert_eq!(quality.sessions_unreadable, 1);
    assert_eq!(quality.sessions_without_events, 1);
    assert_eq!(quality.estimated_share, Some(0.0));
}

#[test]
fn viewers_of_a_complete_key_are_exact() {
    let report = report(60.0, |audience| {
        add(audience, "a", 0.0, 0.0, 30.0);
        add(audience, "b", 0.0, 0.0, 30.0);
        add(audience, "a", 0.0, 0.0, 30.0);
    });
    assert_eq!(report.measures.unique_viewers.to_string(), "2");
}

#[test]
fn completion_has_three_definitions() {
    let report = report(1000.0, |audience| {
        add(audience, "a", 0.0, 0.0, 970.0);
        add(audience, "b", 0.0, 0.0, 969.0);
        add(audience, "c", 0.0, 0.0, 900.0);
        let events = [event("play", 0.0, 900.0), event("end", 100.0, 1000.0)];
        audience.add(&session("d", 0.0, 100.0), &events);
    });
    let completion = report.measures.completion;
    assert_eq!((completion.ended, completion.ended_rate), (1, Some(0.25)));
    // max(1000 − 30, 0.95 · 1000) = 970.
    assert_eq!(
        (completion.reached, completion.reached_rate),
        (Some(2), Some(0.5))
    );
    assert_eq!(
        (completion.covered, completion.covered_rate),
        (Some(3), Some(0.75))
    );
}

#[test]
fn completion_has_quarters() {
    let furthest = [250.0, 249.0, 500.0, 750.0, 749.0, 970.0];
    let report = report(1000.0, |audience| {
        for to in furthest {
            add(audience, "a", 0.0, 0.0, to);
        }
    });
    let completion = report.measures.completion;
    assert_eq!(completion.reached_quarters, Some([5, 4, 2]));
    assert_eq!(completion.reached_at_seconds, Some(970.0));
    let short = |length| self::report(length, |audience| add(audience, "a", 0.0, 0.0, 10.0));
    let threshold = |length| short(length).measures.completion.reached_at_seconds;
    assert_eq!(
        (threshold(100.0), threshold(600.0)),
        (Some(95.0), Some(570.0))
    );

    // The sum of two videos has quarters, but no threshold.
    let mut audience = Audience::new()
        .with_length(Asset::video("vi1"), 100.0)
        .with_length(Asset::video("vi2"), 10.0);
    add(&mut audience, "a", 0.0, 0.0, 50.0);
    let facts = SessionFacts {
        asset: Some(Asset::video("vi2")),
        ..session("a", 0.0, 5.0)
    };
    audience.add(&facts, &viewing(0.0, 0.0, 5.0));
    let completion = audience.finish().measures.completion;
    assert_eq!(completion.reached_quarters, Some([2, 2, 0]));
    assert_eq!(completion.reached_at_seconds, None);
}

#[test]
fn ratios_have_wilson_intervals() {
    // Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for (count, plays, lower, upper) in [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ] {
        let report = report(10.0, |audience| {
            for number in 0..plays {
                let to = if number < count { 2.0 } else { 1.0 };
                add(audience, "a", 0.0, 0.0, to);
            }
        });
        let retention = report.measures.retention.unwrap();
        let bin = retention.bins().nth(1).unwrap();
        assert_eq!(bin.unique, Some(f64::from(count) / f64::from(plays)));
        let (found_lower, found_upper) = (bin.unique_lower.unwrap(), bin.unique_upper.unwrap());
        assert!(
            (found_lower - lower).abs() < 5e-5,
            "{count} of {plays}: {found_lower}"
        );
        assert!(
            (found_upper - upper).abs() < 5e-5,
            "{count} of {plays}: {found_upper}"
        );
    }
}

#[test]
fn percentages_are_absent_for_live_streams_and_without_an_asset() {
    for asset in [Some(Asset::live_stream("li1")), None] {
        let mut audience = Audience::new();
        let facts = SessionFacts {
            asset,
            ..session("a", 0.0, 60.0)
        };
        audience.add(&facts, &viewing(0.0, 100.0, 160.0));
        let measures = audience.finish().measures;
        assert_eq!(measures.watch_seconds, 60.0);
        assert_eq!(measures.average_viewed_percent, None);
        assert_eq!(measures.completion.reached, None);
        assert_eq!(measures.completion.reached_quarters, None);
        assert_eq!(measures.completion.reached_at_seconds, None);
        assert_eq!(measures.length, None);
        let bins = measures.retention.map(|retention| retention.viewers);
        assert_eq!(bins, asset.map(|_| vec![1; 60]));
    }
}

#[test]
fn an_inferred_length_is_reported_and_limits_estimates() {
    let mut audience = Audience::new().by(Dimension::Country);
    // Added before the evidence of the length: 40 s on the wall clock, from position 10.
    audience.add(&session("d", 0.0, 40.0), &[event("play", 0.0, 10.0)]);
    for viewer in ["a", "b", "c"] {
        let events = [event("play", 0.0, 0.0), event("end", 30.0, 30.0)];
        audience.add(&session(viewer, 0.0, 30.0), &events);
    }
    // The estimate of a later one cannot exceed what three ends agree on.
    audience.add(&session("e", 0.0, 5.0), &[event("play", 0.0, 10.0)]);
    let measures = audience.finish().measures;
    assert!(measures.is_length_inferred);
    let length = MediaLength {
        seconds: 30.0,
        source: LengthSource::Ends,
    };
    assert_eq!(measures.length, Some(length));
    assert_eq!(measures.watch_seconds, 90.0 + 20.0 + 5.0);
    assert_eq!(measures.quality.watch_seconds_lower, 90.0);
    assert_eq!(measures.quality.watch_seconds_upper, 90.0 + 20.0 + 10.0);
    assert_eq!(measures.quality.sessions_open, 2);
}

#[test]
fn a_given_length_ends_the_playback_of_a_lake() {
    let facts = session("a", 0.0, 70.0);
    let playback = Playback::new(&facts, &viewing(0.0, 0.0, 70.0), None);
    let report = report(60.0, |audience| audience.add_playback(&facts, playback));
    assert_eq!(report.measures.watch_seconds, 60.0);
}

#[test]
fn exits_have_a_hazard_and_steep_falls_are_found() {
    let report = report(100.0, |audience| {
        for viewer in 0..30 {
            let to = if viewer < 10 { 40.0 } else { 100.0 };
            add(audience, &viewer.to_string(), 0.0, 0.0, to);
        }
    });
    let retention = report.measures.retention.unwrap();
    let exits: Vec<(f64, u64, u64)> = (retention.exits.iter())
        .map(|exit| (exit.from_seconds, exit.exits, exit.reached))
        .collect();
    assert_eq!(exits, [(39.0, 10, 30), (99.0, 20, 20)]);
    assert!((retention.exits[0].hazard - 1.0 / 3.0).abs() < 1e-12);
    assert_eq!(retention.drops.len(), 1);
    let drop = retention.drops[0];
    assert!(drop.from_seconds < 40.0 && 40.0 <= drop.to_seconds);
    assert!((drop.points - 100.0 / 3.0).abs() < 1e-9);
}

#[test]
fn a_drop_is_a_fall_by_more_than_one_and_a_half_points() {
    for (leaving, drops) in [(3, 0), (4, 1)] {
        let report = report(100.0, |audience| {
            for viewer in 0..200 {
                let to = if viewer < leaving { 40.0 } else { 100.0 };
                add(audience, &viewer.to_string(), 0.0, 0.0, to);
            }
        });
        assert_eq!(report.measures.retention.unwrap().drops.len(), drops);
    }
}

#[test]
fn at_most_five_drops_that_do_not_overlap_are_found_steepest_first() {
    let report = report(300.0, |audience| {
        // From 30 s on, 3 to 10 of 100 leave every 30 s.
        let mut viewer = 0;
        for step in 1..=8_u32 {
            for _ in 0..step + 2 {
                add(
                    audience,
                    &viewer.to_string(),
                    0.0,
                    0.0,
                    f64::from(step) * 30.0,
                );
                viewer += 1;
            }
        }
        for viewer in viewer..100 {
            add(audience, &viewer.to_string(), 0.0, 0.0, 300.0);
        }
    });
    let drops = report.measures.retention.unwrap().drops;
    let points: Vec<f64> = drops.iter().map(|drop| drop.points.round()).collect();
    assert_eq!(points, [10.0, 9.0, 8.0, 7.0, 6.0]);
    for (drop, step) in drops.iter().zip([8.0, 7.0, 6.0, 5.0, 4.0]) {
        assert!(drop.from_seconds < step * 30.0 && step * 30.0 <= drop.to_seconds);
        assert_eq!(drop.to_seconds - drop.from_seconds, 10.0, "L / 30");
    }
}

#[test]
fn playback_that_ends_with_a_minute_does_not_count_in_the_next() {
    let mut audience = Audience::new().with_minutes();
    add(&mut audience, "a", 60.0, 0.0, 60.0);
    // Twice in one minute counts once.
    let events = [
        event("play", 180.0, 0.0),
        event("pause", 190.0, 10.0),
        event("play", 200.0, 10.0),
        event("pause", 210.0, 20.0),
    ];
    audience.add(&session("b", 180.0, 210.0), &events);
    let minutes = audience.finish().measures.concurrency.minute_buckets;
    let minutes: Vec<_> = minutes
        .iter()
        .map(|bucket| (bucket.minute, bucket.sessions))
        .collect();
    assert_eq!(minutes, [(instant(60.0), 1), (instant(180.0), 1)]);
}

#[test]
fn there_are_no_drops_below_20_plays_or_30_seconds() {
    for (plays, length) in [(19, 100.0), (20, 29.0)] {
        let report = report(length, |audience| {
            for viewer in 0..plays {
                add(audience, &viewer.to_string(), 0.0, 0.0, 15.0);
            }
        });
        assert_eq!(report.measures.retention.unwrap().drops, []);
    }
}

#[test]
fn retention_has_bins_of_one_second_up_to_an_hour() {
    for (length, width, bins) in [
        (60.2, 1.0, 61),
        (3600.0, 1.0, 3600),
        (3601.0, 5.0, 721),
        (36_000.0, 60.0, 600),
    ] {
        let report = report(length, |audience| add(audience, "a", 0.0, 0.0, length));
        let retention = report.measures.retention.unwrap();
        assert_eq!(
            (retention.bin_seconds, retention.viewers.len()),
            (width, bins)
        );
        assert!(retention.viewers.iter().all(|viewers| *viewers == 1));
        let last = retention.bins().last().unwrap();
        assert_eq!(last.to_seconds, length);
    }
}

#[test]
fn two_viewings_that_meet_in_a_bin_count_once() {
    let report = report(60.0, |audience| {
        add(audience, "a", 0.0, 0.0, 30.4);
        add(audience, "b", 0.0, 30.4, 60.0);
    });
    let retention = report.measures.retention.unwrap();
    assert!(retention.views.iter().all(|views| *views == 1));
}

#[test]
fn seeks_have_distances_and_histograms() {
    let events = [
        event("play", 0.0, 0.0),
        seek(10.0, 10.0, 40.0),
        seek(20.0, 50.0, 20.0),
        event("pause", 30.0, 30.0),
    ];
    let report = report(60.0, |audience| {
        audience.add(&session("a", 0.0, 30.0), &events);
    });
    let seeks = report.measures.seeks;
    assert_eq!((seeks.count, seeks.sessions), (2, 1));
    assert_eq!((seeks.skipped_seconds, seeks.rewound_seconds), (30.0, 30.0));
    let bins = |bins: &[apivideo_insights::SeekBin]| -> Vec<(f64, u64)> {
        bins.iter()
            .map(|bin| (bin.from_seconds, bin.count))
            .collect()
    };
    assert_eq!(bins(&seeks.sources), [(10.0, 1), (50.0, 1)]);
    assert_eq!(bins(&seeks.targets), [(20.0, 1), (40.0, 1)]);
}

#[test]
fn concurrency_is_exact_and_names_its_rules() {
    let report = report(60.0, |audience| {
        add(audience, "a", 0.0, 0.0, 30.0);
        // Starts when the first ends: never two at once, but both in one minute.
        add(audience, "b", 30.0, 0.0, 20.0);
    });
    let concurrency = report.measures.concurrency;
    assert_eq!(concurrency.playing.peak, 1);
    assert_eq!(concurrency.playing.peak_at, Some(instant(0.0)));
    assert_eq!(concurrency.playing.average, Some(1.0));
    assert_eq!(concurrency.minutes.peak, 2);
    assert_eq!(concurrency.presence.peak, 1);
    assert_eq!(concurrency.playing.to, Some(instant(50.0)));
    assert!(concurrency.playing.is_exact);
}

#[test]
fn a_peak_across_midnight_is_found() {
    let report = report(60.0, |audience| {
        add(audience, "a", DAY - 30.0, 0.0, 60.0);
        add(audience, "b", DAY - 10.0, 0.0, 20.0);
    });
    let measures = report.measures;
    assert_eq!(measures.concurrency.playing.peak, 2);
    assert_eq!(
        measures.concurrency.playing.peak_at,
        Some(instant(DAY - 10.0))
    );
    let days: Vec<(u64, f64, u64)> = (measures.days.iter())
        .map(|day| (day.plays, day.watch_seconds, day.peak))
        .collect();
    assert_eq!(days, [(2, 40.0, 2), (0, 40.0, 2)]);
    assert_eq!(measures.days[0].date.to_string(), "2022-01-03");
}

#[test]
fn sealed_days_keep_their_peak_and_late_playback_makes_it_inexact() {
    let mut audience = Audience::new().by(Dimension::Asset).by(Dimension::Country);
    add(&mut audience, "a", 0.0, 0.0, 30.0);
    add(&mut audience, "b", 10.0, 0.0, 30.0);
    add(&mut audience, "c", DAY, 0.0, 30.0);
    let open = audience.clone().finish();
    audience.seal_before(instant(DAY + 5.0));
    let mut late = audience.clone();
    assert_eq!(audience.finish(), open);
    add(&mut late, "d", 20.0, 0.0, 10.0);
    let playing = late.finish().measures.concurrency.playing;
    assert_eq!((playing.peak, playing.is_exact), (2, false));
}

#[test]
fn sealed_days_of_two_audiences_are_not_combined_silently() {
    let mut audience = Audience::new();
    let mut other = audience.fork();
    add(&mut audience, "a", 0.0, 0.0, 30.0);
    add(&mut other, "b", 0.0, 0.0, 30.0);
    audience.seal_before(instant(DAY));
    let mut sealed = other.clone();
    sealed.seal_before(instant(DAY));
    for other in [other, sealed] {
        let mut audience = audience.clone();
        audience.merge(other).unwrap();
        let playing = audience.finish().measures.concurrency.playing;
        assert!(!playing.is_exact);
        assert_eq!(playing.average, Some(2.0));
    }
}

#[test]
fn time_of_day_is_split_at_the_hours_of_the_time_zone() {
    let zone = TimeZone::fixed(tz::Offset::from_seconds(5 * 3600 + 1800).unwrap());
    let mut audience = Audience::new().with_time_zone(zone);
    // From 18:20 to 18:40 UTC on Sunday: 23:50 to 00:10 in India.
    add(&mut audience, "a", -5.0 * HOUR - 2400.0, 0.0, 1200.0);
    let report = audience.finish();
    let minutes = report.measures.time_of_day.watch_minutes;
    assert_eq!((minutes[6][23], minutes[0][0]), (10.0, 10.0));
    let sum: f64 = minutes.iter().flatten().sum();
    assert_eq!(sum, 20.0);
    assert_eq!(report.time_zone, "+05:30");
}

#[cfg(feature = "time-zones")]
#[test]
fn time_zones_have_summer_time() {
    let zone = TimeZone::get("Europe/Paris").unwrap();
    let mut audience = Audience::new().with_time_zone(zone);
    // 2022-03-27: clocks change from 02:00 to 03:00 at 01:00 UTC.
    let sunday = 83.0 * DAY;
    add(&mut audience, "a", sunday + HOUR - 600.0, 0.0, 1200.0);
    let report = audience.finish();
    let minutes = report.measures.time_of_day.watch_minutes;
    assert_eq!(
        (minutes[6][1], minutes[6][2], minutes[6][3]),
        (10.0, 0.0, 10.0)
    );
    assert_eq!(report.time_zone, "Europe/Paris");
}

#[test]
fn time_to_play_has_a_median() {
    let report = report(60.0, |audience| {
        for (waited, viewer) in [(1.0, "a"), (2.0, "b"), (9.0, "c"), (700.0, "d")] {
            let events = [event("ready", 0.0, 0.0), event("play", waited, 0.0)];
            audience.add(&session(viewer, 0.0, 800.0), &events);
        }
    });
    let waited = report.measures.time_to_play;
    assert_eq!((waited.sessions, waited.average_seconds), (3, Some(4.0)));
    assert_eq!(
        (waited.median_seconds, waited.p95_seconds),
        (Some(2.0), Some(9.0))
    );
}

#[test]
fn breakdowns_have_rows_of_other_and_unknown_values() {
    let mut audience = Audience::new().by(Dimension::Country).top(1);
    let mut add = |country: Option<&'static str>, plays: u32| {
        for _ in 0..plays {
            let facts = SessionFacts {
                country,
                ..session("", 0.0, 30.0)
            };
            audience.add(&facts, &viewing(0.0, 0.0, 30.0));
        }
    };
    add(Some("France"), 20);
    add(Some("Spain"), 2);
    add(Some("Italy"), 1);
    add(None, 3);
    let report = audience.finish();
    let rows: Vec<_> = (report.breakdowns[0].rows.iter())
        .map(|row| {
            (
                row.value.as_deref(),
                row.kind,
                row.values,
                row.measures.plays,
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            (Some("France"), RowKind::Value, 1, 20),
            (None, RowKind::Other, 2, 3),
            (None, RowKind::Unknown, 1, 3),
        ]
    );
    let averages: Vec<_> = (report.breakdowns[0].rows.iter())
        .map(|row| row.measures.average_watch_seconds)
        .collect();
    assert_eq!(
        averages,
        [Some(30.0), None, None],
        "below 20 plays: counts only"
    );
    let sum: f64 = (report.breakdowns[0].rows.iter())
        .map(|row| row.measures.watch_seconds)
        .sum();
    assert_eq!(sum, report.measures.watch_seconds);
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["breakdowns"][0]["rows"][0]["watch_seconds"], 600.0);
    assert_eq!(json["breakdowns"][0]["rows"][1]["kind"], "other");
}

#[test]
fn small_cells_are_combined_or_suppressed() {
    let count = |small: &[&'static str]| {
        let mut audience = Audience::new().by(Dimension::City).with_min_cell(3);
        for city in ["Paris"; 5].iter().chain(small) {
            let facts = SessionFacts {
                city: Some(city),
                ..session("", 0.0, 30.0)
            };
            audience.add(&facts, &viewing(0.0, 0.0, 30.0));
        }
        let breakdown = audience.finish().breakdowns.remove(0);
        let rows: Vec<_> = (breakdown.rows.iter())
            .map(|row| (row.value.clone(), row.measures.plays))
            .collect();
        (rows, breakdown.suppressed_values)
    };
    let paris = (Some("Paris".to_owned()), 5);
    assert_eq!(
        count(&["Lyon", "Lyon", "Nice"]),
        (vec![paris.clone(), (None, 3)], 0)
    );
    assert_eq!(count(&["Lyon", "Nice"]), (vec![paris], 2));
}

#[test]
fn filters_exclude_and_select() {
    let mut audience = Audience::new()
        .exclude("metadata.userId=staff".parse().unwrap())
        .only(Filter::any_of(Dimension::Country, ["France", ""]));
    for (viewer, country) in [
        ("staff", Some("France")),
        ("a", Some("France")),
        ("b", Some("Spain")),
        ("c", None),
    ] {
        let facts = SessionFacts {
            country,
            ..session(viewer, 0.0, 30.0)
        };
        audience.add(&facts, &viewing(0.0, 0.0, 30.0));
    }
    let report = audience.finish();
    assert_eq!((report.measures.plays, report.sessions_excluded), (2, 2));
    let error = "metadata.plan".parse::<Filter>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid filter \"metadata.plan\": must be DIMENSION=VALUE"
    );
}

#[test]
fn periods_select_sessions_or_split_durations() {
    let run = |rule| {
        let mut audience = Audience::new().with_period(instant(DAY), instant(2.0 * DAY), rule);
        add(&mut audience, "a", DAY - 30.0, 0.0, 60.0);
        add(&mut audience, "b", 2.0 * DAY - 30.0, 0.0, 60.0);
        add(&mut audience, "c", 3.0 * DAY, 0.0, 60.0);
        audience.finish()
    };
    let start = run(MidnightRule::Start);
    assert_eq!(
        (start.measures.plays, start.measures.watch_seconds),
        (1, 60.0)
    );
    let split = run(MidnightRule::Split);
    assert_eq!(
        (split.measures.plays, split.measures.watch_seconds),
        (1, 60.0)
    );
    assert_eq!(split.measures.days.len(), 1);
    assert_eq!(split.measures.concurrency.playing.average, Some(60.0 / DAY));
    assert_eq!(split.sessions_outside_period, 2);
    // Retention is that of whole sessions.
    assert_eq!(split.measures.retention.unwrap().viewers, [1; 60]);
}

#[test]
fn cohorts_count_the_weeks_in_which_viewers_were_active() {
    let mut audience = Audience::new().with_cohorts();
    let week = 7.0 * DAY;
    for (viewer, t) in [
        ("a", 0.0),
        ("b", week - 1.0),
        ("a", 2.0 * week),
        ("c", week),
        ("", 0.0),
    ] {
        add(&mut audience, viewer, t, 0.0, 0.5);
    }
    let cohorts = audience.finish().cohorts.unwrap();
    let rows: Vec<_> = (cohorts.cohorts.iter())
        .map(|cohort| {
            (
                cohort.week.as_str(),
                cohort.viewers,
                cohort.active.as_slice(),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("2022-W01", 2, [2, 0, 1].as_slice()),
            ("2022-W02", 1, [1].as_slice()),
        ]
    );
    assert_eq!(cohorts.sessions_left_out, 1);
}

#[test]
fn absurd_times_are_counted_and_not_swept() {
    let mut audience = Audience::new();
    let facts = SessionFacts {
        loaded_at: Some(Timestamp::MIN),
        ended_at: Some(Timestamp::MAX),
        ..session("a", 0.0, 0.0)
    };
    let mut events = viewing(0.0, 0.0, 30.0);
    events[2].emitted_at = Some(Timestamp::MAX);
    audience.add(&facts, &events);
    let measures = audience.finish().measures;
    assert_eq!(measures.quality.spans_too_long, 2);
    assert_eq!(measures.concurrency.presence.peak, 0);
    assert_eq!(measures.watch_seconds, 30.0);
}

#[test]
fn audiences_with_different_settings_do_not_merge() {
    let error = Audience::new()
        .merge(Audience::new().by(Dimension::Os))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot merge audiences with different settings: create one by fork() of the other"
    );
}
