//! The numbers of stored sessions, which are compared with those that were received.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use apivideo::AssetId;
use apivideo::jiff::civil::Date;

use crate::error::Result;
use crate::folder::Folder;
use crate::format::Format;
use crate::manifest::DayManifest;
use crate::partition::Partition;
use crate::staging::Staging;
use crate::table::Table;

/// The sessions of a day by asset: those that are stored and those that were forgotten since, without those that were only listed
/// for a period of other days.
pub(super) type DayCounts = HashMap<String, u64>;

/// The stored sessions of each staged request range.
#[derive(Default)]
pub(super) struct StoredCounts {
    days: BTreeSet<Partition>,
    ranges: BTreeMap<u32, u64>,
}

impl StoredCounts {
    /// Returns whether a day was counted.
    pub(super) fn has(&self, day: Partition) -> bool {
        self.days.contains(&day)
    }

    /// Adds the sessions of a day to the ranges that contain it.
    pub(super) fn add_day(&mut self, day: Partition, counts: &DayCounts, staging: &Staging) {
        self.days.insert(day);
        for (number, staged) in staging.ranges() {
            if staged.range.contains(day)
                && let Some(count) = counts.get(&staged.range.asset.to_string())
            {
                *self.ranges.entry(number).or_default() += count;
            }
        }
    }

    /// Returns the sessions that are stored for a range.
    pub(super) fn of_range(&self, number: u32) -> u64 {
        self.ranges.get(&number).copied().unwrap_or_default()
    }
}

/// Counts the stored sessions of a day.
pub(super) fn count_day(folder: &Folder, format: Format, day: Partition) -> Result<DayCounts> {
    let Some(manifest) = DayManifest::load(folder, day)? else {
        return Ok(DayCounts::new());
    };
    let mut counts: DayCounts = manifest.forgotten.clone().into_iter().collect();
    let rows = match manifest.file(Table::Sessions) {
        Some(entry) => folder.rows(format, Table::Sessions, &entry.path)?,
        None => None,
    };
    for row in rows.into_iter().flatten() {
        let key = row?.key();
        if let Some(asset) = key.asset_id()
            && !manifest.is_out_of_period(&asset, &key.session_id)
        {
            *counts.entry(key.asset()).or_default() += 1;
        }
    }
    Ok(counts)
}

/// Counts the stored sessions of all days by asset and day.
pub(super) fn count_all(
    folder: &Folder,
    format: Format,
) -> Result<BTreeMap<AssetId, BTreeMap<Date, u64>>> {
    let mut counts: BTreeMap<AssetId, BTreeMap<Date, u64>> = BTreeMap::new();
    for partition in folder.days()? {
        let Partition::Day(date) = partition else {
            continue;
        };
        for (asset, count) in count_day(folder, format, partition)? {
            if let Ok(asset) = asset.parse::<AssetId>() {
                counts.entry(asset).or_default().insert(date, count);
            }
        }
    }
    Ok(counts)
}
