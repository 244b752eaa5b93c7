//! The clocks of the machine. No other module reads them.

use std::time::{Duration, Instant};

/// Returns the current instant, to measure elapsed time.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of the command that reads the monotonic clock"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Sleeps on tokio's timer.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of the command that sleeps"
)]
pub(crate) async fn sleep(duration: Duration) {
    tokio::time::sleep(duration).await;
}

/// Returns the current timestamp, to decide which day it is.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of the command that reads the system clock"
)]
pub(crate) fn timestamp() -> apivideo::Timestamp {
    apivideo::Timestamp::now()
}
