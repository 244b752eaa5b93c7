//! The engine against viewers of which the truth is known: the events of the simulator are truncated to seconds, duplicated,
//! received in the wrong order and lost, as those of real players.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by a panic, and prints its table with --nocapture"
)]

use apivideo_insights::{
    Asset, Effect, Event, EventKind, LengthEvidence, Playback, PlayedInterval, SessionFacts,
};
use apivideo_simulator::{AssetKind, Simulator, World};
use jiff::Timestamp;

/// The period of all sessions.
const ALL: &str = "2021-12-18/2022-01-16";

/// How the length of a video is known.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Length {
    Given,
    Inferred,
    Ignored,
}

struct Viewing {
    truth: apivideo_simulator::Playback,
    playback: Playback,
}

impl Viewing {
    fn truth_seconds(&self) -> f64 {
        self.truth.watched().as_secs_f64()
    }

    fn error_seconds(&self) -> f64 {
        self.playback.watch_seconds() - self.truth_seconds()
    }
}

fn convert(event: &apivideo_simulator::Event) -> Event {
    Event {
        emitted_at: Some(event.emitted_at),
        at: event.at.map(f64::from),
        from: event.from.map(f64::from),
        to: event.to.map(f64::from),
        ..Event::new(EventKind::from_name(event.kind.as_str()))
    }
}

fn viewings(world: &World, length: Length) -> Vec<Viewing> {
    let mut viewings = Vec::new();
    for asset in world.videos().iter().chain(world.live_streams()) {
        let mut evidence = LengthEvidence::default();
        let first = viewings.len();
        let given = asset.duration().filter(|_| length == Length::Given);
        for session in world.sessions(asset.id(), ALL).unwrap() {
            let events: Vec<Event> = world
                .events(&session.id)
                .unwrap()
                .iter()
                .map(convert)
                .collect();
            let facts = SessionFacts {
                asset: Some(match asset.kind() {
                    AssetKind::Video => Asset::video(asset.id()),
                    AssetKind::LiveStream => Asset::live_stream(asset.id()),
                }),
                loaded_at: Some(session.loaded_at),
                ended_at: Some(session.ended_at),
                ..SessionFacts::new(&session.id)
            };
            let playback = Playback::new(&facts, &events, given.map(|length| length.as_secs_f64()));
            evidence.observe(&playback);
            viewings.push(Viewing {
                truth: world.playback(&session.id).unwrap(),
                playback,
            });
        }
        if let (Length::Inferred, Some(length)) = (length, evidence.length()) {
            for viewing in &mut viewings[first..] {
                viewing.playback.limit_estimates(length.seconds);
            }
        }
    }
    viewings
}

fn peak(spans: impl Iterator<Item = (Timestamp, Timestamp)>) -> i64 {
    let mut changes: Vec<(Timestamp, i64)> = spans
        .flat_map(|(start, end)| [(start, 1), (end, -1)])
        .collect();
    changes.sort_unstable();
    let mut playing = 0;
    let totals = changes.iter().map(|(_, change)| {
        playing += change;
        playing
    });
    totals.max().unwrap_or_default()
}

fn span(interval: &PlayedInterval) -> (Timestamp, Timestamp) {
    (interval.started_at(), interval.ended_at())
}

async fn world() -> Simulator {
    Simulator::builder()
        .seed(11)
        .sessions(20_000)
        .start()
        .await
        .unwrap()
}

/// Whether the truth is outside of the bounds by more than whole seconds and heartbeats explain.
fn is_outside(viewing: &Viewing) -> bool {
    let truth = viewing.truth_seconds();
    let (lower, upper) = (
        viewing.playback.lower_seconds(),
        viewing.playback.upper_seconds(),
    );
    let stretches = viewing.truth.stretches();
    let unclosed = stretches
        .iter()
        .filter(|stretch| !stretch.is_end_known)
        .count();
    // One second for each position that is truncated, and at most a heartbeat at up to twice the speed.
    let grain = stretches.len() as f64 + 20.0 * unclosed as f64;
    (truth - upper).max(lower - truth) > grain
}

fn percent(value: f64, truth: f64) -> f64 {
    100.0 * (value / truth - 1.0)
}

#[tokio::test]
async fn watch_time_is_near_the_truth() {
    let simulator = world().await;
    for length in [Length::Ignored, Length::Inferred, Length::Given] {
        let viewings = viewings(simulator.world(), length);
        let sum = |of: fn(&Viewing) -> f64| viewings.iter().map(of).sum::<f64>();
        let truth = sum(Viewing::truth_seconds);
        let watched = sum(|viewing| viewing.playback.watch_seconds());
        let lower = sum(|viewing| viewing.playback.lower_seconds());
        let upper = sum(|viewing| viewing.playback.upper_seconds());
        println!(
            "length {length:?}: truth {truth:.0} s, value {watched:.0} s ({:+.2} %), lower {lower:.0} s, upper {upper:.0} s",
            percent(watched, truth)
        );
        let known = viewings
            .iter()
            .filter(|viewing| viewing.truth.is_end_known() && !viewing.truth.watched().is_zero());
        let mut errors: Vec<f64> = known.map(Viewing::error_seconds).collect();
        let mean = errors.iter().sum::<f64>() / errors.len() as f64;
        let near = errors.iter().filter(|error| error.abs() <= 2.0).count();
        let near = 100.0 * near as f64 / errors.len() as f64;
        errors.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
        let percentile = |percent: usize| errors[(errors.len() - 1) * percent / 100].abs();
        println!(
            "  end known: {} sessions, {near:.1} % within 2 s, mean error {mean:+.2} s, p50 {:.1} s, p90 {:.1} s, p95 {:.1} s, p99 {:.1} s",
            errors.len(),
            percentile(50),
            percentile(90),
            percentile(95),
            percentile(99)
        );
        let outside = viewings
            .iter()
            .filter(|viewing| is_outside(viewing))
            .count();
        println!("  outside of the bounds: {outside} of {}", viewings.len());
        assert!(lower <= truth && truth <= upper);
        assert!(percent(watched, truth).abs() < 2.0);
        assert!(near >= 90.0, "{near:.1} %");
        // `play` and `ready` of one instant in different seconds: the viewing is not seen.
        assert!(outside * 1_000 < viewings.len(), "{outside}");
    }
}

#[tokio::test]
async fn playing_time_coverage_and_peak_are_near_the_truth() {
    let simulator = world().await;
    let world = simulator.world();
    let viewings = viewings(world, Length::Inferred);
    let assets = world.videos().iter().chain(world.live_streams());
    let truth = world
        .playback_totals(assets.map(apivideo_simulator::Asset::id), ALL)
        .unwrap();
    let intervals = || {
        viewings
            .iter()
            .flat_map(|viewing| viewing.playback.intervals())
    };
    let found = peak(intervals().map(span));
    let dropped = peak(
        intervals()
            .filter(|played| !played.is_estimated())
            .map(span),
    );
    println!(
        "peak: truth {}, value {found}, without estimates {dropped}",
        truth.peak
    );
    assert!((truth.peak as i64 - found).abs() <= 1);
    assert!(dropped <= found);
    for (name, truth, value) in [
        (
            "playing time",
            truth.playing,
            Playback::playing_seconds as fn(&Playback) -> f64,
        ),
        ("coverage", truth.covered, Playback::covered_seconds),
    ] {
        let value: f64 = viewings
            .iter()
            .map(|viewing| value(&viewing.playback))
            .sum();
        let error = percent(value, truth.as_secs_f64());
        println!(
            "{name}: truth {:.0} s, value {value:.0} s ({error:+.2} %)",
            truth.as_secs_f64()
        );
        assert!(error.abs() < 2.0, "{name}: {error:+.2} %");
    }
}

/// Seconds watched as programs compute them that know nothing of these behaviours.
#[tokio::test]
async fn naive_programs_are_far_from_the_truth() {
    let simulator = world().await;
    let world = simulator.world();
    let (mut truth_sum, mut by_position, mut by_clock) = (0.0, 0.0, 0.0);
    let (mut sessions, mut far) = (0usize, 0usize);
    for asset in world.videos().iter().chain(world.live_streams()) {
        for session in world.sessions(asset.id(), ALL).unwrap() {
            let playback = world.playback(&session.id).unwrap();
            if playback.watched().is_zero() || !playback.is_end_known() {
                continue;
            }
            let (mut start, mut watched) = (None, 0.0);
            for event in world.events(&session.id).unwrap() {
                let at = event.at.map(f64::from);
                match event.kind.as_str() {
                    "play" | "resume" => start = at,
                    "pause" | "end" => {
                        watched += at.zip(start.take()).map_or(0.0, |(at, start)| at - start);
                    }
                    _ => {}
                }
            }
            let truth = playback.watched().as_secs_f64();
            sessions += 1;
            far += usize::from((watched - truth).abs() > 2.0);
            truth_sum += truth;
            by_position += watched;
            by_clock += session
                .ended_at
                .duration_since(session.loaded_at)
                .as_secs_f64();
        }
    }
    let far = 100.0 * far as f64 / sessions as f64;
    let clock = percent(by_clock, truth_sum);
    println!(
        "positions of starts and stops: {:+.1} %, {far:.1} % of the sessions off by more than 2 s; endedAt - loadedAt: {clock:+.1} %",
        percent(by_position, truth_sum)
    );
    assert!(far > 40.0, "{far:.1} %");
    assert!(clock > 100.0, "{clock:+.1} %");
}

/// What each correction of estimates contributes: without any, an estimate is as long as the wall clock runs.
#[tokio::test]
async fn each_correction_brings_the_sum_nearer_to_the_truth() {
    let simulator = world().await;
    let world = simulator.world();
    let (mut truth, mut unbounded_watch, mut unbounded_wall, mut spans) =
        (0.0, 0.0, 0.0, Vec::new());
    for asset in world.videos().iter().chain(world.live_streams()) {
        for session in world.sessions(asset.id(), ALL).unwrap() {
            truth += world.playback(&session.id).unwrap().watched().as_secs_f64();
            let events: Vec<Event> = (world.events(&session.id).unwrap().iter())
                .map(convert)
                .collect();
            let facts = SessionFacts {
                loaded_at: Some(session.loaded_at),
                ended_at: Some(session.ended_at),
                ..SessionFacts::new(&session.id)
            };
            for step in Playback::explain(&facts, &events, None).steps {
                for effect in &step.effects {
                    let Effect::Closed {
                        number: Some(_),
                        interval,
                        estimate,
                        ..
                    } = effect
                    else {
                        continue;
                    };
                    let started = interval.started_at();
                    let wall = step.time.duration_since(started).as_secs_f64();
                    unbounded_watch += match estimate {
                        Some(_) => wall,
                        None => interval.watch_seconds(),
                    };
                    unbounded_wall += wall;
                    spans.push((started, step.time));
                }
            }
        }
    }
    let error = |value: f64| 100.0 * (value / truth - 1.0);
    let total = |length| {
        let sum: f64 = viewings(world, length)
            .iter()
            .map(|v| v.playback.watch_seconds())
            .sum();
        error(sum)
    };
    let (bounded, inferred) = (total(Length::Ignored), total(Length::Inferred));
    println!(
        "truth {truth:.0} s; no correction {:+.2} % (playing time {unbounded_wall:.0} s, peak {}); bounded by 30 min \
         {bounded:+.2} %; and by the inferred length {inferred:+.2} %",
        error(unbounded_watch),
        peak(spans.into_iter()),
    );
    assert!(error(unbounded_watch) > bounded && bounded > inferred);
}
