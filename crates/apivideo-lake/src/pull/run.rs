//! A pull that runs: lists, days, and what is taken note of at the end.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use apivideo::jiff::civil::Date;

use super::damage::{self, Damage};
use super::{Listed, Pull, Report, commit};
use crate::aggregates;
use crate::asset::Asset;
use crate::error::Result;
use crate::folder::{self, Folder};
use crate::format::{self, Format};
use crate::invalid::{self, Invalid};
use crate::manifest::{Day, Goal, InvalidAssets, Lake, Part};
use crate::privacy::Privacy;
use crate::progress::{Progress, Stage};
use crate::requests::Budget;
use crate::span::{Partition, Span, subtract};
use crate::staging::{Staged, Staging, State};
use crate::table::Table;

/// Why a range is not whole whose sessions are filed under other days than its own.
const FILE_LOST: &str = "a file with some of its sessions was missing";

/// A pull that runs.
pub(super) struct Run<'a> {
    pub(super) pull: &'a Pull,
    pub(super) lake: Lake,
    goal: Goal,
    pub(super) span: Span,
    pub(super) privacy: Privacy,
    pub(super) budget: Budget,
    pub(super) report: Report,
    pub(super) staging: Staging,
    damage: Damage,
    /// Whether clocks that differ were reported.
    clocks_differ: bool,
    /// Days with files that were changed: they are left alone.
    pub(super) blocked: BTreeSet<Partition>,
}

impl<'a> Run<'a> {
    pub(super) fn new(pull: &'a Pull, mut lake: Lake, goal: Goal) -> Result<Self> {
        pull.progress.send_replace(Progress::default());
        commit::recover(&pull.folder)?;
        // What can't be understood is reported before anything is requested.
        let damage = damage::look(&pull.folder, &lake)?;
        lake.begin(goal.clone());
        lake.save(&pull.folder)?;
        Ok(Self {
            pull,
            span: goal.period,
            goal,
            privacy: pull.privacy.clone().unwrap_or_default(),
            budget: Budget::new(pull.max_requests).telling(pull.progress.clone()),
            report: Report::default(),
            staging: Staging::open(&pull.folder)?,
            lake,
            damage,
            clocks_differ: false,
            blocked: BTreeSet::new(),
        })
    }

    pub(super) async fn run(mut self) -> Result<Report> {
        let Some(listed) = self.pull.assets(&self.budget).await? else {
            return Ok(self.stop());
        };
        self.take_invalid_assets(&listed)?;
        let assets = listed.assets;
        self.heal()?;
        self.choose(&assets)?;
        self.tell(|progress| progress.stage = Stage::Sessions);
        if !self.read_sessions().await? {
            return Ok(self.stop());
        }
        for (day, path) in std::mem::take(&mut self.damage.changed) {
            self.block(day, &path);
        }
        let days = self.days()?;
        let total = days.len() as u64;
        self.tell(|progress| {
            progress.stage = Stage::Days;
            progress.days_total = total;
        });
        for day in days {
            if !self.blocked.contains(&day) && !self.day(day).await? {
                return Ok(self.stop());
            }
            self.tell(|progress| progress.days += 1);
        }
        self.conclude(&assets)?;
        let problems = self.report.problems.len();
        if self.pull.aggregates {
            self.tell(|progress| progress.stage = Stage::Aggregates);
            if !aggregates::read(
                self.pull,
                &mut self.lake,
                &assets,
                self.span,
                &self.budget,
                &mut self.report,
            )
            .await?
            {
                return Ok(self.stop());
            }
        }
        if self.blocked.is_empty() {
            // All of it is in its place.
            folder::remove_all(&self.pull.folder.staging())?;
            // Aggregates that could not be read are known by nothing else.
            if self.report.problems.len() == problems {
                self.lake.finish(&self.goal);
            }
            self.lake.days = Day::all(&self.pull.folder)?.into_iter().collect();
            self.lake.save(&self.pull.folder)?;
        }
        self.tell(|progress| progress.stage = Stage::Done);
        Ok(self.count())
    }

    /// Something worth knowing, and not a fault.
    pub(super) fn warn(&mut self, message: String) {
        self.report.warnings.push(message);
    }

    /// Keeps the records of videos and live streams without a usable id.
    fn take_invalid_assets(&mut self, listed: &Listed) -> Result<()> {
        if listed.invalid.is_empty() {
            return Ok(());
        }
        let folder = &self.pull.folder;
        let path = Folder::invalid_assets();
        let mut records = Invalid::load(folder, &path)?;
        records.retain(|record| !listed.invalid.contains_key(&record.asset));
        for (kind, new) in &listed.invalid {
            self.lake.invalid_assets.remove(kind);
            if new.is_empty() {
                continue;
            }
            let found = InvalidAssets {
                records: new.len() as u64,
                accepted: self.pull.accept_invalid,
            };
            match found.accepted {
                true => self.report.accepted += found.records,
                false => {
                    self.report.skipped_assets += found.records;
                    self.report.describe(new);
                }
            }
            self.lake.invalid_assets.insert(kind.clone(), found);
            records.extend(new.iter().cloned());
        }
        records.sort_by(|one, other| one.place().cmp(&other.place()));
        let entry = invalid::replace(folder, &path, &records)?;
        self.lake.invalid.retain(|entry| entry.path != path);
        self.lake.invalid.extend(entry);
        self.lake
            .invalid
            .sort_by(|one, other| one.path.cmp(&other.path));
        self.lake.save(folder)
    }

    /// Reports clocks that differ, once they are known to.
    fn compare_clocks(&mut self) {
        if std::mem::replace(&mut self.clocks_differ, true) {
            return;
        }
        let pull = self.pull;
        if let Some(skew) = pull.skew() {
            let side = match skew.is_negative() {
                true => "behind",
                false => "ahead of",
            };
            self.warn(format!(
                "this machine's clock is {:#} {side} the service's: days are final by the earlier one; set the clock",
                skew.abs()
            ));
        } else if pull.as_of.duration_since(pull.now()) > super::LEAST_SKEW {
            self.warn(format!(
                "{} is in the future: days are final as of {}, the present time",
                pull.as_of,
                pull.now()
            ));
        } else {
            self.clocks_differ = false;
        }
    }

    /// Compares the clocks, and opens what was made final too early or what is not there any more.
    fn heal(&mut self) -> Result<()> {
        let pull = self.pull;
        self.compare_clocks();
        let claimable = pull.claimable_until(self.lake.lag);
        if self.lake.reopen_after(claimable) {
            let until = claimable.map_or_else(|| "no day".to_owned(), |day| day.to_string());
            self.warn(format!(
                "an earlier pull made days final that can't be yet, as if by a clock that was ahead ({until} is the last \
                 that can be final): its days are read again"
            ));
        }
        self.lake
            .reopen_aggregates(claimable, &self.damage.aggregates);
        let staged: Vec<u32> = self
            .staging
            .parts()
            .filter(|(_, staged)| {
                staged.part.closed && claimable.is_none_or(|last| staged.part.period.last > last)
            })
            .map(|(number, _)| number)
            .collect();
        if !staged.is_empty() {
            let all: Vec<u32> = self.staging.parts().map(|(number, _)| number).collect();
            for number in all {
                self.staging.leave(number);
            }
        }
        let lost = self.damage.sessions.len() + self.damage.events.len();
        if lost > 0 {
            let days: Vec<String> = self
                .damage
                .sessions
                .union(&self.damage.events)
                .take(5)
                .map(Partition::to_string)
                .collect();
            let more = if lost > days.len() { ", …" } else { "" };
            self.warn(format!(
                "files of {} are missing: these days are read again",
                days.join(", ") + more
            ));
        }
        // Of these it is not known with which request range they came.
        let is_unknown = self.damage.sessions.contains(&Partition::Unknown);
        if !self.damage.sessions.is_empty() {
            for part in &mut self.lake.parts {
                if is_unknown || part.out_of_period > 0 {
                    part.closed = false;
                    part.failed.get_or_insert_with(|| FILE_LOST.to_owned());
                    self.lake.complete_until = None;
                }
            }
        }
        self.lake.save(&pull.folder)
    }

    /// Takes over what a pull before has left, as far as it is wanted, and begins the rest.
    fn choose(&mut self, assets: &[Asset]) -> Result<()> {
        let mut wanted: BTreeMap<Asset, Vec<Part>> = BTreeMap::new();
        let again = self.damage.again();
        for part in self.pull.parts(Some(&self.lake), assets, self.span, &again) {
            wanted.entry(part.asset.clone()).or_default().push(part);
        }
        let mut kept: BTreeMap<Asset, Vec<Span>> = BTreeMap::new();
        let found: Vec<(u32, Staged)> = self
            .staging
            .parts()
            .map(|(number, staged)| (number, staged.clone()))
            .collect();
        for (number, staged) in found {
            let part = staged.part;
            let kept = kept.entry(part.asset.clone()).or_default();
            // With few requests at a time, what is read again each time would leave none for the rest.
            let is_good = self.budget.is_limited()
                || match staged.state {
                    State::New | State::At(_) => true,
                    State::Done => part.is_whole(),
                    State::Failed { .. } => false,
                };
            let is_wanted = is_good
                && part.closed
                && wanted
                    .get(&part.asset)
                    .into_iter()
                    .flatten()
                    .any(|wanted| wanted.closed && wanted.period.covers(part.period))
                && !kept.iter().any(|span| span.overlaps(part.period));
            if is_wanted {
                kept.push(part.period);
            } else {
                self.staging.leave(number);
            }
        }
        let mut next = self.staging.next_number()?;
        for part in wanted.into_values().flatten() {
            let rest = match (part.closed, kept.get(&part.asset)) {
                (true, Some(kept)) => subtract(part.period, kept),
                _ => vec![part.period],
            };
            for period in rest {
                let part = Part::new(part.asset.clone(), period, part.closed);
                next = self.staging.begin(part, next) + 1;
            }
        }
        Ok(())
    }

    /// The days whose files can have to change.
    fn days(&self) -> Result<BTreeSet<Partition>> {
        let parts: Vec<Span> = self
            .staging
            .parts()
            .map(|(_, staged)| staged.part.period)
            .collect();
        let mut days: BTreeSet<Partition> = self.staging.days().collect();
        days.extend(self.damage.days());
        for day in Day::all(&self.pull.folder)? {
            let is_touched = match day {
                Partition::Day(date) => parts.iter().any(|period| period.contains(date)),
                Partition::Unknown => !parts.is_empty(),
            };
            if is_touched {
                days.insert(day);
            }
        }
        Ok(days)
    }

    /// Takes note of what is in its place, and of what is missing.
    fn conclude(&mut self, assets: &[Asset]) -> Result<()> {
        // The service's clock may not have been known before.
        self.compare_clocks();
        let closed_until = self.pull.closed_until();
        let (folder, format) = (&self.pull.folder, self.lake.settings.format);
        let mut parts = Vec::new();
        let mut invalid: BTreeMap<Asset, Vec<Invalid>> = BTreeMap::new();
        for (_, staged) in self.staging.parts() {
            let mut part = staged.part.clone();
            let is_blocked = self.blocked.iter().any(|day| match day {
                Partition::Day(day) => part.period.contains(*day),
                Partition::Unknown => true,
            });
            if is_blocked {
                continue;
            }
            let not_found = staged.state == State::Failed { not_found: true };
            part.closed &= closed_until.is_some_and(|last| part.period.last <= last);
            if let Some(problem) = part.problem() {
                let can_be_accepted = part.missing() == 0 && (part.failed.is_none() || not_found);
                part.accepted = self.pull.accept_invalid && can_be_accepted;
                part.closed &= part.accepted;
                match (part.accepted, can_be_accepted && !not_found) {
                    (true, _) => self.report.accepted += part.invalid.max(1),
                    // Counted as records that could not be decoded.
                    (false, true) => {}
                    (false, false) => self.report.problems.push(problem),
                }
                match part.accepted {
                    true => self.report.skipped_sessions -= part.invalid,
                    false => self.report.describe(&staged.invalid),
                }
            }
            invalid
                .entry(part.asset.clone())
                .or_default()
                .extend(staged.invalid.iter().cloned());
            parts.push(part);
        }
        self.keep_invalid(&parts, invalid)?;
        let counts = OnceCell::new();
        self.lake.add(parts, |asset, period| {
            let counts = match counts.get() {
                Some(counts) => counts,
                None => {
                    let all = count(folder, format)?;
                    counts.get_or_init(|| all)
                }
            };
            let of_asset = counts.get(asset).into_iter().flatten();
            Ok(of_asset
                .filter(|(day, _)| period.contains(**day))
                .map(|(_, count)| count)
                .sum())
        })?;
        // A lost file may have had sessions of ranges that this pull did not read.
        for part in &self.lake.parts {
            if part.failed.as_deref() == Some(FILE_LOST)
                && let Some(problem) = part.problem()
            {
                let problem = format!("{problem}; a pull of that period reads them again");
                self.report.problems.push(problem);
            }
        }
        let since = match self.lake.since {
            Some(Partition::Day(since)) => since.min(self.span.first),
            _ => self.span.first,
        };
        self.lake.since = Some(Partition::Day(since));
        let lag = self.pull.lag();
        self.lake.lag = Some(self.lake.lag.map_or(lag, |least| least.min(lag)));
        self.lake.days = Day::all(folder)?.into_iter().collect();
        let are_known = self
            .lake
            .invalid_assets
            .values()
            .all(|found| found.accepted);
        let mut until = match are_known {
            true => self.lake.complete_until(assets, since),
            false => None,
        };
        for day in &self.lake.days {
            if let Partition::Day(date) = day
                && until.is_some_and(|until| *date <= until)
                && Day::load(folder, *day)?.is_some_and(|day| !day.is_whole())
            {
                until = date.yesterday().ok().filter(|until| *until >= since);
            }
        }
        self.lake.complete_until = until.map(Partition::Day);
        self.report.complete_until = until;
        self.lake.save(&self.pull.folder)
    }

    /// Keeps the sessions that could not be decoded in a file for each asset.
    fn keep_invalid(
        &mut self,
        parts: &[Part],
        mut invalid: BTreeMap<Asset, Vec<Invalid>>,
    ) -> Result<()> {
        let folder = &self.pull.folder;
        let mut assets: Vec<&Asset> = parts.iter().map(|part| &part.asset).collect();
        assets.dedup();
        for asset in assets {
            let path = Folder::invalid_sessions(asset);
            let is_known = self.lake.invalid.iter().any(|entry| entry.path == path);
            let new = invalid.remove(asset).unwrap_or_default();
            // One that a kill left before it was taken note of is there, and not known.
            if !is_known && new.is_empty() && !folder.resolve(&path).exists() {
                continue;
            }
            let mut records = Invalid::load(folder, &path)?;
            // What was read again stands for what was found before.
            records.retain(|record| {
                !record.period.is_some_and(|period| {
                    parts
                        .iter()
                        .any(|part| part.asset == *asset && part.period.overlaps(period))
                })
            });
            records.extend(new);
            records.sort_by(|one, other| one.place().cmp(&other.place()));
            let entry = invalid::replace(folder, &path, &records)?;
            self.lake.invalid.retain(|entry| entry.path != path);
            self.lake.invalid.extend(entry);
        }
        self.lake
            .invalid
            .sort_by(|one, other| one.path.cmp(&other.path));
        Ok(())
    }

    fn stop(mut self) -> Report {
        self.report.stopped = true;
        self.report.complete_until = match self.lake.complete_until {
            Some(Partition::Day(day)) => Some(day),
            _ => None,
        };
        self.count()
    }

    /// The report, with what was counted of requests.
    fn count(mut self) -> Report {
        self.report.requests = self.budget.used();
        self.report.duplicates = self.budget.duplicates();
        self.report.rereads = self.budget.rereads();
        self.report.repaired = self.budget.repaired();
        self.report
    }

    pub(super) fn tell(&self, change: impl FnOnce(&mut Progress)) {
        self.tell_with(&self.budget, change);
    }

    /// Where the budget is lent to those who ask.
    pub(super) fn tell_with(&self, budget: &Budget, change: impl FnOnce(&mut Progress)) {
        self.pull.progress.send_modify(|progress| {
            // One that is lent leaves an empty one behind.
            progress.requests = progress.requests.max(budget.used());
            let (retries, waits) = budget.retries_and_waits();
            progress.retries = progress.retries.max(retries);
            progress.waits = progress.waits.max(waits);
            change(progress);
        });
    }
}

/// How many sessions are in the files, by asset and day; without those that came with the period of another day.
fn count(folder: &Folder, format: Format) -> Result<BTreeMap<Asset, BTreeMap<Date, u64>>> {
    let mut counts: BTreeMap<Asset, BTreeMap<Date, u64>> = BTreeMap::new();
    for partition in Day::all(folder)? {
        let Partition::Day(date) = partition else {
            continue;
        };
        let Some(day) = Day::load(folder, partition)? else {
            continue;
        };
        let Some(entry) = day.file(Table::Sessions) else {
            continue;
        };
        let path = folder.resolve(&entry.path);
        if !path.exists() {
            continue;
        }
        for row in format::read(format, Table::Sessions, &path)? {
            let key = row?.key();
            let asset = format!("{}/{}", key.asset_kind, key.asset_id);
            if let Ok(asset) = asset.parse::<Asset>()
                && !day.is_stray(&asset, &key.session_id)
            {
                *counts.entry(asset).or_default().entry(date).or_default() += 1;
            }
        }
    }
    Ok(counts)
}
