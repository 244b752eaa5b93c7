//! Sessions with their events: which failures end the stream, which ones skip a session, and the position of the cursor.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::time::Duration;

use apivideo::query::Sessions;
use apivideo::retry::RetryPolicy;
use apivideo::{AssetId, Client, Cursor, ErrorKind, Session};
use apivideo_simulator::{FaultScript, Reset, Rule, Simulator};
use futures::{StreamExt, TryStreamExt};

const VIDEO: &str = "vi4k0jvEUuaTdRAEjQ4Prklg";
const DAY: &str = "2022-01-01";
const EVENTS: &str = "/analytics/sessions/*/events";
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

fn truth(simulator: &Simulator) -> Vec<String> {
    let sessions = simulator.world().sessions(VIDEO, DAY).unwrap();
    sessions.map(|session| session.id).collect()
}

fn client(simulator: &Simulator) -> Client {
    let attempts = RetryPolicy::default()
        .max_attempts(2)
        .max_elapsed(Duration::from_secs(2))
        .initial_backoff(Duration::from_millis(1))
        .max_backoff(Duration::from_millis(2));
    Client::builder()
        .api_key("key")
        .base_url(simulator.base_url())
        .with_retry_policy(attempts)
        .with_timeout(Duration::from_millis(500))
        .build()
        .unwrap()
}

fn list(simulator: &Simulator) -> apivideo::List<Sessions> {
    client(simulator)
        .video(VIDEO.parse().unwrap())
        .sessions(DAY.parse().unwrap())
        .page_size(25.try_into().unwrap())
}

/// The faults of the events of one session.
fn of(id: &str) -> Rule {
    Rule::new().path(format!("/analytics/sessions/{id}/events"))
}

fn id(outcome: &apivideo::Result<Session>) -> String {
    match outcome {
        Ok(session) => session.id.to_string(),
        Err(error) => format!("{:?}", error.kind()),
    }
}

#[tokio::test]
async fn a_temporary_failure_ends_the_stream_before_its_session() {
    let ids = truth(&simulator(FaultScript::new()).await);
    let failures = [
        ("503", of(&ids[30]).status(503)),
        ("500 without a body", of(&ids[30]).status(500).body("")),
        ("a reset", of(&ids[30]).reset(Reset::BeforeHead)),
        ("a body cut short", of(&ids[30]).cut_at(40)),
        (
            "no response in time",
            of(&ids[30]).latency(Duration::from_secs(5)),
        ),
        (
            "a 429 for longer than it may wait",
            of(&ids[30]).status(429).header("Retry-After", "4000"),
        ),
        ("501", of(&ids[30]).status(501)),
        ("403", of(&ids[30]).status(403)),
        (
            "an operation that is gone",
            of(&ids[30])
                .status(404)
                .body(r#"{"title":"Unrecognized request URL."}"#),
        ),
    ];
    for (name, rule) in failures {
        for concurrency in [1, 8] {
            let simulator = simulator(FaultScript::new().rule(rule.clone())).await;
            let mut outcomes: Vec<_> = list(&simulator)
                .include_events(concurrency)
                .stream()
                .collect()
                .await;
            let error = outcomes.pop().unwrap().unwrap_err();
            assert!(error.is_terminal(), "{name}: {error}");
            assert_eq!(error.session_id().unwrap().as_str(), ids[30], "{name}");
            let mut read: Vec<_> = outcomes.iter().map(id).collect();
            assert_eq!(
                read,
                ids[..30],
                "{name}: all before it, and nothing behind it"
            );
            assert!(
                simulator.requests_total() < 50 + 4 * concurrency as u64,
                "{name}: it does not read on"
            );
            // Once the service works again, the cursor continues with this session.
            let well = self::simulator(FaultScript::new()).await;
            let cursor: Cursor = error.cursor().unwrap().clone();
            let list = list(&well).include_events(concurrency);
            let rest: Vec<_> = list.resume(&cursor).unwrap().collect().await;
            read.extend(rest.iter().map(id));
            assert_eq!(read, ids, "{name}");
        }
    }
}

#[tokio::test]
async fn a_permanent_failure_skips_its_session() {
    let ids = truth(&simulator(FaultScript::new()).await);
    for (name, rule) in [
        ("404", of(&ids[30]).status(404)),
        ("an invalid event", of(&ids[30]).replace("/data/0", 7)),
        ("400", of(&ids[30]).status(400)),
        ("a page of HTML", of(&ids[30]).html()),
    ] {
        for concurrency in [1, 8] {
            let simulator = simulator(FaultScript::new().rule(rule.clone())).await;
            let mut stream = list(&simulator).include_events(concurrency).stream();
            let progress = stream.watch();
            let outcomes: Vec<_> = stream.by_ref().collect().await;
            let error = outcomes[30].as_ref().unwrap_err();
            assert_eq!(
                (error.kind(), error.is_terminal()),
                (ErrorKind::Events, false),
                "{name}: {error}"
            );
            assert_eq!(error.session_id().unwrap().as_str(), ids[30], "{name}");
            let read: Vec<_> = outcomes.iter().map(id).collect();
            let mut expected = ids.clone();
            expected[30] = "Events".to_owned();
            assert_eq!(read, expected, "{name}: in order");
            assert_eq!(progress.get().skipped, 1, "{name}");
        }
    }
}

#[tokio::test]
async fn a_session_with_an_unusable_response_is_skipped_only_once_another_one_was_read() {
    let ids = truth(&simulator(FaultScript::new()).await);
    let faults = FaultScript::new()
        .rule(of(&ids[30]).html())
        .rule(of(&ids[31]).html())
        .rule(of(&ids[32]).status(503));
    let simulator = simulator(faults).await;
    let outcomes: Vec<_> = list(&simulator).include_events(1).stream().collect().await;
    assert_eq!(outcomes.len(), 31, "the cause is not known yet");
    let error = outcomes[30].as_ref().unwrap_err();
    assert_eq!(error.session_id().unwrap().as_str(), ids[32]);
    let well = self::simulator(FaultScript::new()).await;
    let list = list(&well).include_events(1);
    let rest: Vec<_> = list
        .resume(error.cursor().unwrap())
        .unwrap()
        .collect()
        .await;
    assert_eq!(rest.iter().map(id).collect::<Vec<_>>(), ids[30..]);
}

#[tokio::test]
async fn the_last_session_with_an_unusable_response_is_skipped() {
    let ids = truth(&simulator(FaultScript::new()).await);
    let simulator = simulator(FaultScript::new().rule(of(ids.last().unwrap()).html())).await;
    let outcomes: Vec<_> = list(&simulator).include_events(4).stream().collect().await;
    assert_eq!(outcomes.len(), ids.len());
    let error = outcomes.last().unwrap().as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Events);
}

#[tokio::test]
async fn unusable_responses_in_a_row_end_the_stream_before_the_first_of_them() {
    let faults = FaultScript::new().rule(Rule::new().path(EVENTS).from(11).html());
    for concurrency in [1, 8] {
        let simulator = simulator(faults.clone()).await;
        let ids = truth(&simulator);
        let mut outcomes: Vec<_> = list(&simulator)
            .include_events(concurrency)
            .stream()
            .collect()
            .await;
        let error = outcomes.pop().unwrap().unwrap_err();
        assert!(error.is_terminal() && error.is_decode(), "{error}");
        assert!(
            error
                .to_string()
                .starts_with("the events of 20 sessions in a row could not be read"),
            "{error}"
        );
        let mut read: Vec<_> = outcomes.iter().map(id).collect();
        assert_eq!(read.len(), 10, "no session is skipped: {read:?}");
        assert!(
            simulator.requests_total() < 10 + 20 + 5 * 8,
            "{}",
            simulator.requests_total()
        );
        let well = self::simulator(FaultScript::new()).await;
        let list = list(&well).include_events(concurrency);
        let rest: Vec<_> = list
            .resume(error.cursor().unwrap())
            .unwrap()
            .collect()
            .await;
        read.extend(rest.iter().map(id));
        assert_eq!(read, ids);
    }
}

#[tokio::test]
async fn sessions_without_events_in_a_row_are_all_skipped() {
    let faults = FaultScript::new().rule(Rule::new().path(EVENTS).from(11).status(404));
    let simulator = simulator(faults).await;
    let mut stream = list(&simulator).include_events(8).stream();
    let progress = stream.watch();
    let outcomes: Vec<_> = stream.by_ref().collect().await;
    assert_eq!(outcomes.len() as u64, SESSIONS);
    assert_eq!(progress.get().skipped, SESSIONS - 10);
}

#[tokio::test]
async fn with_several_assets_a_temporary_failure_ends_the_stream_before_its_session() {
    let world = |faults| {
        Simulator::builder()
            .videos(3)
            .live_streams(1)
            .days(1)
            .sessions(120)
            .faults(faults)
            .start()
    };
    let read = |simulator: &Simulator, cursor: Option<Cursor>| {
        let client = client(simulator);
        async move {
            let ids: Vec<AssetId> = client
                .videos()
                .stream()
                .map_ok(|video| video.id.into())
                .try_collect()
                .await
                .unwrap();
            let sessions = client.assets(ids).sessions(DAY.parse().unwrap());
            let sessions = sessions.include_events(4);
            let mut stream = sessions.resume(cursor.as_ref()).unwrap();
            let progress = stream.watch();
            let (mut read, mut failure) = (Vec::new(), None);
            while let Some(outcome) = stream.next().await {
                match outcome {
                    Ok(session) => read.push(session.id.to_string()),
                    Err(error) if error.is_terminal() => failure = Some(error),
                    Err(error) => read.push(format!("{:?}", error.kind())),
                }
            }
            let skipped = progress.get().skipped;
            (read, failure, stream.cursor(), skipped)
        }
    };
    let well = world(FaultScript::new()).await.unwrap();
    let (whole, failure, _, _) = read(&well, None).await;
    assert!(failure.is_none() && whole.len() > 60);
    for place in [0, 5, whole.len() / 2, whole.len() - 1] {
        let simulator = world(FaultScript::new().rule(of(&whole[place]).status(503)))
            .await
            .unwrap();
        let (mut came, failure, cursor, _) = read(&simulator, None).await;
        assert_eq!(
            failure.unwrap().session_id().unwrap().as_str(),
            whole[place]
        );
        assert_eq!(came, whole[..place]);
        came.extend(read(&well, Some(cursor)).await.0);
        assert_eq!(came, whole);

        let simulator = world(FaultScript::new().rule(of(&whole[place]).status(404)))
            .await
            .unwrap();
        let (came, failure, _, skipped) = read(&simulator, None).await;
        assert!(failure.is_none());
        assert_eq!(
            (came.len(), came[place].as_str(), skipped),
            (whole.len(), "Events", 1)
        );
    }
}
