//! The steps of a pull in their order: assets, sessions, days, aggregates.

use std::collections::{BTreeMap, BTreeSet};

use apivideo::AssetId;

use super::assets::{self, ListedAssets};
use super::ranges;
use super::state::Run;
use crate::date_range::DateRange;
use crate::delta::{self, OldFiles};
use crate::error::{ErrorKind, Result};
use crate::folder::{INVALID_ASSETS, files};
use crate::invalid::{self, InvalidRecord};
use crate::manifest::{InvalidAssets, RequestRange};
use crate::partition::Partition;
use crate::progress::Stage;
use crate::report::Report;
use crate::staging::{RangeState, StagedRange};

impl Run {
    /// Runs all steps.
    pub(super) async fn run(mut self) -> Result<Report> {
        let Some(listed) = assets::list(&self.options, &self.budget).await? else {
            return Ok(self.into_stopped_report());
        };
        self.record_invalid_assets(&listed)?;
        let assets = listed.assets;
        self.reopen()?;
        self.stage_ranges(&assets)?;
        self.update_progress(|progress| progress.stage = Stage::Sessions);
        if !self.read_sessions().await? {
            return Ok(self.into_stopped_report());
        }
        for (day, path) in std::mem::take(&mut self.damage.changed) {
            self.block(day, &path);
        }
        let days = self.days_to_write()?;
        let committed = self.staging.committed().keys();
        let committed = committed.filter(|day| !days.contains(*day)).count() as u64;
        let total = committed + days.len() as u64;
        self.update_progress(|progress| {
            progress.stage = Stage::Days;
            progress.days = committed;
            progress.days_committed = committed;
            progress.days_total = total;
        });
        for day in days {
            if !self.blocked.contains(&day) && !self.write_day(day).await? {
                return Ok(self.into_stopped_report());
            }
            self.update_progress(|progress| progress.days += 1);
        }
        self.record_outcome(&assets)?;
        let problems = self.report.problems.len();
        if self.options.aggregates {
            self.update_progress(|progress| progress.stage = Stage::Aggregates);
            if !self.read_aggregates(&assets).await? {
                return Ok(self.into_stopped_report());
            }
        }
        self.derive_tables().await?;
        self.folder().check_lock()?;
        delta::publish(self.folder(), self.options.now(), OldFiles::Keep)?;
        if self.blocked.is_empty() {
            files::remove_dir(&self.folder().staging())?;
            // Nothing but the unfinished pull records that aggregates could not be read.
            if self.report.problems.len() == problems {
                self.lake.finish(&self.goal);
            }
            self.lake.days = self.folder().days()?.into_iter().collect();
            self.lake.save(self.folder())?;
        }
        self.update_progress(|progress| progress.stage = Stage::Done);
        Ok(self.into_report())
    }

    /// Stores the records of videos and live streams without a valid id.
    fn record_invalid_assets(&mut self, listed: &ListedAssets) -> Result<()> {
        if listed.invalid.is_empty() {
            return Ok(());
        }
        let path = INVALID_ASSETS.to_owned();
        let mut records = match InvalidRecord::load(self.folder(), &path) {
            Ok(records) => records,
            Err(error) if error.kind() == ErrorKind::Corrupt => {
                let mut recorded = self.lake.invalid_assets.keys();
                if !recorded.all(|kind| listed.invalid.contains_key(kind.as_str())) {
                    return Err(invalid::damaged(self.folder(), &path, error));
                }
                Vec::new()
            }
            Err(error) => return Err(error),
        };
        records.retain(|record| !listed.invalid.contains_key(record.asset.as_str()));
        for (kind, new) in &listed.invalid {
            self.lake.invalid_assets.remove(*kind);
            if new.is_empty() {
                continue;
            }
            let invalid = InvalidAssets {
                records: new.len() as u64,
                accepted: self.options.accept_invalid,
            };
            if invalid.accepted {
                self.report.accepted += invalid.records;
            } else {
                self.report.skipped_assets += invalid.records;
                self.report.describe(new);
            }
            self.lake.invalid_assets.insert((*kind).to_owned(), invalid);
            records.extend(new.iter().cloned());
        }
        self.replace_invalid(&path, records)?;
        self.lake.save(self.folder())
    }

    /// Replaces a file in `_invalid` and its entry in the manifest.
    pub(super) fn replace_invalid(
        &mut self,
        path: &str,
        mut records: Vec<InvalidRecord>,
    ) -> Result<()> {
        records.sort_by(|one, other| one.sort_key().cmp(&other.sort_key()));
        let entry = invalid::replace(self.folder(), path, &records)?;
        let entries = &mut self.lake.invalid;
        entries.retain(|entry| entry.path != path);
        entries.extend(entry);
        entries.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(())
    }

    /// Discards the staged ranges that are not needed, and stages the required ones.
    fn stage_ranges(&mut self, assets: &[AssetId]) -> Result<()> {
        let mut required: BTreeMap<AssetId, Vec<RequestRange>> = BTreeMap::new();
        let again = self.damage.days_to_list();
        let lake = Some(&self.lake);
        for range in ranges::required(&self.options, lake, assets, self.period(), &again) {
            required.entry(range.asset.clone()).or_default().push(range);
        }
        // What was staged of committed days is removed, so a committed day that is missing is requested again.
        let is_lost = |range: &RequestRange| {
            let mut lost = self.damage.sessions.iter();
            lost.any(|day| {
                self.staging.committed().contains_key(day)
                    && (range.contains(*day) || *day == Partition::Unknown)
            })
        };
        let lost: Vec<u32> = self
            .staging
            .ranges()
            .filter(|(_, staged)| is_lost(&staged.range))
            .map(|(number, _)| number)
            .collect();
        for number in lost {
            self.staging.discard(number);
        }
        // A limited budget would be spent on reading the same ranges again in each run.
        let is_limited = self.budget.is_limited();
        let mut kept: BTreeMap<AssetId, Vec<DateRange>> = BTreeMap::new();
        for (number, staged) in self.staged_ranges() {
            let kept = kept.entry(staged.range.asset.clone()).or_default();
            let range = staged.range;
            let is_reusable = is_limited
                || match staged.state {
                    RangeState::New | RangeState::At(_) => true,
                    RangeState::Done => range.is_complete(),
                    RangeState::Failed { .. } => false,
                };
            let replaces = |required: &RequestRange| match (required.is_final, range.is_final) {
                (true, true) => required.period.covers(range.period),
                (false, false) => is_limited && required.period == range.period,
                _ => false,
            };
            let mut required = required.get(&range.asset).into_iter().flatten();
            let is_required = is_reusable
                && required.any(replaces)
                && !kept.iter().any(|period| period.overlaps(range.period));
            if is_required {
                kept.push(range.period);
            } else {
                self.staging.discard(number);
            }
        }
        for range in required.into_values().flatten() {
            let rest = match (range.is_final, kept.get(&range.asset)) {
                (true, Some(kept)) => range.period.subtract(kept),
                (false, Some(kept)) if kept.contains(&range.period) => continue,
                _ => vec![range.period],
            };
            for period in rest {
                let range = RequestRange::new(range.asset.clone(), period, range.is_final);
                self.staging.add(range);
            }
        }
        self.staging.remove_discarded()
    }

    /// Returns copies of the staged ranges, so that the staging can be changed.
    pub(super) fn staged_ranges(&self) -> Vec<(u32, StagedRange)> {
        self.staging
            .ranges()
            .map(|(number, staged)| (number, staged.clone()))
            .collect()
    }

    /// Returns the days whose files may have to change.
    fn days_to_write(&self) -> Result<BTreeSet<Partition>> {
        let mut days: BTreeSet<Partition> = self.staging.days().collect();
        days.extend(self.damage.days_to_write());
        for day in self.folder().days()? {
            let mut ranges = self.staging.ranges_to_merge(day);
            let is_affected = match day {
                Partition::Day(_) => ranges.any(|staged| staged.range.contains(day)),
                Partition::Unknown => ranges.next().is_some(),
            };
            if is_affected {
                days.insert(day);
            }
        }
        Ok(days)
    }

    fn into_stopped_report(mut self) -> Report {
        self.report.stopped = true;
        self.into_report()
    }

    fn into_report(mut self) -> Report {
        self.count_requests();
        self.report.clone()
    }
}
