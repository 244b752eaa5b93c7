//! Incremental pulls read only what is new or mutable.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use apivideo_lake::Pull;
use apivideo_simulator::{Behaviour, PeriodSelects, RunningSession};
use common::{Service, WORLD, files, hours, rows, small, truth};

/// Compares the stored sessions with the simulated ones.
fn assert_complete(service: &Service, period: &str) {
    let events = service.rows("events");
    let text = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap().to_owned();
    let mut there: Vec<_> = service
        .rows("sessions")
        .iter()
        .map(|row| {
            let id = text(row, "session_id");
            let count = events
                .iter()
                .filter(|event| event["session_id"] == id.as_str())
                .count();
            (text(row, "asset_id"), id, count)
        })
        .collect();
    there.sort();
    assert_eq!(there, truth(&service.simulator, period));
}

/// Returns the files of a new lake, written by one pull.
async fn fresh(
    service: &Service,
    pull: impl Fn(&std::path::Path) -> Pull,
) -> std::collections::BTreeMap<String, Vec<u8>> {
    let folder = service.folder.path().join("fresh");
    pull(&folder).run().await.unwrap();
    let mut files = files(&folder);
    files.retain(|path, _| !path.starts_with("_"));
    files
}

#[tokio::test]
async fn final_days_are_not_requested_again() {
    let service = Service::start(small().sessions(2_000)).await;
    let first = service.run(service.pull()).await;
    let before = files(&service.path());
    let requests = service.simulator.requests_total();
    let second = service.run(service.pull()).await;
    assert_eq!(
        second.requests, 2,
        "the lists of videos and of live streams"
    );
    assert_eq!(service.requests_since(requests), 2);
    assert!(second.requests * 100 <= first.requests, "{first:?}");
    assert_eq!(second.days_written + second.days_unchanged, 0);
    assert!(files(&service.path()) == before);
}

#[tokio::test]
async fn nightly_pulls_write_what_a_single_pull_writes() {
    let service = Service::start(small().now("2022-01-05T02:00:00Z".parse().unwrap())).await;
    let mut read = Vec::new();
    for _ in 0..8 {
        let now = service.simulator.now().to_string();
        let report = service
            .run(
                service
                    .pull_as_of(&now)
                    .with_since("2021-12-20".parse().unwrap()),
            )
            .await;
        read.push(report.sessions_with_events);
        service.verify();
        service.simulator.advance(hours(24));
    }
    let now = service.simulator.now();
    let last = service.run(service.pull_as_of(&now.to_string())).await;
    // As of 2022-01-13T02:00, days that ended before 2022-01-10T02:00 are final.
    assert_eq!(last.complete_until.unwrap().to_string(), "2022-01-09");
    let period = "2021-12-20/2022-01-13";
    let truth_now = truth(&service.simulator, period);
    let there: Vec<_> = service.rows("sessions");
    assert_eq!(there.len(), truth_now.len());
    let single = fresh(&service, |folder| {
        Pull::new(&service.client, folder)
            .as_of(now)
            .with_format(apivideo_lake::Format::Ndjson)
            .with_since("2021-12-20".parse().unwrap())
    })
    .await;
    let mut nightly = files(&service.path());
    nightly.retain(|path, _| !path.starts_with("_"));
    assert!(nightly == single, "equal data has equal bytes");
    let all: u64 = read.iter().sum::<u64>() + last.sessions_with_events;
    let sessions = there.len() as u64;
    // Each once, and those again that were still running when they were first listed.
    assert!(
        all >= sessions && all < sessions + sessions / 3,
        "{read:?} of {sessions}"
    );
}

#[tokio::test]
async fn events_of_unchanged_sessions_are_not_requested_again() {
    let service = Service::start(small().now("2022-01-05T12:00:00Z".parse().unwrap())).await;
    let pull = || {
        service
            .pull_as_of("2022-01-05T12:00:00Z")
            .with_since("2022-01-01".parse().unwrap())
    };
    let first = service.run(pull()).await;
    let before = files(&service.path());
    let second = service.run(pull()).await;
    assert_eq!(second.sessions_with_events, 0);
    // 5 assets with at most 5 mutable days: the sessions are listed again, their events are not read.
    assert!(
        second.requests < 40 && first.sessions_with_events > 20,
        "{first:?} {second:?}"
    );
    assert_eq!(second.days_written, 0);
    assert!(files(&service.path()) == before);
}

#[tokio::test]
async fn events_of_a_running_session_are_read_again_until_it_has_ended() {
    let world = || {
        small()
            .sessions(3_000)
            .now("2022-01-05T20:00:00Z".parse().unwrap())
    };
    for running in [RunningSession::LastHeartbeat, RunningSession::Absent] {
        let mut behaviour = Behaviour::default();
        behaviour.running_session = running;
        let service = Service::start(world().behaviour(behaviour)).await;
        let pull = |now: &str| {
            service
                .pull_as_of(now)
                .with_since("2022-01-04".parse().unwrap())
        };
        service.run(pull("2022-01-05T20:00:00Z")).await;
        service.simulator.advance(hours(48));
        let report = service.run(pull("2022-01-07T20:00:00Z")).await;
        assert!(report.sessions_with_events > 0);
        service.verify();
        let there = service.rows("sessions").len();
        assert_eq!(
            there,
            truth(&service.simulator, "2022-01-04/2022-01-07").len()
        );
        for row in service
            .rows("sessions")
            .iter()
            .filter(|row| row["loaded_at"].as_str().unwrap() < "2022-01-05T21")
        {
            let id = row["session_id"].as_str().unwrap();
            let session = service.simulator.world().session(id).unwrap();
            if session.ended_at < "2022-01-07T20:00:00Z".parse().unwrap() {
                assert_eq!(row["ended_at"], session.ended_at.to_string(), "{running:?}");
                let events = service.rows("events");
                assert_eq!(
                    events
                        .iter()
                        .filter(|event| event["session_id"] == id)
                        .count(),
                    session.events
                );
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_longer_period_does_not_read_anything_twice() {
    let service = Service::small().await;
    let pull = |period: &str| {
        service
            .pull_as_of("2022-03-01T00:00:00Z")
            .with_period(period.parse().unwrap())
    };
    let first = service.run(pull("2022-01-03/2022-01-05")).await;
    let second = service.run(pull("2021-12-18/2022-01-16")).await;
    assert_eq!(
        first.sessions_with_events + second.sessions_with_events,
        300
    );
    // Before and after the stored days.
    let lists = service.simulator.requests();
    let lists = lists
        .iter()
        .filter(|request| request.path().starts_with("/analytics/videos/"))
        .count();
    assert_eq!(lists, 3 + 2 * 3);
    assert_complete(&service, WORLD);
    service.verify();
}

#[tokio::test]
async fn sessions_listed_for_another_period_are_stored_once_and_named() {
    let mut behaviour = Behaviour::default();
    behaviour.period_selects = PeriodSelects::EndedAt;
    let service = Service::start(small().sessions(2_000).behaviour(behaviour)).await;
    let pull = |period: &str| {
        service
            .pull_as_of("2022-03-01T00:00:00Z")
            .with_period(period.parse().unwrap())
    };
    for day in ["2022-01-03", "2022-01-05", "2022-01-04"] {
        service.run(pull(day)).await;
        service.verify();
    }
    let named = files(&service.path())
        .into_iter()
        .filter(|(path, _)| path.starts_with("_manifest/days/"))
        .flat_map(|(_, text)| {
            let day: serde_json::Value = serde_json::from_slice(&text).unwrap();
            day["outOfPeriod"].as_array().cloned().unwrap_or_default()
        })
        .collect::<Vec<_>>();
    assert!(
        !named.is_empty(),
        "the data has sessions that last over midnight"
    );
    let sessions = service.rows("sessions");
    for entry in &named {
        let row = sessions
            .iter()
            .filter(|row| row["session_id"] == entry["session"])
            .collect::<Vec<_>>();
        assert_eq!(row.len(), 1);
        assert!(
            !row[0]["loaded_at"]
                .as_str()
                .unwrap()
                .starts_with(entry["period"].as_str().unwrap())
        );
    }
    // The order of the pulls does not matter.
    let together = service.folder.path().join("together");
    for period in ["2022-01-03/2022-01-05"] {
        let pull =
            Pull::new(&service.client, &together).as_of("2022-03-01T00:00:00Z".parse().unwrap());
        pull.with_format(apivideo_lake::Format::Ndjson)
            .with_period(period.parse().unwrap())
            .run()
            .await
            .unwrap();
    }
    assert_eq!(sessions, rows(&together, "sessions"));
    assert_eq!(service.rows("events"), rows(&together, "events"));
    assert_eq!(service.run(pull("2022-01-03")).await.days_written, 0);
}

#[tokio::test]
async fn a_reread_reads_final_days_again() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let video = service.simulator.world().videos()[0].id().to_owned();
    let removed = service
        .simulator
        .delete_sessions(
            &video,
            "2022-01-01",
            1,
            apivideo_simulator::ListPosition::Front,
        )
        .unwrap();
    assert_eq!(removed, 1);
    let found = apivideo_lake::verify_against_service(service.path(), &service.client)
        .await
        .unwrap();
    assert_eq!(found.problems.len(), 1);
    assert!(
        found.problems[0].contains("pull that period again (--reread)"),
        "{:?}",
        found.problems
    );
    let again = service
        .pull_as_of("2022-03-01T00:00:00Z")
        .with_period("2022-01-01".parse().unwrap())
        .with_reread();
    let report = service.run(again).await;
    assert_eq!((report.days_written, report.sessions_with_events), (1, 0));
    assert_complete(&service, WORLD);
    let found = apivideo_lake::verify_against_service(service.path(), &service.client)
        .await
        .unwrap();
    assert_eq!(found.problems, [""; 0]);
}
