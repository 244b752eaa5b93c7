//! Observers of requests and responses, for an application's own logs and metrics.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, StatusCode, header};

use crate::error::Error;
use crate::transport::mask::Secrets;

/// Observes each request before it is sent, and its outcome; see
/// [`ClientBuilder::with_observer`](crate::ClientBuilder::with_observer).
///
/// Both methods are called for every request, including those for tokens and retries. They should return quickly, because
/// they run on the task that sends the request. Keys and tokens are masked. The URL includes the query, which can contain
/// personal data and which [`trace`](crate::trace) omits.
///
/// Minor releases can add methods with default implementations. The trait is dyn compatible and implemented for `Arc<T>`, so
/// that an application can keep a handle to its observer.
///
/// ```
/// use apivideo::observe::{Observer, RequestInfo, ResponseInfo};
/// # use apivideo_simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = Simulator::builder().start().await?;
///
/// struct Log;
///
/// impl Observer for Log {
///     fn on_request(&self, request: &RequestInfo<'_>) {
///         println!("> {} {}", request.method(), request.url());
///     }
///
///     fn on_response(&self, response: &ResponseInfo<'_>) {
///         println!("< {:?} in {:?}", response.status(), response.elapsed());
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
    /// Called before a request is sent.
    fn on_request(&self, request: &RequestInfo<'_>) {
        let _ = request;
    }

    /// Called when a request has its whole response, or failed.
    fn on_response(&self, response: &ResponseInfo<'_>) {
        let _ = response;
    }
}

impl<T: Observer + ?Sized> Observer for Arc<T> {
    fn on_request(&self, request: &RequestInfo<'_>) {
        (**self).on_request(request);
    }

    fn on_response(&self, response: &ResponseInfo<'_>) {
        (**self).on_response(response);
    }
}

/// A request that is about to be sent; see [`Observer::on_request`].
///
/// ```
/// use apivideo::observe::RequestInfo;
///
/// fn line(request: &RequestInfo<'_>) -> String {
///     format!("{} {}", request.method(), request.url())
/// }
/// ```
pub struct RequestInfo<'a> {
    operation: &'a str,
    request: &'a reqwest::Request,
    url: Cow<'a, str>,
}

impl RequestInfo<'_> {
    /// Returns the operation: an `operationId` of the OpenAPI document such as `listVideoSessions`; `get` for a
    /// [raw request](crate::Client::get), `list` for a [raw list](crate::Client::list), and `download` for a
    /// [file of chapters](crate::client::VideoHandle::download_chapters), whose URL is on another host.
    ///
    /// ```
    /// use apivideo::observe::RequestInfo;
    ///
    /// fn is_for_events(request: &RequestInfo<'_>) -> bool {
    ///     request.operation() == "listSessionEvents"
    /// }
    /// ```
    #[must_use]
    pub fn operation(&self) -> &str {
        self.operation
    }

    /// Returns the method: `GET`, or `POST` for a token.
    ///
    /// ```
    /// use apivideo::observe::RequestInfo;
    ///
    /// fn is_read(request: &RequestInfo<'_>) -> bool {
    ///     request.method() == "GET"
    /// }
    /// ```
    #[must_use]
    pub fn method(&self) -> &Method {
        self.request.method()
    }

    /// Returns the URL with its query. The client's key and tokens are replaced by `***`.
    ///
    /// ```
    /// use apivideo::observe::RequestInfo;
    ///
    /// fn is_for_the_sandbox(request: &RequestInfo<'_>) -> bool {
    ///     request.url().starts_with("https://sandbox.api.video/")
    /// }
    /// ```
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the headers with their names in lower case. The values of secret headers are replaced by `***`.
    ///
    /// ```
    /// use apivideo::observe::RequestInfo;
    ///
    /// fn print(request: &RequestInfo<'_>) {
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

    /// Returns the scheme of the authorization, `Bearer` or `Basic`; `None` for a request for a token.
    ///
    /// ```
    /// use apivideo::observe::RequestInfo;
    ///
    /// fn is_for_a_token(request: &RequestInfo<'_>) -> bool {
    ///     request.auth_scheme().is_none()
    /// }
    /// ```
    #[must_use]
    pub fn auth_scheme(&self) -> Option<&str> {
        let value = self.request.headers().get(header::AUTHORIZATION)?;
        value.to_str().ok()?.split(' ').next()
    }
}

impl fmt::Debug for RequestInfo<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestInfo")
            .field("operation", &self.operation)
            .field("method", self.method())
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

/// The outcome of a request; see [`Observer::on_response`].
///
/// ```
/// use apivideo::observe::ResponseInfo;
///
/// fn is_failure(response: &ResponseInfo<'_>) -> bool {
///     response.error().is_some()
/// }
/// ```
#[derive(Debug)]
pub struct ResponseInfo<'a> {
    operation: &'a str,
    line: &'a str,
    outcome: Result<StatusCode, &'a Error>,
    elapsed: Duration,
}

impl ResponseInfo<'_> {
    /// Returns the operation, as [`RequestInfo::operation`] does.
    ///
    /// ```
    /// use apivideo::observe::ResponseInfo;
    ///
    /// fn is_for_events(response: &ResponseInfo<'_>) -> bool {
    ///     response.operation() == "listSessionEvents"
    /// }
    /// ```
    #[must_use]
    pub fn operation(&self) -> &str {
        self.operation
    }

    /// Returns the method and the path of the request, without the query.
    ///
    /// ```
    /// use apivideo::observe::ResponseInfo;
    ///
    /// fn is_for_videos(response: &ResponseInfo<'_>) -> bool {
    ///     response.request_line() == "GET /videos"
    /// }
    /// ```
    #[must_use]
    pub fn request_line(&self) -> &str {
        self.line
    }

    /// Returns the HTTP status; `None` when no response was received.
    ///
    /// ```
    /// use apivideo::observe::ResponseInfo;
    ///
    /// fn is_unauthorized(response: &ResponseInfo<'_>) -> bool {
    ///     response.status().is_some_and(|status| status == 401)
    /// }
    /// ```
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self.outcome {
            Ok(status) => Some(status),
            Err(error) => error.status(),
        }
    }

    /// Returns the error of a request that failed. It may still be retried.
    ///
    /// ```
    /// use apivideo::observe::ResponseInfo;
    ///
    /// fn is_timeout(response: &ResponseInfo<'_>) -> bool {
    ///     response.error().is_some_and(|error| error.is_timeout())
    /// }
    /// ```
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        self.outcome.err()
    }

    /// Returns the time from sending the request to the end of the response's body, or to the failure.
    ///
    /// ```
    /// use apivideo::observe::ResponseInfo;
    ///
    /// fn is_slow(response: &ResponseInfo<'_>) -> bool {
    ///     response.elapsed().as_secs() > 5
    /// }
    /// ```
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }
}

/// A hook for the generated client that shows each request of `operation` to the observer.
pub(crate) fn request_hook(
    observer: &Arc<dyn Observer>,
    secrets: &Arc<Secrets>,
    operation: &'static str,
) -> Arc<dyn Fn(&reqwest::Request) + Send + Sync> {
    let (observer, secrets) = (Arc::clone(observer), Arc::clone(secrets));
    Arc::new(move |request| {
        let url = secrets.mask(request.url().as_str());
        observer.on_request(&RequestInfo {
            operation,
            request,
            url,
        });
    })
}

/// Shows the outcome of a request to the observer. `line` is method and path.
pub(crate) fn response(
    observer: &dyn Observer,
    operation: &str,
    line: &str,
    outcome: Result<StatusCode, &Error>,
    elapsed: Duration,
) {
    observer.on_response(&ResponseInfo {
        operation,
        line,
        outcome,
        elapsed,
    });
}
