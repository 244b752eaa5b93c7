//! Futures that run side by side and come out in the order in which they were added.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

/// Runs futures side by side; their outputs come out in the order of their addition.
///
/// Unlike `FuturesOrdered`, driving and taking are two steps: others are driven while the first
/// output still waits to be taken, and the ones that run are counted apart from the ones that are done.
pub(crate) struct Ordered<F: Future> {
    running: FuturesUnordered<Numbered<F>>,
    /// The outputs not yet taken, and a gap for each that still runs.
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

    /// How many run.
    pub(crate) fn running(&self) -> usize {
        self.running.len()
    }

    /// How many run or wait to be taken.
    pub(crate) fn len(&self) -> usize {
        self.outputs.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.outputs.is_empty()
    }

    /// Adds one and polls it: what it begins with does not wait until those that were woken before have had their turn.
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

    /// Drives those that were woken until the first output is there to be taken.
    ///
    /// What ends takes work (a page is decoded), and whoever waits for the first does not wait for the work of the others.
    pub(crate) fn drive_first(&mut self, cx: &mut Context<'_>) {
        while let Some(None) = self.outputs.front()
            && let Poll::Ready(Some((number, output))) = self.running.poll_next_unpin(cx)
        {
            self.outputs[number - self.first] = Some(output);
        }
    }

    /// Drives all that were woken; `true` when one of them has ended.
    pub(crate) fn drive(&mut self, cx: &mut Context<'_>) -> bool {
        let mut progress = false;
        while let Poll::Ready(Some((number, output))) = self.running.poll_next_unpin(cx) {
            // The number was counted from `first` when it was added, and `first` passes it only when it is taken.
            self.outputs[number - self.first] = Some(output);
            progress = true;
        }
        progress
    }

    /// Whether the next output in order is there.
    pub(crate) fn has_first(&self) -> bool {
        self.outputs.front().is_some_and(Option::is_some)
    }

    /// The next output in order, if it is there.
    pub(crate) fn take(&mut self) -> Option<F::Output> {
        let output = self.outputs.front_mut()?.take()?;
        self.outputs.pop_front();
        self.first += 1;
        Some(output)
    }

    /// Drops everything.
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
    fn outputs_come_in_order_and_all_are_driven() {
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
    fn a_future_begins_when_it_is_added() {
        let mut ordered = Ordered::new();
        let mut cx = Context::from_waker(Waker::noop());
        ordered.start(futures_util::future::ready(1).boxed(), &mut cx);
        ordered.start(std::future::pending().boxed(), &mut cx);
        assert_eq!((ordered.running(), ordered.len()), (1, 2));
        assert_eq!((ordered.take(), ordered.take()), (Some(1), None));
    }

    #[test]
    fn nobody_waits_for_the_work_of_those_behind_the_first() {
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
