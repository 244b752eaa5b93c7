use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::kinds::{At, Change, Expire, List, Reset, Slow};

/// A rule of a [`FaultScript`](crate::FaultScript): which requests it spoils, and how.
///
/// *When*: the request must fit [`path`](Rule::path), [`method`](Rule::method), [`page`](Rule::page) and
/// [`query`](Rule::query). The rule counts those that do, from 1; [`nth`](Rule::nth), [`from`](Rule::from),
/// [`every`](Rule::every), [`times`](Rule::times) and [`probability`](Rule::probability) choose among them. All that
/// is said must hold; a rule that says nothing of it takes every request.
///
/// *What*: one fault, or several that go together, such as a latency and a status.
///
/// ```
/// use std::time::Duration;
/// use apivideo_simulator::{At, Rule};
///
/// let busy = Rule::new().path("/analytics/videos/*").nth(3).status(503).header("Retry-After", "1");
/// let late = Rule::new().every(10).latency(Duration::from_millis(20));
/// let live = Rule::new().page(2).times(1).insert(3, At::Front);
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[must_use]
pub struct Rule {
    pub(super) name: Option<String>,
    pub(super) path: Option<String>,
    pub(super) method: Option<String>,
    pub(super) page: Option<u64>,
    pub(super) query: BTreeMap<String, String>,
    pub(super) nth: Option<u64>,
    pub(super) from: Option<u64>,
    pub(super) every: Option<u64>,
    pub(super) times: Option<u64>,
    pub(super) probability: Option<f64>,
    pub(super) latency_ms: Option<u64>,
    pub(super) status: Option<u16>,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) retry_after_date: Option<u64>,
    pub(super) content_type: Option<String>,
    pub(super) body: Option<String>,
    pub(super) slow: Option<Slow>,
    pub(super) cut_at: Option<u64>,
    pub(super) reset: Option<Reset>,
    pub(super) replace: BTreeMap<String, Value>,
    pub(super) remove: Vec<String>,
    pub(super) items_of: Option<u64>,
    pub(super) overlap: Option<u64>,
    pub(super) endless: bool,
    pub(super) expire_tokens: Option<Expire>,
    pub(super) insert: Option<Change>,
    pub(super) delete: Option<Change>,
    pub(super) of: Option<List>,
}

/// When.
impl Rule {
    /// A rule that takes every request and does nothing to it yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What it is called in [`Request::fault`](crate::Request::fault). Default: what it does, such as `status 503`.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Requests of this path, without a query; a segment `*` stands for any one.
    pub fn path(mut self, pattern: impl Into<String>) -> Self {
        self.path = Some(pattern.into());
        self
    }

    /// Requests of this method, such as `POST`.
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Requests for this page; one that does not say which asks for page 1.
    pub fn page(mut self, page: u64) -> Self {
        self.page = Some(page);
        self
    }

    /// Requests with this parameter in their query, decoded. Several calls ask for all of them.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.insert(name.into(), value.into());
        self
    }

    /// The n-th of the requests that fit, and no other.
    pub fn nth(mut self, n: u64) -> Self {
        self.nth = Some(n);
        self
    }

    /// The n-th of the requests that fit, and those after it.
    pub fn from(mut self, n: u64) -> Self {
        self.from = Some(n);
        self
    }

    /// Every n-th of the requests that fit; with [`from`](Rule::from) that one and every n-th after it.
    pub fn every(mut self, n: u64) -> Self {
        self.every = Some(n);
        self
    }

    /// So many times at most.
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// With this probability, 0 to 1: the same requests each time for one seed of the script.
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = Some(probability);
        self
    }
}

/// What: replies that are late, are broken off, or come from something in front of the service.
impl Rule {
    /// The reply's head comes so much later, in real time: a minute at most.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency_ms = Some(milliseconds(latency));
        self
    }

    /// A reply of this status, 200 to 599, from something in front of the service.
    ///
    /// The service does not see the request: no token is used up, and the rate limit does not count it. Without a
    /// [`body`](Rule::body) it has a problem.
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// A header of the reply, instead of the one of that name.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }

    /// A header `Retry-After` with the date so many seconds from now, by real time.
    pub fn retry_after_date(mut self, seconds: u64) -> Self {
        self.retry_after_date = Some(seconds);
        self
    }

    /// Another content type.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Another body. Without a [`content_type`](Rule::content_type) the reply keeps its own.
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// A page of HTML, as gateways send them.
    pub fn html(self) -> Self {
        self.content_type("text/html; charset=utf-8").body(
            "<!DOCTYPE html>\n<html><head><title>Please wait</title></head><body>Please wait…</body></html>\n",
        )
    }

    /// The body comes in pieces of so many bytes, with a pause after each but the last: a minute at most.
    pub fn slow(mut self, bytes: u64, every: Duration) -> Self {
        self.slow = Some(Slow {
            bytes,
            every_ms: milliseconds(every),
        });
        self
    }

    /// The connection closes after so many bytes of the body, before its last one in any case.
    ///
    /// `content-length` tells the whole. The service has done its work: a token is used up.
    pub fn cut_at(mut self, bytes: u64) -> Self {
        self.cut_at = Some(bytes);
        self
    }

    /// The connection is reset. The service has done its work: a token is used up.
    pub fn reset(mut self, reset: Reset) -> Self {
        self.reset = Some(reset);
        self
    }
}

/// What: pages that are not right. Only replies of 2xx with JSON are touched.
impl Rule {
    /// The part at a JSON pointer is replaced, or set in an object that has no such member.
    ///
    /// ```
    /// use apivideo_simulator::Rule;
    /// use serde_json::json;
    ///
    /// let empty_object = Rule::new().replace("/data/0/location", json!([]));
    /// let bad_record = Rule::new().page(2).replace("/data/3", json!({"session": 7}));
    /// let lie = Rule::new().replace("/pagination/itemsTotal", json!(1));
    /// ```
    pub fn replace(mut self, pointer: impl Into<String>, value: impl Into<Value>) -> Self {
        self.replace.insert(pointer.into(), value.into());
        self
    }

    /// The part at a JSON pointer is taken out, after all that is replaced.
    pub fn remove(mut self, pointer: impl Into<String>) -> Self {
        self.remove.push(pointer.into());
        self
    }

    /// The page has no items, and tells so.
    pub fn empty_page(self) -> Self {
        self.replace("/data", json!([]))
            .replace("/pagination/currentPageItems", 0)
    }

    /// The page tells of itself what is right, and has the items of that page.
    pub fn items_of(mut self, page: u64) -> Self {
        self.items_of = Some(page);
        self
    }

    /// The page begins with the last so many items of the page before it, and then has its own.
    pub fn overlap(mut self, items: u64) -> Self {
        self.overlap = Some(items);
        self
    }

    /// There is always one more page: `pagesTotal` is one more than `currentPage`, and there is a link `next`.
    pub fn endless(mut self) -> Self {
        self.endless = true;
        self
    }
}

/// What: changes in the service, just before it answers the request.
impl Rule {
    /// All access tokens stop being valid, and the refresh tokens as well if told so.
    pub fn expire_tokens(mut self, which: Expire) -> Self {
        self.expire_tokens = Some(which);
        self
    }

    /// New sessions, 10,000 at most, come into the list that the request asks for.
    ///
    /// The place counts in the list of the request's asset and period, before any filter by metadata. Each has the
    /// load time of the session before it, or after it at the front. A request that is not for a list of sessions
    /// does not fit the rule, unless [`of`](Rule::of) names a list.
    pub fn insert(mut self, sessions: u32, at: At) -> Self {
        self.insert = Some(Change { sessions, at });
        self
    }

    /// Sessions, 10,000 at most, go from the list that the request asks for, and their events with them.
    ///
    /// Otherwise as [`insert`](Rule::insert).
    pub fn delete(mut self, sessions: u32, at: At) -> Self {
        self.delete = Some(Change { sessions, at });
        self
    }

    /// What is inserted and deleted is in the list of this asset and period, whatever the request asks for.
    pub fn of(mut self, asset: impl Into<String>, period: impl Into<String>) -> Self {
        self.of = Some(List {
            asset: asset.into(),
            period: period.into(),
        });
        self
    }
}

impl Rule {
    /// What it does, in a few words.
    pub(super) fn title(&self) -> String {
        if let Some(name) = &self.name {
            return name.clone();
        }
        let pointers = |what: &str, pointers: &mut dyn Iterator<Item = &String>| {
            let list = pointers.map(String::as_str).collect::<Vec<_>>().join(" ");
            (!list.is_empty()).then(|| format!("{what} {list}"))
        };
        let words = [
            self.expire_tokens.map(|_| "expire tokens".to_owned()),
            (self.delete).map(|change| format!("delete {}", change.sessions)),
            (self.insert).map(|change| format!("insert {}", change.sessions)),
            self.latency_ms.map(|ms| format!("latency {ms} ms")),
            self.status.map(|status| format!("status {status}")),
            (self.content_type.clone()).or_else(|| self.body.as_ref().map(|_| "body".to_owned())),
            self.items_of.map(|page| format!("items of page {page}")),
            self.overlap.map(|items| format!("overlap {items}")),
            self.endless.then(|| "endless".to_owned()),
            pointers("replace", &mut self.replace.keys()),
            pointers("remove", &mut self.remove.iter()),
            self.slow.map(|_| "slow".to_owned()),
            self.cut_at.map(|bytes| format!("cut at {bytes}")),
            self.reset.map(|reset| match reset {
                Reset::BeforeHead => "reset before head".to_owned(),
                Reset::AfterHead => "reset after head".to_owned(),
            }),
        ];
        let words: Vec<String> = words.into_iter().flatten().collect();
        if words.is_empty() {
            return "headers".to_owned();
        }
        words.join(", ")
    }

    pub(super) fn does_something(&self) -> bool {
        self.latency_ms.is_some()
            || self.status.is_some()
            || !self.headers.is_empty()
            || self.retry_after_date.is_some()
            || self.content_type.is_some()
            || self.body.is_some()
            || self.slow.is_some()
            || self.cut_at.is_some()
            || self.reset.is_some()
            || self.edits()
            || self.expire_tokens.is_some()
            || self.changes()
    }

    /// Whether it touches what a page says.
    pub(super) fn edits(&self) -> bool {
        !self.replace.is_empty()
            || !self.remove.is_empty()
            || self.items_of.is_some()
            || self.overlap.is_some()
            || self.endless
    }

    /// Whether sessions come or go.
    pub(super) fn changes(&self) -> bool {
        self.insert.is_some() || self.delete.is_some()
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
