//! Properties of all periods, identifiers, page sizes and cursors.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::fmt::{Debug, Display};
use std::str::FromStr;
use std::sync::LazyLock;

use apivideo::query::{Sessions, Window};
use apivideo::{
    Client, Cursor, ErrorKind, List, LiveStreamId, PageSize, Period, SessionId, VideoId,
};
use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday, date};
use proptest::prelude::*;
use proptest::sample::Index;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const FORMS: &str = "use a day (2022-01-01), an ISO week (2022-W01), a month (2022-01), a year (2022), or a range of \
                     days (2022-01-01/2022-01-15)";

/// The range of days that four digits of a year can write.
const FIRST: Date = date(0, 1, 1);
const DAYS: i32 = 3_652_425;

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 256,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Any day, those around the ends of a year and of all years more often.
fn days() -> impl Strategy<Value = Date> {
    let near_new_year = (0_i16..=9999, -7_i32..7)
        .prop_map(|(year, days)| date(year, 1, 1).saturating_add(days.days()).max(FIRST));
    prop_oneof![
        4 => (0..DAYS).prop_map(|day| FIRST + day.days()),
        2 => near_new_year,
        1 => (DAYS - 40..DAYS).prop_map(|day| FIRST + day.days()),
        1 => (0_i32..40).prop_map(|day| FIRST + day.days()),
    ]
}

/// A period in the service's form, with its first and last day.
fn periods() -> impl Strategy<Value = (String, Date, Date)> {
    let week = (0_i16..=9999, 1_i8..=53).prop_filter_map("a week of that year", |(year, week)| {
        let monday = ISOWeekDate::new(year, week, Weekday::Monday).ok()?.date();
        let sunday = monday.saturating_add(6.days());
        Some((format!("{year:04}-W{week:02}"), monday, sunday))
    });
    let month = (0_i16..=9999, 1_i8..=12).prop_map(|(year, month)| {
        let first = date(year, month, 1);
        (
            format!("{year:04}-{month:02}"),
            first,
            first.last_of_month(),
        )
    });
    let year = (0_i16..=9999)
        .prop_map(|year| (format!("{year:04}"), date(year, 1, 1), date(year, 12, 31)));
    // As many days as a few years have: windows are made of them below.
    let range = (days(), 0_i32..1_200).prop_map(|(first, more)| {
        let last = first.saturating_add(more.days());
        (format!("{first}/{last}"), first, last)
    });
    prop_oneof![
        days().prop_map(|day| (day.to_string(), day, day)),
        week,
        month,
        year,
        range
    ]
}

/// Strings that are almost periods.
fn odd_periods() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9TWZ/:.+-]{0,40}",
        "[0-9]{4}-[0-9W]{2,3}(-[0-9]{2})?(/[0-9-]{8,10})?",
        (periods(), any::<Index>(), any::<char>()).prop_map(|((text, _, _), at, other)| {
            let at = at.index(text.len());
            format!("{}{other}{}", &text[..at], &text[at + 1..])
        }),
        prop::collection::vec(any::<char>(), 0..=40).prop_map(String::from_iter),
    ]
}

/// How many days the Monday of its week is after some Monday.
fn monday(day: Date) -> i64 {
    let days = (day - date(2024, 1, 1)).get_days();
    i64::from(days).div_euclid(7)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_period_prints_as_it_was_parsed((text, first, last) in periods()) {
        let period: Period = text.parse().unwrap();
        prop_assert_eq!(period.to_string(), text.as_str());
        prop_assert_eq!((period.first_day(), period.last_day()), (first, last));
        let json = serde_json::to_string(&period).unwrap();
        prop_assert_eq!(serde_json::from_str::<Period>(&json).unwrap(), period);
    }

    #[test]
    fn a_week_has_seven_days_and_some_years_have_53(year in 0_i16..9999) {
        let longest = i8::from(date(year, 12, 28).iso_week_date().week() == 53) + 52;
        let (last, next) = (Period::iso_week(year, longest).unwrap(), Period::iso_week(year + 1, 1).unwrap());
        prop_assert_eq!(last.last_day(), last.first_day() + 6.days());
        prop_assert_eq!(last.last_day().tomorrow().unwrap(), next.first_day());
        prop_assert!(Period::iso_week(year, longest + 1).is_err());
    }

    #[test]
    fn an_invalid_period_lists_the_valid_forms(text in odd_periods()) {
        match text.parse::<Period>() {
            Ok(period) => {
                prop_assert!(period.first_day() <= period.last_day());
                prop_assert_eq!(period.to_string().parse::<Period>().unwrap(), period);
            }
            Err(error) => {
                prop_assert_eq!(error.kind(), ErrorKind::Input);
                prop_assert!(error.to_string().ends_with(FORMS), "{}", error);
            }
        }
    }

    #[test]
    fn windows_cover_the_period_without_gap_or_overlap((text, first, last) in periods()) {
        for window in [Window::Day, Window::Week, Window::Month] {
            let parts = text.parse::<Period>().unwrap().split(window).collect::<Vec<_>>();
            prop_assert_eq!(parts[0].first_day(), first);
            prop_assert_eq!(parts[parts.len() - 1].last_day(), last);
            for pair in parts.windows(2) {
                prop_assert_eq!(pair[0].last_day().tomorrow().unwrap(), pair[1].first_day());
            }
            for part in parts {
                let (first, last) = (part.first_day(), part.last_day());
                prop_assert!(first <= last);
                let is_whole = match window {
                    Window::Day => first == last,
                    Window::Week => monday(first) == monday(last),
                    _ => first.first_of_month() == last.first_of_month(),
                };
                prop_assert!(is_whole, "{:?}", part);
                prop_assert_eq!(part.to_string().parse::<Period>().unwrap(), part);
            }
        }
    }
}

/// Strings that are almost identifiers, and others.
fn odd_ids() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9_-]{1,70}",
        "[A-Za-z0-9_./%?#\\\\-]{0,30}",
        "[a-z]{3}\\PC{1}[a-z]{3}",
        Just("plays".to_owned()),
        any::<String>(),
    ]
}

fn is_safe(text: &str) -> bool {
    let safe = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (1..=64).contains(&text.len()) && text.chars().all(safe) && text != "plays"
}

fn check_id<T>(text: &str) -> Result<(), TestCaseError>
where
    T: FromStr<Err = apivideo::Error> + TryFrom<String> + AsRef<str>,
    T: Clone + Debug + Display + PartialEq + Serialize + DeserializeOwned,
{
    let json = serde_json::to_string(text).unwrap();
    match text.parse::<T>() {
        Ok(id) => {
            prop_assert!(is_safe(text), "{:?}", id);
            prop_assert_eq!(id.as_ref(), text);
            prop_assert_eq!(id.to_string(), text);
            prop_assert_eq!(serde_json::to_string(&id).unwrap(), json.as_str());
            prop_assert_eq!(serde_json::from_str::<T>(&json).unwrap(), id);
        }
        Err(error) => {
            prop_assert!(!is_safe(text), "{}", error);
            prop_assert_eq!(error.kind(), ErrorKind::Input);
            prop_assert!(error.to_string().starts_with("invalid "), "{}", error);
            prop_assert!(T::try_from(text.to_owned()).is_err());
            prop_assert!(serde_json::from_str::<T>(&json).is_err());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_id_is_unchanged_or_rejected(text in odd_ids()) {
        check_id::<VideoId>(&text)?;
        check_id::<LiveStreamId>(&text)?;
        check_id::<SessionId>(&text)?;
    }

    #[test]
    fn a_page_size_is_1_to_100(size in prop_oneof![0_u32..=120, any::<u32>()], text in "\\PC{0,12}") {
        match PageSize::try_from(size) {
            Ok(page) => {
                prop_assert!((1..=100).contains(&size));
                prop_assert_eq!(page.get(), size);
                prop_assert_eq!(page.to_string().parse::<PageSize>().unwrap(), page);
                prop_assert_eq!(serde_json::to_value(page).unwrap(), json!(size));
                prop_assert_eq!(serde_json::from_value::<PageSize>(json!(size)).unwrap(), page);
            }
            Err(error) => {
                prop_assert!(!(1..=100).contains(&size));
                prop_assert!(error.to_string().contains("1 to 100"), "{}", error);
                prop_assert!(serde_json::from_value::<PageSize>(json!(size)).is_err());
                prop_assert!(size.to_string().parse::<PageSize>().is_err());
            }
        }
        let read = text.parse::<PageSize>().map(PageSize::get).ok();
        prop_assert_eq!(read, text.parse().ok().filter(|size| (1..=100).contains(size)));
    }
}

/// A list of five windows, which is never requested.
static LIST: LazyLock<List<Sessions>> = LazyLock::new(|| {
    let client = Client::builder().api_key("key").build().unwrap();
    client
        .video("vi4k0jvEUuaTdRAEjQ4Prklg".parse().unwrap())
        .sessions("2021-12-30/2022-01-03".parse().unwrap())
        .with_windows(Window::Day)
});

/// Its cursor somewhere in the middle.
fn cursor() -> Value {
    let mut cursor = serde_json::to_value(LIST.stream().cursor()).unwrap();
    cursor["next_window"] = json!(3);
    cursor["open"] = json!([
        {"window": 0, "page": 4, "taken": 2, "given": ["00000000000000ff", "cbf29ce484222325"],
            "last": "cbf29ce484222325",
            "read": {"total": 731, "position": 300, "items": 302, "unstable": true, "first_item": "00000000000000fe"}},
        {"window": 2, "page": 1, "taken": 0, "given": [], "read": {"position": 0, "items": 0, "exhausted": true}},
    ]);
    cursor
}

/// A change of one value somewhere in a cursor.
#[derive(Clone, Debug)]
enum Change {
    Replace(Value),
    Remove,
    Twice,
}

fn changes() -> impl Strategy<Value = (Index, Change)> {
    let value = prop_oneof![
        3 => (0_u64..12).prop_map(Value::from),
        2 => prop_oneof![Just(u64::from(u32::MAX)), Just(u64::MAX), any::<u64>()].prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => "[0-9a-f]{16}".prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
        1 => Just(json!([])),
        1 => Just(json!({})),
        1 => Just(Value::Null),
        1 => (0_u32..6, 0_u32..9).prop_map(|(window, page)| json!([{"window": window, "page": page, "taken": 0, "given": [],
            "read": {"position": page, "items": page}}])),
    ];
    let change = prop_oneof![
        4 => value.prop_map(Change::Replace),
        1 => Just(Change::Remove),
        1 => Just(Change::Twice),
    ];
    (any::<Index>(), change)
}

/// The JSON pointers of all values inside.
fn pointers(value: &Value, here: &str, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(map) => map
            .iter()
            .map(|(name, value)| (name.clone(), value))
            .collect(),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .map(|(place, value)| (place.to_string(), value))
            .collect(),
        _ => Vec::new(),
    };
    for (name, child) in children {
        let there = format!("{here}/{name}");
        found.push(there.clone());
        pointers(child, &there, found);
    }
}

fn apply(cursor: &mut Value, (place, change): (Index, Change)) {
    let mut all = Vec::new();
    pointers(cursor, "", &mut all);
    if all.is_empty() {
        return;
    }
    let pointer = &all[place.index(all.len())];
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match (change, cursor.pointer_mut(parent)) {
        (Change::Replace(value), _) => *cursor.pointer_mut(pointer).unwrap() = value,
        (Change::Remove, Some(Value::Object(map))) => drop(map.remove(name)),
        (Change::Remove, Some(Value::Array(list))) => drop(list.remove(name.parse().unwrap())),
        (Change::Twice, Some(Value::Array(list))) => {
            list.push(list[name.parse::<usize>().unwrap()].clone());
        }
        _ => {}
    }
}

/// Whether the list accepts the cursor: then the stream has that position. Otherwise the error has to name the reason.
fn resume(text: &str) -> Result<bool, TestCaseError> {
    let Ok(cursor) = serde_json::from_str::<Cursor>(text) else {
        return Ok(false);
    };
    match LIST.resume(&cursor) {
        Ok(stream) => {
            let again = stream.cursor();
            prop_assert_eq!(serde_json::to_value(&again).unwrap(), sorted(&cursor));
            prop_assert!(LIST.resume(&again).is_ok());
            Ok(true)
        }
        Err(error) => {
            prop_assert_eq!(error.kind(), ErrorKind::Input);
            prop_assert!(
                error
                    .to_string()
                    .starts_with("the cursor does not match this list: "),
                "{}",
                error
            );
            Ok(false)
        }
    }
}

/// A cursor's JSON with its windows in their order.
fn sorted(cursor: &Cursor) -> Value {
    let mut cursor = serde_json::to_value(cursor).unwrap();
    let open = cursor["open"].as_array_mut().unwrap();
    open.sort_by_key(|open| open["window"].as_u64());
    cursor
}

#[test]
fn accepts_the_unchanged_cursor() {
    assert!(resume(&cursor().to_string()).unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..config() })]

    #[test]
    fn a_cursor_with_other_values_is_accepted_or_rejected(changes in prop::collection::vec(changes(), 1..4)) {
        let mut cursor = cursor();
        for change in changes {
            apply(&mut cursor, change);
        }
        resume(&cursor.to_string())?;
    }

    #[test]
    fn a_cursor_with_other_bytes_is_accepted_or_rejected(
        changes in prop::collection::vec((any::<Index>(), 0_u8..3, prop_oneof![any::<char>(), prop::char::range(' ', '~')]), 1..4)
    ) {
        let mut text: Vec<char> = cursor().to_string().chars().collect();
        for (at, kind, other) in changes {
            let at = at.index(text.len());
            match kind {
                0 => text[at] = other,
                1 => text.insert(at, other),
                _ => drop(text.remove(at)),
            }
        }
        resume(&String::from_iter(text))?;
    }
}
