//! Whole pages of few sessions. With `UPDATE_GOLDEN=1`, the files are written.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::path::Path;

use apivideo_insights::{Asset, Audience, Event, EventKind, MidnightRule, SessionFacts};
use apivideo_report::{Report, ReportAsset, Totals, TotalsDay, TotalsRow, audience_options};
use jiff::civil::date;

/// Compares a page with a file, without its style and with one element on a line.
#[track_caller]
fn golden(name: &str, page: &str) {
    let (before, rest) = page.split_once("<style>").unwrap();
    let (_, after) = rest.split_once("</style>").unwrap();
    let text = format!("{before}<style></style>{after}").replace("><", ">\n<");
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path)
        .unwrap()
        .replace("\r\n", "\n");
    let different = expected
        .lines()
        .zip(text.lines())
        .find(|(expected, found)| expected != found);
    assert!(
        expected == text,
        "{name} has changed; if it should, set UPDATE_GOLDEN=1: {different:?}"
    );
}

/// Measures of three sessions of 20 January 2022.
fn audience(asset: Asset<'_>) -> Audience {
    let mut audience = audience_options(Audience::new()).with_period(
        "2022-01-17T00:00:00Z".parse().unwrap(),
        "2022-01-24T00:00:00Z".parse().unwrap(),
        MidnightRule::Start,
    );
    let event = |kind, time: &str, at| Event {
        emitted_at: Some(format!("2022-01-20T{time}Z").parse().unwrap()),
        at: Some(at),
        ..Event::new(kind)
    };
    let sessions = [
        (
            "ps1",
            "12:00:00",
            "12:02:30",
            Some("FR"),
            Some("https://www.example.com/blog?id=1"),
        ),
        (
            "ps2",
            "12:00:30",
            "12:01:30",
            Some("France"),
            Some("https://example.com/shop"),
        ),
        ("ps3", "18:00:00", "18:00:10", None, None),
    ];
    let events = [
        vec![
            event(EventKind::Ready, "12:00:00", 0.0),
            event(EventKind::Play, "12:00:10", 0.0),
            event(EventKind::End, "12:01:10", 60.0),
            event(EventKind::Play, "12:01:20", 0.0),
            event(EventKind::Pause, "12:01:50", 30.0),
        ],
        vec![
            event(EventKind::Ready, "12:00:30", 0.0),
            event(EventKind::Play, "12:00:40", 0.0),
        ],
        vec![event(EventKind::Ready, "18:00:00", 0.0)],
    ];
    for ((id, loaded, ended, country, referrer), events) in sessions.iter().zip(&events) {
        let facts = SessionFacts {
            asset: Some(asset),
            loaded_at: Some(format!("2022-01-20T{loaded}Z").parse().unwrap()),
            ended_at: Some(format!("2022-01-20T{ended}Z").parse().unwrap()),
            country: *country,
            device_type: Some("desktop"),
            referrer_host: referrer.and_then(SessionFacts::host_of),
            referrer_page: referrer.and_then(SessionFacts::page_of),
            metadata: vec![("userId", "42".into())],
            ..SessionFacts::new(id)
        };
        audience.add(&facts, events);
    }
    audience
}

fn finish(report: Report<'_>) -> String {
    let report = report
        .source("A test")
        .command("cargo test")
        .read_at("2022-01-25T00:00:00Z".parse().unwrap());
    report.to_html()
}

#[test]
fn a_page_of_a_video() {
    let asset = Asset::video("vi4k0jvEUuaTdRAEjQ4Prklg");
    let measures = audience(asset).finish();
    golden(
        "video.html",
        &finish(Report::new(
            ReportAsset::video(asset.id, "Knots & <ropes>"),
            &measures,
        )),
    );
}

#[test]
fn a_page_of_a_live_stream() {
    let asset = Asset::live_stream("li4k0jvEUuaTdRAEjQ4Jfrgz");
    let measures = audience(asset).finish();
    golden(
        "live.html",
        &finish(Report::new(
            ReportAsset::live_stream(asset.id, "Clouds"),
            &measures,
        )),
    );
}

#[test]
fn a_page_of_totals() {
    let mut totals = Totals::new(date(2022, 1, 17), date(2022, 1, 18));
    totals.loads = Some(30);
    totals.plays = Some(25);
    totals.watch_seconds = Some(3_000.0);
    totals.days = vec![TotalsDay {
        loads: Some(30),
        plays: Some(25),
        ..TotalsDay::new(date(2022, 1, 17))
    }];
    totals.hours = vec![("2022-01-17T20:00:00Z".parse().unwrap(), 25)];
    totals.countries = vec![TotalsRow {
        value: Some("FR".to_owned()),
        plays: 25,
    }];
    golden(
        "totals.html",
        &finish(Report::totals(
            ReportAsset::video("vi4k0jvEUuaTdRAEjQ4Prklg", "Knots"),
            totals,
        )),
    );
}
