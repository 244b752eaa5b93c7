//! Whatever the service returns, a pull is complete or reports what is missing. Once the service is repaired, the next pull
//! leaves the bytes of an uninterrupted one.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::collections::BTreeMap;

use apivideo::jiff::SignedDuration;
use apivideo_lake::{Pull, Report, Selection};
use apivideo_simulator::{FaultScript, Reset, Rule, SimulatorBuilder};
use common::{Service, WORLD, differing, files, small, truth};

/// Few sessions: most tests read the events of all of them.
fn tiny() -> SimulatorBuilder {
    small().sessions(90)
}

/// Returns the files of an uninterrupted pull.
async fn uninterrupted(world: SimulatorBuilder) -> BTreeMap<String, Vec<u8>> {
    let service = Service::start(world).await;
    service.run(service.pull()).await;
    files(&service.path())
}

/// Runs a pull until it succeeds.
async fn run_until_success(service: &Service, pull: impl Fn() -> Pull) -> Report {
    for _ in 0..60 {
        if let Ok(report) = pull().run().await {
            return report;
        }
        service.verify_unfinished();
    }
    panic!("the pull never succeeded");
}

fn is_complete(report: &Report) -> bool {
    let skipped = report.skipped_sessions + report.skipped_events + report.skipped_assets;
    report.problems.is_empty() && skipped + report.without_events == 0
}

const VIDEO: &str = "/analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg";
const EVENTS: &str = "/analytics/sessions/*/events";

#[tokio::test]
async fn after_faults_and_repair_the_bytes_are_those_of_an_uninterrupted_pull() {
    let expected = uninterrupted(tiny()).await;
    let lists = || Rule::new().path("/analytics/videos/*").every(2);
    let events = || Rule::new().path(EVENTS).every(7);
    for (kind, script, is_repeatable) in [
        (
            "bursts of 503 in lists",
            FaultScript::new().rule(lists().status(503)),
            true,
        ),
        (
            "bursts of 503 in events",
            FaultScript::new().rule(Rule::new().path(EVENTS).from(20).times(30).status(503)),
            true,
        ),
        (
            "truncated bodies",
            FaultScript::new()
                .rule(events().cut_at(60))
                .rule(lists().cut_at(200)),
            true,
        ),
        (
            "connections reset",
            FaultScript::new().rule(events().reset(Reset::AfterHead)),
            true,
        ),
        (
            "invalid records",
            FaultScript::new()
                .rule(lists().remove("/data/3/session/sessionId"))
                .rule(events().replace("/data/1", 7)),
            false,
        ),
        (
            "fewer sessions than reported",
            FaultScript::new().rule(
                Rule::new()
                    .path("/analytics/videos/*")
                    .replace("/pagination/itemsTotal", 1_000),
            ),
            false,
        ),
        (
            "assets and sessions that are not found",
            FaultScript::new()
                .rule(lists().status(404))
                .rule(events().status(404)),
            false,
        ),
        (
            "an asset without a valid id",
            FaultScript::new().rule(
                Rule::new()
                    .path("/videos")
                    .replace("/data/1/videoId", "../x"),
            ),
            false,
        ),
        (
            "pages that can't be decoded",
            FaultScript::new()
                .rule(events().body("<html>sorry</html>"))
                .rule(lists().body("<html>sorry</html>")),
            false,
        ),
    ] {
        let mut service = Service::start(tiny().faults(script)).await;
        let report = run_until_success(&service, || service.pull()).await;
        if is_repeatable {
            assert!(is_complete(&report), "{kind}: {report:?}");
        } else {
            assert!(!is_complete(&report), "{kind}: {report:?}");
            let found = apivideo_lake::verify(service.path()).unwrap();
            assert!(!found.problems.is_empty(), "{kind}: {found:?}");
            for problem in &found.problems {
                assert!(!problem.contains("are stored, and"), "{kind}: {problem}");
            }
            assert!(
                found
                    .complete_until
                    .is_none_or(|day| day.to_string() != "2022-01-16"),
                "{kind}"
            );
        }
        service.serve(tiny()).await;
        let report = service.run(service.pull()).await;
        assert!(is_complete(&report), "{kind}: {report:?}");
        assert_eq!(
            differing(&files(&service.path()), &expected),
            [""; 0],
            "{kind}"
        );
        service.verify();
        let last = service.run(service.pull()).await;
        assert_eq!(last.requests, 2, "{kind}: final days are not read again");
    }
}

#[tokio::test]
async fn a_truncated_list_is_not_final_and_does_not_stop_the_others() {
    let script = FaultScript::new().rule(
        Rule::new()
            .path(VIDEO)
            .replace("/pagination/itemsTotal", 1_000),
    );
    let service = Service::faulty(script).await;
    let report = service.run(service.pull()).await;
    assert_eq!(report.problems.len(), 1, "{report:?}");
    let message = "video/vi4k0jvEUuaTdRAEjQ4Prklg 2021-12-18/2022-01-16: incomplete";
    assert!(report.problems[0].contains(message), "{report:?}");
    assert_eq!(report.complete_until, None);
    // The received sessions are stored.
    assert_eq!(
        service.rows("sessions").len(),
        truth(&service.simulator, WORLD).len()
    );
    let problems = service.problems();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].contains(message), "{problems:?}");
    // Not acceptable: the sessions exist and were not received.
    let report = service.run(service.pull().with_accept_invalid()).await;
    assert_eq!((report.problems.len(), report.accepted), (1, 0));
}

#[tokio::test]
async fn a_rejected_list_does_not_stop_the_others() {
    let script = FaultScript::new().rule(Rule::new().path(VIDEO).status(400));
    let service = Service::faulty(script).await;
    let report = service.run(service.pull()).await;
    assert_eq!(report.problems.len(), 1, "{report:?}");
    assert!(report.sessions > 100, "{report:?}");
    assert_eq!(service.problems().len(), 1);
}

#[tokio::test]
async fn stored_sessions_are_kept_if_they_cannot_be_read_again() {
    let mut service = Service::small().await;
    service.run(service.pull()).await;
    let expected = files(&service.path());
    let script = FaultScript::new()
        .rule(
            Rule::new()
                .path(VIDEO)
                .page(1)
                .remove("/data/3/session/sessionId"),
        )
        .rule(
            Rule::new()
                .path("/analytics/live-streams/*")
                .remove("/data/0")
                .replace("/pagination/itemsTotal", 1_000),
        )
        .rule(Rule::new().path(EVENTS).status(404));
    service.set_faults(script).await;
    // The sessions are listed again, and the events of those whose end has changed are read again.
    let report = service.run(service.pull().with_reread()).await;
    assert_eq!(report.skipped_sessions, 1, "{report:?}");
    assert_eq!(report.problems.len(), 2, "{report:?}");
    assert_eq!(service.rows("sessions").len(), 300);
    service.set_faults(FaultScript::new()).await;
    service.run(service.pull()).await;
    assert_eq!(differing(&files(&service.path()), &expected), [""; 0]);
}

#[tokio::test]
async fn an_asset_without_a_valid_id_does_not_stop_the_others() {
    let script = FaultScript::new().rule(
        Rule::new()
            .path("/videos")
            .replace("/data/1/videoId", "../x")
            .replace("/data/1/title", "a title"),
    );
    let service = Service::faulty(script).await;
    let report = service.run(service.pull()).await;
    assert_eq!(report.skipped_assets, 1);
    assert_eq!(report.invalid.len(), 1, "{:?}", report.invalid);
    assert!(
        report.invalid[0].starts_with("video, page 1, record 1"),
        "{:?}",
        report.invalid
    );
    assert!(
        report.sessions > 100 && report.problems.is_empty(),
        "{report:?}"
    );
    let invalid = common::rows(&service.path(), "_invalid");
    assert_eq!(invalid.len(), 1);
    assert_eq!(invalid[0]["asset"], "video");
    assert!(
        invalid[0]["raw"].as_str().unwrap().contains("a title"),
        "{invalid:?}"
    );
    let problems = service.problems();
    assert!(
        problems.len() == 1 && problems[0].contains("no valid id"),
        "{problems:?}"
    );
    let report = service.run(service.pull().with_accept_invalid()).await;
    assert_eq!((report.skipped_assets, report.accepted), (0, 1));
    service.verify();
}

#[tokio::test]
async fn dropped_fields_of_invalid_records_are_not_stored() {
    let script = FaultScript::new().rule(
        Rule::new()
            .path(VIDEO)
            .page(1)
            .remove("/data/0/session/sessionId")
            .replace("/data/0/location/city", "SECRET"),
    );
    let service = Service::faulty(script).await;
    let privacy = apivideo_lake::Privacy::new().drop("city").unwrap();
    let report = service.run(service.pull().with_privacy(privacy)).await;
    assert_eq!(report.skipped_sessions, 1);
    for (path, bytes) in files(&service.path()) {
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains("SECRET"), "{path}");
    }
    let invalid = common::rows(&service.path(), "_invalid");
    assert!(
        invalid[0]["raw"].as_str().unwrap().contains("loadedAt"),
        "{invalid:?}"
    );
}

#[tokio::test]
async fn repaired_records_are_counted_until_they_are_read_again() {
    let damaged = |items: &str| {
        format!(
            r#"{{"data":[{items},],"pagination":{{"currentPage":1,"currentPageItems":1,"pageSize":100,"pagesTotal":1,"itemsTotal":1,"links":[]}}}}"#
        )
    };
    let session = r#"{"session":{"sessionId":"ps1","loadedAt":"2022-01-02T10:00:00+00:00","endedAt":"2022-01-02T10:01:00+00:00"},"odd":NaN}"#;
    let event = r#"{"type":"ready","emittedAt":"2022-01-02T10:00:00+00:00","at":NaN}"#;
    let script = FaultScript::new()
        .rule(Rule::new().path(VIDEO).body(damaged(session)))
        .rule(
            Rule::new()
                .path("/analytics/sessions/ps1/events")
                .status(200)
                .body(damaged(event)),
        );
    let mut service = Service::start(tiny().faults(script)).await;
    let report = service.run(service.pull()).await;
    assert!(is_complete(&report), "{report:?}");
    assert_eq!(report.repaired, 2);
    let notes = service.verify().notes;
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(
        notes.iter().all(|note| note.contains("after a repair")),
        "{notes:?}"
    );
    service.serve(tiny()).await;
    service.run(service.pull().with_reread()).await;
    assert_eq!(
        differing(&files(&service.path()), &uninterrupted(tiny()).await),
        [""; 0]
    );
}

/// The service with this time in the header `Date`.
fn dated(date: &str) -> FaultScript {
    FaultScript::new().rule(Rule::new().header("Date", date))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the client compares it with the system clock"
)]
fn now() -> apivideo::Timestamp {
    apivideo::Timestamp::now()
}

#[tokio::test]
async fn days_are_final_by_the_services_clock_if_it_is_behind() {
    // This machine is about five years ahead of the service.
    let mut service = Service::faulty(dated("Tue, 11 Jan 2022 12:00:00 GMT")).await;
    let pull = |service: &Service| {
        let pull = Pull::new(&service.client, service.path()).as_of(now());
        pull.with_format(apivideo_lake::Format::Ndjson)
            .with_period(WORLD.parse().unwrap())
    };
    let report = service.run(pull(&service)).await;
    assert_eq!(report.complete_until.unwrap().to_string(), "2022-01-07");
    assert_eq!(report.warnings.len(), 1, "{:?}", report.warnings);
    assert!(
        report.warnings[0].contains("ahead of the service's"),
        "{:?}",
        report.warnings
    );
    // Once the service's clock allows it, the days are final.
    service
        .set_faults(dated("Tue, 01 Mar 2022 00:00:00 GMT"))
        .await;
    let report = service.run(pull(&service)).await;
    assert_eq!(report.complete_until.unwrap().to_string(), "2022-01-16");
    assert_eq!(
        differing(&files(&service.path()), &uninterrupted(small()).await),
        [""; 0]
    );
}

#[tokio::test]
async fn a_missing_file_of_the_unknown_day_is_a_problem_until_everything_is_read_again() {
    let script = FaultScript::new().rule(
        Rule::new()
            .path(VIDEO)
            .query("period", WORLD)
            .page(1)
            .replace("/data/0/session/loadedAt", "soon"),
    );
    let service = Service::start(tiny().faults(script)).await;
    service.run(service.pull()).await;
    let expected = files(&service.path());
    let missing = "sessions/date=__HIVE_DEFAULT_PARTITION__/sessions.ndjson";
    std::fs::remove_file(service.path().join(missing)).unwrap();
    // A pull of one day does not read all of its sessions.
    for _ in 0..2 {
        let day = service
            .pull_as_of("2022-03-01T00:00:00Z")
            .with_period("2022-01-02".parse().unwrap());
        let report = service.run(day).await;
        assert!(
            report
                .problems
                .iter()
                .any(|problem| problem.contains("is missing")),
            "{report:?}"
        );
        assert!(!service.problems().is_empty());
    }
    let report = service.run(service.pull().with_reread()).await;
    assert_eq!(report.problems, [""; 0]);
    assert_eq!(differing(&files(&service.path()), &expected), [""; 0]);
    service.verify();
}

#[tokio::test]
async fn unreadable_aggregates_are_reported_and_read_again() {
    let world = || small().sessions(600);
    let script = FaultScript::new().rule(
        Rule::new()
            .path("/data/buckets/play/country")
            .times(2)
            .body("<html>sorry</html>"),
    );
    let mut service = Service::start(world().faults(script)).await;
    let as_of = service.simulator.now().to_string();
    let pull = |service: &Service| {
        service
            .pull_as_of(&as_of)
            .with_since("2022-01-10".parse().unwrap())
            .without_events()
            .with_aggregates()
    };
    let report = service.run(pull(&service)).await;
    assert!(
        report
            .problems
            .iter()
            .any(|problem| problem.contains("the aggregates of")),
        "{report:?}"
    );
    service.verify_unfinished();
    service.serve(world()).await;
    let report = service.run(pull(&service)).await;
    assert_eq!(report.problems, [""; 0]);
    service.verify();
}

#[tokio::test]
async fn an_as_of_in_the_future_does_not_make_days_final() {
    let service = Service::small().await;
    let clock = "2022-01-10T12:00:00Z"
        .parse::<apivideo::Timestamp>()
        .unwrap();
    let pull = service.pull_as_of("2023-01-01T00:00:00Z").with_clock(clock);
    let report = service.run(pull.with_period(WORLD.parse().unwrap())).await;
    assert_eq!(report.complete_until.unwrap().to_string(), "2022-01-06");
    assert!(
        report.warnings[0].contains("is in the future"),
        "{:?}",
        report.warnings
    );
    let soon = clock + SignedDuration::from_secs(30);
    let pull = service.pull_as_of(&soon.to_string()).with_clock(clock);
    let report = service.run(pull.with_period(WORLD.parse().unwrap())).await;
    assert_eq!(report.warnings, [""; 0]);
}

#[tokio::test]
async fn days_made_final_too_early_are_read_again() {
    let service = Service::start(small().now("2022-01-03T00:00:00Z".parse().unwrap())).await;
    let since = |as_of: &str| {
        service
            .pull_as_of(as_of)
            .with_since("2021-12-18".parse().unwrap())
    };
    // Half of the data, made final up to the end of the year.
    service.run(since("2023-01-01T00:00:00Z")).await;
    assert_eq!(
        service.verify().complete_until.unwrap().to_string(),
        "2022-12-27"
    );
    service.simulator.advance(common::hours(24 * 10));
    let report = service.run(since("2022-01-13T00:00:00Z")).await;
    assert_eq!(report.complete_until.unwrap().to_string(), "2022-01-08");
    assert!(
        report.warnings[0].contains("clock that was ahead"),
        "{:?}",
        report.warnings
    );
    let there = service.rows("sessions").len();
    assert_eq!(
        there,
        truth(&service.simulator, "2021-12-18/2022-01-13").len()
    );
    // It is reported once.
    assert_eq!(
        service.run(since("2022-01-13T00:00:00Z")).await.warnings,
        [""; 0]
    );
    service.verify();
}

#[tokio::test]
async fn a_larger_lag_does_not_reopen_days() {
    let service = Service::small().await;
    let pull = |lag| {
        service
            .pull_as_of("2022-01-16T12:00:00Z")
            .with_since("2021-12-18".parse().unwrap())
            .with_lag(lag)
    };
    service.run(pull(3)).await;
    let report = service.run(pull(30)).await;
    assert_eq!(report.warnings, [""; 0]);
    assert_eq!(report.complete_until.unwrap().to_string(), "2022-01-12");
}

#[tokio::test]
async fn requests_use_the_page_size() {
    let service = Service::small().await;
    let pull = service.pull().with_page_size(7.try_into().unwrap());
    let plan = pull.without_events().plan().await.unwrap();
    let before = service.simulator.requests_total();
    let report = service
        .run(
            service
                .pull()
                .with_page_size(7.try_into().unwrap())
                .without_events(),
        )
        .await;
    assert_eq!(service.requests_since(before), report.requests);
    assert_eq!(plan.requests(), report.requests);
    let lists = service.simulator.requests();
    let lists: Vec<_> = lists
        .iter()
        .skip(usize::try_from(before).unwrap())
        .filter(|request| !request.path().starts_with("/auth"))
        .collect();
    assert!(lists.len() > 40);
    for request in lists {
        let query = request.query().unwrap();
        assert!(query.contains("pageSize=7"), "{query}");
    }
}

#[tokio::test]
async fn a_stopped_pull_stays_unfinished_until_another_covers_it() {
    let service = Service::small().await;
    let some = || {
        service
            .pull()
            .with_selection(Selection::none().with_all_videos())
    };
    let command = "apivideo pull --all-videos";
    let report = service
        .run(some().with_max_requests(5).with_command(command))
        .await;
    assert!(report.stopped);
    let problems = service.verify_unfinished().problems;
    assert!(
        problems[0].ends_with(&format!("run it again: {command}")),
        "{problems:?}"
    );
    service
        .run(
            service
                .pull()
                .with_selection(Selection::none().with_all_live_streams()),
        )
        .await;
    service.verify_unfinished();
    service.run(service.pull()).await;
    service.verify();
}
