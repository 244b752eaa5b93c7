//! Fixups of what values may be.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Fixup, Need};
use crate::naming::pascal;
use crate::schema::{Scope, visit_all, visit_scope};

/// Drops defaults.
pub(super) const DROP_DEFAULTS: Fixup = Fixup {
    name: "drop-defaults",
    reason: "in a response a default makes null a failure, in a request it is the service that applies it, and one of the \
             wrong type stops the generator",
    need: Need::OwnDocument,
    apply: |lowering| {
        let mut count = 0;
        visit_all(&mut lowering.document, &mut |schema| {
            count += remove(schema, &["default"]);
        });
        count
    },
};

/// Drops limits: all of those in responses, in requests those of texts and lists.
pub(super) const DROP_BOUNDS: Fixup = Fixup {
    name: "drop-bounds",
    reason: "a response beyond a limit is still a response; and a limit on a text would bring types and a regex engine of \
             its own for what the service checks anyway",
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

/// Drops what a value may not be.
pub(super) const DROP_EXCLUSIONS: Fixup = Fixup {
    name: "drop-exclusions",
    reason: "the generator panics over most schemas of what a value may not be, and the service knows itself what it refuses",
    need: Need::OtherDocuments,
    apply: |lowering| {
        let mut count = 0;
        visit_all(&mut lowering.document, &mut |schema| {
            count += remove(schema, &["not"]);
        });
        count
    },
};

/// Drops formats that are plain text or plain numbers to us.
pub(super) const PLAIN_FORMATS: Fixup = Fixup {
    name: "plain-formats",
    reason: "for some formats the generator wants crates of its own, or a width that a response may not fit",
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

/// Makes plain values of enums that the generator cannot tell apart, or that are not of texts.
pub(super) const PLAIN_ENUMS: Fixup = Fixup {
    name: "plain-enums",
    reason: "the generator names a value after its letters, so values that differ in case only are one to it; and it \
             has no enums of other things than texts",
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

/// Whether the generator finds a name for each value.
fn is_clear(values: &[Value]) -> bool {
    let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
    let are_apart = |name: fn(&str) -> String| {
        let names: BTreeSet<String> = texts.iter().map(|text| name(text)).collect();
        names.len() == texts.len()
    };
    // The generator tries with an X for every sign in the end.
    let with_signs = |text: &str| {
        let is_sign = |character: char| character == '_' || !character.is_alphanumeric();
        pascal(&text.replace(is_sign, "X"))
    };
    let has_others = values
        .iter()
        .any(|value| !value.is_string() && !value.is_null());
    !texts.is_empty() && !has_others && (are_apart(pascal) || are_apart(with_signs))
}

/// The formats that have a type of ours, or mean what the generator makes of them.
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
