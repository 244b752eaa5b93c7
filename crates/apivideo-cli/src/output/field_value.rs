//! Values of fields by dotted name (`location.country`), and their text in CSV and tables.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// Returns the value of a field, such as `location.country`; `None` if it is absent or null.
pub(crate) fn find<'a>(item: &'a Value, name: &str) -> Option<&'a Value> {
    name.split('.')
        .try_fold(item, |value, part| value.get(part))
        .filter(|value| !value.is_null())
}

/// Returns the value of a key in the list of metadata with this name; a list of all values if the key is repeated.
pub(crate) fn metadata(item: &Value, list: &str, key: &str) -> Option<Value> {
    let found = pairs(find(item, list)?)?;
    let found: Vec<_> = found.into_iter().filter(|(name, _)| *name == key).collect();
    object(&found).remove(key)
}

/// Returns the complete value: strings and numbers unchanged, metadata as a JSON object, other lists and objects as JSON.
pub(crate) fn to_text(value: &Value) -> Cow<'_, str> {
    match (value, pairs(value)) {
        (Value::String(text), _) => Cow::Borrowed(text),
        (_, Some(pairs)) => Cow::Owned(Value::Object(object(&pairs)).to_string()),
        (other, None) => Cow::Owned(other.to_string()),
    }
}

/// Returns the value for reading: metadata as `key=value`, events as their types, other lists as their items.
pub(crate) fn to_short_text(value: &Value) -> Cow<'_, str> {
    if let Some(pairs) = pairs(value) {
        let pairs = pairs.iter().map(|(key, value)| match value {
            Value::Null => (*key).to_owned(),
            value => format!("{key}={}", to_text(value)),
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
        Value::Array(items) => Cow::Owned(items.iter().map(to_text).collect::<Vec<_>>().join(", ")),
        other => to_text(other),
    }
}

/// Returns the pairs of a list of metadata: `[{"key": …, "value": …}, …]`.
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

/// Returns pairs as an object. The values of a repeated key become a list.
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
    fn finds_fields_by_path() {
        let item = json!({"location": {"country": "France", "city": null}, "at": 1.5});
        assert_eq!(find(&item, "location.country"), Some(&json!("France")));
        assert_eq!(find(&item, "at"), Some(&json!(1.5)));
        assert_eq!(find(&item, "location.city"), None);
        assert_eq!(find(&item, "device.type"), None);
        assert_eq!(find(&item, "at.all"), None);
    }

    #[test]
    fn formats_metadata_as_an_object_or_pairs() {
        let list = json!([{"key": "hats", "value": "green"}, {"key": "age", "value": null}]);
        assert_eq!(to_text(&list), r#"{"age":null,"hats":"green"}"#);
        assert_eq!(to_short_text(&list), "hats=green, age");
        let repeated = json!([{"key": "hats", "value": "green"}, {"key": "hats", "value": "red"}]);
        assert_eq!(to_text(&repeated), r#"{"hats":["green","red"]}"#);
        assert_eq!(to_short_text(&repeated), "hats=green, hats=red");
    }

    #[test]
    fn formats_other_values() {
        for (value, text, short_text) in [
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
            assert_eq!(to_text(&value), text);
            assert_eq!(to_short_text(&value), short_text);
        }
    }
}
