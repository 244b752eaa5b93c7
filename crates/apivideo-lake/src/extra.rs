//! The column `extra`: all fields of an item that its columns do not contain, so that no field is lost.

use apivideo::Session;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::column::{Cell, Column};

/// A function that returns the fields of an item that its cells do not contain.
pub(crate) type Extra<T> = fn(&T, &[Cell<'_>], &[Column<T>]) -> Option<Value>;

/// Returns the fields of an item without those that its cells contain, by the service's names.
///
/// A field stays if it has no column, or a value that its column cannot contain.
pub(crate) fn of<T: Serialize>(
    item: &T,
    cells: &[Cell<'_>],
    columns: &[Column<T>],
) -> Option<Value> {
    non_empty(remaining(item, cells, columns))
}

/// Returns the fields of a session that its cells do not contain. Its asset is in columns of its own, and its events are in the
/// table `events`. The additional fields of metadata, whose column contains keys and values, are in `metadata` by key.
pub(crate) fn of_session(
    session: &Session,
    cells: &[Cell<'_>],
    columns: &[Column<Session>],
) -> Option<Value> {
    let mut fields = remaining(session, cells, columns);
    if session.asset.is_some() {
        fields.remove("videoId");
        fields.remove("liveStreamId");
    }
    if session.events.is_some() {
        fields.remove("events");
    }
    let pairs: Map<String, Value> = session
        .metadata
        .iter()
        .filter(|pair| !pair.extra.is_empty())
        .map(|pair| {
            let fields = pair.extra.iter();
            let fields = fields.map(|(name, value)| (name.to_owned(), value.clone()));
            (pair.key.to_string(), Value::Object(fields.collect()))
        })
        .collect();
    if !pairs.is_empty() {
        fields.entry("metadata").or_insert(Value::Object(pairs));
    }
    non_empty(fields)
}

fn non_empty(fields: Map<String, Value>) -> Option<Value> {
    (!fields.is_empty()).then_some(Value::Object(fields))
}

fn remaining<T: Serialize>(
    item: &T,
    cells: &[Cell<'_>],
    columns: &[Column<T>],
) -> Map<String, Value> {
    // A model serializes to an object with strings as keys, which cannot fail.
    let Ok(Value::Object(mut fields)) = serde_json::to_value(item) else {
        return Map::new();
    };
    for (column, cell) in columns.iter().zip(cells) {
        remove(&mut fields, column.field(), cell);
    }
    fields
}

/// Removes a field that a cell contains, and groups that become empty.
fn remove(fields: &mut Map<String, Value>, path: &str, cell: &Cell<'_>) {
    match path.split_once('.') {
        None => {
            if fields.get(path).is_some_and(|value| is_in(value, cell)) {
                fields.remove(path);
            }
        }
        Some((group, path)) => {
            if let Some(Value::Object(inside)) = fields.get_mut(group) {
                remove(inside, path, cell);
                if inside.is_empty() {
                    fields.remove(group);
                }
            }
        }
    }
}

/// Whether a cell contains the value of its field. An unreadable value is in the JSON only: its cell is empty.
fn is_in(value: &Value, cell: &Cell<'_>) -> bool {
    match cell {
        Cell::Null => false,
        Cell::String(text) => value.as_str() == Some(text),
        _ => true,
    }
}

#[cfg(test)]
mod tests;
