//! Chapters of videos over HTTP: their list and their files.

mod common;

use apivideo_simulator::{
    Authorization, RateLimit, Simulator, TUTORIAL_LIVE_STREAM, TUTORIAL_VIDEO,
};
use common::TestClient;
use serde_json::json;

#[tokio::test]
async fn chapters_have_a_file_for_each_language() {
    let client = TestClient::start(Simulator::builder()).await;
    let path = format!("/videos/{TUTORIAL_VIDEO}/chapters");
    let chapters = client.all(&path, 1).await;
    assert_eq!(chapters.len(), 2);
    let base_url = client.simulator.base_url();
    for (item, language) in chapters.iter().zip(["en", "fr"]) {
        let file = format!("/vod/{TUTORIAL_VIDEO}/chapters/{language}.vtt");
        assert_eq!(
            item,
            &json!({
                "uri": format!("{path}/{language}"),
                "src": format!("{base_url}{file}"),
                "language": language,
            })
        );
        let response = client.get_as(&file, None).await;
        assert_eq!(response.status, 200);
        assert_eq!(
            response.header("content-type"),
            Some("text/vtt; charset=utf-8")
        );
        assert!(
            response.text.starts_with("WEBVTT\n\n00:00:00.000 --> 00:0"),
            "{}",
            response.text
        );
        // The tutorial's video is 5 minutes long.
        assert!(response.text.contains(" --> 00:05:00.000\n"));
    }
    let requests = client.simulator.requests();
    assert_eq!(
        requests.last().unwrap().authorization(),
        Authorization::None
    );
}

#[tokio::test]
async fn some_videos_have_no_chapters() {
    let client = TestClient::start(Simulator::builder()).await;
    let mut counts = [0, 0];
    for video in client.simulator.world().videos() {
        let path = format!("/videos/{}/chapters", video.id());
        let chapters = client.all(&path, 25).await;
        assert_eq!(chapters.len(), video.chapter_languages().len());
        counts[usize::from(chapters.is_empty())] += 1;
    }
    assert!(counts.iter().all(|count| *count > 3), "{counts:?}");
}

#[tokio::test]
async fn files_are_not_counted_and_missing_ones_are_a_404() {
    let builder = Simulator::builder().rate_limit(RateLimit::PerMinute(2));
    let client = TestClient::start(builder).await;
    let file = format!("/vod/{TUTORIAL_VIDEO}/chapters/fr.vtt");
    for _ in 0..5 {
        assert_eq!(client.get_as(&file, None).await.status, 200);
    }
    for path in [
        format!("/vod/{TUTORIAL_VIDEO}/chapters/de.vtt"),
        format!("/vod/{TUTORIAL_VIDEO}/chapters/fr"),
        format!("/vod/{TUTORIAL_LIVE_STREAM}/chapters/fr.vtt"),
        "/vod/none/chapters/fr.vtt".to_owned(),
    ] {
        assert_eq!(client.get_as(&path, None).await.status, 404, "{path}");
    }
    client
        .get(&format!("/videos/{TUTORIAL_LIVE_STREAM}/chapters"))
        .await
        .problem(404, Some("videoId"));
}
