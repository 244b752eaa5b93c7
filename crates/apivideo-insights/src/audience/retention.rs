//! Retention and drop-off of one asset.

use super::part::Part;
use super::steps::Steps;
use crate::micros::{self, DAY, HOUR, MINUTE, SECOND};
use crate::report::{DropOff, Exit, Retention, SeekBin};

/// The number of drops that are reported.
const MAX_DROPS: usize = 5;
/// Drops need this many plays.
const MIN_PLAYS: u64 = 20;
/// Drops need this length.
const MIN_LENGTH: i64 = 30 * SECOND;
/// The width of the median that smooths retention before drops are found.
const MEDIAN: i64 = 5 * SECOND;
/// Drops are larger than this share of plays, in thousandths.
const MIN_FALL_PER_MILLE: i64 = 15;
/// The widths of bins of what is longer than an hour.
const WIDTHS: [i64; 15] = [
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
];

/// The bins of a length.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bins {
    /// The position or time at which the first bin starts, in microseconds.
    origin: i64,
    length: i64,
    width: i64,
    count: i64,
}

impl Bins {
    /// Returns bins of 1 s up to an hour, else 100 to 1,000 bins.
    pub(crate) fn new(origin: i64, length: i64) -> Self {
        let width = match length <= HOUR {
            true => SECOND,
            false => WIDTHS
                .into_iter()
                .find(|&width| length <= 1000 * width)
                .unwrap_or(length / 1000 + 1),
        };
        Self {
            origin,
            length,
            width,
            count: length.div_ceil_by(width),
        }
    }

    fn from(&self, index: i64) -> i64 {
        index * self.width
    }

    fn to(&self, index: i64) -> i64 {
        ((index + 1) * self.width).min(self.length)
    }

    fn midpoint(&self, index: i64) -> i64 {
        self.origin + (self.from(index) + self.to(index)) / 2
    }

    /// Returns the prefix sums at the midpoints.
    fn sample(&self, steps: &mut Steps) -> Vec<i64> {
        let (mut sum, mut next) = (0, 0);
        let steps = steps.sorted();
        (0..self.count)
            .map(|index| {
                let midpoint = self.midpoint(index);
                while let Some(&(_, change)) = steps.get(next).filter(|&&(at, _)| at <= midpoint) {
                    sum += change;
                    next += 1;
                }
                sum
            })
            .collect()
    }

    /// Returns the number of occurrences in each bin that has some.
    pub(crate) fn histogram(&self, steps: &mut Steps) -> Vec<SeekBin> {
        let mut bins: Vec<SeekBin> = Vec::new();
        let mut last = -1;
        for &(at, count) in steps.sorted() {
            let index = (at / self.width).clamp(0, (self.count - 1).max(0));
            match bins.last_mut() {
                Some(bin) if index == last => bin.count += count.unsigned_abs(),
                _ => bins.push(SeekBin {
                    from_seconds: micros::to_seconds(self.from(index)),
                    to_seconds: micros::to_seconds(self.to(index)),
                    count: count.unsigned_abs(),
                }),
            }
            last = index;
        }
        bins
    }
}

/// Division that rounds up, for positive numbers.
trait DivCeil {
    fn div_ceil_by(self, divisor: Self) -> Self;
}

impl DivCeil for i64 {
    fn div_ceil_by(self, divisor: Self) -> Self {
        (self + divisor - 1) / divisor
    }
}

/// Returns the bins of a live stream: from its first to its last playback.
pub(crate) fn live_bins(part: &mut Part) -> Option<Bins> {
    let steps = part.unique.sorted();
    let (first, last) = (steps.first()?.0, steps.last()?.0);
    (first < last).then(|| Bins::new(first, last - first))
}

pub(crate) fn retention(part: &mut Part, bins: &Bins, is_live: bool) -> Retention {
    let unique = bins.sample(&mut part.unique);
    let rewatch = bins.sample(&mut part.rewatch);
    let views: Vec<u32> = unique
        .iter()
        .zip(&rewatch)
        .map(|(unique, rewatch)| count(unique + rewatch))
        .collect();
    Retention {
        bin_seconds: micros::to_seconds(bins.width),
        length_seconds: micros::to_seconds(bins.length),
        plays: part.plays,
        drops: drops(bins, &unique, part.plays),
        views,
        viewers: unique.into_iter().map(count).collect(),
        exits: match is_live {
            true => Vec::new(),
            false => exits(bins, part),
        },
    }
}

fn count(value: i64) -> u32 {
    u32::try_from(value.max(0)).unwrap_or(u32::MAX)
}

/// Returns the exits of each bin that has some. An exit at the border of two bins belongs to the first.
fn exits(bins: &Bins, part: &mut Part) -> Vec<Exit> {
    let furthest = part.furthest.sorted();
    let mut reached: i64 = furthest.iter().map(|(_, sessions)| sessions).sum();
    let mut next = 0;
    let mut exits: Vec<(i64, i64)> = Vec::new();
    for &(at, sessions) in part.exits.sorted() {
        let index = (at.div_ceil_by(bins.width) - 1).clamp(0, (bins.count - 1).max(0));
        match exits.last_mut() {
            Some((last, sum)) if *last == index => *sum += sessions,
            _ => exits.push((index, sessions)),
        }
    }
    exits
        .into_iter()
        .map(|(index, sessions)| {
            while let Some(&(_, left)) = furthest
                .get(next)
                .filter(|&&(at, _)| at <= bins.from(index))
            {
                reached -= left;
                next += 1;
            }
            Exit {
                from_seconds: micros::to_seconds(bins.from(index)),
                to_seconds: micros::to_seconds(bins.to(index)),
                exits: sessions.unsigned_abs(),
                reached: reached.unsigned_abs(),
                hazard: sessions as f64 / reached.max(1) as f64,
            }
        })
        .collect()
}

/// Returns the steepest falls over a window of a thirtieth of the length, at least 5 s.
fn drops(bins: &Bins, unique: &[i64], plays: u64) -> Vec<DropOff> {
    if plays < MIN_PLAYS || bins.length < MIN_LENGTH {
        return Vec::new();
    }
    let plays = i64::try_from(plays).unwrap_or(i64::MAX);
    let smooth = medians(unique, (MEDIAN / bins.width / 2) as usize);
    let window = (bins.length / 30).max(5 * SECOND).div_ceil_by(bins.width) as usize;
    let mut falls: Vec<(i64, usize)> = smooth
        .iter()
        .zip(smooth.iter().skip(window))
        .enumerate()
        .map(|(index, (before, after))| (before - after, index))
        .filter(|&(fall, _)| i128::from(fall) * 1000 > i128::from(plays * MIN_FALL_PER_MILLE))
        .collect();
    falls.sort_by_key(|&(fall, index)| (-fall, index));
    let mut found: Vec<(i64, usize)> = Vec::new();
    for (fall, index) in falls {
        if found.len() == MAX_DROPS {
            break;
        }
        if found
            .iter()
            .all(|&(_, other)| other.abs_diff(index) >= window)
        {
            found.push((fall, index));
        }
    }
    found
        .into_iter()
        .map(|(fall, index)| DropOff {
            from_seconds: micros::to_seconds(bins.from(index as i64)),
            to_seconds: micros::to_seconds(bins.from((index + window) as i64)),
            points: fall as f64 * 100.0 / plays as f64,
        })
        .collect()
}

/// Returns the median of each value and those beside it, up to a distance.
fn medians(values: &[i64], distance: usize) -> Vec<i64> {
    let mut window = Vec::with_capacity(2 * distance + 1);
    (0..values.len())
        .map(|index| {
            // Fewer values at the borders, but as many on each side.
            let distance = distance.min(index).min(values.len() - 1 - index);
            window.clear();
            window.extend_from_slice(&values[index - distance..=index + distance]);
            window.sort_unstable();
            window[distance]
        })
        .collect()
}
