//! Identifiers, parsed once and safe in a path.

use std::fmt;
use std::str::FromStr;

use apivideo_core::wire::Text;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Error;

/// The longest identifier that is taken; the service's own have 22 to 24 characters.
const MAX_LENGTH: usize = 64;

/// Whether `text` can be an identifier of any kind.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=MAX_LENGTH).contains(&text.len())
        // All of them: a way out at each byte would cost more than it saves.
        && text.bytes().fold(true, |may, byte| may & MAY_HOLD[usize::from(byte)])
        && text != "plays"
}

/// The bytes that an identifier may hold: a table, since every item of a list has one.
const MAY_HOLD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        let is_sign = byte == b'-' || byte == b'_';
        table[byte as usize] = byte.is_ascii_alphanumeric() || is_sign;
        byte += 1;
    }
    table
};

/// Why `text` is no identifier of the kind `what`.
fn check(what: &str, text: &str) -> Result<(), Error> {
    if is_id(text) {
        return Ok(());
    }
    let why = if text.is_empty() {
        "it is empty".to_owned()
    } else if text.len() > MAX_LENGTH {
        format!("it has more than {MAX_LENGTH} characters")
    } else if let Some(bad) = text
        .chars()
        .find(|c| !c.is_ascii_alphanumeric() && !"-_".contains(*c))
    {
        format!("it holds {bad:?}")
    } else {
        "it is another route of the service".to_owned()
    };
    let shown: String = text.chars().take(MAX_LENGTH).collect();
    Err(Error::input(format!(
        "{shown:?} is no {what} id: {why}; ids are letters, digits, \"-\" and \"_\", as the service gives them"
    )))
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $example:literal) => {
        $(#[$doc])*
        ///
        /// Letters, digits, `-` and `_`, at most 64 of them, so that it can never leave its segment
        /// of a path. Neither prefix nor exact length is checked: both have changed over the years.
        ///
        /// ```
        #[doc = concat!("let id: apivideo::", stringify!($name), " = \"", $example, "\".parse()?;")]
        #[doc = concat!("assert_eq!(id.to_string(), \"", $example, "\");")]
        #[doc = concat!("assert!(\"../videos\".parse::<apivideo::", stringify!($name), ">().is_err());")]
        /// # Ok::<(), apivideo::Error>(())
        /// ```
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Text);

        impl $name {
            /// The identifier as the service writes it.
            ///
            /// ```
            #[doc = concat!("let id: apivideo::", stringify!($name), " = \"", $example, "\".parse()?;")]
            #[doc = concat!("assert_eq!(id.as_str(), \"", $example, "\");")]
            /// # Ok::<(), apivideo::Error>(())
            /// ```
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl $name {
            /// Why `text` is none, if so.
            pub(crate) fn check(text: &str) -> Result<(), Error> {
                check($what, text)
            }

            /// Of a text that was looked at by [`is_id`] or [`check`](Self::check).
            pub(crate) fn checked(text: Text) -> Self {
                Self(text)
            }
        }

        impl TryFrom<Text> for $name {
            type Error = Error;

            fn try_from(text: Text) -> Result<Self, Error> {
                Self::check(&text)?;
                Ok(Self(text))
            }
        }

        impl TryFrom<String> for $name {
            type Error = Error;

            fn try_from(text: String) -> Result<Self, Error> {
                Text::from(text).try_into()
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                Text::from(text).try_into()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:?})", stringify!($name), self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::try_from(Text::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }

        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "pattern": "^[A-Za-z0-9_-]{1,64}$",
                })
            }
        }
    };
}

id!(
    /// The identifier of a video.
    VideoId, "video", "vi4k0jvEUuaTdRAEjQ4Prklg"
);
id!(
    /// The identifier of a live stream.
    LiveStreamId, "live stream", "li4k0jvEUuaTdRAEjQ4Jfrgz"
);
id!(
    /// The identifier of a player session.
    SessionId, "session", "psEmFwGQUAXR2lFHj5nDOpy"
);

/// A video or a live stream, by its id.
///
/// ```
/// use apivideo::{AssetId, VideoId};
///
/// let id: VideoId = "vi4k0jvEUuaTdRAEjQ4Prklg".parse()?;
/// let asset = AssetId::from(id);
/// assert_eq!(asset.to_string(), "video vi4k0jvEUuaTdRAEjQ4Prklg");
/// assert_eq!(serde_json::to_string(&asset)?, r#"{"videoId":"vi4k0jvEUuaTdRAEjQ4Prklg"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum AssetId {
    /// A video.
    #[serde(rename = "videoId")]
    Video(VideoId),
    /// A live stream.
    #[serde(rename = "liveStreamId")]
    LiveStream(LiveStreamId),
}

impl From<VideoId> for AssetId {
    fn from(id: VideoId) -> Self {
        Self::Video(id)
    }
}

impl From<LiveStreamId> for AssetId {
    fn from(id: LiveStreamId) -> Self {
        Self::LiveStream(id)
    }
}

impl From<&VideoId> for AssetId {
    fn from(id: &VideoId) -> Self {
        Self::Video(id.clone())
    }
}

impl From<&LiveStreamId> for AssetId {
    fn from(id: &LiveStreamId) -> Self {
        Self::LiveStream(id.clone())
    }
}

impl From<&AssetId> for AssetId {
    fn from(id: &AssetId) -> Self {
        id.clone()
    }
}

impl fmt::Display for AssetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Video(id) => write!(f, "video {id}"),
            Self::LiveStream(id) => write!(f, "live stream {id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_every_length_and_prefix_are_taken() {
        for text in [
            "vi4k0jvEUuaTdRAEjQ4Prklg",
            "psEmFwGQUAXR2lFHj5nDOpy",
            "sessionId",
            "a",
            "x-y_z",
        ] {
            assert_eq!(text.parse::<SessionId>().unwrap().as_str(), text);
        }
    }

    #[test]
    fn what_could_leave_its_segment_is_refused_with_the_reason() {
        let long = "a".repeat(65);
        for (text, why) in [
            ("", "it is empty"),
            ("..", "it holds '.'"),
            ("a/b", "it holds '/'"),
            ("a\\b", "it holds '\\\\'"),
            ("a?b", "it holds '?'"),
            ("a%2e", "it holds '%'"),
            ("vié", "it holds 'é'"),
            ("plays", "it is another route"),
            (long.as_str(), "more than 64"),
        ] {
            let error = text.parse::<VideoId>().unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
            assert!(error.contains("is no video id"), "{error}");
        }
    }

    #[test]
    fn ids_travel_through_serde_checked() {
        let id: LiveStreamId = serde_json::from_str("\"li400\"").unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"li400\"");
        assert!(serde_json::from_str::<LiveStreamId>("\"li/400\"").is_err());
    }
}
