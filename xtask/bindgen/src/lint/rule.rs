//! The definition of a rule.

use crate::document::Document;

/// A rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its name in messages.
    pub id: &'static str,
    /// Its reason.
    pub reason: &'static str,
    pub(super) check: fn(&Subject<'_>, &mut Found),
}

/// The document to check.
pub(super) struct Subject<'a> {
    pub(super) text: &'a str,
    pub(super) document: &'a Document,
}

/// The findings of a rule.
#[derive(Default)]
pub(super) struct Found(pub(super) Vec<(String, String)>);

impl Found {
    pub(super) fn at(&mut self, place: impl Into<String>, message: impl Into<String>) {
        self.0.push((place.into(), message.into()));
    }
}
