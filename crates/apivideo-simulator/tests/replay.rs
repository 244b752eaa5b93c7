//! Recorded replies over HTTP.

mod common;

use apivideo_simulator::{
    Recording, Simulator, TUTORIAL_LIVE_STREAM, TUTORIAL_SESSION, TUTORIAL_VIDEO,
};
use common::Bench;

#[tokio::test]
async fn the_calls_of_the_tutorial_get_the_recorded_replies() {
    let bench = Bench::start(Simulator::builder().replay(Recording::tutorial())).await;
    let of_video = format!(
        "/analytics/videos/{TUTORIAL_VIDEO}?period=2022-01-01&metadata[hats]=green&currentPage=1&pageSize=25"
    );
    let session = bench.get(&of_video).await;
    assert_eq!(session.header("content-type"), Some("application/json"));
    let session = session.json()["data"][0].clone();
    assert_eq!(session["session"]["sessionId"], TUTORIAL_SESSION);
    assert_eq!(session["session"]["endedAt"], "2019-06-24T11:49:19.243+00");

    let of_live =
        format!("/analytics/live-streams/{TUTORIAL_LIVE_STREAM}?period=2022&pageSize=100");
    let live = bench.get(&of_live).await.json();
    assert_eq!(live["data"][0]["os"]["name"], "unknown");

    let of_session = format!("/analytics/sessions/{TUTORIAL_SESSION}/events");
    let events = bench.get(&of_session).await.json();
    assert_eq!(events["data"].as_array().unwrap().len(), 25);
    assert_eq!(events["pagination"]["itemsTotal"], 30);
    let second = bench
        .get(&format!("{of_session}?currentPage=2&pageSize=25"))
        .await;
    second.problem(404, Some("currentPage"));
}

#[tokio::test]
async fn the_rest_is_as_in_a_world() {
    let bench = Bench::start(Simulator::builder().replay(Recording::tutorial())).await;
    bench
        .get_as("/analytics/videos/vi1", None)
        .await
        .problem(401, None);
    bench
        .get("/analytics/videos/vi1")
        .await
        .problem(404, Some("videoId"));
    bench.get("/videos").await.problem(404, None);
    bench.post("/videos", "{}").await.problem(405, None);
}
