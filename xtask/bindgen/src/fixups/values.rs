//! Fixups of value constraints.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Fixup, Need};
use crate::naming::pascal;
use crate::schema::{Scope, visit_all, visit_scope};

/// Removes defaults.
pub(super) const DROP_DEFAULTS: Fixup = Fixup {
    name: "drop-defaults",
    reason: "a default rejects null in responses, is applied by the service in requests, and fails the \
             generator if it has the wrong type",
    need: Need::OwnDocument,
    apply: |lowering| {
        let mut count = 0;
        visit_all(&mut lowering.document, &mut |schema| {
            count += remove(schema, &["default"]);
        });
        count
    },
};

/// Removes limits: all in responses, those of strings and lists in requests.
pub(super) const DROP_BOUNDS: Fixup = Fixup {
    name: "drop-bounds",
    reason: "responses beyond a limit must be readable; a limit on a string would add types and a regex \
             engine for what the service checks",
    need: Need::OwnDocument,
    apply: |lowering| {
        const TEXTS_AND_LISTS: [&str; 8] = [
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
        let mut count = 0;
        visit_all(&mut lowering.document, &mut |schema| {
            count += remove(schema, &TEXTS_AND_LISTS);
        });
        visit_scope(&mut lowering.document, Scope::Responses, &mut |schema| {
            count += remove(schema, &NUMBERS);
        });
        count
    },
};

/// Removes `not`.
pub(super) const DROP_EXCLUSIONS: Fixup = Fixup {
    name: "drop-exclusions",
    reason: "the generator panics for most uses of `not`, which the service checks",
    need: Need::OtherDocuments,
    apply: |lowering| {
        let mut count = 0;
        visit_all(&mut lowering.document, &mut |schema| {
            count += remove(schema, &["not"]);
        });
        count
    },
};

/// Removes formats without a dedicated type.
pub(super) const PLAIN_FORMATS: Fixup = Fixup {
    name: "plain-formats",
    reason: "for some formats the generator requires other crates, or a width that a response may exceed",
    need: Need::OwnDocument,
    apply: |lowering| {
        let mut count = 0;
        visit_all(&mut lowering.document, &mut |schema| {
            if let Some(format) = schema.get("format").and_then(Value::as_str)
                && !KEPT_FORMATS.contains(&format)
            {
                count += remove(schema, &["format"]);
            }
        });
        count
    },
};

/// Replaces enums with colliding or non-string values by plain values.
pub(super) const PLAIN_ENUMS: Fixup = Fixup {
    name: "plain-enums",
    reason: "the generator names a variant after the letters of its value, so that values that differ only in \
             case collide; it supports only enums of strings",
    need: Need::OtherDocuments,
    apply: |lowering| {
        let mut count = 0;
        visit_all(&mut lowering.document, &mut |schema| {
            if let Some(values) = schema.get("enum").and_then(Value::as_array)
                && !is_clear(values)
            {
                let are_texts = values
                    .iter()
                    .all(|value| value.is_string() || value.is_null());
                let is_nullable = values.iter().any(Value::is_null);
                count += remove(schema, &["enum"]);
                if are_texts && schema.get("type").is_none() {
                    schema["type"] = Value::from("string");
                }
                if is_nullable && schema.get("type").is_some() {
                    schema["nullable"] = Value::from(true);
                }
            }
        });
        count
    },
};

/// Returns `true` if the generator finds a name for each value.
fn is_clear(values: &[Value]) -> bool {
    let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
    let are_apart = |name: fn(&str) -> String| {
        let names: BTreeSet<String> = texts.iter().map(|text| name(text)).collect();
        names.len() == texts.len()
    };
    // The generator finally replaces every symbol by an X.
    let with_signs = |text: &str| {
        let is_sign = |character: char| character == '_' || !character.is_alphanumeric();
        pascal(&text.replace(is_sign, "X"))
    };
    let has_others = values
        .iter()
        .any(|value| !value.is_string() && !value.is_null());
    !texts.is_empty() && !has_others && (are_apart(pascal) || are_apart(with_signs))
}

/// The formats with a hand-written type, or that the generator maps correctly.
const KEPT_FORMATS: [&str; 4] = ["date-time", "password", "int64", "double"];

fn remove(schema: &mut Value, keys: &[&str]) -> usize {
    let Some(fields) = schema.as_object_mut() else {
        return 0;
    };
    keys.iter()
        .filter(|key| fields.remove(**key).is_some())
        .count()
}

#[cfg(test)]
mod tests;
