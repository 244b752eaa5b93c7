//! The builder of a client.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use apivideo_core::wire::Secret;

use super::client::Client;
use super::environment::Environment;
use super::variables::{self, Variables};
use super::{base_url, http_client, origin};
use crate::error::{Error, Result};
use crate::transport::auth::Authorization;
use crate::transport::clock::{Clock, SystemClock};
use crate::transport::connection::Connections;
use crate::transport::mask::Secrets;
use crate::transport::observe::Observer;
use crate::transport::rate_limit::RateLimiter;
use crate::transport::retry::{RetryBudget, RetryPolicy};
use crate::transport::skew::Skew;
use crate::transport::{Shared, Transport};

/// The default maximum time of one response.
const TIMEOUT: Duration = Duration::from_secs(60);
/// The default maximum wait that the service can request: two windows of its rate limit.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(120);

/// Builds a [`Client`].
///
/// ```
/// use std::time::Duration;
///
/// let client = apivideo::Client::builder()
///     .api_key("my key")
///     .sandbox()
///     .application("my-app", "1.2.0")
///     .with_timeout(Duration::from_secs(20))
///     .build()?;
/// # Ok::<(), apivideo::Error>(())
/// ```
#[derive(Clone)]
#[must_use = "a builder does nothing until it is built"]
pub struct ClientBuilder {
    api_key: Option<Secret>,
    basic_auth: bool,
    environment: Environment,
    base_url: Option<String>,
    application: Option<(String, String)>,
    timeout: Duration,
    http: Option<reqwest::Client>,
    retry_policy: RetryPolicy,
    rate_limit: Option<NonZeroU32>,
    is_rate_limited: bool,
    max_retry_after: Duration,
    max_body_size: Option<u64>,
    observer: Option<Arc<dyn Observer>>,
    clock: Arc<dyn Clock>,
}

impl ClientBuilder {
    pub(crate) fn new() -> Self {
        Self {
            api_key: None,
            basic_auth: false,
            environment: Environment::Production,
            base_url: None,
            application: None,
            timeout: TIMEOUT,
            http: None,
            retry_policy: RetryPolicy::default(),
            rate_limit: None,
            is_rate_limited: true,
            max_retry_after: MAX_RETRY_AFTER,
            max_body_size: None,
            observer: None,
            clock: Arc::new(SystemClock),
        }
    }

    /// Reads the environment variables of [`Client::from_env`], so that other options can be set before building.
    ///
    /// [`build`](Self::build) returns an error if the key is missing and [`api_key`](Self::api_key) was not called.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let builder = apivideo::ClientBuilder::from_env()?.with_timeout(Duration::from_secs(20));
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error of kind [`Configuration`](crate::ErrorKind::Configuration) if a variable is not valid UTF-8, or
    /// `APIVIDEO_ENVIRONMENT` is neither `production` nor `sandbox`.
    pub fn from_env() -> Result<Self> {
        Ok(Self::new().with_variables(Variables::read()?))
    }

    fn with_variables(mut self, variables: Variables) -> Self {
        if let Some(key) = variables.api_key {
            self = self.api_key(key);
        }
        if let Some(environment) = variables.environment {
            self = self.environment(environment);
        }
        if let Some(url) = variables.base_url {
            self = self.base_url(url);
        }
        self
    }

    /// Sets the API key, which is shown in api.video's dashboard. Leading and trailing whitespace is removed.
    ///
    /// The key is exchanged for a bearer token, which is renewed automatically.
    ///
    /// ```
    /// use apivideo::Client;
    ///
    /// assert!(Client::builder().api_key("my key\n").build().is_ok());
    /// assert!(Client::builder().api_key(" ").build().is_err(), "an empty key");
    /// ```
    #[doc(alias = "POST /auth/api-key")]
    #[doc(alias = "createAccessToken")]
    #[doc(alias = "POST /auth/refresh")]
    #[doc(alias = "refreshAccessToken")]
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.api_key = Some(Secret::from(key.into().trim()));
        self
    }

    /// Sets the environment. Defaults to [`Environment::Production`].
    ///
    /// ```
    /// use apivideo::{Client, Environment};
    ///
    /// let environment: Environment = "sandbox".parse()?;
    /// let client = Client::builder().api_key("my key").environment(environment).build()?;
    /// assert_eq!(client.base_url(), environment.base_url());
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Sets the environment to [`Environment::Sandbox`].
    ///
    /// ```
    /// let client = apivideo::Client::builder().api_key("my key").sandbox().build()?;
    /// assert_eq!(client.base_url(), "https://sandbox.api.video");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn sandbox(self) -> Self {
        self.environment(Environment::Sandbox)
    }

    /// Sets the base URL, for example that of a simulator or a proxy. It replaces the base URL of the environment.
    ///
    /// Plain `http` is accepted only for loopback addresses, because it would expose the key in transit.
    ///
    /// ```
    /// let client = apivideo::Client::builder().api_key("any").base_url("http://127.0.0.1:8080/").build()?;
    /// assert_eq!(client.base_url(), "http://127.0.0.1:8080");
    /// assert!(apivideo::Client::builder().api_key("any").base_url("http://example.com").build().is_err());
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Sets the name and the version of the application, which are sent to the service (`AV-Origin-App`, `User-Agent`).
    ///
    /// `name` consists of 1 to 50 letters, digits, `_` or `-`; `version` of one to three numbers of up to three digits, such
    /// as `1.2.0`. The service accepts no pre-release versions.
    ///
    /// ```
    /// use apivideo::Client;
    ///
    /// let builder = Client::builder().api_key("my key");
    /// assert!(builder.clone().application("my-app", "1.2.0").build().is_ok());
    /// assert!(builder.application("my-app", "1.2.0-beta").build().is_err());
    /// ```
    pub fn application(mut self, name: impl Into<String>, version: impl Into<String>) -> Self {
        self.application = Some((name.into(), version.into()));
        self
    }

    /// Sends the key with every request (HTTP Basic), instead of exchanging it for a token.
    ///
    /// ```
    /// let client = apivideo::Client::builder().api_key("my key").with_basic_auth().build()?;
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_basic_auth(mut self) -> Self {
        self.basic_auth = true;
        self
    }

    /// Sets the timeout of one request, from connecting to the end of the response body. Defaults to 60 seconds. Each retry has
    /// the same timeout.
    ///
    /// Only time in which the request is polled counts, so a prefetched page does not time out while the application is busy.
    /// [`build`](Self::build) rejects a timeout of zero.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let builder = apivideo::Client::builder().api_key("my key");
    /// let client = builder.with_timeout(Duration::from_secs(20)).build()?;
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the HTTP client, for example to configure a proxy, certificates or DNS resolution. The type is that of reqwest 0.13.
    ///
    /// It should not have timeouts, because they also expire while a prefetched page waits for the application; see
    /// [`with_timeout`](Self::with_timeout). It should not follow redirects, because the service sends none. If it follows
    /// one to another host, neither the key nor a token is sent there, and the response is rejected.
    ///
    /// ```
    /// let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    /// let client = apivideo::Client::builder().api_key("my key").with_http_client(http).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// Sets how failed requests are retried. Defaults to 5 attempts within 5 minutes; see [`RetryPolicy`].
    ///
    /// ```
    /// use apivideo::{Client, retry::RetryPolicy};
    ///
    /// let policy = RetryPolicy::default().max_attempts(3);
    /// let client = Client::builder().api_key("my key").with_retry_policy(policy).build()?;
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_retry_policy(mut self, policy: RetryPolicy) -> Self {
        self.retry_policy = policy;
        self
    }

    /// Sets the maximum wait that the service can request, by `Retry-After` or `X-RateLimit-Retry-After`. Defaults to 2
    /// minutes. If the service requests a longer wait, the request is retried after the maximum; if it fails again, the error
    /// states both durations.
    ///
    /// [`RetryPolicy::max_elapsed`] limits the total of all waits of a call.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let builder = apivideo::Client::builder().api_key("my key");
    /// let client = builder.with_max_retry_after(Duration::from_secs(30)).build()?;
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_max_retry_after(mut self, wait: Duration) -> Self {
        self.max_retry_after = wait;
        self
    }

    /// Sets the maximum number of requests per window of the rate limit (one minute), so that other programs can use the rest
    /// of the account's limit. The limit of the service applies in addition.
    ///
    /// ```
    /// use std::num::NonZeroU32;
    ///
    /// let client = apivideo::Client::builder()
    ///     .api_key("my key")
    ///     .with_rate_limit(NonZeroU32::new(250).expect("more than 0"))
    ///     .build()?;
    /// assert_eq!(client.rate_limit().limit, Some(250));
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_rate_limit(mut self, requests_per_minute: NonZeroU32) -> Self {
        self.rate_limit = Some(requests_per_minute);
        self
    }

    /// Disables client-side rate limiting. By default, requests are sent immediately while more than a fifth of the service's
    /// limit is left, and then spread over the rest of the window.
    ///
    /// Without rate limiting, each call waits separately after a 429, which is much slower.
    ///
    /// ```
    /// let client = apivideo::Client::builder().api_key("my key").without_rate_limiting().build()?;
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn without_rate_limiting(mut self) -> Self {
        self.is_rate_limited = false;
        self
    }

    /// Sets the maximum size of the body of one response in bytes, after decompression. Defaults to 64 MiB.
    ///
    /// A page of the service has about 100 KB. A larger body results in an error of kind
    /// [`Unexpected`](crate::ErrorKind::Unexpected): reading stops at the maximum, or does not start if `Content-Length`
    /// exceeds it. Each request in flight can use this amount of memory. [`build`](Self::build) rejects a maximum of 0.
    ///
    /// ```
    /// let builder = apivideo::Client::builder().api_key("my key");
    /// let client = builder.with_max_body_size(8 * 1024 * 1024).build()?;
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_max_body_size(mut self, bytes: u64) -> Self {
        self.max_body_size = Some(bytes);
        self
    }

    /// Sets the observer, which is called with each request and its outcome. A second observer replaces the first.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicU64, Ordering};
    ///
    /// use apivideo::observe::{Observer, RequestInfo};
    ///
    /// #[derive(Default)]
    /// struct Requests(AtomicU64);
    ///
    /// impl Observer for Requests {
    ///     fn on_request(&self, _: &RequestInfo<'_>) {
    ///         self.0.fetch_add(1, Ordering::Relaxed);
    ///     }
    /// }
    ///
    /// let requests = Arc::new(Requests::default());
    /// let client = apivideo::Client::builder().api_key("my key").with_observer(Arc::clone(&requests)).build()?;
    /// assert_eq!(requests.0.load(Ordering::Relaxed), 0);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_observer(mut self, observer: impl Observer) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    #[cfg(test)]
    pub(crate) fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Builds the client. Nothing is sent.
    ///
    /// ```
    /// use apivideo::{Client, ErrorKind};
    ///
    /// assert!(Client::builder().api_key("my key").build().is_ok());
    /// assert_eq!(Client::builder().build().unwrap_err().kind(), ErrorKind::Configuration);
    /// ```
    ///
    /// # Errors
    /// Returns an error of kind [`Configuration`](crate::ErrorKind::Configuration) if the key is missing or not a valid header
    /// value, the base URL is invalid, the service would reject the name or version of the application, the timeout or the
    /// maximum body size is zero, the proxy in the environment (`HTTPS_PROXY`, `ALL_PROXY`) is invalid, or TLS cannot be set
    /// up.
    pub fn build(self) -> Result<Client> {
        let key = self.api_key.filter(|key| !key.expose().is_empty());
        let key = key.ok_or_else(|| {
            Error::configuration(format!(
                "no API key: set {}, or call `api_key` with a key from api.video's dashboard (a simulator accepts any)",
                variables::API_KEY
            ))
        })?;
        let url = self.base_url.as_deref();
        let url = base_url::parse(url.unwrap_or(self.environment.base_url()))?;
        let endpoint = match &self.base_url {
            Some(_) => url.clone(),
            None => format!("{} ({url})", self.environment),
        };
        let headers = origin::headers(self.application.as_ref())?;
        if self.timeout.is_zero() {
            return Err(Error::configuration(
                "invalid timeout 0: it must be greater than 0, such as 30 seconds",
            ));
        }
        if self.max_body_size == Some(0) {
            return Err(Error::configuration(
                "invalid maximum body size 0: it must be greater than 0, such as 8 MiB",
            ));
        }
        let http = match self.http {
            Some(http) => http,
            None => http_client::build(&url)?,
        };
        let documented = match self.base_url {
            Some(_) => None,
            None => Some(self.environment.documented_limit()),
        };
        let own_limit = self.rate_limit.map(NonZeroU32::get);
        let max_retry_after = self.max_retry_after;
        let limiter = RateLimiter::new(documented, own_limit, max_retry_after);
        let (skew, connections) = (Arc::new(Skew::default()), Arc::new(Connections::default()));
        let on_response = {
            let (skew, connections) = (Arc::clone(&skew), Arc::clone(&connections));
            let clock = Arc::clone(&self.clock);
            move |response: &reqwest::Response| {
                skew.record(response.headers(), &*clock);
                connections.used(response);
            }
        };
        let shared = Shared {
            secrets: Arc::new(Secrets::new(&key)),
            connections,
            skew,
            on_response: Arc::new(on_response),
            max_body_size: self.max_body_size,
            http,
            base_url: url,
            endpoint,
            headers,
            timeout: self.timeout,
            limiter: self.is_rate_limited.then_some(limiter),
            retry_policy: self.retry_policy,
            retry_budget: RetryBudget::new(self.clock.now()),
            max_retry_after,
            observer: self.observer,
            clock: self.clock,
        };
        let authorization = if self.basic_auth {
            Authorization::basic(&key)?
        } else {
            Authorization::bearer(key)
        };
        Ok(Client {
            transport: Transport {
                shared: Arc::new(shared),
                authorization: Arc::new(authorization),
                counters: None,
            },
        })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("api_key", &self.api_key)
            .field("basic_auth", &self.basic_auth)
            .field("environment", &self.environment)
            .field("has_base_url", &self.base_url.is_some())
            .field("application", &self.application)
            .field("timeout", &self.timeout)
            .field("retry_policy", &self.retry_policy)
            .field("is_rate_limited", &self.is_rate_limited)
            .field("rate_limit", &self.rate_limit)
            .field("max_retry_after", &self.max_retry_after)
            .field("max_body_size", &self.max_body_size)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn built(change: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Result<Client> {
        change(Client::builder().api_key("k")).build()
    }

    #[test]
    fn a_client_needs_a_key_a_timeout_and_a_body_size() {
        let error = Client::builder().build().unwrap_err();
        assert!(error.to_string().starts_with("no API key: "), "{error}");
        for invalid in [
            built(|b| b.api_key(" \n")),
            built(|b| b.with_timeout(Duration::ZERO)),
            built(|b| b.with_max_body_size(0)),
            built(|b| b.application("my app", "1")),
            built(|b| b.base_url("ws.api.video")),
        ] {
            assert_eq!(invalid.unwrap_err().kind(), ErrorKind::Configuration);
        }
        assert!(
            built(|b| b.api_key("a\nb").with_basic_auth()).is_ok(),
            "Basic encodes the key"
        );
    }

    #[test]
    fn variables_set_the_options_and_the_base_url_wins() {
        let sandbox = || Variables {
            api_key: Some("key\n".to_owned()),
            environment: Some(Environment::Sandbox),
            base_url: None,
        };
        let both = Variables {
            base_url: Some("http://127.0.0.1:8080/".to_owned()),
            ..sandbox()
        };
        for (variables, base_url) in [
            (sandbox(), "https://sandbox.api.video"),
            (both, "http://127.0.0.1:8080"),
        ] {
            let client = ClientBuilder::new().with_variables(variables).build();
            assert_eq!(client.unwrap().base_url(), base_url);
        }
        let without_key = ClientBuilder::new().with_variables(Variables::default());
        let error = without_key.build().unwrap_err();
        assert!(error.to_string().contains("APIVIDEO_API_KEY"), "{error}");
    }

    #[test]
    fn debug_does_not_show_the_key() {
        let builder = Client::builder().api_key("hush").with_basic_auth();
        assert!(!format!("{builder:?} {:?}", builder.clone().build().unwrap()).contains("hush"));
    }
}
