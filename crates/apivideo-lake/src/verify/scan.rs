//! The comparison of all files of a lake with its manifests.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use apivideo::jiff::civil::Date;

use super::session_keys::{SessionKeys, SortOrder};
use super::unknown::unknown_files;
use super::verification::Verification;
use crate::date_range::DateRange;
use crate::delta;
use crate::error::Result;
use crate::folder::{Folder, files};
use crate::forgotten::ForgottenList;
use crate::invalid::InvalidRecord;
use crate::manifest::{DayManifest, FileEntry, LakeManifest};
use crate::partition::Partition;
use crate::row::Row;
use crate::table::Table;

const PULL_AGAIN: &str = "run the pull again to read the day again";

/// Compares all files with the manifests.
pub(super) fn scan(folder: &Folder, lake: &LakeManifest) -> Result<Verification> {
    let pending: BTreeSet<Partition> = folder.pending_days()?.into_iter().collect();
    let mut scan = Scan {
        folder,
        lake,
        result: Verification {
            complete_until: lake.complete_until.and_then(Partition::day),
            ..Verification::default()
        },
        forgotten: ForgottenList::load(folder, lake)?,
        counts: HashMap::new(),
        uncountable: pending.clone(),
        known: BTreeSet::new(),
        pending,
    };
    let is_unfinished = scan.check_unfinished();
    if scan.forgotten.is_incomplete() {
        let folder = folder.path();
        let folder = folder.display();
        scan.result.problems.push(format!(
            "sessions that were forgotten are not removed completely; run `apivideo lake forget {folder}`"
        ));
    }
    scan.check_days()?;
    scan.check_invalid_files()?;
    scan.check_derived(is_unfinished)?;
    scan.check_delta(is_unfinished)?;
    scan.check_unknown_files(is_unfinished)?;
    scan.check_ranges();
    if !is_unfinished {
        scan.check_counts();
    }
    Ok(scan.result)
}

/// A running comparison.
pub(super) struct Scan<'a> {
    pub(super) folder: &'a Folder,
    pub(super) lake: &'a LakeManifest,
    pub(super) result: Verification,
    /// What was forgotten.
    forgotten: ForgottenList,
    /// The sessions of each asset by day, with those that were forgotten since and without those that were only listed for a
    /// period of other days.
    counts: HashMap<String, BTreeMap<Date, u64>>,
    /// Days whose sessions cannot be counted.
    pub(super) uncountable: BTreeSet<Partition>,
    /// The files that manifests name.
    pub(super) known: BTreeSet<String>,
    /// Days with a commit that is not complete.
    pending: BTreeSet<Partition>,
}

impl Scan<'_> {
    /// Reports pulls that are not complete; returns whether there are any.
    fn check_unfinished(&mut self) -> bool {
        let is_pending = !self.pending.is_empty();
        let when = match is_pending {
            true => ": it was interrupted while files were replaced",
            false => "",
        };
        for goal in &self.lake.unfinished {
            let advice = match &goal.command {
                Some(command) => format!("run it again: {command}"),
                None => "run it again".to_owned(),
            };
            let period = goal.period.period();
            self.result.problems.push(format!(
                "the pull of {period} is not complete{when}; {advice}"
            ));
        }
        let is_staged = is_pending || files::has_entries(&self.folder.staging());
        if self.lake.unfinished.is_empty() && is_staged {
            self.result
                .problems
                .push(format!("a pull is not complete{when}; run it again"));
        }
        is_staged || !self.lake.unfinished.is_empty()
    }

    fn check_days(&mut self) -> Result<()> {
        for day in self.lake.missing_days(self.folder)? {
            self.uncountable.insert(day);
            self.result
                .problems
                .push(format!("the manifest of {day} is missing; {PULL_AGAIN}"));
        }
        for partition in self.folder.days()? {
            if let Some(day) = DayManifest::load(self.folder, partition)? {
                self.check_day(&day)?;
            }
        }
        Ok(())
    }

    fn check_day(&mut self, day: &DayManifest) -> Result<()> {
        let result = &mut self.result;
        result.days += u64::from(!day.files.is_empty());
        result.out_of_period += day.out_of_period.len() as u64;
        if let Partition::Day(date) = day.date {
            for (asset, count) in &day.forgotten {
                let days = self.counts.entry(asset.clone()).or_default();
                *days.entry(date).or_default() += count;
            }
        }
        let entries = day.files.values().chain(&day.invalid);
        self.known.extend(entries.map(|entry| entry.path.clone()));
        // The files of a commit that is not complete are the old or the new ones.
        if self.pending.contains(&day.date) {
            return Ok(());
        }
        if let Some(problem) = day.problem() {
            result.add_incomplete(&problem, day.accepted);
        }
        if !day.repaired_events.is_empty() {
            result.notes.push(format!(
                "{}: the events of {} sessions were decoded after a repair of the response; --reread reads them again",
                day.date,
                day.repaired_events.len()
            ));
        }
        if let Some(entry) = &day.invalid
            && let Some(why) = entry.check(self.folder)?
        {
            result.problems.push(format!("{why}; {PULL_AGAIN}"));
        }
        self.check_files(day)
    }

    fn check_files(&mut self, day: &DayManifest) -> Result<()> {
        let mut sessions = None;
        for table in Table::PULLED {
            let Some(entry) = day.file(table) else {
                continue;
            };
            if let Some(why) = entry.check(self.folder)? {
                let advice = match self.folder.contains(&entry.path)? {
                    true => format!("move it out of the lake, and {PULL_AGAIN}"),
                    false => PULL_AGAIN.to_owned(),
                };
                self.result.problems.push(format!("{why}; {advice}"));
                if table == Table::Sessions {
                    self.uncountable.insert(day.date);
                }
                continue;
            }
            match table {
                Table::Sessions => {
                    self.check_sessions(day, entry)?;
                    sessions = Some(entry);
                }
                Table::Events => self.check_events(day, entry, sessions)?,
                _ => self.check_rows(table, entry, |_| Ok(()))?,
            }
        }
        Ok(())
    }

    /// Reads the sessions of a day, and counts them by asset.
    fn check_sessions(&mut self, day: &DayManifest, entry: &FileEntry) -> Result<()> {
        let out_of_period: HashSet<(String, &str)> = day
            .out_of_period
            .iter()
            .map(|entry| (entry.asset.to_string(), entry.session.as_str()))
            .collect();
        let mut order = SortOrder::default();
        let mut counts: HashMap<String, u64> = HashMap::new();
        let forgotten = std::mem::take(&mut self.forgotten);
        let mut kept = 0;
        let read = self.check_rows(Table::Sessions, entry, |row| {
            order.add(row.key());
            kept += u64::from(forgotten.contains(row));
            let key = row.key();
            let asset = key.asset();
            let session = (asset, key.session_id.as_str());
            if !out_of_period.contains(&session) {
                *counts.entry(session.0).or_default() += 1;
            }
            Ok(())
        });
        self.forgotten = forgotten;
        read?;
        self.check_forgotten(&day.date.to_string(), kept);
        let path = self.folder.path_of(&entry.path);
        self.result.problems.extend(order.problem(&path));
        if let Partition::Day(date) = day.date {
            for (asset, count) in counts {
                let days = self.counts.entry(asset).or_default();
                *days.entry(date).or_default() += count;
            }
        }
        Ok(())
    }

    /// Reads the events of a day, side by side with its sessions.
    fn check_events(
        &mut self,
        day: &DayManifest,
        entry: &FileEntry,
        sessions: Option<&FileEntry>,
    ) -> Result<()> {
        let mut keys = match sessions {
            Some(sessions) => {
                SessionKeys::open(self.folder, self.lake.settings.format, &sessions.path)?
            }
            None => SessionKeys::default(),
        };
        let mut orphans = 0_u64;
        self.check_rows(Table::Events, entry, |row| {
            orphans += u64::from(!keys.contains(row.key_ref())?);
            Ok(())
        })?;
        if orphans > 0 && !self.uncountable.contains(&day.date) {
            self.result
                .problems
                .push(format!("{}: {orphans} events have no session", day.date));
        }
        Ok(())
    }

    /// Reads the rows of a file.
    fn check_rows(
        &mut self,
        table: Table,
        entry: &FileEntry,
        mut visit: impl FnMut(&Row) -> Result<()>,
    ) -> Result<()> {
        let path = self.folder.path_of(&entry.path);
        let stored = self
            .folder
            .rows(self.lake.settings.format, table, &entry.path)?;
        let result = &mut self.result;
        result.files += 1;
        result.bytes += entry.written.bytes;
        let mut rows = 0;
        for row in stored.into_iter().flatten() {
            visit(&row?)?;
            rows += 1;
        }
        let expected = entry.written.rows;
        if rows != expected {
            result.problems.push(format!(
                "{}: it has {rows} rows, and its manifest records {expected}",
                path.display()
            ));
        }
        match table {
            Table::Sessions => result.sessions += rows,
            Table::Events => result.events += rows,
            Table::Buckets | Table::Timeseries => result.aggregates += rows,
            _ => {}
        }
        Ok(())
    }

    /// Checks the files of invalid sessions and assets, and reports lists of assets that are not complete.
    fn check_invalid_files(&mut self) -> Result<()> {
        for entry in &self.lake.invalid {
            self.known.insert(entry.path.clone());
            if let Some(why) = entry.check(self.folder)? {
                self.result.problems.push(format!(
                    "{why}; move it out of the lake, and pull its sessions with --reread to write it again"
                ));
            } else if !self.forgotten.is_empty() {
                let records = InvalidRecord::load(self.folder, &entry.path)?;
                let records = records.iter();
                let kept = records.filter(|record| self.forgotten.contains_record(record));
                let kept = kept.count() as u64;
                self.check_forgotten(&entry.path, kept);
            }
        }
        for (kind, invalid) in &self.lake.invalid_assets {
            let records = invalid.records;
            let problem = format!(
                "{records} records of the list of {kind} assets have no valid id, so their sessions were not pulled (see \
                 _invalid/assets.ndjson)"
            );
            self.result.add_incomplete(&problem, invalid.accepted);
        }
        Ok(())
    }

    /// Reports sessions that are stored although they were forgotten.
    fn check_forgotten(&mut self, place: &str, kept: u64) {
        if kept > 0 {
            let folder = self.folder.path();
            let folder = folder.display();
            self.result.problems.push(format!(
                "{place}: {kept} sessions were forgotten and are still stored; run `apivideo lake forget {folder}`"
            ));
        }
    }

    /// Compares the Delta logs with the manifests. The files of earlier versions are part of the lake.
    fn check_delta(&mut self, is_unfinished: bool) -> Result<()> {
        if !self.lake.settings.delta {
            return Ok(());
        }
        let checked = delta::check(self.folder, self.lake)?;
        self.known.extend(checked.known);
        if !is_unfinished {
            self.result.problems.extend(checked.problems);
        }
        Ok(())
    }

    /// Reports files that no manifest names.
    fn check_unknown_files(&mut self, is_unfinished: bool) -> Result<()> {
        let folders = Table::ALL.map(Table::name).into_iter().chain(["_invalid"]);
        let is_known = |name: &str| self.known.contains(name) || self.is_pending(name);
        for name in unknown_files(self.folder, self.lake, folders, is_known)? {
            let path = self.folder.path_of(&name);
            let path = path.display();
            match is_unfinished {
                // The pull may remove it when it is resumed.
                true => self.result.notes.push(format!(
                    "{path} is in no manifest; run the pull again first"
                )),
                false => self
                    .result
                    .problems
                    .push(format!("{path} is in no manifest; move it out of the lake")),
            }
        }
        Ok(())
    }

    /// Returns whether a file is of a day with a commit that is not complete.
    fn is_pending(&self, name: &str) -> bool {
        self.pending
            .iter()
            .any(|day| name.split('/').any(|part| part == day.folder()))
    }

    fn check_ranges(&mut self) {
        for range in &self.lake.ranges {
            if let Some(problem) = range.problem() {
                self.result.add_incomplete(&problem, range.accepted);
            }
            if range.repaired > 0 {
                self.result.notes.push(format!(
                    "{}: {} records were decoded after a repair of the response; --reread reads them again",
                    range.describe(),
                    range.repaired
                ));
            }
        }
    }

    /// Compares the stored sessions of each request range with those that were received.
    fn check_counts(&mut self) {
        let none = BTreeMap::new();
        for range in &self.lake.ranges {
            // An incomplete list does not replace sessions that were stored before.
            if !range.is_complete() || self.is_uncountable(range.period) {
                continue;
            }
            let days = self.counts.get(&range.asset.to_string()).unwrap_or(&none);
            let (first, last) = (range.period.first, range.period.last);
            let stored: u64 = days.range(first..=last).map(|(_, rows)| rows).sum();
            let received = range.sessions.saturating_sub(range.out_of_period);
            if stored != received {
                self.result.problems.push(format!(
                    "{}: {stored} sessions are stored, and {received} were received; pull that period again (--reread)",
                    range.describe()
                ));
            }
        }
    }

    fn is_uncountable(&self, period: DateRange) -> bool {
        self.uncountable
            .iter()
            .any(|day| day.day().is_some_and(|day| period.contains(day)))
    }
}
