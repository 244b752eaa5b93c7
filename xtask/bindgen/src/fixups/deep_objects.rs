//! Fixups of deepObject parameters.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{Fixup, Need};
use crate::lowering::Lowering;
use crate::naming::{free_pascal, pascal};
use crate::schema::{
    component_of, components, components_mut, operations_mut, reference_to, resolve,
};

/// The component that the generator replaces by the hand-written filter.
pub const METADATA_FILTER: &str = "MetadataFilter";

/// The marker of a component that is replaced by a generated filter: the wire name of its parameter.
pub const PAIRS: &str = "x-pairs";

/// The open map with a hand-written type.
const METADATA: &str = "metadata";

/// Replaces a deepObject with known fields by a plain parameter for each field.
pub(super) const EXPAND_DEEP_OBJECTS: Fixup = Fixup {
    name: "expand-deep-objects",
    reason: "the generator does not support deepObject; parameters such as `filterBy[country][]` have the \
             same wire format",
    need: Need::OwnDocument,
    apply: expand_deep_objects,
};

fn expand_deep_objects(lowering: &mut Lowering) -> usize {
    let whole = lowering.document.clone();
    let mut count = 0;
    operations_mut(&mut lowering.document, |_, _, operation| {
        let Some(parameters) = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
        else {
            return;
        };
        let expanded = parameters
            .iter()
            .flat_map(|parameter| {
                expanded(&whole, parameter)
                    .inspect(|_| count += 1)
                    .unwrap_or_else(|| vec![parameter.clone()])
            })
            .collect();
        *parameters = expanded;
    });
    count
}

/// Returns the plain parameters of a deepObject with scalars and lists of scalars.
fn expanded(whole: &Value, parameter: &Value) -> Option<Vec<Value>> {
    if parameter["style"] != "deepObject" {
        return None;
    }
    let name = parameter["name"].as_str()?;
    let mut fields = Fields::default();
    fields.add(whole, &parameter["schema"], 0)?;
    if fields.properties.is_empty() {
        return None;
    }
    let required = |key: &str| parameter["required"] == true && fields.required.contains(key);
    fields
        .properties
        .iter()
        .map(|(key, property)| {
            let meant = resolve(whole, property);
            let is_list = meant["type"] == "array";
            let scalar = if is_list {
                resolve(whole, &meant["items"])
            } else {
                meant
            };
            is_scalar(scalar).then(|| {
                json!({
                    "name": format!("{name}[{key}]{}", if is_list { "[]" } else { "" }),
                    "in": "query",
                    "required": required(key),
                    "description": meant.get("description").cloned().unwrap_or_else(|| json!("")),
                    "schema": if is_list { meant } else { property },
                })
            })
        })
        .collect()
}

/// Returns the fields of an object, including those of its compositions.
#[derive(Default)]
struct Fields<'a> {
    properties: Map<String, Value>,
    required: BTreeSet<&'a str>,
}

impl<'a> Fields<'a> {
    /// Returns `None` if it contains more than fields or is recursive.
    fn add(&mut self, whole: &'a Value, schema: &'a Value, depth: usize) -> Option<()> {
        let schema = resolve(whole, schema);
        if depth > 16 || schema.get("oneOf").is_some() || schema.get("anyOf").is_some() {
            return None;
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.add(whole, part, depth + 1)?;
        }
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            self.properties.insert(key.clone(), property.clone());
        }
        let required = schema["required"].as_array().into_iter().flatten();
        self.required.extend(required.filter_map(Value::as_str));
        Some(())
    }
}

fn is_scalar(schema: &Value) -> bool {
    matches!(
        schema["type"].as_str(),
        Some("string" | "integer" | "number" | "boolean")
    )
}

/// Replaces open maps by filter types.
pub(super) const REPLACE_DEEP_MAPS: Fixup = Fixup {
    name: "replace-deep-maps",
    reason: "the generator does not support deepObject; a filter type, hand-written for `metadata`, \
             serializes pairs such as `metadata[key]=value`",
    need: Need::OwnDocument,
    apply: replace_deep_maps,
};

fn replace_deep_maps(lowering: &mut Lowering) -> usize {
    let whole = lowering.document.clone();
    let mut taken: BTreeSet<String> = components(&whole)
        .into_iter()
        .flatten()
        .map(|(name, _)| pascal(name))
        .collect();
    taken.insert(METADATA_FILTER.to_owned());
    let mut filters: BTreeMap<String, String> = BTreeMap::new();
    let mut count = 0;
    operations_mut(&mut lowering.document, |_, _, operation| {
        for parameter in operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            let is_open = is_open_map(&whole, resolve(&whole, &parameter["schema"]));
            let Some(name) = parameter["name"].as_str().map(str::to_owned) else {
                continue;
            };
            if parameter["style"] != "deepObject" || !is_open {
                continue;
            }
            let filter = filters.entry(name.clone()).or_insert_with(|| {
                if name == METADATA {
                    METADATA_FILTER.to_owned()
                } else {
                    free_pascal(&format!("{name}-filter"), &mut taken)
                }
            });
            parameter["schema"] = reference_to(filter);
            parameter["style"] = json!("form");
            count += 1;
        }
    });
    for (name, filter) in filters {
        let mut schema = json!({ "type": "object" });
        if name != METADATA {
            schema[PAIRS] = json!(name);
        }
        components_mut(&mut lowering.document).insert(filter, schema);
    }
    count
}

/// Returns `true` if an object has arbitrary keys and, as far as described, scalar values.
fn is_open_map(whole: &Value, schema: &Value) -> bool {
    let is_mixed = ["properties", "allOf", "anyOf", "oneOf"]
        .iter()
        .any(|key| schema.get(key).is_some());
    let values = match schema.get("additionalProperties") {
        None | Some(Value::Bool(true)) => true,
        Some(Value::Object(values)) if values.is_empty() => true,
        Some(values) => is_scalar(resolve(whole, values)),
    };
    schema["type"] == "object" && !is_mixed && values
}

/// Returns `true` if a schema is replaced by a filter of pairs.
pub(super) fn is_filter(whole: &Value, schema: &Value) -> bool {
    component_of(schema)
        .is_some_and(|name| name == METADATA_FILTER || !resolve(whole, schema)[PAIRS].is_null())
}

#[cfg(test)]
mod tests;
