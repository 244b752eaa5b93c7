//! Pages by script: which are requested, and where the list ends.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::task::Waker;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::*;
use crate::page::Pagination;

/// The responses for each number, in turn. A page that is requested more often does not exist.
type Pages = HashMap<u32, VecDeque<Result<PageResponse<u32>>>>;

/// A scripted list: the responses for each number, and the requested numbers.
#[derive(Clone, Default)]
struct Script {
    pages: Arc<Mutex<Pages>>,
    requested: Arc<Mutex<Vec<u32>>>,
}

impl Script {
    fn page(self, number: u32, items: &[u32], total: Option<u32>, next: bool) -> Self {
        let pagination = Pagination {
            current_page: Some(number),
            pages_total: total,
            has_next: next,
            ..Pagination::default()
        };
        self.response(number, items, pagination)
    }

    fn response(self, number: u32, items: &[u32], pagination: Pagination) -> Self {
        let records = items.iter().copied().map(Ok).collect();
        let page = PageResponse {
            number,
            records,
            repaired: 0,
            digest: 0,
            pagination,
            status: StatusCode::OK,
            headers: HeaderMap::new(),
        };
        self.pages
            .lock()
            .unwrap()
            .entry(number)
            .or_default()
            .push_back(Ok(page));
        self
    }

    fn fails(self, number: u32, kind: ErrorKind) -> Self {
        let error = Error::new(kind, format!("page {number} failed"));
        self.pages
            .lock()
            .unwrap()
            .entry(number)
            .or_default()
            .push_back(Err(error));
        self
    }

    fn pager(&self) -> Pager<u32> {
        let script = self.clone();
        let fetch: Fetch<u32> = Arc::new(move |number| {
            let script = script.clone();
            Box::pin(async move {
                script.requested.lock().unwrap().push(number);
                let page = script
                    .pages
                    .lock()
                    .unwrap()
                    .get_mut(&number)
                    .and_then(VecDeque::pop_front);
                page.unwrap_or_else(|| {
                    Err(Error::new(ErrorKind::NotFound, format!("no page {number}")))
                })
            })
        });
        Pager::new(
            fetch,
            PagerOptions {
                first: 1,
                size: 100,
                ..PagerOptions::default()
            },
        )
    }

    /// Returns all items, the message of the error that ended them, and the requested pages.
    fn run(&self, prefetch: usize) -> (Vec<u32>, Option<String>, Vec<u32>) {
        let mut pager = self.pager();
        let mut cx = Context::from_waker(Waker::noop());
        let (mut items, mut error) = (Vec::new(), None);
        loop {
            match pager.poll_page(&mut cx) {
                Poll::Ready(Some(Ok(page))) => {
                    let contents = PageContents {
                        len: page.records.len(),
                        new: page.records.len() as u64,
                        ..PageContents::default()
                    };
                    items.extend(page.records.map(Result::unwrap));
                    if let Err(this) = pager.accept(page.number, None, contents) {
                        error = Some(pager.give_up(this).to_string());
                    }
                }
                Poll::Ready(Some(Err(this))) => {
                    assert!(error.is_none(), "one error ends the list");
                    error = Some(this.to_string());
                }
                Poll::Ready(None) => break,
                Poll::Pending => panic!("a script never waits"),
            }
            pager.request_ahead(prefetch.saturating_sub(pager.requested()), &mut cx);
        }
        assert!(pager.is_done());
        let requested = self.requested.lock().unwrap().clone();
        (items, error, requested)
    }
}

#[test]
fn ends_at_the_announced_number_of_pages() {
    for prefetch in [0, 1, 4] {
        let script = Script::default()
            .page(1, &[1], Some(3), true)
            .page(2, &[2], Some(3), true)
            .page(3, &[3], Some(3), true);
        assert_eq!(script.run(prefetch), (vec![1, 2, 3], None, vec![1, 2, 3]));
    }
}

#[test]
fn the_number_of_pages_takes_precedence_over_a_missing_link() {
    let script = Script::default()
        .page(1, &[1], Some(2), false)
        .page(2, &[2], Some(2), false);
    assert_eq!(script.run(1), (vec![1, 2], None, vec![1, 2]));
}

#[test]
fn without_a_number_of_pages_ends_at_a_missing_link_or_an_empty_page() {
    let linked = Script::default()
        .page(1, &[1], None, true)
        .page(2, &[2], None, false);
    assert_eq!(linked.run(4), (vec![1, 2], None, vec![1, 2]));

    let endless = Script::default()
        .page(1, &[1], None, true)
        .page(2, &[], None, true);
    assert_eq!(endless.run(1), (vec![1], None, vec![1, 2]));

    let bare = Script::default().response(1, &[1, 2], Pagination::default());
    assert_eq!(bare.run(1), (vec![1, 2], None, vec![1]));
}

#[test]
fn an_empty_list_is_one_empty_page() {
    for total in [Some(0), Some(1), None] {
        let script = Script::default().page(1, &[], total, false);
        assert_eq!(script.run(1), (vec![], None, vec![1]), "{total:?}");
    }
}

#[test]
fn an_announced_page_that_does_not_exist_is_an_error() {
    let empty = Script::default()
        .page(1, &[1], Some(3), true)
        .page(2, &[], Some(3), true);
    let (items, error, _) = empty.run(1);
    assert_eq!(items, [1]);
    assert_eq!(
        error.unwrap(),
        "page 2 of 3 is empty: its items are missing; read the list again"
    );

    let gone = Script::default()
        .page(1, &[1], Some(2), true)
        .fails(2, ErrorKind::NotFound);
    let (items, error, _) = gone.run(1);
    assert_eq!(items, [1]);
    assert_eq!(
        error.unwrap(),
        "page 2 of 2 does not exist: the list is incomplete; read it again"
    );

    let linked = Script::default()
        .page(1, &[1], None, true)
        .fails(2, ErrorKind::NotFound);
    assert!(
        linked
            .run(1)
            .1
            .unwrap()
            .starts_with("page 2 does not exist, but the page before links to it")
    );

    let first = Script::default().page(1, &[], Some(2), true);
    assert_eq!(
        first.run(1).1.unwrap(),
        "page 1 of 2 is empty: its items are missing; read the list again"
    );

    let forgotten = Script::default()
        .page(1, &[1], Some(3), true)
        .page(2, &[], Some(0), false);
    assert!(
        forgotten
            .run(1)
            .1
            .unwrap()
            .starts_with("page 2 of 3 is empty")
    );

    let bare =
        Script::default()
            .page(1, &[1], Some(3), true)
            .response(2, &[], Pagination::default());
    assert!(bare.run(1).1.unwrap().starts_with("page 2 of 3 is empty"));
}

#[test]
fn other_errors_are_returned_and_end_the_list() {
    let script = Script::default()
        .page(1, &[1], Some(4), true)
        .fails(2, ErrorKind::Service)
        .page(3, &[3], Some(4), true);
    let (items, error, _) = script.run(3);
    assert_eq!(items, [1]);
    assert_eq!(error.unwrap(), "page 2 failed");
    let missing = Script::default().fails(1, ErrorKind::NotFound);
    assert_eq!(
        missing.run(1).1.unwrap(),
        "page 1 failed",
        "no page was announced before the first one"
    );
}

#[test]
fn continues_where_the_list_grows_and_ends_where_it_shrinks() {
    let grows = Script::default()
        .page(1, &[1], Some(2), true)
        .page(2, &[2], Some(3), true)
        .page(3, &[3], Some(3), false);
    assert_eq!(grows.run(1).0, [1, 2, 3]);
    let shrinks = Script::default()
        .page(1, &[1], Some(3), true)
        .page(2, &[2], Some(2), false);
    assert_eq!(shrinks.run(1), (vec![1, 2], None, vec![1, 2]));
}

#[test]
fn prefetches_no_more_pages_than_allowed() {
    let mut script = Script::default();
    for number in 1..=20 {
        script = script.page(number, &[number], Some(20), true);
    }
    let mut pager = script.pager();
    let mut cx = Context::from_waker(Waker::noop());
    assert!(!pager.request_ahead(3, &mut cx));
    assert_eq!(
        *script.requested.lock().unwrap(),
        [] as [u32; 0],
        "the number of pages is not known before the first one"
    );
    assert!(pager.poll_page(&mut cx).is_ready());
    assert_eq!(*script.requested.lock().unwrap(), [1]);
    assert!(pager.request_ahead(3, &mut cx));
    assert!(!pager.request_ahead(0, &mut cx));
    assert_eq!(*script.requested.lock().unwrap(), [1, 2, 3, 4]);
    assert_eq!((pager.requested(), pager.running()), (3, 0));
    assert!(pager.request_ahead(100, &mut cx));
    assert_eq!(script.requested.lock().unwrap().len(), 20);
    assert!(
        !pager.request_ahead(100, &mut cx),
        "all pages were requested"
    );
}
