//! The chapters of a video in one language.

use apivideo_core::types;
use apivideo_core::wire::{Extra, Object, Text};
use serde::Serialize;

use super::wire::{FromWire, model};

/// The chapters of a video in one language: where their file is.
///
/// The titles and times are in the file, which [`VideoHandle::download_chapters`](crate::client::VideoHandle::download_chapters)
/// downloads.
///
/// ```
/// use apivideo::model::Chapters;
///
/// let chapters: Chapters = serde_json::from_str(r#"{"language":"fr","src":"https://cdn.api.video/vod/vi3/chapters/fr.vtt"}"#)?;
/// assert_eq!(chapters.language.as_deref(), Some("fr"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Chapters {
    /// The language, as a BCP 47 tag such as `fr`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Text>,
    /// The URL of the WebVTT file, usually on another host than the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub src: Option<Text>,
    /// The path of these chapters in the service's API, such as `/videos/vi3/chapters/fr`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<Text>,
    /// Unknown fields, and fields that could not be read.
    #[serde(flatten)]
    #[cfg_attr(feature = "schemars", schemars(with = "super::wire::ExtraSchema"))]
    pub extra: Extra,
}

impl FromWire<Object<types::Chapters>> for Chapters {
    fn from_wire(wire: Object<types::Chapters>) -> Self {
        let Object {
            value: types::Chapters { language, src, uri },
            extra,
        } = wire;
        Self {
            language,
            src,
            uri,
            extra,
        }
    }
}

model!(Chapters from types::Chapters);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chapters_round_trip_and_keep_unknown_fields() {
        let text = r#"{"language":"fr","src":"https://x/fr.vtt","uri":"/videos/vi1/chapters/fr","default":true}"#;
        let chapters: Chapters = serde_json::from_str(text).unwrap();
        assert_eq!(chapters.extra["default"], true);
        let again = serde_json::to_string(&chapters).unwrap();
        assert_eq!(serde_json::from_str::<Chapters>(&again).unwrap(), chapters);
        let empty: Chapters = serde_json::from_str(r#"{"src":null}"#).unwrap();
        assert_eq!(empty, Chapters::default());
    }
}
