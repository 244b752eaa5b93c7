//! Fixups of paths.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::names::next_in_braces;
use super::{Fixup, Need};
use crate::schema::{METHODS, operation_name, operations};

/// Omits operations with another server or an unsupported path.
pub(super) const OWN_SERVERS: Fixup = Fixup {
    name: "own-servers",
    reason: "a generated client has one base URL, and does not send the part after `#`",
    need: Need::OtherDocuments,
    apply: |lowering| {
        let common = lowering
            .document
            .get("servers")
            .cloned()
            .unwrap_or_default();
        let mut found = Vec::new();
        for (path, item) in lowering.document["paths"].as_object().into_iter().flatten() {
            for method in METHODS {
                let Some(operation) = item.get(method) else {
                    continue;
                };
                let servers = operation.get("servers").or_else(|| item.get("servers"));
                let is_elsewhere = servers.is_some_and(|own| {
                    *own != common && own.as_array().is_some_and(|own| !own.is_empty())
                });
                let reason = if is_elsewhere {
                    "it has its own servers"
                } else if path.contains('#') {
                    "a path cannot contain `#`"
                } else {
                    continue;
                };
                found.push((operation_name(method, path, operation), reason));
            }
        }
        for (name, reason) in &found {
            lowering.leave_out_named(name, reason);
        }
        found.len()
    },
};

/// Omits operations with methods that the HTTP client does not support.
pub(super) const KNOWN_METHODS: Fixup = Fixup {
    name: "known-methods",
    reason: "the generated code calls a method of reqwest's client, which does not have OPTIONS and TRACE",
    need: Need::OtherDocuments,
    apply: |lowering| {
        let unknown = |method: &str| matches!(method, "options" | "trace");
        let found: Vec<String> = operations(&lowering.document)
            .filter(|(method, ..)| unknown(method))
            .map(|(method, path, operation)| operation_name(method, path, operation))
            .collect();
        for name in &found {
            lowering.leave_out_named(name, "the HTTP client does not support this method");
        }
        found.len()
    },
};

/// Adjusts path parameters to those that the path contains.
pub(super) const PATH_PARAMETERS: Fixup = Fixup {
    name: "path-parameters",
    reason: "the generator panics for a path parameter that is not in the path, not described, or not \
             required",
    need: Need::OtherDocuments,
    apply: |lowering| {
        let mut count = 0;
        for (path, item) in lowering.document["paths"]
            .as_object_mut()
            .into_iter()
            .flatten()
        {
            let named = names_in(path);
            for method in METHODS {
                if let Some(operation) = item.get_mut(method) {
                    count += fit_to_path(operation, &named);
                }
            }
        }
        count
    },
};

fn names_in(path: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut rest = path;
    while let Some((_, name, after)) = next_in_braces(rest) {
        names.insert(name.to_owned());
        rest = after;
    }
    names
}

fn fit_to_path(operation: &mut Value, named: &BTreeSet<String>) -> usize {
    if named.is_empty() && operation.get("parameters").is_none() {
        return 0;
    }
    let Some(operation) = operation.as_object_mut() else {
        return 0;
    };
    let parameters = operation
        .entry("parameters")
        .or_insert_with(|| json!([]))
        .as_array_mut();
    let Some(parameters) = parameters else {
        return 0;
    };
    let before = parameters.len();
    let is_named = |parameter: &Value| {
        let name = parameter["name"].as_str().unwrap_or_default();
        parameter["in"] != "path" || named.contains(name)
    };
    parameters.retain(is_named);
    let mut count = before - parameters.len();
    for parameter in parameters.iter_mut().filter(|one| one["in"] == "path") {
        if parameter["required"] != true {
            parameter["required"] = json!(true);
            count += 1;
        }
    }
    for name in named {
        let is_it = |one: &Value| one["in"] == "path" && one["name"] == *name;
        if !parameters.iter().any(is_it) {
            let schema = json!({ "type": "string" });
            parameters
                .push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
            count += 1;
        }
    }
    count
}

#[cfg(test)]
mod tests;
