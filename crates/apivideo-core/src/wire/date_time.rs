//! Dates and times in all the forms that the service has used.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::Offset;
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// An instant, or the text that could not be read as one.
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
    /// An instant.
    Known(Timestamp),
    /// A text that is no instant in any form we know, as it came.
    Unreadable(String),
}

impl DateTime {
    /// The instant, where it could be read.
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

    /// The text, where it could not be read.
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

/// Never fails: what cannot be read is kept.
impl FromStr for DateTime {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(read(text).map_or_else(|| Self::Unreadable(text.to_owned()), Self::Known))
    }
}

/// The form that the service asks for and gives, `2024-02-05T00:00:00+00:00`, with a fraction if there is one.
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
        deserializer.deserialize_str(Text)
    }
}

struct Text;

impl Visitor<'_> for Text {
    type Value = DateTime;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date and time as text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<DateTime, E> {
        let Ok(date_time) = text.parse();
        Ok(date_time)
    }
}

/// All the forms on record, the usual one first.
fn read(text: &str) -> Option<Timestamp> {
    usual(text.as_bytes())
        .or_else(|| text.parse().ok())
        .or_else(|| offset_inside(text))
}

/// `2021-01-05T12:52:21+00:00`: nothing but digits in fixed places.
fn usual(text: &[u8]) -> Option<Timestamp> {
    let text: &[u8; 25] = text.try_into().ok()?;
    let is_marked = [text[4], text[7], text[10], text[13], text[16]] == *b"--T::";
    if !is_marked || text[19..] != *b"+00:00" {
        return None;
    }
    let pair = |at: usize| {
        let (tens, ones) = (text[at].wrapping_sub(b'0'), text[at + 1].wrapping_sub(b'0'));
        (tens < 10 && ones < 10).then(|| (tens * 10 + ones).cast_signed())
    };
    let year = i16::from(pair(0)?) * 100 + i16::from(pair(2)?);
    let (month, day) = (pair(5)?, pair(8)?);
    let (hour, minute, second) = (pair(11)?, pair(14)?, pair(17)?);
    let civil = civil::DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    Offset::UTC.to_timestamp(civil).ok()
}

/// `2024-05-29T07+00:00:00:00`: the offset has slipped behind the hour.
fn offset_inside(text: &str) -> Option<Timestamp> {
    let (hour, rest) = text.split_at_checked(13)?;
    let (offset, minutes) = rest.split_at_checked(6)?;
    if !offset.starts_with(['+', '-']) || minutes.len() != 6 {
        return None;
    }
    format!("{hour}{minutes}{offset}").parse().ok()
}

#[cfg(test)]
mod tests;
