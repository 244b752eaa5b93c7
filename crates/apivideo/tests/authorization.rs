//! Tokens and keys: one exchange, renewals, refusals, and nothing of them in any message.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod support;

use std::time::Duration;

use apivideo::{Client, ErrorKind};
use apivideo_simulator::Simulator;
use futures::StreamExt;
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
async fn a_place_without_a_token_exchange_is_told_from_a_wrong_id() {
    let mock = Mock::replies(&[(404, "Request did not match any route or mock")]);
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
async fn a_refresh_whose_reply_is_lost_falls_back_to_the_key() {
    let (url, asked) = support::raw_replies([
        support::raw_reply(200, TOKEN, 0),
        support::raw_reply(401, "{}", 0),
        Vec::new(),
        support::raw_reply(200, SECOND, 0),
        support::raw_reply(200, PAGE, 0),
    ]);
    let client = Client::builder()
        .api_key("key")
        .base_url(url)
        .build()
        .unwrap();
    client.videos().page(1).await.unwrap();
    let paths: Vec<String> = asked
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

/// Answers once with a redirect to `to`.
fn redirect(status: u16, to: &str) -> String {
    let reply = format!(
        "HTTP/1.1 {status} x\r\nlocation: {to}?token=hush\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    );
    let (url, asked) = support::raw_replies([reply.into_bytes()]);
    // Nobody reads what was asked; it is to be kept all the same, for the server notes it.
    std::mem::forget(asked);
    url
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let elsewhere = Mock::replies(&[(200, TOKEN)]);
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
async fn a_client_that_follows_redirects_carries_neither_key_nor_token_elsewhere() {
    for status in [301, 302, 303, 307, 308] {
        for basic in [false, true] {
            let elsewhere = Mock::replies(&[(200, TOKEN)]);
            let url = redirect(status, &elsewhere.server.url("/x"));
            let follows = reqwest::Client::builder().no_proxy().build().unwrap();
            let builder = Client::builder()
                .api_key("a key")
                .base_url(url)
                .with_http_client(follows);
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
            for asked in elsewhere.asked() {
                assert!(
                    !format!("{asked:?}").contains("a key"),
                    "{status}: {asked:?}"
                );
                assert_eq!(asked.header("authorization"), None, "{status}");
            }
        }
    }
}

/// Twenty-four streams, and the service forgets their token while they read: one renewal, and nothing is missing.
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
        "each stream has a page and one ahead: {refused}"
    );
}

/// Whoever began a renewal, and whoever waits for it, may go away at any point: the others finish, by the same exchange.
#[tokio::test]
async fn those_who_leave_a_renewal_wedge_nobody() {
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
            let mut leaving =
                futures::future::join_all(lists.iter().map(|list| Box::pin(list.total())));
            for _ in 0..polls {
                tokio::select! {
                    biased;
                    _ = &mut leaving => break,
                    () = tokio::task::yield_now() => {}
                }
            }
        }
        let staying = futures::future::try_join_all(lists.iter().map(apivideo::List::total));
        staying.await.unwrap();
        let requests = simulator.requests();
        let exchanges = requests[before..]
            .iter()
            .filter(|request| request.path().starts_with("/auth/"));
        assert_eq!(exchanges.count(), 1, "left after {polls} polls");
    }
}

#[tokio::test]
async fn lifetimes_that_make_no_sense_are_an_hour_or_a_week() {
    for lifetime in ["9223372036854775807", "null", "-5", "0"] {
        let token = format!(r#"{{"access_token":"t","expires_in":{lifetime}}}"#);
        let mock = Mock::replies(&[(200, &token), (200, PAGE)]);
        let client = mock.builder().build().unwrap();
        client.videos().page(1).await.unwrap();
        client.videos().page(1).await.unwrap();
        assert_eq!(mock.lines().len(), 3, "{lifetime}: one exchange");
    }
}

#[tokio::test]
async fn a_token_is_taken_whatever_the_type_of_its_lifetime() {
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
        let mock = Mock::replies(&[(200, &token), (200, r#"{"data":[]}"#)]);
        let client = mock.builder().build().unwrap();
        client.videos().page(1).await.unwrap();
        client.videos().page(1).await.unwrap();
        let asked = mock.asked();
        assert_eq!(asked.len(), 3, "{expires_in}: one token serves both");
        assert_eq!(asked[2].header("authorization"), Some("Bearer first-token"));
    }
}
