//! Each job runs from end to end, at a tiny size: nothing is measured here.
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
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
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

/// How many goals are judged.
fn judged(lines: &[Vec<String>]) -> usize {
    let verdicts = lines.iter().map(|line| line[9].as_str());
    verdicts
        .filter(|verdict| ["met", "**missed**"].contains(verdict))
        .count()
}

#[test]
fn the_list_is_read_by_all() {
    let lines = table("list");
    let who: Vec<&str> = lines.iter().map(|line| line[2].as_str()).collect();
    for name in ["floor: hyper, borrowed serde", "bare core", "facade stream"] {
        assert!(who.contains(&name), "{who:?}");
    }
    assert_eq!(judged(&lines), 2);
}

#[test]
fn waiting_is_judged() {
    assert_eq!(judged(&table("latency")), 12);
    assert_eq!(judged(&table("first")), 1);
}

#[test]
fn sessions_are_read_with_their_events() {
    assert_eq!(judged(&table("events")), 2);
}

#[test]
fn days_and_pages_are_read_side_by_side() {
    assert_eq!(judged(&table("windows")), 3);
}

#[test]
fn windows_of_the_rate_limit_are_counted() {
    assert_eq!(judged(&table("limit")), 2);
}

#[test]
fn memory_is_compared() {
    assert_eq!(judged(&table("memory")), 1);
}

#[test]
fn who_does_not_do_a_job_says_so() {
    let output = Command::new(env!("CARGO_BIN_EXE_apivideo-bench"))
        .args(["client", "core", "--job=events", "--url=http://127.0.0.1:9"])
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said, "error: Core does not do the job Events\n");
}
