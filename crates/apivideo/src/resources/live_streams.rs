//! Live streams.

use super::LiveStreamSessions;
use super::params::{LiveStreamOrder, SortOrder};
use crate::error::{Error, Result};
use crate::id::LiveStreamId;
use crate::list::query::{Ask, Listing, sealed};
use crate::list::{List, fetch};
use crate::model::LiveStream;
use crate::period::Period;
use crate::stream::pager::Fetched;
use crate::transport::Transport;
use crate::transport::call::Request;
use crate::transport::clock::BoxFuture;

/// One live stream, by its id; see [`Client::live_stream`](crate::Client::live_stream).
///
/// ```
/// use apivideo::LiveStreamHandle;
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

    /// The sessions of the period, in ascending order of time; see [`VideoHandle::sessions`](crate::VideoHandle::sessions).
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let live_stream = client.live_stream("vi4k0jvEUuaTdRAEjQ4Jfrgz".parse()?);
    /// let sessions: Vec<_> = live_stream.sessions("2022-01-01".parse()?).stream().try_collect().await?;
    /// assert!(!sessions.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn sessions(&self, period: Period) -> List<LiveStreamSessions> {
        LiveStreamSessions::list(self.transport.clone(), self.id.clone(), period)
    }

    /// The live stream itself: its name, and whether it is on the air.
    ///
    /// ```
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// let stream = client.live_stream("vi4k0jvEUuaTdRAEjQ4Jfrgz".parse()?).get().await?;
    /// println!("{:?}", stream.name);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Whatever a request can fail with: [`NotFound`](crate::ErrorKind::NotFound) when there is none of this id.
    pub async fn get(&self) -> Result<LiveStream> {
        let request = Request::new("getLiveStream", format!("GET /live-streams/{}", self.id));
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

/// The query for live streams.
///
/// ```
/// use apivideo::{Client, List, LiveStreams};
///
/// fn news(client: &Client) -> List<LiveStreams> {
///     client.live_streams().name("News")
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct LiveStreams {
    name: Option<String>,
    sort: Option<(LiveStreamOrder, SortOrder)>,
}

impl List<LiveStreams> {
    /// Only live streams whose name contains this text.
    ///
    /// ```
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// let streams = client.live_streams();
    /// assert!(streams.clone().name("for beginners").total().await? <= streams.total().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn name(self, text: impl Into<String>) -> Self {
        let text = text.into();
        self.change(|query| query.name = Some(text))
    }

    /// In this order.
    ///
    /// ```
    /// use apivideo::query::{LiveStreamOrder, SortOrder};
    ///
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let streams = client.live_streams().sort_by(LiveStreamOrder::UpdatedAt, SortOrder::Descending);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn sort_by(self, order: LiveStreamOrder, direction: SortOrder) -> Self {
        self.change(|query| query.sort = Some((order, direction)))
    }
}

impl Listing for LiveStreams {
    type Item = LiveStream;
}

impl sealed::Listing<LiveStream> for LiveStreams {
    fn path(&self) -> String {
        "/live-streams".to_owned()
    }

    fn filters(&self) -> String {
        format!("{self:?}")
    }

    fn identity() -> Option<fn(&LiveStream) -> &str> {
        Some(|stream| stream.id.as_str())
    }

    fn fetch(&self, ask: Ask) -> BoxFuture<Result<Fetched<LiveStream>>> {
        let (page, size) = (ask.page(), ask.size());
        let query = self.clone();
        Box::pin(async move {
            let request = Request::new("listLiveStreams", "GET /live-streams");
            fetch::page(&ask, &request, |core| {
                let query = query.clone();
                async move {
                    let mut call = core.list_live_streams().current_page(page).page_size(size);
                    if let Some(name) = query.name {
                        call = call.name(name);
                    }
                    if let Some((order, direction)) = query.sort {
                        call = call.sort_by(order.as_str()).sort_order(direction.as_str());
                    }
                    call.send().await
                }
            })
            .await
        })
    }
}
