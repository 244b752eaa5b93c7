//! What goes over the wire, for those who look on.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Request, StatusCode, header};

use crate::error::Error;
use crate::transport::Shared;
use crate::transport::mask::Secrets;

/// Sees each request before it leaves, and what came of it: for logs of one's own, and to learn what is asked.
///
/// Secrets are masked. A query is shown whole: it can hold what is personal. [`trace`](crate::trace) tells less, and is
/// for every day.
///
/// ```
/// use apivideo::{Observer, Received, Sent};
/// # use apivideo_simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = Simulator::builder().start().await?;
///
/// struct Log;
///
/// impl Observer for Log {
///     fn sent(&self, request: &Sent<'_>) {
///         println!("> {} {}", request.method(), request.url());
///     }
///
///     fn received(&self, reply: &Received<'_>) {
///         println!("< {:?} in {:?}", reply.status(), reply.took());
///     }
/// }
///
/// let client = apivideo::Client::builder()
///     .api_key("key")
/// #   .base_url(simulator.base_url())
///     .with_observer(Log)
///     .build()?;
/// client.videos().total().await?;
/// # Ok(())
/// # }
/// ```
pub trait Observer: Send + Sync + 'static {
    /// A request is about to leave.
    fn sent(&self, request: &Sent<'_>) {
        let _ = request;
    }

    /// It was answered, or failed.
    fn received(&self, reply: &Received<'_>) {
        let _ = reply;
    }
}

/// A request as it leaves; see [`Observer::sent`].
///
/// ```
/// fn line(request: &apivideo::Sent<'_>) -> String {
///     format!("{} {}", request.method(), request.url())
/// }
/// ```
pub struct Sent<'a> {
    request: &'a Request,
    url: Cow<'a, str>,
}

impl Sent<'_> {
    /// The method: `GET`, or `POST` where a token is asked for.
    ///
    /// ```
    /// fn reads(request: &apivideo::Sent<'_>) -> bool {
    ///     request.method() == "GET"
    /// }
    /// ```
    #[must_use]
    pub fn method(&self) -> &str {
        self.request.method().as_str()
    }

    /// Returns the whole URL with its query; `***` stands in place of the client's key and tokens.
    ///
    /// ```
    /// fn asks_the_sandbox(request: &apivideo::Sent<'_>) -> bool {
    ///     request.url().starts_with("https://sandbox.api.video/")
    /// }
    /// ```
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The headers by their names in lower case; the value of a secret one is `***`.
    ///
    /// ```
    /// fn show(request: &apivideo::Sent<'_>) {
    ///     for (name, value) in request.headers() {
    ///         println!("{name}: {value}");
    ///     }
    /// }
    /// ```
    pub fn headers(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        self.request.headers().iter().map(|(name, value)| {
            let is_secret = value.is_sensitive() || *name == header::AUTHORIZATION;
            let value = match is_secret {
                true => Cow::Borrowed("***"),
                false => String::from_utf8_lossy(value.as_bytes()),
            };
            (name.as_str(), value)
        })
    }

    /// The scheme of its authorization, `Bearer` or `Basic`; `None` where it has none, since it asks for a token.
    ///
    /// ```
    /// fn is_for_a_token(request: &apivideo::Sent<'_>) -> bool {
    ///     request.scheme().is_none()
    /// }
    /// ```
    #[must_use]
    pub fn scheme(&self) -> Option<&str> {
        let value = self.request.headers().get(header::AUTHORIZATION)?;
        value.to_str().ok()?.split(' ').next()
    }
}

impl fmt::Debug for Sent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sent")
            .field("method", &self.method())
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

/// What came of a request; see [`Observer::received`].
///
/// ```
/// fn failed(reply: &apivideo::Received<'_>) -> bool {
///     reply.error().is_some()
/// }
/// ```
#[derive(Debug)]
pub struct Received<'a> {
    line: &'a str,
    outcome: Result<StatusCode, &'a Error>,
    took: Duration,
}

impl Received<'_> {
    /// The method and the path that were asked for, without the query.
    ///
    /// ```
    /// fn is_of_videos(reply: &apivideo::Received<'_>) -> bool {
    ///     reply.request() == "GET /videos"
    /// }
    /// ```
    #[must_use]
    pub fn request(&self) -> &str {
        self.line
    }

    /// The HTTP status, where a reply came.
    ///
    /// ```
    /// fn was_refused(reply: &apivideo::Received<'_>) -> bool {
    ///     reply.status().is_some_and(|status| status == 401)
    /// }
    /// ```
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self.outcome {
            Ok(status) => Some(status),
            Err(error) => error.status(),
        }
    }

    /// Why it failed, if it did. It may be tried again.
    ///
    /// ```
    /// fn timed_out(reply: &apivideo::Received<'_>) -> bool {
    ///     reply.error().is_some_and(|error| error.is_timeout())
    /// }
    /// ```
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        self.outcome.err()
    }

    /// How long it took, from sending to the whole body.
    ///
    /// ```
    /// fn is_slow(reply: &apivideo::Received<'_>) -> bool {
    ///     reply.took().as_secs() > 5
    /// }
    /// ```
    #[must_use]
    pub fn took(&self) -> Duration {
        self.took
    }
}

/// What the core shows its requests to.
pub(crate) fn requests(
    observer: &Arc<dyn Observer>,
    secrets: &Arc<Secrets>,
) -> Arc<dyn Fn(&Request) + Send + Sync> {
    let (observer, secrets) = (Arc::clone(observer), Arc::clone(secrets));
    Arc::new(move |request| {
        let url = secrets.mask(request.url().as_str());
        observer.sent(&Sent { request, url });
    })
}

/// Shows what came of a request.
pub(crate) fn reply(
    wire: &Shared,
    line: &str,
    outcome: Result<StatusCode, &Error>,
    took: Duration,
) {
    if let Some(observer) = &wire.observer {
        observer.received(&Received {
            line,
            outcome,
            took,
        });
    }
}
