//! Checks schemas.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::deep_object::METADATA_FILTER;
use crate::naming::{RESERVED_TYPES, has_distinct_variants, pascal, snake};
use crate::schema::{Scope, component_of, component_pointer, components, pointer_token, resolve};

/// The place of an unsupported part, as a JSON pointer, and the reason.
pub(super) type Unsupported = (String, String);

/// Checks schemas, each component once.
pub(super) struct Schemas<'a> {
    document: &'a Value,
    /// The components by the names of their types.
    by_type: BTreeMap<String, Vec<&'a str>>,
    /// Whether the current schemas are sent or received.
    pub(super) scope: Scope,
    /// The components that are supported, by scope.
    done: BTreeSet<(Scope, &'a str)>,
    /// The components that contain the current schema.
    outer: Vec<&'a str>,
}

impl<'a> Schemas<'a> {
    pub(super) fn of(document: &'a Value) -> Self {
        let mut by_type: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (name, _) in components(document).into_iter().flatten() {
            by_type.entry(pascal(name)).or_default().push(name);
        }
        Self {
            document,
            by_type,
            scope: Scope::Requests,
            done: BTreeSet::new(),
            outer: Vec::new(),
        }
    }

    /// Checks a schema and those that it contains.
    pub(super) fn check(&mut self, place: &str, schema: &'a Value) -> Result<(), Unsupported> {
        let fail = |part: &str, reason: &str| Err((format!("{place}{part}"), reason.to_owned()));
        if let Some(reference) = schema.get("$ref") {
            return match component_of(schema) {
                Some(name) if !name.contains('/') => self.check_component(place, name),
                _ => fail(
                    "/$ref",
                    &format!("{reference} is not a component; move the schema to `components`"),
                ),
            };
        }
        for key in ["oneOf", "anyOf"] {
            if schema.get(key).is_some() {
                let reason = format!(
                    "`{key}` is not supported: the first alternative that fits a value would be taken"
                );
                return fail(&format!("/{key}"), &reason);
            }
        }
        if schema.get("not").is_some() {
            return fail("/not", "`not` is not supported");
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            // In responses, enums become strings.
            let strings: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
            let others = values
                .iter()
                .filter(|value| !value.is_string() && !value.is_null());
            if others.count() > 0 || strings.is_empty() || !has_distinct_variants(&strings) {
                let reason = "the values of an enum are strings that differ in letters or digits";
                return fail("/enum", reason);
            }
        }
        let has_type = ["type", "properties", "allOf", "enum"]
            .iter()
            .any(|key| schema.get(key).is_some());
        if !has_type && (schema.get("items").is_some() || schema.get("format").is_some()) {
            return fail("", "`type` is missing");
        }
        for (key, inside) in parts(schema) {
            self.check(&format!("{place}/{key}"), inside)?;
        }
        self.check_fields(place, schema)
    }

    fn check_component(&mut self, place: &str, name: &'a str) -> Result<(), Unsupported> {
        let target = component_pointer(name);
        let fail = |place: &str, reason: String| Err((place.to_owned(), reason));
        if self.outer.contains(&name) {
            return fail(
                place,
                format!("`{name}` contains itself, which is not supported"),
            );
        }
        if self.done.contains(&(self.scope, name)) {
            return Ok(());
        }
        let is_plain =
            |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
        if !name.chars().all(is_plain) {
            let reason = "the name of a component contains letters, digits, `.`, `-` and `_` only";
            return fail(&target, reason.to_owned());
        }
        let of_type = pascal(name);
        if RESERVED_TYPES.contains(&of_type.as_str()) || of_type == METADATA_FILTER {
            return fail(
                &target,
                format!("the type name `{of_type}` is reserved; rename the component"),
            );
        }
        if let Some([one, other, ..]) = self.by_type.get(&of_type).map(Vec::as_slice) {
            let reason =
                format!("`{one}` and `{other}` have the type name `{of_type}`; rename one");
            return fail(&target, reason);
        }
        let Some(schema) = components(self.document).and_then(|schemas| schemas.get(name)) else {
            return fail(place, format!("component `{name}` not found"));
        };
        if schema["nullable"] == true {
            let reason = "a nullable component is not supported; use `nullable` with `allOf` where it is referred to";
            return fail(&format!("{target}/nullable"), reason.to_owned());
        }
        self.outer.push(name);
        let checked = self.check(&target, schema);
        self.outer.pop();
        checked?;
        self.done.insert((self.scope, name));
        Ok(())
    }

    /// Checks the fields of an object, including those of its parts.
    fn check_fields(&self, place: &str, schema: &'a Value) -> Result<(), Unsupported> {
        let parts = schema["allOf"].as_array();
        let mut properties: BTreeMap<&str, &Value> = BTreeMap::new();
        let mut required = BTreeSet::new();
        let is_object = self.collect(schema, &mut properties, &mut required, 0);
        if parts.is_some_and(|parts| parts.len() > 1) && !is_object {
            let reason = "the parts of `allOf` are not objects with distinct properties";
            return Err((format!("{place}/allOf"), reason.to_owned()));
        }
        let missing = required
            .iter()
            .find(|name| !properties.contains_key(**name));
        if let Some(name) = missing.filter(|_| self.scope == Scope::Requests) {
            let reason = format!("the required property `{name}` is not described");
            return Err((format!("{place}/required"), reason));
        }
        let mut fields: BTreeMap<String, &str> = BTreeMap::new();
        for name in properties.keys() {
            if let Some(other) = fields.insert(snake(name), name) {
                let place = format!("{place}/properties/{}", pointer_token(name));
                return Err((
                    place,
                    format!("`{name}` and `{other}` have the same Rust name"),
                ));
            }
        }
        if !properties.is_empty() && schema["additionalProperties"].is_object() {
            let reason =
                "an object with properties and a schema of additional ones is not supported";
            return Err((format!("{place}/additionalProperties"), reason.to_owned()));
        }
        Ok(())
    }

    /// Collects the properties of an object. Returns `false` if it is not an object, or a property has two descriptions.
    fn collect(
        &self,
        schema: &'a Value,
        properties: &mut BTreeMap<&'a str, &'a Value>,
        required: &mut BTreeSet<&'a str>,
        depth: usize,
    ) -> bool {
        let schema = resolve(self.document, schema);
        let own = schema["properties"].as_object();
        let parts = schema["allOf"].as_array();
        let names = schema["required"].as_array().into_iter().flatten();
        required.extend(names.filter_map(Value::as_str));
        let mut is_object = (own.is_some() || parts.is_some()) && depth < 16;
        for (name, property) in own.into_iter().flatten() {
            let other = properties.insert(name, property);
            is_object &= other.is_none_or(|other| other == property);
        }
        for part in parts.into_iter().flatten().filter(|_| depth < 16) {
            is_object &= self.collect(part, properties, required, depth + 1);
        }
        is_object
    }
}

/// Returns the schemas in a schema, with their relative places.
fn parts(schema: &Value) -> Vec<(String, &Value)> {
    let mut found = Vec::new();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        found.push((format!("properties/{}", pointer_token(name)), property));
    }
    for key in ["items", "additionalProperties"] {
        let inside = schema.get(key).filter(|inside| inside.is_object());
        found.extend(inside.map(|inside| (key.to_owned(), inside)));
    }
    for (index, part) in schema["allOf"].as_array().into_iter().flatten().enumerate() {
        found.push((format!("allOf/{index}"), part));
    }
    found
}
