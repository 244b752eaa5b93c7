//! Removing sessions from the files of a day.

use std::collections::HashSet;

use crate::derive;
use crate::error::{Error, Result};
use crate::folder::{Folder, files};
use crate::forgotten::ForgottenList;
use crate::invalid::InvalidRecord;
use crate::manifest::{DayManifest, FileEntry, Settings};
use crate::partition::Partition;
use crate::pull::commit::Commit;
use crate::table::{Key, Table};

const SESSION_COLUMNS: [&str; 5] = ["asset_kind", "asset_id", "session_id", "metadata", "extra"];

const KEY_COLUMNS: [&str; 3] = ["asset_kind", "asset_id", "session_id"];

/// The days of a lake, and what is removed from them.
pub(super) struct Days<'a> {
    pub(super) folder: &'a Folder,
    pub(super) settings: &'a Settings,
    pub(super) list: &'a ForgottenList,
}

/// What was removed from a day, or would be.
#[derive(Default)]
pub(super) struct Removed {
    pub(super) sessions: u64,
    pub(super) events: u64,
    /// The files that were replaced or removed.
    pub(super) files: u64,
    pub(super) invalid_records: u64,
}

impl Days<'_> {
    /// Counts what would be removed from a day.
    pub(super) fn count(&self, day: Partition) -> Result<Removed> {
        let mut removed = Removed::default();
        let Some(manifest) = DayManifest::load(self.folder, day)? else {
            return Ok(removed);
        };
        let keys = self.forgotten_sessions(&manifest)?;
        if keys.is_empty() {
            return Ok(removed);
        }
        removed.sessions = keys.len() as u64;
        removed.files = 1;
        if let Some(entry) = self.file(&manifest, Table::Events)? {
            let format = self.settings.format;
            let columns =
                self.folder
                    .pulled_columns(format, Table::Events, &entry.path, &KEY_COLUMNS);
            for batch in columns? {
                let batch = batch?;
                let cell = |column, row| batch.string(column, row).unwrap_or_default().to_owned();
                let is_removed = |row: &usize| {
                    keys.contains(&Key {
                        asset_kind: cell(0, *row),
                        asset_id: cell(1, *row),
                        session_id: cell(2, *row),
                    })
                };
                removed.events += (0..batch.rows()).filter(is_removed).count() as u64;
            }
        }
        let records = self.invalid_events(&manifest)?;
        let ids = ids(&keys);
        let kept = records.iter().filter(|record| !is_of(record, &ids)).count();
        removed.invalid_records = (records.len() - kept) as u64;
        removed.files += u64::from(removed.events > 0) + u64::from(removed.invalid_records > 0);
        Ok(removed)
    }

    /// Removes the forgotten sessions from the files of a day, with their events and derived rows.
    pub(super) fn remove(&self, day: Partition) -> Result<Removed> {
        let mut removed = Removed::default();
        let Some(before) = DayManifest::load(self.folder, day)? else {
            return Ok(removed);
        };
        let keys = self.forgotten_sessions(&before)?;
        if keys.is_empty() {
            return Ok(removed);
        }
        if let Some(path) = before.changed_file(self.folder)? {
            return Err(Error::corrupt(
                &path,
                "was changed by another program: move it out of the lake, pull the day again, and forget again",
            ));
        }
        files::create_dir(&self.folder.staging())?;
        let mut manifest = before.clone();
        let mut commit = Commit::new(self.folder, self.settings, day, Some(&before));
        for table in [Table::Sessions, Table::Events] {
            let Some(entry) = self.file(&before, table)? else {
                continue;
            };
            let rows = self.folder.rows(self.settings.format, table, &entry.path)?;
            let mut writer = commit.table(table);
            let mut count = 0;
            for row in rows.into_iter().flatten() {
                let row = row?;
                match keys.contains(&row.key()) {
                    true => count += 1,
                    false => writer.push(&row)?,
                }
            }
            writer.finish()?;
            removed.files += u64::from(count > 0);
            match table {
                Table::Sessions => removed.sessions = count,
                _ => removed.events = count,
            }
        }
        let ids = ids(&keys);
        let mut records = self.invalid_events(&before)?;
        let count = records.len();
        records.retain(|record| !is_of(record, &ids));
        removed.invalid_records = (count - records.len()) as u64;
        if removed.invalid_records > 0 {
            removed.files += 1;
            commit.set_invalid(records);
        }
        forget_in(&mut manifest, &keys, &ids);
        commit.run(manifest)?;
        // They are derived again from the new files; until then, nothing of the sessions is left.
        derive::remove_day(self.folder, day)?;
        Ok(removed)
    }

    /// Returns the stored sessions of a day that are to be forgotten.
    fn forgotten_sessions(&self, manifest: &DayManifest) -> Result<HashSet<Key>> {
        let mut keys = HashSet::new();
        let Some(entry) = self.file(manifest, Table::Sessions)? else {
            return Ok(keys);
        };
        let format = self.settings.format;
        let columns =
            self.folder
                .pulled_columns(format, Table::Sessions, &entry.path, &SESSION_COLUMNS);
        for batch in columns? {
            let batch = batch?;
            for row in 0..batch.rows() {
                let cell = |column| batch.string(column, row);
                let id = cell(2).unwrap_or_default();
                if self.list.contains_columns(id, cell(3), cell(4)) {
                    keys.insert(Key {
                        asset_kind: cell(0).unwrap_or_default().to_owned(),
                        asset_id: cell(1).unwrap_or_default().to_owned(),
                        session_id: id.to_owned(),
                    });
                }
            }
        }
        Ok(keys)
    }

    /// Returns the entry of the file of a table, if the day has one.
    fn file<'m>(&self, manifest: &'m DayManifest, table: Table) -> Result<Option<&'m FileEntry>> {
        let Some(entry) = manifest.file(table) else {
            return Ok(None);
        };
        match self.folder.contains(&entry.path)? {
            true => Ok(Some(entry)),
            false => Err(Error::corrupt(
                &self.folder.path_of(&entry.path),
                "is missing: pull the day again, and forget again",
            )),
        }
    }

    fn invalid_events(&self, manifest: &DayManifest) -> Result<Vec<InvalidRecord>> {
        match &manifest.invalid {
            Some(entry) => InvalidRecord::load(self.folder, &entry.path),
            None => Ok(Vec::new()),
        }
    }
}

/// Removes sessions from the manifest of their day, and counts them.
fn forget_in(manifest: &mut DayManifest, keys: &HashSet<Key>, ids: &HashSet<&str>) {
    for key in keys {
        let asset = key.asset_id();
        let is_counted =
            asset.is_some_and(|asset| !manifest.is_out_of_period(&asset, &key.session_id));
        if is_counted && manifest.date.day().is_some() {
            *manifest.forgotten.entry(key.asset()).or_default() += 1;
        }
    }
    manifest.out_of_period.retain(|entry| {
        let is_removed = keys
            .iter()
            .any(|key| key.session_id == entry.session && key.asset() == entry.asset.to_string());
        !is_removed
    });
    manifest
        .without_events
        .retain(|id| !ids.contains(id.as_str()));
    manifest
        .invalid_events
        .retain(|id, _| !ids.contains(id.as_str()));
    manifest
        .repaired_events
        .retain(|id, _| !ids.contains(id.as_str()));
    manifest.accepted &= manifest.problem().is_some();
}

fn ids(keys: &HashSet<Key>) -> HashSet<&str> {
    keys.iter().map(|key| key.session_id.as_str()).collect()
}

fn is_of(record: &InvalidRecord, ids: &HashSet<&str>) -> bool {
    let id = record.session_id.as_deref();
    id.is_some_and(|id| ids.contains(id))
}
