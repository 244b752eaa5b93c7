//! Fixups of deepObject parameters.

use serde_json::{Value, json};

use super::{Fixup, Need};
use crate::deep_object::{METADATA_FILTER, expanded, is_metadata};
use crate::lowering::Lowering;
use crate::schema::{components_mut, operation_pointer, operations_mut, reference_to};

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

#[cfg(test)]
mod tests;
