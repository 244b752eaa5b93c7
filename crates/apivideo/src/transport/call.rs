//! One call of a generated operation: its pace, its authorization, its timeout, its retries, and what its failure means.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use apivideo_core::wire::json;
use apivideo_core::{BodyError, Client as Core};
use progenitor_client::{Error as CoreError, ResponseValue};
use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};
use tracing::Instrument;

use crate::error::{Error, ErrorKind, Result};
use crate::problem::Problem;
use crate::transport::auth::Grant;
use crate::transport::cause::{self, Cause};
use crate::transport::clock::Timeout;
use crate::transport::connection::{Permanent, sources};
use crate::transport::observe;
use crate::transport::rate_limit::{Permit, Told};
use crate::transport::retry::{self, Attempt};
use crate::transport::trace;
use crate::transport::{Shared, Transport};

/// So much of an error's body is read; the service's problems have some hundred bytes.
const BODY_LIMIT: usize = 64 * 1024;

/// A request in words, for messages and traces.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// The `operationId`.
    operation: &'static str,
    /// Method and path, without the query: it may hold what is personal.
    line: Cow<'static, str>,
    page: Option<u32>,
}

impl Request {
    pub(crate) fn new(operation: &'static str, line: impl Into<Cow<'static, str>>) -> Self {
        Self {
            operation,
            line: line.into(),
            page: None,
        }
    }

    /// For which page of a list it is.
    pub(crate) fn at_page(&self, number: u32) -> Self {
        Self {
            page: Some(number),
            ..self.clone()
        }
    }

    /// Whether the service counts it against the rate limit: all but those for tokens.
    pub(crate) fn is_counted(&self) -> bool {
        !self.line.starts_with("POST /auth/")
    }

    pub(crate) fn line(&self) -> &str {
        &self.line
    }
}

/// A good reply.
pub(crate) struct Reply<T> {
    pub(crate) value: T,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
}

/// The request of an operation on its way, whose value goes aside.
type Sending<'a> = Pin<Box<dyn Future<Output = Result<Reply<()>, CoreError<()>>> + Send + 'a>>;

/// Sends an operation's request once.
type SendOnce<'a> = dyn Fn(Core) -> Sending<'a> + Sync + 'a;

/// Where the value of a good reply waits, so that all that is around a request is the same code for every operation: each
/// copy of it would be felt in the size of an application.
struct Aside<T>(Mutex<Option<T>>);

impl<T> Default for Aside<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Send> Aside<T> {
    fn sending<'a>(
        &'a self,
        sent: impl Future<Output = Result<ResponseValue<T>, CoreError<()>>> + Send + 'a,
    ) -> Sending<'a> {
        Box::pin(async move {
            let reply = sent.await?;
            let (status, headers) = (reply.status(), reply.headers().clone());
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(reply.into_inner());
            Ok(Reply {
                value: (),
                status,
                headers,
            })
        })
    }

    /// The reply with its value.
    fn back_in(self, reply: Reply<()>) -> Result<Reply<T>> {
        let Reply {
            value: (),
            status,
            headers,
        } = reply;
        let value = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let value = value.ok_or_else(|| {
            Error::new(
                ErrorKind::Unexpected,
                "the reply came without a value; tell the maintainers",
            )
        })?;
        Ok(Reply {
            value,
            status,
            headers,
        })
    }
}

/// Sends at the client's pace and with its authorization, again and again as its policy allows.
///
/// After a 401 the authorization is renewed once in the call, and the request sent once more.
pub(crate) async fn call<T, F, Fut>(
    transport: &Transport,
    request: &Request,
    send: F,
) -> Result<Reply<T>>
where
    T: Send,
    F: Fn(Core) -> Fut + Sync,
    Fut: Future<Output = Result<ResponseValue<T>, CoreError<()>>> + Send,
{
    let value = Aside::default();
    let sending = |core| value.sending(send(core));
    let reply = call_any(transport, request, &sending).await?;
    value.back_in(reply)
}

/// [`call`], once for all operations.
async fn call_any<'a>(
    transport: &Transport,
    request: &Request,
    send: &SendOnce<'a>,
) -> Result<Reply<()>> {
    let renewed = AtomicBool::new(false);
    let with = transport
        .shared
        .retrying(request, transport.counters.as_deref());
    let call = retry::run(&with, |attempt| {
        once_authorized(transport, request, attempt, &renewed, send)
    });
    call.instrument(trace::call(request.operation, request.page))
        .await
}

/// One attempt of a call, and how long it took.
async fn once_authorized<'a>(
    transport: &Transport,
    request: &Request,
    attempt: Attempt,
    renewed: &AtomicBool,
    send: &SendOnce<'a>,
) -> (Result<Reply<()>>, Duration) {
    let Transport {
        shared: wire,
        authorization,
        counters,
    } = transport;
    let mut took = Duration::ZERO;
    let mut resends = attempt.resends + u32::from(renewed.load(Ordering::Relaxed));
    loop {
        // Before the wait, since a refused key needs none; and after it, since a token can grow old in it.
        if let Err(error) = authorization.grant(wire).await {
            return (Err(error), took);
        }
        let permit = match &wire.pacer {
            Some(pacer) => Some(pacer.permit(&*wire.clock, counters.as_deref()).await),
            None => None,
        };
        if attempt.after_refusal
            && let Some(permit) = &permit
        {
            took += permit.waited;
        }
        let grant = match authorization.grant(wire).await {
            Ok(grant) => grant,
            Err(error) => return (Err(error), took),
        };
        let began = wire.clock.now();
        let outcome = once_any(
            wire,
            request,
            Sent {
                grant: Some(&grant),
                permit,
                resends,
            },
            send,
        )
        .await;
        // Longer than its timeout it took only where nobody polled it.
        took += (wire.clock.now() - began).min(wire.timeout);
        match outcome {
            Err(error)
                if error.status() == Some(StatusCode::UNAUTHORIZED)
                    && !renewed.swap(true, Ordering::Relaxed)
                    && authorization.refuse(&grant) =>
            {
                resends += 1;
            }
            // Neither an attempt nor a failure of the service.
            Err(error) if wire.connections.take_stale(&error) => {
                trace::stale(request.line());
                resends += 1;
            }
            outcome => return (outcome, took),
        }
    }
}

/// What goes with one request, beside what is asked.
#[derive(Default)]
pub(crate) struct Sent<'a> {
    pub(crate) grant: Option<&'a Grant>,
    pub(crate) permit: Option<Permit<'a>>,
    /// How many requests of the call came before.
    pub(crate) resends: u32,
}

/// Sends once.
pub(crate) async fn once<T, F, Fut>(
    wire: &Shared,
    request: &Request,
    sent: Sent<'_>,
    send: F,
) -> Result<Reply<T>>
where
    T: Send,
    F: Fn(Core) -> Fut + Sync,
    Fut: Future<Output = Result<ResponseValue<T>, CoreError<()>>> + Send,
{
    let value = Aside::default();
    let sending = |core| value.sending(send(core));
    let reply = once_any(wire, request, sent, &sending).await?;
    value.back_in(reply)
}

/// [`once`], once for all operations.
async fn once_any<'a>(
    wire: &Shared,
    request: &Request,
    sent: Sent<'_>,
    send: &SendOnce<'a>,
) -> Result<Reply<()>> {
    let core = wire.core(sent.grant);
    let answered = |status: StatusCode, headers: &HeaderMap| {
        if let Some(permit) = &sent.permit {
            let refused = status == StatusCode::TOO_MANY_REQUESTS;
            permit.answered(&Told::by(headers), refused, &*wire.clock);
        }
    };
    let outcome = Timeout::new(Arc::clone(&wire.clock), wire.timeout, async {
        match send(core).await {
            Ok(reply) => {
                answered(reply.status, &reply.headers);
                Ok(reply)
            }
            Err(CoreError::UnexpectedResponse(response)) => {
                answered(response.status(), response.headers());
                Err(failed_response(wire, request, response).await)
            }
            Err(CoreError::InvalidResponsePayload(body, error)) => {
                Err(undecodable(wire, request, sent.grant, &body, &error))
            }
            Err(CoreError::CommunicationError(error) | CoreError::ResponseBodyError(error)) => {
                Err(broken(wire, request, error))
            }
            Err(CoreError::InvalidRequest(why)) => Err(Error::input(format!(
                "`{}` can't be sent: {why}",
                request.line
            ))),
            // Said by the core's hook.
            Err(CoreError::Custom(why)) => Err(Error::new(
                ErrorKind::Unexpected,
                format!(
                    "`{}` {}; let the HTTP client follow no redirects, the service makes none",
                    request.line,
                    wire.secrets.mask(&why)
                ),
            )),
            // The document that the core is generated from is lowered so that these don't occur.
            Err(CoreError::InvalidUpgrade(error)) => Err(broken(wire, request, error)),
            Err(CoreError::ErrorResponse(reply)) => Err(Error::new(
                ErrorKind::Unexpected,
                format!("`{}` was answered with {}", request.line, reply.status()),
            )
            .with_status(reply.status())),
        }
    });
    let span = trace::request(request.line(), sent.resends);
    let began = wire.clock.now();
    let outcome = outcome.instrument(span.clone()).await.unwrap_or_else(|| {
        Err(Error::new(
            ErrorKind::Timeout,
            format!(
                "no whole reply to `{}` came from {} within {:?}; try again, or give it more time",
                request.line, wire.place, wire.timeout
            ),
        ))
    });
    let took = wire.clock.now() - began;
    let told = outcome.as_ref().map(|reply| reply.status);
    observe::reply(wire, request.line(), told, took);
    trace::done(&span, told, took);
    outcome
}

/// The request did not get its whole reply.
fn broken(wire: &Shared, request: &Request, error: reqwest::Error) -> Error {
    // Its URL is left out: the query may hold what is personal.
    let error = error.without_url();
    let (line, place) = (&request.line, &wire.place);
    if error.is_builder() {
        return Error::input(format!("`{line}` can't be sent")).with_source(error);
    }
    if error.is_timeout() {
        return Error::new(
            ErrorKind::Timeout,
            format!("`{line}` took too long at {place}; try again"),
        )
        .with_source(error);
    }
    if let Some(body) = sources(&error).find_map(|error| error.downcast_ref::<BodyError>()) {
        return bad_body(wire, request, body);
    }
    match Permanent::of(&error) {
        Some(Permanent::Certificate) => {
            return Error::new(
                ErrorKind::Certificate,
                format!(
                    "the certificate of {place} was not accepted for `{line}`; check the base URL, the system's certificates \
                     and its date, and whether a proxy presents a certificate of its own"
                ),
            )
            .with_source(error);
        }
        Some(Permanent::ProxyAuthorization) => {
            return Error::configuration(format!(
                "the proxy refused `{line}`, it requires a user and a password; set them in the proxy's URL"
            ))
            .with_source(error);
        }
        None => {}
    }
    let message = if error.is_connect() {
        format!(
            "{place} can't be reached for `{line}`; check the network, the proxy and the base URL"
        )
    } else {
        format!("the connection to {place} broke during `{line}`; try again")
    };
    Error::new(ErrorKind::Connection, message).with_source(error)
}

/// The body of a good response was not read to its end, or not at all.
fn bad_body(wire: &Shared, request: &Request, error: &BodyError) -> Error {
    let (line, place) = (&request.line, &wire.place);
    let body = format!("the body of the response to `{line}` from {place}");
    match error {
        BodyError::TooLarge { limit } => Error::new(
            ErrorKind::Unexpected,
            format!(
                "{body} is larger than {limit} bytes, the maximum; request less at a time (a smaller page), or set a larger \
                 maximum (ClientBuilder::with_max_body_size)"
            ),
        ),
        BodyError::Compressed(encoding) => {
            let is_choice = encoding.eq_ignore_ascii_case("gzip") && cfg!(not(feature = "gzip"));
            let advice = match is_choice {
                true => {
                    "enable the feature `gzip` of apivideo, or find the proxy that compresses it"
                }
                false => "find the proxy that compresses it",
            };
            Error::new(
                ErrorKind::Decode,
                format!("{body} is compressed with {encoding}, which was not requested; {advice}"),
            )
        }
        BodyError::CutShort { source, .. } if source.is_timeout() => Error::new(
            ErrorKind::Timeout,
            format!("`{line}` took too long at {place}; try again"),
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
            cut_short(&body, &received).with_source(Arc::clone(source))
        }
    }
}

/// A body that ended early: a broken response, which is requested again as after a reset.
fn cut_short(body: &str, received: &str) -> Error {
    Error::new(
        ErrorKind::Connection,
        format!("{body} was cut short after {received} bytes; try again"),
    )
}

/// The service answered with another status than the operation's own.
async fn failed_response(wire: &Shared, request: &Request, mut response: Response) -> Error {
    let (status, headers) = (response.status(), response.headers().clone());
    let mut body = Vec::new();
    // What can't be read of the body is not needed: the status tells enough.
    while body.len() < BODY_LIMIT
        && let Ok(Some(chunk)) = response.chunk().await
    {
        body.extend_from_slice(&chunk);
    }
    if matches!(status, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT) {
        return Error::new(
            ErrorKind::Connection,
            format!(
                "{} answered `{}` with {status}, without a body; try again",
                wire.place, request.line
            ),
        )
        .with_status(status);
    }
    let problem = Problem::read(&body)
        .map(|problem| problem.map_strings(&|string| wire.secrets.mask(string).into_owned()));
    failure(wire, request, status, &headers, problem)
}

fn failure(
    wire: &Shared,
    request: &Request,
    status: StatusCode,
    headers: &HeaderMap,
    problem: Option<Problem>,
) -> Error {
    let (line, place, code) = (&request.line, &wire.place, status.as_u16());
    let said = problem.as_ref().and_then(Problem::summary);
    let is_unrecognized = said.as_deref().is_some_and(|said| {
        said.to_ascii_lowercase()
            .contains("unrecognized request url")
    });
    let said = said
        .or_else(|| status.canonical_reason().map(str::to_owned))
        .unwrap_or_else(|| "no reason was given".to_owned());
    let (kind, message) = match code {
        401 => (
            ErrorKind::Unauthorized,
            format!(
                "{place} refused the authorization of `{line}`: {code} {said}; check the API key, and that it belongs to \
                 this environment (sandbox and production have keys of their own)"
            ),
        ),
        403 => (
            ErrorKind::Forbidden,
            format!(
                "{place} does not allow `{line}`: {code} {said}; ask the owner of the account, or api.video's support"
            ),
        ),
        404 if is_unrecognized => (
            ErrorKind::Removed,
            if line.contains("/analytics/") {
                format!(
                    "{place} does not know `{line}`: {code} {said}; raw statistics left the service's published interface in \
                     September 2023, and the aggregates (metric, buckets, timeseries) are what succeeds them"
                )
            } else {
                format!("{place} does not know `{line}`: {code} {said}; check the base URL")
            },
        ),
        404 if line.contains(" /auth/") => (
            ErrorKind::NotFound,
            format!(
                "{place} has no `{line}`: {code} {said}; check the base URL, or answer this request where the place is a \
                 mock server, or send the key itself (`basic_authorization`)"
            ),
        ),
        404 => (
            ErrorKind::NotFound,
            format!(
                "{place} has nothing at `{line}`: {code} {said}; check the id, and that it belongs to this environment"
            ),
        ),
        429 => {
            let told = Told::by(headers);
            let limit = told
                .limit
                .map(|n| format!(" of {n} requests a minute"))
                .unwrap_or_default();
            let wait = match told.wait() {
                Some(wait) => format!("try again in {} s", wait.as_secs()),
                None => "try again in a minute".to_owned(),
            };
            (
                ErrorKind::RateLimited,
                format!(
                    "the limit{limit} is spent, {place} refused `{line}`: {code} {said}; {wait}"
                ),
            )
        }
        300..=399 => {
            let to = headers
                .get(reqwest::header::LOCATION)
                .and_then(|to| to.to_str().ok())
                .unwrap_or("nowhere");
            let to: String = wire
                .secrets
                .mask(to)
                .split('?')
                .next()
                .unwrap_or_default()
                .chars()
                .take(200)
                .collect();
            (
                ErrorKind::Unexpected,
                format!(
                    "{place} redirects `{line}` to {to:?}, and redirects are not followed; is the base URL right?"
                ),
            )
        }
        400..=499 => (
            ErrorKind::Rejected,
            format!("{place} rejected `{line}`: {code} {said}"),
        ),
        500..=599 => (
            ErrorKind::Service,
            format!("{place} failed at `{line}`: {code} {said}; try again later"),
        ),
        _ => (
            ErrorKind::Unexpected,
            format!("{place} answered `{line}` with {code} {said}; is the base URL right?"),
        ),
    };
    let told = Told::by(headers);
    let wait = match code {
        429 => told.wait(),
        503 => told.retry_after,
        _ => None,
    };
    Error::new(kind, message)
        .with_status(status)
        .with_problem(problem)
        .with_retry_after(wait)
}

/// A body that came whole and could not be decoded, as the cause of an error. It is shown nowhere: it can be personal.
pub(crate) struct Undecodable {
    pub(crate) body: Vec<u8>,
    cause: Cause,
}

impl Undecodable {
    /// The body that `error` is about, if it is about one.
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

/// Why a whole body could not be read: which field of which item.
fn undecodable(
    wire: &Shared,
    request: &Request,
    grant: Option<&Grant>,
    body: &[u8],
    error: &serde_json::Error,
) -> Error {
    let line = &request.line;
    let text = body.trim_ascii_start();
    let decode = |message: String| Error::new(ErrorKind::Decode, message);
    if text.starts_with(b"<") {
        let place = &wire.place;
        return decode(format!(
            "the reply to `{line}` is a page of HTML, not JSON; is {place} the service itself?"
        ));
    }
    if json::is_cut_short(body) {
        let body_of = format!("the body of the response to `{line}` from {}", wire.place);
        return cut_short(&body_of, &body.len().to_string());
    }
    // By the decoder of texts alone, as everywhere: one of bytes would be the same code once more.
    let text = str::from_utf8(body).unwrap_or_default();
    if let Ok(serde_json::Value::Object(object)) = serde_json::from_str(text)
        && request.page.is_some()
        && let Err(error) = refuse_old_envelope(request, object.keys().map(String::as_str))
    {
        return error;
    }
    let path = match cause::path(text, error) {
        path if path.is_empty() => path,
        path => format!(" at `{}`", wire.secrets.mask(&path)),
    };
    let message = format!(
        "the reply to `{line}` can't be understood{path}; the service has changed it, or it was damaged on its way"
    );
    match grant {
        Some(_) => decode(message).with_source(Undecodable {
            body: body.to_vec(),
            cause: Cause::from(error).masked(&wire.secrets),
        }),
        // The reply holds a token: neither it nor a message that quotes it goes any further.
        None => decode(message),
    }
}

/// The lists of 2018 and 2019 came in other envelopes: they are refused by name, not misread.
pub(crate) fn refuse_old_envelope<'a>(
    request: &Request,
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
            "the reply to `{}` has the envelope of 2018–2019 ({{{}, data}}), which this library does not read; \
             ask a service that answers {{data, pagination}}",
            request.line,
            old.join(", ")
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Counters;
    use crate::{Client, RetryPolicy};

    #[tokio::test]
    async fn retries_are_counted_for_those_who_ask() {
        // Nobody listens there.
        let pause = Duration::from_millis(1);
        let policy = RetryPolicy::default()
            .with_attempts(3)
            .with_backoff(pause, pause);
        let client = Client::builder()
            .api_key("key")
            .basic_authorization()
            .base_url("http://127.0.0.1:9")
            .with_retry_policy(policy)
            .build()
            .unwrap();
        let counters = Arc::new(Counters::default());
        let counted = Client {
            transport: client.transport.counted_by(Arc::clone(&counters)),
        };
        counted.videos().page(1).await.unwrap_err();
        client.videos().page(1).await.unwrap_err();
        let counted = [&counters.retries, &counters.waits];
        assert_eq!(counted.map(|count| count.load(Ordering::Relaxed)), [2, 0]);
    }
}
