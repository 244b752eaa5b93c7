//! `--jq`.
#![cfg(feature = "jq")]
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use common::workspace::Workspace;
use common::{Outcome, VIDEO, command, file, finish, json_lines, recording, run};

fn jq(line: &str, filter: &str) -> Outcome {
    let mut arguments: Vec<&str> = line.split_whitespace().collect();
    arguments.extend(["--jq", filter]);
    finish(command(&arguments))
}

fn sessions() -> String {
    format!("sessions video {VIDEO} --period 2022-01-01 --simulate")
}

#[test]
fn prints_strings_as_they_are_and_other_values_as_json() {
    let items = json_lines(&run(&sessions()).ok().stdout);
    let countries: Vec<&str> = items
        .iter()
        .map(|item| item["location"]["country"].as_str().unwrap_or("none"))
        .collect();
    let outcome = jq(&sessions(), r#".location.country // "none""#).ok();
    assert_eq!(outcome.lines(), countries);
    // A JSON array has no effect: each item is filtered.
    let outcome = jq(
        &format!("{} --output json", sessions()),
        r#".location.country // "none""#,
    );
    assert_eq!(outcome.ok().lines(), countries);
    let outcome = jq(
        &format!("{} --fields session.sessionId", sessions()),
        "[keys, .session.sessionId[:2]]",
    )
    .ok();
    assert_eq!(outcome.lines().len(), items.len());
    assert!(
        outcome
            .lines()
            .iter()
            .all(|line| *line == r#"[["session"],"ps"]"#)
    );
    let outcome = jq(&sessions(), "select(.device.type == \"nothing\")").ok();
    assert_eq!(outcome.stdout, "");
}

#[test]
fn filters_rows_of_events_and_single_results() {
    let line = format!("{} --with-events=rows", sessions());
    let types = jq(&line, "select(.event.type == \"seek.forward\") | .event.to").ok();
    let rows = json_lines(&run(&line).ok().stdout);
    let expected = rows
        .iter()
        .filter(|row| row["event"]["type"] == "seek.forward")
        .count();
    assert!(expected > 0);
    assert_eq!(types.lines().len(), expected);
    let metric = jq("metrics play/count --simulate", ".data").ok();
    let value = &json_lines(&run("metrics play/count --simulate").ok().stdout)[0]["data"];
    assert_eq!(
        metric.stdout.trim().parse::<f64>().unwrap(),
        value.as_f64().unwrap()
    );
    let video = jq(&format!("api GET /videos/{VIDEO} --simulate"), ".videoId").ok();
    assert_eq!(video.stdout, format!("{VIDEO}\n"));
    let videos = jq("api GET /videos --paginate --simulate", ".videoId").ok();
    assert_eq!(videos.lines().len(), 20);
}

#[test]
fn an_invalid_filter_is_rejected_with_its_position() {
    let outcome = jq(&sessions(), ".session | nonsense").fails(2);
    assert_eq!(outcome.stdout, "");
    assert!(
        outcome.stderr.contains("at character 12: undefined filter"),
        "{}",
        outcome.stderr
    );
    for (options, message) in [
        ("--output csv", "--jq cannot be used with --output csv"),
        ("--output table", "--jq cannot be used with --output table"),
        ("--count", "--jq cannot be used with --count"),
        ("--out sessions.csv", "is a csv file, but --jq filters JSON"),
    ] {
        let outcome = jq(&format!("{} {options}", sessions()), ".").fails(2);
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
    }
    let outcome = jq("simulate", ".").fails(2);
    assert!(
        outcome
            .stderr
            .contains("--jq cannot be used with `apivideo simulate`"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_filter_that_fails_ends_the_command() {
    let filter = "if .location.country == \"France\" then .session.sessionId else .location.country.code end";
    let outcome = jq(&sessions(), filter).fails(1);
    let message = "error: the --jq filter failed on item ";
    assert!(outcome.stderr.starts_with(message), "{}", outcome.stderr);
    assert!(
        !outcome.stderr.contains("cannot write"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn the_filter_cannot_read_the_environment() {
    let mut command = command(&["videos", "--simulate", "--jq", "$ENV.APIVIDEO_API_KEY"]);
    command.env("APIVIDEO_API_KEY", "the-secret-key");
    let outcome = finish(command);
    assert!(!outcome.stdout.contains("the-secret-key"));
    jq("videos --simulate", "env").fails(2);
}

#[test]
fn a_filtered_file_is_resumed_with_the_same_filter() {
    let workspace = Workspace::new();
    let (_folder, script) = file("faults.json", r#"{"rules": [{"page": 2, "status": 500}]}"#);
    let line = "videos --simulate --page-size 5 --out titles.txt --jq .title";
    workspace
        .run(&format!("{line} --retries 0 --faults {}", script.display()))
        .fails(3);
    let outcome = workspace.run(&line.replace(".title", ".videoId")).fails(2);
    assert!(
        outcome.stderr.contains("was written with another --jq"),
        "{}",
        outcome.stderr
    );
    workspace.run(line).ok();
    let titles = std::fs::read_to_string(workspace.path().join("titles.txt")).unwrap();
    assert_eq!(titles, run("videos --simulate --jq .title").ok().stdout);
}

#[test]
fn unusual_values_pass_through_a_filter() {
    let line = format!(
        "sessions video viOdd --period 2022-01 --simulate --replay {}",
        recording("odd")
    );
    let unfiltered = json_lines(&run(&line).ok().stdout);
    assert_eq!(json_lines(&jq(&line, ".").ok().stdout), unfiltered);
}
