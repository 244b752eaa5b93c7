//! The fields to output: all of them, or those selected by `--fields`.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::field_source::FieldSource;
use super::schema::{CellKind, ItemSchema};
use crate::failure::Failure;

/// The fields of items to output.
#[derive(Clone, Debug)]
pub(crate) struct Projection {
    /// The columns of CSV.
    pub(crate) fields: Vec<FieldSource>,
    /// The columns of a table.
    pub(crate) columns: Vec<ProjectedColumn>,
    /// The selected fields and groups of fields, for JSON; `None` selects all.
    pub(crate) selected: Option<Vec<FieldSource>>,
    /// Whether each event of a session is a row.
    pub(crate) has_event_rows: bool,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub(crate) struct ProjectedColumn {
    /// The field, whose name is also the heading.
    pub(crate) field: FieldSource,
    pub(crate) kind: CellKind,
    /// If the table is too narrow, columns of high ranks are left out. The column of rank 0 is always shown.
    pub(crate) rank: u8,
}

impl Projection {
    /// Returns the projection of JSON to all its fields.
    pub(crate) fn all() -> Self {
        Self {
            fields: Vec::new(),
            columns: Vec::new(),
            selected: None,
            has_event_rows: false,
        }
    }

    /// Returns the projection of items by `--fields`. A group such as `location` selects all fields in it.
    pub(crate) fn new(schema: &ItemSchema, selected: Option<&[String]>) -> Result<Self, Failure> {
        let Some(selected) = selected else {
            let source = |name: &'static str| FieldSource::path(name);
            let columns = schema.table.iter().map(|&(name, rank)| ProjectedColumn {
                kind: schema.kind(name),
                field: source(name),
                rank,
            });
            return Ok(Self {
                fields: schema
                    .fields
                    .iter()
                    .map(|field| source(field.name))
                    .collect(),
                columns: columns.collect(),
                selected: None,
                has_event_rows: schema.has_event_rows,
            });
        };
        let mut sources: Vec<FieldSource> = Vec::new();
        let mut fields: Vec<FieldSource> = Vec::new();
        for name in selected.iter().map(|name| name.trim()) {
            let mut matching: Vec<FieldSource> = schema
                .fields
                .iter()
                .map(|field| FieldSource::path(field.name))
                .filter(|field| field.is_within(name))
                .collect();
            let derived = FieldSource::derived(schema, name);
            if schema.fields.is_empty() && !name.is_empty() {
                matching.push(FieldSource::path(name));
            }
            matching.extend(derived.clone());
            if matching.is_empty() {
                return Err(
                    Failure::usage(format!("{} have no field {name:?}", schema.noun.1))
                        .with_hint("use --fields list to print the available fields"),
                );
            }
            // The known fields of a group in order, and then its other fields.
            let group = derived.is_none().then(|| FieldSource::path(name));
            for source in matching.iter().cloned().chain(group) {
                if !sources.contains(&source) {
                    sources.push(source);
                }
            }
            for field in matching {
                if !fields.contains(&field) {
                    fields.push(field);
                }
            }
        }
        let ranks = (0..u8::MAX).chain(std::iter::repeat(u8::MAX));
        let columns = fields
            .iter()
            .zip(ranks)
            .map(|(field, rank)| ProjectedColumn {
                kind: schema.kind(field.name()),
                field: field.clone(),
                rank,
            });
        Ok(Self {
            columns: columns.collect(),
            fields,
            selected: Some(sources),
            has_event_rows: schema.has_event_rows,
        })
    }

    /// Returns the selected fields of an item, nested as in the item and in the order of selection.
    ///
    /// Unknown values are left out, except those of derived fields: a metadata key that an item does not have is null.
    pub(crate) fn project<'a>(
        selected: &'a [FieldSource],
        item: &'a mut Value,
    ) -> ProjectedValue<'a> {
        FieldSource::insert_derived(selected, item);
        let item = &*item;
        let paths = selected
            .iter()
            .filter(|source| source.is_written(selected, item))
            .map(FieldSource::segments)
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
        let projection = Projection::new(&sessions(false, None), Some(&names)).unwrap();
        let columns: Vec<&str> = projection.fields.iter().map(FieldSource::name).collect();
        let (last, location) = columns.split_last().unwrap();
        assert_eq!(*last, "session.sessionId");
        assert!(location.iter().all(|name| name.starts_with("location.")));
        for name in ["location.country", "location.city"] {
            let count = location.iter().filter(|other| **other == name).count();
            assert_eq!(count, 1, "{name} in {location:?}");
        }
        let error =
            Projection::new(&sessions(false, None), Some(&fields(&["locatio"]))).unwrap_err();
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
            let names: Vec<_> = names.iter().map(|name| FieldSource::path(name)).collect();
            serde_json::to_string(&Projection::project(&names, &mut item.clone())).unwrap()
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
    #[test]
    fn metadata_keys_and_the_day_are_fields() {
        let item = json!({
            "session": {
                "sessionId": "ps1",
                "loadedAt": "2022-01-01T23:30:00.5Z",
                "metadata": [{"key": "a.b", "value": "x"}, {"key": "n", "value": 1}, {"key": "n", "value": 2}],
            }
        });
        let text = |names: &[&str]| {
            let projection = Projection::new(&sessions(false, None), Some(&fields(names))).unwrap();
            let selected = projection.selected.unwrap();
            let mut item = item.clone();
            serde_json::to_string(&Projection::project(&selected, &mut item)).unwrap()
        };
        assert_eq!(
            text(&["date", "session.metadata.a.b", "session.metadata.none"]),
            r#"{"date":"2022-01-01","session":{"metadata":{"a.b":"x","none":null}}}"#
        );
        assert_eq!(
            text(&["session.metadata.n"]),
            r#"{"session":{"metadata":{"n":[1,2]}}}"#
        );
        // The complete list contains the key.
        assert_eq!(
            text(&["session.metadata.a.b", "session.metadata"]),
            r#"{"session":{"metadata":[{"key":"a.b","value":"x"},{"key":"n","value":1},{"key":"n","value":2}]}}"#
        );
        for name in ["session.metadata.", "metadata.a", "location.metadata.a"] {
            assert!(Projection::new(&sessions(false, None), Some(&fields(&[name]))).is_err());
        }
    }
}
