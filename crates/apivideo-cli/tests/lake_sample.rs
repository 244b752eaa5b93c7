//! `--sample` and `--skip-unplayed` of `pull` and `plan`: the real binary against the simulator.
#![allow(clippy::unwrap_used, reason = "a test without its fixtures fails")]

mod common;

use std::collections::BTreeSet;

use common::workspace::Workspace;
use common::{Outcome, json_lines};
use serde_json::Value;

const ARGUMENTS: &str = "--out lake --period 2021-12-18/2022-01-16 --as-of 2022-03-01T00:00:00Z --format ndjson \
                         --simulate --videos 3 --live-streams 2 --sessions 300";

fn row(outcome: &Outcome) -> Value {
    json_lines(&outcome.stdout).remove(0)
}

fn number(row: &Value, field: &str) -> u64 {
    row[field].as_u64().unwrap()
}

/// Returns the rows of a table of the lake.
fn rows(workspace: &Workspace, table: &str) -> Vec<Value> {
    let files = workspace.files(&format!("lake/{table}"));
    let texts = files
        .into_iter()
        .map(|(_, bytes)| String::from_utf8(bytes).unwrap());
    texts.flat_map(|text| json_lines(&text)).collect()
}

fn ids<'r>(rows: impl IntoIterator<Item = &'r Value>) -> BTreeSet<&'r str> {
    let ids = rows.into_iter().map(|row| row["session_id"].as_str());
    ids.map(Option::unwrap).collect()
}

#[test]
fn pulls_the_events_of_a_sample() {
    let workspace = Workspace::new();
    let plan = workspace
        .run(&format!("plan {ARGUMENTS} --sample 20%"))
        .ok();
    let note = "estimate: a sample of 20% has about that share of the sessions: which ones is known once they are listed";
    assert!(plan.stderr.contains(note), "{}", plan.stderr);
    assert_eq!(number(&row(&plan), "eventRequests"), 60);

    let outcome = workspace
        .run(&format!("pull {ARGUMENTS} --sample 20%"))
        .ok();
    let pulled = row(&outcome);
    assert_eq!(number(&pulled, "sessions"), 300);
    let (sampled, others) = (
        number(&pulled, "sessionsWithEvents"),
        number(&pulled, "notSampled"),
    );
    assert_eq!(sampled + others, 300);
    assert!((30..=90).contains(&sampled), "{sampled}");
    let note =
        format!("the events of {others} sessions were not requested: they are not in the sample");
    assert!(outcome.stderr.contains(&note), "{}", outcome.stderr);
    assert_eq!(rows(&workspace, "sessions").len(), 300);
    let events = rows(&workspace, "events");
    assert!(ids(&events).len() as u64 <= sampled && !events.is_empty());

    // It is a setting of the lake: it need not be repeated, and must not change.
    let before = workspace.files("lake");
    let again = workspace.run(&format!("pull {ARGUMENTS} --reread")).ok();
    assert_eq!(number(&row(&again), "notSampled"), others);
    assert_eq!(workspace.files("lake"), before);
    let other = workspace
        .run(&format!("pull {ARGUMENTS} --sample 30%"))
        .fails(2);
    assert!(other.stderr.contains("a sample of 20%"), "{}", other.stderr);
    let invalid = workspace
        .run(&format!("pull {ARGUMENTS} --sample 200%"))
        .fails(2);
    assert!(invalid.stderr.contains("--sample"), "{}", invalid.stderr);
    workspace.run("verify lake --quiet").ok();

    let question = workspace
        .run("audience --from lake --period 2022-01 --all-videos")
        .ok();
    let warning =
        "the events of a sample of 20% of the sessions: multiply counts and durations by 5";
    assert!(question.stderr.contains(warning), "{}", question.stderr);
}

#[test]
fn skips_the_events_of_unplayed_sessions() {
    let workspace = Workspace::new();
    let world = ARGUMENTS.replace("--sessions 300", "--sessions 1000");
    let outcome = workspace.run(&format!("pull {world} --skip-unplayed")).ok();
    let pulled = row(&outcome);
    let unplayed = number(&pulled, "unplayed");
    let note = format!(
        "the events of {unplayed} sessions were not requested: they ended when they were loaded"
    );
    assert!(outcome.stderr.contains(&note), "{}", outcome.stderr);
    assert_eq!(number(&pulled, "sessionsWithEvents"), 1_000 - unplayed);
    let sessions = rows(&workspace, "sessions");
    assert_eq!(sessions.len(), 1_000);
    let is_unplayed = |row: &&Value| row["loaded_at"] == row["ended_at"];
    let skipped = ids(sessions.iter().filter(is_unplayed));
    assert!(
        unplayed > 5 && skipped.len() as u64 == unplayed,
        "{unplayed}"
    );
    let events = rows(&workspace, "events");
    assert!(ids(&events).is_disjoint(&skipped));
    let plan = workspace.run(&format!("plan {world} --reread")).ok();
    let note = "estimate: sessions that ended when they were loaded are counted";
    assert!(plan.stderr.contains(note), "{}", plan.stderr);
    workspace.run("verify lake --quiet").ok();
}
