use std::fmt;

use jiff::Timestamp;

use crate::drop_reason::DropReason;
use crate::event::{Event, EventKind};
use crate::interval::PlayedInterval;
use crate::playback::Playback;

/// How the events of a session became played intervals; see [`Playback::explain`].
///
/// `Display` writes a line for each event, and one for each interval that it closed or opened.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Explanation {
    /// The identifier of the session.
    pub session: String,
    /// The steps, in the order in which events were applied.
    pub steps: Vec<Step>,
    /// The result.
    pub playback: Playback,
    events: Vec<Event>,
}

impl Explanation {
    pub(crate) fn new(
        session: &str,
        events: &[Event],
        steps: Vec<Step>,
        playback: Playback,
    ) -> Self {
        Self {
            session: session.to_owned(),
            steps,
            playback,
            events: events.to_vec(),
        }
    }

    /// Returns the event of a step; `None` for the end of the session.
    #[must_use]
    pub fn event(&self, step: &Step) -> Option<&Event> {
        self.events.get(step.event?)
    }
}

/// The application of one event, or of the end of the session.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Step {
    /// The index of the event in the input; `None` for the end of the session.
    pub event: Option<usize>,
    /// The rule that applied.
    pub rule: Rule,
    /// When it happened.
    pub time: Timestamp,
    /// The intervals that were closed and opened, in this order.
    pub effects: Vec<Effect>,
}

/// What a [`Step`] did.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Effect {
    /// An interval was opened.
    Opened {
        /// The media position, in seconds.
        from_seconds: f64,
    },
    /// An interval was closed.
    #[non_exhaustive]
    Closed {
        /// The number of the interval from 1; `None` if it was dropped or is empty.
        number: Option<usize>,
        /// The interval.
        interval: PlayedInterval,
        /// Why it was dropped; `None` for a kept interval, or one in which neither media nor time passed.
        dropped: Option<DropReason>,
        /// Why its end was estimated.
        estimate: Option<EstimateReason>,
        /// What limited the estimate.
        limit: Option<Limit>,
    },
}

/// The rule that applied to an event. `Display` describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// The page was loaded.
    Ready,
    /// The page was loaded again while the media played.
    Reload,
    /// `ready` in the burst of the `play` that it enables, or within a second after it.
    ReadyAfterPlay,
    /// Playback started at the reported position.
    Start,
    /// Playback started at the target of a seek of the same burst.
    StartAtSeekTarget,
    /// Playback started while it was playing.
    AlreadyPlaying,
    /// Playback stopped at the reported position.
    Stop,
    /// The stop reports the target of a seek: playback stopped where the seek started.
    StopAtSeekOrigin,
    /// The stop reports the target of a seek without a distance: the position where playback stopped is unknown.
    StopAtSeekWithoutDistance,
    /// A stop without a start.
    StopWithoutStart,
    /// A seek during playback.
    Seek,
    /// A seek in the burst in which playback started.
    SeekMovesStart,
    /// A seek while paused.
    SeekWhilePaused,
    /// An event that does not affect playback.
    Ignored,
    /// The session ended while the media played.
    SessionEnd,
}

/// Why the end of an interval was estimated from the wall clock. `Display` describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EstimateReason {
    /// The event has no valid position.
    MissingPosition,
    /// The reported position is more than 2 s before the start.
    BeforeStart,
    /// The reported position is further than twice the wall-clock time plus 2 s.
    TooFar,
    /// A seek without a distance hides the position.
    SeekWithoutDistance,
    /// A start was reported during playback, and its position does not agree with the wall clock.
    AlreadyPlaying,
    /// The page was loaded again.
    Reload,
    /// No event ended playback.
    SessionEnd,
}

/// What limited an estimate. `Display` describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// The known length of the video.
    Length,
    /// 30 min, the longest estimate.
    ThirtyMinutes,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ready => "the page was loaded",
            Self::Reload => "the page was loaded again during playback",
            Self::ReadyAfterPlay => "the page was loaded within a second of the start of playback",
            Self::Start => "playback started at the reported position",
            Self::StartAtSeekTarget => "playback started at the target of a seek",
            Self::AlreadyPlaying => "playback continues: it was started already",
            Self::Stop => "playback stopped at the reported position",
            Self::StopAtSeekOrigin => {
                "playback stopped where the seek started; the reported position is its target"
            }
            Self::StopAtSeekWithoutDistance => {
                "playback stopped; the reported position is the target of a seek"
            }
            Self::StopWithoutStart => "ignored: nothing was playing",
            Self::Seek => "seek during playback",
            Self::SeekMovesStart => "the seek moves the start of the interval",
            Self::SeekWhilePaused => "seek while paused",
            Self::Ignored => "ignored: this kind of event does not affect playback",
            Self::SessionEnd => "the session ended during playback",
        })
    }
}

impl fmt::Display for EstimateReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MissingPosition => "the event has no valid position",
            Self::BeforeStart => "the reported position is before the start",
            Self::TooFar => "the reported position is further than the wall clock allows",
            Self::SeekWithoutDistance => "the position before the seek is not reported",
            Self::AlreadyPlaying => "the reported position does not agree with the wall clock",
            Self::Reload => "no event ended playback before the page was loaded again",
            Self::SessionEnd => "no event ended playback",
        })
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Length => "limited to the length of the video",
            Self::ThirtyMinutes => "limited to 30 min",
        })
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opened { from_seconds } => write!(f, "opened at {}", Position(*from_seconds)),
            Self::Closed {
                number,
                interval,
                dropped,
                estimate,
                limit,
            } => {
                match number {
                    Some(number) => write!(f, "interval {number}: ")?,
                    None => f.write_str("no interval: ")?,
                }
                write!(
                    f,
                    "{} to {}, {} s",
                    Position(interval.from_seconds()),
                    Position(interval.to_seconds()),
                    interval.watch_seconds(),
                )?;
                if let Some(reason) = estimate {
                    write!(f, ", estimated: {reason}")?;
                }
                if let Some(limit) = limit {
                    write!(f, ", {limit}")?;
                }
                if let Some(reason) = dropped {
                    write!(f, ", dropped: {reason}")?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "session {}", self.session)?;
        for step in &self.steps {
            write!(f, "{}  ", step.time)?;
            match self.event(step) {
                Some(event) => write_event(f, event)?,
                None => f.write_str("(end of the session)")?,
            }
            writeln!(f, "  {}", step.rule)?;
            for effect in &step.effects {
                writeln!(f, "    {effect}")?;
            }
        }
        let playback = &self.playback;
        writeln!(
            f,
            "watch time {} s (between {} s and {} s), {} s of it for the first time",
            playback.watch_seconds(),
            playback.lower_seconds(),
            playback.upper_seconds(),
            playback.covered_seconds(),
        )
    }
}

fn write_event(f: &mut fmt::Formatter<'_>, event: &Event) -> fmt::Result {
    f.write_str(event.kind.as_str())?;
    if event.kind != EventKind::Other {
        for (name, position) in [("", event.at), ("from ", event.from), ("to ", event.to)] {
            if let Some(position) = position {
                write!(f, " {name}{}", Position(position))?;
            }
        }
    }
    Ok(())
}

/// A media position as `h:mm:ss` or `m:ss`, with decimals if there are any.
struct Position(f64);

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.is_finite() || self.0 < 0.0 {
            return write!(f, "{}", self.0);
        }
        let millis = (self.0 * 1e3).round() as u64;
        let (seconds, millis) = (millis / 1_000, millis % 1_000);
        let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        match hours {
            0 => write!(f, "{minutes}:{seconds:02}")?,
            _ => write!(f, "{hours}:{minutes:02}:{seconds:02}")?,
        }
        match millis {
            0 => Ok(()),
            _ => write!(f, ".{millis:03}"),
        }
    }
}
