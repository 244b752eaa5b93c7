//! Sessions of a video or a live stream.

use apivideo_core::wire::MetadataFilter;

use crate::error::Result;
use crate::id::{LiveStreamId, VideoId};
use crate::list::query::{Ask, Listing, sealed};
use crate::list::{List, Windows, fetch};
use crate::model::Session;
use crate::period::{Period, Window};
use crate::stream::pager::Fetched;
use crate::transport::Transport;
use crate::transport::call::Request;
use crate::transport::clock::BoxFuture;

/// How sessions are read by windows.
macro_rules! windows {
    ($query:ident) => {
        impl List<$query> {
            /// Reads the period by windows, each with pages of its own.
            ///
            /// The windows of a closed past hold still, and several can be read side by side
            /// ([`with_concurrency`](Self::with_concurrency)). Items still come once and in order.
            ///
            /// ```
            /// use apivideo::{Session, query::Window};
            /// use futures::TryStreamExt;
            /// # use apivideo_simulator::Simulator;
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
            /// # let simulator = Simulator::builder().start().await?;
            /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
            ///
            /// let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions("2022-01".parse()?);
            /// let days = sessions.clone().with_windows(Window::Day).with_concurrency(8);
            /// let (whole, by_days): (Vec<Session>, Vec<Session>) =
            ///     futures::try_join!(sessions.stream().try_collect(), days.stream().try_collect())?;
            /// assert_eq!(whole, by_days);
            /// # Ok(())
            /// # }
            /// ```
            pub fn with_windows(mut self, window: Window) -> Self {
                let split = |query: &$query, window: Window| {
                    let windows = query.period.split(window);
                    windows
                        .map(|period| $query {
                            period,
                            ..query.clone()
                        })
                        .collect()
                };
                self.windows = Some(Windows { window, split });
                self
            }

            /// How many windows are read side by side: 1 unless told, and 0 is taken as 1.
            ///
            /// So many windows times the pages that are read ahead are asked for at once, and one more for each is held at
            /// most. In order, the first window has as many of these as it has pages, since it is the one that is waited
            /// for: long windows are read as fast as short ones.
            ///
            /// ```
            /// use apivideo::query::Window;
            ///
            /// # let client = apivideo::Client::builder().api_key("key").build()?;
            /// let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions("2022".parse()?);
            /// let sessions = sessions.with_windows(Window::Week).with_concurrency(4);
            /// # Ok::<(), apivideo::Error>(())
            /// ```
            pub fn with_concurrency(mut self, windows: usize) -> Self {
                self.concurrency = windows.max(1);
                self
            }

            /// Gives items as their windows come instead of in ascending order of time; within a window the order is kept.
            ///
            /// ```
            /// use apivideo::query::Window;
            ///
            /// # let client = apivideo::Client::builder().api_key("key").build()?;
            /// let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions("2022".parse()?);
            /// let sessions = sessions.with_windows(Window::Day).with_concurrency(8).without_order();
            /// # Ok::<(), apivideo::Error>(())
            /// ```
            pub fn without_order(mut self) -> Self {
                self.ordered = false;
                self
            }
        }
    };
}

windows!(VideoSessions);
windows!(LiveStreamSessions);

/// The query for the sessions of a video.
///
/// ```
/// use apivideo::{List, Period, VideoHandle, VideoSessions};
///
/// fn green_hats(video: &VideoHandle, period: Period) -> List<VideoSessions> {
///     video.sessions(period).metadata("hats", "green")
/// }
/// ```
#[derive(Clone)]
pub struct VideoSessions {
    id: VideoId,
    period: Period,
    metadata: Vec<(String, String)>,
}

impl List<VideoSessions> {
    /// Only sessions whose metadata has `key` with exactly this value; several pairs must all be there.
    ///
    /// The service filters by dynamic metadata only, and by the account's plan.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions("2022-01".parse()?).metadata("hats", "red");
    /// let red: Vec<_> = sessions.stream().try_collect().await?;
    /// assert!(red.iter().all(|session| session.metadata("hats") == Some("red")));
    /// # Ok(())
    /// # }
    /// ```
    pub fn metadata(self, key: impl Into<String>, value: impl Into<String>) -> Self {
        let pair = (key.into(), value.into());
        self.change(|query| query.metadata.push(pair))
    }
}

impl std::fmt::Debug for VideoSessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Metadata values can be personal.
        let keys: Vec<_> = self.metadata.iter().map(|(key, _)| key).collect();
        f.debug_struct("VideoSessions")
            .field("id", &self.id)
            .field("period", &self.period)
            .field("metadata_keys", &keys)
            .finish()
    }
}

impl VideoSessions {
    pub(crate) fn list(transport: Transport, id: VideoId, period: Period) -> List<Self> {
        List::new(
            transport,
            Self {
                id,
                period,
                metadata: Vec::new(),
            },
        )
    }
}

impl Listing for VideoSessions {
    type Item = Session;
}

impl sealed::Listing<Session> for VideoSessions {
    fn path(&self) -> String {
        format!("/analytics/videos/{}", self.id)
    }

    fn filters(&self) -> String {
        format!("{} {:?}", self.period, self.metadata)
    }

    fn identity() -> Option<fn(&Session) -> &str> {
        Some(|session| session.id.as_str())
    }

    fn fetch(&self, ask: Ask) -> BoxFuture<Result<Fetched<Session>>> {
        let (page, size) = (ask.page(), ask.size());
        let query = self.clone();
        Box::pin(async move {
            let request = Request::new("listVideoSessions", format!("GET {}", query.path()));
            fetch::page(&ask, &request, |core| {
                let query = query.clone();
                async move {
                    let call = core
                        .list_video_sessions()
                        .video_id(query.id.as_str())
                        .period(query.period.to_string())
                        .current_page(page)
                        .page_size(size);
                    let call = match query.metadata.is_empty() {
                        true => call,
                        false => call.metadata(MetadataFilter::from_iter(query.metadata)),
                    };
                    call.send().await
                }
            })
            .await
        })
    }
}

/// The query for the sessions of a live stream.
///
/// ```
/// use apivideo::{List, LiveStreamHandle, LiveStreamSessions, Period};
///
/// async fn viewers(live_stream: &LiveStreamHandle, day: Period) -> apivideo::Result<u64> {
///     let sessions: List<LiveStreamSessions> = live_stream.sessions(day);
///     sessions.total().await
/// }
/// ```
#[derive(Clone, Debug)]
pub struct LiveStreamSessions {
    id: LiveStreamId,
    period: Period,
}

impl LiveStreamSessions {
    pub(crate) fn list(transport: Transport, id: LiveStreamId, period: Period) -> List<Self> {
        List::new(transport, Self { id, period })
    }
}

impl Listing for LiveStreamSessions {
    type Item = Session;
}

impl sealed::Listing<Session> for LiveStreamSessions {
    fn path(&self) -> String {
        format!("/analytics/live-streams/{}", self.id)
    }

    fn filters(&self) -> String {
        self.period.to_string()
    }

    fn identity() -> Option<fn(&Session) -> &str> {
        Some(|session| session.id.as_str())
    }

    fn fetch(&self, ask: Ask) -> BoxFuture<Result<Fetched<Session>>> {
        let (page, size) = (ask.page(), ask.size());
        let query = self.clone();
        Box::pin(async move {
            let request = Request::new("listLiveStreamSessions", format!("GET {}", query.path()));
            fetch::page(&ask, &request, |core| {
                let query = query.clone();
                async move {
                    core.list_live_stream_sessions()
                        .live_stream_id(query.id.as_str())
                        .period(query.period.to_string())
                        .current_page(page)
                        .page_size(size)
                        .send()
                        .await
                }
            })
            .await
        })
    }
}
