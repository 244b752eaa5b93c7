use serde_json::json;

use super::*;
use crate::fixups::testing::{asking, lower, replying};

#[test]
fn removes_defaults_but_not_a_field_of_that_name() {
    let schema = json!({ "properties": { "default": { "type": "integer", "default": "three" } } });
    let outcome = lower(DROP_DEFAULTS, &replying(schema, json!({})));
    assert_eq!(outcome.count, 1);
    assert_eq!(
        outcome.response(),
        &json!({ "properties": { "default": { "type": "integer" } } })
    );
    let named = asking(
        json!([{ "schema": { "type": "integer", "default": 1 } }]),
        json!({}),
    );
    assert_eq!(lower(DROP_DEFAULTS, &named).count, 1);
}

#[test]
fn removes_limits_of_responses_and_string_limits_of_requests() {
    let schema = || json!({ "type": "integer", "minimum": 1, "maximum": 9 });
    let outcome = lower(DROP_BOUNDS, &replying(schema(), json!({})));
    assert_eq!(
        (outcome.count, outcome.response()),
        (2, &json!({ "type": "integer" }))
    );
    assert_eq!(
        lower(
            DROP_BOUNDS,
            &asking(json!([{ "schema": schema() }]), json!({}))
        )
        .count,
        0
    );
    let text = json!([{ "schema": { "type": "string", "pattern": "^a", "maxLength": 3 } }]);
    let outcome = lower(DROP_BOUNDS, &asking(text, json!({})));
    assert_eq!(
        (outcome.count, outcome.parameters()),
        (2, &json!([{ "schema": { "type": "string" } }]))
    );
}

#[test]
fn removes_not() {
    let schema =
        json!({ "type": "string", "not": { "type": "object", "properties": { "not": {} } } });
    let outcome = lower(DROP_EXCLUSIONS, &replying(schema, json!({})));
    assert_eq!(
        (outcome.count, outcome.response()),
        (1, &json!({ "type": "string" }))
    );
    let field = json!({ "properties": { "not": { "type": "string" } } });
    assert_eq!(lower(DROP_EXCLUSIONS, &replying(field, json!({}))).count, 0);
}

#[test]
fn removes_formats_without_a_dedicated_type() {
    let text = |format: &str| json!({ "type": "string", "format": format });
    let schema = json!({ "properties": {
        "a": text("uuid"), "b": text("date"), "c": text("ipv4"), "d": text("period"),
        "e": text("date-time"), "f": text("password"), "g": { "type": "integer", "format": "int32" },
    } });
    let outcome = lower(PLAIN_FORMATS, &replying(schema, json!({})));
    assert_eq!(outcome.count, 5);
    let fields = &outcome.response()["properties"];
    assert_eq!(fields["a"], json!({ "type": "string" }));
    assert_eq!(fields["e"]["format"], "date-time");
    assert_eq!(fields["f"]["format"], "password");
}

#[test]
fn enums_with_colliding_variants_become_plain() {
    for (schema, lowered) in [
        (
            json!({ "type": "string", "enum": ["a", "A"] }),
            json!({ "type": "string" }),
        ),
        (json!({ "enum": ["a", "a"] }), json!({ "type": "string" })),
        (
            json!({ "type": "integer", "enum": [1, 2] }),
            json!({ "type": "integer" }),
        ),
        (json!({ "enum": ["a", 1] }), json!({})),
        (
            json!({ "type": "string", "enum": ["a", "A", null] }),
            json!({ "type": "string", "nullable": true }),
        ),
    ] {
        let parameters = json!([{ "name": "a", "in": "query", "schema": schema }]);
        let outcome = lower(PLAIN_ENUMS, &asking(parameters, json!({})));
        assert_eq!(outcome.count, 1, "{schema}");
        assert_eq!(outcome.parameters()[0]["schema"], lowered, "{schema}");
    }
    for values in [
        json!(["a", "b"]),
        json!(["a.b", "a-c", "1st", ""]),
        json!(["a-b", "a.c", "ab"]),
        json!(["<", ">="]),
    ] {
        let schema = json!({ "type": "string", "enum": values });
        let parameters = json!([{ "name": "a", "in": "query", "schema": schema }]);
        assert_eq!(
            lower(PLAIN_ENUMS, &asking(parameters, json!({}))).count,
            0,
            "{values}"
        );
    }
}
