//! Counts of sessions, by the rules of measures and by those of aggregates.

use apivideo::insights::{
    Audience, AudienceReport, Dimension, Event, EventKind, MidnightRule, Playback, SessionFacts,
};
use apivideo::{Session, Timestamp};

/// The duration of a view, in seconds, by default.
pub(super) const VIEW_SECONDS: f64 = 5.0;

/// Counts the sessions of a period and those that continue into it.
pub(super) struct Recount {
    start: Timestamp,
    /// Exclusive.
    end: Timestamp,
    audience: Audience,
    own: Counts,
    outside: Counts,
    before: Counts,
    /// Playback of sessions that started in the period and continues after its end, or that started before it and continues in it.
    crossing: Vec<Crossing>,
    unreadable: u64,
}

/// The counts of what the service counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// `ready` events.
    pub(super) loads: u64,
    /// `play` events.
    pub(super) presses: u64,
    /// Loads during which at least [`VIEW_SECONDS`] were played.
    pub(super) views: u64,
}

struct Crossing {
    is_own: bool,
    playback: Playback,
}

/// The result of a recount.
pub(super) struct Recounted {
    /// The measures of the sessions that started in the period.
    pub(super) report: AudienceReport,
    /// The counts of these sessions.
    pub(super) own: Counts,
    /// Those of them that are outside of the period.
    pub(super) outside: Counts,
    /// The counts in the period of sessions that started before it.
    pub(super) before: Counts,
    /// As `outside` and `before`, of the playing time in seconds.
    pub(super) outside_seconds: f64,
    pub(super) before_seconds: f64,
}

impl Recount {
    pub(super) fn new(start: Timestamp, end: Timestamp) -> Self {
        Self {
            start,
            end,
            audience: Audience::new().with_period(start, end, MidnightRule::Start),
            own: Counts::default(),
            outside: Counts::default(),
            before: Counts::default(),
            crossing: Vec::new(),
            unreadable: 0,
        }
    }

    pub(super) fn with_viewer_key(mut self, key: Dimension) -> Self {
        self.audience = self.audience.viewer_key(key);
        self
    }

    /// Returns whether a session that started before the period was active in it.
    pub(super) fn continues_into_period(&self, session: &Session) -> bool {
        session.ended_at.is_none_or(|ended| ended >= self.start)
    }

    /// Adds a session with its events.
    pub(super) fn add(&mut self, session: &Session) {
        let facts = SessionFacts::from(session);
        let Some(events) = &session.events else {
            self.audience.add_unreadable(&facts);
            self.add_unreadable();
            return;
        };
        let events: Vec<Event> = events.iter().map(Event::from).collect();
        let first = events.iter().filter_map(|event| event.emitted_at).min();
        let Some(started) = session.loaded_at.or(first) else {
            // Nothing of it can be assigned to a time.
            self.audience.add(&facts, &events);
            return;
        };
        if started >= self.end {
            return;
        }
        let is_own = started >= self.start;
        let playback = Playback::new(&facts, &events, None);
        let times = |kind: EventKind| {
            let found = events.iter().filter(move |event| event.kind == kind);
            found.filter_map(|event| event.emitted_at)
        };
        let loads: Vec<Timestamp> = times(EventKind::Ready).collect();
        let views = view_times(&playback, &loads);
        let count = |times: &[Timestamp], is_counted: &dyn Fn(&Timestamp) -> bool| {
            times.iter().filter(|time| is_counted(time)).count() as u64
        };
        let presses: Vec<Timestamp> = times(EventKind::Play).collect();
        let counts = |is_counted: &dyn Fn(&Timestamp) -> bool| Counts {
            loads: count(&loads, is_counted),
            presses: count(&presses, is_counted),
            views: count(&views, is_counted),
        };
        let (start, end) = (self.start, self.end);
        let is_inside = move |time: &Timestamp| (start..end).contains(time);
        match is_own {
            true => {
                self.own.add(counts(&|_| true));
                self.outside.add(counts(&|time| !is_inside(time)));
                self.audience.add(&facts, &events);
            }
            false => self.before.add(counts(&is_inside)),
        }
        let mut intervals = playback.intervals().iter();
        let is_crossing = match is_own {
            true => intervals.any(|played| played.ended_at() > end || played.started_at() < start),
            false => intervals.any(|played| played.ended_at() > start),
        };
        if is_crossing {
            self.crossing.push(Crossing { is_own, playback });
        }
    }

    pub(super) fn add_unreadable(&mut self) {
        self.unreadable += 1;
    }

    /// Returns the number of sessions that could not be read.
    pub(super) fn unreadable(&self) -> u64 {
        self.unreadable
    }

    pub(super) fn finish(self) -> Recounted {
        let report = self.audience.finish();
        let length = report.measures.length.map(|length| length.seconds);
        let (mut outside_seconds, mut before_seconds) = (0.0, 0.0);
        for Crossing {
            is_own,
            mut playback,
        } in self.crossing
        {
            // As the audience limits estimates.
            if let Some(length) = length {
                playback.limit_estimates(length);
            }
            let inside: f64 = playback
                .intervals()
                .iter()
                .map(|played| {
                    let from = played.started_at().max(self.start);
                    let to = played.ended_at().min(self.end);
                    to.duration_since(from).as_secs_f64().max(0.0)
                })
                .sum();
            match is_own {
                true => outside_seconds += playback.playing_seconds() - inside,
                false => before_seconds += inside,
            }
        }
        Recounted {
            report,
            own: self.own,
            outside: self.outside,
            before: self.before,
            outside_seconds,
            before_seconds,
        }
    }
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.loads += other.loads;
        self.presses += other.presses;
        self.views += other.views;
    }
}

/// Returns when each load of the page had been played for the duration of a view.
fn view_times(playback: &Playback, loads: &[Timestamp]) -> Vec<Timestamp> {
    let mut loads = loads.to_vec();
    loads.sort_unstable();
    let mut views = Vec::new();
    let (mut current, mut left) = (None, VIEW_SECONDS);
    for played in playback.intervals() {
        let load = loads.partition_point(|load| *load <= played.started_at());
        if current != Some(load) {
            (current, left) = (Some(load), VIEW_SECONDS);
        }
        if left <= 0.0 {
            continue;
        }
        let seconds = played.playing_seconds();
        if seconds >= left {
            let reached = apivideo::jiff::SignedDuration::from_secs_f64(left);
            views.push(
                played
                    .started_at()
                    .saturating_add(reached)
                    .unwrap_or(played.ended_at()),
            );
        }
        left -= seconds;
    }
    views
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// A session with these events: type, time of 2022-01, position.
    fn session(loaded: &str, events: &[(&str, &str, f64)]) -> Session {
        let events: Vec<_> = events
            .iter()
            .map(|(kind, time, at)| {
                json!({"type": kind, "emittedAt": format!("2022-01-{time}Z"), "at": at})
            })
            .collect();
        let session = json!({
            "session": {
                "sessionId": "ps1",
                "loadedAt": format!("2022-01-{loaded}Z"),
                "endedAt": "2022-01-03T00:10:00Z",
            },
            "events": events,
        });
        serde_json::from_value(session).unwrap()
    }

    fn recount(sessions: &[Session]) -> Recounted {
        let mut recount = Recount::new(time("2022-01-02T00:00:00Z"), time("2022-01-03T00:00:00Z"));
        for session in sessions {
            recount.add(session);
        }
        recount.finish()
    }

    #[test]
    fn playback_over_midnight_is_split() {
        let continued = session(
            "01T23:59:50",
            &[
                ("ready", "01T23:59:50", 0.0),
                ("play", "01T23:59:55", 0.0),
                ("pause", "02T00:00:25", 30.0),
                ("play", "02T00:01:00", 30.0),
                ("pause", "02T00:01:10", 40.0),
            ],
        );
        let continues = session(
            "02T23:59:00",
            &[
                ("ready", "02T23:59:00", 0.0),
                ("play", "02T23:59:50", 0.0),
                ("pause", "03T00:00:20", 30.0),
                ("ready", "03T00:01:00", 0.0),
                ("play", "03T00:01:10", 0.0),
                ("pause", "03T00:01:20", 10.0),
            ],
        );
        let counted = recount(&[continued, continues]);
        let counts = |loads, presses, views| Counts {
            loads,
            presses,
            views,
        };
        assert_eq!(counted.before, counts(0, 1, 1));
        assert_eq!(counted.own, counts(2, 2, 2));
        assert_eq!(counted.outside, counts(1, 1, 1));
        assert!(
            (counted.before_seconds - 35.0).abs() < 1e-6,
            "{}",
            counted.before_seconds
        );
        assert!(
            (counted.outside_seconds - 30.0).abs() < 1e-6,
            "{}",
            counted.outside_seconds
        );
        assert_eq!(counted.report.measures.plays, 1);
        assert!((counted.report.measures.playing_seconds - 40.0).abs() < 1e-6);
    }

    #[test]
    fn a_view_is_a_load_with_five_seconds_of_playback() {
        let session = session(
            "02T12:00:00",
            &[
                ("ready", "02T12:00:00", 0.0),
                ("play", "02T12:00:01", 0.0),
                ("pause", "02T12:00:04", 3.0),
                ("resume", "02T12:01:00", 3.0),
                ("pause", "02T12:01:10", 13.0),
                ("ready", "02T12:02:00", 0.0),
                ("play", "02T12:02:01", 0.0),
                ("pause", "02T12:02:05", 4.0),
            ],
        );
        let counted = recount(&[session]);
        assert_eq!(counted.own.loads, 2);
        assert_eq!(counted.own.views, 1);
    }
}
