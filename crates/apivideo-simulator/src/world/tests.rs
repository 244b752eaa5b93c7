use std::collections::HashSet;

use super::*;

fn world(videos: usize, live_streams: usize, sessions: u64, days: u32) -> World {
    World::new(&Plan {
        seed: 7,
        videos,
        live_streams,
        sessions,
        days,
        even_days: false,
    })
}

#[test]
fn the_tutorial_is_in_every_world() {
    for (videos, live_streams, sessions, days) in [
        (1, 0, 1, 1),
        (1, 1, 2, 2),
        (3, 2, 40, 7),
        (20, 5, 5_000, 30),
        (2, 1, 900, 365),
    ] {
        let world = world(videos, live_streams, sessions, days);
        assert_eq!(world.sessions_total(), sessions);
        let day = "2022-01-01";
        let green = world
            .sessions(TUTORIAL_VIDEO, day)
            .unwrap()
            .filter(|session| session.has_metadata("hats", "green"))
            .count();
        assert!(green > 0);
        if live_streams > 0 {
            assert!(world.sessions(TUTORIAL_LIVE_STREAM, day).unwrap().len() > 0);
        }
        let session = world.session(TUTORIAL_SESSION).unwrap();
        assert_eq!(session.asset, TUTORIAL_VIDEO);
        assert_eq!(session.loaded_at.to_string()[..10], *day);
        assert!(session.events > 0);
    }
    let events = world(1, 0, 10, 1).events(TUTORIAL_SESSION).unwrap();
    assert!(events.len() > 25, "more than one page of them");
}

#[test]
fn one_video_and_one_day_have_all_sessions() {
    let world = world(1, 0, 10_000, 1);
    assert_eq!(world.first_day(), jiff::civil::date(2022, 1, 1));
    assert_eq!(world.last_day(), world.first_day());
    assert_eq!(
        world.sessions(TUTORIAL_VIDEO, "2022-01-01").unwrap().len(),
        10_000
    );
}

#[test]
fn sessions_ascend_have_ids_of_their_own_and_are_found_by_them() {
    let world = world(3, 2, 3_000, 30);
    let mut ids = HashSet::new();
    for asset in world.videos().iter().chain(world.live_streams()) {
        let sessions: Vec<Session> = world
            .sessions(asset.id(), "2021-01-01/2023-01-01")
            .unwrap()
            .collect();
        assert!(sessions.is_sorted_by_key(|session| session.loaded_at));
        for session in sessions {
            assert_eq!(world.session(&session.id).as_ref(), Some(&session));
            assert!(session.loaded_at <= session.ended_at);
            assert!(
                time::day_number(world.last_day())
                    >= (session.ended_at.as_second() / 86_400) as i32
            );
            assert!(ids.insert(session.id));
        }
    }
    assert_eq!(ids.len(), 3_000);
}

#[test]
fn the_id_that_the_tutorials_session_would_have_is_nobodys() {
    let world = world(1, 0, 10, 1);
    let place = world.find_session(TUTORIAL_SESSION).unwrap();
    assert_eq!(world.find_session(&session_id::encode(7, place)), None);
    let beyond = Place { k: 10, ..place };
    assert_eq!(world.find_session(&session_id::encode(7, beyond)), None);
}

#[test]
fn wrong_questions_get_answers() {
    let world = world(1, 0, 10, 1);
    let error = |asset, period| world.sessions(asset, period).err().unwrap().to_string();
    assert_eq!(error("vi0", "2022"), "no asset `vi0` in this world");
    assert_eq!(
        error(TUTORIAL_VIDEO, "2022-13"),
        "`2022-13` is not a period"
    );
    assert_eq!(world.session("ps0"), None);
    assert_eq!(world.events("ps0"), None);
}

#[test]
fn the_tutorial_is_worth_a_look_whatever_the_seed() {
    for seed in 1..=40 {
        let world = World::new(&Plan {
            seed,
            videos: 20,
            live_streams: 5,
            sessions: 5_000,
            days: 30,
            even_days: false,
        });
        let day = "2022-01-01";
        let green = world
            .sessions(TUTORIAL_VIDEO, day)
            .unwrap()
            .filter(|session| session.has_metadata("hats", "green"))
            .count();
        assert!(green >= 2, "seed {seed}: {green}");
        assert!(world.sessions(TUTORIAL_LIVE_STREAM, day).unwrap().len() >= 5);
        assert!(
            world.session(TUTORIAL_SESSION).unwrap().events >= 20,
            "seed {seed}"
        );
    }
}
