use hyper::Method;

use crate::http::path::{self, PathParameters};
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::state::{ApiRequest, State};

/// An operation of the service: its method, its path, and the handler that responds to it.
///
/// Each file of handlers declares its own, so that a new operation is a change of one file.
pub(crate) struct Endpoint {
    pub(crate) method: Method,
    /// The path as in the document, such as `/videos/{videoId}`.
    pub(crate) path: &'static str,
    pub(crate) handler: Handler,
}

/// A handler, and how it is called.
#[derive(Clone, Copy)]
pub(crate) enum Handler {
    /// Renders JSON.
    Json(Render),
    /// Renders a page of JSON that can be cached once the clock has passed the end of the world.
    Cached(Render),
    /// Renders JSON on a blocking thread, because it iterates over many sessions.
    Blocking(Render),
    /// Issues tokens, from a request body. It is neither authenticated nor counted.
    Tokens(fn(&State, body: &[u8], now_ms: i64) -> Result<Response, Problem>),
    /// Responds with a file, which the service has on another host: it is neither authenticated nor counted.
    File(fn(&State, ApiRequest<'_>) -> Result<Response, Problem>),
}

/// Validates the parameters of a request, and renders the body of the response.
pub(crate) type Render = fn(&State, ApiRequest<'_>) -> Result<Vec<u8>, Problem>;

impl Endpoint {
    pub(crate) const fn get(path: &'static str, handler: Handler) -> Self {
        Self {
            method: Method::GET,
            path,
            handler,
        }
    }

    pub(crate) const fn post(path: &'static str, handler: Handler) -> Self {
        Self {
            method: Method::POST,
            path,
            handler,
        }
    }

    /// Returns the values of the parameters in a path; `None` if the path is another one.
    pub(crate) fn matches<'a>(&self, path: &'a str) -> Option<PathParameters<'a>> {
        path::parameters(self.path, path)
    }

    /// Whether the host of files serves it, which neither requires a token nor counts requests.
    pub(crate) fn is_file(&self) -> bool {
        matches!(self.handler, Handler::File(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handlers;

    fn found(path: &str) -> Option<(&str, PathParameters<'_>)> {
        handlers::find(path).map(|(endpoint, parameters)| (endpoint.path, parameters))
    }

    #[test]
    fn paths_are_matched_to_operations() {
        for (path, expected) in [
            ("/videos", ("/videos", ["", ""])),
            (
                "/analytics/videos/vi1",
                ("/analytics/videos/{videoId}", ["vi1", ""]),
            ),
            (
                "/analytics/sessions/ps1/events",
                ("/analytics/sessions/{sessionId}/events", ["ps1", ""]),
            ),
            (
                "/data/metrics/play/count",
                ("/data/metrics/{metric}/{aggregation}", ["play", "count"]),
            ),
            (
                "/vod/vi1/chapters/en.vtt",
                ("/vod/{videoId}/chapters/{file}", ["vi1", "en.vtt"]),
            ),
        ] {
            assert_eq!(found(path), Some(expected), "{path}");
        }
        for path in [
            "",
            "/",
            "videos",
            "/videos/",
            "/analytics/videos/",
            "/a/b/c/d/e/f",
            "/analytics/sessions/ps1",
            "/videos//chapters",
        ] {
            assert_eq!(found(path), None, "{path}");
        }
    }
}
