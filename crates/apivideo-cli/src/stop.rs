//! Ctrl-C and the other signals that end a command (SIGTERM, SIGHUP, SIGQUIT): the first one asks for an orderly stop, one that comes
//! more than a second later stops at once.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::time::Duration;

use futures_util::FutureExt;
#[cfg(unix)]
use futures_util::future::select_all;
use futures_util::future::{Either, select};
use tokio::sync::watch;

use crate::clock;
use crate::exit::Exit;
use crate::failure::{Failure, because};

/// So long after the first signal, others are taken as repetitions of it.
const REPEATS: Duration = Duration::from_secs(1);

/// Whether, and when, somebody wants us to stop. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Listens from now on, in a thread of its own: the command may stand still at an output that nobody reads.
    pub(crate) fn listen() -> Result<Self, Failure> {
        let failed = |error: io::Error| Failure::failed(because("cannot wait for signals", error));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
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
                // What comes at once belongs to the first: the orderly stop has its time.
                clock::sleep(REPEATS).await;
                while signals.next().now_or_never().is_some() {}
                signals.next().await;
            });
            std::process::exit(Exit::Interrupted.code().into());
        };
        std::thread::Builder::new()
            .name("signals".to_owned())
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

/// The signals that ask to stop. SIGHUP is not one of them where it was ignored when the command was started, as by `nohup`.
#[cfg(unix)]
struct Signals(Vec<tokio::signal::unix::Signal>);

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let ignored = ignored(std::fs::read_to_string("/proc/self/status").ok().as_deref());
        let hangup = SignalKind::hangup();
        let ignores_hangup = ignored & 1 << (hangup.as_raw_value() - 1) != 0;
        let mut kinds = vec![
            SignalKind::interrupt(),
            SignalKind::terminate(),
            SignalKind::quit(),
        ];
        if !ignores_hangup {
            kinds.push(hangup);
        }
        kinds
            .into_iter()
            .map(signal)
            .collect::<std::io::Result<_>>()
            .map(Self)
    }

    async fn next(&mut self) {
        select_all(self.0.iter_mut().map(|signal| Box::pin(signal.recv()))).await;
    }
}

/// The signals that this process ignores, a bit each, by what Linux says of it. Other systems don't say it.
#[cfg(unix)]
fn ignored(status: Option<&str>) -> u64 {
    status
        .and_then(|status| status.lines().find_map(|line| line.strip_prefix("SigIgn:")))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or(0)
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

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn ignored_signals_are_read_from_the_status_of_the_process() {
        let status = "Name:\tapivideo\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\n";
        assert_eq!(ignored(Some(status)), 0x1001);
        assert_eq!(ignored(Some("Name:\tapivideo\n")), 0);
        assert_eq!(ignored(None), 0);
    }
}
