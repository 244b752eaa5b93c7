//! Peaks of concurrent viewers: how long, how often, and the steps around them.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use apivideo_insights::{
    Asset, Audience, Concurrency, Event, EventKind, Playback, PlaybackSummary, PlayedInterval,
    SessionFacts,
};
use jiff::Timestamp;
use jiff::tz::{self, TimeZone};
use proptest::prelude::*;

/// 2022-01-03 at midnight UTC.
const START: i64 = 1_641_168_000;
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_second(START + seconds).unwrap()
}

/// Adds a session of a live stream that plays during a range of seconds since the start.
fn play(audience: &mut Audience, from: i64, to: i64) {
    let facts = SessionFacts {
        asset: Some(Asset::live_stream("li1")),
        loaded_at: Some(instant(from)),
        ..SessionFacts::new("ps1")
    };
    let interval = PlayedInterval::new(instant(from)..instant(to), 0.0..(to - from) as f64);
    let summary = PlaybackSummary {
        is_live: true,
        ..PlaybackSummary::default()
    };
    audience.add_playback(
        &facts,
        Playback::from_rows(&summary, vec![interval], Vec::new()),
    );
}

fn concurrency(empty: &Audience, ranges: &[(i64, i64)]) -> Concurrency {
    let mut audience = empty.fork();
    for &(from, to) in ranges {
        play(&mut audience, from, to);
    }
    audience.finish().measures.concurrency
}

/// Returns the steps as seconds since the start, and numbers.
fn steps(concurrency: &Concurrency) -> Vec<(i64, u64)> {
    let steps = concurrency.steps.iter();
    steps
        .map(|step| (step.at.as_second() - START, step.viewers))
        .collect()
}

#[test]
fn a_peak_has_a_duration_and_a_number_of_times() {
    let empty = Audience::new();
    let found = concurrency(&empty, &[(0, 100), (20, 30), (50, 60), (60, 65), (90, 95)]);
    let playing = found.playing;
    assert_eq!((playing.peak, playing.peak_at), (2, Some(instant(20))));
    // One viewing that ends when another begins is one range: 20 to 30, 50 to 65 and 90 to 95.
    assert_eq!((playing.seconds, playing.times), (Some(10.0), Some(3)));
    assert_eq!(
        (found.minutes.peak, found.minutes.seconds),
        (3, Some(120.0))
    );

    let nothing = concurrency(&empty, &[]).playing;
    assert_eq!((nothing.seconds, nothing.times), (None, None));
}

#[test]
fn a_peak_continues_over_midnight() {
    let midnights = [
        (DAY - 10, 2 * DAY + 10),
        (DAY - 5, 2 * DAY + 5),
        (3 * DAY, 3 * DAY + 7),
    ];
    let playing = concurrency(&Audience::new(), &midnights).playing;
    assert_eq!(playing.peak, 2);
    assert_eq!(playing.seconds, Some((DAY + 10) as f64));
    assert_eq!(playing.times, Some(1));
}

#[test]
fn a_late_session_of_a_sealed_day_leaves_the_duration_unknown() {
    let mut audience = Audience::new().with_steps();
    play(&mut audience, 0, 60);
    audience.seal_before(instant(DAY));
    play(&mut audience, 30, 40);
    let concurrency = audience.finish().measures.concurrency;
    let playing = &concurrency.playing;
    assert_eq!(
        (playing.is_exact, playing.seconds, playing.times),
        (false, None, None)
    );
    assert!(concurrency.steps.is_empty());
}

#[test]
fn steps_are_the_changes_in_the_day_of_the_peak() {
    let ranges = [(-50, 30), (10, 20), (20, 25), (2 * DAY, 2 * DAY + 9)];
    let found = concurrency(&Audience::new().with_steps(), &ranges);
    assert_eq!(steps(&found), [(0, 1), (10, 2), (25, 1), (30, 0)]);
    assert!(concurrency(&Audience::new(), &ranges).steps.is_empty());
    assert!(
        concurrency(&Audience::new().with_steps(), &[])
            .steps
            .is_empty()
    );
}

#[test]
fn steps_are_those_of_a_day_of_the_time_zone() {
    // The day begins at 18:15 UTC.
    let zone = TimeZone::fixed(tz::Offset::from_seconds(20_700).unwrap());
    let begin = DAY - 20_700;
    let ranges = [
        (begin - 100, begin + 100),
        (DAY - 10, DAY + 10),
        (begin + DAY - 50, begin + DAY + 50),
    ];
    let expected = [
        (begin, 1),
        (begin + 100, 0),
        (DAY - 10, 1),
        (DAY + 10, 0),
        (begin + DAY - 50, 1),
    ];
    let expected: Vec<(i64, u64)> = expected.to_vec();
    // A peak of 2 in the middle of the day.
    let mut ranges = ranges.to_vec();
    ranges.push((DAY - 5, DAY + 5));
    let mut with_peak = expected.clone();
    with_peak.splice(3..3, [(DAY - 5, 2), (DAY + 5, 1)]);
    let empty = Audience::new().with_steps().with_time_zone(zone);
    assert_eq!(steps(&concurrency(&empty, &ranges)), with_peak);

    // Sealing in ascending order keeps them, although later days have lower peaks.
    ranges.extend((3..40).map(|day| (day * DAY, day * DAY + 60)));
    ranges.sort_unstable();
    let mut sealed = empty.fork();
    for &(from, to) in &ranges {
        sealed.seal_before(instant(from));
        play(&mut sealed, from, to);
    }
    assert_eq!(steps(&sealed.finish().measures.concurrency), with_peak);
}

#[test]
fn a_day_of_25_hours_has_the_steps_of_25_hours() {
    let Ok(zone) = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3") else {
        panic!("the zone is valid");
    };
    // 2022-10-30: 00:00 in summer time is 22:00 UTC on the day before.
    let begin = 299 * DAY + 22 * HOUR;
    let ranges = [
        (begin + 24 * HOUR, begin + 24 * HOUR + 60),
        (begin + 25 * HOUR, begin + 25 * HOUR + 60),
    ];
    let empty = Audience::new().with_steps().with_time_zone(zone);
    let found = steps(&concurrency(&empty, &ranges));
    assert_eq!(
        found,
        [
            (begin, 0),
            (begin + 24 * HOUR, 1),
            (begin + 24 * HOUR + 60, 0)
        ]
    );
}

/// What a count at each border of the intervals finds: the peak, its first range, and the number of ranges.
fn by_hand(ranges: &[(i64, i64)]) -> Option<(u64, i64, i64, u64)> {
    let mut borders: Vec<i64> = ranges.iter().flat_map(|&(from, to)| [from, to]).collect();
    borders.sort_unstable();
    borders.dedup();
    let count = |at: i64| {
        ranges
            .iter()
            .filter(|&&(from, to)| from <= at && at < to)
            .count() as u64
    };
    let peak = borders
        .iter()
        .map(|&at| count(at))
        .max()
        .filter(|&peak| peak > 0)?;
    let starts: Vec<usize> = (0..borders.len())
        .filter(|&i| count(borders[i]) == peak && (i == 0 || count(borders[i - 1]) != peak))
        .collect();
    let first = *starts.first()?;
    let until = borders[first..].iter().find(|&&at| count(at) != peak)?;
    Some((peak, borders[first], *until, starts.len() as u64))
}

proptest! {
    #[test]
    fn peaks_agree_with_a_count_at_each_border(
        ranges in prop::collection::vec((0..4i64, -30..30i64, 1..40i64, 0..9u8), 0..30),
        offset in -14..15i64,
        seal in any::<bool>(),
    ) {
        // Around midnights, and some over several days.
        let mut ranges: Vec<(i64, i64)> = ranges
            .into_iter()
            .map(|(day, start, length, days)| {
                let from = day * DAY + start;
                (from, from + length + i64::from(days / 8) * DAY)
            })
            .collect();
        ranges.sort_unstable();
        let zone = TimeZone::fixed(tz::Offset::from_seconds(offset as i32 * 3600).unwrap());
        let mut audience = Audience::new().with_steps().with_time_zone(zone);
        for &(from, to) in &ranges {
            if seal {
                audience.seal_before(instant(from));
            }
            play(&mut audience, from, to);
        }
        let found = audience.finish().measures.concurrency;
        let playing = &found.playing;
        let Some((peak, at, until, times)) = by_hand(&ranges) else {
            prop_assert_eq!((playing.peak, playing.seconds), (0, None));
            return Ok(());
        };
        prop_assert_eq!((playing.peak, playing.peak_at), (peak, Some(instant(at))));
        prop_assert_eq!(playing.seconds, Some((until - at) as f64));
        prop_assert_eq!(playing.times, Some(times));
        // Each step is the count at its instant, and the steps contain each change of the day.
        let day = (at + offset * HOUR).div_euclid(DAY) * DAY - offset * HOUR;
        let found = steps(&found);
        let mut expected: Vec<(i64, u64)> = Vec::new();
        let mut borders: Vec<i64> = ranges.iter().flat_map(|&(from, to)| [from, to]).collect();
        borders.push(day);
        borders.sort_unstable();
        borders.dedup();
        for border in borders.into_iter().filter(|border| (day..day + DAY).contains(border)) {
            let count = ranges.iter().filter(|&&(from, to)| from <= border && border < to).count();
            if expected.last().is_none_or(|last| last.1 != count as u64) {
                expected.push((border, count as u64));
            }
        }
        prop_assert_eq!(found, expected);
    }
}

/// The events of a viewing are another way to the same peak.
#[test]
fn events_and_intervals_have_the_same_peak() {
    let mut audience = Audience::new();
    let facts = SessionFacts {
        asset: Some(Asset::live_stream("li1")),
        ..SessionFacts::new("ps1")
    };
    let event = |kind, t, at| Event {
        emitted_at: Some(instant(t)),
        at: Some(at),
        ..Event::new(kind)
    };
    audience.add(
        &facts,
        &[
            event(EventKind::Play, 5, 0.0),
            event(EventKind::Pause, 25, 20.0),
        ],
    );
    let playing = audience.finish().measures.concurrency.playing;
    assert_eq!((playing.seconds, playing.times), (Some(20.0), Some(1)));
}
