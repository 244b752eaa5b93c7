use std::collections::HashSet;

use super::*;

fn world(videos: usize, live_streams: usize, sessions: u64, days: u32) -> World {
    World::new(&WorldConfig {
        seed: 7,
        videos,
        live_streams,
        sessions,
        broadcast_viewers: 0,
        days,
        uniform_days: false,
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
fn a_world_of_one_video_and_day_has_all_sessions_there() {
    let world = world(1, 0, 10_000, 1);
    assert_eq!(world.first_day(), jiff::civil::date(2022, 1, 1));
    assert_eq!(world.last_day(), world.first_day());
    assert_eq!(
        world.sessions(TUTORIAL_VIDEO, "2022-01-01").unwrap().len(),
        10_000
    );
}

#[test]
fn sessions_ascend_and_are_found_by_their_unique_identifiers() {
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
fn the_encoded_key_of_the_tutorial_session_is_not_an_identifier() {
    let world = world(1, 0, 10, 1);
    let key = world.find_session(TUTORIAL_SESSION).unwrap();
    assert_eq!(world.find_session(&session_key::encode(7, key)), None);
    let beyond = SessionKey { k: 10, ..key };
    assert_eq!(world.find_session(&session_key::encode(7, beyond)), None);
}

#[test]
fn unknown_assets_and_invalid_periods_are_errors() {
    let world = world(1, 0, 10, 1);
    let error = |asset, period| world.sessions(asset, period).err().unwrap().to_string();
    assert_eq!(
        error("vi0", "2022"),
        "asset \"vi0\" does not exist in this world"
    );
    assert_eq!(
        error(TUTORIAL_VIDEO, "2022-13"),
        "invalid period \"2022-13\": must be a day (2022-01-31), an ISO week (2022-W05), a month (2022-01), a year (2022) \
         or a range of days (2022-01-01/2022-01-15)"
    );
    assert_eq!(world.session("ps0"), None);
    assert_eq!(world.events("ps0"), None);
}

#[test]
fn the_tutorial_has_data_for_every_seed() {
    for seed in 1..=40 {
        let world = World::new(&WorldConfig {
            seed,
            videos: 20,
            live_streams: 5,
            sessions: 5_000,
            broadcast_viewers: 0,
            days: 30,
            uniform_days: false,
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

#[test]
fn most_viewers_arrive_around_the_start_of_a_broadcast() {
    let world = World::new(&WorldConfig {
        seed: 7,
        videos: 2,
        live_streams: 2,
        sessions: 1_000,
        broadcast_viewers: 5_000,
        days: 30,
        uniform_days: false,
    });
    assert_eq!(world.sessions_total(), 6_000);
    let sessions = world.sessions(TUTORIAL_LIVE_STREAM, "2022-01-01").unwrap();
    let broadcasts = world
        .broadcasts(TUTORIAL_LIVE_STREAM, "2022-01-01")
        .unwrap();
    let [broadcast] = broadcasts.as_slice() else {
        panic!("one broadcast: {broadcasts:?}");
    };
    let total = sessions.len();
    assert!(total >= 5_000);
    let minutes = |at: jiff::Timestamp| at.duration_since(broadcast.starts_at).as_mins();
    let arrived: Vec<i64> = sessions.map(|session| minutes(session.loaded_at)).collect();
    let within = |range: Range<i64>| arrived.iter().filter(|at| range.contains(at)).count();
    assert!(within(-10..6) > total * 6 / 10);
    assert!(within(20..200) > total / 10, "some arrive late");
    assert_eq!(within(-11..200), total);

    let totals = world
        .playback_totals([TUTORIAL_LIVE_STREAM], "2022-01-01")
        .unwrap();
    let peak_at = totals.peak_at.unwrap();
    assert!(broadcast.starts_at < peak_at && peak_at < broadcast.ends_at);
    assert!(totals.peak > total / 2, "{totals:?}");

    let all = world.broadcasts(TUTORIAL_LIVE_STREAM, "2021/2022").err();
    assert!(all.is_some());
    assert_eq!(
        world
            .broadcasts(TUTORIAL_LIVE_STREAM, "2020/2023")
            .unwrap_or_default()
            .len(),
        0
    );
    assert_eq!(
        world
            .broadcasts(TUTORIAL_LIVE_STREAM, "2021-01-01/2023-01-01")
            .unwrap()
            .len(),
        30
    );
    assert_eq!(world.broadcasts(TUTORIAL_VIDEO, "2022-01-01").unwrap(), []);
}
