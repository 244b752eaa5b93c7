//! Requests: authorized, within the rate limit, retried, observed.

mod attempt;
pub(crate) mod auth;
pub(crate) mod call;
pub(crate) mod cause;
pub(crate) mod clock;
pub(crate) mod connection;
pub(crate) mod mask;
pub mod observe;
pub(crate) mod path;
pub mod rate_limit;
mod response;
pub mod retry;
pub(crate) mod skew;
pub mod trace;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use apivideo_core::{Client as Core, Inner as CoreInner};
use reqwest::header::HeaderMap;

use crate::progress::Counters;
use attempt::Request;
use auth::{Authorization, Credential};
use clock::Clock;
use connection::Connections;
use mask::Secrets;
use observe::Observer;
use rate_limit::RateLimiter;
use retry::{RetryBudget, RetryContext, RetryPolicy};
use skew::Skew;

/// Sends requests. Cheap to clone; clones share connections, authorization, rate limiter and retry budget.
#[derive(Clone)]
pub(crate) struct Transport {
    pub(crate) shared: Arc<Shared>,
    pub(crate) authorization: Arc<Authorization>,
    /// Counts the retries and waits of the requests of a stream.
    pub(crate) counters: Option<Arc<Counters>>,
}

impl Transport {
    /// Returns the same transport, whose requests are counted in `counters`.
    pub(crate) fn counted_by(&self, counters: Arc<Counters>) -> Self {
        Self {
            counters: Some(counters),
            ..self.clone()
        }
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("base_url", &self.shared.base_url)
            .finish_non_exhaustive()
    }
}

/// The configuration and the state that all requests share, without their authorization.
pub(crate) struct Shared {
    pub(crate) http: reqwest::Client,
    /// Without a trailing slash.
    pub(crate) base_url: String,
    /// The service in messages: `production (https://ws.api.video)`.
    pub(crate) endpoint: String,
    pub(crate) headers: HeaderMap,
    pub(crate) timeout: Duration,
    pub(crate) clock: Arc<dyn Clock>,
    /// `None` when rate limiting is turned off.
    pub(crate) limiter: Option<RateLimiter>,
    pub(crate) retry_policy: RetryPolicy,
    pub(crate) retry_budget: RetryBudget,
    pub(crate) max_retry_after: Duration,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    pub(crate) secrets: Arc<Secrets>,
    pub(crate) connections: Arc<Connections>,
    pub(crate) skew: Arc<Skew>,
    /// Called for each response, when its headers have been received.
    pub(crate) on_response: Arc<dyn Fn(&reqwest::Response) + Send + Sync>,
    /// `None` for the default of the generated client.
    pub(crate) max_body_size: Option<u64>,
}

impl Shared {
    /// The context in which `request` is retried.
    fn retry_context<'a>(
        &'a self,
        request: &'a Request,
        counters: Option<&'a Counters>,
    ) -> RetryContext<'a> {
        RetryContext {
            policy: &self.retry_policy,
            budget: &self.retry_budget,
            clock: &*self.clock,
            counters,
            is_rate_limited: self.limiter.is_some() && request.is_counted(),
            max_retry_after: self.max_retry_after,
            line: request.line(),
        }
    }

    /// The generated client for a request of `operation`, with the common headers and `credential`.
    fn core(&self, operation: &'static str, credential: Option<&Credential>) -> Core {
        let mut headers = self.headers.clone();
        if let Some(credential) = credential {
            headers.insert(reqwest::header::AUTHORIZATION, credential.header.clone());
        }
        let mut inner =
            CoreInner::new(headers).with_response_observer(Arc::clone(&self.on_response));
        if let Some(bytes) = self.max_body_size {
            inner = inner.with_max_body_size(bytes);
        }
        if let Some(observer) = &self.observer {
            inner = inner.observed_by(observe::request_hook(observer, &self.secrets, operation));
        }
        Core::new_with_client(&self.base_url, self.http.clone(), inner)
    }
}
