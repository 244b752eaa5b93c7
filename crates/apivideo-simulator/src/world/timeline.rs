//! The events of a session: a random walk through ready, play, pause, resume, seeks and end, with the peculiarities of
//! the service's player.

use std::fmt;

use crate::rng::Rng;
use crate::time::{HOUR, MINUTE, SECOND};

/// The interval at which a playing player reports its position.
const HEARTBEAT: i64 = 10 * SECOND;

/// The kind of an [`Event`](crate::Event).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// The player was loaded.
    Ready,
    /// Playback started, or restarted after its end.
    Play,
    /// Playback paused.
    Pause,
    /// Playback resumed.
    Resume,
    /// A seek to a later position.
    SeekForward,
    /// A seek to an earlier position.
    SeekBackward,
    /// Playback ended.
    End,
}

impl EventKind {
    /// Returns the event type in responses, such as `seek.forward`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Play => "play",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::SeekForward => "seek.forward",
            Self::SeekBackward => "seek.backward",
            Self::End => "end",
        }
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The position of an event in the video, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Position {
    At(u32),
    Seek { from: u32, to: u32 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimelineEvent {
    pub(crate) kind: EventKind,
    pub(crate) ms: i64,
    pub(crate) position: Position,
}

/// The events of a session up to some time.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    pub(crate) events: Vec<TimelineEvent>,
    /// The intervals of playback. Each ends at a pause or the last heartbeat.
    pub(crate) played: Vec<(i64, i64)>,
    /// The time of the last heartbeat or event.
    pub(crate) ended_ms: i64,
    /// Whether the session continues after that time.
    pub(crate) continues: bool,
}

/// The parameters of one viewing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Viewing {
    pub(crate) loaded_ms: i64,
    pub(crate) duration_ms: i64,
    pub(crate) live: bool,
    /// Whether the viewer always starts playback and watches for long.
    pub(crate) always_plays: bool,
}

/// The maximum duration of a session, in milliseconds.
pub(crate) const MAX_SESSION_MS: i64 = 72 * HOUR;

impl Timeline {
    /// Generates the events of a session before `until_ms`.
    pub(crate) fn generate(rng: Rng, viewing: Viewing, until_ms: i64) -> Self {
        let mut walk = Walk {
            rng,
            viewing,
            until_ms,
            now: viewing.loaded_ms,
            position: 0,
            playing_since: None,
            timeline: Self::default(),
        };
        let complete = walk.session().is_some();
        walk.leave();
        walk.timeline.continues = !complete || walk.now >= until_ms;
        walk.timeline
    }
}

struct Walk {
    rng: Rng,
    viewing: Viewing,
    until_ms: i64,
    now: i64,
    /// Milliseconds into the video.
    position: i64,
    playing_since: Option<i64>,
    timeline: Timeline,
}

/// Each step returns `None` once the time is up.
impl Walk {
    fn session(&mut self) -> Option<()> {
        let reloads = match self.rng.below(100) {
            0..65 => 0,
            65..87 => 1,
            87..96 => 2,
            _ => 3,
        };
        self.visit()?;
        for _ in 0..reloads {
            self.leave();
            self.now += match self.rng.below(10) {
                0..6 => self.rng.between(SECOND, MINUTE),
                6..9 => self.rng.between(MINUTE, 3 * HOUR),
                _ => self.rng.between(3 * HOUR, 16 * HOUR),
            };
            self.visit()?;
        }
        Some(())
    }

    /// A load of the page: from `ready` until the viewer leaves.
    fn visit(&mut self) -> Option<()> {
        let always_plays = self.viewing.always_plays;
        let duration = self.viewing.duration_ms;
        self.position = 0;
        self.emit(EventKind::Ready)?;
        if !always_plays && self.rng.percent(18) {
            return Some(());
        }
        self.now += self.rng.between(SECOND, 20 * SECOND);
        self.play()?;
        let steps = self.rng.between(1, 8) + if always_plays { 10 } else { 0 };
        for _ in 0..steps {
            let stretch = SECOND + self.rng.below(duration as u64 / 6) as i64;
            let left = duration - self.position;
            if stretch >= left {
                self.watch(left);
                self.emit(EventKind::End)?;
                self.leave();
                if self.viewing.live || !(always_plays || self.rng.percent(25)) {
                    return Some(());
                }
                self.replay()?;
                continue;
            }
            self.watch(stretch);
            match self.rng.below(100) {
                0..35 => {
                    self.pause(self.position)?;
                    self.now += self.rng.between(SECOND, 2 * MINUTE);
                    if !always_plays && self.rng.percent(15) {
                        return Some(());
                    }
                    self.resume(self.position)?;
                }
                35..55 if !self.viewing.live => {
                    self.pause(self.position)?;
                    self.now += self.rng.between(SECOND, 20 * SECOND);
                    let target = self.rng.between(0, duration - 1);
                    self.resume(target)?;
                    self.seek(target)?;
                }
                55..75 if !self.viewing.live => {
                    let target = self.rng.between(0, duration - 1);
                    self.scrub(target)?;
                }
                75..80 if !self.viewing.live => {
                    // A seek so short that both positions can be the same second.
                    let target = self.position + self.rng.between(-400, 400);
                    self.scrub(target.clamp(0, duration - 1))?;
                }
                80..88 if !always_plays => return Some(()),
                _ => {}
            }
        }
        if self.rng.percent(50) {
            self.pause(self.position)?;
        }
        Some(())
    }

    /// A seek during playback: the player reports a pause at the target instead of the position where playback stopped,
    /// and the seek after the resume.
    fn scrub(&mut self, target: i64) -> Option<()> {
        self.pause(target)?;
        self.resume(target)?;
        self.seek(target)
    }

    fn replay(&mut self) -> Option<()> {
        self.now += self.rng.between(SECOND, 5 * SECOND);
        let from = self.position;
        self.position = 0;
        self.play()?;
        self.position = from;
        self.seek(0)
    }

    fn play(&mut self) -> Option<()> {
        self.emit(EventKind::Play)?;
        self.playing_since = Some(self.now);
        Some(())
    }

    fn pause(&mut self, at: i64) -> Option<()> {
        self.emit_at(EventKind::Pause, at)?;
        self.stop(self.now);
        Some(())
    }

    fn resume(&mut self, at: i64) -> Option<()> {
        self.emit_at(EventKind::Resume, at)?;
        self.playing_since = Some(self.now);
        Some(())
    }

    /// Emits the seek that follows its resume.
    fn seek(&mut self, target: i64) -> Option<()> {
        let kind = if self.position < target {
            EventKind::SeekForward
        } else {
            EventKind::SeekBackward
        };
        let seek = Position::Seek {
            from: seconds(self.position),
            to: seconds(target),
        };
        self.position = target;
        self.push(kind, seek)
    }

    fn watch(&mut self, ms: i64) {
        self.now += ms;
        self.position += ms;
    }

    fn emit(&mut self, kind: EventKind) -> Option<()> {
        self.emit_at(kind, self.position)
    }

    fn emit_at(&mut self, kind: EventKind, at: i64) -> Option<()> {
        self.push(kind, Position::At(seconds(at)))
    }

    fn push(&mut self, kind: EventKind, position: Position) -> Option<()> {
        if self.now >= self.until_ms {
            return None;
        }
        self.timeline.events.push(TimelineEvent {
            kind,
            ms: self.now,
            position,
        });
        self.timeline.ended_ms = self.now;
        if kind == EventKind::End {
            self.stop(self.now);
        }
        Some(())
    }

    /// The viewer leaves without an event. Playback counts until the last heartbeat.
    fn leave(&mut self) {
        if let Some(since) = self.playing_since {
            let played = self.now.min(self.until_ms - 1) - since;
            let beats = played.max(0) / HEARTBEAT;
            self.stop(since + beats * HEARTBEAT);
        }
    }

    fn stop(&mut self, at: i64) {
        if let Some(since) = self.playing_since.take() {
            self.timeline.played.push((since, at));
            self.timeline.ended_ms = self.timeline.ended_ms.max(at);
        }
    }
}

fn seconds(ms: i64) -> u32 {
    (ms / SECOND) as u32
}

#[cfg(test)]
mod tests;
