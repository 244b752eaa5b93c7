use std::path::Path;

use super::*;
use xtask_bindgen::document::Document;

fn document(text: &str) -> Document {
    Document::parse(Path::new("document.yaml"), text).unwrap()
}

/// One operation that responses with an object of one field.
fn with_field(name: &str) -> Document {
    document(&format!(
        "openapi: 3.0.3\ninfo: {{ title: one, version: '1' }}\npaths:\n  /one:\n    get:\n      operationId: one\n      \
         responses:\n        '200':\n          description: it\n          content:\n            application/json:\n              \
         schema: {{ $ref: '#/components/schemas/One' }}\ncomponents:\n  schemas:\n    One:\n      type: object\n      \
         properties:\n        {name}: {{ type: string }}\n"
    ))
}

#[test]
fn reports_an_unexplained_item_separately() {
    let (old, new) = (with_field("a"), with_field("b"));
    let (old, new) = (Side::new("old", &old), Side::new("new", &new));
    let (changes, bindings) = by_items(&old, &new, Vec::new(), None);
    assert!(bindings.compared);
    let listed: Vec<_> = changes
        .iter()
        .map(|change| (change.code, change.class, change.what.as_str()))
        .collect();
    assert_eq!(
        listed,
        [
            ("item-changed", Class::Breaking, "`types::One::a`"),
            ("item-changed", Class::Addition, "`types::One::b`"),
        ]
    );
    assert_eq!(changes[0].items[0].happened, Happened::Removed);
}

#[test]
fn item_differences_take_precedence_over_rules() {
    let (old, new) = (with_field("a"), with_field("a"));
    let (old, new) = (Side::new("old", &old), Side::new("new", &new));
    let found = || {
        vec![Difference {
            code: Code::CompositionChanged,
            spot: Location {
                side: crate::difference::Side::RESPONSES,
                ..Location::default()
            },
            old: None,
            new: None,
            reaches: BTreeSet::new(),
        }]
    };
    assert_eq!(by_rules(found(), None)[0].class, Class::Breaking);
    let (changes, _) = by_items(&old, &new, found(), None);
    assert_eq!(changes[0].class, Class::DocsOnly);
    assert_eq!(
        changes[0].why,
        "it affects no Rust item and nothing on the wire"
    );
}
