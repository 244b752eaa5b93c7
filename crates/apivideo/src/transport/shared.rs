//! The configuration and the state that all requests of a client share.

use std::sync::Arc;
use std::time::Duration;

use apivideo_core::{Client as Core, Inner as CoreInner};
use reqwest::header::HeaderMap;

use crate::progress::Counters;
use crate::transport::clock::Clock;
use crate::transport::connection::Connections;
use crate::transport::credential::Credential;
use crate::transport::mask::Secrets;
use crate::transport::observe::{self, Observer};
use crate::transport::operation::Operation;
use crate::transport::rate_limit::RateLimiter;
use crate::transport::retry::{RetryBudget, RetryContext, RetryPolicy};
use crate::transport::skew::Skew;

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
    /// The context in which `operation` is retried.
    pub(super) fn retry_context<'a>(
        &'a self,
        operation: &'a Operation,
        counters: Option<&'a Counters>,
    ) -> RetryContext<'a> {
        RetryContext {
            policy: &self.retry_policy,
            budget: &self.retry_budget,
            clock: &*self.clock,
            counters,
            is_rate_limited: self.limiter.is_some() && operation.is_counted(),
            max_retry_after: self.max_retry_after,
            line: operation.line(),
        }
    }

    /// The generated client for a request of `operation`, with the common headers and `credential`.
    pub(super) fn core(&self, operation: &'static str, credential: Option<&Credential>) -> Core {
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
            inner = inner.with_request_observer(observe::request_hook(
                observer,
                &self.secrets,
                operation,
            ));
        }
        Core::new_with_client(&self.base_url, self.http.clone(), inner)
    }
}
