//! A live stream.

use apivideo_core::types;
use apivideo_core::wire::{Extra, Object, Text};
use jiff::Timestamp;
use serde::Serialize;

use super::wire::{FromWire, instant, model, rfc3339};
use crate::id::LiveStreamId;

/// A live stream, with the fields that concern statistics.
///
/// Stream keys are removed when it is decoded, because they allow broadcasting.
///
/// ```
/// let text = r#"{"liveStreamId":"li400","name":"News","broadcasting":true,"streamKey":"hush"}"#;
/// let stream: apivideo::LiveStream = serde_json::from_str(text)?;
/// assert_eq!(stream.broadcasting, Some(true));
/// assert!(!format!("{stream:?}").contains("hush"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LiveStream {
    /// The identifier.
    #[serde(rename = "liveStreamId")]
    pub id: LiveStreamId,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// Whether it is public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public: Option<bool>,
    /// Whether it is broadcasting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broadcasting: Option<bool>,
    /// The time of its creation.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "rfc3339")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub created_at: Option<Timestamp>,
    /// The time of its last change.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "rfc3339")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub updated_at: Option<Timestamp>,
    /// Unknown fields, and fields that could not be read.
    #[serde(flatten)]
    #[cfg_attr(feature = "schemars", schemars(with = "super::wire::ExtraSchema"))]
    pub extra: Extra,
}

impl LiveStream {
    /// Creates a live stream without any data, for tests.
    ///
    /// ```
    /// use apivideo::{LiveStream, LiveStreamId};
    ///
    /// let mut live_stream = LiveStream::new(LiveStreamId::new("li4k0jvEUuaTdRAEjQ4Jfrgz")?);
    /// live_stream.broadcasting = Some(true);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn new(id: LiveStreamId) -> Self {
        Self {
            id,
            name: None,
            public: None,
            broadcasting: None,
            created_at: None,
            updated_at: None,
            extra: Extra::new(),
        }
    }
}

impl FromWire<Object<types::LiveStream>> for LiveStream {
    fn from_wire(wire: Object<types::LiveStream>) -> Self {
        let Object {
            value:
                types::LiveStream {
                    live_stream_id,
                    name,
                    stream_key: _,
                    public,
                    broadcasting,
                    created_at,
                    updated_at,
                },
            mut extra,
        } = wire;
        // The keys of other platforms, and a key that is not a string.
        extra.remove("restreams");
        extra.remove("streamKey");
        Self {
            id: LiveStreamId::checked(live_stream_id),
            name,
            public,
            broadcasting,
            created_at: instant(created_at, "createdAt", &mut extra),
            updated_at: instant(updated_at, "updatedAt", &mut extra),
            extra,
        }
    }
}

model!(LiveStream from types::LiveStream, id: LiveStreamId at live_stream_id);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stream_keys_are_removed() {
        let text = r#"{"liveStreamId":"li1","streamKey":"hush","restreams":[{"name":"x","streamKey":"hush"}],"assets":{}}"#;
        let stream: LiveStream = serde_json::from_str(text).unwrap();
        let shown = format!("{stream:?}{}", serde_json::to_string(&stream).unwrap());
        assert!(!shown.contains("hush"), "{shown}");
        assert!(stream.extra.get("assets").is_some());
        let text = r#"{"liveStreamId":"li1","streamKey":{"key":"hush"},"restreams":"hush"}"#;
        let stream: LiveStream = serde_json::from_str(text).unwrap();
        assert!(!format!("{stream:?}").contains("hush"));
    }
}
