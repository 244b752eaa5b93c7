//! Sessions and events over HTTP.

mod common;

use std::collections::HashSet;

use apivideo_simulator::{
    AssetKind, Behaviour, PastTheEnd, Simulator, TUTORIAL_LIVE_STREAM, TUTORIAL_SESSION,
    TUTORIAL_VIDEO, Vintage,
};
use common::Bench;
use serde_json::Value;

#[tokio::test]
async fn the_calls_of_the_services_tutorial() {
    let bench = Bench::start(Simulator::builder()).await;
    let of_video = format!("/analytics/videos/{TUTORIAL_VIDEO}?period=2022-01-01");
    let mut replies = Vec::new();
    for metadata in ["metadata[hats]=green", "metadata%5Bhats%5D=green"] {
        let got = bench
            .get(&format!("{of_video}&{metadata}&currentPage=1&pageSize=25"))
            .await;
        assert_eq!(got.status, 200);
        assert_eq!(got.header("content-type"), Some("application/json"));
        assert_eq!(got.header("x-ratelimit-limit"), None);
        let reply = got.json();
        let sessions = reply["data"].as_array().unwrap();
        assert!(!sessions.is_empty());
        for session in sessions {
            let pairs = session["session"]["metadata"].as_array().unwrap();
            assert!(pairs.contains(&serde_json::json!({"key": "hats", "value": "green"})));
            let loaded = session["session"]["loadedAt"].as_str().unwrap();
            assert!(loaded.starts_with("2022-01-01T") && loaded.ends_with("+00:00"));
        }
        let link = reply["pagination"]["links"][0]["uri"].as_str().unwrap();
        assert_eq!(
            link,
            format!("{of_video}&metadata%5Bhats%5D=green&currentPage=1&pageSize=25")
        );
        replies.push(got.text);
    }
    assert_eq!(replies[0], replies[1]);

    let of_live = format!(
        "/analytics/live-streams/{TUTORIAL_LIVE_STREAM}?period=2022-01-01T00%3A00%3A00.000Z&currentPage=1&pageSize=25"
    );
    let got = bench.get(&of_live).await;
    assert_eq!(got.status, 200);
    assert!(!got.json()["data"].as_array().unwrap().is_empty());

    let of_session =
        format!("/analytics/sessions/{TUTORIAL_SESSION}/events?currentPage=1&pageSize=25");
    let got = bench.get(&of_session).await;
    assert_eq!(got.status, 200);
    let events = &got.json()["data"];
    assert_eq!(events[0]["type"], "ready");
    assert_eq!(events.as_array().unwrap().len(), 25);
}
