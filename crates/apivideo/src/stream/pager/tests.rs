use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::task::Waker;

use super::*;
use crate::page::Pagination;

/// What comes for each number, in turn: the last one again and again would hide a page that is asked for twice.
type Pages = HashMap<u32, VecDeque<Result<Fetched<u32>>>>;

/// A list by script: what comes for each number, and which were asked for.
#[derive(Clone, Default)]
struct Script {
    pages: Arc<Mutex<Pages>>,
    asked: Arc<Mutex<Vec<u32>>>,
    reread: Option<u32>,
}

impl Script {
    fn page(self, number: u32, items: &[u32], total: Option<u32>, next: bool) -> Self {
        let pagination = Pagination {
            current_page: Some(number),
            pages_total: total,
            has_next: next,
            ..Pagination::default()
        };
        self.reply(number, items, pagination)
    }

    fn reply(self, number: u32, items: &[u32], pagination: Pagination) -> Self {
        let records = items.iter().copied().map(Ok).collect();
        let page = Fetched {
            number,
            records,
            repaired: 0,
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
                script.asked.lock().unwrap().push(number);
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
            Reading {
                first: 1,
                reread: self.reread,
                total: None,
            },
        )
    }

    /// All items, the message of the error that ended them, and the pages asked for.
    fn run(&self, prefetch: usize) -> (Vec<u32>, Option<String>, Vec<u32>) {
        let mut pager = self.pager();
        let mut cx = Context::from_waker(Waker::noop());
        let (mut items, mut error) = (Vec::new(), None);
        loop {
            match pager.poll_page(&mut cx) {
                Poll::Ready(Some(Ok(page))) => {
                    items.extend(page.records.map(Result::unwrap));
                }
                Poll::Ready(Some(Err(this))) => {
                    assert!(error.is_none(), "one error ends the list");
                    error = Some(this.to_string());
                }
                Poll::Ready(None) => break,
                Poll::Pending => panic!("a script never waits"),
            }
            pager.read_ahead(prefetch.saturating_sub(pager.asked()), &mut cx);
        }
        assert!(pager.is_done());
        let asked = self.asked.lock().unwrap().clone();
        (items, error, asked)
    }
}

#[test]
fn the_end_is_where_the_number_of_pages_says() {
    for prefetch in [0, 1, 4] {
        let script = Script::default()
            .page(1, &[1], Some(3), true)
            .page(2, &[2], Some(3), true)
            .page(3, &[3], Some(3), true);
        assert_eq!(script.run(prefetch), (vec![1, 2, 3], None, vec![1, 2, 3]));
    }
}

#[test]
fn the_number_wins_over_a_missing_link() {
    let script = Script::default()
        .page(1, &[1], Some(2), false)
        .page(2, &[2], Some(2), false);
    assert_eq!(script.run(1), (vec![1, 2], None, vec![1, 2]));
}

#[test]
fn without_a_number_the_end_is_a_missing_link_or_an_empty_page() {
    let linked = Script::default()
        .page(1, &[1], None, true)
        .page(2, &[2], None, false);
    assert_eq!(linked.run(4), (vec![1, 2], None, vec![1, 2]));

    let endless = Script::default()
        .page(1, &[1], None, true)
        .page(2, &[], None, true);
    assert_eq!(endless.run(1), (vec![1], None, vec![1, 2]));

    let bare = Script::default().reply(1, &[1, 2], Pagination::default());
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
fn a_page_that_was_announced_and_does_not_come_is_an_error() {
    let empty = Script::default()
        .page(1, &[1], Some(3), true)
        .page(2, &[], Some(3), true);
    let (items, error, _) = empty.run(1);
    assert_eq!(items, [1]);
    assert_eq!(
        error.unwrap(),
        "page 2 of 3 came empty: what it held is missing; read the list again"
    );

    let gone = Script::default()
        .page(1, &[1], Some(2), true)
        .fails(2, ErrorKind::NotFound);
    let (items, error, _) = gone.run(1);
    assert_eq!(items, [1]);
    assert_eq!(
        error.unwrap(),
        "page 2 of 2 was announced and is not there: the list is not complete; read it again"
    );

    let linked = Script::default()
        .page(1, &[1], None, true)
        .fails(2, ErrorKind::NotFound);
    assert!(
        linked
            .run(1)
            .1
            .unwrap()
            .starts_with("page 2 was linked to as the next one and is not there")
    );

    let first = Script::default().page(1, &[], Some(2), true);
    assert_eq!(
        first.run(1).1.unwrap(),
        "page 1 of 2 came empty: what it held is missing; read the list again"
    );

    let forgotten = Script::default()
        .page(1, &[1], Some(3), true)
        .page(2, &[], Some(0), false);
    assert!(
        forgotten
            .run(1)
            .1
            .unwrap()
            .starts_with("page 2 of 3 came empty")
    );

    let bare = Script::default()
        .page(1, &[1], Some(3), true)
        .reply(2, &[], Pagination::default());
    assert!(bare.run(1).1.unwrap().starts_with("page 2 of 3 came empty"));
}

#[test]
fn other_failures_come_as_they_are_and_end_the_list() {
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
        "of the first page nothing was announced"
    );
}

#[test]
fn a_list_that_grows_is_followed_and_one_that_shrinks_ends() {
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
fn no_more_pages_are_asked_for_than_are_to_be_read_ahead() {
    let mut script = Script::default();
    for number in 1..=20 {
        script = script.page(number, &[number], Some(20), true);
    }
    let mut pager = script.pager();
    let mut cx = Context::from_waker(Waker::noop());
    assert!(!pager.read_ahead(3, &mut cx));
    assert_eq!(
        *script.asked.lock().unwrap(),
        [] as [u32; 0],
        "nothing is known before the first page"
    );
    assert!(pager.poll_page(&mut cx).is_ready());
    assert_eq!(*script.asked.lock().unwrap(), [1]);
    assert!(pager.read_ahead(3, &mut cx));
    assert!(!pager.read_ahead(0, &mut cx));
    assert_eq!(*script.asked.lock().unwrap(), [1, 2, 3, 4]);
    assert_eq!((pager.asked(), pager.running()), (3, 0));
    assert!(pager.read_ahead(100, &mut cx));
    assert_eq!(script.asked.lock().unwrap().len(), 20);
    assert!(!pager.read_ahead(100, &mut cx), "there are no more");
}

/// A page of two items, with the totals that go with `items`.
fn counted(script: Script, number: u32, items: &[u32], items_total: u64) -> Script {
    let pages = u32::try_from(items_total.div_ceil(2)).unwrap();
    let pagination = Pagination {
        current_page: Some(number),
        pages_total: Some(pages),
        items_total: Some(items_total),
        ..Pagination::default()
    };
    script.reply(number, items, pagination)
}

#[test]
fn what_moved_to_a_page_that_was_read_is_read_again() {
    // [1 2][3 4][5 6]; after page 1, item 1 is taken out: [2 3][4 5][6].
    let script = Script {
        reread: Some(2),
        ..Script::default()
    };
    let script = counted(script, 1, &[1, 2], 6);
    let script = counted(script, 2, &[4, 5], 5);
    let script = counted(script, 1, &[2, 3], 5);
    let script = counted(script, 2, &[4, 5], 5);
    let script = counted(script, 3, &[6], 5);
    assert_eq!(
        script.run(0),
        (vec![1, 2, 2, 3, 4, 5, 6], None, vec![1, 2, 1, 2, 3])
    );
}

#[test]
fn as_many_pages_are_read_again_as_items_are_missing() {
    let script = Script {
        reread: Some(2),
        ..Script::default()
    };
    let script = counted(script, 1, &[1, 2], 8);
    let script = counted(script, 2, &[3, 4], 8);
    let script = counted(script, 3, &[8], 5); // 1, 2 and 3 are gone: [4 5][6 7][8]
    let script = counted(script, 1, &[4, 5], 5);
    let script = counted(script, 2, &[6, 7], 5);
    let script = counted(script, 3, &[8], 5);
    assert_eq!(script.run(1).0, [1, 2, 3, 4, 4, 5, 6, 7, 8]);
}

#[test]
fn a_page_that_vanished_with_its_items_is_no_hole() {
    // [1 2][3]: item 3 is taken out before page 2 is read, which comes empty.
    let script = Script {
        reread: Some(2),
        ..Script::default()
    };
    let script = counted(script, 1, &[1, 2], 3);
    let script = counted(script, 2, &[], 2);
    let script = counted(script, 1, &[1, 2], 2);
    assert_eq!(script.run(1), (vec![1, 2, 1, 2], None, vec![1, 2, 1]));
}

#[test]
fn a_list_that_never_stops_shrinking_is_given_up() {
    let left = Arc::new(Mutex::new(3_000));
    let calls = Arc::clone(&left);
    let fetch: Fetch<u32> = Arc::new(move |number| {
        let mut left = calls.lock().unwrap();
        *left -= 1;
        let pagination = Pagination {
            current_page: Some(number),
            pages_total: Some(1_000),
            items_total: Some(*left),
            ..Pagination::default()
        };
        let page = Fetched {
            number,
            records: [Ok(number)].into_iter().collect(),
            repaired: 0,
            pagination,
            status: StatusCode::OK,
            headers: HeaderMap::new(),
        };
        Box::pin(std::future::ready(Ok(page)))
    });
    let mut pager = Pager::new(
        fetch,
        Reading {
            first: 1,
            reread: Some(1),
            total: None,
        },
    );
    let mut cx = Context::from_waker(Waker::noop());
    let error = loop {
        match pager.poll_page(&mut cx) {
            Poll::Ready(Some(Err(error))) => break error,
            Poll::Ready(Some(Ok(_))) => {}
            other => panic!("it ended: {}", other.is_ready()),
        }
    };
    assert!(
        error.is_incomplete() && error.to_string().contains("shrank again and again"),
        "{error}"
    );
    assert!(3_000 - *left.lock().unwrap() < 1_000, "bounded");
}

#[test]
fn a_number_of_pages_that_the_page_itself_contradicts_says_nothing() {
    let zero = Script::default()
        .page(1, &[1], Some(0), true)
        .page(2, &[2], Some(0), true)
        .page(3, &[3], Some(0), false);
    assert_eq!(zero.run(1), (vec![1, 2, 3], None, vec![1, 2, 3]));
}

#[test]
fn fewer_pages_without_a_total_are_read_again_too() {
    let script = Script {
        reread: Some(1),
        ..Script::default()
    };
    let script = script
        .page(1, &[1], Some(3), true)
        .page(2, &[3], Some(2), false);
    let script = script
        .page(1, &[2], Some(2), true)
        .page(2, &[3], Some(2), false);
    assert_eq!(script.run(0), (vec![1, 2, 3], None, vec![1, 2, 1, 2]));
}
