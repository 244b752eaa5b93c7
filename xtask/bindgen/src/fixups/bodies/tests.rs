use serde_json::json;

use super::*;
use crate::fixups::testing::{Outcome, document, lower};

#[expect(
    clippy::needless_pass_by_value,
    reason = "calls with json!(…) in place read better"
)]
fn with_content(fixup: Fixup, content: serde_json::Value) -> Outcome {
    let operation = json!({ "requestBody": { "content": content }, "responses": {} });
    lower(fixup, &document(operation, json!({})))
}

#[test]
fn omits_an_operation_with_an_unsupported_body() {
    let outcome = with_content(KNOWN_BODIES, json!({ "multipart/form-data": {} }));
    assert_eq!(outcome.count, 1);
    assert_eq!(outcome.operation(), &Value::Null);
    assert_eq!(outcome.left_out[0].what, "listThings (GET /things)");
    assert_eq!(
        outcome.left_out[0].reason,
        "unsupported media type of a body: multipart/form-data"
    );
}

#[test]
fn keeps_one_media_type_and_reports_the_others() {
    let content = json!({
        "multipart/form-data": {},
        "Application/JSON; charset=utf-8": { "encoding": { "a": {} } },
        "text/plain": {},
    });
    let outcome = with_content(KNOWN_BODIES, content);
    assert_eq!(outcome.count, 3);
    assert_eq!(
        outcome.operation()["requestBody"]["content"],
        json!({ "application/json": { "schema": {} } })
    );
    let listed: Vec<&str> = outcome
        .left_out
        .iter()
        .map(|one| one.what.as_str())
        .collect();
    assert_eq!(
        listed,
        [
            "the body multipart/form-data of listThings (GET /things)",
            "the body text/plain of listThings (GET /things)",
        ]
    );
}

#[test]
fn omits_a_form_with_a_list_and_keeps_one_of_scalars() {
    let form = |schema: serde_json::Value| {
        let content = json!({ "application/x-www-form-urlencoded": { "schema": schema } });
        with_content(FLAT_FORMS, content)
    };
    let flat = form(
        json!({ "properties": { "a": { "type": "string" }, "b": { "oneOf": [{ "type": "integer" }] } } }),
    );
    assert_eq!((flat.count, flat.left_out.len()), (0, 0));
    let list = json!({ "properties": { "tags": { "type": "array", "items": {} } } });
    for schema in [
        list.clone(),
        json!({ "allOf": [{ "properties": {} }, list] }),
    ] {
        let nested = form(schema);
        assert_eq!(nested.count, 1);
        assert_eq!(
            nested.left_out[0].reason,
            "unsupported form field `tags`, a list or an object"
        );
    }
}

#[test]
fn binary_and_text_bodies_have_specific_schemas() {
    let outcome = with_content(
        RAW_BODIES,
        json!({ "application/octet-stream": { "schema": { "type": "string" } } }),
    );
    assert_eq!(outcome.count, 1);
    assert_eq!(
        outcome.operation()["requestBody"]["content"]["application/octet-stream"]["schema"],
        json!({ "type": "string", "format": "binary" })
    );
    let text = json!({ "text/plain": { "schema": { "type": "string", "enum": ["a"] } } });
    assert_eq!(with_content(RAW_BODIES, text).count, 1);
}
