//! Fixups that wrap every object of a response in the hand-written type that keeps unknown fields.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::types::name_in_place;
use super::{Fixup, Need};
use crate::lowering::Lowering;
use crate::naming::{free_pascal, pascal};
use crate::schema::{
    Scope, component_of, components, components_mut, held, operations_mut, reached, reference_to,
    visit, visit_scope,
};

/// Names inline objects of responses.
pub(super) const HOIST_OBJECTS: Fixup = Fixup {
    name: "hoist-objects",
    reason: "only named objects can be wrapped to keep unknown fields",
    need: Need::OtherDocuments,
    apply: hoist_objects,
};

fn hoist_objects(lowering: &mut Lowering) -> usize {
    let mut taken: BTreeSet<String> = components(&lowering.document)
        .into_iter()
        .flatten()
        .map(|(name, _)| pascal(name))
        .collect();
    let mut made = Map::new();
    operations_mut(&mut lowering.document, |method, path, operation| {
        let id = operation["operationId"]
            .as_str()
            .map_or_else(|| format!("{method} {path}"), str::to_owned);
        for (_, response) in operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
            .into_iter()
            .flatten()
        {
            for (_, media) in response
                .get_mut("content")
                .and_then(Value::as_object_mut)
                .into_iter()
                .flatten()
            {
                if let Some(schema) = media.get_mut("schema") {
                    hoist(
                        schema,
                        &format!("{id}-response"),
                        &mut taken,
                        &mut made,
                        true,
                    );
                }
            }
        }
    });
    let names = reached(&lowering.document, Scope::Responses);
    for (name, schema) in lowering
        .document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
    {
        if names.contains(name) {
            hoist(schema, name, &mut taken, &mut made, false);
        }
    }
    let count = made.len();
    if count > 0 {
        components_mut(&mut lowering.document).extend(made);
    }
    count
}

/// Inner objects are hoisted first, so that outer ones refer to them.
fn hoist(
    schema: &mut Value,
    name: &str,
    taken: &mut BTreeSet<String>,
    made: &mut Map<String, Value>,
    whole: bool,
) {
    for (key, property) in schema
        .get_mut("properties")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
    {
        hoist(property, &format!("{name}-{key}"), taken, made, true);
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inside) = schema.get_mut(key).filter(|inside| inside.is_object()) {
            hoist(inside, &format!("{name}-item"), taken, made, true);
        }
    }
    if whole && is_struct(schema) {
        let free = free_pascal(name, taken);
        let named = name_in_place(schema, &free);
        made.insert(free, named);
    }
}

/// Returns `true` for an object with fields and no composition.
fn is_struct(schema: &Value) -> bool {
    let has_fields = schema["properties"]
        .as_object()
        .is_some_and(|properties| !properties.is_empty());
    let is_mixed = [
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "additionalProperties",
        "x-rust-type",
    ]
    .iter()
    .any(|key| schema.get(key).is_some());
    let is_object = schema.get("type").is_none_or(|named| named == "object");
    is_object && has_fields && !is_mixed
}

/// Boxes the fields by which an object contains itself.
pub(super) const BOX_RECURSIONS: Fixup = Fixup {
    name: "box-recursions",
    reason: "the wrapper hides recursion from the generator, which requires a box",
    need: Need::OtherDocuments,
    apply: box_recursions,
};

fn box_recursions(lowering: &mut Lowering) -> usize {
    let whole = lowering.document.clone();
    let structs = structs(&whole);
    let names = reached(&whole, Scope::Responses);
    let mut count = 0;
    for (holder, schema) in lowering
        .document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
        .filter(|(name, _)| names.contains(*name))
    {
        visit(schema, &mut |schema| {
            for (_, property) in schema
                .get_mut("properties")
                .and_then(Value::as_object_mut)
                .into_iter()
                .flatten()
            {
                let Some(slot) = use_in(property) else {
                    continue;
                };
                let name = component_of(slot).filter(|name| structs.contains(*name));
                let Some(name) = name else { continue };
                if held(&whole, slot).contains(holder) {
                    *slot = native("std", "std::boxed::Box", &wrapped(name));
                    count += 1;
                }
            }
        });
    }
    count
}

/// Wraps every use of an object in a response.
pub(super) const KEEP_UNKNOWN_FIELDS: Fixup = Fixup {
    name: "keep-unknown-fields",
    reason: "fields that the service adds must be kept, and `[]` must be read as an empty object",
    need: Need::OwnDocument,
    apply: keep_unknown_fields,
};

fn keep_unknown_fields(lowering: &mut Lowering) -> usize {
    let structs = structs(&lowering.document);
    let mut count = 0;
    let mut wrap = |slot: &mut Value| {
        if let Some(slot) = use_in(slot)
            && let Some(name) = component_of(slot)
            && structs.contains(name)
        {
            *slot = wrapped(name);
            count += 1;
        }
    };
    visit_scope(&mut lowering.document, Scope::Responses, &mut |schema| {
        for (_, property) in schema
            .get_mut("properties")
            .and_then(Value::as_object_mut)
            .into_iter()
            .flatten()
        {
            wrap(property);
        }
        for key in ["items", "additionalProperties"] {
            if let Some(inside) = schema.get_mut(key) {
                wrap(inside);
            }
        }
    });
    operations_mut(&mut lowering.document, |_, _, operation| {
        for (_, response) in operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
            .into_iter()
            .flatten()
        {
            for (_, media) in response
                .get_mut("content")
                .and_then(Value::as_object_mut)
                .into_iter()
                .flatten()
            {
                if let Some(schema) = media.get_mut("schema") {
                    wrap(schema);
                }
            }
        }
    });
    count
}

/// Returns the reference of a schema, including a nullable one, which is a composition with one part.
fn use_in(schema: &mut Value) -> Option<&mut Value> {
    if schema.get("allOf").is_none() {
        return Some(schema);
    }
    match schema["allOf"].as_array_mut()?.as_mut_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// Returns the components to wrap.
fn structs(document: &Value) -> BTreeSet<String> {
    components(document)
        .into_iter()
        .flatten()
        .filter(|(_, schema)| is_struct(schema))
        .map(|(name, _)| name.clone())
        .collect()
}

/// Returns the wrapper, in the notation of the generator.
fn wrapped(component: &str) -> Value {
    native(
        "apivideo-core",
        "apivideo_core::wire::Object",
        &reference_to(component),
    )
}

/// Returns a schema that the generator replaces by a Rust type.
fn native(from: &str, path: &str, parameter: &Value) -> Value {
    json!({
        "type": "object",
        "x-rust-type": { "crate": from, "version": "*", "path": path, "parameters": [parameter] },
    })
}

#[cfg(test)]
mod tests;
