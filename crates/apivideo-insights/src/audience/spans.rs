//! What the intervals of one session contribute, computed once for all cells.

use super::clock::LocalHours;
use crate::interval::PlayedInterval;
use crate::micros::{DAY, MINUTE};

/// Ranges of wall-clock time that are longer than this are left out of sweeps and of the time of day, and counted.
pub(crate) const MAX_WALL: i64 = 31 * DAY;

/// The sums and ranges of the intervals of a session, in microseconds. Buffers are used again for the next session.
#[derive(Debug, Default)]
pub(crate) struct Spans {
    pub(crate) watch: i128,
    pub(crate) playing: i128,
    pub(crate) covered: i128,
    pub(crate) lower: i128,
    pub(crate) upper: i128,
    pub(crate) estimated: i128,
    pub(crate) exit: Option<i64>,
    pub(crate) furthest: Option<i64>,
    /// Played ranges for retention: media positions, or wall-clock times of a live stream.
    pub(crate) played: Vec<(i64, i64)>,
    /// The union of `played`.
    pub(crate) union: Vec<(i64, i64)>,
    /// Wall-clock ranges.
    pub(crate) wall: Vec<(i64, i64)>,
    /// The wall-clock minutes in which the session played, as disjoint ranges.
    pub(crate) minutes: Vec<(i64, i64)>,
    /// Days since the Unix epoch with media and wall-clock time.
    pub(crate) days: Vec<(i64, i64, i64)>,
    /// Slots of the week with media time.
    pub(crate) hours: Vec<(usize, i64)>,
    /// The number of wall-clock ranges that are too long.
    pub(crate) too_long: u64,
    scratch: Vec<(i64, i64)>,
}

impl Spans {
    pub(crate) fn compute(
        &mut self,
        intervals: &[PlayedInterval],
        is_live: bool,
        clock: &mut LocalHours,
    ) {
        self.clear();
        for played in intervals {
            let media = played.to - played.from;
            let wall = (played.ended - played.started).max(0);
            self.watch += i128::from(media);
            self.playing += i128::from(wall);
            self.upper += i128::from(played.upper);
            match played.is_estimated {
                true => self.estimated += i128::from(media),
                false => self.lower += i128::from(media),
            }
            self.furthest = self.furthest.max(Some(played.to));
            self.exit = Some(played.to);
            self.played.push(match is_live {
                true => (played.started, played.ended),
                false => (played.from, played.to),
            });
            if wall > MAX_WALL {
                self.too_long += 1;
                self.days
                    .push((played.started.div_euclid(DAY), media, wall));
                continue;
            }
            self.wall.push((played.started, played.ended));
            split(played, DAY, |start, media, wall| {
                self.days.push((start.div_euclid(DAY), media, wall));
            });
            split(played, LocalHours::STEP, |start, media, _| {
                self.hours.push((clock.slot(start), media));
            });
        }
        self.unite();
        if is_live {
            self.scratch.clear();
            self.scratch
                .extend(intervals.iter().map(|played| (played.from, played.to)));
            self.scratch.sort_unstable();
            self.covered = covered(&self.scratch);
        }
        self.find_minutes();
    }

    fn clear(&mut self) {
        (self.watch, self.playing, self.covered) = (0, 0, 0);
        (self.lower, self.upper, self.estimated) = (0, 0, 0);
        (self.exit, self.furthest, self.too_long) = (None, None, 0);
        self.played.clear();
        self.union.clear();
        self.wall.clear();
        self.minutes.clear();
        self.days.clear();
        self.hours.clear();
    }

    fn unite(&mut self) {
        self.scratch.clear();
        self.scratch.extend_from_slice(&self.played);
        self.scratch.sort_unstable();
        unite(&self.scratch, &mut self.union);
        self.covered = self
            .union
            .iter()
            .map(|(from, to)| i128::from(to - from))
            .sum();
    }

    fn find_minutes(&mut self) {
        self.scratch.clear();
        let ranges = self.wall.iter().filter(|(from, to)| from < to);
        self.scratch.extend(ranges.map(|&(from, to)| {
            let first = from.div_euclid(MINUTE);
            let last = (to - 1).div_euclid(MINUTE);
            (first * MINUTE, (last + 1) * MINUTE)
        }));
        self.scratch.sort_unstable();
        unite(&self.scratch, &mut self.minutes);
    }
}

/// Joins sorted ranges that overlap or touch.
fn unite(sorted: &[(i64, i64)], union: &mut Vec<(i64, i64)>) {
    for &(from, to) in sorted {
        match union.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => union.push((from, to)),
        }
    }
}

fn covered(sorted: &[(i64, i64)]) -> i128 {
    let (mut covered, mut until) = (0, i64::MIN);
    for &(from, to) in sorted {
        covered += i128::from((to - from.max(until)).max(0));
        until = until.max(to);
    }
    covered
}

/// Splits an interval at multiples of a duration, and its media time in proportion to wall-clock time. The parts add up to
/// the interval.
fn split(played: &PlayedInterval, step: i64, mut part: impl FnMut(i64, i64, i64)) {
    let media = played.to - played.from;
    let wall = played.ended - played.started;
    let (mut start, mut media_before) = (played.started, 0);
    loop {
        let border = (start.div_euclid(step) + 1) * step;
        if border >= played.ended {
            part(start, media - media_before, (played.ended - start).max(0));
            return;
        }
        let passed = i128::from(border - played.started);
        let media_until = (i128::from(media) * passed / i128::from(wall)) as i64;
        part(start, media_until - media_before, border - start);
        (start, media_before) = (border, media_until);
    }
}
