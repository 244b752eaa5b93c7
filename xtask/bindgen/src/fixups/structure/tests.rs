use serde_json::json;

use super::*;
use crate::fixups::testing::{asking, document, lower, replying};

#[test]
fn removes_notes_but_not_fields_of_that_name() {
    let schema = json!({
        "title": "A thing",
        "type": "object",
        "x-thing": true,
        "properties": { "title": { "type": "string", "example": "x" }, "x-field": { "type": "string" } },
    });
    let mut document = replying(schema, json!({}));
    let media =
        &mut document["paths"]["/things"]["get"]["responses"]["200"]["content"]["application/json"];
    media["example"] = json!({ "title": "x" });
    let outcome = lower(DROP_NOTES, &document);
    let content = "/paths/~1things/get/responses/200/content/application~1json";
    let mut places = outcome.places.clone();
    places.sort();
    assert_eq!(
        places,
        [
            format!("{content}/example"),
            format!("{content}/schema/properties/title/example"),
            format!("{content}/schema/title"),
            format!("{content}/schema/x-thing"),
        ]
    );
    let fields = json!({ "title": { "type": "string" }, "x-field": { "type": "string" } });
    assert_eq!(
        outcome.response(),
        &json!({ "type": "object", "properties": fields })
    );
}

#[test]
fn resolves_references_and_shares_path_parameters() {
    let document = json!({
        "paths": { "/things": {
            "parameters": [{ "$ref": "#/components/parameters/Page" }, { "name": "own", "in": "query", "schema": 1 }],
            "get": {
                "parameters": [{ "name": "own", "in": "query", "schema": 2 }],
                "requestBody": { "$ref": "#/components/requestBodies/Body" },
                "responses": { "200": { "$ref": "#/components/responses/Response" } },
            },
        } },
        "components": {
            "parameters": { "Page": { "$ref": "#/components/parameters/Number" }, "Number": { "name": "page" } },
            "requestBodies": { "Body": { "content": {} } },
            "responses": { "Response": { "description": "it" } },
        },
    });
    let outcome = lower(INLINE_REFERENCES, &document);
    assert_eq!(outcome.places.len(), 4);
    assert_eq!(
        outcome.parameters(),
        &json!([{ "name": "own", "in": "query", "schema": 2 }, { "name": "page" }])
    );
    assert_eq!(outcome.operation()["requestBody"], json!({ "content": {} }));
    assert_eq!(
        outcome.operation()["responses"]["200"],
        json!({ "description": "it" })
    );
}

#[test]
fn merges_equal_success_responses() {
    let responses = json!({ "201": { "description": "b" }, "200": { "description": "a" }, "404": {}, "default": {} });
    let outcome = lower(
        SUCCESS_ONLY,
        &document(json!({ "responses": responses }), json!({})),
    );
    assert_eq!(outcome.places.len(), 3);
    assert_eq!(
        outcome.operation()["responses"],
        json!({ "2XX": { "description": "a" } })
    );
}

#[test]
fn removes_unreachable_components() {
    let refer = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let schemas = json!({
        "Page": { "properties": { "items": { "items": refer("Thing") } } },
        "Thing": { "allOf": [refer("Base")] },
        "Base": {},
        "Query": {},
        "Lost": refer("LostToo"),
        "LostToo": {},
    });
    let mut document = replying(refer("Page"), schemas);
    document["components"]["responses"] = json!({ "Lost": {} });
    document["paths"]["/things"]["get"]["parameters"] =
        json!([{ "name": "q", "schema": refer("Query") }]);
    let outcome = lower(PRUNE, &document);
    assert_eq!(
        outcome.places,
        [
            "/components/responses/Lost",
            "/components/schemas/Lost",
            "/components/schemas/LostToo",
        ]
    );
    let left: Vec<_> = outcome.document["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(left, ["Base", "Page", "Query", "Thing"]);
    assert_eq!(outcome.document["components"]["responses"], json!({}));
}

#[test]
fn the_contents_of_a_wrapper_are_reachable() {
    let wrapped =
        json!({ "x-rust-type": { "parameters": [{ "$ref": "#/components/schemas/Thing" }] } });
    let outcome = lower(PRUNE, &replying(wrapped, json!({ "Thing": {} })));
    assert_eq!(outcome.places.len(), 0);
    let outcome = lower(PRUNE, &asking(json!([]), json!({ "Thing": {} })));
    assert_eq!(outcome.places.len(), 1);
}
