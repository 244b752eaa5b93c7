//! A pull stores what the simulator has.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use apivideo_lake::{Format, Selection};
use common::{Service, WORLD, files, truth};

fn stored(service: &Service) -> Vec<(String, String, usize)> {
    let text = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap().to_owned();
    let events = service.rows("events");
    let mut all: Vec<_> = service
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
    all.sort();
    all
}

#[tokio::test]
async fn all_sessions_are_stored_once_with_their_events_under_their_day() {
    let service = Service::small().await;
    let report = service.run(service.pull()).await;
    let truth = truth(&service.simulator, WORLD);
    assert_eq!(truth.len(), 300);
    assert_eq!(stored(&service), truth);
    assert_eq!(report.sessions, 300);
    assert_eq!(report.sessions_with_events, 300);
    assert_eq!(
        report.out_of_period + report.skipped_sessions + report.without_events,
        0
    );
    assert_eq!(report.complete_until.unwrap().to_string(), "2022-01-16");
    for (path, bytes) in files(&service.path()) {
        let Some(day) = path.strip_prefix("sessions/date=") else {
            continue;
        };
        let (day, name) = day.split_once('/').unwrap();
        assert_eq!(name, "sessions.ndjson");
        for row in String::from_utf8(bytes).unwrap().lines() {
            assert!(
                row.contains(&format!(r#""loaded_at":"{day}T"#)),
                "{path}: {row}"
            );
        }
    }
    let found = service.verify();
    assert_eq!(found.sessions, 300);
    assert_eq!(
        found.events as usize,
        truth.iter().map(|(_, _, events)| events).sum::<usize>()
    );
}

#[tokio::test]
async fn rows_are_sorted_by_asset_and_session_and_events_keep_their_order() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    for (path, bytes) in files(&service.path()) {
        let rows = String::from_utf8(bytes).unwrap();
        let rows = rows.lines().map(serde_json::from_str::<serde_json::Value>);
        if path.starts_with("sessions/") || path.starts_with("events/") {
            let keys: Vec<_> = rows
                .map(Result::unwrap)
                .map(|row| {
                    let text = |name: &str| row[name].as_str().unwrap().to_owned();
                    (
                        text("asset_kind"),
                        text("asset_id"),
                        text("session_id"),
                        row["number"].as_u64(),
                    )
                })
                .collect();
            assert!(keys.is_sorted(), "{path}");
        }
    }
    let events = service.rows("events");
    let session = events[0]["session_id"].as_str().unwrap();
    let kinds: Vec<_> = events
        .iter()
        .filter(|event| event["session_id"] == session)
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    let world = service.simulator.world();
    let truth: Vec<_> = world
        .events(session)
        .unwrap()
        .iter()
        .map(|event| event.kind.as_str())
        .collect();
    assert_eq!(kinds, truth);
}

#[tokio::test]
async fn all_formats_have_the_same_rows() {
    let service = Service::small().await;
    let mut counts = Vec::new();
    for format in Format::ALL
        .into_iter()
        .filter(|format| format.is_available())
    {
        let folder = service.folder.path().join(format.name());
        let pull = apivideo_lake::Pull::new(&service.client, &folder)
            .as_of("2022-03-01T00:00:00Z".parse().unwrap())
            .with_period(WORLD.parse().unwrap())
            .with_format(format);
        service.run(pull).await;
        let found = apivideo_lake::verify(&folder).unwrap();
        assert_eq!(found.problems, [""; 0], "{format}");
        assert!(found.files > 0);
        counts.push((found.sessions, found.events));
        assert!(
            files(&folder)
                .keys()
                .any(|path| path.ends_with(&format!("/events.{format}")))
        );
    }
    assert!(
        counts.len() >= 2 && counts.windows(2).all(|pair| pair[0] == pair[1]),
        "{counts:?}"
    );
}

#[tokio::test]
async fn assets_without_sessions_take_one_request_for_the_whole_period() {
    // Most of the 60 assets have none of the 40 sessions.
    let world = apivideo_simulator::Simulator::builder()
        .videos(50)
        .live_streams(10)
        .sessions(40)
        .days(365);
    let service = Service::start(world).await;
    let pull = service
        .pull_as_of("2022-12-01T00:00:00Z")
        .with_period("2021-07-01/2022-07-31".parse().unwrap());
    let report = service.run(pull.without_events()).await;
    // 60 lists of sessions, a page of videos, a page of live streams.
    assert_eq!(report.requests, 62);
    assert_eq!(report.sessions, 40);
    assert_eq!(service.requests_since(0), 62);
}

#[tokio::test]
async fn only_the_selection_is_pulled() {
    let service = Service::small().await;
    let video = service.simulator.world().videos()[1].id().to_owned();
    let selection = Selection::none()
        .with_video(video.parse().unwrap())
        .with_all_live_streams();
    service.run(service.pull().with_selection(selection)).await;
    let expected: Vec<_> = truth(&service.simulator, WORLD)
        .into_iter()
        .filter(|(asset, ..)| {
            *asset == video
                || service
                    .simulator
                    .world()
                    .live_streams()
                    .iter()
                    .any(|live| live.id() == asset.as_str())
        })
        .collect();
    assert_eq!(stored(&service), expected);
    // A later pull adds the rest.
    service.run(service.pull()).await;
    assert_eq!(stored(&service), truth(&service.simulator, WORLD));
    service.verify();
}

#[tokio::test]
async fn a_pull_without_events_requests_none() {
    let service = Service::small().await;
    let report = service.run(service.pull().without_events()).await;
    assert_eq!((report.sessions, report.sessions_with_events), (300, 0));
    assert_eq!(service.rows("events").len(), 0);
    let paths = service.simulator.requests();
    assert!(
        paths
            .iter()
            .all(|request| !request.path().ends_with("/events"))
    );
    // The setting of the first pull applies to the next one, which reports it.
    assert_eq!(report.warnings, [""; 0]);
    let next = service.run(service.pull().with_reread()).await;
    assert_eq!(next.sessions_with_events, 0);
    assert!(next.warnings[0].contains("no events"), "{next:?}");
}

#[tokio::test]
async fn a_pull_is_as_of_now_by_default() {
    let service = Service::small().await;
    let pull = || apivideo_lake::Pull::new(&service.client, service.path());
    let now = "2022-01-10T12:00:00Z".parse().unwrap();
    let report = pull()
        .with_clock(now)
        .with_format(Format::Ndjson)
        .with_period(WORLD.parse().unwrap())
        .without_events()
        .run()
        .await
        .unwrap();
    assert_eq!(report.complete_until.unwrap().to_string(), "2022-01-06");
    // Without an injected clock, the system's: all of the days are final.
    let report = pull()
        .with_period(WORLD.parse().unwrap())
        .run()
        .await
        .unwrap();
    assert_eq!(report.complete_until.unwrap().to_string(), "2022-01-16");
}

#[tokio::test]
async fn mutable_days_without_sessions_take_one_request_together() {
    let world = apivideo_simulator::Simulator::builder()
        .videos(50)
        .live_streams(0)
        .sessions(20)
        .days(30);
    let service = Service::start(world.now("2022-01-10T12:00:00Z".parse().unwrap())).await;
    let pull = || {
        let pull = service.pull_as_of("2022-01-10T12:00:00Z");
        pull.with_since("2021-12-20".parse().unwrap())
            .without_events()
    };
    let first = service.run(pull()).await;
    // A page of videos, none of live streams, and a request for each video; more where a session lasted over midnight.
    assert!((52..60).contains(&first.requests), "{first:?}");
    let second = service.run(pull()).await;
    assert!((52..60).contains(&second.requests), "{second:?}");
    let truth = truth(&service.simulator, "2021-12-20/2022-01-10");
    assert_eq!(service.rows("sessions").len(), truth.len());
    assert_eq!(
        service.verify().complete_until.unwrap().to_string(),
        "2022-01-06"
    );
}

#[tokio::test]
async fn progress_and_report_agree() {
    let faults = apivideo_simulator::Rule::new()
        .path("/analytics/sessions/*/events")
        .every(50)
        .times(4)
        .status(503);
    let service = Service::faulty(apivideo_simulator::FaultScript::new().rule(faults)).await;
    let pull = service.pull();
    let progress = pull.progress();
    let report = service.run(pull).await;
    let progress = progress.get();
    assert_eq!(progress.stage, apivideo_lake::Stage::Done);
    assert_eq!((progress.requests, progress.retries), (report.requests, 4));
    assert_eq!(
        service.requests_since(0),
        report.requests,
        "including retries"
    );
    assert_eq!((progress.lists, progress.lists_total), (5, 5));
    assert_eq!(
        (
            progress.sessions,
            progress.sessions_with_events,
            progress.sessions_with_events_total
        ),
        (300, 300, 300)
    );
    assert_eq!((progress.days, progress.days_total), (30, 30));
}
