//! The status of a lake, the record of its runs, and the report of a run that failed or was dropped.
#![allow(clippy::unwrap_used, reason = "a test without its fixtures fails")]

mod common;

use std::fs;

use apivideo_lake::{ErrorKind, Privacy, Pull, RunOutcome, RunRecord, Sample, Status, status};
use apivideo_simulator::{FaultScript, Rule};
use common::{Service, small};
use futures::FutureExt;

fn outcomes(status: &Status) -> Vec<RunOutcome> {
    status.runs.iter().map(|run| run.outcome).collect()
}

/// Requests of events, which fail.
fn events() -> Rule {
    Rule::new().path("/analytics/sessions/*/events")
}

#[tokio::test]
async fn status_is_read_while_a_pull_has_the_lock() {
    let service = Service::small().await;
    let sample: Sample = "20%".parse().unwrap();
    let pull = service
        .pull()
        .with_sample(sample)
        .with_privacy(Privacy::new().drop("city").unwrap());
    let missing = status(service.path()).unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::Input);
    let file = service.folder.path().join("file");
    fs::write(&file, "a thesis").unwrap();
    for error in [
        status(&file).unwrap_err(),
        apivideo_lake::verify(&file).unwrap_err(),
        apivideo_lake::rebuild(&file, None).unwrap_err(),
        Pull::new(&service.client, &file).run().await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Input, "{error}");
    }
    service.run(pull).await;
    let lock = fs::File::options()
        .write(true)
        .open(service.path().join("_lock"))
        .unwrap();
    lock.lock().unwrap();
    let found = status(service.path()).unwrap();
    drop(lock);
    let verified = service.verify();
    assert_eq!((found.bytes, found.days), (verified.bytes, verified.days));
    assert_eq!(found.complete_until, verified.complete_until);
    let files: u64 = found.tables.iter().map(|table| table.files).sum();
    assert_eq!(files, verified.files);
    let sessions = found
        .tables
        .iter()
        .find(|table| table.table.name() == "sessions");
    assert_eq!(sessions.unwrap().rows, 300);
    assert_eq!((found.videos, found.live_streams), (3, 2));
    assert_eq!(
        (found.sample, found.dropped),
        (Some(sample), vec!["location_city".to_owned()])
    );
    assert!(found.mutable.is_empty() && found.unfinished.is_empty());
}

#[tokio::test]
async fn mutable_days_and_unreadable_records_are_counted() {
    let service = Service::faulty(FaultScript::new().rule(events().nth(20).status(404))).await;
    let pull = service.pull_as_of("2022-01-10T12:00:00Z");
    let pull = pull.with_since("2021-12-18".parse().unwrap());
    let report = service.run(pull).await;
    assert_eq!(report.outcome(), RunOutcome::Incomplete);
    let found = status(service.path()).unwrap();
    assert_eq!(found.mutable, ["2022-01-07/2022-01-10".parse().unwrap()]);
    assert_eq!(found.without_events, 1);
    assert_eq!(outcomes(&found), [RunOutcome::Incomplete]);
}

#[tokio::test]
async fn failed_and_dropped_runs_are_recorded_with_what_they_have_done() {
    let mut service =
        Service::faulty(FaultScript::new().rule(events().from(100).status(500))).await;
    let pull = service.pull();
    let error = pull.run().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    let report = pull.progress().get().report.unwrap();
    assert!(report.requests > 100 && report.retries > 0, "{report:?}");
    assert!(
        report.days_written > 0 && report.rows_written > 0,
        "{report:?}"
    );
    let run = status(service.path()).unwrap().runs.pop().unwrap();
    assert_eq!(run.outcome, RunOutcome::Service);
    assert_eq!((run.requests, run.sessions), (report.requests, 300));
    assert_eq!(run.bytes_written, report.bytes_written);
    assert!(run.ended.unwrap() >= run.started);

    service.set_faults(FaultScript::new()).await;
    // Dropped at its first request.
    let pull = service.pull();
    assert!(pull.run().now_or_never().is_none());
    assert!(pull.progress().get().report.is_some());
    let found = status(service.path()).unwrap();
    let expected = [RunOutcome::Service, RunOutcome::Interrupted];
    assert_eq!(outcomes(&found), expected);
    assert!(found.runs[1].ended.is_some());
    // As after a kill.
    let record = service.path().join("_manifest/runs.json");
    let text = fs::read_to_string(&record).unwrap();
    fs::write(&record, text.replace("\"interrupted\"", "\"running\"")).unwrap();
    service.run(service.pull()).await;
    let found = status(service.path()).unwrap();
    let expected = [
        RunOutcome::Service,
        RunOutcome::Interrupted,
        RunOutcome::Complete,
    ];
    assert_eq!(outcomes(&found), expected);
}

#[tokio::test]
async fn a_locked_lake_has_no_report_and_no_record() {
    let service = Service::small().await;
    let pull = service.pull();
    service.run(pull.clone()).await;
    let lock = fs::File::options()
        .write(true)
        .open(service.path().join("_lock"))
        .unwrap();
    lock.lock().unwrap();
    assert_eq!(pull.run().await.unwrap_err().kind(), ErrorKind::Locked);
    assert_eq!(pull.progress().get().report, None);
    assert_eq!(status(service.path()).unwrap().runs.len(), 1);
}

#[tokio::test]
async fn the_last_30_runs_are_kept_and_a_damaged_record_is_replaced() {
    let service = Service::start(small().sessions(20)).await;
    let clock = |run: i64| {
        let first = "2022-03-01T00:00:00Z"
            .parse::<apivideo::Timestamp>()
            .unwrap();
        first
            .checked_add(apivideo::jiff::SignedDuration::from_hours(run))
            .unwrap()
    };
    let pull = |run: i64| -> Pull { service.pull().without_events().with_clock(clock(run)) };
    for run in 0..33 {
        service.run(pull(run)).await;
    }
    let runs: Vec<RunRecord> = status(service.path()).unwrap().runs;
    let started: Vec<_> = runs.iter().map(|run| run.started).collect();
    assert_eq!(started, (3..33).map(clock).collect::<Vec<_>>());

    let record = service.path().join("_manifest/runs.json");
    fs::write(&record, "[{").unwrap();
    assert_eq!(status(service.path()).unwrap().runs, []);
    service.verify();
    service.run(pull(33)).await;
    assert_eq!(status(service.path()).unwrap().runs.len(), 1);
    // A record that cannot be written does not fail the pull.
    fs::remove_file(&record).unwrap();
    fs::create_dir(&record).unwrap();
    let report = service.run(pull(34)).await;
    assert_eq!(report.outcome(), RunOutcome::Complete);
}
