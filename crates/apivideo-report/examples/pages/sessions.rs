//! Sessions that look like those of people: seeded, so that they are the same each time.

use std::borrow::Cow;

use apivideo_insights::{Asset, Event, EventKind, SessionFacts};
use jiff::{SignedDuration, Timestamp};

/// A small generator of numbers (PCG).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(2).wrapping_add(1))
    }

    /// A number from 0 to 1.
    pub(crate) fn unit(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let mixed = ((self.0 >> 18) ^ self.0) >> 27;
        let rotated = (mixed as u32).rotate_right((self.0 >> 59) as u32);
        f64::from(rotated) / f64::from(u32::MAX)
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A duration with a mean, mostly shorter.
    pub(crate) fn exponential(&mut self, mean: f64) -> f64 {
        -(1.0 - self.unit() * 0.999_999).ln() * mean
    }

    /// A number around 0, mostly between -2 and 2.
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    pub(crate) fn pick<'v>(&mut self, weighted: &'v [(&'v str, f64)]) -> &'v str {
        let mut left = self.unit() * weighted.iter().map(|(_, weight)| weight).sum::<f64>();
        for (value, weight) in weighted {
            left -= weight;
            if left < 0.0 {
                return value;
            }
        }
        weighted.last().map_or("", |(value, _)| value)
    }
}

const COUNTRIES: [(&str, f64); 15] = [
    ("France", 36.0),
    ("United States", 15.0),
    ("United Kingdom", 14.0),
    ("Germany", 8.4),
    ("Vietnam", 7.7),
    ("Brazil", 6.7),
    ("Japan", 4.0),
    ("Canada", 3.3),
    ("Morocco", 1.8),
    ("Australia", 1.4),
    ("Kenya", 0.7),
    ("Chile", 0.5),
    ("Portugal", 0.4),
    ("Côte d’Ivoire", 0.3),
    ("", 1.5),
];
const DEVICES: [(&str, f64); 5] = [
    ("desktop", 45.0),
    ("smartphone", 32.0),
    ("tv", 12.0),
    ("tablet", 10.0),
    ("", 0.8),
];
const REFERRERS: [(&str, f64); 9] = [
    ("", 57.0),
    ("https://api.video/", 14.0),
    ("https://social.example/posts/42?utm=x", 9.0),
    ("https://social.example/posts/7", 3.0),
    ("https://social.example/watch", 2.0),
    ("https://www.example.org/courses", 10.0),
    ("https://www.example.org/", 4.0),
    ("https://forum.example/t/knots/1", 0.6),
    ("https://intranet.example:8443/wiki", 0.4),
];

/// A session with its events.
pub(crate) struct Session {
    pub id: String,
    loaded_at: Timestamp,
    ended_at: Timestamp,
    country: &'static str,
    device: &'static str,
    referrer: String,
    user: Option<String>,
    plan: &'static str,
    pub events: Vec<Event>,
}

impl Session {
    pub(crate) fn facts<'a>(&'a self, asset: Asset<'a>) -> SessionFacts<'a> {
        let known = |value: &'a str| (!value.is_empty()).then_some(value);
        let mut metadata: Vec<(&str, Cow<'_, str>)> = vec![("plan", self.plan.into())];
        metadata.extend(self.user.as_deref().map(|user| ("userId", user.into())));
        SessionFacts {
            asset: Some(asset),
            loaded_at: Some(self.loaded_at),
            ended_at: Some(self.ended_at),
            metadata,
            country: known(self.country),
            device_type: known(self.device),
            referrer_host: SessionFacts::host_of(&self.referrer),
            referrer_page: SessionFacts::page_of(&self.referrer),
            ..SessionFacts::new(&self.id)
        }
    }
}

/// What sessions are made.
#[derive(Clone, Copy)]
pub(crate) struct Crowd {
    pub seed: u64,
    pub visits: u32,
    pub days: u32,
    /// The length of a video; `None` for a live stream.
    pub length: Option<f64>,
    pub play_rate: f64,
    /// The mean part of a video after which viewers pause, seek or leave.
    pub(crate) patience: f64,
    /// The share of sessions with a viewer id.
    pub ids: f64,
    pub has_long_referrers: bool,
    /// The day and the hour of a broadcast that most viewers of a live stream watch.
    pub broadcast: Option<(u32, u32)>,
}

impl Crowd {
    pub(crate) const VIDEO: Self = Self {
        seed: 1,
        visits: 2_738,
        days: 31,
        length: Some(300.0),
        play_rate: 0.88,
        patience: 0.22,
        ids: 0.0,
        has_long_referrers: false,
        broadcast: None,
    };
    pub(crate) const LIVE: Self = Self {
        seed: 2,
        visits: 913,
        length: None,
        play_rate: 0.86,
        ..Self::VIDEO
    };

    pub(crate) fn sessions(self) -> Vec<Session> {
        let mut random = Random::new(self.seed);
        (0..self.visits)
            .map(|index| self.session(index, &mut random))
            .collect()
    }

    fn session(self, index: u32, random: &mut Random) -> Session {
        let loaded = self.arrival(random);
        let mut player = Player {
            at: loaded,
            position: 0.0,
            events: Vec::new(),
        };
        player.event(EventKind::Ready);
        let mut ended = loaded + 5.0;
        if random.chance(self.play_rate) {
            player.at += 1.0 + random.exponential(6.0);
            player.event(EventKind::Play);
            let has_end = match self.length {
                Some(length) => player.watch_video(length, self.patience, random),
                None => player.watch_live(self.leaving(player.at, random), random),
            };
            // A tab that is closed sends no event: the player was last seen up to 10 s before.
            ended = if has_end {
                player.at + random.exponential(40.0)
            } else {
                player.at
            };
        }
        let referrer = random.pick(&REFERRERS);
        let referrer = match self.has_long_referrers && !referrer.is_empty() {
            true => long_referrer(index),
            false => referrer.to_owned(),
        };
        Session {
            id: format!("ps{}x{index}", self.seed),
            loaded_at: instant(loaded),
            ended_at: instant(ended.max(player.at)),
            country: random.pick(&COUNTRIES),
            device: random.pick(&DEVICES),
            referrer,
            user: random
                .chance(self.ids)
                .then(|| format!("user-{}", index % (self.visits * 2 / 3).max(1))),
            plan: random.pick(&[("free", 60.0), ("pro", 30.0), ("team", 10.0)]),
            events: player.events,
        }
    }

    /// Seconds since the start of the period: more in the evening, and on Saturdays.
    fn arrival(self, random: &mut Random) -> f64 {
        if let Some((day, hour)) = self.broadcast.filter(|_| random.chance(0.93)) {
            let start = f64::from(day * 24 + hour) * 3_600.0;
            let late = if random.chance(0.25) {
                random.exponential(1_500.0)
            } else {
                random.normal() * 150.0
            };
            return start + late;
        }
        loop {
            let day = (random.unit() * f64::from(self.days)) as u32;
            let hour = (20.0 + random.normal() * 5.0).rem_euclid(24.0);
            // 2022-01-01 was a Saturday.
            let weight = if day.is_multiple_of(7) {
                1.0
            } else {
                0.62 + 0.2 * random.unit()
            };
            if random.chance(weight) {
                return f64::from(day) * 86_400.0 + hour * 3_600.0;
            }
        }
    }

    /// When a viewer of a live stream leaves.
    fn leaving(self, joined: f64, random: &mut Random) -> f64 {
        let own = joined + 30.0 + random.exponential(2_900.0);
        match self.broadcast {
            Some((day, hour)) => {
                let end = f64::from(day * 24 + hour) * 3_600.0 + 5_400.0;
                let own = if random.chance(0.7) {
                    f64::INFINITY
                } else {
                    own
                };
                if joined < end {
                    own.min(end + random.exponential(45.0))
                } else {
                    joined + 40.0
                }
            }
            None => own,
        }
    }
}

fn long_referrer(index: u32) -> String {
    let folders = ["archive", "watch"]
        .repeat(3 + index as usize % 9)
        .join("/");
    format!(
        "https://a-very-long-subdomain.of-a-long-company-name.example/{folders}/page-{}/<b>\"quoted\"</b>?token=secret{index}",
        index % 17
    )
}

/// Returns the instant of a second since 2022, in milliseconds.
fn instant(seconds: f64) -> Timestamp {
    let start = Timestamp::from_second(1_640_995_200).unwrap_or_default();
    start
        .checked_add(SignedDuration::from_millis((seconds * 1_000.0) as i64))
        .unwrap_or(start)
}

/// A player that emits events.
struct Player {
    at: f64,
    position: f64,
    events: Vec<Event>,
}

impl Player {
    fn event(&mut self, kind: EventKind) {
        let event = Event {
            emitted_at: Some(instant(self.at)),
            at: Some(self.position),
            ..Event::new(kind)
        };
        self.events.push(event);
    }

    fn play_for(&mut self, seconds: f64) {
        self.at += seconds;
        self.position += seconds;
    }

    fn seek(&mut self, to: f64) {
        let kind = if to > self.position {
            EventKind::SeekForward
        } else {
            EventKind::SeekBackward
        };
        let from = self.position;
        self.events.push(Event {
            emitted_at: Some(instant(self.at)),
            from: Some(from),
            to: Some(to),
            ..Event::new(kind)
        });
        self.position = to;
    }

    /// Returns whether the last event ends playback.
    fn watch_video(&mut self, length: f64, patience: f64, random: &mut Random) -> bool {
        loop {
            let patience = if random.chance(0.25) {
                2.0 * length
            } else {
                4.0 + random.exponential(length * patience)
            };
            if patience >= length - self.position {
                self.play_for(length - self.position);
                self.event(EventKind::End);
                if !random.chance(0.1) {
                    return true;
                }
                self.at += 8.0;
                self.seek(0.0);
                self.event(EventKind::Play);
                continue;
            }
            self.play_for(patience);
            match random.unit() {
                chance if chance < 0.16 => {
                    self.seek((self.position + random.unit() * length * 0.6).min(length * 0.97));
                }
                chance if chance < 0.4 => self.seek(self.position * random.unit() * 0.5),
                chance if chance < 0.62 => return false,
                chance if chance < 0.75 => {
                    self.event(EventKind::Pause);
                    self.at += 5.0 + random.exponential(60.0);
                    self.event(EventKind::Resume);
                }
                _ => {
                    self.event(EventKind::Pause);
                    return true;
                }
            }
        }
    }

    fn watch_live(&mut self, until: f64, random: &mut Random) -> bool {
        if random.chance(0.2) && until - self.at > 120.0 {
            self.play_for((until - self.at) * random.unit() * 0.8);
            self.event(EventKind::Pause);
            self.at += 20.0;
            self.event(EventKind::Resume);
        }
        self.play_for((until - self.at).max(2.0));
        let has_end = random.chance(0.75);
        if has_end {
            self.event(EventKind::Pause);
        }
        has_end
    }
}
