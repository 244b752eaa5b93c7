//! The fixup for recursive compositions of schemas.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Fixup, Need};
use crate::schema::{
    Scope, component_of, components, operation_name, operations, reached_from, resolve, roots,
    subschemas,
};

/// Omits operations with schemas for which the generator does not terminate.
pub(super) const RECURSIVE_COMPOSITIONS: Fixup = Fixup {
    name: "recursive-compositions",
    reason: "the generator merges the parts of `allOf` by field, and overflows its stack if two parts contain \
             themselves in the same field",
    need: Need::OtherDocuments,
    apply: |lowering| {
        let endless = {
            let whole = &lowering.document;
            let bad: BTreeSet<&str> = components(whole)
                .into_iter()
                .flatten()
                .filter(|(_, schema)| holds_endless(whole, schema))
                .map(|(name, _)| name.as_str())
                .collect();
            operations(whole)
                .filter_map(|(method, path, operation)| {
                    let reason = endless_in(whole, operation, &bad)?;
                    Some((operation_name(method, path, operation), reason))
                })
                .collect::<Vec<_>>()
        };
        for (name, reason) in &endless {
            lowering.leave_out_named(name, reason);
        }
        endless.len()
    },
};

fn endless_in(whole: &Value, operation: &Value, bad: &BTreeSet<&str>) -> Option<String> {
    let alone = json!({ "paths": { "/": { "get": operation } } });
    let roots: Vec<&Value> = [Scope::Responses, Scope::Requests]
        .into_iter()
        .flat_map(|scope| roots(&alone, scope))
        .collect();
    if roots.iter().any(|schema| holds_endless(whole, schema)) {
        return Some("its schema is a recursive composition".to_owned());
    }
    let reached = reached_from(whole, roots);
    let first = reached.iter().find(|name| bad.contains(name.as_str()))?;
    Some(format!("the schema `{first}` is a recursive composition"))
}

/// Returns `true` if a schema or a direct subschema has a recursive composition. References are checked separately.
fn holds_endless(whole: &Value, schema: &Value) -> bool {
    let mut mixing = Mixing {
        whole,
        ahead: Vec::new(),
        done: BTreeSet::new(),
    };
    component_of(schema).is_none() && mixing.is_endless(&[schema], &BTreeSet::new())
        || subschemas(schema).any(|inside| holds_endless(whole, inside))
}

/// Simulates how the generator composes schemas.
struct Mixing<'a> {
    whole: &'a Value,
    /// The compositions in progress, each inside the previous one.
    ahead: Vec<(Parts, Parts)>,
    /// The compositions that terminated.
    done: BTreeSet<(Parts, Parts)>,
}

/// Schemas, by address.
type Parts = BTreeSet<*const Value>;

impl<'a> Mixing<'a> {
    /// Returns `true` if composing these schemas does not terminate. A choice of the `chosen` ones is already included.
    fn is_endless(&mut self, schemas: &[&'a Value], chosen: &Parts) -> bool {
        let parts = self.parts(schemas);
        let places: Parts = parts.iter().map(|part| std::ptr::from_ref(*part)).collect();
        let key = (places, chosen.clone());
        if self.ahead.contains(&key) {
            return true;
        }
        if self.done.contains(&key) {
            return false;
        }
        self.ahead.push(key);
        let endless = self.choices(&parts, chosen)
            || self
                .common(&parts)
                .iter()
                .any(|common| self.is_endless(common, &BTreeSet::new()));
        self.done.extend(self.ahead.pop());
        endless
    }

    /// Returns `true` if composing one choice of a part with the others does not terminate.
    fn choices(&mut self, parts: &[&'a Value], chosen: &Parts) -> bool {
        for part in parts {
            let mut chosen = chosen.clone();
            if !chosen.insert(std::ptr::from_ref(*part)) {
                continue;
            }
            for list in ["anyOf", "oneOf"] {
                for choice in part[list].as_array().into_iter().flatten() {
                    let meant = std::ptr::from_ref(resolve(self.whole, choice));
                    if chosen.contains(&meant) {
                        // A choice of itself is composed repeatedly.
                        return true;
                    }
                    let all: Vec<&Value> = parts.iter().copied().chain([choice]).collect();
                    if self.is_endless(&all, &chosen) {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// Returns the parts of a composition, through references and `allOf`.
    fn parts(&self, schemas: &[&'a Value]) -> Vec<&'a Value> {
        let mut parts: Vec<&Value> = Vec::new();
        let mut ahead = schemas.to_vec();
        while let Some(schema) = ahead.pop() {
            let schema = resolve(self.whole, schema);
            let is_known = parts.iter().any(|part| std::ptr::eq(*part, schema));
            if is_known || schema.get("x-rust-type").is_some() {
                continue;
            }
            parts.push(schema);
            ahead.extend(schema["allOf"].as_array().into_iter().flatten());
        }
        parts
    }

    /// Returns the schemas of several parts for the same field, items, or additional properties.
    fn common(&self, parts: &[&'a Value]) -> Vec<Vec<&'a Value>> {
        let fields: BTreeSet<&str> = parts
            .iter()
            .filter_map(|part| part["properties"].as_object())
            .flatten()
            .map(|(name, _)| name.as_str())
            .collect();
        let other = |part: &&'a Value| {
            part.get("additionalProperties")
                .filter(|other| other.is_object())
        };
        let of_fields = fields.into_iter().map(|name| {
            let of = |part: &&'a Value| part["properties"].get(name).or_else(|| other(part));
            parts.iter().filter_map(of).collect::<Vec<_>>()
        });
        let of_items = parts.iter().filter_map(|part| part.get("items")).collect();
        let of_others = parts.iter().filter_map(other).collect();
        of_fields
            .chain([of_items, of_others])
            .map(unlike)
            .filter(|common| common.len() > 1)
            .collect()
    }
}

/// Removes duplicates: two references to the same schema are not composed.
fn unlike(schemas: Vec<&Value>) -> Vec<&Value> {
    let mut unlike: Vec<&Value> = Vec::new();
    for schema in schemas {
        if !unlike.contains(&schema) {
            unlike.push(schema);
        }
    }
    unlike
}

#[cfg(test)]
mod tests;
