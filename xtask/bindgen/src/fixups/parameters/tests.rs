use serde_json::json;

use super::*;
use crate::fixups::testing::{asking, lower};

#[test]
fn omits_an_operation_with_an_unsupported_required_parameter() {
    let parameters = json!([{ "name": "session", "in": "cookie", "required": true, "schema": { "type": "string" } }]);
    let outcome = lower(KNOWN_STYLES, &asking(parameters, json!({})));
    assert_eq!(outcome.operation(), &Value::Null);
    assert_eq!(outcome.left_out[0].what, "listThings (GET /things)");
    assert_eq!(
        outcome.left_out[0].reason,
        "it needs the parameter `session`: cookies are not supported"
    );
}

#[test]
fn plain_styles_are_unchanged() {
    let parameters = json!([
        { "name": "a", "in": "query", "schema": { "type": "array", "items": {} } },
        { "name": "b", "in": "query", "style": "form", "schema": { "type": "string" } },
        { "name": "c", "in": "path", "style": "simple", "required": true, "schema": { "type": "string" } },
        { "name": "d", "in": "header", "schema": { "type": "string" } },
        { "name": "e", "in": "query", "style": "pipeDelimited", "schema": { "type": "array" } },
        { "name": "f", "in": "query", "content": { "application/json": {} } },
        { "name": "g", "in": "query", "schema": { "type": "object" } },
    ]);
    let outcome = lower(KNOWN_STYLES, &asking(parameters, json!({})));
    assert_eq!(outcome.count, 3);
    assert_eq!(outcome.parameters().as_array().unwrap().len(), 4);
}

#[test]
fn secrets_become_strings_where_they_are_formatted() {
    let secret = || json!({ "type": "string", "format": "password" });
    let parameters = json!([
        { "name": "a", "in": "query", "schema": secret() },
        { "name": "b", "in": "header", "schema": secret() },
    ]);
    let document = asking(parameters, json!({}));
    let library = lower(PLAIN_SECRETS, &document);
    assert_eq!(library.count, 1);
    assert_eq!(library.parameters()[0]["schema"], secret());
    assert_eq!(
        library.parameters()[1]["schema"],
        json!({ "type": "string" })
    );
    assert_eq!(lower(PLAIN_EXPECTED_SECRETS, &document).count, 2);
}

#[test]
fn omits_lists_and_filters_from_expectations() {
    let parameters = json!([
        { "name": "tags[]", "in": "query", "schema": { "type": "array", "items": { "type": "string" } } },
        { "name": "metadata", "in": "query", "schema": { "$ref": "#/components/schemas/MetadataFilter" } },
        { "name": "title", "in": "query", "schema": { "type": "string" } },
    ]);
    let document = asking(
        parameters,
        json!({ "MetadataFilter": { "type": "object" } }),
    );
    let outcome = lower(NO_LISTS, &document);
    assert_eq!((outcome.count, outcome.left_out.len()), (1, 1));
    let outcome = lower(NO_FILTERS, &outcome.document);
    assert_eq!((outcome.count, outcome.left_out.len()), (1, 1));
    assert_eq!(outcome.parameters()[0]["name"], "title");
}

#[test]
fn removes_headers_that_openapi_ignores() {
    let parameters = json!([
        { "name": "ACCEPT", "in": "header" },
        { "name": "Content-Type", "in": "header" },
        { "name": "authorization", "in": "query" },
    ]);
    let outcome = lower(IGNORED_HEADERS, &asking(parameters, json!({})));
    assert_eq!(outcome.count, 2);
    assert_eq!(outcome.parameters()[0]["name"], "authorization");
}

#[test]
fn lists_sent_as_one_value_become_strings() {
    let list = json!({ "type": "array", "items": { "type": "string" } });
    let parameter = |place: &str, more: serde_json::Value| {
        let mut parameter = json!({ "name": "a", "in": place, "schema": list });
        for (key, value) in more.as_object().into_iter().flatten() {
            parameter[key] = value.clone();
        }
        parameter
    };
    for (parameter, separator) in [
        (parameter("query", json!({ "explode": false })), Some(",")),
        (
            parameter("query", json!({ "style": "pipeDelimited" })),
            Some("|"),
        ),
        (
            parameter("query", json!({ "style": "spaceDelimited" })),
            Some(" "),
        ),
        (parameter("path", json!({})), Some(",")),
        (parameter("header", json!({ "style": "simple" })), Some(",")),
        (parameter("query", json!({})), None),
        (parameter("path", json!({ "style": "matrix" })), None),
    ] {
        let outcome = lower(JOINED_LISTS, &asking(json!([parameter]), json!({})));
        let lowered = &outcome.parameters()[0];
        match separator {
            None => assert_eq!((outcome.count, lowered), (0, &parameter)),
            Some(separator) => {
                assert_eq!(lowered["schema"], json!({ "type": "string" }));
                let note = format!("Several values are joined by `{separator}`.");
                assert_eq!(lowered["description"], note);
                assert!(lowered.get("style").is_none() && lowered.get("explode").is_none());
            }
        }
    }
}

#[test]
fn omits_nested_objects_and_invalid_headers() {
    let object = json!({ "type": "object" });
    for (place, name, schema, reason) in [
        (
            "query",
            "a",
            json!({ "oneOf": [{ "type": "string" }, object] }),
            "objects are not supported",
        ),
        (
            "query",
            "a",
            json!({ "type": "array", "items": object }),
            "objects are not supported",
        ),
        (
            "header",
            "X Y",
            json!({ "type": "string" }),
            "invalid header name",
        ),
    ] {
        let parameters = json!([{ "name": name, "in": place, "schema": schema }]);
        let outcome = lower(KNOWN_STYLES, &asking(parameters, json!({})));
        assert_eq!(outcome.count, 1, "{schema}");
        assert_eq!(outcome.left_out[0].reason, reason);
    }
}

#[test]
fn formatted_parameters_have_one_plain_type() {
    let parameters = json!([
        { "name": "a", "in": "path", "schema": { "oneOf": [{ "type": "string" }, { "type": "integer" }] } },
        { "name": "b", "in": "header", "schema": {} },
        { "name": "c", "in": "header", "schema": { "type": "integer", "nullable": true } },
        { "name": "d", "in": "header", "schema": { "type": "boolean" } },
        { "name": "e", "in": "query", "schema": {} },
    ]);
    let outcome = lower(PLAIN_PARAMETERS, &asking(parameters, json!({})));
    assert_eq!(outcome.count, 3);
    let schemas: Vec<_> = outcome
        .parameters()
        .as_array()
        .into_iter()
        .flatten()
        .map(|parameter| parameter["schema"].clone())
        .collect();
    assert_eq!(
        schemas,
        [
            json!({ "type": "string" }),
            json!({ "type": "string" }),
            json!({ "type": "integer", "nullable": false }),
            json!({ "type": "boolean" }),
            json!({}),
        ]
    );
}
