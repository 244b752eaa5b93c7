//! The JSON schemas of the models describe what the models serialize to, and hold all that the document describes.
#![cfg(feature = "schemars")]
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod document;

use std::collections::BTreeSet;

use apivideo::{
    Event, LiveStream, Session, SessionEvents, Video,
    model::{Bucket, MetricValue, TimeseriesPoint},
};
use document::{RENAMED, WITHOUT_MODEL, item_of_page, map, name_inside, not_carried, resolve};
use serde_json::{Value, json};

fn schema<T: schemars::JsonSchema>() -> Value {
    schemars::generate::SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}

/// The schema of the model for a schema of the document.
fn model_of(name: &str) -> Option<Value> {
    Some(match name {
        "Session" => schema::<Session>(),
        "Event" => schema::<Event>(),
        "Video" => schema::<Video>(),
        "LiveStream" => schema::<LiveStream>(),
        "Bucket" => schema::<Bucket>(),
        "TimeseriesPoint" => schema::<TimeseriesPoint>(),
        "MetricResponse" => schema::<MetricValue>(),
        _ => return None,
    })
}

/// What the models lack of the document's good replies, and what they have besides.
fn differences(document: &Value) -> Vec<String> {
    let mut wrapped = BTreeSet::new();
    for (operation, media) in document::good_replies(document) {
        let name = document::name_of(&media["schema"]);
        let name = name.unwrap_or_else(|| panic!("the reply of {operation} has no name"));
        wrapped.insert(item_of_page(document, name).unwrap_or(name));
    }
    let map = map();
    let mut found = Vec::new();
    for name in wrapped {
        if WITHOUT_MODEL.iter().any(|(without, _)| *without == name) {
            continue;
        }
        match model_of(name) {
            Some(root) => {
                let compared = Compared {
                    document,
                    map: &map,
                    root: &root,
                };
                let described = &document["components"]["schemas"][name];
                compared.object(name, described, &root, &mut found);
            }
            None => found.push(format!(
                "no model is known for {name}: add it to `model_of`"
            )),
        }
    }
    // What several hold is compared for each.
    found.sort();
    found.dedup();
    found
}

struct Compared<'a> {
    document: &'a Value,
    map: &'a Value,
    root: &'a Value,
}

impl Compared<'_> {
    fn object(&self, name: &str, described: &Value, model: &Value, found: &mut Vec<String>) {
        let fields = self.fields(described);
        let carried = self.modelled(model)["properties"].as_object();
        let mut known = BTreeSet::new();
        for (property, node) in fields {
            if not_carried(self.map, name, property).is_some() {
                continue;
            }
            let renamed = RENAMED
                .iter()
                .find(|(schema, old, _)| (*schema, *old) == (name, property.as_str()));
            let own = renamed.map_or(property.as_str(), |(_, _, new)| new);
            known.insert(own);
            match carried.and_then(|carried| carried.get(own)) {
                None => found.push(format!("{name}.{property} is not carried")),
                Some(inside) => {
                    let of = name_inside(node, name, property);
                    self.object(&of, node, inside, found);
                }
            }
        }
        if !known.is_empty() {
            for (property, _) in carried.into_iter().flatten() {
                if !known.contains(property.as_str()) {
                    found.push(format!("{name}.{property} is not described"));
                }
            }
        }
    }

    /// The properties of a described object, or of the objects in a list, with those of its parts.
    fn fields<'a>(&'a self, described: &'a Value) -> Vec<(&'a String, &'a Value)> {
        let schema = resolve(self.document, described);
        let mut found: Vec<_> = schema["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .collect();
        if let Some(items) = schema.get("items") {
            found.extend(self.fields(items));
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            for part in schema[key].as_array().into_iter().flatten() {
                found.extend(self.fields(part));
            }
        }
        found
    }

    /// The object in a model's schema: behind references, optional, in a list.
    fn modelled<'a>(&'a self, node: &'a Value) -> &'a Value {
        if node["$ref"].is_string() {
            return self.modelled(resolve(self.root, node));
        }
        if let Some(items) = node.get("items") {
            return self.modelled(items);
        }
        let mut parts = node["anyOf"].as_array().into_iter().flatten();
        match parts.find(|part| part["type"] != "null") {
            Some(part) => self.modelled(part),
            None => node,
        }
    }
}

#[test]
fn the_models_carry_all_that_the_document_describes() {
    assert_eq!(differences(&document::document()), [""; 0]);
}

#[test]
fn a_field_that_the_document_gains_or_loses_is_missed_at_every_depth() {
    let mut document = document::document();
    let schemas = &mut document["components"]["schemas"];
    schemas["Video"]["properties"]["invented"] = json!({ "type": "number" });
    schemas["Location"]["properties"]["invented"] = json!({ "type": "string" });
    schemas["Metadata"]["properties"]["invented"] = json!({ "type": "string" });
    schemas["Timeframe"]["properties"]["invented"] = json!({ "type": "string" });
    schemas["SessionInfo"]["properties"]["invented"] =
        json!({ "type": "object", "properties": { "age": { "type": "integer" } } });
    schemas["Event"] = json!({ "allOf": [schemas["Event"], { "properties": { "invented": { "type": "integer" } } }] });
    schemas["LiveStream"]["properties"]
        .as_object_mut()
        .unwrap()
        .remove("name");
    schemas["Tally"] =
        json!({ "type": "object", "properties": { "count": { "type": "integer" } } });
    document["paths"]["/tally"] = json!({ "get": { "operationId": "getTally", "responses": { "200": {
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Tally" } } }
    } } } });
    assert_eq!(
        differences(&document),
        [
            "Event.invented is not carried",
            "LiveStream.name is not described",
            "Location.invented is not carried",
            "Metadata.invented is not carried",
            "SessionInfo.invented is not carried",
            "Timeframe.invented is not carried",
            "Video.invented is not carried",
            "no model is known for Tally: add it to `model_of`",
        ]
    );
}

#[test]
fn a_session_with_its_events_is_a_session_with_one_field_more() {
    let schema = schema::<SessionEvents>();
    let names: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        [
            "client", "device", "events", "location", "os", "referrer", "session"
        ]
    );
    assert_eq!(self::schema::<Session>()["required"], json!(["session"]));
}
