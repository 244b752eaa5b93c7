use serde_json::json;

use super::*;
use crate::Privacy;
use crate::event_scope::EventScope;
use crate::format::Format;
use crate::invalid::InvalidRecord;
use crate::manifest::Settings;
use crate::table::Table;

fn list(entries: &[(&str, &str)]) -> ForgottenList {
    let mut list = ForgottenList::default();
    for (field, value) in entries {
        assert!(list.add(field, value).unwrap());
        assert!(!list.add(field, value).unwrap());
    }
    list
}

fn lake_manifest() -> LakeManifest {
    LakeManifest::new(Settings::new(
        Format::Ndjson,
        true,
        EventScope::default(),
        &Privacy::new(),
    ))
}

fn session(id: &str, metadata: Value) -> Row {
    let mut cells = vec![Cell::Null; Table::Sessions.columns().len()];
    for (cell, text) in cells.iter_mut().zip(["video", "vi1", id]) {
        *cell = Cell::from(text).into_owned();
    }
    let mut row = Row::from_cells(Table::Sessions, cells);
    if metadata.is_object() {
        *row.cell_mut("metadata").unwrap() = Cell::Json(metadata);
    }
    row
}

#[test]
fn sessions_are_found_by_id_and_by_metadata() {
    let list = list(&[
        ("session", "ps1"),
        ("metadata.user", "alice"),
        ("metadata.age", "42"),
        ("metadata.a", "b=c=d"),
    ]);
    for (id, metadata, is_found) in [
        ("ps2", json!({"a": "b=c=d"}), true),
        ("ps2", json!({"a=b": "c=d"}), true),
        ("ps2", json!({"a=b=c": ["e", "d"]}), true),
        ("ps2", json!({"a=b": "d", "b": "c=d", "a": "b=c"}), false),
        ("ps1", json!(null), true),
        ("ps2", json!(null), false),
        ("ps2", json!({"user": "alice"}), true),
        ("ps2", json!({"user": "Alice"}), false),
        ("ps2", json!({"user": ["bob", "alice"]}), true),
        ("ps2", json!({"name": "alice"}), false),
        ("ps2", json!({"age": 42}), true),
        ("ps2", json!({"age": "42"}), true),
        ("ps2", json!({"age": 420, "user": null}), false),
        ("alice", json!({"user": "ps1"}), false),
    ] {
        let row = session(id, metadata.clone());
        assert_eq!(list.contains(&row), is_found, "{id} {metadata}");
        let text = metadata.is_object().then(|| canonical(&metadata));
        let found = list.contains_columns(id, text.as_deref(), None);
        assert_eq!(found, is_found, "{id} {metadata}");
        assert!(!ForgottenList::default().contains(&row));
    }
}

#[test]
fn metadata_that_its_column_cannot_contain_is_searched() {
    let list = list(&[("metadata.user", "alice")]);
    for (extra, is_found) in [
        (
            json!({"session": {"metadata": [{"key": "user", "value": "alice"}]}}),
            true,
        ),
        (json!({"session": {"metadatas": {"user": "alice"}}}), true),
        (
            json!({"session": {"metadata": [{"key": "user", "value": "bob"}]}}),
            false,
        ),
        (json!({"location": {"city": "alice"}}), false),
    ] {
        let mut row = session("ps1", Value::Null);
        *row.cell_mut(EXTRA).unwrap() = Cell::Json(extra.clone());
        assert_eq!(list.contains(&row), is_found, "{extra}");
        let found = list.contains_columns("ps1", None, Some(&canonical(&extra)));
        assert_eq!(found, is_found, "{extra}");
    }
}

#[test]
fn invalid_records_are_found_by_any_of_their_strings() {
    let list = list(&[
        ("session", "ps1"),
        ("metadata.user", "a \"b\""),
        ("metadata.age", "42"),
        ("metadata.a=b", "c"),
    ]);
    let error = "2022-13".parse::<apivideo::Period>().unwrap_err();
    let privacy = crate::Privacy::new();
    let record = |id: Option<&str>, raw: Option<&str>| InvalidRecord {
        raw: raw.map(str::to_owned),
        ..InvalidRecord::new("video/vi1", None, id, &error, &privacy)
    };
    for (id, raw, is_found) in [
        (Some("ps1"), None, true),
        (Some("ps2"), None, false),
        (None, Some(r#"{"session":{"sessionId":"ps1"}}"#), true),
        (
            None,
            Some(r#"{"session":{"metadata":[{"key":"user","value":"a \"b\""}]}}"#),
            true,
        ),
        (
            None,
            Some(r#"{"session":{"metadata":[{"key":"age","value":42}]}}"#),
            true,
        ),
        (None, Some(r#"{"session":{"metadata":{"age":42}}}"#), true),
        (
            None,
            Some(r#"{"session":{"metadata":[{"key":"a=b","value":"c"}]}}"#),
            true,
        ),
        (
            None,
            Some(r#"{"session":{"metadata":[{"key":"size","value":42}]}}"#),
            false,
        ),
        (
            None,
            Some(r#"{"session":{"metadata":[{"key":"user","value":"a \"b\""},"#),
            true,
        ),
        (
            None,
            Some(r#"{"session":{"metadata":[{"key":"age","value":42,"#),
            true,
        ),
        (
            None,
            Some(r#"{"session":{"metadata":[{"key":"age","value":421,"#),
            false,
        ),
        (None, Some(r#"["#), false),
    ] {
        assert_eq!(
            list.contains_record(&record(id, raw)),
            is_found,
            "{id:?} {raw:?}"
        );
    }
}

#[test]
fn a_stored_list_contains_no_value() {
    let directory = tempfile::tempdir().unwrap();
    let folder = Folder::new(directory.path());
    let mut lake = lake_manifest();
    assert!(ForgottenList::load(&folder, &lake).unwrap().is_empty());
    lake.forgotten = true;
    let error = ForgottenList::load(&folder, &lake).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    let advice = format!(
        "run `apivideo lake forget {} --where …`",
        folder.path().display()
    );
    assert!(error.to_string().contains(&advice), "{error}");
    let mut new = list(&[
        ("session", "ps1"),
        ("metadata.user", "alice"),
        ("metadata.user=ali", "ce"),
    ]);
    new.save(&folder, false).unwrap();
    let text = String::from_utf8(folder.read(FORGOTTEN).unwrap().unwrap()).unwrap();
    assert!(!text.contains("ps1") && !text.contains("ali"), "{text}");
    let loaded = ForgottenList::load(&folder, &lake).unwrap();
    assert!(loaded.contains(&session("ps1", Value::Null)));
    assert!(loaded.is_incomplete());
    assert_eq!(loaded.fingerprint(), new.fingerprint());
    new.save(&folder, true).unwrap();
    assert!(!ForgottenList::load(&folder, &lake).unwrap().is_incomplete());
    let mut more = loaded;
    more.add("session", "ps2").unwrap();
    assert_ne!(more.fingerprint(), new.fingerprint());
    // Each lake has a salt of its own.
    let other = list(&[("session", "ps1"), ("metadata.user", "alice")]);
    assert_ne!(other.fingerprint(), new.fingerprint());
    folder
        .put(FORGOTTEN, br#"{"salt":"","hashes":{}}"#)
        .unwrap();
    assert!(ForgottenList::load(&folder, &lake).is_err());
}
