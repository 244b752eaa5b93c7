//! Prefetching: how many requests are in flight, how many pages are kept, and how long reading takes. Time moves only while all
//! tasks wait.

use std::time::Duration;

use futures_util::TryStreamExt;
use tokio::sync::mpsc::UnboundedSender;

use super::*;
use crate::stream::page_response::PageResponse;
use crate::stream::plan::Plan;

const ITEMS: u64 = 10;
const LATENCY: Duration = Duration::from_millis(20);

/// A list whose pages take [`LATENCY`] each. Items are numbered.
#[derive(Clone)]
struct Slow {
    windows: u32,
    pages: u32,
    prefetch: usize,
    concurrency: usize,
    ordered: bool,
    /// Receives the number of each requested page.
    sender: Option<UnboundedSender<u64>>,
    counted: Arc<Mutex<Counted>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counted {
    requested: u64,
    running: u64,
    most_running: u64,
    /// Pages that were requested and not yielded to their last item.
    most_held: u64,
    yielded: u64,
}

impl Slow {
    fn new(windows: u32, pages: u32) -> Self {
        Self {
            windows,
            pages,
            prefetch: 1,
            concurrency: 1,
            ordered: true,
            sender: None,
            counted: Arc::default(),
        }
    }

    fn stream(&self) -> ItemStream<u64> {
        let (slow, pages) = (self.clone(), self.pages);
        let plan = Plan {
            path: "/slow".to_owned(),
            page_size: PageSize::MAX,
            fetch: Arc::new(move |_, window, number| {
                let slow = slow.clone();
                Box::pin(async move {
                    slow.count(|counted| {
                        counted.requested += 1;
                        counted.running += 1;
                        counted.most_running = counted.most_running.max(counted.running);
                        let held = counted.requested - counted.yielded / ITEMS;
                        counted.most_held = counted.most_held.max(held);
                    });
                    if let Some(sender) = &slow.sender {
                        sender.send(number.into()).unwrap();
                    }
                    later().await;
                    slow.count(|counted| counted.running -= 1);
                    let first = u64::from(window * pages + number - 1) * ITEMS;
                    Ok(PageResponse {
                        number,
                        records: (first..first + ITEMS).map(Ok).collect(),
                        repaired: 0,
                        digest: 0,
                        pagination: Pagination {
                            current_page: Some(number),
                            pages_total: Some(pages),
                            ..Pagination::default()
                        },
                        status: StatusCode::OK,
                        headers: HeaderMap::new(),
                    })
                })
            }),
            windows: self.windows,
            concurrency: self.concurrency,
            ordered: self.ordered,
            prefetch: self.prefetch,
            identity: None,
            on_invalid: None,
            events: None,
            asset: None,
        };
        let transport = crate::Client::builder()
            .api_key("any")
            .build()
            .unwrap()
            .transport;
        ItemStream::new(&transport, Source::List(plan), FILTERS)
    }

    fn count(&self, change: impl FnOnce(&mut Counted)) {
        change(&mut self.counted.lock().unwrap());
    }

    /// Reads everything. Returns the number of latencies that it took, and the counts.
    async fn read(&self) -> (u128, Counted) {
        let (items, took) = measured(async {
            let mut items = Vec::new();
            let mut stream = self.stream();
            while let Some(item) = stream.try_next().await.unwrap() {
                items.push(item);
                self.count(|counted| counted.yielded += 1);
            }
            items
        })
        .await;
        let all = u64::from(self.windows * self.pages) * ITEMS;
        if self.ordered {
            assert!(items.iter().copied().eq(0..all), "{items:?}");
        } else {
            let mut items = items;
            items.sort_unstable();
            assert!(items.iter().copied().eq(0..all), "{items:?}");
        }
        let counted = *self.counted.lock().unwrap();
        assert_eq!(counted.requested, u64::from(self.windows * self.pages));
        (took, counted)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tokio's clock stands still in these tests and jumps to the next timer"
)]
async fn later() {
    tokio::time::sleep(LATENCY).await;
}

/// Returns the output of a future, and the number of latencies that it took. The timer rounds up to whole milliseconds.
#[expect(
    clippy::disallowed_methods,
    reason = "tokio's clock stands still in these tests and jumps to the next timer"
)]
async fn measured<F: Future>(future: F) -> (F::Output, u128) {
    let began = tokio::time::Instant::now();
    let output = future.await;
    (output, began.elapsed().as_millis() / LATENCY.as_millis())
}

#[tokio::test(start_paused = true)]
async fn one_prefetched_page_overlaps_requests_and_processing() {
    let (took, counted) = Slow::new(1, 50).read().await;
    assert_eq!((took, counted.most_running), (50, 1));
    assert_eq!(counted.most_held, 2);
}

#[tokio::test(start_paused = true)]
async fn sixteen_prefetched_pages_are_sixteen_requests_at_a_time() {
    let slow = Slow {
        prefetch: 16,
        ..Slow::new(1, 200)
    };
    let (took, counted) = slow.read().await;
    assert_eq!(counted.most_running, 16);
    assert_eq!(counted.most_held, 17);
    // The first page alone, and thirteen times sixteen.
    assert_eq!(took, 14);
}

#[tokio::test(start_paused = true)]
async fn ordered_windows_use_all_allowed_requests_whatever_their_length() {
    for pages in [1, 2, 10, 25] {
        let slow = Slow {
            concurrency: 8,
            ..Slow::new(32, pages)
        };
        let (took, counted) = slow.read().await;
        let alone = u128::from(32 * pages);
        assert!(took * 7 <= alone, "{took} of {alone} for {pages} pages");
        assert_eq!(counted.most_running, 8, "{pages} pages");
        assert!(counted.most_held <= 16, "{} are held", counted.most_held);
    }
}

#[tokio::test(start_paused = true)]
async fn unordered_windows_are_read_concurrently() {
    let slow = Slow {
        concurrency: 8,
        ordered: false,
        ..Slow::new(32, 10)
    };
    let (took, counted) = slow.read().await;
    assert!(took * 7 <= 320, "{took}");
    assert!(counted.most_running <= 8 && counted.most_held <= 16);
}

#[tokio::test(start_paused = true)]
async fn without_prefetching_each_window_keeps_one_page() {
    let slow = Slow {
        concurrency: 4,
        prefetch: 0,
        ..Slow::new(8, 3)
    };
    let (_, counted) = slow.read().await;
    assert_eq!((counted.most_running, counted.most_held), (4, 4));
}

#[tokio::test(start_paused = true)]
async fn sends_the_next_request_before_it_yields_the_current_page() {
    // Requests are sent by another task, as those of reqwest are.
    let (sender, mut requests) = tokio::sync::mpsc::unbounded_channel();
    let left = Arc::new(Mutex::new(Vec::new()));
    let connection = Arc::clone(&left);
    tokio::spawn(async move {
        while let Some(number) = requests.recv().await {
            connection.lock().unwrap().push(number);
        }
    });
    let slow = Slow {
        sender: Some(sender),
        ..Slow::new(1, 4)
    };
    let mut stream = slow.stream();
    for item in 0..4 * ITEMS {
        assert_eq!(stream.try_next().await.unwrap(), Some(item));
        // Only the stream waits: what was sent was sent before this item was yielded.
        let page = item / ITEMS + 1;
        let left = left.lock().unwrap().last().copied();
        match page {
            1 if item < 5 => assert_eq!(left, Some(1)),
            2.. => assert_eq!(left, Some(4.min(page + 1)), "item {item}"),
            _ => {}
        }
    }
    assert_eq!(stream.try_next().await.unwrap(), None);
}
