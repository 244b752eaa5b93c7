//! One opaque error: a kind, predicates that say what can be done, and the cause.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;

use crate::cursor::Cursor;
use crate::id::AssetId;
use crate::id::{SessionId, is_id};
use crate::problem::Problem;

/// A result of this crate.
///
/// ```
/// fn january() -> apivideo::Result<apivideo::Period> {
///     "2022-01".parse()
/// }
/// assert!(january().is_ok());
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of failure an [`Error`] tells of.
///
/// ```
/// let error = "2022-13".parse::<apivideo::Period>().unwrap_err();
/// assert_eq!(error.kind(), apivideo::ErrorKind::Input);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client can't be built so: no key, a base URL that is none.
    Configuration,
    /// A value was refused before anything was sent: an id, a period, a page size.
    Input,
    /// The service could not be reached, or the connection broke before the reply was whole.
    Connection,
    /// The service's certificate, or its proxy's, is not accepted. Retries do not help.
    Certificate,
    /// No whole reply came within the timeout.
    Timeout,
    /// The key or the token was refused (401, or 400 from the exchange of a key).
    Unauthorized,
    /// The account may not do this (403): suspended, or analytics are disabled.
    Forbidden,
    /// There is no such video, live stream, session or page (404).
    NotFound,
    /// The service does not know the operation (any more).
    Removed,
    /// Too many requests in the window (429).
    RateLimited,
    /// The request was refused for another reason (other 4xx).
    Rejected,
    /// The service failed (5xx).
    Service,
    /// The service answered something that no HTTP API of its kind answers: a redirect, say.
    Unexpected,
    /// The reply came whole, and could not be understood.
    Decode,
    /// A list ended with fewer items than were announced, or a page that was announced did not come, or came as another one.
    Incomplete,
    /// One record of a page could not be understood; the stream goes on with the next record.
    Record,
    /// The events of one session could not be read, for a reason that only this session has; the stream continues with the next
    /// session.
    Events,
    /// One of several assets is not there; the stream goes on with the next asset.
    Asset,
}

/// A failure: what happened, why, and what to do next.
///
/// `Display` tells its own facts; the cause is in [`source`](StdError::source), and never repeated.
/// Neither key nor token nor metadata values are ever part of it.
///
/// ```
/// let error = apivideo::Client::builder().build().unwrap_err();
/// assert!(error.to_string().starts_with("no API key was given"));
/// assert!(!error.is_retryable());
/// ```
#[derive(Clone)]
pub struct Error(
    /// Shared, not because errors are cloned much, but to be dropped in a single place: what drops all of it by itself wherever
    /// a `Result` goes out of use is felt in the size of an application.
    Arc<Inner>,
);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: String,
    status: Option<StatusCode>,
    problem: Option<Problem>,
    session: Option<SessionId>,
    page: Option<u32>,
    record: Option<BadRecord>,
    cursor: Option<Cursor>,
    attempts: Option<u32>,
    retry_after: Option<Duration>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// A record that could not be understood.
#[derive(Clone)]
struct BadRecord {
    index: usize,
    id: Option<String>,
    raw: String,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::of(kind, message.into())
    }

    fn of(kind: ErrorKind, message: String) -> Self {
        Self(Arc::new(Inner {
            kind,
            message,
            status: None,
            problem: None,
            session: None,
            page: None,
            record: None,
            cursor: None,
            attempts: None,
            retry_after: None,
            source: None,
        }))
    }

    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Input, message)
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }

    /// The events of one session failed; the stream goes on.
    pub(crate) fn events(session: SessionId, cause: Error) -> Self {
        Self::new(
            ErrorKind::Events,
            format!("the events of session {session} could not be read"),
        )
        .with_session(session)
        .with_source(cause)
    }

    /// An operation failed for many sessions in a row; `first` is the failure of the first of them.
    pub(crate) fn operation(first: Error, message: String) -> Self {
        let kind = first.cause().map_or(first.0.kind, Error::kind);
        let mut error = Self::new(kind, message);
        let inner = error.inner();
        inner.session = first.0.session.clone();
        inner.status = first.status();
        error.with_source(first)
    }

    /// One of several assets is not there; the stream goes on.
    pub(crate) fn asset(asset: &AssetId, cause: Error) -> Self {
        Self::new(ErrorKind::Asset, format!("{asset} is left out")).with_source(cause)
    }

    /// One record of a page could not be understood; the stream goes on.
    pub(crate) fn record(index: usize, id: Option<String>, raw: &str, path: &str) -> Self {
        // Whatever else stands in its place is part of the raw text, and of no message.
        let id = id.filter(|id| is_id(id));
        let whose = id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
        let place = if path.is_empty() {
            String::new()
        } else {
            format!(" at `{path}`")
        };
        let mut error = Self::new(
            ErrorKind::Record,
            format!(
                "record {index} of the page{whose} can't be understood{place}; its text is kept in the error"
            ),
        );
        let raw = raw.to_owned();
        error.inner().record = Some(BadRecord { index, id, raw });
        error
    }

    /// Its facts, to be added to.
    #[inline(never)]
    fn inner(&mut self) -> &mut Inner {
        Arc::make_mut(&mut self.0)
    }

    pub(crate) fn with_cursor(mut self, cursor: Cursor) -> Self {
        self.inner().cursor = Some(cursor);
        self
    }

    /// Without the cursor of a stream that is a part of another one.
    pub(crate) fn without_cursor(mut self) -> Self {
        self.inner().cursor = None;
        self
    }

    pub(crate) fn with_source(self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.with_shared_source(Arc::new(source))
    }

    fn with_shared_source(mut self, source: Arc<dyn StdError + Send + Sync>) -> Self {
        self.inner().source = Some(source);
        self
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.inner().status = Some(status);
        self
    }

    pub(crate) fn with_problem(mut self, problem: Option<Problem>) -> Self {
        self.inner().problem = problem;
        self
    }

    pub(crate) fn with_session(mut self, session: SessionId) -> Self {
        self.inner().session = Some(session);
        self
    }

    pub(crate) fn with_page(mut self, page: u32) -> Self {
        self.inner().page = Some(page);
        self
    }

    /// The same failure, told as the end of several attempts; `last` is its cause.
    pub(crate) fn again(last: Error, message: String) -> Self {
        let mut error = Self::new(last.0.kind, message);
        let inner = error.inner();
        inner.status = last.0.status;
        inner.retry_after = last.0.retry_after;
        error.with_source(last)
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.inner().attempts = Some(attempts);
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.inner().retry_after = wait;
        self
    }

    /// What kind of failure it is.
    ///
    /// ```
    /// use apivideo::{ErrorKind, PageSize};
    ///
    /// assert_eq!(PageSize::try_from(101).unwrap_err().kind(), ErrorKind::Input);
    /// ```
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The HTTP status, where a reply came.
    ///
    /// ```
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// let error = client.video("viNobody".parse()?).get().await.unwrap_err();
    /// assert_eq!(error.status().unwrap(), 404);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status.or_else(|| self.cause()?.status())
    }

    /// What the service said of it, where it said anything that can be read.
    ///
    /// ```
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// let error = client.video("viNobody".parse()?).get().await.unwrap_err();
    /// let title = error.problem().and_then(|problem| problem.title.as_deref());
    /// assert_eq!(title, Some("The requested resource was not found."));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        self.0.problem.as_ref().or_else(|| self.cause()?.problem())
    }

    /// The session whose events could not be read.
    ///
    /// ```
    /// use futures::StreamExt;
    /// # use apivideo_simulator::{FaultScript, Rule, Simulator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let faults = FaultScript::new().rule(Rule::new().path("/analytics/sessions/*/events").times(1).status(404));
    /// # let simulator = Simulator::builder().videos(1).live_streams(0).days(1).sessions(20).faults(faults).start().await?;
    /// # let builder = apivideo::Client::builder().api_key("key").base_url(simulator.base_url());
    /// # let client = builder.with_retry_policy(apivideo::retry::RetryPolicy::none()).build()?;
    ///
    /// let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions("2022-01-01".parse()?);
    /// let mut sessions = sessions.stream().with_events(4);
    /// # let mut failed = Vec::new();
    /// while let Some(outcome) = sessions.next().await {
    ///     if let Err(error) = outcome {
    ///         println!("{:?}: {error}", error.session_id());
    /// #       failed.extend(error.session_id().cloned());
    ///     }
    /// }
    /// # assert_eq!(failed.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn session_id(&self) -> Option<&SessionId> {
        self.0.session.as_ref()
    }

    /// The page that was asked for, counted from 1.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::{FaultScript, Rule, Simulator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let faults = FaultScript::new().rule(Rule::new().path("/videos").page(2).status(503));
    /// # let simulator = Simulator::builder().faults(faults).start().await?;
    /// # let builder = apivideo::Client::builder().api_key("key").base_url(simulator.base_url());
    /// # let client = builder.with_retry_policy(apivideo::retry::RetryPolicy::none()).build()?;
    ///
    /// let videos = client.videos().page_size(5.try_into()?).stream();
    /// let error = videos.try_collect::<Vec<_>>().await.unwrap_err();
    /// assert_eq!(error.page(), Some(2), "the second page failed");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn page(&self) -> Option<u32> {
        self.0.page
    }

    /// Where the stream stood that ended with this error: another one goes on from there by
    /// [`with_cursor`](crate::ItemStream::with_cursor).
    ///
    /// ```
    /// use apivideo::Video;
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::{FaultScript, Rule, Simulator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let faults = FaultScript::new().rule(Rule::new().path("/videos").page(2).times(1).status(503));
    /// # let simulator = Simulator::builder().faults(faults).start().await?;
    /// # let builder = apivideo::Client::builder().api_key("key").base_url(simulator.base_url());
    /// # let client = builder.with_retry_policy(apivideo::retry::RetryPolicy::none()).build()?;
    ///
    /// let videos = client.videos().page_size(5.try_into()?);
    /// let error = videos.stream().try_collect::<Vec<Video>>().await.unwrap_err();
    /// let cursor = error.cursor().expect("a stream ended with it");
    /// let rest: Vec<Video> = videos.stream().with_cursor(cursor)?.try_collect().await?;
    /// # assert!(!rest.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn cursor(&self) -> Option<&Cursor> {
        self.0.cursor.as_ref()
    }

    /// The place on its page of a record that could not be understood, counted from 0.
    ///
    /// ```
    /// # use apivideo_simulator::{FaultScript, Rule, Simulator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let faults = FaultScript::new().rule(Rule::new().path("/videos").body(r#"{"data":[{"videoId":"vi1"},{"videoId":"vi2","title":"a"b"}]}"#));
    /// # let simulator = Simulator::builder().faults(faults).start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// let page = client.videos().page(1).await?;
    /// for error in &page.invalid {
    ///     println!("record {:?}: {error}", error.index());
    /// }
    /// # assert_eq!(page.invalid[0].index(), Some(1));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn index(&self) -> Option<usize> {
        self.0.record.as_ref().map(|record| record.index)
    }

    /// The id of a record that could not be understood, where that could be read.
    ///
    /// ```
    /// # use apivideo_simulator::{FaultScript, Rule, Simulator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let faults = FaultScript::new().rule(Rule::new().path("/videos").body(r#"{"data":[{"videoId":"vi1"},{"videoId":"vi2","title":"a"b"}]}"#));
    /// # let simulator = Simulator::builder().faults(faults).start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// let page = client.videos().page(1).await?;
    /// for error in &page.invalid {
    ///     println!("{:?} is left out: {error}", error.record_id());
    /// }
    /// # assert!(page.invalid[0].record_id().is_some());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn record_id(&self) -> Option<&str> {
        self.0.record.as_ref()?.id.as_deref()
    }

    /// The whole text of an invalid record: as it was received, where its JSON is damaged or a field is mistyped, and written
    /// again, where only its id is unusable. Bytes that are not UTF-8 are U+FFFD. It is in neither `Display` nor `Debug`,
    /// since it can be personal.
    ///
    /// ```
    /// # use apivideo_simulator::{FaultScript, Rule, Simulator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let faults = FaultScript::new().rule(Rule::new().path("/videos").body(r#"{"data":[{"videoId":"vi1"},{"videoId":"vi2","title":"a"b"}]}"#));
    /// # let simulator = Simulator::builder().faults(faults).start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// let page = client.videos().page(1).await?;
    /// for error in &page.invalid {
    ///     println!("{error}: {}", error.raw().unwrap_or_default());
    /// }
    /// # assert!(page.invalid[0].raw().unwrap().contains(r#""title":"a"b""#));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn raw(&self) -> Option<&str> {
        self.0.record.as_ref().map(|record| record.raw.as_str())
    }

    /// How many attempts the call had, where one was made; see [`RetryPolicy`](crate::RetryPolicy).
    ///
    /// ```
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// let error = client.video("viNobody".parse()?).get().await.unwrap_err();
    /// assert_eq!(error.attempts(), Some(1), "what is not there is not asked for again");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn attempts(&self) -> Option<u32> {
        self.0.attempts.or_else(|| self.cause()?.attempts())
    }

    /// How long the service asked to wait: with a 429, and with a 503 that had a `Retry-After`.
    ///
    /// ```
    /// use std::time::Duration;
    /// # use apivideo_simulator::{FaultScript, Rule, Simulator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let faults = FaultScript::new().rule(Rule::new().path("/videos").status(503).header("Retry-After", "7"));
    /// # let simulator = Simulator::builder().faults(faults).start().await?;
    /// # let builder = apivideo::Client::builder().api_key("key").base_url(simulator.base_url());
    /// # let client = builder.with_retry_policy(apivideo::retry::RetryPolicy::none()).build()?;
    ///
    /// let error = client.videos().total().await.unwrap_err();
    /// assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after.or_else(|| self.cause()?.retry_after())
    }

    /// Whether the same request may succeed later: the connection, a timeout, 408, 429, 500, 502, 503 or 504.
    ///
    /// The client has tried it again by itself, as far as its [`RetryPolicy`](crate::RetryPolicy) allowed.
    ///
    /// ```
    /// # use apivideo_simulator::{FaultScript, Rule, Simulator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let faults = FaultScript::new().rule(Rule::new().path("/videos").status(503));
    /// # let simulator = Simulator::builder().faults(faults).start().await?;
    /// # let builder = apivideo::Client::builder().api_key("key").base_url(simulator.base_url());
    /// # let client = builder.with_retry_policy(apivideo::retry::RetryPolicy::none()).build()?;
    /// let error = client.videos().total().await.unwrap_err();
    /// assert!(error.is_retryable(), "the service answered with 503");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self.0.kind {
            ErrorKind::Connection | ErrorKind::Timeout | ErrorKind::RateLimited => true,
            ErrorKind::Events | ErrorKind::Incomplete => {
                self.cause().is_some_and(Error::is_retryable)
            }
            _ => self
                .0
                .status
                .is_some_and(|status| matches!(status.as_u16(), 408 | 500 | 502..=504 | 520..=524)),
        }
    }

    /// Whether the key, the token or the account was refused.
    ///
    /// ```
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().api_key("another").start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// let error = client.videos().total().await.unwrap_err();
    /// assert!(error.is_auth(), "{error}: check the key");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_auth(&self) -> bool {
        self.is_kind(&[ErrorKind::Unauthorized, ErrorKind::Forbidden])
    }

    /// Whether too many requests were made.
    ///
    /// ```
    /// # use apivideo_simulator::{FaultScript, Rule, Simulator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let faults = FaultScript::new().rule(Rule::new().path("/videos").status(429));
    /// # let simulator = Simulator::builder().faults(faults).start().await?;
    /// # let builder = apivideo::Client::builder().api_key("key").base_url(simulator.base_url());
    /// # let client = builder.with_retry_policy(apivideo::retry::RetryPolicy::none()).build()?;
    /// let error = client.videos().total().await.unwrap_err();
    /// assert!(error.is_rate_limited());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.is_kind(&[ErrorKind::RateLimited])
    }

    /// Whether there is no such video, live stream, session or page.
    ///
    /// ```
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// match client.video("viNobody".parse()?).get().await {
    ///     Ok(video) => println!("{:?}", video.title),
    ///     Err(error) if error.is_not_found() => println!("there is no such video"),
    ///     Err(error) => return Err(error.into()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.is_kind(&[ErrorKind::NotFound])
    }

    /// Whether the service does not know the operation (any more).
    ///
    /// Raw statistics left its published interface in September 2023; whether they still answer is
    /// not known. Their successors are [`Client::metric`](crate::Client::metric),
    /// [`Client::buckets`](crate::Client::buckets) and [`Client::timeseries`](crate::Client::timeseries).
    ///
    /// ```
    /// use apivideo::Metric;
    /// # use apivideo_simulator::{FaultScript, Rule, Simulator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let faults = FaultScript::new().rule(Rule::new().path("/analytics/videos/*").status(404).body(r#"{"title":"Unrecognized request URL."}"#));
    /// # let simulator = Simulator::builder().faults(faults).start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions("2022-01".parse()?);
    /// match sessions.total().await {
    ///     Err(error) if error.is_removed() => {
    ///         println!("{} plays", client.metric(Metric::PlayCount).get().await?.value);
    ///     }
    ///     total => println!("{} sessions", total?),
    /// }
    /// # assert!(sessions.total().await.unwrap_err().is_removed());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_removed(&self) -> bool {
        self.is_kind(&[ErrorKind::Removed])
    }

    /// Whether no whole reply came in time.
    ///
    /// ```
    /// # use apivideo_simulator::{FaultScript, Rule, Simulator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let faults = FaultScript::new().rule(Rule::new().path("/videos").latency(std::time::Duration::from_secs(60)));
    /// # let simulator = Simulator::builder().faults(faults).start().await?;
    /// # let builder = apivideo::Client::builder().api_key("key").base_url(simulator.base_url());
    /// # let client = builder.with_retry_policy(apivideo::retry::RetryPolicy::none()).with_timeout(std::time::Duration::from_millis(200)).build()?;
    /// let error = client.videos().total().await.unwrap_err();
    /// assert!(error.is_timeout());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.is_kind(&[ErrorKind::Timeout])
    }

    /// Whether the reply could not be understood.
    ///
    /// ```
    /// # use apivideo_simulator::{FaultScript, Rule, Simulator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let faults = FaultScript::new().rule(Rule::new().path("/videos").html());
    /// # let simulator = Simulator::builder().faults(faults).start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// let error = client.videos().total().await.unwrap_err();
    /// assert!(error.is_decode(), "something else than the service answered");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.is_kind(&[ErrorKind::Decode, ErrorKind::Record])
    }

    /// Whether pages that were announced did not come.
    ///
    /// ```
    /// # use apivideo_simulator::{FaultScript, Rule, Simulator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let faults = FaultScript::new().rule(Rule::new().path("/videos").remove("/pagination/itemsTotal"));
    /// # let simulator = Simulator::builder().faults(faults).start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// let error = client.videos().total().await.unwrap_err();
    /// assert!(error.is_incomplete(), "the reply has no total");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.is_kind(&[ErrorKind::Incomplete])
    }

    /// Whether the stream that gave this error has ended with it.
    ///
    /// ```
    /// let error = "..".parse::<apivideo::VideoId>().unwrap_err();
    /// assert!(error.is_terminal());
    /// ```
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        use ErrorKind::{Asset, Events, Record};
        !matches!(self.0.kind, Asset | Events | Record)
    }

    /// Whether this, or the error that caused it, is of one of these kinds.
    pub(crate) fn is_kind(&self, kinds: &[ErrorKind]) -> bool {
        kinds.contains(&self.0.kind) || self.cause().is_some_and(|cause| cause.is_kind(kinds))
    }

    /// The error of this crate that caused this one.
    fn cause(&self) -> Option<&Error> {
        self.0.source.as_deref()?.downcast_ref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            kind,
            message,
            status,
            problem,
            session,
            page,
            record,
            cursor,
            attempts,
            retry_after,
            source,
        } = &*self.0;
        let mut debug = f.debug_struct("Error");
        debug.field("kind", kind).field("message", message);
        if let Some(status) = status {
            debug.field("status", &status.as_u16());
        }
        if let Some(problem) = problem {
            debug.field("problem", problem);
        }
        if let Some(session) = session {
            debug.field("session", session);
        }
        if let Some(page) = page {
            debug.field("page", page);
        }
        if let Some(record) = record {
            debug.field("index", &record.index);
        }
        if let Some(cursor) = cursor {
            debug.field("cursor", cursor);
        }
        if let Some(attempts) = attempts {
            debug.field("attempts", attempts);
        }
        if let Some(wait) = retry_after {
            debug.field("retry_after", wait);
        }
        if let Some(source) = source {
            debug.field("source", source);
        }
        debug.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_a_pointer_and_travels() {
        fn travels<T: Send + Sync + Clone + 'static>() {}
        travels::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn predicates_see_through_to_the_cause() {
        let cause = Error::new(ErrorKind::Service, "the service failed")
            .with_status(StatusCode::BAD_GATEWAY)
            .with_problem(Some(Problem::default()));
        let error = Error::events("ps1".parse().unwrap(), cause);
        assert!(error.is_retryable() && !error.is_terminal() && !error.is_auth());
        assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
        assert_eq!(error.problem(), Some(&Problem::default()));
        assert_eq!(error.session_id().unwrap().as_str(), "ps1");
        assert_eq!(
            error.to_string(),
            "the events of session ps1 could not be read"
        );
        assert_eq!(
            StdError::source(&error).unwrap().to_string(),
            "the service failed"
        );
    }
}
