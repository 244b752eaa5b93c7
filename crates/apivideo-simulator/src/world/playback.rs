//! What viewers really watched, which the service cannot know exactly.

use std::time::Duration;

use jiff::Timestamp;

use super::World;
use super::session_key::SessionKey;
use super::timeline::Stretch;
use crate::error::Error;
use crate::time;

/// What the viewer of a session really watched.
///
/// Returned by [`World::playback`]. All values are exact to a millisecond. The events of the session are truncated to
/// seconds and can be lost, so that a client can only approximate these values.
///
/// ```
/// # async fn example() -> Result<(), apivideo_simulator::Error> {
/// use apivideo_simulator::{Simulator, TUTORIAL_SESSION};
///
/// let simulator = Simulator::builder().start().await?;
/// let playback = simulator.world().playback(TUTORIAL_SESSION).unwrap_or_default();
/// assert!(playback.watched() >= playback.covered());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Playback {
    stretches: Vec<PlayedStretch>,
}

impl Playback {
    /// Returns the stretches, in the order of time.
    pub fn stretches(&self) -> &[PlayedStretch] {
        &self.stretches
    }

    /// Returns the sum of the media that was watched. What was watched again counts again.
    pub fn watched(&self) -> Duration {
        self.stretches.iter().map(PlayedStretch::watched).sum()
    }

    /// Returns the sum of the wall-clock time during which media was watched, including stalls.
    pub fn playing(&self) -> Duration {
        self.stretches.iter().map(PlayedStretch::playing).sum()
    }

    /// Returns the length of the media that was watched at least once.
    pub fn covered(&self) -> Duration {
        let mut ranges: Vec<(Duration, Duration)> = (self.stretches.iter())
            .map(|stretch| (stretch.from, stretch.to))
            .collect();
        ranges.sort_unstable();
        let (mut covered, mut until) = (Duration::ZERO, Duration::ZERO);
        for (from, to) in ranges {
            covered += to.saturating_sub(from.max(until));
            until = until.max(to);
        }
        covered
    }

    /// Whether the end of every stretch is reported by an event; `true` without stretches.
    pub fn is_end_known(&self) -> bool {
        self.stretches.iter().all(|stretch| stretch.is_end_known)
    }
}

/// A period of playback without pauses and seeks. Stalls do not interrupt it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PlayedStretch {
    /// The position in the video, or in the live stream since the viewer joined it, at the start.
    pub from: Duration,
    /// The position at the end.
    pub to: Duration,
    /// When playback started, by the clock of the service.
    pub started_at: Timestamp,
    /// When playback stopped. If no event reports it, this is up to 10 s after the last heartbeat.
    pub ended_at: Timestamp,
    /// Whether an event reports the end: a pause, the end of the video or a seek. `false` if the page disappeared, and if
    /// the world ended during playback.
    pub is_end_known: bool,
}

impl PlayedStretch {
    /// Returns the media that was watched.
    pub fn watched(&self) -> Duration {
        self.to.saturating_sub(self.from)
    }

    /// Returns the wall-clock time. It differs from [`watched`](Self::watched) by the playback speed and stalls.
    pub fn playing(&self) -> Duration {
        self.ended_at.duration_since(self.started_at).unsigned_abs()
    }
}

impl From<&Stretch> for PlayedStretch {
    fn from(stretch: &Stretch) -> Self {
        let position = |ms: i64| Duration::from_millis(ms.max(0).unsigned_abs());
        Self {
            from: position(stretch.from_ms),
            to: position(stretch.to_ms),
            started_at: time::timestamp(stretch.started_ms),
            ended_at: time::timestamp(stretch.ended_ms),
            is_end_known: stretch.is_end_known,
        }
    }
}

/// What the viewers of several sessions really watched.
///
/// Returned by [`World::playback_totals`]. All values are exact to a millisecond.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PlaybackTotals {
    /// The number of sessions.
    pub sessions: u64,
    /// The number of sessions that watched anything.
    pub sessions_played: u64,
    /// The sum of [`Playback::watched`].
    pub watched: Duration,
    /// The sum of [`Playback::playing`].
    pub playing: Duration,
    /// The sum of [`Playback::covered`].
    pub covered: Duration,
    /// The largest number of sessions that played at the same time.
    pub peak: usize,
    /// The first time at which the peak was reached; `None` if nothing was played.
    pub peak_at: Option<Timestamp>,
}

impl World {
    /// Returns what the viewer of a session really watched; `None` if the session does not exist.
    pub fn playback(&self, session: &str) -> Option<Playback> {
        Some(self.playback_of(self.find_session(session)?))
    }

    /// Returns what the viewers really watched in the sessions of these assets that were loaded in a period, as in
    /// [`sessions`](Self::sessions).
    ///
    /// Sessions count with all that they watched, including what they watched after the period.
    ///
    /// # Errors
    ///
    /// Returns an error if an asset does not exist or the period is invalid.
    pub fn playback_totals<'i>(
        &self,
        assets: impl IntoIterator<Item = &'i str>,
        period: &str,
    ) -> Result<PlaybackTotals, Error> {
        let mut totals = PlaybackTotals::default();
        let mut changes: Vec<(Timestamp, bool)> = Vec::new();
        for asset in assets {
            let (asset, days) = self.list_range(asset, period)?;
            for ordinal in self.ordinals_of_days(asset, *days.start(), *days.end()) {
                let playback = self.playback_of(self.session_key(asset, ordinal));
                totals.sessions += 1;
                totals.sessions_played += u64::from(!playback.watched().is_zero());
                totals.watched += playback.watched();
                totals.playing += playback.playing();
                totals.covered += playback.covered();
                for stretch in &playback.stretches {
                    changes.extend([(stretch.started_at, true), (stretch.ended_at, false)]);
                }
            }
        }
        // At equal times, ends are sorted before starts.
        changes.sort_unstable();
        let mut playing = 0usize;
        for (at, starts) in changes {
            if !starts {
                playing = playing.saturating_sub(1);
                continue;
            }
            playing += 1;
            if playing > totals.peak {
                (totals.peak, totals.peak_at) = (playing, Some(at));
            }
        }
        Ok(totals)
    }

    fn playback_of(&self, key: SessionKey) -> Playback {
        let played = self.timeline(key, i64::MAX).played;
        let stretches = played
            .iter()
            .filter(|stretch| stretch.started_ms < stretch.ended_ms);
        Playback {
            stretches: stretches.map(PlayedStretch::from).collect(),
        }
    }
}
