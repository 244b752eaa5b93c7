//! Copying the items of a stream to a sink, with progress, checkpoints and a stop signal.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use apivideo::{Cursor, ErrorKind, ItemStream};
use futures_util::StreamExt;

use super::checkpoint_file::CheckpointFile;
use crate::checkpoint::Checkpoint;
use crate::clock;
use crate::context::Context;
use crate::destination::Destination;
use crate::failure::{Cause, Failure, with_cause};
use crate::output::Sink;
use crate::progress::{Status, TICK};
use crate::stderr::{print_error, print_warning};

/// The number of items after which a due checkpoint is written if the stream never waits.
const ITEMS_PER_CHECK: u64 = 100;

/// The outcome of copying.
pub(super) enum Outcome {
    /// At the end of the list, or at the limit.
    Complete,
    Stopped,
    Failed(apivideo::Error),
}

/// The result of a poll.
enum Event<T> {
    Item(apivideo::Result<T>),
    End,
    Stop,
}

/// Copies the items of a stream to a sink.
pub(super) struct Copy<'a> {
    context: &'a Context<'a>,
    noun: (&'static str, &'static str),
    limit: u64,
    page_size: u64,
    destination: &'a Destination,
    file: &'a mut CheckpointFile,
    checkpoint: &'a mut Checkpoint,
    /// Items since the last check whether the checkpoint is due.
    since_check: u64,
    /// A failed write of the checkpoint was reported.
    has_reported: bool,
}

impl<'a> Copy<'a> {
    pub(super) fn new(
        context: &'a Context<'a>,
        noun: (&'static str, &'static str),
        limit: Option<u64>,
        destination: &'a Destination,
        file: &'a mut CheckpointFile,
        checkpoint: &'a mut Checkpoint,
    ) -> Self {
        Self {
            context,
            noun,
            limit: limit.unwrap_or(u64::MAX),
            page_size: u64::from(context.settings.page_size.value.get()),
            destination,
            file,
            checkpoint,
            since_check: 0,
            has_reported: false,
        }
    }

    pub(super) async fn run<T: Send + 'static>(
        &mut self,
        stream: &mut ItemStream<T>,
        mut resumed_from: Option<Cursor>,
        sink: &mut dyn Sink<T>,
    ) -> Result<Outcome, Failure> {
        let mut reporter = self.context.reporter();
        let mut stop = pin!(self.context.stop.requested());
        let mut tick: Pin<Box<dyn Future<Output = ()>>> = Box::pin(clock::sleep(TICK));
        while self.checkpoint.written < self.limit {
            let mut was_pending = false;
            let event = poll_fn(|cx| {
                if stop.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(Ok(Event::Stop));
                }
                match stream.poll_next_unpin(cx) {
                    Poll::Ready(Some(item)) => return Poll::Ready(Ok(Event::Item(item))),
                    Poll::Ready(None) => return Poll::Ready(Ok(Event::End)),
                    Poll::Pending => {}
                }
                // A stream can be pending just to send a request, and ready at the next poll.
                if !std::mem::replace(&mut was_pending, true) {
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                // All items are visible to readers of the output while the command waits for more.
                if let Err(error) = sink.flush() {
                    return Poll::Ready(Err(Failure::output(error)));
                }
                if let Err(failure) = self.update_checkpoint(stream, sink) {
                    return Poll::Ready(Err(failure));
                }
                while tick.as_mut().poll(cx).is_ready() {
                    tick = Box::pin(clock::sleep(TICK));
                }
                reporter.show(&Status::of_stream(&stream.progress(), self.noun));
                Poll::Pending
            });
            match event.await? {
                Event::Item(Ok(item)) => {
                    self.file.create(self.checkpoint)?;
                    if let Some(before) = resumed_from.take()
                        && let Some((before, now)) = totals(&before, &stream.cursor())
                    {
                        self.warn_of_changed_length(before, now);
                    }
                    sink.write(&item).map_err(Failure::output)?;
                    self.checkpoint.written += 1;
                    self.since_check += 1;
                    if self.since_check >= ITEMS_PER_CHECK {
                        self.since_check = 0;
                        self.update_checkpoint(stream, sink)?;
                    }
                }
                Event::Item(Err(error)) if error.is_terminal() => {
                    return Ok(Outcome::Failed(error));
                }
                Event::Item(Err(error)) => {
                    // Earlier items come first. The error is reported even if they cannot be written.
                    let _ = sink.flush();
                    self.record_missing(&error);
                }
                Event::End => break,
                Event::Stop => return Ok(Outcome::Stopped),
            }
        }
        Ok(Outcome::Complete)
    }

    /// Writes the checkpoint if it is due.
    fn update_checkpoint<T: Send + 'static>(
        &mut self,
        stream: &ItemStream<T>,
        sink: &mut dyn Sink<T>,
    ) -> Result<(), Failure> {
        if !self.file.is_due() {
            return Ok(());
        }
        sink.flush().map_err(Failure::output)?;
        self.checkpoint.layout = sink.layout();
        let updated = self
            .file
            .update(self.checkpoint, stream.cursor(), self.destination);
        // The previous checkpoint is still valid: the command continues.
        if let Err(failure) = updated
            && !std::mem::replace(&mut self.has_reported, true)
        {
            failure.report();
        }
        Ok(())
    }

    /// Reports and records an item that is missing in the output.
    fn record_missing(&mut self, error: &apivideo::Error) {
        let missing = &mut self.checkpoint.missing;
        match (error.kind(), error.asset_id(), error.session_id()) {
            (ErrorKind::Asset, Some(asset), _) => {
                print_error(error);
                missing.assets.add(asset.to_string());
            }
            (ErrorKind::Events, _, Some(session)) => {
                print_error(error);
                missing.sessions.add(session.to_string());
            }
            _ => {
                let position = position(error);
                let invalid: Cause =
                    with_cause(format!("{position} is invalid"), error.clone()).into();
                print_error(&*invalid);
                missing.records.add(position);
            }
        }
    }

    /// Warns of possible duplicates in the output if the length of the list has changed since the checkpoint was written.
    fn warn_of_changed_length(&self, before: u64, now: u64) {
        let duplicates = match now.checked_sub(before) {
            Some(0) => return,
            Some(growth) => growth,
            // In a shorter list, items have moved to earlier pages, which are read again as far as the length has changed.
            None => (before - now).div_ceil(self.page_size) * self.page_size,
        };
        print_warning(&format!(
            "the list has {now} {plural}, but had {before} when the checkpoint was written; the output may contain up to \
             {duplicates} duplicate {plural}",
            plural = self.noun.1
        ));
    }
}

/// Returns the length of the list at each of two cursors, if both are known and belong to the same asset.
fn totals(before: &Cursor, now: &Cursor) -> Option<(u64, u64)> {
    let is_same = before.remaining_assets().next() == now.remaining_assets().next();
    is_same.then_some((before.total()?, now.total()?))
}

/// Returns the position of an invalid record: its page, its index in the page and its id, as far as known.
fn position(error: &apivideo::Error) -> String {
    let Some(record) = error.record() else {
        return error.to_string();
    };
    let page = match error.page() {
        Some(page) => format!("page {page}"),
        None => "a page".to_owned(),
    };
    let id = record.id.as_ref().map(|id| format!(" ({id})"));
    format!(
        "record {} of {page}{}",
        record.index,
        id.unwrap_or_default()
    )
}
