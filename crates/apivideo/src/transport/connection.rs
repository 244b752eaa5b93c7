//! Failures of connections: a reused connection that was closed, a certificate that is not accepted.

use std::collections::HashSet;
use std::error::Error as StdError;
use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpInfo;
use reqwest::Response;

/// The maximum number of connections that are remembered.
const MAX_CONNECTIONS: usize = 4_096;

/// The connections that have carried a response, by their local addresses.
#[derive(Debug, Default)]
pub(crate) struct Connections(Mutex<HashSet<SocketAddr>>);

impl Connections {
    /// Remembers the connection of a response that was received.
    pub(crate) fn used(&self, response: &Response) {
        if let Some(info) = response.extensions().get::<HttpInfo>() {
            let mut known = self.lock();
            if known.len() >= MAX_CONNECTIONS {
                known.clear();
            }
            known.insert(info.local_addr());
        }
    }

    /// Returns whether a request failed because a reused connection was closed before the first byte of its response. The
    /// service closes idle connections at any time, so that this is not a failure of the service.
    ///
    /// Forgets the connection, so that there are never more such failures than responses.
    pub(crate) fn take_stale(&self, error: &(dyn StdError + 'static)) -> bool {
        let mut chain = sources(error);
        let info = chain.find_map(|error| error.downcast_ref::<legacy::Error>()?.connect_info());
        let Some(info) = info else {
            return false;
        };
        if !sources(error).any(is_closed) {
            return false;
        }
        let mut extras = Default::default();
        info.get_extras(&mut extras);
        extras
            .get::<HttpInfo>()
            .is_some_and(|info| self.lock().remove(&info.local_addr()))
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<SocketAddr>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the peer closed or reset the connection.
fn is_closed(error: &(dyn StdError + 'static)) -> bool {
    use io::ErrorKind::{
        BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected, UnexpectedEof,
    };
    let by_hyper = error
        .downcast_ref::<hyper::Error>()
        .is_some_and(|error| error.is_incomplete_message() || error.is_canceled());
    let by_system = error.downcast_ref::<io::Error>().is_some_and(|error| {
        matches!(
            error.kind(),
            BrokenPipe | ConnectionAborted | ConnectionReset | NotConnected | UnexpectedEof
        )
    });
    by_hyper || by_system
}

/// The reason why a connection cannot be established, if retries do not help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Permanent {
    /// The certificate of the peer is not accepted.
    Certificate,
    /// The proxy requires a user and a password, or different ones.
    ProxyAuthorization,
}

impl Permanent {
    /// Distinguishes a permanent failure to connect from a transient one. rustls and the platforms' libraries have separate
    /// types for this, so that the messages are searched.
    pub(crate) fn of(error: &reqwest::Error) -> Option<Self> {
        if !error.is_connect() {
            return None;
        }
        sources(error).find_map(|error| {
            let message = error.to_string();
            if message.contains("certificate") {
                Some(Self::Certificate)
            } else if message.contains("proxy authorization required") {
                Some(Self::ProxyAuthorization)
            } else {
                None
            }
        })
    }
}

/// The error and its sources, and the inner error of an I/O error, which its `source` skips.
pub(crate) fn sources<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| source(*error))
}

fn source<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
    {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}
