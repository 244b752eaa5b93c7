//! Videos.

use apivideo_core::wire::MetadataFilter;

use super::VideoSessions;
use super::params::{SortOrder, VideoOrder};
use crate::error::{Error, Result};
use crate::id::{LiveStreamId, VideoId};
use crate::list::query::{Ask, Listing, sealed};
use crate::list::{List, fetch};
use crate::model::Video;
use crate::period::Period;
use crate::stream::pager::Fetched;
use crate::transport::Transport;
use crate::transport::call::Request;
use crate::transport::clock::BoxFuture;

/// One video, by its id; see [`Client::video`](crate::Client::video).
///
/// ```
/// use apivideo::VideoHandle;
///
/// # let client = apivideo::Client::builder().api_key("key").build()?;
/// let video: VideoHandle = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?);
/// let (january, year) = (video.sessions("2022-01".parse()?), video.sessions("2022".parse()?));
/// # Ok::<(), apivideo::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct VideoHandle {
    transport: Transport,
    id: VideoId,
}

impl VideoHandle {
    pub(crate) fn new(transport: Transport, id: VideoId) -> Self {
        Self { transport, id }
    }

    /// The sessions of the period, in ascending order of time.
    ///
    /// The service demands a period. Its days are taken as UTC, and a session as of the day on which its
    /// player was loaded: neither is documented.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let video = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?);
    /// let mut sessions = video.sessions("2022-01-01".parse()?).metadata("hats", "green").stream();
    /// while let Some(session) = sessions.try_next().await? {
    ///     assert_eq!(session.metadata("hats"), Some("green"));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Without a period it does not compile:
    ///
    /// ```compile_fail
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions().stream();
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn sessions(&self, period: Period) -> List<VideoSessions> {
        VideoSessions::list(self.transport.clone(), self.id.clone(), period)
    }

    /// The video itself: its title, tags, metadata.
    ///
    /// ```
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// let video = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).get().await?;
    /// println!("{:?}", video.title);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Whatever a request can fail with: [`NotFound`](crate::ErrorKind::NotFound) when there is none of this id.
    pub async fn get(&self) -> Result<Video> {
        let request = Request::new("getVideo", format!("GET /videos/{}", self.id));
        let send = |core: apivideo_core::Client| {
            let id = self.id.clone();
            async move { core.get_video().video_id(id.as_str()).send().await }
        };
        let wire = fetch::one(&self.transport, &request, send).await?;
        Video::try_from_wire(wire).map_err(Error::undecodable)
    }
}

/// The query for videos.
///
/// ```
/// use apivideo::{Client, List, Videos, query::{SortOrder, VideoOrder}};
///
/// fn newest(client: &Client) -> List<Videos> {
///     client.videos().sort_by(VideoOrder::CreatedAt, SortOrder::Descending)
/// }
/// ```
#[derive(Clone, Default)]
pub struct Videos {
    title: Option<String>,
    tags: Vec<String>,
    metadata: Vec<(String, String)>,
    live_stream_id: Option<LiveStreamId>,
    sort: Option<(VideoOrder, SortOrder)>,
}

impl List<Videos> {
    /// Only videos whose title contains this text.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let videos: Vec<_> = client.videos().title("for beginners").stream().try_collect().await?;
    /// assert!(videos.iter().all(|video| video.title.as_ref().is_some_and(|title| title.contains("for beginners"))));
    /// # Ok(())
    /// # }
    /// ```
    pub fn title(self, text: impl Into<String>) -> Self {
        let text = text.into();
        self.change(|query| query.title = Some(text))
    }

    /// Only videos with this tag; several must all be there.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let videos: Vec<_> = client.videos().tag("tutorial").stream().try_collect().await?;
    /// assert!(videos.iter().all(|video| video.tags.iter().any(|tag| tag == "tutorial")));
    /// # Ok(())
    /// # }
    /// ```
    pub fn tag(self, tag: impl Into<String>) -> Self {
        let tag = tag.into();
        self.change(|query| query.tags.push(tag))
    }

    /// Only videos whose metadata has `key` with exactly this value; several pairs must all be there.
    ///
    /// ```
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// let videos = client.videos().metadata("hats", "__hats__");
    /// println!("{} videos ask what hat their viewers wear", videos.total().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn metadata(self, key: impl Into<String>, value: impl Into<String>) -> Self {
        let pair = (key.into(), value.into());
        self.change(|query| query.metadata.push(pair))
    }

    /// Only recordings of this live stream.
    ///
    /// ```
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// let recordings = client.videos().live_stream("vi4k0jvEUuaTdRAEjQ4Jfrgz".parse()?);
    /// println!("{} recordings", recordings.total().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn live_stream(self, id: LiveStreamId) -> Self {
        self.change(|query| query.live_stream_id = Some(id))
    }

    /// In this order.
    ///
    /// ```
    /// use apivideo::query::{SortOrder, VideoOrder};
    ///
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let videos = client.videos().sort_by(VideoOrder::Title, SortOrder::Ascending);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn sort_by(self, order: VideoOrder, direction: SortOrder) -> Self {
        self.change(|query| query.sort = Some((order, direction)))
    }
}

impl std::fmt::Debug for Videos {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Metadata values can be personal.
        let keys: Vec<_> = self.metadata.iter().map(|(key, _)| key).collect();
        f.debug_struct("Videos")
            .field("title", &self.title)
            .field("tags", &self.tags)
            .field("metadata_keys", &keys)
            .field("live_stream_id", &self.live_stream_id)
            .field("sort", &self.sort)
            .finish()
    }
}

impl Listing for Videos {
    type Item = Video;
}

impl sealed::Listing<Video> for Videos {
    fn path(&self) -> String {
        "/videos".to_owned()
    }

    fn filters(&self) -> String {
        format!(
            "{:?} {:?} {:?} {:?} {:?}",
            self.title, self.tags, self.metadata, self.live_stream_id, self.sort
        )
    }

    fn identity() -> Option<fn(&Video) -> &str> {
        Some(|video| video.id.as_str())
    }

    fn fetch(&self, ask: Ask) -> BoxFuture<Result<Fetched<Video>>> {
        let (page, size) = (ask.page(), ask.size());
        let query = self.clone();
        Box::pin(async move {
            let request = Request::new("listVideos", "GET /videos");
            fetch::page(&ask, &request, |core| {
                let query = query.clone();
                async move {
                    let mut call = core.list_videos().current_page(page).page_size(size);
                    if let Some(title) = query.title {
                        call = call.title(title);
                    }
                    if !query.tags.is_empty() {
                        call = call.tags(query.tags);
                    }
                    if !query.metadata.is_empty() {
                        call = call.metadata(MetadataFilter::from_iter(query.metadata));
                    }
                    if let Some(id) = query.live_stream_id {
                        call = call.live_stream_id(id.as_str());
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
