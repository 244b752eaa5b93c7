//! What happens in a session: a walk through ready, play, pause, resume, seeks and end, with the ways of the
//! service's player.

use crate::chance::Chance;
use crate::time::{HOUR, MINUTE, SECOND};

/// The player tells that it still plays this often.
const HEARTBEAT: i64 = 10 * SECOND;

/// What an event says happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// The player was loaded.
    Ready,
    /// Playback began, or began again after its end.
    Play,
    /// Playback paused.
    Pause,
    /// Playback went on.
    Resume,
    /// The viewer moved towards the end.
    SeekForward,
    /// The viewer moved towards the beginning.
    SeekBackward,
    /// Playback reached the end.
    End,
}

/// Where in the video an event was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Position {
    At(u32),
    Moved { from: u32, to: u32 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Happening {
    pub(crate) kind: EventKind,
    pub(crate) ms: i64,
    pub(crate) position: Position,
}

/// All of a session's events up to some moment.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    pub(crate) happenings: Vec<Happening>,
    /// When it plays: from, to. The end of each is when it paused, or the last heartbeat.
    pub(crate) played: Vec<(i64, i64)>,
    /// The last heartbeat or event.
    pub(crate) ended_ms: i64,
    /// Whether more would have come after the moment.
    pub(crate) cut: bool,
}

/// What is watched, and by whom.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screening {
    pub(crate) loaded_ms: i64,
    pub(crate) duration_ms: i64,
    pub(crate) live: bool,
    /// A viewer who certainly watches, and for long.
    pub(crate) keen: bool,
}

/// Sessions end within this time of their loading.
pub(crate) const LONGEST_SESSION: i64 = 72 * HOUR;

impl Timeline {
    /// Walks through a session as far as `until_ms`, which is not included.
    pub(crate) fn walk(chance: Chance, screening: Screening, until_ms: i64) -> Self {
        let mut walk = Walk {
            chance,
            screening,
            until_ms,
            now: screening.loaded_ms,
            position: 0,
            playing_since: None,
            timeline: Self::default(),
        };
        let complete = walk.session().is_some();
        walk.leave();
        walk.timeline.cut = !complete || walk.now >= until_ms;
        walk.timeline
    }
}

struct Walk {
    chance: Chance,
    screening: Screening,
    until_ms: i64,
    now: i64,
    /// Milliseconds into the video.
    position: i64,
    playing_since: Option<i64>,
    timeline: Timeline,
}

/// Every step gives `None` when the time is up.
impl Walk {
    fn session(&mut self) -> Option<()> {
        let reloads = match self.chance.below(100) {
            0..65 => 0,
            65..87 => 1,
            87..96 => 2,
            _ => 3,
        };
        self.visit()?;
        for _ in 0..reloads {
            self.leave();
            self.now += match self.chance.below(10) {
                0..6 => self.chance.between(SECOND, MINUTE),
                6..9 => self.chance.between(MINUTE, 3 * HOUR),
                _ => self.chance.between(3 * HOUR, 16 * HOUR),
            };
            self.visit()?;
        }
        Some(())
    }

    /// One load of the page: from `ready` until the viewer leaves.
    fn visit(&mut self) -> Option<()> {
        let keen = self.screening.keen;
        let duration = self.screening.duration_ms;
        self.position = 0;
        self.tell(EventKind::Ready)?;
        if !keen && self.chance.percent(18) {
            return Some(());
        }
        self.now += self.chance.between(SECOND, 20 * SECOND);
        self.play()?;
        let steps = self.chance.between(1, 8) + if keen { 10 } else { 0 };
        for _ in 0..steps {
            let stretch = SECOND + self.chance.below(duration as u64 / 6) as i64;
            let left = duration - self.position;
            if stretch >= left {
                self.watch(left);
                self.tell(EventKind::End)?;
                self.leave();
                if self.screening.live || !(keen || self.chance.percent(25)) {
                    return Some(());
                }
                self.replay()?;
                continue;
            }
            self.watch(stretch);
            match self.chance.below(100) {
                0..35 => {
                    self.pause(self.position)?;
                    self.now += self.chance.between(SECOND, 2 * MINUTE);
                    if !keen && self.chance.percent(15) {
                        return Some(());
                    }
                    self.resume(self.position)?;
                }
                35..55 if !self.screening.live => {
                    self.pause(self.position)?;
                    self.now += self.chance.between(SECOND, 20 * SECOND);
                    let target = self.chance.between(0, duration - 1);
                    self.resume(target)?;
                    self.seek(target)?;
                }
                55..75 if !self.screening.live => {
                    let target = self.chance.between(0, duration - 1);
                    self.scrub(target)?;
                }
                75..80 if !self.screening.live => {
                    // So short a move that both ends are cut to the same second now and then.
                    let target = self.position + self.chance.between(-400, 400);
                    self.scrub(target.clamp(0, duration - 1))?;
                }
                80..88 if !keen => return Some(()),
                _ => {}
            }
        }
        if self.chance.percent(50) {
            self.pause(self.position)?;
        }
        Some(())
    }

    /// A scrub while playing pauses at its target, not where playback stopped, and says so after the fact.
    fn scrub(&mut self, target: i64) -> Option<()> {
        self.pause(target)?;
        self.resume(target)?;
        self.seek(target)
    }

    fn replay(&mut self) -> Option<()> {
        self.now += self.chance.between(SECOND, 5 * SECOND);
        let from = self.position;
        self.position = 0;
        self.play()?;
        self.position = from;
        self.seek(0)
    }

    fn play(&mut self) -> Option<()> {
        self.tell(EventKind::Play)?;
        self.playing_since = Some(self.now);
        Some(())
    }

    fn pause(&mut self, at: i64) -> Option<()> {
        self.tell_at(EventKind::Pause, at)?;
        self.stop(self.now);
        Some(())
    }

    fn resume(&mut self, at: i64) -> Option<()> {
        self.tell_at(EventKind::Resume, at)?;
        self.playing_since = Some(self.now);
        Some(())
    }

    /// The seek that belongs to the resume before it.
    fn seek(&mut self, target: i64) -> Option<()> {
        let kind = if self.position < target {
            EventKind::SeekForward
        } else {
            EventKind::SeekBackward
        };
        let moved = Position::Moved {
            from: seconds(self.position),
            to: seconds(target),
        };
        self.position = target;
        self.push(kind, moved)
    }

    fn watch(&mut self, ms: i64) {
        self.now += ms;
        self.position += ms;
    }

    fn tell(&mut self, kind: EventKind) -> Option<()> {
        self.tell_at(kind, self.position)
    }

    fn tell_at(&mut self, kind: EventKind, at: i64) -> Option<()> {
        self.push(kind, Position::At(seconds(at)))
    }

    fn push(&mut self, kind: EventKind, position: Position) -> Option<()> {
        if self.now >= self.until_ms {
            return None;
        }
        self.timeline.happenings.push(Happening {
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

    /// The viewer is gone without a word; what is left is the last heartbeat.
    fn leave(&mut self) {
        if let Some(since) = self.playing_since {
            let seen = self.now.min(self.until_ms - 1) - since;
            let beats = seen.max(0) / HEARTBEAT;
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
