//! The OpenAPI document and the coverage map, for tests that validate the models against them.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "helpers of tests, each of which uses a part of them"
)]

use std::collections::BTreeSet;

use serde_json::Value;

/// Properties that the models have under another name of the service: schema, property, other name.
pub(crate) const RENAMED: [(&str, &str, &str); 1] = [("SessionInfo", "metadatas", "metadata")];

/// Successful responses without a model, with the reason.
pub(crate) const WITHOUT_MODEL: [(&str, &str); 1] = [("AccessToken", "tokens stay in the client")];

/// The document of the workspace.
pub(crate) fn document() -> Value {
    read("apivideo.yaml")
}

/// Returns the reason why the models deliberately lack a property.
pub(crate) fn not_carried<'a>(map: &'a Value, schema: &str, property: &str) -> Option<&'a str> {
    map["fields"][schema][property].as_str()
}

/// The coverage map.
pub(crate) fn map() -> Value {
    read("facade.yaml")
}

fn read(file: &str) -> Value {
    let path = format!("{}/../../openapi/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    serde_saphyr::from_str(&text).unwrap()
}

/// Follows references.
pub(crate) fn resolve<'a>(document: &'a Value, mut node: &'a Value) -> &'a Value {
    while let Some(reference) = node["$ref"].as_str() {
        node = document.pointer(&reference[1..]).unwrap();
    }
    node
}

/// Returns the component that a node refers to.
pub(crate) fn name_of(node: &Value) -> Option<&str> {
    node["$ref"].as_str()?.strip_prefix("#/components/schemas/")
}

/// Returns the name of a schema inside another one in the coverage map: its own, or that of its place.
pub(crate) fn name_inside(node: &Value, whole: &str, property: &str) -> String {
    let items = [node, &node["items"]];
    let own = items.into_iter().find_map(name_of);
    own.map_or_else(|| format!("{whole}.{property}"), str::to_owned)
}

/// Returns the JSON content of every successful response: the operation, and the content with schema and examples.
pub(crate) fn successful_responses(document: &Value) -> Vec<(&str, &Value)> {
    let mut found = Vec::new();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let Some(id) = operation["operationId"].as_str() else {
                continue;
            };
            for (status, response) in operation["responses"].as_object().unwrap() {
                let media = &resolve(document, response)["content"]["application/json"];
                if status.starts_with('2') && !media.is_null() {
                    found.push((id, media));
                }
            }
        }
    }
    found
}

/// Returns the name of the schema of a parameter, or the empty string if it has none.
pub(crate) fn schema_of_parameter<'a>(document: &'a Value, id: &str, name: &str) -> &'a str {
    let paths = document["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|item| item.as_object().unwrap().values());
    operations
        .filter(|operation| operation["operationId"] == id)
        .flat_map(|operation| operation["parameters"].as_array().unwrap())
        .map(|parameter| resolve(document, parameter))
        .find(|parameter| parameter["name"] == name)
        .and_then(|parameter| name_of(&parameter["schema"]))
        .unwrap_or_default()
}

/// Returns the values of an enum.
pub(crate) fn values_of<'a>(document: &'a Value, name: &str) -> BTreeSet<&'a str> {
    let values = document["components"]["schemas"][name]["enum"].as_array();
    let values = values.unwrap_or_else(|| panic!("{name} is not an enum of the document"));
    values.iter().map(|value| value.as_str().unwrap()).collect()
}

/// Returns the schema of the items if a schema is that of a page.
pub(crate) fn item_of_page<'a>(document: &'a Value, schema: &str) -> Option<&'a str> {
    let properties = &document["components"]["schemas"][schema]["properties"];
    let items = name_of(&properties["data"]["items"])?;
    properties["pagination"].is_object().then_some(items)
}
