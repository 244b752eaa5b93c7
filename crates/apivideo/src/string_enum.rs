//! Enums whose values are strings of the service, from one macro.

use std::fmt;

use apivideo_core::wire::Text;
use serde::{Serialize, Serializer};

use crate::error::{Error, Result};

/// The maximum length in bytes of a value that this version of the crate does not name.
const MAX_LENGTH: usize = 64;

/// A value of an open enum that this version of the crate does not name.
///
/// It is created by the `other` function of the enum, or comes from a response.
///
/// ```
/// use apivideo::aggregates::SeriesMetric;
///
/// match SeriesMetric::other("rebuffer")? {
///     SeriesMetric::Other(value) => assert_eq!(value.as_str(), "rebuffer"),
///     known => println!("{known}"),
/// }
/// # Ok::<(), apivideo::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OtherValue(Text);

impl OtherValue {
    /// Returns the value as a string.
    ///
    /// ```
    /// # use apivideo::aggregates::Breakdown;
    /// if let Breakdown::Other(value) = Breakdown::other("player-version")? {
    ///     assert_eq!(value.as_str(), "player-version");
    /// }
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Wraps a value that is not among the known ones.
    pub(crate) fn new(value: impl Into<Text>) -> Self {
        Self(value.into())
    }
}

impl Serialize for OtherValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl fmt::Debug for OtherValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for OtherValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Returns the error for a string that is not a known value.
pub(crate) fn unknown(what: &str, value: &str, known: &[&str]) -> Error {
    let expected = match known {
        [values @ .., last] if !values.is_empty() => format!("{} or {last}", values.join(", ")),
        _ => known.join(", "),
    };
    invalid(what, value, &format!("expected {expected}"))
}

fn invalid(what: &str, value: &str, reason: &str) -> Error {
    let shown: String = value.chars().take(MAX_LENGTH).collect();
    Error::input(format!("invalid {what} {shown:?}: {reason}"))
}

/// Checks a value that becomes a segment of a path or a parameter of a query.
pub(crate) fn check_parameter(what: &str, value: &str) -> Result<()> {
    let is_valid = (1..=MAX_LENGTH).contains(&value.len())
        && value.starts_with(|c: char| c.is_ascii_alphanumeric())
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if is_valid {
        return Ok(());
    }
    let reason = format!(
        "expected 1 to {MAX_LENGTH} letters, digits, \"-\", \"_\" and \".\", beginning with a letter or digit"
    );
    Err(invalid(what, value, &reason))
}

/// Checks a value that becomes two segments of a path.
pub(crate) fn check_segments(what: &str, value: &str) -> Result<()> {
    let Some((first, second)) = value.split_once('/') else {
        return Err(invalid(what, value, "expected METRIC/AGGREGATION"));
    };
    check_parameter(what, first)?;
    check_parameter(what, second)
}

/// Defines an enum whose values are strings.
///
/// - `closed`: a fixed set of values.
/// - `open`: values of a request that the service can extend. `FromStr` accepts known values only; `other` accepts any value.
///   With `checked by`, `other` is written by hand.
/// - `received`: values of a response that the service can extend. Every string is accepted.
macro_rules! string_enum {
    (
        $(#[$doc:meta])*
        closed $name:ident, $what:literal {
            $($(#[$variant_doc:meta])* $variant:ident = $value:literal,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// All values.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the value as a string.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $value,)*
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::error::Error;

            fn from_str(value: &str) -> $crate::error::Result<Self> {
                match value {
                    $($value => Ok(Self::$variant),)*
                    _ => Err($crate::string_enum::unknown($what, value, &[$($value),*])),
                }
            }
        }

        string_enum!(@traits $name, std::str::FromStr::from_str, { "enum": [$($value),*] });
    };
    (
        $(#[$doc:meta])*
        open $name:ident, $what:literal $variants:tt
    ) => {
        string_enum! {
            $(#[$doc])*
            open $name, $what, checked by $crate::string_enum::check_parameter, $variants
        }

        impl $name {
            /// Returns the variant of a known value, or [`Other`](Self::Other) for a value that this version of the crate does
            /// not name.
            ///
            /// # Errors
            /// Returns an error of kind [`Input`](crate::ErrorKind::Input) unless the value consists of 1 to 64 letters, digits,
            /// `-`, `_` and `.`, beginning with a letter or digit.
            pub fn other(value: impl AsRef<str>) -> $crate::error::Result<Self> {
                Self::from_any(value.as_ref())
            }
        }
    };
    (
        $(#[$doc:meta])*
        open $name:ident, $what:literal, checked by $check:path, {
            $($(#[$variant_doc:meta])* $variant:ident = $value:literal,)*
        }
    ) => {
        string_enum!(@open $(#[$doc])* $name { $($(#[$variant_doc])* $variant = $value,)* });

        impl $name {
            /// Returns the variant of a value, known or not.
            fn from_any(value: &str) -> $crate::error::Result<Self> {
                match value {
                    $($value => Ok(Self::$variant),)*
                    _ => {
                        $check($what, value)?;
                        Ok(Self::Other($crate::string_enum::OtherValue::new(value)))
                    }
                }
            }
        }

        /// Accepts known values only.
        impl std::str::FromStr for $name {
            type Err = $crate::error::Error;

            fn from_str(value: &str) -> $crate::error::Result<Self> {
                match value {
                    $($value => Ok(Self::$variant),)*
                    _ => Err($crate::string_enum::unknown($what, value, &[$($value),*])),
                }
            }
        }

        string_enum!(@traits $name, Self::from_any, {});
    };
    (
        $(#[$doc:meta])*
        received $name:ident {
            $($(#[$variant_doc:meta])* $variant:ident = $value:literal,)*
        }
    ) => {
        string_enum!(@open $(#[$doc])* $name { $($(#[$variant_doc])* $variant = $value,)* });

        impl $name {
            /// Returns the variant of a known value, or [`Other`](Self::Other) for any other string.
            ///
            /// # Errors
            /// None: every string is a valid value.
            pub fn other(value: impl AsRef<str>) -> $crate::error::Result<Self> {
                Ok(Self::received(value.as_ref().into()))
            }

            /// Returns the variant of a string of a response.
            pub(crate) fn received(value: apivideo_core::wire::Text) -> Self {
                match value.as_str() {
                    $($value => Self::$variant,)*
                    _ => Self::Other($crate::string_enum::OtherValue::new(value)),
                }
            }
        }

        /// Accepts every string.
        impl std::str::FromStr for $name {
            type Err = $crate::error::Error;

            fn from_str(value: &str) -> $crate::error::Result<Self> {
                Self::other(value)
            }
        }

        string_enum!(@traits $name, Self::other, {});
    };
    (
        @open $(#[$doc:meta])* $name:ident {
            $($(#[$variant_doc:meta])* $variant:ident = $value:literal,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
            /// A value that this version of the crate does not name.
            Other($crate::string_enum::OtherValue),
        }

        impl $name {
            /// The values that this version of the crate names.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the value as the service spells it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Other(value) => value.as_str(),
                }
            }
        }
    };
    (@traits $name:ident, $parse:path, $schema:tt) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                let value = <apivideo_core::wire::Text as serde::Deserialize>::deserialize(deserializer)?;
                $parse(value.as_str()).map_err(serde::de::Error::custom)
            }
        }

        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let mut schema = schemars::json_schema!($schema);
                schema.insert("type".to_owned(), "string".into());
                schema
            }
        }
    };
}
pub(crate) use string_enum;

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macro defines public enums")]
mod tests;
