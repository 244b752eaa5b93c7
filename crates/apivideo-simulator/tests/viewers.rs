//! The behaviour of viewers and players, as frequent as in real sessions.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use apivideo_simulator::{
    Asset, Event, EventKind, Playback, Session, Simulator, TUTORIAL_SESSION, World,
};

/// The period of all sessions.
const ALL: &str = "2021-12-18/2022-01-16";

fn all_sessions(world: &World) -> impl Iterator<Item = (&Asset, Session, Vec<Event>, Playback)> {
    let assets = world.videos().iter().chain(world.live_streams());
    assets.flat_map(move |asset| {
        let sessions = world.sessions(asset.id(), ALL).unwrap();
        sessions.map(move |session| {
            let events = world.events(&session.id).unwrap();
            let playback = world.playback(&session.id).unwrap();
            (asset, session, events, playback)
        })
    })
}

fn is_start(event: &Event) -> bool {
    matches!(event.kind, EventKind::Play | EventKind::Resume)
}

fn is_stop(event: &Event) -> bool {
    matches!(event.kind, EventKind::Pause | EventKind::End)
}

fn is_seek(event: &Event) -> bool {
    event.to.is_some()
}

/// Whether `play` or `resume` is sent while the player plays.
fn has_duplicate_start(events: &[Event]) -> bool {
    let mut is_playing = false;
    events.iter().any(|event| {
        let is_duplicate = is_playing && is_start(event);
        match event.kind {
            EventKind::Play | EventKind::Resume => is_playing = true,
            EventKind::Ready | EventKind::Pause | EventKind::End => is_playing = false,
            _ => {}
        }
        is_duplicate
    })
}

fn pairs(events: &[Event], matches: impl Fn(&Event, &Event) -> bool) -> bool {
    events.windows(2).any(|pair| matches(&pair[0], &pair[1]))
}

/// A share of sessions in percent.
#[derive(Default)]
struct Share {
    count: usize,
    of: usize,
}

fn shares<const N: usize>() -> [Share; N] {
    std::array::from_fn(|_| Share::default())
}

impl Share {
    fn add(&mut self, is_counted: bool) {
        self.of += 1;
        self.count += usize::from(is_counted);
    }

    #[track_caller]
    fn assert_between(&self, name: &str, low: f64, high: f64) {
        let percent = 100.0 * self.count as f64 / self.of as f64;
        assert!(
            (low..=high).contains(&percent),
            "{name}: {percent:.2} % of {}",
            self.of
        );
    }
}

#[tokio::test]
async fn behaviours_are_as_frequent_as_in_real_sessions() {
    let simulator = Simulator::builder()
        .seed(3)
        .sessions(20_000)
        .start()
        .await
        .unwrap();
    let [
        mut empty,
        mut no_end,
        mut duplicate,
        mut disordered,
        mut early,
    ] = shares();
    let [
        mut early_play,
        mut resume_only,
        mut reloaded,
        mut no_origin,
        mut days,
    ] = shares();
    let [mut skewed, mut fast, mut stalled] = shares();
    for (asset, session, events, playback) in all_sessions(simulator.world()) {
        empty.add(events.is_empty());
        duplicate.add(has_duplicate_start(&events));
        disordered.add(!events.is_sorted_by_key(|event| event.emitted_at));
        early.add(pairs(&events, |first, second| {
            is_start(first) && is_seek(second) && first.at == second.from && first.at != second.to
        }));
        early_play.add(pairs(&events, |first, second| {
            first.kind == EventKind::Play
                && second.kind == EventKind::Ready
                && second.emitted_at.duration_since(first.emitted_at).as_secs() <= 1
        }));
        resume_only.add(pairs(&events, |first, second| {
            first.kind == EventKind::Ready && second.kind == EventKind::Resume
        }));
        let readies = events.iter().filter(|event| event.kind == EventKind::Ready);
        reloaded.add(readies.count() > 1);
        no_origin.add(
            events
                .windows(2)
                .any(|pair| is_start(&pair[0]) && is_seek(&pair[1]) && pair[1].from == pair[1].to),
        );
        days.add(
            session
                .ended_at
                .duration_since(session.loaded_at)
                .as_hours()
                >= 24,
        );
        let is_skewed = events.iter().any(|event| {
            event.emitted_at.duration_since(session.loaded_at).as_secs() < -5
                || event.emitted_at.duration_since(session.ended_at).as_secs() > 60
        });
        skewed.add(is_skewed);
        if playback.stretches().is_empty() {
            continue;
        }
        no_end.add(!playback.is_end_known());
        let speeds = || {
            let long = playback
                .stretches()
                .iter()
                .filter(|stretch| stretch.watched().as_secs() > 30);
            long.map(|stretch| stretch.watched().as_secs_f64() / stretch.playing().as_secs_f64())
        };
        if asset.duration().is_some() {
            fast.add(speeds().any(|speed| speed > 1.1));
        }
        stalled.add(speeds().any(|speed| speed < 0.999));
    }
    // Known of real sessions.
    empty.assert_between("without events", 2.3, 2.9);
    no_end.assert_between("without a closing event", 2.2, 2.8);
    duplicate.assert_between("duplicate play or resume", 20.0, 22.0);
    disordered.assert_between("out of order", 0.08, 0.22);
    early.assert_between("resume before the seek target", 11.0, 13.0);
    // Chosen.
    early_play.assert_between("play before ready", 1.0, 3.0);
    resume_only.assert_between("resume without play", 0.7, 2.0);
    reloaded.assert_between("reloaded", 30.0, 38.0);
    no_origin.assert_between("seek without distance", 4.0, 25.0);
    days.assert_between("over 24 hours", 0.02, 1.0);
    skewed.assert_between("skewed clock", 0.05, 0.4);
    fast.assert_between("faster than normal", 6.0, 14.0);
    stalled.assert_between("stalled", 3.0, 15.0);
}

#[tokio::test]
async fn playback_agrees_with_itself_and_the_session() {
    let simulator = Simulator::builder()
        .seed(4)
        .sessions(5_000)
        .start()
        .await
        .unwrap();
    let world = simulator.world();
    let mut played = 0;
    for (asset, session, events, playback) in all_sessions(world) {
        let stretches = playback.stretches();
        assert!(playback.covered() <= playback.watched());
        assert!(stretches.iter().all(|stretch| stretch.from <= stretch.to));
        assert!(
            stretches
                .iter()
                .all(|stretch| stretch.started_at < stretch.ended_at)
        );
        assert!(
            stretches
                .windows(2)
                .all(|pair| pair[0].ended_at <= pair[1].started_at)
        );
        assert!(
            stretches
                .iter()
                .all(|stretch| stretch.started_at >= session.loaded_at)
        );
        if let Some(duration) = asset.duration() {
            assert!(stretches.iter().all(|stretch| stretch.to <= duration));
            assert!(playback.covered() <= duration);
        }
        // At most twice as fast as the clock.
        assert!(playback.watched() <= 2 * playback.playing());
        if let Some(last) = stretches.last() {
            played += 1;
            assert!(events.iter().any(is_start));
            let unseen = last.ended_at.duration_since(session.ended_at).as_secs_f64();
            assert!(
                unseen <= 11.0,
                "after the last heartbeat and its truncation: {unseen} s"
            );
            if last.is_end_known {
                assert!(events.iter().any(is_stop));
                assert!(unseen < 1.0, "{unseen} s");
            }
        }
    }
    assert!(played > 3_000);
    assert_eq!(world.playback("ps0"), None);
    assert!(
        world
            .playback(TUTORIAL_SESSION)
            .unwrap()
            .watched()
            .as_secs()
            > 60
    );
}

#[tokio::test]
async fn totals_add_up_and_the_peak_is_exact() {
    let simulator = Simulator::builder()
        .seed(4)
        .sessions(4_000)
        .days(3)
        .start()
        .await
        .unwrap();
    let world = simulator.world();
    let ids: Vec<&str> = world
        .videos()
        .iter()
        .chain(world.live_streams())
        .map(Asset::id)
        .collect();
    let totals = world
        .playback_totals(ids.iter().copied(), "2022-01-01")
        .unwrap();
    let (mut sessions, mut watched, mut stretches) = (0, std::time::Duration::ZERO, Vec::new());
    for id in &ids {
        for session in world.sessions(id, "2022-01-01").unwrap() {
            let playback = world.playback(&session.id).unwrap();
            sessions += 1;
            watched += playback.watched();
            stretches.extend_from_slice(playback.stretches());
        }
    }
    assert_eq!((totals.sessions, totals.watched), (sessions, watched));
    assert!(totals.sessions_played < totals.sessions && totals.covered < totals.watched);
    let playing_at = |at| {
        let playing = stretches
            .iter()
            .filter(|stretch| (stretch.started_at..stretch.ended_at).contains(&at));
        playing.count()
    };
    let most = stretches
        .iter()
        .map(|stretch| playing_at(stretch.started_at))
        .max();
    assert_eq!(Some(totals.peak), most);
    assert_eq!(totals.peak_at.map(playing_at), most);

    let error = world.playback_totals(["vi0"], "2022-01-01").unwrap_err();
    assert_eq!(
        error.to_string(),
        "asset \"vi0\" does not exist in this world"
    );
    assert!(world.playback_totals(ids, "2022-13").is_err());
    assert_eq!(
        world.playback_totals([], "2022").unwrap(),
        Default::default()
    );
}
