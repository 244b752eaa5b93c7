//! The JSON schemas of the models describe what the models serialize to.
#![cfg(feature = "schemars")]
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use apivideo::{Bucket, Event, LiveStream, MetricValue, Point, Session, SessionEvents, Video};
use serde_json::Value;

/// The names of the properties of a schema's object, through `$ref`.
fn properties(schema: &Value, root: &Value) -> Vec<String> {
    let schema = match schema.get("$ref").and_then(Value::as_str) {
        Some(path) => root
            .pointer(path.trim_start_matches('#'))
            .expect("a schema that is there"),
        None => schema,
    };
    schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect()
}

fn schema<T: schemars::JsonSchema>() -> Value {
    schemars::generate::SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}

#[test]
fn sessions_and_their_groups() {
    let schema = schema::<Session>();
    let top = properties(&schema, &schema);
    for name in ["session", "location", "referrer", "device", "os", "client"] {
        assert!(
            top.iter().any(|property| property == name),
            "{name} is not in {top:?}"
        );
    }
    let info = properties(&schema["properties"]["session"], &schema);
    for name in ["sessionId", "loadedAt", "endedAt", "metadata"] {
        assert!(
            info.iter().any(|property| property == name),
            "{name} is not in {info:?}"
        );
    }
    assert_eq!(schema["required"], serde_json::json!(["session"]));
}

#[test]
fn every_model_has_a_schema_of_the_names_on_the_wire() {
    for (schema, names) in [
        (
            schema::<Event>(),
            &["type", "emittedAt", "at", "from", "to"][..],
        ),
        (
            schema::<Video>(),
            &[
                "videoId",
                "title",
                "publishedAt",
                "tags",
                "metadata",
                "mp4Support",
            ],
        ),
        (
            schema::<LiveStream>(),
            &["liveStreamId", "name", "broadcasting", "createdAt"],
        ),
        (schema::<Bucket>(), &["metricValue", "dimensionValue"]),
        (schema::<Point>(), &["emittedAt", "metricValue"]),
        (schema::<MetricValue>(), &["context", "data"]),
        (schema::<SessionEvents>(), &["session", "events"]),
    ] {
        let properties = properties(&schema, &schema);
        for name in names {
            assert!(
                properties.iter().any(|property| property == name),
                "{name} is not in {properties:?}"
            );
        }
    }
}
