//! A change of the document and of Rust items, classified.

use std::collections::BTreeSet;

use serde::Serialize;

/// The class of a change for programs that use the generated bindings, in ascending order of severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Only documentation changes.
    DocsOnly,
    /// An addition that does not affect existing programs.
    Addition,
    /// Programs may fail to compile or behave differently.
    Breaking,
}

/// One change of the document.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// The kind of change, a stable name.
    pub code: &'static str,
    /// Its class.
    pub class: Class,
    /// The changed part, in words.
    pub what: String,
    /// The kind of change, as a continuation of `what`.
    pub happened: &'static str,
    /// The JSON pointer in the old document.
    pub old_pointer: Option<String>,
    /// The JSON pointer in the new document.
    pub new_pointer: Option<String>,
    /// The old value.
    pub old: Option<String>,
    /// The new value.
    pub new: Option<String>,
    /// The reason for the class.
    pub why: String,
    /// The operations that contain the part.
    pub operations: BTreeSet<String>,
    /// The Rust items that change with it.
    pub items: Vec<ItemChange>,
    /// The public items of `apivideo` that depend on it; `None` for other documents.
    pub facade: Option<BTreeSet<String>>,
}

/// One changed Rust item of the bindings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ItemChange {
    /// The item, such as `types::Session::location` or `Client::list_videos().title()`.
    pub item: String,
    /// The kind of change.
    pub happened: Happened,
    /// Its class.
    pub class: Class,
    /// The old type or wire format.
    pub old: Option<String>,
    /// The new type or wire format.
    pub new: Option<String>,
    /// What an addition breaks in programs that do not use builders and `..`.
    pub caveat: Option<&'static str>,
}

/// The kind of change of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Happened {
    /// Added.
    Added,
    /// Added and required.
    AddedRequired,
    /// Removed.
    Removed,
    /// The type or signature changed.
    Changed,
    /// Became required.
    Required,
    /// Became optional.
    Optional,
    /// The wire format changed, with the same signature.
    Rewired,
}

impl ItemChange {
    pub(super) fn new(item: &str, happened: Happened, class: Class) -> Self {
        Self {
            item: item.to_owned(),
            happened,
            class,
            old: None,
            new: None,
            caveat: None,
        }
    }
}
