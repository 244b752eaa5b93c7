//! The format `period`, which JSON Schema does not define.

use jiff::civil::{Date, ISOWeekDate, Weekday};

/// Whether a string is a day, an ISO week, a month, a year, or a range of days in ascending order.
pub(crate) fn is_period(text: &str) -> bool {
    if let Some((first, last)) = text.split_once('/') {
        return matches!((day(first), day(last)), (Some(first), Some(last)) if first <= last);
    }
    match text.len() {
        4 => day(&format!("{text}-01-01")).is_some(),
        7 => day(&format!("{text}-01")).is_some(),
        8 => is_week(text),
        _ => day(text).is_some(),
    }
}

/// Parses a day such as `2018-01-31`. Other forms that jiff accepts are rejected.
fn day(text: &str) -> Option<Date> {
    let date: Date = text.parse().ok()?;
    (date.to_string() == text).then_some(date)
}

fn is_week(text: &str) -> bool {
    let Some((year, week)) = text.split_once("-W") else {
        return false;
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (true, Ok(year), Ok(week)) = (
        digits(year) && digits(week),
        year.parse::<i16>(),
        week.parse::<i8>(),
    ) else {
        return false;
    };
    ISOWeekDate::new(year, week, Weekday::Monday).is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_period;

    #[test]
    fn periods_are_validated() {
        for text in [
            "2018-01-01",
            "2018-W01",
            "2020-W53",
            "2018-01",
            "2018",
            "2018-01-01/2018-01-15",
            "2018-01-01/2018-01-01",
        ] {
            assert!(is_period(text), "{text}");
        }
        for text in [
            "",
            "18",
            "2018-13",
            "2018-02-30",
            "2018-W54",
            "2021-W53",
            "2018-W1",
            "2018-w01",
            "20180101",
            "2018-01-15/2018-01-01",
            "2018-01/2018-02",
            "2018-01-01/",
            "2018-01-01T00:00:00Z",
            "today",
        ] {
            assert!(!is_period(text), "{text}");
        }
    }
}
