//! Fixups of parameters.

use serde_json::{Value, json};

use super::Fixup;
use crate::lowering::Lowering;
use crate::schema::{components_mut, operations_mut, reference_to, resolve};

/// The component that stands for the hand-written filter; the generator is told to replace it.
pub const METADATA_FILTER: &str = "MetadataFilter";

/// The one open map whose hand-written type there is.
const METADATA: &str = "metadata";

/// Turns a deepObject with known fields into one plain parameter for each.
pub(super) const EXPAND_DEEP_OBJECTS: Fixup = Fixup {
    name: "expand-deep-objects",
    reason: "the generator knows no deepObject; a parameter named `filterBy[country][]` goes over the wire the same",
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
    let schema = resolve(whole, &parameter["schema"]);
    let properties = schema["properties"]
        .as_object()
        .filter(|properties| !properties.is_empty())?;
    let required = |key: &str| {
        parameter["required"] == true
            && schema["required"]
                .as_array()
                .is_some_and(|names| names.iter().any(|name| name == key))
    };
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
            let is_scalar = matches!(
                scalar["type"].as_str(),
                Some("string" | "integer" | "number" | "boolean")
            );
            is_scalar.then(|| {
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

/// Gives the open map `metadata` its hand-written type.
pub(super) const REPLACE_DEEP_MAPS: Fixup = Fixup {
    name: "replace-deep-maps",
    reason: "the generator knows no deepObject; the hand-written filter writes `metadata[key]=value` pairs",
    apply: replace_deep_maps,
};

fn replace_deep_maps(lowering: &mut Lowering) -> usize {
    let whole = lowering.document.clone();
    let mut count = 0;
    operations_mut(&mut lowering.document, |_, _, operation| {
        for parameter in operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            let schema = resolve(&whole, &parameter["schema"]);
            let is_open = schema["type"] == "object" && schema.get("properties").is_none();
            if parameter["style"] == "deepObject" && parameter["name"] == METADATA && is_open {
                parameter["schema"] = reference_to(METADATA_FILTER);
                parameter["style"] = json!("form");
                count += 1;
            }
        }
    });
    if count > 0 {
        components_mut(&mut lowering.document)
            .insert(METADATA_FILTER.to_owned(), json!({ "type": "object" }));
    }
    count
}

/// Leaves out parameters that the generator cannot write.
pub(super) const KNOWN_STYLES: Fixup = Fixup {
    name: "known-styles",
    reason: "the generator writes parameters in the plain styles only, and no cookies",
    apply: |lowering| {
        let whole = lowering.document.clone();
        lowering.leave_out_parameters(|parameter| {
            let place = parameter["in"].as_str().unwrap_or_default();
            if place == "cookie" {
                return Some("no way to send a cookie".to_owned());
            }
            if parameter.get("content").is_some() {
                return Some(
                    "no way to write a parameter with a content type of its own".to_owned(),
                );
            }
            let plain = if place == "query" { "form" } else { "simple" };
            if let Some(style) = parameter["style"].as_str()
                && style != plain
            {
                return Some(format!(
                    "no way to write the style {style} with these fields"
                ));
            }
            let schema = resolve(&whole, &parameter["schema"]);
            let is_object = schema["type"] == "object" || schema.get("properties").is_some();
            let is_ours = parameter["schema"] == reference_to(METADATA_FILTER);
            (is_object && !is_ours).then(|| "no way to write an object".to_owned())
        })
    },
};

/// Makes plain text of secrets in paths and headers.
pub(super) const PLAIN_SECRETS: Fixup = Fixup {
    name: "plain-secrets",
    reason: "the generator prints paths and headers, and a secret is not printed",
    apply: |lowering| plain_secrets(lowering, &["path", "header"]),
};

/// Makes plain text of every secret that the typed expectations compare.
pub(super) const PLAIN_EXPECTED_SECRETS: Fixup = Fixup {
    name: "plain-expected-secrets",
    reason: "expectations print what they compare, and a secret is not printed",
    apply: |lowering| plain_secrets(lowering, &["path", "header", "query"]),
};

fn plain_secrets(lowering: &mut Lowering, places: &[&str]) -> usize {
    let mut count = 0;
    operations_mut(&mut lowering.document, |_, _, operation| {
        for parameter in operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            let is_there = parameter["in"]
                .as_str()
                .is_some_and(|place| places.contains(&place));
            if is_there
                && parameter["schema"]["format"] == "password"
                && let Some(schema) = parameter["schema"].as_object_mut()
            {
                schema.remove("format");
                count += 1;
            }
        }
    });
    count
}

/// Leaves list parameters out of the typed expectations.
pub(super) const NO_LISTS: Fixup = Fixup {
    name: "no-lists",
    reason: "the generator's expectations for lists do not compile; the hand-written extension has them",
    apply: |lowering| {
        let whole = lowering.document.clone();
        lowering.leave_out_parameters(|parameter| {
            let is_list = resolve(&whole, &parameter["schema"])["type"] == "array";
            is_list.then(|| "a list; use the hand-written extension".to_owned())
        })
    },
};

/// Leaves filters with a hand-written type out of the typed expectations.
pub(super) const NO_FILTERS: Fixup = Fixup {
    name: "no-filters",
    reason: "the generator would look for one parameter where the filter sends a pair for each key; the hand-written \
             extension has them",
    apply: |lowering| {
        lowering.leave_out_parameters(|parameter| {
            let is_filter = parameter["schema"] == reference_to(METADATA_FILTER);
            is_filter.then(|| "a filter of pairs; use the hand-written extension".to_owned())
        })
    },
};

#[cfg(test)]
mod tests;
