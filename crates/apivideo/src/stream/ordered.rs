//! Concurrent futures whose outputs are taken in the order in which the futures were added.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

/// Runs futures concurrently; their outputs are taken in the order in which they were added.
///
/// Unlike in `FuturesOrdered`, driving and taking are two steps: other futures are driven while the first output waits to be
/// taken, and running futures are counted separately from finished ones.
pub(crate) struct Ordered<F: Future> {
    running: FuturesUnordered<Numbered<F>>,
    /// The outputs that were not taken; `None` for a future that runs.
    outputs: VecDeque<Option<F::Output>>,
    /// The number of the first of `outputs`.
    first: usize,
}

impl<F: Future + Unpin> Ordered<F> {
    pub(crate) fn new() -> Self {
        Self {
            running: FuturesUnordered::new(),
            outputs: VecDeque::new(),
            first: 0,
        }
    }

    /// The number of running futures.
    pub(crate) fn running(&self) -> usize {
        self.running.len()
    }

    /// The number of futures that run, or whose outputs were not taken.
    pub(crate) fn len(&self) -> usize {
        self.outputs.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.outputs.is_empty()
    }

    /// Adds a future and polls it at once, so that its request does not wait for the turn of futures that were woken before.
    pub(crate) fn start(&mut self, mut future: F, cx: &mut Context<'_>) {
        match Pin::new(&mut future).poll(cx) {
            Poll::Ready(output) => self.outputs.push_back(Some(output)),
            Poll::Pending => {
                self.running.push(Numbered {
                    number: self.first + self.outputs.len(),
                    future,
                });
                self.outputs.push_back(None);
            }
        }
    }

    /// Drives futures that were woken until the first output can be taken.
    ///
    /// The end of a future is work (a page is decoded), and the caller that waits for the first output does not wait for the work
    /// of the others.
    pub(crate) fn drive_first(&mut self, cx: &mut Context<'_>) {
        while let Some(None) = self.outputs.front()
            && let Poll::Ready(Some((number, output))) = self.running.poll_next_unpin(cx)
        {
            self.outputs[number - self.first] = Some(output);
        }
    }

    /// Drives all futures that were woken. Returns whether one of them has ended.
    pub(crate) fn drive(&mut self, cx: &mut Context<'_>) -> bool {
        let mut progress = false;
        while let Poll::Ready(Some((number, output))) = self.running.poll_next_unpin(cx) {
            // It is not less than `first`, which grows only when outputs are taken.
            self.outputs[number - self.first] = Some(output);
            progress = true;
        }
        progress
    }

    /// Whether the next output can be taken.
    pub(crate) fn has_first(&self) -> bool {
        self.outputs.front().is_some_and(Option::is_some)
    }

    /// Takes the next output, if it is ready.
    pub(crate) fn take(&mut self) -> Option<F::Output> {
        let output = self.outputs.front_mut()?.take()?;
        self.outputs.pop_front();
        self.first += 1;
        Some(output)
    }

    /// Drops all futures and outputs.
    pub(crate) fn clear(&mut self) {
        *self = Self::new();
    }
}

struct Numbered<F> {
    number: usize,
    future: F,
}

impl<F: Future + Unpin> Future for Numbered<F> {
    type Output = (usize, F::Output);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let number = self.number;
        Pin::new(&mut self.future)
            .poll(cx)
            .map(|output| (number, output))
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use futures_util::FutureExt;
    use tokio::sync::oneshot;

    use super::*;

    #[test]
    fn drives_all_and_returns_outputs_in_order() {
        let mut ordered = Ordered::new();
        let mut cx = Context::from_waker(Waker::noop());
        let (senders, receivers): (Vec<_>, Vec<_>) = (0..3).map(|_| oneshot::channel()).unzip();
        for receiver in receivers {
            ordered.start(receiver.map(|n| n.unwrap()).boxed(), &mut cx);
        }
        let mut senders: Vec<_> = senders.into_iter().map(Some).collect();
        senders[2].take().unwrap().send(2).unwrap();
        assert!(ordered.drive(&mut cx));
        assert_eq!(
            (ordered.take(), ordered.running(), ordered.len()),
            (None, 2, 3)
        );
        senders[0].take().unwrap().send(0).unwrap();
        assert!(ordered.drive(&mut cx));
        assert_eq!(ordered.take(), Some(0));
        assert_eq!(ordered.take(), None);
        senders[1].take().unwrap().send(1).unwrap();
        assert!(ordered.drive(&mut cx));
        assert_eq!(
            (ordered.take(), ordered.take(), ordered.take()),
            (Some(1), Some(2), None)
        );
        assert!(ordered.is_empty());
        assert!(!ordered.drive(&mut cx));
    }

    #[test]
    fn polls_a_future_when_it_is_added() {
        let mut ordered = Ordered::new();
        let mut cx = Context::from_waker(Waker::noop());
        ordered.start(futures_util::future::ready(1).boxed(), &mut cx);
        ordered.start(std::future::pending().boxed(), &mut cx);
        assert_eq!((ordered.running(), ordered.len()), (1, 2));
        assert_eq!((ordered.take(), ordered.take()), (Some(1), None));
    }

    #[test]
    fn the_first_output_does_not_wait_for_the_work_of_others() {
        let mut ordered = Ordered::new();
        let mut cx = Context::from_waker(Waker::noop());
        let (senders, receivers): (Vec<_>, Vec<_>) = (0..3).map(|_| oneshot::channel()).unzip();
        for receiver in receivers {
            ordered.start(receiver.map(|n| n.unwrap()).boxed(), &mut cx);
        }
        for (number, sender) in senders.into_iter().enumerate() {
            sender.send(number).unwrap();
        }
        ordered.drive_first(&mut cx);
        assert_eq!((ordered.running(), ordered.take()), (2, Some(0)));
        ordered.drive_first(&mut cx);
        assert_eq!((ordered.running(), ordered.take()), (1, Some(1)));
        assert!(ordered.drive(&mut cx));
        assert_eq!(ordered.take(), Some(2));
        ordered.drive_first(&mut cx);
        assert!(ordered.is_empty());
    }
}
