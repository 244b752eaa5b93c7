use std::collections::BTreeMap;

use crate::state::State;
use crate::time::{DAY, SECOND};
use crate::world::session_key::SessionKey;
use crate::world::timeline::{Stretch, Timeline};
use crate::world::{EventKind, LOOK_BACK_DAYS, World};

use super::query::{AggregateQuery, Breakdown, Metric};

/// The grouping of sessions and events.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Grouping {
    All,
    By(Breakdown),
    /// By intervals of this many milliseconds, counted from the epoch.
    Every(i64),
}

/// The key of a group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum GroupKey {
    All,
    Dimension(String),
    /// The start of an interval.
    Start(i64),
}

/// The counts of a group.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    count: u64,
    impressions: u64,
    sum: i64,
    /// The intervals of playback, for concurrent viewers.
    spans: Vec<(i64, i64)>,
}

impl Counts {
    /// Returns the value of the metric for a group that covers `length_ms` milliseconds.
    pub(crate) fn value(&self, query: &AggregateQuery<'_>, length_ms: i64) -> f64 {
        let ratio = |sum: f64, count: u64| if count == 0 { 0.0 } else { sum / count as f64 };
        match query.metric {
            Metric::Play
            | Metric::PlayTotal
            | Metric::Start
            | Metric::End
            | Metric::Impression
            | Metric::View
            | Metric::CcvLive => self.count as f64,
            Metric::PlayRate => ratio(self.count as f64, self.impressions),
            Metric::ImpressionTimeSum => self.sum as f64,
            Metric::ImpressionTimeAverage => ratio(self.sum as f64, self.count),
            Metric::WatchTimeSum => self.sum as f64 / SECOND as f64,
            Metric::WatchTimeAverage => ratio(self.sum as f64 / SECOND as f64, self.count),
            Metric::CcvPeak => peak(&self.spans) as f64,
            Metric::CcvAverage => {
                let played: i64 = self.spans.iter().map(|(from, to)| to - from).sum();
                ratio(played as f64, length_ms.max(1) as u64)
            }
        }
    }
}

/// Returns the maximum number of spans that overlap.
fn peak(spans: &[(i64, i64)]) -> usize {
    let mut changes: Vec<(i64, bool)> = spans
        .iter()
        .flat_map(|&(from, to)| [(from, true), (to, false)])
        .collect();
    // At equal times, ends are sorted before starts.
    changes.sort_unstable();
    let (mut current, mut max) = (0usize, 0);
    for (_, starts) in changes {
        if starts {
            current += 1;
            max = max.max(current);
        } else {
            current = current.saturating_sub(1);
        }
    }
    max
}

/// Iterates over the sessions that the query can include, and counts them by group.
pub(crate) fn collect(
    state: &State,
    query: &AggregateQuery<'_>,
    grouping: Grouping,
    now_ms: i64,
) -> BTreeMap<GroupKey, Counts> {
    let world = &state.world;
    let first_day = query.from_ms.div_euclid(DAY) as i32 - LOOK_BACK_DAYS;
    let last_day = (query.to_ms - 1).div_euclid(DAY) as i32;
    let mut groups = BTreeMap::new();
    for (number, asset) in world.assets().iter().enumerate() {
        if !query.includes_asset(asset) {
            continue;
        }
        for ordinal in world.ordinals_of_days(number, first_day, last_day) {
            let key = world.session_key(number, ordinal);
            if world.loaded_ms(key) > now_ms {
                break;
            }
            let viewer = world.viewer(key);
            if !query.includes_viewer(asset, &viewer) {
                continue;
            }
            let group = match grouping {
                Grouping::All => Group::Fixed(GroupKey::All),
                Grouping::By(by) => {
                    Group::Fixed(GroupKey::Dimension(by.value(asset, &viewer).to_owned()))
                }
                Grouping::Every(step) => Group::Every(step),
            };
            let timeline = world.timeline(key, now_ms.saturating_add(1));
            let mut session = Session {
                world,
                query,
                key,
                timeline: &timeline,
                now_ms,
                group,
                groups: &mut groups,
            };
            session.count();
        }
    }
    groups
}

/// The group of a whole session, or the interval by which its events are grouped.
enum Group {
    Fixed(GroupKey),
    Every(i64),
}

/// A session that is added to the groups.
struct Session<'a> {
    world: &'a World,
    query: &'a AggregateQuery<'a>,
    key: SessionKey,
    timeline: &'a Timeline,
    now_ms: i64,
    group: Group,
    groups: &'a mut BTreeMap<GroupKey, Counts>,
}

impl Session<'_> {
    fn count(&mut self) {
        match self.query.metric {
            Metric::Play | Metric::PlayTotal => self.count_events(EventKind::Play),
            Metric::End => self.count_events(EventKind::End),
            Metric::Impression => self.count_events(EventKind::Ready),
            Metric::Start => self.count_starts(),
            Metric::PlayRate => {
                self.count_events(EventKind::Play);
                self.count_impressions();
            }
            Metric::ImpressionTimeAverage | Metric::ImpressionTimeSum => self.count_loading(),
            Metric::View => self.count_views(),
            Metric::WatchTimeAverage | Metric::WatchTimeSum => self.count_watching(),
            Metric::CcvLive => self.count_live(),
            Metric::CcvPeak | Metric::CcvAverage => self.add_spans(),
        }
    }

    fn times_of(&self, kind: EventKind) -> Vec<i64> {
        let events = self.timeline.events.iter();
        events
            .filter(|event| event.kind == kind)
            .map(|event| event.ms)
            .collect()
    }

    /// Returns the counts for a time, if it is in the timeframe.
    fn counts_at(&mut self, ms: i64) -> Option<&mut Counts> {
        if !(self.query.from_ms..self.query.to_ms).contains(&ms) {
            return None;
        }
        let key = match &self.group {
            Group::Fixed(key) => key.clone(),
            Group::Every(step) => GroupKey::Start(ms.div_euclid(*step) * step),
        };
        Some(self.groups.entry(key).or_default())
    }

    fn add(&mut self, ms: i64, amount: i64) {
        if let Some(counts) = self.counts_at(ms) {
            counts.count += 1;
            counts.sum += amount;
        }
    }

    fn count_events(&mut self, kind: EventKind) {
        for ms in self.times_of(kind) {
            self.add(ms, 0);
        }
    }

    fn count_impressions(&mut self) {
        for ms in self.times_of(EventKind::Ready) {
            if let Some(counts) = self.counts_at(ms) {
                counts.impressions += 1;
            }
        }
    }

    fn count_starts(&mut self) {
        let timeline = self.timeline;
        let mut loaded = false;
        for event in &timeline.events {
            match event.kind {
                EventKind::Ready => loaded = true,
                EventKind::Play if loaded => {
                    loaded = false;
                    self.add(event.ms, 0);
                }
                _ => {}
            }
        }
    }

    fn count_loading(&mut self) {
        for (visit, ms) in self.times_of(EventKind::Ready).into_iter().enumerate() {
            self.add(ms, self.world.loading_ms(self.key, visit as u64));
        }
    }

    /// Counts a view for each load of the page that was watched long enough; unique views once per day.
    fn count_views(&mut self) {
        // What was played is measured by the clock of the service.
        let skew_ms = self.timeline.skew_ms;
        let loads: Vec<i64> = (self.times_of(EventKind::Ready).into_iter())
            .map(|ms| ms - skew_ms)
            .collect();
        let mut counted_day = None;
        for (visit, &start) in loads.iter().enumerate() {
            let end = loads.get(visit + 1).copied().unwrap_or(i64::MAX);
            let mut remaining = self.query.view_ms;
            let mut reached = None;
            for (from, to) in self.timeline.played.iter().map(Stretch::known) {
                if (start..end).contains(&from) {
                    if to - from >= remaining {
                        reached = Some(from + remaining);
                        break;
                    }
                    remaining -= to - from;
                }
            }
            let Some(ms) = reached else { continue };
            let day = Some(ms.div_euclid(DAY));
            if !self.query.unique || counted_day != day {
                counted_day = day;
                self.add(ms, 0);
            }
        }
    }

    /// Returns the intervals of playback, clipped to the timeframe.
    fn spans(&self) -> Vec<(i64, i64)> {
        let (first, last) = (self.query.from_ms, self.query.to_ms);
        let clip = |(from, to): (i64, i64)| (from.max(first), to.min(last));
        let spans = self.timeline.played.iter().map(Stretch::known).map(clip);
        spans.filter(|(from, to)| from < to).collect()
    }

    /// Adds the time watched in the timeframe. Sessions without playback are not counted.
    fn count_watching(&mut self) {
        let spans = self.spans();
        let watched = spans.iter().map(|(from, to)| to - from).sum();
        if let Some(&(from, _)) = spans.first() {
            self.add(from, watched);
        }
    }

    /// Counts the session if it played in the last 20 seconds.
    fn count_live(&mut self) {
        let since = self.now_ms - 20 * SECOND;
        let mut played = self.timeline.played.iter();
        let played = played.any(|stretch| stretch.known_ms >= since);
        if played {
            // `live` refers to the current time, regardless of the timeframe.
            let key = GroupKey::All;
            self.groups.entry(key).or_default().count += 1;
        }
    }

    fn add_spans(&mut self) {
        for (from, to) in self.spans() {
            match &self.group {
                Group::Fixed(key) => {
                    let counts = self.groups.entry(key.clone()).or_default();
                    counts.spans.push((from, to));
                }
                Group::Every(step) => {
                    let mut start = from.div_euclid(*step) * step;
                    while start < to {
                        let span = (from.max(start), to.min(start + step));
                        let counts = self.groups.entry(GroupKey::Start(start)).or_default();
                        counts.spans.push(span);
                        start += step;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_the_maximum_number_of_overlapping_spans() {
        assert_eq!(peak(&[]), 0);
        assert_eq!(peak(&[(0, 10), (10, 20)]), 1);
        assert_eq!(peak(&[(0, 10), (5, 20), (7, 8), (19, 30)]), 3);
    }
}
