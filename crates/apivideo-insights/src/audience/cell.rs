//! The measures of a set of sessions.

use std::collections::BTreeMap;

use super::arrival::Arrival;
use super::day::DayRow;
use super::part::Part;
use super::spans::{MAX_WALL, Spans};
use super::steps::Steps;
use super::sweep::Sweep;
use super::viewers::Viewers;
use crate::drop_reason::Dropped;
use crate::playback::Playback;

#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) sessions: u64,
    pub(crate) unreadable: u64,
    pub(crate) without_events: u64,
    pub(crate) impressions: u64,
    pub(crate) plays: u64,
    pub(crate) ended: u64,
    pub(crate) events: u64,
    pub(crate) ready_events: u64,
    pub(crate) play_events: u64,
    pub(crate) end_events: u64,
    pub(crate) visits: u64,
    pub(crate) open: u64,
    pub(crate) skewed: u64,
    pub(crate) too_long: u64,
    pub(crate) seeking: u64,
    pub(crate) seeks: u64,
    pub(crate) dropped: Dropped,
}

/// Sums in microseconds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sums {
    pub(crate) watch: i128,
    pub(crate) playing: i128,
    pub(crate) covered: i128,
    pub(crate) lower: i128,
    pub(crate) upper: i128,
    pub(crate) estimated: i128,
    pub(crate) skipped: i128,
    pub(crate) rewound: i128,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    pub(crate) counts: Counts,
    pub(crate) sums: Sums,
    pub(crate) viewers: Viewers,
    pub(crate) playing: Sweep,
    pub(crate) minutes: Sweep,
    pub(crate) presence: Sweep,
    pub(crate) days: BTreeMap<i64, DayRow>,
    /// Media time by hour of the week.
    pub(crate) hours: Option<Box<[i64; 168]>>,
    pub(crate) time_to_play: Steps,
    /// By ascending index of the asset. Empty in a cell of one asset and of all assets, whose parts are kept elsewhere.
    pub(crate) parts: Vec<(u32, Part)>,
}

impl Cell {
    /// Adds a session without its intervals.
    ///
    /// `playback` is `None` if the events could not be read.
    pub(crate) fn add_arrival(&mut self, arrival: &Arrival, playback: Option<&Playback>) {
        self.add_presence(arrival.presence);
        if !arrival.is_counted {
            return;
        }
        self.counts.sessions += 1;
        self.viewers.add(arrival.viewer, arrival.is_play);
        let has_impression = playback.is_some_and(|playback| playback.ready_events > 0);
        if let Some(day) = arrival.day {
            let row = self.days.entry(day).or_default();
            row.sessions += 1;
            row.impressions += u64::from(has_impression);
            row.plays += u64::from(arrival.is_play);
            row.add_viewer(arrival.viewer);
        }
        match playback {
            Some(playback) => self.add_counts(arrival, playback),
            None => self.counts.unreadable += 1,
        }
    }

    fn add_counts(&mut self, arrival: &Arrival, playback: &Playback) {
        let counts = &mut self.counts;
        counts.without_events += u64::from(playback.events == 0);
        counts.impressions += u64::from(playback.ready_events > 0);
        counts.plays += u64::from(arrival.is_play);
        counts.ended += u64::from(playback.end_events > 0);
        counts.events += u64::from(playback.events);
        counts.ready_events += u64::from(playback.ready_events);
        counts.play_events += u64::from(playback.play_events);
        counts.end_events += u64::from(playback.end_events);
        counts.visits += u64::from(playback.visits);
        counts.open += u64::from(playback.is_open);
        counts.skewed += u64::from(playback.is_skewed);
        counts.dropped.merge(&playback.dropped);
        counts.seeking += u64::from(!playback.seeks.is_empty());
        counts.seeks += playback.seeks.len() as u64;
        for seek in &playback.seeks {
            let distance = i128::from(seek.to) - i128::from(seek.from);
            self.sums.skipped += distance.max(0);
            self.sums.rewound += (-distance).max(0);
        }
        if let Some(waited) = playback.time_to_play {
            self.time_to_play.add(waited, 1);
        }
    }

    /// Adds the time during which a session was present.
    fn add_presence(&mut self, presence: Option<(i64, i64)>) {
        match presence {
            Some((from, to)) if to.saturating_sub(from) > MAX_WALL => self.counts.too_long += 1,
            Some((from, to)) => self.presence.add(from, to),
            None => {}
        }
    }

    /// Adds the intervals of a session.
    pub(crate) fn add_spans(&mut self, spans: &Spans) {
        let sums = &mut self.sums;
        sums.watch += spans.watch;
        sums.playing += spans.playing;
        sums.covered += spans.covered;
        sums.lower += spans.lower;
        sums.upper += spans.upper;
        sums.estimated += spans.estimated;
        self.counts.too_long += spans.too_long;
        for &(from, to) in &spans.wall {
            self.playing.add(from, to);
        }
        for &(from, to) in &spans.minutes {
            self.minutes.add(from, to);
        }
        for &(day, media, wall) in &spans.days {
            let row = self.days.entry(day).or_default();
            row.watch += i128::from(media);
            row.playing += i128::from(wall);
        }
        if !spans.hours.is_empty() {
            let hours = self.hours.get_or_insert_with(|| Box::new([0; 168]));
            for &(slot, media) in &spans.hours {
                hours[slot] += media;
            }
        }
    }

    /// Adds the watch time of a session to the day on which it started.
    pub(crate) fn add_started(&mut self, day: Option<i64>, spans: &Spans) {
        if let Some(day) = day {
            self.days.entry(day).or_default().started_watch += spans.watch;
        }
    }

    pub(crate) fn part(&mut self, asset: u32) -> &mut Part {
        let index = self.parts.partition_point(|&(other, _)| other < asset);
        if self
            .parts
            .get(index)
            .is_none_or(|&(other, _)| other != asset)
        {
            self.parts.insert(index, (asset, Part::default()));
        }
        &mut self.parts[index].1
    }

    /// Releases what is needed only as long as days are incomplete. `keeps_peak`: whether the changes near the peak are kept.
    pub(crate) fn seal_before(&mut self, day: i64, keeps_peak: bool) {
        self.playing.seal_before(day, keeps_peak);
        self.minutes.seal_before(day, false);
        self.presence.seal_before(day, false);
        for (_, row) in self.days.range_mut(..day) {
            row.seal();
        }
    }

    /// Merges a cell of another audience, whose assets have other indexes.
    pub(crate) fn merge(&mut self, other: Self, asset: impl Fn(u32) -> u32) {
        self.counts.merge(&other.counts);
        self.sums.merge(&other.sums);
        self.viewers.merge(other.viewers);
        self.playing.merge(other.playing);
        self.minutes.merge(other.minutes);
        self.presence.merge(other.presence);
        for (day, more) in other.days {
            self.days.entry(day).or_default().merge(more);
        }
        if let Some(more) = other.hours {
            let hours = self.hours.get_or_insert_with(|| Box::new([0; 168]));
            for (hour, more) in hours.iter_mut().zip(more.iter()) {
                *hour += more;
            }
        }
        self.time_to_play.merge(other.time_to_play);
        for (index, part) in other.parts {
            self.part(asset(index)).merge(part);
        }
    }
}

impl Counts {
    fn merge(&mut self, other: &Self) {
        self.sessions += other.sessions;
        self.unreadable += other.unreadable;
        self.without_events += other.without_events;
        self.impressions += other.impressions;
        self.plays += other.plays;
        self.ended += other.ended;
        self.events += other.events;
        self.ready_events += other.ready_events;
        self.play_events += other.play_events;
        self.end_events += other.end_events;
        self.visits += other.visits;
        self.open += other.open;
        self.skewed += other.skewed;
        self.too_long += other.too_long;
        self.seeking += other.seeking;
        self.seeks += other.seeks;
        self.dropped.merge(&other.dropped);
    }
}

impl Sums {
    fn merge(&mut self, other: &Self) {
        self.watch += other.watch;
        self.playing += other.playing;
        self.covered += other.covered;
        self.lower += other.lower;
        self.upper += other.upper;
        self.estimated += other.estimated;
        self.skipped += other.skipped;
        self.rewound += other.rewound;
    }
}
