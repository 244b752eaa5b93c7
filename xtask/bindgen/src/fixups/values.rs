//! Fixups of value constraints.

use serde_json::Value;

use super::{Fixup, Need};
use crate::schema::{Scope, visit_all, visit_scope};

/// Removes defaults.
pub(super) const DROP_DEFAULTS: Fixup = Fixup {
    name: "drop-defaults",
    reason: "a default rejects null in responses, is applied by the service in requests, and fails the \
             generator if it has the wrong type",
    need: Need::OwnDocument,
    apply: |lowering| {
        let mut places = Vec::new();
        visit_all(&mut lowering.document, &mut |pointer, schema| {
            remove(pointer, schema, &["default"], &mut places);
        });
        places
    },
};

/// Removes limits: all in responses, those of strings, lists and objects in requests.
pub(super) const DROP_BOUNDS: Fixup = Fixup {
    name: "drop-bounds",
    reason: "responses beyond a limit must be readable; a limit on a string would add types and a regex \
             engine for what the service checks",
    need: Need::OwnDocument,
    apply: |lowering| {
        const STRINGS_LISTS_AND_OBJECTS: [&str; 8] = [
            "pattern",
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "uniqueItems",
            "minProperties",
            "maxProperties",
        ];
        const NUMBERS: [&str; 5] = [
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
        ];
        let mut places = Vec::new();
        visit_all(&mut lowering.document, &mut |pointer, schema| {
            remove(pointer, schema, &STRINGS_LISTS_AND_OBJECTS, &mut places);
            // Whether other properties are allowed.
            if schema["additionalProperties"].is_boolean() {
                remove(pointer, schema, &["additionalProperties"], &mut places);
            }
        });
        visit_scope(
            &mut lowering.document,
            Scope::Responses,
            &mut |pointer, schema| {
                remove(pointer, schema, &NUMBERS, &mut places);
                require_described(pointer, schema, &mut places);
            },
        );
        places
    },
};

/// Removes required properties that are not described, which would be fields of any type.
fn require_described(pointer: &str, schema: &mut Value, places: &mut Vec<String>) {
    let described = schema["properties"].clone();
    let required = schema.get_mut("required").and_then(Value::as_array_mut);
    let Some(required) = required else { return };
    let before = required.len();
    required.retain(|name| {
        name.as_str()
            .is_some_and(|name| described.get(name).is_some())
    });
    if required.len() < before {
        places.push(format!("{pointer}/required"));
    }
}

/// Removes formats without a dedicated type.
pub(super) const PLAIN_FORMATS: Fixup = Fixup {
    name: "plain-formats",
    reason: "for some formats the generator requires other crates, or a width that a response may exceed",
    need: Need::OwnDocument,
    apply: |lowering| {
        let mut places = Vec::new();
        visit_all(&mut lowering.document, &mut |pointer, schema| {
            if let Some(format) = schema.get("format").and_then(Value::as_str)
                && !KEPT_FORMATS.contains(&format)
            {
                remove(pointer, schema, &["format"], &mut places);
            }
        });
        places
    },
};

/// The formats with a hand-written type, or that the generator maps correctly.
const KEPT_FORMATS: [&str; 4] = ["date-time", "password", "int64", "double"];

fn remove(pointer: &str, schema: &mut Value, keys: &[&str], places: &mut Vec<String>) {
    let Some(fields) = schema.as_object_mut() else {
        return;
    };
    let removed = keys.iter().filter(|key| fields.remove(**key).is_some());
    places.extend(removed.map(|key| format!("{pointer}/{key}")));
}

#[cfg(test)]
mod tests;
