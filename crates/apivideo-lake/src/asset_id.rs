//! The kind of an asset as a column, and the form `video/ID` in manifests.

use apivideo::AssetId;

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

/// The form `video/ID` for `#[serde(with)]`.
pub(crate) mod text {
    use apivideo::AssetId;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(crate) fn serialize<S: Serializer>(
        asset: &AssetId,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(asset)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<AssetId, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// [`text`] for sets.
pub(crate) mod set {
    use std::collections::BTreeSet;

    use apivideo::AssetId;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::text;

    #[derive(Deserialize)]
    struct Text(#[serde(with = "text")] AssetId);

    pub(crate) fn serialize<S: Serializer>(
        assets: &BTreeSet<AssetId>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(assets.iter().map(AssetId::to_string))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeSet<AssetId>, D::Error> {
        let assets = Vec::<Text>::deserialize(deserializer)?;
        Ok(assets.into_iter().map(|Text(asset)| asset).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_that_of_the_written_form() {
        for text in ["video/vi4k0jvEUuaTdRAEjQ4Prklg", "live-stream/li400"] {
            let asset: AssetId = text.parse().unwrap();
            assert_eq!(format!("{}/{}", kind(&asset), asset.as_str()), text);
        }
    }
}
