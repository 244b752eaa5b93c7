//! A stream of the items of a list.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::{FusedStream, Stream};

use crate::client::Client;
use crate::error::{Error, Result};
use crate::stream::pager::Pager;

/// Reading ahead begins once this part of the first page has been taken, and not before [`FIRST_ITEMS`].
const FIRST_PART: usize = 8;
/// Who takes no more than this many items makes one request, however small the pages are.
const FIRST_ITEMS: usize = 5;

/// The items of a list, in the order of the service, each once.
///
/// Lazy: the first poll asks for the first page. Once an eighth of that page has been taken, the next
/// page is read while this one is consumed ([`List::with_prefetch`](crate::List::with_prefetch) for more).
/// At most that many pages and one more are held. Ends after the last item, or after an error that
/// [is terminal](Error::is_terminal). Dropping it cancels what is in flight; no task is spawned.
///
/// ```
/// use futures::TryStreamExt;
/// # use apivideo_simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = Simulator::builder().start().await?;
/// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
///
/// let mut videos = client.videos().stream();
/// while let Some(video) = videos.try_next().await? {
///     println!("{}", video.id);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "streams do nothing unless polled"]
pub struct ItemStream<T> {
    client: Client,
    pager: Pager<T>,
    items: std::vec::IntoIter<T>,
    ahead: Ahead,
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

impl<T> ItemStream<T> {
    pub(crate) fn new(client: Client, pager: Pager<T>) -> Self {
        Self {
            client,
            pager,
            items: Vec::new().into_iter(),
            ahead: Ahead::NotYet,
        }
    }

    /// The client that it reads by.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// A stream of the items alone, which ends at the first error and leaves it in `error`.
    ///
    /// ```
    /// use futures::StreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let mut error = None;
    /// let titles: Vec<_> = client.videos().stream().ok_into(&mut error).map(|video| video.title).collect().await;
    /// assert!(error.is_none() && !titles.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn ok_into(self, error: &mut Option<Error>) -> OkInto<'_, Self> {
        OkInto::new(self, error)
    }
}

/// Nothing of it is pinned in place.
impl<T> Unpin for ItemStream<T> {}

impl<T> Stream for ItemStream<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            match this.ahead {
                Ahead::Always => this.pager.read_ahead(cx),
                Ahead::After(0) => this.ahead = Ahead::Always,
                Ahead::After(more) => this.ahead = Ahead::After(more - 1),
                Ahead::NotYet => {}
            }
            if let Some(item) = this.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match this.pager.poll_page(cx) {
                Poll::Ready(Some(Ok(page))) => {
                    if let Ahead::NotYet = this.ahead {
                        this.ahead =
                            Ahead::After(page.items.len().div_ceil(FIRST_PART).max(FIRST_ITEMS));
                    }
                    this.items = page.items.into_iter();
                }
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let held = self.items.len();
        (held, self.pager.is_done().then_some(held))
    }
}

impl<T> FusedStream for ItemStream<T> {
    fn is_terminated(&self) -> bool {
        self.items.len() == 0 && self.pager.is_done()
    }
}

impl<T> fmt::Debug for ItemStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemStream")
            .field("held", &self.items.len())
            .field("pager", &self.pager)
            .finish()
    }
}

/// The good items of a stream, up to its first error; see [`ItemStream::ok_into`].
#[derive(Debug)]
#[must_use = "streams do nothing unless polled"]
pub struct OkInto<'a, S> {
    /// `None` once it has ended.
    stream: Option<S>,
    error: &'a mut Option<Error>,
}

impl<'a, S> OkInto<'a, S> {
    pub(crate) fn new(stream: S, error: &'a mut Option<Error>) -> Self {
        Self {
            stream: Some(stream),
            error,
        }
    }
}

impl<T, S: Stream<Item = Result<T>> + Unpin> Stream for OkInto<'_, S> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let this = &mut *self;
        let Some(stream) = &mut this.stream else {
            return Poll::Ready(None);
        };
        let item = match Pin::new(stream).poll_next(cx) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(Some(Ok(item))) => Some(item),
            Poll::Ready(Some(Err(error))) => {
                *this.error = Some(error);
                None
            }
            Poll::Ready(None) => None,
        };
        if item.is_none() {
            this.stream = None;
        }
        Poll::Ready(item)
    }
}

impl<T, S: Stream<Item = Result<T>> + Unpin> FusedStream for OkInto<'_, S> {
    fn is_terminated(&self) -> bool {
        self.stream.is_none()
    }
}
