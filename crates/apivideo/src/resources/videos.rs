//! Videos: one by its identifier, and the list of a project.

use std::sync::Arc;

use super::Sessions;
use super::metadata_filter::MetadataQuery;
use super::metadata_filter::sealed::Metadata;
use super::params::{SortOrder, VideoOrder};
use super::query_macro::{MetadataPairs, query};
use super::sort::SortQuery;
use super::sort::sealed::Sort;
use crate::error::{Error, Result};
use crate::id::{AssetId, LiveStreamId, VideoId};
use crate::list::query::{ListQuery, PageRequest, sealed};
use crate::list::{List, fetch};
use crate::model::Video;
use crate::period::Period;
use crate::stream::page_response::PageResponse;
use crate::transport::Transport;
use crate::transport::call::Operation;
use crate::transport::clock::BoxFuture;

/// A handle to a video; see [`Client::video`](crate::Client::video).
///
/// ```
/// use apivideo::client::VideoHandle;
///
/// # let client = apivideo::Client::builder().api_key("key").build()?;
/// let video: VideoHandle = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?);
/// let january = video.sessions("2022-01".parse()?);
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

    pub(super) fn transport(&self) -> &Transport {
        &self.transport
    }

    /// Returns the identifier.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let video = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?);
    /// assert_eq!(video.id().as_str(), "vi4k0jvEUuaTdRAEjQ4Prklg");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn id(&self) -> &VideoId {
        &self.id
    }

    /// Returns the list of the sessions of a period, in ascending order of time.
    ///
    /// The service requires a period. Days are in UTC, and a session belongs to the day on which its player was loaded.
    /// Neither is documented by the service.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # apivideo_simulator::doctest! { |client|
    /// let video = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?);
    /// let mut sessions = video.sessions("2022-01-01".parse()?).metadata("hats", "green").stream();
    /// while let Some(session) = sessions.try_next().await? {
    ///     assert_eq!(session.metadata("hats"), Some("green"));
    /// }
    /// # }
    /// ```
    ///
    /// A call without a period does not compile:
    ///
    /// ```compile_fail
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions().stream();
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[doc(alias = "listVideoSessions")]
    #[doc(alias = "GET /analytics/videos/{videoId}")]
    pub fn sessions(&self, period: Period) -> List<Sessions> {
        let asset = AssetId::from(self.id.clone());
        Sessions::list(self.transport.clone(), Arc::new([asset]), period)
    }

    /// Requests the video: its title, tags and metadata.
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
    /// Returns an error if the request fails, of kind [`NotFound`](crate::ErrorKind::NotFound) if the video does not exist.
    ///
    /// # Cancel safety
    /// Dropping the future cancels the request.
    #[doc(alias = "getVideo")]
    #[doc(alias = "GET /videos/{videoId}")]
    pub async fn get(&self) -> Result<Video> {
        let request = Operation::new("getVideo", format!("GET /videos/{}", self.id));
        let send = |core: apivideo_core::Client| {
            let id = self.id.clone();
            async move { core.get_video().video_id(id.as_str()).send().await }
        };
        let wire = fetch::one(&self.transport, &request, send).await?;
        Video::try_from_wire(wire).map_err(Error::undecodable)
    }
}

query! {
    /// The query for the videos of a project.
    ///
    /// ```
    /// use apivideo::query::{SortOrder, VideoOrder, Videos};
    /// use apivideo::{Client, List};
    ///
    /// fn newest(client: &Client) -> List<Videos> {
    ///     client.videos().sort_by(VideoOrder::CreatedAt, SortOrder::Descending)
    /// }
    /// ```
    #[derive(Default)]
    #[doc(alias = "listVideos")]
    #[doc(alias = "GET /videos")]
    pub struct Videos of ListVideos {
        ;
        title: Option<String> => title,
        tags: Vec<String> => tags,
        metadata: MetadataPairs => metadata,
        live_stream: Option<LiveStreamId> => live_stream_id,
        sort_by: Option<VideoOrder> => sort_by,
        sort_order: Option<SortOrder> => sort_order,
    }
}

impl MetadataQuery for Videos {}

impl Metadata for Videos {
    fn add_metadata(&mut self, key: String, value: String) {
        self.metadata.push(key, value);
    }
}

impl List<Videos> {
    /// Restricts the list to videos whose title contains a string.
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
    pub fn title(self, title: impl Into<String>) -> Self {
        let title = title.into();
        self.set(|query| query.title = Some(title))
    }

    /// Restricts the list to videos with a tag. With several tags, a video must have all of them.
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
        self.set(|query| query.tags.push(tag))
    }

    /// Restricts the list to the recordings of a live stream.
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
        self.set(|query| query.live_stream = Some(id))
    }
}

fetch::envelope!(VideoPage of Video by "videoId", ["videoId"], |item| Some(&item.video_id));

impl ListQuery for Videos {
    type Item = Video;
}

impl SortQuery for Videos {
    type Order = VideoOrder;
}

impl Sort<VideoOrder> for Videos {
    fn set_order(&mut self, order: VideoOrder, direction: SortOrder) {
        (self.sort_by, self.sort_order) = (Some(order), Some(direction));
    }
}

impl sealed::Query<Video> for Videos {
    fn path(&self) -> String {
        "/videos".to_owned()
    }

    fn filters(&self) -> String {
        self.fingerprint_text()
    }

    fn identity() -> Option<fn(&Video) -> &str> {
        Some(|video| video.id.as_str())
    }

    fn fetch(&self, request: PageRequest) -> BoxFuture<Result<PageResponse<Video>>> {
        let (page, size) = (request.page(), request.page_size());
        let query = self.clone();
        Box::pin(async move {
            let operation = Operation::new("listVideos", "GET /videos");
            fetch::page(&request, &operation, |core| {
                let query = query.clone();
                async move {
                    let call = query.set_on(core.list_videos());
                    call.current_page(page).page_size(size).send().await
                }
            })
            .await
        })
    }
}
