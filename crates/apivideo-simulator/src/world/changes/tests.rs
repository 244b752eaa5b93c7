use super::*;
use crate::world::{TUTORIAL_DAY, WorldConfig};

const LONG_AFTER: i64 = i64::MAX / 2;

fn world() -> World {
    World::new(&WorldConfig {
        seed: 7,
        videos: 1,
        live_streams: 0,
        sessions: 300,
        broadcast_viewers: 0,
        days: 3,
        uniform_days: false,
    })
}

fn range(first: i32, last: i32) -> ListRange {
    let days = TUTORIAL_DAY + first..=TUTORIAL_DAY + last;
    ListRange { asset: 0, days }
}

#[test]
fn an_unchanged_list_is_that_of_the_world() {
    let (world, changes) = (world(), Changes::default());
    let list = changes.list(&world, &range(-9, 9), LONG_AFTER);
    let expected: Vec<SessionKey> = world
        .ordinals(0)
        .map(|ordinal| world.session_key(0, ordinal))
        .collect();
    assert_eq!(list, expected);
    let now_ms = world.loaded_ms(expected[41]);
    assert_eq!(changes.list(&world, &range(-9, 9), now_ms), expected[..42]);
    assert_eq!(changes.list(&world, &range(2, 9), LONG_AFTER), []);
    assert_eq!(changes.count(), 0);
}

#[test]
fn sessions_are_inserted_at_their_position_in_ascending_order() {
    for (at, index) in [
        (ListPosition::Front, 0),
        (ListPosition::Index(7), 7),
        (ListPosition::Index(9_999), usize::MAX),
        (ListPosition::End, usize::MAX),
    ] {
        for days in [range(0, 0), range(-1, 1)] {
            let (world, changes) = (world(), Changes::default());
            let before = changes.list(&world, &days, LONG_AFTER);
            assert_eq!(changes.insert(&world, &days, 3, at, LONG_AFTER), 3);
            let after = changes.list(&world, &days, LONG_AFTER);
            let index = index.min(before.len());
            assert_eq!(after[..index], before[..index]);
            assert_eq!(after[index + 3..], before[index..]);
            for new in &after[index..index + 3] {
                assert!(new.inserted_second().is_some() && changes.contains(*new));
                let id = world.session_id(*new);
                assert_eq!(world.find_session(&id), Some(*new));
            }
            let seconds = |key: &SessionKey| world.loaded_ms(*key) / SECOND;
            assert!(after.is_sorted_by_key(seconds));
            let whole = changes.list(&world, &range(-9, 9), LONG_AFTER);
            assert_eq!(whole.len(), 303, "other periods contain them as well");
        }
    }
}

#[test]
fn sessions_are_inserted_into_empty_days_but_not_into_the_future() {
    let world = World::new(&WorldConfig {
        seed: 7,
        videos: 1,
        live_streams: 0,
        sessions: 1,
        broadcast_viewers: 0,
        days: 3,
        uniform_days: false,
    });
    let changes = Changes::default();
    let midnight = i64::from(TUTORIAL_DAY) * DAY;
    assert_eq!(
        changes.insert(&world, &range(-1, -1), 2, ListPosition::End, midnight),
        2
    );
    assert_eq!(changes.list(&world, &range(-1, -1), midnight).len(), 2);
    assert_eq!(
        changes.insert(&world, &range(1, 1), 2, ListPosition::End, midnight),
        0
    );
    assert_eq!(
        changes.insert(&world, &range(5, 5), 2, ListPosition::End, LONG_AFTER),
        0
    );
    assert_eq!(changes.count(), 2);
}

#[test]
fn deleted_sessions_remain_in_the_history() {
    let (world, changes) = (world(), Changes::default());
    let days = range(-1, 1);
    let before = changes.list(&world, &days, LONG_AFTER);
    assert_eq!(
        changes.delete(&world, &days, 5, ListPosition::Index(98), LONG_AFTER),
        5
    );
    assert_eq!(
        changes.delete(&world, &days, 2, ListPosition::End, LONG_AFTER),
        2
    );
    assert_eq!(
        changes.insert(&world, &days, 1, ListPosition::Front, LONG_AFTER),
        1
    );
    let now = changes.list(&world, &days, LONG_AFTER);
    assert_eq!(now[1..99], before[..98]);
    assert_eq!(now[99..], before[103..298]);
    assert!(
        !changes.contains(before[98])
            && !changes.contains(before[299])
            && changes.contains(before[97])
    );

    let (throughout, ever) = changes.history(&world, &days, LONG_AFTER, LONG_AFTER);
    assert_eq!(throughout, now[1..]);
    let mut expected = before.clone();
    expected.push(now[0]);
    let unordered = |keys: &[SessionKey]| -> HashSet<SessionKey> { keys.iter().copied().collect() };
    assert_eq!((ever.len(), unordered(&ever)), (301, unordered(&expected)));
    let start_ms = world.loaded_ms(before[9]);
    let (throughout, _) = changes.history(&world, &days, start_ms, LONG_AFTER);
    assert_eq!(throughout, before[..10]);
    assert_eq!(
        changes.delete(&world, &days, 9_999, ListPosition::Front, LONG_AFTER),
        294
    );
    assert_eq!(changes.list(&world, &days, LONG_AFTER), []);
}

#[test]
fn the_number_of_inserted_sessions_is_limited() {
    let (world, changes) = (world(), Changes::default());
    let mut inserted = 0;
    for _ in 0..4 {
        inserted += changes.insert(&world, &range(0, 0), 5_000, ListPosition::End, LONG_AFTER);
    }
    assert_eq!(inserted, 16_384);
    let list = changes.list(&world, &range(-1, 1), LONG_AFTER);
    assert_eq!(list.iter().collect::<HashSet<_>>().len(), 300 + 16_384);
}

#[test]
fn sessions_that_were_not_inserted_do_not_exist() {
    let (world, changes) = (world(), Changes::default());
    let key = SessionKey::inserted(0, 1, 86_399, 16_383);
    assert_eq!(world.find_session(&world.session_id(key)), Some(key));
    assert!(!changes.contains(key));
    changes.insert(&world, &range(0, 0), 1, ListPosition::End, LONG_AFTER);
    assert!(!changes.contains(key));
    let beyond = SessionKey::inserted(0, 1, 86_400, 0);
    assert_eq!(world.find_session(&world.session_id(beyond)), None);
}
