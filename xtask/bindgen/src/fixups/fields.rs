//! The fixup that gives fields of an object distinct names.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{Fixup, Need};
use crate::lowering::Lowering;
use crate::naming::{free_snake, snake};
use crate::schema::{component_of, reference_to, visit_placed};

/// Gives fields of an object distinct names.
pub(super) const DISTINCT_FIELDS: Fixup = Fixup {
    name: "distinct-fields",
    reason: "properties that differ only in case or symbols have the same field name",
    need: Need::OtherDocuments,
    apply: distinct_fields,
};

fn distinct_fields(lowering: &mut Lowering) -> usize {
    let mixtures = Mixtures::of(&mut lowering.document);
    let maps: BTreeSet<String> = mixtures
        .maps
        .iter()
        .map(|place| mixtures.whole(place))
        .collect();
    let mut stand_ins: BTreeMap<(String, String), String> = BTreeMap::new();
    for (whole, names) in mixtures.names() {
        let mut by_field: BTreeMap<String, Vec<&String>> = BTreeMap::new();
        for name in &names {
            by_field.entry(snake(name)).or_default().push(name);
        }
        let mut taken: BTreeSet<String> = by_field.keys().cloned().collect();
        for (field, mut alike) in by_field {
            // The property with the same spelling keeps the name.
            alike.sort_by_key(|name| (**name != field, (*name).clone()));
            let keeps = usize::from(field != EXTRA || !maps.contains(&whole));
            for name in alike.into_iter().skip(keeps) {
                let free = free_snake(&field, &mut taken);
                let stand_in = lowering.wire_names.stand_in(&free, name);
                stand_ins.insert((whole.clone(), name.clone()), stand_in);
            }
        }
    }
    let mut count = 0;
    visit_placed(&mut lowering.document, &mut |place, schema| {
        let whole = mixtures.whole(place);
        count += rename(schema, |name| {
            stand_ins.get(&(whole.clone(), name.to_owned())).cloned()
        });
    });
    count
}

/// The field in which the generator stores additional properties with a schema.
const EXTRA: &str = "extra";

/// Renames properties, including in `required`, and returns their number.
fn rename(schema: &mut Value, to: impl Fn(&str) -> Option<String>) -> usize {
    let mut count = 0;
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        let renamed: Map<String, Value> = std::mem::take(properties)
            .into_iter()
            .map(|(name, property)| match to(&name) {
                Some(other) => {
                    count += 1;
                    (other, property)
                }
                None => (name, property),
            })
            .collect();
        *properties = renamed;
    }
    for name in schema
        .get_mut("required")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        if let Some(other) = name.as_str().and_then(&to) {
            *name = json!(other);
        }
    }
    count
}

/// The schemas that are composed to one object by `allOf`, `anyOf` or `oneOf`, so that their properties share a namespace.
struct Mixtures {
    /// For each location, another location of the same composition; the first one has no entry.
    same: BTreeMap<String, String>,
    /// The names of properties, by location.
    properties: BTreeMap<String, BTreeSet<String>>,
    /// The locations of schemas with a schema for additional properties.
    maps: BTreeSet<String>,
}

impl Mixtures {
    fn of(document: &mut Value) -> Self {
        let mut mixtures = Self {
            same: BTreeMap::new(),
            properties: BTreeMap::new(),
            maps: BTreeSet::new(),
        };
        visit_placed(document, &mut |place, schema| {
            if let Some(behind) = component_of(schema) {
                let behind = reference_to(behind)["$ref"].as_str().map(str::to_owned);
                mixtures.join(place, &behind.unwrap_or_default());
            }
            for list in ["allOf", "anyOf", "oneOf"] {
                let parts = schema[list].as_array().into_iter().flatten();
                for (index, _) in parts.enumerate() {
                    mixtures.join(place, &format!("{place}/{list}/{index}"));
                }
            }
            let properties = schema["properties"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, _)| name.clone());
            if schema["additionalProperties"].is_object() {
                mixtures.maps.insert(place.to_owned());
            }
            // A required property without a description becomes a field too.
            let required = schema["required"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_owned);
            mixtures
                .properties
                .insert(place.to_owned(), properties.chain(required).collect());
        });
        mixtures
    }

    /// Returns the representative of the composition of a location.
    fn whole(&self, place: &str) -> String {
        let mut place = place;
        while let Some(other) = self.same.get(place) {
            place = other;
        }
        place.to_owned()
    }

    fn join(&mut self, one: &str, other: &str) {
        let (one, other) = (self.whole(one), self.whole(other));
        if one != other {
            self.same.insert(one, other);
        }
    }

    fn names(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (place, properties) in &self.properties {
            names
                .entry(self.whole(place))
                .or_default()
                .extend(properties.iter().cloned());
        }
        names
    }
}

#[cfg(test)]
mod tests;
