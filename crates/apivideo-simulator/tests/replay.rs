//! Recorded responses over HTTP.

mod common;

use apivideo_simulator::{
    Recording, Simulator, TUTORIAL_LIVE_STREAM, TUTORIAL_SESSION, TUTORIAL_VIDEO,
};
use common::TestClient;

#[tokio::test]
async fn the_requests_of_the_tutorial_return_the_recordings() {
    let client = TestClient::start(Simulator::builder().replay(Recording::tutorial())).await;
    let of_video = format!(
        "/analytics/videos/{TUTORIAL_VIDEO}?period=2022-01-01&metadata[hats]=green&currentPage=1&pageSize=25"
    );
    let session = client.get(&of_video).await;
    assert_eq!(session.header("content-type"), Some("application/json"));
    let session = session.json()["data"][0].clone();
    assert_eq!(session["session"]["sessionId"], TUTORIAL_SESSION);
    assert_eq!(session["session"]["endedAt"], "2019-06-24T11:49:19.243+00");

    let of_live =
        format!("/analytics/live-streams/{TUTORIAL_LIVE_STREAM}?period=2022&pageSize=100");
    let live = client.get(&of_live).await.json();
    assert_eq!(live["data"][0]["os"]["name"], "unknown");

    let of_session = format!("/analytics/sessions/{TUTORIAL_SESSION}/events");
    let events = client.get(&of_session).await.json();
    assert_eq!(events["data"].as_array().unwrap().len(), 25);
    assert_eq!(events["pagination"]["itemsTotal"], 30);
    let second = client
        .get(&format!("{of_session}?currentPage=2&pageSize=25"))
        .await;
    second.problem(404, Some("currentPage"));
}

#[tokio::test]
async fn other_requests_behave_as_without_a_recording() {
    let client = TestClient::start(Simulator::builder().replay(Recording::tutorial())).await;
    client
        .get_as("/analytics/videos/vi1", None)
        .await
        .problem(401, None);
    client
        .get("/analytics/videos/vi1")
        .await
        .problem(404, Some("videoId"));
    client.get("/videos").await.problem(404, None);
    client.post("/videos", "{}").await.problem(405, None);
}
