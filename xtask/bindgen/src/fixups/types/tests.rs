use serde_json::json;

use super::*;
use crate::fixups::testing::{asking, lower, replying};

fn refer(name: &str) -> Value {
    reference_to(name)
}

#[test]
fn the_target_of_a_nested_reference_becomes_a_component() {
    let schemas = json!({
        "A": { "properties": { "b": { "type": "object", "properties": { "c": { "$ref": "#/components/schemas/A/properties/b" } } } } },
    });
    let outcome = lower(
        NAME_REFERENCES,
        &replying(
            json!({ "$ref": "#/components/schemas/A/properties/b" }),
            schemas,
        ),
    );
    assert_eq!(outcome.count, 2);
    assert_eq!(outcome.response(), &refer("Ab"));
    assert_eq!(outcome.schema("Ab")["properties"]["c"], refer("Ab"));
}

#[test]
fn renames_colliding_components() {
    let text = json!({ "type": "string" });
    let schemas = json!({ "Thing": text, "thing": text, "a b/c": text, "d-e": text });
    let response = json!({ "oneOf": [refer("Thing"), refer("thing"), { "$ref": "#/components/schemas/a b~1c" }, refer("d-e")] });
    let outcome = lower(DISTINCT_COMPONENTS, &replying(response, schemas));
    assert_eq!(outcome.count, 2);
    assert_eq!(
        outcome.response()["oneOf"],
        json!([refer("Thing"), refer("Thing2"), refer("ABC"), refer("d-e")])
    );
    let names: Vec<&String> = outcome.document["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["ABC", "Thing", "Thing2", "d-e"]);
}

#[test]
fn names_an_inline_type_whose_derived_name_exists() {
    let how = json!({ "type": "string", "enum": ["a"] });
    let parameters = json!([
        { "name": "how", "in": "query", "schema": how },
        { "name": "what", "in": "query", "schema": how },
    ]);
    let schemas = json!({ "ListThingsHow": { "type": "string", "enum": ["b"] } });
    let outcome = lower(NAME_TYPES, &asking(parameters, schemas));
    assert_eq!(outcome.count, 1);
    assert_eq!(outcome.parameters()[0]["schema"], refer("ListThingsHow2"));
    assert_eq!(outcome.schema("ListThingsHow2"), &how);
    assert_eq!(
        outcome.parameters()[1]["schema"],
        how,
        "the generator names this one rightly"
    );
}

#[test]
fn names_nested_types_innermost_first() {
    let inner =
        json!({ "type": "object", "properties": { "how": { "type": "string", "enum": ["a"] } } });
    let schemas = json!({
        "Owner": { "type": "object", "properties": { "pets": { "type": "array", "items": inner } } },
        "OwnerPetsItem": { "type": "string" },
    });
    let outcome = lower(NAME_TYPES, &replying(refer("Owner"), schemas));
    assert_eq!(outcome.count, 2);
    assert_eq!(
        outcome.schema("Owner")["properties"]["pets"]["items"],
        refer("OwnerPetsItem2")
    );
    assert_eq!(
        outcome.schema("OwnerPetsItem2")["properties"]["how"],
        refer("OwnerPetsItemHow")
    );
}

#[test]
fn nullable_moves_from_a_component_to_its_references() {
    let schemas = json!({
        "A": { "type": "object", "nullable": true, "properties": { "b": { "type": "string" } } },
        "C": { "type": "object", "properties": { "a": refer("A"), "b": { "oneOf": [refer("A")] } } },
    });
    let outcome = lower(MOVE_NULLS, &replying(refer("A"), schemas));
    assert_eq!(outcome.count, 1);
    let or_null = json!({ "allOf": [refer("A")], "nullable": true });
    assert_eq!(outcome.response(), &or_null);
    assert_eq!(outcome.schema("C")["properties"]["a"], or_null);
    assert_eq!(
        outcome.schema("C")["properties"]["b"],
        json!({ "oneOf": [refer("A")] })
    );
    assert!(outcome.schema("A").get("nullable").is_none());
}
