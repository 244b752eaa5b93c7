//! One of the two documents that are compared.

use std::cell::OnceCell;

use super::generated_items::GeneratedItems;
use super::references::References;
use crate::document::Document;

/// One of the two documents.
#[derive(Debug)]
pub struct Side<'a> {
    pub(super) label: String,
    pub(super) document: &'a Document,
    listed: OnceCell<GeneratedItems>,
    uses: OnceCell<References>,
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
    pub(super) fn listed(&self) -> &GeneratedItems {
        self.listed
            .get_or_init(|| GeneratedItems::of(self.document))
    }

    /// What the components are used for.
    pub(super) fn uses(&self) -> &References {
        self.uses
            .get_or_init(|| References::of(&self.document.value))
    }
}
