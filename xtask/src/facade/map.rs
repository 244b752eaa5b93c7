//! The map as it is written, and what follows from it.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::source::Source;
use super::{Facade, Parts, Reach};
use crate::Error;

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
    Words(Words),
    Values(Parts),
    Nothing(String),
}

/// The type of the facade whose words are the values of an enum.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    /// The type.
    pub(super) words: String,
    /// Which part of a word such as `play/count`, from 1; the whole word without it.
    part: Option<usize>,
}

impl Words {
    /// The value that a word stands for.
    pub(super) fn value<'a>(&self, word: &'a str) -> &'a str {
        match self.part {
            Some(part) => word.split('/').nth(part.saturating_sub(1)).unwrap_or(word),
            None => word,
        }
    }
}

pub(super) fn parse(path: &Path, text: &str, source: Source) -> Result<Facade, Error> {
    let value = crate::document::yaml(path, text)?;
    let map: Map = serde_path_to_error::deserialize(&value).map_err(|error| Error::Map {
        path: path.to_owned(),
        broken: vec![format!(
            "at `{}`: {}; a list of items is meant, or a text that says why there are none",
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
        words: BTreeMap::new(),
        source,
    };
    for (id, Operation { items, parameters }) in map.operations {
        facade.operations.insert(id.clone(), items);
        facade.parameters.insert(id, parameters);
    }
    for (name, meant) in map.enums {
        let values = match meant {
            Enum::Values(values) => values,
            Enum::Nothing(why) => Parts::from([(super::ANY.to_owned(), Reach::Nothing(why))]),
            Enum::Words(words) => {
                let values = values_of(&words, &facade.source);
                facade.words.insert(name.clone(), words);
                values
            }
        };
        facade.values.insert(name, values);
    }
    Ok(facade)
}

/// The variants by the values that their words stand for.
fn values_of(words: &Words, source: &Source) -> Parts {
    let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (variant, word) in source.words.get(&words.words).into_iter().flatten() {
        let items = values.entry(words.value(word).to_owned()).or_default();
        items.push(format!("{}::{variant}", words.words));
    }
    values
        .into_iter()
        .map(|(value, items)| (value, Reach::Items(items)))
        .collect()
}
