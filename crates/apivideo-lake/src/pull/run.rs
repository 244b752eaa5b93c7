//! A pull that runs: lists, days, and what is taken note of at the end.

use std::collections::{BTreeMap, BTreeSet};

use super::{Pull, Report, commit};
use crate::aggregates;
use crate::asset::Asset;
use crate::error::Result;
use crate::folder::{self, Folder};
use crate::format::{self, Format};
use crate::manifest::{Day, Lake, Part};
use crate::privacy::Privacy;
use crate::progress::{Progress, Stage};
use crate::requests::Budget;
use crate::span::{Partition, Span, subtract};
use crate::staging::{Staging, State};
use crate::table::Table;

/// A pull that runs.
pub(super) struct Run<'a> {
    pub(super) pull: &'a Pull,
    pub(super) lake: Lake,
    pub(super) span: Span,
    pub(super) privacy: Privacy,
    pub(super) budget: Budget,
    pub(super) report: Report,
    pub(super) staging: Staging,
}

impl<'a> Run<'a> {
    pub(super) fn new(pull: &'a Pull, lake: Lake) -> Result<Self> {
        let span = pull.span(Some(&lake))?;
        pull.progress.send_replace(Progress::default());
        commit::recover(&pull.folder)?;
        // What can't be understood is said before anything is asked.
        for day in Day::all(&pull.folder)? {
            Day::load(&pull.folder, day)?;
        }
        Ok(Self {
            pull,
            span,
            privacy: pull.privacy.clone().unwrap_or_default(),
            budget: Budget::new(pull.max_requests).telling(pull.progress.clone()),
            report: Report::default(),
            staging: Staging::open(&pull.folder)?,
            lake,
        })
    }

    pub(super) async fn run(mut self) -> Result<Report> {
        let Some(assets) = self.pull.assets(&self.budget).await? else {
            return Ok(self.stop());
        };
        self.choose(&assets)?;
        self.tell(|progress| progress.stage = Stage::Sessions);
        if !self.read_sessions().await? {
            return Ok(self.stop());
        }
        let days = self.days()?;
        let total = days.len() as u64;
        self.tell(|progress| {
            progress.stage = Stage::Days;
            progress.days_total = total;
        });
        for day in days {
            if !self.day(day).await? {
                return Ok(self.stop());
            }
            self.tell(|progress| progress.days += 1);
        }
        self.conclude(&assets)?;
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
        // All of it is in its place.
        folder::remove_all(&self.pull.folder.staging())?;
        self.report.requests = self.budget.used();
        self.tell(|progress| progress.stage = Stage::Done);
        Ok(self.report)
    }

    /// Takes over what a pull before has left, as far as it is wanted, and begins the rest.
    fn choose(&mut self, assets: &[Asset]) -> Result<()> {
        let mut wanted: BTreeMap<Asset, Vec<Part>> = BTreeMap::new();
        for part in self.pull.parts(Some(&self.lake), assets, self.span) {
            wanted.entry(part.asset.clone()).or_default().push(part);
        }
        let mut kept: BTreeMap<Asset, Vec<Span>> = BTreeMap::new();
        let found: Vec<(u32, Part)> = self
            .staging
            .parts()
            .map(|(number, staged)| (number, staged.part.clone()))
            .collect();
        for (number, part) in found {
            let kept = kept.entry(part.asset.clone()).or_default();
            let is_wanted = part.closed
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

    /// Takes note that everything is in its place.
    fn conclude(&mut self, assets: &[Asset]) -> Result<()> {
        let parts: Vec<Part> = self
            .staging
            .parts()
            .map(|(_, staged)| staged.part.clone())
            .collect();
        debug_assert!(
            self.staging
                .parts()
                .all(|(_, staged)| staged.state == State::Done)
        );
        let (folder, format) = (&self.pull.folder, self.lake.settings.format);
        self.lake
            .add(parts, |asset, period| count(folder, format, asset, period))?;
        let since = match self.lake.since {
            Some(Partition::Day(since)) => since.min(self.span.first),
            _ => self.span.first,
        };
        self.lake.since = Some(Partition::Day(since));
        let until = self.lake.complete_until(assets, since);
        self.lake.complete_until = until.map(Partition::Day);
        self.report.complete_until = until;
        self.lake.save(&self.pull.folder)
    }

    fn stop(mut self) -> Report {
        self.report.stopped = true;
        self.report.requests = self.budget.used();
        self.report.complete_until = match self.lake.complete_until {
            Some(Partition::Day(day)) => Some(day),
            _ => None,
        };
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

/// How many sessions of an asset are in the files of these days.
fn count(folder: &Folder, format: Format, asset: &Asset, period: Span) -> Result<u64> {
    let mut count = 0;
    for partition in Day::all(folder)? {
        if !matches!(partition, Partition::Day(date) if period.contains(date)) {
            continue;
        }
        let day = Day::load(folder, partition)?;
        let Some(entry) = day.as_ref().and_then(|day| day.file(Table::Sessions)) else {
            continue;
        };
        for row in format::read(format, Table::Sessions, &folder.resolve(&entry.path))? {
            let key = row?.key();
            count += u64::from(key.asset_kind == asset.kind() && key.asset_id == asset.id());
        }
    }
    Ok(count)
}
