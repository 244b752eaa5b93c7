//! Cohorts of viewers by the week of their first session.

use std::collections::BTreeMap;

use super::distinct::Distinct;
use crate::micros;
use crate::report::{Cohort, Cohorts};

/// The weeks in which each viewer was active. Memory: at most 32 bytes for each viewer and week.
#[derive(Clone, Debug, Default)]
pub(crate) struct ActiveWeeks {
    weeks: Distinct<(u64, i64)>,
    left_out: u64,
}

impl ActiveWeeks {
    pub(crate) fn add(&mut self, viewer: Option<u64>, day: Option<i64>) {
        match (viewer, day) {
            // The Unix epoch was a Thursday.
            (Some(viewer), Some(day)) => self.weeks.insert((viewer, (day + 3).div_euclid(7))),
            _ => self.left_out += 1,
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.weeks.merge(other.weeks);
        self.left_out += other.left_out;
    }

    pub(crate) fn finish(&mut self) -> Cohorts {
        let mut cohorts: BTreeMap<i64, BTreeMap<i64, u64>> = BTreeMap::new();
        for viewer in self.weeks.sorted().chunk_by(|a, b| a.0 == b.0) {
            let first = viewer[0].1;
            let active = cohorts.entry(first).or_default();
            for (_, week) in viewer {
                *active.entry(week - first).or_default() += 1;
            }
        }
        Cohorts {
            cohorts: cohorts
                .into_iter()
                .map(|(week, active)| cohort(week, &active))
                .collect(),
            sessions_left_out: self.left_out,
        }
    }
}

fn cohort(week: i64, active: &BTreeMap<i64, u64>) -> Cohort {
    let monday = micros::to_date(week * 7 - 3);
    let iso = monday.iso_week_date();
    let last = active.keys().next_back().copied().unwrap_or(0);
    let active: Vec<u64> = (0..=last)
        .map(|offset| active.get(&offset).copied().unwrap_or(0))
        .collect();
    Cohort {
        week: format!("{}-W{:02}", iso.year(), iso.week()),
        monday,
        viewers: active.first().copied().unwrap_or(0),
        active,
    }
}
