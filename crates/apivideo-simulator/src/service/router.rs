//! Rate limit, authentication, and the handler of each route.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::header::{ALLOW, AUTHORIZATION, HeaderValue};
use hyper::http::request::Parts;

use crate::handlers;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::http::response::Response;
use crate::http::route::Route;
use crate::state::{ApiRequest, State};

/// The maximum length of a request body, in bytes.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// Responds to a request and counts it against the rate limit, which does not apply to `/auth/…` and to files.
pub(super) async fn respond(state: &Arc<State>, parts: &Parts, body: Incoming) -> Response {
    let path = parts.uri.path();
    if path.starts_with("/auth/") || Route::of(path).is_some_and(Route::is_file) {
        return route(state, parts, body)
            .await
            .unwrap_or_else(Response::from);
    }
    let status = state.limiter.count_request(state.clock.since_start_ms());
    let mut response = match status {
        Some(status) if !status.accepted => Problem::too_many_requests().into(),
        _ => route(state, parts, body)
            .await
            .unwrap_or_else(Response::from),
    };
    if let Some(status) = status {
        status.write_headers(&mut response);
    }
    response
}

async fn route(state: &Arc<State>, parts: &Parts, body: Incoming) -> Result<Response, Problem> {
    let path = parts.uri.path();
    let route = Route::of(path).ok_or_else(Problem::unrecognized_url)?;
    if parts.method != route.method() {
        let mut response = Response::from(Problem::method_not_allowed());
        let allowed = HeaderValue::from_str(route.method().as_str());
        response
            .headers
            .extend(allowed.ok().map(|allowed| (ALLOW, allowed)));
        return Ok(response);
    }
    let now_ms = state.clock.now_ms();
    if matches!(route, Route::Exchange | Route::Refresh) {
        let body = read_body(body).await?;
        return handlers::tokens::issue(state, route, &body, now_ms);
    }
    if !route.is_file() {
        let authorization = parts.headers.get(AUTHORIZATION);
        state.auth.authenticate(authorization, now_ms)?;
    }
    get(state, path, parts.uri.query().unwrap_or_default()).await
}

/// Responds to a GET request, which is authenticated where that is required.
pub(super) async fn get(
    state: &Arc<State>,
    path: &str,
    raw_query: &str,
) -> Result<Response, Problem> {
    let route = Route::of(path).ok_or_else(Problem::unrecognized_url)?;
    let now_ms = state.clock.now_ms();
    let query = Query::parse(raw_query);
    if let Some(recording) = &state.recording {
        return recording.respond(path, &query);
    }
    let request = ApiRequest {
        path,
        query: &query,
        now_ms,
    };
    match route {
        Route::Metric { .. } | Route::Buckets { .. } | Route::TimeSeries { .. } => {
            aggregates(state, path.to_owned(), query, now_ms).await
        }
        Route::VideoSessions(_) | Route::LiveStreamSessions(_) | Route::SessionEvents(_) => {
            cached(state, raw_query, request, |request| {
                raw_statistics(state, route, request)
            })
        }
        Route::Videos => handlers::videos::list(state, request).map(Bytes::from),
        Route::Video(id) => handlers::videos::get(state, id).map(Bytes::from),
        Route::VideoChapters(id) => handlers::chapters::list(state, id, request).map(Bytes::from),
        Route::ChaptersFile { video, file } => {
            return handlers::chapters::file(state, video, file);
        }
        Route::LiveStreams => handlers::live_streams::list(state, request).map(Bytes::from),
        Route::LiveStream(id) => handlers::live_streams::get(state, id, now_ms).map(Bytes::from),
        Route::Exchange | Route::Refresh => Err(Problem::server_error()),
    }
    .map(Response::json)
}

fn raw_statistics(
    state: &State,
    route: Route<'_>,
    request: ApiRequest<'_>,
) -> Result<Vec<u8>, Problem> {
    match route {
        Route::VideoSessions(id) => handlers::sessions::of_video(state, id, request),
        Route::LiveStreamSessions(id) => handlers::sessions::of_live_stream(state, id, request),
        Route::SessionEvents(id) => handlers::events::list(state, id, request),
        _ => Err(Problem::unrecognized_url()),
    }
}

/// Renders a page, or returns it from the cache. Pages are cached once the clock has passed the end of the world,
/// because they can no longer change with time.
fn cached(
    state: &State,
    raw_query: &str,
    request: ApiRequest<'_>,
    render: impl FnOnce(ApiRequest<'_>) -> Result<Vec<u8>, Problem>,
) -> Result<Bytes, Problem> {
    if request.now_ms < state.world.end_ms() {
        return render(request).map(Bytes::from);
    }
    // The number of changes is part of the key, so that a change of the sessions invalidates all pages.
    let key = format!("{}?{raw_query} {}", request.path, state.changes.count());
    if let Some(page) = state.rendered.get(&key) {
        return Ok(page);
    }
    let page = Bytes::from(render(request)?);
    let weight = key.len() + page.len();
    state.rendered.put(key, page.clone(), weight);
    Ok(page)
}

/// Computes an aggregate on a blocking thread, because it iterates over many sessions.
async fn aggregates(
    state: &Arc<State>,
    path: String,
    query: Query,
    now_ms: i64,
) -> Result<Bytes, Problem> {
    let state = Arc::clone(state);
    let compute = move || {
        let request = ApiRequest {
            path: &path,
            query: &query,
            now_ms,
        };
        handlers::aggregates::respond(&state, request).map(Bytes::from)
    };
    tokio::task::spawn_blocking(compute)
        .await
        .unwrap_or_else(|_| Err(Problem::server_error()))
}

/// Reads a request body to its end.
pub(super) async fn read_body(body: Incoming) -> Result<Bytes, Problem> {
    match Limited::new(body, MAX_BODY_BYTES).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        // Too long or truncated.
        Err(_) => Err(Problem::payload()),
    }
}
