//! The uses of each component of a document.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use xtask_bindgen::schema::{children, operations};

use crate::difference::Direction;

/// The references from operations of a document to its components, such as `schemas/Location`.
#[derive(Debug, Default)]
pub(crate) struct References {
    operations: BTreeMap<String, BTreeSet<String>>,
    requests: BTreeSet<String>,
    responses: BTreeSet<String>,
}

/// Returns the id of an operation, or method and path.
pub(crate) fn id_of(method: &str, path: &str, operation: &Value) -> String {
    operation["operationId"].as_str().map_or_else(
        || format!("{} {path}", method.to_uppercase()),
        str::to_owned,
    )
}

/// Returns the status of the response that is decoded: the first success. All other responses are errors.
pub(crate) fn decoded_status(operation: &Value) -> Option<&String> {
    let statuses = operation["responses"].as_object()?.keys();
    statuses.filter(|status| status.starts_with('2')).min()
}

impl References {
    pub(crate) fn of(document: &Value) -> Self {
        let mut uses = Self::default();
        for (method, path, operation) in operations(document) {
            let shared = &document["paths"][path]["parameters"];
            let mut names = BTreeSet::new();
            for node in [shared, &operation["parameters"], &operation["requestBody"]] {
                referred(document, node, &mut names);
            }
            uses.requests.extend(names.iter().cloned());
            if let Some(status) = decoded_status(operation) {
                let mut decoded = BTreeSet::new();
                referred(document, &operation["responses"][status], &mut decoded);
                uses.responses.extend(decoded);
            }
            referred(document, operation, &mut names);
            for name in names {
                let ids = uses.operations.entry(name).or_default();
                ids.insert(id_of(method, path, operation));
            }
        }
        uses
    }

    /// Returns the operations that use a component, such as `parameters/period`.
    pub(crate) fn operations_of(&self, component: &str) -> BTreeSet<String> {
        self.operations.get(component).cloned().unwrap_or_default()
    }

    /// Returns the direction of a component.
    pub(crate) fn direction_of(&self, component: &str) -> Direction {
        Direction {
            requests: self.requests.contains(component),
            responses: self.responses.contains(component),
        }
    }
}

/// Collects the components that a node refers to, directly or through others.
fn referred(document: &Value, node: &Value, names: &mut BTreeSet<String>) {
    let mut ahead = vec![node];
    while let Some(node) = ahead.pop() {
        if let Some(reference) = node["$ref"].as_str()
            && let Some(name) = reference.strip_prefix("#/components/")
            && names.insert(name.to_owned())
        {
            ahead.extend(document.pointer(&reference[1..]));
        }
        let inside =
            children(node).filter(|(key, _)| !["example", "examples"].contains(&key.as_ref()));
        ahead.extend(inside.map(|(_, child)| child));
    }
}
