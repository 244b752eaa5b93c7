//! Requests: authorized, within the rate limit, retried, observed.

mod attempt;
pub(crate) mod auth;
pub(crate) mod call;
pub(crate) mod cause;
pub(crate) mod clock;
pub(crate) mod connection;
mod credential;
pub(crate) mod download;
pub(crate) mod mask;
pub mod observe;
mod operation;
pub(crate) mod path;
pub mod rate_limit;
mod response;
pub mod retry;
mod shared;
pub(crate) mod skew;
pub mod trace;

use std::fmt;
use std::sync::Arc;

use crate::progress::Counters;
use auth::Authorization;
pub(crate) use shared::Shared;

/// Sends requests. Cheap to clone; clones share connections, authorization, rate limiter and retry budget.
#[derive(Clone)]
pub struct Transport {
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
