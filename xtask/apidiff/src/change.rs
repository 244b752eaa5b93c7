//! A classified change, and all changes between two documents.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::class::Class;
use crate::dependent_items::DependentItems;
use crate::difference::{Difference, DocumentPart};
use crate::rules::Effect;
use crate::version::Step;

/// One change of the document.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// The kind of change, a stable name.
    pub code: &'static str,
    /// Its class.
    pub class: Class,
    /// The changed part, such as `Location.city` or `listVideos parameter title`.
    pub place: String,
    /// The JSON pointer in the old document.
    pub old_pointer: Option<String>,
    /// The JSON pointer in the new document.
    pub new_pointer: Option<String>,
    /// The old value.
    pub old: Option<String>,
    /// The new value.
    pub new: Option<String>,
    /// The reason for the class.
    pub why: &'static str,
    /// What an addition breaks in programs that do not use builders and `..`.
    pub caveat: Option<&'static str>,
    /// The operations that contain the part.
    pub operations: BTreeSet<String>,
    /// The public items of `apivideo` that depend on it; `None` for other documents.
    pub facade: Option<BTreeSet<String>>,
}

impl Change {
    pub(crate) fn new(
        found: Difference,
        effect: Effect,
        facade: Option<&dyn DependentItems>,
    ) -> Self {
        let location = found.location;
        Self {
            code: found.code.as_str(),
            class: effect.class,
            place: location.place,
            old_pointer: location.old,
            new_pointer: location.new,
            old: found.old,
            new: found.new,
            why: effect.why,
            caveat: effect.caveat,
            operations: location.operations,
            facade: facade.map(|facade| {
                let parts = location.parts.iter();
                parts.flat_map(|part| dependents(facade, part)).collect()
            }),
        }
    }
}

fn dependents(facade: &dyn DependentItems, part: &DocumentPart) -> Vec<String> {
    match part {
        DocumentPart::Operation(id) => facade.of_operation(id),
        DocumentPart::Parameter(id, name) => facade.of_parameter(id, name),
        DocumentPart::Field(schema, property) => facade.of_field(schema, property),
        DocumentPart::Value(schema, property, value) => facade.of_value(schema, property, value),
    }
}

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
    /// The changes, by descending severity.
    pub changes: Vec<Change>,
}

impl Diff {
    /// Formats the report as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        json(self)
    }
}

pub(crate) fn json(report: &impl Serialize) -> String {
    // Strings, numbers and lists are JSON.
    serde_json::to_string_pretty(report).unwrap_or_default() + "\n"
}
