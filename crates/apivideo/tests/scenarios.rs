//! Faults, one by one: the items, the requests, and the messages of the error and its causes.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod support;

use std::time::Duration;

use apivideo::query::{Sessions, Window};
use apivideo::retry::RetryPolicy;
use apivideo::{Client, List, Session};
use apivideo_simulator::{FaultScript, Rule, Simulator};
use futures::{StreamExt, TryStreamExt};

const VIDEO: &str = "vi4k0jvEUuaTdRAEjQ4Prklg";

/// A list of 100 sessions is read by pages of 20, one after the other, while these faults happen.
struct Scenario {
    name: &'static str,
    /// The rules of a fault script.
    faults: &'static str,
    /// The number of sessions.
    sessions: usize,
    /// The number of requests, without those for tokens.
    requests: usize,
    /// The number of requests for tokens.
    exchanges: usize,
    /// The messages of the error that ends the stream and of its causes, [`normalized`].
    error: &'static [&'static str],
}

const NORMAL: Scenario = Scenario {
    name: "no faults",
    faults: "",
    sessions: 100,
    requests: 5,
    exchanges: 1,
    error: &[],
};

#[rustfmt::skip]
const SCENARIOS: &[Scenario] = &[
    NORMAL,
    // Retried.
    Scenario { name: "408", faults: r#"{"page":2,"times":1,"status":408}"#, requests: 6, ..NORMAL },
    Scenario { name: "500 without a body", faults: r#"{"page":2,"times":2,"status":500,"body":""}"#, requests: 7, ..NORMAL },
    Scenario { name: "502 with HTML", faults: r#"{"page":1,"times":1,"status":502,"body":"<html>","content_type":"text/html"}"#, requests: 6, ..NORMAL },
    Scenario { name: "503", faults: r#"{"page":5,"times":2,"status":503}"#, requests: 7, ..NORMAL },
    Scenario { name: "504", faults: r#"{"nth":2,"status":504},{"nth":4,"status":504}"#, requests: 7, ..NORMAL },
    Scenario { name: "429 with Retry-After", faults: r#"{"page":3,"times":3,"status":429,"headers":{"Retry-After":"1"}}"#, requests: 8, ..NORMAL },
    Scenario { name: "429 with the service's own header", faults: r#"{"page":3,"times":1,"status":429,"headers":{"X-RateLimit-Retry-After":"0"}}"#, requests: 6, ..NORMAL },
    Scenario { name: "429 with a date", faults: r#"{"page":3,"times":1,"status":429,"retry_after_date":0}"#, requests: 6, ..NORMAL },
    Scenario { name: "reset before the head", faults: r#"{"page":3,"times":1,"reset":"before_head"}"#, requests: 6, ..NORMAL },
    Scenario { name: "reset after the head", faults: r#"{"page":3,"times":1,"reset":"after_head"}"#, requests: 6, ..NORMAL },
    Scenario { name: "body cut at its first byte", faults: r#"{"page":3,"times":1,"cut_at":1}"#, requests: 6, ..NORMAL },
    Scenario { name: "body cut at its middle", faults: r#"{"page":3,"times":2,"cut_at":4000}"#, requests: 7, ..NORMAL },
    Scenario { name: "no response in time", faults: r#"{"page":3,"times":1,"latency_ms":1500}"#, requests: 6, ..NORMAL },
    // Tolerated.
    Scenario { name: "latency", faults: r#"{"latency_ms":20}"#, ..NORMAL },
    Scenario { name: "a slow body", faults: r#"{"page":2,"slow":{"bytes":2000,"every_ms":5}}"#, ..NORMAL },
    Scenario { name: "another content type", faults: r#"{"content_type":"text/plain"}"#, ..NORMAL },
    Scenario { name: "[] for an object", faults: r#"{"replace":{"/data/0/location":[],"/data/1/os":[],"/data/2/session/metadata":[]}}"#, ..NORMAL },
    Scenario { name: "no totals", faults: r#"{"remove":["/pagination/pagesTotal","/pagination/itemsTotal"]}"#, requests: 9, ..NORMAL },
    Scenario { name: "no links", faults: r#"{"remove":["/pagination/links"]}"#, ..NORMAL },
    Scenario { name: "no numbers but links", faults: r#"{"remove":["/pagination/pagesTotal","/pagination/itemsTotal","/pagination/currentPage"]}"#, requests: 9, ..NORMAL },
    Scenario { name: "one more page is announced, always", faults: r#"{"endless":true}"#, requests: 6, ..NORMAL },
    Scenario { name: "pages that overlap", faults: r#"{"from":2,"overlap":7}"#, requests: 9, ..NORMAL },
    Scenario { name: "a total that is too small", faults: r#"{"replace":{"/pagination/itemsTotal":3}}"#, requests: 9, ..NORMAL },
    // Tokens.
    Scenario { name: "a token that expires early", faults: r#"{"page":3,"times":1,"expire_tokens":"access"}"#, requests: 6, exchanges: 2, ..NORMAL },
    Scenario { name: "all tokens expire", faults: r#"{"page":3,"times":1,"expire_tokens":"all"}"#, requests: 6, exchanges: 3, ..NORMAL },
    Scenario { name: "a refresh that is lost", faults: r#"{"page":3,"times":1,"expire_tokens":"access"},{"path":"/auth/refresh","reset":"before_head"}"#, requests: 6, exchanges: 3, ..NORMAL },
    Scenario { name: "an exchange that fails once", faults: r#"{"path":"/auth/api-key","times":1,"status":503}"#, exchanges: 2, ..NORMAL },
    // Failed.
    Scenario { name: "down", faults: r#"{"page":3,"status":503}"#, sessions: 40, requests: 5,
        error: &["`GET LIST` failed after 3 attempts in TIME: the retry policy allows no more attempts; try again later, or allow more",
            "HERE failed to process `GET LIST`: 503 Service Unavailable; try again later"], ..NORMAL },
    Scenario { name: "the exchange is down", faults: r#"{"path":"/auth/api-key","status":500}"#, sessions: 0, requests: 0, exchanges: 3,
        error: &["`POST /auth/api-key` failed after 3 attempts in TIME: the retry policy allows no more attempts; try again later, or allow more",
            "HERE failed to process `POST /auth/api-key`: 500 Internal Server Error; try again later"] },
    Scenario { name: "400", faults: r#"{"page":3,"status":400}"#, sessions: 40, requests: 3, error: &["HERE rejected `GET LIST`: 400 Bad Request"], ..NORMAL },
    Scenario { name: "403", faults: r#"{"page":2,"status":403}"#, sessions: 20, requests: 2, error: &["HERE does not allow `GET LIST`: 403 Forbidden; ask the owner of the account, or api.video's support"], ..NORMAL },
    Scenario { name: "501", faults: r#"{"page":3,"status":501}"#, sessions: 40, requests: 3, error: &["HERE failed to process `GET LIST`: 501 Not Implemented; try again later"], ..NORMAL },
    Scenario { name: "404 before the end", faults: r#"{"page":3,"status":404}"#, sessions: 40, requests: 7,
        error: &["the list ended after 40 of 100 announced items, page 3 does not exist: it was read 2 times; read it from its start, or by smaller periods",
            "HERE has no resource at `GET LIST`: 404 Not Found; check the id, and that it belongs to this environment"], ..NORMAL },
    Scenario { name: "HTML for a page", faults: r#"{"page":3,"content_type":"text/html","body":"<html>busy</html>"}"#, sessions: 40, requests: 3,
        error: &["the response to `GET LIST` is a page of HTML, not JSON; check that HERE is the service itself"], ..NORMAL },
    Scenario { name: "an empty body", faults: r#"{"page":3,"status":200,"body":"","times":2}"#, requests: 7, ..NORMAL },
    Scenario { name: "no body, always", faults: r#"{"page":3,"status":200,"body":""}"#, sessions: 40, requests: 5,
        error: &["`GET LIST` failed after 3 attempts in TIME: the retry policy allows no more attempts; try again later, or allow more",
            "the body of the response to `GET LIST` from HERE was truncated after 0 bytes; try again"], ..NORMAL },
    Scenario { name: "an empty page before the end", faults: r#"{"page":3,"replace":{"/data":[]}}"#, sessions: 40, requests: 6,
        error: &["the list ended after 40 of 100 announced items: it was read 2 times; read it from its start, or by smaller periods"], ..NORMAL },
    Scenario { name: "a total of pages that is too large", faults: r#"{"replace":{"/pagination/pagesTotal":9}}"#, requests: 6, ..NORMAL },
    Scenario { name: "a page that calls itself another", faults: r#"{"page":3,"replace":{"/pagination/currentPage":2}}"#, ..NORMAL },
    Scenario { name: "a redirect", faults: r#"{"page":3,"status":302,"headers":{"Location":"https://elsewhere.example/x?y"}}"#, sessions: 40, requests: 3,
        error: &[r#"HERE redirects `GET LIST` to "https://elsewhere.example/x", and redirects are not followed; check the base URL"#], ..NORMAL },
    Scenario { name: "a key that is refused in the middle", faults: r#"{"page":3,"expire_tokens":"all"},{"path":"/auth/api-key","from":2,"status":401}"#,
        sessions: 40, requests: 3, exchanges: 3, error: &["the API key was rejected by HERE: 401 Unauthorized; check the key, and that it belongs to this environment (sandbox and production have separate keys)"] },
];

fn client(simulator: &Simulator) -> Client {
    let policy = RetryPolicy::default()
        .max_attempts(3)
        .initial_backoff(Duration::from_millis(1))
        .max_backoff(Duration::from_millis(5));
    let client = Client::builder()
        .api_key("key")
        .base_url(simulator.base_url())
        .with_retry_policy(policy);
    client.with_timeout(Duration::from_secs(1)).build().unwrap()
}

#[tokio::test]
async fn scenarios_without_prefetching() {
    let mut injected = 0;
    for scenario in SCENARIOS {
        let name = scenario.name;
        let simulator = play(scenario, 0).await;
        let requests = simulator.requests();
        let exchanges = requests
            .iter()
            .filter(|request| request.path().starts_with("/auth/"))
            .count();
        assert_eq!(
            requests.len() - exchanges,
            scenario.requests,
            "{name}: requests"
        );
        assert_eq!(exchanges, scenario.exchanges, "{name}: exchanges");
        injected += simulator.faults_injected();
    }
    println!("{} scenarios, {injected} faults", SCENARIOS.len());
}

/// Prefetching changes the number of requests, but neither the items nor the error.
#[tokio::test]
async fn scenarios_with_prefetching() {
    for scenario in SCENARIOS {
        for prefetch in [1, 3] {
            play(scenario, prefetch).await;
        }
    }
}

/// Reads the list of a scenario, and checks items and error.
async fn play(scenario: &Scenario, prefetch: usize) -> Simulator {
    let name = scenario.name;
    // Rules without a path are for the list; the exchange of keys has rules of its own.
    let rules = scenario
        .faults
        .replace("{\"", "{\"path\":\"/analytics/videos/*\",\"");
    let rules = rules.replace("\"path\":\"/analytics/videos/*\",\"path\"", "\"path\"");
    let rules = rules.replace(":{\"path\":\"/analytics/videos/*\",", ":{");
    let script = FaultScript::from_json(&format!("{{\"rules\":[{rules}]}}"))
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let builder = Simulator::builder()
        .videos(1)
        .live_streams(0)
        .days(1)
        .sessions(100)
        .faults(script);
    let simulator = builder.start().await.unwrap();
    let list = client(&simulator)
        .video(VIDEO.parse().unwrap())
        .sessions("2022-01-01".parse().unwrap());
    let list = list
        .page_size(20.try_into().unwrap())
        .with_prefetch(prefetch);
    let mut stream = list.stream();
    let (mut sessions, mut failure): (Vec<Session>, _) = (Vec::new(), None);
    loop {
        match stream.try_next().await {
            Ok(Some(session)) => sessions.push(session),
            Ok(None) => break,
            Err(error) => {
                assert!(failure.is_none(), "{name}: one error ends a stream");
                failure = Some(error);
            }
        }
    }
    let truth: Vec<_> = simulator
        .world()
        .sessions(VIDEO, "2022-01-01")
        .unwrap()
        .map(|session| session.id)
        .collect();
    let ids: Vec<_> = sessions
        .iter()
        .map(|session| session.id.to_string())
        .collect();
    assert_eq!(ids.len(), scenario.sessions, "{name}: sessions");
    assert_eq!(ids, truth[..ids.len()], "{name}: in order, each once");
    let messages = failure
        .as_ref()
        .map(|error| support::chain(error))
        .unwrap_or_default();
    let messages: Vec<_> = messages
        .iter()
        .map(|message| normalized(message, simulator.base_url()))
        .collect();
    assert_eq!(messages, scenario.error, "{name}");
    if let Some(error) = failure {
        assert!(error.is_terminal(), "{name}");
        // Without the fault, the cursor continues with the rest.
        let recovered = Simulator::builder()
            .videos(1)
            .live_streams(0)
            .days(1)
            .sessions(100)
            .start()
            .await
            .unwrap();
        let list = client(&recovered)
            .video(VIDEO.parse().unwrap())
            .sessions("2022-01-01".parse().unwrap());
        let stream = list
            .page_size(20.try_into().unwrap())
            .resume(error.cursor())
            .unwrap();
        let rest: Vec<Session> = stream.try_collect().await.unwrap();
        let ids: Vec<_> = sessions
            .iter()
            .chain(&rest)
            .map(|session| session.id.to_string())
            .collect();
        assert_eq!(ids, truth, "{name}: resumed");
    }
    simulator
}

/// A window that fails permanently ends the stream: in order, the items before it were yielded and none after it.
#[tokio::test]
async fn a_window_that_fails_permanently_ends_the_stream() {
    const PERIOD: &str = "2021-12-30/2022-01-03";
    let broken = FaultScript::new().rule(
        Rule::new()
            .path("/analytics/videos/*")
            .query("period", "2022-01-01")
            .page(2)
            .status(503),
    );
    let world = || {
        Simulator::builder()
            .videos(1)
            .live_streams(0)
            .days(5)
            .sessions(500)
    };
    let simulator = world().faults(broken).start().await.unwrap();
    let truth: Vec<_> = simulator
        .world()
        .sessions(VIDEO, PERIOD)
        .unwrap()
        .map(|session| session.id)
        .collect();
    let list = |simulator: &Simulator| {
        let list = client(simulator)
            .video(VIDEO.parse().unwrap())
            .sessions(PERIOD.parse().unwrap());
        list.page_size(20.try_into().unwrap())
            .with_windows(Window::Day)
            .with_concurrency(3)
    };
    for ordered in [true, false] {
        let given = |list: List<Sessions>| if ordered { list } else { list.unordered() };
        let mut outcomes: Vec<_> = given(list(&simulator)).stream().collect().await;
        let error = outcomes.pop().unwrap().unwrap_err();
        assert!(error.is_retryable() && error.is_terminal());
        let mut ids: Vec<_> = outcomes
            .into_iter()
            .map(|outcome| outcome.unwrap().id.to_string())
            .collect();
        if ordered {
            assert_eq!(ids, truth[..ids.len()], "in order, up to the error");
        }
        assert!(ids.len() < truth.len());
        let recovered = world().start().await.unwrap();
        let rest = given(list(&recovered)).resume(error.cursor()).unwrap();
        let rest: Vec<Session> = rest.try_collect().await.unwrap();
        ids.extend(rest.into_iter().map(|session| session.id.to_string()));
        let mut truth = truth.clone();
        if !ordered {
            ids.sort_unstable();
            truth.sort_unstable();
        }
        assert_eq!(ids, truth, "resumed, ordered: {ordered}");
    }
}

/// A message without the parts that differ between runs: the port of the simulator, and the elapsed time.
fn normalized(message: &str, base_url: &str) -> String {
    let message = message
        .replace(base_url, "HERE")
        .replace("/analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg", "LIST");
    match (message.find(" attempts in "), message.find(" s: ")) {
        (Some(start), Some(end)) => {
            format!("{}in TIME{}", &message[..start + 10], &message[end + 2..])
        }
        _ => message,
    }
}
