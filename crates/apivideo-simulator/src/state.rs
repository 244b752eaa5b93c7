use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use crate::behaviour::{Behaviour, ResponseFormat};
use crate::clock::Clock;
use crate::fault::Injector;
use crate::http::auth::Authenticator;
use crate::http::cache::Cache;
use crate::http::path::PathParameters;
use crate::http::query::Query;
use crate::http::rate_limit::RateLimiter;
use crate::http::request_log::RequestLog;
use crate::recording::Recording;
use crate::world::World;
use crate::world::changes::Changes;
use crate::world::session_key::SessionKey;

/// The default size of the cache of rendered pages, in bytes.
pub(crate) const PAGE_CACHE_BYTES: usize = 32 * 1024 * 1024;

/// The size of the cache of filtered lists, in session numbers.
pub(crate) const FILTER_CACHE_SESSIONS: usize = 4 * 1024 * 1024;

/// Everything that handlers need, shared by all connections.
pub(crate) struct State {
    pub(crate) world: World,
    pub(crate) behaviour: Behaviour,
    pub(crate) response_format: ResponseFormat,
    pub(crate) clock: Clock,
    pub(crate) auth: Authenticator,
    pub(crate) limiter: RateLimiter,
    pub(crate) log: RequestLog,
    pub(crate) recording: Option<Recording>,
    pub(crate) faults: Option<Injector>,
    /// Sessions inserted and deleted since the start.
    pub(crate) changes: Changes,
    /// Pages that can no longer change, by path and query.
    pub(crate) rendered: Cache<Bytes>,
    /// The session numbers that a filter selects.
    pub(crate) filtered: Cache<Arc<Vec<u32>>>,
    /// The port of the server, once it listens.
    pub(crate) port: OnceLock<u16>,
}

impl State {
    /// Returns the URL under which the server listens, without a trailing slash.
    pub(crate) fn base_url(&self) -> String {
        let port = self.port.get().copied().unwrap_or_default();
        format!("http://127.0.0.1:{port}")
    }

    /// Returns the session with this identifier, unless it was deleted or never inserted.
    pub(crate) fn find_session(&self, id: &str) -> Option<SessionKey> {
        let key = self.world.find_session(id)?;
        self.changes.contains(key).then_some(key)
    }
}

/// An authenticated request, as the handlers see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ApiRequest<'a> {
    pub(crate) path: &'a str,
    pub(crate) parameters: PathParameters<'a>,
    pub(crate) query: &'a Query,
    pub(crate) now_ms: i64,
}
