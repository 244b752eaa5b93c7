//! Reads one list: its windows, several at a time, their pages in order, their items once.

mod receive;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::sync::watch;

use crate::cursor::{Before, WindowsPosition};
use crate::error::{Error, Result};
use crate::progress::{Counters, Progress};
use crate::stream::dedup::RecentItems;
use crate::stream::ledger::{Ledger, Start};
use crate::stream::plan::Plan;
use crate::stream::progress_watch::ProgressWatch;
use crate::stream::window_reader::WindowReader;
use crate::stream::yield_once::YieldOnce;
use crate::transport::Transport;

/// Reads one list.
pub(super) struct ListReader<T> {
    transport: Transport,
    plan: Arc<Plan<T>>,
    /// The windows that are read, in ascending order.
    readers: VecDeque<WindowReader<T>>,
    /// Windows that an earlier stream had begun, and this one has not.
    resumed: VecDeque<Start>,
    ledger: Ledger,
    recent_items: RecentItems,
    /// The announced number of items of each window.
    totals: BTreeMap<u32, u64>,
    counters: Arc<Counters>,
    progress: Progress,
    watch: Option<watch::Sender<Progress>>,
    /// Whether a page was requested in this poll.
    requested: bool,
    yield_once: YieldOnce,
    done: bool,
}

/// A record that leaves its page, and its window.
pub(super) struct Record<T> {
    pub(super) window: u32,
    pub(super) outcome: Result<T>,
}

impl<T: 'static> ListReader<T> {
    pub(super) fn new(transport: &Transport, plan: Plan<T>) -> Self {
        // The requests of a stream inside another one are counted there.
        let counters = transport.counters.clone().unwrap_or_default();
        let progress = Progress {
            assets_total: u64::from(plan.asset.is_some()),
            ..Progress::default()
        };
        Self {
            transport: transport.counted_by(Arc::clone(&counters)),
            plan: Arc::new(plan),
            readers: VecDeque::new(),
            resumed: VecDeque::new(),
            ledger: Ledger::default(),
            recent_items: RecentItems::default(),
            totals: BTreeMap::new(),
            counters,
            progress,
            watch: None,
            requested: false,
            yield_once: YieldOnce::default(),
            done: false,
        }
    }

    /// Starts with a later page of the first window; `read` records before it are taken as read.
    pub(super) fn start_at(&mut self, page: u32, read: u64) {
        if let Some(start) = self.ledger.begin(self.plan.windows) {
            let read = Before {
                position: read,
                read,
                ..start.read
            };
            self.resumed.push_back(Start {
                page,
                read,
                ..start
            });
        }
    }

    /// Continues from a position, before the first poll.
    pub(super) fn resume(&mut self, position: &WindowsPosition) -> Result<()> {
        let (ledger, starts) = Ledger::resume(position, self.plan.windows)?;
        self.ledger = ledger;
        self.resumed = starts.into();
        Ok(())
    }

    pub(super) fn transport(&self) -> &Transport {
        &self.transport
    }

    pub(super) fn path(&self) -> &str {
        &self.plan.path
    }

    pub(super) fn position(&self) -> WindowsPosition {
        self.ledger.position()
    }

    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    /// The progress, except what its requests count.
    pub(super) fn received(&self) -> &Progress {
        &self.progress
    }

    pub(super) fn progress(&self) -> Progress {
        let mut progress = self.progress.clone();
        self.counters.read_into(&mut progress);
        progress
    }

    pub(super) fn watch(&mut self) -> ProgressWatch {
        let (progress, counters) = (&self.progress, &self.counters);
        let watch = self.watch.get_or_insert_with(|| {
            let watch = watch::Sender::new(progress.clone());
            counters.waiting.notify(watch.clone());
            watch
        });
        ProgressWatch::new(watch.subscribe())
    }

    /// Polls for the next item, which then counts as yielded.
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        loop {
            let record = match self.poll_record(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(Some(Ok(record))) => record,
            };
            self.yielded(record.window);
            match record.outcome {
                Ok(item) => return Poll::Ready(Some(Ok(item))),
                Err(error) => {
                    if let Some(error) = self.pass_invalid(error) {
                        return Poll::Ready(Some(Err(error)));
                    }
                }
            }
        }
    }

    /// Does what [`poll_next`](Self::poll_next) does where the next record is here, decoded, and of the only open window, which
    /// is nearly always. If it is ready, it counts as yielded, and is taken by [`take_decoded`](Self::take_decoded).
    #[inline]
    pub(super) fn poll_decoded(&mut self, cx: &mut Context<'_>) -> Option<Poll<()>> {
        // A window is begun whenever one can be, so a single one is the only one there is to read.
        if self.readers.len() != 1 {
            return None;
        }
        let reader = self.readers.front_mut()?;
        if !reader.has_decoded() {
            return None;
        }
        if reader.prefetches() {
            let more = self.plan.prefetch.saturating_sub(reader.requested());
            self.requested |= reader.request_ahead(more, cx);
        }
        if self.yields(cx) {
            return Some(Poll::Pending);
        }
        let reader = self.readers.front_mut()?;
        self.ledger.yielded(reader.window());
        Some(Poll::Ready(()))
    }

    /// Takes the record that [`poll_decoded`](Self::poll_decoded) found.
    #[inline]
    pub(super) fn take_decoded(&mut self) -> Poll<Option<Result<T>>> {
        match self.readers.front_mut() {
            Some(reader) => reader.poll_record(),
            None => Poll::Pending,
        }
    }

    /// Polls for the next record. It counts as yielded once [`yielded`](Self::yielded) is called.
    pub(super) fn poll_record(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Record<T>>>> {
        loop {
            if self.done {
                return Poll::Ready(None);
            }
            self.open_windows();
            if self.readers.is_empty() {
                self.progress.assets_done = self.progress.assets_total;
                self.finish();
                return Poll::Ready(None);
            }
            self.request_ahead(cx);
            if self.yields(cx) {
                return Poll::Pending;
            }
            // In order, only the first window yields; the others read as far as they may keep.
            let yielding = if self.plan.ordered {
                1
            } else {
                self.readers.len()
            };
            let mut ended = None;
            for index in 0..yielding {
                match self.poll_window(index, cx) {
                    Poll::Pending => {}
                    Poll::Ready(Some(outcome)) => {
                        if let Err(error) = outcome {
                            self.finish();
                            return Poll::Ready(Some(Err(error)));
                        }
                        return Poll::Ready(Some(outcome));
                    }
                    Poll::Ready(None) => {
                        ended = Some(index);
                        break;
                    }
                }
            }
            match ended {
                Some(index) => {
                    self.readers.remove(index);
                }
                None => return Poll::Pending,
            }
        }
    }

    /// Whether this poll ends here, because it requested a page.
    fn yields(&mut self, cx: &mut Context<'_>) -> bool {
        let requested = std::mem::take(&mut self.requested);
        self.yield_once.is_due(requested, cx)
    }

    /// Notes that the oldest polled record of the window has left the stream.
    pub(super) fn yielded(&mut self, window: u32) {
        self.ledger.yielded(window);
    }

    /// Counts a session that is skipped because its events could not be read.
    pub(super) fn skipped(&mut self) {
        self.progress.skipped += 1;
        self.report();
    }

    /// Passes the error of a record to `on_invalid`; returns it where there is no such handler.
    pub(super) fn pass_invalid(&mut self, mut error: Error) -> Option<Error> {
        if let Some(asset) = &self.plan.asset {
            error = error.with_asset(asset.clone());
        }
        match &self.plan.on_invalid {
            Some(handle) => {
                handle(error);
                None
            }
            None => Some(error),
        }
    }

    /// Prefetches pages of all windows.
    ///
    /// In order, the caller waits for the first window. So the pages that all windows together may request and keep go to the
    /// first one, as far as it has pages, then to the one after it, however long each of them is.
    fn request_ahead(&mut self, cx: &mut Context<'_>) {
        let prefetch = self.plan.prefetch;
        let shares = self.plan.ordered && self.readers.len() > 1 && prefetch > 0;
        let windows = self.plan.concurrency.min(self.plan.windows as usize);
        let sum =
            |count: fn(&WindowReader<T>) -> usize| self.readers.iter().map(count).sum::<usize>();
        let (mut running, mut held) = (sum(WindowReader::running), sum(WindowReader::holds));
        // Whether the windows before have requested all of their pages.
        let mut is_next = true;
        for (index, reader) in self.readers.iter_mut().enumerate() {
            let (ran, holding) = (reader.running(), reader.holds());
            let others = (running - ran, held - holding);
            let room = |reader: &WindowReader<T>| {
                let to_request = windows.saturating_mul(prefetch);
                let to_keep = windows.saturating_mul(prefetch.saturating_add(1));
                let to_request = to_request.saturating_sub(others.0 + reader.running());
                to_request.min(to_keep.saturating_sub(others.1 + reader.holds()))
            };
            if index > 0 && (!shares || reader.requested() > 0 || room(reader) > 0) {
                reader.prepare(cx);
            }
            if reader.prefetches() || (index > 0 && reader.has_page()) {
                let more = match (shares, is_next) {
                    (true, true) => room(reader),
                    (true, false) => 0,
                    (false, _) => prefetch.saturating_sub(reader.requested()),
                };
                self.requested |= reader.request_ahead(more, cx);
            }
            is_next &= reader.has_requested_all();
            running = others.0 + reader.running();
            held = others.1 + reader.holds();
        }
    }

    fn open_windows(&mut self) {
        while self.readers.len() < self.plan.concurrency {
            let Some(start) = self
                .resumed
                .pop_front()
                .or_else(|| self.ledger.begin(self.plan.windows))
            else {
                return;
            };
            self.readers
                .push_back(WindowReader::new(&self.plan, &self.transport, start));
        }
    }

    fn poll_window(
        &mut self,
        index: usize,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Record<T>>>> {
        loop {
            let Some(reader) = self.readers.get_mut(index) else {
                return Poll::Ready(None);
            };
            let window = reader.window();
            if let Poll::Ready(Some(outcome)) = reader.poll_record() {
                return Poll::Ready(Some(Ok(Record { window, outcome })));
            }
            match reader.poll_page(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => {
                    self.ledger.ended(window);
                    return Poll::Ready(None);
                }
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(Some(Ok(page))) => {
                    if let Err(error) = self.receive(index, page) {
                        return Poll::Ready(Some(Err(error)));
                    }
                    // Before the caller works on the page.
                    self.request_ahead(cx);
                    if self.yields(cx) {
                        return Poll::Pending;
                    }
                }
            }
        }
    }

    fn finish(&mut self) {
        self.done = true;
        self.readers.clear();
        self.report();
    }

    fn report(&mut self) {
        if let Some(watch) = &self.watch {
            self.counters.read_into(&mut self.progress);
            watch.send_replace(self.progress.clone());
        }
    }
}

impl<T> fmt::Debug for ListReader<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListReader")
            .field("path", &self.plan.path)
            .field("progress", &self.progress)
            .field("done", &self.done)
            .finish_non_exhaustive()
    }
}
