//! The coverage of the document by the facade: the public items that depend on each part.
//!
//! By rule, a part is covered by the public item of the same name: a property or parameter by the field or method of its type,
//! a value of an enum by the variant. The coverage map, `openapi/facade.yaml`, contains the exceptions.
//!
//! Reading the map does not validate it, so that it can be used while the document is being changed; [`Facade::check`]
//! validates it against the document.

mod check;
pub mod listing;
mod map;
mod reach;
pub mod surface;

use std::collections::BTreeMap;
use std::path::Path;

use heck::{ToSnakeCase, ToUpperCamelCase};

use xtask_apidiff::DependentItems;
use xtask_bindgen::{Error, files};

pub use check::Finding;
use listing::Listing;
use map::Map;
pub use reach::{Parts, Reach};

/// The coverage map, relative to the root of the workspace.
pub const MAP: &str = "openapi/facade.yaml";
/// The listing of the public items, relative to the root of the workspace.
pub const LISTING: &str = "crates/apivideo/public-api.txt";

/// All values of an enum.
const ANY: &str = "*";

/// The coverage map, with the public items of the facade.
#[derive(Clone, Debug)]
pub struct Facade {
    map: Map,
    listing: Listing,
}

impl Facade {
    /// Reads the map and the listing of the facade in the workspace at `root`.
    ///
    /// # Errors
    /// Returns an error if one of them is missing or invalid.
    pub fn read(root: &Path) -> Result<Self, Error> {
        let path = root.join(MAP);
        let text = files::read(&path)?;
        let listing = files::read(&root.join(LISTING))?;
        Self::parse(&path, &text, Listing::parse(&listing))
    }

    /// Parses a map; `path` is for messages.
    ///
    /// # Errors
    /// Returns an error if the map is invalid.
    pub fn parse(path: &Path, text: &str, listing: Listing) -> Result<Self, Error> {
        let map = map::parse(path, text)?;
        Ok(Self { map, listing })
    }

    /// Returns the coverage of an operation; `None` if the map does not contain it.
    #[must_use]
    pub fn operation(&self, id: &str) -> Option<Reach> {
        Some(self.map.operations.get(id)?.items.clone())
    }

    /// Returns the coverage of a parameter by the name in the document, such as `tags[]`: its own line, the member of the
    /// operation's type, or the line that several operations share.
    #[must_use]
    pub fn parameter(&self, operation_id: &str, name: &str) -> Option<Reach> {
        let own = self.map.operations.get(operation_id);
        own.and_then(|own| own.parameters.get(name).cloned())
            .or_else(|| self.implied_parameter(operation_id, name))
    }

    /// Returns the coverage of a response header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<Reach> {
        self.map.headers.get(name).cloned()
    }

    /// Returns the coverage of a property of a schema: its own line, or the member of the schema's type.
    #[must_use]
    pub fn field(&self, schema: &str, property: &str) -> Option<Reach> {
        find(&self.map.fields, schema, property).or_else(|| self.implied_field(schema, property))
    }

    /// Returns the coverage of a value of an enum: its own line, that of all values, or the variant of the enum's type.
    #[must_use]
    pub fn value(&self, name: &str, value: &str) -> Option<Reach> {
        find(&self.map.enums, name, value)
            .or_else(|| find(&self.map.enums, name, ANY))
            .or_else(|| self.implied_value(name, value))
    }

    fn implied_parameter(&self, operation_id: &str, name: &str) -> Option<Reach> {
        self.member_of_operation(operation_id, name)
            .or_else(|| self.map.parameters.get(name).cloned())
    }

    fn member_of_operation(&self, operation_id: &str, name: &str) -> Option<Reach> {
        let of = self.map.operations.get(operation_id)?.name.as_ref()?;
        self.member(of, &member_name(name))
    }

    fn implied_field(&self, schema: &str, property: &str) -> Option<Reach> {
        self.member(self.type_of(schema), &member_name(property))
    }

    fn implied_value(&self, name: &str, value: &str) -> Option<Reach> {
        self.member(self.type_of(name), &variant_name(value))
    }

    fn member(&self, of: &str, name: &str) -> Option<Reach> {
        let item = self.listing.member(of, name)?;
        Some(Reach::Items(vec![item]))
    }

    /// Returns the type of the facade for a schema or an enum of the document.
    #[must_use]
    pub fn type_of<'a>(&'a self, name: &'a str) -> &'a str {
        self.map.types.get(name).map_or(name, String::as_str)
    }
}

impl DependentItems for Facade {
    fn of_operation(&self, operation_id: &str) -> Vec<String> {
        items(self.operation(operation_id))
    }

    fn of_parameter(&self, operation_id: &str, parameter: &str) -> Vec<String> {
        items(self.parameter(operation_id, parameter))
    }

    fn of_field(&self, schema: &str, property: &str) -> Vec<String> {
        items(self.field(schema, property))
    }

    fn of_value(&self, schema: &str, property: &str, value: &str) -> Vec<String> {
        items(match property {
            "" => self.value(schema, value),
            _ => self.value(&format!("{schema}.{property}"), value),
        })
    }
}

/// Returns the name of a field or method for a property or a parameter.
fn member_name(name: &str) -> String {
    name.to_snake_case()
}

/// Returns the name of a variant for a value.
fn variant_name(value: &str) -> String {
    value.to_upper_camel_case()
}

fn find(parts: &BTreeMap<String, Parts>, whole: &str, part: &str) -> Option<Reach> {
    parts.get(whole)?.get(part).cloned()
}

fn items(reach: Option<Reach>) -> Vec<String> {
    reach.map_or_else(Vec::new, |reach| reach.items().to_vec())
}

#[cfg(test)]
mod tests;
