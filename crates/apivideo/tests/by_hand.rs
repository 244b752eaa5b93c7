//! The guide page "Why not by hand" contains the programs that are run here, and the figures that they compute.
//!
//! With `UPDATE_GOLDEN=1`, the figures on the page are updated.
#![cfg(feature = "insights")]
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::fmt::Write;
use std::path::Path;

use apivideo::insights::{Event, Playback, SessionFacts};
use apivideo::model::EventKind;
use apivideo::{Client, Session};
use apivideo_simulator::{Simulator, TUTORIAL_VIDEO};
use futures::TryStreamExt;

include!("by_hand/naive.rs");

const NAIVE: &str = include_str!("by_hand/naive.rs");
const PERIOD: &str = "2021-12-18/2022-01-16";
const BEGIN: &str = "<!-- figures: begin -->\n";
const END: &str = "<!-- figures: end -->\n";

async fn simulator() -> Simulator {
    Simulator::builder().start().await.unwrap()
}

async fn sessions(simulator: &Simulator) -> Vec<Session> {
    let client = Client::builder()
        .api_key("key")
        .base_url(simulator.base_url())
        .build()
        .unwrap();
    let list = client
        .video(TUTORIAL_VIDEO.parse().unwrap())
        .sessions(PERIOD.parse().unwrap());
    list.include_events(16)
        .stream()
        .try_collect()
        .await
        .unwrap()
}

/// The seconds by each program, and by session how many differ from the truth by more than 2 s.
struct Row {
    name: &'static str,
    seconds: f64,
    wrong: usize,
}

fn row(
    name: &'static str,
    sessions: &[Session],
    truth: &[f64],
    program: impl Fn(&[Session]) -> f64,
) -> Row {
    let is_wrong = |(session, truth): (&Session, &f64)| {
        (program(std::slice::from_ref(session)) - truth).abs() > 2.0
    };
    let wrong = sessions.iter().zip(truth).filter(|&pair| is_wrong(pair));
    Row {
        name,
        seconds: program(sessions),
        wrong: wrong.count(),
    }
}

fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn playback(session: &Session, length: Option<f64>) -> Playback {
    let events: Vec<Event> = session.events().iter().map(Event::from).collect();
    Playback::new(&SessionFacts::from(session), &events, length)
}

#[tokio::test]
async fn the_page_contains_the_programs_and_their_figures() {
    let simulator = simulator().await;
    let world = simulator.world();
    let sessions = sessions(&simulator).await;
    let seconds_of = |session: &Session| {
        let playback = world.playback(session.id.as_str()).unwrap();
        playback.watched().as_secs_f64()
    };
    let truth: Vec<f64> = sessions.iter().map(seconds_of).collect();
    let watched: f64 = truth.iter().sum();

    let naive = [
        row("`sum_of_positions`", &sessions, &truth, sum_of_positions),
        row(
            "`furthest_positions`",
            &sessions,
            &truth,
            furthest_positions,
        ),
        row("`play_to_pause`", &sessions, &truth, play_to_pause),
        row("`session_durations`", &sessions, &truth, session_durations),
    ];
    let mut audience = apivideo::insights::Audience::new();
    for session in &sessions {
        let events: Vec<Event> = session.events().iter().map(Event::from).collect();
        audience.add(&SessionFacts::from(session), &events);
    }
    let measures = audience.finish().measures;
    let length = measures.length.map(|length| length.seconds);
    let of_sessions = row("", &sessions, &truth, |sessions| {
        let seconds = |session| {
            let mut playback = playback(session, None);
            if let Some(length) = length {
                playback.limit_estimates(length);
            }
            playback.watch_seconds()
        };
        sessions.iter().map(seconds).sum()
    });
    assert!((of_sessions.seconds - measures.watch_seconds).abs() < 0.01);

    let percent = |seconds: f64| 100.0 * (seconds / watched - 1.0);
    let mut table = format!(
        "Of {} sessions; a session is wrong if it differs from what its viewer watched by more than 2 s.\n\n\
         | program | seconds | difference | wrong sessions |\n|---|---:|---:|---:|\n",
        thousands(sessions.len() as f64)
    );
    let share = |wrong: usize| 100.0 * wrong as f64 / sessions.len() as f64;
    let engine = Row {
        name: "`audience()`",
        ..of_sessions
    };
    for Row {
        name,
        seconds,
        wrong,
    } in naive.iter().chain([&engine])
    {
        writeln!(
            table,
            "| {name} | {} | {:+.1} % | {:.0} % |",
            thousands(*seconds),
            percent(*seconds),
            share(*wrong)
        )
        .unwrap();
    }
    writeln!(table, "| what was watched | {} | | |\n", thousands(watched)).unwrap();
    let quality = &measures.quality;
    let (lower, upper) = (quality.watch_seconds_lower, quality.watch_seconds_upper);
    writeln!(
        table,
        "`audience()` reports a lower bound of {} s and an upper bound of {} s.",
        thousands(lower),
        thousands(upper)
    )
    .unwrap();

    // The claims of the text.
    assert!(
        lower <= watched && watched <= upper,
        "{lower} {watched} {upper}"
    );
    assert!(percent(engine.seconds).abs() < 2.0, "{table}");
    let worst = |row: &Row| percent(row.seconds).abs();
    assert!(
        naive
            .iter()
            .all(|row| worst(row) > worst(&engine) && row.wrong > 2 * engine.wrong),
        "{table}"
    );

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide/by_hand.md");
    let page = std::fs::read_to_string(&path).unwrap();
    assert!(
        page.contains(NAIVE.trim_end()),
        "the page does not contain tests/by_hand/naive.rs"
    );
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (figures, after) = rest.split_once(END).unwrap();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(figures, table, "update the page with UPDATE_GOLDEN=1");
}
