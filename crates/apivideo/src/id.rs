//! Identifiers of videos, live streams and player sessions.

mod parse;

use std::borrow::Borrow;
use std::fmt;

use apivideo_core::wire::Text;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The maximum length in bytes. The service's own identifiers have 22 to 24.
const MAX_LENGTH: usize = 64;

/// Whether `id` is a valid identifier of any kind.
pub(crate) fn is_id(id: &str) -> bool {
    (1..=MAX_LENGTH).contains(&id.len())
        // Without an early exit: a branch per byte costs more than it saves.
        && id.bytes().fold(true, |valid, byte| valid & VALID_BYTES[usize::from(byte)])
        && id != "plays"
}

/// Whether each byte is valid in an identifier: a table, because every item of a list has one.
const VALID_BYTES: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        let is_punctuation = byte == b'-' || byte == b'_';
        table[byte as usize] = byte.is_ascii_alphanumeric() || is_punctuation;
        byte += 1;
    }
    table
};

/// Returns a message with the reason if `id` is not a valid identifier.
fn invalid(what: &str, id: &str) -> Option<String> {
    if is_id(id) {
        return None;
    }
    let reason = if id.is_empty() {
        "it is empty".to_owned()
    } else if id.len() > MAX_LENGTH {
        format!("it is longer than {MAX_LENGTH} characters")
    } else if let Some(invalid) = id
        .chars()
        .find(|c| !c.is_ascii_alphanumeric() && !"-_".contains(*c))
    {
        format!("it contains {invalid:?}")
    } else {
        "it is reserved for another route of the service".to_owned()
    };
    let shown: String = id.chars().take(MAX_LENGTH).collect();
    Some(format!(
        "invalid {what} id {shown:?}: {reason}; an id consists of letters, digits, \"-\" and \"_\""
    ))
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $example:literal) => {
        $(#[$doc])*
        ///
        /// An identifier consists of 1 to 64 letters, digits, `-` and `_`, so that it is always a single segment of a
        /// path. Prefix and length are not checked beyond that, because both have changed over the years.
        ///
        /// ```
        #[doc = concat!("use apivideo::", stringify!($name), ";")]
        ///
        #[doc = concat!("let id: ", stringify!($name), " = \"", $example, "\".parse()?;")]
        #[doc = concat!("assert_eq!(id.to_string(), \"", $example, "\");")]
        #[doc = concat!("assert!(", stringify!($name), "::new(\"../videos\").is_err());")]
        /// # Ok::<(), apivideo::Error>(())
        /// ```
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Text);

        impl $name {
            /// Returns the identifier as a string.
            ///
            /// ```
            #[doc = concat!("let id = apivideo::", stringify!($name), "::new(\"", $example, "\")?;")]
            #[doc = concat!("assert_eq!(id.as_str(), \"", $example, "\");")]
            /// # Ok::<(), apivideo::Error>(())
            /// ```
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Wraps a string that [`is_id`] or `check` has accepted.
            pub(crate) fn checked(id: Text) -> Self {
                Self(id)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        /// `Eq`, `Ord` and `Hash` agree with those of the string.
        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
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
                let id = Text::deserialize(deserializer)?;
                match invalid($what, &id) {
                    None => Ok(Self(id)),
                    Some(message) => Err(serde::de::Error::custom(message)),
                }
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

/// The identifier of an asset: a video or a live stream, to which sessions belong.
///
/// `Display` and `FromStr` use the forms `video/ID` and `live-stream/ID`. It serializes as an object with the name that the
/// service uses for the identifier.
///
/// ```
/// use apivideo::{AssetId, VideoId};
///
/// let asset = AssetId::from(VideoId::new("vi4k0jvEUuaTdRAEjQ4Prklg")?);
/// assert_eq!(asset.to_string(), "video/vi4k0jvEUuaTdRAEjQ4Prklg");
/// assert_eq!("video/vi4k0jvEUuaTdRAEjQ4Prklg".parse::<AssetId>()?, asset);
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

impl AssetId {
    /// Returns the identifier without its kind.
    ///
    /// ```
    /// let asset: apivideo::AssetId = "live-stream/li4k0jvEUuaTdRAEjQ4Jfrgz".parse()?;
    /// assert_eq!(asset.as_str(), "li4k0jvEUuaTdRAEjQ4Jfrgz");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Video(id) => id.as_str(),
            Self::LiveStream(id) => id.as_str(),
        }
    }
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
            Self::Video(id) => write!(f, "video/{id}"),
            Self::LiveStream(id) => write!(f, "live-stream/{id}"),
        }
    }
}

#[cfg(test)]
mod tests;
