//! Names of the spans, events and fields that this crate emits through [`tracing`](https://docs.rs/tracing).
//!
//! Each call (of a page, for example) is a span [`CALL`], and each request in it a span [`REQUEST`], both at the level DEBUG.
//! Retries and records that cannot be decoded are events at WARN; waits for the rate limit, token renewals and duplicate items
//! are events at DEBUG. Field names follow OpenTelemetry's semantic conventions for HTTP where these define one. Queries, keys
//! and tokens are never part of spans or events: queries can contain personal data.
//!
//! ```
//! assert_eq!(apivideo::trace::STATUS, "http.response.status_code");
//! ```

use std::time::Duration;

use reqwest::StatusCode;
use tracing::Span;
use tracing::field::Empty;

use crate::error::Error;

/// The target of all spans and events.
pub const TARGET: &str = "apivideo";
/// The span of one call, with its retries and waits.
pub const CALL: &str = "apivideo.call";
/// The span of one request.
pub const REQUEST: &str = "apivideo.request";
/// The operation: an `operationId` of the OpenAPI document.
pub const OPERATION: &str = "apivideo.operation";
/// The number of the requested page, counted from 1.
pub const PAGE: &str = "apivideo.page";
/// The method of the request.
pub const METHOD: &str = "http.request.method";
/// The path below the base URL, without the query; of a file on another host, its origin alone.
pub const PATH: &str = "url.path";
/// The number of requests of the call before this one.
pub const RESENDS: &str = "http.request.resend_count";
/// The status of the response.
pub const STATUS: &str = "http.response.status_code";
/// The duration of the request, in seconds.
pub const DURATION: &str = "http.client.request.duration";
/// The kind of the failure: the name of an [`ErrorKind`](crate::ErrorKind).
pub const ERROR: &str = "error.type";
/// The length of a wait, in seconds.
pub const WAIT: &str = "apivideo.wait";

pub(crate) fn call(operation: &'static str, page: Option<u32>) -> Span {
    tracing::debug_span!(target: TARGET, CALL, { OPERATION } = operation, { PAGE } = page)
}

/// `line` is method and path.
pub(crate) fn request(line: &str, resends: u32) -> Span {
    let (method, path) = line.split_once(' ').unwrap_or_default();
    tracing::debug_span!(
        target: TARGET,
        REQUEST,
        { METHOD } = method,
        { PATH } = path,
        { RESENDS } = resends,
        { STATUS } = Empty,
        { ERROR } = Empty,
        { DURATION } = Empty,
    )
}

pub(crate) fn response(request: &Span, outcome: Result<StatusCode, &Error>, elapsed: Duration) {
    let status = match outcome {
        Ok(status) => Some(status),
        Err(error) => {
            request.record(ERROR, tracing::field::debug(error.kind()));
            error.status()
        }
    };
    request.record(STATUS, status.map(|status| status.as_u16()));
    request.record(DURATION, elapsed.as_secs_f64());
}

pub(crate) fn retry(line: &str, resends: u32, wait: Duration, error: &Error) {
    let status = error.status().map(|status| status.as_u16());
    tracing::warn!(
        target: TARGET,
        {
            { RESENDS } = resends,
            { ERROR } = tracing::field::debug(error.kind()),
            { STATUS } = status,
            { WAIT } = wait.as_secs_f64(),
        },
        "`{line}` failed and is retried: {error}"
    );
}

/// A reused connection was closed before the first byte of the response.
pub(crate) fn stale(line: &str) {
    tracing::debug!(target: TARGET, "`{line}` is sent again: a reused connection was closed before the response");
}

pub(crate) fn wait(wait: Duration) {
    tracing::debug!(target: TARGET, { { WAIT } = wait.as_secs_f64() }, "waiting for the rate limit");
}

pub(crate) fn renewal(by: &str) {
    tracing::debug!(target: TARGET, "renewing the token by {by}");
}

pub(crate) fn duplicates(path: &str, page: u32, count: u64) {
    tracing::debug!(target: TARGET, { { PATH } = path, { PAGE } = page }, "{count} duplicate items are dropped");
}

pub(crate) fn invalid_record(path: &str, error: &Error) {
    tracing::warn!(target: TARGET, { { PATH } = path, { PAGE } = error.page() }, "{error}");
}

pub(crate) fn repaired(path: &str, page: u32, count: u64) {
    tracing::warn!(
        target: TARGET,
        { { PATH } = path, { PAGE } = page },
        "the JSON of {count} records was damaged, and was decoded after repair"
    );
}
