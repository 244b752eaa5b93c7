use std::path::Path;

use super::*;

fn message(name: &str, text: &str) -> String {
    Document::parse(Path::new(name), text)
        .unwrap_err()
        .to_string()
}

const HEAD: &str = "openapi: 3.0.3\ninfo: { title: t, version: '1' }\n";

#[test]
fn parses_yaml_and_json_to_the_same_document() {
    let yaml = Document::parse(Path::new("a.yaml"), &format!("{HEAD}paths: {{}}\n")).unwrap();
    let json = r#"{"openapi":"3.0.3","info":{"title":"t","version":"1"},"paths":{}}"#;
    let json = Document::parse(Path::new("a.json"), json).unwrap();
    assert_eq!(yaml.value, json.value);
}

#[test]
fn ignores_a_byte_order_mark() {
    let json = r#"{"openapi":"3.0.3","info":{"title":"t","version":"1"},"paths":{}}"#;
    for name in ["a.json", "a.yaml"] {
        let document = Document::parse(Path::new(name), &format!("\u{feff}{json}"));
        assert!(document.is_ok(), "{name}");
    }
}

#[test]
fn rejects_a_path_without_a_slash() {
    let paths = "paths:\n  things: { get: { responses: { '200': { description: d } } } }\n";
    assert_eq!(
        message("a.yaml", &format!("{HEAD}{paths}")),
        "a.yaml#/paths/things: a path begins with `/`; fix the document there"
    );
    let extension = Document::parse(
        Path::new("a.yaml"),
        &format!("{HEAD}paths: {{ x-note: 1 }}\n"),
    );
    assert!(extension.is_ok());
}

#[test]
fn only_true_and_false_are_booleans() {
    let text = format!(
        "{HEAD}paths: {{}}\ncomponents:\n  schemas:\n    Land: {{ description: no, type: string, enum: [SE, NO, on, y, \
         yes, off], nullable: true, deprecated: false }}\n"
    );
    let document = Document::parse(Path::new("a.yaml"), &text).unwrap();
    let land = &document.value["components"]["schemas"]["Land"];
    assert_eq!(land["description"], "no");
    assert_eq!(
        land["enum"],
        serde_json::json!(["SE", "NO", "on", "y", "yes", "off"])
    );
    assert_eq!(land["nullable"], true);
    assert_eq!(land["deprecated"], false);
}

#[test]
fn reports_invalid_yaml_with_its_line() {
    let message = message("a.yaml", "openapi: 3.0.3\ninfo:\n  title: [a\npaths: {}\n");
    assert!(message.starts_with("a.yaml:4:"), "{message}");
    assert!(message.contains("invalid"), "{message}");
}

#[test]
fn reports_a_duplicate_key_with_its_line() {
    let message = message("a.yaml", &format!("{HEAD}paths: {{}}\npaths: {{}}\n"));
    assert!(message.starts_with("a.yaml:4:"), "{message}");
}

#[test]
fn reports_invalid_json_with_its_line() {
    let message = message("a.json", "{\n\"openapi\": \"3.0.3\",\n}");
    assert!(message.starts_with("a.json:3:1: invalid"), "{message}");
}

#[test]
fn names_the_version_of_another_document() {
    for (text, expected) in [
        (
            "openapi: 3.1.0",
            "/openapi: OpenAPI 3.1.0 is not supported, only 3.0 is, such as \"3.0.3\"",
        ),
        (
            "openapi: 3.0",
            "/openapi: 3.0 is a number; write the whole version as a string, such as \"3.0.3\"",
        ),
        (
            "swagger: '2.0'",
            ": Swagger 2.0 is not supported, only OpenAPI 3.0 is; convert the document",
        ),
        ("a: 1", ": `openapi` is missing"),
    ] {
        let expected = format!("a.yaml#{expected}; fix the document there");
        assert_eq!(message("a.yaml", text), expected);
    }
}

#[test]
fn decodes_percent_encoded_references() {
    let paths = "paths:\n  /a:\n    get: { responses: { '200': { $ref: '#/components/responses/O%4B' } } }\n";
    let responses = "components: { responses: { OK: { description: d } } }\n";
    let document = Document::parse(Path::new("a.yaml"), &format!("{HEAD}{paths}{responses}"));
    assert!(document.is_ok(), "{document:?}");
    for (text, decoded) in [
        ("%7Ba%7d", "{a}"),
        ("100%", "100%"),
        ("%zz%+1", "%zz%+1"),
        ("%FF", "%FF"),
    ] {
        assert_eq!(percent_decoded(text), decoded);
    }
}

#[test]
fn reports_an_unresolved_reference_with_its_pointer() {
    let paths = "paths:\n  /a/{b}:\n    get:\n      responses:\n        '200': { $ref: '#/components/responses/No' }\n";
    let message = message("a.yaml", &format!("{HEAD}{paths}"));
    assert_eq!(
        message,
        "a.yaml#/paths/~1a~1{b}/get/responses/200/$ref: `#/components/responses/No` cannot be followed: there is nothing \
         at that place; fix the document there"
    );
}

#[test]
fn rejects_an_external_reference() {
    let message = message(
        "a.yaml",
        &format!("{HEAD}paths:\n  /a: {{ $ref: 'other.yaml#/a' }}\n"),
    );
    assert!(
        message.contains("#/paths/~1a/$ref")
            && message.contains("it leads outside of the document"),
        "{message}"
    );
}

fn with_schemas(schemas: &str) -> String {
    format!("{HEAD}paths: {{}}\ncomponents:\n  schemas: {{ {schemas} }}\n")
}

fn refer(name: &str) -> String {
    format!("{{ $ref: '#/components/schemas/{name}' }}")
}

#[test]
fn rejects_circular_references() {
    let one = message("a.yaml", &with_schemas(&format!("A: {}", refer("A"))));
    assert_eq!(
        one,
        "a.yaml#/components/schemas/A/$ref: `#/components/schemas/A` cannot be followed: it is circular; fix the document there"
    );
    let (b, c) = (refer("B"), refer("C"));
    let three = format!("A: {b}, B: {c}, C: {b}");
    let three = message("a.yaml", &with_schemas(&three));
    assert!(
        three.starts_with("a.yaml#/components/schemas/A/$ref: "),
        "{three}"
    );
    let response =
        "paths: {}\ncomponents: { responses: { No: { $ref: '#/components/responses/No' } } }\n";
    let response = message("a.yaml", &format!("{HEAD}{response}"));
    assert!(
        response.starts_with("a.yaml#/components/responses/No/$ref: "),
        "{response}"
    );
}

#[test]
fn accepts_a_schema_that_contains_itself() {
    let a = refer("A");
    for schemas in [
        format!("A: {{ type: object, properties: {{ a: {a}, b: {{ allOf: [{a}] }} }} }}"),
        format!("A: {{ type: array, items: {a} }}"),
        format!("A: {{ allOf: [{{ type: object, properties: {{ a: {a} }} }}] }}"),
    ] {
        let document = Document::parse(Path::new("a.yaml"), &with_schemas(&schemas));
        assert!(document.is_ok(), "{schemas}");
    }
}

#[test]
fn ignores_references_in_examples() {
    let paths = "paths:\n  /a:\n    get:\n      responses:\n        '200':\n          description: d\n          content:\n            \
                 application/json:\n              example: { $ref: nowhere }\n";
    assert!(Document::parse(Path::new("a.yaml"), &format!("{HEAD}{paths}")).is_ok());
}

#[test]
fn resolves_references_in_properties_named_example() {
    for name in ["value", "example", "x-field", "default"] {
        let text = with_schemas(&format!(
            "A: {{ properties: {{ {name}: {{ $ref: nowhere }} }} }}"
        ));
        let message = message("a.yaml", &text);
        let place = format!("a.yaml#/components/schemas/A/properties/{name}/$ref: ");
        assert!(message.starts_with(&place), "{message}");
    }
}

#[test]
fn reports_a_reference_to_another_kind_of_component() {
    let paths = "paths:\n  /a:\n    get: { parameters: [{ $ref: '#/info' }], responses: {} }\n";
    let message = message("a.yaml", &format!("{HEAD}{paths}"));
    let start =
        "a.yaml#/paths/~1a/get/parameters/0/$ref: `#/info` refers to a component of another kind: ";
    assert!(message.starts_with(start), "{message}");
}

#[test]
fn reports_a_value_of_the_wrong_type_with_its_pointer() {
    let operation = |inside: &str| format!("{HEAD}paths:\n  /a/b:\n    get: {{ {inside} }}\n");
    let schema = |inside: &str| {
        format!(
            "{HEAD}paths: {{}}\ncomponents:\n  schemas:\n    Thing: {{ properties: {{ a: {inside} }} }}\n"
        )
    };
    for (text, pointer, what) in [
        (
            operation("operationId: 7, responses: {}"),
            "/paths/~1a~1b/get/operationId",
            "invalid type: integer `7`",
        ),
        (
            operation("parameters: [{ in: query, schema: {} }]"),
            "/paths/~1a~1b/get/parameters/0",
            "missing field `name`",
        ),
        (
            operation("responses: { '200': {} }"),
            "/paths/~1a~1b/get/responses/200",
            "missing field `description`",
        ),
        (
            schema("{ type: strin }"),
            "/components/schemas/Thing/properties/a",
            "strin",
        ),
        (
            schema("{ items: { required: 1 } }"),
            "/components/schemas/Thing/properties/a/items",
            "integer `1`",
        ),
        (
            format!("{HEAD}servers: 1\npaths: {{}}\n"),
            "/servers",
            "invalid type: integer `1`",
        ),
    ] {
        let message = message("a.yaml", &text);
        assert!(
            message.starts_with(&format!("a.yaml#{pointer}")),
            "{message}"
        );
        assert!(message.contains(what), "{message}");
    }
}

#[test]
fn reports_a_missing_file() {
    let error = Document::read(Path::new("nowhere/a.yaml")).unwrap_err();
    assert_eq!(error.to_string(), "failed to read nowhere/a.yaml");
    assert!(std::error::Error::source(&error).is_some());
}
