use serde_json::json;

use serde_json::Value;

use super::*;
use crate::types::{Bucket, Event, LiveStream, Pagination, Session, Video};
use crate::wire::Object;

fn tree(text: &[u8]) -> Json<'_> {
    parse(text)
        .unwrap_or_else(|damage| panic!("{damage}: {}", String::from_utf8_lossy(text)))
        .0
}

fn session(text: &str) -> Result<Object<Session>, Mismatch> {
    decode(&tree(text.as_bytes()), &[])
}

#[test]
fn parses_valid_json_like_serde_json() {
    for text in [
        "null",
        " [ ] ",
        r#"{"a":[1,-2.5e3,"x",true,false,null,{}],"b":{"c":[[]]}}"#,
        r#""\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00\u0000""#,
        "\"\u{e4}\u{1f600}\u{2028}\"",
    ] {
        let (value, repaired) = parse(text.as_bytes()).unwrap();
        let expected: Value = serde_json::from_str(text).unwrap();
        assert_eq!(value.to_value(), expected, "{text}");
        assert!(!repaired, "{text}");
        let again: Json<'_> = serde_json::from_str(text).unwrap();
        assert_eq!(again.to_value(), expected, "{text}");
    }
}

#[test]
fn repairs_damage_with_a_clear_meaning() {
    for (text, expected) in [
        (&b"\"Bogot\xe1\""[..], json!("Bogot\u{fffd}")),
        (b"\"Bogot\xc3\"", json!("Bogot\u{fffd}")),
        (b"\"\xed\xa0\xbd\xed\xb8\x80\"", json!("\u{fffd}".repeat(6))),
        (br#""a\ud83d""#, json!("a\u{fffd}")),
        (br#""a\ude00b""#, json!("a\u{fffd}b")),
        (br#""\ud83d\ud83d\ude00""#, json!("\u{fffd}\u{1f600}")),
        (br#""\ud83d\u0041""#, json!("\u{fffd}A")),
        (b"\"a\x01b\"", json!("a\u{1}b")),
        (b"\"a\tb\"", json!("a\tb")),
        (br#""it\'s""#, json!("it's")),
        (br#""a\xb""#, json!(r"a\xb")),
        (br#""\u12G4""#, json!(r"\u12G4")),
        (
            b"[NaN, Infinity, -Infinity, undefined]",
            json!([null, null, null, null]),
        ),
        (b"[1,]", json!([1])),
        (b"[1,,2]", json!([1, 2])),
        (br#"{"a":1,}"#, json!({ "a": 1 })),
        (br#"{"a":1,"b":2,"a":3}"#, json!({ "a": 3, "b": 2 })),
        (b"[007, 1., +1, .5]", json!(["007", "1.", "+1", ".5"])),
    ] {
        let (value, repaired) = parse(text).unwrap();
        assert_eq!(value.to_value(), expected);
        assert!(repaired, "{expected}");
    }
}

#[test]
fn skips_insignificant_bytes_around_json() {
    assert_eq!(
        parse(b"\xef\xbb\xbf [1] \n\0\0").unwrap().0.to_value(),
        json!([1])
    );
}

#[test]
fn reports_other_damage_with_its_position() {
    for (text, at) in [
        (&b"[1 2]"[..], 3),
        (br#"{"a" 1}"#, 5),
        (b"{a:1}", 1),
        (br#"{"a":}"#, 5),
        (b"[1}", 2),
        (b"nul l", 0),
        (b"[1] <!-- cached -->", 4),
        (b"[1][2]", 3),
        (b"<br />[1]", 0),
    ] {
        assert_eq!(
            parse(text),
            Err(Damage::At(at)),
            "{}",
            String::from_utf8_lossy(text)
        );
    }
}

#[test]
fn detects_truncation_at_every_position() {
    let text = r#"{"a":[1,-2.5e3,"x\"\u00e4\ud83d\ude00",true,null,{"b":{}}],"c":"end"}"#;
    for end in 0..text.len() {
        assert_eq!(
            parse(&text.as_bytes()[..end]),
            Err(Damage::CutShort),
            "{}",
            &text[..end.min(40)]
        );
    }
}

#[test]
fn distinguishes_a_truncated_body_from_a_damaged_one() {
    let whole = br#"{"data":[{"a":"x\"}]\\"},{"b":[1,{}]}],"n":NaN}"#;
    assert!(!is_cut_short(whole));
    for end in 0..whole.len() {
        assert!(is_cut_short(&whole[..end]), "{end}");
    }
    for damaged in [
        &b"{\"a\":\xe1}"[..],
        b"[1,]",
        b"[}",
        b"{} <!-- x -->",
        b"null",
        b"nu",
        b"]",
        b"Internal error",
        b"<br />{",
        br#"{"data":[{"a":"x"y"},{"b":[1,2}],"n":1}"#,
        br#"{"data":[{"a":"x}, {"b":"y"}]}"#,
    ] {
        assert!(
            !is_cut_short(damaged),
            "{}",
            String::from_utf8_lossy(damaged)
        );
    }
    for cut in [
        &b""[..],
        b" \n",
        b"\xef\xbb\xbf",
        b"{\"a\":\"\xc3",
        b"{\"a\":NaN,\"b\":[\xff",
        br#"{"data":[{"a":"x"y"},{"b":"#,
    ] {
        assert!(is_cut_short(cut), "{}", String::from_utf8_lossy(cut));
    }
}

#[test]
fn keeps_deep_nesting_as_text() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let text = format!(r#"{{"session":{{"sessionId":"ps1","deep":{deep}}}}}"#);
    let session = session(&text).unwrap();
    assert_eq!(session.session.session_id, "ps1");
    let mut kept = &session.session.extra["deep"];
    let mut depth = 0;
    while let Some(inner) = kept.get(0) {
        (kept, depth) = (inner, depth + 1);
    }
    let rest = kept.as_str().unwrap();
    assert_eq!(rest.len() + 2 * depth, deep.len());
    // As deep as it is, it can be written and read again.
    let page = json!({ "data": [session] }).to_string();
    serde_json::from_str::<Value>(&page).unwrap();
    assert_eq!(parse("[".repeat(100_000).as_bytes()), Err(Damage::CutShort));
    assert_eq!(
        parse("{\"a\":".repeat(100_000).as_bytes()),
        Err(Damage::CutShort)
    );
}

/// A page with records of this text among others.
fn page(record: &str) -> String {
    format!(
        r#"{{"data": [{{"id": "a"}}, {record}, {{"id": "b", "tags": [{{"key": "k"}}]}}, {{"id": "c"}}], "pagination": {{"links": []}}}}"#
    )
}

/// Which records have been read, by their ids, `?` for a damaged one.
fn ids(body: &[u8]) -> Vec<String> {
    let page = Page::split(body, "id")
        .unwrap_or_else(|damage| panic!("{damage}: {}", String::from_utf8_lossy(body)));
    let id = |record: &Record<'_>| match &record.value {
        Ok(value) => value
            .get("id")
            .and_then(Json::as_str)
            .unwrap_or("-")
            .to_owned(),
        Err(_) => "?".to_owned(),
    };
    page.records.iter().map(id).collect()
}

#[test]
fn unrepairable_damage_affects_one_record() {
    for record in [
        r#"{"id": "x", "city": "A"b", "more": {"a": [1]}}"#,
        r#"{"id": "x", "city": Arica", "more": {"a": [1]}}"#,
        r#"{"id": "x", "city": "Arica, "more": {"a": [1]}}"#,
        r#"{"id": "x", "more": {"a": [1]}, "city": "Arica}"#,
        r#"{"id": "x", "city": "Arica""#,
        r#"{"id": "x", "city": }"#,
        r#"{"more": {"a": {"b": [1]}, "os": {}, "id": "x"}"#,
        r#"{"id": "x", "tags": [{"key": "k"]}"#,
        r#"{"id: "x", "tags": [{"key": "k"}, {"key": "l"}]}"#,
        r#""id": "x"}"#,
    ] {
        let page = page(record);
        assert_eq!(ids(page.as_bytes()), ["a", "?", "b", "c"], "{record}");
        let split = Page::split(page.as_bytes(), "id").unwrap();
        assert_eq!(split.records[1].raw, record.as_bytes());
        assert!(split.envelope.get("pagination").is_some());
        // The first one and the last one, too.
        let first = page.replacen(r#"{"id": "a"}, "#, "", 1);
        assert_eq!(ids(first.as_bytes()), ["?", "b", "c"], "{record}");
        let last = page.replacen(
            r#", {"id": "b", "tags": [{"key": "k"}]}, {"id": "c"}"#,
            "",
            1,
        );
        assert_eq!(ids(last.as_bytes()), ["a", "?"], "{record}");
    }
}

#[test]
fn two_damaged_records_affect_only_two() {
    let bad = r#"{"id": "x", "city": "A"b"}"#;
    assert_eq!(
        ids(page(&format!("{bad}, {bad}")).as_bytes()),
        ["a", "?", "?", "b", "c"]
    );
}

#[test]
fn damage_outside_of_records_affects_none_or_the_whole_page() {
    let good = page(r#"{"id": "x"}"#);
    for surplus in [";", ", ,", " ", "}, "] {
        let body = good.replacen("}, {", &format!("}}{surplus}{{"), 1);
        assert_eq!(ids(body.as_bytes()), ["a", "x", "b", "c"], "{body}");
    }
    for bad in [
        good.replacen("], \"pagination", "x, \"pagination", 1),
        good.replacen("{\"data\"", "[\"data\"", 1),
        good.replacen("\"links\": []", "\"links\": [", 1),
        format!("<br />{good}"),
        format!("{good}<!-- cached -->"),
        format!("{good}{good}"),
        good.replacen("\"pagination\"", "\"data\": [], \"x\"", 1),
    ] {
        assert!(
            matches!(Page::split(bad.as_bytes(), "id"), Err(Damage::At(_))),
            "{bad}"
        );
    }
}

#[test]
fn does_not_split_a_truncated_page() {
    let body = page(r#"{"id": "x", "city": "Arica]}", "tags": [{"key": "]}"}]}"#);
    for end in 0..body.len() {
        let outcome = Page::split(&body.as_bytes()[..end], "id");
        assert_eq!(outcome.unwrap_err(), Damage::CutShort, "{}", &body[..end]);
    }
}

#[test]
fn accepts_every_form_of_data() {
    for (body, expected) in [
        (r#"{"data": null}"#, &[][..]),
        (r#"{"data": {}}"#, &[]),
        (
            r#"{"data": {"10": {"id": "c"}, "0": {"id": "a"}, "2": {"id": "b"}}}"#,
            &["a", "b", "c"],
        ),
        (
            r#"{"data": [{"id": "a"}, null, {"id": "c"}]}"#,
            &["a", "-", "c"],
        ),
        (r#"{"pagination": [], "data": [{"id": "a"},]}"#, &["a"]),
    ] {
        assert_eq!(ids(body.as_bytes()), expected, "{body}");
    }
    for body in [
        r#"{"data": 7}"#,
        r#"{"data": "none"}"#,
        r#"{"data": {"message": {}}}"#,
        r#"{"other": []}"#,
    ] {
        assert_eq!(
            Page::split(body.as_bytes(), "id").unwrap_err(),
            Damage::NoRecords,
            "{body}"
        );
    }
}

#[test]
fn a_damaged_numbered_record_does_not_affect_others() {
    for damage in [r#""a" "b""#, "'a'", "\"x\"y\"", "[1}", "{\"1\": {}, b}"] {
        for (damaged, expected) in [
            (0, ["?", "b", "c"]),
            (1, ["a", "?", "c"]),
            (2, ["a", "b", "?"]),
        ] {
            let record = |index: usize| match index == damaged {
                true => format!(r#""{index}": {{"name": {damage}, "id": "x"}}"#),
                false => format!(r#""{index}": {{"id": "{}"}}"#, ["a", "b", "c"][index]),
            };
            let records: Vec<String> = (0..3).map(record).collect();
            let body = format!(
                r#"{{"data": {{{}}}, "pagination": {{"currentPage": 1}}}}"#,
                records.join(",")
            );
            // Only the brackets identify the end of the last record.
            if damaged == 2 && damage.contains('y') {
                assert!(Page::split(body.as_bytes(), "id").is_err(), "{body}");
                continue;
            }
            assert_eq!(ids(body.as_bytes()), expected, "{body}");
            for end in 0..body.len() {
                assert!(
                    Page::split(&body.as_bytes()[..end], "id").is_err(),
                    "{}",
                    &body[..end]
                );
            }
        }
    }
}

#[test]
fn a_field_of_another_type_is_converted_or_kept_in_extra() {
    /// A session with one thing more, and what it is written as.
    fn check(more: &str, expected: &Value) {
        let text = format!(r#"{{"session":{{"sessionId":"ps1"}},{more}}}"#);
        let session = session(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        let mut expected = expected.clone();
        expected["session"]["sessionId"] = "ps1".into();
        assert_eq!(serde_json::to_value(&session).unwrap(), expected, "{text}");
    }
    for (value, text) in [
        ("95", "95"),
        ("95.0", "95.0"),
        ("true", "true"),
        ("false", "false"),
        ("1e400", "1e400"),
    ] {
        check(
            &format!(r#""client":{{"version":{value}}}"#),
            &json!({ "client": { "version": text } }),
        );
    }
    for value in [json!([]), json!({}), json!(["x"]), json!({ "en": "x" })] {
        check(
            &format!(r#""client":{{"version":{value},"name":"Firefox"}}"#),
            &json!({ "client": { "version": value, "name": "Firefox" } }),
        );
    }
    for group in ["location", "device", "client", "os", "referrer"] {
        for value in [
            json!("unknown"),
            json!(""),
            json!(false),
            json!(0),
            json!([null]),
            json!("x"),
        ] {
            check(&format!(r#""{group}":{value}"#), &json!({ group: value }));
        }
    }
}

#[test]
fn keeps_rejected_values_in_extra_of_their_object() {
    let session = session(
        r#"{"session":{"sessionId":"ps1","endedAt":1641034800,"loadedAt":false,"metadata":["a"]},"client":"none",
            "location":{"city":[],"country":"Chile"}}"#,
    )
    .unwrap();
    assert_eq!(session.client, None);
    assert_eq!(session.extra["client"], "none");
    let info = &session.session;
    assert_eq!(
        (&info.ended_at, &info.loaded_at, &info.metadata),
        (&None, &None, &None)
    );
    assert_eq!(
        Value::Object(info.extra.clone().into()),
        json!({ "endedAt": 1_641_034_800, "loadedAt": false, "metadata": ["a"] })
    );
    let location = session.location.as_ref().unwrap();
    assert_eq!(
        (location.city.as_deref(), location.country.as_deref()),
        (None, Some("Chile"))
    );
    assert_eq!(location.extra["city"], json!([]));
}

#[test]
fn reads_a_metadata_object_as_pairs() {
    for (form, pairs) in [
        (
            r#"{"plan":"pro","age":7}"#,
            json!([{ "key": "plan", "value": "pro" }, { "key": "age", "value": 7 }]),
        ),
        ("{}", json!([])),
        (
            r#"[{"key":5,"value":"a"}]"#,
            json!([{ "key": "5", "value": "a" }]),
        ),
    ] {
        let session = session(&format!(
            r#"{{"session":{{"sessionId":"ps1","metadata":{form}}}}}"#
        ))
        .unwrap();
        assert_eq!(
            serde_json::to_value(&session.session.metadata).unwrap(),
            pairs,
            "{form}"
        );
        let video: Object<Video> = decode(
            &tree(format!(r#"{{"videoId":"vi1","metadata":{form}}}"#).as_bytes()),
            &[],
        )
        .unwrap();
        assert_eq!(
            serde_json::to_value(&video.metadata).unwrap(),
            pairs,
            "{form}"
        );
    }
}

#[test]
fn a_session_requires_only_an_id() {
    assert_eq!(
        session(r#"{"session":{"sessionId":12345}}"#)
            .unwrap()
            .session
            .session_id,
        "12345"
    );
    for (text, path, reason) in [
        (r#"{"session":{}}"#, "session", "missing field `sessionId`"),
        (
            r#"{"session":null}"#,
            "session",
            "invalid type: null, expected struct SessionInfo",
        ),
        (r#"{"session":[]}"#, "session", "missing field `sessionId`"),
        (
            r#"{"session":"ps1"}"#,
            "session",
            "invalid type: a string, expected struct SessionInfo",
        ),
        (
            r#"{"session":{"sessionId":null}}"#,
            "session.sessionId",
            "invalid type: null, expected a string",
        ),
        (
            r#"{"session":{"sessionId":[],"metadata":7}}"#,
            "session.sessionId",
            "invalid type: an array, expected a string",
        ),
        ("{}", "", "missing field `session`"),
    ] {
        let mismatch = session(text).unwrap_err();
        assert_eq!(
            (mismatch.path().as_str(), mismatch.to_string().as_str()),
            (path, reason),
            "{text}"
        );
    }
}

#[test]
fn an_event_has_no_required_fields() {
    let event =
        |text: &str| -> Object<Event> { decode(&tree(text.as_bytes()), &["type"]).unwrap() };
    for (at, expected) in [
        (r#""7""#, Some(7.0)),
        (r#""7.5""#, Some(7.5)),
        ("7.5", Some(7.5)),
        ("-3", Some(-3.0)),
        ("2147483648", Some(2_147_483_648.0)),
        ("1e+300", Some(1e300)),
        ("0.30000000000000004", Some(0.1 + 0.2)),
        ("null", None),
    ] {
        let event = event(&format!(r#"{{"type":"pause","at":{at}}}"#));
        assert_eq!((event.at, event.extra.len()), (expected, 0), "{at}");
    }
    for (at, expected) in [
        (r#""""#, json!("")),
        ("true", json!(true)),
        ("[]", json!([])),
        (r#""unknown""#, json!("unknown")),
        ("9007199254740993", json!(9_007_199_254_740_993_u64)),
        (
            "123456789012345678901234567890",
            json!("123456789012345678901234567890"),
        ),
        ("0.1000000000000000055", json!("0.1000000000000000055")),
    ] {
        let event = event(&format!(r#"{{"type":"pause","at":{at}}}"#));
        assert_eq!((event.at, &event.extra["at"]), (None, &expected), "{at}");
    }
    for (kind, expected) in [
        ("null", ""),
        ("[]", ""),
        ("5", "5"),
        (r#""""#, ""),
        (r#""PLAY""#, "PLAY"),
    ] {
        let event = event(&format!(r#"{{"type":{kind},"at":1}}"#));
        assert_eq!((&*event.type_, event.at), (expected, Some(1.0)), "{kind}");
        assert_eq!(
            event.extra.get("type").is_some(),
            matches!(kind, "null" | "[]"),
            "{kind}"
        );
    }
    assert_eq!(event("{}").type_, "");
}

#[test]
fn decodes_assets_and_aggregates_leniently() {
    let video: Object<Video> = decode(
        &tree(br#"{"videoId":7,"title":8,"public":"yes","tags":"a","createdAt":[],"mp4Support":true}"#),
        &[],
    )
    .unwrap();
    assert_eq!(
        (&*video.video_id, video.title.as_deref(), video.mp4_support),
        ("7", Some("8"), Some(true))
    );
    assert_eq!(
        Value::Object(video.extra.clone().into()),
        json!({ "public": "yes", "tags": "a", "createdAt": [] })
    );
    let stream: Object<LiveStream> = decode(
        &tree(br#"{"liveStreamId":"li1","broadcasting":1,"name":{}}"#),
        &[],
    )
    .unwrap();
    assert_eq!(
        (
            stream.broadcasting,
            &stream.extra["broadcasting"],
            &stream.extra["name"]
        ),
        (None, &json!(1), &json!({}))
    );
    let bucket: Object<Bucket> =
        decode(&tree(br#"{"dimensionValue":7,"metricValue":"1.5"}"#), &[]).unwrap();
    assert_eq!(
        (bucket.dimension_value.as_deref(), bucket.metric_value),
        (Some("7"), Some(1.5))
    );
    let pagination: Object<Pagination> = decode(
        &tree(
            br#"{"currentPage":"1","pagesTotal":3.0,"itemsTotal":"250","pageSize":-1,"links":7}"#,
        ),
        &[],
    )
    .unwrap();
    assert_eq!(
        (
            pagination.current_page,
            pagination.pages_total,
            pagination.items_total,
            pagination.page_size
        ),
        (Some(1), Some(3), Some(250), Some(-1))
    );
    assert_eq!(pagination.extra["links"], 7);
}

#[test]
fn keeps_digits_in_unknown_fields_and_metadata() {
    let text = r#"{"session":{"sessionId":"ps1","n":123456789012345678901234567890,"m":9007199254740993,"d":0.30000000000000004,
        "metadata":[{"key":"a","value":-123456789012345678901234567890},{"key":"b","value":{"x":[1e400,1.5]}}]}}"#;
    // On the fast path these are refused, so that they are read here.
    assert!(serde_json::from_str::<Object<Session>>(text).is_err());
    let session = session(text).unwrap();
    assert_eq!(
        Value::Object(session.session.extra.clone().into()),
        json!({ "n": "123456789012345678901234567890", "m": 9_007_199_254_740_993_u64, "d": 0.30000000000000004 })
    );
    let values: Vec<_> = session
        .session
        .metadata
        .iter()
        .flatten()
        .map(|pair| pair.value.value.clone().unwrap())
        .collect();
    assert_eq!(
        values,
        [
            json!("-123456789012345678901234567890"),
            json!({ "x": ["1e400", 1.5] })
        ]
    );
    // Numbers that are held exactly stay on the fast path.
    for number in [
        "18446744073709551615",
        "-9223372036854775808",
        "0.1",
        "123456.789",
        "1e-9",
    ] {
        let text = format!(
            r#"{{"session":{{"sessionId":"ps1","n":{number},"metadata":[{{"key":"a","value":[{number}]}}]}}}}"#
        );
        assert!(
            serde_json::from_str::<Object<Session>>(&text).is_ok(),
            "{number}"
        );
    }
}

#[test]
fn rejects_a_group_with_many_invalid_fields() {
    let pairs = vec![r#"{"key":[],"value":1}"#; 5_000].join(",");
    let session = session(&format!(
        r#"{{"session":{{"sessionId":"ps1","metadata":[{pairs}]}},"client":7}}"#
    ))
    .unwrap();
    assert_eq!(session.session.session_id, "ps1");
    assert_eq!(
        session.session.extra["metadata"].as_array().unwrap().len(),
        5_000
    );
    assert_eq!(session.extra["client"], 7);
}

#[test]
fn reasons_do_not_contain_values() {
    for text in [
        r#"{"session":"Doug <doug@example.org>"}"#,
        r#"{"session":{"sessionId":{"doug":"doug"}}}"#,
    ] {
        let mismatch = session(text).unwrap_err();
        assert!(
            !format!("{mismatch} {mismatch:?}")
                .to_lowercase()
                .contains("doug"),
            "{mismatch:?}"
        );
    }
}
