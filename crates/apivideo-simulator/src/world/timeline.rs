//! The events of a session, and what was played between them.

use std::fmt;

use super::broadcast::Times;
use crate::rng::Rng;
use crate::time::{HOUR, SECOND};

mod live;
mod traits;
mod walk;

/// The interval at which a playing player reports that it plays.
pub(crate) const HEARTBEAT: i64 = 10 * SECOND;

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

/// A period of uninterrupted playback, in milliseconds. Stalls do not interrupt it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// The position in the video at its start and its end.
    pub(crate) from_ms: i64,
    pub(crate) to_ms: i64,
    pub(crate) started_ms: i64,
    pub(crate) ended_ms: i64,
    /// The end as far as the service knows it: an event, or the last heartbeat.
    pub(crate) known_ms: i64,
    /// Whether an event reports the end.
    pub(crate) is_end_known: bool,
}

impl Stretch {
    /// Returns the period that the service knows to be played.
    pub(crate) fn known(&self) -> (i64, i64) {
        (self.started_ms, self.known_ms)
    }
}

/// The events of a session up to some time.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    /// In the order in which the service received them.
    pub(crate) events: Vec<TimelineEvent>,
    /// What was played, in the order of time.
    pub(crate) played: Vec<Stretch>,
    /// The time of the last heartbeat or event.
    pub(crate) ended_ms: i64,
    /// By how much the clock of the viewer, and so the time of each event, is ahead.
    pub(crate) skew_ms: i64,
    /// Whether the session continues after that time.
    pub(crate) continues: bool,
}

/// The parameters of one viewing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Viewing {
    pub(crate) loaded_ms: i64,
    /// The duration of a video.
    pub(crate) duration_ms: i64,
    /// The broadcast of a live stream; `None` for a video.
    pub(crate) broadcast: Option<Times>,
    /// Whether the viewer always starts playback and watches for long, at normal speed and without lost events.
    pub(crate) always_plays: bool,
    /// The time from which nothing happens any more.
    pub(crate) end_ms: i64,
}

/// The maximum duration of a session, in milliseconds.
pub(crate) const MAX_SESSION_MS: i64 = 72 * HOUR;

impl Timeline {
    /// Generates the events of a session before `until_ms`.
    pub(crate) fn generate(rng: Rng, viewing: Viewing, until_ms: i64) -> Self {
        walk::walk(rng, viewing, until_ms)
    }
}

#[cfg(test)]
mod tests;
