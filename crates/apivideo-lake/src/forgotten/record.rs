//! Recognizing forgotten persons in records that could not be decoded.

use serde_json::Value;

use super::{Entries, ForgottenList, METADATA, SESSION, group};
use crate::invalid::InvalidRecord;

impl ForgottenList {
    /// Returns whether a record that could not be decoded is to be forgotten: it is of a forgotten session, or any of its
    /// strings is a forgotten value.
    pub(crate) fn contains_record(&self, record: &InvalidRecord) -> bool {
        let Some(entries) = &self.entries else {
            return false;
        };
        let is_of_session = || {
            let id = record.session_id.as_deref();
            id.is_some_and(|id| entries.contains(SESSION, id))
        };
        let is_in_source = || {
            let source = record.raw.as_deref();
            source.is_some_and(|text| match serde_json::from_str(text) {
                Ok(value) => entries.contains_record(&value),
                Err(_) => entries.is_in_text(text),
            })
        };
        is_of_session() || is_in_source()
    }
}

impl Entries {
    /// Returns whether a string of JSON is in the list for any field, or another value for the metadata key that it belongs to.
    pub(super) fn contains_record(&self, value: &Value) -> bool {
        match value {
            Value::Array(values) => values.iter().any(|value| self.contains_record(value)),
            Value::String(text) => self.is_any_field(text),
            Value::Object(object) => {
                let pair = (object.get("key").and_then(Value::as_str)).zip(object.get("value"));
                let is_of_key = |key: &str, value: &Value| {
                    let field = format!("{METADATA}{key}");
                    let is_known = self.stored.hashes.contains_key(group(&field));
                    is_known && self.contains_value(&field, value)
                };
                pair.is_some_and(|(key, value)| is_of_key(key, value))
                    || (object.iter())
                        .any(|(key, value)| is_of_key(key, value) || self.contains_record(value))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }

    fn is_any_field(&self, text: &str) -> bool {
        let mut fields = self.stored.hashes.keys();
        fields.any(|field| self.contains(field, text))
    }

    /// Searches text that is not JSON: its strings in quotes, and its words.
    fn is_in_text(&self, text: &str) -> bool {
        let is_separator =
            |letter: char| letter.is_whitespace() || "\"',:;=&?{}[]()<>".contains(letter);
        let mut words = text.split(is_separator).filter(|word| !word.is_empty());
        words.any(|word| self.is_any_field(word)) || self.is_quoted_in(text)
    }

    /// Searches the strings from any quote to the next one that is not escaped: which quotes belong together is not known.
    fn is_quoted_in(&self, text: &str) -> bool {
        text.match_indices('"').any(|(start, _)| {
            let rest = text.get(start + 1..).unwrap_or_default();
            let mut is_escaped = false;
            let end = rest.find(|letter: char| {
                let is_end = letter == '"' && !is_escaped;
                is_escaped = letter == '\\' && !is_escaped;
                is_end
            });
            let quoted = end.and_then(|end| text.get(start..start + end + 2));
            let string = quoted.and_then(|quoted| serde_json::from_str::<String>(quoted).ok());
            string.is_some_and(|string| self.is_any_field(&string))
        })
    }
}
