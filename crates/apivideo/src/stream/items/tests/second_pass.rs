//! Lists that are read a second time.

use super::*;
use crate::stream::dedup::MAX_KNOWN;

#[tokio::test]
async fn a_replica_that_lags_behind_loses_no_item_silently() {
    let (mut complete, mut incomplete) = (0, 0);
    for lag in [1, 50, 100, 150] {
        for seed in 1..=50 {
            let mut chance = Chance(seed * 7919);
            let list = List::new(1_000, move |service, number| {
                let items = &service.items[..1_000 - lag * chance.below(2)];
                let response = service.page_of(items, number, 100);
                match response.items.is_empty() && seed % 2 == 0 {
                    true => Err(not_found()),
                    false => Ok(response),
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
async fn a_changing_order_is_read_until_all_items_were_received() {
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
async fn a_changing_order_without_a_total_is_an_error() {
    let mut chance = Chance(7919);
    let outcome = List::new(250, move |service, number| {
        let mut items = service.items.clone();
        chance.shuffle(&mut items);
        let mut response = service.page_of(&items, number, 100);
        response.pagination.items_total = None;
        Ok(response)
    })
    .read()
    .await;
    assert_eq!(outcome.error.unwrap().kind(), ErrorKind::Incomplete);
    assert!(outcome.requests.len() < 500);
}

#[tokio::test]
async fn a_second_pass_finds_a_page_that_was_missing_once() {
    for prefetch in [0, 4] {
        for error in [false, true] {
            let mut lost = false;
            let mut list = List::new(450, move |service, number| {
                let mut response = service.page(number);
                if number == 3 && !std::mem::replace(&mut lost, true) {
                    if error {
                        return Err(not_found());
                    }
                    response.items.clear();
                }
                Ok(response)
            });
            list.prefetch = prefetch;
            list.read().await.is_all(450);
        }
    }
}

#[tokio::test]
async fn a_page_that_never_exists_is_an_error_with_its_cause() {
    let list = List::new(250, |service, number| match number {
        2 => Err(not_found()),
        _ => Ok(service.page(number)),
    });
    let outcome = list.read().await;
    outcome.is_incomplete(
        100,
        "the list ended after 100 of 250 announced items, page 2 does not exist: it was read 2 times; \
         read it from its start, or by smaller periods",
    );
    let error = outcome.error.unwrap();
    let cause = std::error::Error::source(&error).map(ToString::to_string);
    assert_eq!(cause.as_deref(), Some("there is no such page"));
}

#[tokio::test]
async fn a_list_with_too_many_items_to_remember_is_not_read_again() {
    let count = u32::try_from(MAX_KNOWN).unwrap() + 1_000;
    let list = List::new(count, move |service, number| {
        let mut response = service.page_of(&service.items, number, 10_000);
        response.pagination.items_total = Some(u64::from(count) + 7);
        Ok(response)
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
