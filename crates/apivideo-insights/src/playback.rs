use jiff::Timestamp;

use crate::drop_reason::Dropped;
use crate::interval::{MIN_INTERVAL, PlayedInterval};
use crate::micros;
use crate::piece::{self, PlayedPiece};

/// What one session played: intervals of media and wall-clock time, and counts of events.
///
/// ```
/// use apivideo_insights::{Event, EventKind, Playback, SessionFacts};
///
/// let play = Event {
///     emitted_at: Some("2022-01-01T12:00:00Z".parse()?),
///     at: Some(0.0),
///     ..Event::new(EventKind::Play)
/// };
/// let pause = Event {
///     emitted_at: Some("2022-01-01T12:00:30Z".parse()?),
///     at: Some(30.0),
///     ..Event::new(EventKind::Pause)
/// };
/// let playback = Playback::new(&SessionFacts::new("ps1"), &[play, pause], None);
/// assert_eq!(playback.watch_seconds(), 30.0);
/// assert_eq!(playback.intervals().len(), 1);
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Playback {
    pub(crate) intervals: Vec<PlayedInterval>,
    pub(crate) seeks: Vec<Seek>,
    pub(crate) events: u32,
    pub(crate) ready_events: u32,
    pub(crate) play_events: u32,
    pub(crate) end_events: u32,
    pub(crate) visits: u32,
    pub(crate) time_to_play: Option<i64>,
    pub(crate) is_live: bool,
    pub(crate) is_open: bool,
    pub(crate) is_skewed: bool,
    pub(crate) dropped: Dropped,
    pub(crate) end_positions: Vec<i64>,
    pub(crate) furthest_seen: Option<i64>,
}

/// A seek. Seeks that follow each other within 2 s, as while dragging, are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seek {
    pub(crate) t: i64,
    /// The time of the last seek of the chain.
    pub(crate) last: i64,
    pub(crate) from: i64,
    pub(crate) to: i64,
}

impl Seek {
    /// Creates a seek from one position to another, in seconds.
    #[must_use]
    pub fn new(emitted_at: Timestamp, from_seconds: f64, to_seconds: f64) -> Self {
        let t = emitted_at.as_microsecond();
        Self {
            t,
            last: t,
            from: micros::from_seconds(from_seconds),
            to: micros::from_seconds(to_seconds),
        }
    }

    /// Returns when the first seek of the chain was reported.
    #[must_use]
    pub fn emitted_at(&self) -> Timestamp {
        micros::to_timestamp(self.t)
    }

    /// Returns the position before the seek, in seconds.
    #[must_use]
    pub fn from_seconds(&self) -> f64 {
        micros::to_seconds(self.from)
    }

    /// Returns the position after the seek, in seconds.
    #[must_use]
    pub fn to_seconds(&self) -> f64 {
        micros::to_seconds(self.to)
    }
}

impl Playback {
    /// Limits estimates to the inferred length of a video. Measured intervals are not changed, because an inferred length can
    /// be too short. Live streams have no length.
    pub fn limit_estimates(&mut self, length_seconds: f64) {
        if self.is_live {
            return;
        }
        let length = micros::from_seconds(length_seconds);
        let dropped = &mut self.dropped;
        self.intervals.retain_mut(|interval| {
            if !interval.is_estimated {
                return true;
            }
            let left = (length - interval.from).max(0);
            let before = interval.to - interval.from;
            let media = before.min(left);
            interval.to = interval.from + media;
            interval.ended = interval.started + media;
            interval.upper = interval.upper.min(left).max(media);
            // An interval that is a row of a lake can be shorter, because it is a part of one.
            let is_kept = media == before || media >= MIN_INTERVAL;
            if !is_kept {
                dropped.add(crate::drop_reason::DropReason::TooShort, 1);
            }
            is_kept
        });
    }

    /// Returns the played intervals in the order of time.
    #[must_use]
    pub fn intervals(&self) -> &[PlayedInterval] {
        &self.intervals
    }

    /// Returns the played intervals, split so that each piece was wholly seen for the first time or wholly seen again in this
    /// session. The sum of the pieces that are not rewatched is the [covered](Self::covered_seconds) time.
    #[must_use]
    pub fn pieces(&self) -> Vec<PlayedPiece> {
        piece::split(&self.intervals)
    }

    /// Returns the seeks, chains merged.
    #[must_use]
    pub fn seeks(&self) -> &[Seek] {
        &self.seeks
    }

    /// Returns the number of events.
    #[must_use]
    pub fn events(&self) -> u32 {
        self.events
    }

    /// Returns the number of `ready` events. A reload of the page keeps the session and adds one.
    #[must_use]
    pub fn ready_events(&self) -> u32 {
        self.ready_events
    }

    /// Returns the number of `play` events.
    #[must_use]
    pub fn play_events(&self) -> u32 {
        self.play_events
    }

    /// Returns the number of `end` events.
    #[must_use]
    pub fn end_events(&self) -> u32 {
        self.end_events
    }

    /// Returns the number of visits: periods of activity that are more than 30 min apart.
    #[must_use]
    pub fn visits(&self) -> u32 {
        self.visits
    }

    /// Returns the time from the last `ready` before the first `play` to that `play`, in seconds, if it is less than 10 min.
    ///
    /// It contains the decision of the viewer, and is not the startup time of the player.
    #[must_use]
    pub fn time_to_play_seconds(&self) -> Option<f64> {
        self.time_to_play.map(micros::to_seconds)
    }

    /// Returns whether no event ended the last interval: the viewer left while the media played.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Returns whether an event is more than 5 s before the start or more than 60 s after the end of the session.
    #[must_use]
    pub fn is_skewed(&self) -> bool {
        self.is_skewed
    }

    /// Returns the number of dropped positions and intervals.
    #[must_use]
    pub fn dropped(&self) -> &Dropped {
        &self.dropped
    }

    /// Returns whether an interval is estimated.
    #[must_use]
    pub fn has_estimates(&self) -> bool {
        self.intervals.iter().any(|played| played.is_estimated)
    }

    /// Returns the watch time: the sum of the media time of all intervals, in seconds. Rewatching counts.
    #[must_use]
    pub fn watch_seconds(&self) -> f64 {
        self.sum(|played| played.to - played.from)
    }

    /// Returns the playing time: the sum of the wall-clock time of all intervals, in seconds.
    #[must_use]
    pub fn playing_seconds(&self) -> f64 {
        self.sum(|played| played.ended - played.started)
    }

    /// Returns the unique watch time: the length of the union of all intervals, in seconds.
    #[must_use]
    pub fn covered_seconds(&self) -> f64 {
        micros::to_seconds(self.covered())
    }

    /// Returns the lower bound of the watch time: without estimated intervals, in seconds.
    #[must_use]
    pub fn lower_seconds(&self) -> f64 {
        self.sum(|played| match played.is_estimated {
            true => 0,
            false => played.to - played.from,
        })
    }

    /// Returns the upper bound of the watch time, in seconds; see [`PlayedInterval::upper_seconds`].
    #[must_use]
    pub fn upper_seconds(&self) -> f64 {
        self.sum(|played| played.upper)
    }

    /// Returns the sum of the media time of estimated intervals, in seconds.
    #[must_use]
    pub fn estimated_seconds(&self) -> f64 {
        self.watch_seconds() - self.lower_seconds()
    }

    /// Returns the position at which the viewer left: the end of the last interval, in seconds.
    #[must_use]
    pub fn exit_seconds(&self) -> Option<f64> {
        self.intervals.last().map(PlayedInterval::to_seconds)
    }

    /// Returns the furthest position that was played, in seconds.
    #[must_use]
    pub fn furthest_seconds(&self) -> Option<f64> {
        self.furthest_played().map(micros::to_seconds)
    }

    pub(crate) fn covered(&self) -> i64 {
        let mut ranges: Vec<(i64, i64)> = (self.intervals.iter())
            .map(|played| (played.from, played.to))
            .collect();
        ranges.sort_unstable();
        let (mut covered, mut until) = (0, i64::MIN);
        for (from, to) in ranges {
            covered += (to - from.max(until)).max(0);
            until = until.max(to);
        }
        covered
    }

    pub(crate) fn furthest_played(&self) -> Option<i64> {
        self.intervals.iter().map(|played| played.to).max()
    }

    fn sum(&self, part: impl Fn(&PlayedInterval) -> i64) -> f64 {
        micros::to_seconds(self.intervals.iter().map(part).sum())
    }
}
