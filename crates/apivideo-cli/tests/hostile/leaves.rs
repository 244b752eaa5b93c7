//! The values of a JSON document in a normal form, to find a value regardless of its position and notation.

use apivideo::Timestamp;
use serde_json::Value;

/// Returns the values within this one, without those that represent unknown values.
pub(crate) fn of(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    gather(value, &mut found, false);
    found
}

/// Returns the values and member names within this one.
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
