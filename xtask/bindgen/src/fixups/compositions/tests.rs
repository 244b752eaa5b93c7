use serde_json::json;

use super::*;
use crate::fixups::testing::{lower, replying};
use crate::schema::reference_to as refer;

#[expect(
    clippy::needless_pass_by_value,
    reason = "calls with json!(…) in place read better"
)]
fn object(properties: Value) -> Value {
    json!({ "type": "object", "properties": properties })
}

#[test]
fn two_recursive_parts_in_one_field_are_rejected() {
    let list = |name: &str| json!({ "type": "array", "items": refer(name) });
    for (a, b) in [
        (
            object(json!({ "in": refer("A") })),
            object(json!({ "in": refer("B") })),
        ),
        (
            object(json!({ "in": list("A") })),
            object(json!({ "in": list("B") })),
        ),
        (
            object(json!({ "in": refer("B") })),
            object(json!({ "in": refer("A"), "b": {} })),
        ),
        (
            object(json!({ "in": { "oneOf": [{ "type": "string" }, refer("A")] } })),
            object(json!({ "in": refer("B") })),
        ),
        (
            json!({ "type": "object", "additionalProperties": refer("A") }),
            object(json!({ "in": refer("B") })),
        ),
    ] {
        let c = json!({ "allOf": [refer("A"), refer("B")] });
        let schemas = json!({ "A": a, "B": b, "C": c, "D": object(json!({ "c": refer("C") })) });
        let outcome = lower(
            RECURSIVE_COMPOSITIONS,
            &replying(refer("D"), schemas.clone()),
        );
        assert_eq!(outcome.count, 1, "{schemas}");
        assert_eq!(outcome.left_out[0].what, "listThings (GET /things)");
        assert_eq!(
            outcome.left_out[0].reason,
            "the schema `C` is a recursive composition"
        );
        assert_eq!(outcome.operation(), &Value::Null);
        let untouched = lower(RECURSIVE_COMPOSITIONS, &replying(refer("A"), schemas));
        assert_eq!(untouched.count, 0, "it does not reach the mixture");
    }
}

#[test]
fn a_recursive_choice_is_rejected() {
    let schemas =
        json!({ "A": { "anyOf": [refer("A"), { "type": "string" }], "properties": { "b": {} } } });
    assert_eq!(
        lower(RECURSIVE_COMPOSITIONS, &replying(refer("A"), schemas)).count,
        1
    );
}

#[test]
fn reports_an_inline_composition() {
    let schemas = json!({ "A": object(json!({ "in": refer("A") })), "B": object(json!({ "in": refer("B") })) });
    let response = json!({ "allOf": [refer("A"), refer("B")] });
    let outcome = lower(RECURSIVE_COMPOSITIONS, &replying(response, schemas));
    assert_eq!(
        outcome.left_out[0].reason,
        "its schema is a recursive composition"
    );
}

#[test]
fn two_references_to_one_schema_are_accepted() {
    let schemas = json!({
        "A": object(json!({ "in": refer("C") })),
        "B": object(json!({ "in": refer("C"), "b": {} })),
        "C": { "allOf": [refer("A"), refer("B")] },
    });
    assert_eq!(
        lower(RECURSIVE_COMPOSITIONS, &replying(refer("C"), schemas)).count,
        0
    );
}

#[test]
fn finite_compositions_are_unchanged() {
    let itself = object(json!({ "in": refer("A") }));
    for (b, c) in [
        (
            object(json!({ "in": refer("A") })),
            json!({ "allOf": [refer("A"), refer("B")] }),
        ),
        (
            object(json!({ "b": {} })),
            json!({ "type": "object", "properties": { "c": {} }, "anyOf": [refer("A"), { "required": ["c"] }] }),
        ),
        (
            object(json!({ "in": refer("C") })),
            json!({ "oneOf": [refer("A"), refer("B")] }),
        ),
        (
            object(json!({ "in": { "type": "object" } })),
            json!({ "allOf": [refer("A"), refer("B")] }),
        ),
        (
            object(json!({ "in": { "x-rust-type": {} } })),
            json!({ "allOf": [refer("A"), refer("B")] }),
        ),
    ] {
        let schemas = json!({ "A": itself, "B": b, "C": c });
        let outcome = lower(
            RECURSIVE_COMPOSITIONS,
            &replying(refer("C"), schemas.clone()),
        );
        assert_eq!(outcome.count, 0, "{schemas}");
    }
}
