use serde_json::json;

use super::*;
use crate::fixups::testing::{asking, lower};

#[expect(
    clippy::needless_pass_by_value,
    reason = "calls with json!(…) in place read better"
)]
fn deep(name: &str, schema: Value) -> Value {
    json!([{ "name": name, "in": "query", "style": "deepObject", "explode": true, "schema": schema }])
}

#[test]
fn a_closed_deep_object_becomes_plain_parameters() {
    let filter = json!({ "type": "object", "required": ["tag"], "properties": {
        "country": { "type": "array", "description": "Countries", "items": { "type": "string" } },
        "kind": { "$ref": "#/components/schemas/Kind" },
        "kinds": { "type": "array", "items": { "$ref": "#/components/schemas/Kind" } },
        "tag": { "type": "string" },
    } });
    let kind = json!({ "type": "string", "enum": ["a"] });
    let schemas = json!({ "Filter": filter, "Kind": kind });
    let by_reference = deep("filterBy", json!({ "$ref": "#/components/schemas/Filter" }));
    let in_place = deep("filterBy", filter);
    for parameters in [by_reference, in_place] {
        let outcome = lower(EXPAND_DEEP_OBJECTS, &asking(parameters, schemas.clone()));
        assert_eq!(outcome.places.len(), 1);
        let plain = outcome.parameters().as_array().unwrap();
        let names: Vec<_> = plain
            .iter()
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        assert_eq!(
            names,
            [
                "filterBy[country][]",
                "filterBy[kind]",
                "filterBy[kinds][]",
                "filterBy[tag]"
            ]
        );
        assert_eq!(plain[0]["description"], "Countries");
        assert_eq!(
            plain[1]["schema"],
            json!({ "$ref": "#/components/schemas/Kind" })
        );
        assert!(plain.iter().all(|parameter| parameter["required"] == false && parameter.get("style").is_none()));
    }
}

#[test]
fn a_required_deep_object_makes_its_required_fields_required() {
    let schema = json!({ "type": "object", "required": ["a"], "properties": {
        "a": { "type": "string" },
        "b": { "type": "string" },
    } });
    let mut parameters = deep("filterBy", schema);
    parameters[0]["required"] = json!(true);
    let outcome = lower(EXPAND_DEEP_OBJECTS, &asking(parameters, json!({})));
    let required: Vec<_> = outcome
        .parameters()
        .as_array()
        .unwrap()
        .iter()
        .map(|parameter| &parameter["required"])
        .collect();
    assert_eq!(required, [true, false]);
}

#[test]
fn other_deep_objects_are_unchanged() {
    let map = json!({ "type": "object", "additionalProperties": { "type": "object" } });
    let outcome = lower(REPLACE_DEEP_MAPS, &asking(deep("metadata", map), json!({})));
    assert_eq!(outcome.places, [""; 0]);
    let schema = json!({ "properties": { "a": { "type": "object" } } });
    let outcome = lower(
        EXPAND_DEEP_OBJECTS,
        &asking(deep("filterBy", schema), json!({})),
    );
    assert_eq!(outcome.places.len(), 0);
}

#[test]
fn a_metadata_map_uses_the_hand_written_filter() {
    let map = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    let outcome = lower(REPLACE_DEEP_MAPS, &asking(deep("metadata", map), json!({})));
    assert_eq!(outcome.places.len(), 1);
    assert_eq!(
        outcome.parameters()[0]["schema"],
        json!({ "$ref": "#/components/schemas/MetadataFilter" })
    );
    assert_eq!(outcome.parameters()[0]["style"], "form");
    assert_eq!(
        outcome.schema("MetadataFilter"),
        &json!({ "type": "object" })
    );
}
