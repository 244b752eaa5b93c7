//! The fields to output: all of them, or those selected by `--fields`.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::field_value;
use super::schema::{CellKind, ItemSchema};
use crate::failure::Failure;

/// The fields of items to output.
#[derive(Clone, Debug)]
pub(crate) struct Projection {
    /// The columns of CSV.
    pub(crate) fields: Vec<String>,
    /// The columns of a table.
    pub(crate) columns: Vec<ProjectedColumn>,
    /// The selected fields and groups of fields, for JSON; `None` selects all.
    pub(crate) selected: Option<Vec<String>>,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub(crate) struct ProjectedColumn {
    /// The field, which is also the heading.
    pub(crate) field: String,
    pub(crate) kind: CellKind,
    /// If the table is too narrow, columns of high ranks are left out. The column of rank 0 is always shown.
    pub(crate) rank: u8,
}

impl Projection {
    /// Returns the projection of items by `--fields`. A group such as `location` selects all fields in it.
    pub(crate) fn new(schema: &ItemSchema, selected: Option<&[String]>) -> Result<Self, Failure> {
        let column = |field: &str, rank| ProjectedColumn {
            field: field.to_owned(),
            kind: schema.kind(field),
            rank,
        };
        let Some(selected) = selected else {
            let fields = schema.fields.iter().map(|field| field.name.to_owned());
            let columns = schema
                .table
                .iter()
                .map(|(field, rank)| column(field, *rank));
            return Ok(Self {
                fields: fields.collect(),
                columns: columns.collect(),
                selected: None,
            });
        };
        let mut names: Vec<String> = Vec::new();
        let mut fields: Vec<String> = Vec::new();
        for name in selected.iter().map(|name| name.trim()) {
            let is_in_group = |field: &str| {
                let rest = field.strip_prefix(name);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            let mut matching: Vec<String> = schema
                .fields
                .iter()
                .map(|field| field.name)
                .filter(|field| is_in_group(field))
                .map(str::to_owned)
                .collect();
            if schema.fields.is_empty() && !name.is_empty() {
                matching.push(name.to_owned());
            }
            if matching.is_empty() {
                return Err(
                    Failure::usage(format!("{} have no field {name:?}", schema.noun.1))
                        .with_hint("use --fields list to print the available fields"),
                );
            }
            // The known fields of a group in order, and then its other fields.
            for name in matching.iter().map(String::as_str).chain([name]) {
                if !names.iter().any(|known| known == name) {
                    names.push(name.to_owned());
                }
            }
            for field in matching {
                if !fields.contains(&field) {
                    fields.push(field);
                }
            }
        }
        let ranks = (0..u8::MAX).chain(std::iter::repeat(u8::MAX));
        let columns = fields.iter().zip(ranks);
        Ok(Self {
            columns: columns.map(|(field, rank)| column(field, rank)).collect(),
            fields,
            selected: Some(names),
        })
    }

    /// Returns the selected fields of an item, nested as in the item and in the order of selection.
    pub(crate) fn project<'a>(selected: &'a [String], item: &'a Value) -> ProjectedValue<'a> {
        let paths = selected
            .iter()
            .map(|name| (name.split('.').collect(), name.as_str()))
            .filter(|(_, name)| field_value::find(item, name).is_some())
            .map(|(path, _)| path)
            .collect();
        ProjectedValue { item, paths }
    }
}

/// Selected fields of an item. In a group that is selected as a whole, fields selected by name come first.
pub(crate) struct ProjectedValue<'a> {
    item: &'a Value,
    /// Paths within the item; an empty path selects the whole item.
    paths: Vec<Vec<&'a str>>,
}

impl Serialize for ProjectedValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let is_whole = self.paths.iter().any(Vec::is_empty);
        let members = self.item.as_object().filter(|_| is_whole);
        if is_whole && members.is_none() {
            return self.item.serialize(serializer);
        }
        let mut keys: Vec<&str> = Vec::new();
        let named = self.paths.iter().filter_map(|path| path.first().copied());
        let others = members.into_iter().flatten().map(|(key, _)| key.as_str());
        for key in named.chain(others) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let mut map = serializer.serialize_map(Some(keys.len()))?;
        for key in keys {
            let mut below: Vec<Vec<&str>> = self
                .paths
                .iter()
                .filter(|path| path.first() == Some(&key))
                .map(|path| path[1..].to_vec())
                .collect();
            if is_whole {
                below.push(Vec::new());
            }
            let item = self.item.get(key).unwrap_or(&Value::Null);
            map.serialize_entry(key, &ProjectedValue { item, paths: below })?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::schema::{raw, sessions};
    use super::*;

    fn fields(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn groups_select_all_their_fields() {
        let names = fields(&["location", "session.sessionId", "location.city"]);
        let projection = Projection::new(&sessions(false, false), Some(&names)).unwrap();
        assert_eq!(
            projection.fields,
            ["location.country", "location.city", "session.sessionId"]
        );
        let error =
            Projection::new(&sessions(false, false), Some(&fields(&["locatio"]))).unwrap_err();
        let Failure::Error { error, .. } = error else {
            panic!()
        };
        assert_eq!(error.to_string(), "sessions have no field \"locatio\"");
        assert!(Projection::new(&raw(), Some(&fields(&["a.b"]))).is_ok());
        assert!(Projection::new(&raw(), Some(&fields(&[""]))).is_err());
    }

    #[test]
    fn json_keeps_nesting_and_the_order_of_selection() {
        let item = json!({"b": {"y": 1, "x": {"z": null, "w": 2}}, "a": [1], "c": 3});
        let text = |names: &[&str]| {
            let names = fields(names);
            serde_json::to_string(&Projection::project(&names, &item)).unwrap()
        };
        assert_eq!(
            text(&["b.y", "a", "b.x.w"]),
            r#"{"b":{"y":1,"x":{"w":2}},"a":[1]}"#
        );
        assert_eq!(
            text(&["b.x.w", "b"]),
            r#"{"b":{"x":{"w":2,"z":null},"y":1}}"#
        );
        assert_eq!(text(&["b.x.z", "nothing"]), "{}");
    }
}
