//! Requests as they are sent: exact query strings and headers, on a mock that does not validate them.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod document;
mod support;

use std::collections::BTreeSet;

use apivideo::{
    aggregates::{
        Breakdown, BucketMetric, BucketOrder, Continent, DeviceType, Filter, Interval, MediaType,
        Metric, SeriesMetric, SeriesOrder, ViewDuration,
    },
    query::{LiveStreamOrder, SortOrder, VideoOrder},
};
use support::Mock;

const EMPTY: &str =
    r#"{"data":[],"pagination":{"currentPage":1,"pagesTotal":1,"itemsTotal":0,"links":[]}}"#;

#[tokio::test]
async fn sessions_of_a_video_are_requested_with_period_and_metadata() {
    let mock = Mock::responses(&[(200, EMPTY)]);
    let video = mock
        .client()
        .video("vi4k0jvEUuaTdRAEjQ4Prklg".parse().unwrap());
    video
        .sessions("2022-01-01".parse().unwrap())
        .page(1)
        .await
        .unwrap();
    video
        .sessions("2018-01-01/2018-01-15".parse().unwrap())
        .metadata("hats", "green")
        .metadata("Author", "John Doe & Söhne")
        .page_size(25.try_into().unwrap())
        .page(7)
        .await
        .unwrap_err(); // the mock returns page 1
    assert_eq!(
        mock.lines(),
        [
            "GET /analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg?currentPage=1&pageSize=100&period=2022-01-01",
            "GET /analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg?currentPage=7&metadata%5Bhats%5D=green\
             &metadata%5BAuthor%5D=John+Doe+%26+S%C3%B6hne&pageSize=25&period=2018-01-01%2F2018-01-15",
        ]
    );
}

#[tokio::test]
async fn every_period_is_sent_in_the_form_of_the_service() {
    let mock = Mock::responses(&[(200, EMPTY)]);
    let live_stream = mock.client().live_stream("li400".parse().unwrap());
    for period in [
        "2022-01-01",
        "2022-W01",
        "2022-01",
        "2022",
        "2022-01-01T00:00:00.000Z",
    ] {
        live_stream
            .sessions(period.parse().unwrap())
            .page(1)
            .await
            .unwrap();
    }
    let periods: Vec<_> = mock
        .lines()
        .iter()
        .map(|line| line.rsplit_once('=').unwrap().1.to_owned())
        .collect();
    assert_eq!(
        periods,
        ["2022-01-01", "2022-W01", "2022-01", "2022", "2022-01-01"]
    );
    assert_eq!(
        mock.lines()[0],
        "GET /analytics/live-streams/li400?currentPage=1&pageSize=100&period=2022-01-01"
    );
}

#[tokio::test]
async fn events_of_a_session_are_requested_by_its_id() {
    let mock = Mock::responses(&[(200, EMPTY)]);
    mock.client()
        .session("psEmFwGQUAXR2lFHj5nDOpy".parse().unwrap())
        .events()
        .page(1)
        .await
        .unwrap();
    assert_eq!(
        mock.lines(),
        ["GET /analytics/sessions/psEmFwGQUAXR2lFHj5nDOpy/events?currentPage=1&pageSize=100"]
    );
}

#[tokio::test]
async fn chapters_of_a_video_are_requested_by_its_id() {
    let mock = Mock::responses(&[(200, EMPTY)]);
    let video = mock.client().video("vi400".parse().unwrap());
    video.chapters().page(1).await.unwrap();
    assert_eq!(
        mock.lines(),
        ["GET /videos/vi400/chapters?currentPage=1&pageSize=100"]
    );
}

#[tokio::test]
async fn videos_and_live_streams_are_requested_with_their_filters() {
    let mock = Mock::responses(&[
        (200, EMPTY),
        (200, EMPTY),
        (200, r#"{"videoId":"vi1"}"#),
        (200, r#"{"liveStreamId":"li1"}"#),
    ]);
    let client = mock.client();
    client
        .videos()
        .title("maths")
        .tag("a b")
        .tag("c")
        .metadata("k", "v")
        .live_stream("li1".parse().unwrap())
        .sort_by(VideoOrder::PublishedAt, SortOrder::Descending)
        .page(1)
        .await
        .unwrap();
    client
        .live_streams()
        .name("news")
        .sort_by(LiveStreamOrder::Name, SortOrder::Ascending)
        .page(1)
        .await
        .unwrap();
    client.video("vi1".parse().unwrap()).get().await.unwrap();
    client
        .live_stream("li1".parse().unwrap())
        .get()
        .await
        .unwrap();
    assert_eq!(
        mock.lines(),
        [
            "GET /videos?currentPage=1&liveStreamId=li1&metadata%5Bk%5D=v&pageSize=100&sortBy=publishedAt&sortOrder=desc\
             &tags%5B%5D=a+b&tags%5B%5D=c&title=maths",
            "GET /live-streams?currentPage=1&name=news&pageSize=100&sortBy=name&sortOrder=asc",
            "GET /videos/vi1",
            "GET /live-streams/li1",
        ]
    );
}

#[tokio::test]
async fn aggregates_are_requested_with_every_filter() {
    let mock = Mock::responses(&[(200, r#"{"data":7}"#), (200, EMPTY)]);
    let client = mock.client();
    let filter = Filter::new()
        .video("vi1".parse().unwrap())
        .live_stream("li1".parse().unwrap())
        .media_type(MediaType::Video)
        .continent(Continent::Europe)
        .continent(Continent::Asia)
        .country("FR")
        .device_type(DeviceType::Phone)
        .operating_system("windows")
        .browser("firefox")
        .browser("chrome")
        .referrer("https://api.video/?a=b")
        .tag("Cool videos");
    let value = client
        .metric(Metric::ViewCount)
        .since("2024-05-29T09:15:07Z".parse().unwrap())
        .until("2024-05-30T00:00:00Z".parse().unwrap())
        .unique(true)
        .view_duration(ViewDuration::Seconds10)
        .filter(filter)
        .send()
        .await
        .unwrap();
    assert_eq!(value.value, 7.0);
    let buckets = client.buckets(BucketMetric::PlayTotal, Breakdown::MediaId);
    buckets
        .sort_by(BucketOrder::MetricValue, SortOrder::Descending)
        .page(1)
        .await
        .unwrap();
    let series = client
        .timeseries(SeriesMetric::CcvPeak)
        .interval(Interval::Minute);
    series
        .sort_by(SeriesOrder::EmittedAt, SortOrder::Ascending)
        .page(1)
        .await
        .unwrap();
    let lines = mock.lines();
    let (path, query) = lines[0].split_once('?').unwrap();
    assert_eq!(path, "GET /data/metrics/view/count");
    let mut pairs: Vec<_> = query.split('&').collect();
    pairs.sort_unstable();
    assert_eq!(
        pairs,
        [
            "filterBy%5Bbrowser%5D%5B%5D=chrome",
            "filterBy%5Bbrowser%5D%5B%5D=firefox",
            "filterBy%5Bcontinent%5D%5B%5D=AS",
            "filterBy%5Bcontinent%5D%5B%5D=EU",
            "filterBy%5Bcountry%5D%5B%5D=FR",
            "filterBy%5BdeviceType%5D%5B%5D=phone",
            "filterBy%5BmediaId%5D%5B%5D=li1",
            "filterBy%5BmediaId%5D%5B%5D=vi1",
            "filterBy%5BmediaType%5D=video",
            "filterBy%5BoperatingSystem%5D%5B%5D=windows",
            "filterBy%5Breferrer%5D%5B%5D=https%3A%2F%2Fapi.video%2F%3Fa%3Db",
            "filterBy%5Btag%5D=Cool+videos",
            "from=2024-05-29T09%3A15%3A07%2B00%3A00",
            "to=2024-05-30T00%3A00%3A00%2B00%3A00",
            "unique=true",
            "viewDuration=10s",
        ]
    );
    assert_eq!(
        lines[1],
        "GET /data/buckets/play-total/media-id?currentPage=1&pageSize=100&sortBy=metricValue&sortOrder=desc"
    );
    assert_eq!(
        lines[2],
        "GET /data/timeseries/ccv-peak?currentPage=1&interval=minute&pageSize=100&sortBy=emittedAt&sortOrder=asc"
    );
}

/// Known values are those of the document, and the variants those of the coverage map.
#[test]
fn the_known_values_are_those_of_the_document() {
    let (document, map) = (document::document(), document::map());
    let check = |name: &str, variants: &[(&str, String)]| {
        let known: BTreeSet<&str> = variants.iter().map(|(value, _)| *value).collect();
        assert_eq!(known, document::values_of(&document, name), "{name}");
        for (value, variant) in variants {
            let line = map["enums"][name][value].as_array();
            let is_named = line.is_none_or(|items| items.contains(&variant.as_str().into()));
            assert!(is_named, "{name} {value}: the map lacks {variant}");
        }
    };
    macro_rules! known {
        ($($enum:ident has the values of $name:ident,)*) => {$(
            let variants = $enum::KNOWN.iter();
            let variants = variants.map(|value| (value.as_str(), variant_of(stringify!($enum), value)));
            check(stringify!($name), &variants.collect::<Vec<_>>());
        )*};
    }
    known! {
        Breakdown has the values of Breakdown,
        BucketMetric has the values of BucketMetric,
        BucketOrder has the values of BucketOrder,
        Continent has the values of Continent,
        DeviceType has the values of DeviceType,
        Interval has the values of Interval,
        LiveStreamOrder has the values of LiveStreamOrder,
        MediaType has the values of MediaType,
        SeriesMetric has the values of TimeseriesMetric,
        SeriesOrder has the values of TimeseriesOrder,
        SortOrder has the values of SortOrder,
        VideoOrder has the values of VideoOrder,
        ViewDuration has the values of ViewDuration,
    }
    let both = Metric::KNOWN.iter().map(|value| {
        let (metric, aggregation) = value.as_str().split_once('/').unwrap();
        let variant = variant_of("Metric", value);
        ((metric, variant.clone()), (aggregation, variant))
    });
    let (metrics, aggregations): (Vec<_>, Vec<_>) = both.unzip();
    check("Metric", &metrics);
    check("Aggregation", &aggregations);
}

fn variant_of(name: &str, value: &impl std::fmt::Debug) -> String {
    format!("{name}::{value:?}")
}

#[tokio::test]
async fn every_known_value_is_accepted_by_its_request() {
    let mock = Mock::responses(&[(200, EMPTY)]);
    let client = mock.client();
    for breakdown in Breakdown::KNOWN {
        for metric in BucketMetric::KNOWN {
            client
                .buckets(metric.clone(), breakdown.clone())
                .page(1)
                .await
                .unwrap();
        }
    }
    for metric in SeriesMetric::KNOWN {
        for interval in Interval::KNOWN {
            client
                .timeseries(metric.clone())
                .interval(interval.clone())
                .page(1)
                .await
                .unwrap();
        }
    }
    let orders = [SortOrder::Ascending, SortOrder::Descending];
    for direction in orders {
        for order in VideoOrder::KNOWN {
            client
                .videos()
                .sort_by(order.clone(), direction)
                .page(1)
                .await
                .unwrap();
        }
        for order in LiveStreamOrder::KNOWN {
            client
                .live_streams()
                .sort_by(order.clone(), direction)
                .page(1)
                .await
                .unwrap();
        }
    }
    let mut filter = Filter::new();
    for continent in Continent::KNOWN {
        filter = filter.continent(continent.clone());
    }
    for kind in DeviceType::KNOWN {
        filter = filter.device_type(kind.clone());
    }
    for duration in ViewDuration::KNOWN {
        client
            .timeseries(SeriesMetric::View)
            .view_duration(duration.clone())
            .filter(filter.clone())
            .page(1)
            .await
            .unwrap();
    }
    let number = Mock::responses(&[(200, r#"{"data":1}"#)]);
    let client = number.client();
    for metric in Metric::KNOWN {
        client.metric(metric.clone()).send().await.unwrap();
    }
}

#[tokio::test]
async fn values_that_this_version_does_not_name_are_sent() {
    let mock = Mock::responses(&[(200, EMPTY)]);
    let client = mock.client();
    let filter = Filter::new()
        .continent(Continent::other("OC").unwrap())
        .device_type(DeviceType::other("car").unwrap())
        .media_type(MediaType::other("clip").unwrap());
    client
        .buckets(
            BucketMetric::other("rebuffer").unwrap(),
            Breakdown::other("player-version").unwrap(),
        )
        .filter(filter)
        .sort_by(BucketOrder::other("share").unwrap(), SortOrder::Ascending)
        .page(1)
        .await
        .unwrap();
    client
        .timeseries(SeriesMetric::other("rebuffer").unwrap())
        .interval(Interval::other("week").unwrap())
        .view_duration(ViewDuration::other("60s").unwrap())
        .page(1)
        .await
        .unwrap();
    assert_eq!(
        mock.lines(),
        [
            "GET /data/buckets/rebuffer/player-version?currentPage=1&filterBy%5Bcontinent%5D%5B%5D=OC\
             &filterBy%5BdeviceType%5D%5B%5D=car&filterBy%5BmediaType%5D=clip&pageSize=100&sortBy=share&sortOrder=asc",
            "GET /data/timeseries/rebuffer?currentPage=1&interval=week&pageSize=100&viewDuration=60s",
        ]
    );
    let number = Mock::responses(&[(200, r#"{"data":1}"#)]);
    let metric = Metric::other("rebuffer", "count").unwrap();
    number.client().metric(metric).send().await.unwrap();
    assert_eq!(number.lines(), ["GET /data/metrics/rebuffer/count"]);
}

#[tokio::test]
async fn headers_identify_the_client() {
    let mock = Mock::responses(&[(200, EMPTY)]);
    mock.client().videos().page(1).await.unwrap();
    let client = mock
        .builder()
        .with_basic_auth()
        .application("my-app", "1.2")
        .build()
        .unwrap();
    client.videos().page(1).await.unwrap();
    let requests = mock.requests();
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        requests[0].header("authorization"),
        Some("Basic YSBrZXk6"),
        "the key, a colon, no password"
    );
    assert_eq!(
        requests[0].header("av-origin-client"),
        Some(format!("rust:{version}").as_str())
    );
    assert_eq!(
        requests[0].header("user-agent"),
        Some(format!("apivideo-rust/{version}").as_str())
    );
    assert_eq!(requests[0].header("accept"), Some("application/json"));
    assert_eq!(
        requests[0].header("api-version"),
        None,
        "the service does not have this header"
    );
    assert_eq!(requests[0].header("av-origin-app"), None);
    assert_eq!(requests[1].header("av-origin-app"), Some("my-app:1.2"));
    assert_eq!(
        requests[1].header("user-agent"),
        Some(format!("apivideo-rust/{version} my-app/1.2").as_str())
    );
}

#[tokio::test]
async fn raw_requests_are_authorized_and_identified() {
    let mock = Mock::responses(&[
        (200, r#"{"a":1}"#),
        (404, r#"{"title":"Gone.","name":"x"}"#),
        (200, "<html>"),
    ]);
    let client = mock.client();
    let reply: serde_json::Value = client
        .get("/players/pt1")
        .query("a b", "c&d")
        .send()
        .await
        .unwrap();
    assert_eq!(reply["a"], 1);
    let request = &mock.requests()[0];
    assert_eq!(request.line, "GET /players/pt1?a+b=c%26d");
    assert_eq!(request.header("authorization"), Some("Basic YSBrZXk6"));
    assert!(request.header("av-origin-client").is_some());
    let error = client
        .get("/players/pt1")
        .send::<serde_json::Value>()
        .await
        .unwrap_err();
    assert!(
        error.is_not_found() && error.to_string().contains("Gone (x)"),
        "{error}"
    );
    assert!(
        client
            .get("/players")
            .send::<serde_json::Value>()
            .await
            .unwrap_err()
            .is_decode()
    );
}

#[test]
fn debug_does_not_show_metadata_values() {
    let client = apivideo::Client::builder().api_key("k").build().unwrap();
    let video = client
        .video("vi1".parse().unwrap())
        .sessions("2022".parse().unwrap())
        .metadata("user", "Doug");
    let shown = format!("{video:?} {:?}", client.videos().metadata("user", "Doug"));
    assert!(shown.contains("user") && !shown.contains("Doug"), "{shown}");
}
