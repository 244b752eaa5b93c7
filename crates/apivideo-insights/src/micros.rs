//! Positions and times as whole microseconds, so that sums are exact in any order.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// Converts seconds, rounded to the nearest microsecond. Values beyond 100 years saturate.
pub(crate) fn from_seconds(seconds: f64) -> i64 {
    const MAX: f64 = 3.2e15;
    (seconds * 1e6).round().clamp(-MAX, MAX) as i64
}

pub(crate) fn to_seconds(micros: i64) -> f64 {
    micros as f64 / 1e6
}

/// Converts an instant; one that is out of range becomes the first or last timestamp.
pub(crate) fn to_timestamp(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(match micros < 0 {
        true => Timestamp::MIN,
        false => Timestamp::MAX,
    })
}

/// Returns the date of a day since the Unix epoch, in UTC.
pub(crate) fn to_date(day: i64) -> Date {
    let at = to_timestamp(day.saturating_mul(DAY));
    TimeZone::UTC.to_datetime(at).date()
}
