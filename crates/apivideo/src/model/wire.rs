//! Conversion between models and the generated types, in both directions.

use apivideo_core::wire::json::{self, Json};
use apivideo_core::wire::{DateTime, Extra, Text};
use jiff::Timestamp;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serializer};

/// The schema of an [`Extra`].
#[cfg(feature = "schemars")]
pub(super) type ExtraSchema = serde_json::Map<String, serde_json::Value>;

/// The string that the service sends for values that it does not know.
const UNKNOWN: &str = "unknown";

/// Replaces a string that means "not known" by `None`.
#[inline]
pub(super) fn unknown_to_none(string: &mut Option<Text>) {
    if string.as_deref() == Some(UNKNOWN) {
        *string = None;
    }
}

/// Returns an instant. The string of an unreadable one is moved to `extra`.
#[inline]
pub(super) fn instant(time: Option<DateTime>, name: &str, extra: &mut Extra) -> Option<Timestamp> {
    match time? {
        DateTime::Known(instant) => Some(instant),
        DateTime::Unreadable(string) => {
            extra.insert(name, string);
            None
        }
    }
}

/// Serializes an instant in RFC 3339 in UTC.
#[expect(clippy::ref_option, reason = "the signature that serde requires")]
pub(super) fn rfc3339<S: Serializer>(
    time: &Option<Timestamp>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serializer.collect_str(time),
        None => serializer.serialize_none(),
    }
}

/// Serializes a whole number without a fraction, as the service does.
#[expect(clippy::ref_option, reason = "the signature that serde requires")]
pub(super) fn number<S: Serializer>(
    number: &Option<f64>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    /// Up to this magnitude, whole numbers are exact in both types.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match number {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the number is whole and in range"
        )]
        Some(number) if number.fract() == 0.0 && number.abs() <= EXACT => {
            serializer.serialize_i64(*number as i64)
        }
        Some(number) => serializer.serialize_f64(*number),
        None => serializer.serialize_none(),
    }
}

/// Conversion from a generated type. If it has an identifier, the caller has checked it.
pub(crate) trait FromWire<W> {
    /// Required strings of the generated type that can be missing. They become empty strings.
    const OPTIONAL: &[&str] = &[];

    fn from_wire(wire: W) -> Self;
}

/// Implements conversion from a generated type whose identifier is not checked yet, and `Deserialize` through the generated type:
/// the same conversion serves responses and stored JSON, and is equally tolerant of both.
macro_rules! model {
    ($name:ident from $wire:ty $(, id: $id:ident at $($field:ident).+)? $(, optional: $optional:literal)?) => {
        impl $name {
            /// Converts the generated type, and checks the identifier if there is one.
            pub(crate) fn try_from_wire(
                wire: apivideo_core::wire::Object<$wire>,
            ) -> crate::error::Result<Self> {
                $($id::check(&wire.$($field).+)?;)?
                Ok(crate::model::wire::FromWire::from_wire(wire))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let wire: apivideo_core::wire::Object<$wire> =
                    crate::model::wire::decode(deserializer, &[$($optional)?])?;
                Self::try_from_wire(wire).map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(super) use model;

/// Decodes a generated type tolerantly, from any format.
pub(super) fn decode<'de, D: Deserializer<'de>, W: DeserializeOwned>(
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
