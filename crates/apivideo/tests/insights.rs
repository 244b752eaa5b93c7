//! Audiences of lists: what is counted, what cannot be read, and errors.
#![cfg(feature = "insights")]
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use apivideo::insights::{Audience, AudienceReport, Dimension, Event, LengthSource, SessionFacts};
use apivideo::query::{Sessions, Window};
use apivideo::{AssetId, Client, ErrorKind, List, Result};
use apivideo_simulator::{FaultScript, Rule, Simulator};
use futures::TryStreamExt;

const VIDEO: &str = "vi4k0jvEUuaTdRAEjQ4Prklg";
const DAY: &str = "2022-01-01";
const SESSIONS: u64 = 60;

async fn simulator(faults: FaultScript) -> Simulator {
    Simulator::builder()
        .videos(1)
        .live_streams(0)
        .days(1)
        .sessions(SESSIONS)
        .faults(faults)
        .start()
        .await
        .unwrap()
}

fn client(simulator: &Simulator) -> Client {
    Client::builder()
        .api_key("key")
        .base_url(simulator.base_url())
        .with_retry_policy(apivideo::retry::RetryPolicy::none())
        .build()
        .unwrap()
}

fn list(simulator: &Simulator) -> List<Sessions> {
    client(simulator)
        .video(VIDEO.parse().unwrap())
        .sessions(DAY.parse().unwrap())
}

fn of(id: &str) -> Rule {
    Rule::new().path(format!("/analytics/sessions/{id}/events"))
}

fn ids(simulator: &Simulator) -> Vec<String> {
    let sessions = simulator.world().sessions(VIDEO, DAY).unwrap();
    sessions.map(|session| session.id).collect()
}

async fn report(list: List<Sessions>) -> Result<AudienceReport> {
    list.audience().await.map(Audience::finish)
}

#[tokio::test]
async fn an_audience_is_that_of_the_sessions_of_the_stream() {
    let simulator = simulator(FaultScript::new()).await;
    let mut expected = Audience::new();
    let mut sessions = list(&simulator).include_events(4).stream();
    while let Some(session) = sessions.try_next().await.unwrap() {
        let events: Vec<Event> = session.events().iter().map(Event::from).collect();
        expected.add(&SessionFacts::from(&session), &events);
    }
    let expected = expected.finish();
    assert_eq!(expected.measures.quality.sessions, SESSIONS);
    assert!(expected.measures.watch_seconds > 0.0 && expected.measures.retention.is_some());
    for list in [
        list(&simulator),
        list(&simulator).include_events(1),
        list(&simulator)
            .include_events(64)
            .page_size(7.try_into().unwrap()),
        list(&simulator)
            .with_windows(Window::Day)
            .with_concurrency(3)
            .unordered(),
    ] {
        assert_eq!(report(list).await.unwrap(), expected);
    }
}

#[tokio::test]
async fn settings_and_sessions_of_the_given_audience_are_kept() {
    let simulator = simulator(FaultScript::new()).await;
    let audience = Audience::new()
        .by(Dimension::Country)
        .with_length(apivideo::insights::Asset::video(VIDEO), 300.0);
    let once = list(&simulator).audience_with(audience).await.unwrap();
    let other = once.fork();
    let measures = once.clone().finish();
    assert_eq!(measures.breakdowns[0].dimension, "country");
    assert_eq!(
        measures.measures.length.unwrap().source,
        LengthSource::Known
    );
    let twice = list(&simulator).audience_with(once).await.unwrap();
    assert_eq!(twice.finish().measures.quality.sessions, 2 * SESSIONS);
    let fresh = list(&simulator).audience_with(other).await.unwrap();
    assert_eq!(fresh.finish(), measures);
}

#[tokio::test]
async fn sessions_whose_events_cannot_be_read_are_counted_with_their_facts() {
    let ids = ids(&simulator(FaultScript::new()).await);
    for (name, rule) in [
        ("404", of(&ids[30]).status(404)),
        ("an invalid event", of(&ids[30]).replace("/data/0", 7)),
        ("a page of HTML", of(&ids[30]).html()),
    ] {
        let simulator = simulator(FaultScript::new().rule(rule)).await;
        let audience = Audience::new().by(Dimension::Asset);
        let report = list(&simulator)
            .audience_with(audience)
            .await
            .unwrap()
            .finish();
        let quality = &report.measures.quality;
        assert_eq!(
            (quality.sessions, quality.sessions_unreadable),
            (SESSIONS, 1),
            "{name}"
        );
        let [row] = &report.breakdowns[0].rows[..] else {
            panic!("{name}: the session has its asset");
        };
        assert_eq!(row.value.as_deref(), Some(VIDEO), "{name}");
        assert!(report.measures.retention.is_some(), "{name}");
    }
}

#[tokio::test]
async fn records_that_cannot_be_decoded_are_counted_and_passed_to_the_handler() {
    let page = Rule::new().path(format!("/analytics/videos/{VIDEO}"));
    let simulator = simulator(FaultScript::new().rule(page.replace("/data/3", 7))).await;
    let handled = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&handled);
    let with_handler = list(&simulator).on_invalid(move |error| {
        assert_eq!(error.kind(), ErrorKind::Record);
        assert_eq!(error.asset_id().unwrap().as_str(), VIDEO);
        counter.fetch_add(1, Ordering::Relaxed);
    });
    for list in [list(&simulator), with_handler] {
        let report = report(list).await.unwrap();
        let quality = &report.measures.quality;
        assert_eq!(
            (quality.sessions, quality.sessions_unreadable),
            (SESSIONS, 1)
        );
        assert!(
            report.measures.retention.is_some(),
            "the record belongs to the video"
        );
    }
    assert_eq!(handled.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn an_incomplete_list_is_an_error() {
    let ids = ids(&simulator(FaultScript::new()).await);
    let events = Rule::new().path("/analytics/sessions/*/events");
    for (name, rule) in [
        ("a temporary failure", of(&ids[50]).status(503)),
        ("unusable responses in a row", events.from(11).html()),
        (
            "a missing page",
            Rule::new()
                .path(format!("/analytics/videos/{VIDEO}"))
                .status(500),
        ),
    ] {
        let simulator = simulator(FaultScript::new().rule(rule)).await;
        let error = list(&simulator).audience().await.unwrap_err();
        assert!(error.is_terminal(), "{name}: {error}");
    }
}

#[tokio::test]
async fn an_asset_that_does_not_exist_is_an_error() {
    let simulator = simulator(FaultScript::new()).await;
    let assets: [AssetId; 2] =
        ["video/viUnknown", "video/vi4k0jvEUuaTdRAEjQ4Prklg"].map(|asset| asset.parse().unwrap());
    let sessions = client(&simulator)
        .assets(&assets)
        .sessions(DAY.parse().unwrap());
    let error = sessions.audience().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Asset);
    let sessions = client(&simulator)
        .assets([&assets[1]])
        .sessions(DAY.parse().unwrap());
    let report = report(sessions).await.unwrap();
    assert_eq!(report.measures.quality.sessions, SESSIONS);
}

#[test]
fn the_future_can_be_spawned() {
    fn assert_send(_: impl Send + 'static) {}
    let client = Client::builder().api_key("key").build().unwrap();
    let sessions = client
        .video(VIDEO.parse().unwrap())
        .sessions(DAY.parse().unwrap());
    assert_send(async move { sessions.audience().await });
}
