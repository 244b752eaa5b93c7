//! The stream of the items of a list.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::{FusedStream, Stream};

use crate::cursor::{Cursor, ListPosition, Position};
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::stream::list_stream::ListStream;
use crate::stream::multi_asset::MultiAsset;
use crate::stream::plan::{Filters, Source};
use crate::stream::progress_watch::ProgressWatch;
use crate::stream::until_error::{Outcome, UntilError};
use crate::transport::Transport;

/// A stream of the items of a list, each of them once, in the order of the service.
///
/// The stream is lazy: the first poll sends the first request. Once an eighth of the first page has been yielded, the next
/// pages are prefetched ([`List::with_prefetch`](crate::List::with_prefetch), 1 by default). For each window
/// ([`with_windows`](crate::List::with_windows)), the stream keeps the current page and the prefetched pages in memory, and one
/// more page while it checks a page boundary. No task is spawned. Dropping the stream cancels its requests.
///
/// The stream ends after the last item, or after an error that [is terminal](Error::is_terminal). A terminal error contains the
/// [cursor](Error::cursor) from which [`List::resume`](crate::List::resume) continues. Errors of the kinds
/// [`Record`](crate::ErrorKind::Record), [`Events`](crate::ErrorKind::Events) and [`Asset`](crate::ErrorKind::Asset) report a
/// skipped item and do not end the stream.
///
/// # Completeness
/// A stream yields every item, or ends with an error of kind [`Incomplete`](crate::ErrorKind::Incomplete) that states the
/// received and the expected number of items. At the end of the list, the number of distinct items is compared with the last
/// `itemsTotal`; invalid records count as received. If items are missing, the list is read again from its first page, up to 10
/// times and as long as its pages differ, and only new items are yielded. While a list is read again, the highest `itemsTotal`
/// is expected, because replicas of the service can lag behind.
///
/// `pagesTotal` and the links are used only in two cases: if no `itemsTotal` is reported that agrees with the pages; and to
/// request one more page if the total is reached with a full page and another page is announced.
///
/// Lists can change while they are read. Duplicates are dropped and counted
/// ([`Progress::duplicates`](crate::Progress::duplicates)). If the total changes between two pages, the earlier page is requested
/// again. If its last item has changed, items have moved across the page boundary, and reading continues from their new position.
/// A list whose items moved, because of deletions or of additions before the current page, is read a second time. A list that does
/// not change therefore needs one request per page, a list that grows only at its end one additional request per change, and a
/// list whose items move about two requests per page. Without `itemsTotal`, each page boundary is checked, which doubles the
/// requests of lists of several pages.
///
/// To read a list a second time, a stream keeps a fingerprint of each item: 8 bytes each, for up to 131,072 items (1 MB, and 2.4
/// MB after the first duplicate). A longer list, or one that is resumed after more than 4,096 items were yielded, is not read a
/// second time; if items are missing, the stream ends with the error. One change is not detected: a deletion and an addition
/// between two responses that leave the total unchanged, in a list without any other change.
///
/// Events, buckets and timeseries points have no identifier, so they are only counted, and a page with the same records as the
/// previous page or the first page is dropped as a duplicate. A list that always announces another page ends with an error
/// after 100 pages without a new item; a list of items without identifiers after 1,000 pages more than the first page
/// announced, and at the latest after 11,000 pages. The stream can be resumed from the cursor of that error.
///
/// # Several assets
/// The sessions of several assets ([`Client::assets`](crate::Client::assets)) are yielded asset by asset, in the order of the
/// assets, unless the list is [`unordered`](crate::List::unordered). For an asset that does not exist, the stream yields an
/// error of kind [`Asset`](crate::ErrorKind::Asset) and continues with the next asset. Any other failure of a list ends the
/// stream.
///
/// # Cancel safety
/// `next` and `try_next` are cancel safe: if the future is dropped before it completes, no item is lost. They can be used in
/// `tokio::select!`.
///
/// ```
/// use futures::TryStreamExt;
/// # apivideo_simulator::doctest! { |client|
/// let mut videos = client.videos().stream();
/// while let Some(video) = videos.try_next().await? {
///     println!("{}", video.id);
/// }
/// # }
/// ```
#[must_use = "streams do nothing unless polled"]
pub struct ItemStream<T> {
    lists: Lists<T>,
    filters: Filters,
}

/// The list or lists that the stream reads.
enum Lists<T> {
    One(ListStream<T>),
    Assets(Box<MultiAsset<T>>),
}

impl<T: Send + 'static> ItemStream<T> {
    /// Reads from the start.
    pub(crate) fn new(transport: &Transport, source: Source<T>, filters: Filters) -> Self {
        let lists = match source {
            Source::List(plan) => Lists::One(ListStream::new(transport, plan)),
            Source::Assets(plan) => Lists::Assets(Box::new(MultiAsset::new(transport, plan))),
        };
        Self { lists, filters }
    }

    /// Continues from a cursor, before the first poll.
    pub(crate) fn resume(mut self, cursor: &Cursor) -> Result<Self> {
        match (&mut self.lists, &cursor.position) {
            (Lists::One(list), Position::List(position)) => {
                if position.target != list.path() {
                    return Err(mismatch(&format!(
                        "it belongs to the list `{}`, and this is `{}`; resume it with the list that returned it",
                        position.target,
                        list.path()
                    )));
                }
                self.filters.check(cursor)?;
                list.resume(&position.windows)?;
            }
            (Lists::Assets(assets), Position::Assets(position)) => {
                self.filters.check(cursor)?;
                assets.resume(position)?;
            }
            (Lists::One(list), Position::Assets(_)) => {
                return Err(mismatch(&format!(
                    "it belongs to the sessions of several assets, and this is the list `{}`",
                    list.path()
                )));
            }
            (Lists::Assets(_), Position::List(position)) => {
                return Err(mismatch(&format!(
                    "it belongs to the list `{}`, and this list is of several assets",
                    position.target
                )));
            }
        }
        Ok(self)
    }

    /// Reads the first window from a later page on, where `read` records are before that page.
    pub(crate) fn starting_at(mut self, page: u32, read: u64) -> Self {
        if let Lists::One(ListStream::Items(reader)) = &mut self.lists {
            reader.start_at(page, read);
        }
        self
    }

    /// Returns the position of the stream: which items it has yielded.
    ///
    /// An item counts as yielded once the stream has returned it. Store the result of processing an item before the cursor, so
    /// that no item is lost if the application is interrupted in between.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # apivideo_simulator::doctest! { |client|
    /// let mut videos = client.videos().stream();
    /// while let Some(video) = videos.try_next().await? {
    ///     println!("{}", video.id);
    ///     let saved = videos.cursor().to_string();
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        let position = match &self.lists {
            Lists::One(list) => Position::List(ListPosition {
                target: list.path().to_owned(),
                windows: list.position(),
            }),
            Lists::Assets(assets) => Position::Assets(assets.position()),
        };
        let Filters {
            fingerprint,
            page_size,
        } = self.filters;
        Cursor::new(fingerprint, page_size.get(), position)
    }

    /// Returns the current progress of the stream.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # apivideo_simulator::doctest! { |client|
    /// let mut videos = client.videos().page_size(5.try_into()?).stream();
    /// while let Some(video) = videos.try_next().await? {
    ///     let progress = videos.progress();
    ///     println!("{}: {} of {:?} received", video.id, progress.items, progress.expected);
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn progress(&self) -> Progress {
        match &self.lists {
            Lists::One(list) => list.progress(),
            Lists::Assets(assets) => assets.progress(),
        }
    }

    /// Returns a handle through which other tasks can read the progress. It is updated with each page, and when a request
    /// starts or stops waiting.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # apivideo_simulator::doctest! { |client|
    /// let mut stream = client.videos().stream();
    /// let mut progress = stream.watch();
    /// tokio::spawn(async move {
    ///     while let Some(now) = progress.changed().await {
    ///         eprintln!("{} of {:?}", now.items, now.expected);
    ///     }
    /// });
    /// let videos: Vec<_> = stream.try_collect().await?;
    /// # }
    /// ```
    #[must_use]
    pub fn watch(&mut self) -> ProgressWatch {
        match &mut self.lists {
            Lists::One(list) => list.watch(),
            Lists::Assets(assets) => assets.watch(),
        }
    }

    /// Splits the stream into a stream of items without errors and an [`Outcome`]. The stream ends at the first error of any
    /// kind, which the `Outcome` returns.
    ///
    /// ```
    /// use futures::StreamExt;
    /// # apivideo_simulator::doctest! { |client|
    /// let (videos, outcome) = client.videos().stream().until_error();
    /// let titles: Vec<_> = videos.map(|video| video.title).collect().await;
    /// outcome.into_result()?;
    /// # assert!(!titles.is_empty());
    /// # }
    /// ```
    pub fn until_error(self) -> (UntilError<Self>, Outcome) {
        UntilError::new(self)
    }

    /// Adds the cursor to an error that ends the stream.
    #[cold]
    fn ended_by(&self, error: Error) -> Error {
        match error.is_terminal() {
            true => error.with_cursor(self.cursor()),
            false => error,
        }
    }
}

impl Filters {
    fn check(&self, cursor: &Cursor) -> Result<()> {
        if cursor.filters != self.fingerprint {
            return Err(mismatch(
                "it belongs to other filters, another period or other windows; use those of the list that returned it",
            ));
        }
        if cursor.page_size != self.page_size.get() {
            return Err(mismatch(&format!(
                "it counts pages of {} items, and this list has pages of {}; use the same page size",
                cursor.page_size, self.page_size
            )));
        }
        Ok(())
    }
}

fn mismatch(why: &str) -> Error {
    Error::input(format!("the cursor does not match this list: {why}"))
}

/// No field is structurally pinned.
impl<T> Unpin for ItemStream<T> {}

impl<T: Send + 'static> Stream for ItemStream<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        // An item that is here is returned without another move: items are large.
        if let Lists::One(ListStream::Items(reader)) = &mut this.lists {
            match reader.poll_decoded(cx) {
                Some(Poll::Ready(())) => return reader.take_decoded(),
                Some(Poll::Pending) => return Poll::Pending,
                None => {}
            }
        }
        let polled = match &mut this.lists {
            Lists::One(list) => list.poll_next(cx),
            Lists::Assets(assets) => assets.poll_next(cx),
        };
        match polled {
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(this.ended_by(error)))),
            polled => polled,
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.is_terminated().then_some(0))
    }
}

impl<T: Send + 'static> FusedStream for ItemStream<T> {
    fn is_terminated(&self) -> bool {
        match &self.lists {
            Lists::One(list) => list.is_done(),
            Lists::Assets(assets) => assets.is_done(),
        }
    }
}

impl<T> fmt::Debug for ItemStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("ItemStream");
        match &self.lists {
            Lists::One(list) => debug.field("list", list),
            Lists::Assets(assets) => debug.field("assets", assets),
        };
        debug.finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
