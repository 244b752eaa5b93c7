//! The state of a running pull, shared by its steps.

use std::collections::BTreeSet;
use std::path::Path;

use super::damage::Damage;
use super::recovery;
use super::stored_counts::StoredCounts;
use crate::budget::Budget;
use crate::date_range::DateRange;
use crate::error::Result;
use crate::folder::Folder;
use crate::forgotten::ForgottenList;
use crate::manifest::{Goal, LakeManifest};
use crate::options::RunOptions;
use crate::partition::Partition;
use crate::privacy::Privacy;
use crate::progress::Progress;
use crate::report::Report;
use crate::staging::Staging;

/// A running pull.
pub(super) struct Run {
    pub(super) options: RunOptions,
    pub(super) lake: LakeManifest,
    pub(super) goal: Goal,
    pub(super) budget: Budget,
    pub(super) report: Report,
    pub(super) staging: Staging,
    pub(super) forgotten: ForgottenList,
    pub(super) damage: Damage,
    /// The sessions of the days that were written.
    pub(super) stored: StoredCounts,
    /// Whether a difference of the clocks was reported.
    pub(super) is_skew_reported: bool,
    /// Days that are skipped because one of their files was changed.
    pub(super) blocked: BTreeSet<Partition>,
}

impl Run {
    /// Recovers from an interrupted commit, and records in the manifest that the pull has started.
    pub(super) fn new(options: RunOptions, mut lake: LakeManifest, goal: Goal) -> Result<Self> {
        let forgotten = ForgottenList::load(&options.folder, &lake)?;
        // A kill can have prevented that it was recorded.
        lake.forgotten |= !forgotten.is_empty();
        recovery::recover(&options.folder)?;
        // Fails on invalid manifests before anything is requested.
        let mut damage = Damage::find(&options.folder, &lake)?;
        lake.start(goal.clone());
        lake.save(&options.folder)?;
        let staging = Staging::open(&options.folder, &lake.settings, forgotten.fingerprint())?;
        options.progress.send_modify(|progress| {
            progress.days_committed = staging.committed().len() as u64;
        });
        for (day, committed) in staging.committed() {
            // The manifest of the lake has the day only once the pull is complete.
            if committed.has_manifest && !options.folder.contains(&Folder::day_manifest(*day))? {
                damage.sessions.insert(*day);
            }
        }
        Ok(Self {
            budget: Budget::new(options.max_requests).with_progress(options.progress.clone()),
            staging,
            forgotten,
            report: Report::default(),
            is_skew_reported: false,
            blocked: BTreeSet::new(),
            options,
            goal,
            lake,
            damage,
            stored: StoredCounts::default(),
        })
    }

    pub(super) fn period(&self) -> DateRange {
        self.goal.period
    }

    pub(super) fn folder(&self) -> &Folder {
        &self.options.folder
    }

    pub(super) fn privacy(&self) -> &Privacy {
        &self.options.privacy
    }

    /// Adds the counts of the budget to the report.
    pub(super) fn count_requests(&mut self) {
        let counts = self.budget.counts();
        let progress = self.options.progress.borrow();
        let report = &mut self.report;
        report.duplicates = counts.duplicates;
        report.rereads = counts.rereads;
        report.repaired = counts.repaired;
        // A run that is dropped while it reads lists has lent its budget to them.
        (report.requests, report.retries, report.waits) = match self.budget.used() {
            0 => (progress.requests, progress.retries, progress.waits),
            used => (used, counts.retries, counts.waits),
        };
        report.complete_until = self.lake.complete_until.and_then(Partition::day);
        report.waited_seconds = progress.waited.as_secs_f64().round() as u64;
    }

    /// Reports a condition that is not a failure.
    pub(super) fn warn(&mut self, message: String) {
        self.report.warnings.push(message);
    }

    /// Skips a day because a file of it was changed: the file is not overwritten, and the staged rows are kept.
    pub(super) fn block(&mut self, day: Partition, path: &Path) {
        if self.blocked.insert(day) {
            self.report.problems.push(format!(
                "{} was changed by another program, so {day} was not updated: move the file out of the lake and run the \
                 pull again to read the day again",
                path.display()
            ));
        }
    }

    /// Updates the progress.
    pub(super) fn update_progress(&self, change: impl FnOnce(&mut Progress)) {
        self.update_progress_with(&self.budget, change);
    }

    /// Updates the progress while the budget is borrowed by running requests, and `self.budget` is an empty one.
    pub(super) fn update_progress_with(&self, budget: &Budget, change: impl FnOnce(&mut Progress)) {
        self.options.progress.send_modify(|progress| {
            let counts = budget.counts();
            progress.requests = progress.requests.max(budget.used());
            progress.retries = progress.retries.max(counts.retries);
            progress.waits = progress.waits.max(counts.waits);
            change(progress);
        });
    }
}

impl Drop for Run {
    /// Leaves the report in the progress: a run that failed or was dropped returns none.
    fn drop(&mut self) {
        self.count_requests();
        let report = std::mem::take(&mut self.report);
        self.options
            .progress
            .send_modify(|progress| progress.report = Some(report));
    }
}
