//! Fixups that make responses decode values the service may add.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Fixup, Need};
use crate::lowering::Lowering;
use crate::schema::{
    Scope, component_of, components, pointer_token, resolve, subschemas, visit_all, visit_scope,
};

/// Replaces enums in responses by strings, and removes `null` from nullable enums.
pub(super) const OPEN_ENUMS: Fixup = Fixup {
    name: "open-enums",
    reason: "an unknown value would fail the whole response, and the generator does not support `null` as a value",
    need: Need::OwnDocument,
    apply: open_enums,
};

fn open_enums(lowering: &mut Lowering) -> Vec<String> {
    let mut places = Vec::new();
    visit_all(&mut lowering.document, &mut |pointer, schema| {
        if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut)
            && values.iter().any(Value::is_null)
        {
            values.retain(|value| !value.is_null());
            places.push(pointer.to_owned());
        }
    });
    // A component that is an enum is unchanged for requests: responses get a copy instead of the reference.
    let whole = lowering.document.clone();
    let enums: BTreeSet<&str> = components(&whole)
        .into_iter()
        .flatten()
        .filter(|(_, schema)| resolve(&whole, schema).get("enum").is_some())
        .map(|(name, _)| name.as_str())
        .collect();
    visit_scope(
        &mut lowering.document,
        Scope::Responses,
        &mut |_, schema| {
            if component_of(schema).is_some_and(|name| enums.contains(name)) {
                *schema = resolve(&whole, schema).clone();
            }
        },
    );
    visit_scope(
        &mut lowering.document,
        Scope::Responses,
        &mut |pointer, schema| {
            let Some(fields) = schema.as_object_mut() else {
                return;
            };
            if fields.remove("enum").is_some() {
                fields.entry("type").or_insert_with(|| json!("string"));
                places.push(format!("{pointer}/enum"));
            }
        },
    );
    places
}

/// Allows null for optional lists and maps in responses.
pub(super) const NULLABLE_COLLECTIONS: Fixup = Fixup {
    name: "nullable-collections",
    reason: "a generated field accepts an absent list or map, but null would fail the whole response",
    need: Need::OwnDocument,
    apply: |lowering| {
        let whole = lowering.document.clone();
        let mut places = Vec::new();
        visit_scope(
            &mut lowering.document,
            Scope::Responses,
            &mut |pointer, schema| {
                let required = schema["required"].as_array().cloned().unwrap_or_default();
                for (name, property) in schema
                    .get_mut("properties")
                    .and_then(Value::as_object_mut)
                    .into_iter()
                    .flatten()
                {
                    let is_required = required.iter().any(|one| one == name);
                    let is_map = property["type"] == "object"
                        && resolve(&whole, property).get("properties").is_none();
                    let is_collection = property["type"] == "array" || is_map;
                    if is_collection
                        && !is_required
                        && property.get("nullable") != Some(&Value::Bool(true))
                    {
                        property["nullable"] = json!(true);
                        places.push(format!("{pointer}/properties/{}", pointer_token(name)));
                    }
                }
            },
        );
        places
    },
};

/// The format that the fixup `short-strings` sets, which has a hand-written type.
pub const RESPONSE_STRING: &str = "response-text";

/// Marks the strings of responses. A schema with such strings counts as one place.
pub(super) const SHORT_STRINGS: Fixup = Fixup {
    name: "short-strings",
    reason: "most strings of a response are short, and allocating each would be a fifth of the decoding time",
    need: Need::OwnDocument,
    apply: |lowering| {
        let mut places = Vec::new();
        visit_scope(
            &mut lowering.document,
            Scope::Responses,
            &mut |pointer, schema| {
                if subschemas(schema).any(is_plain_text) {
                    places.push(pointer.to_owned());
                }
                if is_plain_text(schema)
                    && let Some(fields) = schema.as_object_mut()
                {
                    fields.insert("format".to_owned(), json!(RESPONSE_STRING));
                }
            },
        );
        places
    },
};

fn is_plain_text(schema: &Value) -> bool {
    let is_bare = ["format", "enum"]
        .iter()
        .all(|key| schema.get(key).is_none());
    schema["type"] == "string" && is_bare
}

#[cfg(test)]
mod tests;
