//! Every successful response of the document decodes into the generated type and into the model, and serializes without a loss:
//! its examples, and a value that has all of its properties.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod document;
mod operations;

use apivideo::Timestamp;
use apivideo::model::EventKind;
use document::{RENAMED, item_of_page, map, name_inside, name_of, not_carried, resolve};
use operations::{by_core, by_facade};
use serde_json::{Map, Value};

/// Groups in which the string "unknown" is the same as a missing value.
const UNKNOWN: [&str; 5] = [
    "Location",
    "Referrer",
    "Device",
    "OperatingSystem",
    "ClientInfo",
];

/// An example: its place, its schema and its value.
struct Example<'a> {
    place: String,
    schema: &'a str,
    value: Value,
}

/// Returns a value with all properties of a schema, each with another value.
fn complete(document: &Value, node: &Value, number: &mut u32) -> Value {
    let node = resolve(document, node);
    *number += 1;
    if let Some(parts) = node["allOf"].as_array() {
        let parts = parts.iter().map(|part| complete(document, part, number));
        let objects = parts.filter_map(|part| part.as_object().cloned());
        return Value::Object(objects.flatten().collect());
    }
    if let Some(values) = node["enum"].as_array() {
        return values[*number as usize % values.len()].clone();
    }
    match (node["type"].as_str(), node["format"].as_str()) {
        (Some("object"), _) => {
            let mut object = Map::new();
            for (name, node) in node["properties"].as_object().into_iter().flatten() {
                // The service sends one of two names.
                if !RENAMED.iter().any(|(_, renamed, _)| renamed == name) {
                    object.insert(name.clone(), complete(document, node, number));
                }
            }
            object.into()
        }
        (Some("array"), _) => vec![complete(document, &node["items"], number)].into(),
        (Some("boolean"), _) => true.into(),
        (Some("integer" | "number"), _) => (*number).into(),
        (Some("string"), Some("date-time")) => {
            format!("2022-01-01T10:00:{:02}Z", *number % 60).into()
        }
        (Some("string") | None, _) => format!("v{number}").into(),
        (Some(other), _) => panic!("a value of type {other} is not known"),
    }
}

/// Returns the examples of successful responses and of the schemas that they consist of, and a complete value of each response.
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
        let examples = several
            .chain(one)
            .map(|(title, value)| (title, value.clone()));
        let complete = complete(document, &media["schema"], &mut 0);
        for (title, value) in examples.chain([("all properties", complete)]) {
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
            found.push(Example {
                place: format!("the schema {schema}"),
                schema,
                value: value.clone(),
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
    } in &examples(document)
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
fn every_successful_response_round_trips() {
    let document = document::document();
    assert_eq!(failures(&document), [""; 0]);
    let places: Vec<String> = examples(&document)
        .into_iter()
        .map(|example| example.place)
        .collect();
    for place in [
        "the schema Session",
        "listVideos, all properties",
        "getVideo, all properties",
    ] {
        assert!(places.iter().any(|found| found == place), "{places:?}");
    }
}

#[test]
fn the_document_names_every_known_kind_of_event() {
    let document = document::document();
    let described =
        &document["components"]["schemas"]["Event"]["properties"]["type"]["description"];
    let described = described.as_str().unwrap();
    let is_part = |c: char| c.is_alphanumeric() || c == '.';
    let words = described.split(|c| !is_part(c));
    let words: Vec<&str> = words.map(|word| word.trim_end_matches('.')).collect();
    for kind in EventKind::KNOWN {
        assert!(
            words.contains(&kind.as_str()),
            "the description of Event.type in the document does not name {kind}"
        );
    }
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
