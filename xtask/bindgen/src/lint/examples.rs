//! The rule that examples match their schemas. Validators of JSON Schema do not support `nullable`, so this small one
//! implements what the document needs.

use serde_json::Value;

use super::find::{At, all_schemas, parts};
use super::{Found, Rule, Subject};
use crate::schema::resolve;

pub(super) const FIT: Rule = Rule {
    id: "examples",
    reason: "an example must not contradict its schema; tests read examples too",
    check: fit,
};

fn fit(subject: &Subject<'_>, found: &mut Found) {
    let document = &subject.document.value;
    for at in parts(document) {
        if let Some(schema) = at.node.get("schema").filter(|schema| schema.is_object()) {
            let single = at.child("example");
            let named = at
                .under("examples")
                .filter_map(|(_, at)| at.resolved(document).child("value"));
            for example in single.into_iter().chain(named) {
                compare(document, schema, &example, found);
            }
        }
    }
    for schema in all_schemas(document) {
        for key in ["example", "default"] {
            if let Some(example) = schema.child(key) {
                compare(document, schema.node, &example, found);
            }
        }
        let mut seen: Vec<&Value> = Vec::new();
        for (_, value) in schema.under("enum") {
            if seen.contains(&value.node) {
                found.at(&value.pointer, format!("{} is a duplicate", value.node));
            }
            seen.push(value.node);
            of_type(schema.node, &value, found);
        }
    }
}

fn compare(document: &Value, schema: &Value, value: &At<'_>, found: &mut Found) {
    let schema = resolve(document, schema);
    if value.node.is_null() && schema["nullable"] == true {
        return;
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        compare(document, part, value, found);
    }
    if !of_type(schema, value, found) {
        return;
    }
    if let Some(values) = schema["enum"].as_array()
        && !values.contains(value.node)
    {
        found.at(
            &value.pointer,
            format!("{} is not one of {}", value.node, schema["enum"]),
        );
    }
    if let Some(text) = value.node.as_str() {
        if schema["format"] == "date-time" && !is_date_time(text) {
            found.at(
                &value.pointer,
                format!("`{text}` is not an RFC 3339 date-time"),
            );
        }
        let most = schema["maxLength"].as_u64().unwrap_or(u64::MAX);
        if text.chars().count() as u64 > most {
            found.at(&value.pointer, format!("is longer than {most} characters"));
        }
    }
    if let Some(number) = value.node.as_f64() {
        let least = schema["minimum"].as_f64().unwrap_or(f64::NEG_INFINITY);
        let most = schema["maximum"].as_f64().unwrap_or(f64::INFINITY);
        if !(least..=most).contains(&number) {
            found.at(
                &value.pointer,
                format!("{number} is not between {least} and {most}"),
            );
        }
    }
    if value.node.is_array() {
        for (_, item) in value.children() {
            compare(document, &schema["items"], &item, found);
        }
    }
    if value.node.is_object() {
        fields(document, schema, value, found);
    }
}

fn fields(document: &Value, schema: &Value, value: &At<'_>, found: &mut Found) {
    for name in schema["required"].as_array().into_iter().flatten() {
        let name = name.as_str().unwrap_or_default();
        if value.node.get(name).is_none() {
            found.at(&value.pointer, format!("the required `{name}` is missing"));
        }
    }
    for (name, field) in value.children() {
        if let Some(property) = schema["properties"].get(&name) {
            compare(document, property, &field, found);
        } else if schema["additionalProperties"].is_object() {
            compare(document, &schema["additionalProperties"], &field, found);
        } else if schema["properties"].is_object() && schema["additionalProperties"] != true {
            found.at(
                field.pointer,
                format!("`{name}` is not described by the schema; describe or remove it"),
            );
        }
    }
}

/// Checks the type of the value, and reports a mismatch.
fn of_type(schema: &Value, value: &At<'_>, found: &mut Found) -> bool {
    let node = value.node;
    let fits = match schema["type"].as_str() {
        Some("string") => node.is_string(),
        Some("integer") => node.is_i64() || node.is_u64(),
        Some("number") => node.is_number(),
        Some("boolean") => node.is_boolean(),
        Some("array") => node.is_array(),
        Some("object") => node.is_object(),
        _ => true,
    } || node.is_null() && schema["nullable"] == true;
    if !fits {
        let wanted = schema["type"].as_str().unwrap_or_default();
        found.at(
            &value.pointer,
            format!("{node} is not of the type {wanted}"),
        );
    }
    fits
}

/// Returns `true` if a string is an RFC 3339 timestamp, with or without a fraction.
fn is_date_time(text: &str) -> bool {
    let shape: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    let Some(rest) = shape.strip_prefix("0000-00-00T00:00:00") else {
        return false;
    };
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => {
            let zone = fraction.trim_start_matches('0');
            if zone.len() == fraction.len() {
                return false;
            }
            zone
        }
        None => rest,
    };
    ["Z", "+00:00", "-00:00"].contains(&zone)
}
