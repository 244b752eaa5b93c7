//! The way of a request that a rule has taken.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use hyper::http::request::Parts;
use hyper::{Response, StatusCode};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde_json::Value;

use super::edit::{self, Others};
use super::injector::Taken;
use super::kinds::{Change, Reset};
use super::rule::Rule;
use crate::http::log::Request as Logged;
use crate::http::outgoing::{Broken, Outgoing, Pieces, pause};
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::http::reply::Reply;
use crate::http::service::{Service, whole};

impl Service {
    /// Answers a request the way a rule wants it.
    pub(crate) async fn spoiled(
        self: &Arc<Self>,
        taken: Taken<'_>,
        parts: Parts,
        body: Incoming,
    ) -> Result<Response<Outgoing>, Broken> {
        let rule = taken.rule;
        self.change(rule, &parts);
        let mut reply = match rule.status {
            Some(status) => {
                // Read to its end, so that the connection can go on.
                let _ = whole(body).await;
                in_front(status)
            }
            None => self.limited(&parts, body).await,
        };
        if rule.edits() {
            self.edit(rule, &parts, &mut reply).await;
        }
        dress(rule, &mut reply);
        let log = Logged::new(parts, reply.status);
        self.log.add(log.with_fault(Arc::clone(taken.title)));
        if let Some(ms) = rule.latency_ms {
            pause(Duration::from_millis(ms)).await;
        }
        if rule.reset == Some(Reset::BeforeHead) {
            return Err(Broken { reset: true });
        }
        Ok(reply.map_body(|body| outgoing(rule, body)))
    }

    /// What happens in the service before it answers.
    fn change(&self, rule: &Rule, parts: &Parts) {
        if let Some(which) = rule.expire_tokens {
            self.gate.expire(which);
        }
        let query = Query::parse(parts.uri.query().unwrap_or_default());
        let (world, now_ms) = (&self.world, self.clock.now_ms());
        let Some(span) = rule.span(world, parts, &query) else {
            return;
        };
        if let Some(Change { sessions, at }) = rule.delete {
            self.changes.delete(world, &span, sessions, at, now_ms);
        }
        if let Some(Change { sessions, at }) = rule.insert {
            self.changes.insert(world, &span, sessions, at, now_ms);
        }
    }

    async fn edit(self: &Arc<Self>, rule: &Rule, parts: &Parts, reply: &mut Reply) {
        if !reply.status.is_success() {
            return;
        }
        let Ok(mut page) = serde_json::from_slice::<Value>(&reply.body) else {
            return;
        };
        let number = page
            .pointer("/pagination/currentPage")
            .and_then(Value::as_u64);
        let before = number.filter(|page| *page > 1 && rule.overlap.is_some());
        let others = Others {
            instead: match rule.items_of {
                Some(page) => self.items(parts, page).await,
                None => None,
            },
            before: match before {
                Some(page) => self.items(parts, page - 1).await,
                None => None,
            },
        };
        edit::edit(rule, &mut page, others);
        reply.body = page.to_string().into();
    }

    /// The items of another page of the list that a request asks for.
    async fn items(self: &Arc<Self>, parts: &Parts, page: u64) -> Option<Vec<Value>> {
        let asked = parts.uri.query().unwrap_or_default().split('&');
        let mut raw: Vec<&str> = asked
            .filter(|pair| !pair.is_empty() && !pair.starts_with("currentPage="))
            .collect();
        let wanted = format!("currentPage={page}");
        raw.push(&wanted);
        let reply = self.read(parts.uri.path(), &raw.join("&")).await.ok()?;
        let mut page = serde_json::from_slice(&reply.body).ok()?;
        Some(edit::items_of(&mut page))
    }
}

/// A reply of which the service knows nothing.
fn in_front(status: u16) -> Reply {
    Problem::in_front(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY)).into()
}

/// The rule's own headers, content type and body.
fn dress(rule: &Rule, reply: &mut Reply) {
    if let Some(body) = &rule.body {
        reply.body = Bytes::copy_from_slice(body.as_bytes());
        if rule.status.is_some() {
            reply.headers.retain(|(name, _)| name != CONTENT_TYPE);
            if !body.is_empty() && rule.content_type.is_none() {
                set(reply, CONTENT_TYPE, "text/plain; charset=utf-8");
            }
        }
    }
    if let Some(content_type) = &rule.content_type {
        set(reply, CONTENT_TYPE, content_type);
    }
    for (name, value) in &rule.headers {
        if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
            set(reply, name, value);
        }
    }
    if let Some(seconds) = rule.retry_after_date
        && let Some(date) = date_in(seconds)
    {
        set(reply, RETRY_AFTER, &date);
    }
}

fn set(reply: &mut Reply, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers.retain(|(found, _)| *found != name);
        reply.headers.push((name, value));
    }
}

/// The date in so many seconds, as headers write it.
#[expect(
    clippy::disallowed_methods,
    reason = "a date in a header is compared with the clocks of others, so it is the real one"
)]
fn date_in(seconds: u64) -> Option<String> {
    let wait = jiff::SignedDuration::from_secs(i64::try_from(seconds).ok()?);
    let date = Timestamp::now().checked_add(wait).ok()?;
    DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&date)
        .ok()
}

fn outgoing(rule: &Rule, body: Bytes) -> Outgoing {
    let end = match (rule.reset, rule.cut_at) {
        (Some(_), _) => Some((0, Broken { reset: true })),
        (None, Some(bytes)) => Some((bytes, Broken { reset: false })),
        (None, None) => None,
    };
    if rule.slow.is_none() && end.is_none() {
        return Outgoing::from(body);
    }
    let mut pieces = Pieces::new(body);
    if let Some(slow) = rule.slow {
        pieces.slow(slow.bytes, Duration::from_millis(slow.every_ms));
    }
    if let Some((bytes, broken)) = end {
        pieces.cut(bytes, broken);
    }
    Outgoing::from(pieces)
}
