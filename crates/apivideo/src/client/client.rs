//! The client.

use std::fmt;

use jiff::SignedDuration;

use super::builder::ClientBuilder;
use crate::aggregates::{Breakdown, BucketMetric, Metric, MetricRequest, SeriesMetric};
use crate::error::Result;
use crate::id::{AssetId, LiveStreamId, SessionId, VideoId};
use crate::list::List;
use crate::query::{Buckets, LiveStreams, Raw, Timeseries, Videos};
use crate::request::GetRequest;
use crate::resources::handles::{AssetsHandle, LiveStreamHandle, SessionHandle, VideoHandle};
use crate::transport::Transport;
use crate::transport::rate_limit::RateLimit;

/// A client of api.video's statistics.
///
/// It is cheap to clone. Clones share connections, authorization, rate limiter and retry budget. Requests need a tokio runtime
/// with I/O and time enabled; building a client needs none.
///
/// ```
/// use futures::TryStreamExt;
/// # use apivideo_simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = Simulator::builder().start().await?;
/// # let key = "key";
///
/// let client = apivideo::Client::builder()
///     .api_key(key)
/// #   .base_url(simulator.base_url())
///     .build()?;
/// let mut sessions = client
///     .video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?)
///     .sessions("2022-01".parse()?)
///     .metadata("hats", "green")
///     .stream();
/// while let Some(session) = sessions.try_next().await? {
///     println!("{} from {:?}", session.id, session.location.country);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) transport: Transport,
}

impl Client {
    /// Builds a client from environment variables.
    ///
    /// `APIVIDEO_API_KEY` is the API key. `APIVIDEO_ENVIRONMENT` is `production` (the default) or `sandbox`.
    /// `APIVIDEO_BASE_URL` replaces the base URL of the environment. Empty variables are ignored.
    ///
    /// ```no_run
    /// let client = apivideo::Client::from_env()?;
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    ///
    /// # Errors
    /// Returns the errors of [`ClientBuilder::from_env`] and [`ClientBuilder::build`].
    pub fn from_env() -> Result<Self> {
        ClientBuilder::from_env()?.build()
    }

    /// Returns a builder. Only the API key is required.
    ///
    /// ```
    /// let client = apivideo::Client::builder().api_key("my key").sandbox().build()?;
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// Returns the base URL of the service, without a trailing slash.
    ///
    /// ```
    /// let client = apivideo::Client::builder().api_key("my key").build()?;
    /// assert_eq!(client.base_url(), "https://ws.api.video");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.transport.shared.base_url
    }

    /// Returns a snapshot of the rate limit, which this client and its clones share.
    ///
    /// Until a response reports the limit, it is the documented one: 500 requests per minute in production, 100 in the sandbox,
    /// `None` at another base URL. All fields are `None` if rate limiting is disabled.
    ///
    /// ```
    /// let client = apivideo::Client::builder().api_key("my key").sandbox().build()?;
    /// assert_eq!(client.rate_limit().limit, Some(100));
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn rate_limit(&self) -> RateLimit {
        let shared = &self.transport.shared;
        let limiter = shared.limiter.as_ref();
        limiter
            .map(|limiter| limiter.state(shared.clock.now()))
            .unwrap_or_default()
    }

    /// Returns the difference between this machine's clock and the service's clock (positive if this machine's clock is
    /// ahead), according to the `Date` header of the latest response of any status to this client or its clones.
    ///
    /// Returns `None` before the first response with a valid `Date`. `Date` has a precision of one second and is set before
    /// the response is sent, so synchronized clocks can differ by up to one second plus the latency of the response.
    ///
    /// ```
    /// let client = apivideo::Client::builder().api_key("my key").build()?;
    /// assert_eq!(client.clock_skew(), None);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn clock_skew(&self) -> Option<SignedDuration> {
        self.transport.shared.skew.get()
    }

    /// Returns a handle to a video, for its sessions and its metadata. No request is sent.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let video = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn video(&self, id: VideoId) -> VideoHandle {
        VideoHandle::new(self.transport.clone(), id)
    }

    /// Returns a handle to a live stream, for its sessions and its metadata. No request is sent.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let live_stream = client.live_stream("li4k0jvEUuaTdRAEjQ4Jfrgz".parse()?);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn live_stream(&self, id: LiveStreamId) -> LiveStreamHandle {
        LiveStreamHandle::new(self.transport.clone(), id)
    }

    /// Returns a handle to a player session, for its events. No request is sent.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let session = client.session("psEmFwGQUAXR2lFHj5nDOpy".parse()?);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn session(&self, id: SessionId) -> SessionHandle {
        SessionHandle::new(self.transport.clone(), id)
    }

    /// Returns a handle to several videos and live streams, whose sessions are read as one list. Duplicate ids are removed,
    /// and the order is kept.
    ///
    /// ```
    /// use apivideo::AssetId;
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let all: Vec<AssetId> = client.videos().stream().map_ok(|video| video.id.into()).try_collect().await?;
    /// let mut sessions = client.assets(all).sessions("2022-01-01".parse()?).stream();
    /// while let Some(session) = sessions.try_next().await? {
    ///     println!("{:?}: {}", session.asset, session.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The identifiers can be references:
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let ids: Vec<apivideo::VideoId> = vec!["vi4k0jvEUuaTdRAEjQ4Prklg".parse()?, "vi3q7HhxApxRF1c8F8r6VeaI".parse()?];
    /// let january = client.assets(&ids).sessions("2022-01".parse()?);
    /// let first = client.assets([&ids[0]]).sessions("2022".parse()?);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn assets(&self, ids: impl IntoIterator<Item = impl Into<AssetId>>) -> AssetsHandle {
        AssetsHandle::new(self.transport.clone(), ids)
    }

    /// Returns the list of the project's videos.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// use apivideo::query::{SortOrder, VideoOrder};
    ///
    /// let videos = client.videos().sort_by(VideoOrder::CreatedAt, SortOrder::Ascending);
    /// let videos: Vec<_> = videos.stream().try_collect().await?;
    /// assert!(videos.iter().any(|video| video.id.as_str() == "vi4k0jvEUuaTdRAEjQ4Prklg"));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "GET /videos")]
    #[doc(alias = "listVideos")]
    pub fn videos(&self) -> List<Videos> {
        List::new(self.transport.clone(), Videos::default())
    }

    /// Returns the list of the project's live streams.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let streams: Vec<_> = client.live_streams().stream().try_collect().await?;
    /// assert!(streams.iter().any(|stream| stream.id.as_str() == "vi4k0jvEUuaTdRAEjQ4Jfrgz"));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "GET /live-streams")]
    #[doc(alias = "listLiveStreams")]
    pub fn live_streams(&self) -> List<LiveStreams> {
        List::new(self.transport.clone(), LiveStreams::default())
    }

    /// Returns a request for one number for a time range, such as plays, watch time or peak concurrent viewers.
    ///
    /// ```
    /// use apivideo::aggregates::{Filter, Metric};
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let plays = client
    ///     .metric(Metric::PlayCount)
    ///     .since("2022-01-01T00:00:00Z".parse()?)
    ///     .until("2022-01-02T00:00:00Z".parse()?)
    ///     .filter(Filter::new().country("FR"))
    ///     .send()
    ///     .await?;
    /// println!("{} plays from France", plays.value);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "GET /data/metrics/{metric}/{aggregation}")]
    #[doc(alias = "getMetric")]
    pub fn metric(&self, metric: Metric) -> MetricRequest {
        MetricRequest::new(self.transport.clone(), metric)
    }

    /// Returns a list with one number per value of a dimension, such as plays by country or views by video.
    ///
    /// ```
    /// use apivideo::aggregates::{Breakdown, BucketMetric};
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let plays = client.buckets(BucketMetric::Play, Breakdown::Country).since("2022-01-01T00:00:00Z".parse()?);
    /// let plays: Vec<_> = plays.stream().try_collect().await?;
    /// for bucket in plays {
    ///     println!("{:?}: {:?}", bucket.dimension_value, bucket.metric_value);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "GET /data/buckets/{metric}/{breakdown}")]
    #[doc(alias = "listBuckets")]
    pub fn buckets(&self, metric: BucketMetric, breakdown: Breakdown) -> List<Buckets> {
        Buckets::list(self.transport.clone(), metric, breakdown)
    }

    /// Returns a list with one number per time interval, such as plays by hour.
    ///
    /// ```
    /// use apivideo::aggregates::{Interval, SeriesMetric};
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let plays = client.timeseries(SeriesMetric::Play).interval(Interval::Hour);
    /// let plays = plays.since("2022-01-01T00:00:00Z".parse()?).until("2022-01-02T00:00:00Z".parse()?);
    /// let plays: Vec<_> = plays.stream().try_collect().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "GET /data/timeseries/{metric}")]
    #[doc(alias = "listTimeseries")]
    pub fn timeseries(&self, metric: SeriesMetric) -> List<Timeseries> {
        Timeseries::list(self.transport.clone(), metric)
    }

    /// Returns the list at any paginated path of the service, for operations that this crate does not wrap. It uses the same
    /// authorization, rate limit, retries and cursors as all other lists.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let mut videos = client.list("/videos").query("title", "clouds").stream();
    /// while let Some(video) = videos.try_next().await? {
    ///     println!("{}", video["title"]);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The path begins with a slash and is relative to the base URL. The first read returns an error if it is invalid.
    pub fn list(&self, path: impl Into<String>) -> List<Raw> {
        Raw::list(self.transport.clone(), path.into())
    }

    /// Returns a GET request for any path of the service, for operations that this crate does not wrap.
    ///
    /// The path begins with a slash and is relative to the base URL. [`send`](GetRequest::send) returns an error if it is
    /// invalid.
    ///
    /// ```
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let videos: serde_json::Value = client.get("/videos").query("pageSize", "1").send().await?;
    /// assert_eq!(videos["pagination"]["pageSize"], 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn get(&self, path: impl Into<String>) -> GetRequest {
        GetRequest::new(self.transport.clone(), path.into())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.transport.shared.base_url)
            .finish_non_exhaustive()
    }
}
