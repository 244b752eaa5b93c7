//! Runs each job end to end at a tiny size.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::path::Path;
use std::process::Command;

/// The table of one job.
fn table(job: &str) -> Vec<Vec<String>> {
    let program = Path::new(env!("CARGO_BIN_EXE_apivideo-bench"));
    let output = Command::new(program)
        .args(["run", "--scale=1", "--rounds=1"])
        .arg(format!("--job={job}"))
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<Vec<String>> = text
        .lines()
        .map(|line| line.split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect();
    assert!(lines.len() > 3, "{text}");
    assert!(lines.iter().all(|line| line.len() == 11), "{text}");
    assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
    lines
}

/// The number of goals with a verdict.
fn verdicts(lines: &[Vec<String>]) -> usize {
    let cells = lines.iter().map(|line| line[9].as_str());
    cells
        .filter(|verdict| ["met", "**missed**"].contains(verdict))
        .count()
}

#[test]
fn all_programs_read_the_list() {
    let lines = table("list");
    let programs: Vec<&str> = lines.iter().map(|line| line[2].as_str()).collect();
    for name in [
        "baseline: hyper, borrowed serde",
        "generated crate",
        "facade stream",
    ] {
        assert!(programs.contains(&name), "{programs:?}");
    }
    assert_eq!(verdicts(&lines), 2);
}

#[test]
fn latency_and_first_item_have_verdicts() {
    assert_eq!(verdicts(&table("latency")), 12);
    assert_eq!(verdicts(&table("first")), 1);
}

#[test]
fn sessions_are_read_with_their_events() {
    assert_eq!(verdicts(&table("events")), 2);
}

#[test]
fn days_and_pages_are_read_concurrently() {
    assert_eq!(verdicts(&table("windows")), 3);
}

#[test]
fn windows_of_the_rate_limit_are_counted() {
    assert_eq!(verdicts(&table("limit")), 2);
}

#[test]
fn memory_is_compared() {
    assert_eq!(verdicts(&table("memory")), 1);
}

#[test]
fn a_program_that_does_not_implement_a_job_fails() {
    let output = Command::new(env!("CARGO_BIN_EXE_apivideo-bench"))
        .args(["client", "core", "--job=events", "--url=http://127.0.0.1:9"])
        .output()
        .unwrap();
    assert!(!output.status.success());
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(stderr, "error: Core does not implement the job Events\n");
}
