//! The JSON schemas of the models describe what the models serialize to, and contain every property of the document.
#![cfg(feature = "schemars")]
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod document;
mod operations;

use std::collections::BTreeSet;

use document::{RENAMED, WITHOUT_MODEL, item_of_page, map, name_inside, not_carried, resolve};
use serde_json::{Value, json};

/// Fields that the models add to those of the document.
const ADDED: [(&str, &str); 3] = [
    ("Session", "events"),
    ("Session", "liveStreamId"),
    ("Session", "videoId"),
];

/// Returns the properties of successful responses that the models lack, and those that the models add.
fn differences(document: &Value) -> Vec<String> {
    let mut wrapped = BTreeSet::new();
    for (operation, media) in document::successful_responses(document) {
        let name = document::name_of(&media["schema"]);
        let name = name.unwrap_or_else(|| panic!("the response of {operation} has no name"));
        wrapped.insert(item_of_page(document, name).unwrap_or(name));
    }
    let map = map();
    let mut found = Vec::new();
    for name in wrapped {
        if WITHOUT_MODEL.iter().any(|(without, _)| *without == name) {
            continue;
        }
        match operations::json_schema(name) {
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
                "the model of {name} is not known: add it to tests/operations/mod.rs"
            )),
        }
    }
    // A schema that several others contain is compared several times.
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
        let properties = self.object_of(model)["properties"].as_object();
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
            match properties.and_then(|properties| properties.get(own)) {
                None => found.push(format!("{name}.{property} is not in the model")),
                Some(inside) => {
                    let of = name_inside(node, name, property);
                    self.object(&of, node, inside, found);
                }
            }
        }
        if !known.is_empty() {
            for (property, _) in properties.into_iter().flatten() {
                let is_added = ADDED.contains(&(name, property.as_str()));
                if !known.contains(property.as_str()) && !is_added {
                    found.push(format!("{name}.{property} is not described"));
                }
            }
        }
    }

    /// Returns the properties of an object, or of the objects in an array, including those of its parts.
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

    /// Returns the object in the schema of a model, through references, options and arrays.
    fn object_of<'a>(&'a self, node: &'a Value) -> &'a Value {
        if node["$ref"].is_string() {
            return self.object_of(resolve(self.root, node));
        }
        if let Some(items) = node.get("items") {
            return self.object_of(items);
        }
        let mut parts = node["anyOf"].as_array().into_iter().flatten();
        match parts.find(|part| part["type"] != "null") {
            Some(part) => self.object_of(part),
            None => node,
        }
    }
}

#[test]
fn the_models_have_every_property_of_the_document() {
    assert_eq!(differences(&document::document()), [""; 0]);
}

#[test]
fn a_property_that_the_document_gains_or_loses_is_reported_at_every_depth() {
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
            "Event.invented is not in the model",
            "LiveStream.name is not described",
            "Location.invented is not in the model",
            "Metadata.invented is not in the model",
            "SessionInfo.invented is not in the model",
            "Timeframe.invented is not in the model",
            "Video.invented is not in the model",
            "the model of Tally is not known: add it to tests/operations/mod.rs",
        ]
    );
}

#[test]
fn a_session_has_an_optional_asset_and_optional_events() {
    let schema = operations::json_schema("Session").unwrap();
    let names: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        [
            "client",
            "device",
            "events",
            "liveStreamId",
            "location",
            "os",
            "referrer",
            "session",
            "videoId"
        ]
    );
    assert_eq!(schema["required"], json!(["session"]));
}
