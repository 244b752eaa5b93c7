//! Fields: the same names in tables, in CSV and for `--fields`.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use common::{SESSION, VIDEO, golden, json_lines, recording, run};

const COMMANDS: [(&str, &str); 9] = [
    ("sessions", "sessions video viOne --period 2022"),
    (
        "sessions_with_events",
        "sessions --all-videos --period 2022 --with-events",
    ),
    (
        "sessions_with_event_rows",
        "sessions --all-videos --period 2022 --with-events=rows",
    ),
    ("events", "events psOne"),
    ("videos", "videos"),
    ("live_streams", "live-streams"),
    ("metrics", "metrics play/count"),
    ("buckets", "buckets play country"),
    ("timeseries", "timeseries play"),
];

#[test]
fn lists_fields_without_a_key() {
    for (name, line) in COMMANDS {
        let outcome = run(&format!("{line} --fields list")).ok();
        assert_eq!(outcome.stderr, "");
        golden(&format!("fields/{name}"), &outcome.stdout);
    }
    for (name, line) in [
        ("sessions", "sessions"),
        ("sessions_with_events", "sessions --with-events"),
        ("sessions_with_event_rows", "sessions --with-events=rows"),
        ("events", "events"),
        ("metrics", "metrics"),
        ("buckets", "buckets"),
        ("timeseries", "timeseries"),
    ] {
        let outcome = run(&format!("{line} --fields list")).ok();
        assert_eq!(outcome.stderr, "");
        golden(&format!("fields/{name}"), &outcome.stdout);
    }
    for line in [
        "pull",
        "plan",
        "verify",
        "lake status",
        "lake rebuild",
        "lake forget",
        "lake convert",
    ] {
        let outcome = run(&format!("{line} --fields list")).ok();
        assert!(outcome.lines().len() > 2, "{line}: {}", outcome.stdout);
    }
    run("config show --fields list").ok();
    run("auth check --fields list").ok();
    let outcome = run("api GET /videos --fields list --simulate").fails(2);
    assert!(
        outcome.stderr.contains("print an item"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn fields_are_the_columns_of_csv_and_tables() {
    for line in [
        format!("sessions video {VIDEO} --period 2022-01-01"),
        format!("events {SESSION}"),
        "videos".to_owned(),
        "live-streams".to_owned(),
        "buckets play country".to_owned(),
        "timeseries play".to_owned(),
        "metrics play/count".to_owned(),
    ] {
        let listed = run(&format!("{line} --fields list")).ok();
        let csv = run(&format!("{line} --simulate --output csv")).ok();
        let is_column = |name: &&str| *name != "date" && !name.ends_with(".<KEY>");
        let columns: Vec<&str> = listed.lines().into_iter().filter(is_column).collect();
        assert_eq!(csv.lines()[0], columns.join(","), "{line}");
        let table = run(&format!("{line} --simulate --output table")).ok();
        for heading in table.lines()[0].split_whitespace() {
            assert!(listed.lines().contains(&heading), "{line}: {heading}");
        }
    }
}

#[test]
fn selected_fields_keep_their_order_in_every_format() {
    let line = format!(
        "sessions video viOdd --period 2022-01 --simulate --replay {} --fields location,session.sessionId,videoId",
        recording("odd")
    );
    for format in ["table", "json", "ndjson", "csv"] {
        let outcome = run(&format!("{line} --output {format}")).ok();
        golden(&format!("fields/selected.{format}"), &outcome.stdout);
    }
}

#[test]
fn a_selected_field_excludes_all_others() {
    let line = format!("sessions video {VIDEO} --period 2022-01-01 --simulate");
    let items = json_lines(
        &run(&format!("{line} --fields session.sessionId"))
            .ok()
            .stdout,
    );
    for item in items {
        let keys: Vec<_> = item.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["session"]);
        let keys: Vec<_> = item["session"].as_object().unwrap().keys().collect();
        assert_eq!(keys, ["sessionId"]);
    }
}

#[test]
fn rejects_unknown_fields_before_any_request() {
    for field in [
        "nonsense",
        "session.",
        "sessionid",
        "location.country.code",
        ",",
    ] {
        let line = format!("sessions video {VIDEO} --period 2022 --fields {field} --simulate");
        let outcome = run(&line).fails(2);
        assert_eq!(outcome.stdout, "");
        let message = "hint: use --fields list to print the available fields\n";
        assert!(
            outcome.stderr.ends_with(message),
            "{field}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn metadata_keys_and_the_day_are_columns() {
    let line = format!(
        "sessions video {VIDEO} --period 2022-01 --limit 8 --simulate \
         --fields date,session.metadata.userName,session.metadata.none,session.sessionId"
    );
    for format in ["table", "json", "ndjson", "csv"] {
        let outcome = run(&format!("{line} --output {format}")).ok();
        golden(&format!("fields/derived.{format}"), &outcome.stdout);
    }
    // Keys are those of the list of metadata.
    let whole = run(&format!("{line},session.metadata --output csv")).ok();
    for row in csv::Reader::from_reader(whole.stdout.as_bytes()).records() {
        let row = row.unwrap();
        let metadata: serde_json::Value = serde_json::from_str(&row[4]).unwrap();
        assert_eq!(metadata["userName"].as_str().unwrap_or_default(), &row[1]);
    }
    let line = "videos --simulate --limit 2 --fields videoId,metadata.none --output ndjson";
    for video in json_lines(&run(line).ok().stdout) {
        assert_eq!(video["metadata"], serde_json::json!({"none": null}));
    }
    for field in ["date", "metadata.a"] {
        run(&format!("events {SESSION} --simulate --fields {field}")).fails(2);
    }
}
