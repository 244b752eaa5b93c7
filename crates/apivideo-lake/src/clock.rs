//! The monotonic clock of the machine. No other module reads it.

use std::time::Instant;

/// Returns the current instant, to measure elapsed time.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of this crate that reads the monotonic clock"
)]
pub(crate) fn instant() -> Instant {
    Instant::now()
}
