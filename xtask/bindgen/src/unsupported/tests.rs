use std::path::Path;

use serde_json::{Value, json};

use super::*;
use crate::Error;
use crate::deep_object::METADATA_FILTER;
use crate::document::Document;
use crate::fixups::LIBRARY;
use crate::lowering::Lowering;
use crate::schema::reference_to;

/// Returns a document with one operation that sends and returns a component `Thing`.
fn document() -> Value {
    let content = json!({ "application/json": { "schema": reference_to("Thing") } });
    json!({
        "paths": { "/things/{id}": { "put": {
            "operationId": "putThing",
            "parameters": [
                { "name": "id", "in": "path", "required": true, "schema": { "type": "string" } },
                { "name": "page", "in": "query", "schema": { "type": "integer" } },
            ],
            "requestBody": { "content": content },
            "responses": { "200": { "content": content }, "404": { "content": { "text/html": {} } } },
        } } },
        "components": { "schemas": {
            "Thing": { "type": "object", "properties": { "name": { "type": "string" } } },
            "Other": { "type": "object", "required": ["a"], "properties": { "a": { "type": "string" } } },
        } },
    })
}

const OPERATION: &str = "/paths/~1things~1{id}/put";

/// Returns the reason why the operation is not supported.
fn reason(document: &Value) -> String {
    let found = unsupported(document);
    found
        .into_iter()
        .map(|(_, _, refused)| refused.reason)
        .collect()
}

/// Replaces `Thing`.
fn with_thing(thing: &Value) -> Value {
    let mut document = document();
    document["components"]["schemas"]["Thing"] = thing.clone();
    document
}

#[test]
fn supports_a_plain_operation() {
    assert_eq!(reason(&document()), "");
}

#[test]
fn names_the_operation_and_keeps_the_others() {
    let mut document = with_thing(&json!({ "oneOf": [] }));
    let other = json!({ "operationId": "getOther", "responses": { "204": {} } });
    document["paths"]["/other"] = json!({ "get": other });
    let found = unsupported(&document);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].0, found[0].1.as_str()), ("put", "/things/{id}"));
    assert_eq!(found[0].2.what, "putThing (PUT /things/{id})");
}

#[test]
fn refuses_schemas_that_are_not_decoded_as_described() {
    let other = reference_to("Other");
    let text = json!({ "type": "string" });
    for (thing, place) in [
        // Alternatives with a tag, of scalars, and with null.
        (
            json!({ "oneOf": [other, text], "discriminator": { "propertyName": "a" } }),
            "/oneOf",
        ),
        (
            json!({ "allOf": [{ "oneOf": [other, text] }, other] }),
            "/allOf/0/oneOf",
        ),
        (
            json!({ "properties": { "a": { "anyOf": [text, { "type": "integer" }] } } }),
            "/properties/a/anyOf",
        ),
        (json!({ "anyOf": [{}, {}, {}, {}] }), "/anyOf"),
        (
            json!({ "type": "string", "not": { "enum": ["a"] } }),
            "/not",
        ),
        // Recursive schemas.
        (
            json!({ "properties": { "thing": reference_to("Thing") } }),
            "/properties/thing",
        ),
        (
            json!({ "type": "array", "items": reference_to("Thing") }),
            "/items",
        ),
        (
            json!({ "allOf": [reference_to("Thing"), other] }),
            "/allOf/0",
        ),
        // Compositions that are not one object.
        (json!({ "allOf": [other, text] }), "/allOf"),
        (
            json!({ "allOf": [other, { "properties": { "a": { "type": "integer" } } }] }),
            "/allOf",
        ),
        // Names.
        (
            json!({ "properties": { "a-b": text, "aB": text } }),
            "/properties/aB",
        ),
        (json!({ "type": "object", "required": ["b"] }), "/required"),
        (
            json!({ "properties": { "a": text }, "additionalProperties": text }),
            "/additionalProperties",
        ),
        (
            json!({ "properties": { "a": { "$ref": "#/components/schemas/Other/properties/a" } } }),
            "/properties/a/$ref",
        ),
        (json!({ "type": "string", "nullable": true }), "/nullable"),
        // Types.
        (json!({ "type": "string", "enum": ["a", "A"] }), "/enum"),
        (json!({ "type": "integer", "enum": [1, 2] }), "/enum"),
        (json!({ "items": text }), ""),
    ] {
        let reason = reason(&with_thing(&thing));
        let expected = format!("/components/schemas/Thing{place}: ");
        assert!(reason.starts_with(&expected), "{thing}: {reason}");
    }
}

#[test]
fn supports_the_schemas_of_the_service() {
    let other = reference_to("Other");
    let text = json!({ "type": "string" });
    for thing in [
        json!({}),
        json!({ "allOf": [other] }),
        json!({ "allOf": [other, { "properties": { "b": text } }] }),
        json!({ "properties": { "one": other, "two": { "type": "array", "items": other } } }),
        json!({ "properties": { "other": { "allOf": [other], "nullable": true } } }),
        json!({ "properties": { "kind": { "type": "string", "nullable": true, "enum": ["a", null] } } }),
        json!({ "type": "object", "additionalProperties": { "type": "object", "additionalProperties": true } }),
    ] {
        assert_eq!(reason(&with_thing(&thing)), "", "{thing}");
    }
}

#[test]
fn refuses_component_names_that_do_not_compile_or_collide() {
    for (name, other, expected) in [
        ("Default", "A", "the type name `Default` is reserved"),
        ("option", "A", "the type name `Option` is reserved"),
        (
            METADATA_FILTER,
            "A",
            "the type name `MetadataFilter` is reserved",
        ),
        (
            "my-thing",
            "MyThing",
            "`MyThing` and `my-thing` have the type name `MyThing`",
        ),
        ("My Thing", "A", "the name of a component contains letters"),
        (
            "List<Thing>",
            "A",
            "the name of a component contains letters",
        ),
    ] {
        let mut document = with_thing(&json!({ "properties": { "a": reference_to(name) } }));
        for name in [name, other] {
            document["components"]["schemas"][name] = json!({ "type": "object" });
        }
        let reason = reason(&document);
        let expected = format!("/components/schemas/{name}: {expected}");
        assert!(reason.starts_with(&expected), "{reason}");
    }
}

#[test]
fn refuses_parameters_that_are_not_sent_as_described() {
    let text = json!({ "type": "string" });
    let list = json!({ "type": "array", "items": text });
    let map = json!({ "type": "object", "additionalProperties": text });
    for (parameter, place) in [
        (json!({ "name": "a", "in": "cookie", "schema": text }), ""),
        (json!({ "name": "a", "in": "query", "content": {} }), ""),
        (
            json!({ "name": "a", "in": "query", "style": "pipeDelimited", "schema": list }),
            "/style",
        ),
        (
            json!({ "name": "a", "in": "query", "explode": false, "schema": list }),
            "/explode",
        ),
        (
            json!({ "name": "a", "in": "query", "schema": map }),
            "/schema",
        ),
        (
            json!({ "name": "a", "in": "query", "schema": {} }),
            "/schema",
        ),
        (
            json!({ "name": "a", "in": "query", "schema": { "type": "array", "items": list } }),
            "/schema",
        ),
        (
            json!({ "name": "a", "in": "query", "schema": { "type": "string", "nullable": true } }),
            "/schema",
        ),
        (
            json!({ "name": "a", "in": "query", "style": "deepObject", "schema": map }),
            "/schema",
        ),
        (
            json!({ "name": "a", "in": "query", "style": "deepObject", "schema": { "properties": { "b": map } } }),
            "/schema",
        ),
        (
            json!({ "name": "a", "in": "header", "schema": list }),
            "/schema",
        ),
        (
            json!({ "name": "a", "in": "header", "schema": { "type": "string", "format": "password" } }),
            "/schema/format",
        ),
        (
            json!({ "name": "a b", "in": "header", "schema": text }),
            "/name",
        ),
        (
            json!({ "name": "Accept", "in": "header", "schema": text }),
            "/name",
        ),
        (json!({ "name": "ID", "in": "query", "schema": text }), ""),
        (json!({ "name": "body", "in": "query", "schema": text }), ""),
    ] {
        let mut document = document();
        document["paths"]["/things/{id}"]["put"]["parameters"][1] = parameter.clone();
        let reason = reason(&document);
        let expected = format!("{OPERATION}/parameters/1{place}: ");
        assert!(reason.starts_with(&expected), "{parameter}: {reason}");
    }
}

#[test]
fn supports_the_parameters_of_the_service() {
    let text = json!({ "type": "string" });
    let map = json!({ "type": "object", "additionalProperties": text });
    let filter =
        json!({ "properties": { "country": { "type": "array", "items": text }, "tag": text } });
    for parameter in [
        json!({ "name": "tags[]", "in": "query", "explode": true, "schema": { "type": "array", "items": text } }),
        json!({ "name": "to", "in": "query", "style": "form", "explode": false, "schema": text }),
        json!({ "name": "Content-Range", "in": "header", "style": "simple", "schema": text }),
        json!({ "name": "metadata", "in": "query", "style": "deepObject", "schema": map }),
        json!({ "name": "filterBy", "in": "query", "style": "deepObject", "schema": filter }),
        // A parameter of the operation overrides one of its path.
        json!({ "name": "page", "in": "query", "schema": text }),
    ] {
        let mut document = document();
        let item = &mut document["paths"]["/things/{id}"];
        item["parameters"] = json!([{ "name": "page", "in": "query", "content": {} }]);
        item["put"]["parameters"][1] = parameter.clone();
        if parameter["name"] != "page" {
            item["parameters"] = json!([]);
        }
        assert_eq!(reason(&document), "", "{parameter}");
    }
}

#[test]
fn refuses_operations_that_cannot_be_called_as_described() {
    let other = json!({ "application/json": { "schema": reference_to("Other") } });
    for (part, value, place) in [
        ("operationId", json!(null), ""),
        ("operationId", json!("new"), "/operationId"),
        ("operationId", json!("1st"), ""),
        (
            "servers",
            json!([{ "url": "https://example.com" }]),
            "/servers",
        ),
        ("parameters", json!([]), ""),
        (
            "requestBody",
            json!({ "content": { "multipart/form-data": {} } }),
            "/requestBody/content/multipart~1form-data",
        ),
        (
            "requestBody",
            json!({ "content": { "application/json": {} } }),
            "/requestBody/content/application~1json",
        ),
        (
            "responses",
            json!({ "404": {}, "default": {} }),
            "/responses",
        ),
        (
            "responses",
            json!({ "200": { "content": other }, "204": {} }),
            "/responses/204",
        ),
        (
            "responses",
            json!({ "200": { "content": { "text/vtt": {} } } }),
            "/responses/200/content/text~1vtt",
        ),
    ] {
        let mut document = document();
        document["paths"]["/things/{id}"]["put"][part] = value.clone();
        let reason = reason(&document);
        let expected = format!("{OPERATION}{place}: ");
        assert!(reason.starts_with(&expected), "{part} {value}: {reason}");
    }
    let mut document = document();
    document["paths"]["/other"] = json!({ "trace": { "operationId": "a", "responses": {} } });
    document["paths"]["/more"] =
        json!({ "get": { "operationId": "PUT-thing", "responses": { "204": {} } } });
    let found: Vec<_> = unsupported(&document);
    let whats: Vec<&str> = found.iter().map(|one| one.2.what.as_str()).collect();
    assert_eq!(whats, ["a (TRACE /other)", "putThing (PUT /things/{id})"]);
}

/// Collects the pointers of all nodes.
fn pointers(node: &Value, pointer: &str, found: &mut Vec<String>) {
    for (key, child) in crate::schema::children(node) {
        let pointer = format!("{pointer}/{}", pointer_token(&key));
        pointers(child, &pointer, found);
        found.push(pointer);
    }
}

#[test]
fn a_document_with_any_part_replaced_is_rejected_or_lowered() {
    let text = include_str!("../../../tests/data/other.yaml");
    let whole = crate::document::yaml(Path::new("other.yaml"), text).unwrap();
    let mut places = Vec::new();
    pointers(&whole, "", &mut places);
    let (mut rejected, mut lowered) = (0, 0);
    for place in &places {
        for value in [
            json!(null),
            json!(7),
            json!(""),
            json!([{}]),
            json!({ "$ref": "#/components/schemas/Thing" }),
            json!({ "type": "object", "properties": { "a": {} } }),
        ] {
            let mut damaged = whole.clone();
            *damaged.pointer_mut(place).unwrap() = value;
            match Document::parse(Path::new("other.json"), &damaged.to_string()) {
                Ok(document) => {
                    Lowering::of(&document.value).run(LIBRARY);
                    lowered += 1;
                }
                Err(Error::Schema { .. }) => rejected += 1,
                Err(other) => panic!("{place}: {other}"),
            }
        }
    }
    assert!(rejected > 300 && lowered > 300, "{rejected}, {lowered}");
}
