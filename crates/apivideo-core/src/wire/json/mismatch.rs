//! The error of decoding a tree.

use std::fmt;

use serde::de::{self, Unexpected};

/// The reason why a value could not be decoded. It does not contain the value, which may be personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    pub(super) reason: String,
    /// Innermost first.
    pub(super) path: Vec<String>,
    /// The missing required field.
    pub(super) missing: Option<&'static str>,
    /// A field was found that cannot take its value, so that decoding is retried without it.
    pub(super) is_rejected: bool,
}

impl Mismatch {
    fn new(reason: String) -> Self {
        Self {
            reason,
            path: Vec::new(),
            missing: None,
            is_rejected: false,
        }
    }

    /// Returns the path of the value, such as `session.metadata[0].key`. The path of the whole value is empty.
    ///
    /// ```
    /// use apivideo_core::types::Session;
    /// use apivideo_core::wire::{Object, json};
    ///
    /// let (value, _) = json::parse(br#"{"session": {"sessionId": []}}"#)?;
    /// let mismatch = json::decode::<Object<Session>>(&value, &[]).unwrap_err();
    /// assert_eq!(mismatch.path(), "session.sessionId");
    /// assert_eq!(mismatch.to_string(), "invalid type: an array, expected a string");
    /// # Ok::<(), json::Damage>(())
    /// ```
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::new();
        for part in self.path.iter().rev() {
            if !path.is_empty() && !part.starts_with('[') {
                path.push('.');
            }
            path.push_str(part);
        }
        path
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Mismatch {}

impl de::Error for Mismatch {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        let kind = kind(unexpected);
        Self::new(format!("invalid type: {kind}, expected {expected}"))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        let kind = kind(unexpected);
        Self::new(format!("invalid value: {kind}, expected {expected}"))
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::new("unknown variant".to_owned())
    }

    fn missing_field(field: &'static str) -> Self {
        Self {
            missing: Some(field),
            ..Self::new(format!("missing field `{field}`"))
        }
    }
}

fn kind(unexpected: Unexpected<'_>) -> &'static str {
    match unexpected {
        Unexpected::Bool(_) => "a boolean",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "a number",
        Unexpected::Str(_) | Unexpected::Char(_) => "a string",
        Unexpected::Unit | Unexpected::Option => "null",
        Unexpected::Seq => "an array",
        Unexpected::Map => "an object",
        Unexpected::NewtypeStruct => "a number or boolean",
        _ => "another value",
    }
}
