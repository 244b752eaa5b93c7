use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{MAX_PAGE_SIZE, Object};

#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
struct Inner {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
struct Outer {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    inner: Option<Object<Inner>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    list: Option<Vec<Object<Inner>>>,
}

fn read<T: for<'de> Deserialize<'de>>(text: &str) -> T {
    serde_json::from_str(text).unwrap()
}

fn refused<T: for<'de> Deserialize<'de> + std::fmt::Debug>(text: &str) -> String {
    serde_json::from_str::<T>(text).unwrap_err().to_string()
}

#[test]
fn reads_known_fields_and_keeps_unknown_ones() {
    let object: Object<Inner> = read(r#"{"name":"a","z":{"deep":[1,2]},"type":"b","null":null}"#);
    assert_eq!(object.name.as_deref(), Some("a"));
    assert_eq!(object.kind.as_deref(), Some("b"));
    assert_eq!(
        Value::Object(object.extra.into()),
        json!({ "z": { "deep": [1, 2] }, "null": null })
    );
}

#[test]
fn extra_is_empty_without_unknown_fields() {
    let object: Object<Inner> = read(r#"{"name":"a"}"#);
    assert!(object.extra.is_empty());
    assert_eq!(
        object,
        Object::from(Inner {
            name: Some("a".to_owned()),
            kind: None
        })
    );
}

#[test]
fn compares_names_after_decoding_escapes() {
    let object: Object<Inner> = read(r#"{"n\u0061me":"a","o\u0074her":1}"#);
    assert_eq!(object.name.as_deref(), Some("a"));
    assert_eq!(object.extra["other"], 1);
}

#[test]
fn reads_an_empty_list_as_an_empty_object() {
    assert_eq!(read::<Object<Inner>>("[]"), Object::default());
    let outer: Object<Outer> = read(r#"{"id":"1","inner":[],"list":[[],{"x":1}]}"#);
    assert_eq!(outer.inner, Some(Object::default()));
    assert_eq!(outer.list.as_ref().map(|list| list[1].extra.len()), Some(1));
}

#[test]
fn rejects_an_empty_list_if_fields_are_required() {
    assert_eq!(
        refused::<Object<Outer>>("[]"),
        "missing field `id` at line 1 column 2"
    );
}

#[test]
fn rejects_a_list_with_items_as_an_object() {
    let message = refused::<Object<Inner>>(r#"["a","b"]"#);
    assert!(
        message.starts_with("invalid type: sequence, expected struct Inner"),
        "{message}"
    );
}

#[test]
fn rejects_null_and_absent_objects() {
    assert_eq!(read::<Outer>(r#"{"id":"1","inner":null}"#).inner, None);
    assert_eq!(read::<Outer>(r#"{"id":"1"}"#).inner, None);
}

#[test]
fn rejects_duplicate_known_fields_and_keeps_the_last_unknown_one() {
    assert!(
        refused::<Object<Inner>>(r#"{"name":"a","name":"b"}"#)
            .starts_with("duplicate field `name`")
    );
    assert_eq!(read::<Object<Inner>>(r#"{"x":1,"x":2}"#).extra["x"], 2);
}

#[test]
fn reports_an_invalid_value_with_its_path() {
    let message = refused::<Object<Outer>>("{\"id\":\"1\",\n\"inner\":{\"name\":7}}");
    assert_eq!(
        message,
        "invalid type: integer `7`, expected a string at line 2 column 17"
    );
}

#[test]
fn serializes_all_fields_again() {
    let text = json!({
        "id": "1",
        "more": true,
        "inner": { "name": "a", "x": [1] },
        "list": [{ "type": "b" }, { "y": null }],
    });
    let object: Object<Outer> = serde_json::from_value(text.clone()).unwrap();
    assert_eq!(serde_json::to_value(&object).unwrap(), text);
    let again: Object<Outer> = read(&serde_json::to_string(&object).unwrap());
    assert_eq!(again, object);
}

#[test]
fn reads_owned_and_streamed_input_alike() {
    let text = r#"{"id":"1","inner":{"name":"a","x":1},"y":2}"#;
    let from_text: Object<Outer> = read(text);
    let from_value: Object<Outer> = serde_json::from_value(read(text)).unwrap();
    let from_reader: Object<Outer> = serde_json::from_reader(text.as_bytes()).unwrap();
    assert_eq!(from_text, from_value);
    assert_eq!(from_text, from_reader);
}

#[test]
fn passes_other_types_through() {
    let map: Object<std::collections::BTreeMap<String, u8>> = read(r#"{"a":1}"#);
    assert_eq!(map.value["a"], 1);
    assert!(map.extra.is_empty());
}

#[test]
fn allocates_a_page_once() {
    #[derive(Deserialize)]
    struct Page {
        data: Vec<u64>,
        other: Vec<u64>,
    }
    let page: Object<Page> = read(r#"{"data":[1,2],"other":[3]}"#);
    assert_eq!((&*page.data, &*page.other), (&[1, 2][..], &[3][..]));
    assert!(page.data.capacity() >= MAX_PAGE_SIZE && page.other.capacity() < MAX_PAGE_SIZE);

    let many: Vec<u64> = (0..250).collect();
    let page: Object<Page> = read(&format!(r#"{{"other":[],"data":{many:?}}}"#));
    assert_eq!(page.data, many, "more than a page should have");
}
