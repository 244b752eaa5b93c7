//! Fixups of deepObject parameters.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{Fixup, Need};
use crate::lowering::Lowering;
use crate::naming::{free_pascal, pascal};
use crate::schema::{
    component_of, components, components_mut, operations_mut, reference_to, resolve,
};

/// The component that stands for the hand-written filter; the generator is told to replace it.
pub const METADATA_FILTER: &str = "MetadataFilter";

/// The mark of a component that stands for a filter which is generated: the name on the wire of its parameter.
pub const PAIRS: &str = "x-pairs";

/// The one open map whose hand-written type there is.
const METADATA: &str = "metadata";

/// Turns a deepObject with known fields into one plain parameter for each.
pub(super) const EXPAND_DEEP_OBJECTS: Fixup = Fixup {
    name: "expand-deep-objects",
    reason: "the generator knows no deepObject; a parameter named `filterBy[country][]` goes over the wire the same",
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

/// The plain parameters for a deepObject whose fields are scalars and lists of scalars.
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

/// The fields of an object, those of the parts that it is made of included.
#[derive(Default)]
struct Fields<'a> {
    properties: Map<String, Value>,
    required: BTreeSet<&'a str>,
}

impl<'a> Fields<'a> {
    /// Nothing where it is more than fields, or mixes itself.
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

/// Gives open maps the type of a filter.
pub(super) const REPLACE_DEEP_MAPS: Fixup = Fixup {
    name: "replace-deep-maps",
    reason: "the generator knows no deepObject; a filter, for `metadata` the hand-written one, writes `metadata[key]=value` \
             pairs",
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

/// Whether an object has any keys, and scalars for values as far as is known.
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

/// Whether a schema stands for a filter of pairs.
pub(super) fn is_filter(whole: &Value, schema: &Value) -> bool {
    component_of(schema)
        .is_some_and(|name| name == METADATA_FILTER || !resolve(whole, schema)[PAIRS].is_null())
}

#[cfg(test)]
mod tests;
