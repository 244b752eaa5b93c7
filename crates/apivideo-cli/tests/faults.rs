//! Faults on demand: a script reaches the simulator, and one that can't be followed is told.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::fs;
use std::path::PathBuf;

use common::{Outcome, Simulator, command, finish, json_lines, recording, run};
use tempfile::TempDir;

/// A file with this script.
fn script(text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("faults.json");
    fs::write(&file, text).unwrap();
    (folder, file)
}

/// Runs a line with `--faults` and this script.
#[track_caller]
fn run_with(line: &str, text: &str) -> Outcome {
    let (_folder, file) = script(text);
    run(&format!("{line} --faults {}", file.display()))
}

const VIDEOS: &str = "videos --simulate --videos 12 --page-size 5 --output ndjson";

#[test]
fn a_page_that_is_not_there_breaks_the_list_off() {
    let gone = r#"{"rules": [{"path": "/videos", "page": 2, "status": 404}]}"#;
    let whole = run(VIDEOS).ok();
    assert_eq!(whole.lines().len(), 12);
    let cut = run_with(VIDEOS, gone).fails(3);
    assert_eq!(cut.lines(), whole.lines()[..5]);
    assert!(
        cut.stderr.starts_with("error: ") && cut.stderr.contains("404"),
        "{}",
        cut.stderr
    );
}

#[test]
fn a_page_that_fails_is_asked_for_as_often_as_was_said() {
    let whole = run(VIDEOS).ok();
    for (times, retries, comes) in [
        (1, "", true),
        (1, "--retries 1", true),
        (1, "--retries 0", false),
        (2, "--retries 1", false),
        (2, "--retries 2", true),
        (1, "--retries 4294967295", true),
    ] {
        let fails = format!(
            r#"{{"rules": [{{"path": "/videos", "page": 2, "times": {times}, "status": 503}}]}}"#
        );
        let found = run_with(&format!("{VIDEOS} {retries}"), &fails);
        match comes {
            true => assert_eq!(found.ok().stdout, whole.stdout, "{times} {retries}"),
            false => {
                let found = found.fails(3);
                assert_eq!(found.lines(), whole.lines()[..5], "{times} {retries}");
                assert!(found.stderr.contains("503"), "{}", found.stderr);
            }
        }
    }
}

#[test]
fn late_and_slow_replies_come_whole() {
    let late = r#"{"rules": [{"latency_ms": 5, "slow": {"bytes": 500, "every_ms": 1}}]}"#;
    assert_eq!(run_with(VIDEOS, late).ok().stdout, run(VIDEOS).ok().stdout);
}

#[test]
fn a_simulator_of_its_own_follows_a_script_too() {
    let (_folder, file) = script(
        r#"{"rules": [{"path": "/videos", "replace": {"/data/0/title": "what the script says"}}]}"#,
    );
    let simulator = Simulator::start(&["--faults", file.to_str().unwrap()]);
    let mut asked = command(&["videos", "--base-url", &simulator.url]);
    asked.env("APIVIDEO_API_KEY", "any");
    let videos = json_lines(&finish(asked).ok().stdout);
    assert_eq!(videos[0]["title"], "what the script says");
    assert_ne!(videos[1]["title"], "what the script says");
}

#[test]
fn recorded_replies_fail_on_demand_but_do_not_change() {
    let replay = format!("videos --simulate --replay {}", recording("odd"));
    let failed = run_with(
        &replay,
        r#"{"rules": [{"path": "/videos", "status": 404}]}"#,
    )
    .fails(1);
    assert_eq!(failed.stdout, "");
    let refused = run_with(
        &replay,
        r#"{"rules": [{"insert": {"sessions": 1, "at": "front"}}]}"#,
    )
    .fails(2);
    assert_eq!(
        refused.stderr,
        "error: invalid fault script: a recording has no sessions to insert or delete\n"
    );
}

#[test]
fn a_script_that_can_not_be_followed_is_told_with_its_place() {
    for (text, message) in [
        (
            r#"{"rules": [{"reset": "before_head"}, {"statuz": 503}]}"#,
            ": rules[1].statuz\ncaused by: unknown field `statuz`, expected one of",
        ),
        (
            r#"{"rules": [{"status": 42}]}"#,
            ": rules[0]: invalid status 42: must be 200 to 599\n",
        ),
        ("{", "\ncaused by: EOF while parsing"),
    ] {
        let (_folder, file) = script(text);
        let file = file.display();
        for line in [VIDEOS, "simulate"] {
            let outcome = run(&format!("{line} --faults {file}")).fails(2);
            assert_eq!(outcome.stdout, "");
            assert!(
                outcome
                    .stderr
                    .starts_with(&format!("error: invalid fault script {file}{message}")),
                "{}",
                outcome.stderr
            );
        }
    }
    let outcome = run(&format!("{VIDEOS} --faults /nowhere/faults.json")).fails(2);
    assert!(
        outcome
            .stderr
            .starts_with("error: cannot read /nowhere/faults.json\ncaused by: "),
        "{}",
        outcome.stderr
    );
}

#[test]
fn faults_are_the_simulator_s() {
    let outcome = run_with("videos", r#"{"rules": []}"#).fails(2);
    assert!(
        outcome
            .stderr
            .contains("--faults can only be used with --simulate"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn an_attempt_that_takes_longer_than_the_timeout_fails() {
    let late = r#"{"rules": [{"path": "/videos", "latency_ms": 60000}]}"#;
    let outcome = run_with(&format!("{VIDEOS} --retries 0 --timeout 1"), late).fails(5);
    assert!(outcome.stderr.contains("1s"), "{}", outcome.stderr);
}

#[test]
fn a_wait_is_cut_to_the_longest_that_is_accepted() {
    let whole = run(VIDEOS).ok();
    let refused = r#"{"rules": [
        {"path": "/videos", "page": 2, "times": 1, "status": 503, "headers": {"Retry-After": "3000"}}
    ]}"#;
    let found = run_with(&format!("{VIDEOS} --max-retry-after 1"), refused).ok();
    assert_eq!(found.stdout, whole.stdout);
}
