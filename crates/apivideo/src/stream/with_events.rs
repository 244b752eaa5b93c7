//! Sessions with all their events.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::{FusedStream, Stream};
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::cursor::Cursor;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Event, Session};
use crate::progress::Progress;
use crate::resources::EventsOfSession;
use crate::stream::items::{ItemStream, Record};
use crate::stream::ordered::Ordered;
use crate::stream::until_error::OkInto;
use crate::stream::yield_once::Turn;
use crate::transport::Transport;
use crate::transport::clock::BoxFuture;

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

/// So many sessions in a row whose responses can't be used mean that the operation is broken, not the sessions.
const UNUSABLE_IN_A_ROW: usize = 20;

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
    transport: Transport,
    sessions: ItemStream<Session>,
    concurrency: usize,
    asked: Ordered<BoxFuture<Outcome>>,
    turn: Turn,
    /// Sessions in a row whose responses could not be used. They are skipped once another session shows that the operation
    /// works, and are not passed by the cursor before.
    unusable: VecDeque<Outcome>,
    /// Outcomes that are yielded next, before those of `asked`.
    settled: VecDeque<Outcome>,
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
    /// # Errors
    /// A failure that another session could meet too ends the stream, as does an error of the list: the connection, a timeout,
    /// a 5xx, the rate limit, spent retries, a refused key, an operation that the service does not know. Its
    /// [cursor](Error::cursor) is before the session whose events failed, so that a resumed stream reads them again.
    ///
    /// A failure that only this session has is skipped: one `Err` of the kind [`Events`](ErrorKind::Events) with its id
    /// ([`Error::session_id`]), which is not terminal, and the stream continues with the next session. These are a 404 and
    /// an invalid event. The cursor passes the session; read its events by
    /// [`Client::session`](crate::Client::session). [`Progress::skipped`] counts them.
    ///
    /// Other responses that cannot be used (no JSON, fewer events than announced, other 4xx) are skipped in the same way, but
    /// only after the events of a later session could be read, or at the end of the list. 20 of them in a row end
    /// the stream, with the cursor before the first of them: then it is the operation that is broken.
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
            transport: self.transport().clone(),
            sessions: self,
            concurrency: concurrency.max(1),
            asked: Ordered::new(),
            turn: Turn::default(),
            unusable: VecDeque::new(),
            settled: VecDeque::new(),
            listing: Listing::Open,
        }
    }
}

impl SessionEventsStream {
    /// Returns where the stream stands. A session counts as given once it was yielded with its events, or as skipped.
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

    /// Asks for the events of as many sessions as may run; `true` when it asked for some.
    fn fill(&mut self, cx: &mut Context<'_>) -> bool {
        let mut asked = false;
        while let Listing::Open = self.listing
            && self.asked.running() < self.concurrency
            && self.asked.len() < self.concurrency.saturating_mul(HELD)
        {
            match self.sessions.poll_record(cx) {
                Poll::Pending => break,
                Poll::Ready(Some(Ok(Record { window, outcome }))) => {
                    let transport = self.transport.clone();
                    let both = Box::pin(async move {
                        let result = match outcome {
                            Ok(session) => read(transport, session).await,
                            Err(error) => Err(error),
                        };
                        Outcome { window, result }
                    });
                    self.asked.start(both, cx);
                    asked = true;
                }
                Poll::Ready(Some(Err(error))) => self.listing = Listing::Ended(Some(error)),
                Poll::Ready(None) => self.listing = Listing::Ended(None),
            }
        }
        asked
    }

    fn finish(&mut self) -> Option<Error> {
        self.asked.clear();
        self.unusable.clear();
        self.settled.clear();
        match std::mem::replace(&mut self.listing, Listing::Done) {
            Listing::Ended(error) => error,
            Listing::Open | Listing::Done => None,
        }
    }

    /// Returns the next outcome to yield, if there is one. Unusable responses wait until another outcome settles what they mean.
    fn next_outcome(&mut self) -> Option<Outcome> {
        loop {
            if let Some(outcome) = self.settled.pop_front() {
                return Some(outcome);
            }
            let Some(outcome) = self.asked.take() else {
                // At the end of the list nothing else can settle it.
                if matches!(self.listing, Listing::Ended(None)) && self.asked.is_empty() {
                    self.settled.append(&mut self.unusable);
                    return self.settled.pop_front();
                }
                return None;
            };
            match (&outcome.result, self.unusable.is_empty()) {
                (Err(error), _) if is_unusable(error) => {
                    self.unusable.push_back(outcome);
                    if self.unusable.len() >= UNUSABLE_IN_A_ROW {
                        return self.unusable.pop_front().map(broken);
                    }
                }
                // The stream ends, and the cursor stays before the unusable ones: they are read again.
                (Err(error), _) if error.is_terminal() => return Some(outcome),
                (_, true) => return Some(outcome),
                (_, false) => {
                    self.settled.append(&mut self.unusable);
                    self.settled.push_back(outcome);
                }
            }
        }
    }
}

/// All the events of one session.
async fn read(transport: Transport, session: Session) -> Result<SessionEvents> {
    match EventsOfSession::list(transport, session.id.clone())
        .stream()
        .try_collect()
        .await
    {
        Ok(events) => Ok(SessionEvents { session, events }),
        Err(error) if is_of_session(&error) => Err(Error::events(session.id, error)),
        // Another session could meet it too, and this one can be read later.
        Err(error) => Err(error.with_session(session.id)),
    }
}

/// Whether the failure to read the events of a session says something about that session alone, and would be met again.
fn is_of_session(error: &Error) -> bool {
    use ErrorKind::{Decode, Incomplete, NotFound, Record, Rejected, Unexpected};
    matches!(
        error.kind(),
        NotFound | Record | Decode | Incomplete | Rejected | Unexpected
    ) && !(error.is_retryable() || error.is_auth() || error.is_removed())
}

/// Whether the response could not be used: as a fault of the whole operation would show, too.
fn is_unusable(error: &Error) -> bool {
    error.kind() == ErrorKind::Events
        && !(error.is_not_found() || error.has_kind(&[ErrorKind::Record]))
}

/// Ends the stream at the first of many sessions whose responses could not be used.
fn broken(Outcome { window, result }: Outcome) -> Outcome {
    let result = result.map_err(|error| {
        let message = format!(
            "the events of {UNUSABLE_IN_A_ROW} sessions in a row could not be read; \
             check that the base URL is the service's, and try again later"
        );
        Error::operation(error, message)
    });
    Outcome { window, result }
}

impl Stream for SessionEventsStream {
    type Item = Result<SessionEvents>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            let asked = this.fill(cx);
            let progress = this.asked.drive(cx);
            let is_ready = !this.settled.is_empty() || this.asked.has_first();
            if this.turn.is_due(asked && is_ready, cx) {
                return Poll::Pending;
            }
            let unusable = this.unusable.len();
            match this.next_outcome() {
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
                        Err(error) => {
                            this.sessions.skipped();
                            return Poll::Ready(Some(Err(error)));
                        }
                        Ok(both) => return Poll::Ready(Some(Ok(both))),
                    }
                }
                None => {}
            }
            let made_room = progress || this.unusable.len() != unusable;
            match this.listing {
                Listing::Done => return Poll::Ready(None),
                Listing::Ended(_) if this.asked.is_empty() => {
                    let cursor = this.cursor();
                    return Poll::Ready(this.finish().map(|error| Err(error.with_cursor(cursor))));
                }
                // What has ended made room: ask for more before going to sleep.
                Listing::Open if made_room => {}
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
