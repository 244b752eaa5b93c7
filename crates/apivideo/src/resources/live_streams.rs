//! Live streams: one by its identifier, and the list of a project.

use std::sync::Arc;

use super::Sessions;
use super::aggregates::current_viewers::CurrentViewers;
use super::params::{LiveStreamOrder, SortOrder};
use super::query_macro::query;
use super::sort::SortQuery;
use super::sort::sealed::Sort;
use crate::error::{Error, Result};
use crate::id::{AssetId, LiveStreamId};
use crate::list::query::{ListQuery, PageRequest, sealed};
use crate::list::{List, fetch};
use crate::model::LiveStream;
use crate::period::Period;
use crate::stream::page_response::PageResponse;
use crate::transport::Transport;
use crate::transport::call::Operation;
use crate::transport::clock::BoxFuture;

/// A handle to a live stream; see [`Client::live_stream`](crate::Client::live_stream).
///
/// ```
/// use apivideo::client::LiveStreamHandle;
///
/// # let client = apivideo::Client::builder().api_key("key").build()?;
/// let news: LiveStreamHandle = client.live_stream("li4k0jvEUuaTdRAEjQ4Jfrgz".parse()?);
/// let sessions = news.sessions("2022-01-01".parse()?);
/// # Ok::<(), apivideo::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct LiveStreamHandle {
    transport: Transport,
    id: LiveStreamId,
}

impl LiveStreamHandle {
    pub(crate) fn new(transport: Transport, id: LiveStreamId) -> Self {
        Self { transport, id }
    }

    /// Returns the identifier.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let live_stream = client.live_stream("li4k0jvEUuaTdRAEjQ4Jfrgz".parse()?);
    /// assert_eq!(live_stream.id().as_str(), "li4k0jvEUuaTdRAEjQ4Jfrgz");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn id(&self) -> &LiveStreamId {
        &self.id
    }

    /// Returns the list of the sessions of a period, in ascending order of time. See
    /// [`VideoHandle::sessions`](crate::client::VideoHandle::sessions).
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # apivideo_simulator::doctest! { |client|
    /// let live_stream = client.live_stream("vi4k0jvEUuaTdRAEjQ4Jfrgz".parse()?);
    /// let sessions: Vec<_> = live_stream.sessions("2022-01-01".parse()?).stream().try_collect().await?;
    /// assert!(!sessions.is_empty());
    /// # }
    /// ```
    #[doc(alias = "listLiveStreamSessions")]
    #[doc(alias = "GET /analytics/live-streams/{liveStreamId}")]
    pub fn sessions(&self, period: Period) -> List<Sessions> {
        let asset = AssetId::from(self.id.clone());
        Sessions::list(self.transport.clone(), Arc::new([asset]), period)
    }

    /// Returns a stream of the number of current viewers: those of the last 20 s, requested every 20 s. No request is sent before it
    /// is polled.
    ///
    /// The number is an aggregate (`ccv/live`), which the service provides although it removed its raw statistics.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # apivideo_simulator::doctest! { |client|
    /// let mut viewers = client.live_stream("vi4k0jvEUuaTdRAEjQ4Jfrgz".parse()?).current_viewers();
    /// if let Some(sample) = viewers.try_next().await? {
    ///     println!("{} viewers at {}", sample.viewers, sample.at);
    /// }
    /// # }
    /// ```
    #[doc(alias = "getMetric")]
    #[doc(alias = "ccv/live")]
    pub fn current_viewers(&self) -> CurrentViewers {
        CurrentViewers::new(&self.transport, self.id.clone())
    }

    /// Requests the live stream: its name, and whether it is broadcasting.
    ///
    /// ```
    /// # apivideo_simulator::doctest! { |client|
    /// let stream = client.live_stream("vi4k0jvEUuaTdRAEjQ4Jfrgz".parse()?).get().await?;
    /// println!("{:?}", stream.name);
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if the request fails, of kind [`NotFound`](crate::ErrorKind::NotFound) if the live stream does not exist.
    ///
    /// # Cancel safety
    /// Dropping the future cancels the request.
    #[doc(alias = "getLiveStream")]
    #[doc(alias = "GET /live-streams/{liveStreamId}")]
    pub async fn get(&self) -> Result<LiveStream> {
        let request = Operation::new("getLiveStream", format!("GET /live-streams/{}", self.id));
        let send = |core: apivideo_core::Client| {
            let id = self.id.clone();
            async move {
                core.get_live_stream()
                    .live_stream_id(id.as_str())
                    .send()
                    .await
            }
        };
        let wire = fetch::one(&self.transport, &request, send).await?;
        LiveStream::try_from_wire(wire).map_err(Error::undecodable)
    }
}

query! {
    /// The query for the live streams of a project.
    ///
    /// ```
    /// use apivideo::query::LiveStreams;
    /// use apivideo::{Client, List};
    ///
    /// fn news(client: &Client) -> List<LiveStreams> {
    ///     client.live_streams().name("News")
    /// }
    /// ```
    #[derive(Default)]
    #[doc(alias = "listLiveStreams")]
    #[doc(alias = "GET /live-streams")]
    pub struct LiveStreams of ListLiveStreams {
        ;
        name: Option<String> => name,
        sort_by: Option<LiveStreamOrder> => sort_by,
        sort_order: Option<SortOrder> => sort_order,
    }
}

impl List<LiveStreams> {
    /// Restricts the list to live streams whose name contains a string.
    ///
    /// ```
    /// # apivideo_simulator::doctest! { |client|
    /// let streams = client.live_streams();
    /// assert!(streams.clone().name("for beginners").total().await? <= streams.total().await?);
    /// # }
    /// ```
    pub fn name(self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.set(|query| query.name = Some(name))
    }
}

fetch::envelope!(LiveStreamPage of LiveStream by "liveStreamId", ["liveStreamId"], |item| Some(&item.live_stream_id));

impl ListQuery for LiveStreams {
    type Item = LiveStream;
}

impl SortQuery for LiveStreams {
    type Order = LiveStreamOrder;
}

impl Sort<LiveStreamOrder> for LiveStreams {
    fn set_order(&mut self, order: LiveStreamOrder, direction: SortOrder) {
        (self.sort_by, self.sort_order) = (Some(order), Some(direction));
    }
}

impl sealed::Query<LiveStream> for LiveStreams {
    fn path(&self) -> String {
        "/live-streams".to_owned()
    }

    fn filters(&self) -> String {
        self.fingerprint_text()
    }

    fn identity() -> Option<fn(&LiveStream) -> &str> {
        Some(|live_stream| live_stream.id.as_str())
    }

    fn fetch(&self, request: PageRequest) -> BoxFuture<Result<PageResponse<LiveStream>>> {
        let (page, size) = (request.page(), request.page_size());
        let query = self.clone();
        Box::pin(async move {
            let operation = Operation::new("listLiveStreams", "GET /live-streams");
            fetch::page(&request, &operation, |core| {
                let query = query.clone();
                async move {
                    let call = query.set_on(core.list_live_streams());
                    call.current_page(page).page_size(size).send().await
                }
            })
            .await
        })
    }
}
