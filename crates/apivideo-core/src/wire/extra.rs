//! Fields that the document does not describe.

use std::fmt;
use std::ops::Index;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// The fields of an object that the document does not describe, by name.
///
/// Most objects have none; an empty `Extra` is the size of a pointer and allocates nothing.
///
/// ```
/// use apivideo_core::wire::Extra;
///
/// let mut extra = Extra::new();
/// extra.insert("planet", "Earth");
/// assert_eq!(extra["planet"], "Earth");
/// assert_eq!(extra.len(), 1);
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Extra(
    /// Never an empty map.
    Option<Box<Map<String, Value>>>,
);

impl Extra {
    /// Creates an empty collection of fields.
    ///
    /// ```
    /// assert!(apivideo_core::wire::Extra::new().is_empty());
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self(None)
    }

    /// Returns the value of a field.
    ///
    /// ```
    /// let mut extra = apivideo_core::wire::Extra::new();
    /// extra.insert("level", 3);
    /// assert_eq!(extra.get("level"), Some(&3.into()));
    /// assert_eq!(extra.get("volume"), None);
    /// ```
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.as_ref()?.get(name)
    }

    /// Iterates over the fields in the order of their names.
    ///
    /// ```
    /// let mut extra = apivideo_core::wire::Extra::new();
    /// extra.insert("volume", 0.5);
    /// extra.insert("level", 3);
    /// let names: Vec<&str> = extra.iter().map(|(name, _)| name).collect();
    /// assert_eq!(names, ["level", "volume"]);
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0
            .iter()
            .flat_map(|map| map.iter())
            .map(|(name, value)| (name.as_str(), value))
    }

    /// Returns the number of fields.
    ///
    /// ```
    /// assert_eq!(apivideo_core::wire::Extra::new().len(), 0);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |map| map.len())
    }

    /// Returns `true` if there are no fields.
    ///
    /// ```
    /// assert!(apivideo_core::wire::Extra::new().is_empty());
    /// ```
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Inserts a field and returns the value that it replaces.
    ///
    /// ```
    /// let mut extra = apivideo_core::wire::Extra::new();
    /// assert_eq!(extra.insert("level", 3), None);
    /// assert_eq!(extra.insert("level", 4), Some(3.into()));
    /// assert_eq!(extra["level"], 4);
    /// ```
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        self.0
            .get_or_insert_default()
            .insert(name.into(), value.into())
    }

    /// Removes a field and returns its value.
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

/// Returns the value of a field.
///
/// # Panics
/// Panics if there is no field of that name; [`Extra::get`] returns `None` instead.
impl Index<&str> for Extra {
    type Output = Value;

    fn index(&self, name: &str) -> &Value {
        match self.get(name) {
            Some(value) => value,
            None => panic!("no extra field {name:?}"),
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
    fn an_empty_extra_is_pointer_sized_and_equal_to_any_other() {
        assert_eq!(size_of::<Extra>(), size_of::<usize>());
        assert_eq!(Extra::from(Map::new()), Extra::new());
        assert_eq!(serde_json::from_str::<Extra>("{}").unwrap(), Extra::new());
        assert_eq!(serde_json::to_string(&Extra::new()).unwrap(), "{}");
        assert_eq!(format!("{:?}", Extra::new()), "{}");
        assert_eq!(Extra::new().remove("x"), None);
        assert_eq!((Extra::new().len(), Extra::new().iter().count()), (0, 0));
    }

    #[test]
    fn removing_the_last_field_makes_it_empty() {
        let mut extra = Extra::new();
        assert_eq!(extra.insert("a", 1), None);
        assert_eq!(extra.insert("a", 2), Some(1.into()));
        assert_eq!((extra.len(), extra.is_empty()), (1, false));
        assert_eq!(extra.get("b"), None);
        assert_eq!(extra.remove("a"), Some(2.into()));
        assert!(extra.is_empty());
    }

    #[test]
    #[should_panic(expected = "no extra field \"a\"")]
    fn indexing_an_absent_field_panics_with_its_name() {
        let _ = &Extra::new()["a"];
    }

    #[test]
    fn serializes_as_a_map() {
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
