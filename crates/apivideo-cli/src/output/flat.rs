//! Nested items as flat fields: one naming for CSV and tables, the service's names with dots between them.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// The field of this name, such as `location.country`; `None` where it is not known.
pub(crate) fn field<'a>(item: &'a Value, name: &str) -> Option<&'a Value> {
    name.split('.')
        .try_fold(item, |value, part| value.get(part))
        .filter(|value| !value.is_null())
}

/// The whole value: texts and numbers as they are, metadata as a JSON object, other lists and objects as JSON.
pub(crate) fn exact(value: &Value) -> Cow<'_, str> {
    match (value, pairs(value)) {
        (Value::String(text), _) => Cow::Borrowed(text),
        (_, Some(pairs)) => Cow::Owned(Value::Object(object(&pairs)).to_string()),
        (other, None) => Cow::Owned(other.to_string()),
    }
}

/// The value for the eye: metadata as `key=value`, events by their types, other lists by their items.
pub(crate) fn brief(value: &Value) -> Cow<'_, str> {
    if let Some(pairs) = pairs(value) {
        let pairs = pairs.iter().map(|(key, value)| match value {
            Value::Null => (*key).to_owned(),
            value => format!("{key}={}", exact(value)),
        });
        return Cow::Owned(pairs.collect::<Vec<_>>().join(", "));
    }
    let types = |items: &[Value]| -> Option<Vec<String>> {
        let name = |item: &Value| Some(item.get("type")?.as_str()?.to_owned());
        items.iter().map(name).collect()
    };
    match value {
        Value::Array(items) if types(items).is_some() => {
            Cow::Owned(types(items).unwrap_or_default().join(", "))
        }
        Value::Array(items) => Cow::Owned(items.iter().map(exact).collect::<Vec<_>>().join(", ")),
        other => exact(other),
    }
}

/// The pairs of a list of metadata: `[{"key": …, "value": …}, …]`.
fn pairs(value: &Value) -> Option<Vec<(&str, &Value)>> {
    let items = value.as_array().filter(|items| !items.is_empty())?;
    let pair = |item: &'_ Value| -> Option<()> { item.get("key")?.as_str().map(drop) };
    items.iter().all(|item| pair(item).is_some()).then(|| {
        let pair = |item| {
            let item: &Value = item;
            let key = item.get("key").and_then(Value::as_str).unwrap_or_default();
            (key, item.get("value").unwrap_or(&Value::Null))
        };
        items.iter().map(pair).collect()
    })
}

/// Pairs as an object. The values of a key that comes several times are a list.
fn object(pairs: &[(&str, &Value)]) -> Map<String, Value> {
    let mut object = Map::new();
    for (key, _) in pairs {
        let values: Vec<_> = pairs
            .iter()
            .filter(|(other, _)| other == key)
            .map(|(_, value)| (*value).clone())
            .collect();
        let value = match values.len() {
            1 => values.into_iter().next().unwrap_or_default(),
            _ => Value::Array(values),
        };
        object.insert((*key).to_owned(), value);
    }
    object
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_found_by_their_path() {
        let item = json!({"location": {"country": "France", "city": null}, "at": 1.5});
        assert_eq!(field(&item, "location.country"), Some(&json!("France")));
        assert_eq!(field(&item, "at"), Some(&json!(1.5)));
        assert_eq!(field(&item, "location.city"), None);
        assert_eq!(field(&item, "device.type"), None);
        assert_eq!(field(&item, "at.all"), None);
    }

    #[test]
    fn metadata_is_an_object_or_pairs() {
        let list = json!([{"key": "hats", "value": "green"}, {"key": "age", "value": null}]);
        assert_eq!(exact(&list), r#"{"age":null,"hats":"green"}"#);
        assert_eq!(brief(&list), "hats=green, age");
        let twice = json!([{"key": "hats", "value": "green"}, {"key": "hats", "value": "red"}]);
        assert_eq!(exact(&twice), r#"{"hats":["green","red"]}"#);
        assert_eq!(brief(&twice), "hats=green, hats=red");
    }

    #[test]
    fn other_values_stay_what_they_are() {
        for (value, exactly, briefly) in [
            (json!("a, \"b\""), "a, \"b\"", "a, \"b\""),
            (json!(12), "12", "12"),
            (json!(12.25), "12.25", "12.25"),
            (json!(true), "true", "true"),
            (json!([]), "[]", ""),
            (json!(["a", "b"]), r#"["a","b"]"#, "a, b"),
            (
                json!([{"type": "ready", "at": 0}, {"type": "play"}]),
                r#"[{"at":0,"type":"ready"},{"type":"play"}]"#,
                "ready, play",
            ),
            (json!({"a": 1}), r#"{"a":1}"#, r#"{"a":1}"#),
        ] {
            assert_eq!(exact(&value), exactly);
            assert_eq!(brief(&value), briefly);
        }
    }
}
