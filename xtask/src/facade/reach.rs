//! The items that a part of the document reaches.

use std::collections::BTreeMap;

/// The coverage of a part of the document.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(untagged)]
pub enum Reach {
    /// These public items rest on it.
    Items(Vec<String>),
    /// No items, for this reason.
    Nothing(String),
}

impl Reach {
    /// Returns the items; none if there is a reason instead.
    #[must_use]
    pub fn items(&self) -> &[String] {
        match self {
            Self::Items(items) => items,
            Self::Nothing(_) => &[],
        }
    }
}

/// The coverage of parts by their names.
pub type Parts = BTreeMap<String, Reach>;
