//! The written form of asset identifiers in manifests and columns: `video/ID` and `live-stream/ID`.

use apivideo::{AssetId, LiveStreamId, VideoId};

pub(crate) const VIDEO: &str = "video";
pub(crate) const LIVE_STREAM: &str = "live-stream";

/// Returns the value of the column `asset_kind`.
pub(crate) fn kind(asset: &AssetId) -> &'static str {
    match asset {
        AssetId::Video(_) => VIDEO,
        AssetId::LiveStream(_) => LIVE_STREAM,
        _ => "unknown",
    }
}

/// Returns the value of the column `asset_id`.
pub(crate) fn id(asset: &AssetId) -> &str {
    match asset {
        AssetId::Video(id) => id.as_str(),
        AssetId::LiveStream(id) => id.as_str(),
        _ => "",
    }
}

/// Returns `video/ID` or `live-stream/ID`.
pub(crate) fn to_string(asset: &AssetId) -> String {
    format!("{}/{}", kind(asset), id(asset))
}

/// Parses what [`to_string`] returns.
pub(crate) fn parse(text: &str) -> Result<AssetId, String> {
    let (kind, id) = text
        .split_once('/')
        .ok_or_else(|| format!("invalid asset {text:?}: expected video/ID or live-stream/ID"))?;
    from_parts(kind, id)
}

/// Returns the asset of a row's columns.
pub(crate) fn from_parts(kind: &str, id: &str) -> Result<AssetId, String> {
    match kind {
        VIDEO => id.parse::<VideoId>().map(AssetId::Video),
        LIVE_STREAM => id.parse::<LiveStreamId>().map(AssetId::LiveStream),
        _ => return Err(format!("invalid kind of asset {kind:?}")),
    }
    .map_err(|error| error.to_string())
}

/// The written form for `#[serde(with)]`.
pub(crate) mod text {
    use apivideo::AssetId;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(crate) fn serialize<S: Serializer>(
        asset: &AssetId,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::to_string(asset))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<AssetId, D::Error> {
        let text = String::deserialize(deserializer)?;
        super::parse(&text).map_err(de::Error::custom)
    }
}

/// [`text`] for sets.
pub(crate) mod set {
    use std::collections::BTreeSet;

    use apivideo::AssetId;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(crate) fn serialize<S: Serializer>(
        assets: &BTreeSet<AssetId>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(assets.iter().map(super::to_string))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeSet<AssetId>, D::Error> {
        Vec::<String>::deserialize(deserializer)?
            .iter()
            .map(|text| super::parse(text).map_err(de::Error::custom))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_form_round_trips() {
        for text in ["video/vi4k0jvEUuaTdRAEjQ4Prklg", "live-stream/li400"] {
            assert_eq!(to_string(&parse(text).unwrap()), text);
        }
    }

    #[test]
    fn rejects_unknown_kinds_and_invalid_ids() {
        for text in ["vi1", "clip/1", "video/", "video/../x"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
