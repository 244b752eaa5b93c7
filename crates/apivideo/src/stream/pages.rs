//! The stream of the pages of a list.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::{FusedStream, Stream};
use reqwest::StatusCode;

use crate::error::{Error, ErrorKind, Result};
use crate::id::AssetId;
use crate::page::Page;
use crate::progress::{Counters, Progress};
use crate::stream::pager::{PageContents, Pager, PagerOptions};
use crate::stream::plan::{Plan, Source};
use crate::stream::until_error::{Outcome, UntilError};
use crate::stream::yield_once::YieldOnce;
use crate::transport::Transport;

/// A stream of the pages of a list, in order, each with its pagination, status and headers. The pages of several assets are
/// yielded asset by asset.
///
/// The stream is lazy: the first poll sends the first request, and pages are prefetched from the second page on. Pages are
/// yielded as they are received: duplicates are not dropped, no page is read again, and a period is read as one window. The
/// stream ends after the last page or the first terminal error. If fewer records than `itemsTotal` were received, it ends
/// with an error of kind [`Incomplete`](crate::ErrorKind::Incomplete). Dropping the stream cancels its requests.
///
/// For an asset that does not exist, the stream yields an error of kind [`Asset`](crate::ErrorKind::Asset) and continues with
/// the next asset.
///
/// # Cancel safety
/// `next` and `try_next` are cancel safe: if the future is dropped before it completes, no page is lost.
///
/// ```
/// use futures::TryStreamExt;
/// # apivideo_simulator::doctest! { |client|
/// let mut pages = client.videos().page_size(5.try_into()?).pages();
/// while let Some(page) = pages.try_next().await? {
///     println!("{:?}: {} items", page.pagination.current_page, page.items.len());
/// }
/// # }
/// ```
#[must_use = "streams do nothing unless polled"]
pub struct PageStream<T> {
    /// Lists that were begun; the first one yields.
    begun: VecDeque<ListPages<T>>,
    /// Lists that were not begun.
    rest: Box<dyn Iterator<Item = ListPages<T>> + Send>,
    /// The number of lists that are read at a time.
    concurrency: usize,
    counters: Arc<Counters>,
    progress: Progress,
    /// The error that the stream yields instead of pages.
    error: Option<Error>,
    done: bool,
}

/// The pages of one list.
struct ListPages<T> {
    asset: Option<AssetId>,
    pager: Pager<T>,
    prefetch: usize,
    has_begun: bool,
    yield_once: YieldOnce,
    /// A received page that is held until the request for a later page has been sent.
    page: Option<Page<T>>,
    /// The output that was polled before this list was the first.
    early: Option<Option<Result<Page<T>>>>,
    /// The announced number of items.
    total: Option<u64>,
}

impl<T: Send + 'static> PageStream<T> {
    pub(crate) fn new(transport: &Transport, source: Source<T>) -> Self {
        let counters = transport.counters.clone().unwrap_or_default();
        let transport = transport.counted_by(Arc::clone(&counters));
        let mut progress = Progress::default();
        let (rest, concurrency, error): (Box<dyn Iterator<Item = _> + Send>, _, _) = match source {
            Source::List(plan) => {
                progress.assets_total = u64::from(plan.asset.is_some());
                let list = ListPages::new(&transport, plan);
                (Box::new(std::iter::once(list)), 1, None)
            }
            Source::Assets(plan) => {
                progress.assets_total = plan.assets.len() as u64;
                let assets: Vec<AssetId> = plan.assets.to_vec();
                let list = plan.list;
                let lists = assets
                    .into_iter()
                    .map(move |asset| ListPages::new(&transport, list(&asset)));
                (Box::new(lists), plan.concurrency, plan.error)
            }
        };
        Self {
            begun: VecDeque::new(),
            rest,
            concurrency,
            counters,
            progress,
            error,
            done: false,
        }
    }

    /// Returns the current progress of the stream.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # apivideo_simulator::doctest! { |client|
    /// let mut pages = client.videos().page_size(5.try_into()?).pages();
    /// while let Some(page) = pages.try_next().await? {
    ///     println!("page {}: {} items", pages.progress().pages, page.items.len());
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn progress(&self) -> Progress {
        let mut progress = self.progress.clone();
        for total in self.begun.iter().filter_map(|list| list.total) {
            *progress.expected.get_or_insert(0) += total;
        }
        self.counters.read_into(&mut progress);
        progress
    }

    /// Splits the stream into a stream of pages without errors and an [`Outcome`]. The stream ends at the first error, which the
    /// `Outcome` returns.
    ///
    /// ```
    /// use futures::StreamExt;
    /// # apivideo_simulator::doctest! { |client|
    /// let (pages, outcome) = client.videos().pages().until_error();
    /// println!("{} pages", pages.count().await);
    /// outcome.into_result()?;
    /// # }
    /// ```
    pub fn until_error(self) -> (UntilError<Self>, Outcome) {
        UntilError::new(self)
    }

    /// Removes the first list, which has ended.
    fn pass(&mut self) -> Option<AssetId> {
        let list = self.begun.pop_front()?;
        if let Some(total) = list.total {
            *self.progress.expected.get_or_insert(0) += total;
        }
        self.progress.assets_done += u64::from(list.asset.is_some());
        list.asset
    }

    fn count(&mut self, page: &Page<T>) {
        let progress = &mut self.progress;
        progress.pages += 1;
        progress.items += page.items.len() as u64;
        progress.invalid += page.invalid.len() as u64;
        progress.repaired += page.repaired;
    }
}

impl<T: Send + 'static> ListPages<T> {
    fn new(transport: &Transport, plan: Plan<T>) -> Self {
        let options = PagerOptions {
            first: 1,
            size: plan.page_size.get(),
            ..PagerOptions::default()
        };
        let (asset, prefetch) = (plan.asset, plan.prefetch);
        let (transport, fetch) = (transport.clone(), plan.fetch);
        let fetch = Arc::new(move |number| fetch(&transport, 0, number));
        Self::of(asset, Pager::new(fetch, options), prefetch)
    }
}

impl<T> ListPages<T> {
    fn of(asset: Option<AssetId>, pager: Pager<T>, prefetch: usize) -> Self {
        Self {
            asset,
            pager,
            prefetch,
            has_begun: false,
            yield_once: YieldOnce::default(),
            page: None,
            early: None,
            total: None,
        }
    }

    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Page<T>>>> {
        if let Some(early) = self.early.take() {
            return Poll::Ready(early);
        }
        let page = match self.page.take() {
            Some(page) => page,
            None => loop {
                let page = match self.pager.poll_page(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(None) => return Poll::Ready(None),
                    Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                    Poll::Ready(Some(Ok(page))) => page,
                };
                let len = page.records.len();
                let contents = PageContents {
                    len,
                    new: len as u64,
                    ..PageContents::default()
                };
                if let Err(error) = self.pager.accept(page.number, None, contents) {
                    return Poll::Ready(Some(Err(self.pager.give_up(error))));
                }
                if page.status != StatusCode::NOT_FOUND {
                    self.total = page.pagination.items_total.or(self.total);
                    break page.into_page(self.asset.clone());
                }
            },
        };
        let more = self.prefetch.saturating_sub(self.pager.requested());
        let has_begun = std::mem::replace(&mut self.has_begun, true);
        let requested = has_begun && self.pager.request_ahead(more, cx);
        if self.yield_once.is_due(requested, cx) {
            self.page = Some(page);
            return Poll::Pending;
        }
        Poll::Ready(Some(Ok(page)))
    }

    /// Reads the first page before the turn of this list.
    fn prepare(&mut self, cx: &mut Context<'_>) {
        if self.early.is_none()
            && let Poll::Ready(page) = self.poll_page(cx)
        {
            self.early = Some(page);
        }
    }
}

/// No field is structurally pinned.
impl<T> Unpin for PageStream<T> {}

impl<T: Send + 'static> Stream for PageStream<T> {
    type Item = Result<Page<T>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.done {
            return Poll::Ready(None);
        }
        if let Some(error) = this.error.take() {
            this.done = true;
            return Poll::Ready(Some(Err(error)));
        }
        loop {
            while this.begun.len() < this.concurrency
                && let Some(list) = this.rest.next()
            {
                this.begun.push_back(list);
            }
            let Some(list) = this.begun.front_mut() else {
                this.done = true;
                return Poll::Ready(None);
            };
            match list.poll_page(cx) {
                Poll::Pending => {
                    for list in this.begun.iter_mut().skip(1) {
                        list.prepare(cx);
                    }
                    return Poll::Pending;
                }
                Poll::Ready(None) => {
                    this.pass();
                }
                // Where only one asset is read, there is nothing to continue with.
                Poll::Ready(Some(Err(error)))
                    if error.kind() == ErrorKind::NotFound && this.progress.assets_total > 1 =>
                {
                    let skipped = this.pass();
                    return Poll::Ready(skipped.map(|asset| Err(Error::asset(asset, error))));
                }
                Poll::Ready(Some(Err(error))) => {
                    this.done = true;
                    this.begun.clear();
                    return Poll::Ready(Some(Err(error)));
                }
                Poll::Ready(Some(Ok(page))) => {
                    this.count(&page);
                    return Poll::Ready(Some(Ok(page)));
                }
            }
        }
    }
}

impl<T: Send + 'static> FusedStream for PageStream<T> {
    fn is_terminated(&self) -> bool {
        self.done
    }
}

impl<T> fmt::Debug for PageStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageStream")
            .field("progress", &self.progress)
            .field("done", &self.done)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
