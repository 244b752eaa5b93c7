//! Sessions and events over HTTP.

mod common;

use std::collections::HashSet;
use std::time::Duration;

use apivideo_simulator::{
    AssetKind, Behaviour, FaultScript, InvalidInput, PastTheEnd, PeriodSelects, ResponseFormat,
    RunningSession, Simulator, TUTORIAL_LIVE_STREAM, TUTORIAL_SESSION, TUTORIAL_VIDEO,
};
use common::TestClient;
use serde_json::{Value, json};

fn id(session: &Value) -> &str {
    session["session"]["sessionId"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn the_requests_of_the_tutorial_return_data() {
    let client = TestClient::start(Simulator::builder()).await;
    let of_video = format!("/analytics/videos/{TUTORIAL_VIDEO}?period=2022-01-01");
    let mut responses = Vec::new();
    for metadata in ["metadata[hats]=green", "metadata%5Bhats%5D=green"] {
        let got = client
            .get(&format!("{of_video}&{metadata}&currentPage=1&pageSize=25"))
            .await;
        assert_eq!(got.status, 200);
        assert_eq!(got.header("content-type"), Some("application/json"));
        assert_eq!(got.header("x-ratelimit-limit"), None);
        let response = got.json();
        let sessions = response["data"].as_array().unwrap();
        assert!(!sessions.is_empty());
        for session in sessions {
            let pairs = session["session"]["metadata"].as_array().unwrap();
            assert!(pairs.contains(&json!({"key": "hats", "value": "green"})));
            let loaded = session["session"]["loadedAt"].as_str().unwrap();
            assert!(loaded.starts_with("2022-01-01T") && loaded.ends_with("+00:00"));
        }
        let link = response["pagination"]["links"][0]["uri"].as_str().unwrap();
        assert_eq!(
            link,
            format!("{of_video}&metadata%5Bhats%5D=green&currentPage=1&pageSize=25")
        );
        responses.push(got.text);
    }
    assert_eq!(responses[0], responses[1]);

    let of_live = format!(
        "/analytics/live-streams/{TUTORIAL_LIVE_STREAM}?period=2022-01-01T00%3A00%3A00.000Z&currentPage=1&pageSize=25"
    );
    let got = client.get(&of_live).await;
    assert_eq!(got.status, 200);
    assert!(!got.json()["data"].as_array().unwrap().is_empty());

    let of_session =
        format!("/analytics/sessions/{TUTORIAL_SESSION}/events?currentPage=1&pageSize=25");
    let got = client.get(&of_session).await;
    assert_eq!(got.status, 200);
    let events = &got.json()["data"];
    assert_eq!(events[0]["type"], "ready");
    assert_eq!(events.as_array().unwrap().len(), 25);
}

#[tokio::test]
async fn all_pages_return_every_session_once_and_in_order() {
    let builder = Simulator::builder().videos(1).live_streams(0);
    let client = TestClient::start(builder.sessions(10_000).days(1)).await;
    let path = format!("/analytics/videos/{TUTORIAL_VIDEO}?period=2022-01-01");
    let sessions = client.all(&path, 100).await;
    assert_eq!(sessions.len(), 10_000);
    let ids: Vec<&str> = sessions.iter().map(id).collect();
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 10_000);
    let world = client.simulator.world();
    let truth = world.sessions(TUTORIAL_VIDEO, "2022-01-01").unwrap();
    assert!(truth.map(|session| session.id).eq(ids));
    let loaded = |session: &Value| session["session"]["loadedAt"].as_str().unwrap().to_owned();
    assert!(sessions.is_sorted_by_key(loaded));
    let missing = |group: &str| {
        sessions
            .iter()
            .filter(|session| session.get(group).is_none())
            .count()
    };
    for group in ["location", "referrer", "device", "os", "client"] {
        assert!(
            (10..500).contains(&missing(group)),
            "{group}: {}",
            missing(group)
        );
    }
    let cities: HashSet<bool> = sessions
        .iter()
        .filter_map(|session| session["location"].get("city"))
        .map(Value::is_null)
        .collect();
    assert_eq!(cities.len(), 2, "a string and null");
    // 100 pages and the token.
    assert_eq!(client.simulator.requests_total(), 101);
}

#[tokio::test]
async fn responses_equal_the_world() {
    let client = TestClient::start(Simulator::builder().sessions(600)).await;
    let world = client.simulator.world();
    let mut compared = 0;
    for asset in world.videos().iter().chain(world.live_streams()) {
        let kind = match asset.kind() {
            AssetKind::Video => "videos",
            AssetKind::LiveStream => "live-streams",
        };
        let path = format!(
            "/analytics/{kind}/{}?period=2021-12-01/2022-02-01",
            asset.id()
        );
        let sessions = client.all(&path, 100).await;
        let truth = world.sessions(asset.id(), "2021-12-01/2022-02-01").unwrap();
        assert_eq!(sessions.len(), truth.len());
        for (session, truth) in sessions.iter().zip(truth) {
            assert_eq!(id(session), truth.id);
            let time = |name: &str| {
                let text = session["session"][name].as_str().unwrap();
                text.parse::<jiff::Timestamp>().unwrap()
            };
            assert_eq!(
                (time("loadedAt"), time("endedAt")),
                (truth.loaded_at, truth.ended_at)
            );
            assert_eq!(session["location"]["country"].as_str(), truth.country);
            assert_eq!(session["location"]["city"].as_str(), truth.city);
            // By default, sessions of live streams have no metadata.
            let declares =
                asset.kind() == AssetKind::Video && asset.metadata_keys().next().is_some();
            assert_eq!(session["session"].get("metadata").is_some(), declares);
            compared += 1;
        }
    }
    assert_eq!(compared, 600);

    let truth = world.events(TUTORIAL_SESSION).unwrap();
    let events = client
        .all(
            &format!("/analytics/sessions/{TUTORIAL_SESSION}/events"),
            10,
        )
        .await;
    assert_eq!(events.len(), truth.len());
    for (event, truth) in events.iter().zip(truth) {
        let number = |name: &str| event[name].as_u64().map(|value| value as u32);
        assert_eq!(number("at"), truth.at);
        assert_eq!((number("from"), number("to")), (truth.from, truth.to));
        let emitted = event["emittedAt"].as_str().unwrap();
        assert_eq!(
            emitted.parse::<jiff::Timestamp>().unwrap(),
            truth.emitted_at
        );
    }
}

#[tokio::test]
async fn metadata_filters_are_paginated() {
    let mut behaviour = Behaviour::default();
    behaviour.live_stream_metadata = true;
    let builder = Simulator::builder()
        .videos(1)
        .live_streams(1)
        .behaviour(behaviour);
    let client = TestClient::start(builder.sessions(3_000).days(7)).await;
    let world = client.simulator.world();
    for (asset, kind) in [
        (TUTORIAL_VIDEO, "videos"),
        (TUTORIAL_LIVE_STREAM, "live-streams"),
    ] {
        for (raw, filters) in [
            ("metadata[hats]=green", vec![("hats", "green")]),
            (
                "metadata[hats]=black+%26%20white",
                vec![("hats", "black & white")],
            ),
            (
                "metadata%5BuserName%5D=John+Doe",
                vec![("userName", "John Doe")],
            ),
            (
                "metadata[userName]=Zo%C3%AB&metadata[hats]=red",
                vec![("userName", "Zoë"), ("hats", "red")],
            ),
        ] {
            let path = format!("/analytics/{kind}/{asset}?period=2022-01-01/2022-01-03&{raw}");
            let sessions = client.all(&path, 30).await;
            let expected: Vec<String> = world
                .sessions(asset, "2022-01-01/2022-01-03")
                .unwrap()
                .filter(|session| {
                    filters
                        .iter()
                        .all(|(key, value)| session.has_metadata(key, value))
                })
                .map(|session| session.id)
                .collect();
            assert!(!expected.is_empty(), "{path}");
            assert!(sessions.iter().map(id).eq(expected), "{path}");
        }
        let path = format!("/analytics/{kind}/{asset}?period=2022&metadata[shoes]=red");
        assert_eq!(
            client.get(&path).await.json()["pagination"]["itemsTotal"],
            0
        );
    }
}

#[tokio::test]
async fn periods_select_their_days() {
    let client = TestClient::start(
        Simulator::builder()
            .videos(1)
            .live_streams(0)
            .sessions(900)
            .days(40),
    )
    .await;
    for period in [
        "2022-01-01",
        "2022-W01",
        "2021-W52",
        "2022-01",
        "2021",
        "2021-12-25/2022-01-03",
        "2021-12-25%2F2022-01-03",
        "2022-01-01T00:00:00.000Z",
        "1999",
    ] {
        let path = format!("/analytics/videos/{TUTORIAL_VIDEO}?period={period}&pageSize=1");
        let total = client.get(&path).await.json()["pagination"]["itemsTotal"].clone();
        let truth = client.simulator.world();
        let truth = truth.sessions(TUTORIAL_VIDEO, &period.replace("%2F", "/"));
        assert_eq!(total, truth.unwrap().len(), "{period}");
    }
}

#[tokio::test]
async fn periods_can_lie_outside_the_world_or_contain_it() {
    let mut by_end = Behaviour::default();
    by_end.period_selects = PeriodSelects::EndedAt;
    for behaviour in [Behaviour::default(), by_end] {
        let world = Simulator::builder().videos(1).live_streams(0).sessions(90);
        let client = TestClient::start(world.behaviour(behaviour)).await;
        for (period, count) in [
            ("0000", 0),
            ("0000-01-01", 0),
            ("0000-W01", 0),
            ("0000-01-01/2021-01-01", 0),
            ("9999", 0),
            ("9999-12", 0),
            ("9999-W52", 0),
            ("9999-12-31", 0),
            ("9999-01-01/9999-12-31", 0),
            ("2023-01-01/9999-12-31", 0),
            ("-009999-06-01T00:00:00Z", 0),
            ("0000-01-01/9999-12-31", 90),
        ] {
            let path = format!("/analytics/videos/{TUTORIAL_VIDEO}?period={period}");
            let got = client.get(&path).await;
            assert_eq!(got.status, 200, "{period}: {}", got.text);
            assert_eq!(got.json()["pagination"]["itemsTotal"], count, "{period}");
        }
    }
}

#[tokio::test]
async fn invalid_requests_are_problems() {
    let client = TestClient::start(Simulator::builder()).await;
    let of_video = format!("/analytics/videos/{TUTORIAL_VIDEO}");
    for (path, status, name) in [
        (of_video.clone(), 400, Some("period")),
        (format!("{of_video}?period="), 400, Some("period")),
        (format!("{of_video}?period=2022-13"), 400, Some("period")),
        (format!("{of_video}?period=2022-W54"), 400, Some("period")),
        (
            format!("{of_video}?period=2022-01-02/2022-01-01"),
            400,
            Some("period"),
        ),
        (
            format!("{of_video}?period=2022&pageSize=101"),
            400,
            Some("pageSize"),
        ),
        (
            format!("{of_video}?period=2022&pageSize=0"),
            400,
            Some("pageSize"),
        ),
        (
            format!("{of_video}?period=2022&currentPage=0"),
            400,
            Some("currentPage"),
        ),
        (
            format!("{of_video}?period=2022&currentPage=x"),
            400,
            Some("currentPage"),
        ),
        (
            "/analytics/videos/vi0?period=2022".into(),
            404,
            Some("videoId"),
        ),
        (
            "/analytics/videos/plays?period=2022".into(),
            404,
            Some("videoId"),
        ),
        (
            format!("/analytics/live-streams/{TUTORIAL_VIDEO}?period=2022"),
            404,
            Some("liveStreamId"),
        ),
        (
            format!("/analytics/videos/{TUTORIAL_LIVE_STREAM}?period=2022"),
            404,
            Some("videoId"),
        ),
        (
            "/analytics/sessions/ps0/events".into(),
            404,
            Some("videoId"),
        ),
        ("/analytics/videos".into(), 404, None),
        ("/elsewhere".into(), 404, None),
        ("/videos/vi0".into(), 404, Some("videoId")),
        (
            format!("/live-streams/{TUTORIAL_VIDEO}"),
            404,
            Some("liveStreamId"),
        ),
    ] {
        let problem = client.get(&path).await.problem(status, name);
        if name.is_none() {
            assert_eq!(problem["title"], "Unrecognized request URL.", "{path}");
        }
    }
    let got = client.post("/videos", "{}").await;
    assert_eq!(
        got.problem(405, None)["title"],
        "Method is not allowed for this route."
    );
    assert_eq!(got.header("allow"), Some("GET"));
    client.get("/auth/api-key").await.problem(405, None);
}

#[tokio::test]
async fn malformed_filters_are_rejected() {
    let of_video = format!("/analytics/videos/{TUTORIAL_VIDEO}?period=2022");
    let of_live = format!("/analytics/live-streams/{TUTORIAL_LIVE_STREAM}?period=2022");
    let mut behaviour = Behaviour::default();
    behaviour.live_stream_metadata = true;
    let client = TestClient::start(Simulator::builder().behaviour(behaviour.clone())).await;
    behaviour.malformed_filters = InvalidInput::Tolerate;
    let tolerant = TestClient::start(Simulator::builder().behaviour(behaviour)).await;
    for path in [of_video.as_str(), &of_live, "/videos?sortBy=title"] {
        let whole = client.get(path).await.json();
        for (raw, name) in [
            ("metadata=x", "metadata"),
            ("metadata=hats:green", "metadata"),
            ("metadata[hats=green", "metadata[hats"),
            ("metadata%5Bhats=green", "metadata[hats"),
            ("metadata[a][b]=x", "metadata[a][b]"),
            ("metadata[a]b=x", "metadata[a]b"),
            ("metadata[=x", "metadata["),
            ("metadata.hats=green", "metadata.hats"),
            // Encoded twice.
            ("metadata%255Bhats%255D=green", "metadata%5Bhats%5D"),
            ("metadata[hats]=green&metadata[hats=green", "metadata[hats"),
        ] {
            let target = format!("{path}&{raw}");
            let problem = client.get(&target).await.problem(400, Some(name));
            assert_eq!(
                problem["type"],
                "https://docs.api.video/reference/request-invalid-query-parameter"
            );
            assert_eq!(
                problem["detail"],
                "This field must be syntax as metadata[key]=value."
            );
            if !raw.contains('&') {
                assert_eq!(
                    tolerant.get(&target).await.json()["data"],
                    whole["data"],
                    "{raw}"
                );
            }
        }
        for raw in [
            "metadata[]=x",
            "metadata[hats][]=green",
            "metadata[hats][0]=green",
        ] {
            let name = raw.split_once('=').map(|(name, _)| name);
            client
                .get(&format!("{path}&{raw}"))
                .await
                .problem(400, name);
        }
        // Other parameters are ignored.
        for raw in ["metadatas=x", "meta[hats]=green", "page=3"] {
            let got = client.get(&format!("{path}&{raw}")).await;
            assert_eq!(got.json()["data"], whole["data"], "{raw}");
        }
    }
    for raw in ["tags=short", "tags[x]=short", "tags[0=short"] {
        let name = raw.split_once('=').map(|(name, _)| name);
        let target = format!("/videos?{raw}");
        client.get(&target).await.problem(400, name);
        assert_eq!(tolerant.get(&target).await.status, 200, "{raw}");
    }
}

#[tokio::test]
async fn undocumented_behaviour_is_configurable() {
    let mut behaviour = Behaviour::default();
    behaviour.past_the_end = PastTheEnd::NotFound;
    behaviour.empty_pages_total = 0;
    behaviour.invalid_pagination = InvalidInput::Tolerate;
    behaviour.invalid_period = InvalidInput::Tolerate;
    let client = TestClient::start(Simulator::builder().behaviour(behaviour)).await;
    let of_video = format!("/analytics/videos/{TUTORIAL_VIDEO}");
    let past = client
        .get(&format!("{of_video}?period=2022-01-01&currentPage=999"))
        .await;
    past.problem(404, Some("currentPage"));
    let empty = client.get(&format!("{of_video}?period=1999")).await.json();
    assert_eq!(empty["pagination"]["pagesTotal"], 0);
    let large = client
        .get(&format!("{of_video}?period=2022&pageSize=1000"))
        .await
        .json();
    assert_eq!(large["pagination"]["pageSize"], 100);
    let never = client.get(&format!("{of_video}?period=never")).await.json();
    assert_eq!(never["data"], json!([]));
}

#[tokio::test]
async fn sessions_of_live_streams_have_metadata_if_enabled() {
    let of_live = format!("/analytics/live-streams/{TUTORIAL_LIVE_STREAM}?period=2022");
    let script = || FaultScript::from_json(r#"{"live_stream_metadata": true, "rules": []}"#);
    let mut behaviour = Behaviour::default();
    assert!(!behaviour.live_stream_metadata);
    behaviour.live_stream_metadata = true;
    for (builder, is_on) in [
        (Simulator::builder(), false),
        (Simulator::builder().behaviour(behaviour), true),
        (Simulator::builder().faults(script().unwrap()), true),
    ] {
        let client = TestClient::start(builder).await;
        let sessions = client.all(&of_live, 100).await;
        let has = |session: &Value| session["session"].get("metadata").is_some();
        assert_eq!(sessions.iter().all(has), is_on);
        assert_eq!(sessions.iter().any(has), is_on);
        let filtered = client.get(&format!("{of_live}&metadata[hats]=red")).await;
        match is_on {
            true => assert_eq!(filtered.status, 200),
            false => {
                filtered.problem(400, Some("metadata[hats]"));
            }
        }
    }
}

#[tokio::test]
async fn periods_can_select_by_the_end() {
    let mut behaviour = Behaviour::default();
    behaviour.period_selects = PeriodSelects::EndedAt;
    let builder = Simulator::builder()
        .videos(1)
        .live_streams(0)
        .sessions(4_000)
        .days(8);
    let client = TestClient::start(builder.behaviour(behaviour)).await;
    let path = format!("/analytics/videos/{TUTORIAL_VIDEO}?period=2022-01-02");
    let sessions = client.all(&path, 100).await;
    let ended = |session: &Value| session["session"]["endedAt"].as_str().unwrap().to_owned();
    assert!(
        sessions
            .iter()
            .all(|session| ended(session).starts_with("2022-01-02T"))
    );
    let before = |session: &&Value| {
        let loaded = session["session"]["loadedAt"].as_str().unwrap();
        loaded.starts_with("2022-01-01T")
    };
    assert!(
        sessions.iter().filter(before).count() > 0,
        "some began the day before"
    );
}

#[tokio::test]
async fn future_sessions_are_absent_and_running_sessions_have_no_end() {
    let mut behaviour = Behaviour::default();
    behaviour.running_session = RunningSession::Absent;
    let builder = Simulator::builder()
        .videos(1)
        .live_streams(0)
        .sessions(5_000)
        .days(1)
        .now("2022-01-01T20:00:00Z".parse().unwrap())
        .manual_clock()
        .token_lifetime(Duration::from_secs(24 * 3_600))
        .behaviour(behaviour);
    let client = TestClient::start(builder).await;
    let path = format!("/analytics/videos/{TUTORIAL_VIDEO}?period=2022-01-01");
    let early = client.all(&path, 100).await;
    assert!(early.len() > 1_000 && early.len() < 5_000);
    assert_eq!(early.len(), client.all(&path, 100).await.len());
    let now = client.simulator.now();
    let time = |text: &Value| {
        text.as_str()
            .map(|text| text.parse::<jiff::Timestamp>().unwrap())
    };
    assert!(
        early
            .iter()
            .all(|session| time(&session["session"]["loadedAt"]).unwrap() <= now)
    );
    let running: Vec<&Value> = early
        .iter()
        .filter(|session| session["session"].get("endedAt").is_none())
        .collect();
    assert!(running.len() > 10, "{}", running.len());
    let events = format!(
        "/analytics/sessions/{}/events",
        id(running[running.len() - 1])
    );
    let events_early = client.all(&events, 100).await;
    assert!(
        events_early
            .iter()
            .all(|event| time(&event["emittedAt"]).unwrap() <= now)
    );

    client.simulator.advance(Duration::from_secs(5 * 3_600));
    let late = client.all(&path, 100).await;
    assert_eq!(late.len(), 5_000);
    assert!(
        late.iter()
            .all(|session| session["session"]["endedAt"].is_string())
    );
    assert!(
        early
            .iter()
            .map(id)
            .eq(late.iter().take(early.len()).map(id))
    );
    assert_eq!(
        client.all(&events, 100).await[..events_early.len()],
        events_early
    );
}

#[tokio::test]
async fn response_formats_differ_in_times_names_and_unknown_values() {
    for (response_format, loaded, kind, metadata) in [
        (
            ResponseFormat::Y2018,
            "2022-01-01 ",
            "player_session_vod.loaded",
            "metadatas",
        ),
        (ResponseFormat::Y2020, "2022-01-01T", "ready", "metadata"),
        (ResponseFormat::Y2023, "2022-01-01T", "ready", "metadata"),
    ] {
        let client = TestClient::start(Simulator::builder().response_format(response_format)).await;
        let path = format!("/analytics/videos/{TUTORIAL_VIDEO}?period=2022-01-01");
        let sessions = client.all(&path, 100).await;
        let session = &sessions[0]["session"];
        let text = session["loadedAt"].as_str().unwrap();
        assert!(text.starts_with(loaded), "{text}");
        assert_eq!(
            text.ends_with("+00:00"),
            response_format == ResponseFormat::Y2023,
            "{text}"
        );
        assert!(session[metadata].is_array());
        let urls: HashSet<Option<&str>> = sessions
            .iter()
            .map(|session| session["referrer"]["url"].as_str())
            .collect();
        assert_eq!(
            urls.contains(&None),
            response_format == ResponseFormat::Y2023
        );
        assert_eq!(
            urls.contains(&Some("unknown")),
            response_format != ResponseFormat::Y2023
        );
        let events = client
            .get(&format!("/analytics/sessions/{TUTORIAL_SESSION}/events"))
            .await;
        assert_eq!(events.json()["data"][0]["type"], kind);
    }
}

#[tokio::test]
async fn the_same_seed_gives_the_same_bytes() {
    let seeded = |seed| Simulator::builder().seed(seed).manual_clock();
    let (one, same, other) = (
        TestClient::start(seeded(7)).await,
        TestClient::start(seeded(7)).await,
        TestClient::start(seeded(8)).await,
    );
    let of_video = format!("/analytics/videos/{TUTORIAL_VIDEO}?period=2022-01&pageSize=100");
    let mut differ = 0;
    for path in [
        of_video.as_str(),
        "/videos",
        "/live-streams",
        "/data/buckets/play/country",
        "/data/timeseries/impression",
    ] {
        let bytes = one.get(path).await.text;
        assert_eq!(bytes, same.get(path).await.text, "{path}");
        differ += usize::from(bytes != other.get(path).await.text);
    }
    assert!(differ >= 3);
    assert_eq!(one.token, same.token);
}

#[tokio::test]
async fn a_million_sessions_are_served_without_storing_them() {
    let client = TestClient::start(Simulator::builder().sessions(1_000_000)).await;
    assert_eq!(client.simulator.world().sessions_total(), 1_000_000);
    let path =
        format!("/analytics/videos/{TUTORIAL_VIDEO}?period=2021-12-18/2022-01-16&pageSize=100");
    let first = client.get(&path).await.json();
    let total = first["pagination"]["itemsTotal"].as_u64().unwrap();
    let pages = first["pagination"]["pagesTotal"].as_u64().unwrap();
    assert!(total > 100_000);
    let last = client
        .get(&format!("{path}&currentPage={pages}"))
        .await
        .json();
    let data = last["data"].as_array().unwrap();
    assert_eq!(data.len() as u64, total - (pages - 1) * 100);
    let session = id(data.last().unwrap());
    let events = client
        .get(&format!("/analytics/sessions/{session}/events"))
        .await;
    assert_eq!(events.status, 200);
}
