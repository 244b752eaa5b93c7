//! Lists that change while they are read.

use super::*;

/// How a list changes while it is read.
#[derive(Clone, Copy, Debug)]
struct Moves {
    /// The percentage of requests before whose response a random item is deleted.
    deletions: usize,
    /// The percentage before which one is added, independently of that.
    additions: usize,
    /// The percentage before which one is deleted and one added, so that the total stays.
    pairs: usize,
    /// Whether `itemsTotal` is sent.
    total: bool,
    /// Whether `pagesTotal` is sent.
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

/// The results of all lists that were read while they changed.
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
                let mut response = service.page_of(&service.items, number, self.size);
                if !self.total {
                    response.pagination.items_total = None;
                }
                if !self.pages {
                    response.pagination.pages_total = None;
                    response.pagination.has_next = response.items.len() == self.size;
                }
                Ok(response)
            });
            list.prefetch = self.prefetch;
            let outcome = list.read().await;
            let yielded: std::collections::HashSet<u32> = outcome.items.iter().copied().collect();
            assert_eq!(yielded.len(), outcome.items.len(), "no duplicates");
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
async fn items_that_were_not_deleted_are_not_lost_where_changes_are_visible() {
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
async fn a_list_that_grows_at_its_end_needs_one_more_request_per_change() {
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
async fn prints_figures_of_moving_lists() {
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
