use serde_json::json;

use super::*;
use crate::fixups::testing::{document, lower};

#[test]
fn json_media_types_become_application_json() {
    let content = json!({ "application/vnd.api.video+json": { "schema": { "type": "string" } }, "text/html": {} });
    let outcome = lower(
        JSON_RESPONSES,
        &document(
            json!({ "responses": { "200": { "content": content } } }),
            json!({}),
        ),
    );
    assert_eq!(outcome.count, 2);
    assert_eq!(outcome.response(), &json!({ "type": "string" }));
}

#[test]
fn json_without_a_schema_is_bytes() {
    let content = json!({ "application/json; charset=utf-8": {} });
    let outcome = lower(
        JSON_RESPONSES,
        &document(
            json!({ "responses": { "200": { "content": content } } }),
            json!({}),
        ),
    );
    assert_eq!(
        outcome.operation()["responses"]["200"]["content"],
        json!({ "application/octet-stream": {} })
    );
}

#[test]
fn other_media_types_are_bytes() {
    let schema = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    let replying = |kind: &str, schema: &Value| {
        let content = json!({ kind: { "schema": schema } });
        let operation = json!({ "responses": { "200": { "content": content } } });
        lower(JSON_RESPONSES, &document(operation, json!({})))
    };
    let outcome = replying("application/xml", &schema);
    assert_eq!(
        (
            outcome.count,
            &outcome.operation()["responses"]["200"]["content"]
        ),
        (1, &json!({ "application/octet-stream": {} }))
    );
    let outcome = replying("*/*", &json!({ "type": "string", "format": "binary" }));
    assert_eq!(
        outcome.operation()["responses"]["200"]["content"],
        json!({ "application/octet-stream": {} })
    );
    let outcome = replying("*/*", &schema);
    assert_eq!((outcome.count, outcome.response()), (1, &schema));
}
