//! Finds parts of a document, with their JSON pointers.

use serde_json::Value;

use crate::schema::{children, operations, pointer_token};

/// A part with its location.
#[derive(Clone)]
pub(super) struct At<'a> {
    pub(super) pointer: String,
    pub(super) node: &'a Value,
}

impl<'a> At<'a> {
    pub(super) fn child(&self, key: &str) -> Option<At<'a>> {
        self.node.get(key).map(|node| At {
            pointer: format!("{}/{}", self.pointer, pointer_token(key)),
            node,
        })
    }

    pub(super) fn children(&self) -> std::vec::IntoIter<(String, At<'a>)> {
        let all: Vec<_> = children(self.node)
            .map(|(key, node)| {
                let pointer = format!("{}/{}", self.pointer, pointer_token(&key));
                (key.into_owned(), At { pointer, node })
            })
            .collect();
        all.into_iter()
    }

    /// Returns the value of a key, or `None`.
    pub(super) fn under(&self, key: &str) -> std::vec::IntoIter<(String, At<'a>)> {
        self.child(key).map(|at| at.children()).unwrap_or_default()
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.node.get(key)?.as_str()
    }

    /// Resolves a reference to its target and location.
    pub(super) fn resolved(self, document: &'a Value) -> At<'a> {
        let mut at = self;
        // Reading the document has rejected circular references.
        while let Some(inside) = at.text("$ref").and_then(|text| text.strip_prefix('#')) {
            let Some(node) = document.pointer(inside) else {
                break;
            };
            at = At {
                pointer: inside.to_owned(),
                node,
            };
        }
        at
    }
}

pub(super) struct Operation<'a> {
    pub(super) path: &'a str,
    pub(super) at: At<'a>,
}

impl<'a> Operation<'a> {
    /// Returns its parameters and those of its path, each with its location.
    pub(super) fn parameters(&self, document: &'a Value) -> Vec<At<'a>> {
        let of_path = At {
            pointer: format!("/paths/{}", pointer_token(self.path)),
            node: &document["paths"][self.path],
        };
        self.at
            .under("parameters")
            .chain(of_path.under("parameters"))
            .map(|(_, at)| at.resolved(document))
            .collect()
    }

    /// Returns its responses by status, each with its location.
    pub(super) fn responses(&self, document: &'a Value) -> Vec<(String, At<'a>)> {
        self.at
            .under("responses")
            .map(|(status, at)| (status, at.resolved(document)))
            .collect()
    }

    /// Returns `true` if no authorization is required.
    pub(super) fn is_open(&self) -> bool {
        self.at.node["security"]
            .as_array()
            .is_some_and(Vec::is_empty)
    }
}

pub(super) fn all_operations(document: &Value) -> impl Iterator<Item = Operation<'_>> {
    operations(document).map(|(method, path, node)| Operation {
        path,
        at: At {
            pointer: format!("/paths/{}/{method}", pointer_token(path)),
            node,
        },
    })
}

/// Returns the components of a kind, such as `schemas`.
pub(super) fn components<'a>(
    document: &'a Value,
    kind: &str,
) -> impl Iterator<Item = (String, At<'a>)> {
    At {
        pointer: "/components".to_owned(),
        node: &document["components"],
    }
    .under(kind)
}

/// Returns every part of the document except those inside examples, the outer ones first.
pub(super) fn parts(document: &Value) -> Vec<At<'_>> {
    let mut found = Vec::new();
    let mut ahead = vec![At {
        pointer: String::new(),
        node: document,
    }];
    while let Some(at) = ahead.pop() {
        let inside: Vec<_> = at
            .children()
            .filter(|(key, _)| !["example", "examples", "default", "enum"].contains(&key.as_str()))
            .map(|(_, at)| at)
            .collect();
        ahead.extend(inside.into_iter().rev());
        found.push(at);
    }
    found
}

/// Returns every inline schema, including nested ones.
pub(super) fn all_schemas(document: &Value) -> Vec<At<'_>> {
    let mut ahead: Vec<At<'_>> = components(document, "schemas").map(|(_, at)| at).collect();
    ahead.extend(parts(document).into_iter().filter_map(|at| {
        let holds = at.node.get("schema").is_some_and(Value::is_object)
            && !at.pointer.ends_with("/properties");
        holds.then(|| at.child("schema")).flatten()
    }));
    let mut found = Vec::new();
    while let Some(at) = ahead.pop() {
        ahead.extend(at.under("properties").map(|(_, at)| at));
        ahead.extend(
            ["items", "additionalProperties", "not"]
                .iter()
                .filter_map(|key| at.child(key)),
        );
        for list in ["allOf", "anyOf", "oneOf"] {
            ahead.extend(at.under(list).map(|(_, at)| at));
        }
        if at.node.is_object() {
            found.push(at);
        }
    }
    found.sort_by(|one, other| one.pointer.cmp(&other.pointer));
    found
}

/// Returns `true` if a name is in camelCase.
pub(super) fn is_camel_case(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}
