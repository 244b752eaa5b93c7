//! The error of this crate: a kind, predicates for what a caller can do, and the cause.

mod build;
mod kind;
mod record;
mod retryable;

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use crate::cursor::Cursor;
use crate::id::{AssetId, SessionId};
use crate::problem::Problem;

pub use kind::ErrorKind;
pub use record::InvalidRecord;

/// A result with an [`Error`] of this crate.
///
/// ```
/// fn january() -> apivideo::Result<apivideo::Period> {
///     "2022-01".parse()
/// }
/// assert!(january().is_ok());
/// ```
pub type Result<T> = std::result::Result<T, Error>;

/// An error returned by this crate.
///
/// [`kind`](Self::kind) and the predicates classify the error; the predicates also consider its causes. `Display` shows what
/// failed and why, without the causes, which are available through [`source`](StdError::source). `Debug` shows the message and all
/// causes, so that `fn main() -> apivideo::Result<()>` prints a readable report; the alternate form `{:#?}` shows the fields.
///
/// An error never shows keys, tokens, metadata values or the contents of records.
///
/// ```
/// use apivideo::{Client, Period, VideoId};
///
/// # async fn example(client: Client) -> apivideo::Result<()> {
/// let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions("2022-01".parse()?);
/// match sessions.total().await {
///     Ok(total) => println!("{total} sessions"),
///     Err(error) if error.is_not_found() => println!("the video does not exist"),
///     Err(error) if error.is_removed() => println!("raw statistics are no longer available"),
///     Err(error) if error.is_retryable() => println!("try again in {:?}", error.retry_after()),
///     Err(error) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Error(
    /// Shared so that the code that drops it exists once: inlined into every user of a `Result`, it adds to the size of an
    /// application.
    Arc<Inner>,
);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: String,
    status: Option<StatusCode>,
    problem: Option<Problem>,
    asset: Option<AssetId>,
    session: Option<SessionId>,
    page: Option<u32>,
    record: Option<InvalidRecord>,
    cursor: Option<Cursor>,
    attempts: Option<u32>,
    retry_after: Option<Duration>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    /// Returns the kind of failure.
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

    /// Returns the HTTP status of the response, if there was one.
    ///
    /// ```
    /// # apivideo_simulator::doctest! { |client|
    /// let error = client.video("viUnknown".parse()?).get().await.unwrap_err();
    /// assert_eq!(error.status().unwrap(), 404);
    /// # }
    /// ```
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status.or_else(|| self.cause()?.status())
    }

    /// Returns the error body of the response, if it could be decoded.
    ///
    /// ```
    /// # apivideo_simulator::doctest! { |client|
    /// let error = client.video("viUnknown".parse()?).get().await.unwrap_err();
    /// let title = error.problem().and_then(|problem| problem.title.as_deref());
    /// assert_eq!(title, Some("The requested resource was not found."));
    /// # }
    /// ```
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        self.0.problem.as_ref().or_else(|| self.cause()?.problem())
    }

    /// Returns the asset that was skipped because it does not exist, or the asset of a session that could not be decoded.
    ///
    /// ```
    /// # fn example(error: apivideo::Error) {
    /// if let Some(asset) = error.asset_id() {
    ///     println!("{asset}: {error}");
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn asset_id(&self) -> Option<&AssetId> {
        self.0.asset.as_ref().or_else(|| self.cause()?.asset_id())
    }

    /// Returns the session whose events could not be read.
    ///
    /// ```
    /// # fn example(error: apivideo::Error) {
    /// if let Some(session) = error.session_id() {
    ///     println!("{session} has no events: {error}");
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn session_id(&self) -> Option<&SessionId> {
        self.0.session.as_ref()
    }

    /// Returns the number of the requested page, counted from 1.
    ///
    /// ```
    /// # fn example(error: apivideo::Error) {
    /// if let Some(page) = error.page() {
    ///     println!("page {page}: {error}");
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn page(&self) -> Option<u32> {
        self.0.page
    }

    /// Returns the position of the stream that ended with this error. [`List::resume`](crate::List::resume) continues from it.
    ///
    /// ```
    /// # fn example(error: apivideo::Error) -> Result<(), Box<dyn std::error::Error>> {
    /// if let Some(cursor) = error.cursor() {
    ///     std::fs::write("cursor.json", serde_json::to_string(cursor)?)?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn cursor(&self) -> Option<&Cursor> {
        self.0.cursor.as_ref()
    }

    /// Returns the record that could not be decoded.
    ///
    /// ```
    /// # fn example(error: apivideo::Error) {
    /// if let Some(record) = error.record() {
    ///     println!("record {} ({:?}): {error}", record.index, record.id);
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn record(&self) -> Option<&InvalidRecord> {
        self.0.record.as_ref()
    }

    /// Returns the number of attempts of the call, if a request was sent.
    ///
    /// ```
    /// # apivideo_simulator::doctest! { |client|
    /// let error = client.video("viUnknown".parse()?).get().await.unwrap_err();
    /// assert_eq!(error.attempts(), Some(1), "a 404 is not retried");
    /// # }
    /// ```
    #[must_use]
    pub fn attempts(&self) -> Option<u32> {
        self.0.attempts.or_else(|| self.cause()?.attempts())
    }

    /// Returns the wait that the service requested before the next request, by the headers of a 429 or 503 response.
    ///
    /// ```
    /// # fn example(error: apivideo::Error) {
    /// if let Some(wait) = error.retry_after() {
    ///     println!("try again in {} seconds", wait.as_secs());
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after.or_else(|| self.cause()?.retry_after())
    }

    /// Returns whether the stream that yielded this error has ended with it.
    ///
    /// A stream continues after errors of the kinds [`Record`](ErrorKind::Record), [`Events`](ErrorKind::Events) and
    /// [`Asset`](ErrorKind::Asset).
    ///
    /// ```
    /// let error = apivideo::VideoId::new("..").unwrap_err();
    /// assert!(error.is_terminal());
    /// ```
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        use ErrorKind::{Asset, Events, Record};
        !matches!(self.0.kind, Asset | Events | Record)
    }

    /// Returns whether the key, the token or the account was rejected.
    ///
    /// ```
    /// # apivideo_simulator::doctest! { Simulator::builder().api_key("another") => |client|
    /// let error = client.videos().total().await.unwrap_err();
    /// assert!(error.is_auth());
    /// # }
    /// ```
    #[must_use]
    pub fn is_auth(&self) -> bool {
        self.has_kind(&[ErrorKind::Unauthorized, ErrorKind::Forbidden])
    }

    /// Returns whether the video, live stream, session or page does not exist.
    ///
    /// ```
    /// # async fn example(client: apivideo::Client) -> apivideo::Result<()> {
    /// match client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).get().await {
    ///     Ok(video) => println!("{:?}", video.title),
    ///     Err(error) if error.is_not_found() => println!("the video does not exist"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.has_kind(&[ErrorKind::NotFound])
    }

    /// Returns whether the service does not provide the operation, or no longer provides it.
    ///
    /// Raw statistics left the published interface in September 2023. Their successors are
    /// [`Client::metric`](crate::Client::metric), [`Client::buckets`](crate::Client::buckets) and
    /// [`Client::timeseries`](crate::Client::timeseries).
    ///
    /// ```
    /// use apivideo::aggregates::Metric;
    /// # apivideo_simulator::doctest! { Simulator::builder().faults(FaultScript::new().rule(Rule::new().path("/analytics/videos/*").status(404).body(r#"{"title":"Unrecognized request URL."}"#))) => |client|
    /// let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions("2022-01".parse()?);
    /// match sessions.total().await {
    ///     Err(error) if error.is_removed() => {
    ///         println!("{} plays", client.metric(Metric::PlayCount).send().await?.value);
    ///     }
    ///     total => println!("{} sessions", total?),
    ///     }
    /// # assert!(sessions.total().await.unwrap_err().is_removed());
    /// # }
    /// ```
    #[must_use]
    pub fn is_removed(&self) -> bool {
        self.has_kind(&[ErrorKind::Removed])
    }

    /// Returns whether the rate limit was exceeded.
    ///
    /// ```
    /// # fn example(error: apivideo::Error) {
    /// if error.is_rate_limited() {
    ///     println!("the limit resets in {:?}", error.retry_after());
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.has_kind(&[ErrorKind::RateLimited])
    }

    /// Returns whether the response was not complete within the timeout.
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
        self.has_kind(&[ErrorKind::Timeout])
    }

    /// Returns whether a response, or a record of it, could not be decoded.
    ///
    /// ```
    /// # apivideo_simulator::doctest! { Simulator::builder().faults(FaultScript::new().rule(Rule::new().path("/videos").html())) => |client|
    /// let error = client.videos().total().await.unwrap_err();
    /// assert!(error.is_decode(), "the body is HTML");
    /// # }
    /// ```
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.has_kind(&[ErrorKind::Decode, ErrorKind::Record])
    }

    /// Returns whether a list is incomplete: an announced page or total is missing.
    ///
    /// ```
    /// # apivideo_simulator::doctest! { Simulator::builder().faults(FaultScript::new().rule(Rule::new().path("/videos").remove("/pagination/itemsTotal"))) => |client|
    /// let error = client.videos().total().await.unwrap_err();
    /// assert!(error.is_incomplete(), "the response has no total");
    /// # }
    /// ```
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.has_kind(&[ErrorKind::Incomplete])
    }

    /// Returns whether this error, or an error that caused it, is of one of these kinds.
    pub(crate) fn has_kind(&self, kinds: &[ErrorKind]) -> bool {
        kinds.contains(&self.0.kind) || self.cause().is_some_and(|cause| cause.has_kind(kinds))
    }

    /// Returns the error of this crate that caused this one.
    fn cause(&self) -> Option<&Error> {
        self.0.source.as_deref()?.downcast_ref()
    }

    /// Shows the fields, without those that are not set.
    fn debug_fields(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            kind,
            message,
            status,
            problem,
            asset,
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
        let mut optional = |name, value: Option<&dyn fmt::Debug>| {
            if let Some(value) = value {
                debug.field(name, value);
            }
        };
        let status = status.map(|status| status.as_u16());
        optional("status", status.as_ref().map(|status| status as _));
        optional("problem", problem.as_ref().map(|problem| problem as _));
        optional("asset", asset.as_ref().map(|asset| asset as _));
        optional("session", session.as_ref().map(|session| session as _));
        optional("page", page.as_ref().map(|page| page as _));
        optional("record", record.as_ref().map(|record| record as _));
        optional("cursor", cursor.as_ref().map(|cursor| cursor as _));
        optional("attempts", attempts.as_ref().map(|attempts| attempts as _));
        optional("retry_after", retry_after.as_ref().map(|wait| wait as _));
        optional("source", source.as_ref().map(|source| source as _));
        debug.finish()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            return self.debug_fields(f);
        }
        f.write_str(&self.0.message)?;
        let mut cause = StdError::source(self);
        if cause.is_some() {
            f.write_str("\n\nCaused by:")?;
        }
        while let Some(error) = cause {
            write!(f, "\n    {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests;
