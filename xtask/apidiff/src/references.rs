//! The uses of each component of a document, as far as it is generated.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::difference::Side;
use xtask_bindgen::fixups::LIBRARY;
use xtask_bindgen::lowering::Lowering;
use xtask_bindgen::schema::{Scope, component_of, operations, reached, resolve};

/// The references from operations of a document to its components.
#[derive(Debug)]
pub(super) struct References {
    /// Operations by component, such as `schemas/Location`.
    operations: BTreeMap<String, BTreeSet<String>>,
    requests: BTreeSet<String>,
    responses: BTreeSet<String>,
    /// Method and path of operations, by id.
    keys: BTreeMap<String, String>,
    /// The success status whose response is generated, by operation.
    taken: BTreeMap<String, String>,
    /// Schemas whose fields are separate parameters: by name, the keys of operations with the parameters.
    spread: BTreeMap<String, Vec<(String, String)>>,
}

/// Returns the id of an operation, or method and path.
pub(super) fn id_of(method: &str, path: &str, operation: &Value) -> String {
    operation["operationId"]
        .as_str()
        .map_or_else(|| key_of(method, path), str::to_owned)
}

/// Returns method and path.
pub(super) fn key_of(method: &str, path: &str) -> String {
    format!("{} {path}", method.to_uppercase())
}

impl References {
    pub(super) fn of(document: &Value) -> Self {
        let mut lowering = Lowering::of(document);
        let first: Vec<_> = LIBRARY
            .iter()
            .copied()
            .filter(|fixup| FRAME.contains(&fixup.name))
            .collect();
        lowering.run(&first);
        let lowered = lowering.document;
        let mut uses = Self {
            operations: BTreeMap::new(),
            requests: reached(&lowered, Scope::Requests),
            responses: reached(&lowered, Scope::Responses),
            keys: BTreeMap::new(),
            taken: BTreeMap::new(),
            spread: BTreeMap::new(),
        };
        for (method, path, operation) in operations(document) {
            let id = id_of(method, path, operation);
            uses.keys.insert(id.clone(), key_of(method, path));
            let good = operation["responses"].as_object().and_then(|responses| {
                responses
                    .keys()
                    .filter(|status| status.starts_with('2'))
                    .min()
            });
            if let Some(status) = good {
                uses.taken.insert(id.clone(), status.clone());
            }
            let mut names = BTreeSet::new();
            referred(document, &document["paths"][path]["parameters"], &mut names);
            referred(document, operation, &mut names);
            for name in names {
                uses.operations.entry(name).or_default().insert(id.clone());
            }
        }
        for (method, path, operation) in operations(&lowered) {
            uses.note_spread(&lowered, &key_of(method, path), operation);
        }
        uses
    }

    fn note_spread(&mut self, document: &Value, key: &str, operation: &Value) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let Some(name) = parameter["name"].as_str() else {
                continue;
            };
            if parameter["style"] == "deepObject"
                && let Some(schema) = component_of(&parameter["schema"])
                && resolve(document, &parameter["schema"])
                    .get("properties")
                    .is_some()
            {
                self.spread
                    .entry(schema.to_owned())
                    .or_default()
                    .push((key.to_owned(), name.to_owned()));
            }
        }
    }

    /// Returns the operations that use a component, such as `parameters/period`.
    pub(super) fn operations_of(&self, component: &str) -> BTreeSet<String> {
        self.operations.get(component).cloned().unwrap_or_default()
    }

    /// Returns the direction of a component schema.
    pub(super) fn side_of(&self, schema: &str) -> Side {
        Side {
            requests: self.requests.contains(schema),
            responses: self.responses.contains(schema),
        }
    }

    /// Returns method and path of an operation.
    pub(super) fn key(&self, id: &str) -> Option<&String> {
        self.keys.get(id)
    }

    /// Returns `true` if the response with this status is generated.
    pub(super) fn takes(&self, id: &str, status: &str) -> bool {
        self.taken.get(id).is_some_and(|taken| taken == status)
    }

    /// Returns the parameters that are made of the fields of a schema.
    pub(super) fn spread_of(&self, schema: &str) -> &[(String, String)] {
        self.spread.get(schema).map_or(&[], Vec::as_slice)
    }
}

/// The fixups that only remove parts that are not generated.
const FRAME: [&str; 4] = [
    "inline-references",
    "success-only",
    "json-responses",
    "known-bodies",
];

/// Collects the components that a node refers to, directly or through others: `schemas/Location`.
pub(super) fn referred(document: &Value, node: &Value, names: &mut BTreeSet<String>) {
    let mut ahead = vec![node];
    while let Some(node) = ahead.pop() {
        if let Some(reference) = node.get("$ref").and_then(Value::as_str)
            && let Some(name) = reference.strip_prefix("#/components/")
            && names.insert(name.to_owned())
        {
            ahead.extend(document.pointer(&reference[1..]));
        }
        ahead.extend(
            xtask_bindgen::schema::children(node)
                .filter(|(key, _)| !["example", "examples"].contains(&key.as_ref()))
                .map(|(_, child)| child),
        );
    }
}
