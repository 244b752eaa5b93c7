//! A document as YAML in blocks, with the keys of responses as numbers, as people write them.

use serde_json::Value;

pub(crate) fn yaml(document: &Value) -> String {
    let mut text = String::new();
    block(document, 0, &mut text);
    text
}

fn block(node: &Value, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    match node {
        Value::Object(fields) if !fields.is_empty() => {
            for (key, child) in fields {
                let key = if key.parse::<u16>().is_ok()
                    || key.chars().all(char::is_alphabetic) && !key.is_empty()
                {
                    key.clone()
                } else {
                    Value::from(key.as_str()).to_string()
                };
                text.push_str(&format!("{indent}{key}:"));
                inside(child, depth, text);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                text.push_str(&format!("{indent}-"));
                inside(item, depth, text);
            }
        }
        scalar => text.push_str(&format!("{indent}{scalar}\n")),
    }
}

fn inside(child: &Value, depth: usize, text: &mut String) {
    let is_empty = match child {
        Value::Object(fields) => fields.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => true,
    };
    if is_empty {
        text.push_str(&format!(" {child}\n"));
    } else {
        text.push('\n');
        block(child, depth + 1, text);
    }
}
