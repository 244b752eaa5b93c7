use apivideo_insights::{AssetKind, Dimension};

use super::*;

fn session(json: &str) -> model::Session {
    serde_json::from_str(json).unwrap()
}

#[test]
fn every_fact_of_a_session_is_converted() {
    let session = session(
        r#"{
            "videoId": "vi1",
            "session": {
                "sessionId": "ps1", "loadedAt": "2022-01-01T12:00:00Z", "endedAt": "2022-01-01T12:05:00Z",
                "metadata": [{"key": "userId", "value": "42"}, {"key": "age", "value": 7}, {"key": "plan", "value": null}]
            },
            "location": {"country": "France", "city": "Paris"},
            "referrer": {"url": "https://www.example.com/a?q=secret", "medium": "organic", "source": "search"},
            "device": {"type": "desktop", "vendor": "Dell", "model": "XPS"},
            "os": {"name": "Windows", "shortname": "W10"},
            "client": {"type": "browser", "name": "Firefox"}
        }"#,
    );
    let facts = SessionFacts::from(&session);
    let expected = SessionFacts {
        id: "ps1",
        asset: Some(Asset::video("vi1")),
        loaded_at: Some("2022-01-01T12:00:00Z".parse().unwrap()),
        ended_at: Some("2022-01-01T12:05:00Z".parse().unwrap()),
        metadata: vec![("userId", "42".into()), ("age", "7".into())],
        country: Some("France"),
        city: Some("Paris"),
        device_type: Some("desktop"),
        device_vendor: Some("Dell"),
        device_model: Some("XPS"),
        os: Some("Windows"),
        client: Some("Firefox"),
        referrer_host: Some("example.com"),
        referrer_page: Some("example.com/a".into()),
        referrer_medium: Some("organic"),
        referrer_source: Some("search"),
    };
    assert_eq!(facts, expected);
    let plan = Dimension::Metadata("plan".to_owned());
    assert_eq!(plan.value(&facts), None, "null is unknown");
}

#[test]
fn unknown_facts_are_none() {
    let session = session(
        r#"{"session": {"sessionId": "ps1"}, "location": {"country": "unknown", "city": null}, "device": []}"#,
    );
    assert_eq!(SessionFacts::from(&session), SessionFacts::new("ps1"));
}

#[test]
fn assets_keep_their_kind() {
    let id: AssetId = "live-stream/li1".parse().unwrap();
    let asset = Asset::from(&id);
    assert_eq!((asset.kind, asset.id), (AssetKind::LiveStream, "li1"));
}

#[test]
fn every_kind_of_event_is_converted() {
    for (name, kind) in [
        ("ready", EventKind::Ready),
        ("play", EventKind::Play),
        ("pause", EventKind::Pause),
        ("resume", EventKind::Resume),
        ("seek.forward", EventKind::SeekForward),
        ("seek.backward", EventKind::SeekBackward),
        ("end", EventKind::End),
        ("volume", EventKind::Other),
        ("", EventKind::Other),
    ] {
        let mut event = model::Event::new(name.parse().unwrap());
        event.emitted_at = Some("2022-01-01T12:00:00Z".parse().unwrap());
        (event.at, event.from, event.to) = (Some(1.5), Some(2.0), None);
        let converted = Event::from(&event);
        assert_eq!(converted.kind, kind, "{name}");
        assert_eq!(converted.emitted_at, event.emitted_at);
        assert_eq!(
            (converted.at, converted.from, converted.to),
            (Some(1.5), Some(2.0), None)
        );
    }
}
