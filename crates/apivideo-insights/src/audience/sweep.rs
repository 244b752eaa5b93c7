//! How many ranges of time contain an instant, by an exact sweep over days.

use super::steps::Steps;
use crate::micros::{self, DAY};
use crate::report::Peak;

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
    Sealed(Fold),
}

/// What a day amounts to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fold {
    /// The largest number and the first instant at which it was reached.
    pub(crate) peak: Option<(i64, i64)>,
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
            (count, since) = (count + change, at);
            if fold.peak.is_none_or(|(peak, _)| count > peak) {
                fold.peak = Some((count, at));
            }
        }
        fold
    }

    /// Combines the folds of disjoint days, or of the same day, which makes the peak inexact.
    fn merge(&mut self, other: &Self) {
        self.peak = match (self.peak, other.peak) {
            (Some(a), Some(b)) => Some(std::cmp::max_by_key(a, b, |&(peak, at)| (peak, -at))),
            (a, b) => a.or(b),
        };
        self.integral += other.integral;
        self.is_inexact |= other.is_inexact;
    }

    fn add_late(&mut self, other: &Self) {
        self.merge(other);
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
                Day::Sealed(fold) => fold.add_late(&Fold {
                    peak: Some((1, start)),
                    integral: i128::from(end - start),
                    is_inexact: true,
                }),
            }
            start = end;
        }
    }

    /// Folds the days before a day. Their ranges are released.
    pub(crate) fn seal_before(&mut self, day: i64) {
        for (_, sweep) in self.days.iter_mut().filter(|(other, _)| *other < day) {
            if let Day::Open(steps) = sweep {
                *sweep = Day::Sealed(Fold::of(steps));
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
                Some((found, sweep)) if *found == day => match (sweep, more) {
                    (Day::Open(steps), Day::Open(more)) => steps.merge(more),
                    (Day::Sealed(fold), Day::Sealed(more)) => fold.add_late(&more),
                    (Day::Sealed(fold), Day::Open(mut more)) => fold.add_late(&Fold::of(&mut more)),
                    (sweep @ Day::Open(_), Day::Sealed(mut more)) => {
                        if let Day::Open(steps) = sweep {
                            more.add_late(&Fold::of(steps));
                        }
                        *sweep = Day::Sealed(more);
                    }
                },
                _ => self.days.insert(index, (day, more)),
            }
        }
    }

    /// Returns the fold of each day.
    pub(crate) fn days(&mut self) -> impl Iterator<Item = (i64, Fold)> + '_ {
        self.days.iter_mut().map(|(day, sweep)| match sweep {
            Day::Open(steps) => (*day, Fold::of(steps)),
            Day::Sealed(fold) => (*day, *fold),
        })
    }

    /// Returns the peak, and the average over the union of a period and the time of all ranges.
    pub(crate) fn finish(&mut self, rule: &'static str, period: Option<(i64, i64)>) -> Peak {
        let mut all = Fold::default();
        for (_, fold) in self.days() {
            all.merge(&fold);
        }
        let span = match (self.span, period) {
            (Some(span), Some(period)) => Some(union(Some(period), span)),
            (span, period) => span.or(period),
        };
        let average = span
            .filter(|(from, to)| from < to)
            .map(|(from, to)| all.integral as f64 / (to - from) as f64);
        Peak {
            rule,
            peak: all.peak.map_or(0, |(peak, _)| peak.unsigned_abs()),
            peak_at: all.peak.map(|(_, at)| micros::to_timestamp(at)),
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

fn union(a: Option<(i64, i64)>, b: (i64, i64)) -> (i64, i64) {
    a.map_or(b, |a| (a.0.min(b.0), a.1.max(b.1)))
}
