//! The handlers of the operations: they validate the parameters of a request and render the response.

mod aggregates;
mod chapters;
mod events;
mod filters;
mod live_streams;
mod pagination;
mod sessions;
mod tokens;
mod videos;

use crate::http::endpoint::Endpoint;
use crate::http::path::PathParameters;

/// All operations. Each file declares its own.
static ENDPOINTS: [&[Endpoint]; 7] = [
    aggregates::ENDPOINTS,
    chapters::ENDPOINTS,
    events::ENDPOINTS,
    live_streams::ENDPOINTS,
    sessions::ENDPOINTS,
    tokens::ENDPOINTS,
    videos::ENDPOINTS,
];

/// Returns the operation of a path, and the values of its parameters.
pub(crate) fn find(path: &str) -> Option<(&'static Endpoint, PathParameters<'_>)> {
    let mut all = ENDPOINTS.iter().copied().flatten();
    all.find_map(|endpoint| Some((endpoint, endpoint.matches(path)?)))
}

#[cfg(test)]
mod tests;
