//! The values of a JSON document in one form, so that a value is recognized wherever and however it is written.

use apivideo::Timestamp;
use serde_json::Value;

/// The values below this one; those that mean "not known" are left out.
pub(crate) fn of(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    gather(value, &mut found, false);
    found
}

/// The values and the names of members below this one.
pub(crate) fn with_names(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    gather(value, &mut found, true);
    found
}

fn gather(value: &Value, found: &mut Vec<String>, names: bool) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| gather(item, found, names)),
        Value::Object(members) => {
            for (name, value) in members {
                if names {
                    found.push(name.clone());
                }
                gather(value, found, names);
            }
        }
        Value::Null => {}
        Value::Bool(value) => found.push(value.to_string()),
        Value::Number(value) => found.push(number(&value.to_string()).unwrap_or_default()),
        Value::String(text) if text.is_empty() || text == "unknown" => {}
        Value::String(text) => found.push(normal(text)),
    }
}

fn normal(text: &str) -> String {
    match text.parse::<Timestamp>() {
        Ok(time) => time.to_string(),
        Err(_) => number(text).unwrap_or_else(|| text.to_owned()),
    }
}

fn number(text: &str) -> Option<String> {
    if let Ok(integer) = text.parse::<i128>() {
        return Some(integer.to_string());
    }
    let starts_well = text.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    let float: f64 = text.parse().ok().filter(|_| starts_well)?;
    Some(format!("{float}"))
}
