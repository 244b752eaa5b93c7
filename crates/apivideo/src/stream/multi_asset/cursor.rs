//! Where a stream of several assets stands.

use serde::{Deserialize, Serialize};

use crate::cursor::{Cursor, Hex};
use crate::id::AssetId;
use crate::page::PageSize;

/// The form that this release writes and reads.
pub(super) const VERSION: u32 = 1;
/// Where a stream of several assets stands: it can be written down, and a stream can be resumed from it.
///
/// It holds the assets that are not done, and where the first of them stands; as a [`Cursor`], it is not meant to be
/// read or changed.
///
/// ```
/// use apivideo::{AssetsCursor, OfAsset, Session, VideoId};
/// use futures::TryStreamExt;
/// # use apivideo_simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = Simulator::builder().start().await?;
/// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
///
/// let videos: Vec<VideoId> = client.videos().stream().map_ok(|video| video.id).try_collect().await?;
/// let sessions = client.assets(videos).sessions("2022-01-01".parse()?);
/// let mut stream = sessions.stream();
/// let first = stream.try_next().await?;
/// let saved = serde_json::to_string(&stream.cursor())?;
///
/// let cursor: AssetsCursor = serde_json::from_str(&saved)?;
/// let rest: Vec<OfAsset<Session>> = sessions.stream().with_cursor(&cursor)?.try_collect().await?;
/// assert!(!rest.contains(&first.unwrap()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetsCursor {
    pub(super) version: u32,
    /// The fingerprint of the period and the filters.
    pub(super) filters: Hex,
    pub(super) page_size: PageSize,
    /// How many assets are done.
    pub(super) done: u64,
    /// The others, in their order.
    pub(super) rest: Vec<AssetId>,
    /// Where the first of them stands, if it was begun.
    pub(super) first: Option<Cursor>,
}

impl AssetsCursor {
    /// The assets that are not done, in their order: a stream that goes on needs no others.
    ///
    /// ```
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let id: apivideo::VideoId = "vi4k0jvEUuaTdRAEjQ4Prklg".parse()?;
    /// let cursor = client.assets([id]).sessions("2022-01-01".parse()?).stream().cursor();
    /// assert_eq!(cursor.assets().len(), 1);
    ///
    /// let rest = client.assets(cursor.assets()).sessions("2022-01-01".parse()?);
    /// let sessions = rest.stream().with_cursor(&cursor)?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn assets(&self) -> &[AssetId] {
        &self.rest
    }

    /// Returns how many items the first of these assets had when the cursor was taken, as [`Cursor::total`].
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let id: apivideo::VideoId = "vi4k0jvEUuaTdRAEjQ4Prklg".parse()?;
    /// let stream = client.assets([id]).sessions("2022-01-01".parse()?).stream();
    /// assert_eq!(stream.cursor().total(), None, "nothing was read");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.first.as_ref()?.total()
    }
}
