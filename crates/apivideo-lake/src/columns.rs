//! The columns of each item type, shared by the tables of the lake and the output of the command.
//!
//! | list | item | used by |
//! |---|---|---|
//! | [`SESSION`], [`EVENT`] | sessions and events | table `sessions`, `events`; command |
//! | [`BUCKET`], [`TIMESERIES_POINT`] | aggregates | table `buckets`, `timeseries`; command |
//! | [`VIDEO`], [`LIVE_STREAM`], [`METRIC_VALUE`] | videos, live streams, metrics | command |
//!
//! The column `extra` of a [`Table`](crate::Table) contains all fields that have no column here, so that a new field is not lost
//! before it has one.

use apivideo::{
    Event, LiveStream, Session, Video,
    model::{Bucket, Metadata, MetricValue, Text, TimeseriesPoint},
};
use serde_json::{Map, Value};

use crate::column::required;
pub use crate::column::{Cell, Column, ColumnKind};

/// The version of the columns, recorded in every folder. It changes whenever a column of a table changes, unless no published
/// version has the previous columns.
pub(crate) const SCHEMA_VERSION: u32 = 2;

/// The columns of a session.
///
/// ```
/// assert!(apivideo_lake::columns::SESSION.iter().any(|column| column.field() == "location.city"));
/// ```
#[rustfmt::skip] // One line for each column.
pub static SESSION: &[Column<Session>] = &[
    required(Column::string("session_id", "session.sessionId", |s| Some(s.id.as_str()))),
    Column::timestamp("loaded_at", "session.loadedAt", |s| s.loaded_at),
    Column::timestamp("ended_at", "session.endedAt", |s| s.ended_at),
    Column::json("metadata", "session.metadata", |s| metadata(&s.metadata)),
    Column::string("location_country", "location.country", |s| str(&s.location.country)),
    Column::string("location_city", "location.city", |s| str(&s.location.city)),
    Column::string("referrer_url", "referrer.url", |s| str(&s.referrer.url)),
    Column::string("referrer_medium", "referrer.medium", |s| str(&s.referrer.medium)),
    Column::string("referrer_source", "referrer.source", |s| str(&s.referrer.source)),
    Column::string("referrer_search_term", "referrer.searchTerm", |s| str(&s.referrer.search_term)),
    Column::string("device_type", "device.type", |s| str(&s.device.kind)),
    Column::string("device_vendor", "device.vendor", |s| str(&s.device.vendor)),
    Column::string("device_model", "device.model", |s| str(&s.device.model)),
    Column::string("os_name", "os.name", |s| str(&s.os.name)),
    Column::string("os_shortname", "os.shortname", |s| str(&s.os.short_name)),
    Column::string("os_version", "os.version", |s| str(&s.os.version)),
    Column::string("client_type", "client.type", |s| str(&s.client.kind)),
    Column::string("client_name", "client.name", |s| str(&s.client.name)),
    Column::string("client_version", "client.version", |s| str(&s.client.version)),
];

/// The columns of an event. Positions carry their unit, in seconds from the start of the video.
///
/// ```
/// let names: Vec<_> = apivideo_lake::columns::EVENT.iter().map(|column| column.name()).collect();
/// assert_eq!(names, ["type", "emitted_at", "at_seconds", "from_seconds", "to_seconds"]);
/// ```
#[rustfmt::skip] // One line for each column.
pub static EVENT: &[Column<Event>] = &[
    required(Column::string("type", "type", |e| Some(e.kind.as_str()))),
    Column::timestamp("emitted_at", "emittedAt", |e| e.emitted_at),
    Column::number("at_seconds", "at", |e| e.at),
    Column::number("from_seconds", "from", |e| e.from),
    Column::number("to_seconds", "to", |e| e.to),
];

/// The columns of a bucket of an aggregate.
///
/// ```
/// assert_eq!(apivideo_lake::columns::BUCKET[0].name(), "dimension_value");
/// ```
#[rustfmt::skip] // One line for each column.
pub static BUCKET: &[Column<Bucket>] = &[
    Column::string("dimension_value", "dimensionValue", |b| str(&b.dimension_value)),
    Column::number("metric_value", "metricValue", |b| b.metric_value),
];

/// The columns of a point of a time series.
///
/// ```
/// assert_eq!(apivideo_lake::columns::TIMESERIES_POINT[0].name(), "emitted_at");
/// ```
#[rustfmt::skip] // One line for each column.
pub static TIMESERIES_POINT: &[Column<TimeseriesPoint>] = &[
    Column::timestamp("emitted_at", "emittedAt", |p| p.emitted_at),
    Column::number("metric_value", "metricValue", |p| p.metric_value),
];

/// The columns of a video.
///
/// ```
/// assert_eq!(apivideo_lake::columns::VIDEO[0].field(), "videoId");
/// ```
#[rustfmt::skip] // One line for each column.
pub static VIDEO: &[Column<Video>] = &[
    required(Column::string("video_id", "videoId", |v| Some(v.id.as_str()))),
    Column::string("title", "title", |v| str(&v.title)),
    Column::string("description", "description", |v| str(&v.description)),
    Column::string("player_id", "playerId", |v| str(&v.player_id)),
    Column::bool("public", "public", |v| v.public),
    Column::bool("panoramic", "panoramic", |v| v.panoramic),
    Column::bool("mp4_support", "mp4Support", |v| v.mp4_support),
    Column::timestamp("published_at", "publishedAt", |v| v.published_at),
    Column::timestamp("created_at", "createdAt", |v| v.created_at),
    Column::timestamp("updated_at", "updatedAt", |v| v.updated_at),
    Column::json("tags", "tags", |v| strings(&v.tags)),
    Column::json("metadata", "metadata", |v| metadata(&v.metadata)),
];

/// The columns of a live stream.
///
/// ```
/// assert_eq!(apivideo_lake::columns::LIVE_STREAM[0].field(), "liveStreamId");
/// ```
#[rustfmt::skip] // One line for each column.
pub static LIVE_STREAM: &[Column<LiveStream>] = &[
    required(Column::string("live_stream_id", "liveStreamId", |l| Some(l.id.as_str()))),
    Column::string("name", "name", |l| str(&l.name)),
    Column::bool("public", "public", |l| l.public),
    Column::bool("broadcasting", "broadcasting", |l| l.broadcasting),
    Column::timestamp("created_at", "createdAt", |l| l.created_at),
    Column::timestamp("updated_at", "updatedAt", |l| l.updated_at),
];

/// The columns of the value of a metric.
///
/// ```
/// assert_eq!(apivideo_lake::columns::METRIC_VALUE[4].field(), "data");
/// ```
#[rustfmt::skip] // One line for each column.
pub static METRIC_VALUE: &[Column<MetricValue>] = &[
    Column::string("metric", "context.metric", |m| str(&m.metric)),
    Column::string("aggregation", "context.aggregation", |m| str(&m.aggregation)),
    Column::timestamp("from_time", "context.timeframe.from", |m| m.from),
    Column::timestamp("to_time", "context.timeframe.to", |m| m.to),
    required(Column::number("value", "data", |m| Some(m.value))),
];

fn str(text: &Option<Text>) -> Option<&str> {
    text.as_deref()
}

fn strings(list: &[Text]) -> Option<Value> {
    let strings = || list.iter().map(|text| Value::from(&**text)).collect();
    (!list.is_empty()).then(strings)
}

/// Returns the pairs as an object. The value of a key with several pairs is the list of their values.
fn metadata(pairs: &[Metadata]) -> Option<Value> {
    let mut object: Map<String, Value> = Map::new();
    for pair in pairs {
        let key: &str = &pair.key;
        if object.contains_key(key) {
            continue;
        }
        let mut values: Vec<Value> = pairs
            .iter()
            .filter(|other| *other.key == *key)
            .map(|other| other.value.clone().unwrap_or_default())
            .collect();
        let value = match values.len() {
            1 => values.pop().unwrap_or_default(),
            _ => Value::Array(values),
        };
        object.insert(key.to_owned(), value);
    }
    (!object.is_empty()).then_some(Value::Object(object))
}
