//! No secrets and no personal data in values, errors, traces and the simulator's log.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod support;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use apivideo::{Client, trace};
use apivideo_simulator::{RateLimit, Simulator};
use futures::TryStreamExt;
use support::Mock;
use support::raw_server::{Action, RawServer};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

const TOKEN: &str =
    r#"{"expires_in":3600,"access_token":"first-token","refresh_token":"first-refresh"}"#;
const SECOND: &str =
    r#"{"expires_in":3600,"access_token":"second-token","refresh_token":"second-refresh"}"#;
const SECRETS: [&str; 6] = [
    "a key",
    // Basic authorization: the key and a colon in base 64.
    "YSBrZXk6",
    "first-token",
    "first-refresh",
    "second-token",
    "second-refresh",
];

/// Records everything that is traced on this thread, by every crate and at every level.
#[derive(Clone, Default)]
struct Traces(Arc<Mutex<Vec<String>>>);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0 += &format!(" {field}={value:?}");
    }
}

impl Traces {
    fn push(&self, what: &str, metadata: Option<&Metadata<'_>>, record: impl FnOnce(&mut Line)) {
        let name = metadata.map_or("", |metadata| metadata.name());
        let target = metadata.map_or("", |metadata| metadata.target());
        let mut line = Line(format!("{target} {what} {name}"));
        record(&mut line);
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(line.0);
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Subscriber for Traces {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.push("span", Some(span.metadata()), |line| span.record(line));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        self.push("record", None, |line| values.record(line));
    }

    fn event(&self, event: &Event<'_>) {
        self.push("event", Some(event.metadata()), |line| event.record(line));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn no_value_error_or_trace_contains_a_key_or_a_token() {
    let traces = Traces::default();
    let _guard = tracing::subscriber::set_default(traces.clone());
    let mut shown = String::new();
    for responses in [
        vec![(200, TOKEN), (500, "")],
        vec![(200, TOKEN), (401, "{}"), (200, SECOND), (401, "{}")],
        vec![
            (200, TOKEN),
            (401, "{}"),
            (400, ""),
            (200, SECOND),
            (403, "{}"),
        ],
        vec![(
            200,
            r#"{"access_token":"first-token","expires_in":"never"}"#,
        )],
        vec![(200, r#"{"access_token":"first-token\n","expires_in":60}"#)],
        vec![(400, r#"{"title":"No."}"#)],
        vec![(302, "")],
    ] {
        let mock = Mock::responses(&responses);
        for builder in [mock.builder(), mock.builder().with_basic_auth()] {
            let client = builder.clone().build().unwrap();
            let list = client.videos();
            let stream = list.stream();
            shown += &format!(
                "{builder:#?} {client:#?} {list:#?} {stream:#?} {:#?}",
                list.pages()
            );
            if let Err(error) = stream.try_collect::<Vec<_>>().await {
                shown += &format!("{error:?} {error:#?} {error} {:?}", support::chain(&error));
            }
            shown += &format!("{client:#?} {:#?}", client.rate_limit());
        }
    }
    let traced = traces.take();
    assert!(traced.len() > 100, "traces are recorded: {traced:#?}");
    shown += &traced.join("\n");
    for secret in SECRETS {
        assert!(!shown.contains(secret), "{secret} is in: {shown}");
    }
}

/// Records everything that an observer receives.
#[derive(Clone, Default)]
struct Shown(Arc<Mutex<String>>);

impl apivideo::observe::Observer for Shown {
    fn on_request(&self, request: &apivideo::observe::RequestInfo<'_>) {
        let headers: Vec<_> = request.headers().collect();
        *self.0.lock().unwrap() += &format!("{request:?} {} {headers:?}", request.url());
    }

    fn on_response(&self, response: &apivideo::observe::ResponseInfo<'_>) {
        *self.0.lock().unwrap() += &format!("{response:#?}");
    }
}

#[tokio::test]
async fn secrets_that_the_service_echoes_are_masked() {
    const KEY: &str = "hush/hush+key";
    const ECHOED: [&str; 6] = [
        "hush/hush+key",
        "hush%2Fhush%2Bkey",
        "hush%2fhush%2bkey",
        // `hush/hush+key:` in base64, and percent-encoded.
        "aHVzaC9odXNoK2tleTo=",
        "aHVzaC9odXNoK2tleTo%3D",
        "first-token",
    ];
    let traces = Traces::default();
    let _guard = tracing::subscriber::set_default(traces.clone());
    let shown = Shown::default();
    for secret in ECHOED {
        // As JSON may escape it.
        let escaped = secret.replace('/', "\\/");
        let problem = format!(
            r#"{{"type":"x{escaped}","title":"No {escaped}","name":"{escaped}","detail":"{escaped}.","problems":[{{"title":"{escaped}"}}]}}"#
        );
        // One form in every kind of message, and every form in one of them.
        let statuses: &[u16] = match secret == ECHOED[0] {
            true => &[400, 401, 403, 404, 429, 503],
            false => &[400],
        };
        for &status in statuses {
            let token = if status == 401 { SECOND } else { TOKEN };
            let responses = [
                (200, TOKEN),
                (status, &*problem),
                (200, token),
                (status, &*problem),
            ];
            let mock = Mock::responses(&responses);
            // With Basic, the client has no tokens.
            let schemes = [true, false].into_iter();
            for basic in schemes.filter(|basic| !basic || secret != "first-token") {
                let builder = mock.builder().api_key(KEY).with_observer(shown.clone());
                let builder = if basic {
                    builder.with_basic_auth()
                } else {
                    builder
                };
                let client = builder.build().unwrap();
                // With Basic, the first response is a token, which cannot be decoded as bytes.
                for _ in 0..2 {
                    let got = client
                        .get("/videos")
                        .query("echo", secret)
                        .send::<Vec<u8>>()
                        .await;
                    let error = got.unwrap_err();
                    let messages = support::chain(&error);
                    *shown.0.lock().unwrap() +=
                        &format!("{error:?} {:?} {messages:?}", error.problem());
                }
            }
        }
        if secret == "first-token" {
            continue;
        }
        let location = format!("location: https://elsewhere.example/{secret}/x\r\n");
        let head = support::raw_server::response("302 Found", &location, b"");
        let server = RawServer::start(move |_, _, _| Action::Close(head.clone()));
        let builder = Client::builder()
            .api_key(KEY)
            .base_url(&server.url)
            .with_basic_auth();
        let error = builder.build().unwrap().videos().page(1).await.unwrap_err();
        assert!(
            error.to_string().contains("https://elsewhere.example/"),
            "{error}"
        );
        *shown.0.lock().unwrap() += &format!("{error:?}");
    }
    let shown = shown.0.lock().unwrap().clone() + &traces.take().join("\n");
    assert!(shown.contains("***"));
    for secret in ECHOED {
        let found = shown.find(secret.trim_end_matches('='));
        let around = found.map(|at| {
            shown[at.saturating_sub(300)..]
                .chars()
                .take(400)
                .collect::<String>()
        });
        assert_eq!(around, None, "{secret}");
    }
}

#[tokio::test]
async fn the_log_of_the_simulator_contains_no_secrets() {
    let simulator = Simulator::builder().api_key("a key").start().await.unwrap();
    for basic in [true, false] {
        let builder = Client::builder()
            .api_key("a key")
            .base_url(simulator.base_url());
        let builder = if basic {
            builder.with_basic_auth()
        } else {
            builder
        };
        builder.build().unwrap().videos().total().await.unwrap();
    }
    let log = format!("{:#?} {simulator:#?}", simulator.requests());
    for secret in ["a key", "YSBrZXk6", "Bearer ey"] {
        assert!(!log.contains(secret), "{log}");
    }
}

#[tokio::test]
async fn traces_contain_operation_page_attempt_status_and_waits_but_no_query() {
    let traces = Traces::default();
    let _guard = tracing::subscriber::set_default(traces.clone());
    let page = r#"{"data":[]}"#;
    let mock = Mock::responses(&[(200, TOKEN), (503, ""), (200, page)]);
    let client = mock
        .builder()
        .with_retry_policy(apivideo::retry::RetryPolicy::default())
        .build()
        .unwrap();
    let list = client
        .video("vi1".parse().unwrap())
        .sessions("2022".parse().unwrap());
    list.metadata("user", "Doug").page(3).await.unwrap();
    let is_relevant =
        |line: &String| line.starts_with(trace::TARGET) || line.starts_with(" record");
    let traced: Vec<String> = traces.take().into_iter().filter(is_relevant).collect();
    let lines = traced.join("\n");
    for personal in ["Doug", "user", "2022", "?"] {
        assert!(!lines.contains(personal), "{lines}");
    }
    let expected = [
        "apivideo span apivideo.call apivideo.operation=\"listVideoSessions\" apivideo.page=3",
        "message=renewing the token by the API key",
        "apivideo span apivideo.request http.request.method=\"POST\" url.path=\"/auth/api-key\" http.request.resend_count=0",
        " record  http.response.status_code=200",
        " record  http.client.request.duration=0.",
        "url.path=\"/analytics/videos/vi1\" http.request.resend_count=0",
        " record  error.type=Service",
        " record  http.response.status_code=503",
        "`GET /analytics/videos/vi1` failed and is retried: ",
        "http.request.resend_count=1 error.type=Service http.response.status_code=503 apivideo.wait=0.",
        "url.path=\"/analytics/videos/vi1\" http.request.resend_count=1",
    ];
    for part in expected {
        assert!(lines.contains(part), "{part:?} is missing in\n{lines}");
    }

    let simulator = Simulator::builder()
        .rate_limit(RateLimit::PerMinute(1))
        .start()
        .await
        .unwrap();
    let client = Client::builder()
        .api_key("key")
        .base_url(simulator.base_url())
        .build()
        .unwrap();
    client.videos().total().await.unwrap();
    tokio::select! {
        biased;
        _ = async { client.videos().total().await } => panic!("the next window is a minute away"),
        () = std::future::ready(()) => {}
    }
    let traced = traces.take().join("\n");
    assert!(
        traced.contains("message=waiting for the rate limit apivideo.wait="),
        "{traced}"
    );
}

#[tokio::test]
async fn traces_contain_duplicates_and_invalid_records() {
    let traces = Traces::default();
    let _guard = tracing::subscriber::set_default(traces.clone());
    let first = r#"{"data":[{"session":{"sessionId":"ps1"}},{"session":{"sessionId":"ps2","loadedAt":"D"Doug"}}],
        "pagination":{"currentPage":1,"pagesTotal":2}}"#;
    let second = r#"{"data":[{"session":{"sessionId":"ps1"}}],"pagination":{"currentPage":2,"pagesTotal":2}}"#;
    let mock = support::Mock::responses(&[(200, first), (200, second)]);
    let list = mock
        .client()
        .video("vi1".parse().unwrap())
        .sessions("2022".parse().unwrap());
    let mut stream = list.on_invalid(|_| {}).stream();
    while stream.try_next().await.unwrap().is_some() {}
    let traced = traces.take().join("\n");
    assert!(traced.contains("1 duplicate items are dropped"), "{traced}");
    assert!(
        traced.contains("record 1 of the page (ps2) could not be decoded"),
        "{traced}"
    );
    assert!(!traced.contains("Doug"), "{traced}");
}
