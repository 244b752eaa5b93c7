//! The difference between this machine's clock and the service's.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{DATE, HeaderMap};

use crate::transport::clock::Clock;

/// No response with a readable `Date` has arrived.
const UNKNOWN: i64 = i64::MIN;

/// This machine's clock minus the service's in milliseconds, by the newest response.
#[derive(Debug)]
pub(crate) struct Skew(AtomicI64);

impl Default for Skew {
    fn default() -> Self {
        Self(AtomicI64::new(UNKNOWN))
    }
}

impl Skew {
    /// Records the `Date` header of a response that was received.
    pub(crate) fn record(&self, headers: &HeaderMap, clock: &dyn Clock) {
        if let Some(date) = headers
            .get(DATE)
            .and_then(|date| http_date(date.as_bytes()))
        {
            let millis = clock.wall().as_millisecond() - date.as_millisecond();
            self.0.store(millis, Ordering::Relaxed);
        }
    }

    pub(crate) fn get(&self) -> Option<SignedDuration> {
        match self.0.load(Ordering::Relaxed) {
            UNKNOWN => None,
            millis => Some(SignedDuration::from_millis(millis)),
        }
    }
}

/// Parses `Sun, 06 Nov 1994 08:49:37 GMT`, the only form that servers may send today. The name of the day is ignored.
pub(crate) fn http_date(text: &[u8]) -> Option<Timestamp> {
    const MONTHS: &[u8; 36] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    let (_, date) = text.trim_ascii().split_first_chunk::<5>()?;
    let date: &[u8; 24] = date.try_into().ok()?;
    let separators = [(2, b' '), (6, b' '), (11, b' '), (14, b':'), (17, b':')];
    if separators.iter().any(|(at, byte)| date[*at] != *byte) || date[20..] != *b" GMT" {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        date[range].iter().try_fold(0_i16, |number, digit| {
            let digit = digit.is_ascii_digit().then(|| i16::from(digit - b'0'))?;
            Some(number * 10 + digit)
        })
    };
    let small = |range| i8::try_from(number(range)?).ok();
    let month = MONTHS.chunks(3).position(|name| *name == date[3..6])?;
    let month = i8::try_from(month + 1).ok()?;
    // A leap second is read as the second before it.
    let second = small(18..20)?.min(59);
    let day = Date::new(number(7..11)?, month, small(0..2)?).ok()?;
    let time = jiff::civil::Time::new(small(12..14)?, small(15..17)?, second, 0).ok()?;
    Offset::UTC.to_timestamp(day.to_datetime(time)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::clock::testing::TestClock;

    fn headers(date: &str) -> HeaderMap {
        [(DATE, date.parse().unwrap())].into_iter().collect()
    }

    #[test]
    fn http_dates_are_parsed_and_others_ignored() {
        let parsed = |text: &str| http_date(text.as_bytes()).map(jiff::Timestamp::as_second);
        assert_eq!(parsed("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(parsed("Thu, 29 Feb 2024 23:59:60 GMT"), Some(1_709_251_199));
        for text in [
            "",
            "Sun",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Now 1994 08:49:37 GMT",
            "Sun, 31 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 06 Nov 1994 08-49-37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun, +6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 GMT and more",
            "1994-11-06T08:49:37Z",
            "caf\u{e9}, 06 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(parsed(text), None, "{text}");
        }
    }

    #[test]
    fn the_newest_response_with_a_date_counts() {
        let (skew, clock) = (Skew::default(), TestClock::new());
        assert_eq!(skew.get(), None);
        clock.set_wall("1994-11-06T08:50:37.250Z".parse().unwrap());
        skew.record(&headers("soon"), &clock);
        assert_eq!(skew.get(), None);
        skew.record(&headers("Sun, 06 Nov 1994 08:49:37 GMT"), &clock);
        let ahead = SignedDuration::from_millis(60_250);
        assert_eq!(skew.get(), Some(ahead));
        skew.record(&headers("soon"), &clock);
        skew.record(&HeaderMap::new(), &clock);
        assert_eq!(skew.get(), Some(ahead));
        skew.record(&headers("Sun, 06 Nov 1994 09:50:37 GMT"), &clock);
        assert_eq!(skew.get(), Some(SignedDuration::from_millis(-3_599_750)));
    }
}
