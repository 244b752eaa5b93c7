use std::collections::BTreeMap;

use crate::http::service::Service;
use crate::time::{DAY, SECOND};
use crate::world::timeline::Timeline;
use crate::world::{EventKind, LOOK_BACK_DAYS, Place, World};

use super::question::{Breakdown, Metric, Question};

/// How what is counted is put together.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Grouping {
    All,
    By(Breakdown),
    /// In steps of so many milliseconds, counted from the epoch.
    Every(i64),
}

/// What a group is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    All,
    Text(String),
    Since(i64),
}

/// What was counted in one group.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    count: u64,
    impressions: u64,
    sum: i64,
    /// When somebody played, for counting how many at once.
    spans: Vec<(i64, i64)>,
}

impl Tally {
    /// The metric's value for a group that covers so many milliseconds.
    pub(crate) fn value(&self, question: &Question<'_>, length_ms: i64) -> f64 {
        let per = |sum: f64, count: u64| if count == 0 { 0.0 } else { sum / count as f64 };
        match question.metric {
            Metric::Play
            | Metric::PlayTotal
            | Metric::Start
            | Metric::End
            | Metric::Impression
            | Metric::View
            | Metric::CcvLive => self.count as f64,
            Metric::PlayRate => per(self.count as f64, self.impressions),
            Metric::ImpressionTimeSum => self.sum as f64,
            Metric::ImpressionTimeAverage => per(self.sum as f64, self.count),
            Metric::WatchTimeSum => self.sum as f64 / SECOND as f64,
            Metric::WatchTimeAverage => per(self.sum as f64 / SECOND as f64, self.count),
            Metric::CcvPeak => peak(&self.spans) as f64,
            Metric::CcvAverage => {
                let played: i64 = self.spans.iter().map(|(from, to)| to - from).sum();
                per(played as f64, length_ms.max(1) as u64)
            }
        }
    }
}

/// The most spans that overlap at one moment.
fn peak(spans: &[(i64, i64)]) -> usize {
    let mut changes: Vec<(i64, bool)> = spans
        .iter()
        .flat_map(|&(from, to)| [(from, true), (to, false)])
        .collect();
    // At one moment those who leave go before those who come.
    changes.sort_unstable();
    let (mut now, mut most) = (0usize, 0);
    for (_, comes) in changes {
        if comes {
            now += 1;
            most = most.max(now);
        } else {
            now = now.saturating_sub(1);
        }
    }
    most
}

/// Walks through all sessions that can have a part in the answer.
pub(crate) fn collect(
    service: &Service,
    question: &Question<'_>,
    grouping: Grouping,
    now_ms: i64,
) -> BTreeMap<Key, Tally> {
    let world = &service.world;
    let first_day = question.from_ms.div_euclid(DAY) as i32 - LOOK_BACK_DAYS;
    let last_day = (question.to_ms - 1).div_euclid(DAY) as i32;
    let mut groups = BTreeMap::new();
    for (number, asset) in world.assets().iter().enumerate() {
        if !question.takes_asset(asset) {
            continue;
        }
        for ordinal in world.ordinals_of_days(number, first_day, last_day) {
            let place = world.place(number, ordinal);
            if world.loaded_ms(place) > now_ms {
                break;
            }
            let viewer = world.viewer(place);
            if !question.takes_viewer(asset, &viewer) {
                continue;
            }
            let group = match grouping {
                Grouping::All => Group::Fixed(Key::All),
                Grouping::By(by) => Group::Fixed(Key::Text(by.value(asset, &viewer).to_owned())),
                Grouping::Every(step) => Group::Every(step),
            };
            let timeline = world.timeline(place, now_ms.saturating_add(1));
            let mut session = Session {
                world,
                question,
                place,
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

/// The group of everything in a session, or of each moment.
enum Group {
    Fixed(Key),
    Every(i64),
}

/// One session on its way into the groups.
struct Session<'a> {
    world: &'a World,
    question: &'a Question<'a>,
    place: Place,
    timeline: &'a Timeline,
    now_ms: i64,
    group: Group,
    groups: &'a mut BTreeMap<Key, Tally>,
}

impl Session<'_> {
    fn count(&mut self) {
        match self.question.metric {
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
            Metric::CcvPeak | Metric::CcvAverage => self.keep_spans(),
        }
    }

    fn moments(&self, kind: EventKind) -> Vec<i64> {
        let happenings = self.timeline.happenings.iter();
        happenings
            .filter(|happening| happening.kind == kind)
            .map(|happening| happening.ms)
            .collect()
    }

    /// The tally of a moment, if it is in the timeframe.
    fn at(&mut self, ms: i64) -> Option<&mut Tally> {
        if !(self.question.from_ms..self.question.to_ms).contains(&ms) {
            return None;
        }
        let key = match &self.group {
            Group::Fixed(key) => key.clone(),
            Group::Every(step) => Key::Since(ms.div_euclid(*step) * step),
        };
        Some(self.groups.entry(key).or_default())
    }

    fn add(&mut self, ms: i64, amount: i64) {
        if let Some(tally) = self.at(ms) {
            tally.count += 1;
            tally.sum += amount;
        }
    }

    fn count_events(&mut self, kind: EventKind) {
        for ms in self.moments(kind) {
            self.add(ms, 0);
        }
    }

    fn count_impressions(&mut self) {
        for ms in self.moments(EventKind::Ready) {
            if let Some(tally) = self.at(ms) {
                tally.impressions += 1;
            }
        }
    }

    fn count_starts(&mut self) {
        let timeline = self.timeline;
        let mut loaded = false;
        for happening in &timeline.happenings {
            match happening.kind {
                EventKind::Ready => loaded = true,
                EventKind::Play if loaded => {
                    loaded = false;
                    self.add(happening.ms, 0);
                }
                _ => {}
            }
        }
    }

    fn count_loading(&mut self) {
        for (visit, ms) in self.moments(EventKind::Ready).into_iter().enumerate() {
            self.add(ms, self.world.loading_ms(self.place, visit as u64));
        }
    }

    /// A view for each load of the page that was watched long enough; unique ones once a day.
    fn count_views(&mut self) {
        let loads = self.moments(EventKind::Ready);
        let mut counted_day = None;
        for (visit, &start) in loads.iter().enumerate() {
            let end = loads.get(visit + 1).copied().unwrap_or(i64::MAX);
            let mut missing = self.question.view_ms;
            let mut reached = None;
            for &(from, to) in &self.timeline.played {
                if (start..end).contains(&from) {
                    if to - from >= missing {
                        reached = Some(from + missing);
                        break;
                    }
                    missing -= to - from;
                }
            }
            let Some(ms) = reached else { continue };
            let day = Some(ms.div_euclid(DAY));
            if !self.question.unique || counted_day != day {
                counted_day = day;
                self.add(ms, 0);
            }
        }
    }

    /// The spans of playing, as far as they lie in the timeframe.
    fn spans(&self) -> Vec<(i64, i64)> {
        let (first, last) = (self.question.from_ms, self.question.to_ms);
        let cut = |&(from, to): &(i64, i64)| (from.max(first), to.min(last));
        let spans = self.timeline.played.iter().map(cut);
        spans.filter(|(from, to)| from < to).collect()
    }

    /// Seconds watched in the timeframe; the average is per session that watched at all.
    fn count_watching(&mut self) {
        let spans = self.spans();
        let watched = spans.iter().map(|(from, to)| to - from).sum();
        if let Some(&(from, _)) = spans.first() {
            self.add(from, watched);
        }
    }

    /// Whoever played in the last 20 seconds.
    fn count_live(&mut self) {
        let since = self.now_ms - 20 * SECOND;
        let played = self.timeline.played.iter().any(|&(_, to)| to >= since);
        if played {
            // `live` is about now, whatever the timeframe.
            let key = Key::All;
            self.groups.entry(key).or_default().count += 1;
        }
    }

    fn keep_spans(&mut self) {
        for (from, to) in self.spans() {
            match &self.group {
                Group::Fixed(key) => {
                    let tally = self.groups.entry(key.clone()).or_default();
                    tally.spans.push((from, to));
                }
                Group::Every(step) => {
                    let mut start = from.div_euclid(*step) * step;
                    while start < to {
                        let span = (from.max(start), to.min(start + step));
                        let tally = self.groups.entry(Key::Since(start)).or_default();
                        tally.spans.push(span);
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
    fn the_peak_of_spans() {
        assert_eq!(peak(&[]), 0);
        assert_eq!(peak(&[(0, 10), (10, 20)]), 1);
        assert_eq!(peak(&[(0, 10), (5, 20), (7, 8), (19, 30)]), 3);
    }
}
