//! The fixup for composed objects.

use serde_json::{Map, Value};

use super::{Fixup, Need};
use crate::schema::{resolve, visit_all};

/// Merges the parts of `allOf` into one object.
pub(super) const MERGE_PARTS: Fixup = Fixup {
    name: "merge-parts",
    reason: "only plain objects can be wrapped to keep unknown fields",
    need: Need::ServiceDocument,
    apply: |lowering| {
        let whole = lowering.document.clone();
        let mut places = Vec::new();
        visit_all(&mut lowering.document, &mut |pointer, schema| {
            // A single reference adds a description or `nullable` to a component.
            let is_component =
                pointer.starts_with("/components/") && pointer.matches('/').count() == 3;
            let is_reference = schema["allOf"].as_array().is_some_and(|parts| {
                parts.len() == 1 && parts.iter().all(|part| part.get("$ref").is_some())
            });
            if schema.get("allOf").is_some() && (is_component || !is_reference) {
                *schema = Value::Object(merged(&whole, schema, 0));
                places.push(pointer.to_owned());
            }
        });
        places
    },
};

/// Returns the fields of a schema with those of its parts.
fn merged(whole: &Value, schema: &Value, depth: usize) -> Map<String, Value> {
    let mut merged = schema.as_object().cloned().unwrap_or_default();
    let parts = merged.remove("allOf");
    // A deeper composition contains itself, which is not supported.
    for part in parts
        .iter()
        .filter_map(Value::as_array)
        .flatten()
        .filter(|_| depth < 32)
    {
        for (key, value) in self::merged(whole, resolve(whole, part), depth + 1) {
            match (merged.get_mut(&key), value) {
                (Some(Value::Object(properties)), Value::Object(more)) => properties.extend(more),
                (Some(Value::Array(required)), Value::Array(more)) => required.extend(more),
                (Some(_), _) => {}
                (None, value) => {
                    merged.insert(key, value);
                }
            }
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fixups::testing::{lower, replying};

    #[test]
    fn merges_objects_but_keeps_a_reference_with_siblings() {
        let base = json!({ "$ref": "#/components/schemas/Base" });
        let object = |name: &str| json!({ "type": "object", "required": [name], "properties": { name: { "type": "string" } } });
        let schemas = json!({
            "Base": object("a"),
            "Middle": { "allOf": [base, object("b")], "description": "M" },
            "Alias": { "allOf": [base] },
            "Thing": { "properties": { "base": { "allOf": [base], "nullable": true } } },
        });
        let response = json!({ "allOf": [{ "$ref": "#/components/schemas/Middle" }, object("c")] });
        let outcome = lower(MERGE_PARTS, &replying(response, schemas));
        let places = ["/components/schemas/Alias", "/components/schemas/Middle"];
        assert_eq!(outcome.places[1..], places);
        let text = json!({ "type": "string" });
        let expected = json!({
            "type": "object",
            "description": "M",
            "required": ["b", "a", "c"],
            "properties": { "a": text, "b": text, "c": text },
        });
        assert_eq!(outcome.response()["properties"], expected["properties"]);
        assert_eq!(outcome.schema("Alias"), &object("a"));
        let nullable = &outcome.schema("Thing")["properties"]["base"];
        assert_eq!(nullable, &json!({ "allOf": [base], "nullable": true }));
    }
}
