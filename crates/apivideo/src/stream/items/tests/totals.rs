//! Totals of items and pages that are right, wrong, or missing.

use super::*;

#[tokio::test]
async fn a_consistent_list_needs_one_request_per_page() {
    for prefetch in [0, 1, 16] {
        let mut list = List::changed(250, |_, _, response| response);
        list.prefetch = prefetch;
        let outcome = list.read().await;
        outcome.is_all_by(250, &[1, 2, 3]);
        assert_eq!(outcome.progress.rereads, 0);
        assert_eq!(outcome.progress.expected, Some(250));
    }
}

#[tokio::test]
async fn items_total_takes_precedence_over_pages_total() {
    let pages_total = |pages: fn(u32) -> u32| {
        move |service: &mut Service, number: u32| {
            let mut response = service.page(number);
            response.pagination.pages_total = response.pagination.pages_total.map(pages);
            Ok(response)
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
async fn a_total_that_ends_with_a_full_page_is_checked_where_more_pages_are_announced() {
    let cut = |service: &mut Service, number: u32| {
        let mut response = service.page(number);
        response.pagination.items_total = Some(100);
        Ok(response)
    };
    let of_the_page = |service: &mut Service, number: u32| {
        let mut response = service.page(number);
        response.pagination.items_total = Some(response.items.len() as u64);
        Ok(response)
    };
    let so_far = |service: &mut Service, number: u32| {
        let mut response = service.page(number);
        response.pagination.items_total =
            Some(u64::from(number - 1) * 100 + response.items.len() as u64);
        response.pagination.pages_total = Some(number);
        response.pagination.has_next = number < 3;
        Ok(response)
    };
    List::new(250, cut).read().await.is_all(250);
    List::new(250, of_the_page).read().await.is_all(250);
    List::new(250, so_far).read().await.is_all(250);
    // Nothing contradicts it: no further page is requested.
    let sound = |service: &mut Service, number: u32| Ok(service.page(number));
    List::new(200, sound).read().await.is_all_by(200, &[1, 2]);
}

#[tokio::test]
async fn a_total_that_its_page_contradicts_is_ignored() {
    for total in [0, 1, 100, 250] {
        let list = List::new(1_000, move |service, number| {
            let mut response = service.page(number);
            if number == 3 {
                response.pagination.items_total = Some(total);
            }
            Ok(response)
        });
        let outcome = list.read().await;
        outcome.is_all(1_000);
        assert!(outcome.requests.len() <= 13, "{:?}", outcome.requests);
    }
}

#[tokio::test]
async fn items_without_identity_are_neither_lost_nor_repeated_by_wrong_pages() {
    let events = |count, respond: fn(&mut Service, u32) -> Result<Response>| {
        let mut list = List::new(count, respond);
        list.identified = false;
        list
    };
    // A total that counts one page, or is limited to a maximum.
    for count in [101, 200, 250] {
        for of_the_page in [
            |service: &mut Service, number: u32| {
                let mut response = service.page(number);
                response.pagination.items_total = Some(response.items.len() as u64);
                Ok(response)
            },
            |service: &mut Service, number: u32| {
                let mut response = service.page(number);
                response.pagination.items_total = Some(100);
                Ok(response)
            },
        ] {
            events(count, of_the_page).read().await.is_all(count);
        }
        // One page with all items, without pagination.
        let at_once = |service: &mut Service, _: u32| {
            let mut response = service.page_of(&service.items, 1, 1_000);
            response.pagination = Pagination::default();
            Ok(response)
        };
        events(count, at_once).read().await.is_all(count);
        // The first page under each number.
        let first = |service: &mut Service, number: u32| {
            let mut response = service.page(1);
            response.pagination.current_page = Some(number);
            Ok(response)
        };
        let what = format!("the list ended after 100 of {count} announced items: read it again");
        let outcome = events(count, first).read().await;
        outcome.is_incomplete(100, &what);
        assert!(outcome.progress.duplicates > 0);
    }
}

#[tokio::test]
async fn an_invalid_total_is_not_a_missing_total() {
    fn unreadable(_: &Service, _: u32, mut response: Response) -> Response {
        response.pagination.items_total = None;
        response.pagination.has_unreadable_total = true;
        response
    }
    for prefetch in [0, 1, 4] {
        let mut list = List::changed(250, unreadable);
        list.prefetch = prefetch;
        let what = "the list ended after 250 items, and the number of items that it announces cannot be decoded: items may be missing";
        list.read().await.is_incomplete(250, what);
    }
    // A valid total on another page is sufficient.
    List::changed(250, |service, number, response| match number {
        3 => response,
        _ => unreadable(service, number, response),
    })
    .read()
    .await
    .is_all(250);
}

#[tokio::test]
async fn wrong_totals_do_not_end_a_list_early() {
    let zero = |_: &Service, _: u32, mut response: Response| {
        response.pagination.items_total = Some(0);
        response
    };
    let outcome = List::changed(250, zero).read().await;
    outcome.is_all(250);
    assert_eq!(outcome.progress.expected, None);
    let both = |_: &Service, _: u32, mut response: Response| {
        response.pagination.items_total = Some(0);
        response.pagination.pages_total = Some(0);
        response
    };
    List::changed(250, both).read().await.is_all(250);
    let small = |_: &Service, _: u32, mut response: Response| {
        response.pagination.items_total = Some(150);
        response
    };
    List::changed(250, small).read().await.is_all(250);
    let none = |_: &Service, _: u32, mut response: Response| {
        response.pagination.items_total = None;
        response
    };
    List::changed(250, none).read().await.is_all(250);
}

#[tokio::test]
async fn reads_pages_of_another_size_than_requested() {
    let announced = [true, false];
    for size in [1, 25, 70, 99, 1_000] {
        for announced in announced {
            for identified in [true, false] {
                let mut list = List::new(250, move |service, number| {
                    let mut response = service.page_of(&service.items, number, size);
                    if !announced {
                        response.pagination.page_size = Some(100);
                        response.pagination.pages_total = Some(3);
                    }
                    Ok(response)
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
async fn a_wrong_page_number_matters_only_without_identities() {
    let always_first = |_: &Service, _: u32, mut response: Response| {
        response.pagination.current_page = Some(1);
        response
    };
    List::changed(250, always_first)
        .read()
        .await
        .is_all_by(250, &[1, 2, 3]);
    let mut events = List::changed(250, always_first);
    events.identified = false;
    events.read().await.is_incomplete(
        100,
        "page 2 was requested and page 1 was received: the items of page 2 are missing; read it again",
    );
    let zero_based = |service: &Service, number: u32, _: Response| {
        let mut response = service.page(number + 1);
        response.pagination.current_page = Some(number);
        response
    };
    List::changed(250, zero_based).read().await.is_incomplete(
        150,
        "the list ended after 150 of 250 announced items: it was read 2 times; \
         read it from its start, or by smaller periods",
    );
}
