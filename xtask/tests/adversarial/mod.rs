//! A document with everything that makes documents hard, as large as is wanted, and the list of what can't be generated
//! of it. The same seed gives the same document.

mod group;
pub(crate) mod rng;
pub(crate) mod yaml;

use serde_json::{Value, json};

use rng::Chance;

/// The document, and what is not generated of it: what, and why.
pub(crate) struct Nasty {
    pub(crate) document: Value,
    pub(crate) left_out: Vec<(String, String)>,
}

/// A document with this many groups of operations, beside those that the behaviour is shown by.
pub(crate) fn document(groups: usize) -> Nasty {
    let mut adversarial = Nasty {
        document: json!({
            "openapi": "3.0.3",
            "info": { "title": "Nasty – \"quoted\" *things*", "version": "2024‑01", "description": text(&mut Chance::new(1), 3) },
            "servers": [{ "url": "https://example.com/v1", "x-region": "eu" }],
            "x-generator": { "$ref": "nowhere" },
            "tags": [{ "name": "all", "x-order": 1 }],
            "paths": {},
            "components": { "schemas": {}, "parameters": {}, "responses": {}, "requestBodies": {} },
        }),
        left_out: Vec::new(),
    };
    shown(&mut adversarial.document);
    for number in 0..groups {
        group::add(
            &mut adversarial,
            number,
            &mut Chance::new(7 + number as u64),
        );
    }
    adversarial.left_out.sort();
    adversarial
}

impl Nasty {
    fn leaves_out(&mut self, what: &str, why: &str) {
        self.left_out.push((what.to_owned(), why.to_owned()));
    }

    fn schema(&mut self, name: &str, schema: Value) {
        self.document["components"]["schemas"][name] = schema;
    }
}

/// What the program `behaviour.rs` calls.
fn shown(document: &mut Value) {
    let search = json!({
        "operationId": "search-things",
        "x-client-action": "search",
        "parameters": [
            { "name": "tags[]", "in": "query", "schema": { "type": "array", "items": { "type": "string" } } },
            { "name": "tags", "in": "query", "schema": { "type": "string" } },
            { "name": "ids", "in": "query", "explode": false, "schema": { "type": "array", "items": { "type": "integer" } } },
            { "$ref": "#/components/parameters/Filter" },
            { "name": "metadata", "in": "query", "style": "deepObject", "schema": { "$ref": "#/components/schemas/Labels" } },
            { "name": "marks{}", "in": "query", "style": "deepObject", "schema": { "$ref": "#/components/schemas/Labels" } },
            { "name": "sort", "in": "query", "schema": { "type": "string", "enum": ["asc", "ASC", "desc"] } },
            { "name": "how", "in": "query", "schema": { "type": "string", "enum": ["a.b", "a-c", "1st", "some words", "type"] } },
            { "name": "X-Trace-Id", "in": "header", "schema": { "type": "string", "format": "uuid" } },
            { "name": "Accept", "in": "header", "schema": { "type": "string" } },
            { "name": "send", "in": "query", "schema": { "type": "boolean", "default": "maybe" } },
        ],
        "responses": {
            "200": { "description": "d", "content": { "application/vnd.adversarial+json": { "schema": {
                "type": "array", "items": { "$ref": "#/components/schemas/Shown", "description": "a sibling" },
            } } } },
            "404": { "$ref": "#/components/responses/Lost" },
            "500": { "description": "d", "content": { "application/json": { "schema": { "type": "string" } } } },
        },
    });
    let shown = json!({ "$ref": "#/components/schemas/Shown" });
    let response =
        json!({ "description": "d", "content": { "application/json": { "schema": shown } } });
    let body = json!({ "required": true, "content": {
        "application/json; charset=utf-8": { "schema": shown, "example": { "type": 7 } },
    } });
    let bytes = json!({ "required": true, "content": { "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } } });
    let words = json!({ "required": true, "content": { "text/plain": { "schema": { "type": "string", "maxLength": 9 } } } });
    document["paths"] = json!({
        "/search": { "get": search },
        "/things/{thing-id}": {
            "parameters": [{ "name": "thing-id", "in": "path", "required": true, "schema": { "type": "string" } }],
            "put": { "operationId": "store", "requestBody": body, "responses": { "200": response, "201": response } },
        },
        "/upload": { "post": { "operationId": "upload", "requestBody": bytes, "responses": { "204": { "description": "d" } } } },
        "/words": { "post": { "operationId": "new", "requestBody": words, "responses": { "default": response } } },
    });
    document["components"]["parameters"]["Filter"] = json!({
        "name": "filter", "in": "query", "style": "deepObject", "schema": { "$ref": "#/components/schemas/Filter" },
    });
    document["components"]["responses"]["Lost"] = json!({
        "description": "d", "content": { "application/problem+json": { "schema": { "type": "object" } } },
    });
    document["components"]["schemas"] = json!({
        "Filter": { "type": "object", "properties": {
            "kind": { "$ref": "#/components/schemas/Kind" },
            "colour": { "type": "array", "items": { "type": "string" } },
        } },
        "Kind": { "type": "string", "enum": ["small", "very-big"] },
        "Labels": { "type": "object", "additionalProperties": { "type": "string" } },
        "Shown": {
            "type": "object",
            "required": ["fooBar", "mode"],
            "properties": {
                "fooBar": { "type": "string" },
                "foo_bar": { "type": "integer", "format": "int32", "default": "seven" },
                "foo-bar": { "type": "boolean" },
                "mode": { "type": "string", "enum": ["on", "On", "off"] },
                "type": { "type": "string" },
                "self": { "type": "string", "nullable": true },
                "2nd": { "type": "number", "format": "decimal" },
                "x-field": { "type": "string", "x-note": 1 },
                "$ref": { "type": "string" },
                "parent": shown,
                "next": { "allOf": [shown], "nullable": true },
            },
        },
    });
}

/// Sentences with what upsets those who copy descriptions.
pub(crate) fn text(chance: &mut Chance, sentences: usize) -> String {
    const WORDS: [&str; 16] = [
        "the",
        "`code`",
        "*of*",
        "a <b>thing</b>",
        "naïve",
        "\"quoted\"",
        "back\\slash",
        "{brace}",
        "[link](x)",
        "— dash",
        "\u{1f980}",
        "and",
        "/* no comment */",
        "//! nor this",
        "#hash",
        "50%",
    ];
    let mut text = String::new();
    for _ in 0..sentences {
        for _ in 0..12 {
            text.push_str(chance.of(&WORDS));
            text.push(' ');
        }
        text.push_str(chance.of(&[
            ".\n",
            ".\n\n    let indented = 1;\n\n",
            "\n```js\nlet a = `1`;\n```\n",
            "\n\n* list\n",
        ]));
    }
    text
}
