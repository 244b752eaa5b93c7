use super::*;
use crate::world::{Plan, TUTORIAL_DAY};

const LONG_AFTER: i64 = i64::MAX / 2;

fn world() -> World {
    World::new(&Plan {
        seed: 7,
        videos: 1,
        live_streams: 0,
        sessions: 300,
        days: 3,
        even_days: false,
    })
}

fn span(first: i32, last: i32) -> Span {
    let days = TUTORIAL_DAY + first..=TUTORIAL_DAY + last;
    Span { asset: 0, days }
}

#[test]
fn an_untouched_list_is_the_worlds() {
    let (world, changes) = (world(), Changes::default());
    let list = changes.list(&world, &span(-9, 9), LONG_AFTER);
    let expected: Vec<Place> = world.ordinals(0).map(|of| world.place(0, of)).collect();
    assert_eq!(list, expected);
    let now_ms = world.loaded_ms(expected[41]);
    assert_eq!(changes.list(&world, &span(-9, 9), now_ms), expected[..42]);
    assert_eq!(changes.list(&world, &span(2, 9), LONG_AFTER), []);
    assert_eq!(changes.count(), 0);
}

#[test]
fn sessions_come_where_they_should_and_times_still_ascend() {
    for (at, index) in [
        (At::Front, 0),
        (At::Index(7), 7),
        (At::Index(9_999), usize::MAX),
        (At::End, usize::MAX),
    ] {
        for days in [span(0, 0), span(-1, 1)] {
            let (world, changes) = (world(), Changes::default());
            let before = changes.list(&world, &days, LONG_AFTER);
            assert_eq!(changes.insert(&world, &days, 3, at, LONG_AFTER), 3);
            let after = changes.list(&world, &days, LONG_AFTER);
            let index = index.min(before.len());
            assert_eq!(after[..index], before[..index]);
            assert_eq!(after[index + 3..], before[index..]);
            for new in &after[index..index + 3] {
                assert!(new.inserted_second().is_some() && changes.has(*new));
                let id = world.session_id(*new);
                assert_eq!(world.find_session(&id), Some(*new));
            }
            let seconds = |place: &Place| world.loaded_ms(*place) / SECOND;
            assert!(after.is_sorted_by_key(seconds));
            let whole = changes.list(&world, &span(-9, 9), LONG_AFTER);
            assert_eq!(whole.len(), 303, "other periods have them as well");
        }
    }
}

#[test]
fn sessions_come_into_days_without_any_but_not_into_the_future() {
    let world = World::new(&Plan {
        seed: 7,
        videos: 1,
        live_streams: 0,
        sessions: 1,
        days: 3,
        even_days: false,
    });
    let changes = Changes::default();
    let midnight = i64::from(TUTORIAL_DAY) * DAY;
    assert_eq!(
        changes.insert(&world, &span(-1, -1), 2, At::End, midnight),
        2
    );
    assert_eq!(changes.list(&world, &span(-1, -1), midnight).len(), 2);
    assert_eq!(changes.insert(&world, &span(1, 1), 2, At::End, midnight), 0);
    assert_eq!(
        changes.insert(&world, &span(5, 5), 2, At::End, LONG_AFTER),
        0
    );
    assert_eq!(changes.count(), 2);
}

#[test]
fn sessions_go_and_history_tells_of_them() {
    let (world, changes) = (world(), Changes::default());
    let days = span(-1, 1);
    let before = changes.list(&world, &days, LONG_AFTER);
    assert_eq!(
        changes.delete(&world, &days, 5, At::Index(98), LONG_AFTER),
        5
    );
    assert_eq!(changes.delete(&world, &days, 2, At::End, LONG_AFTER), 2);
    assert_eq!(changes.insert(&world, &days, 1, At::Front, LONG_AFTER), 1);
    let now = changes.list(&world, &days, LONG_AFTER);
    assert_eq!(now[1..99], before[..98]);
    assert_eq!(now[99..], before[103..298]);
    assert!(!changes.has(before[98]) && !changes.has(before[299]) && changes.has(before[97]));

    let (throughout, ever) = changes.history(&world, &days, LONG_AFTER, LONG_AFTER);
    assert_eq!(throughout, now[1..]);
    let mut expected = before.clone();
    expected.push(now[0]);
    let unordered = |places: &[Place]| -> HashSet<Place> { places.iter().copied().collect() };
    assert_eq!((ever.len(), unordered(&ever)), (301, unordered(&expected)));
    let start_ms = world.loaded_ms(before[9]);
    let (throughout, _) = changes.history(&world, &days, start_ms, LONG_AFTER);
    assert_eq!(throughout, before[..10]);
    assert_eq!(
        changes.delete(&world, &days, 9_999, At::Front, LONG_AFTER),
        294
    );
    assert_eq!(changes.list(&world, &days, LONG_AFTER), []);
}

#[test]
fn ids_run_out_before_they_repeat() {
    let (world, changes) = (world(), Changes::default());
    let mut inserted = 0;
    for _ in 0..4 {
        inserted += changes.insert(&world, &span(0, 0), 5_000, At::End, LONG_AFTER);
    }
    assert_eq!(inserted, 16_384);
    let list = changes.list(&world, &span(-1, 1), LONG_AFTER);
    assert_eq!(list.iter().collect::<HashSet<_>>().len(), 300 + 16_384);
}

#[test]
fn a_place_that_nobody_inserted_is_not_there() {
    let (world, changes) = (world(), Changes::default());
    let place = Place::inserted(0, 1, 86_399, 16_383);
    assert_eq!(world.find_session(&world.session_id(place)), Some(place));
    assert!(!changes.has(place));
    changes.insert(&world, &span(0, 0), 1, At::End, LONG_AFTER);
    assert!(!changes.has(place));
    let beyond = Place::inserted(0, 1, 86_400, 0);
    assert_eq!(world.find_session(&world.session_id(beyond)), None);
}
