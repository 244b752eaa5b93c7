//! Delta Lake transaction logs: `TABLE/_delta_log`, one log for each table.
//!
//! The logs follow the manifests: [`publish`] compares the files that the manifests name with those of the log, and writes the
//! difference as the next version of each table that changed. It is idempotent, so that a process that was killed at any instant
//! is completed by the next one. The files of versions have names by their contents, so a version never has other contents than
//! when it was written.
//!
//! A version is written only if no object has its name, so that another writer is detected. Logs contain times and the history
//! of a lake. They are the only files of a lake that depend on when and how often data was pulled.
//!
//! The protocol has reader version 1 and writer version 2. Versions have the number of rows of files and no other statistics,
//! because the lowest and highest values of a column can be personal data. Versions are not removed.

mod actions;
#[cfg(feature = "parquet")]
mod checkpoint;
#[cfg(not(feature = "parquet"))]
#[path = "unavailable.rs"]
mod checkpoint;
mod files;
mod log;
mod schema;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use apivideo::Timestamp;

use crate::digest;
use crate::error::{ErrorKind, Result};
use crate::folder::{Folder, names};
use crate::manifest::LakeManifest;
use crate::partition::Partition;
use crate::storage::Stored;
use crate::table::Table;
use actions::{Action, Add, CommitInfo, Metadata, Protocol, Remove};
use files::ManifestFiles;
use log::Log;

/// What happens to the files of earlier versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OldFiles {
    /// They stay for 7 days after they were removed from a table.
    Keep,
    /// They are deleted, so that earlier versions cannot be read any more.
    Delete,
}

/// Brings the logs of a lake up to date with its manifests, and deletes files that no version needs. Does nothing in a lake
/// without logs. The caller holds the lock of the lake.
pub(crate) fn publish(folder: &Folder, now: Timestamp, old: OldFiles) -> Result<()> {
    let Some(lake) = LakeManifest::load(folder)?.filter(|lake| lake.settings.delta) else {
        return Ok(());
    };
    folder.check_lock()?;
    // Before the manifests are read: a commit writes its manifest as pending before its files.
    let stored = Table::ALL.map(|table| Ok((table, folder.list_all(table.name())?)));
    let stored: Vec<(Table, Vec<Stored>)> = stored.into_iter().collect::<Result<_>>()?;
    let files = ManifestFiles::load(folder, &lake)?;
    for (table, stored) in stored {
        publish_table(folder, table, &stored, &files, now.as_millisecond(), old)?;
    }
    Ok(())
}

fn publish_table(
    folder: &Folder,
    table: Table,
    stored: &[Stored],
    files: &ManifestFiles,
    now: i64,
    old: OldFiles,
) -> Result<()> {
    let mut log = Log::load(folder, table, stored)?;
    let actions = changes(&log, table, files, now);
    if !actions.is_empty() {
        let mut all = vec![Action::CommitInfo(CommitInfo::new(now))];
        if !log.exists() {
            all.push(Action::Protocol(Protocol::OWN));
        }
        if log
            .metadata
            .as_ref()
            .is_none_or(|metadata| !metadata.is_of(table))
        {
            let id = log.metadata.as_ref().map(|metadata| metadata.id.clone());
            let id = id.unwrap_or_else(|| table_id(folder, table, now));
            all.push(Action::MetaData(Metadata::new(table, id, now)));
        }
        all.extend(actions);
        log.commit(all)?;
    }
    for Stored { name, .. } in stored {
        let path = actions::path(table, name);
        let is_needed = !names::is_by_content(table, name)
            || files.names.contains(name)
            || log.live.contains_key(path)
            || files.is_lost(table, path)
            || old == OldFiles::Keep && log.retains(path, now);
        if !is_needed {
            folder.delete(name)?;
        }
    }
    log.write_checkpoint(now)
}

/// Returns the actions that make the files of the log those of the manifests.
fn changes(log: &Log, table: Table, files: &ManifestFiles, now: i64) -> Vec<Action> {
    let wanted: BTreeMap<String, Add> = files
        .of(table)
        .iter()
        .map(|(partition, entry)| {
            let add = Add::new(table, *partition, entry, now);
            (add.path.clone(), add)
        })
        .collect();
    let is_kept = |add: &Add| wanted.contains_key(&add.path) || files.is_lost(table, &add.path);
    let removed = log.live.values().filter(|add| !is_kept(add)).map(|add| {
        Action::Remove(Remove {
            path: add.path.clone(),
            deletion_timestamp: Some(now),
            data_change: true,
        })
    });
    let added = wanted.values().filter(|add| {
        let live = log.live.get(&add.path);
        live.is_none_or(|live| !live.is_same_file(add))
    });
    removed.chain(added.cloned().map(Action::Add)).collect()
}

/// Returns a unique identifier of a table in the form of a UUID of version 8, which has a meaning of its own.
fn table_id(folder: &Folder, table: Table, now: i64) -> String {
    let digest = digest::of_str(&format!("{}/{table} {now}", folder.path().display()));
    let part = |from: usize, to: usize| digest.get(from..to).unwrap_or_default();
    format!(
        "{}-{}-8{}-8{}-{}",
        part(0, 8),
        part(8, 12),
        part(12, 15),
        part(15, 18),
        part(18, 30)
    )
}

/// Returns the name of the file of a day as of the last version of a table.
pub(crate) fn live_file(folder: &Folder, table: Table, day: Partition) -> Result<Option<String>> {
    let stored = folder.list_all(&log::log_folder(table))?;
    let log = Log::load(folder, table, &stored)?;
    let add = log.live.values().find(|add| add.partition() == Some(day));
    Ok(add.map(|add| actions::name(table, &add.path)))
}

/// What a verification of the logs found.
#[derive(Debug)]
pub(crate) struct Checked {
    /// The names of the files of the manifests and of all versions.
    pub(crate) known: BTreeSet<String>,
    pub(crate) problems: Vec<String>,
}

/// Compares the logs of a lake with its manifests.
pub(crate) fn check(folder: &Folder, lake: &LakeManifest) -> Result<Checked> {
    let files = ManifestFiles::load(folder, lake)?;
    let mut checked = Checked {
        known: files.names.clone(),
        problems: Vec::new(),
    };
    for table in Table::ALL {
        let stored = folder.list_all(&log::log_folder(table))?;
        let log = match Log::load(folder, table, &stored) {
            Ok(log) => log,
            Err(error) if error.kind() == ErrorKind::Corrupt => {
                checked.problems.push(error.to_string());
                continue;
            }
            Err(error) => return Err(error),
        };
        if !changes(&log, table, &files, 0).is_empty() {
            let (path, lake) = (folder.path_of(&log::log_folder(table)), folder.path());
            checked.problems.push(format!(
                "the Delta log {} does not have the files of the manifests; run the pull again, or `apivideo lake rebuild {}`",
                path.display(),
                lake.display()
            ));
        }
        let paths = log.paths().map(|path| actions::name(table, path));
        checked.known.extend(paths);
    }
    Ok(checked)
}

/// Returns whether an object is part of a log.
pub(crate) fn is_log(name: &str) -> bool {
    let folder = name.split_once('/').map(|(_, rest)| rest);
    folder.is_some_and(|rest| rest.starts_with("_delta_log/"))
}
