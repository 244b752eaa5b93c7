//! `lake forget` and `lake convert`: the real binary on a lake of simulated data.
#![allow(clippy::unwrap_used, reason = "a test without its fixtures fails")]

mod common;

use std::fs;

use common::golden;
use common::workspace::Workspace;

const PULL: &str = "pull --out lake --period 2021-12-18/2022-01-16 --as-of 2022-03-01T00:00:00Z \
                    --simulate --videos 3 --live-streams 2 --sessions 300 --quiet";

#[test]
fn forgets_persons_and_does_not_store_them_again() {
    let workspace = Workspace::new();
    workspace.run(&format!("{PULL} --format ndjson")).ok();
    let before = workspace.files("lake");
    let subjects = "--where metadata.userName=Linh --where session=psEmFwGQUAXR2lFHj5nDOpy";
    let dry = workspace
        .run(&format!(
            "lake forget lake {subjects} --dry-run --output json"
        ))
        .ok();
    golden("lake/forget_dry_run", &dry.stdout);
    assert!(dry.stderr.contains("nothing was changed"), "{}", dry.stderr);
    assert_eq!(workspace.files("lake"), before);

    let forgotten = workspace
        .run(&format!("lake forget lake {subjects} --output json"))
        .ok();
    golden("lake/forget", &forgotten.stdout);
    assert!(!forgotten.stderr.contains("Linh"), "{}", forgotten.stderr);
    for (name, bytes) in workspace.files("lake") {
        for text in ["\"Linh\"", "psEmFwGQUAXR2lFHj5nDOpy"] {
            let mut parts = bytes.windows(text.len());
            assert!(
                !parts.any(|part| part == text.as_bytes()),
                "{}: {text}",
                name.display()
            );
        }
    }
    workspace.run("verify lake --quiet").ok();
    let again = workspace
        .run(&format!("{} --reread", PULL.replace(" --quiet", "")))
        .ok();
    let why = "were received and not stored: they are forgotten";
    assert!(again.stderr.contains(why), "{}", again.stderr);
    workspace.run("verify lake --quiet").ok();

    let nothing = workspace
        .run("lake forget lake --where metadata.userName=unknown --output table")
        .ok();
    golden("lake/forget.table", &nothing.stdout);
    assert!(
        nothing.stderr.contains("no session was found"),
        "{}",
        nothing.stderr
    );
    workspace.run("lake forget lake").ok();
}

#[test]
fn conditions_that_do_not_fit_are_rejected() {
    let workspace = Workspace::new();
    fs::write(
        workspace.path().join("salt"),
        "a salt of sixteen bytes or more\n",
    )
    .unwrap();
    let privacy = "--drop metadata.plan --hash metadata.userName --salt-file salt";
    workspace
        .run(&format!("{PULL} --format ndjson {privacy}"))
        .ok();
    for (arguments, why) in [
        ("lake", "nothing to forget"),
        (
            "lake --where city=Paris",
            "expected metadata.KEY=VALUE or session=ID",
        ),
        (
            "lake --where metadata.plan=pro",
            "the lake drops metadata.plan",
        ),
        ("lake --where metadata.userName=Linh", "--salt-file"),
        (
            "lake --where metadata.userName=Linh --salt-file missing",
            "cannot read the salt",
        ),
        ("missing --where session=ps1", "missing is not a lake"),
    ] {
        let outcome = workspace.run(&format!("lake forget {arguments}")).fails(2);
        assert!(
            outcome.stderr.contains(why),
            "{arguments}: {}",
            outcome.stderr
        );
    }
    let outcome = workspace.run("lake forget lake --where metadata.userName=Linh --salt-file salt --output csv --fields sessions").ok();
    let sessions: u64 = outcome.stdout.lines().nth(1).unwrap().parse().unwrap();
    assert!(sessions > 5, "{}", outcome.stdout);
    workspace.run("verify lake --quiet").ok();
}

#[test]
fn converts_a_lake_that_a_pull_with_another_format_rejects() {
    let workspace = Workspace::new();
    workspace.run(&format!("{PULL} --format csv")).ok();
    let expected = workspace.files("lake");
    fs::remove_dir_all(workspace.path().join("lake")).unwrap();
    workspace.run(&format!("{PULL} --format ndjson")).ok();
    let rejected = workspace.run(&format!("{PULL} --format csv")).fails(2);
    let command = "lake convert lake --format csv";
    assert!(
        rejected.stderr.contains(&format!("`apivideo {command}`")),
        "{}",
        rejected.stderr
    );
    let converted = workspace.run(&format!("{command} --output json")).ok();
    golden("lake/convert", &converted.stdout);
    assert_eq!(workspace.files("lake"), expected);
    let again = workspace.run(&format!("{command} --output table")).ok();
    golden("lake/convert.table", &again.stdout);
    workspace.run(&format!("{PULL} --format csv")).ok();
    workspace.run("verify lake --quiet").ok();
    let outcome = workspace.run("lake convert missing --format csv").fails(2);
    assert!(
        outcome.stderr.contains("missing is not a lake"),
        "{}",
        outcome.stderr
    );
    let outcome = workspace.run("lake convert lake --format xml").fails(2);
    assert!(
        outcome.stderr.contains("invalid format"),
        "{}",
        outcome.stderr
    );
}
