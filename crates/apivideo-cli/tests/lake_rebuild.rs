//! `lake rebuild`: the real binary on a lake of simulated data.
#![allow(clippy::unwrap_used, reason = "a test without its fixtures fails")]

mod common;

use std::fs;

use common::golden;
use common::workspace::Workspace;

const PULL: &str = "pull --out lake --period 2021-12-18/2022-01-16 --as-of 2022-03-01T00:00:00Z --format ndjson \
                    --simulate --videos 3 --live-streams 2 --sessions 300 --quiet";

#[test]
fn derives_tables_again_without_a_request() {
    let workspace = Workspace::new();
    workspace.run(PULL).ok();
    let before = workspace.files("lake");
    let unchanged = workspace.run("lake rebuild lake --output json").ok();
    golden("lake/rebuild", &unchanged.stdout);
    let manifest = workspace
        .path()
        .join("lake/_manifest/derived/2022-01-03.json");
    fs::remove_file(manifest).unwrap();
    let outcome = workspace.run("verify lake --quiet").fails(1);
    assert!(
        outcome.stderr.contains(
            "problem: 2022-01-03 has no derived tables; run `apivideo lake rebuild lake`"
        ),
        "{}",
        outcome.stderr
    );
    let rebuilt = workspace.run("lake rebuild lake --output table").ok();
    golden("lake/rebuild.table", &rebuilt.stdout);
    assert_eq!(workspace.files("lake"), before);
    workspace
        .run("lake rebuild lake --viewer-key metadata.customer")
        .ok();
    assert!(workspace.files("lake") != before);
    workspace.run("verify lake --quiet").ok();
}

#[test]
fn rejects_other_folders_and_keys_and_skips_damaged_days() {
    let workspace = Workspace::new();
    let outcome = workspace.run("lake rebuild missing").fails(2);
    assert!(
        outcome.stderr.contains("missing is not a lake"),
        "{}",
        outcome.stderr
    );
    let outcome = workspace
        .run("lake rebuild lake --viewer-key userId")
        .fails(2);
    assert!(
        outcome.stderr.contains("expected metadata.KEY"),
        "{}",
        outcome.stderr
    );
    workspace.run(&format!("{PULL} --no-events")).ok();
    let outcome = workspace.run("lake rebuild lake").ok();
    assert!(
        outcome.stderr.contains("this lake has no events"),
        "{}",
        outcome.stderr
    );
    fs::remove_dir_all(workspace.path().join("lake")).unwrap();
    workspace.run(PULL).ok();
    let events = workspace
        .path()
        .join("lake/events/date=2022-01-03/events.ndjson");
    let mut text = fs::read_to_string(&events).unwrap();
    text.push('\n');
    fs::write(&events, text).unwrap();
    let derived = workspace
        .path()
        .join("lake/_manifest/derived/2022-01-03.json");
    fs::remove_file(derived).unwrap();
    let outcome = workspace.run("lake rebuild lake").fails(1);
    assert!(
        outcome
            .stderr
            .contains("problem: 2022-01-03 was not derived")
            && outcome
                .stderr
                .contains("some days were not derived (1 problem, see above)"),
        "{}",
        outcome.stderr
    );
}
