use serde_json::json;

use super::*;
use crate::fixups::testing::{lower, replying};

fn refer(name: &str) -> Value {
    reference_to(name)
}

#[test]
fn names_inline_objects() {
    let page = json!({ "type": "object", "properties": {
        "items": { "type": "array", "items": { "type": "object", "properties": {
            "place": { "type": "object", "properties": { "city": { "type": "string" } } },
        } } },
        "map": { "type": "object", "additionalProperties": { "type": "string" } },
    } });
    let taken = json!({ "ListThingsResponse": { "type": "string" } });
    let outcome = lower(HOIST_OBJECTS, &replying(page, taken));
    assert_eq!(outcome.count, 3);
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
    assert_eq!(outcome.count, 3);
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

#[test]
fn boxes_recursive_references() {
    let object = |fields: Value| json!({ "type": "object", "properties": fields });
    let boxed = |name| native("std", "std::boxed::Box", &wrapped(name));
    let schemas = json!({
        "House": object(json!({ "pet": refer("Pet") })),
        "Pet": object(json!({
            "parent": refer("Pet"), "owner": refer("Owner"), "name": refer("Name"),
            "children": { "type": "array", "items": refer("Pet") },
            "by": { "type": "object", "additionalProperties": refer("Pet") },
        })),
        "Owner": object(json!({ "favourite": refer("Pet") })),
        "Name": object(json!({ "first": { "type": "string" } })),
        "Sent": object(json!({ "sent": refer("Sent") })),
    });
    let mut document = replying(refer("House"), schemas);
    let content = json!({ "application/json": { "schema": refer("Sent") } });
    document["paths"]["/things"]["get"]["requestBody"] = json!({ "content": content });
    let outcome = lower(BOX_RECURSIONS, &document);
    assert_eq!(outcome.count, 3);
    let pet = &outcome.schema("Pet")["properties"];
    assert_eq!(pet["parent"], boxed("Pet"));
    assert_eq!(pet["owner"], boxed("Owner"));
    assert_eq!(pet["name"], refer("Name"));
    assert_eq!(
        pet["children"]["items"],
        refer("Pet"),
        "a list ends the recursion"
    );
    assert_eq!(pet["by"]["additionalProperties"], refer("Pet"));
    let owner = &outcome.schema("Owner")["properties"];
    assert_eq!(owner["favourite"], boxed("Pet"));
    let house = &outcome.schema("House")["properties"];
    assert_eq!(house["pet"], refer("Pet"), "nothing comes back to it");
    let sent = &outcome.schema("Sent")["properties"];
    assert_eq!(sent["sent"], refer("Sent"), "not in a response");

    // Then the others are wrapped, and nothing is lost on the way.
    let outcome = lower(KEEP_UNKNOWN_FIELDS, &outcome.document);
    assert_eq!(outcome.count, 5);
    assert_eq!(outcome.schema("Pet")["properties"]["parent"], boxed("Pet"));
    assert_eq!(outcome.schema("House")["properties"]["pet"], wrapped("Pet"));
}
