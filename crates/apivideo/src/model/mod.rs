//! What lists give: sessions, events, videos, live streams, measurements.
//!
//! "Not known" is `None`, however the service says it: `"unknown"`, `null`, `[]` for an object, or nothing.
//! Fields that this crate does not know, and values of another type than a field has, are kept in `extra` under the
//! service's own names. A number or boolean reads as the text of a field of text, a numeric text as the number of a field of
//! numbers, and metadata may be an object. A number whose digits `u64`, `i64` and `f64` cannot hold is kept as a string. Everything serializes as the service names and nests it, times in RFC 3339 UTC,
//! and reads back equal.

mod aggregate;
mod asset;
mod event;
mod session;

use apivideo_core::wire::DateTime;
use apivideo_core::wire::json::{self, Json};
pub use apivideo_core::wire::{Extra, Text};
use jiff::Timestamp;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serializer};

pub use aggregate::{Bucket, MetricValue, Point};
pub use asset::{LiveStream, Video};
pub use event::{Event, Moment, OtherEvent, Seek};
pub use session::{Device, Location, Metadata, OperatingSystem, Program, Referrer, Session};

/// What a schema says of an [`Extra`].
#[cfg(feature = "schemars")]
type Unknown = serde_json::Map<String, serde_json::Value>;

/// The service's word for what it does not know, in replies of every year.
const UNKNOWN: &str = "unknown";

/// Takes out a text that says that it is not known.
#[inline]
fn forget_unknown(text: &mut Option<Text>) {
    if text.as_deref() == Some(UNKNOWN) {
        *text = None;
    }
}

/// An instant; the text of one that can't be read goes to `extra`.
#[inline]
fn instant(time: Option<DateTime>, name: &str, extra: &mut Extra) -> Option<Timestamp> {
    match time? {
        DateTime::Known(instant) => Some(instant),
        DateTime::Unreadable(text) => {
            extra.insert(name, text);
            None
        }
    }
}

/// Writes an instant in RFC 3339, in UTC.
#[expect(clippy::ref_option, reason = "the form that serde asks for")]
fn rfc3339<S: Serializer>(time: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serializer.collect_str(time),
        None => serializer.serialize_none(),
    }
}

/// Writes a number without a fraction where it has none, as the service does.
#[expect(clippy::ref_option, reason = "the form that serde asks for")]
fn number<S: Serializer>(number: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    /// Whole numbers up to here are exact in both types.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match number {
        #[expect(clippy::cast_possible_truncation, reason = "whole and in bounds")]
        Some(number) if number.fract() == 0.0 && number.abs() <= EXACT => {
            serializer.serialize_i64(*number as i64)
        }
        Some(number) => serializer.serialize_f64(*number),
        None => serializer.serialize_none(),
    }
}

/// A model, of the generated type. Where that has an id, it was looked at before.
pub(crate) trait FromWire<W> {
    /// Required strings of the generated type that may be missing: they are empty then.
    const OPTIONAL: &[&str] = &[];

    fn from_wire(wire: W) -> Self;
}

/// `TryFrom` the generated type, whose id is looked at if it has one.
macro_rules! try_from_wire {
    ($name:ident, $wire:ty $(, $id:ident from $($field:ident).+)?) => {
        impl TryFrom<apivideo_core::wire::Object<$wire>> for $name {
            type Error = crate::error::Error;

            fn try_from(wire: apivideo_core::wire::Object<$wire>) -> Result<Self, Self::Error> {
                $($id::check(&wire.$($field).+)?;)?
                Ok(crate::model::FromWire::from_wire(wire))
            }
        }
    };
}
use try_from_wire;

/// `Deserialize` by way of the generated type: one mapping for the wire and for what was stored. It is as lenient with
/// mistyped fields as the wire, since what was stored may have some.
macro_rules! deserialize_as_wire {
    ($name:ident, $wire:ty $(, $optional:literal)?) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let wire: apivideo_core::wire::Object<$wire> =
                    crate::model::decode(deserializer, &[$($optional)?])?;
                Self::try_from(wire).map_err(serde::de::Error::custom)
            }
        }
    };
}
use deserialize_as_wire;

fn decode<'de, D: Deserializer<'de>, W: DeserializeOwned>(
    deserializer: D,
    optional: &[&'static str],
) -> Result<W, D::Error> {
    let value = Json::deserialize(deserializer)?;
    json::decode(&value, optional).map_err(|mismatch| {
        let path = mismatch.path();
        let place = if path.is_empty() {
            String::new()
        } else {
            format!(" at `{path}`")
        };
        D::Error::custom(format_args!("{mismatch}{place}"))
    })
}
