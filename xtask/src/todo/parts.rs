//! The parts of a document that a change adds.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use xtask_bindgen::schema::operations;

use crate::facade::surface::Surface;

/// A change of the document.
pub(crate) struct Change {
    /// Whether it adds or removes a part.
    pub(crate) is_visible: bool,
    pub(super) added: Added,
}

/// The new parts.
#[derive(Default)]
pub(super) struct Added {
    pub(super) operations: Vec<Operation>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) fields: Vec<Field>,
    pub(super) values: Vec<EnumValue>,
}

pub(super) struct Operation {
    pub(super) id: String,
    pub(super) path: String,
}

/// A parameter of a new or an existing operation.
pub(super) struct Parameter {
    pub(super) operation: String,
    pub(super) name: String,
}

/// A property, as in the coverage map.
pub(super) struct Field {
    pub(super) schema: String,
    pub(super) name: String,
}

/// A value of an enum.
pub(super) struct EnumValue {
    pub(super) name: String,
    pub(super) value: String,
}

impl Change {
    pub(crate) fn between(old: &Value, new: &Value) -> Self {
        let (before, after) = (Surface::of(old), Surface::of(new));
        let mut added = Added::default();
        for (_, path, operation) in operations(new) {
            // The lint of the document requires an id.
            if let Some(id) = operation["operationId"].as_str()
                && !before.operations.contains_key(id)
            {
                added.operations.push(Operation {
                    id: id.to_owned(),
                    path: path.to_owned(),
                });
            }
        }
        for (operation, name) in new_pairs(&before.operations, &after.operations) {
            // The parameters of the path have no name in a request.
            let is_in_path = operations(new).any(|(_, path, of)| {
                of["operationId"] == *operation && path.contains(&format!("{{{name}}}"))
            });
            if !is_in_path {
                added.parameters.push(Parameter {
                    operation: operation.clone(),
                    name: name.clone(),
                });
            }
        }
        for (schema, name) in new_pairs(&before.fields, &after.fields) {
            added.fields.push(Field {
                schema: schema.clone(),
                name: name.clone(),
            });
        }
        for (name, value) in new_pairs(&before.enums, &after.enums) {
            added.values.push(EnumValue {
                name: name.clone(),
                value: value.clone(),
            });
        }
        Self {
            is_visible: before != after,
            added,
        }
    }
}

fn new_pairs<'a>(
    before: &'a BTreeMap<String, BTreeSet<String>>,
    after: &'a BTreeMap<String, BTreeSet<String>>,
) -> impl Iterator<Item = (&'a String, &'a String)> {
    let pairs = after
        .iter()
        .flat_map(|(whole, parts)| std::iter::repeat(whole).zip(parts));
    pairs.filter(|(whole, part)| {
        before
            .get(*whole)
            .is_none_or(|parts| !parts.contains(*part))
    })
}
