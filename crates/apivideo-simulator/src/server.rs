use std::error::Error as StdError;
use std::future::poll_fn;
use std::net::Ipv4Addr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

use crate::error::Error;
use crate::http::body::ConnectionBreak;
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::service;
use crate::state::State;

/// A listening socket and the task that serves it. Dropping it closes all connections.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) port: u16,
    task: AbortHandle,
}

impl Server {
    pub(crate) async fn start(port: u16, state: Arc<State>) -> Result<Self, Error> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(|error| {
                Error::with_source(
                    format!(
                        "cannot listen on 127.0.0.1:{port}: use another port, or 0 for any free port"
                    ),
                    error,
                )
            })?;
        let port = listener
            .local_addr()
            .map_err(|error| {
                Error::with_source("cannot read the address of the listening socket", error)
            })?
            .port();
        // The state is new, without an earlier port.
        let _ = state.port.set(port);
        let task = tokio::spawn(accept(listener, state)).abort_handle();
        Ok(Self { port, task })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Accepts connections until the future is dropped, which closes them.
async fn accept(listener: TcpListener, state: Arc<State>) {
    let mut connections = JoinSet::new();
    loop {
        // An error concerns a single connection (reset before it was accepted), or a temporary lack of descriptors.
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(serve(stream, Arc::clone(&state)));
            }
            Err(_) => tokio::task::yield_now().await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, state: Arc<State>) {
    // Without Nagle's algorithm, small responses are sent immediately. A failure only affects latency.
    let _ = stream.set_nodelay(true);
    let respond = service_fn(move |request| {
        let state = Arc::clone(&state);
        async move {
            let response = catch_panic(service::respond(&state, request)).await;
            response.unwrap_or_else(|| Ok(Response::from(Problem::server_error()).into_http()))
        }
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), respond);
    // Errors of a connection are those of its client, except for a break demanded by the fault script.
    if let Err(error) = (&mut connection).await
        && let Some(ConnectionBreak { reset: true }) =
            error.source().and_then(<dyn StdError>::downcast_ref)
    {
        let stream = connection.into_parts().io.into_inner();
        // With a linger time of zero, closing the socket sends a reset.
        let _ = stream.set_zero_linger();
    }
}

/// Returns the output of a future, or `None` if it panics, so that a defect becomes a 500 and the connection survives.
///
/// The shared state stays usable, because its locks ignore poisoning.
async fn catch_panic<F: Future>(future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    poll_fn(|cx| {
        let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx)));
        polled.map_or(Poll::Ready(None), |polled| polled.map(Some))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn catch_panic_returns_the_output_or_none() {
        let later = |value: u32| async move {
            tokio::task::yield_now().await;
            assert_ne!(value, 0, "this panic is part of a test");
            value
        };
        assert_eq!(catch_panic(later(7)).await, Some(7));
        assert_eq!(catch_panic(later(0)).await, None);
    }
}
