//! The time formats that the service has used over the years.

use jiff::Timestamp;
use jiff::civil::{self, Date};
use jiff::tz::Offset;

pub(crate) const SECOND: i64 = 1_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

const EPOCH: Date = civil::date(1970, 1, 1);

/// A format of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeFormat {
    /// `2022-01-05T12:52:21+00:00`
    Atom,
    /// `2019-06-24T11:45:01.109+00`
    ShortOffset,
    /// `2018-09-11 13:04:37.89+00`: with a space, and without trailing zeros in the fraction
    Space,
    /// `2018-07-31T15:17:49.822000+00:00`
    Microseconds,
}

/// Appends a time, without quotes. Fractions are truncated.
pub(crate) fn push(out: &mut Vec<u8>, ms: i64, format: TimeFormat) {
    let time = Offset::UTC.to_datetime(timestamp(ms));
    digits(out, time.year() as u32, 4);
    for (separator, value) in [(b'-', time.month()), (b'-', time.day())] {
        out.push(separator);
        digits(out, value as u32, 2);
    }
    out.push(if format == TimeFormat::Space {
        b' '
    } else {
        b'T'
    });
    digits(out, time.hour() as u32, 2);
    for value in [time.minute(), time.second()] {
        out.push(b':');
        digits(out, value as u32, 2);
    }
    let fraction = ms.rem_euclid(SECOND) as u32;
    match format {
        TimeFormat::Atom => out.extend_from_slice(b"+00:00"),
        TimeFormat::ShortOffset => {
            out.push(b'.');
            digits(out, fraction, 3);
            out.extend_from_slice(b"+00");
        }
        TimeFormat::Space => {
            if fraction > 0 {
                out.push(b'.');
                digits(out, fraction, 3);
                while out.last() == Some(&b'0') {
                    out.pop();
                }
            }
            out.extend_from_slice(b"+00");
        }
        TimeFormat::Microseconds => {
            out.push(b'.');
            digits(out, fraction, 3);
            out.extend_from_slice(b"000+00:00");
        }
    }
}

/// Appends a time in quotes.
pub(crate) fn push_quoted(out: &mut Vec<u8>, ms: i64, format: TimeFormat) {
    out.push(b'"');
    push(out, ms, format);
    out.push(b'"');
}

fn digits(out: &mut Vec<u8>, value: u32, width: u32) {
    for place in (0..width).rev() {
        out.push(b'0' + (value / 10u32.pow(place) % 10) as u8);
    }
}

/// Returns the time `ms` after the epoch; the epoch if it is out of range.
pub(crate) fn timestamp(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or_default()
}

/// Returns the days since the epoch. Not computed with timestamps, which do not exist for the last days of the
/// calendar.
pub(crate) fn day_number(date: Date) -> i32 {
    date.duration_since(EPOCH).as_hours() as i32 / 24
}

/// Returns the date `day_number` days after the epoch.
pub(crate) fn date(day_number: i32) -> Date {
    Offset::UTC
        .to_datetime(timestamp(i64::from(day_number) * DAY))
        .date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_formatted_as_recorded() {
        let text = |ms, format| {
            let mut out = Vec::new();
            push(&mut out, ms, format);
            String::from_utf8(out).unwrap()
        };
        let ms = 1_641_387_141_890;
        assert_eq!(text(ms, TimeFormat::Atom), "2022-01-05T12:52:21+00:00");
        assert_eq!(
            text(ms, TimeFormat::ShortOffset),
            "2022-01-05T12:52:21.890+00"
        );
        assert_eq!(text(ms, TimeFormat::Space), "2022-01-05 12:52:21.89+00");
        assert_eq!(text(ms - 890, TimeFormat::Space), "2022-01-05 12:52:21+00");
        assert_eq!(
            text(ms, TimeFormat::Microseconds),
            "2022-01-05T12:52:21.890000+00:00"
        );
    }

    #[test]
    fn days_are_counted_from_the_epoch() {
        assert_eq!(day_number(jiff::civil::date(2022, 1, 1)), 18_993);
        assert_eq!(date(18_993), jiff::civil::date(2022, 1, 1));
        assert_eq!(day_number(jiff::civil::date(1969, 12, 31)), -1);
        assert_eq!(day_number(jiff::civil::date(0, 1, 1)), -719_528);
    }

    #[test]
    fn the_first_and_last_day_of_the_calendar_have_numbers() {
        assert_eq!(day_number(Date::MAX), 2_932_896);
        assert_eq!(day_number(Date::MIN), -4_371_587);
    }
}
