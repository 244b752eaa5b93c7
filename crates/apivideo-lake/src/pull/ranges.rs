//! The request ranges that a pull has to read.

use std::collections::{BTreeMap, BTreeSet};

use apivideo::AssetId;
use apivideo::jiff::civil::Date;

use crate::date_range::DateRange;
use crate::manifest::{LakeManifest, RequestRange};
use crate::options::RunOptions;

/// Returns the request ranges to read: days that become final in the longest possible ranges, mutable days one by one, and
/// the days in `again`, which were damaged.
pub(super) fn required(
    options: &RunOptions,
    lake: Option<&LakeManifest>,
    assets: &[AssetId],
    period: DateRange,
    again: &BTreeSet<Date>,
) -> Vec<RequestRange> {
    let final_until = options.final_until();
    let final_period =
        final_until.and_then(|last| period.intersection(DateRange::new(Date::MIN, last)));
    let mutable: Vec<Date> = period
        .days()
        .filter(|day| final_until.is_none_or(|last| *day > last))
        .collect();
    let known = match (options.reread, lake) {
        (false, Some(lake)) => lake.final_ranges(),
        _ => BTreeMap::new(),
    };
    let again: Vec<DateRange> = again.iter().map(|day| DateRange::day(*day)).collect();
    let mut ranges = Vec::new();
    for asset in assets {
        let known: Vec<DateRange> = known
            .get(asset)
            .into_iter()
            .flatten()
            .flat_map(|range| range.subtract(&again))
            .collect();
        let missing = final_period
            .map(|period| period.subtract(&known))
            .unwrap_or_default();
        ranges.extend(
            missing
                .into_iter()
                .map(|period| RequestRange::new(asset.clone(), period, true)),
        );
        let mutable = mutable
            .iter()
            .filter(|day| !known.iter().any(|range| range.contains(**day)));
        ranges.extend(
            mutable.map(|day| RequestRange::new(asset.clone(), DateRange::day(*day), false)),
        );
    }
    // Damaged days are read again for all their assets, including those outside of the selection and the period.
    let recorded = lake.map_or(&[][..], |lake| &lake.ranges);
    for day in &again {
        let mut assets: Vec<&AssetId> = recorded
            .iter()
            .filter(|range| range.period.covers(*day))
            .map(|range| &range.asset)
            .collect();
        assets.dedup();
        for asset in assets {
            let is_read = ranges
                .iter()
                .any(|range| range.asset == *asset && range.period.overlaps(*day));
            if !is_read {
                let is_final = final_until.is_some_and(|last| day.last <= last);
                ranges.push(RequestRange::new(asset.clone(), *day, is_final));
            }
        }
    }
    ranges.sort_by(|one, other| (&one.asset, one.period).cmp(&(&other.asset, other.period)));
    ranges
}
