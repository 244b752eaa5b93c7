//! A side of a comparison.

use serde_json::Value;

/// A document, with its source for messages.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The source of the document.
    pub label: &'a str,
    /// The document.
    pub document: &'a Value,
}
