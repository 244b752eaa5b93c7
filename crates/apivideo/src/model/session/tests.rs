use super::*;

fn read(text: &str) -> Session {
    let session: Session =
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let again = serde_json::to_string(&session).unwrap();
    assert_eq!(
        serde_json::from_str::<Session>(&again).unwrap(),
        session,
        "{again}"
    );
    session
}

fn time(text: &str) -> Option<Timestamp> {
    Some(text.parse().unwrap())
}

#[test]
fn the_documented_session_is_decoded() {
    let session = read(
        r#"{"session":{"sessionId":"psEmFwGQUAXR2lFHj5nDOpy","loadedAt":"2019-06-24T11:45:01.109+00","endedAt":"2019-06-24T11:49:19.243+00"},
            "location":{"country":"France","city":"Paris"},
            "referrer":{"url":"https://api.video","medium":"organic","source":"https://google.com","searchTerm":"video encoding hosting and delivery"},
            "device":{"type":"desktop","vendor":"Dell","model":"unknown"},
            "os":{"name":"Microsoft Windows","shortname":"W10","version":"Windows10"},
            "client":{"type":"browser","name":"Firefox","version":"67.0"}}"#,
    );
    assert_eq!(session.loaded_at, time("2019-06-24T11:45:01.109Z"));
    assert_eq!(session.ended_at, time("2019-06-24T11:49:19.243Z"));
    assert_eq!(
        session.referrer.search_term.as_deref(),
        Some("video encoding hosting and delivery")
    );
    assert_eq!(
        (session.device.kind.as_deref(), session.device.model),
        (Some("desktop"), None)
    );
    assert_eq!(session.os.short_name.as_deref(), Some("W10"));
    assert_eq!(session.client.version.as_deref(), Some("67.0"));
    assert!(
        session.metadata.is_empty() && session.extra.is_empty() && session.session_extra.is_empty()
    );
}

#[test]
fn a_session_serializes_as_the_service_nests_it() {
    let session = read(
        r#"{"session":{"sessionId":"ps1","loadedAt":"2018-07-31 15:17:49.822+02","metadatas":[{"key":"age","value":null}]},
            "location":{"country":"France","city":null},"os":[],"device":{"type":"unknown"}}"#,
    );
    assert_eq!(
        serde_json::to_string(&session).unwrap(),
        r#"{"session":{"sessionId":"ps1","loadedAt":"2018-07-31T13:17:49.822Z","metadata":[{"key":"age","value":null}]},"location":{"country":"France"}}"#
    );
}

#[test]
fn every_form_of_an_unknown_value_is_none() {
    for group in [
        r#""location":{}"#,
        r#""location":null"#,
        r#""location":[]"#,
        r#""location":{"city":"unknown","country":null}"#,
        r#""os":{}"#,
    ] {
        let session = read(&format!(r#"{{"session":{{"sessionId":"ps1"}},{group}}}"#));
        assert!(session.location.is_empty(), "{group}");
    }
    for metadata in [
        r#""metadata":null"#,
        r#""metadata":[]"#,
        r#""metadatas":[]"#,
        r#""metadatas":null"#,
    ] {
        assert_eq!(
            read(&format!(
                r#"{{"session":{{"sessionId":"ps1",{metadata}}}}}"#
            ))
            .metadata,
            []
        );
    }
}

#[test]
fn metadata_is_decoded_in_every_recorded_form() {
    let session = read(
        r#"{"session":{"sessionId":"ps1","metadata":[{"key":"user","value":"Doug"},{"key":"age","value":null},{"key":"o","value":{"a":1}}]}}"#,
    );
    assert_eq!(session.metadata("user"), Some("Doug"));
    assert_eq!(
        (session.metadata("age"), session.metadata("o")),
        (None, None)
    );
    assert_eq!(session.metadata[2].value.as_ref().unwrap()["a"], 1);
}

#[test]
fn unknown_and_unreadable_fields_are_kept_in_their_place() {
    let text = r#"{"session":{"sessionId":"ps1","loadedAt":"yesterday","tab":3},"location":{"country":"France","zip":"75001"},"network":{"asn":1}}"#;
    let session = read(text);
    assert_eq!(
        (session.loaded_at, &session.session_extra["loadedAt"]),
        (None, &Value::from("yesterday"))
    );
    assert_eq!(session.session_extra["tab"], 3);
    assert_eq!(session.location.extra["zip"], "75001");
    assert_eq!(session.extra["network"]["asn"], 1);
    assert_eq!(
        serde_json::to_value(&session).unwrap(),
        serde_json::from_str::<Value>(text).unwrap()
    );
}

#[test]
fn a_session_requires_a_valid_id() {
    for text in [
        r#"{"session":{}}"#,
        r#"{"location":{}}"#,
        r#"{"session":{"sessionId":"a/b"}}"#,
        r#"{"session":[]}"#,
        "[]",
    ] {
        assert!(serde_json::from_str::<Session>(text).is_err(), "{text}");
    }
}

#[test]
fn a_field_of_an_unexpected_type_is_kept_and_round_trips() {
    for text in [
        r#"{"session":{"sessionId":"ps1","endedAt":1641034800,"loadedAt":false},"client":{"version":["x"]}}"#,
        r#"{"session":{"sessionId":"ps1","metadata":["a"]},"location":"unknown","os":0}"#,
        r#"{"session":{"sessionId":"ps1","metadata":[{"key":"a","value":1}],"metadatas":"a=b"},"device":[null]}"#,
        r#"{"session":{"sessionId":"ps1"},"location":{"city":{"en":"x"}}}"#,
    ] {
        let session = read(text);
        assert_eq!(
            serde_json::to_value(&session).unwrap(),
            serde_json::from_str::<Value>(text).unwrap()
        );
    }
}

#[test]
fn scalars_of_an_unexpected_type_are_converted() {
    let session = read(
        r#"{"session":{"sessionId":12,"metadata":{"plan":"pro"}},"client":{"version":95,"name":true}}"#,
    );
    assert_eq!(
        (session.id.as_str(), session.metadata("plan")),
        ("12", Some("pro"))
    );
    assert_eq!(session.client.version.as_deref(), Some("95"));
    assert_eq!(session.client.name.as_deref(), Some("true"));
}

#[test]
fn metadata_of_both_names_is_kept_if_one_is_unreadable() {
    let session = read(
        r#"{"session":{"sessionId":"ps1","metadata":"a=b","metadatas":[{"key":"a","value":"b"}]}}"#,
    );
    assert_eq!(session.metadata("a"), Some("b"));
    assert_eq!(session.session_extra["metadatas"], "a=b");
}

#[test]
fn sessions_deserialize_from_any_format_and_flattened() {
    #[derive(serde::Deserialize)]
    struct Row {
        asset: String,
        #[serde(flatten)]
        session: Session,
    }
    let text = r#"{"asset":"vi1","session":{"sessionId":"ps1","n":1.5},"client":{"version":95}}"#;
    let row: Row = serde_json::from_str(text).unwrap();
    assert_eq!(
        (row.asset.as_str(), row.session.id.as_str()),
        ("vi1", "ps1")
    );
    assert_eq!(row.session.client.version.as_deref(), Some("95"));
    let reader: Session = serde_json::from_reader(text.as_bytes()).unwrap();
    assert_eq!(reader.session_extra["n"], 1.5);
    let value: Session = serde_json::from_value(serde_json::from_str(text).unwrap()).unwrap();
    assert_eq!(value, reader);
}

#[test]
fn the_asset_and_the_events_are_part_of_the_json() {
    for text in [
        r#"{"videoId":"vi1","session":{"sessionId":"ps1"},"events":[{"type":"play","at":0}]}"#,
        r#"{"liveStreamId":"li1","session":{"sessionId":"ps1"},"network":{"asn":1},"events":[]}"#,
    ] {
        let session = read(text);
        assert_eq!(serde_json::to_string(&session).unwrap(), text);
        assert!(session.asset.is_some() && session.events.is_some());
    }
    let session = Session::new("ps1".parse().unwrap());
    assert_eq!(
        serde_json::to_string(&session).unwrap(),
        r#"{"session":{"sessionId":"ps1"}}"#
    );
    assert_eq!(session.events(), []);
}

#[test]
fn groups_with_the_name_of_a_crate_field_are_kept_unless_the_field_is_set() {
    for text in [
        r#"{"session":{"sessionId":"ps1"},"videoId":"a/b"}"#,
        r#"{"session":{"sessionId":"ps1"},"liveStreamId":"li1","videoId":"vi1"}"#,
        r#"{"session":{"sessionId":"ps1"},"events":["play"]}"#,
    ] {
        let mut session = read(text);
        assert_eq!((&session.asset, &session.events), (&None, &None));
        assert_eq!(serde_json::to_string(&session).unwrap(), text);
        session.asset = Some("video/vi2".parse().unwrap());
        session.events = Some(Vec::new());
        assert_eq!(
            serde_json::to_string(&session).unwrap(),
            r#"{"videoId":"vi2","session":{"sessionId":"ps1"},"events":[]}"#
        );
    }
}

#[test]
fn a_session_is_not_larger_than_its_fields() {
    let group = size_of::<Location>() - size_of::<Extra>();
    assert_eq!(group % size_of::<apivideo_core::wire::Text>(), 0);
    // Sessions are moved often. Some more fields fit.
    assert!(size_of::<Session>() <= 832, "{}", size_of::<Session>());
}
