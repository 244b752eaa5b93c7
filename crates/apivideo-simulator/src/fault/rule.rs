use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::types::{ListSelector, Reset, SessionChange, SlowBody};
use crate::http::auth::TokenScope;
use crate::world::list_position::ListPosition;

/// A rule of a [`FaultScript`](crate::FaultScript): the requests it selects, and the faults it applies to them.
///
/// # Selection
///
/// A request matches if it has the rule's [`path`](Rule::path), [`method`](Rule::method), [`page`](Rule::page) and
/// [`query`](Rule::query). Matching requests are counted from 1; [`nth`](Rule::nth), [`from`](Rule::from),
/// [`every`](Rule::every), [`times`](Rule::times) and [`probability`](Rule::probability) select among them. All
/// conditions must hold. A rule without conditions selects every request.
///
/// # Faults
///
/// All other methods add a fault. Several can be combined, such as a latency and a status.
///
/// ```
/// use std::time::Duration;
/// use apivideo_simulator::{ListPosition, Rule};
///
/// let unavailable = Rule::new().path("/analytics/videos/*").nth(3).status(503).header("Retry-After", "1");
/// let delayed = Rule::new().every(10).latency(Duration::from_millis(20));
/// let growing = Rule::new().page(2).times(1).insert(3, ListPosition::Front);
/// ```
///
/// Rules are checked when the script is read or the simulator is started, not by the methods.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[must_use]
pub struct Rule {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) page: Option<u64>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) query: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nth: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) every: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) times: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) probability: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) latency_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) retry_after_date: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) slow: Option<SlowBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cut_at: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reset: Option<Reset>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) replace: BTreeMap<String, Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) remove: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) items_of: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) overlap: Option<u64>,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) endless: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expire_tokens: Option<TokenScope>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) insert: Option<SessionChange>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) delete: Option<SessionChange>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) list: Option<ListSelector>,
}

/// Selection.
impl Rule {
    /// Creates a rule that selects every request and has no fault yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the name reported by [`Request::fault`](crate::Request::fault). Defaults to a description such as `status
    /// 503`.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Matches requests with this path, without a query. A segment `*` matches any one segment.
    pub fn path(mut self, pattern: impl Into<String>) -> Self {
        self.path = Some(pattern.into());
        self
    }

    /// Matches requests with this method, such as `POST`.
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Matches requests for this page. Requests without `currentPage` are for page 1.
    pub fn page(mut self, page: u64) -> Self {
        self.page = Some(page);
        self
    }

    /// Matches requests with this query parameter (decoded). Can be called repeatedly; all parameters must match.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.insert(name.into(), value.into());
        self
    }

    /// Selects only the `n`-th matching request. Cannot be combined with [`from`](Rule::from) or
    /// [`every`](Rule::every).
    pub fn nth(mut self, n: u64) -> Self {
        self.nth = Some(n);
        self
    }

    /// Selects the `n`-th matching request and those after it.
    pub fn from(mut self, n: u64) -> Self {
        self.from = Some(n);
        self
    }

    /// Selects every `n`-th matching request; with [`from`](Rule::from), that request and every `n`-th after it.
    pub fn every(mut self, n: u64) -> Self {
        self.every = Some(n);
        self
    }

    /// Limits the number of requests selected.
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Selects matching requests with this probability, 0 to 1. The selection is deterministic for a seed of the
    /// script.
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = Some(probability);
        self
    }
}

/// Faults: delayed, truncated and replaced responses.
impl Rule {
    /// Delays the response head, in real time: at most one minute.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency_ms = Some(milliseconds(latency));
        self
    }

    /// Responds with this status, 200 to 599, as a proxy in front of the service would.
    ///
    /// The request does not reach the service: it does not count as a use of the token or against the rate limit. The
    /// body is a problem, unless [`body`](Rule::body) is set.
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Sets a header of the response, replacing headers of the same name.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }

    /// Sets the header `Retry-After` to a date this many seconds from now, in real time.
    pub fn retry_after_date(mut self, seconds: u64) -> Self {
        self.retry_after_date = Some(seconds);
        self
    }

    /// Sets the content type.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Sets the body. The content type of the response is kept, unless [`content_type`](Rule::content_type) is set.
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sets an HTML page as body, as gateways send it.
    pub fn html(self) -> Self {
        self.content_type("text/html; charset=utf-8").body(
            "<!DOCTYPE html>\n<html><head><title>Please wait</title></head><body>Please wait…</body></html>\n",
        )
    }

    /// Sends the body in chunks of `bytes` bytes, with a pause of at most one minute between chunks.
    pub fn slow(mut self, bytes: u64, every: Duration) -> Self {
        self.slow = Some(SlowBody {
            bytes,
            every_ms: milliseconds(every),
        });
        self
    }

    /// Closes the connection after `bytes` bytes of the body, and before its last byte in any case.
    ///
    /// `content-length` is the length of the complete body. The request was processed: it counts as a use of the token.
    pub fn cut_at(mut self, bytes: u64) -> Self {
        self.cut_at = Some(bytes);
        self
    }

    /// Resets the connection. The request was processed: it counts as a use of the token.
    ///
    /// Cannot be combined with [`cut_at`](Rule::cut_at).
    pub fn reset(mut self, reset: Reset) -> Self {
        self.reset = Some(reset);
        self
    }
}

/// Faults: edited pages. They apply to JSON responses with a status of 2xx, and cannot be combined with
/// [`status`](Rule::status) or [`body`](Rule::body).
impl Rule {
    /// Replaces the value at a JSON pointer, or adds it if its parent is an object without this member.
    ///
    /// ```
    /// use apivideo_simulator::Rule;
    /// use serde_json::json;
    ///
    /// let empty_array = Rule::new().replace("/data/0/location", json!([]));
    /// let invalid_record = Rule::new().page(2).replace("/data/3", json!({"session": 7}));
    /// let wrong_total = Rule::new().replace("/pagination/itemsTotal", json!(1));
    /// ```
    pub fn replace(mut self, pointer: impl Into<String>, value: impl Into<Value>) -> Self {
        self.replace.insert(pointer.into(), value.into());
        self
    }

    /// Removes the value at a JSON pointer, after all replacements.
    pub fn remove(mut self, pointer: impl Into<String>) -> Self {
        self.remove.push(pointer.into());
        self
    }

    /// Removes all items from the page, and sets `currentPageItems` to 0.
    pub fn empty_page(self) -> Self {
        self.replace("/data", json!([]))
            .replace("/pagination/currentPageItems", 0)
    }

    /// Replaces the items with those of another page. The pagination remains that of the requested page.
    pub fn items_of(mut self, page: u64) -> Self {
        self.items_of = Some(page);
        self
    }

    /// Repeats the last `items` items of the previous page before the items of the page.
    pub fn overlap(mut self, items: u64) -> Self {
        self.overlap = Some(items);
        self
    }

    /// Announces one more page on every page: `pagesTotal` is `currentPage` + 1, and there is a link `next`.
    pub fn endless(mut self) -> Self {
        self.endless = true;
        self
    }
}

/// Faults: changes in the service, just before the request is processed.
impl Rule {
    /// Invalidates the tokens issued so far.
    pub fn expire_tokens(mut self, scope: TokenScope) -> Self {
        self.expire_tokens = Some(scope);
        self
    }

    /// Inserts 1 to 10,000 new sessions into the requested list.
    ///
    /// The position refers to the list of the requested asset and period, before any metadata filter. Inserted sessions
    /// have the load time of the session before them, or at the front that of the session after them. Only requests for
    /// a list of sessions match the rule, unless [`list`](Rule::list) is set.
    pub fn insert(mut self, sessions: u32, at: ListPosition) -> Self {
        self.insert = Some(SessionChange { sessions, at });
        self
    }

    /// Deletes 1 to 10,000 sessions, and their events, from the requested list.
    ///
    /// The position and the list are those of [`insert`](Rule::insert).
    pub fn delete(mut self, sessions: u32, at: ListPosition) -> Self {
        self.delete = Some(SessionChange { sessions, at });
        self
    }

    /// Sets the list in which sessions are inserted or deleted, regardless of the requested one.
    pub fn list(mut self, asset: impl Into<String>, period: impl Into<String>) -> Self {
        self.list = Some(ListSelector {
            asset: asset.into(),
            period: period.into(),
        });
        self
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde requires"
)]
fn is_false(flag: &bool) -> bool {
    !flag
}
