//! Stopped anywhere, a pull goes on, and ends as if nothing had happened.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use apivideo_lake::ErrorKind;
use apivideo_simulator::{FaultScript, Rule};
use common::{Service, differing, files, small};

#[tokio::test]
async fn a_pull_of_few_requests_at_a_time_ends_with_the_same_bytes() {
    let service = Service::start(small().sessions(1_000)).await;
    let whole = service.run(service.pull()).await;
    let undisturbed = files(&service.path());
    std::fs::remove_dir_all(service.path()).unwrap();

    let (mut runs, mut requests, mut asked) = (0, 0, 0);
    loop {
        let before = service.simulator.requests_total();
        let report = service.run(service.pull().with_max_requests(100)).await;
        assert!(report.requests <= 100);
        assert_eq!(
            service.asked_since(before),
            report.requests,
            "what is counted is what was asked"
        );
        runs += 1;
        requests += report.requests;
        asked += report.sessions_asked;
        if !report.stopped {
            break;
        }
        // What is there is good at any time.
        service.verify_unfinished();
    }
    assert_eq!(asked, 1_000, "none is asked for twice");
    // Each run asks for the assets again.
    assert!(
        requests <= whole.requests + 2 * runs + 5,
        "{requests} in {runs} runs, {whole:?}"
    );
    assert!(runs >= 10);
    assert_eq!(differing(&files(&service.path()), &undisturbed), [""; 0]);
    service.verify();
}

#[tokio::test]
async fn lists_go_on_at_the_page_where_they_stopped() {
    let service = Service::start(small().sessions(3_000)).await;
    let whole = service.run(service.pull().without_events()).await;
    let undisturbed = files(&service.path());
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
    // Each run asks for the assets, and for the page again that a list stood on: some lists are read side by side.
    assert!(
        requests <= whole.requests + runs * 6,
        "{requests} in {runs} runs, {whole:?}"
    );
    assert_eq!(differing(&files(&service.path()), &undisturbed), [""; 0]);
}

#[tokio::test]
async fn a_service_that_fails_for_good_costs_nothing_that_came_before() {
    // Every 40th request fails, and so does its repetition.
    let script = FaultScript::new().rule(
        Rule::new()
            .path("/analytics/sessions/*/events")
            .every(40)
            .status(403),
    );
    let service = Service::faulty(script).await;
    let mut failures = 0;
    let asked = loop {
        match service.pull().run().await {
            Ok(report) => break report.sessions_asked,
            Err(error) => {
                failures += 1;
                assert_eq!(error.kind(), ErrorKind::Service);
                assert!(
                    error
                        .to_string()
                        .contains("the same command goes on from there"),
                    "{error}"
                );
                assert!(error.service().is_some());
                assert!(failures < 50);
            }
        }
    };
    assert!(failures > 2 && asked < 300, "{failures} {asked}");
    let found = service.verify();
    assert_eq!(found.sessions, 300);
}

#[tokio::test]
async fn what_stands_behind_the_journal_does_not_count() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let undisturbed = files(&service.path());
    std::fs::remove_dir_all(service.path()).unwrap();

    let report = service.run(service.pull().with_max_requests(60)).await;
    assert!(report.stopped);
    // Half a line, as a kill leaves it, in each file that is appended to.
    for entry in std::fs::read_dir(service.path().join("_staging")).unwrap() {
        let path = entry.unwrap().path();
        let mut text = std::fs::read(&path).unwrap();
        let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
        let last = lines[lines.len() - 1];
        let half = last[..last.len() / 2].to_owned();
        text.extend(half);
        std::fs::write(&path, text).unwrap();
    }
    std::fs::write(
        service.path().join("_staging/sessions-2022-01-09.incoming"),
        "half a file",
    )
    .unwrap();
    service.run(service.pull()).await;
    assert_eq!(differing(&files(&service.path()), &undisturbed), [""; 0]);
}

#[tokio::test]
async fn staging_that_lost_something_is_read_anew() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let undisturbed = files(&service.path());
    std::fs::remove_dir_all(service.path()).unwrap();

    service.run(service.pull().with_max_requests(60)).await;
    let staging = service.path().join("_staging");
    let lost = std::fs::read_dir(&staging)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| {
            path.file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with("sessions-")
        });
    std::fs::remove_file(lost.unwrap()).unwrap();
    service.run(service.pull()).await;
    assert_eq!(differing(&files(&service.path()), &undisturbed), [""; 0]);
}

#[tokio::test]
async fn a_commit_that_was_cut_short_is_finished() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let undisturbed = files(&service.path());
    // As a kill leaves it between the renames: the pending manifest is there, and one file is not in its place.
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
    // Nothing is to be moved away: the next pull puts it in its place.
    let found = service.verify_unfinished();
    let said = "stopped while files were put in their places; run it again";
    assert!(found.problems[0].contains(said), "{found:?}");
    let report = service.run(service.pull()).await;
    assert_eq!(report.requests, 2);
    assert_eq!(differing(&files(&service.path()), &undisturbed), [""; 0]);
}

#[tokio::test]
async fn a_file_that_was_moved_away_in_the_middle_of_a_commit_is_read_again() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let undisturbed = files(&service.path());
    let days = service.path().join("_manifest/days");
    std::fs::rename(
        days.join("2022-01-01.json"),
        days.join("2022-01-01.json.pending"),
    )
    .unwrap();
    std::fs::remove_file(service.path().join("events/date=2022-01-01/events.ndjson")).unwrap();
    service.run(service.pull()).await;
    assert_eq!(differing(&files(&service.path()), &undisturbed), [""; 0]);
}

#[tokio::test]
async fn a_pull_with_other_wishes_leaves_what_it_does_not_want() {
    let service = Service::small().await;
    service.run(service.pull().with_max_requests(60)).await;
    let one = service
        .pull_as_of("2022-03-01T00:00:00Z")
        .with_period("2022-01-01".parse().unwrap());
    let report = service.run(one).await;
    assert!(!report.stopped);
    // The first one is still not finished, and what it has is not lost from sight.
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
async fn one_process_at_a_time() {
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
    // Its end frees the folder, though its name is still there.
    drop(lock);
    service.run(service.pull()).await;
}
