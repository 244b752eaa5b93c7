//! The stream of one list, with or without events.

use std::fmt;
use std::task::{Context, Poll};

use crate::cursor::WindowsPosition;
use crate::error::Result;
use crate::progress::Progress;
use crate::stream::list_reader::ListReader;
use crate::stream::plan::Plan;
use crate::stream::progress_watch::ProgressWatch;
use crate::stream::with_events::WithEvents;
use crate::transport::Transport;

/// The stream of one list.
pub(super) enum ListStream<T> {
    Items(Box<ListReader<T>>),
    WithEvents(Box<WithEvents<T>>),
}

impl<T: Send + 'static> ListStream<T> {
    /// Reads the list from its start.
    pub(super) fn new(transport: &Transport, mut plan: Plan<T>) -> Self {
        let events = plan.events.take();
        let reader = ListReader::new(transport, plan);
        match events {
            Some(events) => Self::WithEvents(Box::new(WithEvents::new(reader, events))),
            None => Self::Items(Box::new(reader)),
        }
    }

    /// Continues from a position, before the first poll.
    pub(super) fn resume(&mut self, position: &WindowsPosition) -> Result<()> {
        match self {
            Self::Items(reader) => reader.resume(position),
            Self::WithEvents(stream) => stream.reader_mut().resume(position),
        }
    }

    pub(super) fn position(&self) -> WindowsPosition {
        self.reader().position()
    }

    /// The path of the list.
    pub(super) fn path(&self) -> &str {
        self.reader().path()
    }

    /// The progress, except what its requests count.
    pub(super) fn received(&self) -> &Progress {
        self.reader().received()
    }

    pub(super) fn progress(&self) -> Progress {
        self.reader().progress()
    }

    pub(super) fn watch(&mut self) -> ProgressWatch {
        match self {
            Self::Items(reader) => reader.watch(),
            Self::WithEvents(stream) => stream.watch(),
        }
    }

    pub(super) fn is_done(&self) -> bool {
        match self {
            Self::Items(reader) => reader.is_done(),
            Self::WithEvents(stream) => stream.is_done(),
        }
    }

    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        match self {
            Self::Items(reader) => reader.poll_next(cx),
            Self::WithEvents(stream) => stream.poll_next(cx),
        }
    }

    fn reader(&self) -> &ListReader<T> {
        match self {
            Self::Items(reader) => reader,
            Self::WithEvents(stream) => stream.reader(),
        }
    }
}

impl<T> fmt::Debug for ListStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Items(reader) => reader.fmt(f),
            Self::WithEvents(stream) => stream.fmt(f),
        }
    }
}
