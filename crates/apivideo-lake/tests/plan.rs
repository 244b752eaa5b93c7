//! What a plan says, against what the pull then does.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::time::Duration;

use apivideo_simulator::RateLimit;
use common::{Service, WORLD, small, truth};

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
    let written = service.verify().bytes;
    assert!(
        plan.bytes > written / 3 && plan.bytes < written * 3,
        "{} and {written}",
        plan.bytes
    );
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
