//! The Rust items that are generated from a document.

use std::collections::BTreeSet;

use super::items::{Items, list};
use super::normalized_name::NormalizedName;
use xtask_bindgen::document::Document;
use xtask_bindgen::generated_crates;
use xtask_bindgen::schema::{Scope, reached};

/// The items generated from a document.
#[derive(Debug)]
pub(super) struct GeneratedItems {
    /// The items, if the document can be generated.
    pub(super) items: Option<Items>,
    /// The types used in requests.
    pub(super) requests: BTreeSet<NormalizedName>,
    /// The parts that are not generated, with the reason.
    pub(super) left_out: Vec<String>,
}

impl GeneratedItems {
    pub(super) fn of(document: &Document) -> Self {
        match generated_crates::library(document) {
            Ok((lowering, file)) => Self {
                items: Some(list(&file)),
                requests: reached(&lowering.document, Scope::Requests)
                    .iter()
                    .map(|name| NormalizedName::of(name))
                    .collect(),
                left_out: lowering
                    .left_out
                    .iter()
                    .map(|refused| format!("{}: {}", refused.what, refused.reason))
                    .collect(),
            },
            Err(error) => Self {
                items: None,
                requests: BTreeSet::new(),
                left_out: vec![format!("{}: {error}", document.path.display())],
            },
        }
    }
}
