//! Who is let in, how often, and what a simulator tells of it.

mod common;

use std::time::Duration;

use apivideo_simulator::{Authorization, Behaviour, RateLimit, Simulator, TUTORIAL_VIDEO};
use common::Bench;
use serde_json::json;

#[tokio::test]
async fn bearer_and_basic_are_let_in_and_nothing_else() {
    let bench = Bench::start(Simulator::builder()).await;
    assert_eq!(bench.get("/videos").await.status, 200);
    // base64 of "some key:"
    assert_eq!(
        bench
            .get_as("/videos", Some("Basic c29tZSBrZXk6"))
            .await
            .status,
        200
    );
    for (header, title) in [
        (None, r#"The "Authorization" header is missing."#),
        (
            Some("Bearer nobody"),
            "The access token is invalid or expired.",
        ),
        (
            Some("c29tZSBrZXk6"),
            r#"The "Authorization" header value is invalid."#,
        ),
        // base64 of ":"
        (Some("Basic Og=="), "The API key is invalid."),
    ] {
        let problem = bench.get_as("/videos", header).await.problem(401, None);
        assert_eq!(problem["title"], title);
    }
    let kinds: Vec<Authorization> = bench
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
    let builder = Simulator::builder().standing_clock();
    let mut bench = Bench::start(builder.token_lifetime(Duration::from_secs(90))).await;
    let tokens = bench
        .post("/auth/api-key", r#"{"apiKey":"k"}"#)
        .await
        .json();
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 90);
    bench.simulator.advance(Duration::from_secs(90));
    bench.get("/videos").await.problem(401, None);

    let refresh = json!({ "refreshToken": tokens["refresh_token"] }).to_string();
    let renewed = bench.post("/auth/refresh", &refresh).await;
    assert_eq!(renewed.status, 200);
    let renewed = renewed.json();
    assert_ne!(renewed["refresh_token"], tokens["refresh_token"]);
    bench.token = renewed["access_token"].as_str().unwrap().to_owned();
    assert_eq!(bench.get("/videos").await.status, 200);
    let again = bench
        .post("/auth/refresh", &refresh)
        .await
        .problem(401, None);
    assert_eq!(again["title"], "The refresh token is invalid.");
}

#[tokio::test]
async fn tokens_can_wear_out() {
    let bench = Bench::start(Simulator::builder().token_uses(2)).await;
    assert_eq!(bench.get("/videos").await.status, 200);
    assert_eq!(bench.get("/videos").await.status, 200);
    bench.get("/videos").await.problem(401, None);
}

#[tokio::test]
async fn wrong_credentials_get_problems() {
    let bench = Bench::start(Simulator::builder().api_key("right")).await;
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
        bench.post(path, body).await.problem(status, name);
    }
    let long = format!(r#"{{"apiKey":"{}"}}"#, "x".repeat(70_000));
    bench.post("/auth/api-key", &long).await.problem(400, None);
    assert_eq!(
        bench
            .post("/auth/api-key", r#"{"apiKey":"right"}"#)
            .await
            .status,
        200
    );

    let mut behaviour = Behaviour::default();
    behaviour.refused_key_status = 401;
    let bench = Bench::start(Simulator::builder().api_key("right").behaviour(behaviour)).await;
    bench
        .post("/auth/api-key", r#"{"apiKey":"wrong"}"#)
        .await
        .problem(401, Some(""));
}

#[tokio::test]
async fn a_limit_is_told_on_every_reply_and_then_enforced() {
    let builder = Simulator::builder()
        .standing_clock()
        .rate_limit(RateLimit::PerMinute(3));
    let bench = Bench::start(builder.rate_window(Duration::from_secs(20))).await;
    let left = |got: &common::Got| {
        ["limit", "remaining", "retry-after"]
            .map(|name| {
                got.header(&format!("x-ratelimit-{name}"))
                    .map(str::to_owned)
            })
            .map(Option::unwrap_or_default)
            .join(" ")
    };
    assert_eq!(left(&bench.get("/videos").await), "3 2 20");
    bench.simulator.advance(Duration::from_millis(12_500));
    assert_eq!(left(&bench.get("/elsewhere").await), "3 1 8");
    assert_eq!(left(&bench.get_as("/videos", None).await), "3 0 8");
    let refused = bench.get("/videos").await;
    assert_eq!(refused.problem(429, None)["title"], "Too many requests.");
    assert_eq!(left(&refused), "3 0 8");
    let tokens = bench.post("/auth/api-key", r#"{"apiKey":"k"}"#).await;
    assert_eq!((tokens.status, left(&tokens).as_str()), (200, "  "));
    bench.simulator.advance(Duration::from_millis(7_500));
    assert_eq!(left(&bench.get("/videos").await), "3 2 20");
}

#[tokio::test]
async fn requests_are_logged_without_secrets() {
    let bench = Bench::start(Simulator::builder()).await;
    let path = format!("/analytics/videos/{TUTORIAL_VIDEO}");
    bench
        .get(&format!("{path}?period=2022-01-01&metadata%5Ba%5D=b+c"))
        .await;
    let requests = bench.simulator.requests();
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
    let shown = format!("{requests:?} {:?}", bench.simulator);
    assert!(!shown.contains(&bench.token));
}

#[tokio::test]
async fn nothing_that_is_shown_holds_the_key() {
    let builder = Simulator::builder().api_key("very secret");
    assert!(!format!("{builder:?}").contains("very secret"));
    let simulator = builder.start().await.unwrap();
    assert!(!format!("{simulator:?} {:?}", simulator.world()).contains("very secret"));
}

#[tokio::test]
async fn a_dropped_simulator_is_gone() {
    let bench = Bench::start(Simulator::builder()).await;
    let url = format!("{}/videos", bench.simulator.base_url());
    assert!(bench.http.get(&url).send().await.is_ok());
    let common::Bench {
        simulator, http, ..
    } = bench;
    drop(simulator);
    let mut gone = false;
    for _ in 0..100 {
        gone = http.get(&url).send().await.is_err();
        if gone {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert!(gone);
}

#[tokio::test]
async fn options_out_of_bounds_are_refused() {
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
        (builder().videos(0), "a world can't have 0 videos: 1 to 10000 are possible".to_owned()),
        (builder().sessions(1), "a world can't have 1 sessions: 2 to 100000000 are possible".to_owned()),
        (builder().days(0), "a world can't have 0 days: 1 to 3660 are possible".to_owned()),
        (builder().live_streams(10_001), "a world can't have 10001 live streams: 0 to 10000 are possible".to_owned()),
        (
            builder().videos(10_000).days(3_660),
            "10005 videos and live streams over 3660 days are too many: their product may be 10000000 at most".to_owned(),
        ),
        (builder().api_key(""), "the key that is let in must not be empty".to_owned()),
        (
            builder().rate_limit(RateLimit::PerMinute(0)),
            "a rate limit of 0 requests would answer nothing".to_owned(),
        ),
        (
            builder().rate_window(Duration::ZERO),
            "the window of the rate limit must be a millisecond or longer".to_owned(),
        ),
        (
            builder().port(port),
            format!("can't listen on 127.0.0.1:{port}; another port, or 0 for any, may be free"),
        ),
    ] {
        let error = builder.start().await.unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}
