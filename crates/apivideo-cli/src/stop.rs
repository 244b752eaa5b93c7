//! Ctrl-C: the first one asks to stop, the second one stops.

use std::future::Future;
use std::io;
use std::pin::pin;

use futures_util::future::{Either, select};
use tokio::sync::watch;

use crate::exit::Exit;
use crate::failure::{Failure, because};

/// Whether, and when, somebody wants us to stop. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Listens from now on, in a thread of its own: the command may stand still at an output that nobody reads.
    pub(crate) fn listen() -> Result<Self, Failure> {
        let failed =
            |error: io::Error| Failure::failed(because("Ctrl-C can't be waited for", error));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()
            .map_err(failed)?;
        let mut signals = {
            let _guard = runtime.enter();
            Signals::new().map_err(failed)?
        };
        let (told, stop) = watch::channel(false);
        let listen = move || {
            runtime.block_on(async {
                signals.next().await;
                told.send_replace(true);
                signals.next().await;
            });
            std::process::exit(Exit::Interrupted.code().into());
        };
        std::thread::Builder::new()
            .name("ctrl-c".to_owned())
            .spawn(listen)
            .map_err(failed)?;
        Ok(Self(stop))
    }

    /// Waits until it is asked for.
    pub(crate) async fn requested(&self) {
        let mut told = self.0.clone();
        if told.wait_for(|is_requested| *is_requested).await.is_err() {
            // Nobody can ask any more.
            std::future::pending::<()>().await;
        }
    }

    /// What the future gives, or `None` when it is to stop before that; the future is dropped then.
    pub(crate) async fn or<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        match select(pin!(future), pin!(self.requested())).await {
            Either::Left((output, _)) => Some(output),
            Either::Right(_) => None,
        }
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        select(pin!(self.interrupt.recv()), pin!(self.terminate.recv())).await;
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
