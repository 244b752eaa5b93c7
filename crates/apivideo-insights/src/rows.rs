//! Playback from the rows of a lake.

use jiff::Timestamp;

use crate::drop_reason::Dropped;
use crate::interval::PlayedInterval;
use crate::micros;
use crate::playback::{Playback, Seek};

/// What the events of a session show besides its intervals and seeks: a row of the table `playbacks` of a lake.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PlaybackSummary {
    /// Whether the session belongs to a live stream.
    pub is_live: bool,
    /// The number of events.
    pub events: u32,
    /// The number of `ready` events.
    pub ready_events: u32,
    /// The number of `play` events.
    pub play_events: u32,
    /// The number of `end` events.
    pub end_events: u32,
    /// The number of visits; see [`Playback::visits`].
    pub visits: u32,
    /// See [`Playback::time_to_play_seconds`].
    pub time_to_play_seconds: Option<f64>,
    /// See [`Playback::is_open`].
    pub is_open: bool,
    /// See [`Playback::is_skewed`].
    pub is_skewed: bool,
    /// The number of dropped positions and intervals.
    pub dropped: Dropped,
}

impl Playback {
    /// Restores a playback from rows of a lake: intervals from the table `played`, in their order, and seeks.
    ///
    /// The intervals are the [pieces](Self::pieces) of the original ones: all measures are the same. What the events show of the
    /// length of the video is not restored.
    ///
    /// ```
    /// use apivideo_insights::{Playback, PlaybackSummary, PlayedInterval};
    ///
    /// let start = "2022-01-01T12:00:00Z".parse()?;
    /// let end = "2022-01-01T12:00:30Z".parse()?;
    /// let played = PlayedInterval::new(start..end, 0.0..30.0);
    /// let playback = Playback::from_rows(&PlaybackSummary::default(), vec![played], Vec::new());
    /// assert_eq!(playback.watch_seconds(), 30.0);
    /// # Ok::<(), jiff::Error>(())
    /// ```
    #[must_use]
    pub fn from_rows(
        summary: &PlaybackSummary,
        intervals: Vec<PlayedInterval>,
        seeks: Vec<Seek>,
    ) -> Self {
        Self {
            intervals,
            seeks,
            events: summary.events,
            ready_events: summary.ready_events,
            play_events: summary.play_events,
            end_events: summary.end_events,
            visits: summary.visits,
            time_to_play: summary.time_to_play_seconds.map(micros::from_seconds),
            is_live: summary.is_live,
            is_open: summary.is_open,
            is_skewed: summary.is_skewed,
            dropped: summary.dropped,
            ..Self::default()
        }
    }
}

impl PlayedInterval {
    /// Creates a measured interval of wall-clock time and media positions in seconds.
    #[must_use]
    pub fn new(time: std::ops::Range<Timestamp>, seconds: std::ops::Range<f64>) -> Self {
        let (from, to) = (
            micros::from_seconds(seconds.start),
            micros::from_seconds(seconds.end),
        );
        Self {
            from,
            to,
            started: time.start.as_microsecond(),
            ended: time.end.as_microsecond(),
            is_estimated: false,
            upper: to - from,
        }
    }

    /// Returns the interval as an estimated one, with the longest media time in seconds; see
    /// [`upper_seconds`](Self::upper_seconds).
    #[must_use]
    pub fn estimated(mut self, upper_seconds: f64) -> Self {
        self.is_estimated = true;
        self.upper = micros::from_seconds(upper_seconds);
        self
    }
}
