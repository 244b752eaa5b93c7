//! Fixups that name every type, and wrap every object of a response in the hand-written type that keeps unknown fields.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Fixup, Need};
use crate::lowering::Lowering;
use crate::naming::{RESERVED_TYPES, free_pascal, pascal, snake};
use crate::schema::{
    Scope, component_of, component_pointer, components, components_mut, reference_to, roots_mut,
    subschemas_mut, visit_scope,
};

/// Moves inline objects and enums to components.
pub(super) const NAME_TYPES: Fixup = Fixup {
    name: "name-types",
    reason: "only named objects can be wrapped to keep unknown fields, and the generator silently uses an existing \
             type if the name that it derives for an inline type is taken",
    need: Need::ServiceDocument,
    apply: name_types,
};

fn name_types(lowering: &mut Lowering) -> Vec<String> {
    let components = components(&lowering.document);
    let names = components
        .into_iter()
        .flatten()
        .map(|(name, _)| pascal(name));
    let mut naming = Naming {
        taken: names.chain(RESERVED_TYPES.map(str::to_owned)).collect(),
        made: Map::new(),
        places: Vec::new(),
    };
    for root in roots_mut(&mut lowering.document) {
        naming.name(
            &root.pointer,
            root.schema,
            &format!("{}-{}", root.id, root.role),
        );
    }
    let schemas = components_mut(&mut lowering.document);
    for (name, schema) in schemas.iter_mut() {
        naming.name_inside(&component_pointer(name), schema, name);
    }
    schemas.extend(naming.made);
    naming.places
}

struct Naming {
    taken: BTreeSet<String>,
    made: Map<String, Value>,
    places: Vec<String>,
}

impl Naming {
    /// Names a schema and the schemas inside it, the innermost first. `base` is the name that the generator would derive.
    fn name(&mut self, pointer: &str, schema: &mut Value, base: &str) {
        self.name_inside(pointer, schema, base);
        if is_struct(schema) || schema.get("enum").is_some() {
            let free = free_pascal(base, &mut self.taken);
            let mut named = std::mem::replace(schema, reference_to(&free));
            let nullable = named
                .as_object_mut()
                .and_then(|named| named.remove("nullable"));
            if nullable == Some(Value::Bool(true)) {
                *schema = json!({ "allOf": [schema.take()], "nullable": true });
            }
            self.made.insert(free, named);
            self.places.push(pointer.to_owned());
        }
    }

    fn name_inside(&mut self, pointer: &str, schema: &mut Value, base: &str) {
        for (key, inside) in subschemas_mut(schema) {
            let base = match key.split_once('/') {
                Some(("properties", name)) => format!("{base}_{}", snake(name)),
                Some(_) => base.to_owned(),
                None if key == "items" => format!("{base}-item"),
                None => format!("{base}-value"),
            };
            self.name(&format!("{pointer}/{key}"), inside, &base);
        }
    }
}

/// Returns `true` for an object with fields.
fn is_struct(schema: &Value) -> bool {
    schema["properties"]
        .as_object()
        .is_some_and(|properties| !properties.is_empty())
}

/// Wraps every use of an object in a response.
pub(super) const KEEP_UNKNOWN_FIELDS: Fixup = Fixup {
    name: "keep-unknown-fields",
    reason: "fields that the service adds must be kept, and `[]` must be read as an empty object",
    need: Need::OwnDocument,
    apply: |lowering| {
        let structs: BTreeSet<String> = components(&lowering.document)
            .into_iter()
            .flatten()
            .filter(|(_, schema)| is_struct(schema))
            .map(|(name, _)| name.clone())
            .collect();
        let mut places = Vec::new();
        visit_scope(
            &mut lowering.document,
            Scope::Responses,
            &mut |pointer, schema| {
                if let Some(name) = component_of(schema)
                    && structs.contains(name)
                {
                    *schema = wrapped(name);
                    places.push(pointer.to_owned());
                }
            },
        );
        places
    },
};

/// Returns the wrapper, in the notation of the generator.
fn wrapped(component: &str) -> Value {
    json!({
        "type": "object",
        "x-rust-type": {
            "crate": "apivideo-core",
            "version": "*",
            "path": "apivideo_core::wire::Object",
            "parameters": [reference_to(component)],
        },
    })
}

#[cfg(test)]
mod tests;
