use serde_json::json;

use super::*;
use crate::fixups::testing::{lower, replying};

#[test]
fn enums_of_responses_become_strings_and_those_of_requests_stay() {
    let mut kind = json!({ "type": "string", "description": "A kind", "enum": ["a", null, "b"] });
    let refer = json!({ "$ref": "#/components/schemas/Kind" });
    let page = json!({ "properties": {
        "inline": { "enum": ["x"] },
        "named": refer,
        "list": { "type": "array", "items": refer },
    } });
    let mut document = replying(page, json!({ "Kind": kind }));
    document["paths"]["/things"]["get"]["parameters"] =
        json!([{ "name": "kind", "schema": refer }]);
    let outcome = lower(OPEN_ENUMS, &document);
    assert_eq!(outcome.places.len(), 4);
    assert_eq!(outcome.places[0], "/components/schemas/Kind");
    kind["enum"] = json!(["a", "b"]);
    let open = json!({ "type": "string", "description": "A kind" });
    assert_eq!(
        outcome.response(),
        &json!({ "properties": {
            "inline": { "type": "string" },
            "named": open,
            "list": { "type": "array", "items": open },
        } })
    );
    assert_eq!(outcome.schema("Kind"), &kind);
    assert_eq!(outcome.parameters()[0]["schema"], refer);
}

#[test]
fn optional_lists_and_maps_become_nullable() {
    let list = json!({ "type": "array", "items": {} });
    let page = json!({ "required": ["needed"], "properties": {
        "needed": list,
        "list": list,
        "map": { "type": "object", "additionalProperties": {} },
        "object": { "type": "object", "properties": { "a": {} } },
        "already": { "type": "array", "items": {}, "nullable": true },
        "text": { "type": "string" },
    } });
    let outcome = lower(NULLABLE_COLLECTIONS, &replying(page, json!({})));
    assert_eq!(outcome.places.len(), 2);
    let fields = &outcome.response()["properties"];
    assert_eq!(
        (&fields["list"]["nullable"], &fields["map"]["nullable"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(fields["needed"].get("nullable"), None);
    assert_eq!(fields["object"].get("nullable"), None);
}

#[test]
fn marks_only_plain_strings_of_responses() {
    let page = json!({ "properties": {
        "plain": { "type": "string", "description": "A text" },
        "list": { "type": "array", "items": { "type": "string", "nullable": true } },
        "time": { "type": "string", "format": "date-time" },
        "kind": { "type": "string", "enum": ["a"] },
        "count": { "type": "integer" },
    } });
    let mut document = replying(page, json!({}));
    let parameter = json!({ "name": "title", "in": "query", "schema": { "type": "string" } });
    document["paths"]["/things"]["get"]["parameters"] = json!([parameter]);
    let outcome = lower(SHORT_STRINGS, &document);
    assert_eq!(outcome.places.len(), 2);
    assert_eq!(
        outcome.response(),
        &json!({ "properties": {
            "plain": { "type": "string", "description": "A text", "format": RESPONSE_STRING },
            "list": { "type": "array", "items": { "type": "string", "nullable": true, "format": RESPONSE_STRING } },
            "time": { "type": "string", "format": "date-time" },
            "kind": { "type": "string", "enum": ["a"] },
            "count": { "type": "integer" },
        } })
    );
    assert_eq!(outcome.parameters()[0], parameter);
}
