//! Where a list ends.

use super::*;

#[tokio::test]
async fn pages_past_the_end_are_ignored_once_all_items_were_received() {
    type PastTheEnd = fn(&Service, u32) -> Result<Response>;
    let past_the_end: [PastTheEnd; 5] = [
        |service, _| Ok(service.page(2)),
        |service, number| {
            let mut response = service.page(2);
            response.pagination.current_page = Some(number);
            Ok(response)
        },
        |service, number| Ok(service.page(number)),
        |_, _| Err(not_found()),
        |service, _| Ok(service.page(1)),
    ];
    for respond in past_the_end {
        for (identified, prefetch) in [(true, 0), (true, 4), (false, 1)] {
            let mut list = List::new(200, move |service, number| {
                let mut response = match number {
                    1 | 2 => service.page(number),
                    _ => respond(service, number)?,
                };
                response.pagination.pages_total = Some(3);
                Ok(response)
            });
            (list.identified, list.prefetch) = (identified, prefetch);
            let outcome = list.read().await;
            // A full page with more announced pages contradicts the total.
            outcome.is_all_by(200, &[1, 2, 3]);
        }
    }
}

#[tokio::test]
async fn follows_a_link_where_there_is_no_total_of_items() {
    List::changed(250, |_, number, mut response| {
        response.pagination.items_total = None;
        response.pagination.pages_total = Some(2);
        response.pagination.has_next = number < 3;
        response
    })
    .read()
    .await
    .is_all(250);
}

#[tokio::test]
async fn without_pagination_continues_after_a_full_page() {
    let bare = |_: &Service, _: u32, response: Response| Response {
        pagination: Pagination::default(),
        ..response
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
async fn a_total_that_is_too_large_is_incomplete() {
    let huge = |_: &Service, _: u32, mut response: Response| {
        response.pagination.items_total = Some(99_999_999_999_999);
        response
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
async fn a_list_without_an_end_stops_after_a_limited_number_of_pages() {
    // The same items on each page, and a total that grows with each page.
    let list = List::new(100, |service, number| {
        let mut response = service.page(1);
        response.pagination.current_page = Some(number);
        response.pagination.items_total = Some(u64::from(number) * 100 + 100);
        response.pagination.pages_total = Some(number + 1);
        Ok(response)
    });
    let outcome = list.read().await;
    outcome.is_incomplete(
        100,
        "100 pages in a row contain no new items, and more are announced: the list has no end; contact the service's support",
    );
    assert!(outcome.requests.len() < 300, "{}", outcome.requests.len());

    let list = List::new(100, |service, number| {
        let mut response = service.page(1);
        response.pagination = Pagination {
            has_next: true,
            ..Pagination::default()
        };
        response.pagination.current_page = Some(number);
        Ok(response)
    });
    list.read().await.is_incomplete(
        100,
        "page 2 contains no new items and links to a next page: the list has no end; contact the service's support",
    );

    for (announced, pages) in [(true, None), (false, None), (false, Some(1_000_000))] {
        let mut events = List::new(100, move |service, number| {
            let mut response = service.page(1);
            response.pagination = Pagination {
                has_next: true,
                ..Pagination::default()
            };
            if announced {
                response.pagination.items_total = Some(u64::from(number) * 100 + 100);
                response.pagination.pages_total = Some(number + 1);
            }
            response.pagination.pages_total = pages.or(response.pagination.pages_total);
            Ok(response)
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
async fn a_total_that_is_too_large_ends_at_a_copy_of_the_last_page() {
    for past_the_end in [1, 3] {
        let list = List::new(250, move |service, number| {
            let mut response = service.page(if number > 3 { past_the_end } else { number });
            response.pagination.items_total = Some(1_000_000);
            Ok(response)
        });
        let outcome = list.read().await;
        assert_eq!(outcome.items.len(), 250);
        assert_eq!(outcome.error.unwrap().kind(), ErrorKind::Incomplete);
        assert!(outcome.requests.len() <= 12, "{:?}", outcome.requests);
    }
}
