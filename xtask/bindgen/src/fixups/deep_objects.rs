//! Fixups of deepObject parameters.

use serde_json::{Value, json};

use super::{Fixup, Need};
use crate::lowering::Lowering;
use crate::schema::{components_mut, operation_pointer, operations_mut, reference_to, resolve};

/// The component that the generator replaces by the hand-written filter.
pub const METADATA_FILTER: &str = "MetadataFilter";

/// Replaces a deepObject with known fields by a plain parameter for each field.
pub(super) const EXPAND_DEEP_OBJECTS: Fixup = Fixup {
    name: "expand-deep-objects",
    reason: "the generator does not support deepObject; parameters such as `filterBy[country][]` have the \
             same wire format",
    need: Need::OwnDocument,
    apply: |lowering| {
        let whole = lowering.document.clone();
        replace_parameters(lowering, |parameter| {
            let is_deep = parameter["style"] == "deepObject" && !is_metadata(&whole, parameter);
            is_deep.then(|| expanded(&whole, parameter)).flatten()
        })
    },
};

/// Replaces the map of metadata by a filter type.
pub(super) const REPLACE_DEEP_MAPS: Fixup = Fixup {
    name: "replace-deep-maps",
    reason: "the generator does not support deepObject; the hand-written filter serializes pairs such as \
             `metadata[key]=value`",
    need: Need::OwnDocument,
    apply: |lowering| {
        let whole = lowering.document.clone();
        let places = replace_parameters(lowering, |parameter| {
            let is_deep = parameter["style"] == "deepObject" && is_metadata(&whole, parameter);
            let mut replaced = parameter.clone();
            replaced["schema"] = reference_to(METADATA_FILTER);
            replaced["style"] = json!("form");
            is_deep.then_some(vec![replaced])
        });
        if !places.is_empty() {
            let filter = json!({ "type": "object" });
            components_mut(&mut lowering.document).insert(METADATA_FILTER.to_owned(), filter);
        }
        places
    },
};

/// Replaces the parameters for which `by` returns others, and returns their places.
fn replace_parameters(
    lowering: &mut Lowering,
    by: impl Fn(&Value) -> Option<Vec<Value>>,
) -> Vec<String> {
    let mut places = Vec::new();
    operations_mut(&mut lowering.document, |method, path, operation| {
        let place = operation_pointer(method, path);
        let Some(parameters) = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
        else {
            return;
        };
        let mut replaced = Vec::new();
        for (index, parameter) in std::mem::take(parameters).into_iter().enumerate() {
            if let Some(others) = by(&parameter) {
                places.push(format!("{place}/parameters/{index}"));
                replaced.extend(others);
            } else {
                replaced.push(parameter);
            }
        }
        *parameters = replaced;
    });
    places
}

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

#[cfg(test)]
mod tests;
