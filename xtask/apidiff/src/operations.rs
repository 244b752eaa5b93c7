//! Compares operations: identity, path and authorization.

use std::collections::BTreeSet;

use serde_json::Value;

use super::compare::{Compare, short};
use super::difference::{Code, DocumentPart, Location, Side};
use super::items::Origin;
use super::normalized_name::NormalizedName;
use super::references::{id_of, key_of};
use xtask_bindgen::schema::{operations, pointer_token};

pub(super) const NOTHING: &Value = &Value::Null;

/// The part of a comparison that handles operations.
pub(super) struct Operations<'c, 'a> {
    pub(super) compare: &'c mut Compare<'a>,
}

/// An operation of a document.
#[derive(Clone, Copy)]
pub(super) struct Operation<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) node: &'a Value,
}

impl Operation<'_> {
    pub(super) fn id(&self) -> String {
        id_of(self.method, self.path, self.node)
    }

    pub(super) fn key(&self) -> String {
        key_of(self.method, self.path)
    }

    pub(super) fn pointer(&self) -> String {
        format!("/paths/{}/{}", pointer_token(self.path), self.method)
    }
}

impl<'c, 'a> Operations<'c, 'a> {
    pub(super) fn of(compare: &'c mut Compare<'a>) -> Self {
        Self { compare }
    }

    pub(super) fn run(&mut self) {
        let (old, new) = (listed(self.compare.old), listed(self.compare.new));
        let mut matched = BTreeSet::new();
        for before in &old {
            let after = new
                .iter()
                .find(|after| after.id() == before.id())
                .or_else(|| {
                    new.iter().find(|after| {
                        shape(&after.key()) == shape(&before.key())
                            && !old.iter().any(|other| other.id() == after.id())
                    })
                });
            if let Some(after) = after {
                matched.insert(after.key());
                self.operation(before, after);
            } else {
                let spot = self.spot(before, before);
                let texts = (Some(before.key()), None);
                self.push(Code::OperationRemoved, &spot, texts, (before.node, NOTHING));
            }
        }
        for after in new.iter().filter(|after| !matched.contains(&after.key())) {
            let spot = self.spot(after, after);
            let texts = (None, Some(after.key()));
            self.push(Code::OperationAdded, &spot, texts, (NOTHING, after.node));
        }
        self.paths();
    }

    pub(super) fn push(
        &mut self,
        code: Code,
        spot: &Location,
        texts: (Option<String>, Option<String>),
        nodes: (&Value, &Value),
    ) {
        self.compare.push(code, spot, texts, nodes);
    }

    fn spot(&self, old: &Operation<'_>, new: &Operation<'_>) -> Location {
        let origin = |operation: &Operation<'_>| Origin::Operation(operation.key(), None);
        Location {
            words: format!("operation `{}`", old.id()),
            old: Some(old.pointer()),
            new: Some(new.pointer()),
            side: Side::REQUESTS,
            operations: BTreeSet::from([old.id()]),
            type_name: NormalizedName::of(&old.id()),
            origins: BTreeSet::from([origin(old), origin(new)]),
            rests: BTreeSet::from([DocumentPart::Operation(old.id())]),
            ..Location::default()
        }
    }

    /// Compares the fields of paths other than operations and parameters.
    fn paths(&mut self) {
        let (old, new) = (&self.compare.old["paths"], &self.compare.new["paths"]);
        let elsewhere: Vec<&str> = xtask_bindgen::schema::METHODS
            .into_iter()
            .chain(["parameters"])
            .collect();
        for (path, item) in old.as_object().into_iter().flatten() {
            let Some(other) = new.get(path) else { continue };
            let pointer = format!("/paths/{}", pointer_token(path));
            let spot = Location {
                words: format!("path `{path}`"),
                old: Some(pointer.clone()),
                new: Some(pointer),
                ..Location::default()
            };
            self.compare.rest(item, other, &spot, &elsewhere);
        }
    }

    fn operation(&mut self, old: &Operation<'_>, new: &Operation<'_>) {
        let spot = self.spot(old, new);
        if old.id() != new.id() {
            let texts = (Some(old.id()), Some(new.id()));
            self.push(Code::OperationRenamed, &spot, texts, (NOTHING, NOTHING));
        }
        if shape(&old.key()) != shape(&new.key()) {
            let texts = (Some(old.key()), Some(new.key()));
            self.push(Code::OperationMoved, &spot, texts, (NOTHING, NOTHING));
        }
        self.security(old, new, &spot);
        self.parameters(old, new, &spot);
        self.request_body(old.node, new.node, &spot);
        self.responses(old, new, &spot);
        let elsewhere = [
            "operationId",
            "parameters",
            "requestBody",
            "responses",
            "security",
        ];
        self.compare.rest(old.node, new.node, &spot, &elsewhere);
    }

    fn security(&mut self, old: &Operation<'_>, new: &Operation<'_>, spot: &Location) {
        let of = |document: &'a Value, operation: &Operation<'_>| {
            operation
                .node
                .get("security")
                .cloned()
                .unwrap_or_else(|| document["security"].clone())
        };
        let before = of(self.compare.old, old);
        let after = of(self.compare.new, new);
        if before == after {
            return;
        }
        // An empty list means that no authorization is required.
        let ways = |security: &Value| match security.as_array() {
            Some(ways) if !ways.is_empty() => ways.clone(),
            _ => vec![serde_json::json!({})],
        };
        let now = ways(&after);
        let code = if ways(&before).iter().all(|way| now.contains(way)) {
            Code::SecurityWidened
        } else {
            Code::SecurityChanged
        };
        let texts = (short(&before), short(&after));
        self.push(code, spot, texts, (NOTHING, NOTHING));
    }
}

fn listed(document: &Value) -> Vec<Operation<'_>> {
    operations(document)
        .map(|(method, path, node)| Operation { method, path, node })
        .collect()
}

/// Returns a path without the names of its parameters.
fn shape(key: &str) -> String {
    let mut text = String::new();
    for (index, part) in key.split('{').enumerate() {
        match part.split_once('}') {
            Some((_, after)) if index > 0 => {
                text.push_str("{}");
                text.push_str(after);
            }
            _ => text.push_str(part),
        }
    }
    text
}
