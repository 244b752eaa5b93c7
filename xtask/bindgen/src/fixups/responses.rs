//! Fixups that make responses decode values the service may add.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Fixup, Need};
use crate::lowering::Lowering;
use crate::schema::{
    Scope, component_of, components, reached_from, resolve, subschemas, visit_all, visit_scope,
};

/// Replaces enums in responses by strings.
pub(super) const OPEN_ENUMS: Fixup = Fixup {
    name: "open-enums",
    reason: "an unknown value would fail the whole response",
    need: Need::OwnDocument,
    apply: open_enums,
};

fn open_enums(lowering: &mut Lowering) -> usize {
    // A component that is an enum is unchanged for requests: responses get a copy instead of the reference.
    let whole = lowering.document.clone();
    let enums: BTreeSet<&str> = components(&whole)
        .into_iter()
        .flatten()
        .filter(|(_, schema)| resolve(&whole, schema).get("enum").is_some())
        // A recursive schema cannot be copied.
        .filter(|(name, schema)| !reached_from(&whole, vec![*schema]).contains(*name))
        .map(|(name, _)| name.as_str())
        .collect();
    visit_scope(&mut lowering.document, Scope::Responses, &mut |schema| {
        if component_of(schema).is_some_and(|name| enums.contains(name)) {
            *schema = resolve(&whole, schema).clone();
        }
    });
    let mut count = 0;
    visit_scope(&mut lowering.document, Scope::Responses, &mut |schema| {
        if let Some(fields) = schema.as_object_mut()
            && fields.remove("enum").is_some()
        {
            fields.entry("type").or_insert_with(|| json!("string"));
            count += 1;
        }
    });
    count
}

/// Allows additional fields in every object.
pub(super) const OPEN_OBJECTS: Fixup = Fixup {
    name: "open-objects",
    reason: "an added field would fail the whole response",
    need: Need::OtherDocuments,
    apply: |lowering| {
        let mut count = 0;
        visit_all(&mut lowering.document, &mut |schema| {
            let Some(fields) = schema.as_object_mut() else {
                return;
            };
            let is_switch = fields
                .get("additionalProperties")
                .is_some_and(Value::is_boolean);
            if is_switch && fields.remove("additionalProperties") == Some(Value::Bool(false)) {
                count += 1;
            }
        });
        count
    },
};

/// Allows null for optional lists and maps in responses.
pub(super) const NULLABLE_COLLECTIONS: Fixup = Fixup {
    name: "nullable-collections",
    reason: "a generated field accepts an absent list or map, but null would fail the whole response",
    need: Need::OwnDocument,
    apply: |lowering| {
        let whole = lowering.document.clone();
        let mut count = 0;
        visit_scope(&mut lowering.document, Scope::Responses, &mut |schema| {
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
                    count += 1;
                }
            }
        });
        count
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
        let mut count = 0;
        visit_scope(&mut lowering.document, Scope::Responses, &mut |schema| {
            count += usize::from(subschemas(schema).any(is_plain_text));
            if is_plain_text(schema)
                && let Some(fields) = schema.as_object_mut()
            {
                fields.insert("format".to_owned(), json!(RESPONSE_STRING));
            }
        });
        count
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
