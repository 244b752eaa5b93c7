use serde_json::json;

use super::*;
use crate::fixups::parameters::{KNOWN_STYLES, NO_FILTERS};
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
        assert_eq!(outcome.count, 1);
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
fn a_nested_deep_object_is_not_converted() {
    let schema = json!({ "properties": { "a": { "type": "object" } } });
    let outcome = lower(
        EXPAND_DEEP_OBJECTS,
        &asking(deep("filterBy", schema), json!({})),
    );
    assert_eq!(outcome.count, 0);
    let outcome = lower(KNOWN_STYLES, &outcome.document);
    assert_eq!(
        outcome.left_out[0].what,
        "parameter `filterBy` of listThings (GET /things)"
    );
    assert_eq!(
        outcome.left_out[0].reason,
        "unsupported style deepObject with these fields"
    );
    assert_eq!(outcome.parameters(), &json!([]));
}

#[test]
fn a_metadata_map_uses_the_hand_written_filter() {
    let map = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    let outcome = lower(REPLACE_DEEP_MAPS, &asking(deep("metadata", map), json!({})));
    assert_eq!(outcome.count, 1);
    assert_eq!(
        outcome.parameters()[0]["schema"],
        json!({ "$ref": "#/components/schemas/MetadataFilter" })
    );
    assert_eq!(outcome.parameters()[0]["style"], "form");
    assert_eq!(
        outcome.schema("MetadataFilter"),
        &json!({ "type": "object" })
    );
    assert!(lower(KNOWN_STYLES, &outcome.document).left_out.is_empty());
}

#[test]
fn another_map_uses_a_generated_filter() {
    let map = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    let schemas = json!({ "Map": map, "LabelsFilter": { "type": "string" } });
    let mut document = asking(deep("labels", map), schemas);
    document["paths"]["/others"]["get"] = json!({
        "parameters": deep("labels", json!({ "$ref": "#/components/schemas/Map" })),
        "responses": {},
    });
    let outcome = lower(REPLACE_DEEP_MAPS, &document);
    assert_eq!(outcome.count, 2);
    let reference = json!({ "$ref": "#/components/schemas/LabelsFilter2" });
    assert_eq!(outcome.parameters()[0]["schema"], reference);
    assert_eq!(
        outcome.document["paths"]["/others"]["get"]["parameters"][0]["schema"],
        reference
    );
    assert_eq!(
        outcome.schema("LabelsFilter2"),
        &json!({ "type": "object", "x-pairs": "labels" })
    );
    assert!(lower(KNOWN_STYLES, &outcome.document).left_out.is_empty());
    let expected = lower(NO_FILTERS, &outcome.document);
    assert_eq!(expected.left_out.len(), 2);
}

#[test]
fn omits_a_map_of_composite_values() {
    for values in [
        json!({ "type": "array", "items": { "type": "string" } }),
        json!({ "type": "object" }),
        json!({ "oneOf": [{ "type": "string" }, { "type": "object" }] }),
        json!(false),
    ] {
        let map = json!({ "type": "object", "additionalProperties": values });
        let outcome = lower(REPLACE_DEEP_MAPS, &asking(deep("labels", map), json!({})));
        assert_eq!(outcome.count, 0, "{values}");
        assert_eq!(lower(KNOWN_STYLES, &outcome.document).left_out.len(), 1);
    }
}

#[test]
fn a_composed_deep_object_has_all_fields() {
    let schemas = json!({
        "Base": { "type": "object", "required": ["a"], "properties": { "a": { "type": "string" } } },
    });
    let mixed = json!({
        "allOf": [
            { "$ref": "#/components/schemas/Base" },
            { "type": "object", "properties": { "b": { "type": "integer" } } },
        ],
        "required": ["b"],
    });
    let mut parameters = deep("by", mixed);
    parameters[0]["required"] = json!(true);
    let outcome = lower(EXPAND_DEEP_OBJECTS, &asking(parameters, schemas));
    assert_eq!(outcome.count, 1);
    let listed: Vec<_> = outcome
        .parameters()
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["name"].as_str().unwrap(), one["required"] == true))
        .collect();
    assert_eq!(listed, [("by[a]", true), ("by[b]", true)]);
    let either = json!({ "oneOf": [{ "$ref": "#/components/schemas/Base" }] });
    let outcome = lower(
        EXPAND_DEEP_OBJECTS,
        &asking(deep("by", either), json!({ "Base": {} })),
    );
    assert_eq!(outcome.count, 0);
}
