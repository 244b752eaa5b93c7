//! Tokens and keys: one exchange, renewals, refusals, and nothing of them in any message.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod support;

use std::time::Duration;

use apivideo::{Client, ErrorKind};
use apivideo_simulator::Simulator;
use support::Mock;

const TOKEN: &str = r#"{"token_type":"Bearer","expires_in":3600,"access_token":"first-token","refresh_token":"first-refresh"}"#;
const SECOND: &str = r#"{"token_type":"Bearer","expires_in":3600,"access_token":"second-token","refresh_token":"second-refresh"}"#;
const PAGE: &str = r#"{"data":[]}"#;

fn lines_and_tokens(mock: &Mock) -> Vec<String> {
    let asked = mock.asked();
    let shown = asked.iter().map(|asked| {
        format!(
            "{} {}",
            asked.line,
            asked.header("authorization").unwrap_or(&asked.body)
        )
    });
    shown
        .map(|line| line.replace("?currentPage=1&pageSize=100", ""))
        .collect()
}

#[tokio::test]
async fn the_key_is_exchanged_once_and_the_token_goes_along() {
    let mock = Mock::replies(&[(200, TOKEN), (200, PAGE)]);
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
    let exchange = &mock.asked()[0];
    assert_eq!(exchange.header("authorization"), None);
    assert_eq!(exchange.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn after_a_401_there_is_one_renewal_and_one_more_try() {
    let mock = Mock::replies(&[(200, TOKEN), (401, "{}"), (200, SECOND), (200, PAGE)]);
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
    let stubborn = Mock::replies(&[(200, TOKEN), (401, "{}"), (200, SECOND), (401, "{}")]);
    let error = stubborn
        .builder()
        .build()
        .unwrap()
        .videos()
        .page(1)
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), stubborn.lines().len()),
        (ErrorKind::Unauthorized, 4)
    );
    let basic = Mock::replies(&[(401, "{}")]);
    let error = basic.client().videos().page(1).await.unwrap_err();
    assert_eq!(
        (error.kind(), basic.lines().len()),
        (ErrorKind::Unauthorized, 1)
    );
}

#[tokio::test]
async fn a_refused_or_lost_refresh_falls_back_to_the_key() {
    for (status, body) in [(401, "{}"), (400, "{}"), (500, ""), (200, "<html>")] {
        let mock = Mock::replies(&[
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
async fn a_refused_key_is_said_with_the_place_and_asked_again_by_the_next_call_only() {
    for status in [400, 401] {
        let problem =
            r#"{"type":"x","title":"The user credentials were incorrect.","name":"","status":400}"#;
        let mock = Mock::replies(&[(status, problem)]);
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
                "the API key was refused by {}: {status} The user credentials were incorrect; check the key, and that it belongs \
                 to this environment (sandbox and production have keys of their own)",
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
async fn a_token_that_the_service_forgot_is_renewed() {
    // Only the simulator's clock moves: for the client, the token is still good.
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
        "only the simulator's clock moved: a surprise for the client, and it recovers"
    );
}

#[tokio::test]
async fn no_message_holds_a_key_or_a_token() {
    let secrets = [
        "a key",
        "YSBrZXk6",
        "first-token",
        "first-refresh",
        "second-token",
    ];
    let mut shown = String::new();
    for replies in [
        vec![(200, TOKEN), (500, "")],
        vec![(200, TOKEN), (401, "{}"), (200, SECOND), (401, "{}")],
        vec![(
            200,
            r#"{"access_token":"first-token","expires_in":"never"}"#,
        )],
        vec![(200, r#"{"access_token":"first-token\n","expires_in":60}"#)],
        vec![(400, r#"{"title":"No."}"#)],
        vec![(302, "")],
    ] {
        let mock = Mock::replies(&replies);
        let builder = mock.builder();
        let client = builder.clone().build().unwrap();
        let error = client.videos().page(1).await.unwrap_err();
        shown += &format!(
            "{builder:?} {client:?} {error:?} {error:#?} {error} {:?}",
            support::chain(&error)
        );
        let list = client.videos();
        shown += &format!("{list:?} {:?} {:?}", list.stream(), list.pages());
    }
    for secret in secrets {
        assert!(!shown.contains(secret), "{secret} is in: {shown}");
    }
}
