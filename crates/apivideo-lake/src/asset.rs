//! What has sessions: videos and live streams.

use std::fmt;
use std::str::FromStr;

use apivideo::{LiveStreamId, VideoId};
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// A video or a live stream, by its id.
///
/// ```
/// use apivideo_lake::Asset;
///
/// let asset: Asset = "video/vi4k0jvEUuaTdRAEjQ4Prklg".parse()?;
/// assert_eq!((asset.kind(), asset.id()), ("video", "vi4k0jvEUuaTdRAEjQ4Prklg"));
/// # Ok::<(), apivideo_lake::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[non_exhaustive]
pub enum Asset {
    /// A live stream.
    LiveStream(LiveStreamId),
    /// A video.
    Video(VideoId),
}

impl Asset {
    pub(crate) const VIDEO: &str = "video";
    pub(crate) const LIVE_STREAM: &str = "live-stream";

    /// `video` or `live-stream`, as in the column `asset_kind`.
    ///
    /// ```
    /// let asset: apivideo_lake::Asset = "live-stream/li400".parse()?;
    /// assert_eq!(asset.kind(), "live-stream");
    /// # Ok::<(), apivideo_lake::Error>(())
    /// ```
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Video(_) => Self::VIDEO,
            Self::LiveStream(_) => Self::LIVE_STREAM,
        }
    }

    /// The id, as in the column `asset_id`.
    ///
    /// ```
    /// let asset: apivideo_lake::Asset = "live-stream/li400".parse()?;
    /// assert_eq!(asset.id(), "li400");
    /// # Ok::<(), apivideo_lake::Error>(())
    /// ```
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Video(id) => id.as_str(),
            Self::LiveStream(id) => id.as_str(),
        }
    }
}

impl fmt::Display for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind(), self.id())
    }
}

impl FromStr for Asset {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let refused = |why: &str| {
            let shown: String = text.chars().take(80).collect();
            Error::input(format!(
                "{shown:?} is no asset: {why}; write video/ID or live-stream/ID"
            ))
        };
        match text.split_once('/') {
            Some((Self::VIDEO, id)) => id
                .parse()
                .map(Self::Video)
                .map_err(|error| refused("the id can't be one").with_source(error)),
            Some((Self::LIVE_STREAM, id)) => id
                .parse()
                .map(Self::LiveStream)
                .map_err(|error| refused("the id can't be one").with_source(error)),
            _ => Err(refused("it has no kind")),
        }
    }
}

impl TryFrom<String> for Asset {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<Asset> for String {
    fn from(asset: Asset) -> Self {
        asset.to_string()
    }
}
