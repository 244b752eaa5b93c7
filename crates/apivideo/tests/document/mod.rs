//! The OpenAPI document and the map of the facade, for tests that hold the models against them.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "helpers of tests, each of which uses a part of them"
)]

use serde_json::Value;

/// Properties that the models carry under another name of the service: the schema, the property, the other name.
pub(crate) const RENAMED: [(&str, &str, &str); 1] = [("SessionInfo", "metadatas", "metadata")];

/// Good replies that are no model, and why.
pub(crate) const WITHOUT_MODEL: [(&str, &str); 1] = [("AccessToken", "tokens stay in the client")];

/// The document of the workspace.
pub(crate) fn document() -> Value {
    read("apivideo.yaml")
}

/// Why the facade does not carry a property, if it deliberately does not.
pub(crate) fn not_carried<'a>(map: &'a Value, schema: &str, property: &str) -> Option<&'a str> {
    map["fields"][schema][property].as_str()
}

/// The map of the facade.
pub(crate) fn map() -> Value {
    read("facade.yaml")
}

fn read(file: &str) -> Value {
    let path = format!("{}/../../openapi/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    serde_saphyr::from_str(&text).unwrap()
}

/// What stands behind references.
pub(crate) fn resolve<'a>(document: &'a Value, mut node: &'a Value) -> &'a Value {
    while let Some(reference) = node["$ref"].as_str() {
        node = document.pointer(&reference[1..]).unwrap();
    }
    node
}

/// The component that a node refers to.
pub(crate) fn name_of(node: &Value) -> Option<&str> {
    node["$ref"].as_str()?.strip_prefix("#/components/schemas/")
}

/// The name by which the map knows a schema inside another: its own, or that of its place.
pub(crate) fn name_inside(node: &Value, whole: &str, property: &str) -> String {
    let items = [node, &node["items"]];
    let own = items.into_iter().find_map(name_of);
    own.map_or_else(|| format!("{whole}.{property}"), str::to_owned)
}

/// The JSON content of every good reply: the operation, and the content with schema and examples.
pub(crate) fn good_replies(document: &Value) -> Vec<(&str, &Value)> {
    let mut found = Vec::new();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let Some(id) = operation["operationId"].as_str() else {
                continue;
            };
            for (status, reply) in operation["responses"].as_object().unwrap() {
                let media = &resolve(document, reply)["content"]["application/json"];
                if status.starts_with('2') && !media.is_null() {
                    found.push((id, media));
                }
            }
        }
    }
    found
}

/// Whether a schema is that of a page, and of which items.
pub(crate) fn item_of_page<'a>(document: &'a Value, schema: &str) -> Option<&'a str> {
    let properties = &document["components"]["schemas"][schema]["properties"];
    let items = name_of(&properties["data"]["items"])?;
    properties["pagination"].is_object().then_some(items)
}
