//! What was staged of a day is removed once the day is written, and a resumed pull does not write it again.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use common::journal::edit_journal;
use common::{Service, differing, files, small};

/// Returns the days of the folders of a table.
fn days_of(folder: &Path, table: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder.join(table)).into_iter().flatten();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| name.strip_prefix("date=").unwrap().to_owned())
        .collect()
}

/// Returns the days that have a file in the staging.
fn staged_days(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder.join("_staging"))
        .into_iter()
        .flatten();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names
        .filter_map(|name| {
            let (table, rest) = name.split_once('-')?;
            let is_rows = ["sessions", "events"].contains(&table);
            is_rows.then(|| rest.split_once('.').unwrap().0.to_owned())
        })
        .collect()
}

/// Returns the inode and the time of the last change of each file of sessions, of events, and of manifests of days.
#[cfg(unix)]
fn identities(folder: &Path) -> Vec<(String, (u64, i64, i64))> {
    let names = files(folder).into_keys();
    let of_days = ["sessions/", "events/", "_manifest/days/"];
    let names = names.filter(|name| of_days.iter().any(|start| name.starts_with(start)));
    names
        .map(|name| {
            let identity = identity(&folder.join(&name));
            (name, identity)
        })
        .collect()
}

#[cfg(unix)]
fn identity(path: &Path) -> (u64, i64, i64) {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = std::fs::metadata(path).unwrap();
    (metadata.ino(), metadata.mtime(), metadata.mtime_nsec())
}

#[tokio::test]
async fn committed_days_have_no_staging_and_are_not_written_again() {
    let service = Service::small().await;
    let whole = service.run(service.pull()).await;
    let uninterrupted = files(&service.path());
    let all = days_of(&service.path(), "sessions");
    std::fs::remove_dir_all(service.path()).unwrap();

    let stopped = service.run(service.pull().with_max_requests(160)).await;
    assert!(stopped.stopped && stopped.days_written > 5, "{stopped:?}");
    let written = days_of(&service.path(), "sessions");
    assert_eq!(written.len() as u64, stopped.days_written);
    let staged = staged_days(&service.path());
    assert!(staged.is_disjoint(&written), "{staged:?} {written:?}");
    let known: BTreeSet<String> = staged.union(&written).cloned().collect();
    assert_eq!(known, all);

    #[cfg(unix)]
    let identities = identities(&service.path());
    let pull = service.pull();
    let progress = pull.progress();
    let mut seen = progress.clone();
    let first = tokio::spawn(async move { seen.changed().await });
    let resumed = service.run(pull).await;
    // Reported from the start, before the first response.
    let first = first.await.unwrap().unwrap();
    assert_eq!(
        (first.requests, first.days_committed),
        (0, stopped.days_written)
    );
    #[cfg(unix)]
    for (name, before) in identities {
        let now = identity(&service.path().join(&name));
        assert_eq!(now, before, "{name} was replaced");
    }
    assert_eq!(resumed.days_unchanged, 0, "{resumed:?}");
    assert_eq!(
        resumed.days_written + stopped.days_written,
        whole.days_written
    );
    let progress = progress.get();
    assert_eq!(progress.days_committed, stopped.days_written);
    assert_eq!(
        (progress.days, progress.days_total),
        (all.len() as u64, all.len() as u64)
    );
    assert_eq!(differing(&files(&service.path()), &uninterrupted), [""; 0]);
    service.verify();
}

#[tokio::test]
async fn committed_days_that_are_removed_before_the_pull_is_complete_are_read_again() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let uninterrupted = files(&service.path());
    for removed in [
        "_manifest/days/DAY.json",
        "sessions/date=DAY/sessions.ndjson",
        "events/date=DAY/events.ndjson",
    ] {
        std::fs::remove_dir_all(service.path()).unwrap();
        let stopped = service.run(service.pull().with_max_requests(160)).await;
        assert!(stopped.stopped);
        let written = days_of(&service.path(), "sessions");
        for day in written.iter().skip(1).take(2) {
            std::fs::remove_file(service.path().join(removed.replace("DAY", day))).unwrap();
        }
        service.run(service.pull()).await;
        assert_eq!(
            differing(&files(&service.path()), &uninterrupted),
            [""; 0],
            "{removed}"
        );
        service.verify();
    }
}

#[tokio::test]
async fn mutable_days_are_read_again_after_they_were_committed() {
    let service = Service::start(small().sessions(600)).await;
    // Three days at the end are mutable.
    let pull = || {
        let pull = service.pull_as_of("2022-01-17T00:00:00Z");
        pull.with_period(common::WORLD.parse().unwrap())
    };
    let whole = service.run(pull()).await;
    let uninterrupted = files(&service.path());
    std::fs::remove_dir_all(service.path()).unwrap();
    let (mut runs, mut is_stopped) = (0, true);
    let mut unchanged = 0;
    while is_stopped {
        let report = service
            .run(pull().with_max_requests(whole.requests - 5 + runs))
            .await;
        is_stopped = report.stopped;
        unchanged += report.days_unchanged;
        runs += 1;
        assert!(runs < 20);
    }
    // The first run stops in the last days; the next one lists the mutable days again, and requests no events twice.
    assert!(runs >= 2, "{runs}");
    assert!(unchanged <= 3, "{unchanged}");
    assert_eq!(differing(&files(&service.path()), &uninterrupted), [""; 0]);
    service.verify();
}

#[tokio::test]
async fn staging_of_another_version_is_discarded() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let uninterrupted = files(&service.path());
    std::fs::remove_dir_all(service.path()).unwrap();
    service.run(service.pull().with_max_requests(100)).await;
    let journal = service.path().join("_staging/journal.ndjson");
    let mut version = None;
    edit_journal(&journal, |line| {
        if let Some(versions) = line.pointer_mut("/start/versions") {
            version = Some(versions["staging"].take());
            versions["staging"] = 1.into();
        }
    });
    assert!(version.unwrap().is_u64());
    std::fs::write(
        service.path().join("_staging/sessions-2022-01-09.ndjson"),
        "{}",
    )
    .unwrap();
    let report = service.run(service.pull()).await;
    assert_eq!(report.sessions, 300);
    assert_eq!(differing(&files(&service.path()), &uninterrupted), [""; 0]);
}
