//! Streams against the simulator: complete, in order, with few requests, and with an error where they end early.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod support;

use std::time::Duration;

use apivideo::client::VideoHandle;
use apivideo::{Client, ErrorKind, Event, Period, Session};
use apivideo_simulator::{FaultScript, Rule, Simulator, SimulatorBuilder};
use futures::stream::FusedStream;
use futures::{StreamExt, TryStreamExt};

const VIDEO: &str = "vi4k0jvEUuaTdRAEjQ4Prklg";

/// A simulator of one video with this number of sessions, all on one day.
async fn one_video(
    sessions: u64,
    change: impl FnOnce(SimulatorBuilder) -> SimulatorBuilder,
) -> Simulator {
    let builder = Simulator::builder()
        .videos(1)
        .live_streams(0)
        .days(1)
        .sessions(sessions);
    change(builder).start().await.unwrap()
}

fn client(simulator: &Simulator) -> Client {
    Client::builder()
        .api_key("key")
        .base_url(simulator.base_url())
        .build()
        .unwrap()
}

fn video(client: &Client) -> VideoHandle {
    client.video(VIDEO.parse().unwrap())
}

fn day() -> Period {
    "2022-01-01".parse().unwrap()
}

/// The paths and queries that were requested, without the exchange of keys.
fn requested(simulator: &Simulator) -> Vec<String> {
    let requests = simulator.requests();
    let lists = requests
        .iter()
        .filter(|request| !request.path().starts_with("/auth/"));
    lists
        .map(|request| format!("{}?{}", request.path(), request.query().unwrap_or_default()))
        .collect()
}

fn exchanges(simulator: &Simulator) -> usize {
    simulator
        .requests()
        .iter()
        .filter(|request| request.path().starts_with("/auth/"))
        .count()
}

#[tokio::test]
async fn yields_ten_thousand_sessions_once_and_in_order() {
    let simulator = one_video(10_000, |builder| builder).await;
    for prefetch in [0, 1, 4] {
        let before = requested(&simulator).len();
        let sessions = video(&client(&simulator))
            .sessions(day())
            .with_prefetch(prefetch);
        let sessions: Vec<Session> = sessions.stream().try_collect().await.unwrap();
        assert_eq!(sessions.len(), 10_000);
        let truth: Vec<_> = simulator
            .world()
            .sessions(VIDEO, "2022-01-01")
            .unwrap()
            .map(|session| session.id.clone())
            .collect();
        let ids: Vec<_> = sessions
            .iter()
            .map(|session| session.id.to_string())
            .collect();
        assert_eq!(ids, truth);
        assert!(sessions.is_sorted_by_key(|session| session.loaded_at));
        assert_eq!(
            requested(&simulator).len() - before,
            100,
            "one request a page"
        );
    }
}

#[tokio::test]
async fn requests_nothing_before_the_first_poll_and_one_page_for_take_5() {
    let simulator = one_video(1_000, |builder| builder).await;
    let client = client(&simulator);
    let stream = video(&client).sessions(day()).stream();
    assert_eq!(
        (simulator.requests().len(), stream.is_terminated()),
        (0, false)
    );
    let first: Vec<Session> = stream.take(5).try_collect().await.unwrap();
    assert_eq!((first.len(), requested(&simulator).len()), (5, 1));
    for size in [3, 10, 25] {
        let before = requested(&simulator).len();
        let list = video(&client)
            .sessions(day())
            .page_size(size.try_into().unwrap());
        let first: Vec<Session> = list.stream().take(3).try_collect().await.unwrap();
        assert_eq!(
            (first.len(), requested(&simulator).len() - before),
            (3, 1),
            "pages of {size}"
        );
    }
}

#[tokio::test]
async fn pages_have_pagination_and_headers() {
    let simulator = one_video(250, |builder| {
        builder.rate_limit(apivideo_simulator::RateLimit::PerMinute(1_000))
    })
    .await;
    let pages: Vec<_> = video(&client(&simulator))
        .sessions(day())
        .pages()
        .try_collect()
        .await
        .unwrap();
    let sizes: Vec<_> = pages.iter().map(|page| page.items.len()).collect();
    assert_eq!(sizes, [100, 100, 50]);
    assert_eq!(pages[2].pagination.current_page, Some(3));
    assert_eq!(pages[0].pagination.items_total, Some(250));
    assert!(pages[0].pagination.has_next && !pages[2].pagination.has_next);
    assert_eq!(pages[0].status, 200);
    assert_eq!(pages[0].headers["x-ratelimit-limit"], "1000");
    assert_eq!(requested(&simulator).len(), 3);
}

#[tokio::test]
async fn total_and_last_need_few_requests() {
    let simulator = one_video(2_345, |builder| builder).await;
    let list = video(&client(&simulator)).sessions(day());
    let all: Vec<Session> = list.stream().try_collect().await.unwrap();
    let mut before = requested(&simulator).len();
    let mut cost = || {
        let now = requested(&simulator).len();
        now - std::mem::replace(&mut before, now)
    };
    assert_eq!((list.total().await.unwrap(), cost()), (2_345, 1));
    for (count, requests) in [(1, 2), (45, 2), (46, 3), (200, 4)] {
        assert_eq!(
            list.last(count).await.unwrap(),
            all[all.len() - count..],
            "the last {count}"
        );
        assert_eq!(cost(), requests, "the last {count}");
    }
    assert_eq!(list.last(5_000).await.unwrap(), all);
    assert_eq!(cost(), 24, "every page once");
    assert_eq!((list.last(0).await.unwrap().len(), cost()), (0, 0));
}

#[tokio::test]
async fn a_metadata_filter_keeps_the_sessions_that_match() {
    let simulator = Simulator::builder().start().await.unwrap();
    let list = video(&client(&simulator))
        .sessions(day())
        .metadata("hats", "green")
        .page_size(10.try_into().unwrap());
    let sessions: Vec<Session> = list.stream().try_collect().await.unwrap();
    assert!(!sessions.is_empty());
    assert!(
        sessions
            .iter()
            .all(|session| session.metadata("hats") == Some("green"))
    );
    let all: Vec<Session> = video(&client(&simulator))
        .sessions(day())
        .stream()
        .try_collect()
        .await
        .unwrap();
    let green = all
        .into_iter()
        .filter(|session| session.metadata("hats") == Some("green"));
    assert_eq!(green.collect::<Vec<_>>(), sessions);
}

/// Prefetched pages are not polled while the application waits for another request. A token that expires meanwhile, and a
/// pause longer than every timeout, must neither block the stream nor repeat a request.
#[tokio::test]
async fn a_slow_reader_with_prefetched_pages_requests_each_page_once() {
    let simulator = one_video(1_000, |builder| builder.max_token_uses(7)).await;
    let client = Client::builder()
        .api_key("key")
        .base_url(simulator.base_url())
        .with_timeout(Duration::from_millis(800))
        .build()
        .unwrap();
    let mut stream = video(&client).sessions(day()).with_prefetch(4).stream();
    let mut ids = Vec::new();
    while let Some(session) = stream.try_next().await.unwrap() {
        if ids.len() % 90 == 20 {
            let events: Vec<Event> = client
                .session(session.id.clone())
                .events()
                .stream()
                .try_collect()
                .await
                .unwrap();
            assert!(!events.is_empty());
        }
        if ids.len() % 333 == 50 {
            pause(Duration::from_millis(2_000)).await;
        }
        ids.push(session.id);
    }
    assert_eq!(ids.len(), 1_000);
    let requests = simulator.requests();
    let good = requests.iter().filter(|request| request.status() == 200);
    let mut pages: Vec<_> = good
        .filter(|request| request.path().contains("/videos/"))
        .map(|request| request.query().unwrap())
        .collect();
    pages.sort_unstable();
    let count = pages.len();
    pages.dedup();
    assert_eq!((count, pages.len()), (10, 10), "each page once");
    let refused = requests
        .iter()
        .filter(|request| request.status() == 401)
        .count();
    assert!(refused >= 2, "tokens did expire");
    assert!(
        requests
            .iter()
            .all(|request| [200, 401].contains(&request.status()))
    );
}

#[expect(
    clippy::disallowed_methods,
    reason = "an application that is busy for a real while"
)]
async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}

#[tokio::test]
async fn two_hundred_concurrent_calls_exchange_the_key_once() {
    let simulator = one_video(10, |builder| builder).await;
    let client = client(&simulator);
    let list = video(&client).sessions(day());
    let totals = futures::stream::iter(0..200)
        .map(|_| list.total())
        .buffer_unordered(200);
    let totals: Vec<u64> = totals.try_collect().await.unwrap();
    assert!(totals.iter().all(|total| *total == 10));
    assert_eq!(exchanges(&simulator), 1);
}

#[tokio::test]
async fn include_events_keeps_the_order_and_all_events() {
    let simulator = one_video(300, |builder| builder).await;
    let client = client(&simulator);
    for concurrency in [1, 8, 64] {
        let both = video(&client)
            .sessions(day())
            .include_events(concurrency)
            .stream();
        let both: Vec<_> = both.try_collect().await.unwrap();
        let truth: Vec<_> = simulator
            .world()
            .sessions(VIDEO, "2022-01-01")
            .unwrap()
            .collect();
        assert_eq!(both.len(), truth.len());
        for (got, truth) in both.iter().zip(&truth) {
            assert_eq!(got.id.as_str(), &truth.id);
            assert_eq!(
                got.events().len(),
                simulator.world().events(&truth.id).unwrap().len()
            );
        }
    }
}

#[tokio::test]
async fn skips_a_session_without_events_and_continues() {
    let page = r#"{"data":[{"session":{"sessionId":"ps1"}},{"session":{"sessionId":"ps2"}},{"session":{"sessionId":"ps3"}}]}"#;
    let events = r#"{"data":[{"type":"ready","at":0}]}"#;
    let mock = support::Mock::responses(&[(200, page), (200, events), (404, ""), (200, events)]);
    let mut stream = video(&mock.client())
        .sessions(day())
        .include_events(1)
        .stream();
    assert_eq!(stream.try_next().await.unwrap().unwrap().id.as_str(), "ps1");
    let error = stream.try_next().await.unwrap_err();
    assert_eq!(error.session_id().unwrap().as_str(), "ps2");
    assert_eq!(
        (error.kind(), error.is_terminal(), error.is_retryable()),
        (ErrorKind::Events, false, false)
    );
    assert_eq!(support::chain(&error).len(), 2);
    assert_eq!(stream.try_next().await.unwrap().unwrap().id.as_str(), "ps3");
    assert!(stream.try_next().await.unwrap().is_none());
    assert!(stream.is_terminated());
}

#[tokio::test]
async fn a_terminal_error_ends_a_stream_with_events_at_its_place() {
    let page = r#"{"data":[{"session":{"sessionId":"ps1"}},{"session":{"sessionId":"ps2"}}],"pagination":{"currentPage":1,"pagesTotal":2}}"#;
    let events = r#"{"data":[]}"#;
    // The second page of the list fails: the sessions before it are yielded with their events, then the error.
    let mock = support::Mock::responses(&[(200, page), (200, events), (200, events), (500, "")]);
    let outcomes: Vec<_> = video(&mock.client())
        .sessions(day())
        .with_prefetch(0)
        .include_events(1)
        .stream()
        .collect()
        .await;
    let kinds: Vec<_> = outcomes
        .iter()
        .map(|outcome| outcome.as_ref().err().map(apivideo::Error::kind))
        .collect();
    assert_eq!(kinds, [None, None, Some(ErrorKind::Service)]);
    // The account has no permission, whatever the session is.
    let mock = support::Mock::responses(&[(200, page), (403, "")]);
    let outcomes: Vec<_> = video(&mock.client())
        .sessions(day())
        .include_events(1)
        .stream()
        .collect()
        .await;
    assert_eq!(outcomes.len(), 1);
    let error = outcomes[0].as_ref().unwrap_err();
    assert!(error.is_terminal() && error.is_auth());
    assert_eq!(error.session_id().unwrap().as_str(), "ps1");
}

#[tokio::test]
async fn until_error_separates_items_and_error() {
    let page = r#"{"data":[{"session":{"sessionId":"ps1"}}],"pagination":{"currentPage":1,"pagesTotal":2}}"#;
    let mock = support::Mock::responses(&[(200, page), (500, "")]);
    let (mut stream, outcome) = video(&mock.client()).sessions(day()).stream().until_error();
    assert!(outcome.error().is_none());
    assert_eq!(stream.next().await.unwrap().id.as_str(), "ps1");
    assert!(stream.next().await.is_none());
    assert!(stream.next().await.is_none() && stream.is_terminated());
    assert_eq!(outcome.error().unwrap().kind(), ErrorKind::Service);
    assert!(outcome.into_result().is_err());
}

#[tokio::test]
async fn a_dropped_stream_leaves_the_client_usable() {
    let simulator = one_video(300, |builder| builder).await;
    let client = client(&simulator);
    for polls in 0..12 {
        let mut stream = video(&client).sessions(day()).with_prefetch(2).stream();
        // Polled this number of times and then dropped: in the exchange, in the request, or in the body.
        let mut left = polls;
        futures::future::poll_fn(|cx| {
            if left == 0 {
                return std::task::Poll::Ready(());
            }
            left -= 1;
            let _ = stream.poll_next_unpin(cx);
            cx.waker().wake_by_ref();
            std::task::Poll::Pending
        })
        .await;
        drop(stream);
        assert_eq!(video(&client).sessions(day()).total().await.unwrap(), 300);
    }
}

#[tokio::test]
async fn next_is_cancel_safe() {
    let slow = Rule::new()
        .probability(0.3)
        .latency(Duration::from_millis(3));
    let simulator = one_video(150, |builder| {
        builder
            .max_token_uses(20)
            .faults(FaultScript::new().rule(slow))
    })
    .await;
    let client = client(&simulator);
    let list = video(&client)
        .sessions(day())
        .page_size(10.try_into().unwrap())
        .with_prefetch(2);
    let truth: Vec<_> = simulator
        .world()
        .sessions(VIDEO, "2022-01-01")
        .unwrap()
        .map(|session| session.id)
        .collect();
    let (mut sessions, mut both) = (list.stream(), list.clone().include_events(4).stream());
    let (mut ids, mut with_events, mut cancelled) = (Vec::new(), Vec::new(), 0);
    for round in 0_u32.. {
        tokio::select! {
            biased;
            session = sessions.next(), if !sessions.is_terminated() => ids.extend(session.map(|session| session.unwrap().id.to_string())),
            session = both.next(), if !both.is_terminated() => with_events.extend(session.map(|both| both.unwrap().id.to_string())),
            () = pause(Duration::from_micros(u64::from(round % 7) * 200)) => cancelled += 1,
        }
        if sessions.is_terminated() && both.is_terminated() {
            break;
        }
    }
    assert_eq!(ids, truth);
    assert_eq!(with_events, truth);
    assert!(cancelled > 10, "{cancelled}");
}

#[test]
fn streams_are_send_and_static() {
    fn kept<T: Send + 'static>(_: &T) {}
    let client = Client::builder().api_key("key").build().unwrap();
    let list = video(&client).sessions(day());
    kept(&list.stream());
    kept(&list.pages());
    kept(&list.clone().include_events(2).stream());
    fn sent<T: Send>(_: &T) {}
    sent(&list.total());
    sent(&list.last(3));
    sent(&list.page(1));
    sent(&client.get("/videos").send::<serde_json::Value>());
}

#[tokio::test]
async fn last_returns_all_requested_items_whatever_the_totals_are() {
    for faults in [
        r#"{"replace":{"/pagination/pagesTotal":0}}"#,
        r#"{"replace":{"/pagination/pagesTotal":2}}"#,
        r#"{"replace":{"/pagination/pagesTotal":9}}"#,
        r#"{"replace":{"/pagination/itemsTotal":0}}"#,
        r#"{"replace":{"/pagination/itemsTotal":0,"/pagination/pagesTotal":0}}"#,
        r#"{"remove":["/pagination/itemsTotal"]}"#,
        r#"{"remove":["/pagination/pagesTotal"]}"#,
        r#"{"remove":["/pagination"]}"#,
    ] {
        let script = FaultScript::from_json(&format!("{{\"rules\":[{faults}]}}")).unwrap();
        let simulator = one_video(250, |builder| builder.faults(script)).await;
        let list = video(&client(&simulator)).sessions(day());
        let truth: Vec<_> = simulator
            .world()
            .sessions(VIDEO, "2022-01-01")
            .unwrap()
            .map(|session| session.id)
            .collect();
        for count in [1, 50, 51, 120, 250, 400] {
            let newest = list.last(count).await.unwrap();
            let ids: Vec<_> = newest
                .iter()
                .map(|session| session.id.to_string())
                .collect();
            assert_eq!(
                ids,
                truth[truth.len().saturating_sub(count)..],
                "the last {count}, {faults}"
            );
        }
        let all: Vec<Session> = list.stream().try_collect().await.unwrap();
        assert_eq!(all.len(), 250, "{faults}");
    }
}

#[tokio::test]
async fn a_total_that_contradicts_its_page_is_an_error() {
    let script = FaultScript::from_json(r#"{"rules":[{"replace":{"/pagination/itemsTotal":0}}]}"#);
    let simulator = one_video(250, |builder| builder.faults(script.unwrap())).await;
    let error = video(&client(&simulator))
        .sessions(day())
        .total()
        .await
        .unwrap_err();
    assert!(error.is_incomplete(), "{error}");
    assert_eq!(
        error.to_string(),
        "the response has the total 0 (`itemsTotal`) and 1 items; count the items of the stream"
    );
}

#[tokio::test]
async fn a_stream_with_events_is_incomplete_where_its_list_is() {
    let script = FaultScript::from_json(
        r#"{"rules":[{"path":"/analytics/videos/*","replace":{"/pagination/itemsTotal":301}}]}"#,
    );
    let simulator = one_video(300, |builder| builder.faults(script.unwrap())).await;
    let list = video(&client(&simulator)).sessions(day());
    let outcomes: Vec<_> = list.include_events(8).stream().collect().await;
    assert_eq!(outcomes.len(), 301);
    let error = outcomes[300].as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Incomplete);
    assert!(error.cursor().is_some() && error.is_terminal());
    assert_eq!(
        error.to_string(),
        "the list ended after 300 of 301 announced items: it was read 2 times; \
         read it from its start, or by smaller periods"
    );
}
