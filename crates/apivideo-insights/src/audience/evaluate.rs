//! From accumulated sums to measures.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use super::cell::Cell;
use super::part::{Part, clamped};
use super::retention::{self, Bins};
use super::steps::Steps;
use super::sweep::Fold;
use crate::length::MediaLength;
use crate::micros::{self, MINUTE, SECOND};
use crate::report::{
    Completion, Concurrency, ConcurrencyStep, DayMeasures, Measures, MinuteBucket, Quality,
    Retention, Seeks, TimeOfDay, TimeToPlay,
};

/// Cells with fewer plays show counts, not averages.
const MIN_PLAYS: u64 = 20;

/// What the evaluation of all cells has in common.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) viewer_key: String,
    pub(crate) period: Option<(i64, i64)>,
    /// By index of the asset.
    pub(crate) assets: Vec<AssetFacts>,
    pub(crate) has_minutes: bool,
    /// The time zone of the day of the peak, if its steps are reported.
    pub(crate) steps_zone: Option<TimeZone>,
}

/// What is known of an asset when all sessions were added.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AssetFacts {
    /// The position of the asset in the order of keys, so that sums of fractions do not depend on the order of additions.
    pub(crate) rank: usize,
    pub(crate) is_live: bool,
    pub(crate) length: Option<MediaLength>,
}

/// What depends on the lengths of the assets of a cell.
#[derive(Default)]
struct Relative {
    plays: u64,
    watch: f64,
    covered: f64,
    reached: u64,
    quarters: [u64; 3],
    coverages: u64,
    is_inferred: bool,
    /// The plays by the day on which they started, and the sum of their watch time ÷ length.
    days: BTreeMap<i64, (u64, f64)>,
}

impl Relative {
    fn add(&mut self, part: &mut Part, length: MediaLength) {
        let micros = micros::from_seconds(length.seconds);
        if part.plays == 0 || micros <= 0 {
            return;
        }
        self.plays += part.plays;
        self.watch += part.watch as f64 / micros as f64;
        self.covered += part.covered as f64 / micros as f64;
        self.is_inferred |= length.source.is_inferred();
        let length = i128::from(micros);
        for (&day, watched) in &part.days {
            let (plays, sum) = self.days.entry(day).or_default();
            *plays += watched.plays;
            *sum += watched.watch as f64 / micros as f64;
        }
        for (quarter, sessions) in (1..).zip(&mut self.quarters) {
            *sessions += at_least(&mut part.furthest, |at| at * 4 >= length * quarter);
        }
        // In integers: 0.95 L and 0.9 L.
        self.reached += at_least(&mut part.furthest, |at| {
            at * 100 >= length * 95 && at >= length - i128::from(30 * SECOND)
        });
        self.coverages += at_least(&mut part.coverage, |covered| covered * 10 >= length * 9);
    }
}

fn at_least(steps: &mut Steps, is_enough: impl Fn(i128) -> bool) -> u64 {
    steps
        .sorted()
        .iter()
        .filter(|&&(at, _)| is_enough(i128::from(at)))
        .map(|(_, sessions)| sessions.unsigned_abs())
        .sum()
}

/// Returns the position from which a video of a length counts as completed, in seconds.
fn reached_at(length: f64) -> f64 {
    let micros = micros::from_seconds(length);
    // As in `Relative::add`.
    let share = (i128::from(micros) * 95 + 99) / 100;
    micros::to_seconds(clamped(share).max(micros - 30 * SECOND))
}

/// Returns the measures of a cell. `parts` are those of its assets.
pub(crate) fn measures(
    cell: &mut Cell,
    mut parts: Vec<(u32, &mut Part)>,
    context: &Context,
    is_row: bool,
) -> Measures {
    let facts = |index: u32| context.assets[index as usize];
    parts.sort_by_key(|(index, _)| facts(*index).rank);
    let mut relative = Relative::default();
    for (index, part) in &mut parts {
        if let Some(length) = facts(*index).length {
            relative.add(part, length);
        }
    }
    let mut length = None;
    let (mut retained, mut sources, mut targets) = (None, Vec::new(), Vec::new());
    if let [(index, part)] = parts.as_mut_slice() {
        length = facts(*index).length;
        let is_live = facts(*index).is_live;
        let bins = match length {
            Some(length) => Some(Bins::new(0, micros::from_seconds(length.seconds))),
            None if is_live => retention::live_bins(part),
            None => None,
        };
        if let Some(bins) = bins {
            retained = Some(retention::retention(part, &bins, is_live));
            if !is_live {
                sources = bins.histogram(&mut part.sources);
                targets = bins.histogram(&mut part.targets);
            }
        }
    }
    let counts = &cell.counts;
    let seeks = Seeks {
        count: counts.seeks,
        sessions: counts.seeking,
        skipped_seconds: seconds(cell.sums.skipped),
        rewound_seconds: seconds(cell.sums.rewound),
        sources,
        targets,
    };
    let playing: Vec<(i64, Fold)> = cell.playing.days().collect();
    let shows_averages = !is_row || counts.plays >= MIN_PLAYS;
    let ratio = |part: f64, whole: u64| (shows_averages && whole > 0).then(|| part / whole as f64);
    Measures {
        impressions: counts.impressions,
        ready_events: counts.ready_events,
        plays: counts.plays,
        play_events: counts.play_events,
        end_events: counts.end_events,
        visits: counts.visits,
        unique_viewers: cell.viewers.finish(&context.viewer_key),
        watch_seconds: seconds(cell.sums.watch),
        playing_seconds: seconds(cell.sums.playing),
        covered_seconds: seconds(cell.sums.covered),
        average_watch_seconds: ratio(seconds(cell.sums.watch), counts.plays),
        play_rate: ratio(counts.plays as f64, counts.impressions),
        completion: Completion {
            ended: counts.ended,
            ended_rate: ratio(counts.ended as f64, counts.plays),
            reached: (relative.plays > 0).then_some(relative.reached),
            reached_at_seconds: length.map(|length| reached_at(length.seconds)),
            reached_quarters: (relative.plays > 0).then_some(relative.quarters),
            reached_rate: ratio(relative.reached as f64, relative.plays),
            covered: (relative.plays > 0).then_some(relative.coverages),
            covered_rate: ratio(relative.coverages as f64, relative.plays),
        },
        average_viewed_percent: ratio(100.0 * relative.watch, relative.plays),
        average_covered_percent: ratio(100.0 * relative.covered, relative.plays),
        plays_with_length: relative.plays,
        length,
        is_length_inferred: relative.is_inferred,
        retention: retained.filter(|retention: &Retention| shows_averages && retention.plays > 0),
        seeks,
        time_of_day: time_of_day(cell),
        time_to_play: time_to_play(&mut cell.time_to_play, shows_averages),
        quality: quality(cell),
        days: days(cell, &playing, &relative.days, is_row),
        concurrency: concurrency(cell, context, &playing, is_row),
    }
}

fn seconds(micros: i128) -> f64 {
    micros as f64 / 1e6
}

fn quality(cell: &Cell) -> Quality {
    let (counts, sums) = (&cell.counts, &cell.sums);
    Quality {
        sessions: counts.sessions,
        sessions_unreadable: counts.unreadable,
        sessions_without_events: counts.without_events,
        sessions_open: counts.open,
        sessions_skewed: counts.skewed,
        dropped: counts.dropped,
        estimated_seconds: seconds(sums.estimated),
        estimated_share: (sums.watch > 0).then(|| sums.estimated as f64 / sums.watch as f64),
        watch_seconds_lower: seconds(sums.lower),
        watch_seconds_upper: seconds(sums.upper),
        spans_too_long: counts.too_long,
    }
}

fn concurrency(
    cell: &mut Cell,
    context: &Context,
    playing: &[(i64, Fold)],
    is_row: bool,
) -> Concurrency {
    let minutes = context.period.map(|(start, end)| {
        let after = end.div_euclid(MINUTE) + i64::from(end.rem_euclid(MINUTE) > 0);
        (start.div_euclid(MINUTE) * MINUTE, after * MINUTE)
    });
    let mut minute_buckets = Vec::new();
    if context.has_minutes && !is_row {
        let series = cell.minutes.series(MINUTE);
        minute_buckets.extend(series.into_iter().map(|(at, sessions)| MinuteBucket {
            minute: micros::to_timestamp(at),
            sessions,
        }));
    }
    let by_minute: Vec<_> = cell.minutes.days().collect();
    let present: Vec<_> = cell.presence.days().collect();
    let playing = cell.playing.finish("playing", context.period, playing);
    let zone = context.steps_zone.as_ref().filter(|_| !is_row);
    let day = zone.and_then(|zone| day_of(playing.peak_at?, zone));
    let steps = day.map(|(from, to)| cell.playing.changes(from, to));
    Concurrency {
        playing,
        minutes: cell.minutes.finish("minutes", minutes, &by_minute),
        presence: cell.presence.finish("presence", context.period, &present),
        minute_buckets,
        steps: steps
            .unwrap_or_default()
            .into_iter()
            .map(|(at, viewers)| ConcurrencyStep {
                at: micros::to_timestamp(at),
                viewers,
            })
            .collect(),
    }
}

/// Returns the day of an instant in a time zone.
fn day_of(at: Timestamp, zone: &TimeZone) -> Option<(i64, i64)> {
    let date = zone.to_datetime(at).date();
    let start = |date: Date| {
        let midnight = zone.to_timestamp(date.to_datetime(Time::midnight()));
        midnight.ok().map(Timestamp::as_microsecond)
    };
    Some((start(date)?, start(date.tomorrow().ok()?)?))
}

/// `relative`: plays with a length and the sum of watch time ÷ length, by day.
fn days(
    cell: &mut Cell,
    playing: &[(i64, Fold)],
    relative: &BTreeMap<i64, (u64, f64)>,
    is_row: bool,
) -> Vec<DayMeasures> {
    let peak = |day: i64| {
        let found = playing.binary_search_by_key(&day, |&(day, _)| day);
        found.ok().and_then(|index| playing[index].1.peak)
    };
    let days = cell.days.iter_mut().map(|(&day, row)| {
        let shows_averages = !is_row || row.plays >= MIN_PLAYS;
        let mean = |sum: f64, plays: u64| (shows_averages && plays > 0).then(|| sum / plays as f64);
        let (relative_plays, viewed) = relative.get(&day).copied().unwrap_or_default();
        let peak = peak(day);
        DayMeasures {
            date: micros::to_date(day),
            sessions: row.sessions,
            impressions: row.impressions,
            plays: row.plays,
            watch_seconds: seconds(row.watch),
            playing_seconds: seconds(row.playing),
            unique_viewers: row.unique_viewers(),
            average_watch_seconds: mean(seconds(row.started_watch), row.plays),
            average_viewed_percent: mean(100.0 * viewed, relative_plays),
            peak: peak.map_or(0, |top| top.count.unsigned_abs()),
            peak_at: peak.map(|top| micros::to_timestamp(top.at)),
        }
    });
    days.collect()
}

fn time_of_day(cell: &Cell) -> TimeOfDay {
    let mut watch_minutes = [[0.0; 24]; 7];
    if let Some(hours) = &cell.hours {
        for (slot, &micros) in hours.iter().enumerate() {
            watch_minutes[slot / 24][slot % 24] = micros as f64 / MINUTE as f64;
        }
    }
    TimeOfDay { watch_minutes }
}

fn time_to_play(waits: &mut Steps, shows_averages: bool) -> TimeToPlay {
    let waits = waits.sorted();
    let sessions: i64 = waits.iter().map(|(_, count)| count).sum();
    let sum: i128 = waits
        .iter()
        .map(|&(waited, count)| i128::from(waited) * i128::from(count))
        .sum();
    let percentile = |percent: i64| {
        let mut seen = 0;
        let found = waits.iter().find(|(_, count)| {
            seen += count;
            seen * 100 >= sessions * percent
        });
        found
            .filter(|_| shows_averages)
            .map(|&(waited, _)| micros::to_seconds(waited))
    };
    TimeToPlay {
        sessions: sessions.unsigned_abs(),
        average_seconds: (sessions > 0 && shows_averages).then(|| seconds(sum) / sessions as f64),
        median_seconds: percentile(50),
        p95_seconds: percentile(95),
    }
}
