//! The coverage map as it is written: exceptions, and the types for the rule.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use xtask_bindgen::{Error, document};

use super::reach::{Parts, Reach};

/// The lines of the map.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Map {
    pub(super) operations: BTreeMap<String, Operation>,
    /// Parameters of several operations.
    pub(super) parameters: Parts,
    pub(super) headers: Parts,
    /// Schemas and enums of the document whose type in the facade has another name.
    pub(super) types: BTreeMap<String, String>,
    /// By schema, then by property.
    pub(super) fields: BTreeMap<String, Parts>,
    /// By enum (`Interval`; `Link.rel` for the enum of a property), then by value.
    pub(super) enums: BTreeMap<String, Parts>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Operation {
    pub(super) items: Reach,
    /// The type whose members set the parameters.
    #[serde(rename = "type")]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) parameters: Parts,
}

/// Parses the map; `path` is for messages.
pub(super) fn parse(path: &Path, text: &str) -> Result<Map, Error> {
    let value = document::yaml(path, text)?;
    serde_path_to_error::deserialize(&value).map_err(|error| Error::Invalid {
        path: path.to_owned(),
        broken: vec![format!(
            "at `{}`: {}; expected a list of items, or the reason why there are none",
            error.path(),
            error.inner()
        )],
    })
}
