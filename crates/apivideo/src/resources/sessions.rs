//! Player sessions of a video, a live stream, or several of them.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::events;
use super::metadata_filter::MetadataQuery;
use super::metadata_filter::sealed::Metadata;
use super::query_macro::{MetadataPairs, query};
use crate::error::{Error, Result};
use crate::id::AssetId;
use crate::list::query::{ListQuery, PageRequest, sealed};
use crate::list::{List, fetch};
use crate::model::Session;
use crate::period::{Period, Window};
use crate::stream::page_response::PageResponse;
use crate::stream::plan::ReadEvents;
use crate::transport::Transport;
use crate::transport::call::Operation;
use crate::transport::clock::BoxFuture;

/// A handle to several videos and live streams; see [`Client::assets`](crate::Client::assets).
///
/// ```
/// use apivideo::client::AssetsHandle;
///
/// # let client = apivideo::Client::builder().api_key("key").build()?;
/// let ids: [apivideo::VideoId; 2] = ["vi4k0jvEUuaTdRAEjQ4Prklg".parse()?, "vi3q7HhxApxRF1c8F8r6VeaI".parse()?];
/// let both: AssetsHandle = client.assets(ids);
/// assert_eq!(both.ids().len(), 2);
/// # Ok::<(), apivideo::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a handle does nothing until its sessions are read"]
pub struct AssetsHandle {
    transport: Transport,
    ids: Arc<[AssetId]>,
}

impl AssetsHandle {
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

    /// Returns the assets, each once, in their order.
    #[must_use]
    pub fn ids(&self) -> &[AssetId] {
        &self.ids
    }

    /// Returns the list of the sessions of the period: asset by asset, in the order of the assets, and in ascending order of
    /// time for each asset.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let id: apivideo::VideoId = "vi4k0jvEUuaTdRAEjQ4Prklg".parse()?;
    /// let sessions = client.assets([id]).sessions("2022-01".parse()?).metadata("hats", "green");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn sessions(&self, period: Period) -> List<Sessions> {
        Sessions::list(self.transport.clone(), Arc::clone(&self.ids), period)
    }
}

query! {
    /// The query for the sessions of one asset or several.
    ///
    /// ```
    /// use apivideo::client::VideoHandle;
    /// use apivideo::query::Sessions;
    /// use apivideo::{List, Period};
    ///
    /// fn green_hats(video: &VideoHandle, period: Period) -> List<Sessions> {
    ///     video.sessions(period).metadata("hats", "green")
    /// }
    /// ```
    pub struct Sessions of ListVideoSessions {
        assets: Arc<[AssetId]>,
        period: Period,
        ;
        metadata: MetadataPairs => metadata,
    }
}

impl Sessions {
    pub(crate) fn list(transport: Transport, assets: Arc<[AssetId]>, period: Period) -> List<Self> {
        let query = Self {
            assets,
            period,
            metadata: MetadataPairs::default(),
        };
        List::new(transport, query)
    }
}

impl MetadataQuery for Sessions {}

impl Metadata for Sessions {
    fn add_metadata(&mut self, key: String, value: String) {
        self.metadata.push(key, value);
    }
}

impl List<Sessions> {
    /// Includes the events of each session in [`Session::events`]. The events of up to `concurrency` sessions are requested
    /// concurrently; 0 counts as 1.
    ///
    /// The order of the sessions is kept. Pages of the list are prefetched as needed. At most `4 * concurrency` sessions with their
    /// events are kept in memory, in addition to the pages of the list. For several assets, this applies to each asset that is
    /// being read.
    ///
    /// # Errors of the stream
    /// A failure that can affect other sessions as well ends the stream, like an error of the list: a connection failure, a
    /// timeout, a 5xx, the rate limit, exhausted retries, a rejected key, or an operation that does not exist. The
    /// [cursor](Error::cursor) of the error is before the session whose events failed, so a resumed stream requests them again.
    ///
    /// A failure that affects only one session does not end the stream: a 404 or an invalid event. The stream yields an error of
    /// kind [`Events`](crate::ErrorKind::Events) with the id of the session ([`Error::session_id`]), and continues with the next
    /// session. A resumed stream does not repeat the session; its events can be read by
    /// [`Client::session`](crate::Client::session). [`Progress::skipped`](crate::Progress::skipped) counts such sessions.
    ///
    /// Sessions with other unusable responses (invalid JSON, fewer events than announced, another 4xx) are skipped in the same
    /// way, but only after the events of a later session were read, or at the end of the list. After 20 such sessions in a row,
    /// the stream ends with an error whose cursor is before the first of them, because the operation itself probably fails.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # apivideo_simulator::doctest! { Simulator::builder().videos(1).live_streams(0).days(1).sessions(20) => |client|
    /// let video = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?);
    /// let mut sessions = video.sessions("2022-01-01".parse()?).include_events(8).stream();
    /// while let Some(session) = sessions.try_next().await? {
    ///     println!("{}: {} events", session.id, session.events().len());
    /// }
    /// # }
    /// ```
    pub fn include_events(mut self, concurrency: usize) -> Self {
        self.options.events = Some(concurrency.max(1));
        self
    }

    /// Splits the period into windows and reads each window as a separate list.
    ///
    /// Several windows can be read concurrently ([`with_concurrency`](Self::with_concurrency)). Sessions are still yielded once and
    /// in order. Windows of past days do not change while they are read.
    ///
    /// ```
    /// use apivideo::{Session, query::Window};
    /// use futures::TryStreamExt;
    /// # apivideo_simulator::doctest! { |client|
    /// let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions("2022-01".parse()?);
    /// let days = sessions.clone().with_windows(Window::Day).with_concurrency(8);
    /// let (whole, by_days): (Vec<Session>, Vec<Session>) =
    ///     futures::try_join!(sessions.stream().try_collect(), days.stream().try_collect())?;
    /// assert_eq!(whole, by_days);
    /// # }
    /// ```
    pub fn with_windows(mut self, window: Window) -> Self {
        self.options.window = Some(window);
        self
    }

    /// Sets the number of ranges that are read concurrently; a range is an asset or a window. Defaults to 4 assets and 1
    /// window; 0 counts as 1. The order is kept.
    ///
    /// A list sends up to `ranges` times the number of [prefetched](Self::with_prefetch) pages as concurrent requests, and
    /// keeps one more page per range in memory. Unless the list is [`unordered`](Self::unordered), the first window has
    /// priority and can use all of these requests, because the caller waits for its items. Of several assets, up to `ranges`
    /// are read concurrently, and up to four times as many are open. If there are fewer assets than `ranges`, several windows
    /// of each asset are read concurrently.
    ///
    /// ```
    /// use apivideo::query::Window;
    ///
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions("2022".parse()?);
    /// let sessions = sessions.with_windows(Window::Week).with_concurrency(4);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_concurrency(mut self, ranges: usize) -> Self {
        self.options.concurrency = Some(ranges.max(1));
        self
    }

    /// Yields sessions in the order in which their windows and assets are received. Within a window, the order is kept.
    ///
    /// ```
    /// use apivideo::query::Window;
    ///
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions("2022".parse()?);
    /// let sessions = sessions.with_windows(Window::Day).with_concurrency(8).unordered();
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn unordered(mut self) -> Self {
        self.options.ordered = false;
        self
    }
}

fetch::envelope!(SessionPage of Session by "session", ["session", "sessionId"], |item| Some(&item.session.session_id));

impl ListQuery for Sessions {
    type Item = Session;
}

impl sealed::Query<Session> for Sessions {
    fn path(&self) -> String {
        match &*self.assets {
            [AssetId::Video(id)] => format!("/analytics/videos/{id}"),
            [AssetId::LiveStream(id)] => format!("/analytics/live-streams/{id}"),
            // The lists of several assets are requested one by one.
            _ => "/analytics".to_owned(),
        }
    }

    fn filters(&self) -> String {
        format!("period={};{}", self.period, self.fingerprint_text())
    }

    fn identity() -> Option<fn(&Session) -> &str> {
        Some(|session| session.id.as_str())
    }

    fn check(&self) -> Result<()> {
        let live_stream = self.assets.iter().find_map(|asset| match asset {
            AssetId::LiveStream(id) => Some(id),
            AssetId::Video(_) => None,
        });
        match live_stream {
            // The parameters are those of `listVideoSessions`.
            Some(id) if !self.fingerprint_text().is_empty() => Err(Error::input(format!(
                "the sessions of live stream {id} cannot be filtered: the service filters those of videos only"
            ))),
            _ => Ok(()),
        }
    }

    fn assets(&self) -> Option<&[AssetId]> {
        Some(&self.assets)
    }

    fn of_asset(&self, asset: &AssetId) -> Self {
        Self {
            assets: Arc::new([asset.clone()]),
            ..self.clone()
        }
    }

    fn windows(&self, window: Window) -> Vec<Self> {
        let periods = self.period.split(window);
        let windows = periods.map(|period| Self {
            period,
            ..self.clone()
        });
        windows.collect()
    }

    fn read_events() -> Option<ReadEvents<Session>> {
        Some(events::include)
    }

    fn time(session: &Session) -> Option<Timestamp> {
        session.loaded_at
    }

    fn fetch(&self, request: PageRequest) -> BoxFuture<Result<PageResponse<Session>>> {
        let query = self.clone();
        Box::pin(async move {
            let [asset] = &*query.assets else {
                return Err(Error::input("a list of several assets has no page numbers"));
            };
            let mut page = query.page(&request, asset).await?;
            page.records.set_asset(asset.clone(), |session, asset| {
                session.asset = Some(asset.clone());
            });
            Ok(page)
        })
    }
}

impl Sessions {
    async fn page(&self, request: &PageRequest, asset: &AssetId) -> Result<PageResponse<Session>> {
        let (page, size) = (request.page(), request.page_size());
        let period = self.period;
        let line = format!("GET {}", sealed::Query::path(self));
        match asset {
            AssetId::Video(id) => {
                let operation = Operation::new("listVideoSessions", line);
                fetch::page(request, &operation, |core| {
                    let (id, query) = (id.clone(), self.clone());
                    async move {
                        let call = query.set_on(core.list_video_sessions());
                        call.video_id(id.as_str())
                            .period(period.to_string())
                            .current_page(page)
                            .page_size(size)
                            .send()
                            .await
                    }
                })
                .await
            }
            AssetId::LiveStream(id) => {
                let operation = Operation::new("listLiveStreamSessions", line);
                fetch::page(request, &operation, |core| {
                    let id = id.clone();
                    async move {
                        core.list_live_stream_sessions()
                            .live_stream_id(id.as_str())
                            .period(period.to_string())
                            .current_page(page)
                            .page_size(size)
                            .send()
                            .await
                    }
                })
                .await
            }
        }
    }
}
