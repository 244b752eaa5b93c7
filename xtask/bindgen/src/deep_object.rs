//! What a deepObject parameter is generated as.

use serde_json::{Value, json};

use crate::schema::resolve;

/// The component that the generator replaces by the hand-written filter.
pub(crate) const METADATA_FILTER: &str = "MetadataFilter";

/// Returns the plain parameters of a deepObject with scalars and lists of scalars, or `None` for another one.
pub(crate) fn expanded(whole: &Value, parameter: &Value) -> Option<Vec<Value>> {
    let name = parameter["name"].as_str()?;
    let schema = resolve(whole, &parameter["schema"]);
    let is_plain = ["allOf", "anyOf", "oneOf"]
        .iter()
        .all(|key| schema.get(key).is_none());
    let properties = schema["properties"].as_object().filter(|_| is_plain)?;
    let required = schema["required"].as_array();
    properties
        .iter()
        .map(|(key, property)| {
            let meant = resolve(whole, property);
            let is_list = meant["type"] == "array";
            let scalar = if is_list {
                resolve(whole, &meant["items"])
            } else {
                meant
            };
            let is_required =
                required.is_some_and(|required| required.iter().any(|one| one == key));
            is_scalar(scalar).then(|| {
                json!({
                    "name": format!("{name}[{key}]{}", if is_list { "[]" } else { "" }),
                    "in": "query",
                    "required": parameter["required"] == true && is_required,
                    "deprecated": parameter["deprecated"] == true || meant["deprecated"] == true,
                    "description": meant.get("description").cloned().unwrap_or_else(|| json!("")),
                    "schema": if is_list { meant } else { property },
                })
            })
        })
        .collect()
}

/// Returns `true` for a scalar or an enum.
pub(crate) fn is_scalar(schema: &Value) -> bool {
    matches!(
        schema["type"].as_str(),
        Some("string" | "integer" | "number" | "boolean")
    )
}

/// Returns `true` for the parameter `metadata`, an object with arbitrary keys and, as far as described, scalar values.
pub(crate) fn is_metadata(whole: &Value, parameter: &Value) -> bool {
    let schema = resolve(whole, &parameter["schema"]);
    let is_mixed = ["properties", "allOf", "anyOf", "oneOf"]
        .iter()
        .any(|key| schema.get(key).is_some());
    let values = match schema.get("additionalProperties") {
        None | Some(Value::Bool(true)) => true,
        Some(Value::Object(values)) if values.is_empty() => true,
        Some(values) => is_scalar(resolve(whole, values)),
    };
    parameter["name"] == "metadata" && schema["type"] == "object" && !is_mixed && values
}
