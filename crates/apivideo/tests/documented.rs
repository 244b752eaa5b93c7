//! Every documented example of a successful response decodes into the generated type and into the model, and serializes without a
//! loss.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod document;

use apivideo::{
    Event, LiveStream, Session, Timestamp, Video,
    model::{Bucket, Metadata, MetricValue, TimeseriesPoint},
};
use apivideo_core::types;
use apivideo_core::wire::Object;
use document::{RENAMED, item_of_page, map, name_inside, name_of, not_carried, resolve};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Groups in which the string "unknown" is the same as a missing value.
const UNKNOWN: [&str; 5] = [
    "Location",
    "Referrer",
    "Device",
    "OperatingSystem",
    "ClientInfo",
];

fn round_trip<T: DeserializeOwned + Serialize>(value: &Value) -> Result<Value, String> {
    let value: T = serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    serde_json::to_value(&value).map_err(|error| error.to_string())
}

/// Returns an example after a round trip through the generated type of its schema.
fn by_core(schema: &str, value: &Value) -> Result<Value, String> {
    macro_rules! by_name {
        ($($name:ident)*) => {
            match schema {
                $(stringify!($name) => round_trip::<Object<types::$name>>(value),)*
                other => panic!("no generated type is named {other}: add it to the list"),
            }
        };
    }
    by_name! {
        AccessToken Bucket BucketPage Chapters ChaptersPage ClientInfo DataContext Device Event EventPage Link LiveStream LiveStreamPage Location
        Metadata MetricResponse OperatingSystem Pagination Referrer Session SessionInfo SessionPage Timeframe TimeseriesPage
        TimeseriesPoint Video VideoPage
    }
}

/// Returns an example after a round trip through the model of its schema, if there is one.
fn by_facade(schema: &str, value: &Value) -> Option<Result<Value, String>> {
    Some(match schema {
        "Session" => round_trip::<Session>(value),
        "Event" => round_trip::<Event>(value),
        "Video" => round_trip::<Video>(value),
        "LiveStream" => round_trip::<LiveStream>(value),
        "Bucket" => round_trip::<Bucket>(value),
        "Chapters" => round_trip::<apivideo::model::Chapters>(value),
        "TimeseriesPoint" => round_trip::<TimeseriesPoint>(value),
        "MetricResponse" => round_trip::<MetricValue>(value),
        "Metadata" => round_trip::<Metadata>(value),
        "Location" => round_trip::<apivideo::model::Location>(value),
        "Referrer" => round_trip::<apivideo::model::Referrer>(value),
        "Device" => round_trip::<apivideo::model::Device>(value),
        "OperatingSystem" => round_trip::<apivideo::model::OperatingSystem>(value),
        "ClientInfo" => round_trip::<apivideo::model::ClientInfo>(value),
        _ => return None,
    })
}

/// An example: its place, its schema and its value.
struct Example<'a> {
    place: String,
    schema: &'a str,
    value: &'a Value,
}

/// Returns the examples of successful responses, and of the schemas that they consist of.
fn examples(document: &Value) -> Vec<Example<'_>> {
    let mut found = Vec::new();
    let mut reached = Vec::new();
    for (operation, media) in document::successful_responses(document) {
        let schema = name_of(&media["schema"]).unwrap();
        reach(document, &media["schema"], &mut reached);
        let several = media["examples"].as_object().into_iter().flatten();
        let several =
            several.map(|(title, example)| (title.as_str(), &resolve(document, example)["value"]));
        let one = media.get("example").map(|value| ("the example", value));
        for (title, value) in several.chain(one) {
            let place = format!("{operation}, {title}");
            found.push(Example {
                place,
                schema,
                value,
            });
        }
    }
    for schema in reached {
        if let Some(value) = document["components"]["schemas"][schema].get("example") {
            let place = format!("the schema {schema}");
            found.push(Example {
                place,
                schema,
                value,
            });
        }
    }
    found
}

/// Collects the components that a node consists of.
fn reach<'a>(document: &'a Value, node: &'a Value, found: &mut Vec<&'a str>) {
    match node {
        Value::Object(fields) => {
            if let Some(name) = name_of(node)
                && !found.contains(&name)
            {
                found.push(name);
                reach(document, resolve(document, node), found);
            }
            let inside = fields.iter().filter(|(key, _)| *key != "example");
            inside.for_each(|(_, node)| reach(document, node, found));
        }
        Value::Array(items) => items.iter().for_each(|node| reach(document, node, found)),
        _ => {}
    }
}

/// The type that a value went through.
#[derive(Clone, Copy, PartialEq)]
enum Through {
    Core,
    Facade,
}

struct Compared<'a> {
    document: &'a Value,
    map: &'a Value,
    through: Through,
}

impl Compared<'_> {
    /// Collects what a value lost in the round trip.
    fn losses(
        &self,
        schema: &str,
        node: &Value,
        before: &Value,
        after: &Value,
        place: &str,
        lost: &mut Vec<String>,
    ) {
        let node = resolve(self.document, node);
        match before {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let place = format!("{place}.{name}");
                    let described = &node["properties"][name];
                    if described.is_null() && node["type"] == "object" {
                        lost.push(format!("{place} is not described"));
                        continue;
                    }
                    let mut own = name.as_str();
                    if self.through == Through::Facade {
                        if not_carried(self.map, schema, name).is_some() {
                            continue;
                        }
                        let renamed = RENAMED
                            .iter()
                            .find(|(of, old, _)| (*of, *old) == (schema, own));
                        own = renamed.map_or(own, |(_, _, new)| new);
                        if UNKNOWN.contains(&schema)
                            && value == "unknown"
                            && after.get(own).is_none()
                        {
                            continue;
                        }
                    }
                    let inside = name_inside(described, schema, name);
                    self.losses(&inside, described, value, &after[own], &place, lost);
                }
            }
            Value::Array(items) => {
                let kept = after.as_array().map_or(0, Vec::len);
                if kept != items.len() {
                    lost.push(format!("{place} has {kept} of {} items", items.len()));
                    return;
                }
                for (index, item) in items.iter().enumerate() {
                    let place = format!("{place}[{index}]");
                    self.losses(schema, &node["items"], item, &after[index], &place, lost);
                }
            }
            Value::Null => {}
            Value::Number(number) if number.as_f64() == after.as_f64() => {}
            Value::String(text) if node["format"] == "date-time" => {
                let instant = |text: &str| text.parse::<Timestamp>().ok();
                if instant(text).is_none() || instant(text) != after.as_str().and_then(instant) {
                    lost.push(format!("{place} was {before} and is {after}"));
                }
            }
            other if other == after => {}
            _ => lost.push(format!("{place} was {before} and is {after}")),
        }
    }
}

/// Returns what is wrong with the examples of a document.
fn failures(document: &Value) -> Vec<String> {
    let map = map();
    let mut found = Vec::new();
    for Example {
        place,
        schema,
        value,
    } in examples(document)
    {
        let mut check =
            |through, schema: &str, value: &Value, place: &str, after: Result<Value, String>| {
                let compared = Compared {
                    document,
                    map: &map,
                    through,
                };
                let node = &document["components"]["schemas"][schema];
                match after {
                    Ok(after) => compared.losses(schema, node, value, &after, place, &mut found),
                    Err(error) => found.push(format!("{place}: {error}")),
                }
            };
        check(
            Through::Core,
            schema,
            value,
            &format!("{place}: core"),
            by_core(schema, value),
        );
        let items: Vec<(String, &str, &Value)> = match item_of_page(document, schema) {
            Some(item) => value["data"]
                .as_array()
                .into_iter()
                .flatten()
                .enumerate()
                .map(|(index, record)| (format!("{place}: item {index}"), item, record))
                .collect(),
            None => vec![(format!("{place}: facade"), schema, value)],
        };
        for (place, schema, value) in items {
            if let Some(after) = by_facade(schema, value) {
                check(Through::Facade, schema, value, &place, after);
            }
        }
    }
    found
}

#[test]
fn every_example_of_a_successful_response_round_trips() {
    let document = document::document();
    assert_eq!(failures(&document), [""; 0]);
    for (operation, media) in document::successful_responses(&document) {
        let count = media["examples"]
            .as_object()
            .map_or(0, serde_json::Map::len);
        assert!(
            count > 0,
            "{operation} has no example of a successful response"
        );
    }
    let places: Vec<String> = examples(&document)
        .into_iter()
        .map(|example| example.place)
        .collect();
    assert!(
        places.contains(&"the schema Session".to_owned()),
        "{places:?}"
    );
}

#[test]
fn a_loss_in_an_example_is_reported() {
    let mut document = document::document();
    let videos = document
        .pointer_mut("/paths/~1videos~1{videoId}/get/responses/200/content/application~1json")
        .unwrap();
    videos["example"] = serde_json::json!({
        "videoId": "vi1", "title": 7
    });
    videos["examples"] = serde_json::json!({
        "more than is described": { "value": { "videoId": "vi1", "inventedField": 3 } },
        "no time": { "value": { "videoId": "vi1", "createdAt": "soon" } }
    });
    // Schemas without an example in the document.
    document["components"]["schemas"]["TimeseriesPoint"]["example"] =
        serde_json::json!({ "metricValue": 1.5, "emittedAt": null });
    document["components"]["schemas"]["DataContext"]["example"] =
        serde_json::json!({ "interval": "hour", "metric": 7 });
    let failures = failures(&document);
    let expected = [
        "the schema DataContext: core",
        "getVideo, more than is described: core.inventedField is not described",
        "getVideo, more than is described: facade.inventedField is not described",
        "getVideo, no time: core.createdAt was \"soon\" and is \"soon\"",
        "getVideo, no time: facade.createdAt was \"soon\" and is \"soon\"",
        "getVideo, the example: core: invalid type: integer `7`, expected a string",
        "getVideo, the example: facade.title was 7 and is \"7\"",
    ];
    for begin in expected {
        assert!(
            failures.iter().any(|failure| failure.starts_with(begin)),
            "{begin}: {failures:#?}"
        );
    }
    assert_eq!(failures.len(), expected.len(), "{failures:#?}");
}
