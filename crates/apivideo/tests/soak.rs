//! Sessions with their events from a service with many faults, compared with the simulator's own data: nothing is lost or repeated.
//!
//! `SOAK_SESSIONS` sets the number of sessions, and defaults to 2,000. Manually, in a release build:
//! `SOAK_SESSIONS=50000 cargo test --release -p apivideo --test soak -- --nocapture`.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use apivideo::retry::RetryPolicy;
use apivideo::{Client, Cursor, ErrorKind, Event};
use apivideo_simulator::{FaultScript, Simulator};
use futures::TryStreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

const VIDEO: &str = "vi4k0jvEUuaTdRAEjQ4Prklg";
const PERIOD: &str = "2021-12-30/2022-01-03";

#[tokio::test]
async fn a_service_with_many_faults() {
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
    // Few attempts, so that some calls fail and the stream is resumed from its cursor.
    let policy = RetryPolicy::default()
        .max_attempts(2)
        .initial_backoff(Duration::from_millis(1))
        .max_backoff(Duration::from_millis(4));
    let client = Client::builder()
        .api_key("key")
        .base_url(simulator.base_url())
        .with_retry_policy(policy)
        .build()
        .unwrap();
    let list = client
        .video(VIDEO.parse().unwrap())
        .sessions(PERIOD.parse().unwrap())
        .page_size(20.try_into().unwrap())
        .include_events(8);

    let mut read: HashMap<String, usize> = HashMap::new();
    let (mut twice, mut resumed, mut failed) = (0, 0, Vec::new());
    let mut cursor: Option<Cursor> = None;
    let mut retries = 0;
    'again: loop {
        let mut stream = list.resume(cursor.as_ref()).unwrap();
        let progress = stream.watch();
        loop {
            match stream.try_next().await {
                Ok(Some(both)) => {
                    twice += usize::from(
                        read.insert(both.id.to_string(), both.events().len())
                            .is_some(),
                    );
                }
                Ok(None) => {
                    retries += progress.get().retries;
                    break 'again;
                }
                Err(error) if error.kind() == ErrorKind::Events => {
                    failed.push(error.session_id().unwrap().clone());
                }
                Err(error) => {
                    assert!(error.is_retryable(), "{error:?}");
                    retries += progress.get().retries;
                    cursor = Some(error.cursor().unwrap().clone());
                    resumed += 1;
                    continue 'again;
                }
            }
        }
    }
    // The sessions whose events could not be read are read separately, by their ids.
    let given_up = failed.len();
    while let Some(id) = failed.pop() {
        match client
            .session(id.clone())
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
    assert!(simulator.faults_injected() > 50, "there were many faults");
}

/// The number of milliseconds for one second of an outage, and of the pauses between attempts.
const SECOND: u64 = 10;

/// The state of the service.
#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Well,
    /// It returns 503.
    Refuses,
    /// It resets every connection.
    Resets,
}

/// A proxy to the simulator that can be blocked.
struct Gate {
    base_url: String,
    state: watch::Sender<State>,
    /// The number of connections while it was blocked, with one request each.
    refused: Arc<AtomicU64>,
}

impl Gate {
    async fn open(simulator: &Simulator) -> Self {
        let service: SocketAddr = simulator
            .base_url()
            .strip_prefix("http://")
            .unwrap()
            .parse()
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let (state, states) = watch::channel(State::Well);
        let refused = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&refused);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let mut states = states.clone();
                let count = Arc::clone(&count);
                tokio::spawn(async move {
                    let state = *states.borrow_and_update();
                    match state {
                        State::Well => tokio::select! {
                            () = forward(client, service) => {}
                            _ = states.changed() => {}
                        },
                        State::Refuses => {
                            count.fetch_add(1, Ordering::Relaxed);
                            refuse(client).await;
                        }
                        State::Resets => {
                            count.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                });
            }
        });
        Self {
            base_url,
            state,
            refused,
        }
    }

    /// Blocks it for this long.
    fn block(&self, state: State, seconds: u64) {
        self.state.send_replace(state);
        let state = self.state.clone();
        tokio::spawn(async move {
            pause(seconds).await;
            state.send_replace(State::Well);
        });
    }
}

async fn forward(mut client: TcpStream, service: SocketAddr) {
    let mut service = TcpStream::connect(service).await.unwrap();
    let _ = tokio::io::copy_bidirectional(&mut client, &mut service).await;
}

async fn refuse(mut client: TcpStream) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match client.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let response =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let _ = client.write_all(response.as_bytes()).await;
}

#[expect(
    clippy::disallowed_methods,
    reason = "an outage lasts a while, by the machine's clock"
)]
async fn pause(seconds: u64) {
    tokio::time::sleep(Duration::from_millis(seconds * SECOND)).await;
}

#[tokio::test]
async fn outages_of_1_to_60_seconds_lose_no_session() {
    const SESSIONS: u64 = 1_200;
    let simulator = Simulator::builder()
        .videos(1)
        .live_streams(0)
        .days(5)
        .sessions(SESSIONS)
        .start()
        .await
        .unwrap();
    let gate = Gate::open(&simulator).await;
    let mut outages = [1, 2, 3, 5, 10, 20, 30, 60]
        .into_iter()
        .flat_map(|seconds| [(State::Refuses, seconds), (State::Resets, seconds)]);
    let every = SESSIONS / 17;
    let (mut ids, mut runs, mut cursor): (Vec<String>, u64, Option<Cursor>) = (Vec::new(), 0, None);
    'again: loop {
        // As a command that is run again: the default policy, with its pauses at the scale of the outages.
        let policy = RetryPolicy::default()
            .initial_backoff(Duration::from_millis(SECOND / 4))
            .max_backoff(Duration::from_millis(20 * SECOND));
        let client = Client::builder()
            .api_key("key")
            .base_url(&gate.base_url)
            .with_retry_policy(policy)
            .build()
            .unwrap();
        let list = client
            .video(VIDEO.parse().unwrap())
            .sessions(PERIOD.parse().unwrap());
        let list = list.page_size(20.try_into().unwrap()).include_events(8);
        let mut stream = list.resume(cursor.as_ref()).unwrap();
        runs += 1;
        loop {
            match stream.try_next().await {
                Ok(Some(both)) => {
                    ids.push(both.id.to_string());
                    if (ids.len() as u64).is_multiple_of(every)
                        && let Some((state, seconds)) = outages.next()
                    {
                        gate.block(state, seconds);
                    }
                }
                Ok(None) => break 'again,
                Err(error) => {
                    assert!(error.is_retryable() && error.is_terminal(), "{error:?}");
                    cursor = Some(error.cursor().unwrap().clone());
                    pause(1).await;
                    continue 'again;
                }
            }
        }
    }
    assert_eq!(outages.next(), None, "every outage occurred");
    let truth: Vec<String> = {
        let sessions = simulator.world().sessions(VIDEO, PERIOD).unwrap();
        sessions.map(|session| session.id).collect()
    };
    let refused = gate.refused.load(Ordering::Relaxed);
    println!(
        "{} sessions in {runs} runs, {refused} requests refused",
        ids.len()
    );
    assert!(ids == truth, "each session once, in order");
    assert!(
        runs > 1,
        "some outages are longer than the retries of a call"
    );
    assert!(
        refused <= runs * 64,
        "a service that is down is not hammered: {refused} requests in {runs} runs"
    );
}
