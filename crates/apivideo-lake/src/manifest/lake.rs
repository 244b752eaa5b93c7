//! The manifest of a lake: `_manifest/lake.json`.

use std::collections::{BTreeMap, BTreeSet};

use apivideo::AssetId;
use apivideo::jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{FileEntry, Goal, RequestRange, Settings};
use crate::columns::SCHEMA_VERSION;
use crate::date_range::DateRange;
use crate::error::{Error, ErrorKind, Result};
use crate::folder::{Folder, LAKE_MANIFEST};
use crate::format::Format;
use crate::partition::Partition;
use crate::storage::Visit;
use crate::viewer_key::ViewerKey;

/// The version of the layout of the folder and of the manifests.
const VERSION: u32 = 4;

/// The version before there were derived tables. Deriving them upgrades the lake.
const VERSION_WITHOUT_DERIVED: u32 = 3;

/// The settings and the state of a lake.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LakeManifest {
    /// The version of the layout of the folder.
    pub(crate) apivideo_lake: u32,
    #[serde(flatten)]
    pub(crate) settings: Settings,
    /// The format to which the files are being converted. Until that is complete, days have this format or that of the
    /// settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) converting: Option<Format>,
    /// The first day of the lake.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) since: Option<Partition>,
    /// The last day up to which everything pulled is complete and final.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) complete_until: Option<Partition>,
    /// The smallest lag with which days were made final.
    #[serde(default)]
    pub(crate) lag: Option<u32>,
    /// The pulls that have started and are not complete.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) unfinished: Vec<Goal>,
    /// The requests and their outcomes, by asset and period.
    #[serde(default)]
    pub(crate) ranges: Vec<RequestRange>,
    /// The days that have a manifest.
    #[serde(default)]
    pub(crate) days: BTreeSet<Partition>,
    /// The files in `_invalid` with sessions, by asset, and with videos and live streams.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) invalid: Vec<FileEntry>,
    /// The lists of videos or live streams that contained records without a valid id, by kind.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) invalid_assets: BTreeMap<String, InvalidAssets>,
    /// What identifies viewers in derived tables.
    #[serde(default)]
    pub(crate) viewer_key: ViewerKey,
    /// Whether the lake has a list of what was forgotten: without its file, pulls would store these sessions again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) forgotten: bool,
    /// The days whose aggregates are final.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) aggregates: Vec<DateRange>,
}

/// The records without a valid id of a list of videos or live streams.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct InvalidAssets {
    pub(crate) records: u64,
    /// Whether days were made final in spite of them.
    pub(crate) accepted: bool,
}

impl LakeManifest {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            apivideo_lake: VERSION,
            settings,
            converting: None,
            since: None,
            complete_until: None,
            lag: None,
            unfinished: Vec::new(),
            ranges: Vec::new(),
            days: BTreeSet::new(),
            invalid: Vec::new(),
            invalid_assets: BTreeMap::new(),
            viewer_key: ViewerKey::default(),
            forgotten: false,
            aggregates: Vec::new(),
        }
    }

    /// Loads the manifest of a folder; returns `None` if the folder is empty or does not exist.
    ///
    /// # Errors
    /// Returns an error if its conversion to another format is not complete.
    pub(crate) fn load(folder: &Folder) -> Result<Option<Self>> {
        let lake = Self::load_converting(folder)?;
        if let Some(format) = lake.as_ref().and_then(|lake| lake.converting) {
            let path = folder.path();
            let path = path.display();
            return Err(Error::new(
                ErrorKind::Corrupt,
                format!(
                    "the conversion of {path} to {format} is not complete: run `apivideo lake convert {path} --format \
                     {format}`"
                ),
            ));
        }
        Ok(lake)
    }

    /// Loads the manifest of a folder like [`load`](Self::load), also if its conversion is not complete.
    pub(crate) fn load_converting(folder: &Folder) -> Result<Option<Self>> {
        let value = match folder.load_json::<serde_json::Value>(LAKE_MANIFEST) {
            Err(error) if is_in_a_file(&error) => {
                return Err(Error::input(format!(
                    "{} is a file and not a lake: choose an empty or a new folder",
                    folder.path().display()
                )));
            }
            loaded => loaded?,
        };
        let Some(value) = value else {
            return match foreign_file(folder)? {
                Some(name) => Err(Error::input(format!(
                    "{} is not a lake and not empty: it contains {name}; choose an empty or a new folder",
                    folder.path().display()
                ))),
                None => Ok(None),
            };
        };
        let invalid = |error| folder.invalid_manifest(LAKE_MANIFEST).with_source(error);
        check_versions(
            folder,
            &serde_json::from_value(value.clone()).map_err(invalid)?,
        )?;
        let lake: Self = serde_json::from_value(value).map_err(invalid)?;
        for entry in &lake.invalid {
            folder.check_name(LAKE_MANIFEST, &entry.path)?;
        }
        Ok(Some(lake))
    }

    /// Checks that the settings of a pull are those of the lake.
    pub(crate) fn check(&self, requested: &Settings, folder: &Folder) -> Result<()> {
        self.settings.check(requested, &folder.path())
    }

    pub(crate) fn save(&self, folder: &Folder) -> Result<()> {
        folder.put_json(LAKE_MANIFEST, self)
    }

    /// Returns the days whose manifest is missing, without those of commits that are not complete.
    pub(crate) fn missing_days(&self, folder: &Folder) -> Result<Vec<Partition>> {
        let mut found = folder.days()?;
        found.extend(folder.pending_days()?);
        let missing = self.days.iter().filter(|day| !found.contains(day));
        Ok(missing.copied().collect())
    }

    /// Returns whether the lake was written before there were derived tables.
    pub(crate) fn is_older(&self) -> bool {
        self.apivideo_lake < VERSION
    }

    /// Records that the derived tables are up to date.
    pub(crate) fn set_upgraded(&mut self) {
        self.apivideo_lake = VERSION;
    }

    /// Returns the final days by asset.
    pub(crate) fn final_ranges(&self) -> BTreeMap<&AssetId, Vec<DateRange>> {
        let mut ranges: BTreeMap<&AssetId, Vec<DateRange>> = BTreeMap::new();
        for range in self.ranges.iter().filter(|range| range.is_final) {
            ranges.entry(&range.asset).or_default().push(range.period);
        }
        ranges
    }

    /// Adds ranges that were read. They replace what was recorded about their days.
    ///
    /// `count` returns the number of stored sessions of an asset and those that were forgotten since, for the days of a range
    /// that was read only in part.
    pub(crate) fn add_ranges(
        &mut self,
        new: Vec<RequestRange>,
        count: impl Fn(&AssetId, DateRange) -> Result<u64>,
    ) -> Result<()> {
        self.remove_days_of(&new, count)?;
        self.ranges.extend(new);
        self.ranges
            .sort_by(|one, other| (&one.asset, one.period).cmp(&(&other.asset, other.period)));
        // Adjacent final ranges of an asset are merged.
        let mut merged: Vec<RequestRange> = Vec::new();
        for range in self.ranges.drain(..) {
            match merged.last_mut() {
                Some(last)
                    if last.is_final
                        && range.is_final
                        && last.asset == range.asset
                        && last.period.is_followed_by(range.period) =>
                {
                    last.extend(range);
                }
                _ => merged.push(range),
            }
        }
        self.ranges = merged;
        Ok(())
    }

    /// Removes the days of the new ranges from the recorded ones, splitting them where needed.
    fn remove_days_of(
        &mut self,
        new: &[RequestRange],
        count: impl Fn(&AssetId, DateRange) -> Result<u64>,
    ) -> Result<()> {
        let mut read: BTreeMap<&AssetId, Vec<DateRange>> = BTreeMap::new();
        for range in new {
            read.entry(&range.asset).or_default().push(range.period);
        }
        let mut ranges = Vec::new();
        for old in self.ranges.drain(..) {
            let read = read.get(&old.asset).map_or(&[][..], Vec::as_slice);
            let rest = old.period.subtract(read);
            if rest == [old.period] {
                ranges.push(old);
                continue;
            }
            // The stored sessions are what the service lists for the rest only if none was listed for another period.
            let is_countable = old.is_complete()
                && old.items_total.is_some()
                && old.out_of_period == 0
                && old.forgotten == 0
                && !new.iter().any(|range| {
                    range.asset == old.asset
                        && range.period.overlaps(old.period)
                        && range.out_of_period > 0
                });
            for period in rest {
                let sessions = count(&old.asset, period)?;
                ranges.push(RequestRange {
                    items_total: is_countable.then_some(sessions),
                    sessions,
                    invalid: old.invalid,
                    failed: old.failed.clone(),
                    accepted: old.accepted,
                    ..RequestRange::new(old.asset.clone(), period, old.is_final)
                });
            }
        }
        self.ranges = ranges;
        Ok(())
    }

    /// Records that a pull has started. It replaces those that it covers.
    pub(crate) fn start(&mut self, goal: Goal) {
        self.unfinished.retain(|other| !goal.covers(other));
        self.unfinished.push(goal);
    }

    /// Records that a pull is complete.
    pub(crate) fn finish(&mut self, goal: &Goal) {
        self.unfinished.retain(|other| !goal.covers(other));
    }

    /// Makes the ranges mutable that end after the last day that can be final: a clock that was ahead made them final.
    /// Returns whether there are any.
    pub(crate) fn reopen_after(&mut self, last: Option<Date>) -> bool {
        let mut is_any = false;
        for range in &mut self.ranges {
            if range.is_final && last.is_none_or(|last| range.period.last > last) {
                range.is_final = false;
                is_any = true;
            }
        }
        if is_any {
            self.complete_until = None;
        }
        is_any
    }

    /// Makes the aggregates of days mutable that cannot be final yet, or whose files are missing.
    pub(crate) fn reopen_aggregates(&mut self, last: Option<Date>, missing: &BTreeSet<Date>) {
        let days: Vec<Date> = self
            .aggregates
            .iter()
            .flat_map(|range| range.days())
            .filter(|day| last.is_some_and(|last| *day <= last) && !missing.contains(day))
            .collect();
        self.aggregates.clear();
        for day in days {
            self.add_aggregates(day);
        }
    }

    /// Records that the aggregates of a day are final.
    pub(crate) fn add_aggregates(&mut self, day: Date) {
        let mut days: BTreeSet<Date> = self
            .aggregates
            .iter()
            .flat_map(|range| range.days())
            .collect();
        days.insert(day);
        self.aggregates.clear();
        for day in days {
            match self.aggregates.last_mut() {
                Some(last) if last.is_followed_by(DateRange::day(day)) => last.last = day,
                _ => self.aggregates.push(DateRange::day(day)),
            }
        }
    }

    /// Returns the last day up to which all of the assets are final, starting at `from`.
    pub(crate) fn final_until(&self, assets: &[AssetId], from: Date) -> Option<Date> {
        let ranges = self.final_ranges();
        let until = assets.iter().map(|asset| {
            let mut until = None;
            let mut ranges = ranges.get(asset).cloned().unwrap_or_default();
            ranges.sort_unstable();
            for range in ranges {
                if range.contains(until.unwrap_or(from))
                    || until.is_some_and(|day| DateRange::day(day).is_followed_by(range))
                {
                    until = Some(range.last);
                }
            }
            until
        });
        until.min().flatten()
    }
}

/// The versions in the manifest, which every version of this crate can read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Versions {
    apivideo_lake: u32,
    #[serde(default)]
    schema: u32,
}

fn check_versions(folder: &Folder, found: &Versions) -> Result<()> {
    let (version, schema) = (found.apivideo_lake, found.schema);
    if (VERSION_WITHOUT_DERIVED..=VERSION).contains(&version) && schema == SCHEMA_VERSION {
        return Ok(());
    }
    let (age, advice) = match version > VERSION || schema > SCHEMA_VERSION {
        true => ("a newer", "update this program"),
        false => ("an older", "pull into a new folder"),
    };
    Err(Error::new(
        ErrorKind::UnsupportedVersion,
        format!(
            "{} was written by {age} version (layout {version}, columns {schema}; this program supports layout {VERSION}, \
             columns {SCHEMA_VERSION}): {advice} (nothing was changed)",
            folder.path().display(),
        ),
    ))
}

/// Returns whether the folder of the lake is a file.
fn is_in_a_file(error: &Error) -> bool {
    let source = std::error::Error::source(error);
    let source = source.and_then(|source| source.downcast_ref::<std::io::Error>());
    source.is_some_and(|source| source.kind() == std::io::ErrorKind::NotADirectory)
}

/// Returns the name of a file in the folder that no lake contains.
fn foreign_file(folder: &Folder) -> Result<Option<String>> {
    const OWN: [&str; 5] = ["_lock", "_staging", "_derived", "_manifest", "_invalid"];
    let mut foreign = None;
    folder.list("", &mut |stored| {
        let name = stored.name.split('/').next().unwrap_or_default();
        if OWN.contains(&name) || name.starts_with('.') {
            return Visit::Continue;
        }
        foreign = Some(name.to_owned());
        Visit::Stop
    })?;
    Ok(foreign)
}
