//! Responses in the shapes that the service has sent over the years.

use apivideo_core::types::{Event, EventPage, Location, Pagination, Session, SessionPage};
use apivideo_core::wire::{DateTime, Object};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn read<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(text: &str) -> Object<T> {
    let object: Object<T> = serde_json::from_str(text).expect("the response decodes");
    let written = serde_json::to_string(&object).expect("what was read can be written");
    let again: Object<T> = serde_json::from_str(&written).expect("what was written can be read");
    assert_eq!(again, object, "a response reads back equal");
    object
}

fn instant(text: &str) -> Option<DateTime> {
    Some(DateTime::Known(text.parse().expect("an instant")))
}

macro_rules! recorded {
    ($name:literal) => {
        include_str!(concat!("data/", $name, ".json"))
    };
}

#[test]
fn sessions_of_a_video() {
    let page: Object<SessionPage> = read(recorded!("video_sessions"));
    let session = &page.data[0];
    assert_eq!(session.session.session_id, "psEmFwGQUAXR2lFHj5nDOpy");
    assert_eq!(
        session.session.loaded_at,
        instant("2019-06-24T11:45:01.109Z")
    );
    assert_eq!(session.session.metadata, None);
    let location = session.location.as_ref().expect("a location");
    assert_eq!(location.city.as_deref(), Some("Paris"));
    let client = session.client.as_ref().expect("a client");
    assert_eq!(
        (client.type_.as_deref(), client.version.as_deref()),
        (Some("browser"), Some("67.0"))
    );
    let pagination = page.pagination.as_ref().expect("pagination");
    assert_eq!(
        (pagination.pages_total, pagination.items_total),
        (Some(1), Some(1))
    );
    assert_eq!(pagination.links.as_ref().map(Vec::len), Some(3));
    assert!(page.extra.is_empty());
}

#[test]
fn the_same_sessions_with_other_dates() {
    let page: Object<SessionPage> = read(recorded!("video_sessions_short_offset"));
    assert_eq!(
        page.data[0].session.loaded_at,
        instant("2019-06-24T11:45:01.109Z")
    );
    for text in [
        recorded!("live_stream_sessions"),
        recorded!("live_stream_sessions_short_offset"),
        recorded!("live_stream_sessions_space"),
    ] {
        let page: Object<SessionPage> = read(text);
        assert_eq!(
            page.data[0].session.loaded_at,
            instant("2018-09-11T13:04:37.890Z")
        );
    }
}

#[test]
#[expect(deprecated, reason = "the responses of that time contain it")]
fn sessions_of_2018_have_metadatas_and_local_times() {
    let page: Object<SessionPage> = read(recorded!("video_sessions_2018"));
    let info = &page.data[0].session;
    assert_eq!(info.metadatas, Some(Vec::new()));
    assert_eq!(info.loaded_at, instant("2018-07-31T13:17:49.822Z"));
    assert_eq!(info.ended_at, instant("2018-07-31T13:17:49.822Z"));
}

#[test]
#[expect(deprecated, reason = "the responses of that time contain it")]
fn keeps_the_envelope_of_2019() {
    let page: Object<SessionPage> = read(recorded!("video_sessions_2019"));
    assert_eq!(page.extra["period"], "2019-09-09");
    assert_eq!(page.extra["video"]["videoId"], "viSuccess");
    assert_eq!(page.pagination, None);
    let metadatas = page.data[0].session.metadatas.as_ref().expect("metadatas");
    assert_eq!(
        (metadatas[0].key.as_deref(), &metadatas[0].value.value),
        (Some("age"), &None)
    );
}

#[test]
fn keeps_the_events_of_2019_with_their_envelope() {
    let page: Object<EventPage> = read(recorded!("session_events_2019"));
    assert_eq!(page.extra["resource"]["type"], "vod");
    assert_eq!(page.data[0].type_, "player_session_vod.loaded");
    assert_eq!(page.data[0].emitted_at, instant("2019-09-09T08:03:56.596Z"));
    assert_eq!(
        page.pagination
            .as_ref()
            .and_then(|pagination| pagination.pages_total),
        Some(6)
    );
}

#[test]
fn responses_of_whole_projects_are_not_pages_of_sessions() {
    for text in [
        recorded!("project_videos_2019"),
        recorded!("project_live_streams_2018"),
    ] {
        let error = serde_json::from_str::<Object<SessionPage>>(text)
            .expect_err("there is no session in it");
        assert!(
            error.to_string().starts_with("missing field `session`"),
            "{error}"
        );
    }
}

#[test]
fn events() {
    for text in [
        recorded!("session_events"),
        recorded!("session_events_short_offset"),
    ] {
        let page: Object<EventPage> = read(text);
        assert_eq!(page.data.len(), 25);
        assert_eq!(page.data[1].emitted_at, instant("2020-09-15T21:35:57Z"));
        let seek = &page.data[4];
        assert_eq!(
            (seek.type_.as_str(), seek.at, seek.from, seek.to),
            ("seek.forward", None, Some(7.0), Some(21.0))
        );
    }
}

#[test]
fn events_with_older_names_and_missing_positions() {
    let all: Value = serde_json::from_str(recorded!("events_2020")).expect("JSON");
    for (_, event) in all.as_object().expect("an object") {
        read::<Event>(&event.to_string());
    }
    let event: Object<Event> = read(r#"{"type":"quality","at":12.75,"level":"720p"}"#);
    assert_eq!((event.at, &event.emitted_at), (Some(12.75), &None));
    assert_eq!(event.extra["level"], "720p");
}

#[test]
fn a_session_needs_only_its_id() {
    let session: Object<Session> = read(
        r#"{"session":{"sessionId":"ps4mPLq8bZzjXlxwJG4cg4vl","loadedAt":"2020-10-12T11:21:09+00:00",
            "endedAt":"2020-10-12T11:27:20+00:00"}}"#,
    );
    assert_eq!(session.location, None);
    assert_eq!(session.session.ended_at, instant("2020-10-12T11:27:20Z"));
}

#[test]
fn groups_may_be_null_empty_or_empty_lists() {
    for group in ["null", "[]", "{}"] {
        let session: Object<Session> = read(&format!(
            r#"{{"session":{{"sessionId":"ps1"}},"location":{group},"referrer":{group},"device":{group},
                "os":{group},"client":{group}}}"#
        ));
        let country = session
            .location
            .as_ref()
            .and_then(|location| location.country.as_ref());
        assert_eq!(country, None);
    }
}

#[test]
fn rejects_a_session_without_an_id() {
    for text in [
        r#"{"session":[]}"#,
        r#"{"session":{}}"#,
        r#"{"session":null}"#,
        "{}",
        "[]",
    ] {
        assert!(
            serde_json::from_str::<Object<Session>>(text).is_err(),
            "{text}"
        );
    }
}

#[test]
fn city_may_be_null_or_missing() {
    for text in [
        r#"{"country":"France","city":null}"#,
        r#"{"country":"France"}"#,
    ] {
        assert_eq!(read::<Location>(text).city, None);
    }
}

#[test]
fn metadata_of_all_recorded_shapes() {
    let metadata = |text: &str| {
        let session: Object<Session> = read(&format!(
            r#"{{"session":{{"sessionId":"ps1","metadata":{text}}}}}"#
        ));
        session.value.session.value.metadata
    };
    assert_eq!(metadata("null"), None);
    assert_eq!(metadata("[]"), Some(Vec::new()));
    let pairs = metadata(
        r#"[{"key":"a","value":"b"},{"key":"c","value":null},{"key":"d","value":{"e":1}},{"key":"f","value":7,"g":1}]"#,
    )
    .expect("pairs");
    assert_eq!(pairs[0].value.value, Some(json!("b")));
    assert_eq!(pairs[1].value.value, None);
    assert_eq!(pairs[2].value.value, Some(json!({ "e": 1 })));
    assert_eq!(pairs[3].extra["g"], 1);
}

#[test]
fn keeps_unknown_fields_at_every_level() {
    let text = json!({
        "data": [{
            "session": { "sessionId": "ps1", "mood": "good" },
            "location": { "planet": "Earth" },
            "weather": { "sky": "blue" },
        }],
        "pagination": { "currentPage": 1, "cursor": "abc", "links": [{ "rel": "self", "title": "here" }] },
        "served": "today",
    });
    let page: Object<SessionPage> = read(&text.to_string());
    assert_eq!(serde_json::to_value(&page).expect("JSON"), text);
}

#[test]
fn pagination_may_be_incomplete() {
    let pagination: Object<Pagination> =
        read(r#"{"links":[{"rel":"brand new","uri":"?currentPage=2"}]}"#);
    assert_eq!(pagination.pages_total, None);
    assert_eq!(
        pagination
            .links
            .as_ref()
            .and_then(|links| links[0].rel.as_deref()),
        Some("brand new")
    );
    let pagination: Object<Pagination> = read(r#"{"currentPage":0,"pagesTotal":0,"links":null}"#);
    assert_eq!(
        (pagination.current_page, pagination.pages_total),
        (Some(0), Some(0))
    );
}

#[test]
fn an_unreadable_date_does_not_affect_other_fields() {
    let session: Object<Session> =
        read(r#"{"session":{"sessionId":"ps1","loadedAt":"soon","endedAt":null}}"#);
    assert_eq!(
        session.session.loaded_at,
        Some(DateTime::Unreadable("soon".to_owned()))
    );
    assert_eq!(session.session.ended_at, None);
}
