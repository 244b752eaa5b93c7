//! One call of an operation: authorized, rate limited and retried.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use apivideo_core::Client as Core;
use progenitor_client::{Error as CoreError, ResponseValue};
use reqwest::StatusCode;
use tracing::Instrument;

use crate::error::Result;
pub(crate) use crate::transport::attempt::Response;
use crate::transport::attempt::{AttemptContext, ResponseSlot, SendOnce, send_once_any};
pub(crate) use crate::transport::operation::Operation;
pub(crate) use crate::transport::response::{Undecodable, refuse_old_envelope};
use crate::transport::retry::{self, Attempt, Attempted, Failure};
use crate::transport::{Transport, trace};

/// Sends a request with the client's authorization, within its rate limit, and retries it as its policy allows.
///
/// After a 401 the authorization is renewed once per call, and the request is sent once more.
pub(crate) async fn call<T, F, Fut>(
    transport: &Transport,
    operation: &Operation,
    send: F,
) -> Result<Response<T>>
where
    T: Send,
    F: Fn(Core) -> Fut + Sync,
    Fut: Future<Output = std::result::Result<ResponseValue<T>, CoreError<()>>> + Send,
{
    let value = ResponseSlot::default();
    let sending = |core| value.sending(send(core));
    let response = call_any(transport, operation, &sending).await?;
    value.fill(response)
}

/// [`call`], compiled once for all operations.
async fn call_any<'a>(
    transport: &Transport,
    operation: &Operation,
    send: &SendOnce<'a>,
) -> Result<Response<()>> {
    let is_renewed = AtomicBool::new(false);
    let context = transport
        .shared
        .retry_context(operation, transport.counters.as_deref());
    let call = retry::run(&context, |attempt| {
        authorized(transport, operation, attempt, &is_renewed, send)
    });
    call.instrument(trace::call(operation.id, operation.page))
        .await
}

/// One attempt of a call, with its authorization and its permit.
async fn authorized<'a>(
    transport: &Transport,
    operation: &Operation,
    attempt: Attempt,
    is_renewed: &AtomicBool,
    send: &SendOnce<'a>,
) -> Attempted<Response<()>> {
    let mut elapsed = Duration::ZERO;
    let outcome = authorized_within(
        transport,
        operation,
        attempt,
        is_renewed,
        send,
        &mut elapsed,
    );
    let outcome = outcome.await;
    Attempted { outcome, elapsed }
}

/// [`authorized`]; adds the time that counts against the retry policy to `elapsed`.
async fn authorized_within<'a>(
    transport: &Transport,
    operation: &Operation,
    attempt: Attempt,
    is_renewed: &AtomicBool,
    send: &SendOnce<'a>,
    elapsed: &mut Duration,
) -> std::result::Result<Response<()>, Failure> {
    let Transport {
        shared,
        authorization,
        counters,
    } = transport;
    let mut resends = attempt.resends + u32::from(is_renewed.load(Ordering::Relaxed));
    loop {
        // Before the wait, since a refused key needs none; and after it, since a token can expire meanwhile.
        authorization.credential(shared).await?;
        let permit = match &shared.limiter {
            Some(limiter) => {
                let max_wait = attempt
                    .max_wait
                    .map(|max_wait| max_wait.saturating_sub(*elapsed));
                let permit = limiter.permit(&*shared.clock, counters.as_deref(), max_wait);
                let permit = permit.await.map_err(|too_long| {
                    *elapsed += too_long.waited;
                    Failure::TooLate(too_long.wait)
                })?;
                if attempt.max_wait.is_some() {
                    *elapsed += permit.waited;
                }
                Some(permit)
            }
            None => None,
        };
        let credential = authorization.credential(shared).await?;
        let began = shared.clock.now();
        let context = AttemptContext {
            credential: Some(&credential),
            permit,
            resends,
        };
        let outcome = send_once_any(shared, operation, context, send).await;
        // It took longer than its timeout only while it was not polled.
        *elapsed += (shared.clock.now() - began).min(shared.timeout);
        match outcome {
            Err(error)
                if error.status() == Some(StatusCode::UNAUTHORIZED)
                    && !is_renewed.swap(true, Ordering::Relaxed)
                    && authorization.refuse(&credential) =>
            {
                resends += 1;
            }
            // Neither an attempt nor a failure of the service.
            Err(error) if shared.connections.take_stale(&error) => {
                trace::stale(operation.line());
                resends += 1;
            }
            outcome => return outcome.map_err(Failure::from),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::Client;
    use crate::progress::Counters;
    use crate::transport::retry::RetryPolicy;

    #[tokio::test]
    async fn retries_are_counted_for_the_stream_alone() {
        // A port without a server.
        let wait = Duration::from_millis(1);
        let policy = RetryPolicy::default()
            .max_attempts(3)
            .initial_backoff(wait)
            .max_backoff(wait);
        let client = Client::builder()
            .api_key("key")
            .with_basic_auth()
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
