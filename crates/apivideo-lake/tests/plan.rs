//! What a plan says, against what the pull then does.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::time::Duration;

use apivideo_lake::Format;
use apivideo_simulator::{FaultScript, RateLimit, Rule};
use common::{Service, WORLD, files, small, truth};

#[tokio::test]
async fn a_plan_is_exact_and_writes_nothing() {
    let service = Service::start(
        small()
            .sessions(3_000)
            .rate_limit(RateLimit::PerMinute(600_000)),
    )
    .await;
    let pull = service.pull().without_events();
    let plan = pull.plan().await.unwrap();
    assert!(!service.path().exists());
    assert_eq!((plan.assets, plan.lists, plan.sessions), (5, 5, 3_000));
    assert_eq!(plan.notes, [""; 0]);
    assert_eq!(plan.plan_requests, service.asked_since(0));
    assert_eq!(plan.rate_limit, Some(600_000));
    assert_eq!(plan.time(), Some(Duration::ZERO));
    let report = service.run(pull).await;
    assert_eq!(report.requests, plan.requests());
}

#[tokio::test]
async fn with_events_it_says_that_it_estimates_and_by_what() {
    let service = Service::small().await;
    let plan = service.pull().plan().await.unwrap();
    assert_eq!(plan.event_requests, 300);
    assert_eq!(plan.notes.len(), 1);
    assert!(
        plan.notes[0].contains("one request for each session"),
        "{:?}",
        plan.notes
    );
    let further: usize = truth(&service.simulator, WORLD)
        .iter()
        .map(|(_, _, events)| events.div_ceil(100).max(1) - 1)
        .sum();
    let report = service.run(service.pull()).await;
    assert_eq!(report.requests, plan.requests() + further as u64);
    assert_eq!(plan.time(), None, "there is no limit");
}

/// The bytes of all files, those of staging apart.
fn disk(service: &Service) -> (u64, u64) {
    let (mut staying, mut staging) = (0, 0);
    for (name, bytes) in files(&service.path()) {
        match name.starts_with("_staging/") {
            true => staging += bytes.len() as u64,
            false => staying += bytes.len() as u64,
        }
    }
    (staying, staging)
}

fn assert_near(estimate: u64, measured: u64, of: &str) {
    assert!(
        estimate * 3 > measured * 2 && estimate * 2 < measured * 3,
        "{of}: {estimate} estimated, {measured} measured"
    );
}

#[tokio::test]
async fn the_disk_that_is_planned_is_that_of_the_peak_with_staging() {
    let cases = [
        (Format::Parquet, 300, true),
        (Format::Parquet, 1_000, true),
        (Format::Ndjson, 300, true),
        (Format::Csv, 300, true),
        (Format::Csv, 300, false),
    ];
    for (format, sessions, events) in cases.into_iter().filter(|case| case.0.is_available()) {
        // What fails once all days are in their places leaves the folder as it is at its peak.
        let refused = FaultScript::new().rule(Rule::new().path("/data/buckets/*/*").status(403));
        let service = Service::start(small().sessions(sessions).faults(refused)).await;
        let pull = || {
            let pull = service.pull_as_of("2022-01-17T00:00:00Z");
            let pull = pull.with_period(WORLD.parse().unwrap()).with_format(format);
            match events {
                true => pull,
                false => pull.without_events(),
            }
        };
        let plan = pull().plan().await.unwrap();
        let of = format!("{format}, {sessions} sessions, events: {events}");
        pull().with_aggregates().run().await.unwrap_err();
        let (staying, staging) = disk(&service);
        assert_near(plan.bytes, staying, &format!("files, {of}"));
        assert_near(plan.staging_bytes, staging, &format!("staging, {of}"));
        assert_near(plan.peak_bytes(), staying + staging, &of);

        // Complete, it leaves the files alone; what is read again is planned by what is there.
        pull().run().await.unwrap();
        assert_eq!(disk(&service).1, 0);
        let again = pull().with_reread().plan().await.unwrap();
        assert_near(again.bytes, staying, &format!("again, {of}"));
    }
}

#[tokio::test]
async fn what_is_there_is_not_planned_again() {
    for sessions in [300, 3_000] {
        let world = small()
            .sessions(sessions)
            .now("2022-01-05T12:00:00Z".parse().unwrap());
        let service = Service::start(world).await;
        let pull = || {
            let pull = service.pull_as_of("2022-01-05T12:00:00Z");
            pull.with_since("2021-12-18".parse().unwrap())
        };
        let first = pull().plan().await.unwrap();
        assert!(first.session_requests >= 10, "{first:?}");
        service.run(pull()).await;
        let before = service.simulator.requests_total();
        let plan = pull().plan().await.unwrap();
        assert_eq!(plan.plan_requests, service.asked_since(before));
        // The days from 2022-01-02 on are open: 4 lists of each of 5 assets, or one request where they are small.
        assert_eq!(plan.lists, 20);
        assert!((5..=25).contains(&plan.session_requests), "{plan:?}");
        assert!(
            plan.notes[1].contains("asked for again only if they have moved"),
            "{:?}",
            plan.notes
        );
        let report = service.run(pull()).await;
        assert_eq!(report.requests, plan.asset_requests + plan.session_requests);
    }
}

#[tokio::test]
async fn a_pull_that_was_begun_makes_a_plan_an_upper_bound() {
    let service = Service::small().await;
    service.run(service.pull().with_max_requests(50)).await;
    let plan = service.pull().plan().await.unwrap();
    assert!(
        plan.notes
            .iter()
            .any(|note| note.contains("was begun and not finished")),
        "{:?}",
        plan.notes
    );
    let report = service.run(service.pull()).await;
    assert!(report.requests <= plan.requests());
}
