//! Converts failed responses to errors: their kind, and a message that states the cause and the next step.

use std::fmt;
use std::sync::Arc;

use apivideo_core::BodyError;
use apivideo_core::wire::json;
use progenitor_client::Error as CoreError;
use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Response, StatusCode};

use crate::error::{Error, ErrorKind, Result};
use crate::problem::Problem;
use crate::transport::cause::{self, Cause};
use crate::transport::connection::{Permanent, sources};
use crate::transport::credential::Credential;
use crate::transport::operation::Operation;
use crate::transport::rate_limit::RateLimitHeaders;
use crate::transport::shared::Shared;

/// The number of bytes that are read of an error's body; the service's problems have some hundred.
const BODY_LIMIT: usize = 64 * 1024;

/// The error of a request that has no usable response.
pub(super) fn error(
    shared: &Shared,
    operation: &Operation,
    credential: Option<&Credential>,
    error: CoreError<()>,
) -> Error {
    let line = operation.line();
    match error {
        CoreError::InvalidResponsePayload(body, error) => {
            undecodable(shared, operation, credential, &body, &error)
        }
        CoreError::CommunicationError(error)
        | CoreError::ResponseBodyError(error)
        // The OpenAPI document is lowered so that no operation has an upgrade or an error response of its own.
        | CoreError::InvalidUpgrade(error) => broken(shared, operation, error),
        CoreError::InvalidRequest(why) => {
            Error::input(format!("`{line}` cannot be sent: {why}"))
        }
        // The message of the generated crate's response hook.
        CoreError::Custom(why) => Error::new(
            ErrorKind::Unexpected,
            format!(
                "`{line}` {}; configure the HTTP client not to follow redirects, because the service sends none",
                shared.secrets.mask(&why)
            ),
        ),
        CoreError::ErrorResponse(response) => unexpected(line, response.status()),
        CoreError::UnexpectedResponse(response) => unexpected(line, response.status()),
    }
}

fn unexpected(line: &str, status: StatusCode) -> Error {
    let message = format!("the response to `{line}` has the unexpected status {status}");
    Error::new(ErrorKind::Unexpected, message).with_status(status)
}

/// The error of a request whose response is missing or incomplete.
fn broken(shared: &Shared, operation: &Operation, error: reqwest::Error) -> Error {
    // Without its URL, whose query can contain personal data.
    let error = error.without_url();
    let (line, endpoint) = (operation.line(), &shared.endpoint);
    if error.is_builder() {
        return Error::input(format!("`{line}` cannot be sent")).with_source(error);
    }
    if error.is_timeout() {
        return Error::new(
            ErrorKind::Timeout,
            format!("`{line}` to {endpoint} timed out; try again"),
        )
        .with_source(error);
    }
    if let Some(body) = sources(&error).find_map(|error| error.downcast_ref::<BodyError>()) {
        return invalid_body(shared, operation, body);
    }
    match Permanent::of(&error) {
        Some(Permanent::Certificate) => {
            return Error::new(
                ErrorKind::Certificate,
                format!(
                    "the certificate of {endpoint} was not accepted for `{line}`; check the base URL, the system's certificates \
                     and its date, and whether a proxy replaces the certificate"
                ),
            )
            .with_source(error);
        }
        Some(Permanent::ProxyAuthorization) => {
            return Error::configuration(format!(
                "the proxy rejected `{line}`: it requires a user and a password; set them in the proxy's URL"
            ))
            .with_source(error);
        }
        None => {}
    }
    let message = if error.is_connect() {
        format!(
            "{endpoint} cannot be reached for `{line}`; check the network, the proxy and the base URL"
        )
    } else {
        format!("the connection to {endpoint} was lost during `{line}`; try again")
    };
    Error::new(ErrorKind::Connection, message).with_source(error)
}

/// The error of a successful response whose body is incomplete, too large or compressed.
fn invalid_body(shared: &Shared, operation: &Operation, error: &BodyError) -> Error {
    let (line, endpoint) = (operation.line(), &shared.endpoint);
    let body = format!("the body of the response to `{line}` from {endpoint}");
    match error {
        BodyError::TooLarge { limit } => Error::new(
            ErrorKind::Unexpected,
            format!(
                "{body} is larger than {limit} bytes, the maximum; request less at a time (a smaller page), or set a larger \
                 maximum (ClientBuilder::with_max_body_size)"
            ),
        ),
        BodyError::Compressed(encoding) => {
            let is_feature = encoding.eq_ignore_ascii_case("gzip") && cfg!(not(feature = "gzip"));
            let advice = match is_feature {
                true => {
                    "enable the feature `gzip` of apivideo, or disable compression in the proxy"
                }
                false => "disable compression in the proxy",
            };
            Error::new(
                ErrorKind::Decode,
                format!("{body} is compressed with {encoding}, which was not requested; {advice}"),
            )
        }
        BodyError::CutShort { source, .. } if source.is_timeout() => Error::new(
            ErrorKind::Timeout,
            format!("`{line}` to {endpoint} timed out; try again"),
        )
        .with_source(Arc::clone(source)),
        BodyError::CutShort {
            received,
            announced,
            source,
        } => {
            let received = match announced {
                Some(announced) => format!("{received} of {announced}"),
                None => received.to_string(),
            };
            truncated(&body, &received).with_source(Arc::clone(source))
        }
    }
}

/// A body that ended early is a broken connection: the request is retried.
fn truncated(body: &str, received: &str) -> Error {
    Error::new(
        ErrorKind::Connection,
        format!("{body} was truncated after {received} bytes; try again"),
    )
}

/// The error of a response whose status is not the operation's own.
pub(super) async fn failed(
    shared: &Shared,
    operation: &Operation,
    mut response: Response,
) -> Error {
    let (status, headers) = (response.status(), response.headers().clone());
    let mut body = Vec::new();
    // An unreadable body is ignored: the status is enough.
    while body.len() < BODY_LIMIT
        && let Ok(Some(chunk)) = response.chunk().await
    {
        body.extend_from_slice(&chunk);
    }
    if matches!(status, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT) {
        return Error::new(
            ErrorKind::Connection,
            format!(
                "the response to `{}` from {} has the status {status} and no body; try again",
                operation.line(),
                shared.endpoint
            ),
        )
        .with_status(status);
    }
    let mut problem = Problem::read(&body);
    if let Some(problem) = &mut problem {
        problem.map_strings(&mut |text| shared.secrets.mask(text).into_owned());
    }
    let rate_limit = RateLimitHeaders::parse(&headers);
    let wait = match status {
        StatusCode::TOO_MANY_REQUESTS => rate_limit.wait(),
        StatusCode::SERVICE_UNAVAILABLE => rate_limit.retry_after,
        _ => None,
    };
    let summary = problem.as_ref().and_then(Problem::summary);
    let (kind, message) = match status.as_u16() {
        429 => too_many_requests(shared, operation, &rate_limit, summary),
        300..=399 => redirect(shared, operation, &headers),
        _ => meaning(shared, operation, status, summary),
    };
    Error::new(kind, message)
        .with_status(status)
        .with_problem(problem)
        .with_retry_after(wait)
}

/// The status and the reason, such as `404 Not Found`.
fn reason(status: StatusCode, summary: Option<String>) -> String {
    let reason = summary
        .or_else(|| status.canonical_reason().map(str::to_owned))
        .unwrap_or_else(|| "no reason reported".to_owned());
    format!("{} {reason}", status.as_u16())
}

/// The kind and the message for the status of a failed response.
fn meaning(
    shared: &Shared,
    operation: &Operation,
    status: StatusCode,
    summary: Option<String>,
) -> (ErrorKind, String) {
    let (line, endpoint) = (operation.line(), &shared.endpoint);
    let is_unrecognized = summary.as_deref().is_some_and(|summary| {
        summary
            .to_ascii_lowercase()
            .contains("unrecognized request url")
    });
    let reason = reason(status, summary);
    match status.as_u16() {
        401 => (
            ErrorKind::Unauthorized,
            format!(
                "{endpoint} rejected the authorization of `{line}`: {reason}; check the API key, and that it belongs to this \
                 environment (sandbox and production have separate keys)"
            ),
        ),
        403 => (
            ErrorKind::Forbidden,
            format!(
                "{endpoint} does not allow `{line}`: {reason}; ask the owner of the account, or api.video's support"
            ),
        ),
        404 if is_unrecognized && line.contains("/analytics/") => (
            ErrorKind::Removed,
            format!(
                "{endpoint} does not provide `{line}`: {reason}; raw statistics were removed from the published API in September \
                 2023, use the aggregates instead (metric, buckets, timeseries)"
            ),
        ),
        404 if is_unrecognized => (
            ErrorKind::Removed,
            format!("{endpoint} does not provide `{line}`: {reason}; check the base URL"),
        ),
        404 if line.contains(" /auth/") => (
            ErrorKind::NotFound,
            format!(
                "{endpoint} has no `{line}`: {reason}; check the base URL; with a mock server, mock this request, or send the \
                 key with every request (`with_basic_auth`)"
            ),
        ),
        404 => (
            ErrorKind::NotFound,
            format!(
                "{endpoint} has no resource at `{line}`: {reason}; check the id, and that it belongs to this environment"
            ),
        ),
        400..=499 => (
            ErrorKind::Rejected,
            format!("{endpoint} rejected `{line}`: {reason}"),
        ),
        500..=599 => (
            ErrorKind::Service,
            format!("{endpoint} failed to process `{line}`: {reason}; try again later"),
        ),
        _ => (
            ErrorKind::Unexpected,
            format!(
                "the response to `{line}` from {endpoint} has the unexpected status {reason}; check the base URL"
            ),
        ),
    }
}

fn too_many_requests(
    shared: &Shared,
    operation: &Operation,
    headers: &RateLimitHeaders,
    summary: Option<String>,
) -> (ErrorKind, String) {
    let limit = headers
        .limit
        .map(|n| format!(" of {n} requests per minute"))
        .unwrap_or_default();
    let wait = match headers.wait() {
        Some(wait) => format!("try again in {} s", wait.as_secs()),
        None => "try again in a minute".to_owned(),
    };
    let reason = reason(StatusCode::TOO_MANY_REQUESTS, summary);
    let message = format!(
        "the rate limit{limit} is exceeded, {} rejected `{}`: {reason}; {wait}",
        shared.endpoint,
        operation.line()
    );
    (ErrorKind::RateLimited, message)
}

fn redirect(shared: &Shared, operation: &Operation, headers: &HeaderMap) -> (ErrorKind, String) {
    let location = headers
        .get(LOCATION)
        .and_then(|location| location.to_str().ok());
    let to = match location {
        Some(location) => {
            let masked = shared.secrets.mask(location);
            // Without the query, which can contain a token.
            let shown = masked.split('?').next().unwrap_or_default();
            format!("{:?}", shown.chars().take(200).collect::<String>())
        }
        None => "an unknown location".to_owned(),
    };
    let message = format!(
        "{} redirects `{}` to {to}, and redirects are not followed; check the base URL",
        shared.endpoint,
        operation.line()
    );
    (ErrorKind::Unexpected, message)
}

/// A complete body that could not be decoded, as the cause of an error. It is never printed: it can contain personal data.
pub(crate) struct Undecodable {
    pub(crate) body: Vec<u8>,
    cause: Cause,
}

impl Undecodable {
    /// The body that caused `error`, if there is one.
    pub(crate) fn of(error: &Error) -> Option<&Self> {
        std::error::Error::source(error)?.downcast_ref()
    }
}

impl std::error::Error for Undecodable {}

impl fmt::Display for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.cause, f)
    }
}

impl fmt::Debug for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.cause, f)
    }
}

/// The error of a complete body that cannot be decoded, with the path of the field.
fn undecodable(
    shared: &Shared,
    operation: &Operation,
    credential: Option<&Credential>,
    body: &[u8],
    error: &serde_json::Error,
) -> Error {
    let line = operation.line();
    let text = body.trim_ascii_start();
    let decode = |message: String| Error::new(ErrorKind::Decode, message);
    if text.starts_with(b"<") {
        let endpoint = &shared.endpoint;
        return decode(format!(
            "the response to `{line}` is a page of HTML, not JSON; check that {endpoint} is the service itself"
        ));
    }
    if json::is_cut_short(body) {
        let body_of = format!(
            "the body of the response to `{line}` from {}",
            shared.endpoint
        );
        return truncated(&body_of, &body.len().to_string());
    }
    // Decoded from a string as everywhere else: decoding bytes would compile the same code once more.
    let text = str::from_utf8(body).unwrap_or_default();
    if let Ok(serde_json::Value::Object(object)) = serde_json::from_str(text)
        && operation.is_page()
        && let Err(error) = refuse_old_envelope(operation, object.keys().map(String::as_str))
    {
        return error;
    }
    let path = match cause::path(text, error) {
        path if path.is_empty() => path,
        path => format!(" at `{}`", shared.secrets.mask(&path)),
    };
    let message = format!(
        "the response to `{line}` cannot be decoded{path}; the service has changed it, or it was damaged in transit"
    );
    match credential {
        Some(_) => decode(message).with_source(Undecodable {
            body: body.to_vec(),
            cause: Cause::from(error).masked(&shared.secrets),
        }),
        // The response contains a token: neither it nor a message that quotes it is kept.
        None => decode(message),
    }
}

/// Refuses the list envelopes of 2018 and 2019 by name, so that they are not decoded as something else.
pub(crate) fn refuse_old_envelope<'a>(
    operation: &Operation,
    keys: impl Iterator<Item = &'a str>,
) -> Result<()> {
    let mut old: Vec<_> = keys
        .filter(|key| matches!(*key, "video" | "period" | "session" | "resource" | "live"))
        .collect();
    if old.is_empty() {
        return Ok(());
    }
    old.sort_unstable();
    Err(Error::new(
        ErrorKind::Decode,
        format!(
            "the response to `{}` has the envelope of 2018–2019 ({{{}, data}}), which this library does not decode; use a \
             service that returns {{data, pagination}}",
            operation.line(),
            old.join(", ")
        ),
    ))
}
