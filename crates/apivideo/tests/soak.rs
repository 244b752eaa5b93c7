//! Sessions with their events through a long bad day, compared with the simulator's own truth: nothing lost, nothing twice.
//!
//! `SOAK_SESSIONS` tells how many sessions there are: 2,000 unless told. By hand, in a release build:
//! `SOAK_SESSIONS=50000 cargo test --release -p apivideo --test soak -- --nocapture`.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::collections::HashMap;
use std::time::Duration;

use apivideo::{Client, Cursor, ErrorKind, Event, RetryPolicy};
use apivideo_simulator::{FaultScript, Simulator};
use futures::TryStreamExt;

const VIDEO: &str = "vi4k0jvEUuaTdRAEjQ4Prklg";
const PERIOD: &str = "2021-12-30/2022-01-03";

#[tokio::test]
async fn a_long_bad_day() {
    let sessions: u64 = std::env::var("SOAK_SESSIONS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(2_000);
    let builder = Simulator::builder()
        .videos(1)
        .live_streams(0)
        .days(5)
        .sessions(sessions);
    let simulator = builder
        .faults(FaultScript::random(11, 0.12))
        .start()
        .await
        .unwrap();
    // Few attempts, so that some calls are given up and the cursor has work to do.
    let policy = RetryPolicy::default()
        .with_attempts(2)
        .with_backoff(Duration::from_millis(1), Duration::from_millis(4));
    let client = Client::builder()
        .api_key("key")
        .base_url(simulator.base_url())
        .with_retry_policy(policy)
        .build()
        .unwrap();
    let list = client
        .video(VIDEO.parse().unwrap())
        .sessions(PERIOD.parse().unwrap())
        .page_size(20.try_into().unwrap());

    let mut read: HashMap<String, usize> = HashMap::new();
    let (mut twice, mut resumed, mut failed) = (0, 0, Vec::new());
    let mut cursor: Option<Cursor> = None;
    let mut retries = 0;
    'again: loop {
        let stream = list.stream();
        let stream = match &cursor {
            Some(cursor) => stream.with_cursor(cursor).unwrap(),
            None => stream,
        };
        let mut stream = stream.with_events(8);
        let progress = stream.progress();
        loop {
            match stream.try_next().await {
                Ok(Some(both)) => {
                    twice += usize::from(
                        read.insert(both.session.id.to_string(), both.events.len())
                            .is_some(),
                    );
                }
                Ok(None) => {
                    retries += progress.borrow().retries;
                    break 'again;
                }
                Err(error) if error.kind() == ErrorKind::Events => {
                    failed.push(error.session_id().unwrap().clone());
                }
                Err(error) => {
                    assert!(error.is_retryable(), "{error:?}");
                    retries += progress.borrow().retries;
                    cursor = Some(error.cursor().unwrap().clone());
                    resumed += 1;
                    continue 'again;
                }
            }
        }
    }
    // The sessions whose events could not be read are known by their ids.
    let given_up = failed.len();
    while let Some(id) = failed.pop() {
        match client
            .session(&id)
            .events()
            .stream()
            .try_collect::<Vec<Event>>()
            .await
        {
            Ok(events) => twice += usize::from(read.insert(id.to_string(), events.len()).is_some()),
            Err(error) if error.is_retryable() => failed.push(id),
            Err(error) => panic!("{error:?}"),
        }
    }
    let truth: HashMap<_, _> = {
        let sessions = simulator.world().sessions(VIDEO, PERIOD).unwrap();
        sessions
            .map(|session| (session.id, session.events))
            .collect()
    };
    let lost = truth
        .iter()
        .filter(|(id, events)| read.get(*id) != Some(events))
        .count();
    println!(
        "{} sessions, {} requests, {} faults, {retries} retries, {resumed} times resumed, {given_up} sessions read apart: {lost} lost, {twice} twice",
        truth.len(),
        simulator.requests_total(),
        simulator.faults_injected(),
    );
    assert_eq!(
        (truth.len() as u64, read.len(), lost, twice),
        (sessions, truth.len(), 0, 0)
    );
    assert!(simulator.faults_injected() > 50, "it was a bad day");
}
