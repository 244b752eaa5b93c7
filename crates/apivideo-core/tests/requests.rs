//! Requests as they go over the wire, asserted on a plain server that knows nothing of the document.

use apivideo_core::types::{self, ApiKeyCredentials, RefreshCredentials};
use apivideo_core::wire::{MetadataFilter, Secret};
use apivideo_core::{Client, Error, Inner};
use httpmock::prelude::*;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn client(server: &MockServer) -> Client {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, HeaderValue::from_static("Bearer abc"));
    Client::new_with_client(
        &server.base_url(),
        reqwest::Client::new(),
        Inner::new(headers),
    )
}

/// A server that answers `body`, and fails a request whose path and query are not `target`.
fn answering<'a>(server: &'a MockServer, target: &'static str, body: &str) -> httpmock::Mock<'a> {
    server.mock(|when, then| {
        when.is_true(move |request: &HttpMockRequest| {
            request
                .uri()
                .path_and_query()
                .is_some_and(|mock| mock == target)
        });
        then.status(200)
            .header("content-type", "application/json")
            .body(body);
    })
}

const NOTHING: &str = r#"{"data":[]}"#;

#[tokio::test]
async fn sends_metadata_as_bracketed_pairs() -> Outcome {
    let server = MockServer::start();
    let mock = answering(
        &server,
        "/analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg?currentPage=1&metadata%5Bhats%5D=green&metadata%5Bname%5D=\
         John+Doe+%26+co&pageSize=25&period=2018-01-01%2F2018-01-15",
        NOTHING,
    );
    let filter = MetadataFilter::new()
        .with("hats", "green")
        .with("name", "John Doe & co");
    let response = client(&server)
        .list_video_sessions()
        .video_id("vi4k0jvEUuaTdRAEjQ4Prklg")
        .period("2018-01-01/2018-01-15")
        .metadata(filter)
        .current_page(1_u64)
        .page_size(25_u64)
        .send()
        .await?;
    mock.assert();
    assert!(response.data.is_empty());
    Ok(())
}

#[tokio::test]
async fn sends_a_key_twice() -> Outcome {
    let server = MockServer::start();
    let mock = answering(
        &server,
        "/videos?metadata%5Ba%5D=1&metadata%5Ba%5D=2&tags%5B%5D=x&tags%5B%5D=y",
        NOTHING,
    );
    let filter: MetadataFilter = [("a", "1"), ("a", "2")].into_iter().collect();
    client(&server)
        .list_videos()
        .metadata(filter)
        .tags(vec!["x".to_owned(), "y".to_owned()])
        .send()
        .await?;
    mock.assert();
    Ok(())
}

#[tokio::test]
async fn an_empty_filter_sends_no_parameter() -> Outcome {
    let server = MockServer::start();
    let mock = answering(&server, "/videos", NOTHING);
    client(&server)
        .list_videos()
        .metadata(MetadataFilter::new())
        .send()
        .await?;
    mock.assert();
    Ok(())
}

#[tokio::test]
async fn sends_filters_of_aggregates_as_bracketed_lists_and_strings() -> Outcome {
    let server = MockServer::start();
    let mock = answering(
        &server,
        "/data/metrics/impression-time/average?filterBy%5Bbrowser%5D%5B%5D=firefox&filterBy%5Bbrowser%5D%5B%5D=\
         chrome&filterBy%5Bcontinent%5D%5B%5D=EU&filterBy%5Bcountry%5D%5B%5D=FR&filterBy%5BdeviceType%5D%5B%5D=\
         phone&filterBy%5BmediaId%5D%5B%5D=vi1&filterBy%5BmediaType%5D=live-stream&filterBy%5BoperatingSystem\
         %5D%5B%5D=linux&filterBy%5Breferrer%5D%5B%5D=&filterBy%5Btag%5D=Cool+videos&from=2024-05-29T09%3A15%3A07\
         %2B00%3A00&unique=true&viewDuration=5s",
        r#"{"data":346.5}"#,
    );
    let from: jiff::Timestamp = "2024-05-29T11:15:07+02:00".parse().expect("an instant");
    let response = client(&server)
        .get_metric()
        .metric(types::Metric::ImpressionTime)
        .aggregation(types::Aggregation::Average)
        .filter_by_browser(vec!["firefox".to_owned(), "chrome".to_owned()])
        .filter_by_continent(vec![types::Continent::Eu])
        .filter_by_country(vec!["FR".to_owned()])
        .filter_by_device_type(vec![types::DeviceType::Phone])
        .filter_by_media_id(vec!["vi1".to_owned()])
        .filter_by_media_type(types::MediaType::LiveStream)
        .filter_by_operating_system(vec!["linux".to_owned()])
        .filter_by_referrer(vec![String::new()])
        .filter_by_tag("Cool videos")
        .from(from)
        .unique(true)
        .view_duration(types::ViewDuration::X5s)
        .send()
        .await?;
    mock.assert();
    assert!((response.data - 346.5).abs() < f64::EPSILON);
    Ok(())
}

#[tokio::test]
async fn lists_of_aggregates_are_ordered_and_paged() -> Outcome {
    let server = MockServer::start();
    let buckets = answering(
        &server,
        "/data/buckets/play/country?currentPage=2&pageSize=100&sortBy=metricValue&sortOrder=desc",
        NOTHING,
    );
    let steps = answering(
        &server,
        "/data/timeseries/ccv-peak?interval=hour&sortBy=emittedAt",
        NOTHING,
    );
    let client = client(&server);
    client
        .list_buckets()
        .metric(types::BucketMetric::Play)
        .breakdown(types::Breakdown::Country)
        .sort_by(types::BucketOrder::MetricValue)
        .sort_order(types::SortOrder::Desc)
        .current_page(2_u64)
        .page_size(100_u64)
        .send()
        .await?;
    client
        .list_timeseries()
        .metric(types::TimeseriesMetric::CcvPeak)
        .interval(types::Interval::Hour)
        .sort_by(types::TimeseriesOrder::EmittedAt)
        .send()
        .await?;
    buckets.assert();
    steps.assert();
    Ok(())
}

#[tokio::test]
async fn sends_only_the_expected_headers() -> Outcome {
    let server = MockServer::start();
    let mock = server.mock(|when, then| {
        when.method(GET)
            .path("/analytics/sessions/ps1/events")
            .header("authorization", "Bearer abc")
            .header("accept", "application/json")
            .header_missing("api-version");
        then.status(200)
            .header("x-ratelimit-remaining", "499")
            .body(NOTHING);
    });
    let response = client(&server)
        .list_session_events()
        .session_id("ps1")
        .send()
        .await?;
    mock.assert();
    assert_eq!(response.headers()["x-ratelimit-remaining"], "499");
    Ok(())
}

#[tokio::test]
async fn sends_credentials_in_the_body_and_masks_tokens() -> Outcome {
    let server = MockServer::start();
    let tokens = r#"{"token_type":"Bearer","expires_in":3600,"access_token":"open","refresh_token":"sesame"}"#;
    let key = server.mock(|when, then| {
        when.method(POST)
            .path("/auth/api-key")
            .body(r#"{"apiKey":"hush"}"#);
        then.status(200).body(tokens);
    });
    let refresh = server.mock(|when, then| {
        when.method(POST)
            .path("/auth/refresh")
            .body(r#"{"refreshToken":"sesame"}"#);
        then.status(200).body(tokens);
    });
    let client = client(&server);
    let body = ApiKeyCredentials {
        api_key: Secret::from("hush"),
    };
    assert!(!format!("{body:?}").contains("hush"));
    let response = client.create_access_token().body(body).send().await?;
    assert_eq!(response.access_token.expose(), "open");
    assert!(!format!("{:?}", *response).contains("open"));
    let refresh_token = response.refresh_token.clone().expect("a refresh token");
    client
        .refresh_access_token()
        .body(RefreshCredentials { refresh_token })
        .send()
        .await?;
    key.assert();
    refresh.assert();
    Ok(())
}

#[tokio::test]
async fn returns_an_error_response_unchanged() {
    let server = MockServer::start();
    server.mock(|when, then| {
        when.path("/videos/vi1");
        then.status(429)
            .header("x-ratelimit-retry-after", "7")
            .body("<html>slow down</html>");
    });
    let error = client(&server)
        .get_video()
        .video_id("vi1")
        .send()
        .await
        .expect_err("a failure");
    let Error::UnexpectedResponse(response) = error else {
        panic!("another failure: {error}")
    };
    assert_eq!(response.status(), 429);
    assert_eq!(response.headers()["x-ratelimit-retry-after"], "7");
    assert_eq!(
        response.text().await.expect("a body"),
        "<html>slow down</html>"
    );
}

#[tokio::test]
async fn returns_the_body_of_an_undecodable_response() {
    let server = MockServer::start();
    server.mock(|when, then| {
        when.path("/live-streams/li1");
        then.status(200).body(r#"{"liveStreamId":7}"#);
    });
    let error = client(&server)
        .get_live_stream()
        .live_stream_id("li1")
        .send()
        .await
        .expect_err("a failure");
    let Error::InvalidResponsePayload(bytes, _) = error else {
        panic!("another failure: {error}")
    };
    assert_eq!(&bytes[..], br#"{"liveStreamId":7}"#);
}

#[tokio::test]
async fn filters_live_streams_by_key() -> Outcome {
    let server = MockServer::start();
    let sessions = answering(&server, "/analytics/live-streams/li1?period=2022", NOTHING);
    let list = answering(
        &server,
        "/live-streams?sortBy=createdAt&streamKey=hush",
        NOTHING,
    );
    let client = client(&server);
    client
        .list_live_stream_sessions()
        .live_stream_id("li1")
        .period("2022")
        .send()
        .await?;
    client
        .list_live_streams()
        .stream_key(Secret::from("hush"))
        .sort_by(types::LiveStreamOrder::CreatedAt)
        .send()
        .await?;
    sessions.assert();
    list.assert();
    Ok(())
}

#[tokio::test]
async fn decodes_a_body_or_reports_the_reason() {
    let server = MockServer::start_async().await;
    for (id, body, why) in [
        ("good", &b"{\"videoId\":\"vi\xc3\xa9\"}"[..], None),
        ("cut", b"{\"videoId\":", Some("EOF while parsing")),
        (
            "coded",
            b"{\"videoId\":\"vi\xe9\"}",
            Some("invalid utf-8 sequence of 1 bytes from index 14"),
        ),
    ] {
        server
            .mock_async(|when, then| {
                when.path(format!("/videos/{id}"));
                then.status(200).header("x-mark", id).body(body);
            })
            .await;
        let http = reqwest::Client::new();
        let client = Client::new_with_client(&server.base_url(), http, Inner::default());
        let outcome = client.get_video().video_id(id).send().await;
        match (outcome, why) {
            (Ok(response), None) => {
                assert_eq!(response.video_id, "vié");
                assert_eq!(
                    (response.status().as_u16(), &response.headers()["x-mark"]),
                    (200, &id.parse().unwrap())
                );
            }
            (Err(apivideo_core::Error::InvalidResponsePayload(kept, error)), Some(why)) => {
                assert_eq!(kept, body);
                assert!(error.to_string().contains(why), "{error}");
            }
            (outcome, _) => panic!("{id}: {outcome:?}"),
        }
    }
}
