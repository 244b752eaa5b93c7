//! Letting requests leave before anybody works on what is here.

use std::task::Context;

/// A turn for the connections.
///
/// A request that was asked for leaves when the task of its connection runs, which on a runtime of one thread is when
/// everybody else waits. A stream that had the next item at hand would not wait, and an application that computes would
/// not either: the request would leave when all was read and done. So a poll that asked for something ends there, and the
/// one after it, which comes at once, gives what is here.
#[derive(Debug, Default)]
pub(crate) struct YieldOnce {
    /// The poll before this one ended for it.
    had: bool,
}

impl YieldOnce {
    /// Whether this poll is to end, because it `asked`; never twice in a row.
    pub(crate) fn is_due(&mut self, requested: bool, cx: &mut Context<'_>) -> bool {
        let is_due = requested && !self.had;
        self.had = is_due;
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
    fn who_asked_comes_again_at_once_and_is_not_sent_away_twice() {
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
