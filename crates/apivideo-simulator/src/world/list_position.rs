use std::fmt;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// A position in a list of sessions, at which sessions are inserted or deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListPosition {
    /// The beginning of the list. In a fault script: `"front"`.
    Front,
    /// The end of the list. In a fault script: `"end"`.
    End,
    /// The position after this many sessions, or the end of a shorter list. In a fault script: the number.
    Index(u64),
}

impl ListPosition {
    /// Returns the index in a list of `len` items, of which `count` are deleted from there on.
    pub(crate) fn index(self, len: usize, count: usize) -> usize {
        match self {
            Self::Front => 0,
            Self::End => len.saturating_sub(count),
            Self::Index(index) => usize::try_from(index).unwrap_or(len).min(len),
        }
    }
}

impl Serialize for ListPosition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Front => serializer.serialize_str("front"),
            Self::End => serializer.serialize_str("end"),
            Self::Index(index) => serializer.serialize_u64(*index),
        }
    }
}

impl<'de> Deserialize<'de> for ListPosition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PositionVisitor;

        impl Visitor<'_> for PositionVisitor {
            type Value = ListPosition;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(r#""front", "end" or a number from 0"#)
            }

            fn visit_u64<E: de::Error>(self, index: u64) -> Result<ListPosition, E> {
                Ok(ListPosition::Index(index))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<ListPosition, E> {
                match text {
                    "front" => Ok(ListPosition::Front),
                    "end" => Ok(ListPosition::End),
                    _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
                }
            }
        }

        deserializer.deserialize_any(PositionVisitor)
    }
}
