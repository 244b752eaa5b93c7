//! The machine's clock, for what people see of time.

use std::time::{Duration, Instant};

#[expect(
    clippy::disallowed_methods,
    reason = "the one place of the command that reads the machine's clock"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Sleeps by tokio's timer.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of the command that sleeps"
)]
pub(crate) async fn sleep(duration: Duration) {
    tokio::time::sleep(duration).await;
}

/// The time of the calendar, for what depends on which day it is.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of the command that reads the machine's calendar"
)]
pub(crate) fn today() -> apivideo::Timestamp {
    apivideo::Timestamp::now()
}
