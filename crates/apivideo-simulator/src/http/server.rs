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

use super::outgoing::Broken;
use super::problem::Problem;
use super::reply::Reply;
use super::service::Service;
use crate::Error;

/// An open port and the task that serves it. Dropped, it ends with all its connections.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) port: u16,
    task: AbortHandle,
}

impl Server {
    pub(crate) async fn start(port: u16, service: Arc<Service>) -> Result<Self, Error> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(|error| {
                Error::caused(
                    format!(
                        "can't listen on 127.0.0.1:{port}; another port, or 0 for any, may be free"
                    ),
                    error,
                )
            })?;
        let port = listener
            .local_addr()
            .map_err(|error| Error::caused("the open port has no address", error))?
            .port();
        let task = tokio::spawn(accept(listener, service)).abort_handle();
        Ok(Self { port, task })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Takes connections for as long as it is polled; the connections live and end with it.
async fn accept(listener: TcpListener, service: Arc<Service>) {
    let mut connections = JoinSet::new();
    loop {
        // An error here is that of one connection (reset before it was taken), or a passing lack of descriptors.
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(serve(stream, Arc::clone(&service)));
            }
            Err(_) => tokio::task::yield_now().await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, service: Arc<Service>) {
    // Only a matter of speed: small replies go out at once.
    let _ = stream.set_nodelay(true);
    let answer = service_fn(move |request| {
        let service = Arc::clone(&service);
        async move {
            let answered = caught(service.answer(request)).await;
            answered.unwrap_or_else(|| Ok(Reply::from(Problem::server_error()).into_response()))
        }
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), answer);
    // A connection that breaks is the client's affair, unless we broke it.
    if let Err(error) = (&mut connection).await
        && let Some(Broken { reset: true }) = error.source().and_then(<dyn StdError>::downcast_ref)
    {
        let stream = connection.into_parts().io.into_inner();
        // With nothing to wait for, closing resets.
        let _ = stream.set_zero_linger();
    }
}

/// What a future gives; `None` if it panics, which is then on stderr. The connection and its client go on.
///
/// The service is shared behind locks that are taken over from whoever panicked.
async fn caught<F: Future>(future: F) -> Option<F::Output> {
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
    async fn a_panic_is_caught_and_everything_else_comes_through() {
        let later = |value: u32| async move {
            tokio::task::yield_now().await;
            assert_ne!(value, 0, "this panic is part of a test");
            value
        };
        assert_eq!(caught(later(7)).await, Some(7));
        assert_eq!(caught(later(0)).await, None);
    }
}
