//! Writing the files of a day: stored and new sessions merged, with their events.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::commit::Commit;
use super::day_sessions::{DaySession, DaySessions};
use super::event_log::{EventLog, EventsOutcome};
use super::state::Run;
use crate::asset_id;
use crate::date_range::DateRange;
use crate::error::Result;
use crate::format;
use crate::invalid::InvalidRecord;
use crate::manifest::DayManifest;
use crate::partition::Partition;
use crate::row::Row;
use crate::staging::RangeState;
use crate::table::{Key, Table};

impl Run {
    /// Writes the files of a day if they change; returns `false` if the budget has no request left.
    pub(super) async fn write_day(&mut self, day: Partition) -> Result<bool> {
        let before = DayManifest::load(self.folder(), day)?;
        if let Some(before) = &before
            && let Some(path) = before.changed_file(self.folder())?
        {
            self.block(day, &path);
            return Ok(true);
        }
        let sessions = self.merge_sessions(day, before.as_ref())?;
        let format = self.lake.settings.format;
        let mut manifest = DayManifest::new(day);
        if before.is_none() {
            // The service keeps aggregates for 30 days only, so the files that a lost manifest named are kept.
            for table in [Table::Buckets, Table::Timeseries] {
                manifest.adopt(self.folder(), table, format)?;
            }
        }
        manifest.out_of_period = sessions.out_of_period();
        let folder = self.folder().clone();
        let mut commit = Commit::new(&folder, format, day, before.as_ref());
        if self.lake.settings.events {
            let mut log = EventLog::open(&self.staging.events_path(day))?;
            self.keep_events(day, before.as_ref(), &sessions, &mut log)?;
            if !self.read_events(&sessions, &mut log).await? {
                return Ok(false);
            }
            let invalid = log.describe(sessions.keys(), &mut manifest);
            self.count_incomplete_events(&mut manifest, before.as_ref(), &invalid);
            commit.set_invalid(invalid);
            let mut writer = commit.table(Table::Events);
            for key in sessions.keys() {
                for row in log.events(key)? {
                    writer.push(&row)?;
                }
            }
            writer.finish()?;
        }
        let mut writer = commit.table(Table::Sessions);
        for (_, session) in sessions.iter() {
            writer.push(&session.row)?;
        }
        writer.finish()?;
        match commit.run(manifest)? {
            true => self.report.days_written += 1,
            false => self.report.days_unchanged += 1,
        }
        Ok(true)
    }

    /// Decides whether incomplete events of a day are accepted, and counts them.
    fn count_incomplete_events(
        &mut self,
        manifest: &mut DayManifest,
        before: Option<&DayManifest>,
        invalid: &[InvalidRecord],
    ) {
        let was_accepted = !self.options.reread && before.is_some_and(|before| before.accepted);
        manifest.accepted =
            manifest.problem().is_some() && (self.options.accept_invalid || was_accepted);
        let skipped = manifest.invalid_events.values().sum::<u64>();
        let without = manifest.without_events.len() as u64;
        if manifest.accepted {
            self.report.accepted += skipped + without;
        } else {
            self.report.skipped_events += skipped;
            self.report.without_events += without;
            self.report.describe(invalid);
        }
    }

    /// Merges the stored sessions of a day with the staged ones. A stored session that a complete list no longer contains is
    /// removed.
    fn merge_sessions(&self, day: Partition, before: Option<&DayManifest>) -> Result<DaySessions> {
        let mut sessions = DaySessions::default();
        let mut read: HashMap<(&str, &str), Vec<DateRange>> = HashMap::new();
        let complete = self
            .staging
            .ranges()
            .map(|(_, staged)| staged)
            .filter(|staged| staged.state == RangeState::Done && staged.range.is_complete());
        for staged in complete {
            let asset = &staged.range.asset;
            read.entry((asset_id::kind(asset), asset.as_str()))
                .or_default()
                .push(staged.range.period);
        }
        let is_listed_again = |key: &Key, includes: &dyn Fn(DateRange) -> bool| {
            let read = read.get(&(key.asset_kind.as_str(), key.asset_id.as_str()));
            read.is_some_and(|periods| periods.iter().any(|period| includes(*period)))
        };
        let listed_for: BTreeMap<(String, &str), DateRange> = before
            .into_iter()
            .flat_map(|before| &before.out_of_period)
            .map(|entry| {
                let asset = entry.asset.to_string();
                ((asset, entry.session.as_str()), entry.period)
            })
            .collect();
        for row in self.stored_rows(Table::Sessions, before)? {
            let row = row?;
            let key = row.key();
            let asset = key.asset();
            let out_of_period = listed_for.get(&(asset, key.session_id.as_str())).copied();
            let is_replaced = match (out_of_period, day) {
                (Some(period), _) => is_listed_again(&key, &|read| read.covers(period)),
                (None, Partition::Day(date)) => is_listed_again(&key, &|read| read.contains(date)),
                (None, Partition::Unknown) => false,
            };
            if !is_replaced {
                sessions.add(DaySession {
                    row,
                    out_of_period,
                    is_kept: true,
                });
            }
        }
        for (range, row) in self.staging.sessions(day)? {
            sessions.add(DaySession {
                row,
                out_of_period: (!range.contains(day)).then_some(range.period),
                is_kept: false,
            });
        }
        Ok(sessions)
    }

    /// Returns the rows of a stored file, if there is one.
    fn stored_rows(&self, table: Table, before: Option<&DayManifest>) -> Result<format::Rows> {
        let entry = before.and_then(|before| before.file(table));
        let rows = match entry {
            Some(entry) => self
                .folder()
                .rows(self.lake.settings.format, table, &entry.path)?,
            None => None,
        };
        Ok(rows.unwrap_or_else(|| Box::new(std::iter::empty())))
    }

    /// Copies the stored events of sessions that have not changed to the log.
    fn keep_events(
        &self,
        day: Partition,
        before: Option<&DayManifest>,
        sessions: &DaySessions,
        log: &mut EventLog,
    ) -> Result<()> {
        let Some(before) = before.filter(|before| before.date == day) else {
            return Ok(());
        };
        for table in [Table::Sessions, Table::Events] {
            if let Some(entry) = before.file(table)
                && !self.folder().contains(&entry.path)?
            {
                return Ok(());
            }
        }
        // Accepted events are only read again if the day is.
        let is_retried = !before.accepted || self.options.reread;
        let mut invalid = match is_retried {
            true => HashMap::new(),
            false => self.invalid_events_by_session(before)?,
        };
        let mut unchanged = self.unchanged_sessions(before, sessions, log, is_retried)?;
        let mut keep = |key: &Key, rows: &[Row], is_unchanged: bool| {
            let Some(session) = sessions.get(key) else {
                return Ok(());
            };
            if is_unchanged {
                let repaired = before.repaired_events.get(&key.session_id);
                let outcome = EventsOutcome {
                    is_missing: before.without_events.contains(&key.session_id),
                    invalid: invalid.remove(&key.session_id).unwrap_or_default(),
                    repaired: repaired.copied().unwrap_or_default(),
                };
                return log.append(key, session, rows, outcome);
            }
            match log.contains(key) {
                true => Ok(()),
                false => log.append_earlier(key, rows),
            }
        };
        let mut current: Option<(Key, Vec<Row>)> = None;
        for row in self.stored_rows(Table::Events, Some(before))? {
            let row = row?;
            let key = row.key();
            match &mut current {
                Some((session, rows)) if *session == key => rows.push(row),
                _ => {
                    if let Some((key, rows)) = current.replace((key, vec![row])) {
                        keep(&key, &rows, unchanged.remove(&key))?;
                    }
                }
            }
        }
        if let Some((key, rows)) = current {
            keep(&key, &rows, unchanged.remove(&key))?;
        }
        // The remaining sessions were read before and have no events.
        for key in unchanged {
            keep(&key, &[], true)?;
        }
        Ok(())
    }

    /// Returns the stored sessions whose events are still valid and not in the log.
    fn unchanged_sessions(
        &self,
        before: &DayManifest,
        sessions: &DaySessions,
        log: &EventLog,
        is_retried: bool,
    ) -> Result<HashSet<Key>> {
        let mut unchanged = HashSet::new();
        for row in self.stored_rows(Table::Sessions, Some(before))? {
            let row = row?;
            let key = row.key();
            let Some(now) = sessions.get(&key) else {
                continue;
            };
            let ended_at = row.ended_at();
            let is_unchanged = now.is_kept || ended_at.is_some() && ended_at == now.row.ended_at();
            let is_incomplete = before.without_events.contains(&key.session_id)
                || before.invalid_events.contains_key(&key.session_id);
            let is_repaired = before.repaired_events.contains_key(&key.session_id);
            let is_read_again = is_retried && is_incomplete || self.options.reread && is_repaired;
            if is_unchanged && !log.has_current(&key, now) && !is_read_again {
                unchanged.insert(key);
            }
        }
        Ok(unchanged)
    }

    fn invalid_events_by_session(
        &self,
        before: &DayManifest,
    ) -> Result<HashMap<String, Vec<InvalidRecord>>> {
        let mut invalid: HashMap<String, Vec<InvalidRecord>> = HashMap::new();
        if let Some(entry) = &before.invalid {
            for record in InvalidRecord::load(self.folder(), &entry.path)? {
                if let Some(session) = record.session_id.clone() {
                    invalid.entry(session).or_default().push(record);
                }
            }
        }
        Ok(invalid)
    }
}
