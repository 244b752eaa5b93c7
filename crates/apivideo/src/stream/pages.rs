//! A stream of pages.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::{FusedStream, Stream};
use reqwest::StatusCode;

use crate::error::Result;
use crate::page::Page;
use crate::stream::pager::{Contents, Pager};
use crate::stream::yield_once::Turn;

/// The pages of a list, in order, each with its pagination, status and headers.
///
/// Lazy: the first poll asks for the first page. From the second page on, pages are read ahead. Pages come as they
/// are: nothing is dropped that comes again, nothing is read a second time, and a period is read as one window.
/// Ends after the last page, or after the first error: with fewer records than `itemsTotal` announces, an error of the kind
/// [`Incomplete`](crate::ErrorKind::Incomplete). Dropping it cancels what is in flight.
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
    turn: Turn,
    /// A page that came, and waits for a turn of the request for a later one.
    page: Option<Page<T>>,
}

impl<T> PageStream<T> {
    pub(crate) fn new(pager: Pager<T>, prefetch: usize) -> Self {
        Self {
            pager,
            prefetch,
            begun: false,
            turn: Turn::default(),
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
        let page = match this.page.take() {
            Some(page) => page,
            None => loop {
                let page = match this.pager.poll_page(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(None) => return Poll::Ready(None),
                    Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                    Poll::Ready(Some(Ok(page))) => page,
                };
                let len = page.records.len();
                let contents = Contents {
                    len,
                    new: len as u64,
                    ..Contents::default()
                };
                if let Err(error) = this.pager.settle(page.number, None, contents) {
                    return Poll::Ready(Some(Err(this.pager.give_up(error))));
                }
                if page.status != StatusCode::NOT_FOUND {
                    break Page::from(page);
                }
            },
        };
        let more = this.prefetch.saturating_sub(this.pager.asked());
        let asked = std::mem::replace(&mut this.begun, true) && this.pager.read_ahead(more, cx);
        if this.turn.is_due(asked, cx) {
            this.page = Some(page);
            return Poll::Pending;
        }
        Poll::Ready(Some(Ok(page)))
    }
}

impl<T> FusedStream for PageStream<T> {
    fn is_terminated(&self) -> bool {
        self.pager.is_done() && self.page.is_none()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use futures_util::TryStreamExt;
    use reqwest::StatusCode;
    use reqwest::header::HeaderMap;
    use tokio::sync::mpsc::unbounded_channel;

    use super::*;
    use crate::page::Pagination;
    use crate::stream::pager::{Fetched, Reading};

    #[expect(
        clippy::disallowed_methods,
        reason = "tokio's clock stands still in this test and jumps to the next timer"
    )]
    fn slow(sender: tokio::sync::mpsc::UnboundedSender<u32>) -> Pager<u32> {
        let fetch = move |number| -> crate::transport::clock::BoxFuture<Result<Fetched<u32>>> {
            let sender = sender.clone();
            Box::pin(async move {
                sender.send(number).unwrap();
                tokio::time::sleep(Duration::from_millis(20)).await;
                Ok(Fetched {
                    number,
                    records: [Ok(number)].into_iter().collect(),
                    repaired: 0,
                    digest: 0,
                    pagination: Pagination {
                        pages_total: Some(4),
                        ..Pagination::default()
                    },
                    status: StatusCode::OK,
                    headers: HeaderMap::new(),
                })
            })
        };
        let reading = Reading {
            first: 1,
            size: 1,
            ..Reading::default()
        };
        Pager::new(Arc::new(fetch), reading)
    }

    /// The pages of a list of 250 items, which announce this number of pages and of items.
    async fn read(pages_total: u32, items_total: u64) -> (Vec<usize>, Option<String>) {
        let fetch = move |number: u32| -> crate::transport::clock::BoxFuture<Result<Fetched<u32>>> {
            let items = (0..250_u32).skip((number as usize - 1) * 100).take(100);
            let page = Fetched {
                number,
                records: items.map(Ok).collect(),
                repaired: 0,
                digest: 0,
                pagination: Pagination {
                    pages_total: Some(pages_total),
                    items_total: Some(items_total),
                    ..Pagination::default()
                },
                status: StatusCode::OK,
                headers: HeaderMap::new(),
            };
            Box::pin(std::future::ready(Ok(page)))
        };
        let reading = Reading {
            first: 1,
            size: 100,
            ..Reading::default()
        };
        let mut pages = PageStream::new(Pager::new(Arc::new(fetch), reading), 2);
        let mut lens = Vec::new();
        loop {
            match pages.try_next().await {
                Ok(Some(page)) => lens.push(page.items.len()),
                Ok(None) => return (lens, None),
                Err(error) => return (lens, Some(error.to_string())),
            }
        }
    }

    #[tokio::test]
    async fn pages_end_where_all_items_came_or_say_that_they_did_not() {
        for pages_total in [0, 2, 3, 4] {
            assert_eq!(read(pages_total, 250).await, (vec![100, 100, 50], None));
        }
        assert_eq!(
            read(3, 300).await,
            (
                vec![100, 100, 50, 0],
                Some("the list ended after 250 of 300 announced items: read it again".to_owned())
            )
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_leaves_before_the_page_in_hand_is_given() {
        let (sender, mut requests) = unbounded_channel();
        let left = Arc::new(Mutex::new(0));
        let connection = Arc::clone(&left);
        tokio::spawn(async move {
            while let Some(number) = requests.recv().await {
                *connection.lock().unwrap() = number;
            }
        });
        let mut pages = PageStream::new(slow(sender), 1);
        for (number, asked) in [(1, 1), (2, 3), (3, 4), (4, 4)] {
            let page = pages.try_next().await.unwrap().unwrap();
            assert_eq!(page.items, [number]);
            assert_eq!(*left.lock().unwrap(), asked, "at page {number}");
        }
        assert!(pages.try_next().await.unwrap().is_none());
        assert!(pages.is_terminated());
    }
}
