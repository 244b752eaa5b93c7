//! Fields that nobody knows.

use std::fmt;
use std::ops::Deref;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

static NONE: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);

/// The fields of an object that the document does not describe, under their names: a map, as far as reading goes.
///
/// Most objects have none, and then it is no larger than a pointer.
///
/// ```
/// use apivideo_core::wire::Extra;
///
/// let mut extra = Extra::new();
/// extra.insert("planet", "Earth");
/// assert_eq!(extra["planet"], "Earth");
/// assert_eq!(extra.len(), 1);
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct Extra(
    /// Never an empty map.
    Option<Box<Map<String, Value>>>,
);

impl Extra {
    /// No fields.
    ///
    /// ```
    /// assert!(apivideo_core::wire::Extra::new().is_empty());
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self(None)
    }

    /// Puts a field in, in place of one of its name.
    ///
    /// ```
    /// let mut extra = apivideo_core::wire::Extra::new();
    /// extra.insert("level", 3);
    /// assert_eq!(extra["level"], 3);
    /// ```
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.0
            .get_or_insert_default()
            .insert(name.into(), value.into());
    }

    /// Takes a field out.
    ///
    /// ```
    /// let mut extra = apivideo_core::wire::Extra::new();
    /// extra.insert("level", 3);
    /// assert_eq!(extra.remove("level"), Some(3.into()));
    /// assert_eq!(extra, apivideo_core::wire::Extra::new());
    /// ```
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let map = self.0.as_mut()?;
        let value = map.remove(name);
        if map.is_empty() {
            self.0 = None;
        }
        value
    }
}

impl Deref for Extra {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Self::Target {
        match &self.0 {
            Some(map) => map,
            None => &NONE,
        }
    }
}

impl From<Map<String, Value>> for Extra {
    fn from(map: Map<String, Value>) -> Self {
        Self((!map.is_empty()).then(|| Box::new(map)))
    }
}

impl From<Extra> for Map<String, Value> {
    fn from(extra: Extra) -> Self {
        extra.0.map(|map| *map).unwrap_or_default()
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl Serialize for Extra {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Extra {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_one_is_small_and_equal_to_any_other() {
        assert_eq!(size_of::<Extra>(), size_of::<usize>());
        assert_eq!(Extra::from(Map::new()), Extra::new());
        assert_eq!(serde_json::from_str::<Extra>("{}").unwrap(), Extra::new());
        assert_eq!(serde_json::to_string(&Extra::new()).unwrap(), "{}");
        assert_eq!(format!("{:?}", Extra::new()), "{}");
        assert_eq!(Extra::new().remove("x"), None);
    }

    #[test]
    fn it_travels_as_a_map() {
        let text = r#"{"a":1,"b":{"c":[null]}}"#;
        let extra: Extra = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&extra).unwrap(), text);
        assert_eq!(extra["b"]["c"][0], Value::Null);
        assert_eq!(Map::from(extra.clone()).len(), 2);
        assert_eq!(
            format!("{extra:?}"),
            r#"{"a": Number(1), "b": Object {"c": Array [Null]}}"#
        );
    }
}
