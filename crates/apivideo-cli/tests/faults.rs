//! Fault scripts of the simulator, and errors in them.
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
fn a_missing_page_ends_the_list_with_an_error() {
    let gone = r#"{"rules": [{"path": "/videos", "page": 2, "status": 404}]}"#;
    let complete = run(VIDEOS).ok();
    assert_eq!(complete.lines().len(), 12);
    let cut = run_with(VIDEOS, gone).fails(3);
    assert_eq!(cut.lines(), complete.lines()[..5]);
    assert!(
        cut.stderr.starts_with("error: ") && cut.stderr.contains("404"),
        "{}",
        cut.stderr
    );
}

#[test]
fn retries_a_failed_page_as_configured() {
    let complete = run(VIDEOS).ok();
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
            true => assert_eq!(found.ok().stdout, complete.stdout, "{times} {retries}"),
            false => {
                let found = found.fails(3);
                assert_eq!(found.lines(), complete.lines()[..5], "{times} {retries}");
                assert!(found.stderr.contains("503"), "{}", found.stderr);
            }
        }
    }
}

#[test]
fn reads_late_and_slow_responses() {
    let late = r#"{"rules": [{"latency_ms": 5, "slow": {"bytes": 500, "every_ms": 1}}]}"#;
    assert_eq!(run_with(VIDEOS, late).ok().stdout, run(VIDEOS).ok().stdout);
}

#[test]
fn a_separate_simulator_follows_a_script() {
    let (_folder, file) = script(
        r#"{"rules": [{"path": "/videos", "replace": {"/data/0/title": "what the script says"}}]}"#,
    );
    let simulator = Simulator::start(&["--faults", file.to_str().unwrap()]);
    let mut invocation = command(&["videos", "--base-url", &simulator.url]);
    invocation.env("APIVIDEO_API_KEY", "any");
    let videos = json_lines(&finish(invocation).ok().stdout);
    assert_eq!(videos[0]["title"], "what the script says");
    assert_ne!(videos[1]["title"], "what the script says");
}

#[test]
fn recorded_responses_can_fail_but_not_change() {
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
fn reports_an_invalid_script_with_its_position() {
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
fn faults_require_a_simulator() {
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
fn an_attempt_fails_after_the_timeout() {
    let late = r#"{"rules": [{"path": "/videos", "latency_ms": 60000}]}"#;
    let outcome = run_with(&format!("{VIDEOS} --retries 0 --timeout 1"), late).fails(5);
    assert!(outcome.stderr.contains("1s"), "{}", outcome.stderr);
}

#[test]
fn limits_the_wait_of_retry_after() {
    let complete = run(VIDEOS).ok();
    let refused = r#"{"rules": [
        {"path": "/videos", "page": 2, "times": 1, "status": 503, "headers": {"Retry-After": "3000"}}
    ]}"#;
    let found = run_with(&format!("{VIDEOS} --max-retry-after 1"), refused).ok();
    assert_eq!(found.stdout, complete.stdout);
}
