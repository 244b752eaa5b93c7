use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::header::{ACCEPT_ENCODING, ALLOW, AUTHORIZATION, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Request, Response};

use super::cache::Cache;
use super::gate::Gate;
use super::limiter::Limiter;
use super::log::{Log, Request as Logged};
use super::outgoing::{Broken, Outgoing};
use super::problem::Problem;
use super::query::Query;
use super::reply::Reply;
use super::route::Route;
use crate::api;
use crate::clock::Clock;
use crate::fault::Injector;
use crate::settings::{Behaviour, Vintage};
use crate::world::changes::Changes;
use crate::world::{Place, World};

/// Bodies of requests may be this long.
const LARGEST_BODY: usize = 64 * 1024;

/// Bytes of rendered pages that are kept, unless told.
pub(crate) const RENDERED_BYTES: usize = 32 * 1024 * 1024;

/// Session numbers of filtered lists that are kept.
pub(crate) const FILTERED_SESSIONS: usize = 4 * 1024 * 1024;

/// All that answers requests; shared by the connections.
pub(crate) struct Service {
    pub(crate) world: World,
    pub(crate) behaviour: Behaviour,
    pub(crate) vintage: Vintage,
    pub(crate) clock: Clock,
    pub(crate) gate: Gate,
    pub(crate) limiter: Limiter,
    pub(crate) log: Log,
    pub(crate) recording: Option<crate::Recording>,
    pub(crate) faults: Option<Injector>,
    /// What came and went since the start.
    pub(crate) changes: Changes,
    /// Pages that can't change any more, by path and query.
    pub(crate) rendered: Cache<Bytes>,
    /// Which sessions a filter selects.
    pub(crate) filtered: Cache<Arc<Vec<u32>>>,
}

/// A request that was let in, as the operations see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    pub(crate) path: &'a str,
    pub(crate) query: &'a Query,
    pub(crate) now_ms: i64,
}

impl Service {
    /// The way of a request: counted against the limit, let in, answered, logged.
    ///
    /// Everything is a [`Reply`] until the last line, and everything that goes out passes here. A rule of the fault
    /// script can lead a request another way.
    pub(crate) async fn answer(
        self: &Arc<Self>,
        request: Request<Incoming>,
    ) -> Result<Response<Outgoing>, Broken> {
        let (parts, body) = request.into_parts();
        if let Some(faults) = &self.faults
            && let Some(taken) = faults.take(&self.world, &parts)
        {
            return self.spoiled(taken, parts, body).await;
        }
        let mut reply = self.limited(&parts, body).await;
        if self.behaviour.compression && reply.status.is_success() && asks_for_gzip(&parts) {
            reply.compress();
        }
        self.log.add(Logged::new(parts, reply.status));
        Ok(reply.into_response())
    }

    pub(crate) async fn limited(self: &Arc<Self>, parts: &Parts, body: Incoming) -> Reply {
        if parts.uri.path().starts_with("/auth/") {
            return self.routed(parts, body).await.unwrap_or_else(Reply::from);
        }
        let allowance = self.limiter.spend(self.clock.since_start_ms());
        let mut reply = match allowance {
            Some(allowance) if !allowance.granted => Problem::too_many_requests().into(),
            _ => self.routed(parts, body).await.unwrap_or_else(Reply::from),
        };
        if let Some(allowance) = allowance {
            allowance.tell(&mut reply);
        }
        reply
    }

    async fn routed(self: &Arc<Self>, parts: &Parts, body: Incoming) -> Result<Reply, Problem> {
        let path = parts.uri.path();
        let route = Route::of(path).ok_or_else(Problem::unrecognized_url)?;
        if parts.method != route.method() {
            let mut reply = Reply::from(Problem::method_not_allowed());
            let allowed = HeaderValue::from_str(route.method().as_str());
            reply
                .headers
                .extend(allowed.ok().map(|allowed| (ALLOW, allowed)));
            return Ok(reply);
        }
        let now_ms = self.clock.now_ms();
        if matches!(route, Route::Exchange | Route::Refresh) {
            let body = whole(body).await?;
            return api::auth::answer(self, route, &body, now_ms);
        }
        self.gate.admit(parts.headers.get(AUTHORIZATION), now_ms)?;
        self.read(path, parts.uri.query().unwrap_or_default()).await
    }

    /// The reply to a GET that was let in.
    pub(crate) async fn read(self: &Arc<Self>, path: &str, raw: &str) -> Result<Reply, Problem> {
        let route = Route::of(path).ok_or_else(Problem::unrecognized_url)?;
        let now_ms = self.clock.now_ms();
        let query = Query::parse(raw);
        if let Some(recording) = &self.recording {
            return recording.answer(path, &query);
        }
        let call = Call {
            path,
            query: &query,
            now_ms,
        };
        match route {
            Route::Metric { .. } | Route::Buckets { .. } | Route::TimeSeries { .. } => {
                self.aggregated(path.to_owned(), query, now_ms).await
            }
            Route::VideoSessions(_) | Route::LiveStreamSessions(_) | Route::SessionEvents(_) => {
                self.kept(raw, call, |call| self.raw_statistics(route, call))
            }
            Route::Videos => api::videos::list(self, call).map(Bytes::from),
            Route::Video(id) => api::videos::get(self, id).map(Bytes::from),
            Route::LiveStreams => api::live_streams::list(self, call).map(Bytes::from),
            Route::LiveStream(id) => api::live_streams::get(self, id).map(Bytes::from),
            Route::Exchange | Route::Refresh => Err(Problem::server_error()),
        }
        .map(Reply::json)
    }

    /// The session of an id, if it is there now.
    pub(crate) fn find_session(&self, id: &str) -> Option<Place> {
        let place = self.world.find_session(id)?;
        self.changes.has(place).then_some(place)
    }

    fn raw_statistics(&self, route: Route<'_>, call: Call<'_>) -> Result<Vec<u8>, Problem> {
        match route {
            Route::VideoSessions(id) => api::sessions::of_video(self, id, call),
            Route::LiveStreamSessions(id) => api::sessions::of_live_stream(self, id, call),
            Route::SessionEvents(id) => api::events::list(self, id, call),
            _ => Err(Problem::unrecognized_url()),
        }
    }

    /// Renders a page once only, when the world is over and nothing in it changes any more.
    fn kept(
        &self,
        raw_query: &str,
        call: Call<'_>,
        render: impl FnOnce(Call<'_>) -> Result<Vec<u8>, Problem>,
    ) -> Result<Bytes, Problem> {
        if call.now_ms < self.world.end_ms() {
            return render(call).map(Bytes::from);
        }
        // A change of the sessions makes new keys.
        let key = format!("{}?{raw_query} {}", call.path, self.changes.count());
        if let Some(page) = self.rendered.get(&key) {
            return Ok(page);
        }
        let page = Bytes::from(render(call)?);
        let weight = key.len() + page.len();
        self.rendered.put(key, page.clone(), weight);
        Ok(page)
    }

    /// Aggregates walk through many sessions, so they leave the connections' threads alone.
    async fn aggregated(
        self: &Arc<Self>,
        path: String,
        query: Query,
        now_ms: i64,
    ) -> Result<Bytes, Problem> {
        let service = Arc::clone(self);
        let work = move || {
            let call = Call {
                path: &path,
                query: &query,
                now_ms,
            };
            api::data::answer(&service, call).map(Bytes::from)
        };
        tokio::task::spawn_blocking(work)
            .await
            .unwrap_or_else(|_| Err(Problem::server_error()))
    }
}

/// Whether a request says that it reads gzip.
fn asks_for_gzip(parts: &Parts) -> bool {
    parts
        .headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            name.trim().eq_ignore_ascii_case("gzip") && weight.trim() != "q=0"
        })
}

/// A request's body.
pub(crate) async fn whole(body: Incoming) -> Result<Bytes, Problem> {
    match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        // Too long or cut short.
        Err(_) => Err(Problem::payload()),
    }
}
