//! Compares two documents: top-level fields, operations and components. Nothing is classified here.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use xtask_bindgen::schema::{components, operations, pointer_token};

use crate::difference::{Code, Difference, Location};
use crate::references::References;

/// The old and the new value, summarized.
pub(crate) type FromTo = (Option<String>, Option<String>);

/// Compares documents and returns the differences in document order.
pub(crate) fn compare(old: &Value, new: &Value) -> Vec<Difference> {
    let mut compare = Compare {
        old,
        new,
        uses: OnceCell::new(),
        renamed: renamed_schemas(old, new),
        found: Vec::new(),
    };
    compare.frame();
    compare.operations();
    compare.components();
    compare.found
}

/// A comparison in progress.
pub(crate) struct Compare<'a> {
    pub(crate) old: &'a Value,
    pub(crate) new: &'a Value,
    /// The uses of components in the old and the new document.
    uses: OnceCell<[References; 2]>,
    /// Renamed component schemas with the same content, by old name.
    pub(crate) renamed: BTreeMap<String, String>,
    found: Vec<Difference>,
}

/// Keys that contain documentation only.
const NOTES: [&str; 8] = [
    "description",
    "summary",
    "title",
    "example",
    "examples",
    "externalDocs",
    "tags",
    "xml",
];

fn is_note(key: &str) -> bool {
    NOTES.contains(&key) || key.starts_with("x-")
}

impl<'a> Compare<'a> {
    /// Records a difference. A JSON pointer that leads nowhere is removed.
    pub(crate) fn push(&mut self, code: Code, location: &Location, (old, new): FromTo) {
        let mut location = location.clone();
        for (pointer, document) in [(&mut location.old, self.old), (&mut location.new, self.new)] {
            pointer.take_if(|pointer| document.pointer(pointer).is_none());
        }
        self.found.push(Difference {
            code,
            location,
            old,
            new,
        });
    }

    /// Records the keys that differ, except those that are compared elsewhere: one difference for documentation, and one for all
    /// others.
    pub(crate) fn rest(
        &mut self,
        old: &Value,
        new: &Value,
        location: &Location,
        elsewhere: &[&str],
    ) {
        let (notes, others): (Vec<_>, Vec<_>) = keys(old, new)
            .into_iter()
            .filter(|key| !elsewhere.contains(&key.as_str()) && old.get(*key) != new.get(*key))
            // Responses contain read-only fields, and requests write-only ones.
            .partition(|key| {
                is_note(key)
                    || *key == "readOnly" && !location.direction.requests
                    || *key == "writeOnly" && !location.direction.responses
            });
        for (code, keys) in [(Code::DocsChanged, notes), (Code::OtherChanged, others)] {
            if !keys.is_empty() {
                let keys: Vec<&str> = keys.into_iter().map(String::as_str).collect();
                self.push(code, location, (None, Some(keys.join(", "))));
            }
        }
    }

    /// Compares `deprecated` of operations, parameters and schemas.
    pub(crate) fn deprecated(&mut self, old: &Value, new: &Value, location: &Location) {
        match (old["deprecated"] == true, new["deprecated"] == true) {
            (false, true) => self.push(Code::Deprecated, location, (None, None)),
            (true, false) => self.push(Code::NoLongerDeprecated, location, (None, None)),
            _ => {}
        }
    }

    /// Compares the fields outside of operations and components.
    fn frame(&mut self) {
        let top = Location {
            place: "document".to_owned(),
            old: Some(String::new()),
            new: Some(String::new()),
            ..Location::default()
        };
        let (old, new) = (self.old, self.new);
        let servers = |document: &Value| -> Vec<String> {
            let servers = document["servers"].as_array().into_iter().flatten();
            servers.filter_map(|server| short(&server["url"])).collect()
        };
        let (before, after) = (servers(old), servers(new));
        let location = top.inside(" servers", "servers");
        if before != after {
            let is_addition = before.iter().all(|address| after.contains(address));
            let code = if is_addition {
                Code::ServersAdded
            } else {
                Code::ServersChanged
            };
            let shown = (Some(before.join(", ")), Some(after.join(", ")));
            self.push(code, &location, shown);
        } else if old["servers"] != new["servers"] {
            self.push(Code::DocsChanged, &location, (None, None));
        }
        for key in ["openapi", "info"] {
            if old[key] != new[key] {
                let location = top.inside(&format!(" {key}"), key);
                self.push(
                    Code::DocsChanged,
                    &location,
                    (short(&old[key]), short(&new[key])),
                );
            }
        }
        // The top-level `security` is compared for each operation; this is the case that no operation uses it.
        let applies = |document: &Value| {
            operations(document).any(|(_, _, operation)| operation.get("security").is_none())
        };
        if old["security"] != new["security"] && !(applies(old) && applies(new)) {
            self.push(
                Code::DocsChanged,
                &top.inside(" security", "security"),
                (None, None),
            );
        }
        let elsewhere = [
            "openapi",
            "info",
            "servers",
            "security",
            "paths",
            "components",
        ];
        self.rest(old, new, &top, &elsewhere);
    }

    fn components(&mut self) {
        let (old, new) = (&self.old["components"], &self.new["components"]);
        for part in keys(old, new) {
            for name in keys(&old[part], &new[part]) {
                let (before, after) = (&old[part][name], &new[part][name]);
                if before == after {
                    continue;
                }
                let location = self.component(part, name);
                match part.as_str() {
                    "schemas" => self.component_schema(name, before, after, location),
                    // An added or removed component matters only through its references.
                    _ if before.is_null() || after.is_null() => {
                        self.push(Code::DocsChanged, &location, (None, None));
                    }
                    "parameters" => self.parameter(before, after, &location),
                    "responses" => self.response(before, after, &location),
                    "requestBodies" => self.body(before, after, &location),
                    "headers" => self.header(before, after, &location),
                    "securitySchemes" if without_notes(before) != without_notes(after) => {
                        let shown = (short(before), short(after));
                        self.push(Code::SecurityChanged, &location, shown);
                    }
                    _ => self.push(Code::DocsChanged, &location, (None, None)),
                }
            }
        }
    }

    fn component(&self, part: &str, name: &str) -> Location {
        let path = format!("{part}/{name}");
        let pointer = format!("/components/{part}/{}", pointer_token(name));
        let place = match part.strip_suffix('s').unwrap_or(part) {
            "schema" => name.to_owned(),
            kind => format!("{kind} {name}"),
        };
        let [old, new] = self
            .uses
            .get_or_init(|| [self.old, self.new].map(References::of));
        let mut operations = old.operations_of(&path);
        operations.extend(new.operations_of(&path));
        Location {
            place,
            old: Some(pointer.clone()),
            new: Some(pointer),
            direction: old.direction_of(&path) | new.direction_of(&path),
            operations,
            ..Location::default()
        }
    }

    fn component_schema(
        &mut self,
        name: &str,
        old: &'a Value,
        new: &'a Value,
        mut location: Location,
    ) {
        location.component = Some((name.to_owned(), None));
        location.is_schema = true;
        if let Some(renamed) = self.renamed.get(name).cloned() {
            location.new = Some(format!("/components/schemas/{}", pointer_token(&renamed)));
            return self.push(Code::SchemaRenamed, &location, (None, Some(renamed)));
        }
        let is_new_name = self.renamed.values().any(|renamed| renamed == name);
        match (old.is_null(), new.is_null()) {
            (false, false) => self.schema(old, new, &location),
            (true, _) if is_new_name => {}
            (true, _) => self.push(Code::SchemaAdded, &location, (None, None)),
            (_, true) => self.push(Code::SchemaRemoved, &location, (None, None)),
        }
    }
}

/// Returns renamed schemas, by old name.
fn renamed_schemas(old: &Value, new: &Value) -> BTreeMap<String, String> {
    let (Some(before), Some(after)) = (components(old), components(new)) else {
        return BTreeMap::new();
    };
    let mut renamed = BTreeMap::new();
    for (name, schema) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
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

/// Returns the keys of two objects.
pub(crate) fn keys<'v>(old: &'v Value, new: &'v Value) -> BTreeSet<&'v String> {
    let objects = [old, new].into_iter().filter_map(Value::as_object);
    objects.flat_map(serde_json::Map::keys).collect()
}

/// Returns a value without documentation.
pub(crate) fn without_notes(node: &Value) -> Value {
    match node {
        Value::Object(fields) => fields
            .iter()
            .filter(|(key, _)| !is_note(key))
            .map(|(key, value)| match value.as_object() {
                // The keys of this map are names, such as `title`.
                Some(properties) if key == "properties" => {
                    let properties = properties.iter();
                    let kept =
                        properties.map(|(name, schema)| (name.clone(), without_notes(schema)));
                    (key.clone(), kept.collect())
                }
                _ => (key.clone(), without_notes(value)),
            })
            .collect(),
        Value::Array(items) => items.iter().map(without_notes).collect(),
        other => other.clone(),
    }
}

/// Summarizes a value, or returns `None` if there is none.
pub(crate) fn short(value: &Value) -> Option<String> {
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

/// Returns `true` if the generator gives both names the same Rust name: `sessionId`, `session_id` and `SessionId`.
pub(crate) fn same_rust_name(one: &str, other: &str) -> bool {
    let letters = |name: &str| -> String {
        let letters = name.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    letters(one) == letters(other)
}
