//! Which public items of the facade rest on which part of the document: `openapi/facade.yaml`.
//!
//! Reading takes the map as it is, so that it answers while the document is being changed; [`Facade::check`] holds it
//! against the document and against the source of the facade.

mod calls;
mod check;
mod expand;
mod map;
pub mod source;
pub mod surface;

use std::collections::BTreeMap;
use std::path::Path;

use crate::Error;
use source::Source;

/// The map, relative to the top of the workspace.
pub const MAP: &str = "openapi/facade.yaml";
/// The source of the facade, relative to the top of the workspace.
pub const SOURCE: &str = "crates/apivideo/src";

/// Stands for every value of an enum of which nothing is reached.
pub(crate) const ANY: &str = "*";

/// What the facade has for a part of the document.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(untagged)]
pub enum Reach {
    /// These public items rest on it.
    Items(Vec<String>),
    /// Nothing, and why.
    Nothing(String),
}

impl Reach {
    /// The items; none where there is a reason instead.
    #[must_use]
    pub fn items(&self) -> &[String] {
        match self {
            Self::Items(items) => items,
            Self::Nothing(_) => &[],
        }
    }
}

/// Parts of something by their names.
pub type Parts = BTreeMap<String, Reach>;

/// The map.
#[derive(Clone, Debug)]
pub struct Facade {
    /// By operation id.
    pub operations: Parts,
    /// By operation id, then by the name of the parameter as the document has it.
    pub parameters: BTreeMap<String, Parts>,
    /// Headers of replies.
    pub headers: Parts,
    /// By schema, then by property.
    pub fields: BTreeMap<String, Parts>,
    /// By enum (`Interval`; `Link.rel` for the enum of a property), then by value.
    pub values: BTreeMap<String, Parts>,
    words: BTreeMap<String, map::Words>,
    source: Source,
}

impl Facade {
    /// Reads the map of the workspace at `root`, and the facade's source that it speaks of.
    ///
    /// # Errors
    /// When the map is not there or not as it has to be, or the source can't be read.
    pub fn read(root: &Path) -> Result<Self, Error> {
        let path = root.join(MAP);
        let text = crate::files::read(&path)?;
        Self::parse(&path, &text, Source::read(&root.join(SOURCE))?)
    }

    /// Reads a map from a text; `path` is for messages.
    ///
    /// # Errors
    /// When it is not as a map has to be.
    pub fn parse(path: &Path, text: &str, source: Source) -> Result<Self, Error> {
        map::parse(path, text, source)
    }

    /// The items that rest on an operation.
    #[must_use]
    pub fn of_operation(&self, operation_id: &str) -> &[String] {
        self.operations.get(operation_id).map_or(&[], Reach::items)
    }

    /// The items that rest on a parameter; its name is the document's, such as `tags[]`.
    #[must_use]
    pub fn of_parameter(&self, operation_id: &str, parameter: &str) -> &[String] {
        find(&self.parameters, operation_id, parameter)
    }

    /// The items that rest on a property of a component schema.
    #[must_use]
    pub fn of_field(&self, schema: &str, property: &str) -> &[String] {
        find(&self.fields, schema, property)
    }

    /// The items that rest on a value of an enum. Where the schema itself is the enum, `property` is empty.
    #[must_use]
    pub fn of_value(&self, schema: &str, property: &str, value: &str) -> &[String] {
        if property.is_empty() {
            find(&self.values, schema, value)
        } else {
            find(&self.values, &format!("{schema}.{property}"), value)
        }
    }
}

fn find<'a>(parts: &'a BTreeMap<String, Parts>, whole: &str, part: &str) -> &'a [String] {
    parts
        .get(whole)
        .and_then(|parts| parts.get(part))
        .map_or(&[], Reach::items)
}

#[cfg(test)]
mod tests;
