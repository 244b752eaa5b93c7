//! Lakes at URLs, and local lakes with their unfinished work elsewhere: the real binary.
#![allow(clippy::unwrap_used, reason = "a test without its fixtures fails")]

mod common;

use std::path::PathBuf;

use common::workspace::Workspace;

const WORLD: &str = "--simulate --videos 3 --live-streams 2 --sessions 300 --quiet";
const PERIOD: &str = "--period 2021-12-18/2022-01-16 --as-of 2022-03-01T00:00:00Z --format ndjson";

/// Returns the files of a folder by their paths in it.
fn files(workspace: &Workspace, folder: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let root = workspace.path().join(folder);
    let files = workspace.files(folder).into_iter();
    files
        .map(|(path, bytes)| (path.strip_prefix(&root).unwrap().to_owned(), bytes))
        .collect()
}

#[test]
fn a_url_is_never_a_local_folder() {
    let workspace = Workspace::new();
    for (url, expected) in [
        ("ftp://host/lake", "unknown kind of URL"),
        ("file:///srv/lake", "use the path of the folder: /srv/lake"),
        ("s3://key:hunter2@bucket/lake", "not supported in a URL"),
        ("s3://bucket/lake?token=hunter2", "not supported in a URL"),
        ("gs://hunter2@bucket/lake", "not supported in a URL"),
    ] {
        for command in [
            format!("pull --out {url} {PERIOD} {WORLD}"),
            format!("plan --out {url} {PERIOD} {WORLD}"),
            format!("verify {url}"),
            format!("lake rebuild {url}"),
            format!("audience --from {url} --all-videos"),
        ] {
            let failed = workspace.run(&command).fails(2);
            assert!(failed.stderr.contains(expected), "{command}: {failed:#?}");
            assert!(!failed.stderr.contains("hunter2"), "{command}: {failed:#?}");
            assert!(!failed.stdout.contains("hunter2"), "{command}: {failed:#?}");
            // A pull has a summary.
            assert_eq!(failed.stdout.is_empty(), !command.starts_with("pull"));
        }
    }
    let files = std::fs::read_dir(workspace.path()).unwrap();
    assert_eq!(files.count(), 0);
}

#[test]
fn unfinished_work_is_in_the_staging_folder() {
    let workspace = Workspace::new();
    let pull = format!("pull --out lake --staging work {PERIOD} {WORLD}");
    workspace
        .run(&format!("{pull} --max-requests 100"))
        .fails(3);
    let staged = files(&workspace, "work");
    let is_journal = |(path, _): &(PathBuf, Vec<u8>)| path.ends_with("_staging/journal.ndjson");
    assert!(staged.iter().any(is_journal));
    assert!(!workspace.path().join("lake/_staging").exists());
    let noted = workspace.run(&pull.replace(" --quiet", "")).ok();
    assert!(
        noted.stderr.starts_with("unfinished work is in work/lake-"),
        "{noted:#?}"
    );
    assert!(files(&workspace, "work").is_empty());

    workspace
        .run(&format!("pull --out other {PERIOD} {WORLD}"))
        .ok();
    assert!(files(&workspace, "lake") == files(&workspace, "other"));
    let rebuild = "lake rebuild lake --staging work --viewer-key metadata.customer --quiet";
    workspace.run(rebuild).ok();
    workspace.run("verify lake --quiet").ok();
}

#[test]
fn the_lock_of_a_local_lake_cannot_be_removed() {
    let workspace = Workspace::new();
    for command in [
        format!("pull --out lake --break-lock {PERIOD} {WORLD}"),
        "lake rebuild lake --break-lock".to_owned(),
    ] {
        let failed = workspace.run(&command).fails(2);
        assert!(
            failed.stderr.contains("the lock of lake cannot be removed"),
            "{failed:#?}"
        );
    }
}
