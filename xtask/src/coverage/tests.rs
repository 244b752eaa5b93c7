use std::path::Path;

use serde_json::json;

use super::*;
use crate::facade::listing::Listing;

const DOCUMENT: &str = r#"
openapi: 3.0.3
info: { title: t, version: '1' }
paths:
  /things:
    get:
      operationId: listThings
      parameters:
        - { name: filterBy, in: query, style: deepObject, explode: true, schema: { $ref: '#/components/schemas/Filter' } }
        - { name: order, in: query, schema: { $ref: '#/components/schemas/Order' } }
      responses:
        '200':
          description: d
          headers: { X-Left: { schema: { type: integer } } }
          content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } }
        '404':
          description: d
          content: { application/json: { schema: { $ref: '#/components/schemas/Problem' } } }
  /odd:
    get:
      operationId: odd
      parameters: [{ name: odd, in: cookie, schema: { type: string } }]
      responses: { '204': { description: d } }
components:
  schemas:
    Filter: { type: object, properties: { tag: { type: string } } }
    Order: { type: string, enum: [up] }
    Thing: { type: object, properties: { id: { type: string }, kind: { type: string, enum: [a] } } }
    Problem: { type: object, properties: { title: { type: string }, code: { type: string } } }
"#;

const MAP: &str = r"
operations:
  listThings: { items: [Things], parameters: { filterBy: [Filter], order: not yet } }
  odd: { items: not yet, parameters: { odd: not yet } }
parameters: {}
headers: { X-Left: [Left] }
types: {}
fields:
  Thing: { kind: 'a | b' }
  Problem: { code: not supported }
enums: { Order: { '*': not yet }, Thing.kind: { a: not yet } }
";

const LISTING: &str = "\
pub struct apivideo::Things
pub struct apivideo::Left
pub apivideo::Filter::tag: u8
pub apivideo::Problem::title: u8
pub apivideo::Thing::id: u8
";

fn coverage() -> Coverage {
    let document = Document::parse(Path::new("a.yaml"), DOCUMENT).unwrap();
    let facade = Facade::parse(Path::new("map.yaml"), MAP, Listing::parse(LISTING)).unwrap();
    Coverage::of(&document.value, &facade)
}

#[test]
fn assigns_every_part_to_its_layer() {
    let coverage = coverage();
    let found: Vec<(&str, &str, Level)> = coverage
        .kinds
        .iter()
        .flat_map(|kind| &kind.parts)
        .map(|part| (part.whole.as_str(), part.name.as_str(), part.level))
        .collect();
    assert_eq!(
        found,
        [
            ("", "listThings", Level::Facade),
            // The generator does not support it.
            ("", "odd", Level::Nothing),
            ("listThings", "filterBy", Level::Facade),
            ("listThings", "order", Level::Core),
            ("odd", "odd", Level::Nothing),
            ("Filter", "tag", Level::Facade),
            ("Problem", "code", Level::Nothing),
            ("Problem", "title", Level::ByHand),
            ("Thing", "id", Level::Facade),
            ("Thing", "kind", Level::Core),
            ("Order", "up", Level::Core),
            // A text in the core, which takes every value.
            ("Thing.kind", "a", Level::Core),
            ("", "X-Left", Level::ByHand),
        ]
    );
    assert_eq!(coverage.left_out[0].what, "odd (GET /odd)");
}

#[test]
fn the_table_contains_counts_and_reasons() {
    let text = table::table(&coverage());
    for line in [
        "| parameters | 3 | 1 | 0 | 1 | 1 |",
        "| fields | 5 | 2 | 1 | 1 | 1 |",
        "| field `Problem.code` | nothing | not supported |",
        "| field `Thing.kind` | core | a \\| b |",
        "| value `Thing.kind = a` | core | not yet |",
        "| `listThings` | `filterBy` | facade | `Filter` |",
        "| `odd` | `odd` | nothing |  |",
    ] {
        assert!(text.lines().any(|there| there == line), "{line}\n{text}");
    }
    assert!(text.contains("\n* odd (GET /odd): "), "{text}");
}

#[test]
fn an_invalid_map_produces_no_table() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    std::fs::create_dir_all(root.join("openapi")).unwrap();
    std::fs::create_dir_all(root.join("crates/apivideo")).unwrap();
    std::fs::write(root.join(facade::LISTING), LISTING).unwrap();
    let mut document = Document::parse(Path::new("a.yaml"), DOCUMENT).unwrap();
    document.value["components"]["schemas"]["Thing"]["properties"]["more"] = json!({});
    std::fs::write(
        root.join(generated_crates::DOCUMENT),
        document.value.to_string(),
    )
    .unwrap();
    std::fs::write(root.join(facade::MAP), MAP).unwrap();
    let error = files(root).unwrap_err().to_string();
    assert!(
        error.starts_with("openapi/facade.yaml is invalid:\n")
            && error.contains("the property `more` of Thing is not covered"),
        "{error}"
    );
}
