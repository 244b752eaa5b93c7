use serde_json::json;

use super::*;
use crate::fixups::testing::{lower, replying};

fn refer(name: &str) -> Value {
    reference_to(name)
}

#[test]
fn names_inline_objects_and_enums() {
    let page = json!({ "type": "object", "properties": {
        "items": { "type": "array", "items": { "type": "object", "properties": {
            "place": { "type": "object", "properties": { "city": { "type": "string" } } },
        } } },
        "map": { "type": "object", "additionalProperties": { "type": "string" } },
    } });
    let taken = json!({ "ListThingsResponse": { "type": "string" } });
    let outcome = lower(NAME_TYPES, &replying(page, taken));
    assert_eq!(outcome.places.len(), 3);
    assert_eq!(outcome.response(), &refer("ListThingsResponse2"));
    let page = outcome.schema("ListThingsResponse2");
    assert_eq!(
        page["properties"]["items"]["items"],
        refer("ListThingsResponseItemsItem")
    );
    assert_eq!(page["properties"]["map"]["type"], "object");
    let item = outcome.schema("ListThingsResponseItemsItem");
    assert_eq!(
        item["properties"]["place"],
        refer("ListThingsResponseItemsItemPlace")
    );
}

#[test]
fn wraps_every_object_of_a_response() {
    let object = |fields: Value| json!({ "type": "object", "properties": fields });
    let schemas = json!({
        "Page": object(json!({ "items": { "type": "array", "items": refer("Thing") }, "first": refer("Thing") })),
        "Thing": object(json!({ "name": refer("Name"), "labels": refer("Labels") })),
        "Name": { "type": "string" },
        "Labels": { "type": "object", "additionalProperties": { "type": "string" } },
        "Body": object(json!({ "thing": refer("Inside") })),
        "Inside": object(json!({ "a": { "type": "string" } })),
    });
    let mut document = replying(refer("Page"), schemas);
    let content = json!({ "application/json": { "schema": refer("Body") } });
    document["paths"]["/things"]["get"]["requestBody"] = json!({ "content": content });
    let outcome = lower(KEEP_UNKNOWN_FIELDS, &document);
    assert_eq!(outcome.places.len(), 3);
    assert_eq!(outcome.response(), &wrapped("Page"));
    let page = outcome.schema("Page");
    assert_eq!(page["properties"]["items"]["items"], wrapped("Thing"));
    assert_eq!(page["properties"]["first"], wrapped("Thing"));
    assert_eq!(outcome.schema("Thing")["properties"]["name"], refer("Name"));
    assert_eq!(
        outcome.schema("Thing")["properties"]["labels"],
        refer("Labels")
    );
    assert_eq!(
        outcome.schema("Body")["properties"]["thing"],
        refer("Inside")
    );
}
