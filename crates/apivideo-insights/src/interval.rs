use jiff::Timestamp;

use crate::micros;

/// The shortest interval that is kept, in microseconds.
pub(crate) const MIN_INTERVAL: i64 = 250_000;

/// An interval of continuous playback: a half-open range of media positions, `[from, to)`, and of wall-clock time.
///
/// Resolution: 1 µs. See [`Playback::intervals`](crate::Playback::intervals).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PlayedInterval {
    /// Microseconds of the media.
    pub(crate) from: i64,
    pub(crate) to: i64,
    /// Microseconds since the Unix epoch.
    pub(crate) started: i64,
    pub(crate) ended: i64,
    pub(crate) is_estimated: bool,
    /// The longest media duration that the wall clock allows; the duration itself if it is not estimated.
    pub(crate) upper: i64,
}

impl PlayedInterval {
    /// Returns the position at which playback started, in seconds.
    #[must_use]
    pub fn from_seconds(&self) -> f64 {
        micros::to_seconds(self.from)
    }

    /// Returns the position at which playback stopped, in seconds.
    #[must_use]
    pub fn to_seconds(&self) -> f64 {
        micros::to_seconds(self.to)
    }

    /// Returns when playback started.
    #[must_use]
    pub fn started_at(&self) -> Timestamp {
        micros::to_timestamp(self.started)
    }

    /// Returns when playback stopped. The wall-clock time of an estimated interval equals its media time.
    #[must_use]
    pub fn ended_at(&self) -> Timestamp {
        micros::to_timestamp(self.ended)
    }

    /// Returns whether the end was estimated from the wall clock.
    #[must_use]
    pub fn is_estimated(&self) -> bool {
        self.is_estimated
    }

    /// Returns the media time, in seconds.
    #[must_use]
    pub fn watch_seconds(&self) -> f64 {
        micros::to_seconds(self.to - self.from)
    }

    /// Returns the wall-clock time, in seconds. It differs from the media time by playback speed and stalls.
    #[must_use]
    pub fn playing_seconds(&self) -> f64 {
        micros::to_seconds(self.ended - self.started)
    }

    /// Returns the longest media time that the wall clock allows, in seconds.
    ///
    /// For a measured interval, the media time. For an estimated one, twice the wall-clock time (the fastest usual playback
    /// speed) up to the end of a video, and once the wall-clock time for a live stream, without the limit of 30 min.
    #[must_use]
    pub fn upper_seconds(&self) -> f64 {
        micros::to_seconds(self.upper)
    }
}
