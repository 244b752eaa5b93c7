//! Lints of the document. OpenAPI does not require them, but generators, readers and the facade rely on them.

mod examples;
mod find;
mod operations;
mod parameters;
mod responses;
mod rule;
mod schemas;
mod text;

use std::fmt;

use crate::document::Document;

pub use rule::Rule;
use rule::{Found, Subject};

/// A violation of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static str,
    /// The location: a JSON pointer, or a line for rules about the text.
    pub place: String,
    /// The reason and the next action.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}] {}", self.place, self.rule, self.message)
    }
}

/// All rules.
pub const RULES: &[Rule] = &[
    text::CLEAN,
    operations::IDS,
    operations::SUMMARIES,
    operations::TAGS,
    operations::PATHS,
    operations::PAGING,
    parameters::PATH,
    parameters::UNIQUE,
    parameters::ARRAYS,
    parameters::OBJECTS,
    responses::STATUSES,
    responses::RATE_LIMIT,
    responses::PROBLEMS,
    schemas::NAMES,
    schemas::DESCRIPTIONS,
    schemas::REFERENCES,
    schemas::USED,
    schemas::REQUIRED,
    schemas::SECRETS,
    schemas::INSTANTS,
    examples::FIT,
];

/// Returns the violations, in the order of the rules. `text` is the source of the document.
#[must_use]
pub fn findings(text: &str, document: &Document) -> Vec<Finding> {
    let subject = Subject { text, document };
    let mut all = Vec::new();
    for rule in RULES {
        let mut found = Found::default();
        (rule.check)(&subject, &mut found);
        all.extend(found.0.into_iter().map(|(place, message)| Finding {
            rule: rule.id,
            place,
            message,
        }));
    }
    all
}

#[cfg(test)]
mod tests;
