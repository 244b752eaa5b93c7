use serde_json::json;

use super::*;
use crate::error::Refused;
use crate::fixups::testing::{asking, document, lower, replying};

#[test]
fn removes_extensions_but_not_similar_names() {
    let outcome = lower(
        DROP_EXTENSIONS,
        &document(
            json!({
                "x-group": true,
                "responses": { "200": { "headers": { "X-Left": {}, "x-left": { "x-note": 1 } } } },
            }),
            json!({ "x-thing": { "x-note": 1, "properties": { "x-field": { "type": "string", "x-note": 1 } } } }),
        ),
    );
    assert_eq!(outcome.count, 4);
    assert_eq!(
        outcome.operation()["responses"]["200"]["headers"],
        json!({ "X-Left": {}, "x-left": {} })
    );
    assert_eq!(
        outcome.schema("x-thing"),
        &json!({ "properties": { "x-field": { "type": "string" } } })
    );
}

#[test]
fn removes_examples_and_titles_but_not_fields_of_that_name() {
    let schema = json!({
        "title": "A thing",
        "type": "object",
        "properties": { "title": { "type": "string", "example": "x" }, "example": { "type": "string" } },
    });
    let mut document = replying(schema, json!({}));
    let media =
        &mut document["paths"]["/things"]["get"]["responses"]["200"]["content"]["application/json"];
    media["example"] = json!({ "title": "x" });
    let outcome = lower(DROP_NOTES, &document);
    assert_eq!(outcome.count, 3);
    let fields = json!({ "title": { "type": "string" }, "example": { "type": "string" } });
    assert_eq!(
        outcome.response(),
        &json!({ "type": "object", "properties": fields })
    );
}

#[test]
fn marks_code_in_descriptions_as_text() {
    let text = "Call it:\n```js\nlet a = 1;\n```\nor\n\n    let b = 2;\n```text\nc\n```";
    let outcome = lower(
        FENCE_CODE,
        &document(
            json!({ "description": text, "summary": "plain `code`" }),
            json!({}),
        ),
    );
    assert_eq!(outcome.count, 1);
    let lines = "Call it:\n```text\nlet a = 1;\n```\nor\n\nlet b = 2;\n```text\nc\n```";
    assert_eq!(outcome.operation()["description"], lines);
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
    assert_eq!(outcome.count, 5);
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
    assert_eq!(outcome.count, 3);
    assert_eq!(
        outcome.operation()["responses"],
        json!({ "2XX": { "description": "a" } })
    );
}

#[test]
fn keeps_the_first_of_different_success_responses_and_reports_the_others() {
    let responses = json!({ "201": { "content": { "text/html": {} } }, "200": { "description": "a" }, "404": {} });
    let outcome = lower(
        SUCCESS_ONLY,
        &document(json!({ "responses": responses }), json!({})),
    );
    assert_eq!(outcome.count, 2);
    assert_eq!(
        outcome.operation()["responses"],
        json!({ "200": { "description": "a" } })
    );
    assert_eq!(
        outcome.left_out,
        [Refused {
            what: "the response 201 of listThings (GET /things)".to_owned(),
            reason: "the generator supports one response type, that of the first success"
                .to_owned(),
        }]
    );
}

#[test]
fn a_default_response_applies_to_success() {
    let responses = json!({ "404": {}, "default": { "description": "a" } });
    let outcome = lower(
        SUCCESS_ONLY,
        &document(json!({ "responses": responses }), json!({})),
    );
    assert_eq!(
        outcome.operation()["responses"],
        json!({ "2XX": { "description": "a" } })
    );
}

#[test]
fn the_version_is_a_valid_header_value() {
    let mut document = document(json!({ "responses": {} }), json!({}));
    document["info"] = json!({ "version": "1.0 – ß\n" });
    let outcome = lower(PLAIN_VERSION, &document);
    assert_eq!(outcome.count, 1);
    assert_eq!(outcome.document["info"]["version"], "1.0  ");
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
    assert_eq!(outcome.count, 3);
    let left: Vec<_> = outcome.document["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(left, ["Base", "Page", "Query", "Thing"]);
    assert_eq!(outcome.document["components"].get("responses"), None);
}

#[test]
fn the_contents_of_a_wrapper_are_reachable() {
    let wrapped =
        json!({ "x-rust-type": { "parameters": [{ "$ref": "#/components/schemas/Thing" }] } });
    let outcome = lower(PRUNE, &replying(wrapped, json!({ "Thing": {} })));
    assert_eq!(outcome.count, 0);
    let outcome = lower(PRUNE, &asking(json!([]), json!({ "Thing": {} })));
    assert_eq!(outcome.count, 1);
}
