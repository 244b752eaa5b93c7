use std::path::Path;

use serde_json::{Value, json};

use super::*;

const TEXT: &str = include_str!("../../../../openapi/apivideo.yaml");

fn repository() -> Document {
    Document::parse(Path::new("apivideo.yaml"), TEXT).expect("our document can be read")
}

#[test]
fn the_document_passes_all_rules() {
    assert_eq!(findings(TEXT, &repository()), []);
}

enum Edit {
    /// Puts a value at a place, in an object that is there, or at the end of a list (`-`).
    Set(&'static str, Value),
    Remove(&'static str),
}
use Edit::{Remove, Set};

impl Edit {
    fn apply(self, document: &mut Value) {
        let (pointer, value) = match self {
            Set(pointer, value) => (pointer, Some(value)),
            Remove(pointer) => (pointer, None),
        };
        let (parent, key) = pointer.rsplit_once('/').expect("a place below the top");
        let key = key.replace("~1", "/");
        match (document.pointer_mut(parent), value) {
            (Some(Value::Object(fields)), Some(value)) => {
                fields.insert(key, value);
            }
            (Some(Value::Object(fields)), None) => {
                assert!(fields.remove(&key).is_some(), "{pointer} is there");
            }
            (Some(Value::Array(items)), Some(value)) if key == "-" => items.push(value),
            (Some(Value::Array(items)), Some(value)) => {
                items[key.parse::<usize>().expect("an index")] = value;
            }
            (Some(Value::Array(items)), None) => {
                items.remove(key.parse().expect("an index"));
            }
            _ => panic!("{parent} is there"),
        }
    }
}

/// An edit of the document, the rule that it violates, and the reported location.
fn breaks() -> Vec<(Edit, &'static str, &'static str)> {
    const VIDEO: &str = "/paths/~1videos~1{videoId}/get";
    const LIST: &str = "/paths/~1videos/get";
    const RESPONSE: &str = "/components/responses/NotFound";
    let string = || json!({"type": "string"});
    vec![
        (
            Remove("/paths/~1videos~1{videoId}/get/operationId"),
            "operation-id",
            VIDEO,
        ),
        (
            Set(
                "/paths/~1videos~1{videoId}/get/operationId",
                json!("get-video"),
            ),
            "operation-id",
            "/paths/~1videos~1{videoId}/get/operationId",
        ),
        (
            Set(
                "/paths/~1videos~1{videoId}/get/operationId",
                json!("getLiveStream"),
            ),
            "operation-id",
            "/paths/~1videos~1{videoId}/get/operationId",
        ),
        (
            Remove("/paths/~1videos/get/summary"),
            "operation-text",
            LIST,
        ),
        (
            Set("/paths/~1videos/get/summary", json!("Lists videos.")),
            "operation-text",
            "/paths/~1videos/get/summary",
        ),
        (
            Remove("/paths/~1videos/get/description"),
            "operation-text",
            LIST,
        ),
        (
            Set("/paths/~1videos/get/description", json!("All of them")),
            "operation-text",
            "/paths/~1videos/get/description",
        ),
        (Remove("/paths/~1videos/get/tags"), "operation-tags", LIST),
        (
            Set("/paths/~1videos/get/tags", json!(["Films"])),
            "operation-tags",
            "/paths/~1videos/get/tags/0",
        ),
        (
            Set("/tags/-", json!({"name": "Films"})),
            "operation-tags",
            "/tags/5",
        ),
        (
            Set(
                "/paths/~1Videos_all",
                json!({"get": {"operationId": "nothing", "responses": {}}}),
            ),
            "path-style",
            "/paths/~1Videos_all/get",
        ),
        (
            Remove("/components/parameters/pageSize/name"),
            "paging",
            LIST,
        ),
        (
            Set("/paths/~1videos/get/operationId", json!("videos")),
            "paging",
            LIST,
        ),
        (
            Remove("/components/schemas/VideoPage/properties/pagination"),
            "paging",
            LIST,
        ),
        (
            Remove("/components/schemas/VideoPage/properties/data"),
            "paging",
            LIST,
        ),
        (
            Set("/components/parameters/videoId/name", json!("id")),
            "path-parameters",
            VIDEO,
        ),
        (
            Set("/components/parameters/videoId/required", json!(false)),
            "path-parameters",
            "/components/parameters/videoId",
        ),
        (
            Remove("/paths/~1videos~1{videoId}/get/parameters/0"),
            "path-parameters",
            VIDEO,
        ),
        (
            Set(
                "/paths/~1videos/get/parameters/0/name",
                json!("description"),
            ),
            "unique-parameters",
            LIST,
        ),
        (
            Set("/paths/~1videos/get/parameters/1/name", json!("tags")),
            "array-parameters",
            "/paths/~1videos/get/parameters/1",
        ),
        (
            Set("/paths/~1videos/get/parameters/0/name", json!("title[]")),
            "array-parameters",
            "/paths/~1videos/get/parameters/0",
        ),
        (
            Remove("/paths/~1videos/get/parameters/1/explode"),
            "array-parameters",
            "/paths/~1videos/get/parameters/1",
        ),
        (
            Remove("/components/parameters/metadata/explode"),
            "object-parameters",
            "/components/parameters/metadata",
        ),
        (
            Remove("/components/parameters/filterBy/style"),
            "object-parameters",
            "/components/parameters/filterBy",
        ),
        (
            Remove("/paths/~1videos~1{videoId}/get/responses/404"),
            "response-statuses",
            "/paths/~1videos~1{videoId}/get/responses",
        ),
        (
            Remove("/paths/~1videos/get/responses/429"),
            "response-statuses",
            "/paths/~1videos/get/responses",
        ),
        (
            Set(
                "/paths/~1videos/get/responses/202",
                json!({"description": "Later"}),
            ),
            "response-statuses",
            "/paths/~1videos/get/responses",
        ),
        (
            Remove("/components/responses/NotFound/headers/X-RateLimit-Remaining"),
            "rate-limit-headers",
            RESPONSE,
        ),
        (
            Remove("/components/responses/NotFound/content/application~1problem+json"),
            "problems",
            RESPONSE,
        ),
        (
            Set(
                "/components/responses/NotFound/content/application~1json/schema",
                string(),
            ),
            "problems",
            RESPONSE,
        ),
        (
            Set(
                "/components/schemas/live_stream",
                json!({"description": "One", "type": "string"}),
            ),
            "schema-names",
            "/components/schemas/live_stream",
        ),
        (
            Remove("/components/schemas/Video/description"),
            "descriptions",
            "/components/schemas/Video",
        ),
        (
            Remove("/paths/~1videos/get/parameters/0/description"),
            "descriptions",
            "/paths/~1videos/get/parameters/0",
        ),
        (
            Set(
                "/components/headers/X-RateLimit-Limit/description",
                json!("How many."),
            ),
            "descriptions",
            "/components/headers/X-RateLimit-Limit/description",
        ),
        (
            Set(
                "/components/schemas/Session/properties/location/description",
                json!("Where"),
            ),
            "references-alone",
            "/components/schemas/Session/properties/location",
        ),
        (
            Remove("/components/schemas/Session/properties/location"),
            "components-used",
            "/components/schemas/Location",
        ),
        (
            Set("/components/schemas/Video/required/-", json!("length")),
            "required-properties",
            "/components/schemas/Video/required/1",
        ),
        (
            Remove("/components/schemas/LiveStream/properties/streamKey/format"),
            "secrets",
            "/components/schemas/LiveStream/properties/streamKey",
        ),
        (
            Remove("/paths/~1live-streams/get/parameters/0/schema/format"),
            "secrets",
            "/paths/~1live-streams/get/parameters/0/schema",
        ),
        (
            Remove("/components/schemas/Event/properties/emittedAt/format"),
            "instants",
            "/components/schemas/Event/properties/emittedAt",
        ),
        // Examples: each thing that they are compared by.
        (
            Set("/components/parameters/currentPage/example", json!("1")),
            "examples",
            "/components/parameters/currentPage/example",
        ),
        (
            Set("/components/parameters/currentPage/example", json!(0)),
            "examples",
            "/components/parameters/currentPage/example",
        ),
        (
            Set(
                "/components/parameters/pageSize/schema/default",
                json!(1000),
            ),
            "examples",
            "/components/parameters/pageSize/schema/default",
        ),
        (
            Set("/components/parameters/from/example", json!("yesterday")),
            "examples",
            "/components/parameters/from/example",
        ),
        (
            Set(
                "/components/parameters/filterBy/example/country",
                json!("FR"),
            ),
            "examples",
            "/components/parameters/filterBy/example/country",
        ),
        (
            Set(
                "/components/parameters/filterBy/example/planet",
                json!("Mars"),
            ),
            "examples",
            "/components/parameters/filterBy/example/planet",
        ),
        (
            Set("/components/parameters/metadata/example/hats", json!(3)),
            "examples",
            "/components/parameters/metadata/example/hats",
        ),
        (
            Set(
                "/paths/~1data~1metrics~1{metric}~1{aggregation}/get/parameters/0/example",
                json!("plays"),
            ),
            "examples",
            "/paths/~1data~1metrics~1{metric}~1{aggregation}/get/parameters/0/example",
        ),
        (
            Remove(
                "/paths/~1videos~1{videoId}/get/responses/200/content/application~1json/examples/a video/value/videoId",
            ),
            "examples",
            "/paths/~1videos~1{videoId}/get/responses/200/content/application~1json/examples/a video/value",
        ),
        (
            Set(
                "/components/schemas/Filter/properties/referrer/items/example",
                json!("x".repeat(2049)),
            ),
            "examples",
            "/components/schemas/Filter/properties/referrer/items/example",
        ),
        (
            Set("/components/schemas/MediaType/enum/-", json!("video")),
            "examples",
            "/components/schemas/MediaType/enum/2",
        ),
        (
            Set("/components/schemas/MediaType/enum/-", json!(7)),
            "examples",
            "/components/schemas/MediaType/enum/2",
        ),
    ]
}

#[test]
fn reports_violations_with_their_position() {
    let ours = repository();
    for (edit, rule, place) in breaks() {
        let mut document = ours.clone();
        edit.apply(&mut document.value);
        let subject = Subject {
            text: TEXT,
            document: &document,
        };
        let mut found = Found::default();
        let broken = RULES.iter().find(|other| other.id == rule);
        (broken.expect("there is such a rule").check)(&subject, &mut found);
        assert!(
            found.0.iter().any(|(there, _)| there == place),
            "{rule} at {place}: {:#?}",
            found.0
        );
    }
}

#[test]
fn reports_invisible_characters_with_their_line() {
    let ours = repository();
    for bad in ["a:\tb", "a: b ", "a:\u{a0}b"] {
        let text = TEXT.replacen("openapi: 3.0.3", bad, 1);
        let line = text
            .lines()
            .position(|line| line == bad)
            .expect("it is there")
            + 1;
        let found = findings(&text, &ours);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].rule, "clean-text");
        assert_eq!(found[0].place, format!("line {line}"));
    }
    assert_eq!(findings(TEXT.trim_end(), &ours).len(), 1);
}

#[test]
fn every_rule_has_a_violation_in_the_tests() {
    let broken: Vec<_> = breaks().into_iter().map(|(_, rule, _)| rule).collect();
    for rule in RULES.iter().filter(|rule| rule.id != "clean-text") {
        assert!(broken.contains(&rule.id), "{}", rule.id);
    }
}

#[test]
fn accepts_nulls_and_fractions_allowed_by_the_schema() {
    let mut document = repository();
    let schema = json!({
        "description": "Times",
        "type": "array",
        "nullable": true,
        "items": {"type": "string", "format": "date-time", "nullable": true},
        "example": ["2024-05-29T11:15:07.25Z", "2024-05-29T11:15:07-02:00", null]
    });
    Set("/components/schemas/Event/properties/times", schema).apply(&mut document.value);
    assert_eq!(findings(TEXT, &document), []);
}
