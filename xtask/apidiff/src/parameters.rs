//! Compares parameters of operations, paths and `components`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use xtask_bindgen::schema::{pointer_token, resolve};

use crate::compare::{Compare, same_rust_name, short};
use crate::difference::{Code, Direction, DocumentPart, Location};
use crate::operations::Operation;
use crate::schemas::describe;

impl Compare<'_> {
    pub(crate) fn parameters(
        &mut self,
        old: &Operation<'_>,
        new: &Operation<'_>,
        location: &Location,
    ) {
        let before = parameters(self.old, old);
        let mut after = parameters(self.new, new);
        // Parameters with the same name are matched first, so that a rename is not mistaken for one of them.
        let (same, renamed): (Vec<_>, Vec<_>) = before
            .into_iter()
            .partition(|(key, _)| after.contains_key(key));
        for (key, one) in same {
            if let Some(other) = after.remove(&key) {
                self.pair(&one, &other, location);
            }
        }
        for (_, one) in renamed {
            let place_in_path = one.place_in_path(old.path);
            let other = after.iter().find(|(_, other)| {
                let is_same_component = one.component.is_some() && one.component == other.component;
                let is_same_place =
                    place_in_path.is_some() && place_in_path == other.place_in_path(new.path);
                is_same_component || is_same_place || same_rust_name(other.name(), one.name())
            });
            if let Some(key) = other.map(|(key, _)| key.clone())
                && let Some(other) = after.remove(&key)
            {
                self.pair(&one, &other, location);
            } else {
                let place = one.location(location, &one);
                let was = Some(describe(&one.node["schema"]));
                self.push(Code::ParameterRemoved, &place, (was, None));
            }
        }
        for one in after.into_values() {
            let mut place = one.location(location, &one);
            let code = if one.node["required"] == true {
                // Calls fail until they pass the parameter.
                place.parts.extend(location.parts.clone());
                Code::RequiredParameterAdded
            } else {
                Code::ParameterAdded
            };
            self.push(code, &place, (None, Some(describe(&one.node["schema"]))));
        }
    }

    fn pair(&mut self, old: &Parameter<'_>, new: &Parameter<'_>, location: &Location) {
        // A shared component is compared separately, once for all operations.
        if old.component.is_none() || old.component != new.component {
            self.parameter(old.node, new.node, &old.location(location, new));
        }
    }

    /// Compares two parameters.
    pub(crate) fn parameter(&mut self, old: &Value, new: &Value, location: &Location) {
        if old == new {
            return;
        }
        let mut location = location.clone();
        location.direction = Direction::REQUESTS;
        location.is_schema = true;
        location.parts = parts(&location.operations, old);
        let location = &location;
        for (key, code) in [
            ("name", Code::ParameterRenamed),
            ("in", Code::ParameterMoved),
        ] {
            if old[key] != new[key] {
                self.push(code, location, (short(&old[key]), short(&new[key])));
            }
        }
        match (old["required"] == true, new["required"] == true) {
            (false, true) => self.push(Code::ParameterRequired, location, (None, None)),
            (true, false) => self.push(Code::ParameterOptional, location, (None, None)),
            _ => {}
        }
        self.deprecated(old, new, location);
        let styles = [style(self.old, old), style(self.new, new)];
        if styles[0] != styles[1] && old["in"] == new["in"] {
            let [before, after] = styles.map(Some);
            self.push(Code::ParameterStyleChanged, location, (before, after));
        } else if ["style", "explode", "allowReserved"]
            .iter()
            .any(|key| old[key] != new[key])
        {
            self.push(
                Code::DocsChanged,
                location,
                (None, Some("style".to_owned())),
            );
        }
        self.schema(
            &old["schema"],
            &new["schema"],
            &location.inside("", "schema"),
        );
        let elsewhere = [
            "name",
            "in",
            "required",
            "deprecated",
            "style",
            "explode",
            "allowReserved",
            "schema",
        ];
        self.rest(old, new, location, &elsewhere);
    }
}

/// Returns the style of a parameter, as far as it matters for its type.
fn style(document: &Value, parameter: &Value) -> String {
    let place = parameter["in"].as_str().unwrap_or_default();
    let default = if ["query", "cookie"].contains(&place) {
        "form"
    } else {
        "simple"
    };
    let style = parameter["style"].as_str().unwrap_or(default);
    let schema = resolve(document, &parameter["schema"]);
    let is_composite = [
        "items",
        "properties",
        "additionalProperties",
        "allOf",
        "anyOf",
        "oneOf",
    ]
    .iter()
    .any(|key| schema.get(*key).is_some());
    let mut shown = style.to_owned();
    if is_composite && parameter["explode"].as_bool().unwrap_or(style == "form") {
        shown.push_str(", exploded");
    }
    if parameter["allowReserved"] == true {
        shown.push_str(", reserved characters allowed");
    }
    shown
}

fn parts(operations: &BTreeSet<String>, parameter: &Value) -> BTreeSet<DocumentPart> {
    let name = parameter["name"].as_str().unwrap_or_default();
    let ids = operations.iter().cloned();
    ids.map(|id| DocumentPart::Parameter(id, name.to_owned()))
        .collect()
}

/// A parameter of an operation or of its path.
pub(crate) struct Parameter<'a> {
    pub(crate) node: &'a Value,
    /// The reference to it, if it is a component.
    pub(crate) component: Option<&'a str>,
    pub(crate) pointer: String,
}

impl Parameter<'_> {
    fn name(&self) -> &str {
        self.node["name"].as_str().unwrap_or_default()
    }

    /// Returns its index among the parameters of the path.
    pub(crate) fn place_in_path(&self, path: &str) -> Option<usize> {
        if self.node["in"] != "path" {
            return None;
        }
        path.split('{')
            .skip(1)
            .position(|part| part.split('}').next() == Some(self.name()))
    }

    fn location(&self, operation: &Location, new: &Parameter<'_>) -> Location {
        Location {
            place: format!("{} parameter {}", operation.place, self.name()),
            old: Some(self.pointer.clone()),
            new: Some(new.pointer.clone()),
            parts: parts(&operation.operations, self.node),
            ..operation.clone()
        }
    }
}

/// Returns the parameters of an operation and its path, by location and name. Those of the operation take precedence.
pub(crate) fn parameters<'a>(
    document: &'a Value,
    operation: &Operation<'a>,
) -> BTreeMap<(String, String), Parameter<'a>> {
    let mut found = BTreeMap::new();
    let shared = format!("/paths/{}", pointer_token(operation.path));
    for (list, pointer) in [
        (&operation.node["parameters"], operation.pointer()),
        (&document["paths"][operation.path]["parameters"], shared),
    ] {
        for (index, reference) in list.as_array().into_iter().flatten().enumerate() {
            let node = resolve(document, reference);
            let key = |key: &str| node[key].as_str().unwrap_or_default().to_owned();
            found.entry((key("in"), key("name"))).or_insert(Parameter {
                node,
                component: reference["$ref"].as_str(),
                pointer: format!("{pointer}/parameters/{index}"),
            });
        }
    }
    found
}
