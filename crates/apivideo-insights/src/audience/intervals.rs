//! Adding the intervals of sessions to all cells: at once, or when the lengths of videos are known.

use super::accumulate::Audience;
use super::clip;
use super::options::MidnightRule;
use crate::interval::PlayedInterval;
use crate::playback::Playback;

/// The session of intervals.
#[derive(Clone, Copy)]
pub(crate) struct Origin {
    pub(crate) asset: u32,
    pub(crate) is_counted: bool,
    /// The day on which the session started, since the Unix epoch.
    pub(crate) day: Option<i64>,
}

impl Audience {
    /// Adds the intervals of a session to all cells.
    pub(crate) fn add_intervals(
        &mut self,
        origin: Origin,
        rows: &[u32],
        intervals: &[PlayedInterval],
    ) {
        if intervals.is_empty() {
            return;
        }
        let Origin {
            asset,
            is_counted,
            day,
        } = origin;
        let state = &mut self.assets.states[asset as usize];
        let is_live = state.is_live();
        let spans = &mut self.buffers.spans;
        spans.compute(intervals, is_live, &mut self.clock);
        // What belongs to a session as a whole is not split.
        if is_counted {
            state.part.add_spans(spans, day);
            self.total.add_started(day, spans);
            if self.is_by_asset {
                state.cell.add_started(day, spans);
            }
            for (rows, &index) in self.rows.iter_mut().zip(rows) {
                if let Some((_, cell)) = rows.rows.get_mut(index as usize) {
                    cell.add_started(day, spans);
                    cell.part(asset).add_spans(spans, day);
                }
            }
        }
        if let (Some(period), MidnightRule::Split) =
            (self.options.period_micros(), self.options.midnight_rule)
        {
            let clipped = &mut self.buffers.intervals;
            clipped.clear();
            clipped.extend(
                intervals
                    .iter()
                    .filter_map(|played| clip::within(played, period.0, period.1)),
            );
            spans.compute(clipped, is_live, &mut self.clock);
        }
        self.total.add_spans(spans);
        if self.is_by_asset {
            state.cell.add_spans(spans);
        }
        for (rows, &index) in self.rows.iter_mut().zip(rows) {
            if let Some((_, cell)) = rows.rows.get_mut(index as usize) {
                cell.add_spans(spans);
            }
        }
    }

    /// Adds the deferred intervals, when all evidence of lengths is known.
    pub(crate) fn add_deferred(&mut self) {
        for deferred in std::mem::take(&mut self.deferred) {
            let mut playback = Playback {
                intervals: deferred.intervals.into(),
                ..Playback::default()
            };
            let state = &mut self.assets.states[deferred.asset as usize];
            if let Some(length) = state.length() {
                playback.limit_estimates(length.seconds);
            }
            if deferred.is_counted {
                self.total.counts.dropped.merge(&playback.dropped);
                state.cell.counts.dropped.merge(&playback.dropped);
                for (rows, &index) in self.rows.iter_mut().zip(&deferred.rows) {
                    if let Some((_, cell)) = rows.rows.get_mut(index as usize) {
                        cell.counts.dropped.merge(&playback.dropped);
                    }
                }
            }
            let origin = Origin {
                asset: deferred.asset,
                is_counted: deferred.is_counted,
                day: deferred.day,
            };
            self.add_intervals(origin, &deferred.rows, &playback.intervals);
        }
    }
}
