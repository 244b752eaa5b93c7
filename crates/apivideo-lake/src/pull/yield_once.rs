//! Lets other tasks run during long work without requests.

use std::future::poll_fn;
use std::task::Poll;

/// Lets other tasks run, and the pull be cancelled.
pub(super) async fn yield_once() {
    let mut is_first = true;
    poll_fn(|context| {
        if std::mem::take(&mut is_first) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(())
    })
    .await;
}
