//! Brings two documents with different names into one form, so that they can be compared part by part.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use xtask_bindgen::schema::component_of;

use crate::compare::short;
use crate::operations::Operation;
use crate::parameters::parameters;

/// The maximum number of nodes of a document whose references are replaced by their targets.
const MAX_NODES: usize = 500_000;

/// Returns the operations of `ours` in both documents. Operations are matched by method and path; the published ones have the
/// id, the path and the names of path parameters of `ours`, and the others only method and path. References are replaced by
/// their targets.
///
/// # Errors
/// Returns the reason if a document without references is too large.
pub(crate) fn project(ours: &Value, published: &Value) -> Result<(Value, Value), String> {
    let mut by_shape: BTreeMap<String, Operation<'_>> = Operation::all(published)
        .into_iter()
        .map(|operation| (operation.shape(), operation))
        .collect();
    let (mut ours_out, mut published_out) = (frame(ours), frame(published));
    for operation in Operation::all(ours) {
        let own = Inline::of(ours).operation(&operation, &operation)?;
        ours_out["paths"][operation.path][operation.method] = own;
        if let Some(same) = by_shape.remove(&operation.shape()) {
            let other = Inline::of(published).operation(&same, &operation)?;
            published_out["paths"][operation.path][operation.method] = other;
        }
    }
    for operation in by_shape.into_values() {
        let stub = json!({ "x-pointer": operation.pointer(), "responses": {} });
        published_out["paths"][operation.path][operation.method] = stub;
    }
    Ok((ours_out, published_out))
}

/// Returns the JSON pointer in the document for one in its projection.
pub(crate) fn original_pointer(projection: &Value, pointer: &str) -> String {
    let mut node = projection;
    let mut original = String::new();
    for token in pointer.split('/').skip(1) {
        let key = token.replace("~1", "/").replace("~0", "~");
        let inside = match node {
            Value::Array(items) => key.parse().ok().and_then(|index: usize| items.get(index)),
            _ => node.get(&key),
        };
        node = inside.unwrap_or(&Value::Null);
        match node["x-pointer"].as_str() {
            Some(moved) => moved.clone_into(&mut original),
            None => original = format!("{original}/{token}"),
        }
    }
    original
}

fn frame(document: &Value) -> Value {
    let servers = document["servers"].as_array().into_iter().flatten();
    let servers: Vec<Value> = servers
        .map(|server| json!({ "url": server["url"] }))
        .collect();
    json!({ "servers": servers, "paths": {} })
}

/// Replaces references by their targets.
struct Inline<'a> {
    document: &'a Value,
    /// The references that are being replaced.
    stack: Vec<&'a str>,
    nodes: usize,
}

impl<'a> Inline<'a> {
    fn of(document: &'a Value) -> Self {
        Self {
            document,
            stack: Vec::new(),
            nodes: 0,
        }
    }

    /// Returns an operation with the names of another one.
    fn operation(
        mut self,
        operation: &Operation<'a>,
        named: &Operation<'_>,
    ) -> Result<Value, String> {
        let mut inlined = self.node(operation.node, false)?;
        let mut own = Vec::new();
        for parameter in parameters(self.document, operation).into_values() {
            let mut node = self.node(parameter.node, false)?;
            node["x-pointer"] = match parameter.component {
                Some(reference) => reference.trim_start_matches('#').into(),
                None => parameter.pointer.clone().into(),
            };
            let place = parameter.place_in_path(operation.path);
            if let Some(name) = place.and_then(|place| path_parameters(named.path).nth(place)) {
                node["name"] = name.into();
            }
            own.push(node);
        }
        let security = operation.node.get("security");
        inlined["security"] = self.security(security.unwrap_or(&self.document["security"]));
        inlined["parameters"] = own.into();
        inlined["operationId"] = named.id().into();
        inlined["x-pointer"] = operation.pointer().into();
        Ok(inlined)
    }

    /// Returns security requirements with the kinds of schemes, such as `http basic`, instead of their names.
    fn security(&self, security: &Value) -> Value {
        let schemes = &self.document["components"]["securitySchemes"];
        let kind = |name: &String| {
            let parts = ["type", "scheme", "in", "name"].map(|key| short(&schemes[name][key]));
            parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
        };
        let ways = security.as_array().into_iter().flatten();
        let ways = ways.filter_map(Value::as_object).map(|way| -> Value {
            let schemes = way
                .iter()
                .map(|(name, scopes)| (kind(name), scopes.clone()));
            Value::Object(schemes.collect())
        });
        ways.collect()
    }

    /// Returns a node without references. `is_map` states that its keys are names.
    fn node(&mut self, node: &'a Value, is_map: bool) -> Result<Value, String> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(format!(
                "it has more than {MAX_NODES} nodes in one operation once references are replaced by their targets"
            ));
        }
        match node {
            Value::Array(items) => items.iter().map(|item| self.node(item, false)).collect(),
            Value::Object(fields) => {
                if let Some(reference) = node["$ref"].as_str() {
                    return self.target(node, reference);
                }
                let mut inlined = Map::new();
                for (key, value) in fields {
                    let is_value =
                        ["example", "examples", "default", "enum"].contains(&key.as_str());
                    let value = if is_value && !is_map {
                        value.clone()
                    } else {
                        self.node(value, key == "properties" && !is_map)?
                    };
                    inlined.insert(key.clone(), value);
                }
                Ok(Value::Object(inlined))
            }
            other => Ok(other.clone()),
        }
    }

    fn target(&mut self, node: &'a Value, reference: &'a str) -> Result<Value, String> {
        let pointer = reference.trim_start_matches('#');
        let target = self.document.pointer(pointer).unwrap_or(&Value::Null);
        // A schema that contains itself is compared up to there.
        let is_recursive = self.stack.contains(&reference);
        let mut inlined = if is_recursive {
            json!({})
        } else {
            self.stack.push(reference);
            let inlined = self.node(target, false);
            self.stack.pop();
            inlined?
        };
        if let Some(fields) = inlined.as_object_mut() {
            // The outermost of several references names the place.
            fields.insert("x-pointer".to_owned(), pointer.into());
            if let Some(component) = component_of(node) {
                fields.insert("x-component".to_owned(), component.into());
            }
        }
        Ok(inlined)
    }
}

fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|part| part.split('}').next())
}
