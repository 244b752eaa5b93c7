use serde_json::json;

use super::*;
use crate::fixups::testing::{asking, lower, replying};

#[test]
fn removes_defaults_but_not_a_field_of_that_name() {
    let schema = json!({ "properties": { "default": { "type": "integer", "default": "three" } } });
    let outcome = lower(DROP_DEFAULTS, &replying(schema, json!({})));
    assert_eq!(outcome.places.len(), 1);
    assert_eq!(
        outcome.response(),
        &json!({ "properties": { "default": { "type": "integer" } } })
    );
    let named = asking(
        json!([{ "schema": { "type": "integer", "default": 1 } }]),
        json!({}),
    );
    assert_eq!(lower(DROP_DEFAULTS, &named).places.len(), 1);
}

#[test]
fn removes_limits_of_responses_and_string_limits_of_requests() {
    let schema = || json!({ "type": "integer", "minimum": 1, "maximum": 9 });
    let outcome = lower(DROP_BOUNDS, &replying(schema(), json!({})));
    assert_eq!(
        (outcome.places.len(), outcome.response()),
        (2, &json!({ "type": "integer" }))
    );
    assert_eq!(
        lower(
            DROP_BOUNDS,
            &asking(json!([{ "schema": schema() }]), json!({}))
        )
        .places
        .len(),
        0
    );
    let text = json!([{ "schema": { "type": "string", "pattern": "^a", "maxLength": 3 } }]);
    let outcome = lower(DROP_BOUNDS, &asking(text, json!({})));
    assert_eq!(
        (outcome.places.len(), outcome.parameters()),
        (2, &json!([{ "schema": { "type": "string" } }]))
    );
}

#[test]
fn removes_formats_without_a_dedicated_type() {
    let text = |format: &str| json!({ "type": "string", "format": format });
    let schema = json!({ "properties": {
        "a": text("uuid"), "b": text("date"), "c": text("ipv4"), "d": text("period"),
        "e": text("date-time"), "f": text("password"), "g": { "type": "integer", "format": "int32" },
    } });
    let outcome = lower(PLAIN_FORMATS, &replying(schema, json!({})));
    assert_eq!(outcome.places.len(), 5);
    let fields = &outcome.response()["properties"];
    assert_eq!(fields["a"], json!({ "type": "string" }));
    assert_eq!(fields["e"]["format"], "date-time");
    assert_eq!(fields["f"]["format"], "password");
}
