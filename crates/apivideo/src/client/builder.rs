//! How a client is built.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use apivideo_core::wire::Secret;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, USER_AGENT};

use super::{Client, Environment};
use crate::error::{Error, Result};
use crate::transport::auth::Authorization;
use crate::transport::clock::{Clock, SystemClock};
use crate::transport::connection::Connections;
use crate::transport::mask::Secrets;
use crate::transport::observe::Observer;
use crate::transport::rate_limit::Pacer;
use crate::transport::retry::{Budget, RetryPolicy};
use crate::transport::skew::Skew;
use crate::transport::{Shared, Transport};

/// How long one reply may take unless told otherwise.
const TIMEOUT: Duration = Duration::from_secs(60);
/// How long a wait that the service asks for may be unless told otherwise: two of its windows.
const LONGEST_WAIT: Duration = Duration::from_secs(120);

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
    basic: bool,
    environment: Environment,
    base_url: Option<String>,
    application: Option<(String, String)>,
    timeout: Duration,
    http: Option<reqwest::Client>,
    retries: RetryPolicy,
    ceiling: Option<NonZeroU32>,
    paced: bool,
    longest_wait: Duration,
    max_body_size: Option<u64>,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    clock: Arc<dyn Clock>,
}

impl ClientBuilder {
    pub(crate) fn new() -> Self {
        Self {
            api_key: None,
            basic: false,
            environment: Environment::Production,
            base_url: None,
            application: None,
            timeout: TIMEOUT,
            http: None,
            retries: RetryPolicy::default(),
            ceiling: None,
            paced: true,
            longest_wait: LONGEST_WAIT,
            max_body_size: None,
            observer: None,
            clock: Arc::new(SystemClock),
        }
    }

    /// The API key, from api.video's dashboard. White space around it is dropped.
    ///
    /// It is exchanged for a bearer token, which is renewed by itself.
    ///
    /// ```
    /// use apivideo::Client;
    ///
    /// assert!(Client::builder().api_key("my key\n").build().is_ok());
    /// assert!(Client::builder().api_key(" ").build().is_err(), "that is none");
    /// ```
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.api_key = Some(Secret::from(key.into().trim()));
        self
    }

    /// Sends the key itself with every request (HTTP Basic) instead of exchanging it for a token.
    ///
    /// ```
    /// let client = apivideo::Client::builder().api_key("my key").basic_authorization().build()?;
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn basic_authorization(mut self) -> Self {
        self.basic = true;
        self
    }

    /// Which environment to ask; production unless told.
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

    /// Asks the sandbox, api.video's second environment: short for [`environment`](Self::environment).
    ///
    /// ```
    /// let client = apivideo::Client::builder().api_key("my key").sandbox().build()?;
    /// assert_eq!(client.base_url(), "https://sandbox.api.video");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn sandbox(self) -> Self {
        self.environment(Environment::Sandbox)
    }

    /// Asks another place than the environment's: a simulator, a recording, a proxy of one's own.
    ///
    /// `http` is taken for this machine's own addresses only, since a key goes along.
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

    /// Names the application to the service (`AV-Origin-App`).
    ///
    /// `name` has 1 to 50 letters, digits, `_` or `-`; `version` has one to three numbers of up to
    /// three digits, such as `1.2.0`: the service takes no pre-release versions.
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

    /// How long one reply may take, connection and body included: 60 seconds unless told.
    ///
    /// Only time counts in which somebody waits: a page that is read ahead does not run out while the
    /// application is busy.
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

    /// Sends requests by this client of reqwest: for its proxy, its certificates, its DNS.
    ///
    /// Set none of its timeouts: they fire on pages that are read ahead; see [`with_timeout`](Self::with_timeout).
    /// And let it follow no redirects, for the service makes none. Should one be followed all the same, neither key nor
    /// token goes along to another host, and what that answers is refused.
    ///
    /// ```
    /// let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    /// let client = apivideo::Client::builder().api_key("my key").with_http_client(http).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// How failed calls are tried again: see [`RetryPolicy`] for what it does unless told.
    ///
    /// ```
    /// use apivideo::{Client, RetryPolicy};
    ///
    /// let policy = RetryPolicy::default().with_attempts(3);
    /// let client = Client::builder().api_key("my key").with_retry_policy(policy).build()?;
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_retry_policy(mut self, policy: RetryPolicy) -> Self {
        self.retries = policy;
        self
    }

    /// Never sends more requests than so many in a window of the rate limit, which is a minute: to leave the rest
    /// to other programs with the same account. The service's own limit holds all the same.
    ///
    /// ```
    /// use std::num::NonZeroU32;
    ///
    /// let client = apivideo::Client::builder()
    ///     .api_key("my key")
    ///     .with_rate_ceiling(NonZeroU32::new(250).expect("more than 0"))
    ///     .build()?;
    /// assert_eq!(client.rate_limit().limit, Some(250));
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_rate_ceiling(mut self, requests: NonZeroU32) -> Self {
        self.ceiling = Some(requests);
        self
    }

    /// Sends without regard to the rate limit. A 429 is still waited out, by each call for itself: slower by
    /// far than the client's own pace, under which requests go freely while more than a fifth of the limit is
    /// left, and then spread over the rest of the window.
    ///
    /// ```
    /// let client = apivideo::Client::builder().api_key("my key").without_pacing().build()?;
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn without_pacing(mut self) -> Self {
        self.paced = false;
        self
    }

    /// Sets the longest wait that the service may ask for, by `Retry-After` or `X-RateLimit-Retry-After`. Defaults to 2
    /// minutes. A longer one is cut to it, and the request sent again then; if that ends in an error, the error names both.
    ///
    /// [`RetryPolicy::with_total_time`] bounds all waits of one call together.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let builder = apivideo::Client::builder().api_key("my key");
    /// let client = builder.with_longest_wait(Duration::from_secs(30)).build()?;
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// Sets the maximum size of the body of one response in bytes, after decompression. Defaults to 64 MiB.
    ///
    /// A page of the service has some 100 KB. A larger body than this is an error of the kind
    /// [`Unexpected`](crate::ErrorKind::Unexpected), and no more of it is read; one whose `Content-Length` is larger is not
    /// read at all. Each request that is in flight can hold this much memory. A maximum of 0 is refused by
    /// [`build`](Self::build).
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

    #[cfg(test)]
    pub(crate) fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The client. Nothing is sent yet.
    ///
    /// ```
    /// use apivideo::{Client, ErrorKind};
    ///
    /// assert!(Client::builder().api_key("my key").build().is_ok());
    /// assert_eq!(Client::builder().build().unwrap_err().kind(), ErrorKind::Configuration);
    /// ```
    ///
    /// # Errors
    /// Of the kind [`Configuration`](crate::ErrorKind::Configuration): no key or one that can't be
    /// sent, a base URL that can't be used, an application's name or version that the service would
    /// refuse, a timeout or a maximum body size of zero, a proxy of the environment (`HTTPS_PROXY`, `ALL_PROXY`) that can't be
    /// used, or TLS that can't be set up.
    pub fn build(self) -> Result<Client> {
        let key = self.api_key.filter(|key| !key.expose().is_empty()).ok_or_else(|| {
            Error::configuration(
                "no API key was given; take one from api.video's dashboard, or ask a simulator, which takes any",
            )
        })?;
        let url = base_url(
            self.base_url
                .as_deref()
                .unwrap_or(self.environment.base_url()),
        )?;
        let place = match &self.base_url {
            Some(_) => url.clone(),
            None => format!("{} ({url})", self.environment),
        };
        let mut headers = HeaderMap::new();
        let version = concat!(
            env!("CARGO_PKG_VERSION_MAJOR"),
            ".",
            env!("CARGO_PKG_VERSION_MINOR"),
            ".",
            env!("CARGO_PKG_VERSION_PATCH")
        );
        let agent = match &self.application {
            Some((name, number)) => format!("apivideo-rust/{version} {name}/{number}"),
            None => format!("apivideo-rust/{version}"),
        };
        headers.insert(ORIGIN_CLIENT, origin("rust", version)?);
        if let Some((name, number)) = &self.application {
            headers.insert(ORIGIN_APP, origin(name, number)?);
        }
        headers.insert(
            USER_AGENT,
            HeaderValue::try_from(agent)
                .map_err(|_| Error::configuration("the user agent can't be sent"))?,
        );
        if self.timeout.is_zero() {
            return Err(Error::configuration(
                "a timeout of zero leaves no time for a reply; give some seconds",
            ));
        }
        if self.max_body_size == Some(0) {
            return Err(Error::configuration(
                "a maximum body size of 0 leaves no room for a response; use some megabytes",
            ));
        }
        let http = match self.http {
            Some(http) => http,
            None => http_client(&url)?,
        };
        let limit = match self.base_url {
            Some(_) => None,
            None => Some(self.environment.documented_limit()),
        };
        let ceiling = self.ceiling.map(NonZeroU32::get);
        let (skew, connections) = (Arc::new(Skew::default()), Arc::new(Connections::default()));
        let on_response = {
            let (skew, connections) = (Arc::clone(&skew), Arc::clone(&connections));
            let clock = Arc::clone(&self.clock);
            move |response: &reqwest::Response| {
                skew.learn(response.headers(), &*clock);
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
            place,
            headers,
            timeout: self.timeout,
            pacer: self
                .paced
                .then(|| Pacer::new(limit, ceiling, self.longest_wait)),
            retries: self.retries,
            budget: Budget::new(self.clock.now()),
            longest_wait: self.longest_wait,
            observer: self.observer,
            clock: self.clock,
        };
        let authorization = if self.basic {
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

    /// Shows each request and its reply to `observer`; a second one replaces the first.
    ///
    /// ```
    /// struct Count(std::sync::atomic::AtomicU64);
    ///
    /// impl apivideo::Observer for Count {
    ///     fn sent(&self, _: &apivideo::Sent<'_>) {
    ///         self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    ///     }
    /// }
    ///
    /// let client = apivideo::Client::builder().api_key("my key").with_observer(Count(0.into())).build()?;
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_observer(mut self, observer: impl Observer) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("api_key", &self.api_key)
            .field("basic", &self.basic)
            .field("environment", &self.environment)
            .field("has_base_url", &self.base_url.is_some())
            .field("application", &self.application)
            .field("timeout", &self.timeout)
            .field("retries", &self.retries)
            .field("paced", &self.paced)
            .field("ceiling", &self.ceiling)
            .field("longest_wait", &self.longest_wait)
            .field("max_body_size", &self.max_body_size)
            .finish_non_exhaustive()
    }
}

const ORIGIN_CLIENT: HeaderName = HeaderName::from_static("av-origin-client");
const ORIGIN_APP: HeaderName = HeaderName::from_static("av-origin-app");

/// `name:version` by the rules that all of the service's own clients share.
fn origin(name: &str, version: &str) -> Result<HeaderValue> {
    let numbers = version.split('.').collect::<Vec<_>>();
    let name_is_good = (1..=50).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    let version_is_good = numbers.len() <= 3
        && numbers
            .iter()
            .all(|n| (1..=3).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()));
    if !name_is_good {
        return Err(Error::configuration(format!(
            "{name:?} is no application's name for the service; it takes 1 to 50 letters, digits, \"_\" or \"-\""
        )));
    }
    if !version_is_good {
        return Err(Error::configuration(format!(
            "{version:?} is no application's version for the service; it takes numbers such as 1.2.0, no pre-release"
        )));
    }
    HeaderValue::try_from(format!("{name}:{version}"))
        .map_err(|_| Error::configuration("the application's name can't be sent"))
}

/// The base URL, checked, without a slash at its end.
fn base_url(text: &str) -> Result<String> {
    let refused = |why: &str| {
        // What can hold a secret is not shown, wherever it stands: the text may be no URL at all.
        let shown = match text.contains(['@', '?', '#']) {
            true => String::new(),
            false => format!(" {:?}", text.chars().take(200).collect::<String>()),
        };
        Error::configuration(format!(
            "the base URL{shown} can't be used: {why}; it looks like https://ws.api.video"
        ))
    };
    let url = Url::parse(text).map_err(|error| refused("it is no URL").with_source(error))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused(
            "it holds a user or a password, and the key is given apart from it",
        ));
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => {
            return Err(refused(
                "over plain http the key could be read on its way, use https",
            ));
        }
        _ => return Err(refused("it is neither http nor https")),
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refused("it has a query or a fragment"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// The client of reqwest that is used unless one is given.
fn http_client(base_url: &str) -> Result<reqwest::Client> {
    // No timeouts of reqwest's: they fire for time in which nobody polled (see `time::Timeout`).
    let mut builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    if Url::parse(base_url).is_ok_and(|url| is_loopback(&url)) {
        builder = builder.no_proxy();
    } else {
        check_proxy(base_url, |name| std::env::var(name).ok())?;
    }
    builder.build().map_err(|error| {
        Error::configuration(
            "the HTTP client can't be set up; are the system's certificates there?",
        )
        .with_source(error)
    })
}

/// Refuses a proxy of the environment that reqwest would pass over, and send directly, or would speak HTTP to where it
/// speaks SOCKS.
fn check_proxy(base_url: &str, variable: impl Fn(&str) -> Option<String>) -> Result<()> {
    let first = |names: [&'static str; 2]| {
        names
            .into_iter()
            .find_map(|name| Some((name, variable(name)?)))
    };
    let Ok(destination) = base_url.parse() else {
        return Ok(());
    };
    // As for reqwest: a variable of CGI can be set by those who call.
    if variable("REQUEST_METHOD").is_some() {
        return Ok(());
    }
    let excluded = first(["NO_PROXY", "no_proxy"]).map(|(_, hosts)| hosts);
    for names in [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]] {
        let Some((name, value)) = first(names).filter(|(_, value)| !value.is_empty()) else {
            continue;
        };
        let proxy = Matcher::builder()
            .https(value)
            .build()
            .intercept(&destination);
        let is_excluded = || {
            let every = Matcher::builder().https("http://proxy");
            let matcher = every.no(excluded.clone().unwrap_or_default()).build();
            matcher.intercept(&destination).is_none()
        };
        // The value is not shown: it can hold a password.
        let why = match &proxy {
            None => {
                "it is not the URL of a proxy, such as http://proxy.example:3128 or socks5://127.0.0.1:1080"
            }
            Some(proxy)
                if cfg!(not(feature = "socks"))
                    && proxy
                        .uri()
                        .scheme_str()
                        .is_some_and(|scheme| scheme.starts_with("socks")) =>
            {
                "this build has no support for SOCKS; enable the feature `socks`, or use an HTTP proxy"
            }
            Some(_) => return Ok(()),
        };
        if is_excluded() {
            return Ok(());
        }
        return Err(Error::configuration(format!(
            "the proxy in the environment variable {name} can't be used: {why}"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(change: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Result<Client> {
        change(Client::builder().api_key("k")).build()
    }

    #[test]
    fn base_urls_are_trimmed_and_checked() {
        for (text, good) in [
            ("https://ws.api.video/", "https://ws.api.video"),
            ("https://proxy.example/av//", "https://proxy.example/av"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:80/", "http://[::1]"),
            ("http://localhost:1", "http://localhost:1"),
        ] {
            assert_eq!(built(|b| b.base_url(text)).unwrap().base_url(), good);
        }
        for (text, why) in [
            ("ws.api.video", "it is no URL"),
            ("http://ws.api.video", "use https"),
            ("http://localhost.example", "use https"),
            ("ftp://ws.api.video", "neither http nor https"),
            ("https://ws.api.video?x=1", "a query"),
            ("https://u:hidden@ws.api.video", "a user or a password"),
            ("https://u:hidden@ws api.video", "it is no URL"),
            ("user:hidden@ws.api.video", "neither http nor https"),
            ("https://ws.api.video/?token=hidden", "a query"),
            ("http://ws.api.video/#hidden", "use https"),
        ] {
            let error = built(|b| b.base_url(text)).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
            assert!(!error.contains("hidden"));
        }
    }

    #[test]
    fn the_application_is_checked_by_the_rules_of_the_service() {
        assert!(built(|b| b.application("my_app-1", "999.0.1")).is_ok());
        assert!(built(|b| b.application("app", "1")).is_ok());
        for (name, version) in [
            ("", "1"),
            ("my app", "1"),
            ("app", ""),
            ("app", "1.0.0-alpha.1"),
            ("app", "1.2.3.4"),
            ("app", "1000"),
        ] {
            assert!(
                built(|b| b.application(name, version)).is_err(),
                "{name} {version}"
            );
        }
    }

    #[test]
    fn without_a_key_or_time_there_is_no_client() {
        assert!(
            Client::builder()
                .build()
                .unwrap_err()
                .to_string()
                .contains("no API key was given")
        );
        assert!(built(|b| b.api_key(" \n")).is_err());
        assert!(built(|b| b.with_timeout(Duration::ZERO)).is_err());
        assert!(built(|b| b.with_max_body_size(0)).is_err());
        assert!(
            built(|b| b.api_key("a\nb").basic_authorization()).is_ok(),
            "Basic encodes the key"
        );
    }

    #[test]
    fn proxies_of_the_environment_are_checked() {
        let checked = |variables: &[(&str, &str)]| {
            let lookup = |name: &str| {
                let found = variables.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            check_proxy("https://ws.api.video", lookup).map_err(|error| error.to_string())
        };
        for good in [
            &[][..],
            &[("HTTPS_PROXY", "")],
            &[("HTTPS_PROXY", "http://proxy.example:3128")],
            &[("https_proxy", "proxy.example:3128")],
            &[("HTTP_PROXY", "ftp://of-no-concern")],
            &[
                ("HTTPS_PROXY", "http://good"),
                ("ALL_PROXY", "ftp://not-reached"),
            ],
            &[("ALL_PROXY", "ftp://excluded"), ("NO_PROXY", "api.video")],
            &[("ALL_PROXY", "ftp://x"), ("REQUEST_METHOD", "GET")],
        ] {
            assert_eq!(checked(good), Ok(()), "{good:?}");
        }
        for (name, value) in [
            ("HTTPS_PROXY", "ftp://u:hidden@proxy.example"),
            ("https_proxy", "http://u:hidden@not a host"),
            ("ALL_PROXY", "socks9://hidden"),
        ] {
            let error = checked(&[(name, value)]).unwrap_err();
            assert!(
                error.contains(name) && error.contains("not the URL of a proxy"),
                "{error}"
            );
            assert!(!error.contains("hidden"), "{error}");
        }
        for value in [
            "socks5://127.0.0.1:1080",
            "socks5h://u:hidden@h",
            "socks4://h",
        ] {
            let checked = checked(&[("ALL_PROXY", value)]);
            match cfg!(feature = "socks") {
                true => assert_eq!(checked, Ok(())),
                false => {
                    let error = checked.unwrap_err();
                    assert!(error.contains("enable the feature `socks`"), "{error}");
                    assert!(!error.contains("hidden"), "{error}");
                }
            }
        }
    }

    #[test]
    fn debug_shows_no_key() {
        let builder = Client::builder().api_key("hush").basic_authorization();
        assert!(!format!("{builder:?} {:?}", builder.clone().build().unwrap()).contains("hush"));
    }
}
