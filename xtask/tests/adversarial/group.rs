//! One group of operations and schemas, with all that is hard.

use serde_json::{Value, json};

use super::rng::Chance;
use super::{Nasty, text};

pub(crate) fn add(adversarial: &mut Nasty, number: usize, chance: &mut Chance) {
    schemas(adversarial, number, chance);
    responses(adversarial, number, chance);
    bodies(adversarial, number, chance);
    parameters(adversarial, number, chance);
}

fn refer(name: &str, number: usize) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}{number}") })
}

fn json_of(schema: &Value) -> Value {
    json!({ "description": "d", "content": { "application/json": { "schema": schema, "example": { "$ref": "no" } } } })
}

fn operation(adversarial: &mut Nasty, path: &str, method: &str, id: Option<&str>, rest: Value) {
    let mut operation = rest;
    if let Some(id) = id {
        operation["operationId"] = json!(id);
    }
    if operation.get("responses").is_none() {
        operation["responses"] = json!({ "204": { "description": "d" } });
    }
    adversarial.document["paths"][path][method] = operation;
}

fn schemas(adversarial: &mut Nasty, number: usize, chance: &mut Chance) {
    let described = |chance: &mut Chance, mut schema: Value| {
        schema["description"] = json!(text(chance, 8));
        schema["x-note"] = json!({ "a": [1, "$ref"] });
        schema
    };
    let format = chance.of(&[
        "ipv4", "duration", "uuid", "int128", "byte", "uri", "regex", "",
    ]);
    let item = json!({
        "type": "object",
        "title": "The same title everywhere",
        "required": ["id", "createdAt"],
        "properties": {
            "id": { "type": "string", "format": format, "pattern": "^(?!x)", "minLength": 1 },
            "createdAt": { "type": "string", "format": "date-time", "example": 7 },
            "created_at": { "type": "string", "nullable": true },
            "async": { "type": "boolean" },
            "kind": { "type": "string", "enum": ["a", "A", "b.c", "b-c", "1", "¿"], "x-enum-varnames": ["a"] },
            "owner": { "type": "object", "nullable": true, "properties": { "kind": { "type": "string", "enum": ["x", "y"] } } },
            "sizes": { "type": "array", "minItems": 2, "items": { "type": "integer", "format": "uint8", "minimum": -3 } },
            "labels": { "type": "object", "additionalProperties": { "type": "object", "properties": { "a": {} } } },
            "anything": {},
            "something": { "not": { "type": "string" } },
            "children": { "type": "array", "items": refer("Item", number) },
            "parent": refer("Item", number),
            "owner_kind": { "$ref": format!("#/components/schemas/Item{number}/properties/owner"), "nullable": false },
        },
        "additionalProperties": false,
        "example": { "id": [] },
    });
    adversarial.schema(&format!("Item{number}"), described(chance, item));
    // Differs in case only, from a component and from what a field of one would be called.
    adversarial.schema(
        &format!("item{number}"),
        json!({ "type": "object", "properties": { "b": { "type": "string" } } }),
    );
    adversarial.schema(
        &format!("Item{number}Owner"),
        json!({ "type": "object", "required": ["z"], "properties": { "z": { "type": "integer" } } }),
    );
    let more = json!({ "type": "object", "properties": { "created_At": { "type": "string" }, "extra": { "type": "string" } } });
    adversarial.schema(
        &format!("Mixed{number}"),
        json!({ "allOf": [refer("Item", number), more] }),
    );
    let either = json!({
        "oneOf": [refer("Item", number), refer("item", number), { "type": "string" }],
        "discriminator": { "propertyName": "kind", "mapping": { "a": format!("#/components/schemas/Item{number}") } },
    });
    adversarial.schema(&format!("Either{number}"), described(chance, either));
    let tree = |others: &str| {
        json!({ "type": "object", "properties": {
            "left": refer(others, number), "value": { "type": "string" }, "list": { "type": "array", "items": refer(others, number) },
        } })
    };
    adversarial.schema(&format!("Tree{number}"), tree("Bush"));
    adversarial.schema(&format!("Bush{number}"), tree("Tree"));
    adversarial.schema(
        &format!("odd name/{number}"),
        json!({ "type": "object", "properties": { "1": { "type": "string" } } }),
    );
    adversarial.schema(
        &format!("Maybe{number}"),
        json!({ "type": "object", "nullable": true, "properties": { "m": { "type": "string" } } }),
    );
}

fn responses(adversarial: &mut Nasty, number: usize, chance: &mut Chance) {
    let list = json!({ "type": "object", "required": ["data", "maybe"], "properties": {
        "data": { "type": "array", "items": refer("Item", number) },
        "either": refer("Either", number),
        "mixed": refer("Mixed", number),
        "tree": refer("Tree", number),
        "maybe": refer("Maybe", number),
        "odd": { "$ref": format!("#/components/schemas/odd name~1{number}") },
        "next": { "type": "string", "default": 7 },
    } });
    let responses = json!({
        "200": json_of(&list),
        "206": json_of(&refer("item", number)),
        "404": { "description": "d", "content": { "application/problem+json": { "schema": refer("item", number) } } },
        "429": { "description": "d", "content": { "text/html": { "schema": { "type": "string" } } } },
        "500": json_of(&json!({ "type": "string" })),
        "default": json_of(&json!({ "type": "array", "items": {} })),
    });
    let id = format!("list-items.{number}");
    let path = format!("/g{number}/items");
    let rest = json!({
        "description": text(chance, 24),
        "summary": "Lists\nthem",
        "tags": ["all"],
        "x-dropshot-pagination": { "required": [] },
        "x-client-action": "list",
        "security": [{ "key": [] }],
        "responses": responses,
    });
    operation(adversarial, &path, "get", Some(&id), rest);
    adversarial.leaves_out(
        &format!("the response 206 of {id} (GET {path})"),
        "the generator supports one response type, that of the first success",
    );
    let responses =
        json!({ "200": json_of(&refer("Maybe", number)), "201": json_of(&refer("Maybe", number)) });
    operation(
        adversarial,
        &path,
        "put",
        Some(&format!("listItems{number}")),
        json!({ "responses": responses }),
    );
    let picture = json!({ "200": { "description": "d", "content": { "image/png": { "schema": { "type": "string", "format": "binary" } } } } });
    operation(
        adversarial,
        &format!("/g{number}/items/{{id}}/picture.{{kind}}"),
        "get",
        None,
        json!({ "responses": picture }),
    );
    for (kind, place) in [("application/xml", "feed"), ("*/*", "whatever")] {
        let response =
            json!({ "200": { "description": "d", "content": { kind: { "schema": list } } } });
        operation(
            adversarial,
            &format!("/g{number}/{place}"),
            "get",
            Some(&format!("{place}{number}")),
            json!({ "responses": response }),
        );
    }
    for method in ["options", "trace"] {
        operation(adversarial, &path, method, None, json!({}));
        adversarial.leaves_out(
            &format!(
                "{method}_g{number}_items ({} {path})",
                method.to_uppercase()
            ),
            "the HTTP client does not support this method",
        );
    }
    let html = json!({ "2XX": { "description": "d", "content": { "application/json": {} } } });
    operation(
        adversarial,
        &format!("/g{number}/items/{{id}}/picture.{{kind}}"),
        "delete",
        Some("result"),
        json!({ "responses": html }),
    );
}

fn bodies(adversarial: &mut Nasty, number: usize, chance: &mut Chance) {
    let mut body = |name: &str, content: Value, what: &str, why: &str| {
        let id = format!("{name}_{number}");
        let path = format!("/g{number}/{name}");
        let rest =
            json!({ "description": text(chance, 14), "requestBody": { "content": content } });
        operation(adversarial, &path, "post", Some(&id), rest);
        if !why.is_empty() {
            adversarial.leaves_out(&format!("{what}{id} (POST {path})"), why);
        }
    };
    let schema = json!({ "type": "object", "properties": { "file": { "type": "string", "format": "binary" } } });
    body(
        "multipart",
        json!({ "multipart/form-data": { "schema": schema, "encoding": { "file": { "contentType": "image/png" } } } }),
        "",
        "unsupported media type of a body: multipart/form-data",
    );
    body(
        "patch",
        json!({ "application/merge-patch+json": { "schema": refer("Item", number) } }),
        "",
        "unsupported media type of a body: application/merge-patch+json",
    );
    body(
        "several",
        json!({ "application/json": { "schema": refer("Mixed", number) }, "application/xml": { "schema": {} } }),
        "the body application/xml of ",
        "the generator supports one media type per body, application/json",
    );
    let nested = json!({ "type": "object", "properties": { "a": { "type": "string" }, "list": { "type": "array", "items": {} } } });
    body(
        "nested_form",
        json!({ "application/x-www-form-urlencoded": { "schema": nested } }),
        "",
        "unsupported form field `list`, a list or an object",
    );
    body("raw", json!({ "application/octet-stream": {} }), "", "");
    body(
        "inline",
        json!({ "application/json": { "schema": { "type": "object", "additionalProperties": false, "required": ["how"], "properties": {
            "how": { "type": "string", "enum": ["1.0", "2.0"] },
            "How": { "type": "array", "items": { "type": "string", "enum": ["a b", "c/d"] } },
            "inner": { "type": "object", "properties": { "how": { "type": "integer", "enum": [1, 2] } } },
        } } } }),
        "",
        "",
    );
}

fn parameters(adversarial: &mut Nasty, number: usize, chance: &mut Chance) {
    let text_schema = json!({ "type": "string" });
    let list = json!({ "type": "array", "items": text_schema });
    let id = format!("Find_Items{number}");
    let path = format!("/g{number}/find/{{id}}/{{body}}");
    let name = format!("{id} (POST {path})");
    let parameters = json!([
        { "name": "id", "in": "path", "required": true, "schema": { "oneOf": [text_schema, { "type": "integer" }] } },
        { "name": "body", "in": "path", "required": true, "schema": list },
        { "name": "id", "in": "query", "schema": text_schema, "description": text(chance, 8) },
        { "name": "ID", "in": "header", "schema": list },
        { "name": "labels", "in": "query", "style": "deepObject", "schema": { "type": "object", "additionalProperties": text_schema } },
        { "name": "deep", "in": "query", "style": "deepObject", "schema": { "type": "object", "properties": { "a": { "type": "object" } } } },
        { "name": "session", "in": "cookie", "schema": text_schema },
        { "name": "filter", "in": "query", "content": { "application/json": { "schema": {} } } },
        { "name": "object", "in": "query", "schema": refer("Item", number) },
        { "name": "a header", "in": "header", "schema": text_schema },
        { "name": "page[size]", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 100, "default": "ten" } },
        { "name": "page.size", "in": "query", "schema": { "type": "integer", "enum": [10, 100] } },
        { "name": "header_map", "in": "query", "schema": { "type": "boolean", "nullable": true } },
        { "name": "fn", "in": "query", "style": "pipeDelimited", "schema": list, "example": 7 },
    ]);
    let body = json!({ "content": { "application/json": { "schema": refer("Either", number) } } });
    operation(
        adversarial,
        &path,
        "post",
        Some(&id),
        json!({ "parameters": parameters, "requestBody": body }),
    );
    for (parameter, why) in [
        ("deep", "unsupported style deepObject with these fields"),
        ("session", "cookies are not supported"),
        ("filter", "parameters with a content type are not supported"),
        ("object", "objects are not supported"),
        ("a header", "invalid header name"),
    ] {
        adversarial.leaves_out(&format!("parameter `{parameter}` of {name}"), why);
    }
    let required =
        json!([{ "name": "token", "in": "cookie", "required": true, "schema": text_schema }]);
    let path = format!("/g{number}/cookie");
    operation(
        adversarial,
        &path,
        "get",
        Some(&format!("cookie{number}")),
        json!({ "parameters": required }),
    );
    adversarial.leaves_out(
        &format!("cookie{number} (GET {path})"),
        "it needs the parameter `token`: cookies are not supported",
    );
    let path = format!("/g{number}/elsewhere");
    let rest = json!({ "servers": [{ "url": "https://elsewhere.example.com" }] });
    operation(
        adversarial,
        &path,
        "get",
        Some(&format!("elsewhere{number}")),
        rest,
    );
    adversarial.leaves_out(
        &format!("elsewhere{number} (GET {path})"),
        "it has its own servers",
    );
}
