//! Retries and the rate limit over HTTP: the number of requests, and the final error.

mod support;

use std::num::NonZeroU32;
use std::time::Duration;

use apivideo::retry::RetryPolicy;
use apivideo::{Client, ClientBuilder, ErrorKind};
use apivideo_simulator::{RateLimit, Simulator};
use futures::{StreamExt, TryStreamExt};
use support::raw_server::{RawServer, closing};
use support::{Mock, chain};

const PAGE: &str = r#"{"data":[]}"#;
const TOKEN: &str = r#"{"expires_in":3600,"access_token":"token","refresh_token":"refresh"}"#;

/// A policy with a short backoff.
fn short_backoff() -> RetryPolicy {
    RetryPolicy::default()
        .initial_backoff(Duration::from_millis(1))
        .max_backoff(Duration::from_millis(4))
}

fn retrying(mock: &Mock) -> ClientBuilder {
    mock.builder().with_retry_policy(short_backoff())
}

#[tokio::test]
async fn transient_statuses_are_retried_and_others_are_not() {
    for status in [408, 500, 502, 503, 504, 520, 521, 522, 523, 524] {
        let mock = Mock::responses(&[(status, "<html>"), (status, ""), (200, PAGE)]);
        let client = retrying(&mock).with_basic_auth().build().unwrap();
        client.videos().page(1).await.unwrap();
        assert_eq!(mock.lines(), ["GET /videos?currentPage=1&pageSize=100"; 3]);
    }
    for status in [400, 401, 403, 404, 409, 422, 501, 505, 519, 525, 530] {
        let mock = Mock::responses(&[(status, "{}"), (200, PAGE)]);
        let client = retrying(&mock).with_basic_auth().build().unwrap();
        let error = client.videos().page(1).await.unwrap_err();
        assert_eq!(
            (mock.lines().len(), error.attempts()),
            (1, Some(1)),
            "{status}"
        );
    }
}

#[tokio::test]
async fn broken_connections_and_truncated_bodies_are_retried() {
    let server = RawServer::per_connection([
        Vec::new(),
        closing(200, PAGE, 5),
        closing(200, PAGE, PAGE.len()),
        closing(503, "the reason why", 9),
        closing(200, PAGE, 0),
    ]);
    let builder = Client::builder()
        .api_key("key")
        .base_url(&server.url)
        .with_retry_policy(short_backoff());
    builder
        .with_basic_auth()
        .build()
        .unwrap()
        .videos()
        .page(1)
        .await
        .unwrap();
    assert_eq!(server.requests(), 5);
}

#[tokio::test]
async fn pages_that_cannot_be_decoded_are_not_retried() {
    for body in ["<html>", "[]", r#"{"data":7}"#, r#"{"data":[}"#] {
        let mock = Mock::responses(&[(200, body), (200, PAGE)]);
        let client = retrying(&mock).with_basic_auth().build().unwrap();
        let error = client.videos().page(1).await.unwrap_err();
        assert!(error.is_decode());
        assert_eq!(mock.lines().len(), 1, "{body}");
    }
}

#[tokio::test]
async fn the_final_error_reports_attempts_time_and_cause() {
    let mock = Mock::responses(&[(503, "")]);
    let policy = short_backoff().max_attempts(3);
    let client = mock
        .builder()
        .with_retry_policy(policy)
        .with_basic_auth()
        .build()
        .unwrap();
    let error = client.videos().page(1).await.unwrap_err();
    assert_eq!(mock.lines().len(), 3);
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Service, Some(3))
    );
    assert_eq!(
        (error.status().unwrap().as_u16(), error.page()),
        (503, Some(1))
    );
    let chain = chain(&error);
    assert!(
        chain[0].starts_with("`GET /videos` failed after 3 attempts in 0."),
        "{chain:?}"
    );
    assert!(
        chain[0].ends_with(
            " s: the retry policy allows no more attempts; try again later, or allow more"
        ),
        "{chain:?}"
    );
    let last = format!(
        "{} failed to process `GET /videos`: 503 Service Unavailable; try again later",
        client.base_url()
    );
    assert_eq!(chain[1..], [last]);
}

#[tokio::test]
async fn the_exchange_of_the_key_is_retried_once_for_all_calls() {
    let mock = Mock::responses(&[(503, ""), (502, ""), (200, TOKEN), (200, PAGE)]);
    let client = retrying(&mock).build().unwrap();
    let (videos, streams) = (client.videos(), client.live_streams());
    let (first, second) = futures::join!(videos.page(1), streams.page(1));
    first.and(second.map(|_| ())).unwrap();
    assert_eq!(mock.lines()[..3], ["POST /auth/api-key"; 3]);
    assert_eq!(mock.lines().len(), 5);

    let down = Mock::responses(&[(503, "")]);
    let error = retrying(&down)
        .build()
        .unwrap()
        .videos()
        .page(1)
        .await
        .unwrap_err();
    assert_eq!((down.lines().len(), error.attempts()), (5, Some(5)));
    assert!(
        error
            .to_string()
            .starts_with("`POST /auth/api-key` failed after 5 attempts"),
        "{error}"
    );
}

#[tokio::test]
async fn a_refresh_is_not_retried() {
    let mock = Mock::responses(&[
        (200, TOKEN),
        (401, "{}"),
        (503, ""),
        (503, ""),
        (200, TOKEN),
        (200, PAGE),
    ]);
    retrying(&mock)
        .build()
        .unwrap()
        .videos()
        .page(1)
        .await
        .unwrap();
    let lines = mock.lines();
    assert_eq!(
        lines[2..5],
        [
            "POST /auth/refresh",
            "POST /auth/api-key",
            "POST /auth/api-key"
        ]
    );
}

#[tokio::test]
async fn a_call_renews_its_token_once() {
    let mock = Mock::responses(&[
        (200, TOKEN),
        (401, "{}"),
        (200, TOKEN),
        (503, ""),
        (401, "{}"),
    ]);
    let error = retrying(&mock)
        .build()
        .unwrap()
        .videos()
        .page(1)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    let sent = mock
        .lines()
        .iter()
        .filter(|line| line.starts_with("GET"))
        .count();
    assert_eq!((mock.lines().len(), sent), (5, 3));
}

#[tokio::test]
async fn waits_after_a_429_with_and_without_rate_limiting() {
    for is_rate_limited in [true, false] {
        let simulator = Simulator::builder()
            .rate_limit(RateLimit::PerMinute(20))
            .rate_window(Duration::from_secs(2))
            .start()
            .await
            .unwrap();
        let builder = Client::builder()
            .api_key("key")
            .base_url(simulator.base_url());
        let builder = if is_rate_limited {
            builder
        } else {
            builder.without_rate_limiting()
        };
        let client = builder.build().unwrap();
        let list = client.videos();
        let totals = futures::stream::iter(0..30)
            .map(|_| list.total())
            .buffer_unordered(16);
        let totals: Vec<u64> = totals.try_collect().await.unwrap();
        assert_eq!(totals.len(), 30);
        let requests = simulator.requests();
        let refused = requests
            .iter()
            .filter(|request| request.status() == 429)
            .count();
        assert!(
            if is_rate_limited {
                refused <= 1
            } else {
                refused > 1
            },
            "{refused} refused, rate limiting: {is_rate_limited}"
        );
    }
}

#[tokio::test]
async fn the_rate_limit_is_known_from_responses() {
    let simulator = Simulator::builder()
        .rate_limit(RateLimit::PerMinute(100))
        .start()
        .await
        .unwrap();
    let builder = Client::builder()
        .api_key("key")
        .base_url(simulator.base_url());
    let client = builder.clone().build().unwrap();
    assert_eq!(
        client.rate_limit(),
        apivideo::rate_limit::RateLimit::default()
    );
    client.videos().total().await.unwrap();
    client.clone().videos().total().await.unwrap();
    let state = client.rate_limit();
    assert_eq!(
        (state.limit, state.remaining),
        (Some(100), Some(98)),
        "the exchange of the key is not counted"
    );
    assert!(state.resets_in.unwrap() <= Duration::from_secs(61));
    let limited = builder
        .with_rate_limit(NonZeroU32::new(10).unwrap())
        .build()
        .unwrap();
    limited.videos().total().await.unwrap();
    let state = limited.rate_limit();
    assert_eq!((state.limit, state.remaining), (Some(10), Some(9)));
}

#[tokio::test]
async fn the_clock_skew_is_known_from_responses_of_any_status_and_body() {
    for (status, body) in [(200, PAGE), (404, "{}"), (200, "<html>"), (200, "")] {
        let date = format!(
            "date: Sun, 06 Nov 1994 08:49:37 GMT\r\ncontent-length: {}",
            body.len()
        );
        let head = format!("HTTP/1.1 {status} x\r\n{date}\r\n\r\n{body}");
        let server = RawServer::per_connection([head.into_bytes()]);
        let builder = Client::builder()
            .api_key("key")
            .base_url(&server.url)
            .with_basic_auth();
        let client = builder
            .with_retry_policy(RetryPolicy::none())
            .build()
            .unwrap();
        assert_eq!(client.clock_skew(), None);
        let _ = client.clone().videos().page(1).await;
        let years = client.clock_skew().unwrap().as_hours() / 24 / 365;
        assert!(years >= 30, "{status} {body}: {years}");
    }
}

#[tokio::test]
async fn a_stream_counts_its_retries_and_waits() {
    let first = r#"{"data":[{"videoId":"vi1"}],"pagination":{"currentPage":1,"pagesTotal":2,"itemsTotal":2}}"#;
    let second = r#"{"data":[{"videoId":"vi2"}],"pagination":{"currentPage":2,"pagesTotal":2,"itemsTotal":2}}"#;
    let mock = Mock::responses(&[(503, ""), (200, first), (502, ""), (429, ""), (200, second)]);
    let client = retrying(&mock).with_basic_auth().build().unwrap();
    let mut stream = client.videos().stream();
    assert_eq!(stream.by_ref().count().await, 2);
    let progress = stream.progress();
    assert_eq!((progress.retries, progress.waits), (3, 1));
}

/// Prefetched pages that are not polled have reservations and requests in flight: other requests must not wait for them.
#[tokio::test]
async fn requests_do_not_wait_for_streams_that_are_not_polled() {
    let simulator = Simulator::builder()
        .rate_limit(RateLimit::PerMinute(24))
        .rate_window(Duration::from_secs(2))
        .start()
        .await
        .unwrap();
    let client = Client::builder()
        .api_key("key")
        .base_url(simulator.base_url())
        .build()
        .unwrap();
    let mut idle = Vec::new();
    for _ in 0..3 {
        let mut stream = client
            .videos()
            .page_size(1.try_into().unwrap())
            .with_prefetch(4)
            .stream();
        for _ in 0..6 {
            stream.try_next().await.unwrap();
        }
        idle.push(stream);
    }
    for _ in 0..4 {
        client.videos().total().await.unwrap();
    }
    for stream in &mut idle {
        stream.try_next().await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_dropped_wait_returns_its_reservation() {
    let simulator = Simulator::builder()
        .rate_limit(RateLimit::PerMinute(20))
        .start()
        .await
        .unwrap();
    let client = Client::builder()
        .api_key("key")
        .base_url(simulator.base_url())
        .build()
        .unwrap();
    for _ in 0..16 {
        client.videos().total().await.unwrap();
    }
    let left = client.rate_limit().remaining;
    assert_eq!(left, Some(4));
    for _ in 0..50 {
        let list = client.videos();
        let call = list.total();
        tokio::select! {
            biased;
            _ = call => panic!("the next permit is seconds away"),
            () = std::future::ready(()) => {}
        }
    }
    assert_eq!(client.rate_limit().remaining, left);
    assert_eq!(simulator.requests().len(), 17);
}
