//! A JSON parser that detects duplicate members, which `serde_json` accepts.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Parses a value. Also returns the name of a duplicate member, if any.
pub(crate) fn parse(text: &[u8]) -> Result<(Value, Option<String>), serde_json::Error> {
    let duplicate = RefCell::new(None);
    let mut reader = serde_json::Deserializer::from_slice(text);
    let value = DuplicateDetector(&duplicate).deserialize(&mut reader)?;
    reader.end()?;
    Ok((value, duplicate.into_inner()))
}

/// Deserializes a value, and records the name of a duplicate member.
#[derive(Clone, Copy)]
struct DuplicateDetector<'a>(&'a RefCell<Option<String>>);

impl<'de> DeserializeSeed<'de> for DuplicateDetector<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for DuplicateDetector<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(self)?;
            if object.insert(name.clone(), value).is_some() {
                self.0.replace(Some(name));
            }
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn values_equal_those_of_serde_json() {
        let text = br#" {"a": [1, -2, 2.5e3, true, null, "\u00e9"], "b": {"a": {}}} "#;
        let (value, duplicate) = parse(text).unwrap();
        assert_eq!(
            value,
            serde_json::from_slice::<serde_json::Value>(text).unwrap()
        );
        assert_eq!(duplicate, None);
        for invalid in [&b"{} x"[..], b"{", b"", b"\xff", b"\"\x1f\""] {
            assert!(parse(invalid).is_err(), "{invalid:?}");
        }
    }

    #[test]
    fn duplicate_members_are_detected() {
        let (_, duplicate) = parse(br#"[{"a": 1, "b": {"c": 1, "c": 1}}]"#).unwrap();
        assert_eq!(duplicate.as_deref(), Some("c"));
    }
}
