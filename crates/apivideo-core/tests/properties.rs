//! What holds for every instant, filter and object, not only for those on record.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use apivideo_core::types;
use apivideo_core::wire::json::{self, Damage};
use apivideo_core::wire::{DateTime, MetadataFilter, Object};
use jiff::Timestamp;
use jiff::tz::Offset;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 512,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// A form in which the service has written times: the digits of the fraction, what stands before the time, and how the
/// offset is written.
#[derive(Clone, Copy, Debug)]
struct Form {
    fraction: usize,
    separator: char,
    offset: Written,
}

#[derive(Clone, Copy, Debug)]
enum Written {
    /// `Z`
    Zulu,
    /// `+02`
    Hours,
    /// `+02:00`
    HoursAndMinutes,
    /// `+02:00` between the hour and the minutes.
    Inside,
}

fn forms() -> impl Strategy<Value = Form> {
    use Written::{Hours, HoursAndMinutes, Inside, Zulu};
    prop::sample::select(vec![
        (0, 'T', HoursAndMinutes),
        (3, 'T', Zulu),
        (3, 'T', Hours),
        (0, 'T', Hours),
        (2, ' ', Hours),
        (3, ' ', Hours),
        (6, 'T', HoursAndMinutes),
        (0, 'T', Inside),
    ])
    .prop_map(|(fraction, separator, offset)| Form {
        fraction,
        separator,
        offset,
    })
}

/// Seconds that four digits of a year can write, in every offset.
fn seconds() -> impl Strategy<Value = i64> {
    let second = |text: &str| text.parse::<Timestamp>().unwrap().as_second();
    let (first, last) = (
        second("0000-01-02T00:00:00Z"),
        second("9999-12-30T00:00:00Z"),
    );
    prop_oneof![
        3 => second("2018-01-01T00:00:00Z")..second("2040-01-01T00:00:00Z"),
        1 => first..last,
        1 => -100_000_i64..100_000,
    ]
}

/// The offset of a place, in seconds: hours where the form has no minutes.
fn offset(form: Form, quarters: i32) -> i32 {
    match form.offset {
        Written::Zulu => 0,
        Written::Hours => quarters / 4 * 3_600,
        Written::HoursAndMinutes | Written::Inside => quarters * 900,
    }
}

/// The instant in that form, by nothing but digits.
fn write(instant: Timestamp, form: Form, offset: i32) -> String {
    let local = Offset::from_seconds(offset).unwrap().to_datetime(instant);
    let sign = if offset < 0 { '-' } else { '+' };
    let (hours, minutes) = (offset.abs() / 3_600, offset.abs() / 60 % 60);
    let micros = format!("{:06}", local.subsec_nanosecond() / 1_000);
    let fraction = match form.fraction {
        0 => String::new(),
        digits => format!(".{}", &micros[..digits]),
    };
    let date = local.date();
    let (hour, minute, second) = (local.hour(), local.minute(), local.second());
    let separator = form.separator;
    match form.offset {
        Written::Zulu => format!("{date}{separator}{hour:02}:{minute:02}:{second:02}{fraction}Z"),
        Written::Hours => {
            format!("{date}{separator}{hour:02}:{minute:02}:{second:02}{fraction}{sign}{hours:02}")
        }
        Written::HoursAndMinutes => format!(
            "{date}{separator}{hour:02}:{minute:02}:{second:02}{fraction}{sign}{hours:02}:{minutes:02}"
        ),
        Written::Inside => {
            format!(
                "{date}{separator}{hour:02}{sign}{hours:02}:{minutes:02}:{minute:02}:{second:02}"
            )
        }
    }
}

/// Any text, and nearly a time.
fn odd_times() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[0-9TZtz:.,+ -]{0,40}",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?",
        "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]\\PC{6}:[0-5][0-9]:[0-5][0-9]",
        (
            "[12][09][0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]\\+00:00",
            any::<Index>(),
            any::<char>()
        )
            .prop_map(|(text, at, other)| {
                let at = at.index(text.len());
                format!("{}{other}{}", &text[..at], &text[at + 1..])
            }),
    ]
}

fn parse(text: &str) -> DateTime {
    let Ok(time) = text.parse();
    time
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn parses_every_format(second in seconds(), micros in 0_i32..1_000_000, form in forms(), quarters in -56_i32..=56) {
        let kept = 10_i32.pow(6 - u32::try_from(form.fraction).unwrap());
        let instant = Timestamp::new(second, 0).unwrap() + jiff::SignedDuration::from_micros((micros / kept * kept).into());
        let text = write(instant, form, offset(form, quarters));
        prop_assert_eq!(parse(&text), DateTime::Known(instant), "{}", text);
        let json = serde_json::to_string(&text).unwrap();
        prop_assert_eq!(serde_json::from_str::<DateTime>(&json).unwrap(), DateTime::Known(instant), "{}", text);
    }

    #[test]
    fn a_time_survives_a_round_trip(second in Timestamp::MIN.as_second()..=Timestamp::MAX.as_second(), nano in 0_i32..1_000_000_000) {
        let instant = Timestamp::new(second, nano).unwrap_or(Timestamp::MIN);
        let known = DateTime::Known(instant);
        prop_assert_eq!(parse(&known.to_string()), known.clone());
        prop_assert_eq!(serde_json::from_value::<DateTime>(serde_json::to_value(&known).unwrap()).unwrap(), known);
    }

    #[test]
    fn keeps_a_string_that_is_not_a_time(text in odd_times()) {
        let time = parse(&text);
        if time.timestamp().is_none() {
            prop_assert_eq!(time.unreadable(), Some(text.as_str()));
            prop_assert_eq!(time.to_string(), text.as_str());
            prop_assert_eq!(serde_json::to_value(&time).unwrap(), json!(text));
        }
        prop_assert_eq!(parse(&time.to_string()), time.clone());
        prop_assert_eq!(serde_json::from_value::<DateTime>(json!(text)).unwrap(), time);
    }
}

/// Text that means something to a query, and any other.
fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z\\[\\]&=+%#?;/ ]{0,12}",
        "(%[0-9A-F]{2}|\\]=|&metadata\\[|\\+| ){0,4}",
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn sends_metadata_unchanged(pairs in prop::collection::vec((words(), words()), 0..5)) {
        let filter: MetadataFilter = pairs.iter().cloned().collect();
        // As the generated methods hand it to the request.
        let request = client()
            .get("https://ws.api.video/videos")
            .query(&progenitor_client::QueryParam::new("currentPage", &Some(1_u64)))
            .query(&progenitor_client::QueryParam::new("metadata", &Some(&filter)))
            .query(&progenitor_client::QueryParam::new("pageSize", &Some(25_u64)))
            .build()
            .unwrap();
        let sent: Vec<(String, String)> = request.url().query_pairs().into_owned().collect();
        let page = ("currentPage".to_owned(), "1".to_owned());
        let size = ("pageSize".to_owned(), "25".to_owned());
        let metadata = pairs.into_iter().map(|(key, value)| (format!("metadata[{key}]"), value));
        let expected: Vec<_> = std::iter::once(page).chain(metadata).chain([size]).collect();
        prop_assert_eq!(sent, expected);
        prop_assert!(request.url().query().unwrap().is_ascii());
        prop_assert_eq!(request.url().fragment(), None);
        prop_assert_eq!(request.url().path(), "/videos");
    }
}

/// Made once: a client takes its time.
fn client() -> reqwest::Client {
    static CLIENT: std::sync::OnceLock<reqwest::Client> = std::sync::OnceLock::new();
    CLIENT.get_or_init(reqwest::Client::new).clone()
}

/// Any JSON, with numbers that have few digits.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1_000_000_i32..1_000_000).prop_map(|number| Value::from(f64::from(number) / 64.0)),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((names(), inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

/// Names that the document may know in one place and not in another.
fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "name", "type", "country", "session", "extra", "value", "url"
        ])
        .prop_map(str::to_owned),
        "[a-z]{1,6}",
        any::<String>(),
    ]
}

/// An object of some of these fields and of others that are unknown; what is known is not overwritten.
fn object(fields: Vec<(&'static str, BoxedStrategy<Value>)>) -> BoxedStrategy<Value> {
    let known: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let some: Vec<_> = fields
        .into_iter()
        .map(|(name, value)| {
            prop::option::of(value)
                .prop_map(move |value| value.map(|value| (name.to_owned(), value)))
        })
        .collect();
    (some, prop::collection::vec((names(), values()), 0..3))
        .prop_map(move |(some, mut unknown)| {
            unknown.retain(|(name, _)| !known.contains(&name.as_str()));
            let fields: Map<String, Value> = some.into_iter().flatten().chain(unknown).collect();
            Value::Object(fields)
        })
        .boxed()
}

fn texts(names: &[&'static str]) -> BoxedStrategy<Value> {
    object(
        names
            .iter()
            .map(|name| (*name, any::<String>().prop_map(Value::from).boxed()))
            .collect(),
    )
}

/// A session as the service could write it one day.
fn sessions() -> impl Strategy<Value = Value> {
    let time = || {
        prop_oneof![
            seconds().prop_map(|second| {
                let instant = Timestamp::new(second, 0).unwrap();
                json!(DateTime::Known(instant))
            }),
            Just(json!("unknown")),
        ]
        .boxed()
    };
    let not_null = values().prop_filter("a value", |value| !value.is_null());
    let pair = object(vec![
        ("key", any::<String>().prop_map(Value::from).boxed()),
        ("value", not_null.boxed()),
    ]);
    let pairs = prop::collection::vec(pair, 0..3)
        .prop_map(Value::from)
        .boxed();
    let info = object(vec![
        ("loadedAt", time()),
        ("endedAt", time()),
        ("metadata", pairs.clone()),
        ("metadatas", pairs),
    ]);
    let info = (info, any::<String>()).prop_map(|(mut info, id)| {
        info["sessionId"] = id.into();
        info
    });
    let around = object(vec![
        ("location", texts(&["city", "country"])),
        (
            "referrer",
            texts(&["medium", "searchTerm", "source", "url"]),
        ),
        ("device", texts(&["model", "type", "vendor"])),
        ("os", texts(&["name", "shortname", "version"])),
        ("client", texts(&["name", "type", "version"])),
    ]);
    (around, info).prop_map(|(mut session, info)| {
        session["session"] = info;
        session
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..config() })]

    #[test]
    fn a_session_survives_a_round_trip(json in sessions()) {
        let session: Object<types::Session> = serde_json::from_value(json.clone()).unwrap();
        prop_assert_eq!(serde_json::to_value(&session).unwrap(), json.clone());
        let text = json.to_string();
        let from_text: Object<types::Session> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&from_text, &session);
        let from_reader: Object<types::Session> = serde_json::from_reader(text.as_bytes()).unwrap();
        prop_assert_eq!(from_reader, session);
        let written = serde_json::to_string(&from_text).unwrap();
        prop_assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), json);
    }
}

/// What is done to a byte of a page.
#[derive(Clone, Copy, Debug)]
enum Change {
    Replace(u8),
    Insert(u8),
    Remove,
}

fn changes() -> impl Strategy<Value = Change> {
    // Those that mean something to a parser more often.
    let byte = || {
        prop_oneof![
            any::<u8>(),
            prop::sample::select(&b"\"\\{}[],:u0-e.N\0 "[..])
        ]
    };
    prop_oneof![
        byte().prop_map(Change::Replace),
        byte().prop_map(Change::Insert),
        Just(Change::Remove),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..config() })]

    #[test]
    fn the_lenient_decoder_reads_what_serde_json_reads(json in sessions()) {
        let text = json.to_string();
        let (value, repaired) = json::parse(text.as_bytes()).unwrap();
        prop_assert!(!repaired);
        prop_assert_eq!(value.to_value(), json);
        let strict: Object<types::Session> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(json::decode::<Object<types::Session>>(&value, &[]).unwrap(), strict);
    }

    #[test]
    fn a_truncated_page_is_reported(records in prop::collection::vec(sessions(), 0..4), end in any::<Index>()) {
        let body = json!({ "data": records, "pagination": { "currentPage": 1 } }).to_string();
        prop_assert!(!json::is_cut_short(body.as_bytes()));
        prop_assert_eq!(json::Page::split(body.as_bytes(), "session").unwrap().records.len(), records.len());
        let cut = &body.as_bytes()[..end.index(body.len())];
        prop_assert!(json::is_cut_short(cut));
        prop_assert_eq!(json::Page::split(cut, "session").unwrap_err(), Damage::CutShort);
    }

    #[test]
    fn splits_or_rejects_damaged_pages_without_losing_records(
        records in prop::collection::vec(sessions(), 1..4),
        changes in prop::collection::vec((any::<Index>(), changes()), 1..6),
    ) {
        let mut body = json!({ "data": records, "pagination": { "currentPage": 1 } }).to_string().into_bytes();
        for (at, change) in changes {
            let at = at.index(body.len());
            match change {
                Change::Replace(byte) => body[at] = byte,
                Change::Insert(byte) => body.insert(at, byte),
                Change::Remove => drop(body.remove(at)),
            }
        }
        if let Ok(page) = json::Page::split(&body, "session") {
            // Each byte of `data` is in a record or insignificant.
            let raw: usize = page.records.iter().map(|record| record.raw.len()).sum();
            let around = br#"{"data":[],"pagination":{"currentPage":1}}"#.len();
            prop_assert!(raw + around + 20 > body.len(), "{} of {}", raw, body.len());
            prop_assert!(!json::is_cut_short(&body));
            for record in page.records {
                if let Ok(value) = record.value
                    && let Ok(session) = json::decode::<Object<types::Session>>(&value, &[])
                {
                    let again = serde_json::to_string(&session).unwrap();
                    let (value, _) = json::parse(again.as_bytes()).unwrap();
                    prop_assert_eq!(json::decode::<Object<types::Session>>(&value, &[]).unwrap(), session);
                }
            }
        }
    }
}
