//! A pull that is stopped anywhere resumes, and its result is that of an uninterrupted one.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use apivideo_lake::ErrorKind;
use apivideo_simulator::{FaultScript, Rule};
use common::journal::edit_journal;
use common::{Service, differing, files, small};

#[tokio::test]
async fn a_damaged_journal_loses_nothing() {
    let service = Service::small().await;
    let pull = || service.pull();
    service.run(pull()).await;
    let uninterrupted = files(&service.path());
    std::fs::remove_dir_all(service.path()).unwrap();

    // All lists are read, and the events of some days.
    let report = service.run(pull().with_max_requests(120)).await;
    assert!(report.stopped && report.sessions == 300, "{report:?}");
    let stopped = files(&service.path());
    let journal = service.path().join("_staging/journal.ndjson");
    let text = std::fs::read(&journal).unwrap();
    let lines: Vec<usize> = (0..text.len()).filter(|at| text[*at] == b'\n').collect();
    assert!(lines.len() > 5, "{lines:?}");
    let mut changed = text.clone();
    changed[lines[2] + 90] ^= 1;
    // The journal of a pull in its days is compact, followed by the committed days.
    let damaged = [
        Vec::new(),
        text[..=lines[0]].to_vec(),
        text[..lines[1] + 40].to_vec(),
        text[..=lines[lines.len() - 2]].to_vec(),
        changed,
    ];
    for damaged in damaged {
        std::fs::remove_dir_all(service.path()).unwrap();
        for (path, bytes) in &stopped {
            let path = service.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        std::fs::write(&journal, &damaged).unwrap();
        service.run(pull()).await;
        let differing = differing(&files(&service.path()), &uninterrupted);
        assert_eq!(differing, [""; 0], "{}", damaged.len());
    }
}

#[tokio::test]
async fn days_without_the_sessions_that_were_received_are_not_final() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let uninterrupted = files(&service.path());
    std::fs::remove_dir_all(service.path()).unwrap();

    service.run(service.pull().with_max_requests(120)).await;
    let journal = service.path().join("_staging/journal.ndjson");
    edit_journal(&journal, |line| {
        if let Some(lengths) = line.pointer_mut("/files/lengths") {
            for length in lengths.as_object_mut().unwrap().values_mut() {
                *length = 0.into();
            }
        }
    });
    let report = service.pull().run().await.unwrap();
    assert!(report.complete_until.is_none(), "{report:?}");
    assert!(
        report.problems[0].contains("sessions were received, and "),
        "{report:?}"
    );
    service.run(service.pull()).await;
    assert_eq!(differing(&files(&service.path()), &uninterrupted), [""; 0]);
    service.verify();
}

#[tokio::test]
async fn runs_with_few_requests_each_write_the_same_bytes() {
    let service = Service::start(small().sessions(1_000)).await;
    let whole = service.run(service.pull()).await;
    let uninterrupted = files(&service.path());
    std::fs::remove_dir_all(service.path()).unwrap();

    let (mut runs, mut requests, mut read) = (0, 0, 0);
    loop {
        let before = service.simulator.requests_total();
        let report = service.run(service.pull().with_max_requests(100)).await;
        assert!(report.requests <= 100);
        assert_eq!(
            service.requests_since(before),
            report.requests,
            "the report counts the requests"
        );
        runs += 1;
        requests += report.requests;
        read += report.sessions_with_events;
        if !report.stopped {
            break;
        }
        // The lake is consistent at any time.
        service.verify_unfinished();
    }
    assert_eq!(read, 1_000, "no events are read twice");
    // Each run lists the assets again.
    assert!(
        requests <= whole.requests + 2 * runs + 5,
        "{requests} in {runs} runs, {whole:?}"
    );
    assert!(runs >= 10);
    assert_eq!(differing(&files(&service.path()), &uninterrupted), [""; 0]);
    service.verify();
}

#[tokio::test]
async fn mutable_days_are_completed_with_fewer_requests_than_they_have_lists() {
    let now = "2022-01-05T12:00:00Z";
    let world = || small().sessions(600).now(now.parse().unwrap());
    let service = Service::start(world()).await;
    let pull = || {
        service
            .pull_as_of(now)
            .with_since("2022-01-02".parse().unwrap())
    };
    let whole = service.run(pull()).await;
    let uninterrupted = files(&service.path());
    std::fs::remove_dir_all(service.path()).unwrap();
    let lists = whole.requests - whole.sessions_with_events;
    assert!(lists > 4, "{whole:?}");

    let mut runs = 0;
    while service
        .run(pull().with_max_requests(lists - 1))
        .await
        .stopped
    {
        runs += 1;
        assert!(runs < 100, "the pull makes no progress");
    }
    assert_eq!(differing(&files(&service.path()), &uninterrupted), [""; 0]);
}

#[tokio::test]
async fn lists_resume_at_their_page() {
    let service = Service::start(small().sessions(3_000)).await;
    let whole = service.run(service.pull().without_events()).await;
    let uninterrupted = files(&service.path());
    std::fs::remove_dir_all(service.path()).unwrap();

    let (mut runs, mut requests) = (0, 0);
    loop {
        let report = service
            .run(service.pull().without_events().with_max_requests(7))
            .await;
        runs += 1;
        requests += report.requests;
        if !report.stopped {
            break;
        }
        assert!(runs < 30);
    }
    assert!(runs > 4, "{runs}");
    // Each run lists the assets, and requests the current page of each of the concurrent lists again.
    assert!(
        requests <= whole.requests + runs * 6,
        "{requests} in {runs} runs, {whole:?}"
    );
    assert_eq!(differing(&files(&service.path()), &uninterrupted), [""; 0]);
}

#[tokio::test]
async fn lists_start_over_if_another_release_wrote_their_cursors() {
    let service = Service::start(small().sessions(3_000)).await;
    service.run(service.pull().without_events()).await;
    let uninterrupted = files(&service.path());
    std::fs::remove_dir_all(service.path()).unwrap();

    let stopped = service.pull().without_events().with_max_requests(10);
    let report = service.run(stopped).await;
    assert!(report.stopped && report.sessions > 0, "{report:?}");
    let journal = service.path().join("_staging/journal.ndjson");
    let mut changed = 0;
    edit_journal(&journal, |line| {
        if let Some(cursor) = line.pointer_mut("/page/state/at") {
            cursor["version"] = 1.into();
            changed += 1;
        }
    });
    assert!(changed > 0);
    let resumed = service.run(service.pull().without_events()).await;
    assert_eq!(resumed.sessions, 3_000);
    assert_eq!(differing(&files(&service.path()), &uninterrupted), [""; 0]);
    service.verify();
}

#[tokio::test]
async fn permanent_failures_lose_nothing_that_was_read() {
    // Every 40th request fails, and is not retried.
    let script = FaultScript::new().rule(
        Rule::new()
            .path("/analytics/sessions/*/events")
            .every(40)
            .status(403),
    );
    let service = Service::faulty(script).await;
    let mut failures = 0;
    let read = loop {
        match service.pull().run().await {
            Ok(report) => break report.sessions_with_events,
            Err(error) => {
                failures += 1;
                assert_eq!(error.kind(), ErrorKind::Service);
                assert!(
                    error
                        .to_string()
                        .contains("run the same command again to resume"),
                    "{error}"
                );
                assert!(error.service().is_some());
                assert!(failures < 50);
            }
        }
    };
    assert!(failures > 2 && read < 300, "{failures} {read}");
    let found = service.verify();
    assert_eq!(found.sessions, 300);
}

/// Every run reads the lists of mutable days again, and stages their sessions again.
#[tokio::test]
async fn pulls_that_are_killed_again_and_again_need_no_more_staging() {
    let service = Service::small().await;
    let pull = || {
        let pull = service.pull_as_of("2022-01-16T12:00:00Z");
        pull.with_since("2021-12-18".parse().unwrap())
    };
    let mut staged = Vec::new();
    for _ in 0..4 {
        let before = service.simulator.requests_total();
        let pull = pull();
        let mut run = pin!(pull.run());
        let is_done = poll_fn(|context| match run.as_mut().poll(context) {
            Poll::Ready(report) => Poll::Ready(report.is_ok()),
            Poll::Pending if service.simulator.requests_total() < before + 40 => Poll::Pending,
            Poll::Pending => Poll::Ready(false),
        });
        assert!(!is_done.await);
        let staging = service.path().join("_staging");
        let files = std::fs::read_dir(staging)
            .unwrap()
            .map(|file| file.unwrap());
        let mutable = files.filter(|file| {
            let name = file.file_name().into_string().unwrap();
            name.ends_with(".rows") && name.as_str() >= "sessions-2022-01-13"
        });
        staged.push(
            mutable
                .map(|file| file.metadata().unwrap().len())
                .sum::<u64>(),
        );
    }
    // The order of lists, and so the size of compressed rows, differs a little.
    let first = staged[0];
    let are_near = staged.iter().all(|size| size.abs_diff(first) < first / 100);
    assert!(first > 1_000 && are_near, "{staged:?}");
    service.run(pull()).await;
    assert_eq!(service.verify().sessions, 300);
}

#[tokio::test]
async fn rows_that_the_journal_does_not_record_are_ignored() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let uninterrupted = files(&service.path());
    std::fs::remove_dir_all(service.path()).unwrap();

    let report = service.run(service.pull().with_max_requests(60)).await;
    assert!(report.stopped);
    // A kill leaves half of what was appended last in the files.
    let mut files_with_rows = 0;
    for entry in std::fs::read_dir(service.path().join("_staging")).unwrap() {
        let path = entry.unwrap().path();
        let mut bytes = std::fs::read(&path).unwrap();
        let last = match path.extension().unwrap().to_str() {
            Some("ndjson") => bytes.split_inclusive(|byte| *byte == b'\n').next_back(),
            _ => Some(&bytes[..]),
        };
        let last = last.unwrap_or_default();
        let half = last[..last.len() / 2].to_owned();
        files_with_rows += usize::from(!half.is_empty());
        bytes.extend(half);
        std::fs::write(&path, bytes).unwrap();
    }
    assert!(files_with_rows > 3, "{files_with_rows}");
    std::fs::write(
        service.path().join("_staging/sessions-2022-01-09.incoming"),
        "half a file",
    )
    .unwrap();
    service.run(service.pull()).await;
    assert_eq!(differing(&files(&service.path()), &uninterrupted), [""; 0]);
}

#[tokio::test]
async fn staging_with_a_missing_file_is_discarded() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let uninterrupted = files(&service.path());
    std::fs::remove_dir_all(service.path()).unwrap();

    service.run(service.pull().with_max_requests(60)).await;
    let staging = service.path().join("_staging");
    let missing = std::fs::read_dir(&staging)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| {
            path.file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with("sessions-")
        });
    std::fs::remove_file(missing.unwrap()).unwrap();
    service.run(service.pull()).await;
    assert_eq!(differing(&files(&service.path()), &uninterrupted), [""; 0]);
}

#[tokio::test]
async fn an_interrupted_commit_is_completed() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let uninterrupted = files(&service.path());
    // A kill between the renames leaves a pending manifest and a file that is not renamed.
    let days = service.path().join("_manifest/days");
    let staging = service.path().join("_staging");
    std::fs::create_dir_all(&staging).unwrap();
    std::fs::rename(
        days.join("2022-01-01.json"),
        days.join("2022-01-01.json.pending"),
    )
    .unwrap();
    std::fs::rename(
        service.path().join("events/date=2022-01-01/events.ndjson"),
        staging.join("events-2022-01-01.incoming"),
    )
    .unwrap();
    // The next pull completes the commit, so no file is reported as unknown.
    let found = service.verify_unfinished();
    let message = "interrupted while files were replaced; run it again";
    assert!(found.problems[0].contains(message), "{found:?}");
    let report = service.run(service.pull()).await;
    assert_eq!(report.requests, 2);
    assert_eq!(differing(&files(&service.path()), &uninterrupted), [""; 0]);
}

#[tokio::test]
async fn a_file_that_is_missing_after_an_interrupted_commit_is_read_again() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let uninterrupted = files(&service.path());
    let days = service.path().join("_manifest/days");
    std::fs::rename(
        days.join("2022-01-01.json"),
        days.join("2022-01-01.json.pending"),
    )
    .unwrap();
    std::fs::remove_file(service.path().join("events/date=2022-01-01/events.ndjson")).unwrap();
    service.run(service.pull()).await;
    assert_eq!(differing(&files(&service.path()), &uninterrupted), [""; 0]);
}

#[tokio::test]
async fn a_pull_of_another_period_keeps_the_unfinished_one() {
    let service = Service::small().await;
    service.run(service.pull().with_max_requests(60)).await;
    let one = service
        .pull_as_of("2022-03-01T00:00:00Z")
        .with_period("2022-01-01".parse().unwrap());
    let report = service.run(one).await;
    assert!(!report.stopped);
    // The first pull is still reported as unfinished.
    let found = service.verify_unfinished();
    assert!(
        found.problems[0].contains("the pull of 2021-12-18/2022-01-16"),
        "{found:?}"
    );
    assert_eq!(found.complete_until.unwrap().to_string(), "2022-01-01");
    service.run(service.pull()).await;
    assert_eq!(service.verify().sessions, 300);
}

#[tokio::test]
async fn only_one_process_writes_at_a_time() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let lock = std::fs::OpenOptions::new()
        .write(true)
        .open(service.path().join("_lock"))
        .unwrap();
    lock.lock().unwrap();
    std::fs::write(service.path().join("_lock"), "process 4711\n").unwrap();
    let error = service.pull().run().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Locked);
    assert!(
        error.to_string().contains("in use by process 4711"),
        "{error}"
    );
    let error = apivideo_lake::verify(service.path()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("is being written by process 4711"),
        "{error}"
    );
    // The end of the process releases the lock, although its name is still in the file.
    drop(lock);
    service.run(service.pull()).await;
}
