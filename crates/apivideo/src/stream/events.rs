//! Sessions with all their events.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::{FusedStream, Stream};
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::client::Client;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Event, Session};
use crate::stream::cursor::Cursor;
use crate::stream::items::{ItemStream, Record};
use crate::stream::ordered::Ordered;
use crate::stream::plain::OkInto;
use crate::stream::progress::Progress;
use crate::time::BoxFuture;

/// A session with all its events, in the order in which they were emitted.
///
/// ```
/// use apivideo::SessionEvents;
///
/// let text = r#"{"session":{"sessionId":"ps1"},"events":[{"type":"play","at":0}]}"#;
/// let both: SessionEvents = serde_json::from_str(text)?;
/// assert_eq!(both.session.id.as_str(), "ps1");
/// assert_eq!(serde_json::to_string(&both)?, text);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SessionEvents {
    /// The session.
    #[serde(flatten)]
    pub session: Session,
    /// All its events.
    pub events: Vec<Event>,
}

impl SessionEvents {
    /// Puts a session together with its events, which were read by themselves.
    ///
    /// ```
    /// use apivideo::SessionEvents;
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let video = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?);
    /// for session in video.sessions("2022-01-01".parse()?).last(2).await? {
    ///     let events = client.session(&session.id).events().stream().try_collect().await?;
    ///     println!("{:?}", SessionEvents::new(session, events));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn new(session: Session, events: Vec<Event>) -> Self {
        Self { session, events }
    }
}

/// How many sessions are held at most for each request that may run.
const HELD: usize = 4;

/// Sessions with all their events, in the order of the sessions; see [`ItemStream::with_events`].
///
/// ```
/// use apivideo::SessionEventsStream;
/// use futures::TryStreamExt;
/// # use apivideo_simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = Simulator::builder().videos(1).live_streams(0).days(1).sessions(20).start().await?;
/// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
///
/// let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions("2022-01-01".parse()?);
/// let mut sessions: SessionEventsStream = sessions.stream().with_events(8);
/// while let Some(both) = sessions.try_next().await? {
///     println!("{} watched: {:?}", both.session.id, both.events.last());
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "streams do nothing unless polled"]
pub struct SessionEventsStream {
    client: Client,
    sessions: ItemStream<Session>,
    concurrency: usize,
    asked: Ordered<BoxFuture<Outcome>>,
    listing: Listing,
}

/// What became of one record of the list, and the window that it is of.
struct Outcome {
    window: u32,
    result: Result<SessionEvents>,
}

/// Where the list of sessions stands.
enum Listing {
    Open,
    /// It ended, with an error that comes out after the sessions before it.
    Ended(Option<Error>),
    /// Nothing more will come.
    Done,
}

impl ItemStream<Session> {
    /// The sessions with all their events: up to `concurrency` sessions are asked for at once, the order is kept.
    ///
    /// A `concurrency` of 0 is taken as 1. The list is read ahead as the events need it. At most
    /// `4 * concurrency` sessions with their events are held, beside the pages of the list.
    ///
    /// A session whose events fail is one `Err` with its id
    /// ([`Error::session_id`]), and the others go on. An error that every
    /// session would meet (the key refused, the operation unknown to the service) ends the stream, as does an
    /// error of the list.
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
    /// let mut sessions = video.sessions("2022-01-01".parse()?).stream().with_events(8);
    /// while let Some(both) = sessions.try_next().await? {
    ///     println!("{}: {} events", both.session.id, both.events.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_events(self, concurrency: usize) -> SessionEventsStream {
        SessionEventsStream {
            client: self.client().clone(),
            sessions: self,
            concurrency: concurrency.max(1),
            asked: Ordered::new(),
            listing: Listing::Open,
        }
    }
}

impl SessionEventsStream {
    /// Where the stream stands. A session counts as given once its events have been, or the error of its events.
    ///
    /// Resume by the list's own stream: `list.stream().with_cursor(&cursor)?.with_events(n)`.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().videos(1).live_streams(0).days(1).sessions(20).start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions("2022-01-01".parse()?);
    /// let mut stream = sessions.stream().with_events(8);
    /// let first = stream.try_next().await?;
    /// let rest = sessions.stream().with_cursor(&stream.cursor())?.with_events(8);
    /// # assert_eq!(rest.try_collect::<Vec<_>>().await?.len() as u64 + 1, sessions.total().await?);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        self.sessions.cursor()
    }

    /// A channel that tells how far the list of sessions has come, page by page.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().videos(1).live_streams(0).days(1).sessions(20).start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let mut sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions("2022-01-01".parse()?).stream().with_events(8);
    /// let progress = sessions.progress();
    /// let all: Vec<_> = sessions.try_collect().await?;
    /// assert_eq!(progress.borrow().items, all.len() as u64);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn progress(&mut self) -> watch::Receiver<Progress> {
        self.sessions.progress()
    }

    /// How far the list has come, but for what its requests count.
    pub(super) fn told(&self) -> &Progress {
        self.sessions.told()
    }

    /// A stream of the sessions alone, which ends at the first error, of one session too, and leaves it in `error`.
    ///
    /// ```
    /// use futures::StreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().videos(1).live_streams(0).days(1).sessions(20).start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let mut error = None;
    /// let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions("2022-01-01".parse()?).stream().with_events(8);
    /// let all: Vec<_> = sessions.ok_into(&mut error).collect().await;
    /// assert!(error.is_none() && !all.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn ok_into(self, error: &mut Option<Error>) -> OkInto<'_, Self> {
        OkInto::new(self, error)
    }

    /// Asks for the events of as many sessions as may run.
    fn fill(&mut self, cx: &mut Context<'_>) {
        while let Listing::Open = self.listing
            && self.asked.running() < self.concurrency
            && self.asked.len() < self.concurrency.saturating_mul(HELD)
        {
            match self.sessions.poll_record(cx) {
                Poll::Pending => return,
                Poll::Ready(Some(Ok(Record { window, outcome }))) => {
                    let client = self.client.clone();
                    self.asked.push(Box::pin(async move {
                        let result = match outcome {
                            Ok(session) => read(client, session).await,
                            Err(error) => Err(error),
                        };
                        Outcome { window, result }
                    }));
                }
                Poll::Ready(Some(Err(error))) => self.listing = Listing::Ended(Some(error)),
                Poll::Ready(None) => self.listing = Listing::Ended(None),
            }
        }
    }

    fn finish(&mut self) -> Option<Error> {
        self.asked.clear();
        match std::mem::replace(&mut self.listing, Listing::Done) {
            Listing::Ended(error) => error,
            Listing::Open | Listing::Done => None,
        }
    }
}

/// All the events of one session.
async fn read(client: Client, session: Session) -> Result<SessionEvents> {
    match client
        .session(&session.id)
        .events()
        .stream()
        .try_collect()
        .await
    {
        Ok(events) => Ok(SessionEvents { session, events }),
        // What every session would meet ends the stream.
        Err(error) if error.is_auth() || error.is_removed() => Err(error.with_session(session.id)),
        Err(error) => Err(Error::events(session.id, error)),
    }
}

impl Stream for SessionEventsStream {
    type Item = Result<SessionEvents>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            this.fill(cx);
            let progress = this.asked.drive(cx);
            match this.asked.take() {
                Some(Outcome {
                    result: Err(error), ..
                }) if error.is_terminal() => {
                    let error = error.with_cursor(this.cursor());
                    this.finish();
                    return Poll::Ready(Some(Err(error)));
                }
                Some(Outcome { window, result }) => {
                    this.sessions.given(window);
                    match result {
                        Err(error) if error.kind() == ErrorKind::Record => {
                            if let Some(error) = this.sessions.pass_invalid(error) {
                                return Poll::Ready(Some(Err(error)));
                            }
                            continue;
                        }
                        result => return Poll::Ready(Some(result)),
                    }
                }
                None => {}
            }
            match this.listing {
                Listing::Done => return Poll::Ready(None),
                Listing::Ended(_) if this.asked.is_empty() => {
                    let cursor = this.cursor();
                    return Poll::Ready(this.finish().map(|error| Err(error.with_cursor(cursor))));
                }
                // What has ended made room: ask for more before going to sleep.
                Listing::Open if progress => {}
                _ => return Poll::Pending,
            }
        }
    }
}

impl FusedStream for SessionEventsStream {
    fn is_terminated(&self) -> bool {
        matches!(self.listing, Listing::Done)
    }
}

impl fmt::Debug for SessionEventsStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionEventsStream")
            .field("sessions", &self.sessions)
            .field("concurrency", &self.concurrency)
            .field("asked", &self.asked.len())
            .finish_non_exhaustive()
    }
}
