//! Dates and times in all formats that the service has used.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::Offset;
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// A point in time, or the text that could not be parsed as one.
///
/// ```
/// use apivideo_core::wire::DateTime;
///
/// let recorded: DateTime = serde_json::from_str(r#""2018-07-31 15:17:49.822+02""#)?;
/// assert_eq!(recorded.to_string(), "2018-07-31T13:17:49.822+00:00");
///
/// let odd: DateTime = serde_json::from_str(r#""yesterday""#)?;
/// assert_eq!(odd, DateTime::Unreadable("yesterday".to_owned()));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateTime {
    /// A point in time.
    Known(Timestamp),
    /// A text in an unknown format, unchanged.
    Unreadable(String),
}

impl DateTime {
    /// Returns the point in time, if the text could be parsed.
    ///
    /// ```
    /// use apivideo_core::wire::DateTime;
    ///
    /// let Ok(known) = "2021-01-05T12:52:21+00:00".parse::<DateTime>();
    /// assert_eq!(known.timestamp(), Some(jiff::Timestamp::constant(1_609_851_141, 0)));
    /// ```
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        match self {
            Self::Known(timestamp) => Some(*timestamp),
            Self::Unreadable(_) => None,
        }
    }

    /// Returns the text, if it could not be parsed.
    ///
    /// ```
    /// use apivideo_core::wire::DateTime;
    ///
    /// let Ok(odd) = "yesterday".parse::<DateTime>();
    /// assert_eq!(odd.unreadable(), Some("yesterday"));
    /// ```
    #[must_use]
    pub fn unreadable(&self) -> Option<&str> {
        match self {
            Self::Known(_) => None,
            Self::Unreadable(text) => Some(text),
        }
    }
}

impl From<Timestamp> for DateTime {
    fn from(timestamp: Timestamp) -> Self {
        Self::Known(timestamp)
    }
}

/// Never fails: an unknown format is kept as [`DateTime::Unreadable`].
impl FromStr for DateTime {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(read(text).map_or_else(|| Self::Unreadable(text.to_owned()), Self::Known))
    }
}

/// Formats as the service does, `2024-02-05T00:00:00+00:00`, with a fraction if there is one.
impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(timestamp) => timestamp.display_with_offset(Offset::UTC).fmt(f),
            Self::Unreadable(text) => f.write_str(text),
        }
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(_) => serializer.collect_str(self),
            Self::Unreadable(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(DateTimeVisitor)
    }
}

struct DateTimeVisitor;

impl Visitor<'_> for DateTimeVisitor {
    type Value = DateTime;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date and time as a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<DateTime, E> {
        let Ok(date_time) = text.parse();
        Ok(date_time)
    }
}

/// Parses all known formats, the common one first.
fn read(text: &str) -> Option<Timestamp> {
    common_format(text.as_bytes())
        .or_else(|| flexible_format(text))
        .or_else(|| offset_after_hour(text))
}

/// Parses `2021-01-05T12:52:21+00:00`, with digits in fixed positions.
fn common_format(text: &[u8]) -> Option<Timestamp> {
    let text: &[u8; 25] = text.try_into().ok()?;
    let is_marked = [text[4], text[7], text[10], text[13], text[16]] == *b"--T::";
    if !is_marked || text[19..] != *b"+00:00" {
        return None;
    }
    let pair = |at: usize| two_digits(text[at], text[at + 1]);
    let year = i16::from(pair(0)?) * 100 + i16::from(pair(2)?);
    let (month, day) = (pair(5)?, pair(8)?);
    let (hour, minute, second) = (pair(11)?, pair(14)?, pair(17)?);
    let civil = civil::DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    Offset::UTC.to_timestamp(civil).ok()
}

/// Converts two digits to a number.
#[inline]
fn two_digits(tens: u8, ones: u8) -> Option<i8> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| (tens * 10 + ones).cast_signed())
}

/// Parses a date, `T` or a space, a time of any precision, and an offset or `Z`.
///
/// jiff parses these formats too; its parser would be a sixth of the code that the facade adds to an application.
fn flexible_format(text: &str) -> Option<Timestamp> {
    let mut rest = Rest(text.as_bytes());
    let year = rest.year()?;
    rest.one_of(b"-")?;
    let month = rest.pair()?;
    rest.one_of(b"-")?;
    let day = rest.pair()?;
    rest.one_of(b"Tt ")?;
    let hour = rest.pair()?;
    let (mut minute, mut second, mut nanosecond) = (0, 0, 0);
    if rest.one_of(b":").is_some() {
        minute = rest.pair()?;
        if rest.one_of(b":").is_some() {
            // A leap second is read as the second before it.
            second = match rest.pair()? {
                60 => 59,
                second => second,
            };
            if rest.one_of(b".,").is_some() {
                nanosecond = rest.fraction()?;
            }
        }
    }
    let offset = rest.offset()?;
    let civil = civil::DateTime::new(year, month, day, hour, minute, second, nanosecond).ok()?;
    (rest.0.is_empty()).then(|| offset.to_timestamp(civil).ok())?
}

/// The unparsed rest of a text.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    /// Consumes the next byte if it is one of `wanted`.
    fn one_of(&mut self, wanted: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        wanted.contains(first).then(|| self.0 = rest)?;
        Some(*first)
    }

    fn pair(&mut self) -> Option<i8> {
        let (pair, rest) = self.0.split_first_chunk::<2>()?;
        self.0 = rest;
        two_digits(pair[0], pair[1])
    }

    /// Parses four digits, or six after a sign.
    fn year(&mut self) -> Option<i16> {
        let sign = self.one_of(b"+-");
        let mut year = 0;
        for _ in 0..if sign.is_some() { 3 } else { 2 } {
            year = year * 100 + i32::from(self.pair()?);
        }
        match sign {
            Some(b'-') if year == 0 => None,
            Some(b'-') => i16::try_from(-year).ok(),
            _ => i16::try_from(year).ok(),
        }
    }

    /// Parses one to nine digits as nanoseconds.
    fn fraction(&mut self) -> Option<i32> {
        let (mut nanosecond, mut unit) = (0, 1_000_000_000);
        while let Some(digit) = self.one_of(b"0123456789") {
            unit /= 10;
            nanosecond += i32::from(digit - b'0') * unit;
            if unit == 0 {
                return None;
            }
        }
        (unit < 1_000_000_000).then_some(nanosecond)
    }

    /// Parses `Z`, `+02`, `+02:00` or `+0200`.
    fn offset(&mut self) -> Option<Offset> {
        let sign = match self.one_of(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Some(Offset::UTC),
        };
        let hours = i32::from(self.pair()?);
        let minutes = match self.one_of(b":") {
            None if self.0.is_empty() => 0,
            _ => i32::from(self.pair().filter(|minutes| *minutes < 60)?),
        };
        Offset::from_seconds(sign * (hours * 3_600 + minutes * 60)).ok()
    }
}

/// Parses `2024-05-29T07+00:00:00:00`, with the offset after the hour, which the service has sent.
fn offset_after_hour(text: &str) -> Option<Timestamp> {
    let (hour, rest) = text.split_at_checked(13)?;
    let (offset, minutes) = rest.split_at_checked(6)?;
    if !offset.starts_with(['+', '-']) || minutes.len() != 6 {
        return None;
    }
    flexible_format(&format!("{hour}{minutes}{offset}"))
}

#[cfg(test)]
mod tests;
