//! The state machine: a player that plays or does not.

use super::burst;
use super::order::{self, Context};
use super::prepared::{Bounds, MAX_SPAN, Prepared};
use super::recorder::Recorder;
use crate::drop_reason::{DropReason, Dropped};
use crate::event::EventKind;
use crate::explain::{Effect, EstimateReason, Limit, Rule, Step};
use crate::interval::{MIN_INTERVAL, PlayedInterval};
use crate::micros::{MINUTE, SECOND, to_timestamp};
use crate::playback::{Playback, Seek};

/// One second of truncation of `at` and one of the clock.
const TOLERANCE: i64 = 2 * SECOND;
/// The fastest playback speed of usual players.
const MAX_SPEED: i64 = 2;
/// The longest estimate.
const MAX_ESTIMATE: i64 = 30 * MINUTE;
/// Time to play is measured below this.
const MAX_TIME_TO_PLAY: i64 = 10 * MINUTE;
/// Seeks that follow each other within this are one seek.
const CHAIN_GAP: i64 = 2 * SECOND;

/// An interval that is being played.
#[derive(Clone, Copy)]
struct Open {
    t: i64,
    position: i64,
    burst: u32,
}

struct Walk<'e, R> {
    bounds: Bounds,
    ended: Option<i64>,
    events: &'e [Prepared],
    playing: Option<Open>,
    /// The position at which playback last stopped.
    position: i64,
    /// The last `ready`, with its burst.
    ready: Option<(i64, u32)>,
    playback: Playback,
    recorder: &'e mut R,
}

pub(super) fn walk<R: Recorder>(
    events: &[Prepared],
    bounds: Bounds,
    ended: Option<i64>,
    dropped: Dropped,
    recorder: &mut R,
) -> Playback {
    let mut walk = Walk {
        bounds,
        ended,
        events,
        playing: None,
        position: 0,
        ready: None,
        playback: Playback {
            dropped,
            is_live: bounds.is_live,
            ..Playback::default()
        },
        recorder,
    };
    walk.run();
    walk.playback
}

impl<R: Recorder> Walk<'_, R> {
    fn run(&mut self) {
        let events = self.events;
        let mut group: Vec<Prepared> = Vec::new();
        let mut start = 0;
        for burst in events.chunk_by(|a, b| a.burst == b.burst) {
            let mut within = 0;
            while within < burst.len() {
                let t = burst[within].t;
                let count = burst[within..].iter().take_while(|e| e.t == t).count();
                let next = start + within + count;
                match count {
                    1 => self.event(&burst[within], burst),
                    _ => {
                        group.clear();
                        group.extend_from_slice(&burst[within..within + count]);
                        let context = self.context(t, next);
                        order::sort(&mut group, &context);
                        for event in &group {
                            self.event(event, burst);
                        }
                    }
                }
                within += count;
            }
            start += burst.len();
        }
        if let (Some(last), Some(_)) = (events.last(), self.playing) {
            let end = self.ended.map_or(last.t, |ended| ended.max(last.t));
            let closed = self.close_at_wall(end, EstimateReason::SessionEnd);
            self.playback.is_open = true;
            self.recorder.record(|| Step {
                event: None,
                rule: Rule::SessionEnd,
                time: to_timestamp(end),
                effects: closed.into_iter().collect(),
            });
        }
        self.playback.visits = visits(events, &self.playback.intervals);
    }

    fn context(&self, t: i64, next: usize) -> Context {
        let plays_later = plays_before(&self.events[next..])
            .unwrap_or_else(|| self.ended.is_some_and(|ended| ended > t));
        Context {
            is_playing: self.playing.is_some(),
            position: match self.playing {
                Some(open) => open.position + (t - open.t),
                None => self.position,
            },
            plays_later,
        }
    }

    fn event(&mut self, event: &Prepared, burst: &[Prepared]) {
        self.playback.events += 1;
        for position in [event.at, event.from, event.to].into_iter().flatten() {
            let furthest = &mut self.playback.furthest_seen;
            *furthest = Some(furthest.unwrap_or(0).max(position));
        }
        let (rule, effects) = match event.kind {
            EventKind::Ready => self.ready(event),
            EventKind::Play | EventKind::Resume => self.start(event, burst),
            EventKind::Pause | EventKind::End => self.stop(event, burst),
            EventKind::SeekForward | EventKind::SeekBackward => self.seek(event, burst),
            EventKind::Other => (Rule::Ignored, [None, None]),
        };
        self.recorder.record(|| Step {
            event: Some(event.index),
            rule,
            time: to_timestamp(event.t),
            effects: effects.into_iter().flatten().collect(),
        });
    }

    fn ready(&mut self, event: &Prepared) -> (Rule, [Option<Effect>; 2]) {
        self.playback.ready_events += 1;
        self.ready = Some((event.t, event.burst));
        match self.playing {
            // Milliseconds apart, but in two seconds of the clock.
            Some(open) if open.burst == event.burst || event.t - open.t <= SECOND => {
                (Rule::ReadyAfterPlay, [None, None])
            }
            Some(_) => {
                let closed = self.close_at_wall(event.t, EstimateReason::Reload);
                self.position = 0;
                (Rule::Reload, [closed, None])
            }
            None => {
                self.position = 0;
                (Rule::Ready, [None, None])
            }
        }
    }

    fn start(&mut self, event: &Prepared, burst: &[Prepared]) -> (Rule, [Option<Effect>; 2]) {
        if event.kind == EventKind::Play {
            self.playback.play_events += 1;
            if self.playback.play_events == 1 {
                self.playback.time_to_play = self.time_to_play(event, burst);
            }
        }
        let target = burst::target(burst);
        let (rule, closed) = match self.playing {
            None if target.is_some() => (Rule::StartAtSeekTarget, None),
            None => (Rule::Start, None),
            Some(_) => {
                let closed = match burst::origin(burst, event.t) {
                    Some(from) => self.close(Some(from), event.t),
                    None => self.close_when_already_playing(event),
                };
                (Rule::AlreadyPlaying, closed)
            }
        };
        let position = target.or(event.at).unwrap_or(self.position);
        let opened = self.open(event, position);
        (rule, [closed, Some(opened)])
    }

    fn stop(&mut self, event: &Prepared, burst: &[Prepared]) -> (Rule, [Option<Effect>; 2]) {
        if event.kind == EventKind::End {
            self.playback.end_events += 1;
            self.playback.end_positions.extend(event.at);
        }
        if self.playing.is_none() {
            if let Some(at) = event.at {
                self.position = at;
            }
            return (Rule::StopWithoutStart, [None, None]);
        }
        let (rule, closed) = match burst::seek_reported_by(burst, event) {
            Some(seek) if seek.from == seek.to => (
                Rule::StopAtSeekWithoutDistance,
                self.close_at_wall(event.t, EstimateReason::SeekWithoutDistance),
            ),
            Some(seek) => (Rule::StopAtSeekOrigin, self.close(seek.from, event.t)),
            None => (Rule::Stop, self.close(event.at, event.t)),
        };
        if let Some(at) = event.at {
            self.position = at;
        }
        (rule, [closed, None])
    }

    fn seek(&mut self, event: &Prepared, burst: &[Prepared]) -> (Rule, [Option<Effect>; 2]) {
        if let (Some(from), Some(to)) = (event.from, event.to) {
            self.add_seek(event.t, from, to);
        }
        let Some(open) = self.playing else {
            if let Some(to) = event.to {
                self.position = to;
            }
            return (Rule::SeekWhilePaused, [None, None]);
        };
        if open.burst == event.burst {
            let position = burst::target(burst).or(event.to).unwrap_or(open.position);
            let opened = self.open(event, position);
            return (Rule::SeekMovesStart, [None, Some(opened)]);
        }
        let closed = self.close(event.from, event.t);
        let position = event.to.unwrap_or(self.position);
        let opened = self.open(event, position);
        (Rule::Seek, [closed, Some(opened)])
    }

    fn open(&mut self, event: &Prepared, position: i64) -> Effect {
        self.playing = Some(Open {
            t: event.t,
            position,
            burst: event.burst,
        });
        Effect::Opened {
            from_seconds: crate::micros::to_seconds(position),
        }
    }

    /// Closes at the wall estimate, because the player reports a start while it plays.
    ///
    /// If the reported position agrees with the wall clock, nothing is uncertain.
    fn close_when_already_playing(&mut self, event: &Prepared) -> Option<Effect> {
        let open = self.playing?;
        let expected = open.position + (event.t - open.t);
        match event.at {
            Some(at) if (at - expected).abs() <= TOLERANCE => self.close(Some(expected), event.t),
            _ => self.close_at_wall(event.t, EstimateReason::AlreadyPlaying),
        }
    }

    /// Closes the open interval at a reported position, or at the wall estimate if it is missing or implausible.
    fn close(&mut self, position: Option<i64>, t: i64) -> Option<Effect> {
        let open = self.playing?;
        let wall = t - open.t;
        let reason = match position {
            None => EstimateReason::MissingPosition,
            Some(p) if p < open.position - TOLERANCE => EstimateReason::BeforeStart,
            Some(p) if p - open.position > MAX_SPEED * wall + TOLERANCE => EstimateReason::TooFar,
            Some(p) => {
                self.playing = None;
                let to = p.min(self.bounds.length.unwrap_or(p)).max(open.position);
                self.position = to;
                let media = to - open.position;
                return Some(self.push(
                    PlayedInterval {
                        from: open.position,
                        to,
                        started: open.t,
                        ended: t,
                        is_estimated: false,
                        upper: media,
                    },
                    wall,
                    None,
                ));
            }
        };
        self.close_at_wall(t, reason)
    }

    /// Closes the open interval at the position that the wall clock suggests.
    fn close_at_wall(&mut self, t: i64, reason: EstimateReason) -> Option<Effect> {
        let open = self.playing.take()?;
        let wall = (t - open.t).max(0);
        let mut media = wall;
        let mut limit = None;
        if media > MAX_ESTIMATE {
            (media, limit) = (MAX_ESTIMATE, Some(Limit::ThirtyMinutes));
        }
        let mut upper = match self.bounds.is_live {
            true => wall,
            false => MAX_SPEED * wall,
        };
        if let Some(length) = self.bounds.length {
            let left = (length - open.position).max(0);
            if media > left {
                (media, limit) = (left, Some(Limit::Length));
            }
            upper = upper.min(left);
        }
        self.position = open.position + media;
        let interval = PlayedInterval {
            from: open.position,
            to: open.position + media,
            started: open.t,
            ended: open.t + media,
            is_estimated: true,
            upper: upper.max(media),
        };
        Some(self.push(interval, wall, Some((reason, limit))))
    }

    /// Keeps an interval, or drops it as absurd.
    fn push(
        &mut self,
        interval: PlayedInterval,
        wall: i64,
        estimate: Option<(EstimateReason, Option<Limit>)>,
    ) -> Effect {
        let media = interval.to - interval.from;
        let dropped = if media < MIN_INTERVAL {
            // Neither media nor time has passed: nothing was dropped.
            (media > 0 || wall > 0).then_some(DropReason::TooShort)
        } else {
            (media > MAX_SPAN).then_some(DropReason::TooLong)
        };
        if let Some(reason) = dropped {
            self.playback.dropped.add(reason, 1);
        }
        let number = if media < MIN_INTERVAL || dropped.is_some() {
            None
        } else {
            self.playback.intervals.push(interval);
            Some(self.playback.intervals.len())
        };
        Effect::Closed {
            number,
            interval,
            dropped,
            estimate: estimate.map(|(reason, _)| reason),
            limit: estimate.and_then(|(_, limit)| limit),
        }
    }

    fn add_seek(&mut self, t: i64, from: i64, to: i64) {
        match self.playback.seeks.last_mut() {
            Some(chain) if t - chain.last <= CHAIN_GAP => {
                chain.to = to;
                chain.last = t;
            }
            _ => self.playback.seeks.push(Seek {
                t,
                last: t,
                from,
                to,
            }),
        }
    }

    fn time_to_play(&self, play: &Prepared, burst: &[Prepared]) -> Option<i64> {
        let in_burst = burst.iter().any(|event| event.kind == EventKind::Ready);
        let waited = match self.ready {
            Some((t, _)) => play.t - t,
            None if in_burst => 0,
            None => return None,
        };
        (waited < MAX_TIME_TO_PLAY).then_some(waited)
    }
}

/// Returns whether the next events show that the player plays before them; `None` if they show nothing.
///
/// A stop shows that it plays, and a start that it does not. Of both in one instant, the stop comes first, as in a seek.
fn plays_before(events: &[Prepared]) -> Option<bool> {
    let shows = |event: &&Prepared| {
        event.kind.is_start() || event.kind.is_stop() || event.kind == EventKind::Ready
    };
    let t = events.iter().find(shows)?.t;
    let (mut starts, mut stops) = (0, 0);
    for event in events.iter().take_while(|event| event.t <= t) {
        starts += usize::from(event.kind.is_start());
        stops += usize::from(event.kind.is_stop());
    }
    Some(stops > 0 && stops >= starts)
}

/// Returns the number of visits: periods of activity that are more than 30 min apart.
fn visits(events: &[Prepared], intervals: &[PlayedInterval]) -> u32 {
    let (Some(first), Some(last)) = (events.first(), events.last()) else {
        return 0;
    };
    if last.t - first.t <= MAX_ESTIMATE {
        return 1;
    }
    let mut spans: Vec<(i64, i64)> = events.iter().map(|event| (event.t, event.t)).collect();
    spans.extend(
        intervals
            .iter()
            .map(|played| (played.started, played.ended)),
    );
    spans.sort_unstable();
    let (mut visits, mut active_until) = (1, first.t);
    for (start, end) in spans {
        if start - active_until > MAX_ESTIMATE {
            visits += 1;
        }
        active_until = active_until.max(end);
    }
    visits
}
