//! Pages of data that no player sends: whatever the measures are, a page is well-formed.

use apivideo_insights::{Asset, Event, EventKind, SessionFacts};
use apivideo_report::{Chapter, Report};
use jiff::Timestamp;

use crate::common::sessions::Random;
use crate::common::{LIVE, VIDEO, audience, live, page, video};

const KINDS: [EventKind; 8] = [
    EventKind::Ready,
    EventKind::Play,
    EventKind::Pause,
    EventKind::Resume,
    EventKind::SeekForward,
    EventKind::SeekBackward,
    EventKind::End,
    EventKind::Other,
];

const POSITIONS: [f64; 12] = [
    0.0,
    0.3,
    1.0,
    59.9,
    60.0,
    3_600.5,
    43_200.0,
    -1.0,
    1e9,
    1e300,
    f64::NAN,
    f64::INFINITY,
];

fn pick<T: Copy>(random: &mut Random, values: &[T]) -> T {
    values[((random.unit() * values.len() as f64) as usize).min(values.len() - 1)]
}

fn time(random: &mut Random) -> Option<Timestamp> {
    let seconds = match (random.unit() * 8.0) as u32 {
        0 => return None,
        1 => -300_000_000_000,
        2 => 250_000_000_000,
        3 => 0,
        // January 2022.
        _ => 1_640_995_200 + (random.unit() * 2_678_400.0) as i64,
    };
    Timestamp::from_second(seconds).ok()
}

fn event(random: &mut Random) -> Event {
    let mut position = || (!random.chance(0.2)).then(|| pick(random, &POSITIONS));
    let (at, from, to) = (position(), position(), position());
    Event {
        emitted_at: time(random),
        at,
        from,
        to,
        ..Event::new(pick(random, &KINDS))
    }
}

#[test]
fn unusual_events_lengths_and_chapters_are_a_page() {
    let mut random = Random::new(3);
    for case in 0..120 {
        let (is_live, sessions) = (random.chance(0.4), 1 + (random.unit() * 30.0) as usize);
        let asset = if is_live {
            Asset::live_stream(LIVE)
        } else {
            Asset::video(VIDEO)
        };
        let length = pick(&mut random, &POSITIONS);
        let mut audience = audience().with_length(asset, length);
        if random.chance(0.5) {
            // Without a period, all sessions are counted.
            audience = apivideo_report::audience_options(apivideo_insights::Audience::new());
        }
        for index in 0..sessions {
            let events: Vec<Event> = (0..(random.unit() * 12.0) as usize)
                .map(|_| event(&mut random))
                .collect();
            let id = format!("ps{case}x{index}");
            let facts = SessionFacts {
                asset: Some(asset),
                loaded_at: time(&mut random),
                ended_at: time(&mut random),
                country: random.chance(0.5).then_some("<France>"),
                ..SessionFacts::new(&id)
            };
            audience.add(&facts, &events);
        }
        let measures = audience.finish();
        let chapters = (0..3).map(|_| Chapter {
            start_seconds: pick(&mut random, &POSITIONS),
            title: "&".to_owned(),
        });
        let asset = if is_live {
            live("Clouds")
        } else {
            video("Knots").with_chapters(chapters)
        };
        let html = page(Report::new(asset, &measures).with_comparison("itself", &measures));
        assert!(html.len() < 2_000_000, "{} bytes", html.len());
    }
}
