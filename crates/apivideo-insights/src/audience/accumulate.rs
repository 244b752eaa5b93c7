use jiff::Timestamp;

use super::arrival::Arrival;
use super::assets::{Assets, Rows};
use super::cell::Cell;
use super::clip;
use super::clock::LocalHours;
use super::cohorts::ActiveWeeks;
use super::dimension::Dimension;
use super::intervals::Origin;
use super::options::{MidnightRule, Options};
use super::spans::Spans;
use super::viewers;
use crate::event::Event;
use crate::interval::PlayedInterval;
use crate::length::LengthSource;
use crate::micros::{self, DAY};
use crate::playback::Playback;
use crate::session::SessionFacts;

/// Accumulates sessions, and computes the measures of all of them.
///
/// Days, assets and threads can be accumulated separately and [merged](Self::merge) in any order to the same result.
///
/// ```
/// use apivideo_insights::{Asset, Audience, Event, EventKind, SessionFacts};
///
/// let mut audience = Audience::new();
/// let session = SessionFacts {
///     asset: Some(Asset::video("vi4k0jvEUuaTdRAEjQ4Prklg")),
///     ..SessionFacts::new("ps1")
/// };
/// let events = [
///     Event { emitted_at: Some("2022-01-01T12:00:00Z".parse()?), at: Some(0.0), ..Event::new(EventKind::Play) },
///     Event { emitted_at: Some("2022-01-01T12:01:00Z".parse()?), at: Some(60.0), ..Event::new(EventKind::End) },
/// ];
/// audience.add(&session, &events);
/// let report = audience.finish();
/// assert_eq!(report.measures.plays, 1);
/// assert_eq!(report.measures.watch_seconds, 60.0);
/// assert_eq!(report.measures.concurrency.playing.peak, 1);
/// # Ok::<(), jiff::Error>(())
/// ```
///
/// # Memory
///
/// Sessions are not kept, but distinct positions, times and viewers are. To bound memory by a day, set the lengths of videos and
/// [seal](Self::seal_before) days when they are complete. It needs:
///
/// - for each video: 16 to 32 bytes for each distinct position at which playback started or stopped, was left, or was sought
///   (the service reports whole seconds)
/// - for each row of a breakdown, and each day: 16 to 32 bytes for each distinct time at which playback or presence started or
///   stopped, and 8 to 16 bytes for each viewer, until the day is [sealed](Self::seal_before), and 300 bytes after that
/// - 50 bytes for each day on which a video was played, in each row
/// - 8 to 16 bytes for each viewer of each row
/// - about 100 bytes, and 56 bytes for each interval, for each session of a video of unknown length that has estimated
///   intervals: an estimate is limited to the length, which is known only when all sessions were added. Set
///   [lengths](Self::with_length) to avoid this.
#[derive(Clone, Debug)]
pub struct Audience {
    pub(crate) options: Options,
    pub(crate) total: Cell,
    pub(crate) assets: Assets,
    pub(crate) is_by_asset: bool,
    /// One for each breakdown; empty for one by asset.
    pub(crate) rows: Vec<Rows>,
    pub(crate) cohorts: ActiveWeeks,
    pub(crate) deferred: Vec<Deferred>,
    pub(crate) excluded: u64,
    pub(crate) outside: u64,
    pub(crate) clock: LocalHours,
    pub(crate) buffers: Buffers,
}

/// The intervals of a session whose estimates depend on a length that is not known yet.
#[derive(Clone, Debug)]
pub(crate) struct Deferred {
    pub(crate) asset: u32,
    /// The index of the row in each breakdown.
    pub(crate) rows: Box<[u32]>,
    pub(crate) is_counted: bool,
    /// The day on which the session started, since the Unix epoch.
    pub(crate) day: Option<i64>,
    pub(crate) intervals: Box<[PlayedInterval]>,
}

/// Buffers that are used again for the next session.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    pub(crate) rows: Vec<u32>,
    pub(crate) spans: Spans,
    pub(crate) intervals: Vec<PlayedInterval>,
}

impl Clone for Buffers {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Default for Audience {
    fn default() -> Self {
        Self::with_options(Options::default())
    }
}

impl Audience {
    /// Creates an empty audience without breakdowns.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn with_options(options: Options) -> Self {
        Self {
            total: Cell::default(),
            assets: Assets::default(),
            is_by_asset: options.breakdowns.contains(&Dimension::Asset),
            rows: options.breakdowns.iter().map(|_| Rows::default()).collect(),
            cohorts: ActiveWeeks::default(),
            deferred: Vec::new(),
            excluded: 0,
            outside: 0,
            clock: LocalHours::new(options.time_zone.clone()),
            buffers: Buffers::default(),
            options,
        }
    }

    /// Returns an empty audience with the same settings, such as for another thread.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self::with_options(self.options.clone())
    }

    /// Adds a session with its events.
    ///
    /// A session must be added once: sessions are not compared with each other.
    pub fn add(&mut self, session: &SessionFacts<'_>, events: &[Event]) {
        if !self.is_accepted(session) {
            return;
        }
        let asset = self.asset(session);
        let known = self.assets.states[asset as usize]
            .given
            .filter(|length| length.source == LengthSource::Known);
        let playback = Playback::new(session, events, known.map(|length| length.seconds));
        self.insert(session, asset, playback);
    }

    /// Adds a session whose playback is computed already.
    ///
    /// Estimates are limited to the length of the video as by [`add`](Self::add). A length that is set by
    /// [`with_length`](Self::with_length) also ends measured intervals, but the positions beyond it that
    /// [`Playback::new`] would have dropped are not known here: pass the length to it, too.
    pub fn add_playback(&mut self, session: &SessionFacts<'_>, playback: Playback) {
        if !self.is_accepted(session) {
            return;
        }
        let asset = self.asset(session);
        self.insert(session, asset, playback);
    }

    /// Counts a session whose events could not be read.
    ///
    /// It counts as a session, for unique viewers and for presence, and is reported in
    /// [`Quality::sessions_unreadable`](crate::Quality::sessions_unreadable).
    pub fn add_unreadable(&mut self, session: &SessionFacts<'_>) {
        if !self.is_accepted(session) {
            return;
        }
        let asset = self.asset(session);
        if let Some(arrival) = self.arrival(session, asset, None) {
            self.add_arrival(session, &arrival, None);
        }
    }

    /// Releases what is needed to compute the concurrency and the unique viewers of the days before a day, as soon as they are
    /// complete.
    ///
    /// `day` is the start of a day of UTC; an instant within a day is treated as its start. If playback of such a day is added
    /// later, [`Peak::is_exact`](crate::Peak::is_exact) is `false`: sessions can last for several days. If a session of such a
    /// day is added later, its viewer counts again in [`DayMeasures::unique_viewers`](crate::DayMeasures::unique_viewers). Days with estimates that
    /// depend on a length that is not [set](Self::with_length) are not released.
    pub fn seal_before(&mut self, day: Timestamp) {
        let deferred = self
            .deferred
            .iter()
            .flat_map(|deferred| &deferred.intervals);
        let first = deferred.map(|played| played.started).min();
        let day = day.as_microsecond().min(first.unwrap_or(i64::MAX));
        let day = day.div_euclid(DAY);
        self.total.seal_before(day, self.options.has_steps);
        for asset in &mut self.assets.states {
            asset.cell.seal_before(day, false);
        }
        for (_, cell) in self.rows.iter_mut().flat_map(|rows| &mut rows.rows) {
            cell.seal_before(day, false);
        }
    }

    fn is_accepted(&mut self, session: &SessionFacts<'_>) -> bool {
        let is_accepted = self.options.accepts(session);
        self.excluded += u64::from(!is_accepted);
        is_accepted
    }

    fn asset(&mut self, session: &SessionFacts<'_>) -> u32 {
        let options = &self.options;
        self.assets
            .index(session.asset, |asset| options.length(asset))
    }

    fn insert(&mut self, session: &SessionFacts<'_>, asset: u32, mut playback: Playback) {
        let Some(arrival) = self.arrival(session, asset, Some(&playback)) else {
            return;
        };
        let state = &mut self.assets.states[asset as usize];
        let is_deferred = match state.given {
            Some(length) => {
                if length.source == LengthSource::Known {
                    clip::end_at(
                        &mut playback.intervals,
                        micros::from_seconds(length.seconds),
                    );
                }
                playback.limit_estimates(length.seconds);
                false
            }
            None if state.is_video() => {
                state.evidence.observe(&playback);
                clip::depends_on_length(&playback.intervals, state)
            }
            None => false,
        };
        self.add_arrival(session, &arrival, Some(&playback));
        if is_deferred {
            self.deferred.push(Deferred {
                asset,
                rows: self.buffers.rows.as_slice().into(),
                is_counted: arrival.is_counted,
                day: arrival.day,
                intervals: playback.intervals.into(),
            });
        } else {
            let rows = std::mem::take(&mut self.buffers.rows);
            let origin = Origin {
                asset,
                is_counted: arrival.is_counted,
                day: arrival.day,
            };
            self.add_intervals(origin, &rows, &playback.intervals);
            self.buffers.rows = rows;
        }
    }

    /// Returns what is counted of a session; `None` if it is outside of the period.
    fn arrival(
        &mut self,
        session: &SessionFacts<'_>,
        asset: u32,
        playback: Option<&Playback>,
    ) -> Option<Arrival> {
        let loaded = session.loaded_at.map(Timestamp::as_microsecond);
        let ended = session.ended_at.map(Timestamp::as_microsecond);
        let played = playback.and_then(|playback| playback.intervals.first());
        let start = loaded.or(played.map(|interval| interval.started));
        let mut presence = loaded.zip(ended);
        let mut is_counted = true;
        if let Some((from, to)) = self.options.period_micros() {
            is_counted = start.is_some_and(|start| from <= start && start < to);
            self.outside += u64::from(!is_counted);
            match self.options.midnight_rule {
                MidnightRule::Start if !is_counted => return None,
                MidnightRule::Start => {}
                MidnightRule::Split => {
                    presence = presence.map(|(start, end)| (start.max(from), end.min(to)));
                }
            }
        }
        let viewer = self
            .options
            .value(&self.options.viewer_key, session)
            .map(|key| viewers::hash(&key));
        Some(Arrival {
            asset,
            viewer,
            start,
            day: start.map(|start| start.div_euclid(DAY)),
            presence,
            is_play: playback
                .is_some_and(|playback| playback.play_events > 0 || !playback.intervals.is_empty()),
            is_counted,
        })
    }

    /// Adds a session without its intervals to all cells, and finds its rows.
    fn add_arrival(
        &mut self,
        session: &SessionFacts<'_>,
        arrival: &Arrival,
        playback: Option<&Playback>,
    ) {
        self.total.add_arrival(arrival, playback);
        let state = &mut self.assets.states[arrival.asset as usize];
        let is_live = state.is_live();
        if self.is_by_asset {
            state.cell.add_arrival(arrival, playback);
        }
        state.part.add_arrival(arrival, playback, is_live);
        if self.options.has_cohorts && arrival.is_counted {
            self.cohorts.add(arrival.viewer, arrival.day);
        }
        self.buffers.rows.clear();
        for (dimension, rows) in self.options.breakdowns.iter().zip(&mut self.rows) {
            if *dimension == Dimension::Asset {
                self.buffers.rows.push(0);
                continue;
            }
            let index = match dimension {
                Dimension::Day => rows.index(
                    arrival
                        .start
                        .map(|start| self.options.date(start))
                        .as_deref(),
                ),
                _ => rows.index(dimension.value(session).as_deref()),
            };
            self.buffers.rows.push(index);
            let cell = &mut rows.rows[index as usize].1;
            cell.add_arrival(arrival, playback);
            cell.part(arrival.asset)
                .add_arrival(arrival, playback, is_live);
        }
    }
}
