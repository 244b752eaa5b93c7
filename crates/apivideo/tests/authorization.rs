//! Tokens and keys: exchange, renewal, refusal and redirects.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod support;

use std::time::Duration;

use apivideo::{Client, ErrorKind};
use apivideo_simulator::Simulator;
use futures::StreamExt;
use support::Mock;
use support::raw_server::{RawServer, closing, response};

const TOKEN: &str = r#"{"token_type":"Bearer","expires_in":3600,"access_token":"first-token","refresh_token":"first-refresh"}"#;
const SECOND: &str = r#"{"token_type":"Bearer","expires_in":3600,"access_token":"second-token","refresh_token":"second-refresh"}"#;
const PAGE: &str = r#"{"data":[]}"#;

fn lines_and_tokens(mock: &Mock) -> Vec<String> {
    let requests = mock.requests();
    let shown = requests.iter().map(|request| {
        format!(
            "{} {}",
            request.line,
            request.header("authorization").unwrap_or(&request.body)
        )
    });
    shown
        .map(|line| line.replace("?currentPage=1&pageSize=100", ""))
        .collect()
}

#[tokio::test]
async fn the_key_is_exchanged_once_and_the_token_sent_with_each_request() {
    let mock = Mock::responses(&[(200, TOKEN), (200, PAGE)]);
    let client = mock.builder().build().unwrap();
    client.videos().page(1).await.unwrap();
    client.clone().videos().page(1).await.unwrap();
    assert_eq!(
        lines_and_tokens(&mock),
        [
            r#"POST /auth/api-key {"apiKey":"a key"}"#,
            "GET /videos Bearer first-token",
            "GET /videos Bearer first-token"
        ]
    );
    let exchange = &mock.requests()[0];
    assert_eq!(exchange.header("authorization"), None);
    assert_eq!(exchange.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn a_401_is_followed_by_one_renewal_and_one_resend() {
    let mock = Mock::responses(&[(200, TOKEN), (401, "{}"), (200, SECOND), (200, PAGE)]);
    mock.builder()
        .build()
        .unwrap()
        .videos()
        .page(1)
        .await
        .unwrap();
    assert_eq!(
        lines_and_tokens(&mock)[1..],
        [
            "GET /videos Bearer first-token",
            r#"POST /auth/refresh {"refreshToken":"first-refresh"}"#,
            "GET /videos Bearer second-token"
        ]
    );
    let refused_again = Mock::responses(&[(200, TOKEN), (401, "{}"), (200, SECOND), (401, "{}")]);
    let error = refused_again
        .builder()
        .build()
        .unwrap()
        .videos()
        .page(1)
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), refused_again.lines().len()),
        (ErrorKind::Unauthorized, 4)
    );
    let basic = Mock::responses(&[(401, "{}")]);
    let error = basic.client().videos().page(1).await.unwrap_err();
    assert_eq!(
        (error.kind(), basic.lines().len()),
        (ErrorKind::Unauthorized, 1)
    );
}

#[tokio::test]
async fn a_rejected_or_lost_refresh_falls_back_to_the_key() {
    for (status, body) in [(401, "{}"), (400, "{}"), (500, ""), (200, "<html>")] {
        let mock = Mock::responses(&[
            (200, TOKEN),
            (401, "{}"),
            (status, body),
            (200, SECOND),
            (200, PAGE),
        ]);
        mock.builder()
            .build()
            .unwrap()
            .videos()
            .page(1)
            .await
            .unwrap();
        let lines = lines_and_tokens(&mock);
        assert_eq!(
            lines[2],
            r#"POST /auth/refresh {"refreshToken":"first-refresh"}"#
        );
        assert_eq!(lines[3], r#"POST /auth/api-key {"apiKey":"a key"}"#);
        assert_eq!(lines[4], "GET /videos Bearer second-token");
    }
}

#[tokio::test]
async fn a_rejected_key_is_reported_with_the_endpoint_and_sent_again_only_by_the_next_call() {
    for status in [400, 401] {
        let problem =
            r#"{"type":"x","title":"The user credentials were incorrect.","name":"","status":400}"#;
        let mock = Mock::responses(&[(status, problem)]);
        let client = mock.builder().build().unwrap();
        let (videos, streams) = (client.videos(), client.live_streams());
        let (first, second) = futures::join!(videos.page(1), streams.page(1));
        assert_eq!(
            mock.lines(),
            ["POST /auth/api-key"],
            "both waited for one exchange"
        );
        for error in [first.unwrap_err(), second.unwrap_err()] {
            assert!(error.is_auth() && error.is_terminal() && !error.is_retryable());
            let expected = format!(
                "the API key was rejected by {}: {status} The user credentials were incorrect; check the key, and that it belongs \
                 to this environment (sandbox and production have separate keys)",
                mock.server.base_url()
            );
            assert_eq!(error.to_string(), expected);
            assert!(error.problem().is_some());
        }
        client.videos().page(1).await.unwrap_err();
        assert_eq!(mock.lines().len(), 2);
    }
}

#[tokio::test]
async fn a_missing_token_exchange_is_distinguished_from_a_wrong_id() {
    let mock = Mock::responses(&[(404, "Request did not match any route or mock")]);
    let client = mock.builder().build().unwrap();
    let error = client.videos().page(1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let message = error.to_string();
    assert!(
        message.contains("has no `POST /auth/api-key`: 404"),
        "{message}"
    );
    assert!(
        message.contains("mock server") && message.contains("with_basic_auth"),
        "{message}"
    );
    assert!(!message.contains("check the id"), "{message}");
}

#[tokio::test]
async fn a_token_that_the_service_revoked_is_renewed() {
    // Only the simulator's clock is advanced: for the client, the token is still valid.
    let simulator = Simulator::builder()
        .token_lifetime(Duration::from_secs(3_600))
        .start()
        .await
        .unwrap();
    let client = Client::builder()
        .api_key("key")
        .base_url(simulator.base_url())
        .build()
        .unwrap();
    client.videos().total().await.unwrap();
    simulator.advance(Duration::from_secs(3_601));
    client.videos().total().await.unwrap();
    let statuses: Vec<_> = simulator
        .requests()
        .iter()
        .map(|request| (request.path().to_owned(), request.status()))
        .collect();
    let expected = [
        ("/auth/api-key", 200),
        ("/videos", 200),
        ("/videos", 401),
        ("/auth/refresh", 200),
        ("/videos", 200),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(path, status)| ((*path).to_owned(), *status))
        .collect();
    assert_eq!(
        statuses, expected,
        "the client recovers from a token that is refused early"
    );
}

#[tokio::test]
async fn a_lost_response_to_a_refresh_falls_back_to_the_key() {
    let server = RawServer::per_connection([
        closing(200, TOKEN, 0),
        closing(401, "{}", 0),
        Vec::new(),
        closing(200, SECOND, 0),
        closing(200, PAGE, 0),
    ]);
    let client = Client::builder()
        .api_key("key")
        .base_url(&server.url)
        .build()
        .unwrap();
    client.videos().page(1).await.unwrap();
    let paths: Vec<String> = server
        .lines()
        .iter()
        .map(|line| line.split([' ', '?']).nth(1).unwrap().to_owned())
        .collect();
    let expected = [
        "/auth/api-key",
        "/videos",
        "/auth/refresh",
        "/auth/api-key",
        "/videos",
    ];
    assert_eq!(paths, expected);
}

/// The URL of a server that redirects to `to`.
fn redirect(status: u16, to: &str) -> String {
    let headers = format!("location: {to}?token=hush\r\ncontent-length: 0\r\n");
    let redirect = response(&format!("{status} x"), &headers, b"");
    RawServer::per_connection([redirect]).url
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = Mock::responses(&[(200, TOKEN)]);
    for status in [301, 302, 303, 307, 308] {
        let url = redirect(status, &elsewhere.server.url("/auth/api-key"));
        let client = Client::builder()
            .api_key("a key")
            .base_url(url)
            .build()
            .unwrap();
        let error = client.videos().page(1).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unexpected);
        assert!(
            error.to_string().contains("redirects are not followed"),
            "{error}"
        );
        assert!(!error.to_string().contains("hush"), "{error}");
    }
    assert!(elsewhere.lines().is_empty());
}

#[tokio::test]
async fn an_http_client_that_follows_redirects_sends_neither_key_nor_token_to_another_host() {
    for status in [301, 302, 303, 307, 308] {
        for basic in [false, true] {
            let elsewhere = Mock::responses(&[(200, TOKEN)]);
            let url = redirect(status, &elsewhere.server.url("/x"));
            let http = reqwest::Client::builder().no_proxy().build().unwrap();
            let builder = Client::builder()
                .api_key("a key")
                .base_url(url)
                .with_http_client(http);
            let builder = if basic {
                builder.with_basic_auth()
            } else {
                builder
            };
            let error = builder.build().unwrap().videos().page(1).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unexpected, "{status}: {error}");
            assert!(
                error.to_string().contains("redirect") && !error.to_string().contains("hush"),
                "{error}"
            );
            for request in elsewhere.requests() {
                assert!(
                    !format!("{request:?}").contains("a key"),
                    "{status}: {request:?}"
                );
                assert_eq!(request.header("authorization"), None, "{status}");
            }
        }
    }
}

/// The service revokes the token of 24 streams while they read: one renewal, and no session is missing.
#[tokio::test]
async fn many_streams_renew_an_expired_token_once() {
    let simulator = Simulator::builder()
        .videos(1)
        .live_streams(0)
        .days(1)
        .sessions(300)
        .start()
        .await
        .unwrap();
    let client = Client::builder()
        .api_key("key")
        .base_url(simulator.base_url())
        .build()
        .unwrap();
    let list = client
        .video("vi4k0jvEUuaTdRAEjQ4Prklg".parse().unwrap())
        .sessions("2022-01-01".parse().unwrap())
        .page_size(10.try_into().unwrap());
    let mut sessions = futures::stream::select_all((0..24).map(|_| list.stream()));
    let mut count = 0;
    while let Some(session) = sessions.next().await {
        session.unwrap();
        count += 1;
        if count == 2_000 {
            simulator.advance(Duration::from_secs(3_601));
        }
    }
    assert_eq!(count, 24 * 300);
    let requests = simulator.requests();
    let of = |path: &str| {
        requests
            .iter()
            .filter(|request| request.path() == path)
            .count()
    };
    assert_eq!((of("/auth/api-key"), of("/auth/refresh")), (1, 1));
    let refused = requests
        .iter()
        .filter(|request| request.status() == 401)
        .count();
    assert!(
        (1..=48).contains(&refused),
        "each stream has one page in flight and one prefetched: {refused}"
    );
}

/// A request that began a renewal, or waits for it, can be dropped at any point: the others finish with the same exchange.
#[tokio::test]
async fn a_dropped_renewal_does_not_block_other_requests() {
    let simulator = Simulator::builder().start().await.unwrap();
    for polls in 0..16 {
        let client = Client::builder()
            .api_key("key")
            .base_url(simulator.base_url())
            .build()
            .unwrap();
        let before = simulator.requests().len();
        let lists: Vec<_> = (0..16).map(|_| client.videos()).collect();
        {
            let mut dropped =
                futures::future::join_all(lists.iter().map(|list| Box::pin(list.total())));
            for _ in 0..polls {
                tokio::select! {
                    biased;
                    _ = &mut dropped => break,
                    () = tokio::task::yield_now() => {}
                }
            }
        }
        let remaining = futures::future::try_join_all(lists.iter().map(apivideo::List::total));
        remaining.await.unwrap();
        let requests = simulator.requests();
        let exchanges = requests[before..]
            .iter()
            .filter(|request| request.path().starts_with("/auth/"));
        assert_eq!(exchanges.count(), 1, "dropped after {polls} polls");
    }
}

#[tokio::test]
async fn invalid_token_lifetimes_become_an_hour_or_a_week() {
    for lifetime in ["9223372036854775807", "null", "-5", "0"] {
        let token = format!(r#"{{"access_token":"t","expires_in":{lifetime}}}"#);
        let mock = Mock::responses(&[(200, &token), (200, PAGE)]);
        let client = mock.builder().build().unwrap();
        client.videos().page(1).await.unwrap();
        client.videos().page(1).await.unwrap();
        assert_eq!(mock.lines().len(), 3, "{lifetime}: one exchange");
    }
}

#[tokio::test]
async fn a_token_is_accepted_whatever_the_type_of_its_lifetime() {
    for expires_in in [
        r#""3600""#,
        "3600.5",
        "null",
        r#""an hour""#,
        "true",
        "-1",
        "0",
    ] {
        let token = format!(
            r#"{{"access_token":"first-token","refresh_token":null,"token_type":null,"expires_in":{expires_in}}}"#
        );
        let mock = Mock::responses(&[(200, &token), (200, r#"{"data":[]}"#)]);
        let client = mock.builder().build().unwrap();
        client.videos().page(1).await.unwrap();
        client.videos().page(1).await.unwrap();
        let requests = mock.requests();
        assert_eq!(
            requests.len(),
            3,
            "{expires_in}: both requests use one token"
        );
        assert_eq!(
            requests[2].header("authorization"),
            Some("Bearer first-token")
        );
    }
}
