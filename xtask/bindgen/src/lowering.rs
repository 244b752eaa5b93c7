//! A lowered copy of a document, and the list of fixups that were applied.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::error::Refused;
use crate::fixups::{Fixup, Need};
use crate::schema::{operation_pointer, operations, pointer_token, resolve};
use crate::unsupported::unsupported;

/// A document that is being lowered.
#[derive(Clone, Debug)]
pub struct Lowering {
    /// The copy.
    pub document: Value,
    /// The applied fixups, in order.
    pub applied: Vec<Applied>,
    /// The parts that are not generated, with the reason.
    pub left_out: Vec<Refused>,
}

/// An applied fixup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Its name.
    pub name: &'static str,
    /// The reason for the fixup.
    pub reason: &'static str,
    /// The document that needs it.
    pub need: Need,
    /// The places that it changed: JSON pointers in the lowered document, with the names of parameters instead of their
    /// indices, which change with every new parameter.
    pub places: Vec<String>,
}

impl Lowering {
    /// Creates a copy to lower, without the operations that the generator does not support.
    #[must_use]
    pub fn of(document: &Value) -> Self {
        let mut lowering = Self::whole(document);
        for (method, path, refused) in unsupported(document) {
            if let Some(item) = lowering.document["paths"]
                .get_mut(&path)
                .and_then(Value::as_object_mut)
            {
                item.remove(method);
            }
            lowering.left_out.push(refused);
        }
        lowering
    }

    /// Creates a copy to lower, with all operations.
    #[must_use]
    pub fn whole(document: &Value) -> Self {
        Self {
            document: document.clone(),
            applied: Vec::new(),
            left_out: Vec::new(),
        }
    }

    /// Runs fixups, in order.
    pub fn run(&mut self, fixups: &[Fixup]) {
        for Fixup {
            name,
            reason,
            need,
            apply,
        } in fixups
        {
            let before = ParameterNames::of(&self.document);
            let places = apply(self);
            let after = ParameterNames::of(&self.document);
            let places = places.into_iter().map(|place| {
                let named = before.in_place(&place).or_else(|| after.in_place(&place));
                named.unwrap_or(place)
            });
            let places = places.collect();
            self.applied.push(Applied {
                name,
                reason,
                need: *need,
                places,
            });
        }
    }
}

/// The names of the parameters of a document, by the pointer to the list.
struct ParameterNames(BTreeMap<String, Vec<String>>);

impl ParameterNames {
    fn of(document: &Value) -> Self {
        let lists = operations(document).map(|(method, path, operation)| {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let names = parameters.map(|parameter| {
                let name = resolve(document, parameter)["name"].as_str();
                pointer_token(name.unwrap_or_default()).into_owned()
            });
            (operation_pointer(method, path), names.collect())
        });
        Self(lists.collect())
    }

    /// Replaces the index of a parameter by its name.
    fn in_place(&self, place: &str) -> Option<String> {
        let (operation, rest) = place.split_once("/parameters/")?;
        let (index, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let name = self.0.get(operation)?.get(index.parse::<usize>().ok()?)?;
        Some(format!("{operation}/parameters/{name}{rest}"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fixups::LIBRARY;

    #[test]
    fn places_have_the_names_of_parameters() {
        let schema = json!({ "type": "integer", "default": 1 });
        let inline = json!({ "name": "a/b", "in": "query", "schema": schema });
        let referenced = json!({ "name": "page", "in": "query", "schema": schema });
        let document = json!({
            "paths": { "/a": { "get": {
                "parameters": [inline, { "$ref": "#/components/parameters/p" }],
                "responses": { "204": { "description": "done" } }
            } } },
            "components": { "parameters": { "p": referenced } }
        });
        let mut lowering = Lowering::whole(&document);
        lowering.run(LIBRARY);
        let places = |name: &str| {
            let applied = lowering.applied.iter().find(|applied| applied.name == name);
            let mut places = applied.unwrap().places.clone();
            places.sort();
            places
        };
        assert_eq!(
            places("inline-references"),
            ["/paths/~1a/get/parameters/page"]
        );
        assert_eq!(
            places("drop-defaults"),
            [
                "/paths/~1a/get/parameters/a~1b/schema/default",
                "/paths/~1a/get/parameters/page/schema/default",
            ]
        );
    }
}
