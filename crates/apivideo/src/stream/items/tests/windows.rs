//! Windows, and invalid records.

use super::*;

#[tokio::test]
async fn an_item_in_two_windows_is_yielded_once_and_counts_in_both() {
    let mut list = List::changed(150, |_, _, response| response);
    list.windows = 3;
    let outcome = list.read().await;
    outcome.is_all(150);
    assert_eq!(outcome.progress.duplicates, 300);
}

#[tokio::test]
async fn invalid_records_count_as_read_and_are_reported_once() {
    let holes = |service: &Service, mut response: Response| {
        for item in &mut response.items {
            if *item % 90 == 3 {
                *item = INVALID;
            }
        }
        assert_eq!(service.items.len(), 250);
        response
    };
    let list = List::new(250, move |service, number| {
        Ok(holes(service, service.page(number)))
    });
    let outcome = list.read().await;
    assert!(outcome.error.is_none(), "{:?}", outcome.error);
    assert_eq!((outcome.progress.items, outcome.progress.invalid), (247, 3));
    assert_eq!(outcome.requests, [1, 2, 3]);
    // A second pass finds the same ones.
    let list = List::new(250, move |service, number| {
        let mut response = holes(service, service.page(number));
        response.pagination.items_total = Some(251);
        Ok(response)
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
        let mut response = service.page_of(&items, number, 100);
        if Some(service.window) == missing {
            response.pagination.items_total = Some(151);
        }
        Ok(response)
    });
    (list.windows, list.prefetch) = (32, 16);
    list
}

#[tokio::test]
async fn each_window_is_checked_for_completeness() {
    let outcome = windows(None).read().await;
    outcome.is_all(32 * 150);
    assert!(outcome.progress.rereads > 0);
    assert_eq!(outcome.progress.expected, Some(32 * 150));
}

#[tokio::test]
async fn missing_items_of_a_window_end_the_stream_at_its_place() {
    let outcome = windows(Some(9)).read().await;
    outcome.is_incomplete(
        10 * 150,
        "the list ended after 150 of 151 announced items: it was read 2 times; \
         read it from its start, or by smaller periods",
    );
    // Once the service is repaired, the cursor continues with the other windows.
    let repaired = windows(None);
    let stream = repaired
        .stream()
        .resume(outcome.error.unwrap().cursor().unwrap());
    let rest = repaired.read_on(stream.unwrap(), usize::MAX).await;
    assert!(rest.error.is_none(), "{:?}", rest.error);
    assert_eq!(rest.items, (10 * 150..32 * 150).collect::<Vec<_>>());
}
