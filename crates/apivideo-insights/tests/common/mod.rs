//! Vectors: viewings with events and expectations, from JSON files in `tests/vectors`.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test uses a part, and a test fails by a panic"
)]

use apivideo_insights::{Asset, Event, EventKind, Playback, SessionFacts};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

/// A viewing: events with times in seconds since the start of the session.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Viewing {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) events: Vec<ViewingEvent>,
    pub(crate) duration_s: Option<f64>,
    #[serde(alias = "endedAt_s")]
    pub(crate) ended_at_s: Option<f64>,
    #[serde(default)]
    pub(crate) expected: Expected,
    pub(crate) truth: Option<Truth>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ViewingEvent {
    pub(crate) t: f64,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) at: Option<f64>,
    pub(crate) from: Option<f64>,
    pub(crate) to: Option<f64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Expected {
    pub(crate) watch_media_s: Option<f64>,
    pub(crate) unique_s: Option<f64>,
    pub(crate) intervals: Option<Vec<(f64, f64)>>,
    pub(crate) max_position_s: Option<f64>,
    pub(crate) engagement_pct: Option<f64>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Truth {
    pub(crate) watch_media_s: f64,
    pub(crate) wall_s: f64,
}

impl Viewing {
    /// Returns the viewing at whole seconds: times truncated, positions by `whole`.
    pub(crate) fn at_whole_seconds(&self, whole: fn(f64) -> f64) -> Self {
        let mut viewing = self.clone();
        for event in &mut viewing.events {
            event.t = event.t.floor();
            for position in [&mut event.at, &mut event.from, &mut event.to] {
                *position = position.map(whole);
            }
        }
        viewing.ended_at_s = viewing.ended_at_s.map(f64::floor);
        viewing
    }

    pub(crate) fn facts(&self) -> SessionFacts<'_> {
        SessionFacts {
            asset: Some(Asset::video("vi1")),
            loaded_at: Some(instant(0.0)),
            ended_at: self.ended_at_s.map(instant),
            ..SessionFacts::new(&self.name)
        }
    }

    pub(crate) fn events(&self) -> Vec<Event> {
        self.events
            .iter()
            .map(|event| Event {
                emitted_at: Some(instant(event.t)),
                at: event.at,
                from: event.from,
                to: event.to,
                ..Event::new(EventKind::from_name(&event.kind))
            })
            .collect()
    }

    pub(crate) fn playback(&self) -> Playback {
        Playback::new(&self.facts(), &self.events(), self.duration_s)
    }

    /// The naive reading: from each start to the next stop.
    pub(crate) fn naive_seconds(&self) -> f64 {
        let (mut sum, mut start) = (0.0, None);
        for event in &self.events {
            match event.kind.as_str() {
                "play" | "resume" => start = event.at,
                "pause" | "end" => {
                    sum +=
                        event.at.unwrap_or(0.0) - start.take().unwrap_or(event.at.unwrap_or(0.0));
                }
                _ => {}
            }
        }
        sum
    }
}

pub(crate) fn load(json: &str) -> Vec<Viewing> {
    serde_json::from_str(json).unwrap()
}

pub(crate) fn published() -> Vec<Viewing> {
    load(include_str!("../vectors/published.json"))
}

pub(crate) fn recordings() -> Vec<Viewing> {
    load(include_str!("../vectors/recordings.json"))
}

fn instant(seconds: f64) -> Timestamp {
    let start: Timestamp = "2022-01-01T12:00:00Z".parse().unwrap();
    start + SignedDuration::from_micros((seconds * 1e6).round() as i64)
}
