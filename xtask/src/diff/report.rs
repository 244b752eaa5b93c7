//! The result of a comparison.

use serde::Serialize;

use super::change::{Change, Class};
use super::version::Step;

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
