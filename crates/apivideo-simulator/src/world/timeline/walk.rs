//! A random walk through ready, play, pause, resume, seeks and end, with the peculiarities of the service's player.

use super::traits::{self, Traits};
use super::{EventKind, HEARTBEAT, Position, Stretch, Timeline, TimelineEvent, Viewing};
use crate::rng::Rng;
use crate::time::{DAY, HOUR, MINUTE, SECOND};

pub(super) fn walk(mut rng: Rng, viewing: Viewing, until_ms: i64) -> Timeline {
    let until_ms = until_ms.min(viewing.end_ms);
    let traits = Traits::generate(&mut rng, viewing.always_plays, viewing.broadcast.is_some());
    let mut walk = Walk {
        rng,
        viewing,
        traits,
        until_ms,
        now: viewing.loaded_ms,
        position: 0,
        step_from: 0,
        playing: None,
        beats_from: 0,
        delayed: None,
        timeline: Timeline {
            ended_ms: viewing.loaded_ms,
            skew_ms: traits.skew_ms,
            ..Timeline::default()
        },
    };
    let is_complete = walk.session().is_some();
    walk.disappear();
    if is_complete || until_ms >= viewing.end_ms {
        walk.timeline.events.extend(walk.delayed.take());
    }
    walk.timeline.continues = !is_complete || walk.now >= until_ms;
    walk.timeline
}

/// Playback that has not stopped.
#[derive(Clone, Copy)]
struct Playing {
    from_ms: i64,
    started_ms: i64,
}

pub(super) struct Walk {
    pub(super) rng: Rng,
    viewing: Viewing,
    traits: Traits,
    until_ms: i64,
    pub(super) now: i64,
    /// Milliseconds into the video.
    pub(super) position: i64,
    /// The position before the last step of playback.
    step_from: i64,
    playing: Option<Playing>,
    /// The time from which heartbeats are counted.
    beats_from: i64,
    /// An event that is received after the next one.
    delayed: Option<TimelineEvent>,
    timeline: Timeline,
}

/// Each step returns `None` once the time is up.
impl Walk {
    fn session(&mut self) -> Option<()> {
        if !self.traits.has_events {
            return Some(());
        }
        let reloads = match self.rng.below(100) {
            0..65 => 0,
            65..87 => 1,
            87..96 => 2,
            _ => 3,
        };
        if let Some(broadcast) = self.viewing.broadcast {
            return self.attend(broadcast, reloads);
        }
        self.visit()?;
        for _ in 0..reloads {
            self.depart()?;
            self.now += match self.rng.below(10) {
                0..6 => self.rng.between(SECOND, MINUTE),
                6..9 => self.rng.between(MINUTE, 3 * HOUR),
                _ => self.rng.between(3 * HOUR, 16 * HOUR),
            };
            self.visit()?;
        }
        self.depart()
    }

    /// A load of the page: from `ready` until the viewer leaves.
    fn visit(&mut self) -> Option<()> {
        let always_plays = self.viewing.always_plays;
        let duration = self.viewing.duration_ms;
        self.position = 0;
        if self.happens(traits::PLAY_BEFORE_READY) {
            self.emit(EventKind::Play)?;
            self.now += traits::METADATA_MS;
            self.emit(EventKind::Ready)?;
            self.begin();
        } else {
            self.emit(EventKind::Ready)?;
            if !always_plays && self.rng.percent(18) {
                return Some(());
            }
            self.now += self.rng.between(SECOND, 20 * SECOND);
            if self.happens(traits::RESUME_WITHOUT_PLAY) {
                self.resume(0)?;
            } else {
                self.play()?;
            }
        }
        let steps = self.rng.between(1, 8) + if always_plays { 10 } else { 0 };
        for _ in 0..steps {
            let stretch = SECOND + self.rng.below(duration as u64 / 6) as i64;
            let left = duration - self.position;
            if stretch >= left {
                self.watch(left)?;
                self.emit(EventKind::End)?;
                self.stop();
                if !(always_plays || self.rng.percent(25)) {
                    return Some(());
                }
                self.replay()?;
                continue;
            }
            self.watch(stretch)?;
            match self.rng.below(100) {
                0..35 => {
                    self.pause(self.position)?;
                    self.now += self.rng.between(SECOND, 2 * MINUTE);
                    if !always_plays && self.rng.percent(15) {
                        return Some(());
                    }
                    self.resume(self.position)?;
                }
                35..55 => {
                    self.pause(self.position)?;
                    self.now += self.rng.between(SECOND, 20 * SECOND);
                    let target = self.rng.between(0, duration - 1);
                    self.resume_and_seek(target)?;
                }
                55..75 => {
                    let target = self.rng.between(0, duration - 1);
                    self.scrub(target)?;
                }
                75..80 => {
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

    pub(super) fn is_playing(&self) -> bool {
        self.playing.is_some()
    }

    /// Whether something of this probability in 1/10,000 happens.
    pub(super) fn happens(&mut self, probability: u64) -> bool {
        !self.viewing.always_plays && self.rng.per_ten_thousand(probability)
    }

    /// A seek during playback: the player reports a pause at the target instead of the position where playback stopped.
    fn scrub(&mut self, target: i64) -> Option<()> {
        if self.happens(traits::EARLY_RESUME) {
            self.pause(self.position)?;
            return self.seek_late(target);
        }
        self.pause(target)?;
        if self.happens(traits::SEEK_WITHOUT_ORIGIN) {
            self.position = target;
        }
        self.emit_at(EventKind::Resume, target)?;
        self.seek(target)
    }

    fn resume_and_seek(&mut self, target: i64) -> Option<()> {
        if self.happens(traits::EARLY_RESUME) {
            return self.seek_late(target);
        }
        self.emit_at(EventKind::Resume, target)?;
        self.seek(target)
    }

    /// A seek whose target is reached after the resume.
    fn seek_late(&mut self, target: i64) -> Option<()> {
        self.emit(EventKind::Resume)?;
        self.now += self.rng.between(traits::SEEK_MS.0, traits::SEEK_MS.1);
        self.seek(target)
    }

    fn replay(&mut self) -> Option<()> {
        self.now += self.rng.between(SECOND, 5 * SECOND);
        self.emit_at(EventKind::Play, 0)?;
        self.seek(0)
    }

    pub(super) fn play(&mut self) -> Option<()> {
        self.emit(EventKind::Play)?;
        self.begin();
        Some(())
    }

    pub(super) fn pause(&mut self, at: i64) -> Option<()> {
        self.emit_at(EventKind::Pause, at)?;
        self.stop();
        Some(())
    }

    pub(super) fn resume(&mut self, at: i64) -> Option<()> {
        self.emit_at(EventKind::Resume, at)?;
        self.begin();
        Some(())
    }

    /// Emits the seek that follows its resume, and plays from there.
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
        self.push(kind, seek)?;
        self.position = target;
        self.begin();
        Some(())
    }

    /// Plays a step, with a duplicate start now and then.
    pub(super) fn watch(&mut self, media_ms: i64) -> Option<()> {
        if !self.happens(traits::DUPLICATE_START) {
            self.advance(media_ms);
            return Some(());
        }
        let before = match self.happens(traits::DUPLICATE_AT_ONCE) {
            true => 0,
            false => self.rng.between(0, media_ms),
        };
        self.advance(before);
        let kind = match self.happens(traits::DUPLICATE_PLAY) {
            true => EventKind::Play,
            false => EventKind::Resume,
        };
        self.emit(kind)?;
        self.beats_from = self.now;
        self.advance(media_ms - before);
        Some(())
    }

    /// Plays without events. A stall comes before the media.
    fn advance(&mut self, media_ms: i64) {
        if self.happens(traits::STALL) {
            self.now += self.rng.between(traits::STALL_MS.0, traits::STALL_MS.1);
        }
        // Rounded up, so that playback is not faster than its speed.
        let speed = self.traits.speed_percent;
        self.now += (media_ms * 100 + speed - 1) / speed;
        self.step_from = self.position;
        self.position += media_ms;
    }

    /// The viewer leaves, some time after the last event. The player reports a pause, unless the page disappears.
    pub(super) fn depart(&mut self) -> Option<()> {
        if self.playing.is_none() {
            return Some(());
        }
        let watched = self.rng.between(SECOND / 2, traits::LAST_STEP_MS);
        let watched = match self.viewing.broadcast {
            Some(_) => watched,
            None => watched.min(self.viewing.duration_ms - self.position - 1),
        };
        self.advance(watched.max(0));
        if self.happens(traits::NO_CLOSING_EVENT) {
            self.disappear();
            return Some(());
        }
        self.pause(self.position)
    }

    pub(super) fn begin(&mut self) {
        self.step_from = self.position;
        self.beats_from = self.now;
        self.playing = Some(Playing {
            from_ms: self.position,
            started_ms: self.now,
        });
    }

    /// Playback stops with an event.
    pub(super) fn stop(&mut self) {
        if let Some(playing) = self.playing.take() {
            self.timeline.played.push(Stretch {
                from_ms: playing.from_ms,
                to_ms: self.position,
                started_ms: playing.started_ms,
                ended_ms: self.now,
                known_ms: self.now,
                is_end_known: true,
            });
        }
    }

    /// Playback stops without an event, or has not stopped when the time is up. The service knows the last heartbeat.
    fn disappear(&mut self) {
        let Some(playing) = self.playing.take() else {
            return;
        };
        let ended_ms = self.now.min(self.until_ms);
        let ahead_ms = (self.now - ended_ms) * self.traits.speed_percent / 100;
        let seen_ms = self.now.min(self.until_ms - 1);
        let beats = (seen_ms - self.beats_from).max(0) / HEARTBEAT;
        let known_ms = self.beats_from + beats * HEARTBEAT;
        self.timeline.played.push(Stretch {
            from_ms: playing.from_ms,
            to_ms: (self.position - ahead_ms).max(self.step_from),
            started_ms: playing.started_ms,
            ended_ms,
            known_ms,
            is_end_known: false,
        });
        self.timeline.ended_ms = self.timeline.ended_ms.max(known_ms);
    }

    pub(super) fn emit(&mut self, kind: EventKind) -> Option<()> {
        self.emit_at(kind, self.position)
    }

    fn emit_at(&mut self, kind: EventKind, at: i64) -> Option<()> {
        self.push(kind, Position::At(seconds(at)))
    }

    fn push(&mut self, kind: EventKind, position: Position) -> Option<()> {
        if self.now >= self.until_ms {
            return None;
        }
        let event = TimelineEvent {
            kind,
            ms: self.emitted_ms(),
            position,
        };
        self.timeline.ended_ms = self.now;
        if let Some(delayed) = self.delayed.take() {
            let is_late = delayed.ms / SECOND < event.ms / SECOND
                && event.ms - delayed.ms <= traits::MAX_DELAY;
            self.traits.is_out_of_order = !is_late;
            let order = if is_late {
                [event, delayed]
            } else {
                [delayed, event]
            };
            self.timeline.events.extend(order);
        } else if self.traits.is_out_of_order && kind != EventKind::Ready {
            self.delayed = Some(event);
        } else {
            self.timeline.events.push(event);
        }
        Some(())
    }

    /// Returns the time by the clock of the viewer. A wrong clock does not leave the time of the world.
    fn emitted_ms(&self) -> i64 {
        if self.traits.skew_ms == 0 {
            return self.now;
        }
        let midnight = self.viewing.loaded_ms - self.viewing.loaded_ms.rem_euclid(DAY);
        (self.now + self.traits.skew_ms).clamp(midnight, self.viewing.end_ms - 1)
    }
}

fn seconds(ms: i64) -> u32 {
    (ms / SECOND) as u32
}
