//! Lists: what is asked for, and how it is read.

pub(crate) mod fetch;
pub(crate) mod query;

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use futures_util::TryStreamExt;

use crate::period::Window;
pub use query::Listing;

use crate::error::{Error, ErrorKind, Result};
use crate::page::{Page, PageSize};
use crate::stream::ledger::Target;
use crate::stream::pager::{Pager, Reading, check_number};
use crate::stream::plan::Plan;
use crate::stream::{ItemStream, PageStream};
use crate::transport::Transport;
use query::Ask;

/// A list of the service, and how to read it. Nothing is asked before a stream is polled or a call is awaited.
///
/// Plain names are parameters of the service; `with_` names are options of this client.
///
/// ```
/// use futures::TryStreamExt;
/// # use apivideo_simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = Simulator::builder().start().await?;
/// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
///
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
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a list does nothing until it is read"]
pub struct List<Q> {
    transport: Transport,
    query: Q,
    page_size: PageSize,
    prefetch: usize,
    pub(crate) windows: Option<Windows<Q>>,
    pub(crate) concurrency: usize,
    pub(crate) ordered: bool,
}

/// How a list is read by windows.
#[derive(Clone)]
pub(crate) struct Windows<Q> {
    pub(crate) window: Window,
    /// The same query for each window of its period: known here alone, so that only who reads by windows carries the code.
    pub(crate) split: fn(&Q, Window) -> Vec<Q>,
}

impl<Q: Listing> List<Q> {
    pub(crate) fn new(transport: Transport, query: Q) -> Self {
        Self {
            transport,
            query,
            page_size: PageSize::default(),
            prefetch: 1,
            windows: None,
            concurrency: 1,
            ordered: true,
        }
    }

    pub(crate) fn change(mut self, change: impl FnOnce(&mut Q)) -> Self {
        change(&mut self.query);
        self
    }

    /// How many items a page has: 100 unless told, which costs the fewest requests.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let videos = client.videos().page_size(25.try_into()?);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn page_size(mut self, size: PageSize) -> Self {
        self.page_size = size;
        self
    }

    /// How many pages are read ahead: 1 unless told, which overlaps waiting and working. 0 reads none ahead.
    ///
    /// More hide the latency of so many requests. At most `pages` and the one that is consumed are held. Pages are decoded
    /// when the stream is polled: to have that done while the application waits for something else, read the stream in a task
    /// of its own and hand the items over by a channel.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let videos = client.videos().with_prefetch(4);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_prefetch(mut self, pages: usize) -> Self {
        self.prefetch = pages;
        self
    }

    /// The items, in the order of the service.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let mut streams = client.live_streams().stream();
    /// while let Some(stream) = streams.try_next().await? {
    ///     println!("{:?}", stream.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream(&self) -> ItemStream<Q::Item> {
        ItemStream::new(&self.transport, self.plan(self.windows.as_ref()))
    }

    /// The pages, each with its pagination, status and headers.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let pages: Vec<_> = client.videos().page_size(5.try_into()?).pages().try_collect().await?;
    /// assert!(pages.iter().all(|page| page.status == 200 && page.items.len() <= 5));
    /// # Ok(())
    /// # }
    /// ```
    pub fn pages(&self) -> PageStream<Q::Item> {
        let (transport, plan) = (self.transport.clone(), self.plan(None));
        let reading = Reading {
            first: 1,
            size: self.page_size.get(),
            ..Reading::default()
        };
        let fetch = Arc::new(move |page| (plan.fetch)(&transport, 0, page));
        PageStream::new(Pager::new(fetch, reading), self.prefetch)
    }

    /// One page, counted from 1.
    ///
    /// What the service answers past the last page is not known: an empty page, or an error of the
    /// kind [`NotFound`](crate::ErrorKind::NotFound).
    ///
    /// ```
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// let page = client.videos().page_size(5.try_into()?).page(1).await?;
    /// assert_eq!(page.items.len(), 5);
    /// assert!(client.videos().page(0).await.is_err());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When `number` is 0, and whatever a request can fail with.
    pub async fn page(&self, number: u32) -> Result<Page<Q::Item>> {
        if number == 0 {
            return Err(Error::input("there is no page 0: pages are counted from 1"));
        }
        let page = self.query.fetch(self.ask(number, self.page_size)).await?;
        check_number(&page)?;
        Ok(Page::from(page))
    }

    /// How many items there are, by one request for a page of one item.
    ///
    /// ```
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// let total = client.videos().total().await?;
    /// assert_eq!(total, client.videos().last(1_000).await?.len() as u64);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Whatever a request can fail with, and [`Incomplete`](ErrorKind::Incomplete) when the reply has no total, or one that
    /// is smaller than the number of items on its page.
    pub async fn total(&self) -> Result<u64> {
        let page = self.query.fetch(self.ask(1, PageSize::MIN)).await?;
        let reason = match page.pagination.items_total {
            Some(total) if total >= page.records.len() as u64 => return Ok(total),
            Some(total) => format!(
                "the reply has the total {total} (`itemsTotal`) and {} items",
                page.records.len()
            ),
            None => "the reply has no total (`itemsTotal`)".to_owned(),
        };
        Err(Error::new(
            ErrorKind::Incomplete,
            format!("{reason}; count the items of the stream"),
        ))
    }

    /// The last `count` items, in the order of the service. Sessions and events come in ascending order
    /// of time: these are the newest.
    ///
    /// Asks for the first page, to learn how many there are, and for the last ones.
    ///
    /// ```
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// let session = client.session(&"psEmFwGQUAXR2lFHj5nDOpy".parse()?);
    /// let events = session.events().last(2).await?;
    /// assert_eq!(events.len(), 2);
    /// assert!(events[0].emitted_at() <= events[1].emitted_at());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Where the last pages bring fewer items than they should, the whole list is read.
    ///
    /// # Errors
    /// Whatever a request can fail with, and a record that can't be understood.
    pub async fn last(&self, count: usize) -> Result<Vec<Q::Item>> {
        if count == 0 {
            return Ok(Vec::new());
        }
        let first = self.page(1).await?;
        let tail = Tail::of(&first, self.page_size, count);
        let mut newest = Newest::new(count);
        if tail.start == 1 {
            if let Some(error) = first.invalid.into_iter().next() {
                return Err(error);
            }
            first.items.into_iter().for_each(|item| newest.keep(item));
        }
        if tail.has_more {
            let from = tail.start.max(2);
            let before = u64::from(from - 1).saturating_mul(tail.page_len);
            let stream =
                ItemStream::new(&self.transport, self.plan(None)).beginning_at(from, before);
            match newest.read(stream).await {
                Err(error) if error.is_incomplete() || error.is_not_found() => {}
                outcome => outcome?,
            }
        }
        if (newest.items.len() as u64) < tail.expected {
            newest = Newest::new(count);
            let stream = ItemStream::new(&self.transport, self.plan(None));
            newest.read(stream).await?;
        }
        Ok(newest.items.into())
    }

    fn ask(&self, page: u32, size: PageSize) -> Ask {
        Ask {
            transport: self.transport.clone(),
            page,
            size,
        }
    }

    fn plan(&self, windows: Option<&Windows<Q>>) -> Plan<Q::Item> {
        let window = windows.map(|windows| windows.window);
        let windows = match windows {
            Some(windows) => (windows.split)(&self.query, windows.window),
            None => vec![self.query.clone()],
        };
        let target = Target {
            path: self.query.path(),
            filters: format!("{} {window:?}", self.query.filters()),
            page_size: self.page_size,
        };
        let count = u32::try_from(windows.len()).unwrap_or(u32::MAX);
        let size = self.page_size;
        Plan {
            target,
            fetch: Arc::new(move |transport, window, page| {
                let ask = Ask {
                    transport: transport.clone(),
                    page,
                    size,
                };
                // There are as many windows as the plan says.
                windows[window as usize].fetch(ask)
            }),
            windows: count,
            concurrency: self.concurrency,
            ordered: self.ordered,
            prefetch: self.prefetch,
            identity: Q::identity(),
        }
    }
}

/// The newest items of those that come, up to a number.
struct Newest<T> {
    items: VecDeque<T>,
    count: usize,
}

impl<T: 'static> Newest<T> {
    fn new(count: usize) -> Self {
        Self {
            items: VecDeque::new(),
            count,
        }
    }

    fn keep(&mut self, item: T) {
        if self.items.len() == self.count {
            self.items.pop_front();
        }
        self.items.push_back(item);
    }

    async fn read(&mut self, mut stream: ItemStream<T>) -> Result<()> {
        while let Some(item) = stream.try_next().await? {
            self.keep(item);
        }
        Ok(())
    }
}

/// Where the last items of a list are, as far as its first page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tail {
    /// The page on which they begin; 1 when it is not known.
    start: u32,
    /// Whether pages follow the first one.
    has_more: bool,
    /// The number of items on a page.
    page_len: u64,
    /// The number of items there are to be found; when fewer are, they are elsewhere.
    expected: u64,
}

impl Tail {
    fn of<T>(first: &Page<T>, asked: PageSize, count: usize) -> Self {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        let len = (first.items.len() + first.invalid.len()) as u64;
        let pagination = &first.pagination;
        // Totals that the page contradicts say nothing.
        let items = pagination.items_total.filter(|total| *total >= len);
        let pages = pagination.pages_total.filter(|pages| *pages > 0);
        let size = pagination.page_size.unwrap_or(asked.get()).min(asked.get());
        let has_more = match (items, pages) {
            (Some(items), _) => items > len,
            (None, Some(pages)) => pages > 1,
            (None, None) => pagination.has_next || (len > 0 && len >= size.into()),
        };
        // The service may return pages of another size than was requested.
        let page_len = len.max(1);
        let start = match (items, pages) {
            _ if !has_more => 1,
            (Some(items), _) => items.saturating_sub(count) / page_len + 1,
            // The last page may contain a single item.
            (None, Some(pages)) => u64::from(pages)
                .saturating_sub(count.div_ceil(page_len))
                .max(1),
            (None, None) => 1,
        };
        let start = u32::try_from(start).unwrap_or(u32::MAX - 1);
        let expected = match items {
            Some(items) => items.min(count),
            None if start > 1 => count,
            None => 0,
        };
        Self {
            start,
            has_more,
            page_len,
            expected,
        }
    }
}

impl<Q: fmt::Debug> fmt::Debug for List<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List")
            .field("query", &self.query)
            .field("page_size", &self.page_size)
            .field("prefetch", &self.prefetch)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::header::HeaderMap;

    use super::*;
    use crate::page::Pagination;

    fn tail(len: usize, items: Option<u64>, pages: Option<u32>, count: usize) -> Tail {
        let pagination = Pagination {
            items_total: items,
            pages_total: pages,
            ..Pagination::default()
        };
        let page = Page {
            items: vec![(); len],
            invalid: Vec::new(),
            repaired: 0,
            pagination,
            status: StatusCode::OK,
            headers: HeaderMap::new(),
        };
        Tail::of(&page, PageSize::MAX, count)
    }

    fn start(len: usize, items: Option<u64>, pages: Option<u32>, count: usize) -> u32 {
        tail(len, items, pages, count).start
    }

    #[test]
    fn the_last_items_begin_where_the_totals_say() {
        assert_eq!(start(100, Some(250), Some(3), 1), 3);
        assert_eq!(start(100, Some(250), Some(3), 50), 3);
        assert_eq!(start(100, Some(250), Some(3), 51), 2);
        assert_eq!(start(100, Some(250), Some(3), 1000), 1);
        assert_eq!(start(25, Some(30), Some(2), 5), 2, "smaller pages came");
        assert_eq!(start(25, Some(30), Some(2), 6), 1);
        assert_eq!(
            start(100, None, Some(10), 1),
            9,
            "the last page may be short of items"
        );
        assert_eq!(start(100, None, Some(10), 101), 8);
        assert_eq!(start(100, None, Some(1), 101), 1);
        assert_eq!(start(100, None, None, 1), 1);
        assert_eq!(start(0, Some(0), Some(0), 1), 1);
        assert_eq!(start(100, Some(250), Some(0), 1), 3, "items decide");
        assert_eq!(
            start(100, Some(0), Some(3), 1),
            2,
            "0 items are contradicted"
        );
    }

    #[test]
    fn the_last_items_are_as_many_as_the_total_promises() {
        let expected = |items, pages, count| tail(100, items, pages, count).expected;
        assert_eq!(expected(Some(250), Some(3), 300), 250);
        assert_eq!(expected(Some(250), Some(2), 30), 30);
        assert_eq!(
            expected(None, Some(3), 30),
            30,
            "unless the list is read whole"
        );
        assert_eq!(expected(None, Some(3), 300), 0);
        assert!(tail(100, None, None, 1).has_more, "a full page");
        assert!(!tail(99, None, None, 1).has_more, "a short page");
        assert!(tail(100, Some(250), Some(0), 1).has_more);
        assert!(!tail(100, Some(100), Some(2), 1).has_more);
    }
}
