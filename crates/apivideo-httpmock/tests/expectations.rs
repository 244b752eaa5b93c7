//! The typed expectations, met and missed by the client that is generated from the same document.

use apivideo_core::types::{self, BucketPage, Event, EventPage, MetricResponse, Video, VideoPage};
use apivideo_core::wire::{DateTime, MetadataFilter, Object, Secret};
use apivideo_core::{Client, Inner};
use apivideo_httpmock::MockServerExt;
use apivideo_httpmock::filters::{FilterExt, MetadataExt, TagsExt};
use httpmock::MockServer;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn client(server: &MockServer) -> Client {
    Client::new_with_client(&server.base_url(), reqwest::Client::new(), Inner::default())
}

fn read<T: for<'de> serde::Deserialize<'de>>(text: &str) -> Object<T> {
    serde_json::from_str(text).expect("the response decodes")
}

#[tokio::test]
async fn returns_events_as_mocked() -> Outcome {
    let server = MockServer::start();
    let page: Object<EventPage> = read(r#"{"data":[{"type":"play","at":0,"more":true}]}"#);
    let mock = server.list_session_events(|when, then| {
        let first = std::num::NonZeroU64::MIN;
        when.session_id("ps1").current_page(first).page_size(None);
        then.ok(&page);
    });
    let response = client(&server)
        .list_session_events()
        .session_id("ps1")
        .current_page(1_u64)
        .send()
        .await?;
    mock.assert();
    assert_eq!(*response, page);
    let event: &Event = &response.data[0];
    assert_eq!(event.type_, "play");
    assert_eq!(response.data[0].extra["more"], true);
    Ok(())
}

#[tokio::test]
async fn rejects_an_unexpected_request() {
    let server = MockServer::start();
    let mock = server.list_video_sessions(|when, then| {
        when.video_id("vi1")
            .period("2022")
            .metadata("hats", "green");
        then.ok(&read(r#"{"data":[]}"#));
    });
    let client = client(&server);
    let request = || client.list_video_sessions().video_id("vi1").period("2022");
    let filters = [
        None,
        Some(MetadataFilter::new().with("hats", "red")),
        Some(MetadataFilter::new().with("coats", "green")),
    ];
    for filter in filters {
        let request = match filter {
            Some(filter) => request().metadata(filter),
            None => request(),
        };
        let error = request
            .send()
            .await
            .expect_err("nothing like it is expected");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
    }
    mock.assert_calls(0);
    let filter = MetadataFilter::new()
        .with("coats", "blue")
        .with("hats", "green");
    request()
        .metadata(filter)
        .send()
        .await
        .expect("this is expected");
    mock.assert_calls(1);
}

#[tokio::test]
async fn lists_are_expected_value_by_value() -> Outcome {
    let server = MockServer::start();
    let videos: Object<VideoPage> = read(r#"{"data":[{"videoId":"vi1"}]}"#);
    let tagged = server.list_videos(|when, then| {
        when.tag("maths")
            .tag("physics")
            .metadata("hats", "green")
            .title("Cats");
        then.ok(&videos);
    });
    let tags = vec!["maths".to_owned(), "physics".to_owned()];
    let filter = MetadataFilter::new().with("hats", "green");
    let response = client(&server)
        .list_videos()
        .tags(tags)
        .metadata(filter)
        .title("Cats")
        .send()
        .await?;
    tagged.assert();
    let video: &Video = &response.data[0];
    assert_eq!(video.video_id, "vi1");
    Ok(())
}

#[tokio::test]
async fn aggregates_are_expected_with_their_filters() -> Outcome {
    let server = MockServer::start();
    let Ok(from) = "2024-05-29T11:15:07+02:00".parse::<DateTime>();
    let number: Object<MetricResponse> = read(r#"{"data":346.5}"#);
    let metric = server.get_metric(|when, then| {
        when.metric(types::Metric::Play)
            .aggregation(types::Aggregation::Count)
            .filter_by_country("FR")
            .filter_by_country("DE")
            .filter_by_tag("Cool videos")
            .from(&from);
        then.ok(&number);
    });
    let buckets: Object<BucketPage> = read(r#"{"data":[{"metricValue":7,"dimensionValue":"FR"}]}"#);
    let bucket = server.list_buckets(|when, then| {
        when.breakdown(types::Breakdown::Country)
            .filter_by_continent("EU");
        then.ok(&buckets);
    });
    let client = client(&server);
    let response = client
        .get_metric()
        .metric(types::Metric::Play)
        .aggregation(types::Aggregation::Count)
        .filter_by_country(vec!["FR".to_owned(), "DE".to_owned()])
        .filter_by_tag("Cool videos")
        .from(from.clone())
        .send()
        .await?;
    assert_eq!(*response, number);
    let response = client
        .list_buckets()
        .metric(types::BucketMetric::Play)
        .breakdown(types::Breakdown::Country)
        .filter_by_continent(vec![types::Continent::Eu])
        .send()
        .await?;
    assert_eq!(*response, buckets);
    metric.assert();
    bucket.assert();
    Ok(())
}

#[tokio::test]
async fn returns_tokens_for_the_expected_key() -> Outcome {
    let server = MockServer::start();
    let body = types::ApiKeyCredentials {
        api_key: Secret::from("hush"),
    };
    let mock = server.create_access_token(|when, then| {
        when.body(&body);
        then.ok(&read(r#"{"access_token":"open"}"#));
    });
    let response = client(&server)
        .create_access_token()
        .body(body)
        .send()
        .await?;
    mock.assert();
    assert_eq!(response.access_token.expose(), "open");
    Ok(())
}
