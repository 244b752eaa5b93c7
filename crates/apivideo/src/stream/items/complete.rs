//! Whether a stream is complete or says that it is not, whatever the pages announce.

use std::sync::{Arc, Mutex, OnceLock};

use futures_util::StreamExt;
use proptest::prelude::*;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::*;
use crate::cursor::Hex;
use crate::error::ErrorKind;
use crate::page::{PageSize, Pagination};
use crate::stream::dedup::{MAX_KNOWN, fold};
use crate::stream::page_response::PageResponse;
use crate::stream::plan::Plan;

const FILTERS: Filters = Filters {
    fingerprint: Hex(0),
    page_size: PageSize::MAX,
};

/// A service in memory: what it returns for the page of a number.
type Respond = Box<dyn FnMut(&mut Service, u32) -> Result<Reply> + Send>;

pub(super) struct Service {
    pub(super) items: Vec<u32>,
    pub(super) size: usize,
    /// The window whose page is requested.
    pub(super) window: u32,
    /// The pages that were requested.
    pub(super) requests: Vec<u32>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Reply {
    pub(super) items: Vec<u32>,
    pub(super) pagination: Pagination,
}

impl Service {
    /// The page as it should be.
    pub(super) fn page(&self, number: u32) -> Reply {
        self.page_of(&self.items, number, self.size)
    }

    pub(super) fn page_of(&self, items: &[u32], number: u32, size: usize) -> Reply {
        let start = (number as usize - 1).saturating_mul(size).min(items.len());
        let items_of_page = items[start..(start + size).min(items.len())].to_vec();
        let pages = items.len().div_ceil(size);
        Reply {
            pagination: Pagination {
                current_page: Some(number),
                current_page_items: u32::try_from(items_of_page.len()).ok(),
                page_size: u32::try_from(size).ok(),
                pages_total: u32::try_from(pages).ok(),
                items_total: Some(items.len() as u64),
                has_next: false,
                has_unreadable_total: false,
            },
            items: items_of_page,
        }
    }
}

/// A record that can't be decoded: two of them are the same to the letter.
const INVALID: u32 = u32::MAX;

fn record((index, item): (usize, &u32)) -> Result<String> {
    match *item {
        INVALID => Err(Error::invalid_record(index, None, "null", "")),
        item => Ok(item.to_string()),
    }
}

/// What a stream yielded, and how it ended.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) items: Vec<u32>,
    pub(super) error: Option<Error>,
    pub(super) cursor: Cursor,
    pub(super) progress: Progress,
    pub(super) requests: Vec<u32>,
}

pub(super) struct List {
    service: Arc<Mutex<(Service, Respond)>>,
    pub(super) identified: bool,
    pub(super) prefetch: usize,
    pub(super) windows: u32,
}

impl List {
    pub(super) fn new(
        count: u32,
        respond: impl FnMut(&mut Service, u32) -> Result<Reply> + Send + 'static,
    ) -> Self {
        let service = Service {
            items: (0..count).collect(),
            size: 100,
            window: 0,
            requests: Vec::new(),
        };
        Self {
            service: Arc::new(Mutex::new((service, Box::new(respond)))),
            identified: true,
            prefetch: 1,
            windows: 1,
        }
    }

    /// A list whose pages are changed by `change`.
    fn changed(count: u32, change: fn(&Service, u32, Reply) -> Reply) -> Self {
        Self::new(count, move |service, number| {
            Ok(change(service, number, service.page(number)))
        })
    }

    pub(super) fn stream(&self) -> ItemStream<String> {
        let service = Arc::clone(&self.service);
        let plan = Plan {
            path: "/list".to_owned(),
            page_size: PageSize::MAX,
            fetch: Arc::new(move |_, window, number| {
                let reply = {
                    let (service, respond) = &mut *service.lock().unwrap();
                    service.requests.push(number);
                    service.window = window;
                    assert!(service.requests.len() < 20_000, "an endless list");
                    respond(service, number)
                };
                Box::pin(std::future::ready(reply.map(|reply| {
                    PageResponse {
                        number,
                        records: reply.items.iter().enumerate().map(record).collect(),
                        repaired: 0,
                        digest: reply
                            .items
                            .iter()
                            .map(|item| u64::from(*item))
                            .fold(1, fold),
                        pagination: reply.pagination,
                        status: StatusCode::OK,
                        headers: HeaderMap::new(),
                    }
                })))
            }),
            windows: self.windows,
            concurrency: self.windows.min(8) as usize,
            ordered: true,
            prefetch: self.prefetch,
            identity: self.identified.then_some(String::as_str),
            on_invalid: None,
            events: None,
            asset: None,
        };
        static CLIENT: OnceLock<Transport> = OnceLock::new();
        let transport = CLIENT.get_or_init(|| {
            let client = crate::Client::builder().api_key("any").build();
            client.unwrap().transport
        });
        ItemStream::new(transport, Source::List(plan), FILTERS)
    }

    pub(super) fn with<R>(&self, f: impl FnOnce(&mut Service) -> R) -> R {
        f(&mut self.service.lock().unwrap().0)
    }

    pub(super) async fn read(&self) -> Outcome {
        self.read_on(self.stream(), usize::MAX).await
    }

    pub(super) async fn read_on(&self, mut stream: ItemStream<String>, count: usize) -> Outcome {
        let (mut items, mut error) = (Vec::new(), None);
        while items.len() < count
            && let Some(outcome) = stream.next().await
        {
            match outcome {
                Ok(item) => items.push(item.parse().unwrap()),
                Err(this) if !this.is_terminal() => {}
                Err(this) => {
                    assert!(error.is_none(), "one error ends a list");
                    error = Some(this);
                }
            }
        }
        Outcome {
            items,
            error,
            cursor: stream.cursor(),
            progress: stream.progress(),
            requests: self.with(|service| std::mem::take(&mut service.requests)),
        }
    }
}

impl Outcome {
    /// Everything came, each item once, and no error.
    #[track_caller]
    pub(super) fn is_all(&self, count: u32) -> &Self {
        assert!(self.error.is_none(), "{:?}", self.error);
        let mut items = self.items.clone();
        items.sort_unstable();
        assert_eq!(items, (0..count).collect::<Vec<_>>());
        self
    }

    #[track_caller]
    fn is_all_by(&self, count: u32, requests: &[u32]) {
        self.is_all(count);
        assert_eq!(self.requests, requests);
    }

    /// So many items came, each once, and the error says that others are missing.
    #[track_caller]
    fn is_incomplete(&self, items: usize, message: &str) -> &Self {
        assert_eq!(self.items.len(), items);
        let mut unique = self.items.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), items, "nothing comes twice");
        let error = self.error.as_ref().expect("items are missing");
        assert_eq!(error.kind(), ErrorKind::Incomplete, "{error}");
        assert!(error.is_terminal() && error.cursor().is_some());
        assert_eq!(error.to_string(), message);
        self
    }
}

/// A generator of numbers that is the same in every run.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % bound.max(1)
    }

    pub(super) fn shuffle(&mut self, items: &mut [u32]) {
        for place in (1..items.len()).rev() {
            items.swap(place, self.below(place + 1));
        }
    }
}

fn not_found() -> Error {
    Error::new(ErrorKind::NotFound, "there is no such page")
}

#[tokio::test]
async fn a_sound_list_costs_one_request_a_page() {
    for prefetch in [0, 1, 16] {
        let mut list = List::changed(250, |_, _, reply| reply);
        list.prefetch = prefetch;
        let outcome = list.read().await;
        outcome.is_all_by(250, &[1, 2, 3]);
        assert_eq!(outcome.progress.rereads, 0);
        assert_eq!(outcome.progress.expected, Some(250));
    }
}

#[tokio::test]
async fn the_total_of_items_decides_where_that_of_pages_contradicts_it() {
    let pages_total = |pages: fn(u32) -> u32| {
        move |service: &mut Service, number: u32| {
            let mut reply = service.page(number);
            reply.pagination.pages_total = reply.pagination.pages_total.map(pages);
            Ok(reply)
        }
    };
    for pages in [
        (|_| 0) as fn(u32) -> u32,
        |pages| pages - 1,
        |pages| pages + 1,
        |_| 1,
        |_| u32::MAX,
    ] {
        List::new(250, pages_total(pages))
            .read()
            .await
            .is_all_by(250, &[1, 2, 3]);
        let mut events = List::new(250, pages_total(pages));
        events.identified = false;
        events.read().await.is_all_by(250, &[1, 2, 3]);
    }
}

#[tokio::test]
async fn what_comes_past_the_end_does_not_matter_once_all_items_came() {
    type PastTheEnd = fn(&Service, u32) -> Result<Reply>;
    let past_the_end: [PastTheEnd; 5] = [
        |service, _| Ok(service.page(2)),
        |service, number| {
            let mut reply = service.page(2);
            reply.pagination.current_page = Some(number);
            Ok(reply)
        },
        |service, number| Ok(service.page(number)),
        |_, _| Err(not_found()),
        |service, _| Ok(service.page(1)),
    ];
    for respond in past_the_end {
        for (identified, prefetch) in [(true, 0), (true, 4), (false, 1)] {
            let mut list = List::new(200, move |service, number| {
                let mut reply = match number {
                    1 | 2 => service.page(number),
                    _ => respond(service, number)?,
                };
                reply.pagination.pages_total = Some(3);
                Ok(reply)
            });
            (list.identified, list.prefetch) = (identified, prefetch);
            let outcome = list.read().await;
            // A full page with others to come doubts the total.
            outcome.is_all_by(200, &[1, 2, 3]);
        }
    }
}

#[tokio::test]
async fn a_total_that_ends_with_a_full_page_is_doubted_where_more_pages_follow() {
    let cut = |service: &mut Service, number: u32| {
        let mut reply = service.page(number);
        reply.pagination.items_total = Some(100);
        Ok(reply)
    };
    let of_the_page = |service: &mut Service, number: u32| {
        let mut reply = service.page(number);
        reply.pagination.items_total = Some(reply.items.len() as u64);
        Ok(reply)
    };
    let so_far = |service: &mut Service, number: u32| {
        let mut reply = service.page(number);
        reply.pagination.items_total = Some(u64::from(number - 1) * 100 + reply.items.len() as u64);
        reply.pagination.pages_total = Some(number);
        reply.pagination.has_next = number < 3;
        Ok(reply)
    };
    List::new(250, cut).read().await.is_all(250);
    List::new(250, of_the_page).read().await.is_all(250);
    List::new(250, so_far).read().await.is_all(250);
    // Nothing contradicts it: no further page is requested.
    let sound = |service: &mut Service, number: u32| Ok(service.page(number));
    List::new(200, sound).read().await.is_all_by(200, &[1, 2]);
}

#[tokio::test]
async fn a_total_that_its_own_page_contradicts_says_nothing() {
    for total in [0, 1, 100, 250] {
        let list = List::new(1_000, move |service, number| {
            let mut reply = service.page(number);
            if number == 3 {
                reply.pagination.items_total = Some(total);
            }
            Ok(reply)
        });
        let outcome = list.read().await;
        outcome.is_all(1_000);
        assert!(outcome.requests.len() <= 13, "{:?}", outcome.requests);
    }
}

#[tokio::test]
async fn a_copy_of_the_service_that_lags_behind_costs_no_item_unseen() {
    let (mut complete, mut incomplete) = (0, 0);
    for lag in [1, 50, 100, 150] {
        for seed in 1..=50 {
            let mut chance = Chance(seed * 7919);
            let list = List::new(1_000, move |service, number| {
                let items = &service.items[..1_000 - lag * chance.below(2)];
                let reply = service.page_of(items, number, 100);
                match reply.items.is_empty() && seed % 2 == 0 {
                    true => Err(not_found()),
                    false => Ok(reply),
                }
            });
            let outcome = list.read().await;
            assert!(outcome.requests.len() <= 130);
            match outcome.error {
                None => {
                    outcome.is_all(1_000);
                    complete += 1;
                }
                Some(error) => {
                    assert_eq!(error.kind(), ErrorKind::Incomplete);
                    assert!(error.to_string().contains("of 1000 announced"), "{error}");
                    incomplete += 1;
                }
            }
        }
    }
    assert!(incomplete < complete / 20, "{incomplete} of {complete}");
}

#[tokio::test]
async fn items_without_identity_are_neither_cut_nor_repeated_by_odd_pages() {
    let events = |count, respond: fn(&mut Service, u32) -> Result<Reply>| {
        let mut list = List::new(count, respond);
        list.identified = false;
        list
    };
    // A total that counts one page, or is cut to a maximum.
    for count in [101, 200, 250] {
        for of_the_page in [
            |service: &mut Service, number: u32| {
                let mut reply = service.page(number);
                reply.pagination.items_total = Some(reply.items.len() as u64);
                Ok(reply)
            },
            |service: &mut Service, number: u32| {
                let mut reply = service.page(number);
                reply.pagination.items_total = Some(100);
                Ok(reply)
            },
        ] {
            events(count, of_the_page).read().await.is_all(count);
        }
        // All at once, without pagination.
        let at_once = |service: &mut Service, _: u32| {
            let mut reply = service.page_of(&service.items, 1, 1_000);
            reply.pagination = Pagination::default();
            Ok(reply)
        };
        events(count, at_once).read().await.is_all(count);
        // The first page under each number.
        let first = |service: &mut Service, number: u32| {
            let mut reply = service.page(1);
            reply.pagination.current_page = Some(number);
            Ok(reply)
        };
        let what = format!("the list ended after 100 of {count} announced items: read it again");
        let outcome = events(count, first).read().await;
        outcome.is_incomplete(100, &what);
        assert!(outcome.progress.duplicates > 0);
    }
}

#[tokio::test]
async fn a_total_that_can_not_be_read_is_not_taken_for_none() {
    fn unreadable(_: &Service, _: u32, mut reply: Reply) -> Reply {
        reply.pagination.items_total = None;
        reply.pagination.has_unreadable_total = true;
        reply
    }
    for prefetch in [0, 1, 4] {
        let mut list = List::changed(250, unreadable);
        list.prefetch = prefetch;
        let what = "the list ended after 250 items, and the number of items that it announces can't be read: whether these are \
                    all is not known";
        list.read().await.is_incomplete(250, what);
    }
    // One that can be read on another page tells.
    List::changed(250, |service, number, reply| match number {
        3 => reply,
        _ => unreadable(service, number, reply),
    })
    .read()
    .await
    .is_all(250);
}

#[tokio::test]
async fn a_link_to_a_next_page_is_followed_without_a_total_of_items() {
    List::changed(250, |_, number, mut reply| {
        reply.pagination.items_total = None;
        reply.pagination.pages_total = Some(2);
        reply.pagination.has_next = number < 3;
        reply
    })
    .read()
    .await
    .is_all(250);
}

#[tokio::test]
async fn without_pagination_a_full_page_may_be_followed_by_another_one() {
    let bare = |_: &Service, _: u32, reply: Reply| Reply {
        pagination: Pagination::default(),
        ..reply
    };
    let outcome = List::changed(250, bare).read().await;
    outcome.is_all(250);
    // Each boundary is checked, since nothing would show that the list moved.
    assert_eq!(outcome.requests, [1, 2, 1, 3, 2]);
    let mut events = List::changed(250, bare);
    events.identified = false;
    events.read().await.is_all_by(250, &[1, 2, 3]);
    List::changed(30, bare).read().await.is_all_by(30, &[1]);
    List::changed(200, bare).read().await.is_all(200);
    List::changed(0, bare).read().await.is_all_by(0, &[1]);
}

#[tokio::test]
async fn totals_that_the_pages_contradict_end_nothing_early() {
    let zero = |_: &Service, _: u32, mut reply: Reply| {
        reply.pagination.items_total = Some(0);
        reply
    };
    let outcome = List::changed(250, zero).read().await;
    outcome.is_all(250);
    assert_eq!(outcome.progress.expected, None);
    let both = |_: &Service, _: u32, mut reply: Reply| {
        reply.pagination.items_total = Some(0);
        reply.pagination.pages_total = Some(0);
        reply
    };
    List::changed(250, both).read().await.is_all(250);
    let small = |_: &Service, _: u32, mut reply: Reply| {
        reply.pagination.items_total = Some(150);
        reply
    };
    List::changed(250, small).read().await.is_all(250);
    let none = |_: &Service, _: u32, mut reply: Reply| {
        reply.pagination.items_total = None;
        reply
    };
    List::changed(250, none).read().await.is_all(250);
}

#[tokio::test]
async fn a_total_that_is_too_large_ends_as_incomplete() {
    let huge = |_: &Service, _: u32, mut reply: Reply| {
        reply.pagination.items_total = Some(99_999_999_999_999);
        reply
    };
    let message = "the list ended after 250 of 99999999999999 announced items: it was read 2 times; \
                   read it from its start, or by smaller periods";
    let outcome = List::changed(250, huge).read().await;
    outcome.is_incomplete(250, message);
    assert_eq!(outcome.requests, [1, 2, 3, 4, 1, 2, 3, 4]);
    assert_eq!(
        (outcome.progress.rereads, outcome.progress.duplicates),
        (4, 0)
    );
    let mut events = List::changed(250, huge);
    events.identified = false;
    let outcome = events.read().await;
    outcome.is_incomplete(
        250,
        "the list ended after 250 of 99999999999999 announced items: read it again",
    );
    assert_eq!(outcome.requests, [1, 2, 3, 4]);
}

#[tokio::test]
async fn a_page_size_that_is_not_honoured_is_read_by_the_size_that_comes() {
    let announced = [true, false];
    for size in [1, 25, 70, 99, 1_000] {
        for announced in announced {
            for identified in [true, false] {
                let mut list = List::new(250, move |service, number| {
                    let mut reply = service.page_of(&service.items, number, size);
                    if !announced {
                        reply.pagination.page_size = Some(100);
                        reply.pagination.pages_total = Some(3);
                    }
                    Ok(reply)
                });
                list.identified = identified;
                let outcome = list.read().await;
                outcome.is_all(250);
                assert_eq!(outcome.requests.len(), 250_usize.div_ceil(size), "{size}");
            }
        }
    }
}

#[tokio::test]
async fn the_number_of_a_page_with_identities_is_judged_by_its_items() {
    let always_first = |_: &Service, _: u32, mut reply: Reply| {
        reply.pagination.current_page = Some(1);
        reply
    };
    List::changed(250, always_first)
        .read()
        .await
        .is_all_by(250, &[1, 2, 3]);
    let mut events = List::changed(250, always_first);
    events.identified = false;
    events.read().await.is_incomplete(
        100,
        "page 2 was requested and page 1 came; the items of page 2 are missing, read it again",
    );
    let zero_based = |service: &Service, number: u32, _: Reply| {
        let mut reply = service.page(number + 1);
        reply.pagination.current_page = Some(number);
        reply
    };
    List::changed(250, zero_based).read().await.is_incomplete(
        150,
        "the list ended after 150 of 250 announced items: it was read 2 times; \
         read it from its start, or by smaller periods",
    );
}

#[tokio::test]
async fn an_order_that_changes_is_read_until_all_items_came() {
    for seed in 1..=20 {
        let mut chance = Chance(seed * 7919);
        let outcome = List::new(250, move |service, number| {
            let mut items = service.items.clone();
            chance.shuffle(&mut items);
            Ok(service.page_of(&items, number, 100))
        })
        .read()
        .await;
        outcome.is_all(250);
        assert!(outcome.progress.rereads > 0 && outcome.progress.changed);
    }
}

#[tokio::test]
async fn an_order_that_changes_without_a_total_is_an_error() {
    let mut chance = Chance(7919);
    let outcome = List::new(250, move |service, number| {
        let mut items = service.items.clone();
        chance.shuffle(&mut items);
        let mut reply = service.page_of(&items, number, 100);
        reply.pagination.items_total = None;
        Ok(reply)
    })
    .read()
    .await;
    assert_eq!(outcome.error.unwrap().kind(), ErrorKind::Incomplete);
    assert!(outcome.requests.len() < 500);
}

#[tokio::test]
async fn a_page_that_is_missing_once_is_found_by_reading_again() {
    for prefetch in [0, 4] {
        for error in [false, true] {
            let mut lost = false;
            let mut list = List::new(450, move |service, number| {
                let mut reply = service.page(number);
                if number == 3 && !std::mem::replace(&mut lost, true) {
                    if error {
                        return Err(not_found());
                    }
                    reply.items.clear();
                }
                Ok(reply)
            });
            list.prefetch = prefetch;
            list.read().await.is_all(450);
        }
    }
}

#[tokio::test]
async fn a_page_that_never_comes_is_an_error_with_its_cause() {
    let list = List::new(250, |service, number| match number {
        2 => Err(not_found()),
        _ => Ok(service.page(number)),
    });
    let outcome = list.read().await;
    outcome.is_incomplete(
        100,
        "the list ended after 100 of 250 announced items, page 2 is not there: it was read 2 times; \
         read it from its start, or by smaller periods",
    );
    let error = outcome.error.unwrap();
    let cause = std::error::Error::source(&error).map(ToString::to_string);
    assert_eq!(cause.as_deref(), Some("there is no such page"));
}

#[tokio::test]
async fn a_list_without_an_end_stops_after_a_bounded_number_of_pages() {
    // The same items again and again, and a total that grows with each page.
    let list = List::new(100, |service, number| {
        let mut reply = service.page(1);
        reply.pagination.current_page = Some(number);
        reply.pagination.items_total = Some(u64::from(number) * 100 + 100);
        reply.pagination.pages_total = Some(number + 1);
        Ok(reply)
    });
    let outcome = list.read().await;
    outcome.is_incomplete(
        100,
        "100 pages in a row contain nothing new, and more are announced: the list has no end; contact the service's support",
    );
    assert!(outcome.requests.len() < 300, "{}", outcome.requests.len());

    let list = List::new(100, |service, number| {
        let mut reply = service.page(1);
        reply.pagination = Pagination {
            has_next: true,
            ..Pagination::default()
        };
        reply.pagination.current_page = Some(number);
        Ok(reply)
    });
    list.read().await.is_incomplete(
        100,
        "page 2 contains nothing new and links to a next page: the list has no end; contact the service's support",
    );

    for (announced, pages) in [(true, None), (false, None), (false, Some(1_000_000))] {
        let mut events = List::new(100, move |service, number| {
            let mut reply = service.page(1);
            reply.pagination = Pagination {
                has_next: true,
                ..Pagination::default()
            };
            if announced {
                reply.pagination.items_total = Some(u64::from(number) * 100 + 100);
                reply.pagination.pages_total = Some(number + 1);
            }
            reply.pagination.pages_total = pages.or(reply.pagination.pages_total);
            Ok(reply)
        });
        events.identified = false;
        let outcome = events.read().await;
        let error = outcome.error.unwrap();
        assert_eq!(error.kind(), ErrorKind::Incomplete);
        assert!(error.to_string().contains("the list has no end"), "{error}");
        let bound = if pages.is_some() { 11_002 } else { 1_003 };
        assert!(
            outcome.requests.len() <= bound,
            "{}",
            outcome.requests.len()
        );
    }
}

#[tokio::test]
async fn an_item_in_two_windows_is_yielded_once_and_counts_in_both() {
    let mut list = List::changed(150, |_, _, reply| reply);
    list.windows = 3;
    let outcome = list.read().await;
    outcome.is_all(150);
    assert_eq!(outcome.progress.duplicates, 300);
}

#[tokio::test]
async fn invalid_records_count_as_read_and_are_reported_once() {
    let holes = |service: &Service, mut reply: Reply| {
        for item in &mut reply.items {
            if *item % 90 == 3 {
                *item = INVALID;
            }
        }
        assert_eq!(service.items.len(), 250);
        reply
    };
    let list = List::new(250, move |service, number| {
        Ok(holes(service, service.page(number)))
    });
    let outcome = list.read().await;
    assert!(outcome.error.is_none(), "{:?}", outcome.error);
    assert_eq!((outcome.progress.items, outcome.progress.invalid), (247, 3));
    assert_eq!(outcome.requests, [1, 2, 3]);
    // They are the same ones when the list is read again.
    let list = List::new(250, move |service, number| {
        let mut reply = holes(service, service.page(number));
        reply.pagination.items_total = Some(251);
        Ok(reply)
    });
    let outcome = list.read().await;
    assert_eq!((outcome.progress.items, outcome.progress.invalid), (247, 3));
    assert_eq!(
        outcome.error.unwrap().to_string(),
        "the list ended after 250 of 251 announced items: it was read 2 times; \
         read it from its start, or by smaller periods"
    );
}

/// 32 windows of 150 items each, which one of them returns in another order for each page.
fn windows(missing: Option<u32>) -> List {
    let mut chance = Chance(11);
    let mut list = List::new(0, move |service, number| {
        let first = service.window * 150;
        let mut items: Vec<u32> = (first..first + 150).collect();
        if service.window == 7 {
            chance.shuffle(&mut items);
        }
        let mut reply = service.page_of(&items, number, 100);
        if Some(service.window) == missing {
            reply.pagination.items_total = Some(151);
        }
        Ok(reply)
    });
    (list.windows, list.prefetch) = (32, 16);
    list
}

#[tokio::test]
async fn each_window_is_complete_by_itself() {
    let outcome = windows(None).read().await;
    outcome.is_all(32 * 150);
    assert!(outcome.progress.rereads > 0);
    assert_eq!(outcome.progress.expected, Some(32 * 150));
}

#[tokio::test]
async fn a_window_with_items_missing_ends_the_stream_at_its_place() {
    let outcome = windows(Some(9)).read().await;
    outcome.is_incomplete(
        10 * 150,
        "the list ended after 150 of 151 announced items: it was read 2 times; \
         read it from its start, or by smaller periods",
    );
    // Once the service is repaired, the other windows come by the cursor.
    let repaired = windows(None);
    let stream = repaired
        .stream()
        .resume(outcome.error.unwrap().cursor().unwrap());
    let rest = repaired.read_on(stream.unwrap(), usize::MAX).await;
    assert!(rest.error.is_none(), "{:?}", rest.error);
    assert_eq!(rest.items, (10 * 150..32 * 150).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_resumed_stream_counts_what_was_read_before() {
    for cut in [0, 1, 99, 100, 101, 199, 200, 249] {
        let list = List::changed(250, |_, _, reply| reply);
        let first = list.read_on(list.stream(), cut).await;
        let stream = list.stream().resume(&first.cursor).unwrap();
        let rest = list.read_on(stream, usize::MAX).await;
        assert!(rest.error.is_none(), "cut at {cut}: {:?}", rest.error);
        let all: Vec<u32> = first.items.into_iter().chain(rest.items).collect();
        assert_eq!(all, (0..250).collect::<Vec<_>>(), "cut at {cut}");
        assert_eq!(rest.progress.rereads, 0);
    }
}

/// The cursor as a list has it that is too long for all its items to be in it.
fn of_long_list(cursor: &Cursor) -> Cursor {
    let mut value = serde_json::to_value(cursor).unwrap();
    for open in value["open"].as_array_mut().unwrap() {
        open.as_object_mut().unwrap().remove("known").unwrap();
    }
    serde_json::from_value(value).unwrap()
}

#[tokio::test]
async fn a_stream_resumed_in_a_short_list_is_read_a_second_time() {
    let mut lost = false;
    let list = List::new(250, move |service, number| {
        let mut reply = service.page(number);
        if number == 3 && !std::mem::replace(&mut lost, true) {
            reply.items.truncate(20);
        }
        Ok(reply)
    });
    let first = list.read_on(list.stream(), 150).await;
    let stream = list.stream().resume(&first.cursor).unwrap();
    let rest = list.read_on(stream, usize::MAX).await;
    assert!(rest.error.is_none(), "{:?}", rest.error);
    assert_eq!(rest.items, (150..250).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_resumed_stream_repeats_nothing_where_the_order_changes() {
    for seed in 1..20 {
        for cut in [100, 150, 200] {
            let mut chance = Chance(seed);
            let list = List::new(250, move |service, number| {
                let mut items = service.items.clone();
                chance.shuffle(&mut items);
                Ok(service.page_of(&items, number, 100))
            });
            let first = list.read_on(list.stream(), cut).await;
            let stream = list.stream().resume(&first.cursor).unwrap();
            let rest = list.read_on(stream, usize::MAX).await;
            let mut all: Vec<u32> = first.items.into_iter().chain(rest.items).collect();
            let count = all.len();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), count, "seed {seed}, cut at {cut}");
            match rest.error {
                None => assert_eq!(count, 250, "seed {seed}, cut at {cut}"),
                Some(error) => assert_eq!(error.kind(), ErrorKind::Incomplete),
            }
        }
    }
}

#[tokio::test]
async fn a_stream_resumed_in_a_short_list_that_grew_yields_what_was_added() {
    let list = List::changed(400, |_, _, reply| reply);
    let first = list.read_on(list.stream(), 200).await;
    list.with(|service| {
        service.items.retain(|item| *item != 199);
        service.items.splice(0..0, 1_000..1_030);
    });
    let stream = list.stream().resume(&first.cursor).unwrap();
    let rest = list.read_on(stream, usize::MAX).await;
    assert!(rest.error.is_none(), "{:?}", rest.error);
    let added = (200..400).chain(1_000..1_030);
    assert_eq!(rest.items, added.collect::<Vec<_>>());
}

#[tokio::test]
async fn a_resumed_stream_with_items_missing_is_not_read_a_second_time() {
    let gap = |_: &Service, number: u32, mut reply: Reply| {
        if number == 3 {
            reply.items.truncate(20);
        }
        reply
    };
    let list = List::changed(250, gap);
    let first = list.read_on(list.stream(), 150).await;
    let stream = list.stream().resume(&of_long_list(&first.cursor));
    let rest = list.read_on(stream.unwrap(), usize::MAX).await;
    let message = "the list ended after 220 of 250 announced items: a resumed list is not read a second time; \
                   read the list from its start";
    rest.is_incomplete(70, message);
    // The cursor of that error leads to the same end.
    let stream = list.stream().resume(rest.error.unwrap().cursor().unwrap());
    let again = list.read_on(stream.unwrap(), usize::MAX).await;
    again.is_incomplete(0, message);
    assert_eq!(again.requests, [4]);
}

#[tokio::test]
async fn a_stream_resumed_on_its_first_page_can_be_read_a_second_time() {
    let mut lost = false;
    let list = List::new(250, move |service, number| {
        let mut reply = service.page(number);
        if number == 3 && !std::mem::replace(&mut lost, true) {
            reply.items.truncate(20);
        }
        Ok(reply)
    });
    let first = list.read_on(list.stream(), 40).await;
    let stream = list.stream().resume(&first.cursor).unwrap();
    let rest = list.read_on(stream, usize::MAX).await;
    assert!(rest.error.is_none(), "{:?}", rest.error);
    assert_eq!((rest.items.len(), rest.progress.items), (210, 210));
}

#[tokio::test]
async fn a_cursor_of_a_second_reading_leads_to_the_error_and_repeats_nothing() {
    let mut chance = Chance(3);
    let list = List::new(250, move |service, number| {
        let mut items = service.items.clone();
        chance.shuffle(&mut items);
        Ok(service.page_of(&items, number, 100))
    });
    let first = list.read_on(list.stream(), 240).await;
    assert!(first.progress.rereads > 0);
    let stream = list.stream().resume(&first.cursor).unwrap();
    let rest = list.read_on(stream, usize::MAX).await;
    rest.is_incomplete(
        0,
        "the list ended after 240 of 250 announced items: a resumed list is not read a second time; \
         read the list from its start",
    );
}

#[tokio::test]
async fn a_resumed_stream_finds_its_place_after_the_list_moved() {
    for cut in [100, 150, 200] {
        for (delete, insert) in [(30, 0), (0, 30), (60, 0), (5, 5)] {
            let list = List::changed(400, |_, _, reply| reply);
            let first = list.read_on(list.stream(), cut).await;
            list.with(|service| {
                service.items.drain(..delete);
                service.items.splice(0..0, 1_000..1_000 + insert);
            });
            let stream = list.stream().resume(&of_long_list(&first.cursor));
            let rest = list.read_on(stream.unwrap(), usize::MAX).await;
            let all: Vec<u32> = first.items.into_iter().chain(rest.items).collect();
            assert_eq!(
                all,
                (0..400).collect::<Vec<_>>(),
                "cut at {cut}, {delete} deleted, {insert} added"
            );
            if insert as usize > delete {
                // What was added in front of the place was never read.
                assert_eq!(rest.error.unwrap().kind(), ErrorKind::Incomplete);
            } else {
                assert!(rest.error.is_none(), "{:?}", rest.error);
            }
        }
    }
}

#[tokio::test]
async fn a_resumed_stream_whose_place_is_gone_says_so() {
    let list = List::changed(400, |_, _, reply| reply);
    let first = list.read_on(list.stream(), 200).await;
    list.with(|service| service.items.retain(|item| *item != 199));
    let stream = list.stream().resume(&of_long_list(&first.cursor));
    let rest = list.read_on(stream.unwrap(), usize::MAX).await;
    rest.is_incomplete(
        0,
        "the item at which the list is to be resumed is not in it any more: read the list from its start",
    );
}

#[tokio::test]
async fn fingerprints_beyond_their_limit_are_dropped_and_a_short_list_is_an_error() {
    let count = u32::try_from(MAX_KNOWN).unwrap() + 1_000;
    let list = List::new(count, move |service, number| {
        let mut reply = service.page_of(&service.items, number, 10_000);
        reply.pagination.items_total = Some(u64::from(count) + 7);
        Ok(reply)
    });
    list.read().await.is_incomplete(
        count as usize,
        &format!(
            "the list ended after {count} of {} announced items: it is too long to be read a second time; \
             read it by smaller periods",
            count + 7
        ),
    );
}

/// How a service misbehaves.
#[derive(Clone, Debug)]
struct Hostile {
    count: u32,
    size: usize,
    /// What is added to `itemsTotal`, which is left out where this is `None`.
    total: Option<u64>,
    /// What becomes of `pagesTotal`.
    pages: Pages,
    current_page: CurrentPage,
    order: Order,
    /// Requests whose page comes otherwise.
    spoilt: Vec<(usize, Spoilt)>,
    past_the_end: PastTheEnd,
    prefetch: usize,
    /// Where the stream is cut and resumed.
    cut: Option<usize>,
    seed: u64,
}

#[derive(Clone, Copy, Debug)]
enum Pages {
    Right,
    Missing,
    Zero,
    More,
    Less,
}

#[derive(Clone, Copy, Debug)]
enum CurrentPage {
    Right,
    Missing,
    AlwaysFirst,
}

#[derive(Clone, Copy, Debug)]
enum Order {
    Stable,
    /// Another order for each page.
    Unstable,
    /// Two orders in turn.
    Alternating,
}

#[derive(Clone, Copy, Debug)]
enum Spoilt {
    Empty,
    NotFound,
    Short,
    First,
    Failed,
}

#[derive(Clone, Copy, Debug)]
enum PastTheEnd {
    Empty,
    NotFound,
    Last,
    First,
}

fn hostile() -> impl Strategy<Value = Hostile> {
    let total = prop_oneof![
        4 => Just(Some(0)),
        1 => (1_u64..300).prop_map(Some),
        1 => Just(Some(99_999_999_999)),
        2 => Just(None)
    ];
    let pages = prop::sample::select(vec![
        Pages::Right,
        Pages::Missing,
        Pages::Zero,
        Pages::More,
        Pages::Less,
    ]);
    let current_page = prop::sample::select(vec![
        CurrentPage::Right,
        CurrentPage::Missing,
        CurrentPage::AlwaysFirst,
    ]);
    let order = prop_oneof![
        3 => Just(Order::Stable),
        1 => Just(Order::Unstable),
        1 => Just(Order::Alternating)
    ];
    let spoilt = prop::sample::select(vec![
        Spoilt::Empty,
        Spoilt::NotFound,
        Spoilt::Short,
        Spoilt::First,
        Spoilt::Failed,
    ]);
    let past_the_end = prop::sample::select(vec![
        PastTheEnd::Empty,
        PastTheEnd::NotFound,
        PastTheEnd::Last,
        PastTheEnd::First,
    ]);
    let size = prop_oneof![3 => Just(100_usize), 2 => 1_usize..150];
    (
        (0_u32..700, size, total, pages, current_page, order),
        prop::collection::vec((0_usize..20, spoilt), 0..3),
        (
            past_the_end,
            0_usize..5,
            prop::option::of(0_usize..700),
            1_u64..u64::MAX,
        ),
    )
        .prop_map(
            |(
                (count, size, total, pages, current_page, order),
                spoilt,
                (past_the_end, prefetch, cut, seed),
            )| {
                let mut hostile = Hostile {
                    count,
                    size,
                    total,
                    pages,
                    current_page,
                    order,
                    spoilt,
                    past_the_end,
                    prefetch,
                    cut,
                    seed,
                };
                if total.is_none() {
                    // Nothing shows that items are missing from a page, or that pages are of another size.
                    hostile.size = 100;
                    hostile.spoilt.clear();
                }
                if !matches!(order, Order::Stable) {
                    // What was yielded before is not known to who resumes.
                    hostile.cut = None;
                }
                hostile
            },
        )
}

impl Hostile {
    fn respond(&self, chance: &mut Chance, service: &Service, number: u32) -> Result<Reply> {
        let mut items = service.items.clone();
        match self.order {
            Order::Stable => {}
            Order::Unstable => chance.shuffle(&mut items),
            Order::Alternating if service.requests.len().is_multiple_of(3) => items.reverse(),
            Order::Alternating => {}
        }
        let last = u32::try_from(items.len().div_ceil(self.size))
            .unwrap()
            .max(1);
        let spoilt = self
            .spoilt
            .iter()
            .find(|(nth, _)| nth + 1 == service.requests.len());
        let (number_sent, past) = match self.past_the_end {
            _ if number <= last => (number, false),
            PastTheEnd::Last => (last, false),
            PastTheEnd::First => (1, false),
            PastTheEnd::Empty => (number, false),
            PastTheEnd::NotFound => (number, true),
        };
        let mut reply = service.page_of(&items, number_sent, self.size);
        match spoilt {
            Some((_, Spoilt::Empty)) => reply.items.clear(),
            Some((_, Spoilt::Short)) => reply.items.truncate(reply.items.len() / 2),
            Some((_, Spoilt::First)) => reply = service.page_of(&items, 1, self.size),
            Some((_, Spoilt::NotFound)) => return Err(not_found()),
            Some((_, Spoilt::Failed)) => return Err(Error::new(ErrorKind::Service, "failed")),
            None if past => return Err(not_found()),
            None => {}
        }
        let pagination = &mut reply.pagination;
        pagination.items_total = self
            .total
            .and_then(|more| Some(pagination.items_total? + more));
        pagination.pages_total = match (self.pages, pagination.pages_total) {
            (Pages::Missing, _) | (_, None) => None,
            (Pages::Right, pages) => pages,
            (Pages::Zero, _) => Some(0),
            (Pages::More, Some(pages)) => Some(pages + 1),
            (Pages::Less, Some(pages)) => Some(pages.saturating_sub(1)),
        };
        pagination.current_page = match self.current_page {
            CurrentPage::Right => Some(number),
            CurrentPage::Missing => None,
            CurrentPage::AlwaysFirst => Some(1),
        };
        Ok(reply)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_stream_is_complete_or_ends_with_an_error(hostile in hostile()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let progress = hostile.clone();
        let mut chance = Chance(hostile.seed);
        let mut list = List::new(hostile.count, move |service, number| {
            hostile.respond(&mut chance, service, number)
        });
        list.prefetch = progress.prefetch;
        let outcome = runtime.block_on(async {
            let count = progress.cut.unwrap_or(usize::MAX);
            let first = list.read_on(list.stream(), count).await;
            if first.error.is_some() || first.items.len() < count {
                return first;
            }
            let stream = list.stream().resume(&first.cursor).unwrap();
            let rest = list.read_on(stream, usize::MAX).await;
            Outcome {
                items: first.items.into_iter().chain(rest.items).collect(),
                ..rest
            }
        });
        let mut items = outcome.items.clone();
        items.sort_unstable();
        let read = items.len();
        items.dedup();
        prop_assert_eq!(read, items.len(), "nothing comes twice");
        prop_assert!(items.iter().all(|item| *item < progress.count));
        match &outcome.error {
            None => prop_assert_eq!(read, progress.count as usize, "{:?}", progress),
            Some(error) => prop_assert!(error.is_terminal() && error.cursor().is_some()),
        }
        prop_assert!(outcome.requests.len() < 12_000, "{} requests", outcome.requests.len());
    }
}

/// How a list changes while it is read.
#[derive(Clone, Copy, Debug)]
struct Moves {
    /// How often in a hundred requests an item is deleted at random before the response.
    deletions: usize,
    /// How often one is added at random, independently of that.
    additions: usize,
    /// How often one is deleted and one added at once, so that the total stays.
    pairs: usize,
    /// Whether `itemsTotal` is sent.
    total: bool,
    /// Whether `pagesTotal` is.
    pages: bool,
    size: usize,
    prefetch: usize,
}

const STILL: Moves = Moves {
    deletions: 0,
    additions: 0,
    pairs: 0,
    total: true,
    pages: true,
    size: 100,
    prefetch: 1,
};

/// What became of all lists that were read while they moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Moved {
    /// Lists that ended without an error.
    complete: usize,
    /// Lists that ended with one.
    failed: usize,
    /// Items that were there all the time.
    items: usize,
    /// Those of them that were not yielded by a list that ended without an error.
    lost: usize,
    requests: usize,
}

impl Moves {
    /// Reads this many lists of 5,000 items.
    async fn read(self, lists: u64) -> Moved {
        let mut sum = Moved::default();
        for seed in 1..=lists {
            let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let mut added = 1_000_000;
            let mut list = List::new(5_000, move |service, number| {
                let delete = |chance: &mut Chance, service: &mut Service| {
                    let index = chance.below(service.items.len());
                    service.items.remove(index);
                };
                let mut add = |chance: &mut Chance, service: &mut Service| {
                    let index = chance.below(service.items.len() + 1);
                    service.items.insert(index, added);
                    added += 1;
                };
                if chance.below(100) < self.deletions {
                    delete(&mut chance, service);
                }
                if chance.below(100) < self.additions {
                    add(&mut chance, service);
                }
                if chance.below(100) < self.pairs {
                    delete(&mut chance, service);
                    add(&mut chance, service);
                }
                let mut reply = service.page_of(&service.items, number, self.size);
                if !self.total {
                    reply.pagination.items_total = None;
                }
                if !self.pages {
                    reply.pagination.pages_total = None;
                    reply.pagination.has_next = reply.items.len() == self.size;
                }
                Ok(reply)
            });
            list.prefetch = self.prefetch;
            let outcome = list.read().await;
            let yielded: std::collections::HashSet<u32> = outcome.items.iter().copied().collect();
            assert_eq!(yielded.len(), outcome.items.len(), "nothing comes twice");
            let throughout: Vec<u32> = list.with(|service| {
                let items = service.items.iter().copied();
                items.filter(|item| *item < 5_000).collect()
            });
            sum.items += throughout.len();
            sum.requests += outcome.requests.len();
            if outcome.error.is_some() {
                sum.failed += 1;
            } else {
                sum.complete += 1;
                let lost = throughout.iter().filter(|item| !yielded.contains(item));
                sum.lost += lost.count();
            }
        }
        sum
    }
}

#[tokio::test]
async fn what_was_there_all_the_time_is_not_lost_where_the_list_shows_that_it_moves() {
    let both = Moves {
        deletions: 20,
        additions: 20,
        ..STILL
    };
    let cases = [
        Moves {
            deletions: 20,
            ..STILL
        },
        Moves {
            additions: 20,
            ..STILL
        },
        both,
        Moves {
            prefetch: 16,
            ..both
        },
        Moves { size: 25, ..both },
        Moves {
            deletions: 20,
            total: false,
            ..STILL
        },
        Moves {
            deletions: 20,
            total: false,
            pages: false,
            ..STILL
        },
        Moves {
            deletions: 20,
            size: 25,
            ..STILL
        },
    ];
    for moves in cases {
        let moved = moves.read(5).await;
        assert_eq!((moved.complete, moved.lost), (5, 0), "{moves:?}: {moved:?}");
    }
}

#[tokio::test]
async fn a_list_that_only_grows_at_its_end_costs_one_check_for_each_change() {
    let list = List::new(1_000, |service, number| {
        if service.requests.len() == 4 {
            service.items.extend(1_000..1_040);
        }
        Ok(service.page(number))
    });
    list.read()
        .await
        .is_all_by(1_040, &[1, 2, 3, 4, 3, 5, 6, 7, 8, 9, 10, 11]);
}

#[tokio::test]
#[ignore = "prints the figures that the documentation states"]
async fn figures_of_lists_that_move() {
    let cases = [
        ("nothing changes", STILL),
        (
            "deletions 20 %",
            Moves {
                deletions: 20,
                ..STILL
            },
        ),
        (
            "additions 20 %",
            Moves {
                additions: 20,
                ..STILL
            },
        ),
        (
            "both 20 %",
            Moves {
                deletions: 20,
                additions: 20,
                ..STILL
            },
        ),
        (
            "both 20 %, prefetch 16",
            Moves {
                deletions: 20,
                additions: 20,
                prefetch: 16,
                ..STILL
            },
        ),
        (
            "both 80 %",
            Moves {
                deletions: 80,
                additions: 80,
                ..STILL
            },
        ),
        ("pairs 10 %", Moves { pairs: 10, ..STILL }),
        (
            "pairs 10 %, both 20 %",
            Moves {
                pairs: 10,
                deletions: 20,
                additions: 20,
                ..STILL
            },
        ),
        (
            "deletions 20 %, no itemsTotal",
            Moves {
                deletions: 20,
                total: false,
                ..STILL
            },
        ),
        (
            "both 20 %, no itemsTotal",
            Moves {
                deletions: 20,
                additions: 20,
                total: false,
                ..STILL
            },
        ),
        (
            "pairs 10 %, no itemsTotal",
            Moves {
                pairs: 10,
                total: false,
                ..STILL
            },
        ),
        (
            "deletions 20 %, no totals",
            Moves {
                deletions: 20,
                total: false,
                pages: false,
                ..STILL
            },
        ),
        (
            "deletions 20 %, pages of 25",
            Moves {
                deletions: 20,
                size: 25,
                ..STILL
            },
        ),
        (
            "both 20 %, pages of 25",
            Moves {
                deletions: 20,
                additions: 20,
                size: 25,
                ..STILL
            },
        ),
    ];
    for (name, moves) in cases {
        println!("{name}: {:?}", moves.read(100).await);
    }
}

#[tokio::test]
async fn a_total_that_is_too_large_ends_where_the_last_page_comes_again() {
    for past_the_end in [1, 3] {
        let list = List::new(250, move |service, number| {
            let mut reply = service.page(if number > 3 { past_the_end } else { number });
            reply.pagination.items_total = Some(1_000_000);
            Ok(reply)
        });
        let outcome = list.read().await;
        assert_eq!(outcome.items.len(), 250);
        assert_eq!(outcome.error.unwrap().kind(), ErrorKind::Incomplete);
        assert!(outcome.requests.len() <= 12, "{:?}", outcome.requests);
    }
}
