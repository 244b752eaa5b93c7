//! Authentication, the rate limit, the request log, and invalid options.

mod common;

use std::time::Duration;

use apivideo_simulator::{Authorization, Behaviour, RateLimit, Simulator, TUTORIAL_VIDEO};
use common::TestClient;
use serde_json::json;

#[tokio::test]
async fn bearer_and_basic_authentication_are_accepted() {
    let client = TestClient::start(Simulator::builder()).await;
    assert_eq!(client.get("/videos").await.status, 200);
    // base64 of "some key:"
    assert_eq!(
        client
            .get_as("/videos", Some("Basic c29tZSBrZXk6"))
            .await
            .status,
        200
    );
    for (header, title) in [
        (None, r#"The "Authorization" header is missing."#),
        (
            Some("Bearer unknown"),
            "The access token is invalid or expired.",
        ),
        (
            Some("c29tZSBrZXk6"),
            r#"The "Authorization" header value is invalid."#,
        ),
        // base64 of ":"
        (Some("Basic Og=="), "The API key is invalid."),
    ] {
        let problem = client.get_as("/videos", header).await.problem(401, None);
        assert_eq!(problem["title"], title);
    }
    let kinds: Vec<Authorization> = client
        .simulator
        .requests()
        .iter()
        .map(apivideo_simulator::Request::authorization)
        .collect();
    assert_eq!(
        kinds,
        [
            Authorization::None,
            Authorization::Bearer,
            Authorization::Basic,
            Authorization::None,
            Authorization::Bearer,
            Authorization::Other,
            Authorization::Basic,
        ]
    );
}

#[tokio::test]
async fn tokens_expire_and_are_renewed() {
    let builder = Simulator::builder().manual_clock();
    let mut client = TestClient::start(builder.token_lifetime(Duration::from_secs(90))).await;
    let tokens = client
        .post("/auth/api-key", r#"{"apiKey":"k"}"#)
        .await
        .json();
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 90);
    client.simulator.advance(Duration::from_secs(90));
    client.get("/videos").await.problem(401, None);

    let refresh = json!({ "refreshToken": tokens["refresh_token"] }).to_string();
    let renewed = client.post("/auth/refresh", &refresh).await;
    assert_eq!(renewed.status, 200);
    let renewed = renewed.json();
    assert_ne!(renewed["refresh_token"], tokens["refresh_token"]);
    client.token = renewed["access_token"].as_str().unwrap().to_owned();
    assert_eq!(client.get("/videos").await.status, 200);
    let reused = client
        .post("/auth/refresh", &refresh)
        .await
        .problem(401, None);
    assert_eq!(reused["title"], "The refresh token is invalid.");
}

#[tokio::test]
async fn tokens_expire_after_their_number_of_uses() {
    let client = TestClient::start(Simulator::builder().max_token_uses(2)).await;
    assert_eq!(client.get("/videos").await.status, 200);
    assert_eq!(client.get("/videos").await.status, 200);
    client.get("/videos").await.problem(401, None);
}

#[tokio::test]
async fn invalid_credentials_are_problems() {
    let client = TestClient::start(Simulator::builder().api_key("right")).await;
    for (path, body, status, name) in [
        ("/auth/api-key", r#"{"apiKey":"wrong"}"#, 400, Some("")),
        ("/auth/api-key", r#"{"apiKey":""}"#, 400, Some("")),
        ("/auth/api-key", "{}", 400, Some("apiKey")),
        ("/auth/api-key", r#"{"apiKey":7}"#, 400, None),
        ("/auth/api-key", "{", 400, None),
        ("/auth/api-key", "", 400, None),
        ("/auth/refresh", r#"{"refreshToken":"x"}"#, 401, None),
        ("/auth/refresh", "{}", 400, Some("refreshToken")),
        ("/auth/else", "{}", 404, None),
    ] {
        client.post(path, body).await.problem(status, name);
    }
    let long = format!(r#"{{"apiKey":"{}"}}"#, "x".repeat(70_000));
    client.post("/auth/api-key", &long).await.problem(400, None);
    assert_eq!(
        client
            .post("/auth/api-key", r#"{"apiKey":"right"}"#)
            .await
            .status,
        200
    );

    let mut behaviour = Behaviour::default();
    behaviour.invalid_key_status = 401;
    let client =
        TestClient::start(Simulator::builder().api_key("right").behaviour(behaviour)).await;
    client
        .post("/auth/api-key", r#"{"apiKey":"wrong"}"#)
        .await
        .problem(401, Some(""));
}

#[tokio::test]
async fn the_rate_limit_is_reported_and_enforced() {
    let builder = Simulator::builder()
        .manual_clock()
        .rate_limit(RateLimit::PerMinute(3));
    let client = TestClient::start(builder.rate_window(Duration::from_secs(20))).await;
    let rate_limit = |got: &common::TestResponse| {
        ["limit", "remaining", "retry-after"]
            .map(|name| {
                got.header(&format!("x-ratelimit-{name}"))
                    .map(str::to_owned)
            })
            .map(Option::unwrap_or_default)
            .join(" ")
    };
    assert_eq!(rate_limit(&client.get("/videos").await), "3 2 20");
    client.simulator.advance(Duration::from_millis(12_500));
    assert_eq!(rate_limit(&client.get("/elsewhere").await), "3 1 8");
    assert_eq!(rate_limit(&client.get_as("/videos", None).await), "3 0 8");
    let refused = client.get("/videos").await;
    assert_eq!(refused.problem(429, None)["title"], "Too many requests.");
    assert_eq!(rate_limit(&refused), "3 0 8");
    let tokens = client.post("/auth/api-key", r#"{"apiKey":"k"}"#).await;
    assert_eq!((tokens.status, rate_limit(&tokens).as_str()), (200, "  "));
    client.simulator.advance(Duration::from_millis(7_500));
    assert_eq!(rate_limit(&client.get("/videos").await), "3 2 20");
}

#[tokio::test]
async fn requests_are_logged_without_secrets() {
    let client = TestClient::start(Simulator::builder()).await;
    let path = format!("/analytics/videos/{TUTORIAL_VIDEO}");
    client
        .get(&format!("{path}?period=2022-01-01&metadata%5Ba%5D=b+c"))
        .await;
    let requests = client.simulator.requests();
    assert_eq!(requests.len(), 2);
    let request = &requests[1];
    assert_eq!(
        (request.method(), request.path(), request.status()),
        ("GET", path.as_str(), 200)
    );
    assert_eq!(
        request.query(),
        Some("period=2022-01-01&metadata%5Ba%5D=b+c")
    );
    assert_eq!(request.header("Accept"), Some("*/*"));
    assert_eq!(request.header("authorization"), None);
    let shown = format!("{requests:?} {:?}", client.simulator);
    assert!(!shown.contains(&client.token));
}

#[tokio::test]
async fn debug_output_hides_the_key() {
    let builder = Simulator::builder().api_key("very secret");
    assert!(!format!("{builder:?}").contains("very secret"));
    let simulator = builder.start().await.unwrap();
    assert!(!format!("{simulator:?} {:?}", simulator.world()).contains("very secret"));
}

#[tokio::test]
async fn dropping_the_simulator_stops_the_server() {
    let client = TestClient::start(Simulator::builder()).await;
    let url = format!("{}/videos", client.simulator.base_url());
    assert!(client.http.get(&url).send().await.is_ok());
    let common::TestClient {
        simulator, http, ..
    } = client;
    drop(simulator);
    let mut stopped = false;
    for _ in 0..100 {
        stopped = http.get(&url).send().await.is_err();
        if stopped {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert!(stopped);
}

#[tokio::test]
async fn invalid_options_are_rejected() {
    let builder = Simulator::builder;
    let taken = builder().start().await.unwrap();
    let port = taken
        .base_url()
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    for (builder, message) in [
        (builder().videos(0), "invalid number of videos 0: must be 1 to 10000".to_owned()),
        (builder().sessions(1), "invalid number of sessions 1: must be 2 to 100000000".to_owned()),
        (builder().days(0), "invalid number of days 0: must be 1 to 3660".to_owned()),
        (builder().live_streams(10_001), "invalid number of live streams 10001: must be 0 to 10000".to_owned()),
        (
            builder().videos(10_000).days(3_660),
            "too many videos and live streams (10005) for 3660 days: their product must be at most 10000000".to_owned(),
        ),
        (builder().api_key(""), "invalid API key: must not be empty".to_owned()),
        (
            builder().rate_limit(RateLimit::PerMinute(0)),
            "invalid rate limit 0: must be at least 1 request per window".to_owned(),
        ),
        (
            builder().rate_window(Duration::ZERO),
            "invalid rate limit window 0ns: must be at least 1 ms".to_owned(),
        ),
        (
            builder().port(port),
            format!("cannot listen on 127.0.0.1:{port}: use another port, or 0 for any free port"),
        ),
    ] {
        let error = builder.start().await.unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}
