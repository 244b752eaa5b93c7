//! One window while it is read.

use std::sync::Arc;
use std::task::{Context, Poll};

use crate::cursor::Before;
use crate::error::Result;
use crate::stream::dedup::{Fingerprints, Known};
use crate::stream::ledger::Start;
use crate::stream::pager::{Contents, Ends, Fetched, Pager, Reading};
use crate::stream::plan::Plan;
use crate::stream::records::Records;
use crate::transport::Transport;

/// Reading ahead begins once this part of the first page has been taken, and not before [`FIRST_ITEMS`].
const FIRST_PART: usize = 8;
/// Who takes no more than this many items makes one request, however small the pages are.
const FIRST_ITEMS: usize = 5;

/// One window while it is read: its pager, and what it holds.
pub(super) struct Reader<T> {
    window: u32,
    pager: Pager<T>,
    records: Records<T>,
    /// A page that came before its turn, or how the window ended.
    early: Option<Option<Result<Fetched<T>>>>,
    ahead: Ahead,
    /// What was given of its first page before.
    start: Start,
    /// The items that were read.
    known: Known,
    /// The last record of the page that came last.
    last: Option<u64>,
    rereads_told: u64,
    /// The items that came since the list was begun for this time.
    lap: (u32, Fingerprints),
}

/// Whether pages are read ahead.
#[derive(Clone, Copy, Debug)]
enum Ahead {
    /// The first page has not come.
    NotYet,
    /// So many items of the first page are to be taken before.
    After(usize),
    Always,
}

impl<T: 'static> Reader<T> {
    pub(super) fn new(plan: &Arc<Plan<T>>, transport: &Transport, mut start: Start) -> Self {
        let reading = Reading {
            first: start.page,
            size: plan.target.page_size.get(),
            identified: plan.identity.is_some(),
            before: start.read,
        };
        let (fetch, transport, window) = (Arc::clone(&plan.fetch), transport.clone(), start.window);
        let pager = Pager::new(
            Arc::new(move |page| fetch(&transport, window, page)),
            reading,
        );
        let count = start.given.len().max(start.known.len());
        let mut known = Known::new(start.read.read <= count as u64);
        if !start.known.is_empty() {
            for fingerprint in std::mem::take(&mut start.known) {
                known.insert(fingerprint, false);
            }
            known.index();
        }
        Self {
            window,
            pager,
            records: Records::from_iter([]),
            early: None,
            ahead: Ahead::NotYet,
            known,
            last: start.last,
            rereads_told: 0,
            lap: (1, Fingerprints::default()),
            start,
        }
    }

    pub(super) fn window(&self) -> u32 {
        self.window
    }

    pub(super) fn has_moved(&self) -> bool {
        self.pager.has_moved()
    }

    /// Whether a page of items without identity is the page before, or the first one, once more.
    pub(super) fn is_copy(&self, digest: u64) -> bool {
        self.pager.is_copy(digest)
    }

    pub(super) fn total(&self) -> Option<u64> {
        self.pager.total()
    }

    /// What was read before the page that comes next.
    pub(super) fn before(&self) -> Before {
        self.pager.before()
    }

    /// The number of pages that were read a second time since this was asked last.
    pub(super) fn take_rereads(&mut self) -> u64 {
        let rereads = self.pager.rereads();
        rereads - std::mem::replace(&mut self.rereads_told, rereads)
    }

    /// Whether the page that came last had been read before.
    pub(super) fn rereads_page(&self) -> bool {
        self.pager.rereads_page()
    }

    /// Whether the list is read for another time.
    pub(super) fn reads_again(&self) -> bool {
        self.pager.reads_again()
    }

    /// The items that were read.
    pub(super) fn known(&mut self) -> &mut Known {
        &mut self.known
    }

    /// Whether every item that was read of the window is known.
    pub(super) fn is_whole(&self) -> bool {
        self.known.is_whole()
    }

    /// How many items are kept in `known`.
    pub(super) fn kept(&self) -> usize {
        self.known.len()
    }

    /// The item at which an earlier stream stopped, until it was found.
    pub(super) fn anchor(&self) -> Option<u64> {
        self.start.last
    }

    /// What was given of the page that comes, by an earlier stream.
    pub(super) fn given(&self) -> &[u64] {
        &self.start.given
    }

    /// The last record of the page that came last.
    pub(super) fn last(&self) -> Option<u64> {
        self.last
    }

    /// Whether items of a page came before while the list was read this time, where nothing else shows that it is complete.
    pub(super) fn repeats_in_lap(&mut self, prints: &[u64]) -> bool {
        let Some(lap) = self.pager.lap_without_total() else {
            return false;
        };
        if std::mem::replace(&mut self.lap.0, lap) != lap {
            self.lap.1.clear();
        }
        let mut repeats = false;
        for print in prints {
            repeats |= !self.lap.1.insert(*print);
        }
        repeats
    }

    /// Whether a page that begins with this item is the first one once more; see [`Pager::is_first_page`].
    pub(super) fn is_first_page(&self, first: Option<u64>) -> bool {
        self.pager.is_first_page(first)
    }

    /// Checks whether a page joins those before; see [`Pager::join`].
    pub(super) fn join(&mut self, page: Fetched<T>, ends: Ends) -> Result<Option<Fetched<T>>> {
        self.pager.join(page, ends)
    }

    /// Takes in what was found on a page; see [`Pager::settle`].
    pub(super) fn settle(
        &mut self,
        number: u32,
        last: Option<u64>,
        contents: Contents,
    ) -> Result<()> {
        self.start.last = None;
        self.last = last.or(self.last);
        self.pager.settle(number, last, contents)
    }

    /// Whether no page follows the one that came last.
    pub(super) fn is_last(&self) -> bool {
        self.pager.is_done()
    }

    /// What was given of the page that comes, once: how many records, and which.
    pub(super) fn take_given(&mut self) -> (usize, Vec<u64>) {
        (
            std::mem::take(&mut self.start.taken),
            std::mem::take(&mut self.start.given),
        )
    }

    /// Keeps the records of a page, to be taken one by one.
    pub(super) fn hold(&mut self, records: Records<T>) {
        if let Ahead::NotYet = self.ahead {
            self.ahead = Ahead::After(records.len().div_ceil(FIRST_PART).max(FIRST_ITEMS));
        }
        self.records = records;
    }

    /// Whether the next record is here, and a good one.
    #[inline]
    pub(super) fn has_good(&self) -> bool {
        self.records.has_good()
    }

    /// The next record, as a stream gives it.
    #[inline]
    pub(super) fn poll_record(&mut self) -> Poll<Option<Result<T>>> {
        match self.ahead {
            Ahead::After(0) => self.ahead = Ahead::Always,
            Ahead::After(more) => self.ahead = Ahead::After(more - 1),
            Ahead::NotYet | Ahead::Always => {}
        }
        self.records.poll_next()
    }

    /// Whether enough of the first page has been taken for pages to be read ahead.
    pub(super) fn reads_ahead(&self) -> bool {
        matches!(self.ahead, Ahead::Always)
    }

    /// Reads ahead, asking for so many `more` pages at most; `true` when it asked for one.
    pub(super) fn read_ahead(&mut self, more: usize, cx: &mut Context<'_>) -> bool {
        self.pager.read_ahead(more, cx)
    }

    /// Whether no page is left to be asked for, as far as is known.
    pub(super) fn has_asked_all(&self) -> bool {
        self.pager.has_asked_all()
    }

    /// How many pages are asked for and not held yet.
    pub(super) fn asked(&self) -> usize {
        self.pager.asked()
    }

    /// How many of these are on their way.
    pub(super) fn running(&self) -> usize {
        self.pager.running()
    }

    /// How many pages it holds or has asked for.
    pub(super) fn holds(&self) -> usize {
        self.pager.asked() + usize::from(self.has_page())
    }

    /// Whether a page is here, one that came before its turn or one that is given.
    pub(super) fn has_page(&self) -> bool {
        !self.records.is_empty() || self.early.is_some()
    }

    pub(super) fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Fetched<T>>>> {
        match self.early.take() {
            Some(page) => Poll::Ready(page),
            None => self.pager.poll_page(cx),
        }
    }

    /// Reads the next page before its turn.
    pub(super) fn prepare(&mut self, cx: &mut Context<'_>) {
        if !self.has_page()
            && let Poll::Ready(page) = self.pager.poll_page(cx)
        {
            self.early = Some(page);
        }
    }
}
