//! The coverage map as it is written.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::source::Source;
use super::{Facade, Parts, Reach};
use xtask_bindgen::Error;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Map {
    operations: BTreeMap<String, Operation>,
    headers: Parts,
    fields: BTreeMap<String, Parts>,
    enums: BTreeMap<String, Enum>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Operation {
    items: Reach,
    #[serde(default)]
    parameters: Parts,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Enum {
    StringEnum(StringEnum),
    Values(Parts),
    Nothing(String),
}

/// A string enum of the facade, whose values are those of an enum of the document.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StringEnum {
    /// The name of the type.
    #[serde(rename = "enum")]
    pub(super) name: String,
    /// The part of a value such as `play/count`, counted from 1; `None` for the whole value.
    part: Option<usize>,
}

impl StringEnum {
    /// The value of the document for a value of the type.
    pub(super) fn value<'a>(&self, value: &'a str) -> &'a str {
        match self.part {
            Some(part) => value
                .split('/')
                .nth(part.saturating_sub(1))
                .unwrap_or(value),
            None => value,
        }
    }
}

pub(super) fn parse(path: &Path, text: &str, source: Source) -> Result<Facade, Error> {
    let value = xtask_bindgen::document::yaml(path, text)?;
    let map: Map = serde_path_to_error::deserialize(&value).map_err(|error| Error::Map {
        path: path.to_owned(),
        broken: vec![format!(
            "at `{}`: {}; expected a list of items, or the reason why there are none",
            error.path(),
            error.inner()
        )],
    })?;
    let mut facade = Facade {
        operations: Parts::new(),
        parameters: BTreeMap::new(),
        headers: map.headers,
        fields: map.fields,
        values: BTreeMap::new(),
        string_enums: BTreeMap::new(),
        source,
    };
    for (id, Operation { items, parameters }) in map.operations {
        facade.operations.insert(id.clone(), items);
        facade.parameters.insert(id, parameters);
    }
    for (name, coverage) in map.enums {
        let values = match coverage {
            Enum::Values(values) => values,
            Enum::Nothing(why) => Parts::from([(super::ANY.to_owned(), Reach::Nothing(why))]),
            Enum::StringEnum(string_enum) => {
                let values = values_of(&string_enum, &facade.source);
                facade.string_enums.insert(name.clone(), string_enum);
                values
            }
        };
        facade.values.insert(name, values);
    }
    Ok(facade)
}

/// The variants of a string enum, by the values of the document.
fn values_of(string_enum: &StringEnum, source: &Source) -> Parts {
    let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let variants = source.string_enums.get(&string_enum.name);
    for (variant, value) in variants.into_iter().flatten() {
        let items = values
            .entry(string_enum.value(value).to_owned())
            .or_default();
        items.push(format!("{}::{variant}", string_enum.name));
    }
    values
        .into_iter()
        .map(|(value, items)| (value, Reach::Items(items)))
        .collect()
}
