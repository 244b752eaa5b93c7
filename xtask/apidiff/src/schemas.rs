//! Compares two schemas.

use std::collections::BTreeSet;

use serde_json::Value;
use xtask_bindgen::schema::{component_of, resolve};

use crate::compare::{Compare, same_rust_name, short, without_notes};
use crate::difference::{Code, DocumentPart, Location};

/// The limits that reject values above them, those that reject values below them, and the others.
const UPPER: [&str; 4] = ["maximum", "maxLength", "maxItems", "maxProperties"];
const LOWER: [&str; 4] = ["minimum", "minLength", "minItems", "minProperties"];
const OTHER: [&str; 5] = [
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "pattern",
    "uniqueItems",
];

const COMPOSED: [&str; 4] = ["allOf", "anyOf", "oneOf", "not"];

/// The keys that [`Compare::schema`] compares separately, except limits and compositions.
const KNOWN: [&str; 11] = [
    "type",
    "format",
    "nullable",
    "enum",
    "default",
    "required",
    "properties",
    "items",
    "additionalProperties",
    "deprecated",
    "$ref",
];

impl Compare<'_> {
    /// Compares two schemas. A component that both refer to is compared separately.
    pub(crate) fn schema(&mut self, old: &Value, new: &Value, location: &Location) {
        if old == new || self.is_same_component(old, new) {
            return;
        }
        let (before, after) = (resolve(self.old, old), resolve(self.new, new));
        let mut location = location.clone();
        if let Some(component) = before["x-component"].as_str() {
            location.component = Some((component.to_owned(), None));
        }
        let location = &location;
        let from_to = || (Some(describe(old)), Some(describe(new)));
        let is_same = without_notes(before) == without_notes(after);
        match (kind(before), kind(after)) {
            (one, other) if one == other => {
                let references = [old, new].map(|schema| component_of(schema).is_some());
                if references.contains(&true) && [before, after].iter().any(|it| has_a_name(it)) {
                    let is_other = references == [true, true] && !is_same;
                    let code = if is_other {
                        Code::TypeChanged
                    } else {
                        Code::TypeRenamed
                    };
                    self.push(code, location, from_to());
                    if is_same || is_other {
                        return;
                    }
                }
            }
            (one, other) => {
                let code = if accepts(other, one) {
                    Code::TypeWidened
                } else if accepts(one, other) {
                    Code::TypeNarrowed
                } else {
                    Code::TypeChanged
                };
                return self.push(code, location, from_to());
            }
        }
        self.values(before, after, location);
        self.scalars(before, after, location);
        self.fields(before, after, location);
        self.parts(before, after, location);
        self.deprecated(before, after, location);
        let elsewhere = [&KNOWN[..], &UPPER, &LOWER, &OTHER, &COMPOSED].concat();
        self.rest(before, after, location, &elsewhere);
    }

    fn scalars(&mut self, old: &Value, new: &Value, location: &Location) {
        let shown = |key: &str| (short(&old[key]), short(&new[key]));
        match shown("format") {
            (old, new) if old == new => {}
            (None, new) => self.push(Code::FormatNarrowed, location, (None, new)),
            (old, None) => self.push(Code::FormatWidened, location, (old, None)),
            from_to => self.push(Code::FormatChanged, location, from_to),
        }
        match (old["nullable"] == true, new["nullable"] == true) {
            (false, true) => self.push(Code::NowNullable, location, (None, None)),
            (true, false) => self.push(Code::NoLongerNullable, location, (None, None)),
            _ => {}
        }
        if old.get("default") != new.get("default") {
            self.push(Code::DefaultChanged, location, shown("default"));
        }
        let (mut tighter, mut looser) = (Vec::new(), Vec::new());
        for key in [&LOWER[..], &UPPER, &OTHER].concat() {
            let (before, after) = (&old[key], &new[key]);
            let grows = || after.as_f64() > before.as_f64();
            match (is_limit(before), is_limit(after)) {
                _ if before == after => {}
                (false, true) => tighter.push(key),
                (true, false) => looser.push(key),
                _ if UPPER.contains(&key) && grows() => looser.push(key),
                _ if LOWER.contains(&key) && !grows() => looser.push(key),
                _ => tighter.push(key),
            }
        }
        for (code, keys) in [
            (Code::LimitTightened, tighter),
            (Code::LimitLoosened, looser),
        ] {
            let limits = |schema: &Value| {
                let shown = keys
                    .iter()
                    .filter_map(|key| Some(format!("{key} {}", short(&schema[*key])?)));
                let shown: Vec<String> = shown.collect();
                (!shown.is_empty()).then(|| shown.join(", "))
            };
            if !keys.is_empty() {
                self.push(code, location, (limits(old), limits(new)));
            }
        }
    }

    fn values(&mut self, old: &Value, new: &Value, location: &Location) {
        let shown = (short(&old["enum"]), short(&new["enum"]));
        let (before, after) = match (old["enum"].as_array(), new["enum"].as_array()) {
            (Some(before), Some(after)) => (before, after),
            (None, Some(_)) => return self.push(Code::ValuesListed, location, shown),
            (Some(_), None) => return self.push(Code::ValuesOpened, location, shown),
            (None, None) => return,
        };
        let mut has_same_values = true;
        for (code, these, others) in [
            (Code::ValueRemoved, before, after),
            (Code::ValueAdded, after, before),
        ] {
            for value in these.iter().filter(|value| !others.contains(value)) {
                has_same_values = false;
                let text = short(value).unwrap_or_else(|| "null".to_owned());
                let mut inside = location.inside(&format!(" value {text}"), "enum");
                inside.parts = parts_of_value(location, &text);
                self.push(code, &inside, (None, None));
            }
        }
        if has_same_values && before != after {
            self.push(Code::ValuesReordered, location, shown);
        }
    }

    fn fields(&mut self, old: &Value, new: &Value, location: &Location) {
        let empty = serde_json::Map::new();
        let before = old["properties"].as_object().unwrap_or(&empty);
        let after = new["properties"].as_object().unwrap_or(&empty);
        let mut added: BTreeSet<&String> = after
            .keys()
            .filter(|name| !before.contains_key(*name))
            .collect();
        for (name, property) in before {
            let mut place = location.field(name);
            let renamed = added
                .iter()
                .find(|other| same_rust_name(other, name))
                .copied();
            let name_after = if after.contains_key(name) {
                Some(name)
            } else {
                renamed
            };
            let Some(name_after) = name_after else {
                let was = Some(describe(property));
                place.required = requires(old, name);
                self.push(Code::FieldRemoved, &place, (was, None));
                continue;
            };
            place.new = location.field(name_after).new;
            if name_after != name {
                added.remove(name_after);
                let names = (Some(name.clone()), Some(name_after.clone()));
                self.push(Code::FieldRenamed, &place, names);
            }
            let is_required = (requires(old, name), requires(new, name_after));
            place.required = is_required == (true, true);
            match is_required {
                (false, true) => self.push(Code::FieldRequired, &place, (None, None)),
                (true, false) => self.push(Code::FieldOptional, &place, (None, None)),
                _ => {}
            }
            self.schema(property, &after[name_after], &place);
        }
        for name in added {
            let code = if requires(new, name) {
                Code::RequiredFieldAdded
            } else {
                Code::FieldAdded
            };
            let is = Some(describe(&after[name]));
            self.push(code, &location.field(name), (None, is));
        }
        // `required` may contain fields that are not described.
        let undescribed = |schema: &Value| -> BTreeSet<String> {
            let names = schema["required"].as_array().into_iter().flatten();
            let names = names.filter_map(|name| name.as_str().map(str::to_owned));
            names
                .filter(|name| !before.contains_key(name) && !after.contains_key(name))
                .collect()
        };
        if undescribed(old) != undescribed(new) {
            let shown = (short(&old["required"]), short(&new["required"]));
            self.push(Code::OtherChanged, location, shown);
        }
    }

    /// Compares items, additional properties and the alternatives of compositions.
    fn parts(&mut self, old: &Value, new: &Value, location: &Location) {
        if old["items"] != new["items"] {
            self.schema(&old["items"], &new["items"], &location.items("[]", "items"));
        }
        let (before, after) = (&old["additionalProperties"], &new["additionalProperties"]);
        if before.is_object() && after.is_object() {
            self.schema(before, after, &location.items("{}", "additionalProperties"));
        } else if before != after {
            // `true`, an absent value and an empty schema accept every field, `false` accepts none.
            let accepts = |more: &Value| match more {
                Value::Bool(false) => 0,
                Value::Object(schema) if !schema.is_empty() => 1,
                _ => 2,
            };
            let code = match accepts(before).cmp(&accepts(after)) {
                std::cmp::Ordering::Less => Code::FieldsOpened,
                std::cmp::Ordering::Equal => Code::DocsChanged,
                std::cmp::Ordering::Greater => Code::FieldsClosed,
            };
            self.push(code, location, (short(before), short(after)));
        }
        for key in COMPOSED {
            let (before, after) = (&old[key], &new[key]);
            if let (Some(before), Some(after)) = (before.as_array(), after.as_array())
                && before.len() == after.len()
            {
                for (index, (before, after)) in before.iter().zip(after).enumerate() {
                    let suffix = format!(" {key} {index}");
                    let place = location.inside(&suffix, &format!("{key}/{index}"));
                    self.schema(before, after, &place);
                }
            } else if before != after {
                let shown = (short(before), short(after));
                self.push(Code::CompositionChanged, location, shown);
            }
        }
    }

    /// Returns `true` if both nodes refer to the same component.
    fn is_same_component(&self, old: &Value, new: &Value) -> bool {
        let (Some(before), Some(after)) = (component_of(old), component_of(new)) else {
            return false;
        };
        let renamed = self.renamed.get(before).map(String::as_str);
        before == after || renamed == Some(after)
    }
}

/// Returns the parts that the facade may map for a value: its field, or the schema that lists it.
fn parts_of_value(location: &Location, value: &str) -> BTreeSet<DocumentPart> {
    let (schema, field) = match &location.component {
        Some((schema, field)) => (schema.clone(), field.clone().unwrap_or_default()),
        None => return BTreeSet::new(),
    };
    BTreeSet::from([DocumentPart::Value(schema, field, value.to_owned())])
}

fn requires(schema: &Value, name: &str) -> bool {
    let names = schema["required"].as_array();
    names.is_some_and(|names| names.iter().any(|one| one == name))
}

fn is_limit(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}

/// Returns `true` if a type accepts all values of the other one.
fn accepts(wide: Option<&str>, narrow: Option<&str>) -> bool {
    wide.is_none() || (wide, narrow) == (Some("number"), Some("integer"))
}

/// Returns the type of a schema, or `None` if it accepts any value. A schema with properties is an object, even without
/// `type`.
fn kind(schema: &Value) -> Option<&str> {
    let implied = || {
        let is_object = schema.get("properties").is_some();
        let is_composed = COMPOSED.iter().any(|key| schema.get(*key).is_some());
        match (is_object, is_composed) {
            (true, _) => Some("object"),
            (_, true) => Some("a composition"),
            _ => None,
        }
    };
    schema["type"].as_str().or_else(implied)
}

/// Returns `true` if the Rust type of a schema has a name of its own.
fn has_a_name(schema: &Value) -> bool {
    let keys = ["properties", "enum", "allOf", "anyOf", "oneOf"];
    keys.iter().any(|key| schema.get(*key).is_some())
}

/// Summarizes a schema.
pub(crate) fn describe(schema: &Value) -> String {
    if let Some(name) = component_of(schema) {
        return name.to_owned();
    }
    let mut text = match kind(schema) {
        Some("string") if schema.get("enum").is_some() => {
            format!("one of {}", short(&schema["enum"]).unwrap_or_default())
        }
        Some("array") => format!("list of {}", describe(&schema["items"])),
        Some("object") if !schema["properties"].is_object() => "map".to_owned(),
        Some(other) => other.to_owned(),
        None => "any value".to_owned(),
    };
    if let Some(format) = schema["format"].as_str() {
        text = format!("{text} ({format})");
    }
    if schema["nullable"] == true {
        text.push_str(" or null");
    }
    text
}
