//! What is shown of items: all that there is, or the fields that were chosen.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::flat;
use super::record::{Column, Kind, Shape};
use crate::failure::Failure;

/// What is shown of items.
#[derive(Clone, Debug)]
pub(crate) struct View {
    /// The columns of CSV.
    pub(crate) fields: Vec<String>,
    /// The columns of a table.
    pub(crate) columns: Vec<ViewColumn>,
    /// The fields and groups of fields that were chosen, for JSON; all when `None`.
    pub(crate) chosen: Option<Vec<String>>,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub(crate) struct ViewColumn {
    /// The field, and the heading.
    pub(crate) field: String,
    pub(crate) shape: Shape,
    /// Where there is no room for all, the columns with the lowest ranks are shown. The one of rank 0 always is.
    pub(crate) rank: u8,
}

impl From<&Column> for ViewColumn {
    fn from(column: &Column) -> Self {
        Self {
            field: column.field.to_owned(),
            shape: column.shape,
            rank: column.rank,
        }
    }
}

impl View {
    /// The view of this kind of item, as `--fields` says. A group, such as `location`, stands for all that is in it.
    pub(crate) fn new(kind: &Kind, chosen: Option<&[String]>) -> Result<Self, Failure> {
        let Some(chosen) = chosen else {
            return Ok(Self {
                fields: kind
                    .fields
                    .iter()
                    .map(|field| (*field).to_owned())
                    .collect(),
                columns: kind.columns.iter().map(ViewColumn::from).collect(),
                chosen: None,
            });
        };
        let mut names: Vec<String> = Vec::new();
        let mut fields: Vec<String> = Vec::new();
        for name in chosen.iter().map(|name| name.trim()) {
            let is_of = |field: &str| {
                let rest = field.strip_prefix(name);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            let mut found: Vec<String> = kind
                .fields
                .iter()
                .filter(|field| is_of(field))
                .map(|field| (*field).to_owned())
                .collect();
            if kind.fields.is_empty() && !name.is_empty() {
                found.push(name.to_owned());
            }
            if found.is_empty() {
                return Err(Failure::usage(format!(
                    "{} have no field {name:?}; --fields list shows what there is",
                    kind.noun.1
                )));
            }
            // The known fields of a group in their order, and then what else is in it.
            for name in found.iter().map(String::as_str).chain([name]) {
                if !names.iter().any(|known| known == name) {
                    names.push(name.to_owned());
                }
            }
            for field in found {
                if !fields.contains(&field) {
                    fields.push(field);
                }
            }
        }
        let column = |(index, field): (usize, &String)| {
            let usual = kind.columns.iter().find(|column| column.field == field);
            ViewColumn {
                field: field.clone(),
                shape: usual.map_or(Shape::Text, |column| column.shape),
                rank: u8::try_from(index).unwrap_or(u8::MAX),
            }
        };
        Ok(Self {
            columns: fields.iter().enumerate().map(column).collect(),
            fields,
            chosen: Some(names),
        })
    }

    /// The chosen fields of an item, in the order in which they were chosen, nested as they came.
    pub(crate) fn project<'a>(chosen: &'a [String], item: &'a Value) -> Projected<'a> {
        let paths = chosen
            .iter()
            .map(|name| (name.split('.').collect(), name.as_str()))
            .filter(|(_, name)| flat::field(item, name).is_some())
            .map(|(path, _)| path)
            .collect();
        Projected { item, paths }
    }
}

/// Some fields of an item; of a group that is whole, those that were named come first.
pub(crate) struct Projected<'a> {
    item: &'a Value,
    /// Paths below the item; one that is empty stands for the whole item.
    paths: Vec<Vec<&'a str>>,
}

impl Serialize for Projected<'_> {
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
            map.serialize_entry(key, &Projected { item, paths: below })?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::record::{ANYTHING, SESSIONS};
    use super::*;

    fn chosen(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn groups_stand_for_what_is_in_them() {
        let names = chosen(&["location", "session.sessionId", "location.city"]);
        let view = View::new(&SESSIONS, Some(&names)).unwrap();
        assert_eq!(
            view.fields,
            ["location.country", "location.city", "session.sessionId"]
        );
        let error = View::new(&SESSIONS, Some(&chosen(&["locatio"]))).unwrap_err();
        let Failure::Told { error, .. } = error else {
            panic!()
        };
        assert_eq!(
            error.to_string(),
            "sessions have no field \"locatio\"; --fields list shows what there is"
        );
        assert!(View::new(&ANYTHING, Some(&chosen(&["a.b"]))).is_ok());
        assert!(View::new(&ANYTHING, Some(&chosen(&[""]))).is_err());
    }

    #[test]
    fn json_keeps_its_nesting_and_the_order_that_was_asked_for() {
        let item = json!({"b": {"y": 1, "x": {"z": null, "w": 2}}, "a": [1], "c": 3});
        let text = |names: &[&str]| {
            let names = chosen(names);
            serde_json::to_string(&View::project(&names, &item)).unwrap()
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
