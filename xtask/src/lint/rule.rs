//! What a rule is, and what it finds.

use crate::document::Document;

/// A rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// What it is called in messages.
    pub id: &'static str,
    /// What it is good for.
    pub reason: &'static str,
    pub(super) check: fn(&Subject<'_>, &mut Found),
}

/// The document that is looked at.
pub(super) struct Subject<'a> {
    pub(super) text: &'a str,
    pub(super) document: &'a Document,
}

/// What one rule finds.
#[derive(Default)]
pub(super) struct Found(pub(super) Vec<(String, String)>);

impl Found {
    pub(super) fn at(&mut self, place: impl Into<String>, message: impl Into<String>) {
        self.0.push((place.into(), message.into()));
    }
}
