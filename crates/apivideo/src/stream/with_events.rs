//! Items with their events: sessions whose events are read while the list is read.

use std::collections::VecDeque;
use std::fmt;
use std::task::{Context, Poll};

use crate::error::{Error, ErrorKind, Result};
use crate::stream::list_reader::{ListReader, Record};
use crate::stream::ordered::Ordered;
use crate::stream::plan::{Events, Unread};
use crate::stream::progress_watch::ProgressWatch;
use crate::stream::yield_once::YieldOnce;
use crate::transport::Transport;
use crate::transport::clock::BoxFuture;

/// The number of sessions that are kept at most for each request that may run.
const HELD: usize = 4;

/// This number of unusable responses in a row means that the operation is broken, not the sessions.
const UNUSABLE_IN_A_ROW: usize = 20;

/// Reads the events of the items of a list, several at a time, in the order of the items.
///
/// A failure of one item alone is yielded as an error and does not end the stream. Unusable responses are such failures only
/// once the events of a later item could be read, or at the end of the list: until then the cursor stays before them.
pub(super) struct WithEvents<T> {
    transport: Transport,
    reader: ListReader<T>,
    events: Events<T>,
    requested: Ordered<BoxFuture<Outcome<T>>>,
    yield_once: YieldOnce,
    /// Unusable responses in a row.
    unusable: VecDeque<Outcome<T>>,
    /// Outcomes that are yielded next, before those of `requested`.
    settled: VecDeque<Outcome<T>>,
    list: List,
}

/// The outcome of one record of the list, and its window.
struct Outcome<T> {
    window: u32,
    result: Result<T>,
    /// The item, where its events could not be read.
    unread: Option<T>,
}

/// The state of the list of items.
enum List {
    Open,
    /// It has ended, with an error that is yielded after the items before it.
    Ended(Option<Error>),
    /// Everything was yielded.
    Done,
}

impl<T: Send + 'static> WithEvents<T> {
    pub(super) fn new(reader: ListReader<T>, events: Events<T>) -> Self {
        Self {
            transport: reader.transport().clone(),
            reader,
            events,
            requested: Ordered::new(),
            yield_once: YieldOnce::default(),
            unusable: VecDeque::new(),
            settled: VecDeque::new(),
            list: List::Open,
        }
    }

    pub(super) fn reader(&self) -> &ListReader<T> {
        &self.reader
    }

    pub(super) fn reader_mut(&mut self) -> &mut ListReader<T> {
        &mut self.reader
    }

    pub(super) fn watch(&mut self) -> ProgressWatch {
        self.reader.watch()
    }

    pub(super) fn is_done(&self) -> bool {
        matches!(self.list, List::Done)
    }

    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        loop {
            let requested = self.fill(cx);
            let has_ended = self.requested.drive(cx);
            let is_ready = !self.settled.is_empty() || self.requested.has_first();
            if self.yield_once.is_due(requested && is_ready, cx) {
                return Poll::Pending;
            }
            let unusable = self.unusable.len();
            match self.next_outcome() {
                Some(Outcome {
                    result: Err(error), ..
                }) if error.is_terminal() => {
                    self.finish();
                    return Poll::Ready(Some(Err(error)));
                }
                Some(Outcome {
                    window,
                    result,
                    unread,
                }) => {
                    self.reader.yielded(window);
                    match result {
                        Err(error) if error.kind() == ErrorKind::Record => {
                            if let Some(error) = self.reader.pass_invalid(error) {
                                return Poll::Ready(Some(Err(error)));
                            }
                            continue;
                        }
                        Err(error) => {
                            self.reader.skipped();
                            let kept = unread.filter(|_| self.events.keep_unread);
                            return Poll::Ready(Some(kept.ok_or(error)));
                        }
                        Ok(item) => return Poll::Ready(Some(Ok(item))),
                    }
                }
                None => {}
            }
            let made_room = has_ended || self.unusable.len() != unusable;
            match self.list {
                List::Done => return Poll::Ready(None),
                List::Ended(_) if self.requested.is_empty() => {
                    return Poll::Ready(self.finish().map(Err));
                }
                // What has ended made room: request more before waiting.
                List::Open if made_room => {}
                _ => return Poll::Pending,
            }
        }
    }

    /// Requests the events of as many items as may run; `true` when it requested some.
    fn fill(&mut self, cx: &mut Context<'_>) -> bool {
        let mut requested = false;
        while let List::Open = self.list
            && self.requested.running() < self.events.concurrency
            && self.requested.len() < self.events.concurrency.saturating_mul(HELD)
        {
            match self.reader.poll_record(cx) {
                Poll::Pending => break,
                Poll::Ready(Some(Ok(Record { window, outcome }))) => {
                    let (transport, read) = (self.transport.clone(), self.events.read);
                    let outcome = Box::pin(async move {
                        let (result, unread) = match outcome {
                            Ok(item) => match read(transport, item).await {
                                Ok(item) => (Ok(item), None),
                                Err(Unread { item, error }) => (Err(error), Some(item)),
                            },
                            Err(error) => (Err(error), None),
                        };
                        Outcome {
                            window,
                            result,
                            unread,
                        }
                    });
                    self.requested.start(outcome, cx);
                    requested = true;
                }
                Poll::Ready(Some(Err(error))) => self.list = List::Ended(Some(error)),
                Poll::Ready(None) => self.list = List::Ended(None),
            }
        }
        requested
    }

    fn finish(&mut self) -> Option<Error> {
        self.requested.clear();
        self.unusable.clear();
        self.settled.clear();
        match std::mem::replace(&mut self.list, List::Done) {
            List::Ended(error) => error,
            List::Open | List::Done => None,
        }
    }

    /// Returns the next outcome to yield, if there is one. Unusable responses wait until another outcome settles what they mean.
    fn next_outcome(&mut self) -> Option<Outcome<T>> {
        loop {
            if let Some(outcome) = self.settled.pop_front() {
                return Some(outcome);
            }
            let Some(outcome) = self.requested.take() else {
                // At the end of the list nothing else can settle it.
                if matches!(self.list, List::Ended(None)) && self.requested.is_empty() {
                    self.settled.append(&mut self.unusable);
                    return self.settled.pop_front();
                }
                return None;
            };
            match (&outcome.result, self.unusable.is_empty()) {
                (Err(error), _) if is_unusable(error) => {
                    self.unusable.push_back(outcome);
                    if self.unusable.len() >= UNUSABLE_IN_A_ROW {
                        return self.unusable.pop_front().map(broken);
                    }
                }
                // The stream ends, and the cursor stays before the unusable ones: they are read again.
                (Err(error), _) if error.is_terminal() => return Some(outcome),
                (_, true) => return Some(outcome),
                (_, false) => {
                    self.settled.append(&mut self.unusable);
                    self.settled.push_back(outcome);
                }
            }
        }
    }
}

/// Whether the response could not be used, as it would be if the whole operation were broken.
fn is_unusable(error: &Error) -> bool {
    error.kind() == ErrorKind::Events
        && !(error.is_not_found() || error.has_kind(&[ErrorKind::Record]))
}

/// Ends the stream at the first of many sessions whose responses could not be used.
fn broken<T>(outcome: Outcome<T>) -> Outcome<T> {
    let result = outcome.result.map_err(|error| {
        let message = format!(
            "the events of {UNUSABLE_IN_A_ROW} sessions in a row could not be read; \
             check that the base URL is the service's, and try again later"
        );
        Error::operation(error, message)
    });
    Outcome { result, ..outcome }
}

impl<T> fmt::Debug for WithEvents<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WithEvents")
            .field("list", &self.reader)
            .field("concurrency", &self.events.concurrency)
            .finish_non_exhaustive()
    }
}
