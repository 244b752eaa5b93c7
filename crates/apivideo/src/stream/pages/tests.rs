use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::TryStreamExt;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use tokio::sync::mpsc::unbounded_channel;

use super::*;
use crate::page::Pagination;
use crate::stream::pager::{PageResponse, PagerOptions};

#[expect(
    clippy::disallowed_methods,
    reason = "tokio's clock stands still in this test and jumps to the next timer"
)]
fn slow(sender: tokio::sync::mpsc::UnboundedSender<u32>) -> Pager<u32> {
    let fetch = move |number| -> crate::transport::clock::BoxFuture<Result<PageResponse<u32>>> {
        let sender = sender.clone();
        Box::pin(async move {
            sender.send(number).unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
            Ok(PageResponse {
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
    let reading = PagerOptions {
        first: 1,
        size: 1,
        ..PagerOptions::default()
    };
    Pager::new(Arc::new(fetch), reading)
}

/// The pages of a list of 250 items, which announce this number of pages and of items.
async fn read(pages_total: u32, items_total: u64) -> (Vec<usize>, Option<String>) {
    let fetch = move |number: u32| -> crate::transport::clock::BoxFuture<Result<PageResponse<u32>>> {
        let items = (0..250_u32).skip((number as usize - 1) * 100).take(100);
        let page = PageResponse {
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
    let reading = PagerOptions {
        first: 1,
        size: 100,
        ..PagerOptions::default()
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
    for (number, requested) in [(1, 1), (2, 3), (3, 4), (4, 4)] {
        let page = pages.try_next().await.unwrap().unwrap();
        assert_eq!(page.items, [number]);
        assert_eq!(*left.lock().unwrap(), requested, "at page {number}");
    }
    assert!(pages.try_next().await.unwrap().is_none());
    assert!(pages.is_terminated());
}
