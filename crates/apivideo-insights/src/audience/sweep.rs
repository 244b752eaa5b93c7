//! How many ranges of time contain an instant, by an exact sweep over days.

use super::steps::Steps;
use crate::micros::{self, DAY};
use crate::report::Peak;

use super::peak::Top;

/// The number of days of UTC beside one with which a day of a time zone can overlap.
const NEAR: u64 = 2;

/// Ranges of time, split at midnight UTC, so that the ranges of a day can be folded as soon as the day is complete.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sweep {
    /// By ascending day since the Unix epoch.
    days: Vec<(i64, Day)>,
    span: Option<(i64, i64)>,
}

#[derive(Clone, Debug)]
enum Day {
    Open(Steps),
    Sealed {
        fold: Fold,
        /// The changes, if they are kept.
        steps: Option<Box<Steps>>,
    },
}

/// What a day amounts to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fold {
    /// The largest number.
    pub(crate) peak: Option<Top>,
    /// The sum of the durations.
    pub(crate) integral: i128,
    /// Whether the peak can be too low, because ranges were added after the day was sealed.
    pub(crate) is_inexact: bool,
}

impl Fold {
    fn of(steps: &mut Steps) -> Self {
        let mut fold = Self::default();
        let (mut count, mut since) = (0, 0);
        for &(at, change) in steps.sorted() {
            fold.integral += i128::from(count) * i128::from(at - since);
            Top::extend(&mut fold.peak, count, since, at);
            (count, since) = (count + change, at);
        }
        fold
    }

    /// Adds the fold of a later day.
    fn append(&mut self, later: &Self) {
        Top::append(&mut self.peak, later.peak);
        self.integral += later.integral;
        self.is_inexact |= later.is_inexact;
    }

    /// Adds what was played on the same day, which makes the peak inexact.
    fn add_late(&mut self, other: &Self) {
        self.peak = match (self.peak, other.peak) {
            (Some(a), Some(b)) => Some(std::cmp::max_by_key(a, b, |top| (top.count, -top.at))),
            (a, b) => a.or(b),
        };
        self.integral += other.integral;
        self.is_inexact = true;
    }
}

impl Sweep {
    /// Adds a range; an empty one is ignored.
    pub(crate) fn add(&mut self, from: i64, to: i64) {
        if from >= to {
            return;
        }
        self.span = Some(union(self.span, (from, to)));
        let mut start = from;
        while start < to {
            let day = start.div_euclid(DAY);
            let end = to.min((day + 1) * DAY);
            match self.day(day) {
                Day::Open(steps) => steps.add_range(start, end),
                Day::Sealed { fold, .. } => fold.add_late(&Fold {
                    peak: Some(Top::new(1, start, end)),
                    integral: i128::from(end - start),
                    is_inexact: true,
                }),
            }
            start = end;
        }
    }

    /// Folds the days before a day. Their ranges are released, except those of days near the peak, if these are kept.
    pub(crate) fn seal_before(&mut self, day: i64, keeps_peak: bool) {
        for (_, sweep) in self.days.iter_mut().filter(|(other, _)| *other < day) {
            if let Day::Open(steps) = sweep {
                *sweep = Day::Sealed {
                    fold: Fold::of(steps),
                    steps: keeps_peak.then(|| Box::new(std::mem::take(steps))),
                };
            }
        }
        if keeps_peak {
            self.release(day);
        }
    }

    /// Releases the changes of sealed days that cannot be in the day of the peak, in any time zone.
    fn release(&mut self, next: i64) {
        let folds = self.days.iter().filter_map(|(day, sweep)| match sweep {
            Day::Sealed { fold, .. } => Some((fold.peak?.count, *day)),
            Day::Open(_) => None,
        });
        let top = folds.max_by_key(|&(count, day)| (count, -day));
        let is_near = |day: i64, other: i64| day.abs_diff(other) <= NEAR;
        for (day, sweep) in &mut self.days {
            if let Day::Sealed { steps, .. } = sweep
                && !is_near(*day, next)
                && !top.is_some_and(|(_, top)| is_near(*day, top))
            {
                *steps = None;
            }
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        if let Some(span) = other.span {
            self.span = Some(union(self.span, span));
        }
        for (day, more) in other.days {
            let index = self.days.partition_point(|&(other, _)| other < day);
            match self.days.get_mut(index) {
                Some((found, sweep)) if *found == day => sweep.merge(more),
                _ => self.days.insert(index, (day, more)),
            }
        }
    }

    /// Returns the fold of each day.
    pub(crate) fn days(&mut self) -> impl Iterator<Item = (i64, Fold)> + '_ {
        self.days.iter_mut().map(|(day, sweep)| match sweep {
            Day::Open(steps) => (*day, Fold::of(steps)),
            Day::Sealed { fold, .. } => (*day, *fold),
        })
    }

    /// Returns the peak, and the average over the union of a period and the time of all ranges.
    ///
    /// `days` are the folds of [`days`](Self::days).
    pub(crate) fn finish(
        &mut self,
        rule: &'static str,
        period: Option<(i64, i64)>,
        days: &[(i64, Fold)],
    ) -> Peak {
        let mut all = Fold::default();
        for (_, fold) in days {
            all.append(fold);
        }
        let span = match (self.span, period) {
            (Some(span), Some(period)) => Some(union(Some(period), span)),
            (span, period) => span.or(period),
        };
        let average = span
            .filter(|(from, to)| from < to)
            .map(|(from, to)| all.integral as f64 / (to - from) as f64);
        let exact = all.peak.filter(|_| !all.is_inexact);
        Peak {
            rule,
            peak: all.peak.map_or(0, |top| top.count.unsigned_abs()),
            peak_at: all.peak.map(|top| micros::to_timestamp(top.at)),
            seconds: exact.map(|top| micros::to_seconds(top.until - top.at)),
            times: exact.map(|top| top.times),
            average,
            from: span.map(|(from, _)| micros::to_timestamp(from)),
            to: span.map(|(_, to)| micros::to_timestamp(to)),
            is_exact: !all.is_inexact,
        }
    }

    /// Returns the number at the start of each step of a width from the first to the last range of the days that are not sealed.
    pub(crate) fn series(&mut self, width: i64) -> Vec<(i64, u64)> {
        let mut series = Vec::new();
        for (_, sweep) in &mut self.days {
            let Day::Open(steps) = sweep else { continue };
            let mut count = 0;
            for pair in steps.sorted().windows(2) {
                count += pair[0].1;
                let (mut at, until) = (pair[0].0, pair[1].0);
                while at < until && count > 0 {
                    series.push((at, count.unsigned_abs()));
                    at += width;
                }
            }
        }
        series
    }

    /// Returns the changes of the number within a range of time, from the number at its start; empty if a day in it was
    /// released.
    pub(crate) fn changes(&mut self, from: i64, to: i64) -> Vec<(i64, u64)> {
        let mut changes = vec![(from, 0)];
        let days = from.div_euclid(DAY)..=(to - 1).div_euclid(DAY);
        for (_, sweep) in self.days.iter_mut().filter(|(day, _)| days.contains(day)) {
            let steps = match sweep {
                Day::Open(steps) => steps,
                Day::Sealed {
                    fold: Fold {
                        is_inexact: false, ..
                    },
                    steps: Some(steps),
                } => steps,
                Day::Sealed { .. } => return Vec::new(),
            };
            // All ranges end with the day.
            let mut count = 0;
            for &(at, change) in steps.sorted().iter().take_while(|&&(at, _)| at < to) {
                count += change;
                push_change(&mut changes, at.max(from), count);
            }
        }
        changes
    }

    fn day(&mut self, day: i64) -> &mut Day {
        let index = match self.days.last() {
            Some((last, _)) if *last == day => self.days.len() - 1,
            Some((last, _)) if *last < day => self.days.len(),
            _ => self.days.partition_point(|&(other, _)| other < day),
        };
        if self.days.get(index).is_none_or(|&(other, _)| other != day) {
            self.days.insert(index, (day, Day::Open(Steps::default())));
        }
        &mut self.days[index].1
    }
}

impl Day {
    fn merge(&mut self, more: Self) {
        match (self, more) {
            (Self::Open(steps), Self::Open(more)) => steps.merge(more),
            (Self::Sealed { fold, .. }, Self::Sealed { fold: more, .. }) => fold.add_late(&more),
            (Self::Sealed { fold, .. }, Self::Open(mut more)) => {
                fold.add_late(&Fold::of(&mut more));
            }
            (sweep @ Self::Open(_), Self::Sealed { mut fold, .. }) => {
                if let Self::Open(steps) = sweep {
                    fold.add_late(&Fold::of(steps));
                }
                *sweep = Self::Sealed { fold, steps: None };
            }
        }
    }
}

/// Adds a change; one at the same instant replaces the last one, and one to the same number is left out.
fn push_change(changes: &mut Vec<(i64, u64)>, at: i64, count: i64) {
    changes.pop_if(|last| last.0 == at);
    let count = count.unsigned_abs();
    if changes.last().is_none_or(|last| last.1 != count) {
        changes.push((at, count));
    }
}

fn union(a: Option<(i64, i64)>, b: (i64, i64)) -> (i64, i64) {
    a.map_or(b, |a| (a.0.min(b.0), a.1.max(b.1)))
}
