//! The client, and what its requests share.

mod builder;
mod environment;

use std::fmt;

use jiff::SignedDuration;
use serde::de::DeserializeOwned;

pub use builder::ClientBuilder;
pub use environment::Environment;

use crate::aggregates::{Breakdown, BucketMetric, Metric, MetricRequest, SeriesMetric};
use crate::error::Result;
use crate::id::{AssetId, LiveStreamId, SessionId, VideoId};
use crate::list::List;
use crate::query::{Buckets, Timeseries};
use crate::request;
use crate::resources::{
    Anything, Assets, LiveStreamHandle, LiveStreams, SessionHandle, VideoHandle, Videos,
};
use crate::transport::Transport;
use crate::transport::call::{Request, call};
use crate::transport::rate_limit::RateLimit;

/// A client of api.video's statistics. Cheap to clone; clones share connections, authorization,
/// the pace under the rate limit, and the budget of retries.
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
    /// Begins a client; it needs a key at least.
    ///
    /// ```
    /// let client = apivideo::Client::builder().api_key("my key").sandbox().build()?;
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// Where this client sends its requests, without a slash at the end.
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

    /// Where this client and its clones stand with the rate limit.
    ///
    /// Before the first reply that tells of it, the limit is the documented one: 500 requests a minute in production,
    /// 100 in the sandbox, none at another base URL. With pacing turned off nothing is known.
    ///
    /// ```
    /// let client = apivideo::Client::builder().api_key("my key").sandbox().build()?;
    /// assert_eq!(client.rate_limit().limit, Some(100));
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn rate_limit(&self) -> RateLimit {
        let pacer = self.transport.shared.pacer.as_ref();
        pacer.map_or_else(RateLimit::default, |pacer| {
            pacer.state(self.transport.shared.clock.now())
        })
    }

    /// Returns this machine's clock minus the service's clock, by the `Date` header of the newest response to any clone
    /// of this client, whatever its status.
    ///
    /// `None` before the first response with a readable `Date`. A `Date` has whole seconds and is written before the
    /// response travels: correct clocks differ by up to a second and the latency of a response.
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

    /// One video: its sessions, and what it is.
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

    /// One live stream: its sessions, and what it is.
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

    /// One player session: its events.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let session = client.session(&"psEmFwGQUAXR2lFHj5nDOpy".parse()?);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn session(&self, id: &SessionId) -> SessionHandle {
        SessionHandle::new(self.transport.clone(), id.clone())
    }

    /// Several videos and live streams, to be read as one. One that comes twice counts once.
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
    ///     println!("{}: {}", session.asset, session.item.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn assets(&self, ids: impl IntoIterator<Item = impl Into<AssetId>>) -> Assets {
        Assets::new(self.transport.clone(), ids)
    }

    /// The videos of the project.
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
    pub fn videos(&self) -> List<Videos> {
        List::new(self.transport.clone(), Videos::default())
    }

    /// The live streams of the project.
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
    pub fn live_streams(&self) -> List<LiveStreams> {
        List::new(self.transport.clone(), LiveStreams::default())
    }

    /// One number for a time: plays, watch time, the peak of viewers.
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
    ///     .from("2022-01-01T00:00:00Z".parse()?)
    ///     .to("2022-01-02T00:00:00Z".parse()?)
    ///     .filter(Filter::new().country("FR"))
    ///     .get()
    ///     .await?;
    /// println!("{} plays from France", plays.value);
    /// # Ok(())
    /// # }
    /// ```
    pub fn metric(&self, metric: Metric) -> MetricRequest {
        MetricRequest::new(self.transport.clone(), metric)
    }

    /// A number for each value of a dimension: plays by country, views by video.
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
    /// let plays = client.buckets(BucketMetric::Play, Breakdown::Country).from("2022-01-01T00:00:00Z".parse()?);
    /// let plays: Vec<_> = plays.stream().try_collect().await?;
    /// for bucket in plays {
    ///     println!("{:?}: {:?}", bucket.dimension_value, bucket.metric_value);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn buckets(&self, metric: BucketMetric, breakdown: Breakdown) -> List<Buckets> {
        Buckets::list(self.transport.clone(), metric, breakdown)
    }

    /// A number for each step of time: plays by the hour.
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
    /// let plays = plays.from("2022-01-01T00:00:00Z".parse()?).to("2022-01-02T00:00:00Z".parse()?);
    /// let plays: Vec<_> = plays.stream().try_collect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn timeseries(&self, metric: SeriesMetric) -> List<Timeseries> {
        Timeseries::list(self.transport.clone(), metric)
    }

    /// A list at any path of the service that this crate has no list for: its pages are read as those of all others,
    /// with the same authorization, pace, retries and cursors.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let mut videos = client.list::<serde_json::Value>("/videos")?.query("title", "clouds").stream();
    /// while let Some(video) = videos.try_next().await? {
    ///     println!("{}", video["title"]);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When `path` does not begin with a slash, has a query or leaves the base URL.
    pub fn list<T>(&self, path: &str) -> Result<List<Anything<T>>>
    where
        T: DeserializeOwned + Send + 'static,
    {
        Anything::list(self.transport.clone(), path)
    }

    /// Asks for any path of the service that this crate has no call for, with the same authorization, timeout and errors.
    ///
    /// ```
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let reply: serde_json::Value = client.get("/videos", &[("pageSize", "1")]).await?;
    /// assert_eq!(reply["pagination"]["pageSize"], 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When `path` does not begin with a slash, has a query or leaves the base URL, and whatever a request can fail with.
    pub async fn get<T: DeserializeOwned + Send>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T> {
        let url = request::resolve(self.base_url(), path)?;
        let request = Request::new("get", format!("GET {path}"));
        let reply = call(&self.transport, &request, |core| {
            let url = url.clone();
            async move { request::send(core, url, query).await }
        });
        Ok(reply.await?.value)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.transport.shared.base_url)
            .finish_non_exhaustive()
    }
}
