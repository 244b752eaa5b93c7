//! One attempt: a request that is sent once, with its timeout, its trace and its observer.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use apivideo_core::Client as Core;
use progenitor_client::{Error as CoreError, ResponseValue};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use tracing::Instrument;

use crate::error::{Error, ErrorKind, Result};
use crate::transport::clock::Timeout;
use crate::transport::credential::Credential;
use crate::transport::operation::Operation;
use crate::transport::rate_limit::{Permit, RateLimitHeaders};
use crate::transport::shared::Shared;
use crate::transport::{observe, response, trace};

/// A successful response.
pub(crate) struct Response<T> {
    pub(crate) value: T,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
}

/// A request in flight, whose value goes to a [`ResponseSlot`].
type Sending<'a> =
    Pin<Box<dyn Future<Output = std::result::Result<Response<()>, CoreError<()>>> + Send + 'a>>;

/// Sends the request of an operation once.
pub(super) type SendOnce<'a> = dyn Fn(Core) -> Sending<'a> + Sync + 'a;

/// Holds the value of a successful response, so that the code around a request is not generic over it: a copy for each
/// operation adds to the size of an application.
pub(super) struct ResponseSlot<T>(Mutex<Option<T>>);

impl<T> Default for ResponseSlot<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Send> ResponseSlot<T> {
    pub(super) fn sending<'a>(
        &'a self,
        sent: impl Future<Output = std::result::Result<ResponseValue<T>, CoreError<()>>> + Send + 'a,
    ) -> Sending<'a> {
        Box::pin(async move {
            let response = sent.await?;
            let (status, headers) = (response.status(), response.headers().clone());
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(response.into_inner());
            Ok(Response {
                value: (),
                status,
                headers,
            })
        })
    }

    /// The response with its value.
    pub(super) fn fill(self, response: Response<()>) -> Result<Response<T>> {
        let Response {
            value: (),
            status,
            headers,
        } = response;
        let value = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let value = value.ok_or_else(|| {
            Error::new(
                ErrorKind::Unexpected,
                "the response has no value; report this to the maintainers",
            )
        })?;
        Ok(Response {
            value,
            status,
            headers,
        })
    }
}

/// The context of an attempt.
#[derive(Default)]
pub(crate) struct AttemptContext<'a> {
    pub(crate) credential: Option<&'a Credential>,
    pub(crate) permit: Option<Permit<'a>>,
    /// The number of requests of the call before this one.
    pub(crate) resends: u32,
}

/// Sends a request once.
pub(super) async fn send_once<T, F, Fut>(
    shared: &Shared,
    operation: &Operation,
    context: AttemptContext<'_>,
    send: F,
) -> Result<Response<T>>
where
    T: Send,
    F: Fn(Core) -> Fut + Sync,
    Fut: Future<Output = std::result::Result<ResponseValue<T>, CoreError<()>>> + Send,
{
    let value = ResponseSlot::default();
    let sending = |core| value.sending(send(core));
    let response = send_once_any(shared, operation, context, &sending).await?;
    value.fill(response)
}

/// [`send_once`], compiled once for all operations.
pub(super) async fn send_once_any<'a>(
    shared: &Shared,
    operation: &Operation,
    context: AttemptContext<'_>,
    send: &SendOnce<'a>,
) -> Result<Response<()>> {
    let core = shared.core(operation.id, context.credential);
    let record = |status: StatusCode, headers: &HeaderMap| {
        if let Some(permit) = &context.permit {
            let is_refusal = status == StatusCode::TOO_MANY_REQUESTS;
            permit.record(
                &RateLimitHeaders::parse(headers),
                is_refusal,
                &*shared.clock,
            );
        }
    };
    let outcome = Timeout::new(Arc::clone(&shared.clock), shared.timeout, async {
        match send(core).await {
            Ok(response) => {
                record(response.status, &response.headers);
                Ok(response)
            }
            Err(CoreError::UnexpectedResponse(unexpected)) => {
                record(unexpected.status(), unexpected.headers());
                Err(response::failed(shared, operation, unexpected).await)
            }
            Err(error) => Err(response::error(
                shared,
                operation,
                context.credential,
                error,
            )),
        }
    });
    let span = trace::request(operation.line(), context.resends);
    let began = shared.clock.now();
    let outcome = outcome.instrument(span.clone()).await.unwrap_or_else(|| {
        Err(Error::new(
            ErrorKind::Timeout,
            format!(
                "the response to `{}` from {} was not complete within {:?}; try again, or set a longer timeout",
                operation.line(), shared.endpoint, shared.timeout
            ),
        ))
    });
    let elapsed = shared.clock.now() - began;
    let status = outcome.as_ref().map(|response| response.status);
    if let Some(observer) = &shared.observer {
        observe::response(&**observer, operation.id, operation.line(), status, elapsed);
    }
    trace::response(&span, status, elapsed);
    outcome
}
