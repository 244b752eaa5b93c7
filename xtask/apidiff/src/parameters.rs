//! Compares parameters of operations, paths and `components`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::compare::short;
use super::difference::{Code, DocumentPart, Location, Side};
use super::items::Origin;
use super::normalized_name::NormalizedName;
use super::operations::{NOTHING, Operation, Operations};
use super::schemas::describe;
use xtask_bindgen::schema::{pointer_token, resolve};

impl Operations<'_, '_> {
    pub(super) fn parameters(&mut self, old: &Operation<'_>, new: &Operation<'_>, spot: &Location) {
        let before = parameters(self.compare.old, old);
        let mut after = parameters(self.compare.new, new);
        let mut unmatched = Vec::new();
        for one in before {
            // Parameters with the same name are matched first, so that a rename is not mistaken for one of them.
            let place = after.iter().position(|other| {
                other.node["name"] == one.node["name"] && other.node["in"] == one.node["in"]
            });
            match place {
                Some(place) => self.pair(&one, &after.remove(place), spot),
                None => unmatched.push(one),
            }
        }
        for one in unmatched {
            let place = after.iter().position(|other| {
                let same_component = one.component.is_some() && one.component == other.component;
                let same_place_in_path = one.path_place(old.path).is_some()
                    && one.path_place(old.path) == other.path_place(new.path);
                let same_rust_name =
                    NormalizedName::of(other.name()) == NormalizedName::of(one.name());
                same_component || same_place_in_path || same_rust_name
            });
            match place {
                Some(place) => self.pair(&one, &after.remove(place), spot),
                None => {
                    let place = one.spot(spot, &[old], &one);
                    let texts = (Some(describe(&one.node["schema"])), None);
                    self.push(Code::ParameterRemoved, &place, texts, (one.node, NOTHING));
                }
            }
        }
        for one in after {
            let code = if one.node["required"] == true {
                Code::RequiredParameterAdded
            } else {
                Code::ParameterAdded
            };
            let mut place = one.spot(spot, &[new], &one);
            if code == Code::RequiredParameterAdded {
                // Calls fail until they pass the parameter.
                place.rests.extend(spot.rests.clone());
            }
            let texts = (None, Some(describe(&one.node["schema"])));
            self.push(code, &place, texts, (NOTHING, one.node));
        }
    }

    fn pair(&mut self, old: &Parameter<'_>, new: &Parameter<'_>, spot: &Location) {
        // A shared component is compared separately, once for all operations.
        if old.component.is_some() && old.component == new.component {
            return;
        }
        let place = old.spot(spot, &[], new);
        self.parameter(old.node, new.node, &place);
    }

    /// Compares two parameters.
    pub(super) fn parameter(&mut self, old: &Value, new: &Value, spot: &Location) {
        if old == new {
            return;
        }
        let spot = &self.parameter_spot(old, new, spot);
        let nodes = (NOTHING, NOTHING);
        for (key, code) in [
            ("name", Code::ParameterRenamed),
            ("in", Code::ParameterMoved),
        ] {
            if old[key] != new[key] {
                let texts = (short(&old[key]), short(&new[key]));
                self.push(code, spot, texts, nodes);
            }
        }
        match (old["required"] == true, new["required"] == true) {
            (false, true) => self.push(Code::ParameterRequired, spot, (None, None), nodes),
            (true, false) => self.push(Code::ParameterOptional, spot, (None, None), nodes),
            _ => {}
        }
        let style = |parameter: &Value| {
            let listed = |key: &str| short(&parameter[key]).map(|value| format!("{key} {value}"));
            let words: Vec<_> = ["style", "explode", "allowReserved"]
                .into_iter()
                .filter_map(listed)
                .collect();
            words.join(", ")
        };
        if style(old) != style(new) {
            let texts = (Some(style(old)), Some(style(new)));
            self.push(Code::ParameterStyleChanged, spot, texts, nodes);
        }
        self.compare
            .schema(&old["schema"], &new["schema"], &spot.inside("", "schema"));
        let elsewhere = [
            "name",
            "in",
            "required",
            "style",
            "explode",
            "allowReserved",
            "schema",
        ];
        self.compare.rest(old, new, spot, &elsewhere);
    }

    /// Returns the location of a parameter of one or more operations.
    fn parameter_spot(&self, old: &Value, new: &Value, spot: &Location) -> Location {
        let name = old["name"].as_str().unwrap_or_default();
        let mut spot = spot.clone();
        spot.words = format!("parameter `{name}`");
        spot.side = Side::REQUESTS;
        spot.origins.clear();
        spot.rests.clear();
        let is_spread = [old, new].iter().any(|node| node["style"] == "deepObject");
        for id in &spot.operations {
            spot.rests
                .insert(DocumentPart::Parameter(id.clone(), name.to_owned()));
            for uses in [self.compare.old_uses, self.compare.new_uses] {
                let Some(key) = uses.key(id) else { continue };
                for node in [old, new] {
                    let name = node["name"].as_str().unwrap_or_default();
                    let origin = Origin::Operation(key.clone(), Some(NormalizedName::of(name)));
                    spot.origins.insert(origin);
                }
                if is_spread {
                    spot.spread.push((key.clone(), name.to_owned()));
                }
            }
        }
        if let [only] = spot.operations.iter().collect::<Vec<_>>()[..] {
            spot.type_name = NormalizedName::of(only).with(name);
            spot.words = format!("parameter `{name}` of `{only}`");
        }
        spot
    }
}

/// A parameter of an operation or of its path.
struct Parameter<'a> {
    node: &'a Value,
    /// The component that it refers to.
    component: Option<&'a str>,
    pointer: String,
}

impl Parameter<'_> {
    fn name(&self) -> &str {
        self.node["name"].as_str().unwrap_or_default()
    }

    /// Its index among the parameters of the path.
    fn path_place(&self, path: &str) -> Option<usize> {
        if self.node["in"] != "path" {
            return None;
        }
        path.split('{')
            .skip(1)
            .position(|part| part.split('}').next() == Some(self.name()))
    }

    fn spot(&self, of: &Location, only: &[&Operation<'_>], new: &Parameter<'_>) -> Location {
        let mut spot = of.clone();
        spot.old = Some(self.pointer.clone());
        spot.new = Some(new.pointer.clone());
        spot.words = format!(
            "parameter `{}` of {}",
            self.name(),
            of.words.replace("operation ", "")
        );
        spot.type_name = of.type_name.with(self.name());
        if let [operation] = only {
            let member = NormalizedName::of(self.name());
            spot.origins = BTreeSet::from([Origin::Operation(operation.key(), Some(member))]);
            spot.rests = BTreeSet::from([DocumentPart::Parameter(
                of.operations.iter().next().cloned().unwrap_or_default(),
                self.name().to_owned(),
            )]);
            spot.spread = Vec::new();
        }
        spot
    }
}

/// Returns the parameters of an operation and its path. Those of the operation take precedence.
fn parameters<'a>(document: &'a Value, operation: &Operation<'a>) -> Vec<Parameter<'a>> {
    let mut found: BTreeMap<(String, String), Parameter<'a>> = BTreeMap::new();
    let shared = format!("/paths/{}", pointer_token(operation.path));
    for (list, pointer) in [
        (&operation.node["parameters"], operation.pointer()),
        (&document["paths"][operation.path]["parameters"], shared),
    ] {
        for (index, node) in list.as_array().into_iter().flatten().enumerate() {
            let meant = resolve(document, node);
            let key = |key: &str| meant[key].as_str().unwrap_or_default().to_owned();
            found.entry((key("in"), key("name"))).or_insert(Parameter {
                node: meant,
                component: node["$ref"].as_str(),
                pointer: format!("{pointer}/parameters/{index}"),
            });
        }
    }
    found.into_values().collect()
}
