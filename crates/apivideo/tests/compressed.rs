//! Compressed responses.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod support;

use apivideo::{Client, Session};
use apivideo_simulator::{Behaviour, Simulator, TUTORIAL_VIDEO};
use futures::TryStreamExt;
use support::Mock;

#[tokio::test]
async fn gzip_is_requested_with_the_feature_only() {
    let mock = Mock::responses(&[(200, r#"{"data":[]}"#)]);
    mock.client().videos().page(1).await.unwrap();
    let requests = mock.requests();
    let accepted = requests[0].header("accept-encoding");
    assert_eq!(accepted, cfg!(feature = "gzip").then_some("gzip"));
}

#[tokio::test]
async fn compression_does_not_change_sessions() {
    let read = async |compression: bool| -> Vec<Session> {
        let mut behaviour = Behaviour::default();
        behaviour.compression = compression;
        let simulator = Simulator::builder().seed(7).behaviour(behaviour);
        let simulator = simulator.start().await.unwrap();
        let client = Client::builder()
            .api_key("key")
            .base_url(simulator.base_url())
            .build()
            .unwrap();
        let video = client.video(TUTORIAL_VIDEO.parse().unwrap());
        let sessions = video.sessions("2022".parse().unwrap()).stream();
        sessions.try_collect().await.unwrap()
    };
    let plain = read(false).await;
    assert!(plain.len() > 100, "more than a page: {}", plain.len());
    assert_eq!(read(true).await, plain);
}
