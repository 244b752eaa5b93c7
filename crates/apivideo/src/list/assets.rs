//! Which videos and live streams there are.

use apivideo_core::wire::MetadataFilter;

use super::{Ask, List, Listing, LiveStreamOrder, SortOrder, VideoOrder, fetch, sealed};
use crate::call::Request;
use crate::client::Client;
use crate::error::Result;
use crate::id::LiveStreamId;
use crate::model::{LiveStream, Video};
use crate::stream::pager::Fetched;
use crate::time::BoxFuture;

impl Client {
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
    /// use apivideo::{SortOrder, VideoOrder};
    ///
    /// let videos = client.videos().sort_by(VideoOrder::CreatedAt, SortOrder::Ascending);
    /// let videos: Vec<_> = videos.stream().try_collect().await?;
    /// assert!(videos.iter().any(|video| video.id.as_str() == "vi4k0jvEUuaTdRAEjQ4Prklg"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn videos(&self) -> List<Videos> {
        List::new(self.clone(), Videos::default())
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
        List::new(self.clone(), LiveStreams::default())
    }
}

/// The query for videos.
///
/// ```
/// use apivideo::{Client, List, SortOrder, VideoOrder, Videos};
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
    /// use apivideo::{SortOrder, VideoOrder};
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
    /// use apivideo::{LiveStreamOrder, SortOrder};
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
