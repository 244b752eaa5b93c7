//! Reads one window: its pager, and the current page.

use std::sync::Arc;
use std::task::{Context, Poll};

use crate::cursor::Before;
use crate::error::Result;
use crate::stream::dedup::{Fingerprints, Known};
use crate::stream::ledger::Start;
use crate::stream::page_response::PageResponse;
use crate::stream::pager::{PageContents, PageEnds, Pager, PagerOptions};
use crate::stream::plan::Plan;
use crate::stream::prefetch::Prefetch;
use crate::stream::records::Records;
use crate::transport::Transport;

/// Reads one window.
pub(crate) struct WindowReader<T> {
    window: u32,
    pager: Pager<T>,
    records: Records<T>,
    /// A page that was received before the turn of the window, or the end of the window.
    early: Option<Option<Result<PageResponse<T>>>>,
    prefetch: Prefetch,
    /// The items of its first page that an earlier stream yielded.
    start: Start,
    /// The items that were read.
    known: Known,
    /// The last record of the last received page.
    last: Option<u64>,
    rereads_reported: u64,
    /// The number of this pass, and the items that were received in it.
    pass: (u32, Fingerprints),
}

impl<T: 'static> WindowReader<T> {
    pub(crate) fn new(plan: &Arc<Plan<T>>, transport: &Transport, mut start: Start) -> Self {
        let options = PagerOptions {
            first: start.page,
            size: plan.page_size.get(),
            identified: plan.identity.is_some(),
            before: start.read,
        };
        let (fetch, transport, window) = (Arc::clone(&plan.fetch), transport.clone(), start.window);
        let pager = Pager::new(
            Arc::new(move |page| fetch(&transport, window, page)),
            options,
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
            prefetch: Prefetch::default(),
            known,
            last: start.last,
            rereads_reported: 0,
            pass: (1, Fingerprints::default()),
            start,
        }
    }

    pub(crate) fn window(&self) -> u32 {
        self.window
    }

    pub(crate) fn has_changed(&self) -> bool {
        self.pager.has_moved()
    }

    /// Whether a page of items without identity is a copy of the page before, or of the first one.
    pub(crate) fn is_copy(&self, digest: u64) -> bool {
        self.pager.is_copy(digest)
    }

    pub(crate) fn total(&self) -> Option<u64> {
        self.pager.total()
    }

    /// The items that were read before the next page.
    pub(crate) fn before(&self) -> Before {
        self.pager.before()
    }

    /// Returns the number of pages that were read a second time since the last call.
    pub(crate) fn take_rereads(&mut self) -> u64 {
        let rereads = self.pager.rereads();
        rereads - std::mem::replace(&mut self.rereads_reported, rereads)
    }

    /// Whether the last received page had been read before.
    pub(crate) fn rereads_page(&self) -> bool {
        self.pager.rereads_page()
    }

    /// Whether this is not the first pass.
    pub(crate) fn reads_again(&self) -> bool {
        self.pager.reads_again()
    }

    /// The items that were read.
    pub(crate) fn known(&mut self) -> &mut Known {
        &mut self.known
    }

    /// Whether every item that was read of the window is known.
    pub(crate) fn is_whole(&self) -> bool {
        self.known.is_whole()
    }

    /// The number of items in `known`.
    pub(crate) fn kept(&self) -> usize {
        self.known.len()
    }

    /// The item at which an earlier stream stopped, until it was found.
    pub(crate) fn anchor(&self) -> Option<u64> {
        self.start.last
    }

    /// The items of the next page that an earlier stream yielded.
    pub(crate) fn given(&self) -> &[u64] {
        &self.start.given
    }

    /// The last record of the last received page.
    pub(crate) fn last(&self) -> Option<u64> {
        self.last
    }

    /// Whether a page contains duplicates within this pass, where nothing else shows that the list is complete.
    pub(crate) fn repeats_in_pass(&mut self, prints: &[u64]) -> bool {
        let Some(pass) = self.pager.pass_without_total() else {
            return false;
        };
        if std::mem::replace(&mut self.pass.0, pass) != pass {
            self.pass.1.clear();
        }
        let mut repeats = false;
        for print in prints {
            repeats |= !self.pass.1.insert(*print);
        }
        repeats
    }

    /// Whether a page that begins with this item is a copy of the first one; see [`Pager::is_first_page`].
    pub(crate) fn is_first_page(&self, first: Option<u64>) -> bool {
        self.pager.is_first_page(first)
    }

    /// Checks whether a page continues those before; see [`Pager::join`].
    pub(crate) fn join(
        &mut self,
        page: PageResponse<T>,
        ends: PageEnds,
    ) -> Result<Option<PageResponse<T>>> {
        self.pager.join(page, ends)
    }

    /// Accepts a page, with what was found on it; see [`Pager::accept`].
    pub(crate) fn accept(
        &mut self,
        number: u32,
        last: Option<u64>,
        contents: PageContents,
    ) -> Result<()> {
        self.start.last = None;
        self.last = last.or(self.last);
        self.pager.accept(number, last, contents)
    }

    /// Whether no page follows the last received one.
    pub(crate) fn is_last(&self) -> bool {
        self.pager.is_done()
    }

    /// Takes what an earlier stream yielded of the next page: the number of records, and their fingerprints.
    pub(crate) fn take_given(&mut self) -> (usize, Vec<u64>) {
        (
            std::mem::take(&mut self.start.taken),
            std::mem::take(&mut self.start.given),
        )
    }

    /// Keeps the records of a page until they are taken.
    pub(crate) fn hold(&mut self, records: Records<T>) {
        self.prefetch.page_received(records.len());
        self.records = records;
    }

    /// Whether the next record is here and was decoded.
    #[inline]
    pub(crate) fn has_decoded(&self) -> bool {
        self.records.has_decoded()
    }

    /// Takes the next record, in the form that a stream returns.
    #[inline]
    pub(crate) fn poll_record(&mut self) -> Poll<Option<Result<T>>> {
        self.prefetch.item_taken();
        self.records.poll_next()
    }

    /// Whether enough of the first page has been taken to prefetch pages.
    pub(crate) fn prefetches(&self) -> bool {
        self.prefetch.has_started()
    }

    /// Prefetches up to `more` pages. Returns whether it requested one.
    pub(crate) fn request_ahead(&mut self, more: usize, cx: &mut Context<'_>) -> bool {
        self.pager.request_ahead(more, cx)
    }

    /// Whether all pages were requested, as far as is known.
    pub(crate) fn has_requested_all(&self) -> bool {
        self.pager.has_requested_all()
    }

    /// The number of pages that were requested and not received.
    pub(crate) fn requested(&self) -> usize {
        self.pager.requested()
    }

    /// The number of these whose requests are in flight.
    pub(crate) fn running(&self) -> usize {
        self.pager.running()
    }

    /// The number of pages that it keeps or has requested.
    pub(crate) fn holds(&self) -> usize {
        self.pager.requested() + usize::from(self.has_page())
    }

    /// Whether a page is here: the current one, or one that was received before the turn of the window.
    pub(crate) fn has_page(&self) -> bool {
        !self.records.is_empty() || self.early.is_some()
    }

    pub(crate) fn poll_page(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<PageResponse<T>>>> {
        match self.early.take() {
            Some(page) => Poll::Ready(page),
            None => self.pager.poll_page(cx),
        }
    }

    /// Reads the next page before the turn of the window.
    pub(crate) fn prepare(&mut self, cx: &mut Context<'_>) {
        if !self.has_page()
            && let Poll::Ready(page) = self.pager.poll_page(cx)
        {
            self.early = Some(page);
        }
    }
}
