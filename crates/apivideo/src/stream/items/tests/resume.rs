//! Streams that are resumed from a cursor.

use super::*;

#[tokio::test]
async fn a_resumed_stream_counts_what_was_read_before() {
    for cut in [0, 1, 99, 100, 101, 199, 200, 249] {
        let list = List::changed(250, |_, _, response| response);
        let first = list.read_on(list.stream(), cut).await;
        let stream = list.stream().resume(&first.cursor).unwrap();
        let rest = list.read_on(stream, usize::MAX).await;
        assert!(rest.error.is_none(), "cut at {cut}: {:?}", rest.error);
        let all: Vec<u32> = first.items.into_iter().chain(rest.items).collect();
        assert_eq!(all, (0..250).collect::<Vec<_>>(), "cut at {cut}");
        assert_eq!(rest.progress.rereads, 0);
    }
}

/// The cursor of a list that is too long for all of its items to be in the cursor.
fn of_long_list(cursor: &Cursor) -> Cursor {
    let mut value = serde_json::to_value(cursor).unwrap();
    for open in value["open"].as_array_mut().unwrap() {
        open.as_object_mut().unwrap().remove("known").unwrap();
    }
    serde_json::from_value(value).unwrap()
}

#[tokio::test]
async fn a_short_list_can_be_read_a_second_time_after_resuming() {
    let mut lost = false;
    let list = List::new(250, move |service, number| {
        let mut response = service.page(number);
        if number == 3 && !std::mem::replace(&mut lost, true) {
            response.items.truncate(20);
        }
        Ok(response)
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
async fn a_resumed_stream_yields_items_added_to_a_short_list() {
    let list = List::changed(400, |_, _, response| response);
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
async fn a_long_list_is_not_read_a_second_time_after_resuming() {
    let gap = |_: &Service, number: u32, mut response: Response| {
        if number == 3 {
            response.items.truncate(20);
        }
        response
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
        let mut response = service.page(number);
        if number == 3 && !std::mem::replace(&mut lost, true) {
            response.items.truncate(20);
        }
        Ok(response)
    });
    let first = list.read_on(list.stream(), 40).await;
    let stream = list.stream().resume(&first.cursor).unwrap();
    let rest = list.read_on(stream, usize::MAX).await;
    assert!(rest.error.is_none(), "{:?}", rest.error);
    assert_eq!((rest.items.len(), rest.progress.items), (210, 210));
}

#[tokio::test]
async fn a_cursor_of_a_second_pass_leads_to_the_error_and_repeats_nothing() {
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
async fn a_resumed_stream_finds_its_place_after_items_moved() {
    for cut in [100, 150, 200] {
        for (delete, insert) in [(30, 0), (0, 30), (60, 0), (5, 5)] {
            let list = List::changed(400, |_, _, response| response);
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
                // Items added before that place were never read.
                assert_eq!(rest.error.unwrap().kind(), ErrorKind::Incomplete);
            } else {
                assert!(rest.error.is_none(), "{:?}", rest.error);
            }
        }
    }
}

#[tokio::test]
async fn a_resumed_stream_reports_that_its_place_no_longer_exists() {
    let list = List::changed(400, |_, _, response| response);
    let first = list.read_on(list.stream(), 200).await;
    list.with(|service| service.items.retain(|item| *item != 199));
    let stream = list.stream().resume(&of_long_list(&first.cursor));
    let rest = list.read_on(stream.unwrap(), usize::MAX).await;
    rest.is_incomplete(
        0,
        "the item at which the list is resumed is no longer in the list; read the list from its start",
    );
}
