//! Fixups that make responses decode whatever the service comes to send.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Fixup, Need};
use crate::lowering::Lowering;
use crate::schema::{
    Scope, component_of, components, reached_from, resolve, subschemas, visit_all, visit_scope,
};

/// Makes text of every enum in a response.
pub(super) const OPEN_ENUMS: Fixup = Fixup {
    name: "open-enums",
    reason: "one value that is not on the list would cost the whole response",
    need: Need::OwnDocument,
    apply: open_enums,
};

fn open_enums(lowering: &mut Lowering) -> usize {
    // A component that is an enum stays as it is, for requests: responses get a copy in place of the reference.
    let whole = lowering.document.clone();
    let enums: BTreeSet<&str> = components(&whole)
        .into_iter()
        .flatten()
        .filter(|(_, schema)| resolve(&whole, schema).get("enum").is_some())
        // One that has itself inside would be copied without end.
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

/// Lets every object have more fields.
pub(super) const OPEN_OBJECTS: Fixup = Fixup {
    name: "open-objects",
    reason: "a field that the service adds would cost the whole response",
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

/// Lets a list or a map that a response need not have be null.
pub(super) const NULLABLE_COLLECTIONS: Fixup = Fixup {
    name: "nullable-collections",
    reason: "the generated field takes an absent list or map, yet null would cost the whole response",
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

/// The format that the fixup `small-texts` gives, for which there is a hand-written type.
pub const RESPONSE_STRING: &str = "response-text";

/// Marks the plain texts of responses. What holds such texts is a place: one more text in an object moves no count.
pub(super) const SHORT_STRINGS: Fixup = Fixup {
    name: "small-texts",
    reason: "a response is made of short texts, and an allocation for each is a fifth of the time that it takes to decode",
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
