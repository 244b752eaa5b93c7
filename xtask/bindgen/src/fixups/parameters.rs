//! Fixups of parameters.

use serde_json::{Value, json};

use super::deep_objects::{METADATA_FILTER, is_filter};
use super::{Fixup, Need};
use crate::lowering::Lowering;
use crate::schema::{operations_mut, reference_to, resolve};

/// Removes header parameters that OpenAPI ignores.
pub(super) const IGNORED_HEADERS: Fixup = Fixup {
    name: "ignored-headers",
    reason: "OpenAPI ignores header parameters with these names, and the generated code sets them",
    need: Need::OtherDocuments,
    apply: |lowering| {
        const IGNORED: [&str; 3] = ["accept", "content-type", "authorization"];
        let mut count = 0;
        operations_mut(&mut lowering.document, |_, _, operation| {
            let parameters = operation
                .get_mut("parameters")
                .and_then(Value::as_array_mut);
            let Some(parameters) = parameters else { return };
            let before = parameters.len();
            parameters.retain(|parameter| {
                let name = parameter["name"].as_str().unwrap_or_default();
                parameter["in"] != "header"
                    || !IGNORED.contains(&name.to_ascii_lowercase().as_str())
            });
            count += before - parameters.len();
        });
        count
    },
};

/// Replaces lists that are sent as one value by a string.
pub(super) const JOINED_LISTS: Fixup = Fixup {
    name: "joined-lists",
    reason: "the generator repeats a parameter for each value of a list, and does not support lists in paths \
             and headers; the caller joins values that are sent as one",
    need: Need::OtherDocuments,
    apply: joined_lists,
};

fn joined_lists(lowering: &mut Lowering) -> usize {
    let whole = lowering.document.clone();
    let mut count = 0;
    operations_mut(&mut lowering.document, |_, _, operation| {
        for parameter in operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            let is_list = resolve(&whole, &parameter["schema"])["type"] == "array";
            let Some(separator) = separator(parameter).filter(|_| is_list) else {
                continue;
            };
            let existing = parameter["description"].as_str().unwrap_or_default();
            let note = format!("Several values are joined by `{separator}`.");
            let description = if existing.is_empty() {
                note
            } else {
                format!("{existing}\n\n{note}")
            };
            parameter["description"] = json!(description);
            parameter["schema"] = json!({ "type": "string" });
            if let Some(fields) = parameter.as_object_mut() {
                fields.remove("style");
                fields.remove("explode");
            }
            count += 1;
        }
    });
    count
}

/// Returns the separator of a list that is sent as one value.
fn separator(parameter: &Value) -> Option<&'static str> {
    let style = parameter["style"].as_str();
    let explode = parameter["explode"].as_bool();
    match (parameter["in"].as_str()?, style) {
        ("query", None | Some("form")) => (explode == Some(false)).then_some(","),
        ("query", Some("spaceDelimited")) => (explode != Some(true)).then_some(" "),
        ("query", Some("pipeDelimited")) => (explode != Some(true)).then_some("|"),
        ("path" | "header", None | Some("simple")) => Some(","),
        _ => None,
    }
}

/// Omits parameters that the generator does not support.
pub(super) const KNOWN_STYLES: Fixup = Fixup {
    name: "known-styles",
    reason: "the generator supports only plain styles, and no cookies",
    need: Need::OtherDocuments,
    apply: |lowering| {
        let whole = lowering.document.clone();
        lowering.leave_out_parameters(|parameter| {
            let place = parameter["in"].as_str().unwrap_or_default();
            if place == "cookie" {
                return Some("cookies are not supported".to_owned());
            }
            if parameter.get("content").is_some() {
                return Some("parameters with a content type are not supported".to_owned());
            }
            if place == "header" && !is_header_name(parameter["name"].as_str().unwrap_or_default())
            {
                return Some("invalid header name".to_owned());
            }
            let plain = if place == "query" { "form" } else { "simple" };
            if let Some(style) = parameter["style"].as_str()
                && style != plain
            {
                return Some(format!("unsupported style {style} with these fields"));
            }
            let is_ours = is_filter(&whole, &parameter["schema"]);
            let holds_object = holds_object(&whole, &parameter["schema"], 0);
            (holds_object && !is_ours).then(|| "objects are not supported".to_owned())
        })
    },
};

fn is_header_name(name: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_token)
}

/// Returns `true` if a value may be an object or a list of lists.
fn holds_object(whole: &Value, schema: &Value, depth: usize) -> bool {
    let schema = resolve(whole, schema);
    // Deeper nesting is recursive.
    if depth > 16 || schema["type"] == "object" || schema.get("properties").is_some() {
        return true;
    }
    let items = schema.get("items").is_some_and(|items| {
        resolve(whole, items)["type"] == "array" || holds_object(whole, items, depth + 1)
    });
    let mut parts = ["allOf", "anyOf", "oneOf"]
        .into_iter()
        .filter_map(|list| schema[list].as_array())
        .flatten();
    items || parts.any(|part| holds_object(whole, part, depth + 1))
}

/// Replaces path and header parameters of several types, and nullable ones, by strings.
pub(super) const PLAIN_PARAMETERS: Fixup = Fixup {
    name: "plain-parameters",
    reason: "the generated code formats path and header parameters, which requires a plain type",
    need: Need::OtherDocuments,
    apply: |lowering| {
        let whole = lowering.document.clone();
        let mut count = 0;
        operations_mut(&mut lowering.document, |_, _, operation| {
            for parameter in operation
                .get_mut("parameters")
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
                .filter(|parameter| parameter["in"] != "query")
            {
                let schema = resolve(&whole, &parameter["schema"]);
                let is_mixed = ["allOf", "anyOf", "oneOf", "not"]
                    .iter()
                    .any(|key| schema.get(key).is_some());
                let is_scalar = matches!(
                    schema["type"].as_str(),
                    Some("string" | "integer" | "number" | "boolean")
                );
                if is_mixed || !is_scalar || schema["nullable"] == true {
                    let mut plain = json!({ "type": "string" });
                    if is_scalar && !is_mixed {
                        plain = schema.clone();
                        plain["nullable"] = json!(false);
                    }
                    parameter["schema"] = plain;
                    count += 1;
                }
            }
        });
        count
    },
};

/// Replaces secrets in paths and headers by strings.
pub(super) const PLAIN_SECRETS: Fixup = Fixup {
    name: "plain-secrets",
    reason: "the generated code formats paths and headers, and secrets do not implement `Display`",
    need: Need::OtherDocuments,
    apply: |lowering| plain_secrets(lowering, &["path", "header"]),
};

/// Replaces all secrets in the typed expectations by strings.
pub(super) const PLAIN_EXPECTED_SECRETS: Fixup = Fixup {
    name: "plain-expected-secrets",
    reason: "expectations format what they compare, and secrets do not implement `Display`",
    need: Need::OwnDocument,
    apply: |lowering| plain_secrets(lowering, &["path", "header", "query"]),
};

fn plain_secrets(lowering: &mut Lowering, places: &[&str]) -> usize {
    let mut count = 0;
    operations_mut(&mut lowering.document, |_, _, operation| {
        for parameter in operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            let is_there = parameter["in"]
                .as_str()
                .is_some_and(|place| places.contains(&place));
            if is_there
                && parameter["schema"]["format"] == "password"
                && let Some(schema) = parameter["schema"].as_object_mut()
            {
                schema.remove("format");
                count += 1;
            }
        }
    });
    count
}

/// Omits list parameters from the typed expectations.
pub(super) const NO_LISTS: Fixup = Fixup {
    name: "no-lists",
    reason: "generated expectations for lists do not compile; the hand-written extension supports them",
    need: Need::OwnDocument,
    apply: |lowering| {
        let whole = lowering.document.clone();
        lowering.leave_out_parameters(|parameter| {
            let is_list = resolve(&whole, &parameter["schema"])["type"] == "array";
            is_list.then(|| "a list; use the hand-written extension".to_owned())
        })
    },
};

/// Omits filters with a hand-written type from the typed expectations.
pub(super) const NO_FILTERS: Fixup = Fixup {
    name: "no-filters",
    reason: "generated expectations look for one parameter, but the filter sends a pair for each key; the \
             hand-written extension supports `metadata`",
    need: Need::OwnDocument,
    apply: |lowering| {
        let whole = lowering.document.clone();
        lowering.leave_out_parameters(|parameter| {
            let schema = &parameter["schema"];
            is_filter(&whole, schema).then(|| {
                let instead = if *schema == reference_to(METADATA_FILTER) {
                    "use the hand-written extension"
                } else {
                    "expect its pairs by `query_param` of httpmock"
                };
                format!("a filter of pairs; {instead}")
            })
        })
    },
};

#[cfg(test)]
mod tests;
