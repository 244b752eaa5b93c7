use serde_json::json;

use super::*;
use crate::error::Refused;
use crate::fixups::testing::{asking, document, lower, replying};

#[test]
fn extensions_go_and_names_that_look_like_them_stay() {
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
fn examples_and_titles_go_and_fields_of_that_name_stay() {
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
fn code_in_descriptions_is_marked_as_text() {
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
fn references_are_written_out_and_parameters_of_a_path_are_shared() {
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
fn successes_that_are_alike_are_one_response() {
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
fn of_unlike_successes_the_first_is_kept_and_the_others_are_told() {
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
fn what_is_said_of_every_status_is_said_of_successes() {
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
fn a_version_is_one_that_a_header_can_hold() {
    let mut document = document(json!({ "responses": {} }), json!({}));
    document["info"] = json!({ "version": "1.0 – ß\n" });
    let outcome = lower(PLAIN_VERSION, &document);
    assert_eq!(outcome.count, 1);
    assert_eq!(outcome.document["info"]["version"], "1.0  ");
}

#[test]
fn what_is_not_reached_is_dropped() {
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
fn what_a_wrapper_holds_is_reached() {
    let wrapped =
        json!({ "x-rust-type": { "parameters": [{ "$ref": "#/components/schemas/Thing" }] } });
    let outcome = lower(PRUNE, &replying(wrapped, json!({ "Thing": {} })));
    assert_eq!(outcome.count, 0);
    let outcome = lower(PRUNE, &asking(json!([]), json!({ "Thing": {} })));
    assert_eq!(outcome.count, 1);
}
