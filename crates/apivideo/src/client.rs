//! The client, and what its requests share.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use apivideo_core::{Client as Core, Inner as CoreInner};
use reqwest::header::HeaderMap;

use crate::auth::{Authorization, Grant};
use crate::builder::ClientBuilder;
use crate::call::{Counters, Request};
use crate::connection::Connections;
use crate::mask::Secrets;
use crate::observe::{self, Observer};
use crate::pacer::{Pacer, RateLimit};
use crate::retry::{Budget, RetryPolicy, Retrying};
use crate::skew::Skew;
use crate::time::Clock;

/// A client of api.video's statistics. Cheap to clone; clones share connections, authorization,
/// the pace under the rate limit, and the budget of retries.
///
/// ```
/// use futures::TryStreamExt;
/// # use apivideo_simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = Simulator::builder().start().await?;
/// # let key = "key";
///
/// let client = apivideo::Client::builder()
///     .api_key(key)
/// #   .base_url(simulator.base_url())
///     .build()?;
/// let mut sessions = client
///     .video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?)
///     .sessions("2022-01".parse()?)
///     .metadata("hats", "green")
///     .stream();
/// while let Some(session) = sessions.try_next().await? {
///     println!("{} from {:?}", session.id, session.location.country);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) wire: Arc<Wire>,
    pub(crate) authorization: Arc<Authorization>,
    /// Who counts the retries and waits of its calls.
    pub(crate) counters: Option<Arc<Counters>>,
}

/// What every request needs but its authorization.
pub(crate) struct Wire {
    pub(crate) http: reqwest::Client,
    /// Without a slash at its end.
    pub(crate) base_url: String,
    /// The environment in words, for messages: `production (https://ws.api.video)`.
    pub(crate) place: String,
    pub(crate) headers: HeaderMap,
    pub(crate) timeout: Duration,
    pub(crate) clock: Arc<dyn Clock>,
    /// `None` when pacing is off.
    pub(crate) pacer: Option<Pacer>,
    pub(crate) retries: RetryPolicy,
    pub(crate) budget: Budget,
    pub(crate) longest_wait: Duration,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    pub(crate) secrets: Arc<Secrets>,
    pub(crate) connections: Arc<Connections>,
    pub(crate) skew: Arc<Skew>,
    /// Is called for each response, when its headers have arrived.
    pub(crate) on_response: Arc<dyn Fn(&reqwest::Response) + Send + Sync>,
    /// `None` for the core's default.
    pub(crate) max_body_size: Option<u64>,
}

impl Wire {
    /// How `request` is tried again.
    pub(crate) fn retrying<'a>(
        &'a self,
        request: &'a Request,
        counters: Option<&'a Counters>,
    ) -> Retrying<'a> {
        Retrying {
            policy: &self.retries,
            budget: &self.budget,
            clock: &*self.clock,
            counters,
            paced: self.pacer.is_some() && request.is_counted(),
            longest_wait: self.longest_wait,
            line: request.line(),
        }
    }

    /// The generated client, with the headers of this one and the authorization of `grant`.
    pub(crate) fn core(&self, grant: Option<&Grant>) -> Core {
        let mut headers = self.headers.clone();
        if let Some(grant) = grant {
            headers.insert(reqwest::header::AUTHORIZATION, grant.header.clone());
        }
        let mut inner =
            CoreInner::new(headers).with_response_observer(Arc::clone(&self.on_response));
        if let Some(bytes) = self.max_body_size {
            inner = inner.with_max_body_size(bytes);
        }
        if let Some(observer) = &self.observer {
            inner = inner.with_request_observer(observe::requests(observer, &self.secrets));
        }
        Core::new_with_client(&self.base_url, self.http.clone(), inner)
    }
}

impl Client {
    /// Begins a client; it needs a key at least.
    ///
    /// ```
    /// let client = apivideo::Client::builder().api_key("my key").sandbox().build()?;
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// Where this client sends its requests, without a slash at the end.
    ///
    /// ```
    /// let client = apivideo::Client::builder().api_key("my key").build()?;
    /// assert_eq!(client.base_url(), "https://ws.api.video");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.wire.base_url
    }

    /// Where this client and its clones stand with the rate limit.
    ///
    /// Before the first reply that tells of it, the limit is the documented one: 500 requests a minute in production,
    /// 100 in the sandbox, none at another base URL. With pacing turned off nothing is known.
    ///
    /// ```
    /// let client = apivideo::Client::builder().api_key("my key").sandbox().build()?;
    /// assert_eq!(client.rate_limit().limit, Some(100));
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn rate_limit(&self) -> RateLimit {
        let pacer = self.wire.pacer.as_ref();
        pacer.map_or_else(RateLimit::default, |pacer| {
            pacer.state(self.wire.clock.now())
        })
    }

    /// The same client, whose calls count in `counters`.
    pub(crate) fn counted_by(&self, counters: Arc<Counters>) -> Self {
        Self {
            counters: Some(counters),
            ..self.clone()
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.wire.base_url)
            .finish_non_exhaustive()
    }
}
