//! `apivideo reconcile`: measures of sessions beside the aggregates of the service.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::collections::BTreeMap;

use common::{LIVE_STREAM, VIDEO, file, golden, json_lines, run};
use serde_json::Value;

const NOW: &str = "--simulate --now 2022-01-13T12:00:00Z";

/// The values by rule, of each aggregate.
type Steps = BTreeMap<String, BTreeMap<String, f64>>;

fn steps(line: &str) -> Steps {
    let mut steps = Steps::new();
    for row in json_lines(&run(&format!("{line} {NOW}")).ok().stdout) {
        let text = |field: &str| row[field].as_str().unwrap().to_owned();
        let rules = steps.entry(text("aggregate")).or_default();
        let value = row["value"].as_f64().unwrap();
        assert_eq!(rules.insert(text("rule"), value), None, "{row}");
        assert!(!text("explanation").is_empty(), "{row}");
    }
    steps
}

fn assets() -> [String; 2] {
    [
        format!("video {VIDEO}"),
        format!("live-stream {LIVE_STREAM}"),
    ]
}

#[test]
fn plays_and_impressions_are_explained_completely() {
    let mut crossing = 0.0;
    for asset in assets() {
        for period in [
            "2022-01-05",
            "2022-01-05 --tz Asia/Tokyo",
            "2022-01-02/2022-01-11",
            // The period has not ended.
            "today",
        ] {
            let steps = steps(&format!("reconcile {asset} --period {period}"));
            for aggregate in ["play/count", "impression/count"] {
                let rules = &steps[aggregate];
                assert_eq!(rules["unexplained"], 0.0, "{asset} {period}: {rules:?}");
                assert_eq!(rules["expected"], rules["service"], "{asset} {period}");
                crossing += rules["midnight"].abs();
            }
            let views = &steps["view/count"];
            assert!(views["unexplained"].abs() <= 1.0, "{views:?}");
        }
    }
    assert!(crossing > 0.0);
}

#[test]
fn changes_add_up_from_the_measure_to_the_aggregate() {
    for asset in assets() {
        let steps = steps(&format!("reconcile {asset} --period 2022-01-05"));
        for (aggregate, rules) in &steps {
            let change = |rule: &str| rules.get(rule).copied().unwrap_or_default();
            let changes: f64 = ["presses", "reloads", "clock", "midnight"]
                .map(change)
                .iter()
                .sum();
            let expected = rules["sessions"] + changes;
            let rest = change("unexplained") + change("window");
            assert!(
                (expected + rest - rules["service"]).abs() < 0.01,
                "{aggregate}: {rules:?}"
            );
        }
    }
}

#[test]
fn both_sides_are_those_of_the_other_commands() {
    for asset in assets() {
        let steps = steps(&format!("reconcile {asset} --period 2022-01-05"));
        let audience = run(&format!("audience {asset} --period 2022-01-05 {NOW}")).ok();
        let audience = &json_lines(&audience.stdout)[0];
        for (aggregate, field) in [
            ("play/count", "plays"),
            ("impression/count", "impressions"),
            ("watch-time/sum", "watchSeconds"),
            ("view/count --unique", "viewers"),
        ] {
            let expected = audience[field].as_f64().unwrap();
            let found = steps[aggregate]["sessions"];
            assert!((found - expected).abs() < 0.01, "{asset}: {aggregate}");
        }
        let option = asset.replace(' ', "=");
        for aggregate in ["play/count", "watch-time/sum", "view/count"] {
            let metric = run(&format!(
                "metrics {aggregate} --period 2022-01-05 --{option} {NOW}"
            ))
            .ok();
            let expected = json_lines(&metric.stdout)[0]["data"].as_f64().unwrap();
            let found = steps[aggregate]["service"];
            assert!((found - expected).abs() < 0.01, "{asset}: {aggregate}");
        }
    }
}

#[test]
fn the_watch_time_is_within_its_estimates() {
    for asset in assets() {
        let steps = steps(&format!("reconcile {asset} --period 2022-01-02/2022-01-11"));
        let audience = run(&format!(
            "audience {asset} --period 2022-01-02/2022-01-11 {NOW}"
        ))
        .ok();
        let audience = &json_lines(&audience.stdout)[0];
        let seconds = |field: &str| audience[field].as_f64().unwrap();
        let range = seconds("watchSecondsUpper") - seconds("watchSecondsLower");
        let unexplained = steps["watch-time/sum"]["unexplained"];
        assert!(
            unexplained.abs() < range,
            "{asset}: {unexplained} of {range}"
        );
    }
}

#[test]
fn the_result_has_all_output_formats() {
    let line = format!("reconcile video {VIDEO} --period 2022-01-05 {NOW}");
    let csv = run(&format!("{line} --output csv")).ok();
    golden("reconcile.csv", &csv.stdout);
    let table = run(&format!("{line} --output table")).ok();
    golden("reconcile.table", &table.stdout);
    let object = run(&format!("{line} --output json")).ok();
    let object: Value = serde_json::from_str(&object.stdout).unwrap();
    assert_eq!(object["periodStart"], "2022-01-05T00:00:00Z");
    assert_eq!(object["periodEnd"], "2022-01-06T00:00:00Z");
    assert_eq!(object["comparisons"].as_array().unwrap().len(), 5);
    let fields = run("reconcile --fields list").ok();
    assert_eq!(fields.lines().join(","), csv.lines()[0]);
}

#[test]
fn refuses_a_period_without_aggregates() {
    for (period, message) in [
        ("2021-12-10", "for 30 days at most, since 2021-12-14"),
        ("2022-02", "starts in the future"),
    ] {
        let line = format!("reconcile video {VIDEO} --period {period} {NOW} --debug");
        let outcome = run(&line).fails(2);
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("> GET"), "{}", outcome.stderr);
    }
    run(&format!(
        "reconcile video viMissing --period 2022-01-05 {NOW}"
    ))
    .fails(1);
    run(&format!("reconcile video .. --period 2022-01-05 {NOW}")).fails(2);
    run(&format!("reconcile video {VIDEO} {NOW}")).fails(2);
}

#[test]
fn sessions_that_cannot_be_read_are_reported() {
    let (_folder, script) = file(
        "faults.json",
        r#"{"rules": [{"path": "/analytics/sessions/*/events", "times": 1, "status": 404}]}"#,
    );
    let line = format!(
        "reconcile video {VIDEO} --period 2022-01-05 {NOW} --faults {}",
        script.display()
    );
    let outcome = run(&line).fails(6);
    assert!(!outcome.stdout.is_empty());
    assert!(
        outcome.stderr.contains("complete except for 1 session"),
        "{}",
        outcome.stderr
    );
}

#[cfg(unix)]
#[test]
fn ctrl_c_interrupts() {
    let (_folder, script) = file(
        "faults.json",
        r#"{"rules": [{"path": "/analytics/videos/*", "latency_ms": 60000}]}"#,
    );
    let line = format!(
        "reconcile video {VIDEO} --period 2022-01-05 {NOW} --debug --faults {}",
        script.display()
    );
    let mut child = common::command(&line.split_whitespace().collect::<Vec<_>>())
        .spawn()
        .unwrap();
    common::read_until(child.stderr.take().unwrap(), "/analytics/videos/");
    common::interrupt(&child);
    assert_eq!(common::wait(&mut child), Some(130));
}
