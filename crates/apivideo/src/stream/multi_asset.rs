//! The sessions of several assets as one stream.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::sync::watch;

use crate::cursor::{AssetPosition, AssetsPosition, WindowsPosition};
use crate::error::{Error, ErrorKind, Result};
use crate::id::AssetId;
use crate::progress::{Counters, Progress};
use crate::stream::list_stream::ListStream;
use crate::stream::plan::AssetsPlan;
use crate::stream::progress_watch::ProgressWatch;
use crate::transport::Transport;

/// The number of open assets for each one that is read at a time: those that have ended keep their items until their turn.
const OPEN: usize = 4;
/// While one asset yields without a pause, the others are polled after this number of items.
const POLL_OTHERS_AFTER: u32 = 32;

/// Reads the lists of several assets: several at a time, and in their order unless the plan is unordered.
pub(super) struct MultiAsset<T> {
    transport: Transport,
    plan: AssetsPlan<T>,
    /// Assets that were not begun.
    rest: VecDeque<AssetPosition>,
    /// Assets that were begun, in their order. In order, the first one yields.
    begun: VecDeque<Begun<T>>,
    /// Without order: the asset that is polled first.
    current: usize,
    /// The progress of finished assets.
    past: Progress,
    counters: Arc<Counters>,
    /// The progress that was reported last.
    reported: Progress,
    watch: Option<watch::Sender<Progress>>,
    yielded: u32,
    done: bool,
}

/// An asset that was begun.
struct Begun<T> {
    asset: AssetId,
    list: ListStream<T>,
    /// Its first item or its end, where it was polled before its turn.
    held: Option<Option<Result<T>>>,
    /// The position at which it was begun, until an item of it is yielded.
    start: Option<Option<WindowsPosition>>,
}

impl<T: Send + 'static> MultiAsset<T> {
    pub(super) fn new(transport: &Transport, plan: AssetsPlan<T>) -> Self {
        let counters = transport.counters.clone().unwrap_or_default();
        let rest = plan.assets.iter().map(|asset| AssetPosition {
            asset: asset.clone(),
            position: None,
        });
        Self {
            transport: transport.counted_by(Arc::clone(&counters)),
            rest: rest.collect(),
            begun: VecDeque::new(),
            current: 0,
            past: Progress {
                assets_total: plan.assets.len() as u64,
                ..Progress::default()
            },
            counters,
            reported: Progress::default(),
            watch: None,
            yielded: 0,
            done: false,
            plan,
        }
    }

    /// Continues from a position, before the first poll.
    pub(super) fn resume(&mut self, position: &AssetsPosition) -> Result<()> {
        let known: HashSet<&AssetId> = self.plan.assets.iter().collect();
        let assets = position.assets.iter();
        if let Some(other) = assets.clone().find(|entry| !known.contains(&entry.asset)) {
            return Err(Error::input(format!(
                "the cursor does not match this list: it continues with {}, which is not an asset of this list; \
                 resume it with the list that returned it",
                other.asset
            )));
        }
        for entry in assets.clone() {
            if let Some(windows) = &entry.position {
                self.open(&entry.asset).resume(windows)?;
            }
        }
        self.rest = assets.cloned().collect();
        self.past.assets_done = position.done;
        self.past.assets_total = position.done.saturating_add(position.assets.len() as u64);
        Ok(())
    }

    pub(super) fn position(&self) -> AssetsPosition {
        let begun = self.begun.iter().map(|begun| AssetPosition {
            asset: begun.asset.clone(),
            position: match &begun.start {
                Some(start) => start.clone(),
                None => Some(begun.list.position()),
            },
        });
        AssetsPosition {
            done: self.past.assets_done,
            assets: begun.chain(self.rest.iter().cloned()).collect(),
        }
    }

    pub(super) fn progress(&self) -> Progress {
        let mut sum = self.past.clone();
        for begun in &self.begun {
            sum.add(begun.list.received());
        }
        self.counters.read_into(&mut sum);
        sum
    }

    pub(super) fn watch(&mut self) -> ProgressWatch {
        let progress = self.progress();
        let counters = &self.counters;
        let watch = self.watch.get_or_insert_with(|| {
            let watch = watch::Sender::new(progress);
            counters.waiting.notify(watch.clone());
            watch
        });
        ProgressWatch::new(watch.subscribe())
    }

    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        if self.done {
            return Poll::Ready(None);
        }
        if let Some(error) = self.plan.error.take() {
            self.finish();
            return Poll::Ready(Some(Err(error)));
        }
        loop {
            if let Err(error) = self.begin() {
                self.finish();
                return Poll::Ready(Some(Err(error)));
            }
            if self.begun.is_empty() {
                self.finish();
                return Poll::Ready(None);
            }
            let Some((index, item)) = self.poll_lists(cx) else {
                self.report();
                return Poll::Pending;
            };
            match item {
                None => {
                    self.pass(index);
                    self.report();
                }
                // Where only one asset is read, there is nothing to continue with.
                Some(Err(error))
                    if error.kind() == ErrorKind::NotFound && self.past.assets_total > 1 =>
                {
                    let skipped = self.pass(index);
                    self.report();
                    return Poll::Ready(skipped.map(|asset| Err(Error::asset(asset, error))));
                }
                Some(Err(error)) if error.is_terminal() => {
                    self.finish();
                    return Poll::Ready(Some(Err(error)));
                }
                item => {
                    self.yielded_by(index, cx);
                    return Poll::Ready(item);
                }
            }
        }
    }

    /// Returns the next item or the end of an asset, and which asset; `None` where all of them wait.
    fn poll_lists(&mut self, cx: &mut Context<'_>) -> Option<(usize, Option<Result<T>>)> {
        if self.plan.ordered {
            if let Poll::Ready(item) = self.begun.front_mut()?.poll_next(cx) {
                return Some((0, item));
            }
            self.poll_others(cx);
            return None;
        }
        let count = self.begun.len();
        for offset in 0..count {
            let index = (self.current + offset) % count;
            if let Some(begun) = self.begun.get_mut(index)
                && let Poll::Ready(item) = begun.poll_next(cx)
            {
                return Some((index, item));
            }
        }
        None
    }

    /// Notes that an item of an asset is yielded. From time to time, the other assets have their turn.
    fn yielded_by(&mut self, index: usize, cx: &mut Context<'_>) {
        if let Some(begun) = self.begun.get_mut(index) {
            begun.start = None;
        }
        self.current = index;
        self.yielded += 1;
        if self.yielded >= POLL_OTHERS_AFTER {
            self.yielded = 0;
            self.current = index + 1;
            if self.plan.ordered {
                self.poll_others(cx);
            }
            self.report();
        }
    }

    /// Begins as many assets as may be read.
    fn begin(&mut self) -> Result<()> {
        if self.rest.is_empty() {
            return Ok(());
        }
        let running = |begun: &VecDeque<Begun<T>>| {
            let runs = |begun: &&Begun<T>| !matches!(begun.held, Some(None));
            begun.iter().filter(runs).count()
        };
        while self.begun.len() < self.plan.concurrency.saturating_mul(OPEN)
            && running(&self.begun) < self.plan.concurrency
            && let Some(entry) = self.rest.pop_front()
        {
            let mut list = self.open(&entry.asset);
            if let Some(windows) = &entry.position
                && let Err(error) = list.resume(windows)
            {
                self.rest.push_front(entry);
                return Err(error);
            }
            self.begun.push_back(Begun {
                asset: entry.asset,
                list,
                held: None,
                start: Some(entry.position),
            });
        }
        Ok(())
    }

    fn open(&self, asset: &AssetId) -> ListStream<T> {
        ListStream::new(&self.transport, (self.plan.list)(asset))
    }

    /// Lets the assets whose turn has not come read as far as they may.
    fn poll_others(&mut self, cx: &mut Context<'_>) {
        for begun in self.begun.iter_mut().skip(1) {
            if begun.held.is_none()
                && let Poll::Ready(item) = begun.list.poll_next(cx)
            {
                begun.held = Some(item);
            }
        }
    }

    /// Removes an asset that has ended.
    fn pass(&mut self, index: usize) -> Option<AssetId> {
        let begun = self.begun.remove(index)?;
        self.past.add(begun.list.received());
        self.past.assets_done += 1;
        Some(begun.asset)
    }

    fn finish(&mut self) {
        self.done = true;
        self.report();
    }

    fn report(&mut self) {
        if self.watch.is_none() {
            return;
        }
        let progress = self.progress();
        if progress != self.reported
            && let Some(watch) = &self.watch
        {
            self.reported = progress.clone();
            watch.send_replace(progress);
        }
    }
}

impl<T: Send + 'static> Begun<T> {
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        match self.held.take() {
            Some(held) => Poll::Ready(held),
            None => self.list.poll_next(cx),
        }
    }
}

impl<T> fmt::Debug for MultiAsset<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MultiAsset")
            .field("begun", &self.begun.len())
            .field("rest", &self.rest.len())
            .field("done", &self.done)
            .finish_non_exhaustive()
    }
}
