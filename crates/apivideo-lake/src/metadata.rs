//! The metadata of a session as pairs of strings.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// The pairs of a column `metadata`. A key with several values has a pair for each.
#[derive(Default)]
pub(crate) struct MetadataPairs(Vec<(String, String)>);

impl MetadataPairs {
    /// Replaces the pairs with those of a JSON object. Text that is not a JSON object has no pairs.
    pub(crate) fn set(&mut self, json: Option<&str>) {
        self.0.clear();
        let object: Option<Map<String, Value>> =
            json.and_then(|json| serde_json::from_str(json).ok());
        for (key, value) in object.into_iter().flatten() {
            match value {
                Value::Array(values) => {
                    for value in values {
                        self.push(key.clone(), value);
                    }
                }
                value => self.push(key, value),
            }
        }
    }

    fn push(&mut self, key: String, value: Value) {
        match value {
            Value::Null => {}
            Value::String(text) => self.0.push((key, text)),
            other => self.0.push((key, other.to_string())),
        }
    }

    /// Returns the first value of a key, if it is not empty.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        let pair = self.0.iter().find(|(name, _)| name == key);
        let value = pair.map(|(_, value)| value.as_str());
        value.filter(|value| !value.is_empty())
    }

    pub(crate) fn to_facts(&self) -> Vec<(&str, Cow<'_, str>)> {
        let pairs = self.0.iter();
        pairs
            .map(|(key, value)| (key.as_str(), Cow::Borrowed(value.as_str())))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_strings_and_repeated_keys() {
        let mut pairs = MetadataPairs::default();
        pairs.set(Some(r#"{"a":["x","y"],"b":"z","c":7,"d":null,"e":""}"#));
        let found: Vec<_> = pairs.to_facts();
        let expected = [("a", "x"), ("a", "y"), ("b", "z"), ("c", "7"), ("e", "")];
        assert_eq!(
            found,
            expected.map(|(key, value)| (key, Cow::Borrowed(value)))
        );
        assert_eq!(
            (pairs.get("a"), pairs.get("d"), pairs.get("e")),
            (Some("x"), None, None)
        );
        for json in [None, Some("[1]"), Some("{")] {
            pairs.set(json);
            assert_eq!(pairs.get("a"), None);
        }
    }
}
