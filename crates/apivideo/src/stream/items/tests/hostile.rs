//! Random combinations of faults: a stream is complete, or it ends with an error.

use proptest::prelude::*;

use super::*;

/// How a service misbehaves.
#[derive(Clone, Debug)]
struct Hostile {
    count: u32,
    size: usize,
    /// What is added to `itemsTotal`, which is left out where this is `None`.
    total: Option<u64>,
    /// How `pagesTotal` is changed.
    pages: Pages,
    current_page: CurrentPage,
    order: Order,
    /// Requests with another page than the right one.
    faults: Vec<(usize, PageFault)>,
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
enum PageFault {
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
    let faults = prop::sample::select(vec![
        PageFault::Empty,
        PageFault::NotFound,
        PageFault::Short,
        PageFault::First,
        PageFault::Failed,
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
        prop::collection::vec((0_usize..20, faults), 0..3),
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
                faults,
                (past_the_end, prefetch, cut, seed),
            )| {
                let mut hostile = Hostile {
                    count,
                    size,
                    total,
                    pages,
                    current_page,
                    order,
                    faults,
                    past_the_end,
                    prefetch,
                    cut,
                    seed,
                };
                if total.is_none() {
                    // Nothing shows that items are missing from a page, or that pages are of another size.
                    hostile.size = 100;
                    hostile.faults.clear();
                }
                if !matches!(order, Order::Stable) {
                    // A resumed stream does not know all items that were yielded before.
                    hostile.cut = None;
                }
                hostile
            },
        )
}

impl Hostile {
    fn respond(&self, chance: &mut Chance, service: &Service, number: u32) -> Result<Response> {
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
        let faults = self
            .faults
            .iter()
            .find(|(nth, _)| nth + 1 == service.requests.len());
        let (number_sent, past) = match self.past_the_end {
            _ if number <= last => (number, false),
            PastTheEnd::Last => (last, false),
            PastTheEnd::First => (1, false),
            PastTheEnd::Empty => (number, false),
            PastTheEnd::NotFound => (number, true),
        };
        let mut response = service.page_of(&items, number_sent, self.size);
        match faults {
            Some((_, PageFault::Empty)) => response.items.clear(),
            Some((_, PageFault::Short)) => response.items.truncate(response.items.len() / 2),
            Some((_, PageFault::First)) => response = service.page_of(&items, 1, self.size),
            Some((_, PageFault::NotFound)) => return Err(not_found()),
            Some((_, PageFault::Failed)) => return Err(Error::new(ErrorKind::Service, "failed")),
            None if past => return Err(not_found()),
            None => {}
        }
        let pagination = &mut response.pagination;
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
        Ok(response)
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
        prop_assert_eq!(read, items.len(), "no duplicates");
        prop_assert!(items.iter().all(|item| *item < progress.count));
        match &outcome.error {
            None => prop_assert_eq!(read, progress.count as usize, "{:?}", progress),
            Some(error) => prop_assert!(error.is_terminal() && error.cursor().is_some()),
        }
        prop_assert!(outcome.requests.len() < 12_000, "{} requests", outcome.requests.len());
    }
}
