//! Compares two schemas.

use std::collections::BTreeSet;

use serde_json::Value;

use super::compare::{Compare, same_component, short, without_notes};
use super::difference::{Code, DocumentPart, Location};
use super::normalized_name::NormalizedName;
use xtask_bindgen::schema::{component_of, resolve};

const LIMITS: [&str; 13] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "pattern",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
];

const COMPOSED: [&str; 4] = ["allOf", "anyOf", "oneOf", "not"];

/// The keys that [`Compare::schema`] compares separately.
const KNOWN: [&str; 10] = [
    "type",
    "format",
    "nullable",
    "enum",
    "default",
    "required",
    "properties",
    "items",
    "additionalProperties",
    "$ref",
];

impl Compare<'_> {
    /// Compares two schemas. A component that both refer to is compared separately.
    pub(super) fn schema(&mut self, old: &Value, new: &Value, spot: &Location) {
        if old == new || same_component(self, old, new) {
            return;
        }
        let (before, after) = (resolve(self.old, old), resolve(self.new, new));
        let is_reference = component_of(old).is_some() || component_of(new).is_some();
        if kind(before) != kind(after) || is_reference && gives_a_type(before, after) {
            let texts = (Some(describe(old)), Some(describe(new)));
            self.push(Code::TypeChanged, spot, texts, (old, new));
            let are_references = component_of(old).is_some() && component_of(new).is_some();
            if are_references
                || kind(before) != kind(after)
                || without_notes(before) == without_notes(after)
            {
                return;
            }
        }
        self.values(before, after, spot);
        self.scalars(before, after, spot);
        self.fields(before, after, spot);
        self.inside(before, after, spot);
        let elsewhere: Vec<&str> = KNOWN.into_iter().chain(LIMITS).chain(COMPOSED).collect();
        self.rest(before, after, spot, &elsewhere);
    }

    fn scalars(&mut self, old: &Value, new: &Value, spot: &Location) {
        let nodes = (&Value::Null, &Value::Null);
        if old["format"] != new["format"] {
            let texts = (short(&old["format"]), short(&new["format"]));
            self.push(Code::FormatChanged, spot, texts, nodes);
        }
        match (is_true(old, "nullable"), is_true(new, "nullable")) {
            (false, true) => self.push(Code::NowNullable, spot, (None, None), nodes),
            (true, false) => self.push(Code::NoLongerNullable, spot, (None, None), nodes),
            _ => {}
        }
        if old.get("default") != new.get("default") {
            let texts = (short(&old["default"]), short(&new["default"]));
            self.push(Code::DefaultChanged, spot, texts, nodes);
        }
        let limits = |schema: &Value| {
            let found: Vec<_> = LIMITS
                .iter()
                .filter_map(|key| Some(format!("{key} {}", short(schema.get(*key)?)?)))
                .collect();
            (!found.is_empty()).then(|| found.join(", "))
        };
        let (before, after) = (limits(old), limits(new));
        if before != after {
            self.push(Code::LimitChanged, spot, (before, after), nodes);
        }
    }

    fn values(&mut self, old: &Value, new: &Value, spot: &Location) {
        let nodes = (&Value::Null, &Value::Null);
        let (before, after) = match (old["enum"].as_array(), new["enum"].as_array()) {
            (Some(before), Some(after)) => (before, after),
            (None, Some(_)) => {
                let texts = (None, short(&new["enum"]));
                return self.push(Code::ValuesListed, spot, texts, nodes);
            }
            (Some(_), None) => {
                let texts = (short(&old["enum"]), None);
                return self.push(Code::ValuesOpened, spot, texts, nodes);
            }
            (None, None) => return,
        };
        let mut moved = true;
        for (code, these, others) in [
            (Code::ValueRemoved, before, after),
            (Code::ValueAdded, after, before),
        ] {
            for value in these.iter().filter(|value| !others.contains(value)) {
                moved = false;
                let text = short(value).unwrap_or_else(|| "null".to_owned());
                let mut place = spot.inside("", "enum");
                place.words = format!("value `{text}` of {}", spot.words);
                place.origins.insert(super::items::Origin::Type(
                    spot.type_name.clone(),
                    Some(NormalizedName::of(&text)),
                ));
                place.rests = self.rests_of_value(spot, &text);
                self.push(code, &place, (None, None), nodes);
            }
        }
        if moved && before != after {
            let texts = (short(&old["enum"]), short(&new["enum"]));
            self.push(Code::ValuesReordered, spot, texts, nodes);
        }
    }

    /// Returns the parts that the facade may map for a value: its field, or the schema that lists it.
    fn rests_of_value(&self, spot: &Location, value: &str) -> BTreeSet<DocumentPart> {
        let fields = spot.rests.iter().filter_map(|rest| match rest {
            DocumentPart::Field(schema, field) => Some(DocumentPart::Value(
                schema.clone(),
                field.clone(),
                value.to_owned(),
            )),
            _ => None,
        });
        let mut rests: BTreeSet<DocumentPart> = fields.collect();
        if let [component] = &spot.chain[..]
            && spot.component.is_some()
        {
            rests.insert(DocumentPart::Value(
                component.clone(),
                String::new(),
                value.to_owned(),
            ));
        }
        rests
    }

    fn fields(&mut self, old: &Value, new: &Value, spot: &Location) {
        let empty = serde_json::Map::new();
        let before = old["properties"].as_object().unwrap_or(&empty);
        let after = new["properties"].as_object().unwrap_or(&empty);
        let requires = |schema: &Value, name: &str| {
            schema["required"]
                .as_array()
                .is_some_and(|names| names.iter().any(|one| one == name))
        };
        let added: Vec<&String> = after
            .keys()
            .filter(|name| !before.contains_key(*name))
            .collect();
        let mut taken = BTreeSet::new();
        for (name, property) in before {
            let mut place = spot.field(name);
            if let Some(other) = after.get(name) {
                place.required = requires(old, name) && requires(new, name);
                self.required(
                    (requires(old, name), requires(new, name)),
                    (property, other),
                    &place,
                );
                self.schema(property, other, &place);
            } else if let Some(renamed) = added.iter().find(|other| {
                NormalizedName::of(other) == NormalizedName::of(name) && !taken.contains(*other)
            }) {
                taken.insert(*renamed);
                place.new = spot.field(renamed).new;
                let texts = (Some(name.clone()), Some((*renamed).clone()));
                self.push(Code::FieldRenamed, &place, texts, (property, property));
                let other = &after[*renamed];
                self.required(
                    (requires(old, name), requires(new, renamed)),
                    (property, other),
                    &place,
                );
                self.schema(property, other, &place);
            } else {
                let texts = (Some(describe(property)), None);
                self.push(Code::FieldRemoved, &place, texts, (property, &Value::Null));
            }
        }
        for name in added.iter().filter(|name| !taken.contains(*name)) {
            let property = &after[*name];
            let code = if requires(new, name) {
                Code::RequiredFieldAdded
            } else {
                Code::FieldAdded
            };
            let texts = (None, Some(describe(property)));
            self.push(code, &spot.field(name), texts, (&Value::Null, property));
        }
        self.unknown_required(old, new, spot);
    }

    /// `required` may contain fields that are not described.
    fn unknown_required(&mut self, old: &Value, new: &Value, spot: &Location) {
        let undescribed = |schema: &Value| -> BTreeSet<String> {
            let names = schema["required"].as_array().into_iter().flatten();
            names
                .filter_map(|name| name.as_str())
                .filter(|name| schema["properties"].get(*name).is_none())
                .map(str::to_owned)
                .collect()
        };
        let described = |schema: &Value, name: &str| schema["properties"].get(name).is_some();
        let before = undescribed(old);
        let after = undescribed(new);
        let differ = before
            .symmetric_difference(&after)
            .any(|name| !described(old, name) && !described(new, name));
        if differ {
            let texts = (short(&old["required"]), short(&new["required"]));
            self.push(
                Code::OtherChanged,
                spot,
                texts,
                (&Value::Null, &Value::Null),
            );
        }
    }

    fn required(
        &mut self,
        (before, after): (bool, bool),
        nodes: (&Value, &Value),
        spot: &Location,
    ) {
        match (before, after) {
            (false, true) => self.push(Code::FieldRequired, spot, (None, None), nodes),
            (true, false) => self.push(Code::FieldOptional, spot, (None, None), nodes),
            _ => {}
        }
    }

    fn inside(&mut self, old: &Value, new: &Value, spot: &Location) {
        if old["items"] != new["items"] {
            let place = spot.items("items of", "items");
            self.schema(&old["items"], &new["items"], &place);
        }
        let (before, after) = (&old["additionalProperties"], &new["additionalProperties"]);
        if before.is_object() && after.is_object() {
            let place = spot.items("values of", "additionalProperties");
            self.schema(before, after, &place);
        } else if old.get("additionalProperties") != new.get("additionalProperties") {
            let texts = (short(before), short(after));
            self.push(Code::MoreFieldsChanged, spot, texts, (before, after));
        }
        for key in COMPOSED {
            let (before, after) = (&old[key], &new[key]);
            if let (Some(before), Some(after)) = (before.as_array(), after.as_array())
                && before.len() == after.len()
            {
                for (index, (before, after)) in before.iter().zip(after).enumerate() {
                    let place = spot.inside("a part of", &format!("{key}/{index}"));
                    self.schema(before, after, &place);
                }
            } else if before != after {
                let texts = (short(before), short(after));
                self.push(Code::CompositionChanged, spot, texts, (before, after));
            }
        }
    }
}

fn is_true(schema: &Value, key: &str) -> bool {
    schema[key] == true
}

/// Returns the type of a schema. A schema with properties is an object, even without `type`.
fn kind(schema: &Value) -> Option<&str> {
    let listed = schema["type"].as_str();
    listed.or_else(|| schema.get("properties").map(|_| "object"))
}

/// Returns `true` if one of the schemas has a Rust type, so that its name matters.
fn gives_a_type(old: &Value, new: &Value) -> bool {
    [old, new].iter().any(|schema| {
        ["properties", "enum", "allOf", "anyOf", "oneOf"]
            .iter()
            .any(|key| schema.get(*key).is_some())
    })
}

/// Summarizes a schema.
pub(super) fn describe(schema: &Value) -> String {
    if let Some(name) = component_of(schema) {
        return format!("`{name}`");
    }
    let mut text = match kind(schema) {
        Some("string") if schema.get("enum").is_some() => {
            format!("one of {}", short(&schema["enum"]).unwrap_or_default())
        }
        Some("string") => "text".to_owned(),
        Some("array") => format!("list of {}", describe(&schema["items"])),
        Some("object") if schema["properties"].is_object() => "an object".to_owned(),
        Some("object") => "a map".to_owned(),
        Some(other) => other.to_owned(),
        None if COMPOSED.iter().any(|key| schema.get(*key).is_some()) => "a composition".to_owned(),
        None => "anything".to_owned(),
    };
    if let Some(format) = schema["format"].as_str() {
        text.push_str(&format!(" ({format})"));
    }
    if is_true(schema, "nullable") {
        text.push_str(", or null");
    }
    text
}
