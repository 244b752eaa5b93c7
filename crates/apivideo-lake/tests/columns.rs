//! The columns contain every field of the document that the models have.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::collections::BTreeSet;

use apivideo_lake::columns::{BUCKET, EVENT, LIVE_STREAM, SESSION, TIMESERIES_POINT, VIDEO};
use serde_json::Value;

fn read(file: &str) -> Value {
    let path = format!("{}/../../openapi/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    serde_saphyr::from_str(&text).unwrap()
}

/// Returns the paths of the fields of a schema, without those that the models lack according to the coverage map.
fn fields(document: &Value, map: &Value, schema: &str) -> BTreeSet<String> {
    let properties = &document["components"]["schemas"][schema]["properties"];
    let mut found = BTreeSet::new();
    for (name, property) in properties.as_object().unwrap() {
        let reference = property["$ref"].as_str();
        let group = reference.and_then(|path| path.strip_prefix("#/components/schemas/"));
        match group {
            _ if map["fields"][schema][name].is_string() => {}
            // The models add it to `metadata`.
            _ if (schema, name.as_str()) == ("SessionInfo", "metadatas") => {}
            Some(group) => found.extend(
                fields(document, map, group)
                    .iter()
                    .map(|field| format!("{name}.{field}")),
            ),
            None => {
                found.insert(name.clone());
            }
        }
    }
    found
}

#[test]
fn every_field_of_a_model_has_a_column() {
    let (document, map) = (read("apivideo.yaml"), read("facade.yaml"));
    macro_rules! paths {
        ($columns:expr) => {
            $columns
                .iter()
                .map(|column| column.field().to_owned())
                .collect::<BTreeSet<_>>()
        };
    }
    for (schema, columns) in [
        ("Session", paths!(SESSION)),
        ("Event", paths!(EVENT)),
        ("Video", paths!(VIDEO)),
        ("LiveStream", paths!(LIVE_STREAM)),
        ("Bucket", paths!(BUCKET)),
        ("TimeseriesPoint", paths!(TIMESERIES_POINT)),
    ] {
        let missing: Vec<_> = fields(&document, &map, schema)
            .difference(&columns)
            .cloned()
            .collect();
        assert!(
            missing.is_empty(),
            "{schema}: add columns to src/columns.rs for {missing:?}"
        );
    }
}
