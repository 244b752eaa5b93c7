use std::ops::RangeInclusive;

use jiff::Timestamp;
use jiff::civil::{Date, ISOWeekDate, Weekday};

use crate::time::day_number;

/// Parses a period of the service into days (UTC), counted from the epoch.
///
/// Valid are a day (`2022-01-31`), an ISO week (`2022-W05`), a month (`2022-01`), a year (`2022`), an inclusive range
/// of days (`2022-01-01/2022-01-15`), and a time such as `2022-01-01T00:00:00.000Z`, which means its UTC day.
pub(crate) fn parse(text: &str) -> Option<RangeInclusive<i32>> {
    if let Some((first, last)) = text.split_once('/') {
        let (first, last) = (day(first)?, day(last)?);
        return (first <= last).then(|| day_number(first)..=day_number(last));
    }
    if text.contains('T') {
        let time: Timestamp = text.parse().ok()?;
        let day = time.as_second().div_euclid(86_400) as i32;
        return Some(day..=day);
    }
    let (first, last) = match text.as_bytes() {
        [_, _, _, _, b'-', b'W', _, _] => week(text)?,
        [_, _, _, _, b'-', _, _, b'-', _, _] => (day(text)?, day(text)?),
        [_, _, _, _, b'-', _, _] => {
            let first = Date::new(number(&text[..4])?, number(&text[5..])? as i8, 1).ok()?;
            (first, first.last_of_month())
        }
        [_, _, _, _] => {
            let first = Date::new(number(text)?, 1, 1).ok()?;
            (first, first.last_of_year())
        }
        _ => return None,
    };
    Some(day_number(first)..=day_number(last))
}

/// Returns the error message for a text that [`parse`] does not accept.
pub(crate) fn error_message(text: &str) -> String {
    format!(
        "invalid period {text:?}: must be a day (2022-01-31), an ISO week (2022-W05), a month (2022-01), a year (2022) \
         or a range of days (2022-01-01/2022-01-15)"
    )
}

fn day(text: &str) -> Option<Date> {
    match text.as_bytes() {
        [_, _, _, _, b'-', _, _, b'-', _, _] => Date::new(
            number(text.get(..4)?)?,
            number(text.get(5..7)?)? as i8,
            number(text.get(8..)?)? as i8,
        )
        .ok(),
        _ => None,
    }
}

fn week(text: &str) -> Option<(Date, Date)> {
    let monday = ISOWeekDate::new(
        number(text.get(..4)?)?,
        number(text.get(6..)?)? as i8,
        Weekday::Monday,
    )
    .ok()?
    .date();
    Some((monday, monday.saturating_add(jiff::Span::new().days(6))))
}

/// Parses a number that consists of digits only.
fn number(text: &str) -> Option<i16> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn valid_periods_are_parsed() {
        let days = |first: Date, last: Date| Some(day_number(first)..=day_number(last));
        let new_year = date(2022, 1, 1);
        for (text, expected) in [
            ("2022-01-01", days(new_year, new_year)),
            ("2022-W01", days(date(2022, 1, 3), date(2022, 1, 9))),
            ("2020-W53", days(date(2020, 12, 28), date(2021, 1, 3))),
            ("2022-01", days(new_year, date(2022, 1, 31))),
            ("2020-02", days(date(2020, 2, 1), date(2020, 2, 29))),
            ("2022", days(new_year, date(2022, 12, 31))),
            ("2022-01-01/2022-01-15", days(new_year, date(2022, 1, 15))),
            ("2022-01-01/2022-01-01", days(new_year, new_year)),
            ("2022-01-01T00:00:00.000Z", days(new_year, new_year)),
            ("2022-01-02T01:00:00+02:00", days(new_year, new_year)),
            ("0000", days(date(0, 1, 1), date(0, 12, 31))),
            ("0000-W01", days(date(0, 1, 3), date(0, 1, 9))),
            ("9999", days(date(9999, 1, 1), date(9999, 12, 31))),
            ("9999-12", days(date(9999, 12, 1), date(9999, 12, 31))),
            // Its Sunday would be in the year 10000.
            ("9999-W52", days(date(9999, 12, 27), date(9999, 12, 31))),
            ("9999-12-31", days(date(9999, 12, 31), date(9999, 12, 31))),
            (
                "0000-01-01/9999-12-31",
                days(date(0, 1, 1), date(9999, 12, 31)),
            ),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    #[test]
    fn invalid_periods_are_rejected() {
        for text in [
            "",
            "2022-13",
            "2022-00",
            "2022-W54",
            "2022-W00",
            "2021-W53",
            "2022-02-30",
            "2022-01-15/2022-01-01",
            "2022-01/2022-02",
            "2022-01-01/",
            "/",
            "yesterday",
            "22",
            "+022",
            "2022-1-1",
            "2022-01-01T25:00:00Z",
            "2022-01-01T",
            "éé-01",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
