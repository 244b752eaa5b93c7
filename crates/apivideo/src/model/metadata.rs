//! Metadata of sessions and videos.

use apivideo_core::types;
use apivideo_core::wire::{Extra, Object, Text};
use serde::Serialize;
use serde_json::Value;

use super::wire::{FromWire, model};

/// A key and a value that the page with the player sets for its viewer.
///
/// ```
/// use apivideo::model::Metadata;
///
/// let pair: Metadata = serde_json::from_str(r#"{"key":"hats","value":"green"}"#)?;
/// assert_eq!(pair, Metadata::new("hats", "green"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Metadata {
    /// The key.
    pub key: Text,
    /// The value: usually a string; older responses contain objects and null.
    pub value: Option<Value>,
    /// Unknown fields.
    #[serde(flatten)]
    #[cfg_attr(feature = "schemars", schemars(with = "super::wire::ExtraSchema"))]
    pub extra: Extra,
}

impl Metadata {
    /// Creates a pair.
    ///
    /// ```
    /// use apivideo::model::Metadata;
    ///
    /// assert_eq!(Metadata::new("hats", "green").key, "hats");
    /// ```
    #[must_use]
    pub fn new(key: impl Into<Text>, value: impl Into<Value>) -> Self {
        Self {
            key: key.into(),
            value: Some(value.into()),
            extra: Extra::new(),
        }
    }
}

impl FromWire<Object<types::Metadata>> for Metadata {
    #[inline]
    fn from_wire(wire: Object<types::Metadata>) -> Self {
        let Object {
            value: types::Metadata { key, value },
            extra,
        } = wire;
        Self {
            key: key.unwrap_or_default(),
            value: value.filter(|value| !value.is_null()),
            extra,
        }
    }
}

model!(Metadata from types::Metadata);

/// Joins the metadata under its current name and under its old name.
pub(super) fn joined(lists: [Option<Vec<Object<types::Metadata>>>; 2]) -> Vec<Metadata> {
    // A single list, the usual case, is converted in place.
    let converted = |list: Vec<_>| list.into_iter().map(Metadata::from_wire).collect();
    match lists {
        [Some(pairs), None] | [None, Some(pairs)] => converted(pairs),
        [None, None] => Vec::new(),
        [Some(mut pairs), Some(older)] => {
            pairs.extend(older);
            converted(pairs)
        }
    }
}
