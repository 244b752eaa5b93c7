//! The effect of each fault on the wire.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

mod common;

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use apivideo_simulator::{
    FaultScript, RateLimit, Recording, Reset, Rule, Simulator, TUTORIAL_SESSION, TUTORIAL_VIDEO,
    TokenScope,
};
use common::TestClient;
use serde_json::{Value, json};

const LIST: &str = "/analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg?period=2022-01-01&pageSize=10";

async fn client(rule: Rule) -> TestClient {
    let script = FaultScript::new().rule(rule.path("/analytics/videos/*"));
    TestClient::start(Simulator::builder().faults(script)).await
}

/// Sends a request on a new connection. Returns the bytes received until it ends, and the error that ends it.
fn raw(simulator: &Simulator, path: &str) -> (Vec<u8>, Option<ErrorKind>) {
    let address = simulator.base_url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    // base64 of "k:"
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic azo=\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let (mut all, mut buffer) = (Vec::new(), [0; 4_096]);
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return (all, None),
            Ok(count) => all.extend_from_slice(&buffer[..count]),
            Err(error) => return (all, Some(error.kind())),
        }
    }
}

/// Splits a response into head, content length and body.
fn parts(response: &[u8]) -> (String, usize, &[u8]) {
    let end = response
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap()
        + 4;
    let head = String::from_utf8(response[..end].to_vec()).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length = length.unwrap().parse().unwrap();
    (head, length, &response[end..])
}

#[tokio::test]
async fn a_status_replaces_the_nth_response_as_a_proxy_would() {
    let script = FaultScript::new().rule(Rule::new().path("/videos").nth(2).status(503));
    let builder = Simulator::builder().rate_limit(RateLimit::PerMinute(10));
    let client = TestClient::start(builder.manual_clock().faults(script)).await;
    assert_eq!(
        client.get("/videos").await.header("x-ratelimit-remaining"),
        Some("9")
    );
    let got = client.get("/videos").await;
    assert_eq!(got.problem(503, None)["title"], "Service Unavailable");
    assert_eq!(got.header("x-ratelimit-limit"), None);
    assert_eq!(
        client.get("/videos").await.header("x-ratelimit-remaining"),
        Some("8")
    );
    let faults: Vec<_> = client
        .simulator
        .requests()
        .iter()
        .map(|request| (request.status(), request.fault().map(str::to_owned)))
        .collect();
    let expected = [200, 200, 503, 200]
        .map(|status| (status, (status == 503).then(|| "status 503".to_owned())));
    assert_eq!(faults, expected);
    assert_eq!(client.simulator.faults_injected(), 1);
    assert_eq!(
        client.simulator.faults_by_rule(),
        [("status 503".to_owned(), 1)]
    );
}

#[tokio::test]
async fn statuses_have_the_headers_and_bodies_of_the_rule() {
    let rule = Rule::new;
    for (rule, status, content_type, text) in [
        (
            rule().status(429),
            429,
            Some("application/problem+json"),
            r#"{"type":"about:blank","title":"Too Many Requests","status":429}"#,
        ),
        (rule().status(500).body(""), 500, None, ""),
        (
            rule().status(502).body("no"),
            502,
            Some("text/plain; charset=utf-8"),
            "no",
        ),
        (
            rule().status(504).content_type("a/b").body("{"),
            504,
            Some("a/b"),
            "{",
        ),
        (rule().status(200).body(""), 200, None, ""),
    ] {
        let got = client(rule.header("X-RateLimit-Retry-After", "3"))
            .await
            .get(LIST)
            .await;
        assert_eq!((got.status, got.text.as_str()), (status, text));
        assert_eq!(got.header("content-type"), content_type);
        assert_eq!(got.header("x-ratelimit-retry-after"), Some("3"));
    }
    let got = client(rule().status(429).retry_after_date(3_600))
        .await
        .get(LIST)
        .await;
    let date = got.header("retry-after").unwrap();
    assert!(date.len() == 29 && date.ends_with(" GMT"), "{date}");
    assert_ne!(Some(date), got.header("date"));
}

#[tokio::test]
async fn headers_and_bodies_of_responses_are_replaced() {
    let right = client(Rule::new().nth(9).status(500))
        .await
        .get(LIST)
        .await
        .text;
    let got = client(Rule::new().content_type("text/plain"))
        .await
        .get(LIST)
        .await;
    assert_eq!(got.header("content-type"), Some("text/plain"));
    assert_eq!(got.text, right);
    let got = client(Rule::new().html()).await.get(LIST).await;
    assert_eq!(got.status, 200);
    assert_eq!(got.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(got.text.starts_with("<!DOCTYPE html>"));
    let got = client(Rule::new().body("<html>")).await.get(LIST).await;
    assert_eq!(got.header("content-type"), Some("application/json"));
    assert_eq!(got.text, "<html>");
    let got = client(Rule::new().header("X-Test", "1"))
        .await
        .get(LIST)
        .await;
    assert_eq!((got.header("x-test"), &got.text), (Some("1"), &right));
}

#[tokio::test]
async fn responses_are_delayed_and_sent_in_chunks() {
    let client = client(Rule::new().nth(2).latency(Duration::from_millis(40))).await;
    let right = client.get(LIST).await.text;
    let began = now();
    assert_eq!(client.get(LIST).await.text, right);
    assert!(now() - began >= Duration::from_millis(40));

    let slow = Rule::new().slow(1_000, Duration::from_millis(5));
    let client = self::client(slow).await;
    let began = now();
    assert_eq!(client.get(LIST).await.text, right);
    let pauses = (right.len() as u32 - 1) / 1_000;
    assert!(pauses >= 3, "{}", right.len());
    assert!(now() - began >= Duration::from_millis(5) * pauses);
}

#[expect(clippy::disallowed_methods, reason = "real latency is what is tested")]
fn now() -> Instant {
    Instant::now()
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_truncated_and_connections_reset() {
    let whole = raw(
        &client(Rule::new().nth(9).status(500)).await.simulator,
        LIST,
    );
    let (head, length, body) = parts(&whole.0);
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n") && length == body.len());

    for (rule, sent) in [
        (Rule::new().cut_at(0), 0),
        (Rule::new().cut_at(100), 100),
        (Rule::new().cut_at(1_000_000), length - 1),
        (
            Rule::new()
                .cut_at(2_000)
                .slow(900, Duration::from_millis(1)),
            2_000,
        ),
    ] {
        let (response, error) = raw(&client(rule.clone()).await.simulator, LIST);
        assert_eq!(error, None, "{rule:?}");
        let (_, announced, received) = parts(&response);
        assert_eq!((announced, received), (length, &body[..sent]), "{rule:?}");
    }

    let client = client(Rule::new().reset(Reset::BeforeHead)).await;
    let (response, error) = raw(&client.simulator, LIST);
    assert_eq!(
        (response.as_slice(), error),
        (&[][..], Some(ErrorKind::ConnectionReset))
    );
    assert_eq!(
        client.simulator.requests()[1].fault(),
        Some("reset before head")
    );
    assert_eq!(client.simulator.requests()[1].status(), 200);

    let client = self::client(Rule::new().reset(Reset::AfterHead)).await;
    let (response, error) = raw(&client.simulator, LIST);
    assert_eq!(error, Some(ErrorKind::ConnectionReset));
    let (_, announced, received) = parts(&response);
    assert_eq!((announced, received), (length, &[][..]));

    let empty = Rule::new().status(503).body("").cut_at(3);
    let (response, error) = raw(&self::client(empty).await.simulator, LIST);
    let (_, announced, received) = parts(&response);
    assert_eq!((announced, received, error), (1, &[][..], None));
}

#[tokio::test]
async fn a_reset_connection_does_not_affect_others() {
    let client = client(Rule::new().every(2).reset(Reset::BeforeHead)).await;
    let url = format!("{}{LIST}", client.simulator.base_url());
    for n in 1..=6 {
        let request = client.http.get(&url).bearer_auth(&client.token);
        assert_eq!(request.send().await.is_ok(), n % 2 == 1, "{n}");
    }
    assert_eq!(client.simulator.faults_injected(), 3);
}

#[tokio::test]
async fn values_of_a_page_are_replaced_and_removed() {
    let got = async |rule: Rule| client(rule).await.get(LIST).await.json();
    let right = got(Rule::new().nth(9).status(500)).await;
    let mut expected = right.clone();
    expected["data"][0]["location"] = json!([]);
    assert_eq!(
        got(Rule::new().replace("/data/0/location", json!([]))).await,
        expected
    );
    let mut expected = right.clone();
    expected["data"][3] = json!({"garbage": [1]});
    assert_eq!(
        got(Rule::new().replace("/data/3", json!({"garbage": [1]}))).await,
        expected
    );
    let mut expected = right.clone();
    expected["pagination"]["currentPage"] = json!(7);
    expected["pagination"]["itemsTotal"] = json!(-1);
    expected["pagination"]
        .as_object_mut()
        .unwrap()
        .remove("pagesTotal");
    let lie = Rule::new()
        .replace("/pagination/currentPage", 7)
        .replace("/pagination/itemsTotal", -1)
        .remove("/pagination/pagesTotal");
    assert_eq!(got(lie).await, expected);
    let response = got(Rule::new().empty_page()).await;
    assert_eq!(response["data"], json!([]));
    assert_eq!(
        response["pagination"]["itemsTotal"],
        right["pagination"]["itemsTotal"]
    );

    let problem = client(Rule::new().replace("/data", 1).remove("/title")).await;
    let list = LIST.replace("2022-01-01", "never");
    problem.get(&list).await.problem(400, Some("period"));
}

#[tokio::test]
async fn pages_overlap_and_never_end() {
    let page = |n: u64| format!("{LIST}&currentPage={n}");
    let fine = client(Rule::new().nth(9).status(500)).await;
    let (first, second) = (
        fine.get(&page(1)).await.json(),
        fine.get(&page(2)).await.json(),
    );
    let items = |response: &Value| response["data"].as_array().unwrap().clone();

    let got = client(Rule::new().page(2).items_of(1))
        .await
        .get(&page(2))
        .await
        .json();
    assert_eq!(got["data"], first["data"]);
    assert_eq!(got["pagination"], second["pagination"]);

    let client = client(Rule::new().overlap(3)).await;
    assert_eq!(client.get(&page(1)).await.json(), first);
    let got = client.get(&page(2)).await.json();
    let expected = [&items(&first)[7..], &items(&second)].concat();
    assert_eq!(items(&got), expected);
    assert_eq!(got["pagination"]["currentPageItems"], 13);

    let client = self::client(Rule::new().endless()).await;
    for n in [1, 2, 1_000] {
        let got = client.get(&page(n)).await.json();
        assert_eq!(got["pagination"]["pagesTotal"], n + 1);
        let links = items(&json!({"data": got["pagination"]["links"]}));
        let next = links.iter().find(|link| link["rel"] == "next").unwrap();
        let query = format!("period=2022-01-01&currentPage={}&pageSize=10", n + 1);
        assert_eq!(
            next["uri"],
            format!("/analytics/videos/{TUTORIAL_VIDEO}?{query}")
        );
    }
}

#[tokio::test]
async fn tokens_expire_just_before_a_request() {
    let script = FaultScript::new()
        .rule(
            Rule::new()
                .path("/videos")
                .nth(2)
                .expire_tokens(TokenScope::Access),
        )
        .rule(
            Rule::new()
                .path("/videos")
                .nth(4)
                .expire_tokens(TokenScope::All),
        );
    let mut client = TestClient::start(Simulator::builder().faults(script)).await;
    let refresh = async |client: &TestClient, tokens: &Value| {
        let body = json!({ "refreshToken": tokens["refresh_token"] }).to_string();
        client.post("/auth/refresh", &body).await
    };
    let tokens = client
        .post("/auth/api-key", r#"{"apiKey":"k"}"#)
        .await
        .json();
    assert_eq!(client.get("/videos").await.status, 200);
    client.get("/videos").await.problem(401, None);
    let renewed = refresh(&client, &tokens).await.json();
    client.token = renewed["access_token"].as_str().unwrap().to_owned();
    assert_eq!(client.get("/videos").await.status, 200);
    assert_eq!(client.get("/videos").await.status, 200);
    client.get("/videos").await.problem(401, None);
    refresh(&client, &renewed).await.problem(401, None);
    client.simulator.expire_tokens(TokenScope::All);
}

#[tokio::test]
async fn a_response_can_be_lost_after_the_request_was_processed() {
    let script = FaultScript::new()
        .rule(
            Rule::new()
                .path("/auth/refresh")
                .times(1)
                .reset(Reset::BeforeHead),
        )
        .rule(
            Rule::new()
                .path("/auth/*")
                .method("POST")
                .nth(3)
                .status(500),
        );
    let client = TestClient::start(Simulator::builder().faults(script)).await;
    let tokens = client
        .post("/auth/api-key", r#"{"apiKey":"k"}"#)
        .await
        .json();
    let body = json!({ "refreshToken": tokens["refresh_token"] }).to_string();
    let url = format!("{}/auth/refresh", client.simulator.base_url());
    assert!(
        client
            .http
            .post(url)
            .body(body.clone())
            .send()
            .await
            .is_err()
    );
    client.post("/auth/refresh", &body).await.problem(500, None);
    client.post("/auth/refresh", &body).await.problem(401, None);
}

#[tokio::test]
async fn only_the_first_rule_that_selects_a_request_is_applied() {
    let path = format!("/analytics/sessions/{TUTORIAL_SESSION}/events");
    let script = FaultScript::from_json(
        r#"{"rules": [
            {"name": "odd", "path": "/analytics/sessions/*/events", "from": 1, "every": 2, "status": 500},
            {"name": "second", "path": "/analytics/*/*/events", "nth": 2, "status": 502},
            {"name": "never", "path": "/videos", "status": 503}
        ]}"#,
    );
    let client = TestClient::start(Simulator::builder().faults(script.unwrap())).await;
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(client.get(&path).await.status);
    }
    assert_eq!(statuses, [500, 200, 500, 502, 500, 200]);
    let counts = client.simulator.faults_by_rule();
    let expected = [("odd", 3), ("second", 1), ("never", 0)];
    assert_eq!(
        counts,
        expected.map(|(name, count)| (name.to_owned(), count))
    );
    assert_eq!(client.simulator.faults_injected(), 4);
}

#[tokio::test]
async fn probabilities_are_deterministic_for_a_seed() {
    let run = async |seed: u64| {
        let script = FaultScript::new()
            .seed(seed)
            .rule(Rule::new().path("/videos").probability(0.3).status(503));
        let client = TestClient::start(Simulator::builder().faults(script)).await;
        let mut statuses = Vec::new();
        for _ in 0..60 {
            statuses.push(client.get("/videos").await.status);
        }
        statuses
    };
    let first = run(1).await;
    assert_eq!(first, run(1).await);
    assert_ne!(first, run(2).await);
}

#[tokio::test]
async fn faults_apply_to_recordings() {
    let script = FaultScript::new().rule(Rule::new().nth(2).replace("/data/0", 7).overlap(1));
    let builder = Simulator::builder().replay(Recording::tutorial());
    let client = TestClient::start(builder.faults(script)).await;
    let path = format!("/analytics/sessions/{TUTORIAL_SESSION}/events");
    assert_eq!(client.get(&path).await.json()["data"][0], 7);
    assert_ne!(client.get(&path).await.json()["data"][0], 7);
}

#[tokio::test]
async fn scripts_that_do_not_fit_the_world_are_rejected() {
    let insert = |asset: &str| {
        let rule = Rule::new().insert(1, apivideo_simulator::ListPosition::End);
        FaultScript::new().rule(rule.list(asset, "2022"))
    };
    let builder = Simulator::builder;
    for (builder, message) in [
        (
            builder().faults(FaultScript::new().rule(Rule::new().status(99))),
            "invalid fault script: rules[0]: invalid status 99: must be 200 to 599",
        ),
        (
            builder().faults(insert("viUnknown")),
            "invalid fault script: rules[0]: asset \"viUnknown\" does not exist in this world",
        ),
        (
            builder()
                .replay(Recording::tutorial())
                .faults(insert(TUTORIAL_VIDEO)),
            "invalid fault script: a recording has no sessions to insert or delete",
        ),
    ] {
        assert_eq!(builder.start().await.unwrap_err().to_string(), message);
    }
}

#[tokio::test]
async fn random_faults_have_the_requested_intensity() {
    let script = FaultScript::random(7, 0.3);
    let client = TestClient::start(Simulator::builder().faults(script)).await;
    let url = format!("{}/videos", client.simulator.base_url());
    let mut failed = 0;
    for _ in 0..300 {
        let response = client
            .http
            .get(&url)
            .header("authorization", "Basic azo=")
            .send()
            .await;
        failed += match response {
            Ok(response) if response.status() == 200 => u32::from(response.bytes().await.is_err()),
            _ => 1,
        };
    }
    assert!((60..120).contains(&failed), "{failed}");
    assert!(client.simulator.faults_injected() > u64::from(failed));
}
