//! Videos and live streams over HTTP.

mod common;

use apivideo_simulator::{Simulator, TUTORIAL_LIVE_STREAM, TUTORIAL_VIDEO};
use common::TestClient;
use serde_json::{Value, json};

fn strings<'a>(items: &'a [Value], name: &str) -> Vec<&'a str> {
    items
        .iter()
        .map(|item| item[name].as_str().unwrap_or_default())
        .collect()
}

#[tokio::test]
async fn videos_have_the_fields_of_the_service() {
    let client = TestClient::start(Simulator::builder()).await;
    let videos = client.all("/videos", 7).await;
    assert_eq!(videos.len(), 20);
    assert_eq!(
        videos[0]["videoId"], TUTORIAL_VIDEO,
        "the oldest comes first"
    );
    for video in &videos {
        for name in ["videoId", "title", "description"] {
            assert!(video[name].is_string(), "{name}: {video}");
        }
        for name in ["public", "panoramic", "mp4Support"] {
            assert!(video[name].is_boolean(), "{name}: {video}");
        }
        for name in ["publishedAt", "createdAt", "updatedAt"] {
            assert!(
                video[name]
                    .as_str()
                    .unwrap()
                    .parse::<jiff::Timestamp>()
                    .is_ok()
            );
        }
        for name in ["hls", "iframe", "player", "thumbnail"] {
            assert!(video["assets"][name].is_string(), "{name}: {video}");
        }
        assert!(video["tags"].is_array() && video["metadata"].is_array());
        assert!(video["source"].is_object());
        let alone = client
            .get(&format!("/videos/{}", video["videoId"].as_str().unwrap()))
            .await;
        assert_eq!(&alone.json(), video);
    }
    assert!(
        videos[0]["metadata"]
            .as_array()
            .unwrap()
            .contains(&json!({"key": "hats", "value": "__hats__"}))
    );
}

#[tokio::test]
async fn videos_are_filtered_and_sorted() {
    let client = TestClient::start(Simulator::builder().videos(60)).await;
    let tagged = client
        .all("/videos?tags[]=tutorial&tags%5B%5D=howto", 100)
        .await;
    assert!(!tagged.is_empty() && tagged.len() < 60);
    for video in &tagged {
        let tags = video["tags"].as_array().unwrap();
        assert!(tags.contains(&json!("tutorial")) && tags.contains(&json!("howto")));
    }
    let declared = client.all("/videos?metadata[hats]=__hats__", 100).await;
    assert!(!declared.is_empty() && declared.len() < 60);
    let titled = client.all("/videos?title=explained", 100).await;
    assert!(
        titled
            .iter()
            .all(|video| video["title"].as_str().unwrap().contains("explained"))
    );
    let live = client
        .all(&format!("/videos?liveStreamId={TUTORIAL_LIVE_STREAM}"), 100)
        .await;
    assert!(!live.is_empty());
    assert!(
        live.iter()
            .all(|video| video["source"]["liveStream"]["liveStreamId"] == TUTORIAL_LIVE_STREAM)
    );

    let sorted = client.all("/videos?sortBy=title&sortOrder=desc", 25).await;
    let titles = strings(&sorted, "title");
    assert!(titles.is_sorted_by(|a, b| a >= b));
    client
        .get("/videos?sortBy=length")
        .await
        .problem(400, Some("sortBy"));
    client
        .get("/videos?sortOrder=up")
        .await
        .problem(400, Some("sortOrder"));
}

#[tokio::test]
async fn live_streams_have_the_fields_of_the_service() {
    let client = TestClient::start(Simulator::builder()).await;
    let streams = client.all("/live-streams?sortBy=createdAt", 2).await;
    assert_eq!(streams.len(), 5);
    assert_eq!(streams[0]["liveStreamId"], TUTORIAL_LIVE_STREAM);
    for stream in &streams {
        for name in [
            "liveStreamId",
            "name",
            "streamKey",
            "createdAt",
            "updatedAt",
        ] {
            assert!(stream[name].is_string(), "{name}: {stream}");
        }
        assert!(stream["public"].is_boolean() && stream["broadcasting"].is_boolean());
        assert!(stream["assets"]["hls"].is_string());
        assert_eq!(stream["restreams"], json!([]));
        let path = format!("/live-streams/{}", stream["liveStreamId"].as_str().unwrap());
        assert_eq!(&client.get(&path).await.json(), stream);
    }
    let name = streams[3]["name"].as_str().unwrap().replace(' ', "+");
    let named = client
        .all(
            &format!("/live-streams?name={}", name.replace('"', "%22")),
            25,
        )
        .await;
    assert!(named.contains(&streams[3]));
}

#[tokio::test]
async fn a_world_can_have_no_live_streams() {
    let client = TestClient::start(Simulator::builder().live_streams(0)).await;
    let response = client.get("/live-streams").await.json();
    assert_eq!(response["data"], json!([]));
    assert_eq!(response["pagination"]["itemsTotal"], 0);
}
