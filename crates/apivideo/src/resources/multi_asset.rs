//! Sessions of several assets: what is asked for.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};

use super::sessions::{LiveStreamSessions, VideoSessions};
use crate::cursor::Cursor;
use crate::error::{Error, Result};
use crate::id::{AssetId, LiveStreamId, VideoId};
use crate::list::List;
use crate::model::Session;
use crate::page::PageSize;
use crate::period::Period;
use crate::stream::{AssetStream, ItemStream, OfAsset, Open, Part};
use crate::transport::Transport;

/// Several videos and live streams; see [`Client::assets`](crate::Client::assets).
///
/// ```
/// use apivideo::{Assets, VideoId};
///
/// # let client = apivideo::Client::builder().api_key("key").build()?;
/// let ids: [VideoId; 2] = ["vi4k0jvEUuaTdRAEjQ4Prklg".parse()?, "vi3q7HxhApxRF1c8F8r6VeaI".parse()?];
/// let both: Assets = client.assets(ids);
/// # Ok::<(), apivideo::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "assets do nothing until something of them is read"]
pub struct Assets {
    transport: Transport,
    ids: Arc<[AssetId]>,
}

impl Assets {
    pub(crate) fn new(
        transport: Transport,
        ids: impl IntoIterator<Item = impl Into<AssetId>>,
    ) -> Self {
        let mut known = HashSet::new();
        let ids = ids.into_iter().map(Into::into);
        Self {
            transport,
            ids: ids.filter(|id| known.insert(id.clone())).collect(),
        }
    }

    /// The sessions of the period: asset by asset, in the order of the assets, each asset's in ascending order of time.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let id: apivideo::VideoId = "vi4k0jvEUuaTdRAEjQ4Prklg".parse()?;
    /// let sessions = client.assets([id]).sessions("2022-01".parse()?).metadata("hats", "green");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn sessions(&self, period: Period) -> AssetSessions {
        AssetSessions {
            transport: self.transport.clone(),
            ids: Arc::clone(&self.ids),
            query: Query {
                period,
                metadata: Vec::new(),
                page_size: PageSize::default(),
            },
            concurrency: 4,
        }
    }
}

/// The sessions of several assets, and how they are read; see [`Assets::sessions`].
///
/// ```
/// use apivideo::{AssetSessions, Client, VideoId};
///
/// fn january(client: &Client, videos: Vec<VideoId>) -> apivideo::Result<AssetSessions> {
///     Ok(client.assets(videos).sessions("2022-01".parse()?).with_concurrency(8))
/// }
/// ```
#[derive(Clone)]
#[must_use = "a list does nothing until it is read"]
pub struct AssetSessions {
    transport: Transport,
    ids: Arc<[AssetId]>,
    query: Query,
    concurrency: usize,
}

/// What is asked of each asset.
#[derive(Clone)]
pub(crate) struct Query {
    period: Period,
    metadata: Vec<(String, String)>,
    pub(crate) page_size: PageSize,
}

impl AssetSessions {
    /// Only sessions whose metadata has `key` with exactly this value; several pairs must all be there.
    ///
    /// The service filters sessions of videos so; with a live stream among the assets, the stream begins with an error.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let id: apivideo::VideoId = "vi4k0jvEUuaTdRAEjQ4Prklg".parse()?;
    /// let green = client.assets([id]).sessions("2022-01".parse()?).metadata("hats", "green");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.metadata.push((key.into(), value.into()));
        self
    }

    /// How many items a page has; 100 unless told.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let id: apivideo::VideoId = "vi4k0jvEUuaTdRAEjQ4Prklg".parse()?;
    /// let sessions = client.assets([id]).sessions("2022-01".parse()?).page_size(25.try_into()?);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn page_size(mut self, size: PageSize) -> Self {
        self.query.page_size = size;
        self
    }

    /// How many assets are read side by side: 4 unless told, and 0 is taken as 1. The order is kept.
    ///
    /// At most four times as many are open at a time, each with the pages that it has read ahead.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let id: apivideo::VideoId = "vi4k0jvEUuaTdRAEjQ4Prklg".parse()?;
    /// let sessions = client.assets([id]).sessions("2022-01".parse()?).with_concurrency(16);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_concurrency(mut self, assets: usize) -> Self {
        self.concurrency = assets.max(1);
        self
    }

    /// A stream of the sessions, each with its asset.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let id: apivideo::VideoId = "vi4k0jvEUuaTdRAEjQ4Prklg".parse()?;
    /// let sessions: Vec<_> = client.assets([id]).sessions("2022-01-01".parse()?).stream().try_collect().await?;
    /// assert!(!sessions.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream(&self) -> AssetStream<Session> {
        let query = self.query.clone();
        let open: Open<Session> = Arc::new(move |transport, asset, cursor| {
            Ok(Box::new(query.stream(transport, asset, cursor)?) as Box<dyn Part<Session>>)
        });
        AssetStream::new(
            &self.transport,
            &self.ids,
            self.query.clone(),
            self.concurrency,
            open,
        )
    }

    /// How many sessions there are, by one request for each asset.
    ///
    /// ```
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// let id: apivideo::VideoId = "vi4k0jvEUuaTdRAEjQ4Prklg".parse()?;
    /// println!("{}", client.assets([id]).sessions("2022".parse()?).total().await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Whatever a request can fail with, and when the service tells no total.
    pub async fn total(&self) -> Result<u64> {
        let totals = stream::iter(self.ids.iter()).map(|asset| self.total_of(asset));
        let totals = totals.buffer_unordered(self.concurrency);
        totals
            .try_fold(
                0_u64,
                |sum, total| async move { Ok(sum.saturating_add(total)) },
            )
            .await
    }

    async fn total_of(&self, asset: &AssetId) -> Result<u64> {
        match asset {
            AssetId::Video(id) => self.query.of_video(&self.transport, id).total().await,
            AssetId::LiveStream(id) => {
                self.query
                    .of_live_stream(&self.transport, id)?
                    .total()
                    .await
            }
        }
    }

    /// The newest `count` sessions of each asset, the oldest of them first.
    ///
    /// ```
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// let id: apivideo::VideoId = "vi4k0jvEUuaTdRAEjQ4Prklg".parse()?;
    /// let newest = client.assets([id]).sessions("2022".parse()?).last(3).await?;
    /// assert_eq!(newest.len(), 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Whatever a request can fail with, and a record that can't be understood.
    pub async fn last(&self, count: usize) -> Result<Vec<OfAsset<Session>>> {
        let newest = stream::iter(self.ids.iter()).map(|asset| self.last_of(asset, count));
        let newest: Vec<Vec<_>> = newest.buffered(self.concurrency).try_collect().await?;
        Ok(newest.into_iter().flatten().collect())
    }

    async fn last_of(&self, asset: &AssetId, count: usize) -> Result<Vec<OfAsset<Session>>> {
        let sessions = match asset {
            AssetId::Video(id) => self.query.of_video(&self.transport, id).last(count).await?,
            AssetId::LiveStream(id) => {
                let list = self.query.of_live_stream(&self.transport, id)?;
                list.last(count).await?
            }
        };
        let sessions = sessions.into_iter();
        Ok(sessions
            .map(|item| OfAsset {
                asset: asset.clone(),
                item,
            })
            .collect())
    }
}

impl Query {
    /// What narrows the lists, in words that are the same for the same filters.
    pub(crate) fn filters(&self) -> String {
        format!("{} {:?}", self.period, self.metadata)
    }

    /// The sessions of one asset, from where a stream of it stood.
    pub(crate) fn stream(
        &self,
        transport: &Transport,
        asset: &AssetId,
        cursor: Option<&Cursor>,
    ) -> Result<ItemStream<Session>> {
        let stream = match asset {
            AssetId::Video(id) => self.of_video(transport, id).stream(),
            AssetId::LiveStream(id) => self.of_live_stream(transport, id)?.stream(),
        };
        match cursor {
            Some(cursor) => stream.with_cursor(cursor),
            None => Ok(stream),
        }
    }

    fn of_video(&self, transport: &Transport, id: &VideoId) -> List<VideoSessions> {
        let mut list = VideoSessions::list(transport.clone(), id.clone(), self.period);
        for (key, value) in &self.metadata {
            list = list.metadata(key, value);
        }
        list.page_size(self.page_size)
    }

    fn of_live_stream(
        &self,
        transport: &Transport,
        id: &LiveStreamId,
    ) -> Result<List<LiveStreamSessions>> {
        if !self.metadata.is_empty() {
            return Err(Error::input(format!(
                "the sessions of live stream {id} can't be filtered by metadata: the service does so for videos only"
            )));
        }
        let list = LiveStreamSessions::list(transport.clone(), id.clone(), self.period);
        Ok(list.page_size(self.page_size))
    }
}

impl fmt::Debug for AssetSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Metadata values can be personal.
        let keys: Vec<_> = self.query.metadata.iter().map(|(key, _)| key).collect();
        f.debug_struct("AssetSessions")
            .field("assets", &self.ids.len())
            .field("period", &self.query.period)
            .field("metadata_keys", &keys)
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}
