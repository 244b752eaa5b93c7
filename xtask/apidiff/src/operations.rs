//! Compares operations: identity, path and authorization.

use std::collections::BTreeSet;

use serde_json::Value;
use xtask_bindgen::schema::{METHODS, operations, pointer_token};

use crate::compare::{Compare, short};
use crate::difference::{Code, Direction, DocumentPart, Location};
use crate::references::id_of;

/// An operation of a document.
#[derive(Clone, Copy)]
pub(crate) struct Operation<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) node: &'a Value,
}

impl<'a> Operation<'a> {
    /// Returns the operations of a document.
    pub(crate) fn all(document: &'a Value) -> Vec<Self> {
        operations(document)
            .map(|(method, path, node)| Self { method, path, node })
            .collect()
    }

    pub(crate) fn id(&self) -> String {
        id_of(self.method, self.path, self.node)
    }

    /// Returns method and path.
    pub(crate) fn key(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }

    /// Returns method and path without the names of path parameters.
    pub(crate) fn shape(&self) -> String {
        let mut inside = false;
        let mut shape = self.key();
        shape.retain(|character| {
            inside = character != '}' && (inside || character == '{');
            !inside || character == '{'
        });
        shape
    }

    pub(crate) fn pointer(&self) -> String {
        format!("/paths/{}/{}", pointer_token(self.path), self.method)
    }
}

impl<'a> Compare<'a> {
    pub(crate) fn operations(&mut self) {
        let (old, new) = (Operation::all(self.old), Operation::all(self.new));
        let mut matched = BTreeSet::new();
        for before in &old {
            let same_id = new.iter().find(|after| after.id() == before.id());
            let same_shape = || {
                new.iter().find(|after| {
                    let is_other = old.iter().any(|other| other.id() == after.id());
                    after.shape() == before.shape() && !is_other
                })
            };
            if let Some(after) = same_id.or_else(same_shape) {
                matched.insert(after.key());
                self.operation(before, after);
            } else {
                let key = Some(before.key());
                self.push(
                    Code::OperationRemoved,
                    &location(before, before),
                    (key, None),
                );
            }
        }
        for after in new.iter().filter(|after| !matched.contains(&after.key())) {
            let key = Some(after.key());
            self.push(Code::OperationAdded, &location(after, after), (None, key));
        }
        self.paths();
    }

    /// Compares the fields of paths other than operations and parameters.
    fn paths(&mut self) {
        let elsewhere = [&METHODS[..], &["parameters"]].concat();
        for (path, item) in self.old["paths"].as_object().into_iter().flatten() {
            let Some(other) = self.new["paths"].get(path) else {
                continue;
            };
            let pointer = format!("/paths/{}", pointer_token(path));
            let location = Location {
                place: path.clone(),
                old: Some(pointer.clone()),
                new: Some(pointer),
                direction: Direction::REQUESTS,
                ..Location::default()
            };
            self.rest(item, other, &location, &elsewhere);
        }
    }

    fn operation(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        let shared = |document: &'a Value, path| {
            (
                &document["security"],
                &document["paths"][path]["parameters"],
            )
        };
        let (before, after) = (shared(self.old, old.path), shared(self.new, new.path));
        if (old.node, old.key(), before) == (new.node, new.key(), after) {
            return;
        }
        let location = location(old, new);
        if old.id() != new.id() {
            let ids = (Some(old.id()), Some(new.id()));
            self.push(Code::OperationRenamed, &location, ids);
        }
        if old.shape() != new.shape() {
            let keys = (Some(old.key()), Some(new.key()));
            self.push(Code::OperationMoved, &location, keys);
        }
        self.deprecated(old.node, new.node, &location);
        self.security(old, new, &location);
        self.parameters(old, new, &location);
        self.request_body(old.node, new.node, &location);
        self.responses(old.node, new.node, &location);
        let elsewhere = [
            "operationId",
            "parameters",
            "requestBody",
            "responses",
            "security",
            "deprecated",
        ];
        self.rest(old.node, new.node, &location, &elsewhere);
    }

    fn security(&mut self, old: &Operation<'_>, new: &Operation<'_>, location: &Location) {
        let before = old.node.get("security").unwrap_or(&self.old["security"]);
        let after = new.node.get("security").unwrap_or(&self.new["security"]);
        if before == after {
            return;
        }
        // An empty list means that no authorization is required.
        let ways = |security: &Value| match security.as_array() {
            Some(ways) if !ways.is_empty() => ways.clone(),
            _ => vec![serde_json::json!({})],
        };
        let now = ways(after);
        let code = if ways(before).iter().all(|way| now.contains(way)) {
            Code::SecurityWidened
        } else {
            Code::SecurityChanged
        };
        self.push(code, location, (short(before), short(after)));
    }
}

fn location(old: &Operation<'_>, new: &Operation<'_>) -> Location {
    Location {
        place: old.id(),
        old: Some(old.pointer()),
        new: Some(new.pointer()),
        direction: Direction::REQUESTS,
        operations: BTreeSet::from([old.id()]),
        parts: BTreeSet::from([DocumentPart::Operation(old.id())]),
        ..Location::default()
    }
}
