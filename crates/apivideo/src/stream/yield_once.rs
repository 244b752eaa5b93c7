//! Yields to the runtime once after a request was started.

use std::task::Context;

/// Lets connections send a request before the application works on the current item.
///
/// A request is sent when the task of its connection runs; on a single-threaded runtime that is when all other tasks wait. A
/// stream that has received items does not wait, and neither does an application that computes, so the request would be sent only
/// when all items were processed. Therefore a poll that requested a page returns `Pending` and wakes the task at once, and the
/// next poll returns the item.
#[derive(Debug, Default)]
pub(crate) struct YieldOnce {
    /// Whether the previous poll yielded.
    yielded: bool,
}

impl YieldOnce {
    /// Whether this poll has to yield, because it `requested` something; never twice in a row.
    pub(crate) fn is_due(&mut self, requested: bool, cx: &mut Context<'_>) -> bool {
        let is_due = requested && !self.yielded;
        self.yielded = is_due;
        if is_due {
            cx.waker().wake_by_ref();
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::{Wake, Waker};

    use super::*;

    #[derive(Default)]
    struct Woken(AtomicU32);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn yields_once_per_request_and_wakes_the_task() {
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(Arc::clone(&woken));
        let mut cx = Context::from_waker(&waker);
        let mut yield_once = YieldOnce::default();
        let due = [false, true, false, true, true, true, false]
            .map(|requested| yield_once.is_due(requested, &mut cx));
        assert_eq!(due, [false, true, false, true, false, true, false]);
        assert_eq!(woken.0.load(Ordering::Relaxed), 3);
    }
}
