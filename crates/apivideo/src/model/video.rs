//! A video.

use apivideo_core::types;
use apivideo_core::wire::{Extra, Object, Text};
use jiff::Timestamp;
use serde::Serialize;

use super::metadata::{self, Metadata};
use super::wire::{FromWire, instant, model, rfc3339};
use crate::id::VideoId;

/// A video, with the fields that concern statistics.
///
/// ```
/// let video: apivideo::Video = serde_json::from_str(r#"{"videoId":"vi4k0jvEUuaTdRAEjQ4Prklg","title":"Maths"}"#)?;
/// assert_eq!(video.title.as_deref(), Some("Maths"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Video {
    /// The identifier.
    #[serde(rename = "videoId")]
    pub id: VideoId,
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// The description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Text>,
    /// The identifier of its player.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player_id: Option<Text>,
    /// Whether it is public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public: Option<bool>,
    /// Whether it is a panoramic video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub panoramic: Option<bool>,
    /// Whether an MP4 version exists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mp4_support: Option<bool>,
    /// The time of its publication.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "rfc3339")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub published_at: Option<Timestamp>,
    /// The time of its creation.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "rfc3339")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub created_at: Option<Timestamp>,
    /// The time of its last change.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "rfc3339")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub updated_at: Option<Timestamp>,
    /// The tags.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub tags: Vec<Text>,
    /// The metadata. A value such as `__userName__` is dynamic: the page of each viewer sets it, and sessions contain the result.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub metadata: Vec<Metadata>,
    /// Unknown fields, and fields that could not be read.
    #[serde(flatten)]
    #[cfg_attr(feature = "schemars", schemars(with = "super::wire::ExtraSchema"))]
    pub extra: Extra,
}

impl Video {
    /// Creates a video without any data, for tests.
    ///
    /// ```
    /// use apivideo::{Video, VideoId};
    ///
    /// let mut video = Video::new(VideoId::new("vi4k0jvEUuaTdRAEjQ4Prklg")?);
    /// video.title = Some("Maths".into());
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn new(id: VideoId) -> Self {
        Self {
            id,
            title: None,
            description: None,
            player_id: None,
            public: None,
            panoramic: None,
            mp4_support: None,
            published_at: None,
            created_at: None,
            updated_at: None,
            tags: Vec::new(),
            metadata: Vec::new(),
            extra: Extra::new(),
        }
    }
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
            metadata: metadata::joined([pairs, None]),
            extra,
        }
    }
}

model!(Video from types::Video, id: VideoId at video_id);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_video_round_trips_and_keeps_unknown_fields() {
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
}
