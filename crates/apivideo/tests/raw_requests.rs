//! Raw requests and lists, observers, and the waits of a stream.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use apivideo::observe::{Observer, RequestInfo, ResponseInfo};
use apivideo::retry::RetryPolicy;
use apivideo::stream::WaitReason;
use apivideo::{Client, ErrorKind, Video};
use apivideo_simulator::{FaultScript, RateLimit, Rule, Simulator};
use futures::{StreamExt, TryStreamExt};
use serde_json::Value;
use support::Mock;

#[tokio::test]
async fn a_raw_list_is_read_like_any_list() {
    let simulator = Simulator::builder().videos(12).start().await.unwrap();
    let builder = Client::builder().api_key("key");
    let client = builder.base_url(simulator.base_url()).build().unwrap();
    let list = client.list("/videos");
    let list = list.page_size(5.try_into().unwrap());
    let values: Vec<Value> = list.stream().try_collect().await.unwrap();
    let typed: Vec<Video> = client
        .list("/videos")
        .items_as()
        .stream()
        .try_collect()
        .await
        .unwrap();
    let videos: Vec<Video> = client.videos().stream().try_collect().await.unwrap();
    assert_eq!(typed, videos);
    let ids = |values: &[Value]| -> Vec<String> {
        let id = |value: &Value| value["videoId"].as_str().unwrap().to_owned();
        values.iter().map(id).collect()
    };
    let expected: Vec<String> = videos.iter().map(|video| video.id.to_string()).collect();
    assert_eq!(ids(&values), expected);
    assert_eq!(list.total().await.unwrap(), 12);
    assert_eq!(ids(&list.last(2).await.unwrap()), expected[10..]);
    let mut stream = list.stream();
    let first: Vec<Value> = (&mut stream).take(7).try_collect().await.unwrap();
    let rest = list.resume(&stream.cursor()).unwrap();
    let rest: Vec<Value> = rest.try_collect().await.unwrap();
    assert_eq!(ids(&[first, rest].concat()), expected);
}

#[tokio::test]
async fn a_raw_list_sends_its_query_and_rejects_invalid_paths() {
    let mock = Mock::responses(&[(200, r#"{"data":[]}"#)]);
    let list = mock.client().list("/a/b");
    let list = list.query("tags[]", "a b").query("tags[]", "c&d");
    list.page(3).await.unwrap();
    assert_eq!(
        mock.lines(),
        ["GET /a/b?tags%5B%5D=a+b&tags%5B%5D=c%26d&currentPage=3&pageSize=100"]
    );
    let error = list.query("pageSize", "5").page(1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input);
    assert!(error.to_string().contains("pageSize"), "{error}");
    for path in ["videos", "//evil.example", "/x#y", "/x?y=1"] {
        let client = mock.client();
        let request = client.get(path).send::<Value>().await.unwrap_err();
        let page = client.list(path).page(1).await.unwrap_err();
        let total = client.list(path).total().await.unwrap_err();
        let item = client.list(path).stream().try_next().await.unwrap_err();
        for error in [request, page, total, item] {
            assert_eq!(error.kind(), ErrorKind::Input, "{path}");
            assert!(error.to_string().contains("invalid path"), "{error}");
        }
    }
    assert_eq!(mock.lines().len(), 1);
}

#[tokio::test]
async fn an_invalid_record_of_a_raw_list_is_one_error_and_another_envelope_is_rejected() {
    let mock = Mock::responses(&[
        (200, r#"{"data":[1,"two",3],"pagination":{"pagesTotal":1}}"#),
        (200, r#"{"items":[]}"#),
    ]);
    let list = mock.client().list("/numbers").items_as::<u32>();
    let outcomes: Vec<_> = list.stream().collect().await;
    assert_eq!(*outcomes[0].as_ref().unwrap(), 1);
    let error = outcomes[1].as_ref().unwrap_err();
    assert_eq!(
        (
            error.record().unwrap().index,
            error.record().unwrap().raw.as_str()
        ),
        (1, r#""two""#)
    );
    assert_eq!(*outcomes[2].as_ref().unwrap(), 3);
    let error = list.page(1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
}

/// The observed requests and responses, one per line.
#[derive(Clone, Default)]
struct Observed(Arc<Mutex<Vec<String>>>);

impl Observer for Observed {
    fn on_request(&self, request: &RequestInfo<'_>) {
        let mut observed = self.0.lock().unwrap();
        observed.push(format!("> {} {}", request.method(), request.url()));
        observed.extend(
            request
                .headers()
                .map(|(name, value)| format!("{name}: {value}")),
        );
        observed.push(format!("scheme: {:?}", request.auth_scheme()));
        observed.push(format!("{request:?}"));
    }

    fn on_response(&self, response: &ResponseInfo<'_>) {
        let status = response.status().map(|status| status.as_u16());
        let failed = response.error().map(apivideo::Error::kind);
        let mut observed = self.0.lock().unwrap();
        observed.push(format!(
            "< {} {status:?} {failed:?}",
            response.request_line()
        ));
        assert!(response.elapsed() < Duration::from_secs(60));
    }
}

#[tokio::test]
async fn an_observer_sees_all_requests_and_no_secrets() {
    let gone = Rule::new().path("/live-streams").status(404);
    let simulator = Simulator::builder()
        .faults(FaultScript::new().rule(gone))
        .start()
        .await
        .unwrap();
    for basic in [false, true] {
        let observed = Observed::default();
        let mut builder = Client::builder()
            .api_key("hush-hush-key")
            .base_url(simulator.base_url())
            .with_observer(observed.clone());
        if basic {
            builder = builder.with_basic_auth();
        }
        let client = builder.build().unwrap();
        client.videos().title("a b").page(1).await.unwrap();
        client
            .get("/videos")
            .query("x", "y")
            .send::<Value>()
            .await
            .unwrap();
        client.live_streams().page(1).await.unwrap_err();
        let lines = observed.0.lock().unwrap().clone();
        let base = simulator.base_url();
        let exchanges = [
            format!("> POST {base}/auth/api-key"),
            "< POST /auth/api-key Some(200) None".to_owned(),
        ];
        let requests = [
            format!("> GET {base}/videos?currentPage=1&pageSize=100&title=a%20b"),
            "< GET /videos Some(200) None".to_owned(),
            format!("> GET {base}/videos?x=y"),
            "< GET /videos Some(200) None".to_owned(),
            format!("> GET {base}/live-streams?currentPage=1&pageSize=100"),
            "< GET /live-streams Some(404) Some(NotFound)".to_owned(),
        ];
        let expected: Vec<String> = match basic {
            true => requests.to_vec(),
            false => exchanges.into_iter().chain(requests).collect(),
        };
        let found: Vec<_> = lines
            .iter()
            .filter(|line| line.starts_with(['>', '<']))
            .map(|line| line.replace("title=a+b", "title=a%20b"))
            .collect();
        assert_eq!(found, expected);
        assert!(lines.contains(&"authorization: ***".to_owned()));
        let text = lines.join("\n");
        // The key, in plain and as Basic authentication encodes it.
        assert!(
            !text.contains("hush") && !text.contains("aHVzaC1"),
            "{text}"
        );
        let scheme = if basic { "Basic" } else { "Bearer" };
        assert!(text.contains(&format!("scheme: Some(\"{scheme}\")")));
        assert_eq!(text.contains("scheme: None"), !basic);
        assert!(!text.contains(&format!("{scheme} ")), "{text}");
    }
}

/// Reads a list while another future collects the reasons of its waits.
async fn waits(simulator: &Simulator, policy: RetryPolicy) -> Vec<WaitReason> {
    let client = Client::builder()
        .api_key("key")
        .base_url(simulator.base_url())
        .with_retry_policy(policy)
        .build()
        .unwrap();
    let mut stream = client.videos().page_size(5.try_into().unwrap()).stream();
    let mut progress = stream.watch();
    let collected = async {
        let mut reasons = Vec::new();
        while let Some(now) = progress.changed().await {
            if let Some(waiting) = now.waiting
                && reasons.last() != Some(&waiting.reason)
            {
                reasons.push(waiting.reason);
            }
        }
        reasons
    };
    let read = async move {
        while stream.try_next().await.unwrap().is_some() {}
        assert_eq!(stream.progress().waiting, None, "the stream ended");
    };
    drop(client);
    futures::join!(collected, read).0
}

#[tokio::test]
async fn a_stream_reports_the_reason_of_a_wait() {
    let unavailable = Rule::new().path("/videos").page(2).times(1).status(503);
    let simulator = Simulator::builder()
        .faults(FaultScript::new().rule(unavailable))
        .start()
        .await
        .unwrap();
    let policy = RetryPolicy::default();
    let policy = policy
        .initial_backoff(Duration::from_millis(50))
        .max_backoff(Duration::from_millis(50));
    assert_eq!(waits(&simulator, policy).await, [WaitReason::Retry]);

    let simulator = Simulator::builder()
        .rate_limit(RateLimit::PerMinute(2))
        .rate_window(Duration::from_secs(1))
        .start()
        .await
        .unwrap();
    let reasons = waits(&simulator, RetryPolicy::default()).await;
    assert_eq!(reasons, [WaitReason::RateLimit]);
}
