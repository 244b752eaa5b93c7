//! Changes of fields in the JSON of a session, as the service writes it.

use serde_json::{Map, Value};

use super::target::Target;
use crate::table::Table;

/// Returns the new value of a field, or `None` to remove it.
pub(super) type Change<'a> = &'a dyn Fn(Value) -> Option<Value>;

/// Changes a field of a session. A group that is not an object is removed if a field of it is to be changed.
pub(super) fn change_field(record: &mut Map<String, Value>, target: &Target, change: Change<'_>) {
    let (group, field) = match target {
        Target::Metadata(_) => ("session", "metadata"),
        Target::Column(column) => match column.field.split_once('.') {
            Some(path) => path,
            // The column `extra`.
            None => return remove_undocumented(record),
        },
    };
    let Some(value) = record.get_mut(group) else {
        return;
    };
    let Value::Object(fields) = value else {
        record.remove(group);
        return;
    };
    // Old responses name the metadata `metadatas`.
    let old = (field == "metadata").then_some("metadatas");
    for field in std::iter::once(field).chain(old) {
        let Some(value) = fields.remove(field) else {
            continue;
        };
        let changed = match target {
            Target::Column(_) => change(value),
            Target::Metadata(key) => change_pair(value, key, change),
        };
        if let Some(value) = changed {
            fields.insert(field.to_owned(), value);
        }
    }
}

/// Changes the value of a key of the metadata, which is a list of pairs or an object.
fn change_pair(metadata: Value, key: &str, change: Change<'_>) -> Option<Value> {
    match metadata {
        Value::Array(pairs) => {
            let pairs = pairs.into_iter().filter_map(|mut pair| {
                let fields = pair.as_object_mut()?;
                if fields.get("key").and_then(Value::as_str)? == key {
                    fields.retain(|name, _| name == "key" || name == "value");
                    let value = change(fields.remove("value")?)?;
                    fields.insert("value".to_owned(), value);
                }
                Some(pair)
            });
            Some(Value::Array(pairs.collect()))
        }
        Value::Object(mut pairs) => {
            if let Some(value) = pairs.remove(key).and_then(change) {
                pairs.insert(key.to_owned(), value);
            }
            Some(Value::Object(pairs))
        }
        _ => None,
    }
}

/// Removes all fields that have no column.
fn remove_undocumented(record: &mut Map<String, Value>) {
    let is_documented = |group: &str, field: &str| {
        Table::Sessions
            .columns()
            .iter()
            .any(|column| column.field.split_once('.') == Some((group, field)))
    };
    record.retain(|group, value| match value {
        Value::Object(fields) => {
            fields.retain(|field, _| is_documented(group, field));
            !fields.is_empty()
        }
        _ => false,
    });
}
