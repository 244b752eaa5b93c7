//! Requests: authorized, within the rate limit, retried, observed.

pub(crate) mod auth;
pub(crate) mod call;
pub(crate) mod cause;
pub(crate) mod clock;
pub(crate) mod connection;
pub(crate) mod mask;
pub(crate) mod observe;
pub(crate) mod rate_limit;
pub(crate) mod retry;
pub(crate) mod skew;
pub mod trace;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use apivideo_core::{Client as Core, Inner as CoreInner};
use reqwest::header::HeaderMap;

use crate::progress::Counters;
use auth::{Authorization, Grant};
use call::Request;
use clock::Clock;
use connection::Connections;
use mask::Secrets;
use observe::Observer;
use rate_limit::Pacer;
use retry::{Budget, RetryPolicy, Retrying};
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

/// What every request needs but its authorization.
pub(crate) struct Shared {
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

impl Shared {
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
            inner = inner.observed_by(observe::requests(observer, &self.secrets));
        }
        Core::new_with_client(&self.base_url, self.http.clone(), inner)
    }
}
