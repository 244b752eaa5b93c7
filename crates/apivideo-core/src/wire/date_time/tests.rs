use jiff::Timestamp;

use super::{DateTime, common_format, flexible_format};

fn read(text: &str) -> DateTime {
    serde_json::from_value(text.into()).unwrap()
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn parses_every_known_format() {
    for (text, meant) in [
        ("2021-01-05T12:52:21+00:00", "2021-01-05T12:52:21Z"),
        ("2019-06-24T11:45:01.109Z", "2019-06-24T11:45:01.109Z"),
        ("2020-09-15T09:47:42.000Z", "2020-09-15T09:47:42Z"),
        ("2019-06-24T11:45:01.109+00", "2019-06-24T11:45:01.109Z"),
        ("2018-09-11 13:04:37.89+00", "2018-09-11T13:04:37.89Z"),
        ("2018-07-31 15:17:49.822+02", "2018-07-31T13:17:49.822Z"),
        ("2019-01-01 03:11:35.973+01", "2019-01-01T02:11:35.973Z"),
        (
            "2018-07-31T15:17:49.822000+02:00",
            "2018-07-31T13:17:49.822Z",
        ),
        (
            "2019-11-18T14:05:43.808000+00:00",
            "2019-11-18T14:05:43.808Z",
        ),
        ("2018-07-15T15:02:25+02:00", "2018-07-15T13:02:25Z"),
        ("2024-05-29T07+00:00:00:00", "2024-05-29T07:00:00Z"),
        ("2024-10-01T00:00:00+00", "2024-10-01T00:00:00Z"),
        ("1969-12-31T23:59:59+00:00", "1969-12-31T23:59:59Z"),
        ("2024-02-29T23:59:59+00:00", "2024-02-29T23:59:59Z"),
    ] {
        assert_eq!(read(text), DateTime::Known(instant(meant)), "{text}");
    }
}

#[test]
fn keeps_an_unknown_format() {
    for text in [
        "",
        "unknown",
        "0000-00-00T00:00:00+00:00",
        "2023-02-29T00:00:00+00:00",
        "2024-02-05T24:00:00+00:00",
        "2024-02-05",
        "2024-02-05 10:00:00",
        "2024-05-29T07é00:00:00:00",
        "ééééééééééééé",
        "2024-02-05T10:00:0x+00:00",
    ] {
        assert_eq!(read(text), DateTime::Unreadable(text.to_owned()), "{text}");
    }
}

#[test]
fn rejects_a_number() {
    let message = serde_json::from_str::<DateTime>("12")
        .unwrap_err()
        .to_string();
    assert!(
        message.starts_with("invalid type: integer `12`, expected a date and time as a string"),
        "{message}"
    );
}

#[test]
fn formats_as_the_service_does() {
    for (text, written) in [
        ("2024-02-05T01:00:00+01:00", "2024-02-05T00:00:00+00:00"),
        (
            "2019-06-24T11:45:01.109+00",
            "2019-06-24T11:45:01.109+00:00",
        ),
        ("2020-09-15T09:47:42.000Z", "2020-09-15T09:47:42+00:00"),
        ("unknown", "unknown"),
    ] {
        assert_eq!(serde_json::to_value(read(text)).unwrap(), written);
        assert_eq!(read(text).to_string(), written);
    }
}

#[test]
fn serialized_values_are_read_as_equal() {
    for text in [
        "2018-09-11 13:04:37.89+00",
        "2021-01-05T12:52:21+00:00",
        "unknown",
    ] {
        let first = read(text);
        assert_eq!(read(&first.to_string()), first);
    }
}

#[test]
fn common_format_agrees_with_flexible_format() {
    for (text, is_usual) in [
        ("2021-01-05T12:52:21+00:00", true),
        ("2021-12-31T23:59:59+00:00", true),
        ("2021-01-05T12:52:21+01:00", false),
        ("2021-01-05 12:52:21+00:00", false),
        ("2021-01-05T12:52:60+00:00", false),
    ] {
        let quick = common_format(text.as_bytes());
        assert_eq!(quick.is_some(), is_usual, "{text}");
        if let Some(quick) = quick {
            assert_eq!(quick, instant(text));
        }
    }
}

#[test]
fn flexible_format_agrees_with_jiff() {
    let dates = [
        "2024-02-05T",
        "2024-02-29t",
        "2023-02-29T",
        "1969-12-31 ",
        "0000-01-01T",
        "9999-12-31T",
        "2024-00-05T",
        "2024-2-05T",
        "-000001-12-31T",
        "+002024-02-05T",
        "-000000-01-01T",
        "-999999-01-01T",
        "+2024-02-05T",
        "2024-02-05_",
    ];
    let times = [
        "00",
        "24",
        "1",
        "10:07",
        "10:60",
        "10:07:59",
        "10:07:60",
        "10:07:61",
        "10:07:",
        "10:07:59.",
        "10:07:59.5",
        "10:07:59,25",
        "10:07:59.000000001",
        "10:07:59.1234567891",
        "10:07:59.5x",
    ];
    let offsets = [
        "", "Z", "z", "+00", "-00:00", "+02", "-0330", "+05:45", "-12:00", "+14:60", "+26:00",
        "+2", "+02:", "+02:0", "Zulu", "+02:00 ",
    ];
    let mut read = 0;
    for date in dates {
        for time in times {
            for offset in offsets {
                let text = format!("{date}{time}{offset}");
                let jiff = text.parse::<Timestamp>().ok();
                assert_eq!(flexible_format(&text), jiff, "{text}");
                read += usize::from(jiff.is_some());
            }
        }
    }
    assert!(read > 100, "{read}");
}
