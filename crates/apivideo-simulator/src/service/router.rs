//! Rate limit, authentication, and the handler of each route.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::header::{ALLOW, AUTHORIZATION, HeaderValue};
use hyper::http::request::Parts;

use crate::handlers;
use crate::http::endpoint::{Handler, Render};
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::http::response::Response;
use crate::state::{ApiRequest, State};

/// The maximum length of a request body, in bytes.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// Responds to a request and counts it against the rate limit, which does not apply to `/auth/…` and to files.
pub(super) async fn respond(state: &Arc<State>, parts: &Parts, body: Incoming) -> Response {
    let path = parts.uri.path();
    let is_file = || handlers::find(path).is_some_and(|(endpoint, _)| endpoint.is_file());
    if path.starts_with("/auth/") || is_file() {
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
    let (endpoint, _) = handlers::find(path).ok_or_else(Problem::unrecognized_url)?;
    if parts.method != endpoint.method {
        let mut response = Response::from(Problem::method_not_allowed());
        let allowed = HeaderValue::from_str(endpoint.method.as_str());
        response
            .headers
            .extend(allowed.ok().map(|allowed| (ALLOW, allowed)));
        return Ok(response);
    }
    let now_ms = state.clock.now_ms();
    if let Handler::Tokens(issue) = endpoint.handler {
        let body = read_body(body).await?;
        return issue(state, &body, now_ms);
    }
    if !endpoint.is_file() {
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
    let (endpoint, parameters) = handlers::find(path).ok_or_else(Problem::unrecognized_url)?;
    let now_ms = state.clock.now_ms();
    let query = Query::parse(raw_query);
    if let Some(recording) = &state.recording {
        return recording.respond(path, &query);
    }
    let request = ApiRequest {
        path,
        parameters,
        query: &query,
        now_ms,
    };
    match endpoint.handler {
        Handler::Json(render) => render(state, request).map(Bytes::from),
        Handler::Cached(render) => cached(state, raw_query, request, render),
        Handler::Blocking(render) => blocking(state, path, query, now_ms, render).await,
        Handler::File(respond) => return respond(state, request),
        Handler::Tokens(_) => Err(Problem::server_error()),
    }
    .map(Response::json)
}

/// Renders a page, or returns it from the cache. Pages are cached once the clock has passed the end of the world,
/// because they can no longer change with time.
fn cached(
    state: &State,
    raw_query: &str,
    request: ApiRequest<'_>,
    render: Render,
) -> Result<Bytes, Problem> {
    if request.now_ms < state.world.end_ms() {
        return render(state, request).map(Bytes::from);
    }
    // The number of changes is part of the key, so that a change of the sessions invalidates all pages.
    let key = format!("{}?{raw_query} {}", request.path, state.changes.count());
    if let Some(page) = state.rendered.get(&key) {
        return Ok(page);
    }
    let page = Bytes::from(render(state, request)?);
    let weight = key.len() + page.len();
    state.rendered.put(key, page.clone(), weight);
    Ok(page)
}

/// Renders JSON on a blocking thread.
async fn blocking(
    state: &Arc<State>,
    path: &str,
    query: Query,
    now_ms: i64,
    render: Render,
) -> Result<Bytes, Problem> {
    let (state, path) = (Arc::clone(state), path.to_owned());
    let render = move || {
        let (_, parameters) = handlers::find(&path).ok_or_else(Problem::unrecognized_url)?;
        let request = ApiRequest {
            path: &path,
            parameters,
            query: &query,
            now_ms,
        };
        render(&state, request).map(Bytes::from)
    };
    tokio::task::spawn_blocking(render)
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
