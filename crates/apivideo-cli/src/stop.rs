//! Signals that request termination: Ctrl-C (SIGINT), SIGTERM, SIGHUP and SIGQUIT.
//!
//! The first signal requests an orderly stop. A signal more than a second later terminates the process at once.

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
use crate::failure::{Failure, with_cause};

/// Signals within this time after the first one are treated as repetitions of it.
const REPEAT_WINDOW: Duration = Duration::from_secs(1);

/// Whether a stop was requested. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Listens for signals in a separate thread: the main thread may be blocked on an output that is not read.
    pub(crate) fn listen() -> Result<Self, Failure> {
        let failed =
            |error: io::Error| Failure::failed(with_cause("cannot listen for signals", error));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()
            .map_err(failed)?;
        let mut signals = {
            let _guard = runtime.enter();
            Signals::new().map_err(failed)?
        };
        let (sender, stop) = watch::channel(false);
        let listen = move || {
            runtime.block_on(async {
                signals.next().await;
                sender.send_replace(true);
                // Repetitions of the first signal must not interrupt the orderly stop.
                clock::sleep(REPEAT_WINDOW).await;
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

    /// Waits until a stop is requested.
    pub(crate) async fn requested(&self) {
        let mut stop = self.0.clone();
        if stop.wait_for(|is_requested| *is_requested).await.is_err() {
            // The listening thread has ended: a stop can no longer be requested.
            std::future::pending::<()>().await;
        }
    }

    /// Runs a future until it completes or a stop is requested; returns `None` and drops the future in the latter case.
    pub(crate) async fn run_until<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        match select(pin!(future), pin!(self.requested())).await {
            Either::Left((output, _)) => Some(output),
            Either::Right(_) => None,
        }
    }
}

/// Signals that request a stop. SIGHUP is excluded if it was ignored when the process started, as `nohup` does.
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

/// Returns a bit mask of the signals that this process ignores, from `/proc/self/status` on Linux; 0 elsewhere.
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
    fn reads_ignored_signals_from_the_process_status() {
        let status = "Name:\tapivideo\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\n";
        assert_eq!(ignored(Some(status)), 0x1001);
        assert_eq!(ignored(Some("Name:\tapivideo\n")), 0);
        assert_eq!(ignored(None), 0);
    }
}
