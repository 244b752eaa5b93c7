//! A plan agrees with what the pull then does.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::time::Duration;

use apivideo_lake::Format;
use apivideo_simulator::RateLimit;
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
    assert_eq!(plan.plan_requests, service.requests_since(0));
    assert_eq!(plan.rate_limit, Some(600_000));
    assert_eq!(plan.min_duration(), Some(Duration::ZERO));
    let report = service.run(pull).await;
    assert_eq!(report.requests, plan.requests());
}

#[tokio::test]
async fn a_plan_with_events_notes_that_it_is_an_estimate() {
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
    assert_eq!(
        plan.min_duration(),
        None,
        "the service reports no rate limit"
    );
}

/// Returns the size of all files but the staging, and that of the staging.
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

fn assert_near(estimate: u64, measured: u64, percent: u64, of: &str) {
    assert!(
        estimate.abs_diff(measured) * 100 <= measured * percent,
        "{of}: {estimate} estimated, {measured} measured"
    );
}

#[tokio::test]
async fn planned_sizes_are_near_the_measured_ones() {
    let cases = [
        (Format::Parquet, 300, true, 35),
        (Format::Parquet, 3_000, true, 20),
        (Format::Ndjson, 1_000, true, 20),
        (Format::Csv, 1_000, true, 20),
        (Format::Csv, 1_000, false, 20),
    ];
    for (format, sessions, events, percent) in
        cases.into_iter().filter(|case| case.0.is_available())
    {
        let service = Service::start(small().sessions(sessions)).await;
        let pull = || {
            let pull = service.pull_as_of("2022-01-17T00:00:00Z");
            let pull = pull.with_period(WORLD.parse().unwrap()).with_format(format);
            match events {
                true => pull,
                false => pull.without_events(),
            }
        };
        let plan = pull().plan().await.unwrap();
        assert!(!plan.disk_notes.is_empty());
        let of = format!("{format}, {sessions} sessions, events: {events}");
        // The staging is largest when all sessions are listed.
        let listed = plan.asset_requests + plan.session_requests;
        let mut first = 0;
        if events {
            let report = pull().with_max_requests(listed + 1).run().await.unwrap();
            assert!(report.stopped && report.sessions == sessions);
            let (_, staging) = disk(&service);
            assert_near(
                plan.staging_bytes,
                staging,
                percent,
                &format!("staging, {of}"),
            );
            first = staging;
        }
        // A complete pull has derived tables and no staging, and a reread is estimated by the stored rows.
        pull().run().await.unwrap();
        let (staying, none) = disk(&service);
        assert_eq!(none, 0);
        assert_near(plan.bytes, staying, percent, &format!("files, {of}"));
        assert_near(
            plan.peak_bytes,
            staying.max(first),
            20 + percent,
            &format!("peak, {of}"),
        );
        let reread = pull().with_reread().plan().await.unwrap();
        assert_near(reread.bytes, staying, percent, &format!("reread, {of}"));
    }
}

#[tokio::test]
async fn final_days_are_not_planned_again() {
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
        assert_eq!(plan.plan_requests, service.requests_since(before));
        // The 4 days from 2022-01-02 are mutable: 4 lists of each of 5 assets, or one request if they are small.
        assert_eq!(plan.lists, 20);
        assert!((5..=25).contains(&plan.session_requests), "{plan:?}");
        assert!(
            plan.notes[1].contains("requested again only if they have changed"),
            "{:?}",
            plan.notes
        );
        let report = service.run(pull()).await;
        assert_eq!(report.requests, plan.asset_requests + plan.session_requests);
    }
}

#[tokio::test]
async fn a_plan_is_an_upper_bound_if_a_pull_is_unfinished() {
    let service = Service::small().await;
    service.run(service.pull().with_max_requests(50)).await;
    let plan = service.pull().plan().await.unwrap();
    assert!(
        plan.notes
            .iter()
            .any(|note| note.contains("an unfinished pull is resumed")),
        "{:?}",
        plan.notes
    );
    let report = service.run(service.pull()).await;
    assert!(report.requests <= plan.requests());
}
