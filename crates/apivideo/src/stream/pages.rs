//! A stream of pages.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::{FusedStream, Stream};

use crate::error::Result;
use crate::page::Page;
use crate::stream::pager::Pager;

/// The pages of a list, in order, each with its pagination, status and headers.
///
/// Lazy: the first poll asks for the first page. From the second page on, pages are read ahead. Pages come as they
/// are: nothing is dropped that comes again, and a period is read as one window.
/// Ends after the last page, or after the first error. Dropping it cancels what is in flight.
///
/// ```
/// use futures::TryStreamExt;
/// # use apivideo_simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = Simulator::builder().start().await?;
/// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
///
/// let mut pages = client.videos().page_size(5.try_into()?).pages();
/// while let Some(page) = pages.try_next().await? {
///     println!("{:?}: {} items", page.pagination.current_page, page.items.len());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "streams do nothing unless polled"]
pub struct PageStream<T> {
    pager: Pager<T>,
    prefetch: usize,
    begun: bool,
    /// A page that came, and lets the request for a later one go first.
    page: Option<Page<T>>,
}

impl<T> PageStream<T> {
    pub(crate) fn new(pager: Pager<T>, prefetch: usize) -> Self {
        Self {
            pager,
            prefetch,
            begun: false,
            page: None,
        }
    }
}

/// Nothing of it is pinned in place.
impl<T> Unpin for PageStream<T> {}

impl<T> Stream for PageStream<T> {
    type Item = Result<Page<T>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Some(page) = this.page.take() {
            return Poll::Ready(Some(Ok(page)));
        }
        let Poll::Ready(page) = this.pager.poll_page(cx) else {
            return Poll::Pending;
        };
        let page = page.map(|page| page.map(Page::from));
        if std::mem::replace(&mut this.begun, true) {
            let more = this.prefetch.saturating_sub(this.pager.asked());
            let asked = this.pager.read_ahead(more, cx);
            if asked && let Some(Ok(page)) = page {
                this.page = Some(page);
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
        }
        Poll::Ready(page)
    }
}

impl<T> FusedStream for PageStream<T> {
    fn is_terminated(&self) -> bool {
        self.pager.is_done() && self.page.is_none()
    }
}
