//! The assets whose sessions are pulled.

use std::collections::BTreeSet;

use apivideo::{AssetId, LiveStreamId, VideoId};
use serde::{Deserialize, Serialize};

use crate::asset_id;

/// The videos and live streams whose sessions are pulled. Defaults to all.
///
/// ```
/// use apivideo_lake::Selection;
///
/// let selection = Selection::none().with_all_videos().with_live_stream("li4k0jvEUuaTdRAEjQ4Jfrgz".parse()?);
/// # Ok::<(), apivideo::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Selection {
    pub(crate) all_videos: bool,
    pub(crate) all_live_streams: bool,
    #[serde(
        default,
        skip_serializing_if = "BTreeSet::is_empty",
        with = "asset_id::set"
    )]
    pub(crate) assets: BTreeSet<AssetId>,
}

impl Default for Selection {
    fn default() -> Self {
        Self::none().with_all_videos().with_all_live_streams()
    }
}

impl Selection {
    /// Returns the empty selection.
    ///
    /// ```
    /// assert_ne!(apivideo_lake::Selection::none(), apivideo_lake::Selection::default());
    /// ```
    #[must_use]
    pub fn none() -> Self {
        Self {
            all_videos: false,
            all_live_streams: false,
            assets: BTreeSet::new(),
        }
    }

    /// Adds all videos that exist at the time of the pull.
    ///
    /// ```
    /// let videos = apivideo_lake::Selection::none().with_all_videos();
    /// ```
    #[must_use]
    pub fn with_all_videos(mut self) -> Self {
        self.all_videos = true;
        self
    }

    /// Adds all live streams that exist at the time of the pull.
    ///
    /// ```
    /// let live_streams = apivideo_lake::Selection::none().with_all_live_streams();
    /// ```
    #[must_use]
    pub fn with_all_live_streams(mut self) -> Self {
        self.all_live_streams = true;
        self
    }

    /// Adds a video.
    ///
    /// ```
    /// let one = apivideo_lake::Selection::none().with_video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn with_video(self, id: VideoId) -> Self {
        self.with_asset(id)
    }

    /// Adds a live stream.
    ///
    /// ```
    /// let one = apivideo_lake::Selection::none().with_live_stream("li4k0jvEUuaTdRAEjQ4Jfrgz".parse()?);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn with_live_stream(self, id: LiveStreamId) -> Self {
        self.with_asset(id)
    }

    /// Adds a video or a live stream.
    ///
    /// ```
    /// use apivideo::AssetId;
    ///
    /// let id = AssetId::Video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?);
    /// let one = apivideo_lake::Selection::none().with_asset(id);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn with_asset(mut self, id: impl Into<AssetId>) -> Self {
        self.assets.insert(id.into());
        self
    }

    /// Returns whether this selection includes everything that `other` does.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        let includes = |asset: &AssetId| {
            self.assets.contains(asset)
                || match asset {
                    AssetId::Video(_) => self.all_videos,
                    AssetId::LiveStream(_) => self.all_live_streams,
                    _ => false,
                }
        };
        (self.all_videos || !other.all_videos)
            && (self.all_live_streams || !other.all_live_streams)
            && other.assets.iter().all(includes)
    }
}
