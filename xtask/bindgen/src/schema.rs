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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// Returns the component schemas that a schema contains by value: in fields and compositions, not in lists and maps.
#[must_use]
pub fn held(document: &Value, schema: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut ahead = vec![schema];
    while let Some(node) = ahead.pop() {
        if let Some(name) = component_of(node)
            && names.insert(name.to_owned())
        {
            ahead.extend(components(document).and_then(|schemas| schemas.get(name)));
        }
        let apart = ["items", "additionalProperties"].map(|key| node.get(key));
        ahead.extend(subschemas(node).filter(|inside| {
            let is = |other: &Value| std::ptr::eq(other, *inside);
            !apart.into_iter().flatten().any(is)
        }));
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

/// Calls `each` with the schema and every schema inside it, the outer ones first.
pub fn visit(schema: &mut Value, each: &mut dyn FnMut(&mut Value)) {
    each(schema);
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    for (key, node) in object {
        match key.as_str() {
            "properties" => {
                for (_, property) in node.as_object_mut().into_iter().flatten() {
                    visit(property, each);
                }
            }
            "items" | "additionalProperties" | "not" if node.is_object() => visit(node, each),
            "allOf" | "anyOf" | "oneOf" => {
                for part in node.as_array_mut().into_iter().flatten() {
                    visit(part, each);
                }
            }
            _ => {}
        }
    }
}

/// Calls `each` with every schema of a scope: those of the operations and of reachable components.
pub fn visit_scope(document: &mut Value, scope: Scope, each: &mut dyn FnMut(&mut Value)) {
    let names = reached(document, scope);
    operations_mut(document, |_, _, operation| match scope {
        Scope::Responses => {
            for (_, response) in operation["responses"].as_object_mut().into_iter().flatten() {
                visit_contents(response, each);
            }
        }
        Scope::Requests => {
            if let Some(body) = operation.get_mut("requestBody") {
                visit_contents(body, each);
            }
            for parameter in operation
                .get_mut("parameters")
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                if let Some(schema) = parameter.get_mut("schema") {
                    visit(schema, each);
                }
                visit_contents(parameter, each);
            }
        }
    });
    visit_components(document, &names, each);
}

/// Calls `each` with every schema once, with its location: the JSON pointer of a component, or an opaque location for other
/// schemas.
pub fn visit_placed(document: &mut Value, each: &mut dyn FnMut(&str, &mut Value)) {
    let mut number = 0;
    for (_, _, schema) in roots_mut(document) {
        number += 1;
        placed(&format!("{number}"), schema, each);
    }
    let schemas = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        placed(&format!("{SCHEMAS}{}", pointer_token(name)), schema, each);
    }
}

fn placed(place: &str, schema: &mut Value, each: &mut dyn FnMut(&str, &mut Value)) {
    each(place, schema);
    for (key, inside) in subschemas_mut(schema) {
        placed(&format!("{place}/{key}"), inside, each);
    }
}

/// Returns the schemas that operations refer to directly, with the name of the operation and the role of the schema:
/// `response`, `body`, or the name of a parameter.
pub fn roots_mut(document: &mut Value) -> Vec<(String, String, &mut Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if !METHODS.contains(&method.as_str()) {
                continue;
            }
            let id = operation["operationId"]
                .as_str()
                .map_or_else(|| format!("{method} {path}"), str::to_owned);
            for (part, node) in operation.as_object_mut().into_iter().flatten() {
                match part.as_str() {
                    "responses" => {
                        for (_, response) in node.as_object_mut().into_iter().flatten() {
                            contents_mut(response, &id, "response", &mut found);
                        }
                    }
                    "requestBody" => contents_mut(node, &id, "body", &mut found),
                    "parameters" => {
                        for parameter in node.as_array_mut().into_iter().flatten() {
                            let name = parameter["name"].as_str().unwrap_or_default().to_owned();
                            if parameter.get("schema").is_none() {
                                contents_mut(parameter, &id, &name, &mut found);
                            } else if let Some(schema) = parameter.get_mut("schema") {
                                found.push((id.clone(), name, schema));
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    found
}

fn contents_mut<'a>(
    holder: &'a mut Value,
    id: &str,
    part: &str,
    found: &mut Vec<(String, String, &'a mut Value)>,
) {
    let contents = holder.get_mut("content").and_then(Value::as_object_mut);
    for (_, media) in contents.into_iter().flatten() {
        if let Some(schema) = media.get_mut("schema") {
            found.push((id.to_owned(), part.to_owned(), schema));
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

/// Calls `each` with every schema once.
pub fn visit_all(document: &mut Value, each: &mut dyn FnMut(&mut Value)) {
    let names = components(document)
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    operations_mut(document, |_, _, operation| {
        for (_, response) in operation["responses"].as_object_mut().into_iter().flatten() {
            visit_contents(response, each);
        }
        if let Some(body) = operation.get_mut("requestBody") {
            visit_contents(body, each);
        }
        for parameter in operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            if let Some(schema) = parameter.get_mut("schema") {
                visit(schema, each);
            }
            visit_contents(parameter, each);
        }
    });
    visit_components(document, &names, each);
}

fn visit_components(
    document: &mut Value,
    names: &BTreeSet<String>,
    each: &mut dyn FnMut(&mut Value),
) {
    let schemas = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        if names.contains(name) {
            visit(schema, each);
        }
    }
}

fn visit_contents(holder: &mut Value, each: &mut dyn FnMut(&mut Value)) {
    for (_, media) in holder
        .get_mut("content")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
    {
        if let Some(schema) = media.get_mut("schema") {
            visit(schema, each);
        }
    }
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
