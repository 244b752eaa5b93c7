use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use hyper::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderValue, PROXY_AUTHORIZATION};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode, Uri};

/// How many requests are remembered: the newest.
const CAPACITY: usize = 65_536;

/// A request that the simulator answered, without its secrets.
///
/// ```
/// # async fn example() -> Result<(), apivideo_simulator::Error> {
/// let simulator = apivideo_simulator::Simulator::builder().start().await?;
/// // … after some calls:
/// let lists = simulator.requests().iter().filter(|request| request.path() == "/videos").count();
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Request {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    authorization: Authorization,
    status: StatusCode,
    fault: Option<Arc<str>>,
}

/// The kind of authorization that a request carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authorization {
    /// None at all.
    None,
    /// An access token.
    Bearer,
    /// A key and a colon.
    Basic,
    /// Something else.
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
                Some(value) if starts(value, b"bearer ") => Authorization::Bearer,
                Some(value) if starts(value, b"basic ") => Authorization::Basic,
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

    /// The method, such as `GET`.
    pub fn method(&self) -> &str {
        self.method.as_str()
    }

    /// The path, as it was sent.
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// The query as it was sent, without its question mark.
    pub fn query(&self) -> Option<&str> {
        self.uri.query()
    }

    /// The status of the reply: the one that it would have had, if the connection was reset before.
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// A header's value. `Authorization` and cookies are not kept.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The name of the rule of the fault script that took it.
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// What kind of authorization it carried.
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

/// Whether a header begins with a word, in any case.
pub(crate) fn starts(value: &[u8], word: &[u8]) -> bool {
    value
        .get(..word.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// The newest requests, and how many there were.
#[derive(Debug, Default)]
pub(crate) struct Log {
    kept: Mutex<(VecDeque<Request>, u64)>,
}

impl Log {
    pub(crate) fn add(&self, request: Request) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.0.len() == CAPACITY {
            kept.0.pop_front();
        }
        kept.0.push_back(request);
        kept.1 += 1;
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.0.iter().cloned().collect()
    }

    pub(crate) fn count(&self) -> u64 {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).1
    }
}
