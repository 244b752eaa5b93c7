use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use hyper::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderValue, PROXY_AUTHORIZATION};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode, Uri};

/// The maximum number of requests in the log; the oldest are dropped.
const CAPACITY: usize = 65_536;

/// A request received by the simulator, without its secrets.
///
/// Returned by [`Simulator::requests`](crate::Simulator::requests).
///
/// ```
/// # async fn example() -> Result<(), apivideo_simulator::Error> {
/// let simulator = apivideo_simulator::Simulator::builder().start().await?;
/// // … after requests of a client:
/// let lists = simulator.requests().iter().filter(|request| request.path() == "/videos").count();
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    authorization: Authorization,
    status: StatusCode,
    fault: Option<Arc<str>>,
}

/// The authentication scheme of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Authorization {
    /// No `Authorization` header.
    None,
    /// `Bearer`, with an access token.
    Bearer,
    /// `Basic`, with the API key as user name.
    Basic,
    /// Any other scheme.
    Other,
}

impl Request {
    pub(crate) fn new(mut parts: Parts, status: StatusCode) -> Self {
        let authorization = parts.headers.remove(AUTHORIZATION);
        parts.headers.remove(PROXY_AUTHORIZATION);
        parts.headers.remove(COOKIE);
        Self {
            authorization: match authorization.as_ref().map(HeaderValue::as_bytes) {
                None => Authorization::None,
                Some(value) if starts_with_word(value, b"bearer ") => Authorization::Bearer,
                Some(value) if starts_with_word(value, b"basic ") => Authorization::Basic,
                Some(_) => Authorization::Other,
            },
            method: parts.method,
            uri: parts.uri,
            headers: parts.headers,
            status,
            fault: None,
        }
    }

    pub(crate) fn with_fault(mut self, fault: Arc<str>) -> Self {
        self.fault = Some(fault);
        self
    }

    /// Returns the method, such as `GET`.
    pub fn method(&self) -> &str {
        self.method.as_str()
    }

    /// Returns the path, as sent (percent-encoded).
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// Returns the query string, as sent (percent-encoded), without its question mark.
    pub fn query(&self) -> Option<&str> {
        self.uri.query()
    }

    /// Returns the status of the response. If the connection was reset before the response, this is the status that the
    /// response would have had.
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// Returns the value of a header, if it is present and visible ASCII. `Authorization`, `Proxy-Authorization` and
    /// `Cookie` are not recorded.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the name of the [`Rule`](crate::Rule) of the fault script that was applied to the request, if any.
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// Returns the authentication scheme.
    pub fn authorization(&self) -> Authorization {
        self.authorization
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("uri", &self.uri)
            .field("authorization", &self.authorization)
            .field("status", &self.status.as_u16())
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}

/// Whether a header value starts with a word, ignoring case.
pub(crate) fn starts_with_word(value: &[u8], word: &[u8]) -> bool {
    value
        .get(..word.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// The newest requests, and the total number of requests.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    entries: Mutex<(VecDeque<Request>, u64)>,
}

impl RequestLog {
    pub(crate) fn add(&self, request: Request) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.0.len() == CAPACITY {
            entries.0.pop_front();
        }
        entries.0.push_back(request);
        entries.1 += 1;
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.0.iter().cloned().collect()
    }

    pub(crate) fn count(&self) -> u64 {
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .1
    }
}
