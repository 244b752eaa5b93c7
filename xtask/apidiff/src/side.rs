//! A side of the comparison: the old or the new document.

use std::cell::OnceCell;

use super::generated_items::GeneratedItems;
use super::references::References;
use xtask_bindgen::document::Document;

/// One of the two documents.
#[derive(Debug)]
pub struct Side<'a> {
    pub(super) label: String,
    pub(super) document: &'a Document,
    listed: OnceCell<GeneratedItems>,
    uses: OnceCell<References>,
}

impl<'a> Side<'a> {
    /// Creates a side of the comparison. `label` describes the source of the document.
    #[must_use]
    pub fn new(label: impl Into<String>, document: &'a Document) -> Self {
        Self {
            label: label.into(),
            document,
            listed: OnceCell::new(),
            uses: OnceCell::new(),
        }
    }

    /// Returns the Rust items, which are generated once.
    pub(super) fn listed(&self) -> &GeneratedItems {
        self.listed
            .get_or_init(|| GeneratedItems::of(self.document))
    }

    /// Returns the uses of components.
    pub(super) fn uses(&self) -> &References {
        self.uses
            .get_or_init(|| References::of(&self.document.value))
    }
}
