use super::*;

fn read(text: &str) -> Event {
    let event: Event = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let again = serde_json::to_string(&event).unwrap();
    assert_eq!(
        serde_json::from_str::<Event>(&again).unwrap(),
        event,
        "{again}"
    );
    event
}

#[test]
fn known_kinds_are_variants() {
    for kind in EventKind::KNOWN {
        let name = kind.as_str();
        let event = read(&format!(
            r#"{{"type":"{name}","emittedAt":"2020-09-15T21:36:05+00:00"}}"#
        ));
        assert_eq!(event.kind, *kind);
        assert_eq!(
            event.emitted_at.unwrap().to_string(),
            "2020-09-15T21:36:05Z"
        );
    }
}

#[test]
fn positions_round_trip_whole_and_fractional() {
    for text in [
        r#"{"type":"pause","emittedAt":"2020-09-15T21:36:05Z","at":7}"#,
        r#"{"type":"pause","at":7.25}"#,
        r#"{"type":"seek.backward","from":30,"to":-0.5}"#,
        r#"{"type":"end"}"#,
    ] {
        assert_eq!(serde_json::to_string(&read(text)).unwrap(), text);
    }
}

#[test]
fn old_kinds_and_unexpected_fields_are_kept() {
    let old = read(
        r#"{"type":"player_session_vod.loaded","emittedAt":"2019-01-01 03:11:35.973+01","at":0,"from":10,"to":15}"#,
    );
    assert_eq!(
        old.emitted_at.unwrap().to_string(),
        "2019-01-01T02:11:35.973Z"
    );
    assert_eq!(
        (old.at, old.from, old.to),
        (Some(0.0), Some(10.0), Some(15.0))
    );

    let odd = read(r#"{"type":"ready","emittedAt":"soon","at":null,"from":10,"quality":"720p"}"#);
    assert_eq!((odd.at, odd.emitted_at), (None, None));
    assert_eq!(odd.from, Some(10.0));
    assert_eq!(odd.extra["emittedAt"], "soon");
    assert_eq!(odd.extra["quality"], "720p");

    let seek = read(r#"{"type":"seek.forward","at":3,"from":1,"to":3}"#);
    assert_eq!(
        (seek.at, seek.from, seek.to),
        (Some(3.0), Some(1.0), Some(3.0))
    );
}

#[test]
fn an_event_is_valid_without_any_field() {
    for text in [
        r#"{"type":"","at":3}"#,
        r#"{"type":null,"at":3}"#,
        r#"{"type":[],"emittedAt":1641034800}"#,
        r#"{"type":"play","at":true}"#,
        r#"{"type":"play","at":9007199254740993}"#,
        r#"{"type":"seek.forward","from":"soon","to":5}"#,
        r#"{"type":"seek.forward","at":[1],"to":5}"#,
    ] {
        let event = read(text);
        let again = serde_json::to_value(&event).unwrap();
        assert_eq!(
            again,
            serde_json::from_str::<serde_json::Value>(text).unwrap()
        );
    }
    for text in ["{}", r#"{"at":3}"#] {
        assert_eq!(read(text).kind.as_str(), "");
    }
    assert_eq!(read(r#"{"type":5,"at":"7.5"}"#).at, Some(7.5));
    for text in ["null", "7", r#""play""#] {
        assert!(serde_json::from_str::<Event>(text).is_err(), "{text}");
    }
}

#[test]
fn an_event_is_not_larger_than_its_fields() {
    assert_eq!(
        size_of::<EventKind>(),
        size_of::<apivideo_core::wire::Text>()
    );
    assert_eq!(size_of::<Event>(), 112);
}
