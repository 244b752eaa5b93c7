//! Whether a stream is complete or reports that it is not, for every kind of pages. Here: a service in memory.

mod end;
mod hostile;
mod moving;
mod prefetch;
mod resume;
mod second_pass;
mod totals;
mod windows;

use std::sync::{Arc, Mutex, OnceLock};

use futures_util::StreamExt;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::*;
use crate::cursor::Hex;
use crate::error::ErrorKind;
use crate::page::{PageSize, Pagination};
use crate::stream::dedup::fold;
use crate::stream::page_response::PageResponse;
use crate::stream::plan::Plan;

const FILTERS: Filters = Filters {
    fingerprint: Hex(0),
    page_size: PageSize::MAX,
};

/// A service in memory: what it returns for the page of a number.
type Respond = Box<dyn FnMut(&mut Service, u32) -> Result<Response> + Send>;

struct Service {
    items: Vec<u32>,
    size: usize,
    /// The window whose page is requested.
    window: u32,
    /// The pages that were requested.
    requests: Vec<u32>,
}

#[derive(Clone, Debug, Default)]
struct Response {
    items: Vec<u32>,
    pagination: Pagination,
}

impl Service {
    /// Returns the page of a consistent list.
    fn page(&self, number: u32) -> Response {
        self.page_of(&self.items, number, self.size)
    }

    fn page_of(&self, items: &[u32], number: u32, size: usize) -> Response {
        let start = (number as usize - 1).saturating_mul(size).min(items.len());
        let items_of_page = items[start..(start + size).min(items.len())].to_vec();
        let pages = items.len().div_ceil(size);
        Response {
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

/// A record that cannot be decoded: two of them are equal.
const INVALID: u32 = u32::MAX;

fn record((index, item): (usize, &u32)) -> Result<String> {
    match *item {
        INVALID => Err(Error::invalid_record(index, None, "null", "")),
        item => Ok(item.to_string()),
    }
}

/// What a stream yielded, and how it ended.
#[derive(Debug)]
struct Outcome {
    items: Vec<u32>,
    error: Option<Error>,
    cursor: Cursor,
    progress: Progress,
    requests: Vec<u32>,
}

struct List {
    service: Arc<Mutex<(Service, Respond)>>,
    identified: bool,
    prefetch: usize,
    windows: u32,
}

impl List {
    fn new(
        count: u32,
        respond: impl FnMut(&mut Service, u32) -> Result<Response> + Send + 'static,
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
    fn changed(count: u32, change: fn(&Service, u32, Response) -> Response) -> Self {
        Self::new(count, move |service, number| {
            Ok(change(service, number, service.page(number)))
        })
    }

    fn stream(&self) -> ItemStream<String> {
        let service = Arc::clone(&self.service);
        let plan = Plan {
            path: "/list".to_owned(),
            page_size: PageSize::MAX,
            fetch: Arc::new(move |_, window, number| {
                let response = {
                    let (service, respond) = &mut *service.lock().unwrap();
                    service.requests.push(number);
                    service.window = window;
                    assert!(service.requests.len() < 20_000, "an endless list");
                    respond(service, number)
                };
                Box::pin(std::future::ready(response.map(|response| {
                    PageResponse {
                        number,
                        records: response.items.iter().enumerate().map(record).collect(),
                        repaired: 0,
                        digest: response
                            .items
                            .iter()
                            .map(|item| u64::from(*item))
                            .fold(1, fold),
                        pagination: response.pagination,
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

    fn with<R>(&self, f: impl FnOnce(&mut Service) -> R) -> R {
        f(&mut self.service.lock().unwrap().0)
    }

    async fn read(&self) -> Outcome {
        self.read_on(self.stream(), usize::MAX).await
    }

    async fn read_on(&self, mut stream: ItemStream<String>, count: usize) -> Outcome {
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
    /// Asserts that all items were yielded once, without an error.
    #[track_caller]
    fn is_all(&self, count: u32) -> &Self {
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

    /// Asserts that this number of items was yielded, and that the error reports missing ones.
    #[track_caller]
    fn is_incomplete(&self, items: usize, message: &str) -> &Self {
        assert_eq!(self.items.len(), items);
        let mut unique = self.items.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), items, "no duplicates");
        let error = self.error.as_ref().expect("items are missing");
        assert_eq!(error.kind(), ErrorKind::Incomplete, "{error}");
        assert!(error.is_terminal() && error.cursor().is_some());
        assert_eq!(error.to_string(), message);
        self
    }
}

/// A generator of numbers that is the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % bound.max(1)
    }

    fn shuffle(&mut self, items: &mut [u32]) {
        for place in (1..items.len()).rev() {
            items.swap(place, self.below(place + 1));
        }
    }
}

fn not_found() -> Error {
    Error::new(ErrorKind::NotFound, "there is no such page")
}
