use super::*;

fn row(text: &str) -> Row {
    let asset = "video/vi1".parse().unwrap();
    session(&asset, &serde_json::from_str(text).unwrap())
}

fn json(row: &Row, name: &str) -> String {
    match row.cell(name).unwrap() {
        Cell::Json(value) => value.to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn each_column_has_the_value_of_its_field() {
    let row = row(
        r#"{"session":{"sessionId":"ps1","loadedAt":"2022-01-01T10:00:00+00:00","endedAt":"2022-01-01T10:01:00+00:00"},
        "location":{"country":"c1","city":"c2"},
        "referrer":{"url":"r1","medium":"r2","source":"r3","searchTerm":"r4"},
        "device":{"type":"d1","vendor":"d2","model":"d3"},"os":{"name":"o1","shortname":"o2","version":"o3"},
        "client":{"type":"p1","name":"p2","version":"p3"}}"#,
    );
    let strings = [
        ("asset_kind", "video"),
        ("asset_id", "vi1"),
        ("session_id", "ps1"),
        ("location_country", "c1"),
        ("location_city", "c2"),
        ("referrer_url", "r1"),
        ("referrer_medium", "r2"),
        ("referrer_source", "r3"),
        ("referrer_search_term", "r4"),
        ("device_type", "d1"),
        ("device_vendor", "d2"),
        ("device_model", "d3"),
        ("os_name", "o1"),
        ("os_shortname", "o2"),
        ("os_version", "o3"),
        ("client_type", "p1"),
        ("client_name", "p2"),
        ("client_version", "p3"),
    ];
    for (name, value) in strings {
        assert_eq!(row.cell(name), Some(&Cell::from(value)), "{name}");
    }
    assert_eq!(row.loaded_at(), "2022-01-01T10:00:00Z".parse().ok());
    assert_eq!(row.ended_at(), "2022-01-01T10:01:00Z".parse().ok());
    assert_eq!(row.cell("extra"), Some(&Cell::Null));
    assert_eq!(row.cells().len(), Table::Sessions.columns().len());
}

#[test]
fn fields_without_a_column_are_kept_in_extra() {
    let row = row(
        r#"{"session":{"sessionId":"ps1","loadedAt":"soon","new":1},"location":{"zip":"75001"},"network":{"isp":"x"}}"#,
    );
    assert_eq!(
        json(&row, "extra"),
        r#"{"location":{"zip":"75001"},"network":{"isp":"x"},"session":{"loadedAt":"soon","new":1}}"#
    );
    assert_eq!(row.loaded_at(), None);
}

#[test]
fn a_time_finer_than_a_microsecond_is_kept_in_extra() {
    let row = row(
        r#"{"session":{"sessionId":"ps1","loadedAt":"2022-01-01T10:00:00.123456789Z","endedAt":"1969-12-31T23:59:59.9999999Z"}}"#,
    );
    let loaded_at = "2022-01-01T10:00:00.123456Z".parse().unwrap();
    assert_eq!(row.loaded_at(), Some(loaded_at));
    let ended_at = "1969-12-31T23:59:59.999999Z".parse().unwrap();
    assert_eq!(row.ended_at(), Some(ended_at));
    assert_eq!(
        json(&row, "extra"),
        r#"{"session":{"endedAt":"1969-12-31T23:59:59.9999999Z","loadedAt":"2022-01-01T10:00:00.123456789Z"}}"#
    );
}

#[test]
fn metadata_is_an_object_and_loses_no_value() {
    let metadata = |pairs: &str| {
        let session = format!(r#"{{"session":{{"sessionId":"ps1","metadata":[{pairs}]}}}}"#);
        json(&row(&session), "metadata")
    };
    assert_eq!(metadata(""), "Null");
    assert_eq!(
        metadata(r#"{"key":"a","value":"1"},{"key":"b","value":null}"#),
        r#"{"a":"1","b":null}"#
    );
    assert_eq!(
        metadata(r#"{"key":"a","value":"1"},{"key":"a","value":"2"},{"key":"a","value":"3"}"#),
        r#"{"a":["1","2","3"]}"#
    );
    assert_eq!(
        metadata(r#"{"key":"a","value":[1]},{"key":"a","value":"2"}"#),
        r#"{"a":[[1],"2"]}"#
    );
}

#[test]
fn events_are_numbered_from_0() {
    let key = row(r#"{"session":{"sessionId":"ps1"}}"#).key();
    let all = serde_json::from_str::<Vec<Event>>(
        r#"[{"type":"ready","at":0},{"type":"seek.forward","from":1.5,"to":3,"new":true}]"#,
    );
    let rows = events(&key, &all.unwrap());
    assert_eq!(rows[0].cell("number"), Some(&Cell::Integer(0)));
    assert_eq!(rows[1].cell("number"), Some(&Cell::Integer(1)));
    assert_eq!(rows[1].cell("type"), Some(&Cell::from("seek.forward")));
    assert_eq!(rows[1].cell("from_seconds"), Some(&Cell::Number(1.5)));
    assert_eq!(json(&rows[1], "extra"), r#"{"new":true}"#);
    assert_eq!(rows[1].key(), key);
}
