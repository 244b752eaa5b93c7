//! Applies a rule of the fault script to a request and its response.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::StatusCode;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use hyper::http::request::Parts;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde_json::Value;

use super::router;
use crate::fault::edit::{self, OtherPages};
use crate::fault::injector::SelectedRule;
use crate::fault::rule::Rule;
use crate::fault::types::{Reset, SessionChange};
use crate::http::body::{ChunkedBody, ConnectionBreak, ResponseBody, sleep};
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::http::request_log::Request as LoggedRequest;
use crate::http::response::Response;
use crate::state::State;

/// Responds to a request as a rule demands.
pub(super) async fn respond(
    state: &Arc<State>,
    selected: SelectedRule<'_>,
    parts: Parts,
    body: Incoming,
) -> Result<hyper::Response<ResponseBody>, ConnectionBreak> {
    let rule = selected.rule;
    change_state(state, rule, &parts);
    let mut response = match rule.status {
        Some(status) => {
            // The body is read to its end, so that the connection can be reused.
            let _ = router::read_body(body).await;
            proxy_response(status)
        }
        None => router::respond(state, &parts, body).await,
    };
    if rule.edits_page() {
        edit_page(state, rule, &parts, &mut response).await;
    }
    apply_overrides(rule, &mut response);
    let entry = LoggedRequest::new(parts, response.status);
    state.log.add(entry.with_fault(Arc::clone(selected.title)));
    if let Some(ms) = rule.latency_ms {
        sleep(Duration::from_millis(ms)).await;
    }
    if rule.reset == Some(Reset::BeforeHead) {
        return Err(ConnectionBreak { reset: true });
    }
    Ok(response.into_http_with(|body| response_body(rule, body)))
}

/// Expires tokens, deletes and inserts sessions.
fn change_state(state: &State, rule: &Rule, parts: &Parts) {
    if let Some(scope) = rule.expire_tokens {
        state.auth.expire(scope);
    }
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    let (world, now_ms) = (&state.world, state.clock.now_ms());
    let Some(range) = rule.list_range(world, parts, &query) else {
        return;
    };
    let changes = &state.changes;
    if let Some(SessionChange { sessions, at }) = rule.delete {
        changes.delete(world, &range, sessions, at, now_ms);
    }
    if let Some(SessionChange { sessions, at }) = rule.insert {
        changes.insert(world, &range, sessions, at, now_ms);
    }
}

async fn edit_page(state: &Arc<State>, rule: &Rule, parts: &Parts, response: &mut Response) {
    if !response.status.is_success() {
        return;
    }
    let Ok(mut page) = serde_json::from_slice::<Value>(&response.body) else {
        return;
    };
    let number = page
        .pointer("/pagination/currentPage")
        .and_then(Value::as_u64);
    let previous = number.filter(|page| *page > 1 && rule.overlap.is_some());
    let others = OtherPages {
        replacement: match rule.items_of {
            Some(page) => items_of_page(state, parts, page).await,
            None => None,
        },
        previous: match previous {
            Some(page) => items_of_page(state, parts, page - 1).await,
            None => None,
        },
    };
    edit::edit(rule, &mut page, others);
    response.body = page.to_string().into();
}

/// Returns the items of another page of the requested list.
async fn items_of_page(state: &Arc<State>, parts: &Parts, page: u64) -> Option<Vec<Value>> {
    let requested = parts.uri.query().unwrap_or_default().split('&');
    let mut raw: Vec<&str> = requested
        .filter(|pair| !pair.is_empty() && !pair.starts_with("currentPage="))
        .collect();
    let current_page = format!("currentPage={page}");
    raw.push(&current_page);
    let response = router::get(state, parts.uri.path(), &raw.join("&"))
        .await
        .ok()?;
    let mut page = serde_json::from_slice(&response.body).ok()?;
    Some(edit::items_of(&mut page))
}

/// A response as a proxy in front of the service would send it.
fn proxy_response(status: u16) -> Response {
    Problem::of_proxy(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY)).into()
}

/// Sets the headers, content type and body of the rule.
fn apply_overrides(rule: &Rule, response: &mut Response) {
    if let Some(body) = &rule.body {
        response.body = Bytes::copy_from_slice(body.as_bytes());
        if rule.status.is_some() {
            response.headers.retain(|(name, _)| name != CONTENT_TYPE);
            if !body.is_empty() && rule.content_type.is_none() {
                set_header(response, CONTENT_TYPE, "text/plain; charset=utf-8");
            }
        }
    }
    if let Some(content_type) = &rule.content_type {
        set_header(response, CONTENT_TYPE, content_type);
    }
    for (name, value) in &rule.headers {
        if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
            set_header(response, name, value);
        }
    }
    if let Some(seconds) = rule.retry_after_date
        && let Some(date) = http_date_in(seconds)
    {
        set_header(response, RETRY_AFTER, &date);
    }
}

fn set_header(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers.retain(|(found, _)| *found != name);
        response.headers.push((name, value));
    }
}

/// Formats the date `seconds` from now as an HTTP date.
#[expect(
    clippy::disallowed_methods,
    reason = "clients compare a date in a header with their own clock, which runs in real time"
)]
fn http_date_in(seconds: u64) -> Option<String> {
    let wait = jiff::SignedDuration::from_secs(i64::try_from(seconds).ok()?);
    let date = Timestamp::now().checked_add(wait).ok()?;
    DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&date)
        .ok()
}

fn response_body(rule: &Rule, body: Bytes) -> ResponseBody {
    let end = match (rule.reset, rule.cut_at) {
        (Some(_), _) => Some((0, ConnectionBreak { reset: true })),
        (None, Some(bytes)) => Some((bytes, ConnectionBreak { reset: false })),
        (None, None) => None,
    };
    if rule.slow.is_none() && end.is_none() {
        return ResponseBody::from(body);
    }
    let mut chunks = ChunkedBody::new(body);
    if let Some(slow) = rule.slow {
        chunks.slow(slow.bytes, Duration::from_millis(slow.every_ms));
    }
    if let Some((bytes, end)) = end {
        chunks.cut(bytes, end);
    }
    ResponseBody::from(chunks)
}
