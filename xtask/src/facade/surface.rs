//! The parts of a document that the coverage map must contain.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use xtask_bindgen::schema::{components, operations, resolve};

/// The names of all parts of a document, as the map writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surface {
    /// Operation ids, with the names of their parameters.
    pub operations: BTreeMap<String, BTreeSet<String>>,
    /// The names of response headers.
    pub headers: BTreeSet<String>,
    /// Schemas, with the names of their properties. An inline object of another schema is named as in
    /// `Session.location`, an inline object of an operation by the operation.
    pub fields: BTreeMap<String, BTreeSet<String>>,
    /// Enums, with their values. An inline enum of another schema is named as in `Link.rel`.
    pub enums: BTreeMap<String, BTreeSet<String>>,
    /// Parameters that are objects with properties (operation, parameter), with the name of the object.
    pub deep: BTreeMap<(String, String), String>,
}

impl Surface {
    /// Collects the parts of a document.
    #[must_use]
    pub fn of(document: &Value) -> Self {
        let mut surface = Self::default();
        for (name, schema) in components(document).into_iter().flatten() {
            surface.schema(name, schema);
        }
        for (method, path, operation) in operations(document) {
            let id = operation["operationId"].as_str().map_or_else(
                || format!("{} {path}", method.to_uppercase()),
                str::to_owned,
            );
            surface.operation(document, &id, &document["paths"][path], operation);
        }
        surface
    }

    fn operation(&mut self, document: &Value, id: &str, path: &Value, operation: &Value) {
        let mut names = BTreeSet::new();
        let parameters = [&path["parameters"], &operation["parameters"]];
        for parameter in parameters.into_iter().filter_map(Value::as_array).flatten() {
            let parameter = resolve(document, parameter);
            let name = parameter["name"].as_str().unwrap_or_default();
            names.insert(name.to_owned());
            let schema = &parameter["schema"];
            let whole = format!("{id}.{name}");
            self.schema(&whole, schema);
            if parameter["style"] == "deepObject"
                && resolve(document, schema)["properties"].is_object()
            {
                let object = xtask_bindgen::schema::component_of(schema)
                    .unwrap_or(&whole)
                    .to_owned();
                self.deep.insert((id.to_owned(), name.to_owned()), object);
            }
        }
        self.contents(id, resolve(document, &operation["requestBody"]));
        for (_, response) in operation["responses"].as_object().into_iter().flatten() {
            let response = resolve(document, response);
            self.contents(id, response);
            let headers = response["headers"].as_object().into_iter().flatten();
            self.headers.extend(headers.map(|(name, _)| name.clone()));
        }
        self.operations.insert(id.to_owned(), names);
    }

    fn contents(&mut self, name: &str, holder: &Value) {
        for (_, media) in holder["content"].as_object().into_iter().flatten() {
            self.schema(name, &media["schema"]);
        }
    }

    /// Collects an inline schema; a referenced one is collected under its own name.
    fn schema(&mut self, name: &str, schema: &Value) {
        if let Some(values) = schema["enum"].as_array() {
            let values = values.iter().filter_map(Value::as_str).map(str::to_owned);
            self.enums
                .entry(name.to_owned())
                .or_default()
                .extend(values);
        }
        for (property, inside) in schema["properties"].as_object().into_iter().flatten() {
            let fields = self.fields.entry(name.to_owned()).or_default();
            fields.insert(property.clone());
            self.schema(&format!("{name}.{property}"), inside);
        }
        for key in ["items", "additionalProperties"] {
            if let Some(inside) = schema.get(key) {
                self.schema(name, inside);
            }
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            for part in schema[key].as_array().into_iter().flatten() {
                self.schema(name, part);
            }
        }
    }
}
