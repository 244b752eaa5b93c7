//! Whose sessions are pulled.

use std::collections::BTreeSet;

use apivideo::{LiveStreamId, VideoId};

use serde::{Deserialize, Serialize};

use crate::asset::Asset;

/// Whose sessions are pulled; of all videos and live streams unless told.
///
/// ```
/// use apivideo_lake::Selection;
///
/// let selection = Selection::none().with_all_videos().with_live_stream("li4k0jvEUuaTdRAEjQ4Jfrgz".parse()?);
/// # Ok::<(), apivideo::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Selection {
    pub(super) all_videos: bool,
    pub(super) all_live_streams: bool,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) assets: BTreeSet<Asset>,
}

impl Default for Selection {
    fn default() -> Self {
        Self::none().with_all_videos().with_all_live_streams()
    }
}

impl Selection {
    /// Nothing yet.
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

    /// All videos that there are when it is pulled.
    ///
    /// ```
    /// let videos = apivideo_lake::Selection::none().with_all_videos();
    /// ```
    #[must_use]
    pub fn with_all_videos(mut self) -> Self {
        self.all_videos = true;
        self
    }

    /// All live streams that there are when it is pulled.
    ///
    /// ```
    /// let live_streams = apivideo_lake::Selection::none().with_all_live_streams();
    /// ```
    #[must_use]
    pub fn with_all_live_streams(mut self) -> Self {
        self.all_live_streams = true;
        self
    }

    /// A video.
    ///
    /// ```
    /// let one = apivideo_lake::Selection::none().with_video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn with_video(mut self, id: VideoId) -> Self {
        self.assets.insert(Asset::Video(id));
        self
    }

    /// A live stream.
    ///
    /// ```
    /// let one = apivideo_lake::Selection::none().with_live_stream("li4k0jvEUuaTdRAEjQ4Jfrgz".parse()?);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn with_live_stream(mut self, id: LiveStreamId) -> Self {
        self.assets.insert(Asset::LiveStream(id));
        self
    }

    /// Whether it includes all that the other one does.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        let has = |asset: &Asset| {
            self.assets.contains(asset)
                || match asset {
                    Asset::Video(_) => self.all_videos,
                    Asset::LiveStream(_) => self.all_live_streams,
                }
        };
        (self.all_videos || !other.all_videos)
            && (self.all_live_streams || !other.all_live_streams)
            && other.assets.iter().all(has)
    }
}
