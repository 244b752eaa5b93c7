//! The Rust items that are generated from a document.

use std::collections::BTreeSet;

use super::items::{Items, list};
use super::normalized_name::NormalizedName;
use crate::document::Document;
use crate::generated_crates;
use crate::schema::{Scope, reached};

/// What a document is generated to.
#[derive(Debug)]
pub(super) struct GeneratedItems {
    /// The items, where it can be generated.
    pub(super) items: Option<Items>,
    /// Types that requests are made of.
    pub(super) requests: BTreeSet<NormalizedName>,
    /// What is not generated of it, and why.
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
