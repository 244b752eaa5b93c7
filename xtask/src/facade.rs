//! The coverage map, `openapi/facade.yaml`: the public items of the facade that rest on each part of the document.
//!
//! Reading the map does not validate it, so that it can be used while the document is being changed; [`Facade::check`]
//! validates it against the document and the source of the facade.

mod calls;
mod check;
mod expand;
mod map;
pub mod source;
pub mod surface;

use std::collections::BTreeMap;
use std::path::Path;

use source::Source;
use xtask_apidiff::DependentItems;
use xtask_bindgen::Error;

/// The coverage map, relative to the root of the workspace.
pub const MAP: &str = "openapi/facade.yaml";
/// The source of the facade, relative to the root of the workspace.
pub const SOURCE: &str = "crates/apivideo/src";

/// All values of an enum that the facade does not cover.
pub(crate) const ANY: &str = "*";

/// The coverage of a part of the document.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(untagged)]
pub enum Reach {
    /// These public items rest on it.
    Items(Vec<String>),
    /// No items, for this reason.
    Nothing(String),
}

impl Reach {
    /// Returns the items; none if there is a reason instead.
    #[must_use]
    pub fn items(&self) -> &[String] {
        match self {
            Self::Items(items) => items,
            Self::Nothing(_) => &[],
        }
    }
}

/// The coverage of parts by their names.
pub type Parts = BTreeMap<String, Reach>;

/// The coverage map.
#[derive(Clone, Debug)]
pub struct Facade {
    /// By operation id.
    pub operations: Parts,
    /// By operation id, then by the name of the parameter as the document has it.
    pub parameters: BTreeMap<String, Parts>,
    /// Headers of responses.
    pub headers: Parts,
    /// By schema, then by property.
    pub fields: BTreeMap<String, Parts>,
    /// By enum (`Interval`; `Link.rel` for the enum of a property), then by value.
    pub values: BTreeMap<String, Parts>,
    string_enums: BTreeMap<String, map::StringEnum>,
    source: Source,
}

impl Facade {
    /// Reads the map of the workspace at `root`, and the source of the facade.
    ///
    /// # Errors
    /// Returns an error if the map is missing or invalid, or the source cannot be read.
    pub fn read(root: &Path) -> Result<Self, Error> {
        let path = root.join(MAP);
        let text = xtask_bindgen::files::read(&path)?;
        Self::parse(&path, &text, Source::read(&root.join(SOURCE))?)
    }

    /// Parses a map; `path` is for messages.
    ///
    /// # Errors
    /// Returns an error if the map is invalid.
    pub fn parse(path: &Path, text: &str, source: Source) -> Result<Self, Error> {
        map::parse(path, text, source)
    }
}

impl DependentItems for Facade {
    fn of_operation(&self, operation_id: &str) -> &[String] {
        self.operations.get(operation_id).map_or(&[], Reach::items)
    }

    fn of_parameter(&self, operation_id: &str, parameter: &str) -> &[String] {
        find(&self.parameters, operation_id, parameter)
    }

    fn of_field(&self, schema: &str, property: &str) -> &[String] {
        find(&self.fields, schema, property)
    }

    fn of_value(&self, schema: &str, property: &str, value: &str) -> &[String] {
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
