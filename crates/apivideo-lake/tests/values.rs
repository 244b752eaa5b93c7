//! Unusual values are stored in the files and read back unchanged.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::fs;

use apivideo_lake::{Format, Pull, Selection};
use apivideo_simulator::{FaultScript, Rule};
use common::Service;
use serde_json::Value;

const VIDEO: &str = "vi4k0jvEUuaTdRAEjQ4Prklg";

/// A service with these sessions and, for each of them, these events.
async fn service(sessions: &[String], events: &[String]) -> Service {
    let page = |items: &[String]| {
        format!(
            r#"{{"data":[{}],"pagination":{{"currentPage":1,"pageSize":100,"pagesTotal":1,"itemsTotal":{},"currentPageItems":{}}}}}"#,
            items.join(","),
            items.len(),
            items.len()
        )
    };
    let rule = |path: &str, items: &[String]| Rule::new().path(path).status(200).body(page(items));
    let list = format!("/analytics/videos/{VIDEO}");
    Service::faulty(
        FaultScript::new()
            .rule(rule(&list, sessions))
            .rule(rule("/analytics/sessions/*/events", events)),
    )
    .await
}

fn pull(service: &Service, format: Format) -> Pull {
    let folder = service.folder.path().join(format.name());
    Pull::new(&service.client, folder)
        .as_of("2022-03-01T00:00:00Z".parse().unwrap())
        .with_format(format)
        .with_period("2022-01-01".parse().unwrap())
        .with_selection(Selection::none().with_video(VIDEO.parse().unwrap()))
}

fn formats() -> impl Iterator<Item = Format> {
    Format::ALL
        .into_iter()
        .filter(|format| format.is_available())
}

fn session(id: usize, fields: &str) -> String {
    format!(
        r#"{{"session":{{"sessionId":"ps{id}","loadedAt":"2022-01-01T10:00:00Z","endedAt":"2022-01-01T10:01:00Z"}},{fields}}}"#
    )
}

fn event(fields: &str) -> String {
    format!(r#"{{"type":"play","emittedAt":"2022-01-01T10:00:00Z",{fields}}}"#)
}

/// Returns the file of the only day.
fn file(service: &Service, table: &str, format: Format) -> String {
    let path = format!("{format}/{table}/date=2022-01-01/{table}.{format}");
    fs::read_to_string(service.folder.path().join(path)).unwrap()
}

#[tokio::test]
async fn numbers_keep_their_digits() {
    const DIGITS: [&str; 5] = [
        "9007199254740993",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775809",
        "123456789012345678901234567890",
    ];
    let sessions: Vec<String> = DIGITS
        .iter()
        .enumerate()
        .map(|(id, digits)| {
            session(
                id,
                &format!(r#""location":{{"code":{digits}}},"new":[{digits}]"#),
            )
        })
        .collect();
    let events: Vec<String> = DIGITS
        .iter()
        .map(|digits| event(&format!(r#""at":{digits},"new":{digits}"#)))
        .collect();
    let service = service(&sessions, &events).await;
    for format in formats() {
        let report = pull(&service, format).run().await.unwrap();
        assert_eq!(
            (
                report.sessions,
                report.skipped_sessions,
                report.without_events
            ),
            (5, 0, 0)
        );
        let second = pull(&service, format).with_reread().run().await.unwrap();
        assert_eq!(second.days_written, 0, "{format}");
        if format == Format::Parquet {
            continue;
        }
        for digits in DIGITS {
            let sessions = file(&service, "sessions", format);
            assert_eq!(
                sessions.matches(digits).count(),
                2,
                "{format}: {digits}\n{sessions}"
            );
            let events = file(&service, "events", format);
            // In `at` and `new` of each session.
            assert_eq!(
                events.matches(digits).count(),
                10,
                "{format}: {digits}\n{events}"
            );
        }
    }
}

#[tokio::test]
async fn strings_keep_their_characters_and_null_is_not_the_empty_string() {
    let cities = [
        r#""""#,
        "null",
        r#""a\u0000b""#,
        r#""\"a\", b\r\nc""#,
        r#""\u202e\ufeff\u2028\u0085""#,
        r#""null""#,
    ];
    let sessions: Vec<String> = cities
        .iter()
        .enumerate()
        .map(|(id, city)| {
            session(
                id,
                &format!(r#""location":{{"city":{city}}},"os":{{"new":{city}}}"#),
            )
        })
        .collect();
    let service = service(&sessions, &[]).await;
    for format in formats() {
        let report = pull(&service, format).run().await.unwrap();
        assert_eq!((report.sessions, report.skipped_sessions), (6, 0));
        let second = pull(&service, format).with_reread().run().await.unwrap();
        assert_eq!(second.days_written, 0, "{format}");
    }
    let lines = file(&service, "sessions", Format::Ndjson);
    let rows = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    for (row, city) in rows.zip(cities) {
        let city: Value = serde_json::from_str(city).unwrap();
        assert_eq!(row["location_city"], city);
        assert_eq!(row["extra"]["os"]["new"], city);
    }
    let csv = file(&service, "sessions", Format::Csv);
    assert!(csv.contains(r#",,"",,"#) && csv.contains("a\0b"), "{csv}");
}

#[tokio::test]
async fn values_nested_up_to_the_limit_are_read_back() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    for depth in 118..=130 {
        let value = nested(depth);
        let sessions = [session(1, &format!(r#""new":{value}"#))];
        let events = [event(&format!(r#""new":{value}"#))];
        let service = service(&sessions, &events).await;
        for format in formats() {
            let report = pull(&service, format).run().await;
            let report = report.unwrap_or_else(|error| panic!("{format}, {depth}: {error:?}"));
            let second = pull(&service, format).with_reread().run().await;
            let second = second.unwrap_or_else(|error| panic!("{format}, {depth}: {error:?}"));
            assert_eq!(report.skipped_sessions, second.skipped_sessions);
            assert_eq!(report.without_events, 0);
        }
    }
}
