//! The parts of the document that the facade and the core support: `docs/coverage.md`.

mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::facade::surface::Surface;
use crate::facade::{self, Facade, Reach};
use xtask_bindgen::document::Document;
use xtask_bindgen::error::Refused;
use xtask_bindgen::files::Files;
use xtask_bindgen::fixups::LIBRARY;
use xtask_bindgen::lowering::Lowering;
use xtask_bindgen::{Error, generated_crates};

/// The file with the table, relative to the workspace root.
pub const TABLE: &str = "docs/coverage.md";

/// The coverage of a document.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// The kinds of parts, in the order of the table.
    pub kinds: Vec<Kind>,
    /// The parts that are not generated, with the reason.
    pub left_out: Vec<Refused>,
}

/// Parts of one kind.
#[derive(Clone, Debug)]
pub struct Kind {
    /// The plural name, such as "operations".
    pub name: &'static str,
    /// The heading for the parent of a part: "operation", "schema".
    pub whole: &'static str,
    /// The heading for the part.
    pub part: &'static str,
    /// The parts.
    pub parts: Vec<Part>,
}

/// One part of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its parent, or an empty string.
    pub whole: String,
    /// Its name in the document.
    pub name: String,
    /// Its coverage.
    pub level: Level,
    /// Its items in the facade, or the reason why there are none.
    pub reach: Reach,
}

/// The crates that support a part of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The facade, with generated code.
    Facade,
    /// The facade, with hand-written code.
    ByHand,
    /// Only the core.
    Core,
    /// No crate.
    Nothing,
}

/// Returns the coverage, and the files generated from it.
///
/// # Errors
/// Returns an error if the document or the coverage map cannot be read, or if the map is invalid.
pub fn files(root: &Path) -> Result<(Coverage, Files), Error> {
    let document = Document::read(&root.join(generated_crates::DOCUMENT))?;
    let facade = Facade::read(root)?;
    let broken = facade.check(&document.value);
    if !broken.is_empty() {
        return Err(Error::Invalid {
            path: PathBuf::from(facade::MAP),
            broken,
        });
    }
    let coverage = Coverage::of(&document.value, &facade);
    let text = table::table(&coverage);
    Ok((coverage, Files::from([(PathBuf::from(TABLE), text)])))
}

impl Coverage {
    /// Computes the coverage of a document with a valid map.
    #[must_use]
    pub fn of(document: &Value, facade: &Facade) -> Self {
        let surface = Surface::of(document);
        let mut lowering = Lowering::of(document);
        lowering.run(LIBRARY);
        let core = Core(Surface::of(&lowering.document));

        let operations = surface.operations.keys().map(|id| {
            let in_core = core.0.operations.contains_key(id);
            part("", id, in_core, facade.operation(id))
        });
        let parameters = pairs(&surface.operations).map(|(id, name)| {
            let in_core = core.parameter(id, name);
            part(id, name, in_core, facade.parameter(id, name))
        });
        let fields = pairs(&surface.fields).map(|(schema, name)| {
            let in_core = core.field(&surface, schema, name);
            part(schema, name, in_core, facade.field(schema, name))
        });
        let values = pairs(&surface.enums).map(|(name, value)| {
            let in_core = core.value(&surface, name, value);
            part(name, value, in_core, facade.value(name, value))
        });
        // The core returns the headers of a response unchanged.
        let headers = surface.headers.iter();
        let headers = headers.map(|name| part("", name, false, facade.header(name)));
        let kind = |name, whole, part, parts| Kind {
            name,
            whole,
            part,
            parts,
        };
        Self {
            kinds: vec![
                kind("operations", "", "operation", operations.collect()),
                kind("parameters", "operation", "parameter", parameters.collect()),
                kind("fields", "schema", "field", fields.collect()),
                kind("enum values", "enum", "value", values.collect()),
                kind("headers of responses", "", "header", headers.collect()),
            ],
            left_out: lowering.left_out,
        }
    }
}

/// Returns each part with its whole.
fn pairs(wholes: &BTreeMap<String, BTreeSet<String>>) -> impl Iterator<Item = (&String, &String)> {
    let parts = |(whole, parts)| std::iter::repeat(whole).zip(parts);
    wholes.iter().flat_map(parts)
}

fn part(whole: &str, name: &str, in_core: bool, reach: Option<Reach>) -> Part {
    let reach = reach.unwrap_or_else(|| Reach::Nothing(String::new()));
    let level = match (&reach, in_core) {
        (Reach::Items(_), true) => Level::Facade,
        (Reach::Items(_), false) => Level::ByHand,
        (Reach::Nothing(_), true) => Level::Core,
        (Reach::Nothing(_), false) => Level::Nothing,
    };
    Part {
        whole: whole.to_owned(),
        name: name.to_owned(),
        level,
        reach,
    }
}

/// The input of the generator.
struct Core(Surface);

impl Core {
    /// A parameter that is an object is expanded, such as `filterBy` to `filterBy[country][]`.
    fn parameter(&self, operation: &str, name: &str) -> bool {
        let expanded = format!("{name}[");
        self.0.operations.get(operation).is_some_and(|names| {
            names.contains(name) || names.iter().any(|there| there.starts_with(&expanded))
        })
    }

    fn field(&self, surface: &Surface, schema: &str, name: &str) -> bool {
        let of_parameter = || {
            let deep = surface.deep.iter().filter(|(_, object)| *object == schema);
            deep.map(|((operation, parameter), _)| (operation, format!("{parameter}[{name}]")))
                .any(|(operation, expanded)| {
                    self.0
                        .operations
                        .get(operation)
                        .is_some_and(|names| names.iter().any(|there| there.starts_with(&expanded)))
                })
        };
        self.0
            .fields
            .get(schema)
            .is_some_and(|names| names.contains(name))
            || of_parameter()
    }

    /// An enum in a response is a string in the core, which accepts every value.
    fn value(&self, surface: &Surface, name: &str, value: &str) -> bool {
        match self.0.enums.get(name) {
            Some(values) => values.contains(value),
            None => name
                .split_once('.')
                .is_some_and(|(schema, field)| self.field(surface, schema, field)),
        }
    }
}

#[cfg(test)]
mod tests;
