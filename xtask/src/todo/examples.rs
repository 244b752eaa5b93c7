//! New properties of successful responses without an example.

use std::collections::BTreeMap;

use serde_json::Value;
use xtask_bindgen::generated_crates::DOCUMENT;
use xtask_bindgen::schema::{component_of, operations, resolve};

use super::parts::Added;
use super::task::Task;

/// Returns a task for each new operation without an example of its response, and for each new property that no example has.
pub(super) fn missing(document: &Value, added: &Added) -> Vec<Task> {
    let mut shown = Shown {
        document,
        properties: BTreeMap::new(),
        path: Vec::new(),
    };
    let mut without = Vec::new();
    for (_, _, operation) in operations(document) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        for (status, response) in operation["responses"].as_object().into_iter().flatten() {
            let media = &resolve(document, response)["content"]["application/json"];
            if !status.starts_with('2') || media.is_null() {
                continue;
            }
            let several = media["examples"].as_object().into_iter().flatten();
            let several = several.map(|(_, example)| &resolve(document, example)["value"]);
            let examples: Vec<&Value> = several.chain(media.get("example")).collect();
            if examples.is_empty() {
                without.push(id);
            }
            shown.visit(id, &media["schema"], &examples);
        }
    }
    let of_operations = added
        .operations
        .iter()
        .filter(|operation| without.contains(&operation.id.as_str()))
        .map(|operation| {
            format!(
                "the operation {} has no example of its response",
                operation.id
            )
        });
    let is_missing = |schema: &str, name: &str| {
        let place = (schema.to_owned(), name.to_owned());
        shown.properties.get(&place) == Some(&false)
    };
    let of_fields = added
        .fields
        .iter()
        .filter(|field| is_missing(&field.schema, &field.name))
        .map(|field| {
            format!(
                "no example of a response has the property `{}` of {}",
                field.name, field.schema
            )
        });
    of_operations
        .chain(of_fields)
        .map(|what| Task::optional("example", what, DOCUMENT, ""))
        .collect()
}

/// The properties of successful responses, named as in the coverage map, and whether an example has them.
struct Shown<'a> {
    document: &'a Value,
    properties: BTreeMap<(String, String), bool>,
    /// The components around the current schema.
    path: Vec<&'a str>,
}

impl<'a> Shown<'a> {
    fn visit(&mut self, name: &str, schema: &'a Value, examples: &[&'a Value]) {
        let component = component_of(schema);
        if let Some(component) = component {
            if self.path.contains(&component) {
                return;
            }
            self.path.push(component);
        }
        let name = component.unwrap_or(name);
        let schema = resolve(self.document, schema);
        let mut examples = examples.to_vec();
        examples.extend(schema.get("example"));
        for (property, inside) in schema["properties"].as_object().into_iter().flatten() {
            let values = examples.iter().filter_map(|example| example.get(property));
            let values: Vec<&Value> = values.collect();
            let place = (name.to_owned(), property.clone());
            *self.properties.entry(place).or_default() |= !values.is_empty();
            self.visit(&format!("{name}.{property}"), inside, &values);
        }
        if let Some(inside) = schema.get("items") {
            let items = examples.iter().filter_map(|example| example.as_array());
            let items: Vec<&Value> = items.flatten().collect();
            self.visit(name, inside, &items);
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            for part in schema[key].as_array().into_iter().flatten() {
                self.visit(name, part, &examples);
            }
        }
        if component.is_some() {
            self.path.pop();
        }
    }
}
