//! Attempts of operations that have the same outcome when they are repeated.
//!
//! The client of the object store repeats most requests on its own, but not those to delete objects, and not after a response
//! that ends early.

use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// The maximum number of attempts.
const ATTEMPTS: u32 = 4;

/// The pause after the first attempt. Each is four times as long as the one before.
const PAUSE: Duration = Duration::from_millis(100);

/// The time after which no other attempt is started, because the client has already repeated the request, or its responses
/// are missing.
const LIMIT: Duration = Duration::from_secs(60);

/// Runs an operation until it succeeds, at most a few times. Its last error is returned.
#[expect(
    clippy::disallowed_methods,
    reason = "as in the client of the store: time has no effect on data"
)]
pub(super) async fn repeat<T, F>(mut operation: impl FnMut() -> F) -> io::Result<T>
where
    F: Future<Output = io::Result<T>>,
{
    let started = Instant::now();
    let mut pause = PAUSE;
    for _ in 1..ATTEMPTS {
        match operation().await {
            Err(error) if is_transient(&error) && started.elapsed() < LIMIT => {
                sleep(pause).await;
                pause *= 4;
            }
            outcome => return outcome,
        }
    }
    operation().await
}

/// Returns whether another attempt can succeed. Errors of local files have other kinds.
fn is_transient(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::Other | io::ErrorKind::UnexpectedEof
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the number of attempts, and whether the last one succeeded.
    async fn attempts(kind: io::ErrorKind, failures: u32) -> (u32, bool) {
        let mut count = 0;
        let outcome = repeat(|| {
            count += 1;
            let outcome = match count > failures {
                true => Ok(()),
                false => Err(io::Error::from(kind)),
            };
            async move { outcome }
        })
        .await;
        (count, outcome.is_ok())
    }

    #[tokio::test]
    async fn only_errors_that_can_end_are_repeated() {
        assert_eq!(attempts(io::ErrorKind::Other, 2).await, (3, true));
        assert_eq!(attempts(io::ErrorKind::UnexpectedEof, 9).await, (4, false));
        for kind in [
            io::ErrorKind::NotFound,
            io::ErrorKind::PermissionDenied,
            io::ErrorKind::AlreadyExists,
            io::ErrorKind::InvalidInput,
            io::ErrorKind::StorageFull,
        ] {
            assert_eq!(attempts(kind, 9).await, (1, false), "{kind}");
        }
    }
}
