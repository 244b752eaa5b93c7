//! Fixups of the structure of the document.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Fixup, Need};
use crate::lowering::Lowering;
use crate::schema::{
    METHODS, Scope, operation_pointer, operations_mut, pointer_token, reached, resolve,
};

/// Removes examples, titles and extensions.
pub(super) const DROP_NOTES: Fixup = Fixup {
    name: "drop-notes",
    reason: "examples would enlarge the generated documentation or fail its checks, titles would rename types, and the \
             generator interprets some extensions",
    need: Need::OwnDocument,
    apply: |lowering| {
        let mut places = Vec::new();
        for part in ["paths", "components"] {
            if let Some(node) = lowering.document.get_mut(part) {
                drop_notes(&format!("/{part}"), node, part == "paths", &mut places);
            }
        }
        places
    },
};

/// `named`: the keys are names that the document defines, such as those of properties.
fn drop_notes(pointer: &str, node: &mut Value, named: bool, places: &mut Vec<String>) {
    const NOTES: [&str; 5] = ["example", "examples", "title", "externalDocs", "xml"];
    const NAMED: [&str; 6] = [
        "properties",
        "headers",
        "schemas",
        "parameters",
        "responses",
        "requestBodies",
    ];
    match node {
        Value::Object(fields) => {
            fields.retain(|key, _| {
                let is_note = NOTES.contains(&key.as_str()) || key.starts_with("x-");
                if is_note && !named {
                    places.push(format!("{pointer}/{}", pointer_token(key)));
                }
                !is_note || named
            });
            for (key, child) in fields {
                let child_is_named = !named && NAMED.contains(&key.as_str());
                let pointer = format!("{pointer}/{}", pointer_token(key));
                drop_notes(&pointer, child, child_is_named, places);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                drop_notes(&format!("{pointer}/{index}"), item, false, places);
            }
        }
        _ => {}
    }
}

/// Inlines parameters, bodies and responses, and copies the parameters of a path to its operations.
pub(super) const INLINE_REFERENCES: Fixup = Fixup {
    name: "inline-references",
    reason: "later fixups do not resolve references",
    need: Need::OwnDocument,
    apply: |lowering| {
        let whole = lowering.document.clone();
        let mut places = Vec::new();
        for (path, item) in lowering.document["paths"]
            .as_object_mut()
            .into_iter()
            .flatten()
        {
            let shared = item
                .as_object_mut()
                .and_then(|item| item.remove("parameters"))
                .and_then(|shared| shared.as_array().cloned())
                .unwrap_or_default();
            for method in METHODS {
                let place = operation_pointer(method, path);
                let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) else {
                    continue;
                };
                inline_parameters(&whole, &place, operation, &shared, &mut places);
                if let Some(body) = operation.get_mut("requestBody") {
                    inline(&whole, &format!("{place}/requestBody"), body, &mut places);
                }
                for (status, response) in operation
                    .get_mut("responses")
                    .and_then(Value::as_object_mut)
                    .into_iter()
                    .flatten()
                {
                    inline(
                        &whole,
                        &format!("{place}/responses/{status}"),
                        response,
                        &mut places,
                    );
                }
            }
        }
        places
    },
};

/// A parameter of an operation overrides one of its path with the same name and location.
fn inline_parameters(
    whole: &Value,
    place: &str,
    operation: &mut Map<String, Value>,
    shared: &[Value],
    places: &mut Vec<String>,
) {
    let own = operation
        .remove("parameters")
        .and_then(|own| own.as_array().cloned())
        .unwrap_or_default();
    let mut parameters: Vec<Value> = Vec::new();
    for (index, parameter) in own.iter().chain(shared).enumerate() {
        let meant = resolve(whole, parameter);
        let same = |other: &Value| other["name"] == meant["name"] && other["in"] == meant["in"];
        if index >= own.len() || !std::ptr::eq(meant, parameter) {
            places.push(format!("{place}/parameters/{index}"));
        }
        if !parameters.iter().any(same) {
            parameters.push(meant.clone());
        }
    }
    if !parameters.is_empty() {
        operation.insert("parameters".to_owned(), Value::Array(parameters));
    }
}

fn inline(whole: &Value, place: &str, node: &mut Value, places: &mut Vec<String>) {
    if node.get("$ref").is_some() {
        *node = resolve(whole, node).clone();
        places.push(place.to_owned());
    }
}

/// Keeps one response of an operation: the first success, as a range if there are several, which are alike.
pub(super) const SUCCESS_ONLY: Fixup = Fixup {
    name: "success-only",
    reason: "an undocumented response is returned with status, headers and body; the generator supports one \
             response type",
    need: Need::OwnDocument,
    apply: success_only,
};

fn success_only(lowering: &mut Lowering) -> Vec<String> {
    const ANY_SUCCESS: &str = "2XX";
    let mut places = Vec::new();
    operations_mut(&mut lowering.document, |method, path, operation| {
        let place = format!("{}/responses", operation_pointer(method, path));
        let Some(responses) = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
        else {
            return;
        };
        let mut successes: Vec<(String, Value)> = Vec::new();
        for (status, response) in std::mem::take(responses) {
            if !status.starts_with('2') || !successes.is_empty() {
                places.push(format!("{place}/{status}"));
            }
            if status.starts_with('2') {
                successes.push((status, response));
            }
        }
        let are_several = successes.len() > 1;
        if let Some((status, response)) = successes.into_iter().min_by(|a, b| a.0.cmp(&b.0)) {
            let status = if are_several {
                ANY_SUCCESS.to_owned()
            } else {
                status
            };
            responses.insert(status, response);
        }
    });
    places
}

/// Removes unreferenced components.
pub const PRUNE: Fixup = Fixup {
    name: "prune",
    reason: "an unreachable type is not needed, and the generator may not support its schema",
    need: Need::OwnDocument,
    apply: prune,
};

fn prune(lowering: &mut Lowering) -> Vec<String> {
    let used: BTreeSet<String> = [Scope::Responses, Scope::Requests]
        .into_iter()
        .flat_map(|scope| reached(&lowering.document, scope))
        .collect();
    let mut places = Vec::new();
    let components = lowering
        .document
        .get_mut("components")
        .and_then(Value::as_object_mut);
    for (part, named) in components.into_iter().flatten() {
        let Some(named) = named.as_object_mut() else {
            continue;
        };
        named.retain(|name, _| {
            let is_used = part == "schemas" && used.contains(name);
            if !is_used {
                places.push(format!("/components/{part}/{}", pointer_token(name)));
            }
            is_used
        });
    }
    places
}

#[cfg(test)]
mod tests;
