//! One suite for every backend: the simulator's world, and the recorded responses of the service.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use apivideo::model::EventKind;
use apivideo::{Client, Event, LiveStream, Session, Video};
use apivideo_simulator::{Recording, Simulator};
use futures::TryStreamExt;

const VIDEO: &str = "vi4k0jvEUuaTdRAEjQ4Prklg";
const LIVE_STREAM: &str = "vi4k0jvEUuaTdRAEjQ4Jfrgz";
const SESSION: &str = "psEmFwGQUAXR2lFHj5nDOpy";

fn client(simulator: &Simulator, basic: bool) -> Client {
    let builder = Client::builder()
        .api_key("key")
        .base_url(simulator.base_url());
    let builder = if basic {
        builder.with_basic_auth()
    } else {
        builder
    };
    builder.build().unwrap()
}

/// Checks that hold for every backend, with both kinds of authorization.
async fn conforms(simulator: &Simulator) {
    for basic in [false, true] {
        let client = client(simulator, basic);
        for period in [
            "2022-01-01",
            "2022-W01",
            "2022-01",
            "2022",
            "2021-12-31/2022-01-02",
        ] {
            let of_video = client
                .video(VIDEO.parse().unwrap())
                .sessions(period.parse().unwrap());
            let sessions: Vec<Session> = of_video.stream().try_collect().await.unwrap();
            check_sessions(&sessions);
            assert_eq!(
                of_video.total().await.unwrap(),
                sessions.len() as u64,
                "{period}"
            );
            assert_eq!(
                of_video.last(1).await.unwrap().as_slice(),
                sessions.last().map_or(&[][..], std::slice::from_ref)
            );
        }
        let of_stream = client
            .live_stream(LIVE_STREAM.parse().unwrap())
            .sessions("2022-01-01".parse().unwrap());
        let sessions: Vec<Session> = of_stream.stream().try_collect().await.unwrap();
        assert!(!sessions.is_empty());
        check_sessions(&sessions);

        let events = client
            .session(SESSION.parse().unwrap())
            .events()
            .page(1)
            .await
            .unwrap();
        assert!(!events.items.is_empty());
        check_events(&events.items);
        let unknown = client
            .session("psUnknown".parse().unwrap())
            .events()
            .page(1)
            .await
            .unwrap_err();
        assert!(unknown.is_not_found(), "{unknown}");
        assert_eq!(unknown.problem().unwrap().status, Some(404));
    }
}

fn check_sessions(sessions: &[Session]) {
    for session in sessions {
        assert!(
            session.loaded_at.is_some() && session.ended_at >= session.loaded_at,
            "{session:?}"
        );
        assert!(session.location.country.as_deref() != Some("unknown"));
        let json = serde_json::to_string(session).unwrap();
        assert_eq!(&serde_json::from_str::<Session>(&json).unwrap(), session);
    }
    assert!(
        sessions.is_sorted_by_key(|session| session.loaded_at),
        "ascending order"
    );
    let mut ids: Vec<_> = sessions.iter().map(|session| &session.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), sessions.len(), "each once");
}

fn check_events(events: &[Event]) {
    for event in events {
        let json = serde_json::to_string(event).unwrap();
        assert_eq!(&serde_json::from_str::<Event>(&json).unwrap(), event);
        match event.kind {
            EventKind::SeekForward => assert!(event.from <= event.to, "{event:?}"),
            EventKind::SeekBackward => assert!(event.from >= event.to, "{event:?}"),
            _ => assert!(event.at.is_some(), "{event:?}"),
        }
    }
    assert_eq!(events[0].kind.as_str(), "ready");
    assert!(events.is_sorted_by_key(|event| event.emitted_at));
}

#[tokio::test]
async fn the_world_of_the_simulator() {
    let simulator = Simulator::builder().sessions(2_000).start().await.unwrap();
    conforms(&simulator).await;
    let client = client(&simulator, false);
    let events: Vec<Event> = client
        .session(SESSION.parse().unwrap())
        .events()
        .stream()
        .try_collect()
        .await
        .unwrap();
    check_events(&events);

    // Every asset of the lists can be requested by its id, and the sessions of all are those of the world.
    let videos: Vec<Video> = client
        .videos()
        .page_size(7.try_into().unwrap())
        .stream()
        .try_collect()
        .await
        .unwrap();
    let streams: Vec<LiveStream> = client.live_streams().stream().try_collect().await.unwrap();
    let period: apivideo::Period = format!(
        "{}/{}",
        simulator.world().first_day(),
        simulator.world().last_day()
    )
    .parse()
    .unwrap();
    let mut total = 0;
    for video in &videos {
        assert_eq!(&client.video(video.id.clone()).get().await.unwrap(), video);
        total += client
            .video(video.id.clone())
            .sessions(period)
            .total()
            .await
            .unwrap();
    }
    for stream in &streams {
        assert_eq!(
            &client.live_stream(stream.id.clone()).get().await.unwrap(),
            stream
        );
        total += client
            .live_stream(stream.id.clone())
            .sessions(period)
            .total()
            .await
            .unwrap();
    }
    assert_eq!(total, 2_000);
}

#[tokio::test]
async fn the_recorded_responses() {
    let simulator = Simulator::builder()
        .replay(Recording::tutorial())
        .start()
        .await
        .unwrap();
    conforms(&simulator).await;
    let client = client(&simulator, false);
    let events = client.session(SESSION.parse().unwrap()).events();
    let (events, outcome) = events.stream().until_error();
    let events: Vec<Event> = futures::StreamExt::collect(events).await;
    assert_eq!(events.len(), 25);
    let error = outcome.into_result().unwrap_err();
    assert!(error.is_incomplete());
    assert_eq!(error.page(), Some(2));

    let of_video = client
        .video(VIDEO.parse().unwrap())
        .sessions("2022-01-01".parse().unwrap());
    let sessions: Vec<Session> = of_video.stream().try_collect().await.unwrap();
    assert_eq!(sessions[0].client.name.as_deref(), Some("Firefox"));
    assert_eq!(
        sessions[0].loaded_at.unwrap().to_string(),
        "2019-06-24T11:45:01.109Z"
    );
}
