//! Writing the files of a day: stored and new sessions merged, with their events.

use std::collections::HashMap;

use super::commit::Commit;
use super::event_log::{EventLog, EventsOutcome, StagedEvents};
use super::merge::{DaySession, Merge};
use super::session_index::{SessionIndex, SessionState, Source, micros};
use super::sort::Sorter;
use super::state::Run;
use super::stored_counts::DayCounts;
use super::stored_events::StoredEvents;
use super::yield_once::yield_once;
use crate::delta;
use crate::error::Result;
use crate::event_scope::Omission;
use crate::folder::Folder;
use crate::format;
use crate::invalid::InvalidRecord;
use crate::manifest::DayManifest;
use crate::partition::Partition;
use crate::table::Table;

/// The number of sessions after which other tasks run.
const SESSIONS_AT_A_TIME: usize = 256;

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
        let before = before.as_ref();
        let format = self.lake.settings.format;
        let mut manifest = DayManifest::new(day);
        if before.is_none() {
            // The service keeps aggregates for 30 days only, so the files that a lost manifest named are kept.
            for table in [Table::Buckets, Table::Timeseries] {
                let name = match self.lake.settings.delta {
                    false => Some(Folder::data(table, day, format)),
                    true if self.lake.days.contains(&day) => {
                        delta::live_file(self.folder(), table, day)?
                    }
                    true => None,
                };
                if let Some(name) = name {
                    manifest.adopt(self.folder(), table, format, name)?;
                }
            }
        }
        let folder = self.folder().clone();
        let settings = self.lake.settings.clone();
        let mut commit = Commit::new(&folder, &settings, day, before);
        let sessions = self
            .merge_sessions(day, before, &mut commit, &mut manifest)
            .await?;
        if self.lake.settings.events {
            let mut log = EventLog::open(self.staging.event_paths(day), &sessions)?;
            if !self.read_events(&sessions, &mut log).await? {
                return Ok(false);
            }
            let invalid = self
                .write_events(before, &sessions, &mut log, &mut commit, &mut manifest)
                .await?;
            self.count_incomplete_events(&mut manifest, before, &invalid);
            commit.set_invalid(invalid);
        }
        let size = commit.size();
        match commit.run(manifest)? {
            true => {
                self.report.days_written += 1;
                self.report.add_written(size);
            }
            false => self.report.days_unchanged += 1,
        }
        let has_manifest = folder.contains(&Folder::day_manifest(day))?;
        self.staging.commit(day, has_manifest)?;
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

    /// Writes the file of sessions, and returns what reading their events needs.
    async fn merge_sessions(
        &mut self,
        day: Partition,
        before: Option<&DayManifest>,
        commit: &mut Commit<'_>,
        manifest: &mut DayManifest,
    ) -> Result<SessionIndex> {
        let mut sorter = Sorter::new(self.staging.rows(day)?);
        while sorter.step(&self.staging)? {
            yield_once().await;
        }
        let sorted = sorter.finish(&self.staging)?;
        let stored = self.stored_rows(Table::Sessions, before)?;
        let format = self.lake.settings.format;
        let path = match before.and_then(|before| before.file(Table::Sessions)) {
            Some(entry) => entry.path.clone(),
            None => Folder::data(Table::Sessions, day, format),
        };
        let path = self.folder().path_of(&path);
        let mut merge = Merge::new(day, &self.staging, sorted, stored, path, before)?;
        manifest.forgotten = merge.forgotten(before);
        let has_stored_events = self.has_stored_events(before)?;
        let scope = self.lake.settings.scope;
        let (mut not_sampled, mut unplayed) = (0, 0);
        let mut counts: DayCounts = manifest.forgotten.clone().into_iter().collect();
        let mut writer = commit.table(Table::Sessions);
        let mut sessions = SessionIndex::default();
        while let Some(session) = merge.next()? {
            let source = match scope.omission(&session.row) {
                Some(omission) => {
                    match omission {
                        Omission::NotSampled => not_sampled += 1,
                        Omission::Unplayed => unplayed += 1,
                    }
                    Source::None
                }
                None => self.source(&session, before.filter(|_| has_stored_events)),
            };
            match session.out_of_period() {
                Some(entry) => manifest.out_of_period.push(entry),
                None => *counts.entry(session.row.key().asset()).or_default() += 1,
            }
            writer.push(&session.row)?;
            let state = SessionState {
                ended_at: micros(session.row.ended_at()),
                is_kept: session.is_kept,
                source,
            };
            sessions.push(session.row.key_ref(), state);
            if sessions.len().is_multiple_of(SESSIONS_AT_A_TIME) {
                yield_once().await;
            }
        }
        writer.finish()?;
        self.stored.add_day(day, &counts, &self.staging);
        if self.lake.settings.events {
            self.report.not_sampled += not_sampled;
            self.report.unplayed += unplayed;
        }
        Ok(sessions)
    }

    /// Decides where the events of a session are from.
    fn source(&self, session: &DaySession, before: Option<&DayManifest>) -> Source {
        let Some(before) = before.filter(|_| session.is_unchanged) else {
            return Source::Service;
        };
        let (_, _, id) = session.row.key_ref();
        // Accepted events are only read again if the day is.
        let is_retried = !before.accepted || self.options.reread;
        let is_incomplete =
            before.without_events.contains(id) || before.invalid_events.contains_key(id);
        let is_repaired = before.repaired_events.contains_key(id);
        match is_retried && is_incomplete || self.options.reread && is_repaired {
            true => Source::Service,
            false => Source::Stored,
        }
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

    /// Returns whether no file of the stored sessions and events is missing.
    fn has_stored_events(&self, before: Option<&DayManifest>) -> Result<bool> {
        let Some(before) = before else {
            return Ok(false);
        };
        for table in [Table::Sessions, Table::Events] {
            if let Some(entry) = before.file(table)
                && !self.folder().contains(&entry.path)?
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Writes the file of events, and records in the manifest which are incomplete; returns what could not be read.
    async fn write_events(
        &self,
        before: Option<&DayManifest>,
        sessions: &SessionIndex,
        log: &mut EventLog,
        commit: &mut Commit<'_>,
        manifest: &mut DayManifest,
    ) -> Result<Vec<InvalidRecord>> {
        let before = match self.has_stored_events(before)? {
            true => before,
            false => None,
        };
        let mut stored = StoredEvents::new(self.stored_rows(Table::Events, before)?);
        let mut stored_invalid = self.invalid_events_by_session(before)?;
        let mut invalid = Vec::new();
        let mut writer = commit.table(Table::Events);
        for index in 0..sessions.len() {
            if index.is_multiple_of(SESSIONS_AT_A_TIME) {
                yield_once().await;
            }
            let (Some(key), Some(state)) = (sessions.key_ref(index), sessions.state(index)) else {
                continue;
            };
            let id = key.2;
            let is_stored = state.source == Source::Stored && !log.has_current(index, state);
            let events = match (state.source, before) {
                (Source::None, _) => continue,
                (Source::Stored, Some(before)) if is_stored => StagedEvents {
                    rows: None,
                    outcome: EventsOutcome {
                        is_missing: before.without_events.contains(id),
                        invalid: stored_invalid.remove(id).unwrap_or_default(),
                        repaired: before.repaired_events.get(id).copied().unwrap_or_default(),
                    },
                },
                _ => match log.events(index, key)? {
                    Some(events) => events,
                    None => continue,
                },
            };
            let rows = match events.rows {
                Some(rows) => rows,
                None => stored.take(key)?,
            };
            for row in &rows {
                writer.push(row)?;
            }
            let outcome = events.outcome;
            if outcome.is_missing {
                manifest.without_events.insert(id.to_owned());
            } else if !outcome.invalid.is_empty() {
                let count = outcome.invalid.len() as u64;
                manifest.invalid_events.insert(id.to_owned(), count);
            }
            if outcome.repaired > 0 {
                let repaired = outcome.repaired;
                manifest.repaired_events.insert(id.to_owned(), repaired);
            }
            invalid.extend(outcome.invalid);
        }
        writer.finish()?;
        Ok(invalid)
    }

    /// Returns the stored records of events that were accepted.
    fn invalid_events_by_session(
        &self,
        before: Option<&DayManifest>,
    ) -> Result<HashMap<String, Vec<InvalidRecord>>> {
        let mut invalid: HashMap<String, Vec<InvalidRecord>> = HashMap::new();
        let accepted = before.filter(|before| before.accepted && !self.options.reread);
        if let Some(entry) = accepted.and_then(|before| before.invalid.as_ref()) {
            for record in InvalidRecord::load(self.folder(), &entry.path)? {
                if let Some(session) = record.session_id.clone() {
                    invalid.entry(session).or_default().push(record);
                }
            }
        }
        Ok(invalid)
    }
}
