//! Fixups of the structure of the document.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Fixup, Need};
use crate::lowering::Lowering;
use crate::schema::{METHODS, Scope, operation_name, operations_mut, reached, resolve, visit_all};

/// Removes all `x-` extensions.
pub(super) const DROP_EXTENSIONS: Fixup = Fixup {
    name: "drop-extensions",
    reason: "the generator interprets some of them, and the fixups use others",
    need: Need::OtherDocuments,
    apply: |lowering| drop_extensions(&mut lowering.document, false),
};

fn drop_extensions(node: &mut Value, named: bool) -> usize {
    match node {
        Value::Object(fields) => {
            let before = fields.len();
            if !named {
                fields.retain(|key, _| !key.starts_with("x-"));
            }
            let dropped = before - fields.len();
            // The keys below these are names defined by the document, such as `X-RateLimit-Limit`.
            dropped
                + fields
                    .iter_mut()
                    .map(|(key, child)| {
                        drop_extensions(child, !named && NAMED.contains(&key.as_str()))
                    })
                    .sum::<usize>()
        }
        Value::Array(items) => items
            .iter_mut()
            .map(|item| drop_extensions(item, false))
            .sum(),
        _ => 0,
    }
}

const NAMED: [&str; 5] = [
    "properties",
    "headers",
    "schemas",
    "parameters",
    "responses",
];

/// Removes examples and titles.
pub(super) const DROP_NOTES: Fixup = Fixup {
    name: "drop-notes",
    reason: "examples would enlarge the generated documentation or fail its checks, and titles would rename \
             types",
    need: Need::OwnDocument,
    apply: |lowering| {
        let mut count = 0;
        for key in ["example", "examples", "title", "externalDocs", "xml"] {
            visit_all(&mut lowering.document, &mut |schema| {
                count += usize::from(
                    schema
                        .as_object_mut()
                        .is_some_and(|schema| schema.remove(key).is_some()),
                );
            });
        }
        operations_mut(&mut lowering.document, |_, _, operation| {
            count += drop_examples(operation);
        });
        if let Some(components) = lowering
            .document
            .get_mut("components")
            .and_then(Value::as_object_mut)
        {
            for part in ["parameters", "responses", "requestBodies"] {
                count += components.get_mut(part).map_or(0, drop_examples);
            }
        }
        count
    },
};

/// Removes the examples of parameters and contents; those of schemas are already removed.
fn drop_examples(holder: &mut Value) -> usize {
    let Value::Object(fields) = holder else {
        return holder
            .as_array_mut()
            .into_iter()
            .flatten()
            .map(drop_examples)
            .sum();
    };
    let mut count = 0;
    if fields.contains_key("schema") {
        count += usize::from(fields.remove("example").is_some());
        count += usize::from(fields.remove("examples").is_some());
    }
    count
        + fields
            .iter_mut()
            .filter(|(key, _)| *key != "schema")
            .map(|(_, child)| drop_examples(child))
            .sum::<usize>()
}

/// Marks code blocks in descriptions as text.
pub(super) const FENCE_CODE: Fixup = Fixup {
    name: "fence-code",
    reason: "rustdoc would run a block of code without a language as a test",
    need: Need::OtherDocuments,
    apply: |lowering| fence_code(&mut lowering.document),
};

fn fence_code(node: &mut Value) -> usize {
    match node {
        Value::Object(fields) => {
            let mut count = fields.iter_mut().map(|(_, child)| fence_code(child)).sum();
            for key in ["description", "summary"] {
                if let Some(Value::String(text)) = fields.get_mut(key)
                    && let Some(fenced) = fenced(text)
                {
                    *text = fenced;
                    count += 1;
                }
            }
            count
        }
        Value::Array(items) => items.iter_mut().map(fence_code).sum(),
        _ => 0,
    }
}

/// Returns the text with every code block marked as text, or `None` if there is none.
fn fenced(text: &str) -> Option<String> {
    let mut inside = false;
    let mut changed = false;
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            let trimmed = line.trim_start();
            if trimmed.starts_with("```") {
                inside = !inside;
                if inside && trimmed != "```text" {
                    changed = true;
                    return "```text".to_owned();
                }
            } else if !inside && line.starts_with("    ") {
                changed = true;
                return trimmed.to_owned();
            }
            line.to_owned()
        })
        .collect();
    changed.then(|| lines.join("\n"))
}

/// Makes the version of the document a valid header value.
pub(super) const PLAIN_VERSION: Fixup = Fixup {
    name: "plain-version",
    reason: "the generated code uses the version as a header value, and would panic for invalid characters",
    need: Need::OtherDocuments,
    apply: |lowering| {
        let Some(version) = lowering.document.pointer_mut("/info/version") else {
            return 0;
        };
        let plain: String = version
            .as_str()
            .unwrap_or_default()
            .chars()
            .filter(|character| character.is_ascii_graphic() || *character == ' ')
            .collect();
        let count = usize::from(*version != plain);
        *version = Value::String(plain);
        count
    },
};

/// Inlines parameters, bodies and responses, and copies the parameters of a path to its operations.
pub(super) const INLINE_REFERENCES: Fixup = Fixup {
    name: "inline-references",
    reason: "later fixups do not resolve references",
    need: Need::OwnDocument,
    apply: |lowering| {
        let whole = lowering.document.clone();
        let mut count = 0;
        for (_, item) in lowering.document["paths"]
            .as_object_mut()
            .into_iter()
            .flatten()
        {
            count += inline(&whole, item);
            let shared = item
                .as_object_mut()
                .and_then(|item| item.remove("parameters"));
            let shared: Vec<Value> = shared
                .and_then(|shared| shared.as_array().cloned())
                .unwrap_or_default();
            for method in METHODS {
                let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) else {
                    continue;
                };
                count += shared.len();
                count += inline_parameters(&whole, operation, &shared);
                if let Some(body) = operation.get_mut("requestBody") {
                    count += inline(&whole, body);
                }
                for (_, response) in operation
                    .get_mut("responses")
                    .and_then(Value::as_object_mut)
                    .into_iter()
                    .flatten()
                {
                    count += inline(&whole, response);
                }
            }
        }
        count
    },
};

/// A parameter of an operation overrides one of its path with the same name and location.
fn inline_parameters(
    whole: &Value,
    operation: &mut serde_json::Map<String, Value>,
    shared: &[Value],
) -> usize {
    let own = operation
        .remove("parameters")
        .and_then(|own| own.as_array().cloned())
        .unwrap_or_default();
    let mut count = 0;
    let mut parameters: Vec<Value> = Vec::new();
    for mut parameter in own.into_iter().chain(shared.iter().cloned()) {
        count += inline(whole, &mut parameter);
        let same =
            |other: &Value| other["name"] == parameter["name"] && other["in"] == parameter["in"];
        if !parameters.iter().any(same) {
            parameters.push(parameter);
        }
    }
    if !parameters.is_empty() {
        operation.insert("parameters".to_owned(), Value::Array(parameters));
    }
    count
}

fn inline(whole: &Value, node: &mut Value) -> usize {
    if node.get("$ref").is_none() {
        return 0;
    }
    *node = resolve(whole, node).clone();
    1
}

/// Keeps one response of an operation: the first success, as a range if all successes are alike.
pub(super) const SUCCESS_ONLY: Fixup = Fixup {
    name: "success-only",
    reason: "an undocumented response is returned with status, headers and body; the generator supports one \
             response type",
    need: Need::OwnDocument,
    apply: success_only,
};

fn success_only(lowering: &mut Lowering) -> usize {
    let mut count = 0;
    let mut dropped = Vec::new();
    operations_mut(&mut lowering.document, |method, path, operation| {
        let name = operation_name(method, path, operation);
        let Some(responses) = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
        else {
            return;
        };
        let is_success = |status: &str| status.starts_with('2');
        // Without a success response, the default response applies.
        if !responses.keys().any(|status| is_success(status))
            && let Some(response) = responses.remove("default")
        {
            responses.insert(ANY_SUCCESS.to_owned(), response);
            count += 1;
        }
        let statuses = responses.keys().filter(|status| is_success(status));
        let Some(first) = statuses.min().cloned() else {
            count += responses.len();
            responses.clear();
            return;
        };
        let contents: Vec<_> = responses
            .iter()
            .filter(|(status, _)| is_success(status))
            .map(|(status, response)| (status.clone(), content_of(response)))
            .collect();
        let all_alike = contents.len() > 1
            && contents
                .iter()
                .all(|(_, content)| *content == content_of(&responses[&first]));
        if !all_alike {
            let others = contents.iter().filter(|(status, _)| *status != first);
            dropped.extend(others.map(|(status, _)| format!("the response {status} of {name}")));
        }
        count += responses.len() - 1;
        let kept = responses.remove(&first).unwrap_or_default();
        responses.clear();
        let status = if all_alike {
            ANY_SUCCESS.to_owned()
        } else {
            first
        };
        responses.insert(status, kept);
    });
    for what in dropped {
        lowering.leave_out(
            what,
            "the generator supports one response type, that of the first success",
        );
    }
    count
}

const ANY_SUCCESS: &str = "2XX";

fn content_of(response: &Value) -> Value {
    response
        .get("content")
        .cloned()
        .unwrap_or_else(|| Value::Object(serde_json::Map::new()))
}

/// Removes unreferenced components.
pub const PRUNE: Fixup = Fixup {
    name: "prune",
    reason: "an unreachable type is not needed, and the generator may not support its schema",
    need: Need::OwnDocument,
    apply: prune,
};

fn prune(lowering: &mut Lowering) -> usize {
    let used: BTreeSet<String> = [Scope::Responses, Scope::Requests]
        .into_iter()
        .flat_map(|scope| reached(&lowering.document, scope))
        .collect();
    let Some(components) = lowering
        .document
        .get_mut("components")
        .and_then(Value::as_object_mut)
    else {
        return 0;
    };
    let mut count = 0;
    components.retain(|part, named| {
        let before = named.as_object().map_or(0, serde_json::Map::len);
        if part == "schemas" {
            if let Some(schemas) = named.as_object_mut() {
                schemas.retain(|name, _| used.contains(name));
                count += before - schemas.len();
            }
            true
        } else {
            count += before;
            false
        }
    });
    count
}

#[cfg(test)]
mod tests;
