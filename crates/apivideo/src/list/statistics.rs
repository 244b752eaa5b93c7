//! Raw statistics: sessions of a video or a live stream, events of a session.

use apivideo_core::wire::MetadataFilter;

use super::{Ask, List, Listing, Window, Windows, fetch, sealed};
use crate::call::Request;
use crate::client::Client;
use crate::error::{Error, ErrorKind, Result};
use crate::id::{LiveStreamId, SessionId, VideoId};
use crate::model::{Event, LiveStream, Session, Video};
use crate::period::Period;
use crate::stream::pager::Fetched;
use crate::time::BoxFuture;

impl Client {
    /// One video: its sessions, and what it is.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let video = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn video(&self, id: VideoId) -> VideoHandle {
        VideoHandle {
            client: self.clone(),
            id,
        }
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
        LiveStreamHandle {
            client: self.clone(),
            id,
        }
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
        SessionHandle {
            client: self.clone(),
            id: id.clone(),
        }
    }
}

/// One video, by its id; see [`Client::video`].
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
    client: Client,
    id: VideoId,
}

impl VideoHandle {
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
        let query = VideoSessions {
            id: self.id.clone(),
            period,
            metadata: Vec::new(),
        };
        List::new(self.client.clone(), query)
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
    /// Whatever a request can fail with: [`NotFound`](ErrorKind::NotFound) when there is none of this id.
    pub async fn get(&self) -> Result<Video> {
        let request = Request::new("getVideo", format!("GET /videos/{}", self.id));
        let send = |core: apivideo_core::Client| {
            let id = self.id.clone();
            async move { core.get_video().video_id(id.as_str()).send().await }
        };
        fetch::one(&self.client, &request, send)
            .await?
            .try_into()
            .map_err(misread)
    }
}

/// One live stream, by its id; see [`Client::live_stream`].
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
    client: Client,
    id: LiveStreamId,
}

impl LiveStreamHandle {
    /// The sessions of the period, in ascending order of time; see [`VideoHandle::sessions`].
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
        List::new(
            self.client.clone(),
            LiveStreamSessions {
                id: self.id.clone(),
                period,
            },
        )
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
    /// Whatever a request can fail with: [`NotFound`](ErrorKind::NotFound) when there is none of this id.
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
        fetch::one(&self.client, &request, send)
            .await?
            .try_into()
            .map_err(misread)
    }
}

fn misread(error: Error) -> Error {
    Error::new(ErrorKind::Decode, "the reply can't be understood").with_source(error)
}

/// One player session, by its id; see [`Client::session`].
///
/// ```
/// use apivideo::SessionHandle;
///
/// # let client = apivideo::Client::builder().api_key("key").build()?;
/// let session: SessionHandle = client.session(&"psEmFwGQUAXR2lFHj5nDOpy".parse()?);
/// let events = session.events();
/// # Ok::<(), apivideo::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SessionHandle {
    client: Client,
    id: SessionId,
}

impl SessionHandle {
    /// The events of the session, in ascending order of time.
    ///
    /// ```
    /// use apivideo::Event;
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let session = client.session(&"psEmFwGQUAXR2lFHj5nDOpy".parse()?);
    /// let events: Vec<Event> = session.events().stream().try_collect().await?;
    /// assert_eq!(events[0].name(), "ready");
    /// # Ok(())
    /// # }
    /// ```
    pub fn events(&self) -> List<EventsOfSession> {
        List::new(
            self.client.clone(),
            EventsOfSession {
                id: self.id.clone(),
            },
        )
    }
}

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
            /// use apivideo::{Session, Window};
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
                    let windows = window.split(query.period).into_iter();
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
            /// use apivideo::Window;
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
            /// use apivideo::Window;
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

/// The query for the events of a session.
///
/// ```
/// use apivideo::{Event, EventsOfSession, List};
///
/// async fn end(events: &List<EventsOfSession>) -> apivideo::Result<Option<Event>> {
///     Ok(events.last(1).await?.pop())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct EventsOfSession {
    id: SessionId,
}

impl Listing for EventsOfSession {
    type Item = Event;
}

impl sealed::Listing<Event> for EventsOfSession {
    fn path(&self) -> String {
        format!("/analytics/sessions/{}/events", self.id)
    }

    fn fetch(&self, ask: Ask) -> BoxFuture<Result<Fetched<Event>>> {
        let (page, size) = (ask.page(), ask.size());
        let id = self.id.clone();
        Box::pin(async move {
            let request = Request::new(
                "listSessionEvents",
                format!("GET /analytics/sessions/{id}/events"),
            );
            fetch::page(&ask, &request, |core| {
                let id = id.clone();
                async move {
                    core.list_session_events()
                        .session_id(id.as_str())
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
