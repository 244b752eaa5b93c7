//! What a change of the document means for whoever uses the bindings.
//!
//! The documents are compared part by part (`compare`). Then both bindings are generated in memory and their public
//! Rust items compared (`bindings`); a change of the document is as grave as the items that it explains, or as what it
//! does to requests and replies behind the compiler's back (`rules`). An item that changes without an explanation is told
//! by itself.

mod bindings;
mod calls;
mod compare;
mod contents;
mod explain;
mod fold;
mod found;
mod items;
mod judge;
mod markdown;
mod operations;
mod parameters;
mod rules;
mod schemas;
mod text;
mod uses;
mod version;

use std::cell::OnceCell;
use std::collections::BTreeSet;

use serde::Serialize;

use crate::document::Document;
use crate::facade::Facade;
pub use found::Code;
use judge::Listed;
pub use markdown::markdown;
pub use text::text;
use uses::Uses;
pub use version::{Step, Version};

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

/// One of the two documents.
#[derive(Debug)]
pub struct Side<'a> {
    label: String,
    document: &'a Document,
    listed: OnceCell<Listed>,
    uses: OnceCell<Uses>,
}

impl<'a> Side<'a> {
    /// A document; `label` tells where it is from.
    #[must_use]
    pub fn new(label: impl Into<String>, document: &'a Document) -> Self {
        Self {
            label: label.into(),
            document,
            listed: OnceCell::new(),
            uses: OnceCell::new(),
        }
    }

    /// The Rust items, which are made once.
    fn listed(&self) -> &Listed {
        self.listed.get_or_init(|| Listed::of(self.document))
    }

    /// What the components are used for.
    fn uses(&self) -> &Uses {
        self.uses.get_or_init(|| Uses::of(&self.document.value))
    }
}

/// What differs between two documents.
#[derive(Clone, Debug, Serialize)]
pub struct Diff {
    /// The version of this form of report.
    pub format: u32,
    /// Where the old document is from.
    pub old: String,
    /// Where the new document is from.
    pub new: String,
    /// The gravest class there is; none where nothing differs.
    pub class: Option<Class>,
    /// The version that has to follow.
    pub version: Step,
    /// What the Rust items say, and why they don't where they don't.
    pub bindings: Bindings,
    /// The changes, the gravest first.
    pub changes: Vec<Change>,
}

/// Whether the Rust items were compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Bindings {
    /// Whether both bindings could be generated.
    pub compared: bool,
    /// What is not generated from either document, and so is judged by rules alone.
    pub not_generated: Vec<String>,
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
    fn new(item: &str, happened: Happened, class: Class) -> Self {
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

/// Compares two documents and judges what differs. `facade` knows what the facade rests on, where the documents are ours.
#[must_use]
pub fn diff(old: &Side<'_>, new: &Side<'_>, facade: Option<&Facade>, now: Version) -> Diff {
    let found = compare::compare(old, new);
    let judged = judge::by_items(old, new, found, facade);
    told(old, new, now, judged)
}

/// The same without generating anything: by what is known of the generator alone.
#[must_use]
pub fn diff_by_rules(
    old: &Side<'_>,
    new: &Side<'_>,
    facade: Option<&Facade>,
    now: Version,
) -> Diff {
    let found = compare::compare(old, new);
    let judged = (judge::by_rules(found, facade), Bindings::default());
    told(old, new, now, judged)
}

fn told(
    old: &Side<'_>,
    new: &Side<'_>,
    now: Version,
    (changes, bindings): (Vec<Change>, Bindings),
) -> Diff {
    let class = changes.iter().map(|change| change.class).max();
    Diff {
        format: 1,
        old: old.label.clone(),
        new: new.label.clone(),
        class,
        version: Step::after(now, class),
        bindings,
        changes,
    }
}

impl Diff {
    /// How many changes there are of a class.
    #[must_use]
    pub fn count(&self, class: Class) -> usize {
        self.changes
            .iter()
            .filter(|change| change.class == class)
            .count()
    }

    /// As JSON, for programs.
    #[must_use]
    pub fn json(&self) -> String {
        let mut text =
            serde_json::to_string_pretty(self).expect("strings, numbers and lists are JSON");
        text.push('\n');
        text
    }
}
