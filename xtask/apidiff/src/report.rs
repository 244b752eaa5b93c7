//! The result of a comparison.

use serde::Serialize;

use super::change::{Change, Class};
use super::version::Step;

/// The differences between two documents.
#[derive(Clone, Debug, Serialize)]
pub struct Diff {
    /// The version of the report format.
    pub format: u32,
    /// The source of the old document.
    pub old: String,
    /// The source of the new document.
    pub new: String,
    /// The most severe class; `None` if nothing differs.
    pub class: Option<Class>,
    /// The required next version.
    pub version: Step,
    /// The comparison of Rust items.
    pub bindings: Bindings,
    /// The changes, by descending severity.
    pub changes: Vec<Change>,
}

/// The state of the comparison of Rust items.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Bindings {
    /// Both bindings could be generated.
    pub compared: bool,
    /// The parts of either document that are not generated, and are classified by rules only.
    pub not_generated: Vec<String>,
}

impl Diff {
    /// Returns the number of changes of a class.
    #[must_use]
    pub fn count(&self, class: Class) -> usize {
        self.changes
            .iter()
            .filter(|change| change.class == class)
            .count()
    }

    /// Formats the report as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        let mut text =
            serde_json::to_string_pretty(self).expect("strings, numbers and lists are JSON");
        text.push('\n');
        text
    }
}
