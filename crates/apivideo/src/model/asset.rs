//! Videos and live streams, as far as statistics need to know them.

use apivideo_core::types;
use apivideo_core::wire::Object;
use jiff::Timestamp;
use serde::Serialize;

use super::session::{Metadata, metadata};
use super::{Extra, FromWire, Text, deserialize_as_wire, instant, rfc3339, try_from_wire};
use crate::id::{LiveStreamId, VideoId};

/// A video.
///
/// ```
/// let video: apivideo::Video = serde_json::from_str(r#"{"videoId":"vi4k0jvEUuaTdRAEjQ4Prklg","title":"Maths"}"#)?;
/// assert_eq!(video.title.as_deref(), Some("Maths"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Video {
    /// The identifier, by which its sessions are asked for.
    #[serde(rename = "videoId")]
    pub id: VideoId,
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// A description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Text>,
    /// The player that it is shown in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player_id: Option<Text>,
    /// Whether anyone may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public: Option<bool>,
    /// Whether it is a panorama.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub panoramic: Option<bool>,
    /// Whether it is served as MP4 too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mp4_support: Option<bool>,
    /// When it was published.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "rfc3339")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub published_at: Option<Timestamp>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "rfc3339")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "rfc3339")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub updated_at: Option<Timestamp>,
    /// Labels, for lists and filters.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub tags: Vec<Text>,
    /// Keys and values. A value such as `__userName__` is dynamic: each viewer's page fills it in, and sessions have it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub metadata: Vec<Metadata>,
    /// Fields that this crate does not know, and times that can't be read.
    #[serde(flatten)]
    #[cfg_attr(feature = "schemars", schemars(with = "super::Unknown"))]
    pub extra: Extra,
}

impl FromWire<Object<types::Video>> for Video {
    fn from_wire(wire: Object<types::Video>) -> Self {
        let Object {
            value:
                types::Video {
                    video_id,
                    player_id,
                    title,
                    description,
                    public,
                    panoramic,
                    mp4_support,
                    published_at,
                    created_at,
                    updated_at,
                    tags,
                    metadata: pairs,
                },
            mut extra,
        } = wire;
        Self {
            id: VideoId::checked(video_id),
            title,
            description,
            player_id,
            public,
            panoramic,
            mp4_support,
            published_at: instant(published_at, "publishedAt", &mut extra),
            created_at: instant(created_at, "createdAt", &mut extra),
            updated_at: instant(updated_at, "updatedAt", &mut extra),
            tags: tags.unwrap_or_default(),
            metadata: metadata([pairs, None]),
            extra,
        }
    }
}

try_from_wire!(Video, types::Video, VideoId from video_id);

deserialize_as_wire!(Video, types::Video);

/// A live stream. Its keys, by which others could broadcast, are left out: statistics have no use for them.
///
/// ```
/// let text = r#"{"liveStreamId":"li400","name":"News","broadcasting":true,"streamKey":"hush"}"#;
/// let stream: apivideo::LiveStream = serde_json::from_str(text)?;
/// assert_eq!(stream.broadcasting, Some(true));
/// assert!(!format!("{stream:?}").contains("hush"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LiveStream {
    /// The identifier, by which its sessions are asked for.
    #[serde(rename = "liveStreamId")]
    pub id: LiveStreamId,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// Whether anyone may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public: Option<bool>,
    /// Whether it is on the air.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broadcasting: Option<bool>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "rfc3339")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "rfc3339")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub updated_at: Option<Timestamp>,
    /// Fields that this crate does not know, and times that can't be read.
    #[serde(flatten)]
    #[cfg_attr(feature = "schemars", schemars(with = "super::Unknown"))]
    pub extra: Extra,
}

impl FromWire<Object<types::LiveStream>> for LiveStream {
    fn from_wire(wire: Object<types::LiveStream>) -> Self {
        let Object {
            value:
                types::LiveStream {
                    live_stream_id,
                    name,
                    // Whoever has it can broadcast.
                    stream_key: _,
                    public,
                    broadcasting,
                    created_at,
                    updated_at,
                },
            mut extra,
        } = wire;
        // As whoever has the keys of the places that it is passed on to can broadcast there, or one that is not a string.
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

try_from_wire!(LiveStream, types::LiveStream, LiveStreamId from live_stream_id);

deserialize_as_wire!(LiveStream, types::LiveStream);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_video_reads_back_equal_and_keeps_what_it_does_not_know() {
        let text = r#"{"videoId":"vi1","title":"Maths","public":true,"createdAt":"2019-12-16T08:25:51.000Z",
            "publishedAt":"soon","tags":["a"],"metadata":[{"key":"user","value":"__user__"}],
            "assets":{"hls":"https://x"},"mp4Support":false,"description":null}"#;
        let video: Video = serde_json::from_str(text).unwrap();
        assert_eq!(video.published_at, None);
        assert_eq!(video.extra["publishedAt"], "soon");
        assert_eq!(video.extra["assets"]["hls"], "https://x");
        let again = serde_json::to_string(&video).unwrap();
        assert!(
            again.contains(r#""createdAt":"2019-12-16T08:25:51Z""#),
            "{again}"
        );
        assert_eq!(serde_json::from_str::<Video>(&again).unwrap(), video);
    }

    #[test]
    fn no_key_of_a_live_stream_is_kept() {
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
