//! Fixups that give each type a distinct name: the generator silently uses the first of two types with the same
//! name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{Fixup, Need};
use crate::lowering::Lowering;
use crate::naming::{free_pascal, pascal, snake};
use crate::schema::{
    component_of, components, components_mut, pointer_token, reference_to, roots_mut,
    subschemas_mut, visit_all,
};

/// Creates components for the targets of references outside of components.
pub(super) const NAME_REFERENCES: Fixup = Fixup {
    name: "name-references",
    reason: "the generator resolves only references to component schemas",
    need: Need::OtherDocuments,
    apply: name_references,
};

fn name_references(lowering: &mut Lowering) -> usize {
    let whole = lowering.document.clone();
    let mut taken = component_names(&whole);
    let mut made: BTreeMap<String, String> = BTreeMap::new();
    let mut count = 0;
    visit_everywhere(&mut lowering.document, &mut |schema| {
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else {
            return;
        };
        let is_component = component_of(schema).is_some_and(|name| !name.contains('/'));
        if is_component || !reference.starts_with("#/") {
            return;
        }
        let name = made
            .entry(reference.to_owned())
            .or_insert_with(|| free_pascal(&words_of(reference), &mut taken));
        *schema = reference_to(name);
        count += 1;
    });
    // A new component may contain such references too.
    let mut added = Map::new();
    for (reference, name) in &made {
        let mut schema = whole
            .pointer(&reference[1..])
            .cloned()
            .unwrap_or(Value::Bool(true));
        crate::schema::visit(&mut schema, &mut |schema| {
            let known = schema.get("$ref").and_then(Value::as_str);
            if let Some(name) = known.and_then(|known| made.get(known)) {
                *schema = reference_to(name);
            }
        });
        added.insert(name.clone(), schema);
    }
    if !added.is_empty() {
        components_mut(&mut lowering.document).extend(added);
    }
    count
}

/// Returns the last meaningful segments of a reference.
fn words_of(reference: &str) -> String {
    let words: Vec<&str> = reference
        .split('/')
        .filter(|word| {
            ![
                "#",
                "components",
                "schemas",
                "properties",
                "schema",
                "content",
                "paths",
            ]
            .contains(word)
        })
        .collect();
    words[words.len().saturating_sub(3)..].join("-")
}

/// Visits every schema, including those of parts that are not inlined yet.
fn visit_everywhere(document: &mut Value, each: &mut dyn FnMut(&mut Value)) {
    visit_all(document, each);
    for part in ["parameters", "requestBodies", "responses"] {
        let parts = document
            .get_mut("components")
            .and_then(|components| components.get_mut(part))
            .and_then(Value::as_object_mut);
        for (_, part) in parts.into_iter().flatten() {
            if let Some(schema) = part.get_mut("schema") {
                crate::schema::visit(schema, each);
            }
            let contents = part.get_mut("content").and_then(Value::as_object_mut);
            for (_, media) in contents.into_iter().flatten() {
                if let Some(schema) = media.get_mut("schema") {
                    crate::schema::visit(schema, each);
                }
            }
        }
    }
}

/// Renames components whose Rust names collide or are reserved.
pub(super) const DISTINCT_COMPONENTS: Fixup = Fixup {
    name: "distinct-components",
    reason: "component schemas whose names differ only in case or symbols have the same type name",
    need: Need::OtherDocuments,
    apply: distinct_components,
};

fn distinct_components(lowering: &mut Lowering) -> usize {
    let mut names: Vec<String> = components(&lowering.document)
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    // The component with the same spelling keeps the name.
    names.sort_by_key(|name| (*name != pascal(name), name.clone()));
    let mut taken: BTreeSet<String> = BTreeSet::from([super::METADATA_FILTER.to_owned()]);
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    for name in names {
        let is_plain = name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "._-".contains(character));
        if !taken.insert(pascal(&name)) {
            let free = free_pascal(&name, &mut taken);
            renamed.insert(name, free);
        } else if !is_plain {
            let free = pascal(&name);
            renamed.insert(name, free);
        }
    }
    if renamed.is_empty() {
        return 0;
    }
    let schemas = components_mut(&mut lowering.document);
    *schemas = std::mem::take(schemas)
        .into_iter()
        .map(|(name, schema)| (renamed.get(&name).cloned().unwrap_or(name), schema))
        .collect();
    let by_token: BTreeMap<String, &String> = renamed
        .iter()
        .map(|(from, to)| (pointer_token(from).into_owned(), to))
        .collect();
    visit_all(&mut lowering.document, &mut |schema| {
        if let Some(to) = component_of(schema).and_then(|name| by_token.get(name)) {
            *schema = reference_to(to);
        }
    });
    renamed.len()
}

/// Moves `nullable` of a component to its uses.
pub(super) const MOVE_NULLS: Fixup = Fixup {
    name: "move-nulls",
    reason: "the generator creates two types for a nullable component, the outer one without fields",
    need: Need::OtherDocuments,
    apply: move_nulls,
};

fn move_nulls(lowering: &mut Lowering) -> usize {
    let mut nullable = BTreeSet::new();
    let schemas = lowering
        .document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        if schema["nullable"] == true
            && let Some(fields) = schema.as_object_mut()
        {
            fields.remove("nullable");
            nullable.insert(name.clone());
        }
    }
    visit_all(&mut lowering.document, &mut |schema| {
        // A part of a composition is unchanged: the composition determines whether it is nullable.
        for (key, inside) in subschemas_mut(schema) {
            let is_part = ["allOf", "anyOf", "oneOf", "not"]
                .iter()
                .any(|kind| key.starts_with(kind));
            if !is_part && component_of(inside).is_some_and(|name| nullable.contains(name)) {
                *inside = or_null(inside.take());
            }
        }
    });
    for (_, _, schema) in roots_mut(&mut lowering.document) {
        if component_of(schema).is_some_and(|name| nullable.contains(name)) {
            *schema = or_null(schema.take());
        }
    }
    nullable.len()
}

/// Returns a nullable reference.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the reference becomes part of the result"
)]
pub(super) fn or_null(reference: Value) -> Value {
    json!({ "allOf": [reference], "nullable": true })
}

/// Names inline schemas whose generated name would collide with another type.
pub(super) const NAME_TYPES: Fixup = Fixup {
    name: "name-types",
    reason: "the generator derives names for inline types, and silently uses an existing type of that name",
    need: Need::OtherDocuments,
    apply: name_types,
};

fn name_types(lowering: &mut Lowering) -> usize {
    let mut taken = component_names(&lowering.document);
    let mut made = Map::new();
    // Direct parts of operations come first: their generated names are predictable.
    for (id, part, schema) in roots_mut(&mut lowering.document) {
        let name = pascal(&format!("{id}-{part}"));
        if makes_type(schema) && !taken.insert(name.clone()) {
            name_type(schema, &name, &mut taken, &mut made);
        }
    }
    for (id, part, schema) in roots_mut(&mut lowering.document) {
        name_inside(schema, &format!("{id}-{part}"), &mut taken, &mut made);
    }
    let schemas = lowering
        .document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        name_inside(schema, name, &mut taken, &mut made);
    }
    let count = made.len();
    if count > 0 {
        components_mut(&mut lowering.document).extend(made);
    }
    count
}

/// Names the schemas inside a schema, the innermost first.
fn name_inside(
    schema: &mut Value,
    base: &str,
    taken: &mut BTreeSet<String>,
    made: &mut Map<String, Value>,
) {
    for (key, inside) in subschemas_mut(schema) {
        let (kind, name) = key.split_once('/').unwrap_or((&key, ""));
        let (base, is_part) = match kind {
            "properties" => (format!("{base}_{}", snake(name)), false),
            "items" => (format!("{base}-item"), false),
            "additionalProperties" => (format!("{base}-value"), false),
            // The generator composes these, or derives their names from their content.
            _ => (format!("{base}-{kind}-{name}"), true),
        };
        name_inside(inside, &base, taken, made);
        if makes_type(inside) && !is_part {
            name_type(inside, &pascal(&base), taken, made);
        }
    }
}

fn name_type(
    schema: &mut Value,
    name: &str,
    taken: &mut BTreeSet<String>,
    made: &mut Map<String, Value>,
) {
    let free = free_pascal(name, taken);
    let named = name_in_place(schema, &free);
    made.insert(free, named);
}

/// Replaces a schema by a reference and returns the schema; `nullable` remains.
pub(super) fn name_in_place(schema: &mut Value, name: &str) -> Value {
    let mut named = std::mem::replace(schema, reference_to(name));
    let nullable = named
        .as_object_mut()
        .and_then(|named| named.remove("nullable"));
    if nullable == Some(Value::Bool(true)) {
        *schema = or_null(schema.take());
    }
    named
}

/// Returns `true` if the generator defines a type for a schema.
fn makes_type(schema: &Value) -> bool {
    if schema.get("$ref").is_some() || schema.get("x-rust-type").is_some() {
        return false;
    }
    let has = |key: &str| schema.get(key).is_some();
    let has_fields = schema["properties"]
        .as_object()
        .is_some_and(|properties| !properties.is_empty());
    let is_closed = schema["additionalProperties"] == false;
    let is_mixed = ["anyOf", "oneOf", "not"].into_iter().any(has)
        || schema["allOf"].as_array().is_some_and(|parts| {
            parts.len() > 1 || !parts.iter().all(|part| component_of(part).is_some())
        });
    has_fields || is_closed || is_mixed || has("enum") || has("required")
}

fn component_names(document: &Value) -> BTreeSet<String> {
    components(document)
        .into_iter()
        .flatten()
        .map(|(name, _)| pascal(name))
        .collect()
}

#[cfg(test)]
mod tests;
