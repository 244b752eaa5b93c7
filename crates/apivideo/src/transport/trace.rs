//! What this crate tells [`tracing`](https://docs.rs/tracing): the names of its spans and fields.
//!
//! Each call (a page, say) is a span [`CALL`], each request in it a span [`REQUEST`], both at the level DEBUG.
//! Retries and records that can't be understood are events at WARN; waits for the rate limit, renewals of the token and
//! items that came again at DEBUG. Names of fields are those of
//! OpenTelemetry's conventions for HTTP where it has one. Queries are never part of any of it: they can hold what is
//! personal; nor are keys and tokens.
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
/// The operation: an `operationId` of `openapi/apivideo.yaml`.
pub const OPERATION: &str = "apivideo.operation";
/// The page that is asked for, counted from 1.
pub const PAGE: &str = "apivideo.page";
/// The method of the request.
pub const METHOD: &str = "http.request.method";
/// The path below the base URL, without the query.
pub const PATH: &str = "url.path";
/// How many requests of the call came before this one.
pub const RESENDS: &str = "http.request.resend_count";
/// The status of the reply.
pub const STATUS: &str = "http.response.status_code";
/// How long the request took, in seconds.
pub const DURATION: &str = "http.client.request.duration";
/// The kind of the failure: the name of an [`ErrorKind`](crate::ErrorKind).
pub const ERROR: &str = "error.type";
/// How long a wait is, in seconds.
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

pub(crate) fn done(request: &Span, outcome: Result<StatusCode, &Error>, took: Duration) {
    let status = match outcome {
        Ok(status) => Some(status),
        Err(error) => {
            request.record(ERROR, tracing::field::debug(error.kind()));
            error.status()
        }
    };
    request.record(STATUS, status.map(|status| status.as_u16()));
    request.record(DURATION, took.as_secs_f64());
}

pub(crate) fn retry(line: &str, resends: u32, pause: Duration, error: &Error) {
    let status = error.status().map(|status| status.as_u16());
    tracing::warn!(
        target: TARGET,
        {
            { RESENDS } = resends,
            { ERROR } = tracing::field::debug(error.kind()),
            { STATUS } = status,
            { WAIT } = pause.as_secs_f64(),
        },
        "`{line}` failed and is tried again: {error}"
    );
}

/// A reused connection died before the first byte of the response.
pub(crate) fn stale(line: &str) {
    tracing::debug!(target: TARGET, "`{line}` is sent again: a reused connection was closed before the response");
}

pub(crate) fn wait(wait: Duration) {
    tracing::debug!(target: TARGET, { { WAIT } = wait.as_secs_f64() }, "waits for the rate limit");
}

pub(crate) fn renewal(by: &str) {
    tracing::debug!(target: TARGET, "renews the token by {by}");
}

pub(crate) fn duplicates(path: &str, page: u32, count: u64) {
    tracing::debug!(target: TARGET, { { PATH } = path, { PAGE } = page }, "{count} items came again and are dropped");
}

pub(crate) fn bad_record(path: &str, error: &Error) {
    tracing::warn!(target: TARGET, { { PATH } = path, { PAGE } = error.page() }, "{error}");
}

pub(crate) fn repaired(path: &str, page: u32, count: u64) {
    tracing::warn!(
        target: TARGET,
        { { PATH } = path, { PAGE } = page },
        "the JSON of {count} records was damaged, and was read after repair"
    );
}
