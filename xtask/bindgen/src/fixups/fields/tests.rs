use serde_json::json;

use super::*;
use crate::fixups::testing::replying;

/// The names on the wire by the fields' names, of each schema that has such.
fn fields(schemas: Value) -> (usize, BTreeMap<String, Vec<(String, String)>>) {
    let mut lowering = Lowering::of(&replying(json!({}), schemas));
    let count = distinct_fields(&mut lowering);
    assert_eq!(
        distinct_fields(&mut lowering),
        0,
        "a second run finds nothing"
    );
    let mut found: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let wire_names = lowering.wire_names.clone();
    visit_placed(&mut lowering.document, &mut |place, schema| {
        for (name, _) in schema["properties"].as_object().into_iter().flatten() {
            let place = place
                .rsplit("schemas/")
                .next()
                .unwrap_or_default()
                .to_owned();
            let pair = (snake(name), wire_names.wire(name).to_owned());
            found.entry(place).or_default().push(pair);
        }
    });
    for pairs in found.values_mut() {
        pairs.sort();
    }
    (count, found)
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(rust, wire)| ((*rust).to_owned(), (*wire).to_owned()))
        .collect()
}

#[test]
fn renames_colliding_fields() {
    let properties =
        json!({ "fooBar": {}, "foo_bar": {}, "foo-bar": {}, "foo_bar_2": {}, "other": {} });
    let (count, found) = fields(json!({ "A": { "properties": properties } }));
    assert_eq!(count, 2);
    assert_eq!(
        found["A"],
        pairs(&[
            ("foo_bar", "foo_bar"),
            ("foo_bar_2", "foo_bar_2"),
            ("foo_bar_3", "foo-bar"),
            ("foo_bar_4", "fooBar"),
            ("other", "other"),
        ])
    );
}

#[test]
fn renames_colliding_fields_of_a_composition_everywhere() {
    let b = json!({ "$ref": "#/components/schemas/B" });
    let (count, found) = fields(json!({
        "A": { "allOf": [b, { "properties": { "a_b": {} } }] },
        "B": { "properties": { "aB": {} } },
        "C": { "allOf": [b, { "properties": { "aB": {} } }] },
        "D": { "properties": { "aB": {} } },
    }));
    assert_eq!(count, 2);
    assert_eq!(found["A/allOf/1"], pairs(&[("a_b", "a_b")]));
    assert_eq!(found["B"], pairs(&[("a_b_2", "aB")]));
    assert_eq!(
        found["C/allOf/1"],
        pairs(&[("a_b_2", "aB")]),
        "it is the same field"
    );
    assert_eq!(
        found["D"],
        pairs(&[("a_b", "aB")]),
        "it is mixed with nothing"
    );
}

#[test]
fn the_name_of_the_extra_field_is_reserved() {
    let extra = json!({ "extra": {} });
    let (count, found) = fields(json!({
        "A": { "properties": extra, "additionalProperties": { "type": "string" } },
        "B": { "properties": extra },
    }));
    assert_eq!(count, 1);
    assert_eq!(found["A"], pairs(&[("extra_2", "extra")]));
    assert_eq!(found["B"], pairs(&[("extra", "extra")]));
}

#[test]
fn renames_required_properties_too() {
    let schema = json!({ "properties": { "aB": {}, "a_b": {} }, "required": ["aB"] });
    let mut lowering = Lowering::of(&replying(json!({}), json!({ "A": schema })));
    distinct_fields(&mut lowering);
    let schema = &lowering.document["components"]["schemas"]["A"];
    let required = schema["required"][0].as_str().unwrap_or_default();
    assert!(schema["properties"].get(required).is_some(), "{schema}");
    assert_eq!(lowering.wire_names.wire(required), "aB");
}
