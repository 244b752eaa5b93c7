use std::error::Error as StdError;
use std::net::Ipv4Addr;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

use super::outgoing::Broken;
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
        async move { service.answer(request).await }
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
