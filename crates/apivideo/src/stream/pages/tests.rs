//! The pages that are requested, and the end of the stream.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::TryStreamExt;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::*;
use crate::page::{PageSize, Pagination};
use crate::stream::page_response::PageResponse;
use crate::transport::clock::BoxFuture;

type Response = BoxFuture<Result<PageResponse<u32>>>;

/// The pages of one list.
fn pages(
    size: u32,
    prefetch: usize,
    fetch: impl Fn(u32) -> Response + Send + Sync + 'static,
) -> PageStream<u32> {
    let client = crate::Client::builder().api_key("any").build().unwrap();
    let plan = Plan {
        path: "/list".to_owned(),
        page_size: PageSize::new(size).unwrap(),
        fetch: Arc::new(move |_, _, number| fetch(number)),
        windows: 1,
        concurrency: 1,
        ordered: true,
        prefetch,
        identity: None,
        on_invalid: None,
        events: None,
        asset: None,
    };
    PageStream::new(&client.transport, Source::List(plan))
}

/// The page of a number.
fn response(number: u32, items: Vec<u32>, pagination: Pagination) -> PageResponse<u32> {
    PageResponse {
        number,
        records: items.into_iter().map(Ok).collect(),
        repaired: 0,
        digest: 0,
        pagination,
        status: StatusCode::OK,
        headers: HeaderMap::new(),
    }
}

/// Reads a list of 250 items, whose pages announce this number of pages and of items.
async fn read(pages_total: u32, items_total: u64) -> (Vec<usize>, Option<String>) {
    let mut pages = pages(100, 2, move |number| {
        let items = (0..250_u32).skip((number as usize - 1) * 100).take(100);
        let pagination = Pagination {
            pages_total: Some(pages_total),
            items_total: Some(items_total),
            ..Pagination::default()
        };
        let page = response(number, items.collect(), pagination);
        Box::pin(std::future::ready(Ok(page)))
    });
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
async fn ends_where_all_items_were_received_or_reports_missing_ones() {
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

#[expect(
    clippy::disallowed_methods,
    reason = "tokio's clock stands still in this test and jumps to the next timer"
)]
fn slow(sender: UnboundedSender<u32>) -> PageStream<u32> {
    pages(1, 1, move |number| {
        let sender = sender.clone();
        Box::pin(async move {
            sender.send(number).unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
            let pagination = Pagination {
                pages_total: Some(4),
                ..Pagination::default()
            };
            Ok(response(number, vec![number], pagination))
        })
    })
}

#[tokio::test(start_paused = true)]
async fn sends_the_next_request_before_it_yields_a_page() {
    let (sender, mut requests) = unbounded_channel();
    let sent = Arc::new(Mutex::new(0));
    let connection = Arc::clone(&sent);
    tokio::spawn(async move {
        while let Some(number) = requests.recv().await {
            *connection.lock().unwrap() = number;
        }
    });
    let mut pages = slow(sender);
    for (number, requested) in [(1, 1), (2, 3), (3, 4), (4, 4)] {
        let page = pages.try_next().await.unwrap().unwrap();
        assert_eq!(page.items, [number]);
        assert_eq!(*sent.lock().unwrap(), requested, "at page {number}");
    }
    assert_eq!((pages.progress().pages, pages.progress().items), (4, 4));
    assert!(pages.try_next().await.unwrap().is_none());
    assert!(pages.is_terminated());
}
