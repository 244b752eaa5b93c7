//! The current viewers of a live stream, over HTTP.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use apivideo::retry::RetryPolicy;
use apivideo::{Client, ErrorKind};
use apivideo_simulator::{FaultScript, Rule, Simulator, SimulatorBuilder, TUTORIAL_LIVE_STREAM};
use futures::StreamExt;
use futures::stream::FusedStream;

async fn start(builder: SimulatorBuilder) -> (Simulator, Client) {
    let simulator = builder.start().await.unwrap();
    let client = Client::builder()
        .api_key("key")
        .base_url(simulator.base_url())
        .with_retry_policy(RetryPolicy::none())
        .build()
        .unwrap();
    (simulator, client)
}

fn event() -> SimulatorBuilder {
    let builder = Simulator::builder().videos(1).live_streams(2).sessions(10);
    builder.days(1).broadcast_viewers(500).manual_clock()
}

#[tokio::test]
async fn viewers_of_a_broadcast_are_counted_at_the_time_of_the_service() {
    let (simulator, _) = start(event()).await;
    let broadcasts = simulator
        .world()
        .broadcasts(TUTORIAL_LIVE_STREAM, "2022-01-01");
    let broadcast = broadcasts.unwrap()[0];
    let middle = broadcast.starts_at + broadcast.ends_at.duration_since(broadcast.starts_at) / 2;
    let (simulator, client) = start(event().now(middle)).await;

    let live_stream = client.live_stream(TUTORIAL_LIVE_STREAM.parse().unwrap());
    let mut viewers = live_stream.current_viewers();
    assert_eq!(simulator.requests_total(), 0, "lazy");
    let sample = viewers.next().await.unwrap().unwrap();
    assert!((200..500).contains(&sample.viewers), "{}", sample.viewers);
    assert_eq!(sample.at.as_second(), middle.as_second());
    assert!(!viewers.is_terminated());

    let other = simulator.world().live_streams()[1].id().parse().unwrap();
    let sample = client.live_stream(other).current_viewers().next().await;
    assert!(sample.unwrap().unwrap().viewers < 10);
    let requests = simulator.requests();
    let paths = requests
        .iter()
        .filter(|request| request.path() == "/data/metrics/ccv/live");
    assert_eq!(paths.count(), 2);
}

#[tokio::test]
async fn a_failed_request_is_an_item_and_a_removed_operation_ends_the_stream() {
    let ccv = || Rule::new().path("/data/metrics/ccv/live");
    let removed = r#"{"title":"Unrecognized request URL."}"#;
    for (rule, kind, ends) in [
        (ccv().status(503), ErrorKind::Service, false),
        (ccv().html(), ErrorKind::Decode, false),
        (ccv().status(403), ErrorKind::Forbidden, true),
        (ccv().status(404).body(removed), ErrorKind::Removed, true),
    ] {
        let (_simulator, client) = start(event().faults(FaultScript::new().rule(rule))).await;
        let live_stream = client.live_stream(TUTORIAL_LIVE_STREAM.parse().unwrap());
        let mut viewers = live_stream.current_viewers();
        let error = viewers.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!(viewers.is_terminated(), ends, "{kind}");
        if ends {
            assert!(viewers.next().await.is_none());
        }
    }
}
