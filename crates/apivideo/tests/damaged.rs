//! Tolerant decoding: pages with fields of unexpected types, with damaged JSON and with other envelopes.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod support;

use apivideo::{Error, Event, Page, Session, SessionId};
use futures::{StreamExt, TryStreamExt};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use support::Mock;

/// A session as the service sends it.
fn session(number: usize) -> Value {
    json!({
        "session": {
            "sessionId": format!("ps{number}"), "loadedAt": "2022-01-01T00:00:00+00:00", "endedAt": "2022-01-01T00:01:00+00:00",
            "metadata": [{ "key": "nick", "value": "Doug" }],
        },
        "location": { "country": "Chile", "city": "Arica" },
        "referrer": { "url": "https://example.org", "medium": "organic", "source": "web", "searchTerm": "cats" },
        "device": { "type": "desktop", "vendor": "Dell", "model": "X1" },
        "os": { "name": "Linux", "shortname": "LIN", "version": "6" },
        "client": { "type": "browser", "name": "Firefox", "version": "95.0" },
    })
}

fn page_of(records: &[Value]) -> Value {
    let count = records.len();
    json!({ "data": records, "pagination": {
        "currentPage": 1, "currentPageItems": count, "pageSize": 100, "pagesTotal": 1, "itemsTotal": count, "links": [],
    } })
}

/// A page of three sessions, with these bytes as the city of the second one.
fn with_city(city: &[u8]) -> Vec<u8> {
    let mut records: Vec<Value> = (1..=3).map(session).collect();
    records[1]["location"]["city"] = "MARK".into();
    let text = page_of(&records).to_string();
    let (before, after) = text.split_once("\"MARK\"").unwrap();
    [before.as_bytes(), city, after.as_bytes()].concat()
}

async fn sessions(body: impl AsRef<[u8]>) -> apivideo::Result<Page<Session>> {
    let mock = Mock::bytes(body.as_ref());
    let video = mock.client().video("vi1".parse().unwrap());
    video.sessions("2022".parse().unwrap()).page(1).await
}

async fn events(body: &str) -> apivideo::Result<Page<Event>> {
    let mock = Mock::bytes(body.as_ref());
    let id: SessionId = "ps1".parse().unwrap();
    mock.client().session(id).events().page(1).await
}

fn ids(page: &Page<Session>) -> Vec<&str> {
    page.items
        .iter()
        .map(|session| session.id.as_str())
        .collect()
}

#[tokio::test]
async fn a_field_of_an_unexpected_type_does_not_make_a_session_invalid() {
    let mut records = Vec::new();
    let mut put = |path: &[&str], value: &Value| {
        let mut record = session(records.len());
        let place = path
            .iter()
            .fold(&mut record, |place, name| &mut place[*name]);
        *place = value.clone();
        records.push(record);
    };
    for value in [
        json!(95),
        json!(95.0),
        json!(true),
        json!(false),
        json!([]),
        json!({}),
        json!(["x"]),
        json!({ "major": 95 }),
    ] {
        put(&["client", "version"], &value);
        put(&["device", "model"], &value);
        put(&["location", "city"], &value);
    }
    for group in ["location", "device", "client", "os", "referrer"] {
        for value in [
            json!("unknown"),
            json!(false),
            json!(0),
            json!(""),
            json!(null),
            json!([null]),
            json!([]),
        ] {
            put(&[group], &value);
        }
    }
    for value in [
        json!(null),
        json!({}),
        json!({ "a": "b" }),
        json!(""),
        json!("a=b"),
        json!(false),
        json!([["a", "b"]]),
        json!([{ "a": "b" }]),
        json!([{ "key": "a" }]),
        json!([{ "value": "a" }]),
        json!([{ "key": null, "value": "a" }]),
        json!([{ "key": 5, "value": "a" }]),
        json!([null]),
        json!(["a"]),
    ] {
        put(&["session", "metadata"], &value);
    }
    for value in [
        json!(1_641_034_800),
        json!(null),
        json!(""),
        json!(false),
        json!({}),
    ] {
        put(&["session", "endedAt"], &value);
    }
    let page = sessions(page_of(&records).to_string()).await.unwrap();
    assert_eq!(
        (page.items.len(), page.invalid.len(), page.repaired),
        (records.len(), 0, 0)
    );
    for (index, session) in page.items.iter().enumerate() {
        assert_eq!(session.id.as_str(), format!("ps{index}"));
        let again = serde_json::to_string(session).unwrap();
        assert_eq!(
            &serde_json::from_str::<Session>(&again).unwrap(),
            session,
            "{again}"
        );
    }
    assert_eq!(page.items[0].client.version.as_deref(), Some("95"));
}

#[tokio::test]
async fn a_record_is_invalid_only_without_a_usable_id() {
    let long = "p".repeat(300);
    for (id, expected) in [
        (json!(12345), Some("12345")),
        (json!(null), None),
        (json!(""), None),
        (json!(" ps1"), None),
        (json!("ps/1"), None),
        (json!("ps\u{e9}"), None),
        (json!(long), None),
        (json!({}), None),
    ] {
        let mut record = session(1);
        record["session"]["sessionId"] = id.clone();
        let page = sessions(page_of(&[record.clone(), session(2)]).to_string())
            .await
            .unwrap();
        assert_eq!(
            ids(&page),
            expected.into_iter().chain(["ps2"]).collect::<Vec<_>>(),
            "{id}"
        );
        for error in &page.invalid {
            assert_eq!((error.record().unwrap().index, error.page()), (0, Some(1)));
            let raw: Value = serde_json::from_str(&error.record().unwrap().raw).unwrap();
            assert_eq!(raw["location"], record["location"]);
        }
        assert_eq!(page.items.len() + page.invalid.len(), 2);
    }
    for record in [
        json!(null),
        json!([]),
        json!("ps1"),
        json!({}),
        json!({ "session": null }),
        json!({ "session": [] }),
    ] {
        let page = sessions(page_of(&[record.clone(), session(2)]).to_string())
            .await
            .unwrap();
        assert_eq!(
            (ids(&page), page.invalid.len()),
            (vec!["ps2"], 1),
            "{record}"
        );
        assert_eq!(page.invalid[0].record().unwrap().raw, record.to_string());
    }
}

#[tokio::test]
async fn an_event_is_valid_with_fields_of_any_type() {
    let mut records = Vec::new();
    for at in [
        json!("7"),
        json!(""),
        json!(null),
        json!(7.5),
        json!(true),
        json!([]),
        json!("unknown"),
        json!(9_007_199_254_740_993_u64),
    ] {
        records
            .push(json!({ "type": "pause", "emittedAt": "2022-01-01T00:00:00+00:00", "at": at }));
    }
    for kind in [json!(null), json!(""), json!(5), json!("PLAY"), json!([])] {
        records.push(json!({ "type": kind, "at": 1 }));
    }
    records.push(json!({}));
    records.push(json!({ "type": "play", "emittedAt": 1_641_034_800, "at": 3 }));
    let page = events(&page_of(&records).to_string()).await.unwrap();
    assert_eq!((page.items.len(), page.invalid.len()), (records.len(), 0));
    assert_eq!(page.items[0].at, Some(7.0));
    assert_eq!(page.items[7].extra["at"], 9_007_199_254_740_993_u64);
    assert_eq!(page.items.last().unwrap().extra["emittedAt"], 1_641_034_800);

    let page =
        events(&page_of(&[json!(null), json!([]), json!(7), json!({ "type": "end" })]).to_string())
            .await
            .unwrap();
    assert_eq!((page.items.len(), page.invalid.len()), (1, 3));
}

#[tokio::test]
async fn damaged_json_in_a_record_is_repaired_and_counted() {
    for (city, expected) in [
        (&b"\"Bogot\xe1\""[..], Some("Bogot\u{fffd}")),
        (b"\"Bogot\xc3\"", Some("Bogot\u{fffd}")),
        (b"NaN", None),
        (b"undefined", None),
        (br#""a\ud83d""#, Some("a\u{fffd}")),
        (b"\"a\x01b\"", Some("a\u{1}b")),
        (b"\"a\tb\"", Some("a\tb")),
        (b"\"a\",", Some("a")),
        (b"\"a\",\"city\":\"b\"", Some("b")),
        (br#""it\'s""#, Some("it's")),
    ] {
        let page = sessions(with_city(city)).await.unwrap();
        assert_eq!(ids(&page), ["ps1", "ps2", "ps3"]);
        assert_eq!((page.invalid.len(), page.repaired), (0, 1), "{expected:?}");
        assert_eq!(page.items[1].location.city.as_deref(), expected);
        assert_eq!(page.pagination.items_total, Some(3));
    }
    let mock = Mock::bytes(&with_city(b"NaN"));
    let video = mock.client().video("vi1".parse().unwrap());
    let mut stream = video.sessions("2022".parse().unwrap()).stream();
    while stream.try_next().await.unwrap().is_some() {}
    let progress = stream.progress();
    assert_eq!((progress.repaired, progress.items), (1, 3));
}

#[tokio::test]
async fn damage_beyond_repair_is_one_invalid_record_with_its_raw_json() {
    for city in ["\"a\"b\"", "Arica", "\"Arica", "", "{\"en\":\"x\""] {
        let page = sessions(with_city(city.as_bytes())).await.unwrap();
        assert_eq!(
            (ids(&page), page.invalid.len()),
            (vec!["ps1", "ps3"], 1),
            "{city}"
        );
        let error = &page.invalid[0];
        assert_eq!(
            (
                error.record().unwrap().index,
                error.record().unwrap().id.as_deref()
            ),
            (1, Some("ps2")),
            "{city}"
        );
        let raw = &error.record().unwrap().raw;
        assert!(
            raw.contains(&format!("\"city\":{city}")) && raw.contains("Firefox"),
            "{raw}"
        );
        assert!(
            !format!("{error} {error:?}").contains("Firefox"),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn numbers_keep_their_digits_and_deep_values_are_kept() {
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    for (value, expected) in [
        (
            "123456789012345678901234567890",
            Some(json!("123456789012345678901234567890")),
        ),
        ("9007199254740993", Some(json!(9_007_199_254_740_993_u64))),
        ("1e400", Some(json!("1e400"))),
        (deep.as_str(), None),
    ] {
        let page = sessions(with_city(format!("\"x\",\"size\":{value}").as_bytes()))
            .await
            .unwrap();
        assert_eq!((ids(&page).len(), page.repaired), (3, 0));
        let kept = &page.items[1].location.extra["size"];
        assert!(expected.is_none_or(|expected| *kept == expected), "{kept}");
    }
}

#[tokio::test]
async fn envelopes_of_other_shapes_are_decoded() {
    let records = [session(1), session(2)];
    let valid = page_of(&records);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut page = valid.clone();
        change(&mut page);
        page
    };
    let totals = |page: &Page<Session>| (page.pagination.current_page, page.pagination.items_total);
    for (body, expected) in [
        (
            with(&|page| page["pagination"] = json!({ "currentPage": "1", "itemsTotal": "2" })),
            (Some(1), Some(2)),
        ),
        (
            with(&|page| page["pagination"] = json!({ "currentPage": 1.0, "itemsTotal": 2.0 })),
            (Some(1), Some(2)),
        ),
        (
            with(&|page| page["pagination"]["links"] = json!({ "rel": "self", "uri": "/x" })),
            (Some(1), Some(2)),
        ),
        (
            with(&|page| page["pagination"]["links"] = json!({ "self": "/x" })),
            (Some(1), Some(2)),
        ),
        (
            with(&|page| page["pagination"]["links"] = json!({})),
            (Some(1), Some(2)),
        ),
        (
            with(&|page| page["pagination"]["links"] = json!(null)),
            (Some(1), Some(2)),
        ),
        (with(&|page| page["pagination"] = json!([])), (None, None)),
        (with(&|page| page["pagination"] = json!(null)), (None, None)),
        (
            with(&|page| page["data"] = json!({ "1": records[1], "0": records[0] })),
            (Some(1), Some(2)),
        ),
    ] {
        let page = sessions(body.to_string()).await.unwrap();
        assert_eq!(
            (ids(&page), page.invalid.len()),
            (vec!["ps1", "ps2"], 0),
            "{body}"
        );
        assert_eq!(
            (totals(&page), page.pagination.has_next),
            (expected, false),
            "{body}"
        );
    }
    for empty in [json!({}), json!(null), json!([])] {
        let page = sessions(with(&|page| page["data"] = empty.clone()).to_string())
            .await
            .unwrap();
        assert!(page.items.is_empty() && page.invalid.is_empty(), "{empty}");
    }
    for links in [
        json!({ "next": "/x?currentPage=2" }),
        json!({ "rel": "next", "uri": "/x" }),
    ] {
        let page = sessions(with(&|page| page["pagination"]["links"] = links.clone()).to_string())
            .await
            .unwrap();
        assert!(page.pagination.has_next, "{links}");
    }
    let marked = format!("\u{feff}{valid}\n\0\0");
    assert_eq!(sessions(marked).await.unwrap().items.len(), 2);
}

#[tokio::test]
async fn bodies_with_text_around_the_json_are_rejected() {
    let valid = page_of(&[session(1)]).to_string();
    for body in [
        format!("{valid}<!-- cached -->"),
        format!("{valid}{valid}"),
        format!("Notice: {valid}"),
        valid.replacen("{\"data\":[", "{\"data\":[],\"data\":[", 1),
    ] {
        let error = sessions(&body).await.unwrap_err();
        assert!(error.is_decode(), "{error}: {body}");
    }
}

#[tokio::test]
async fn single_objects_are_decoded_tolerantly() {
    let mock = Mock::responses(&[
        (200, r#"{"videoId":"vi1","title":7,"tags":"a"}"#),
        (
            200,
            r#"{"liveStreamId":"li1","streamKey":["hush"],"broadcasting":"yes"}"#,
        ),
        (200, r#"{"context":{"metric":7},"data":"7.5"}"#),
    ]);
    let client = mock.client();
    let video = client.video("vi1".parse().unwrap()).get().await.unwrap();
    assert_eq!(
        (video.title.as_deref(), &video.extra["tags"]),
        (Some("7"), &json!("a"))
    );
    let stream = client
        .live_stream("li1".parse().unwrap())
        .get()
        .await
        .unwrap();
    assert_eq!(
        (stream.broadcasting, &stream.extra["broadcasting"]),
        (None, &json!("yes"))
    );
    assert!(!format!("{stream:?}").contains("hush"));
    let metric = client
        .metric(apivideo::aggregates::Metric::PlayCount)
        .send()
        .await
        .unwrap();
    assert_eq!((metric.value, metric.metric.as_deref()), (7.5, Some("7")));
}

#[tokio::test]
async fn raw_lists_are_decoded_tolerantly() {
    let body =
        b"{\"data\":{\"1\":{\"id\":\"b\\ud83d\"},\"0\":{\"id\":\"a\xe1\"}},\"pagination\":null}";
    let mock = Mock::bytes(body.as_ref());
    let page = mock.client().list("/x").page(1).await.unwrap();
    assert_eq!(
        page.items,
        [json!({ "id": "a\u{fffd}" }), json!({ "id": "b\u{fffd}" })]
    );
    assert_eq!(page.repaired, 2);
    // Without a known field, the end of a record that is damaged beyond repair cannot be found.
    let mock = Mock::responses(&[(200, r#"{"data":[{"id":"a"b"},{"id":"c"}]}"#)]);
    let error = mock.client().list("/x").page(1).await.unwrap_err();
    assert!(error.is_decode(), "{error}");
}

/// The optional fields of a session, as JSON pointers.
const OPTIONAL: [&str; 19] = [
    "/session/loadedAt",
    "/session/endedAt",
    "/session/metadata",
    "/location",
    "/location/country",
    "/location/city",
    "/referrer",
    "/referrer/url",
    "/referrer/searchTerm",
    "/device",
    "/device/type",
    "/device/vendor",
    "/os",
    "/os/name",
    "/os/shortname",
    "/client",
    "/client/type",
    "/client/name",
    "/client/version",
];

/// Any JSON value, no deeper than a few levels.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e9..1e9).prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,6}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// The values as which a session serializes this value.
fn read_as(pointer: &str, value: &Value) -> Vec<Value> {
    let pairs = |map: &serde_json::Map<String, Value>| {
        let pair = |(key, value): (&String, &Value)| json!({ "key": key, "value": value });
        map.iter().map(pair).collect()
    };
    match value {
        Value::Object(map) if pointer.ends_with("/metadata") => vec![pairs(map)],
        value => vec![value.clone(), Value::String(value.to_string())],
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_field_of_any_type_is_kept_and_serialized(
        count in 1_usize..6,
        at in any::<Index>(),
        pointer in prop::sample::select(&OPTIONAL[..]),
        value in values(),
    ) {
        let mut records: Vec<Value> = (0..count).map(session).collect();
        let at = at.index(count);
        *records[at].pointer_mut(pointer).unwrap() = value.clone();
        let page = block_on(sessions(page_of(&records).to_string())).unwrap();
        prop_assert_eq!((page.items.len(), page.invalid.len(), page.repaired), (count, 0, 0));
        let written = serde_json::to_value(&page.items[at]).unwrap();
        let is_group = pointer.matches('/').count() == 1;
        let is_empty = value == json!([]) || value == json!({});
        let has_fields = is_group || pointer.ends_with("/metadata");
        let is_time = value.as_str().is_some_and(|text| text.parse::<jiff::Timestamp>().is_ok());
        // A value that means "not known", an object as a group, and another form of a time change.
        let is_expected = value == "unknown" && !is_group || has_fields && is_empty || is_group && value.is_object() || is_time;
        if !is_expected {
            let kept = written.pointer(pointer);
            prop_assert!(kept.is_some_and(|kept| read_as(pointer, &value).contains(kept)), "{:?} {:?}", kept, value);
        }
        let again: Session = serde_json::from_value(written).unwrap();
        prop_assert_eq!(&again, &page.items[at]);
    }

    #[test]
    fn an_invalid_byte_in_a_string_affects_its_record_only(
        at in any::<Index>(),
        place in any::<Index>(),
        byte in any::<u8>(),
    ) {
        let mut records: Vec<Value> = (0..4).map(session).collect();
        let at = at.index(4);
        records[at]["location"]["city"] = "MARKMARK".into();
        let mut body = page_of(&records).to_string().into_bytes();
        let start = body.windows(8).position(|part| part == b"MARKMARK").unwrap();
        body[start + place.index(8)] = byte;
        let page = block_on(sessions(&body)).unwrap();
        let mut read: Vec<String> = ids(&page).into_iter().map(str::to_owned).collect();
        read.extend(page.invalid.iter().filter_map(|error| error.record()?.id.clone()));
        read.sort_unstable();
        prop_assert_eq!(read, ["ps0", "ps1", "ps2", "ps3"]);
        prop_assert!(page.invalid.iter().all(|error| error.record().unwrap().index == at));
    }

    #[test]
    fn a_truncated_page_is_never_decoded(
        end in any::<Index>(),
        damage in prop::option::of((any::<Index>(), any::<u8>())),
    ) {
        let mut body = with_city("\"a]}\u{e4}\"".as_bytes());
        if let Some((place, byte)) = damage {
            let start = body.windows(5).position(|part| part == b"a]}\xc3\xa4").unwrap();
            body[start + place.index(5)] = byte;
        }
        body.truncate(end.index(body.len()));
        prop_assert!(block_on(sessions(&body)).is_err());
    }
}

#[tokio::test]
async fn a_damaged_page_does_not_end_the_list() {
    let page = |number: u64, body: String| {
        let totals = [
            ("\"currentPage\":1", format!("\"currentPage\":{number}")),
            ("\"pagesTotal\":1", "\"pagesTotal\":2".to_owned()),
            ("\"itemsTotal\":3", "\"itemsTotal\":6".to_owned()),
        ];
        totals
            .iter()
            .fold(body, |body, (from, to)| body.replacen(from, to, 1))
    };
    let first = String::from_utf8(with_city(b"NaN")).unwrap();
    let second = String::from_utf8(with_city(b"\"Arica")).unwrap();
    let second = second.replace("\"ps", "\"pt");
    let mock = Mock::responses(&[(200, &page(1, first)), (200, &page(2, second))]);
    let video = mock.client().video("vi1".parse().unwrap());
    let outcomes: Vec<_> = video
        .sessions("2022".parse().unwrap())
        .stream()
        .collect()
        .await;
    let read: Vec<&str> = outcomes
        .iter()
        .flatten()
        .map(|session| session.id.as_str())
        .collect();
    assert_eq!(read, ["ps1", "ps2", "ps3", "pt1", "pt3"]);
    let invalid: Vec<&Error> = outcomes
        .iter()
        .filter_map(|outcome| outcome.as_ref().err())
        .collect();
    assert_eq!(invalid.len(), 1);
    assert_eq!(
        (
            invalid[0].page(),
            invalid[0].record().unwrap().id.as_deref()
        ),
        (Some(2), Some("pt2"))
    );
}

#[tokio::test]
async fn an_unreadable_total_is_not_treated_as_missing() {
    let records = [session(1), session(2)];
    for (total, is_unreadable) in [
        ("\"1,250\"", true),
        ("250.5", true),
        ("true", true),
        ("[250]", true),
        ("99999999999999999999", true),
        ("1e30", true),
        ("2", false),
        ("\"2\"", false),
        ("null", false),
        ("-1", false),
    ] {
        let body = page_of(&records)
            .to_string()
            .replace("\"itemsTotal\":2", &format!("\"itemsTotal\":{total}"));
        let mock = Mock::bytes(body.as_ref());
        let video = mock.client().video("vi1".parse().unwrap());
        let mut stream = video.sessions("2022".parse().unwrap()).stream();
        for _ in 0..2 {
            assert!(stream.try_next().await.unwrap().is_some(), "{total}");
        }
        match stream.try_next().await {
            Err(error) => {
                assert!(is_unreadable && error.is_incomplete(), "{total}: {error}");
                assert!(error.cursor().is_some());
                assert!(error.to_string().contains("cannot be decoded"), "{error}");
            }
            Ok(item) => assert!(!is_unreadable && item.is_none(), "{total}"),
        }
    }
}
