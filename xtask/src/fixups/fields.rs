//! The fixup that tells fields of one object apart.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{Fixup, Need};
use crate::lowering::Lowering;
use crate::naming::{free_snake, snake};
use crate::schema::{component_of, reference_to, visit_placed};

/// Tells fields of one object apart.
pub(super) const DISTINCT_FIELDS: Fixup = Fixup {
    name: "distinct-fields",
    reason: "the generator makes one field of properties that differ in case or signs only",
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
            // The one that is spelled like the field keeps it.
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

/// The field in which the generator keeps other properties that have a schema.
const EXTRA: &str = "extra";

/// Renames properties, also where they are named as required; gives how many properties were.
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

/// Which schemas are mixed into one object by `allOf` and its like: their properties come to stand side by side.
struct Mixtures {
    /// For a schema's place another one of the same mixture; the first of a mixture is not here.
    same: BTreeMap<String, String>,
    /// The properties' names, by place.
    properties: BTreeMap<String, BTreeSet<String>>,
    /// The places of schemas that have a schema for other properties.
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
            // What is required and not described becomes a field as well.
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

    /// What stands for the mixture that a place belongs to.
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
