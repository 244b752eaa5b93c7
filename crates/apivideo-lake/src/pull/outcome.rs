//! The outcome of a pull in the manifest: which request ranges are complete, and up to which day everything is final.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use apivideo::AssetId;
use apivideo::jiff::civil::Date;

use super::reopen::MISSING_FILE;
use super::state::Run;
use super::stored_counts;
use crate::date_range::DateRange;
use crate::error::{ErrorKind, Result};
use crate::folder::Folder;
use crate::invalid::{self, InvalidRecord};
use crate::manifest::{DayManifest, RequestRange};
use crate::partition::Partition;
use crate::staging::{RangeState, StagedRange};

impl Run {
    /// Records the ranges that were read, and what is missing.
    pub(super) fn record_outcome(&mut self, assets: &[AssetId]) -> Result<()> {
        self.check_clocks();
        let mut ranges = Vec::new();
        let mut invalid: BTreeMap<AssetId, Vec<InvalidRecord>> = BTreeMap::new();
        self.count_stored_days()?;
        for (number, staged) in self.staged_ranges() {
            let is_blocked = self.blocked.iter().any(|day| match day {
                Partition::Day(day) => staged.range.period.contains(*day),
                Partition::Unknown => true,
            });
            if is_blocked {
                continue;
            }
            let records = staged.invalid.clone();
            let range = self.close_range(number, staged);
            invalid
                .entry(range.asset.clone())
                .or_default()
                .extend(records);
            ranges.push(range);
        }
        self.record_invalid_sessions(&ranges, invalid)?;
        self.add_ranges(ranges)?;
        // A missing file may have had sessions of ranges that this pull did not read.
        for range in &self.lake.ranges {
            if range.failed.as_deref() == Some(MISSING_FILE)
                && let Some(problem) = range.problem()
            {
                let problem = format!("{problem}; pull that period to read them again");
                self.report.problems.push(problem);
            }
        }
        let first = self.period().first;
        let since = match self.lake.since {
            Some(Partition::Day(since)) => since.min(first),
            _ => first,
        };
        self.lake.since = Some(Partition::Day(since));
        let lag = self.options.lag;
        self.lake.lag = Some(self.lake.lag.map_or(lag, |least| least.min(lag)));
        self.lake.days = self.folder().days()?.into_iter().collect();
        let until = self.complete_until(assets, since)?;
        self.lake.complete_until = until.map(Partition::Day);
        self.report.complete_until = until;
        self.lake.save(self.folder())
    }

    /// Counts the sessions of days that an earlier run has written.
    fn count_stored_days(&mut self) -> Result<()> {
        for day in self.folder().days()? {
            if self.blocked.contains(&day) || self.stored.has(day) {
                continue;
            }
            let mut ranges = self.staging.ranges();
            if ranges.any(|(_, staged)| staged.range.contains(day)) {
                let format = self.lake.settings.format;
                let counts = stored_counts::count_day(self.folder(), format, day)?;
                self.stored.add_day(day, &counts, &self.staging);
            }
        }
        Ok(())
    }

    /// Decides whether a range is final, and reports what is wrong with it.
    fn close_range(&mut self, number: u32, staged: StagedRange) -> RequestRange {
        let mut range = staged.range;
        let received = range.sessions.saturating_sub(range.out_of_period);
        let stored = self.stored.of_range(number);
        if range.is_complete() && stored < received {
            range.failed = Some(format!(
                "{received} sessions were received, and {stored} are stored; run the pull again to read them again"
            ));
        }
        let not_found = staged.state == RangeState::Failed { not_found: true };
        let final_until = self.options.final_until();
        range.is_final &= final_until.is_some_and(|last| range.period.last <= last);
        let Some(problem) = range.problem() else {
            return range;
        };
        let is_acceptable = range.missing() == 0 && (range.failed.is_none() || not_found);
        range.accepted = self.options.accept_invalid && is_acceptable;
        range.is_final &= range.accepted;
        if range.accepted {
            self.report.accepted += range.invalid.max(1);
            self.report.skipped_sessions -= range.invalid;
            return range;
        }
        // Invalid records alone are counted as skipped sessions.
        if !is_acceptable || not_found {
            self.report.problems.push(problem);
        }
        self.report.describe(&staged.invalid);
        range
    }

    /// Adds the ranges to the manifest; counts stored sessions only if a recorded range was read in part.
    fn add_ranges(&mut self, ranges: Vec<RequestRange>) -> Result<()> {
        let (folder, format) = (&self.options.folder, self.lake.settings.format);
        let counts = OnceCell::new();
        self.lake.add_ranges(ranges, |asset, period| {
            let counts = match counts.get() {
                Some(counts) => counts,
                None => {
                    let all = stored_counts::count_all(folder, format)?;
                    counts.get_or_init(|| all)
                }
            };
            let of_asset = counts.get(asset).into_iter().flatten();
            Ok(of_asset
                .filter(|(day, _)| period.contains(**day))
                .map(|(_, count)| count)
                .sum())
        })
    }

    /// Returns the last day up to which everything is complete and final.
    fn complete_until(&self, assets: &[AssetId], since: Date) -> Result<Option<Date>> {
        let mut invalid_assets = self.lake.invalid_assets.values();
        if !invalid_assets.all(|invalid| invalid.accepted) {
            return Ok(None);
        }
        let mut until = self.lake.final_until(assets, since);
        for day in &self.lake.days {
            if let Partition::Day(date) = day
                && until.is_some_and(|until| *date <= until)
                && DayManifest::load(self.folder(), *day)?.is_some_and(|day| !day.is_complete())
            {
                until = date.yesterday().ok().filter(|until| *until >= since);
            }
        }
        Ok(until)
    }

    /// Returns whether all recorded ranges of an asset that have invalid sessions were read again.
    fn is_read_again(&self, asset: &AssetId, ranges: &[RequestRange]) -> bool {
        let read = ranges.iter();
        let read = read.filter(|range| range.asset == *asset && range.failed.is_none());
        let read: Vec<DateRange> = read.map(|range| range.period).collect();
        let mut recorded = self.lake.ranges.iter();
        recorded.all(|range| {
            range.asset != *asset || range.invalid == 0 || range.period.subtract(&read).is_empty()
        })
    }

    /// Stores the sessions that could not be decoded, in one file for each asset.
    fn record_invalid_sessions(
        &mut self,
        ranges: &[RequestRange],
        mut invalid: BTreeMap<AssetId, Vec<InvalidRecord>>,
    ) -> Result<()> {
        let assets: BTreeSet<&AssetId> = ranges.iter().map(|range| &range.asset).collect();
        for asset in assets {
            let path = Folder::invalid_sessions(asset);
            let is_known = self.lake.invalid.iter().any(|entry| entry.path == path);
            let new = invalid.remove(asset).unwrap_or_default();
            // A kill can leave a file that the manifest does not name.
            if !is_known && new.is_empty() && !self.folder().contains(&path)? {
                continue;
            }
            let mut records = match InvalidRecord::load(self.folder(), &path) {
                Ok(records) => records,
                // All records of the file were received again.
                Err(error) if error.kind() == ErrorKind::Corrupt => {
                    if !self.is_read_again(asset, ranges) {
                        return Err(invalid::damaged(self.folder(), &path, error));
                    }
                    Vec::new()
                }
                Err(error) => return Err(error),
            };
            // The records of periods that were read again are replaced.
            records.retain(|record| {
                !record.period.is_some_and(|period| {
                    ranges
                        .iter()
                        .any(|range| range.asset == *asset && range.period.overlaps(period))
                })
            });
            records.extend(new);
            self.replace_invalid(&path, records)?;
        }
        Ok(())
    }
}
