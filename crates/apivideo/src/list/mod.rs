//! Lists: what is read, and how.

pub(crate) mod fetch;
mod last;
mod plan;
pub(crate) mod query;

use std::fmt;
use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};

use crate::cursor::{Cursor, Position};
use crate::error::{Error, ErrorKind, Result};
use crate::id::AssetId;
use crate::page::{Page, PageSize};
use crate::period::Window;
use crate::stream::page_response::PageResponse;
use crate::stream::plan::OnInvalid;
use crate::stream::{ItemStream, PageStream};
use crate::transport::Transport;
use query::{ListQuery, PageRequest};

/// A list of the service, with its filters and options. It can be read many times. No request is sent before a stream is polled
/// or a method is awaited.
///
/// Filters, `sort_by` and `page_size` are sent to the service; the other options control how the client reads the list. Each
/// method applies these options:
///
/// | option | `stream`, `resume` | `pages` | `page` | `last` | `total` |
/// |---|---|---|---|---|---|
/// | filters, `sort_by` | yes | yes | yes | yes | yes |
/// | `page_size` | yes | yes | yes | yes | no |
/// | `with_prefetch` | yes | yes | no | yes | no |
/// | `with_concurrency` | yes | several assets | no | several assets | several assets |
/// | `with_windows`, `unordered` | yes | no | no | no | no |
/// | `include_events` | yes | no | no | yes | no |
/// | `on_invalid` | yes | no (`Page::invalid`) | no (`Page::invalid`) | yes | no |
///
/// ```
/// use futures::TryStreamExt;
/// # apivideo_simulator::doctest! { |client|
/// let sessions = client
///     .video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?)
///     .sessions("2022-01-01".parse()?)
///     .page_size(50.try_into()?)
///     .with_prefetch(4);
/// println!("{} sessions", sessions.total().await?);
/// let newest = sessions.last(3).await?;
/// assert_eq!(newest.len(), 3);
/// let all: Vec<_> = sessions.stream().try_collect().await?;
/// assert_eq!(all.last(), newest.last());
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a list does nothing until it is read"]
pub struct List<Q> {
    transport: Transport,
    query: Q,
    pub(crate) options: Options,
}

/// The options with which a list is read.
#[derive(Clone)]
pub(crate) struct Options {
    page_size: PageSize,
    prefetch: usize,
    pub(crate) on_invalid: Option<OnInvalid>,
    pub(crate) window: Option<Window>,
    /// `None` for the default.
    pub(crate) concurrency: Option<usize>,
    pub(crate) ordered: bool,
    /// The number of items whose events are read at a time, where events are included.
    pub(crate) events: Option<usize>,
    /// Whether items whose events cannot be read are yielded without them.
    pub(crate) keep_unread: bool,
}

/// The number of assets that are read at a time by default.
const ASSETS: usize = 4;

impl<Q: ListQuery> List<Q> {
    pub(crate) fn new(transport: Transport, query: Q) -> Self {
        Self {
            transport,
            query,
            options: Options {
                page_size: PageSize::default(),
                prefetch: 1,
                on_invalid: None,
                window: None,
                concurrency: None,
                ordered: true,
                events: None,
                keep_unread: false,
            },
        }
    }

    /// Sets a parameter of the query.
    pub(crate) fn set(mut self, set: impl FnOnce(&mut Q)) -> Self {
        set(&mut self.query);
        self
    }

    /// Replaces the query, with the same options.
    pub(crate) fn map_query<R: ListQuery>(self, map: impl FnOnce(Q) -> R) -> List<R> {
        List {
            transport: self.transport,
            query: map(self.query),
            options: self.options,
        }
    }

    /// Sets the number of items on a page. Defaults to 100, which needs the fewest requests.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let videos = client.videos().page_size(25.try_into()?);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn page_size(mut self, size: PageSize) -> Self {
        self.options.page_size = size;
        self
    }

    /// Sets the number of pages that are prefetched. Defaults to 1, which overlaps requests and processing; 0 disables
    /// prefetching.
    ///
    /// A higher number hides the latency of more requests. At most `pages` pages are kept in memory in addition to the
    /// current page. Pages are decoded only while the stream is polled. To decode them while the application awaits
    /// something else, read the stream in a separate task and send the items through a channel.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let videos = client.videos().with_prefetch(4);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_prefetch(mut self, pages: usize) -> Self {
        self.options.prefetch = pages;
        self
    }

    /// Passes records that cannot be decoded to `handler`, instead of yielding them as errors of the kind
    /// [`Record`](ErrorKind::Record). [`Progress::invalid`](crate::Progress::invalid) counts them in both cases.
    ///
    /// A second handler replaces the first.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let videos = client.videos().on_invalid(|error| eprintln!("skipped: {error}"));
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn on_invalid(mut self, handler: impl Fn(Error) + Send + Sync + 'static) -> Self {
        self.options.on_invalid = Some(Arc::new(handler));
        self
    }

    /// Returns a stream of the items, in the order of the service.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # apivideo_simulator::doctest! { |client|
    /// let mut live_streams = client.live_streams().stream();
    /// while let Some(live_stream) = live_streams.try_next().await? {
    ///     println!("{:?}", live_stream.name);
    /// }
    /// # }
    /// ```
    pub fn stream(&self) -> ItemStream<Q::Item> {
        ItemStream::new(&self.transport, self.source(false), self.filters())
    }

    /// Returns a stream that continues from a cursor of the same list. `None` starts at the beginning.
    ///
    /// Items that were yielded before the cursor was taken are not yielded again. A cursor of several assets can also be
    /// resumed by a list of its [remaining assets](Cursor::remaining_assets).
    ///
    /// ```
    /// use apivideo::Video;
    /// use futures::TryStreamExt;
    /// # apivideo_simulator::doctest! { |client|
    /// let videos = client.videos();
    /// let mut stream = videos.stream();
    /// let first = stream.try_next().await?;
    /// let rest: Vec<Video> = videos.resume(&stream.cursor())?.try_collect().await?;
    /// assert_eq!(1 + rest.len() as u64, videos.total().await?);
    /// # assert!(!rest.contains(&first.unwrap()));
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error of kind [`Input`](ErrorKind::Input) if the cursor belongs to another list, other filters or another page
    /// size.
    pub fn resume<'c>(&self, cursor: impl Into<Option<&'c Cursor>>) -> Result<ItemStream<Q::Item>> {
        let Some(cursor) = cursor.into() else {
            return Ok(self.stream());
        };
        let is_of_assets = matches!(cursor.position, Position::Assets(_));
        ItemStream::new(&self.transport, self.source(is_of_assets), self.filters()).resume(cursor)
    }

    /// Returns a stream of the pages, each with its pagination, status and headers.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # apivideo_simulator::doctest! { |client|
    /// let pages: Vec<_> = client.videos().page_size(5.try_into()?).pages().try_collect().await?;
    /// assert!(pages.iter().all(|page| page.status == 200 && page.items.len() <= 5));
    /// # }
    /// ```
    pub fn pages(&self) -> PageStream<Q::Item> {
        PageStream::new(&self.transport, self.pages_source())
    }

    /// Requests one page, counted from 1.
    ///
    /// The service does not document its response to a number after the last page: it can be an empty page, or an error of
    /// kind [`NotFound`](ErrorKind::NotFound).
    ///
    /// ```
    /// # apivideo_simulator::doctest! { |client|
    /// let page = client.videos().page_size(5.try_into()?).page(1).await?;
    /// assert_eq!(page.items.len(), 5);
    /// assert!(client.videos().page(0).await.is_err());
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error of kind [`Input`](ErrorKind::Input) if `number` is 0 or the list has several assets, and an error if the
    /// request fails.
    ///
    /// # Cancel safety
    /// Dropping the future cancels the request.
    pub async fn page(&self, number: u32) -> Result<Page<Q::Item>> {
        if number == 0 {
            return Err(Error::input(
                "invalid page number 0: pages are counted from 1",
            ));
        }
        let asset = match self.query.assets() {
            None => None,
            Some([asset]) => Some(asset.clone()),
            Some(_) => {
                return Err(Error::input(
                    "a list of several assets has no page numbers; read its pages as a stream, or the pages of one asset",
                ));
            }
        };
        let page = self.request(number, self.options.page_size).await?;
        page.check_number()?;
        Ok(page.into_page(asset))
    }

    /// Returns the number of items. This sends one request for a page of one item, or one per asset.
    ///
    /// ```
    /// # apivideo_simulator::doctest! { |client|
    /// let total = client.videos().total().await?;
    /// assert_eq!(total, client.videos().last(1_000).await?.len() as u64);
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if a request fails, and an error of kind [`Incomplete`](ErrorKind::Incomplete) if the response has no
    /// total, or a total that is smaller than the number of items on its page.
    ///
    /// # Cancel safety
    /// Dropping the future cancels the requests.
    pub async fn total(&self) -> Result<u64> {
        self.query.check()?;
        let Some(lists) = self.per_asset() else {
            return self.total_of_one().await;
        };
        stream::iter(lists)
            .map(async |list| list.total_of_one().await)
            .buffer_unordered(self.concurrency())
            .try_fold(0_u64, async |sum, total| Ok(sum.saturating_add(total)))
            .await
    }

    async fn total_of_one(&self) -> Result<u64> {
        let page = self.request(1, PageSize::MIN).await?;
        let reason = match page.pagination.items_total {
            Some(total) if total >= page.records.len() as u64 => return Ok(total),
            Some(total) => format!(
                "the response has the total {total} (`itemsTotal`) and {} items",
                page.records.len()
            ),
            None => "the response has no total (`itemsTotal`)".to_owned(),
        };
        Err(Error::new(
            ErrorKind::Incomplete,
            format!("{reason}; count the items of the stream"),
        ))
    }

    /// Requests one page of one list.
    async fn request(&self, number: u32, size: PageSize) -> Result<PageResponse<Q::Item>> {
        self.query.check()?;
        let request = PageRequest {
            transport: self.transport.clone(),
            number,
            size,
        };
        self.query.fetch(request).await
    }

    /// Returns the list of each asset, where there are several or none.
    fn per_asset(&self) -> Option<Vec<Self>> {
        let assets = self.query.assets().filter(|assets| assets.len() != 1)?;
        Some(assets.iter().map(|asset| self.of_asset(asset)).collect())
    }

    fn of_asset(&self, asset: &AssetId) -> Self {
        Self {
            query: self.query.of_asset(asset),
            ..self.clone()
        }
    }

    /// The number of assets that are read at a time.
    fn concurrency(&self) -> usize {
        self.options.concurrency.unwrap_or(ASSETS).max(1)
    }
}

impl<Q: fmt::Debug> fmt::Debug for List<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options = &self.options;
        f.debug_struct("List")
            .field("query", &self.query)
            .field("page_size", &options.page_size)
            .field("prefetch", &options.prefetch)
            .field("window", &options.window)
            .field("concurrency", &options.concurrency)
            .field("ordered", &options.ordered)
            .field("events", &options.events)
            .finish_non_exhaustive()
    }
}
