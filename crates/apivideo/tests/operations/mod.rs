//! Everything that tests have to know of each operation: requests with all of its parameters, and the types of its responses.
//!
//! A new operation or parameter is added here, and nowhere else in the tests of this crate.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "helpers of tests, each of which uses a part of them"
)]

use apivideo::{
    Client, Event, LiveStream, Session, Video,
    aggregates::{
        Breakdown, BucketMetric, BucketOrder, Continent, DeviceType, Filter, Interval, MediaType,
        Metric, SeriesMetric, SeriesOrder, ViewDuration,
    },
    model::{
        Bucket, Chapters, ClientInfo, Device, Location, Metadata, MetricValue, OperatingSystem,
        Referrer, TimeseriesPoint,
    },
    query::{LiveStreamOrder, SortOrder, VideoOrder, Window},
};
use apivideo_core::types;
use apivideo_core::wire::Object;
use futures::TryStreamExt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

const VIDEO: &str = "vi4k0jvEUuaTdRAEjQ4Prklg";
const LIVE_STREAM: &str = "vi4k0jvEUuaTdRAEjQ4Jfrgz";
const SESSION: &str = "psEmFwGQUAXR2lFHj5nDOpy";

/// Defines functions that go by the name of a schema of the document.
macro_rules! types {
    ($($schema:ident $(=> $model:ty)?,)*) => {
        /// Returns a value after a round trip through the generated type of its schema.
        pub(crate) fn by_core(schema: &str, value: &Value) -> Result<Value, String> {
            match schema {
                $(stringify!($schema) => round_trip::<Object<types::$schema>>(value),)*
                other => panic!("the type of {other} is not known: add it to tests/operations/mod.rs"),
            }
        }

        /// Returns a value after a round trip through the model of its schema, if there is one.
        pub(crate) fn by_facade(schema: &str, value: &Value) -> Option<Result<Value, String>> {
            match schema {
                $($(stringify!($schema) => Some(round_trip::<$model>(value)),)?)*
                _ => None,
            }
        }

        /// Returns the JSON schema of the model of a schema, if there is one.
        #[cfg(feature = "schemars")]
        pub(crate) fn json_schema(schema: &str) -> Option<Value> {
            let generator = schemars::generate::SchemaSettings::draft2020_12()
                .for_serialize()
                .into_generator();
            match schema {
                $($(stringify!($schema) => Some(generator.into_root_schema_for::<$model>().to_value()),)?)*
                _ => None,
            }
        }
    };
}

// The schemas of responses, and those in them that have an example or a model of their own.
types! {
    AccessToken,
    Bucket => Bucket,
    BucketPage,
    Chapters => Chapters,
    ChaptersPage,
    ClientInfo => ClientInfo,
    DataContext,
    Device => Device,
    Event => Event,
    EventPage,
    LiveStream => LiveStream,
    LiveStreamPage,
    Location => Location,
    Metadata => Metadata,
    MetricResponse => MetricValue,
    OperatingSystem => OperatingSystem,
    Pagination,
    Referrer => Referrer,
    Session => Session,
    SessionInfo,
    SessionPage,
    TimeseriesPage,
    TimeseriesPoint => TimeseriesPoint,
    Video => Video,
    VideoPage,
}

fn round_trip<T: DeserializeOwned + Serialize>(value: &Value) -> Result<Value, String> {
    let value: T = serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    serde_json::to_value(&value).map_err(|error| error.to_string())
}

/// Requests all operations, each with all of its parameters.
pub(crate) async fn request_all(client: &Client) {
    request_statistics(client).await;
    request_assets(client).await;
    request_aggregates(client).await;
}

/// A filter with every dimension.
fn filter() -> Filter {
    let mut filter = Filter::new()
        .video(VIDEO.parse().unwrap())
        .live_stream(LIVE_STREAM.parse().unwrap())
        .media_type(MediaType::Video)
        .country("FR")
        .country("DE")
        .operating_system("windows")
        .browser("firefox & chrome")
        .referrer("https://api.video/?a=b&c[]=d#e")
        .referrer("")
        .tag("Cool videos [é]");
    for continent in Continent::KNOWN {
        filter = filter.continent(continent.clone());
    }
    for kind in DeviceType::KNOWN {
        filter = filter.device_type(kind.clone());
    }
    filter
}

async fn request_statistics(client: &Client) {
    let video = client.video(VIDEO.parse().unwrap());
    let live_stream = client.live_stream(LIVE_STREAM.parse().unwrap());
    for period in [
        "2022-01-01",
        "2021-W52",
        "2022-01",
        "2022",
        "2021-12-31/2022-01-02",
        "2022-01-01T00:00:00.000Z",
        "0000-01-01/9999-12-31",
    ] {
        let period = period.parse().unwrap();
        video.sessions(period).page(1).await.unwrap();
        live_stream.sessions(period).page(1).await.unwrap();
    }
    let sessions = video
        .sessions("2022".parse().unwrap())
        .metadata("hats", "green")
        .metadata("a key & more", "Doug = é + 1")
        .page_size(1.try_into().unwrap());
    sessions.page(7).await.unwrap();
    let sessions = video.sessions("2021-12-30/2022-01-03".parse().unwrap());
    let small = sessions.clone().page_size(5.try_into().unwrap());
    let events = small.clone().include_events(3).stream();
    assert!(!events.try_collect::<Vec<_>>().await.unwrap().is_empty());
    let pages = small.clone().with_prefetch(4).pages();
    assert!(pages.try_collect::<Vec<_>>().await.unwrap().len() > 1);
    assert!(small.total().await.unwrap() > 5);
    assert_eq!(small.last(7).await.unwrap().len(), 7);
    let mut stream = small.stream();
    stream.try_next().await.unwrap();
    let rest = small.resume(&stream.cursor()).unwrap();
    assert!(!rest.try_collect::<Vec<_>>().await.unwrap().is_empty());
    for window in [Window::Day, Window::Week, Window::Month] {
        let windows = sessions.clone().with_windows(window).with_concurrency(3);
        windows.stream().try_collect::<Vec<_>>().await.unwrap();
        let live = live_stream.sessions("2021-12-30/2022-01-03".parse().unwrap());
        let windows = live.with_windows(window).unordered();
        windows.stream().try_collect::<Vec<_>>().await.unwrap();
    }
    let events = client.session(SESSION.parse().unwrap()).events();
    let events = events.page_size(2.try_into().unwrap());
    assert!(!events.last(1).await.unwrap().is_empty());
}

pub(crate) async fn request_assets(client: &Client) {
    for direction in [SortOrder::Ascending, SortOrder::Descending] {
        for order in VideoOrder::KNOWN {
            let videos = client.videos().sort_by(order.clone(), direction);
            videos.page(1).await.unwrap();
        }
        for order in LiveStreamOrder::KNOWN {
            let live_streams = client.live_streams().sort_by(order.clone(), direction);
            live_streams.page(1).await.unwrap();
        }
    }
    let videos = client
        .videos()
        .title("a & b = [c]")
        .tag("a b")
        .tag("ü")
        .metadata("hats", "__hats__")
        .live_stream(LIVE_STREAM.parse().unwrap())
        .page_size(100.try_into().unwrap());
    videos.page(1).await.unwrap();
    let live_streams = client.live_streams().name("news + more");
    live_streams.page(1).await.unwrap();
    let few = client.videos().page_size(3.try_into().unwrap());
    for video in few.stream().try_collect::<Vec<_>>().await.unwrap() {
        client.video(video.id).get().await.unwrap();
    }
    let chapters = client.video(VIDEO.parse().unwrap()).chapters();
    let chapters = chapters.page_size(1.try_into().unwrap());
    assert_eq!(
        chapters
            .stream()
            .try_collect::<Vec<_>>()
            .await
            .unwrap()
            .len(),
        2
    );
    let live_stream = client.live_stream(LIVE_STREAM.parse().unwrap());
    live_stream.get().await.unwrap();
}

async fn request_aggregates(client: &Client) {
    let from = "2021-12-20T00:00:00Z".parse().unwrap();
    let to = "2022-01-02T09:30:15.123456Z".parse().unwrap();
    for metric in Metric::KNOWN {
        client.metric(metric.clone()).send().await.unwrap();
    }
    for metric in BucketMetric::KNOWN {
        for breakdown in Breakdown::KNOWN {
            // The total of all plays is known by media id alone.
            if *metric != BucketMetric::PlayTotal || *breakdown == Breakdown::MediaId {
                let buckets = client.buckets(metric.clone(), breakdown.clone());
                buckets.page(1).await.unwrap();
            }
        }
    }
    for metric in SeriesMetric::KNOWN {
        client.timeseries(metric.clone()).page(1).await.unwrap();
    }
    for duration in ViewDuration::KNOWN {
        let views = client.metric(Metric::ViewCount).since(from).until(to);
        let views = views.unique(true).view_duration(duration.clone());
        views.filter(filter()).send().await.unwrap();
        let buckets = client.buckets(BucketMetric::View, Breakdown::Country);
        let buckets = buckets
            .since(from)
            .until(to)
            .unique(true)
            .view_duration(duration.clone());
        buckets.filter(filter()).page(1).await.unwrap();
        let series = client.timeseries(SeriesMetric::View).since(from).until(to);
        let series = series.unique(true).view_duration(duration.clone());
        series.filter(filter()).page(1).await.unwrap();
    }
    for direction in [SortOrder::Ascending, SortOrder::Descending] {
        for order in BucketOrder::KNOWN {
            let buckets = client.buckets(BucketMetric::Play, Breakdown::Browser);
            let buckets = buckets.sort_by(order.clone(), direction);
            buckets.page(2).await.unwrap();
        }
        for order in SeriesOrder::KNOWN {
            let series = client.timeseries(SeriesMetric::Play);
            let series = series.sort_by(order.clone(), direction);
            series.page(2).await.unwrap();
        }
    }
    for interval in Interval::KNOWN {
        let series = client
            .timeseries(SeriesMetric::Play)
            .interval(interval.clone());
        let hour = series
            .since("2022-01-01T10:00:00Z".parse().unwrap())
            .until("2022-01-01T10:30:00Z".parse().unwrap());
        hour.stream().try_collect::<Vec<_>>().await.unwrap();
    }
}
