//! A change of the document and of Rust items, classified.

use std::collections::BTreeSet;

use serde::Serialize;

/// How grave a change is for programs that use the generated bindings; the graver, the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Nothing but documentation changes.
    DocsOnly,
    /// There is something new, and programs go on as before.
    Addition,
    /// Programs may no longer compile, or no longer do what they did.
    Breaking,
}

/// One change of the document.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// What sort of change: a stable name.
    pub code: &'static str,
    /// How grave it is.
    pub class: Class,
    /// What changed, in words.
    pub what: String,
    /// What happened to it, to follow those words.
    pub happened: &'static str,
    /// The JSON pointer in the old document.
    pub old_pointer: Option<String>,
    /// The JSON pointer in the new document.
    pub new_pointer: Option<String>,
    /// What was there.
    pub old: Option<String>,
    /// What is there.
    pub new: Option<String>,
    /// Why it is of that class.
    pub why: String,
    /// Operations that it is part of.
    pub operations: BTreeSet<String>,
    /// Rust items that change with it.
    pub items: Vec<ItemChange>,
    /// Public items of `apivideo` that rest on it; none is known of a document that is not ours.
    pub facade: Option<BTreeSet<String>>,
}

/// One changed Rust item of the bindings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ItemChange {
    /// The item, such as `types::Session::location` or `Client::list_videos().title()`.
    pub item: String,
    /// What happened to it.
    pub happened: Happened,
    /// How grave that is.
    pub class: Class,
    /// The type, or what goes over the wire, before.
    pub old: Option<String>,
    /// The same after.
    pub new: Option<String>,
    /// What an addition still breaks in programs that do not keep to builders and `..`.
    pub caveat: Option<&'static str>,
}

/// What happened to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Happened {
    /// It is new.
    Added,
    /// It is new, and has to be given.
    AddedRequired,
    /// It is gone.
    Removed,
    /// It has another type or signature.
    Changed,
    /// It has to be given now.
    Required,
    /// It need not be given any more.
    Optional,
    /// It looks the same, and something else goes over the wire.
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
