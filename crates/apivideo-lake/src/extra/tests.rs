use apivideo::model::{Bucket, TimeseriesPoint};
use apivideo::{AssetId, Event};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::*;
use crate::columns::{BUCKET, EVENT, SESSION, TIMESERIES_POINT};
use crate::format::{Format, Writer, read};
use crate::row::{self, Row};
use crate::table::{Key, Measure};

/// Returns an item of the JSON schema of a model with a value for every property, each of them different.
fn sample<T: JsonSchema + DeserializeOwned + Serialize>() -> (T, Map<String, Value>) {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    let root = settings.into_generator().into_root_schema_for::<T>();
    let Value::Object(mut fields) = value(root.as_value(), root.as_value(), &mut 0) else {
        panic!("{} is not an object", T::schema_name())
    };
    // A session has one asset, and its events are in a table of their own.
    fields.remove("liveStreamId");
    fields.remove("events");
    let item = serde_json::from_value(Value::Object(fields.clone())).unwrap();
    assert_eq!(
        serde_json::to_value(&item).unwrap(),
        Value::Object(fields.clone())
    );
    fields.remove("videoId");
    (item, fields)
}

fn value(root: &Value, schema: &Value, number: &mut u32) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return value(root, root.pointer(&reference[1..]).unwrap(), number);
    }
    let is_null = |schema: &&Value| schema["type"] != "null";
    if let Some(choices) = schema["anyOf"].as_array() {
        return value(root, choices.iter().find(is_null).unwrap(), number);
    }
    *number += 1;
    let types = schema["type"].as_array().map(|types| &types[0]);
    match types.unwrap_or(&schema["type"]).as_str() {
        Some("object") => schema["properties"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, schema)| (name.clone(), value(root, schema, number)))
            .collect(),
        Some("array") => Value::from(vec![value(root, &schema["items"], number)]),
        Some("boolean") => Value::from(true),
        Some("integer" | "number") => Value::from(*number),
        Some("string") if schema["format"] == "date-time" => {
            Value::from(format!("2022-01-01T10:00:{:02}Z", *number % 60))
        }
        // A string, or any value.
        _ => Value::from(format!("v{number}")),
    }
}

/// Returns the paths and values of all fields, where the column of a field can contain an object or a list.
fn leaves<T>(
    fields: &Map<String, Value>,
    columns: &[Column<T>],
    within: &str,
) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for (name, value) in fields {
        let path = format!("{within}{name}");
        let has_column = columns.iter().any(|column| column.field() == path);
        match value {
            Value::Object(inside) if !has_column => {
                found.extend(leaves(inside, columns, &format!("{path}.")));
            }
            _ => found.push((path, value.clone())),
        }
    }
    found
}

/// Checks that each property is in its column or in `extra`, with all columns and without each of them.
fn check<T: JsonSchema + DeserializeOwned + Serialize>(all: &[Column<T>], extra: Extra<T>) -> T {
    let (item, fields) = sample::<T>();
    let leaves = leaves(&fields, all, "");
    assert!(leaves.len() >= all.len(), "{leaves:?}");
    for missing in 0..=all.len() {
        let mut columns = all.to_vec();
        let missing = (missing < all.len()).then(|| columns.remove(missing));
        let cells: Vec<Cell<'_>> = columns.iter().map(|column| column.cell(&item)).collect();
        let extra = extra(&item, &cells, &columns).unwrap_or_default();
        for (path, value) in &leaves {
            let column = columns.iter().position(|column| column.field() == path);
            let kept = &extra.pointer(&format!("/{}", path.replace('.', "/")));
            match column {
                Some(column) => {
                    assert_ne!(cells[column], Cell::Null, "{path}");
                    assert_eq!(*kept, None, "{path} is in its column and in `extra`");
                }
                None => assert_eq!(*kept, Some(value), "{path} is lost without {missing:?}"),
            }
        }
    }
    item
}

/// Checks that every format stores a row as it is.
fn check_files(row: &Row) {
    let folder = tempfile::tempdir().unwrap();
    let rows = std::slice::from_ref(row);
    for format in Format::ALL
        .into_iter()
        .filter(|format| format.is_available())
    {
        let path = folder.path().join(format.name());
        let file = std::fs::File::create(&path).unwrap();
        let mut writer = Writer::new(
            format,
            row.table(),
            crate::event_scope::EventScope::default(),
            file,
        )
        .unwrap();
        writer.push(row).unwrap();
        writer.finish().unwrap();
        let back: Vec<Row> = read(
            format,
            row.table(),
            std::fs::File::open(&path).unwrap(),
            path.clone(),
        )
        .unwrap()
        .map(Result::unwrap)
        .collect();
        assert_eq!(back, rows, "{format}");
    }
}

#[test]
fn every_property_of_the_models_is_in_a_column_or_in_extra() {
    let asset: AssetId = "video/vi1".parse().unwrap();
    let measure = Measure {
        asset: asset.clone(),
        metric: "play".to_owned(),
        breakdown: "country".to_owned(),
    };
    let session = row::session(&asset, &check(SESSION, of_session));
    let key: Key = session.key();
    check_files(&session);
    row::events(&key, &[check::<Event>(EVENT, of)])
        .iter()
        .for_each(check_files);
    check_files(&row::bucket(&measure, &check::<Bucket>(BUCKET, of)));
    check_files(&row::point(
        &measure,
        &check::<TimeseriesPoint>(TIMESERIES_POINT, of),
    ));
}

#[test]
fn values_that_a_column_cannot_contain_are_kept() {
    let session: Session = serde_json::from_str(
        r#"{"session":{"sessionId":"ps1","loadedAt":"soon","metadata":"a=b"},"device":[1],"location":{"city":"","zip":null},
            "videoId":"vi1","liveStreamId":7,"events":[{"type":"play"}]}"#,
    )
    .unwrap();
    let cells: Vec<Cell<'_>> = SESSION.iter().map(|column| column.cell(&session)).collect();
    let extra = of_session(&session, &cells, SESSION).unwrap();
    assert_eq!(
        extra.to_string(),
        r#"{"device":[1],"liveStreamId":7,"location":{"zip":null},"session":{"loadedAt":"soon","metadata":"a=b"},"videoId":"vi1"}"#
    );
    let event: Event = serde_json::from_str(r#"{"type":[],"at":"soon","new":null}"#).unwrap();
    let cells: Vec<Cell<'_>> = EVENT.iter().map(|column| column.cell(&event)).collect();
    let extra = of(&event, &cells, EVENT).unwrap();
    assert_eq!(extra.to_string(), r#"{"at":"soon","new":null,"type":[]}"#);
}
