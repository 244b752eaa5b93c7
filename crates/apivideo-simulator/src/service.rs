//! The processing of a request: fault script, rate limit, authentication, handler, compression and log.

mod corrupt;
mod router;

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::ACCEPT_ENCODING;
use hyper::http::request::Parts;

use crate::http::body::{ConnectionBreak, ResponseBody};
use crate::http::request_log::Request as LoggedRequest;
use crate::state::State;

/// Responds to a request, as the fault script demands or as the service would.
pub(crate) async fn respond(
    state: &Arc<State>,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<ResponseBody>, ConnectionBreak> {
    let (parts, body) = request.into_parts();
    if let Some(faults) = &state.faults
        && let Some(selected) = faults.select(&state.world, &parts)
    {
        return corrupt::respond(state, selected, parts, body).await;
    }
    let mut response = router::respond(state, &parts, body).await;
    if state.behaviour.compression && response.status.is_success() && accepts_gzip(&parts) {
        response.compress();
    }
    state.log.add(LoggedRequest::new(parts, response.status));
    Ok(response.into_http())
}

/// Whether the `Accept-Encoding` of a request includes gzip.
fn accepts_gzip(parts: &Parts) -> bool {
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
