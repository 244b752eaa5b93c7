//! Questions that are answered from a lake, without an API key and without a request.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::fs;

use common::workspace::Workspace;
use common::{LIVE_STREAM, VIDEO};
use serde_json::Value;

const WORLD: &str = "--simulate --videos 3 --live-streams 1 --sessions 900 --days 20";

/// A lake of January 1st to 5th.
fn lake() -> Workspace {
    let workspace = Workspace::new();
    workspace
        .run(&format!(
            "pull --out lake --period 2022-01-01/2022-01-05 --format ndjson {WORLD}"
        ))
        .ok();
    workspace
}

fn json(workspace: &Workspace, line: &str) -> Value {
    serde_json::from_str(&workspace.run(line).ok().stdout).unwrap()
}

/// Compares numbers with a tolerance: the rows of a lake are parts of intervals.
fn assert_equal(path: &str, one: &Value, other: &Value) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            assert_eq!(one.len(), other.len(), "{path}");
            for (name, value) in one {
                assert_equal(&format!("{path}.{name}"), value, &other[name]);
            }
        }
        (Value::Array(one), Value::Array(other)) => {
            assert_eq!(one.len(), other.len(), "{path}");
            for (one, other) in one.iter().zip(other) {
                assert_equal(path, one, other);
            }
        }
        (Value::Number(one), Value::Number(other)) => {
            let (one, other) = (one.as_f64().unwrap(), other.as_f64().unwrap());
            assert!((one - other).abs() < 1e-6, "{path}: {one} {other}");
        }
        _ => assert_eq!(one, other, "{path}"),
    }
}

#[test]
fn a_lake_answers_as_the_service_does() {
    let workspace = lake();
    let period = "--period 2022-01-01/2022-01-05 --output json";
    for question in [
        format!("audience video {VIDEO} --by country,referrer.page,date {period}"),
        format!("audience live-stream {LIVE_STREAM} --by device.type {period}"),
        format!("retention video {VIDEO} {period}"),
        format!("retention video {VIDEO} --compare metadata.hats=green {period}"),
        format!("concurrency live-stream {LIVE_STREAM} {period}"),
        format!("concurrency live-stream {LIVE_STREAM} --rule minutes {period}"),
    ] {
        let service = json(&workspace, &format!("{question} {WORLD}"));
        let from_lake = json(&workspace, &format!("{question} --from lake"));
        assert_equal(&question, &service, &from_lake);
    }
    // Without a period, all days of the lake.
    let all = json(
        &workspace,
        &format!("audience video {VIDEO} --from lake --output json"),
    );
    let days = json(
        &workspace,
        &format!("audience video {VIDEO} --from lake {period}"),
    );
    assert_eq!(all["plays"], days["plays"]);
}

#[test]
fn missing_days_are_named_with_the_command_that_downloads_them() {
    let workspace = lake();
    let line = format!("audience video {VIDEO} --from lake --output json --period");
    let outcome = workspace.run(&format!("{line} 2022-01-03/2022-01-08")).ok();
    for text in [
        "warning: the lake lake does not have all days of the period",
        "2022-01-06/2022-01-08 is missing",
        &format!("`apivideo pull --out lake --video {VIDEO} --period 2022-01-03/2022-01-08`"),
    ] {
        assert!(outcome.stderr.contains(text), "{text}: {}", outcome.stderr);
    }
    let outcome = workspace.run(&format!("{line} 2022-02")).fails(2);
    assert_eq!(outcome.stdout, "");
    for text in [
        "error: the lake lake has no day of 2022-02",
        "it has 2022-01-01/2022-01-05",
        "--period 2022-02`",
    ] {
        assert!(outcome.stderr.contains(text), "{text}: {}", outcome.stderr);
    }
    let outcome = workspace
        .run("audience video viMissing --from lake")
        .fails(2);
    let text = "error: the lake lake does not have video/viMissing\n\
                hint: to download it, run `apivideo pull --out lake --video viMissing`\n";
    assert_eq!(outcome.stderr, text);
    // Days that a time zone adds are days of UTC.
    let outcome = workspace
        .run(&format!("{line} 2022-01-01/2022-01-05 --tz Asia/Tokyo"))
        .ok();
    assert!(
        outcome.stderr.contains("2021-12-31 is missing"),
        "{}",
        outcome.stderr
    );
    let outcome = workspace
        .run(&format!("{line} 2022-01-02/2022-01-04 --tz Asia/Tokyo"))
        .ok();
    assert!(!outcome.stderr.contains("missing"), "{}", outcome.stderr);
}

#[test]
fn days_that_are_not_final_are_named() {
    let workspace = Workspace::new();
    let pull = "pull --out lake --period 2022-01-01/2022-01-05 --format ndjson";
    workspace
        .run(&format!("{pull} {WORLD} --as-of 2022-01-06T00:00:00Z"))
        .ok();
    let line = format!("audience video {VIDEO} --from lake --period 2022-01-01/2022-01-05");
    let outcome = workspace.run(&line).ok();
    assert!(
        outcome.stderr.contains("can still change"),
        "{}",
        outcome.stderr
    );
    let quiet = workspace.run(&format!("{line} --quiet")).ok();
    assert_eq!(quiet.stderr, "");
}

#[test]
fn a_lake_that_cannot_answer_is_refused() {
    let workspace = lake();
    let line = format!("audience video {VIDEO} --from lake");
    fs::remove_dir_all(workspace.path().join("lake/_manifest/derived")).unwrap();
    let outcome = workspace.run(&line).fails(1);
    assert_eq!(outcome.stdout, "");
    assert!(
        outcome.stderr.contains("run `apivideo lake rebuild lake`"),
        "{}",
        outcome.stderr
    );
    workspace.run("lake rebuild lake").ok();
    workspace.run(&line).ok();

    let pull =
        format!("pull --out sessions --period 2022-01-01 --format ndjson --no-events {WORLD}");
    workspace.run(&pull).ok();
    for line in [
        format!("audience video {VIDEO} --from sessions"),
        "explain psOne --from sessions".to_owned(),
    ] {
        let outcome = workspace.run(&line).fails(2);
        assert!(
            outcome.stderr.contains("has no events"),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn a_session_of_a_lake_is_explained_with_its_end_and_length() {
    let workspace = lake();
    let sessions = fs::read_to_string(
        workspace
            .path()
            .join("lake/sessions/date=2022-01-02/sessions.ndjson"),
    )
    .unwrap();
    let sessions = common::json_lines(&sessions);
    let of_video = |session: &&Value| session["asset_id"] == VIDEO;
    let session = sessions.iter().find(of_video).unwrap();
    let id = session["session_id"].as_str().unwrap();
    let line = format!("explain {id} --from lake --output json");
    let explained = json(&workspace, &line);
    assert_eq!(explained["session"], id);
    assert_eq!(explained["asset"], format!("video/{VIDEO}"));
    assert!(explained["ended_at"].is_string(), "{explained}");
    assert_eq!(explained["length_source"], "ends");
    let within = json(&workspace, &format!("{line} --period 2022-01-02"));
    assert_eq!(within, explained);
    let outcome = workspace
        .run(&format!("{line} --period 2022-01-03"))
        .fails(1);
    assert!(
        outcome.stderr.contains("does not have the session"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn all_assets_of_a_lake_are_one_audience() {
    let workspace = lake();
    let period = "--period 2022-01-01/2022-01-05 --output json --by asset";
    for all in [
        "--all-videos",
        "--all-live-streams",
        "--all-videos --all-live-streams",
    ] {
        let question = format!("audience {all} {period}");
        let service = json(&workspace, &format!("{question} {WORLD}"));
        let from_lake = json(&workspace, &format!("{question} --from lake"));
        assert_equal(&question, &service, &from_lake);
        assert!(service["plays"].as_u64().unwrap() > 0);
    }
    let line = "audience --all-videos --from lake --period 2022-01-04/2022-01-09";
    let outcome = workspace.run(line).ok();
    let warning = "of the period of video/";
    assert_eq!(
        outcome.stderr.matches(warning).count(),
        1,
        "{}",
        outcome.stderr
    );
    assert!(
        outcome
            .stderr
            .contains("and 2 other assets: 2022-01-06/2022-01-09 is missing")
    );
    let live = workspace.run(
        "pull --out videos --period 2022-01-01 --all-videos --format ndjson --simulate --videos 1 --sessions 20",
    );
    live.ok();
    let outcome = workspace
        .run("audience --all-live-streams --from videos")
        .fails(1);
    assert!(
        outcome
            .stderr
            .contains("no live stream found in lake videos"),
        "{}",
        outcome.stderr
    );
}
