//! The last items of a list.

use std::collections::VecDeque;

use futures_util::{StreamExt, TryStreamExt, stream};

use super::List;
use super::query::ListQuery;
use crate::error::Result;
use crate::page::{Page, PageSize};
use crate::stream::ItemStream;
use crate::stream::plan::Source;

impl<Q: ListQuery> List<Q> {
    /// Requests the last `count` items, in the order of the service. Sessions and events are in ascending order of time, so
    /// these are the newest. For several assets, these are the newest sessions of all assets by `loaded_at`, in ascending
    /// order.
    ///
    /// Requests the first page for the number of items, then the last pages. If the last pages contain fewer items than
    /// announced, the whole list is read.
    ///
    /// ```
    /// # apivideo_simulator::doctest! { |client|
    /// let session = client.session("psEmFwGQUAXR2lFHj5nDOpy".parse()?);
    /// let events = session.events().last(2).await?;
    /// assert_eq!(events.len(), 2);
    /// assert!(events[0].emitted_at <= events[1].emitted_at);
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if a request fails, a record cannot be decoded (unless [`on_invalid`](Self::on_invalid) handles it),
    /// or the events of a session cannot be read.
    ///
    /// # Cancel safety
    /// Dropping the future cancels the requests.
    pub async fn last(&self, count: usize) -> Result<Vec<Q::Item>> {
        if count == 0 {
            return Ok(Vec::new());
        }
        self.query.check()?;
        let items = match self.per_asset() {
            None => self.last_of_one(count).await?,
            Some(lists) => {
                let of_each: Vec<Vec<_>> = stream::iter(lists)
                    .map(async |list| list.last_of_one(count).await)
                    .buffered(self.concurrency())
                    .try_collect()
                    .await?;
                let mut items: Vec<_> = of_each.into_iter().flatten().collect();
                items.sort_by_key(Q::time);
                items.split_off(items.len().saturating_sub(count))
            }
        };
        match (self.options.events, Q::read_events()) {
            (Some(concurrency), Some(read)) => {
                stream::iter(items)
                    .map(|item| read(self.transport.clone(), item))
                    .buffered(concurrency.max(1))
                    .map_err(|unread| unread.error)
                    .try_collect()
                    .await
            }
            _ => Ok(items),
        }
    }

    async fn last_of_one(&self, count: usize) -> Result<Vec<Q::Item>> {
        let first = self.page(1).await?;
        let tail = Tail::of(&first, self.options.page_size, count);
        let mut newest = Newest::new(count);
        if tail.start == 1 {
            for error in first.invalid {
                match &self.options.on_invalid {
                    Some(handle) => handle(error),
                    None => return Err(error),
                }
            }
            first.items.into_iter().for_each(|item| newest.keep(item));
        }
        if tail.has_more {
            let from = tail.start.max(2);
            let before = u64::from(from - 1).saturating_mul(tail.page_len);
            match newest.read(self.whole().starting_at(from, before)).await {
                Err(error) if error.is_incomplete() || error.is_not_found() => {}
                outcome => outcome?,
            }
        }
        if (newest.items.len() as u64) < tail.expected {
            newest = Newest::new(count);
            newest.read(self.whole()).await?;
        }
        Ok(newest.items.into())
    }

    /// Returns a stream of the whole list as one window, without events.
    fn whole(&self) -> ItemStream<Q::Item> {
        let mut list = self.clone();
        list.options.window = None;
        list.options.events = None;
        let plan = list.plan(1);
        ItemStream::new(&self.transport, Source::List(plan), list.filters())
    }
}

/// The last items of a stream, up to a number.
struct Newest<T> {
    items: VecDeque<T>,
    count: usize,
}

impl<T: Send + 'static> Newest<T> {
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

/// The place of the last items of a list, as far as its first page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tail {
    /// The page on which they begin; 1 where that is not known.
    start: u32,
    /// Whether pages follow the first one.
    has_more: bool,
    /// The number of items on a page.
    page_len: u64,
    /// The number of items to be found there; if there are fewer, the whole list has to be read.
    expected: u64,
}

impl Tail {
    fn of<T>(first: &Page<T>, requested: PageSize, count: usize) -> Self {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        let len = (first.items.len() + first.invalid.len()) as u64;
        let pagination = &first.pagination;
        // Totals that the page contradicts are ignored.
        let items = pagination.items_total.filter(|total| *total >= len);
        let pages = pagination.pages_total.filter(|pages| *pages > 0);
        let size = pagination
            .page_size
            .unwrap_or(requested.get())
            .min(requested.get());
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

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::header::HeaderMap;

    use super::*;
    use crate::page::{PageSize, Pagination};

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
            asset: None,
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
    fn finds_the_page_of_the_last_items_by_the_totals() {
        assert_eq!(start(100, Some(250), Some(3), 1), 3);
        assert_eq!(start(100, Some(250), Some(3), 50), 3);
        assert_eq!(start(100, Some(250), Some(3), 51), 2);
        assert_eq!(start(100, Some(250), Some(3), 1000), 1);
        assert_eq!(
            start(25, Some(30), Some(2), 5),
            2,
            "smaller pages were received"
        );
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
    fn expects_as_many_items_as_the_total_announces() {
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
