//! The clocks of the machine, where no clock is injected. No other module reads them.

use std::time::Instant;

use apivideo::Timestamp;

/// Returns the current instant, to measure elapsed time.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of this crate that reads the monotonic clock"
)]
pub(crate) fn instant() -> Instant {
    Instant::now()
}

/// Returns the current time.
#[expect(
    clippy::disallowed_methods,
    reason = "the default where no clock is injected"
)]
pub(crate) fn timestamp() -> Timestamp {
    Timestamp::now()
}
