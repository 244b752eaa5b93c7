//! Measures by day, and breakdowns by day and by page.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use apivideo_insights::{
    Asset, Audience, DayMeasures, Dimension, Event, EventKind, Filter, RowKind, SessionFacts,
};
use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::{self, TimeZone};

/// 2022-01-03 at midnight UTC.
const START: i64 = 1_641_168_000;
const DAY: i64 = 86_400;

fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_second(START + seconds).unwrap()
}

fn facts(viewer: &str, loaded: i64) -> SessionFacts<'_> {
    SessionFacts {
        asset: Some(Asset::video("vi1")),
        loaded_at: Some(instant(loaded)),
        metadata: match viewer {
            "" => Vec::new(),
            viewer => vec![("userId", viewer.into())],
        },
        ..SessionFacts::new("ps1")
    }
}

fn viewing(t: i64, seconds: i64) -> [Event; 2] {
    let event = |kind, t, at: i64| Event {
        emitted_at: Some(instant(t)),
        at: Some(at as f64),
        ..Event::new(kind)
    };
    [
        event(EventKind::Play, t, 0),
        event(EventKind::Pause, t + seconds, seconds),
    ]
}

fn add(audience: &mut Audience, viewer: &str, t: i64, seconds: i64) {
    audience.add(&facts(viewer, t), &viewing(t, seconds));
}

fn fill(audience: &mut Audience) {
    add(audience, "a", 100, 40);
    add(audience, "a", 200, 20);
    add(audience, "b", 210, 60);
    // 10 s before midnight and 40 s after it: the averages of the first day, the watch time of both.
    add(audience, "c", DAY - 10, 50);
    add(audience, "a", DAY + 500, 30);
    audience.add(&facts("", DAY + 600), &[]);
}

fn days(audience: Audience) -> Vec<DayMeasures> {
    audience.finish().measures.days
}

#[test]
fn days_have_viewers_averages_and_the_time_of_the_peak() {
    let mut audience = Audience::new().with_length(Asset::video("vi1"), 100.0);
    fill(&mut audience);
    let days = days(audience);
    let [first, second] = days.as_slice() else {
        panic!("two days: {days:?}");
    };
    assert_eq!((first.plays, first.unique_viewers), (4, 3));
    assert_eq!(
        (first.watch_seconds, first.average_watch_seconds),
        (130.0, Some(42.5))
    );
    assert_eq!(first.average_viewed_percent, Some(42.5));
    assert_eq!((first.peak, first.peak_at), (2, Some(instant(210))));
    // A viewer, and a session without a key.
    assert_eq!((second.plays, second.unique_viewers), (1, 2));
    assert_eq!(
        (second.watch_seconds, second.average_watch_seconds),
        (70.0, Some(30.0))
    );
    assert_eq!((second.peak, second.peak_at), (1, Some(instant(DAY))));
}

#[test]
fn days_have_no_percentages_without_a_length() {
    let mut audience = Audience::new();
    let live = SessionFacts {
        asset: Some(Asset::live_stream("li1")),
        ..facts("a", 0)
    };
    audience.add(&live, &viewing(0, 10));
    let days = days(audience);
    assert_eq!(days[0].average_viewed_percent, None);
    assert_eq!(days[0].average_watch_seconds, Some(10.0));
}

#[test]
fn the_viewers_of_sealed_days_are_counted_and_released() {
    let mut audience = Audience::new()
        .by(Dimension::Asset)
        .with_length(Asset::video("vi1"), 100.0);
    fill(&mut audience);
    let open = audience.clone().finish();
    audience.seal_before(instant(DAY + 1));
    assert_eq!(audience.clone().finish(), open);
    // A viewer that is added later counts again.
    audience.add(&facts("a", 300), &[]);
    let late = days(audience);
    assert_eq!((late[0].unique_viewers, late[1].unique_viewers), (4, 2));
}

#[test]
fn days_of_rows_with_few_plays_have_no_averages() {
    let mut audience = Audience::new()
        .by(Dimension::Asset)
        .with_length(Asset::video("vi1"), 100.0);
    for number in 0..20 {
        add(&mut audience, "a", number, 10);
    }
    add(&mut audience, "a", DAY, 10);
    let report = audience.finish();
    let days = &report.breakdowns[0].rows[0].measures.days;
    assert_eq!(days[0].average_viewed_percent, Some(10.0));
    assert_eq!(
        (
            days[1].average_viewed_percent,
            days[1].average_watch_seconds
        ),
        (None, None)
    );
    assert_eq!(report.measures.days[1].average_watch_seconds, Some(10.0));
}

#[test]
fn the_average_of_all_days_is_that_of_the_plays() {
    // Two videos of different lengths, one of which is inferred and added before its length is known.
    let mut audience = Audience::new().with_length(Asset::video("vi1"), 100.0);
    let other = |t: i64| SessionFacts {
        asset: Some(Asset::video("vi2")),
        ..facts("b", t)
    };
    let mut open = viewing(0, 30);
    open[1].kind = EventKind::Ready;
    audience.add(&other(0), &open);
    fill(&mut audience);
    for t in [50, 60, DAY + 70] {
        let mut events = viewing(t, 20);
        events[1].kind = EventKind::End;
        audience.add(&other(t), &events);
    }
    let measures = audience.finish().measures;
    let (mut sum, mut plays) = (0.0, 0);
    for day in &measures.days {
        sum += day.average_viewed_percent.unwrap() * day.plays as f64;
        plays += day.plays;
    }
    assert_eq!(plays, measures.plays);
    let average = measures.average_viewed_percent.unwrap();
    assert!((sum / plays as f64 - average).abs() < 1e-9, "{average}");
    let watched: f64 = measures
        .days
        .iter()
        .map(|day| day.average_watch_seconds.unwrap() * day.plays as f64)
        .sum();
    assert!((watched - measures.watch_seconds).abs() < 1e-9);
}

#[test]
fn a_breakdown_by_day_is_ascending_and_in_the_time_zone() {
    let zone = TimeZone::fixed(tz::Offset::from_seconds(3600).unwrap());
    let empty = Audience::new().by(Dimension::Day);
    for (zone, expected) in [(TimeZone::UTC, [4, 2]), (zone, [3, 3])] {
        let mut audience = empty.clone().with_time_zone(zone);
        fill(&mut audience);
        audience.add(&SessionFacts::new("ps2"), &[]);
        let report = audience.finish();
        let rows = &report.breakdowns[0].rows;
        let found: Vec<_> = rows
            .iter()
            .map(|row| {
                (
                    row.value.as_deref(),
                    row.kind,
                    row.measures.quality.sessions,
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                (Some("2022-01-03"), RowKind::Value, expected[0]),
                (Some("2022-01-04"), RowKind::Value, expected[1]),
                (None, RowKind::Unknown, 1),
            ]
        );
    }
    let mut audience = empty.top(1);
    fill(&mut audience);
    let report = audience.finish();
    let kinds = report.breakdowns[0].rows.iter().map(|row| row.kind);
    assert_eq!(kinds.collect::<Vec<_>>(), [RowKind::Value, RowKind::Other]);
    assert_eq!(report.measures.days[0].date, date(2022, 1, 3));
}

#[test]
fn a_filter_by_day_is_in_the_time_zone() {
    let zone = TimeZone::fixed(tz::Offset::from_seconds(3600).unwrap());
    let filter: Filter = "date=2022-01-03".parse().unwrap();
    assert!(filter.matches(&facts("a", DAY - 10)));
    let mut audience = Audience::new().with_time_zone(zone).only(filter);
    fill(&mut audience);
    let report = audience.finish();
    assert_eq!((report.measures.plays, report.sessions_excluded), (3, 3));
}

#[test]
fn pages_have_a_host_and_a_path() {
    let cases = [
        (
            "https://www.example.com/a/b?user=1#c",
            Some("example.com/a/b"),
        ),
        ("https://example.com?user=1", Some("example.com/")),
        ("https://example.com#top", Some("example.com/")),
        (
            "http://user:secret@example.com:8080/a?b",
            Some("example.com/a"),
        ),
        ("http://user@example.com/a", Some("example.com/a")),
        ("http://example.com:80", Some("example.com/")),
        ("https://www.example.com//x", Some("example.com//x")),
        ("https://例え.jp/道", Some("例え.jp/道")),
        ("https://[::1]:80/x", Some("[::1]/x")),
        ("https:///path", None),
        ("//example.com/a", None),
        ("", None),
    ];
    for (url, expected) in cases {
        assert_eq!(SessionFacts::page_of(url).as_deref(), expected, "{url}");
    }
}

#[test]
fn pages_are_a_dimension() {
    let mut audience = Audience::new()
        .by(Dimension::ReferrerPage)
        .by(Dimension::ReferrerHost);
    for url in [
        "https://example.com/a?token=1",
        "https://example.com/a?token=2",
        "https://example.com/b",
    ] {
        let facts = SessionFacts {
            referrer_host: SessionFacts::host_of(url),
            referrer_page: SessionFacts::page_of(url),
            ..facts("a", 0)
        };
        audience.add(&facts, &viewing(0, 10));
    }
    let report = audience.finish();
    let pages = &report.breakdowns[0];
    assert_eq!(pages.dimension, "referrer.page");
    let rows: Vec<_> = pages
        .rows
        .iter()
        .map(|row| (row.value.as_deref().unwrap(), row.measures.plays))
        .collect();
    assert_eq!(rows, [("example.com/a", 2), ("example.com/b", 1)]);
    assert_eq!(report.breakdowns[1].rows[0].measures.plays, 3);
}
