//! The words that rules are made of.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};

/// When a connection is reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reset {
    /// Before a byte of the reply. In a script: `"before_head"`.
    BeforeHead,
    /// After the head and before the body. In a script: `"after_head"`.
    AfterHead,
}

/// Which tokens stop being valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expire {
    /// The access tokens. In a script: `"access"`.
    Access,
    /// The access tokens and the refresh tokens. In a script: `"all"`.
    All,
}

/// A place in a list of sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Before the first. In a script: `"front"`.
    Front,
    /// After the last. In a script: `"end"`.
    End,
    /// Before the one with so many before it. In a script: that number.
    Index(u64),
}

impl At {
    /// The index in a list, of the first of `count` items if there are any to be taken.
    pub(crate) fn index(self, len: usize, count: usize) -> usize {
        match self {
            Self::Front => 0,
            Self::End => len.saturating_sub(count),
            Self::Index(index) => usize::try_from(index).unwrap_or(len).min(len),
        }
    }
}

impl<'de> Deserialize<'de> for At {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Place;

        impl Visitor<'_> for Place {
            type Value = At;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(r#""front", "end" or a number from 0"#)
            }

            fn visit_u64<E: de::Error>(self, index: u64) -> Result<At, E> {
                Ok(At::Index(index))
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<At, E> {
                match word {
                    "front" => Ok(At::Front),
                    "end" => Ok(At::End),
                    _ => Err(E::invalid_value(de::Unexpected::Str(word), &self)),
                }
            }
        }

        deserializer.deserialize_any(Place)
    }
}

/// A body in pieces.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Slow {
    pub(super) bytes: u64,
    pub(super) every_ms: u64,
}

/// Sessions that come or go.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    pub(super) sessions: u32,
    pub(super) at: At,
}

/// A list of sessions.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    pub(super) asset: String,
    pub(super) period: String,
}
