//! Fixups of what values may be.

use serde_json::Value;

use super::Fixup;
use crate::schema::{Scope, visit_all, visit_scope};

/// Drops defaults.
pub(super) const DROP_DEFAULTS: Fixup = Fixup {
    name: "drop-defaults",
    reason: "in a reply a default makes null a failure, in a request it is the service that applies it, and one of the \
             wrong type stops the generator",
    apply: |lowering| {
        let mut count = 0;
        visit_all(&mut lowering.document, &mut |schema| {
            count += remove(schema, &["default"]);
        });
        count
    },
};

/// Drops limits: all of those in replies, in requests those of texts and lists.
pub(super) const DROP_BOUNDS: Fixup = Fixup {
    name: "drop-bounds",
    reason: "a reply beyond a limit is still a reply; and a limit on a text would bring types and a regex engine of \
             its own for what the service checks anyway",
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
        visit_scope(&mut lowering.document, Scope::Replies, &mut |schema| {
            count += remove(schema, &NUMBERS);
        });
        count
    },
};

/// Drops formats that are plain text or plain numbers to us.
pub(super) const PLAIN_FORMATS: Fixup = Fixup {
    name: "plain-formats",
    reason: "for some formats the generator wants crates of its own, or a width that a reply may not fit",
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
