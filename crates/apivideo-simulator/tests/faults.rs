//! Each fault as it is seen on the wire.
#![allow(clippy::unwrap_used, reason = "this is test code, if not in a test")]

mod common;

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use apivideo_simulator::{
    Expire, FaultScript, RateLimit, Recording, Reset, Rule, Simulator, TUTORIAL_SESSION,
    TUTORIAL_VIDEO,
};
use common::Bench;
use serde_json::{Value, json};

const LIST: &str = "/analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg?period=2022-01-01&pageSize=10";

async fn bench(rule: Rule) -> Bench {
    let script = FaultScript::new().rule(rule.path("/analytics/videos/*"));
    Bench::start(Simulator::builder().faults(script)).await
}

/// What comes on a connection of its own until its end, and how it ends.
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

/// The head, what it tells of the body's length, and the body.
fn parts(reply: &[u8]) -> (String, usize, &[u8]) {
    let end = reply
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap()
        + 4;
    let head = String::from_utf8(reply[..end].to_vec()).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length = length.unwrap().parse().unwrap();
    (head, length, &reply[end..])
}

#[tokio::test]
async fn a_status_comes_at_the_nth_request_and_from_in_front_of_the_service() {
    let script = FaultScript::new().rule(Rule::new().path("/videos").nth(2).status(503));
    let builder = Simulator::builder().rate_limit(RateLimit::PerMinute(10));
    let bench = Bench::start(builder.standing_clock().faults(script)).await;
    assert_eq!(
        bench.get("/videos").await.header("x-ratelimit-remaining"),
        Some("9")
    );
    let got = bench.get("/videos").await;
    assert_eq!(got.problem(503, None)["title"], "Service Unavailable");
    assert_eq!(got.header("x-ratelimit-limit"), None);
    assert_eq!(
        bench.get("/videos").await.header("x-ratelimit-remaining"),
        Some("8")
    );
    let faults: Vec<_> = bench
        .simulator
        .requests()
        .iter()
        .map(|request| (request.status(), request.fault().map(str::to_owned)))
        .collect();
    let expected = [200, 200, 503, 200]
        .map(|status| (status, (status == 503).then(|| "status 503".to_owned())));
    assert_eq!(faults, expected);
    assert_eq!(bench.simulator.faults_injected(), 1);
    assert_eq!(
        bench.simulator.faults_by_rule(),
        [("status 503".to_owned(), 1)]
    );
}

#[tokio::test]
async fn statuses_have_the_headers_and_bodies_that_they_are_given() {
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
        let got = bench(rule.header("X-RateLimit-Retry-After", "3"))
            .await
            .get(LIST)
            .await;
        assert_eq!((got.status, got.text.as_str()), (status, text));
        assert_eq!(got.header("content-type"), content_type);
        assert_eq!(got.header("x-ratelimit-retry-after"), Some("3"));
    }
    let got = bench(rule().status(429).retry_after_date(3_600))
        .await
        .get(LIST)
        .await;
    let date = got.header("retry-after").unwrap();
    assert!(date.len() == 29 && date.ends_with(" GMT"), "{date}");
    assert_ne!(Some(date), got.header("date"));
}

#[tokio::test]
async fn replies_of_the_service_get_other_headers_and_bodies() {
    let right = bench(Rule::new().nth(9).status(500))
        .await
        .get(LIST)
        .await
        .text;
    let got = bench(Rule::new().content_type("text/plain"))
        .await
        .get(LIST)
        .await;
    assert_eq!(got.header("content-type"), Some("text/plain"));
    assert_eq!(got.text, right);
    let got = bench(Rule::new().html()).await.get(LIST).await;
    assert_eq!(got.status, 200);
    assert_eq!(got.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(got.text.starts_with("<!DOCTYPE html>"));
    let got = bench(Rule::new().body("<html>")).await.get(LIST).await;
    assert_eq!(got.header("content-type"), Some("application/json"));
    assert_eq!(got.text, "<html>");
    let got = bench(Rule::new().header("X-Test", "1"))
        .await
        .get(LIST)
        .await;
    assert_eq!((got.header("x-test"), &got.text), (Some("1"), &right));
}

#[tokio::test]
async fn heads_are_late_and_bodies_slow() {
    let bench = bench(Rule::new().nth(2).latency(Duration::from_millis(40))).await;
    let right = bench.get(LIST).await.text;
    let began = now();
    assert_eq!(bench.get(LIST).await.text, right);
    assert!(now() - began >= Duration::from_millis(40));

    let slow = Rule::new().slow(1_000, Duration::from_millis(5));
    let bench = self::bench(slow).await;
    let began = now();
    assert_eq!(bench.get(LIST).await.text, right);
    let pauses = (right.len() as u32 - 1) / 1_000;
    assert!(pauses >= 3, "{}", right.len());
    assert!(now() - began >= Duration::from_millis(5) * pauses);
}

#[expect(clippy::disallowed_methods, reason = "real latency is what is tested")]
fn now() -> Instant {
    Instant::now()
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_cut_and_connections_reset() {
    let whole = raw(&bench(Rule::new().nth(9).status(500)).await.simulator, LIST);
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
        let (reply, error) = raw(&bench(rule.clone()).await.simulator, LIST);
        assert_eq!(error, None, "{rule:?}");
        let (_, told, got) = parts(&reply);
        assert_eq!((told, got), (length, &body[..sent]), "{rule:?}");
    }

    let bench = bench(Rule::new().reset(Reset::BeforeHead)).await;
    let (reply, error) = raw(&bench.simulator, LIST);
    assert_eq!(
        (reply.as_slice(), error),
        (&[][..], Some(ErrorKind::ConnectionReset))
    );
    assert_eq!(
        bench.simulator.requests()[1].fault(),
        Some("reset before head")
    );
    assert_eq!(bench.simulator.requests()[1].status(), 200);

    let bench = self::bench(Rule::new().reset(Reset::AfterHead)).await;
    let (reply, error) = raw(&bench.simulator, LIST);
    assert_eq!(error, Some(ErrorKind::ConnectionReset));
    let (_, told, got) = parts(&reply);
    assert_eq!((told, got), (length, &[][..]));

    let empty = Rule::new().status(503).body("").cut_at(3);
    let (reply, error) = raw(&self::bench(empty).await.simulator, LIST);
    let (_, told, got) = parts(&reply);
    assert_eq!((told, got, error), (1, &[][..], None));
}

#[tokio::test]
async fn a_connection_that_broke_does_not_harm_the_others() {
    let bench = bench(Rule::new().every(2).reset(Reset::BeforeHead)).await;
    let url = format!("{}{LIST}", bench.simulator.base_url());
    for n in 1..=6 {
        let request = bench.http.get(&url).bearer_auth(&bench.token);
        assert_eq!(request.send().await.is_ok(), n % 2 == 1, "{n}");
    }
    assert_eq!(bench.simulator.faults_injected(), 3);
}

#[tokio::test]
async fn parts_of_a_page_are_replaced_and_removed() {
    let got = async |rule: Rule| bench(rule).await.get(LIST).await.json();
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
    let reply = got(Rule::new().empty_page()).await;
    assert_eq!(reply["data"], json!([]));
    assert_eq!(
        reply["pagination"]["itemsTotal"],
        right["pagination"]["itemsTotal"]
    );

    let problem = bench(Rule::new().replace("/data", 1).remove("/title")).await;
    let list = LIST.replace("2022-01-01", "never");
    problem.get(&list).await.problem(400, Some("period"));
}

#[tokio::test]
async fn pages_repeat_and_never_end() {
    let page = |n: u64| format!("{LIST}&currentPage={n}");
    let fine = bench(Rule::new().nth(9).status(500)).await;
    let (first, second) = (
        fine.get(&page(1)).await.json(),
        fine.get(&page(2)).await.json(),
    );
    let items = |reply: &Value| reply["data"].as_array().unwrap().clone();

    let got = bench(Rule::new().page(2).items_of(1))
        .await
        .get(&page(2))
        .await
        .json();
    assert_eq!(got["data"], first["data"]);
    assert_eq!(got["pagination"], second["pagination"]);

    let bench = bench(Rule::new().overlap(3)).await;
    assert_eq!(bench.get(&page(1)).await.json(), first);
    let got = bench.get(&page(2)).await.json();
    let expected = [&items(&first)[7..], &items(&second)].concat();
    assert_eq!(items(&got), expected);
    assert_eq!(got["pagination"]["currentPageItems"], 13);

    let bench = self::bench(Rule::new().endless()).await;
    for n in [1, 2, 1_000] {
        let got = bench.get(&page(n)).await.json();
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
                .expire_tokens(Expire::Access),
        )
        .rule(
            Rule::new()
                .path("/videos")
                .nth(4)
                .expire_tokens(Expire::All),
        );
    let mut bench = Bench::start(Simulator::builder().faults(script)).await;
    let refresh = async |bench: &Bench, tokens: &Value| {
        let body = json!({ "refreshToken": tokens["refresh_token"] }).to_string();
        bench.post("/auth/refresh", &body).await
    };
    let tokens = bench
        .post("/auth/api-key", r#"{"apiKey":"k"}"#)
        .await
        .json();
    assert_eq!(bench.get("/videos").await.status, 200);
    bench.get("/videos").await.problem(401, None);
    let renewed = refresh(&bench, &tokens).await.json();
    bench.token = renewed["access_token"].as_str().unwrap().to_owned();
    assert_eq!(bench.get("/videos").await.status, 200);
    assert_eq!(bench.get("/videos").await.status, 200);
    bench.get("/videos").await.problem(401, None);
    refresh(&bench, &renewed).await.problem(401, None);
    bench.simulator.expire_tokens(Expire::All);
}

#[tokio::test]
async fn a_reply_can_be_lost_after_the_work_was_done() {
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
    let bench = Bench::start(Simulator::builder().faults(script)).await;
    let tokens = bench
        .post("/auth/api-key", r#"{"apiKey":"k"}"#)
        .await
        .json();
    let body = json!({ "refreshToken": tokens["refresh_token"] }).to_string();
    let url = format!("{}/auth/refresh", bench.simulator.base_url());
    assert!(
        bench
            .http
            .post(url)
            .body(body.clone())
            .send()
            .await
            .is_err()
    );
    bench.post("/auth/refresh", &body).await.problem(500, None);
    bench.post("/auth/refresh", &body).await.problem(401, None);
}

#[tokio::test]
async fn the_first_rule_that_takes_a_request_hides_it_from_the_others() {
    let path = format!("/analytics/sessions/{TUTORIAL_SESSION}/events");
    let script = FaultScript::from_json(
        r#"{"rules": [
            {"name": "odd", "path": "/analytics/sessions/*/events", "from": 1, "every": 2, "status": 500},
            {"name": "second", "path": "/analytics/*/*/events", "nth": 2, "status": 502},
            {"name": "never", "path": "/videos", "status": 503}
        ]}"#,
    );
    let bench = Bench::start(Simulator::builder().faults(script.unwrap())).await;
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(bench.get(&path).await.status);
    }
    assert_eq!(statuses, [500, 200, 500, 502, 500, 200]);
    let counts = bench.simulator.faults_by_rule();
    let expected = [("odd", 3), ("second", 1), ("never", 0)];
    assert_eq!(
        counts,
        expected.map(|(name, count)| (name.to_owned(), count))
    );
    assert_eq!(bench.simulator.faults_injected(), 4);
}

#[tokio::test]
async fn chance_strikes_the_same_requests_for_the_same_seed() {
    let run = async |seed: u64| {
        let script = FaultScript::new()
            .seed(seed)
            .rule(Rule::new().path("/videos").probability(0.3).status(503));
        let bench = Bench::start(Simulator::builder().faults(script)).await;
        let mut statuses = Vec::new();
        for _ in 0..60 {
            statuses.push(bench.get("/videos").await.status);
        }
        statuses
    };
    let first = run(1).await;
    assert_eq!(first, run(1).await);
    assert_ne!(first, run(2).await);
}

#[tokio::test]
async fn recordings_are_spoiled_too() {
    let script = FaultScript::new().rule(Rule::new().nth(2).replace("/data/0", 7).overlap(1));
    let builder = Simulator::builder().replay(Recording::tutorial());
    let bench = Bench::start(builder.faults(script)).await;
    let path = format!("/analytics/sessions/{TUTORIAL_SESSION}/events");
    assert_eq!(bench.get(&path).await.json()["data"][0], 7);
    assert_ne!(bench.get(&path).await.json()["data"][0], 7);
}

#[tokio::test]
async fn scripts_that_can_not_work_are_refused_at_the_start() {
    let insert = |asset: &str| {
        let rule = Rule::new().insert(1, apivideo_simulator::At::End);
        FaultScript::new().rule(rule.of(asset, "2022"))
    };
    let builder = Simulator::builder;
    for (builder, message) in [
        (
            builder().faults(FaultScript::new().rule(Rule::new().status(99))),
            "the fault script, rules[0]: the status 99 can't be: 200 to 599 are possible",
        ),
        (
            builder().faults(insert("viNobody")),
            "the fault script, rules[0]: no asset `viNobody` in this world",
        ),
        (
            builder()
                .replay(Recording::tutorial())
                .faults(insert(TUTORIAL_VIDEO)),
            "a recording has no sessions that a fault script could insert or delete",
        ),
    ] {
        assert_eq!(builder.start().await.unwrap_err().to_string(), message);
    }
}

#[tokio::test]
async fn a_bad_day_hits_about_as_many_requests_as_said() {
    let script = FaultScript::random(7, 0.3);
    let bench = Bench::start(Simulator::builder().faults(script)).await;
    let url = format!("{}/videos", bench.simulator.base_url());
    let mut failed = 0;
    for _ in 0..300 {
        let reply = bench
            .http
            .get(&url)
            .header("authorization", "Basic azo=")
            .send()
            .await;
        failed += match reply {
            Ok(reply) if reply.status() == 200 => u32::from(reply.bytes().await.is_err()),
            _ => 1,
        };
    }
    assert!((60..120).contains(&failed), "{failed}");
    assert!(bench.simulator.faults_injected() > u64::from(failed));
}
