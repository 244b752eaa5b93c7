//! Navigation in a document: operations, the schemas of requests and responses, and references.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// The HTTP methods of an OpenAPI path item.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

const SCHEMAS: &str = "#/components/schemas/";

/// Escapes a key for a JSON pointer.
#[must_use]
pub fn pointer_token(key: &str) -> Cow<'_, str> {
    if key.contains(['~', '/']) {
        Cow::Owned(key.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(key)
    }
}

/// Returns the children of a node, with their keys or indices.
pub fn children(node: &Value) -> impl Iterator<Item = (Cow<'_, str>, &Value)> {
    let fields = node
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| (Cow::Borrowed(key.as_str()), value));
    let items = node.as_array().into_iter().flatten().enumerate();
    fields.chain(items.map(|(index, value)| (Cow::Owned(index.to_string()), value)))
}

/// Returns the name of the component schema that a node refers to.
#[must_use]
pub fn component_of(node: &Value) -> Option<&str> {
    node.get("$ref")?.as_str()?.strip_prefix(SCHEMAS)
}

/// Creates a reference to a component schema.
#[must_use]
pub fn reference_to(component: &str) -> Value {
    serde_json::json!({ "$ref": format!("{SCHEMAS}{component}") })
}

/// Returns the component schemas.
pub fn components(document: &Value) -> Option<&Map<String, Value>> {
    document.pointer("/components/schemas")?.as_object()
}

/// Returns the component schemas, and creates the map if there are none.
///
/// # Panics
/// Panics if `components` is not an object, which reading a document excludes.
pub fn components_mut(document: &mut Value) -> &mut Map<String, Value> {
    document["components"]
        .as_object_mut()
        .map(|components| {
            components
                .entry("schemas")
                .or_insert_with(|| Value::Object(Map::new()))
        })
        .and_then(Value::as_object_mut)
        .expect("`components` and its `schemas` are objects")
}

/// Resolves the references of a schema.
#[must_use]
pub fn resolve<'a>(document: &'a Value, mut node: &'a Value) -> &'a Value {
    // A longer chain is circular.
    for _ in 0..64 {
        let Some(reference) = node.get("$ref").and_then(Value::as_str) else {
            break;
        };
        let Some(found) = reference
            .strip_prefix('#')
            .and_then(|inside| document.pointer(inside))
        else {
            break;
        };
        node = found;
    }
    node
}

/// Iterates over the operations, with method and path.
pub fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    document["paths"]
        .as_object()
        .into_iter()
        .flatten()
        .flat_map(|(path, item)| {
            METHODS
                .iter()
                .filter_map(move |method| Some((*method, path.as_str(), item.get(*method)?)))
        })
}

/// Calls `each` with every operation: method, path, operation.
pub fn operations_mut(document: &mut Value, mut each: impl FnMut(&str, &str, &mut Value)) {
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for method in METHODS {
            if let Some(operation) = item.get_mut(method) {
                each(method, path, operation);
            }
        }
    }
}

/// Returns the document with only one of its operations.
#[must_use]
pub fn only(document: &Value, method: &str, path: &str) -> Value {
    let mut document = document.clone();
    if let Some(paths) = document["paths"].as_object_mut() {
        paths.retain(|key, _| key == path);
        for (_, item) in paths.iter_mut() {
            if let Some(item) = item.as_object_mut() {
                item.retain(|key, _| key == method || !METHODS.contains(&key.as_str()));
            }
        }
    }
    document
}

/// Returns the name of an operation for messages: its id, or method and path.
#[must_use]
pub fn operation_name(method: &str, path: &str, operation: &Value) -> String {
    match operation.get("operationId").and_then(Value::as_str) {
        Some(id) => format!("{id} ({} {path})", method.to_uppercase()),
        None => format!("{} {path}", method.to_uppercase()),
    }
}

/// The set of schemas to visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The schemas of responses.
    Responses,
    /// The schemas of request bodies and parameters.
    Requests,
}

/// Returns the schemas that operations refer to directly.
pub fn roots(document: &Value, scope: Scope) -> Vec<&Value> {
    let mut found = Vec::new();
    for (_, _, operation) in operations(document) {
        match scope {
            Scope::Responses => {
                for response in operation["responses"]
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|(_, response)| response)
                {
                    contents(response, &mut found);
                }
            }
            Scope::Requests => {
                contents(&operation["requestBody"], &mut found);
                for parameter in operation["parameters"].as_array().into_iter().flatten() {
                    found.extend(parameter.get("schema"));
                    contents(parameter, &mut found);
                }
            }
        }
    }
    found
}

fn contents<'a>(holder: &'a Value, found: &mut Vec<&'a Value>) {
    for (_, media) in holder["content"].as_object().into_iter().flatten() {
        found.extend(media.get("schema"));
    }
}

/// Returns the component schemas reachable from the roots of a scope.
#[must_use]
pub fn reached(document: &Value, scope: Scope) -> BTreeSet<String> {
    reached_from(document, roots(document, scope))
}

/// Returns the component schemas reachable from these schemas.
#[must_use]
pub fn reached_from<'a>(document: &'a Value, mut ahead: Vec<&'a Value>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    while let Some(node) = ahead.pop() {
        // Parameters of a replaced type are schemas too.
        ahead.extend(parameters_of_type(node));
        if let Some(name) = component_of(node)
            && names.insert(name.to_owned())
        {
            ahead.extend(components(document).and_then(|schemas| schemas.get(name)));
        }
        ahead.extend(subschemas(node));
    }
    names
}

/// Returns the type parameters of the type that replaces a schema.
pub fn parameters_of_type(schema: &Value) -> impl Iterator<Item = &Value> {
    schema
        .get("x-rust-type")
        .into_iter()
        .flat_map(|native| native["parameters"].as_array())
        .flatten()
}

/// Returns the direct subschemas of a schema.
pub fn subschemas(schema: &Value) -> impl Iterator<Item = &Value> {
    let object = schema.as_object();
    let get = move |key: &str| object.and_then(|object| object.get(key));
    let properties = get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(_, property)| property);
    let single = ["items", "additionalProperties", "not"]
        .into_iter()
        .filter_map(get)
        .filter(|node| node.is_object());
    let several = ["allOf", "anyOf", "oneOf"]
        .into_iter()
        .filter_map(get)
        .filter_map(Value::as_array)
        .flatten();
    properties.chain(single).chain(several)
}

/// Calls `each` with the schema and every schema inside it, the outer ones first, each with its JSON pointer.
pub fn visit(pointer: &str, schema: &mut Value, each: &mut dyn FnMut(&str, &mut Value)) {
    each(pointer, schema);
    for (key, inside) in subschemas_mut(schema) {
        visit(&format!("{pointer}/{key}"), inside, each);
    }
}

/// Calls `each` with every schema of a scope: those of the operations and of reachable components.
pub fn visit_scope(document: &mut Value, scope: Scope, each: &mut dyn FnMut(&str, &mut Value)) {
    let names = reached(document, scope);
    for root in roots_mut(document) {
        if root.scope == scope {
            visit(&root.pointer, root.schema, each);
        }
    }
    visit_components(document, &|name| names.contains(name), each);
}

/// Calls `each` with every schema once.
pub fn visit_all(document: &mut Value, each: &mut dyn FnMut(&str, &mut Value)) {
    for root in roots_mut(document) {
        visit(&root.pointer, root.schema, each);
    }
    visit_components(document, &|_| true, each);
}

fn visit_components(
    document: &mut Value,
    is_meant: &dyn Fn(&str) -> bool,
    each: &mut dyn FnMut(&str, &mut Value),
) {
    let schemas = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        if is_meant(name) {
            visit(&component_pointer(name), schema, each);
        }
    }
}

/// Returns the JSON pointer of a component schema.
#[must_use]
pub fn component_pointer(name: &str) -> String {
    format!("/components/schemas/{}", pointer_token(name))
}

/// Returns the JSON pointer of an operation.
#[must_use]
pub fn operation_pointer(method: &str, path: &str) -> String {
    format!("/paths/{}/{method}", pointer_token(path))
}

/// A schema that an operation refers to directly.
#[derive(Debug)]
pub struct Root<'a> {
    /// Its JSON pointer.
    pub pointer: String,
    /// The id of the operation, or method and path.
    pub id: String,
    /// Its role: `response`, `body`, or the name of a parameter.
    pub role: String,
    /// Its scope.
    pub scope: Scope,
    /// The schema.
    pub schema: &'a mut Value,
}

/// Returns the schemas that operations refer to directly.
pub fn roots_mut(document: &mut Value) -> Vec<Root<'_>> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if METHODS.contains(&method.as_str()) {
                roots_of_operation(method, path, operation, &mut found);
            }
        }
    }
    found
}

fn roots_of_operation<'a>(
    method: &str,
    path: &str,
    operation: &'a mut Value,
    found: &mut Vec<Root<'a>>,
) {
    let place = operation_pointer(method, path);
    let id = operation["operationId"]
        .as_str()
        .map_or_else(|| format!("{method} {path}"), str::to_owned);
    let mut add = |place: &str, role: &str, scope, holder: &'a mut Value| {
        let root = |pointer, schema| Root {
            pointer,
            id: id.clone(),
            role: role.to_owned(),
            scope,
            schema,
        };
        let Some(holder) = holder.as_object_mut() else {
            return;
        };
        for (key, node) in holder {
            if key == "schema" {
                found.push(root(format!("{place}/schema"), node));
            } else if key == "content" {
                for (kind, media) in node.as_object_mut().into_iter().flatten() {
                    let pointer = format!("{place}/content/{}/schema", pointer_token(kind));
                    found.extend(media.get_mut("schema").map(|schema| root(pointer, schema)));
                }
            }
        }
    };
    for (part, node) in operation.as_object_mut().into_iter().flatten() {
        let place = format!("{place}/{part}");
        match part.as_str() {
            "responses" => {
                for (status, response) in node.as_object_mut().into_iter().flatten() {
                    let place = format!("{place}/{status}");
                    add(&place, "response", Scope::Responses, response);
                }
            }
            "requestBody" => add(&place, "body", Scope::Requests, node),
            "parameters" => {
                for (index, parameter) in node.as_array_mut().into_iter().flatten().enumerate() {
                    let name = parameter["name"].as_str().unwrap_or_default().to_owned();
                    add(
                        &format!("{place}/{index}"),
                        &name,
                        Scope::Requests,
                        parameter,
                    );
                }
            }
            _ => {}
        }
    }
}

/// Returns the direct subschemas of a schema, with their relative JSON pointers.
pub fn subschemas_mut(schema: &mut Value) -> Vec<(String, &mut Value)> {
    let mut found = Vec::new();
    for (key, node) in schema.as_object_mut().into_iter().flatten() {
        match key.as_str() {
            "properties" => {
                for (name, property) in node.as_object_mut().into_iter().flatten() {
                    found.push((format!("properties/{}", pointer_token(name)), property));
                }
            }
            "items" | "additionalProperties" | "not" if node.is_object() => {
                found.push((key.clone(), node));
            }
            "allOf" | "anyOf" | "oneOf" => {
                for (index, part) in node.as_array_mut().into_iter().flatten().enumerate() {
                    found.push((format!("{key}/{index}"), part));
                }
            }
            _ => {}
        }
    }
    found
}

/// Returns the document with every map sorted by key.
#[must_use]
pub fn sorted(node: &Value) -> Value {
    match node {
        Value::Object(fields) => {
            let mut pairs: Vec<_> = fields.iter().collect();
            pairs.sort_by_key(|(key, _)| key.as_str());
            Value::Object(
                pairs
                    .into_iter()
                    .map(|(key, value)| (key.clone(), sorted(value)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}
