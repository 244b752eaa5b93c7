//! Compares two documents: top-level fields, operations and components. Nothing is classified here.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Side;
use super::difference::{Code, Difference, Location};
use super::normalized_name::NormalizedName;
use super::operations::Operations;
use super::references::{References, referred};
use xtask_bindgen::schema::{component_of, components, pointer_token};

/// Compares documents and returns the differences in document order.
pub(super) fn compare(old: &Side<'_>, new: &Side<'_>) -> Vec<Difference> {
    let (old_uses, new_uses) = (old.uses(), new.uses());
    let (old, new) = (&old.document.value, &new.document.value);
    let mut compare = Compare {
        old,
        new,
        old_uses,
        new_uses,
        renamed: renamed_schemas(old, new),
        found: Vec::new(),
    };
    compare.frame();
    Operations::of(&mut compare).run();
    compare.components();
    compare.found
}

/// A comparison in progress.
pub(super) struct Compare<'a> {
    pub(super) old: &'a Value,
    pub(super) new: &'a Value,
    pub(super) old_uses: &'a References,
    pub(super) new_uses: &'a References,
    /// Renamed component schemas with the same content, by old name.
    pub(super) renamed: BTreeMap<String, String>,
    pub(super) found: Vec<Difference>,
}

/// Keys that contain documentation only.
pub(super) const NOTES: [&str; 9] = [
    "description",
    "summary",
    "title",
    "example",
    "examples",
    "externalDocs",
    "tags",
    "xml",
    "deprecated",
];

pub(super) fn is_note(key: &str) -> bool {
    NOTES.contains(&key) || key.starts_with("x-")
}

impl<'a> Compare<'a> {
    /// Records a difference; `nodes` are the old and the new node.
    pub(super) fn push(
        &mut self,
        code: Code,
        spot: &Location,
        (old, new): (Option<String>, Option<String>),
        nodes: (&Value, &Value),
    ) {
        let mut names = BTreeSet::new();
        referred(self.old, nodes.0, &mut names);
        referred(self.new, nodes.1, &mut names);
        let reaches = names
            .iter()
            .filter_map(|name| name.strip_prefix("schemas/"))
            .map(NormalizedName::of)
            .collect();
        let mut spot = spot.clone();
        if !exists(self.old, spot.old.as_deref()) {
            spot.old = None;
        }
        if !exists(self.new, spot.new.as_deref()) {
            spot.new = None;
        }
        self.found.push(Difference {
            code,
            spot,
            old,
            new,
            reaches,
        });
    }

    /// Records the keys that differ, except those that are compared elsewhere: one difference for documentation, and one for all
    /// others.
    pub(super) fn rest(&mut self, old: &Value, new: &Value, spot: &Location, elsewhere: &[&str]) {
        let keys: BTreeSet<&String> = [old, new]
            .into_iter()
            .filter_map(Value::as_object)
            .flat_map(serde_json::Map::keys)
            .filter(|key| !elsewhere.contains(&key.as_str()))
            .filter(|key| old.get(*key) != new.get(*key))
            .collect();
        let (notes, others): (Vec<_>, Vec<_>) = keys.into_iter().partition(|key| is_note(key));
        for (code, keys) in [(Code::DocsChanged, notes), (Code::OtherChanged, others)] {
            if keys.is_empty() {
                continue;
            }
            let names: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
            self.push(
                code,
                spot,
                (None, Some(names.join(", "))),
                (&Value::Null, &Value::Null),
            );
        }
    }

    /// Compares the fields outside of operations and components.
    fn frame(&mut self) {
        let top = Location {
            words: "the document".to_owned(),
            old: Some(String::new()),
            new: Some(String::new()),
            ..Location::default()
        };
        let (old, new) = (self.old, self.new);
        let elsewhere = [
            "openapi",
            "info",
            "servers",
            "security",
            "paths",
            "components",
        ];
        self.rest(old, new, &top, &elsewhere);
        for key in ["openapi", "info"] {
            if old[key] != new[key] {
                let spot = Location {
                    words: format!("`{key}` of the document"),
                    ..top.inside("", key)
                };
                let texts = (short(&old[key]), short(&new[key]));
                self.push(
                    Code::DocsChanged,
                    &spot,
                    texts,
                    (&Value::Null, &Value::Null),
                );
            }
        }
        let addresses = |document: &Value| -> Vec<String> {
            let servers = document["servers"].as_array().into_iter().flatten();
            servers.filter_map(|server| short(&server["url"])).collect()
        };
        let spot = Location {
            words: "the servers of the document".to_owned(),
            ..top.inside("", "servers")
        };
        let (before, after) = (addresses(old), addresses(new));
        if before != after {
            let code = if before.iter().all(|address| after.contains(address)) {
                Code::ServersAdded
            } else {
                Code::ServersChanged
            };
            let texts = (Some(before.join(", ")), Some(after.join(", ")));
            self.push(code, &spot, texts, (&Value::Null, &Value::Null));
        } else if old["servers"] != new["servers"] {
            self.push(
                Code::DocsChanged,
                &spot,
                (None, None),
                (&Value::Null, &Value::Null),
            );
        }
        self.unused_security(&top);
    }

    /// The top-level `security` is compared for each operation; this is the case that no operation uses it.
    fn unused_security(&mut self, top: &Location) {
        let goes_by_it = |document: &Value| {
            xtask_bindgen::schema::operations(document)
                .any(|(_, _, operation)| operation.get("security").is_none())
        };
        if self.old["security"] != self.new["security"]
            && !(goes_by_it(self.old) && goes_by_it(self.new))
        {
            let spot = Location {
                words: "`security` of the document".to_owned(),
                ..top.inside("", "security")
            };
            self.push(
                Code::DocsChanged,
                &spot,
                (None, None),
                (&Value::Null, &Value::Null),
            );
        }
    }

    fn components(&mut self) {
        let (old, new) = (&self.old["components"], &self.new["components"]);
        let parts: BTreeSet<&String> = [old, new]
            .into_iter()
            .filter_map(Value::as_object)
            .flat_map(serde_json::Map::keys)
            .collect();
        for part in parts {
            let names: BTreeSet<&String> = [&old[part], &new[part]]
                .into_iter()
                .filter_map(Value::as_object)
                .flat_map(serde_json::Map::keys)
                .collect();
            for name in names {
                let nodes = (&old[part][name], &new[part][name]);
                let spot = self.component_spot(part, name);
                match part.as_str() {
                    "schemas" => self.component_schema(name, nodes, &spot),
                    _ if nodes.0 == nodes.1 => {}
                    "parameters" if both(nodes) => {
                        Operations::of(self).parameter(nodes.0, nodes.1, &spot);
                    }
                    "responses" if both(nodes) => {
                        Operations::of(self).response(nodes.0, nodes.1, &spot);
                    }
                    "requestBodies" if both(nodes) => {
                        Operations::of(self).body(nodes.0, nodes.1, &spot);
                    }
                    "headers" => {
                        self.push(Code::ResponseHeadersChanged, &spot, (None, None), nodes);
                    }
                    "securitySchemes" => {
                        let texts = (short(nodes.0), short(nodes.1));
                        let differ = without_notes(nodes.0) != without_notes(nodes.1);
                        let code = if both(nodes) && differ {
                            Code::SecurityChanged
                        } else {
                            Code::DocsChanged
                        };
                        self.push(code, &spot, texts, nodes);
                    }
                    // An added or removed component matters only through its references.
                    _ => self.push(
                        Code::DocsChanged,
                        &spot,
                        (None, None),
                        (&Value::Null, &Value::Null),
                    ),
                }
            }
        }
    }

    pub(super) fn component_spot(&self, part: &str, name: &str) -> Location {
        let place = format!("{part}/{name}");
        let mut operations = self.old_uses.operations_of(&place);
        operations.extend(self.new_uses.operations_of(&place));
        let pointer = format!("/components/{part}/{}", pointer_token(name));
        let kind = match part {
            "schemas" => "schema",
            "parameters" => "parameter",
            "responses" => "response",
            "requestBodies" => "body",
            "headers" => "header of responses",
            "securitySchemes" => "security scheme",
            other => other,
        };
        Location {
            words: format!("{kind} `{name}`"),
            old: Some(pointer.clone()),
            new: Some(pointer),
            operations,
            ..Location::default()
        }
    }

    fn component_schema(
        &mut self,
        name: &str,
        (old, new): (&'a Value, &'a Value),
        spot: &Location,
    ) {
        let (before, after) = (self.old_uses.side_of(name), self.new_uses.side_of(name));
        let spot = Location {
            side: super::difference::Side {
                requests: before.requests || after.requests,
                responses: before.responses || after.responses,
            },
            type_name: NormalizedName::of(name),
            origins: BTreeSet::from([super::items::Origin::Type(NormalizedName::of(name), None)]),
            component: Some(name.to_owned()),
            chain: vec![name.to_owned()],
            spread: [self.old_uses, self.new_uses]
                .into_iter()
                .flat_map(|uses| uses.spread_of(name))
                .cloned()
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect(),
            ..spot.clone()
        };
        if let Some(renamed) = self.renamed.get(name).cloned() {
            let mut spot = spot;
            spot.origins.insert(super::items::Origin::Type(
                NormalizedName::of(&renamed),
                None,
            ));
            spot.new = Some(format!("/components/schemas/{}", pointer_token(&renamed)));
            let after = &self.new["components"]["schemas"][&renamed];
            self.push(
                Code::SchemaRenamed,
                &spot,
                (Some(name.to_owned()), Some(renamed)),
                (old, after),
            );
            return;
        }
        let is_new_name = self.renamed.values().any(|renamed| renamed == name);
        match (old.is_null(), new.is_null()) {
            (false, false) => self.schema(old, new, &spot),
            (true, _) if is_new_name => {}
            (true, _) => self.push(Code::SchemaAdded, &spot, (None, None), (old, new)),
            (_, true) => self.push(Code::SchemaRemoved, &spot, (None, None), (old, new)),
        }
    }
}

/// Returns renamed schemas, by old name.
fn renamed_schemas(old: &Value, new: &Value) -> BTreeMap<String, String> {
    let (Some(before), Some(after)) = (components(old), components(new)) else {
        return BTreeMap::new();
    };
    let gone = before.iter().filter(|(name, _)| !after.contains_key(*name));
    let mut renamed = BTreeMap::new();
    for (name, schema) in gone {
        let found: Vec<_> = after
            .iter()
            .filter(|(other, content)| !before.contains_key(*other) && *content == schema)
            .filter(|(other, _)| !renamed.values().any(|taken| taken == *other))
            .collect();
        if let [(other, _)] = found[..] {
            renamed.insert(name.clone(), other.clone());
        }
    }
    renamed
}

fn both((old, new): (&Value, &Value)) -> bool {
    !old.is_null() && !new.is_null()
}

fn exists(document: &Value, pointer: Option<&str>) -> bool {
    pointer.is_some_and(|pointer| document.pointer(pointer).is_some())
}

/// Returns a value without documentation.
pub(super) fn without_notes(node: &Value) -> Value {
    match node {
        Value::Object(fields) => fields
            .iter()
            .filter(|(key, _)| !is_note(key))
            .map(|(key, value)| (key.clone(), without_notes(value)))
            .collect(),
        Value::Array(items) => items.iter().map(without_notes).collect(),
        other => other.clone(),
    }
}

/// Summarizes a value, or returns `None` if there is none.
pub(super) fn short(value: &Value) -> Option<String> {
    const LONGEST: usize = 80;
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.chars().count() <= LONGEST {
        return Some(text);
    }
    Some(text.chars().take(LONGEST - 1).chain(['…']).collect())
}

/// Returns `true` if both nodes refer to the same component.
pub(super) fn same_component(compare: &Compare<'_>, old: &Value, new: &Value) -> bool {
    match (component_of(old), component_of(new)) {
        (Some(before), Some(after)) => {
            before == after
                || compare
                    .renamed
                    .get(before)
                    .is_some_and(|name| name == after)
        }
        _ => false,
    }
}
