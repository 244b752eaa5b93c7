//! What holds for the measures of any sessions.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use apivideo_insights::{
    Asset, Audience, AudienceReport, Dimension, Event, EventKind, MidnightRule, Playback,
    SessionFacts,
};
use jiff::Timestamp;
use jiff::tz::{self, TimeZone};
use proptest::prelude::*;

/// 2022-01-01 at midnight UTC.
const START: i64 = 1_640_995_200;

/// A session as it is generated, with times in seconds since the start.
#[derive(Clone, Debug)]
struct Session {
    asset: u8,
    viewer: u8,
    country: u8,
    loaded: i64,
    duration: i64,
    /// Kind, time since the start of the session, and positions.
    events: Vec<(u8, i64, f64, f64)>,
}

const KINDS: [EventKind; 7] = [
    EventKind::Ready,
    EventKind::Play,
    EventKind::Pause,
    EventKind::Resume,
    EventKind::SeekForward,
    EventKind::SeekBackward,
    EventKind::End,
];
const ASSETS: [Option<Asset<'_>>; 4] = [
    Some(Asset::video("vi1")),
    Some(Asset::video("vi2")),
    Some(Asset::live_stream("li1")),
    None,
];
const VIEWERS: [&str; 4] = ["", "a", "b", "c"];
const COUNTRIES: [Option<&str>; 3] = [None, Some("France"), Some("Spain")];

fn any_session() -> impl Strategy<Value = Session> {
    let position = prop_oneof![
        8 => (0..40u8).prop_map(f64::from),
        1 => Just(f64::NAN),
        1 => -10.0..100_000.0,
    ];
    let event = (0..7u8, 0..60i64, position.clone(), position);
    (
        (0..4u8, 0..4u8, 0..3u8),
        (0..4 * 86_400i64, 0..90i64),
        prop::collection::vec(event, 0..10),
    )
        .prop_map(
            |((asset, viewer, country), (loaded, duration), mut events)| {
                events.sort_by_key(|event| event.1);
                Session {
                    asset,
                    viewer,
                    country,
                    loaded,
                    duration,
                    events,
                }
            },
        )
}

fn any_sessions() -> impl Strategy<Value = Vec<Session>> {
    prop::collection::vec(any_session(), 0..12)
}

fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_second(START + seconds).unwrap()
}

impl Session {
    fn facts(&self, shift: i64) -> SessionFacts<'_> {
        SessionFacts {
            asset: ASSETS[usize::from(self.asset)],
            loaded_at: Some(instant(self.loaded + shift)),
            ended_at: Some(instant(self.loaded + self.duration + shift)),
            country: COUNTRIES[usize::from(self.country)],
            metadata: vec![("userId", VIEWERS[usize::from(self.viewer)].into())],
            ..SessionFacts::new("ps1")
        }
    }

    fn events(&self, shift: i64) -> Vec<Event> {
        self.events
            .iter()
            .map(|&(kind, t, at, to)| Event {
                emitted_at: Some(instant(self.loaded + t + shift)),
                at: Some(at),
                from: Some(at),
                to: Some(to),
                ..Event::new(KINDS[usize::from(kind)])
            })
            .collect()
    }

    fn add_to(&self, audience: &mut Audience) {
        audience.add(&self.facts(0), &self.events(0));
    }
}

/// Returns an audience with settings that use all of the code.
fn audience() -> Audience {
    Audience::new()
        .by(Dimension::Asset)
        .by(Dimension::Country)
        .by(Dimension::Day)
        .with_cohorts()
        .with_minutes()
        .with_steps()
        .with_time_zone(TimeZone::fixed(tz::Offset::from_seconds(20_700).unwrap()))
        .top(2)
        .with_min_cell(1)
}

fn finish(mut audience: Audience, sessions: &[Session]) -> AudienceReport {
    for session in sessions {
        session.add_to(&mut audience);
    }
    audience.finish()
}

fn part(audience: &Audience, sessions: &[Session]) -> Audience {
    let mut part = audience.fork();
    for session in sessions {
        session.add_to(&mut part);
    }
    part
}

proptest! {
    #[test]
    fn merging_is_associative_and_commutative(
        sessions in any_sessions(),
        a in 0..12usize,
        b in 0..12usize,
        settings in 0..3u8,
    ) {
        let empty = match settings {
            0 => audience(),
            1 => audience().with_length(Asset::video("vi1"), 30.0),
            _ => audience().with_period(instant(86_400), instant(172_800), MidnightRule::Split),
        };
        let (a, b) = (a.min(sessions.len()), b.min(sessions.len()));
        let (a, b) = (a.min(b), a.max(b));
        let parts = [&sessions[..a], &sessions[a..b], &sessions[b..]].map(|s| part(&empty, s));
        let expected = finish(empty.clone(), &sessions);
        let merge = |first: &Audience, second: &Audience| {
            let mut merged = first.clone();
            merged.merge(second.clone()).unwrap();
            merged
        };
        let [x, y, z] = &parts;
        prop_assert_eq!(&merge(&merge(x, y), z).finish(), &expected);
        prop_assert_eq!(&merge(x, &merge(y, z)).finish(), &expected);
        prop_assert_eq!(&merge(z, &merge(y, x)).finish(), &expected);
        prop_assert_eq!(&merge(&empty, &merge(&merge(z, x), y)).finish(), &expected);
    }

    #[test]
    fn the_order_of_sessions_does_not_matter(sessions in any_sessions()) {
        let forward = finish(audience(), &sessions);
        let backward: Vec<Session> = sessions.into_iter().rev().collect();
        prop_assert_eq!(forward, finish(audience(), &backward));
    }

    #[test]
    fn measures_keep_their_order(sessions in any_sessions(), length in prop::option::of(1..60u8)) {
        let mut empty = audience();
        if let Some(length) = length {
            empty = empty.with_length(Asset::video("vi1"), f64::from(length));
        }
        let report = finish(empty, &sessions);
        let rows = report.breakdowns.iter().flat_map(|breakdown| &breakdown.rows);
        let all = rows.map(|row| &row.measures).chain([&report.measures]);
        for measures in all {
            let quality = &measures.quality;
            prop_assert!(measures.covered_seconds <= measures.watch_seconds);
            prop_assert!(quality.watch_seconds_lower <= measures.watch_seconds);
            prop_assert!(measures.watch_seconds <= quality.watch_seconds_upper);
            prop_assert!(measures.unique_viewers.played <= measures.unique_viewers.count);
            prop_assert!(measures.unique_viewers.count <= quality.sessions);
            prop_assert!(measures.plays <= quality.sessions);
            prop_assert!(measures.completion.ended <= quality.sessions);
            prop_assert!(measures.completion.reached.unwrap_or(0) <= measures.plays);
            prop_assert!(measures.completion.covered.unwrap_or(0) <= measures.plays);
            let concurrency = &measures.concurrency;
            prop_assert!(concurrency.playing.is_exact);
            prop_assert_eq!(concurrency.playing.peak > 0, measures.playing_seconds > 0.0);
            let of_days = measures.days.iter().map(|day| day.peak).max();
            prop_assert_eq!(of_days.unwrap_or(0), concurrency.playing.peak);
            let peaks = measures.days.iter().filter(|day| day.peak == concurrency.playing.peak);
            let first = peaks.filter_map(|day| day.peak_at).min();
            prop_assert_eq!(first, concurrency.playing.peak_at);
            for day in &measures.days {
                prop_assert_eq!(day.peak_at.is_some(), day.peak > 0);
                prop_assert!(day.unique_viewers <= day.sessions);
                prop_assert!(day.average_watch_seconds.is_none() || day.plays > 0);
            }
            prop_assert!(measures.unique_viewers.count <= measures.days.iter().map(|day| day.unique_viewers).sum());
            let [quarter, half, three_quarters] = measures.completion.reached_quarters.unwrap_or_default();
            prop_assert!(half <= quarter && quarter <= measures.plays && three_quarters <= half);
            prop_assert!(measures.completion.reached.unwrap_or(0) <= three_quarters);
            let most = concurrency.steps.iter().max_by_key(|step| (step.viewers, -step.at.as_microsecond()));
            if let Some(most) = most {
                prop_assert_eq!((most.viewers, Some(most.at)), (concurrency.playing.peak, concurrency.playing.peak_at));
            }
            if let Some(retention) = &measures.retention {
                for (bin, views) in retention.bins().zip(&retention.views) {
                    let (unique, absolute) = (bin.unique.unwrap(), bin.absolute.unwrap());
                    prop_assert!(unique <= absolute.min(1.0), "{bin:?}");
                    let (lower, upper) = (bin.unique_lower.unwrap(), bin.unique_upper.unwrap());
                    prop_assert!(0.0 <= lower && lower <= unique && unique <= upper && upper <= 1.0, "{bin:?}");
                    prop_assert!(*views == 0 || retention.plays > 0);
                }
                for exit in &retention.exits {
                    prop_assert!(0.0 < exit.hazard && exit.hazard <= 1.0, "{exit:?}");
                }
            }
        }
        let report = report.measures;
        let minutes: f64 = report.time_of_day.watch_minutes.iter().flatten().sum();
        prop_assert!((minutes * 60.0 - report.watch_seconds).abs() < 1e-6 * (1.0 + minutes));
        let days: f64 = report.days.iter().map(|day| day.watch_seconds).sum();
        prop_assert!((days - report.watch_seconds).abs() < 1e-6 * (1.0 + days));
    }

    #[test]
    fn rows_add_up_to_the_total(sessions in any_sessions()) {
        let report = finish(audience(), &sessions);
        for breakdown in &report.breakdowns {
            let rows = || breakdown.rows.iter().map(|row| &row.measures);
            prop_assert_eq!(rows().map(|m| m.plays).sum::<u64>(), report.measures.plays);
            let sessions: u64 = rows().map(|m| m.quality.sessions).sum();
            prop_assert_eq!(sessions, report.measures.quality.sessions);
            let watch: f64 = rows().map(|m| m.watch_seconds).sum();
            prop_assert!((watch - report.measures.watch_seconds).abs() < 1e-6 * (1.0 + watch));
        }
    }

    #[test]
    fn adding_a_session_never_lowers_plays(sessions in any_sessions(), more in any_session()) {
        let before = finish(audience(), &sessions).measures;
        let mut sessions = sessions;
        sessions.push(more);
        let after = finish(audience(), &sessions).measures;
        prop_assert!(before.plays <= after.plays);
        prop_assert!(before.impressions <= after.impressions);
        prop_assert!(before.unique_viewers.count <= after.unique_viewers.count);
        prop_assert!(before.quality.watch_seconds_lower <= after.quality.watch_seconds_lower);
    }

    #[test]
    fn shifting_time_shifts_nothing_else(sessions in any_sessions(), weeks in -500..500i64) {
        let shift = weeks * 7 * 86_400;
        let mut shifted = audience();
        for session in &sessions {
            shifted.add(&session.facts(shift), &session.events(shift));
        }
        let duration = jiff::SignedDuration::from_secs(shift);
        let back = |at: Option<Timestamp>| at.map(|at| at.checked_sub(duration).unwrap());
        let mut shifted = shifted.finish();
        let plain = finish(audience(), &sessions);
        let peak = |report: &AudienceReport| report.measures.concurrency.playing.clone();
        prop_assert_eq!(back(peak(&shifted).peak_at), peak(&plain).peak_at);
        prop_assert_eq!(peak(&shifted).average, peak(&plain).average);
        prop_assert_eq!(&shifted.measures.time_of_day, &plain.measures.time_of_day);
        shifted.measures.concurrency = plain.measures.concurrency.clone();
        for (shifted, plain) in shifted.measures.days.iter_mut().zip(&plain.measures.days) {
            prop_assert_eq!(shifted.date.duration_since(plain.date), duration);
            shifted.date = plain.date;
            prop_assert_eq!(back(shifted.peak_at), plain.peak_at);
            shifted.peak_at = plain.peak_at;
        }
        prop_assert_eq!(shifted.measures, plain.measures);
    }

    #[test]
    fn playbacks_and_events_have_the_same_measures(sessions in any_sessions()) {
        let mut computed = audience();
        for session in &sessions {
            let facts = session.facts(0);
            computed.add_playback(&facts, Playback::new(&facts, &session.events(0), None));
        }
        prop_assert_eq!(computed.finish(), finish(audience(), &sessions));
    }

    #[test]
    fn sealing_changes_nothing_when_days_are_complete(sessions in any_sessions()) {
        let mut sessions = sessions;
        sessions.sort_by_key(|session| session.loaded);
        // The minutes of sealed days are left out.
        let empty = Audience::new().by(Dimension::Country).with_steps();
        let expected = finish(empty.clone(), &sessions);
        let mut sealed = empty;
        for session in &sessions {
            sealed.seal_before(instant(session.loaded));
            session.add_to(&mut sealed);
        }
        prop_assert_eq!(sealed.finish(), expected);
    }

    #[test]
    fn any_times_are_accepted(
        times in prop::collection::vec(any::<(i64, f64, u8)>(), 0..8),
        loaded in any::<i64>(),
        ended in any::<i64>(),
    ) {
        let instant = |micros: i64| {
            Timestamp::from_microsecond(micros).unwrap_or(match micros < 0 {
                true => Timestamp::MIN,
                false => Timestamp::MAX,
            })
        };
        let facts = SessionFacts {
            asset: ASSETS[0],
            loaded_at: Some(instant(loaded)),
            ended_at: Some(instant(ended)),
            ..SessionFacts::new("ps1")
        };
        let events: Vec<Event> = times
            .iter()
            .map(|&(t, at, kind)| Event {
                emitted_at: Some(instant(t)),
                at: Some(at),
                from: Some(at),
                to: Some(at / 2.0),
                ..Event::new(KINDS[usize::from(kind) % 7])
            })
            .collect();
        let mut audience = audience();
        audience.add(&facts, &events);
        audience.seal_before(instant(ended));
        let report = audience.finish();
        prop_assert_eq!(report.measures.quality.sessions, 1);
    }
}
