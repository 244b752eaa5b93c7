//! Recovery from commits that were interrupted, on the same machine or on another one.
//!
//! A commit replaces the files of a day one after the other, the sessions first. The new files that were not stored yet are
//! local: another machine does not have them, and a process in between may have replaced them. So each file of a pending manifest is
//! identified by its digest:
//!
//! * All new files are stored or local: the commit is completed.
//! * No file was replaced: the pending manifest is removed.
//! * The new sessions are stored: they are kept, and tables of which the new file is lost are read again.
//! * Otherwise, the day has no manifest any more, and is read again.

use std::fs;
use std::path::Path;

use super::commit;
use crate::digest;
use crate::error::{Error, Operation, Result};
use crate::folder::{Folder, files, names};
use crate::format::Format;
use crate::manifest::{DayManifest, FileEntry};
use crate::partition::Partition;
use crate::table::Table;

/// Completes or undoes the commits that earlier processes have not completed, and removes the local files of those that were
/// not begun.
pub(crate) fn recover(folder: &Folder) -> Result<()> {
    for day in folder.pending_days()? {
        if let Some(pending) = DayManifest::load_pending(folder, day)? {
            recover_day(folder, day, pending)?;
        }
    }
    remove_incoming(&folder.staging())?;
    if let Some(other) = folder.other_staging() {
        remove_incoming(&other)?;
        // It stays if it has the staging of an unfinished pull.
        let _ = fs::remove_dir(&other);
    }
    Ok(())
}

fn remove_incoming(staging: &Path) -> Result<()> {
    let Ok(entries) = fs::read_dir(staging) else {
        return Ok(());
    };
    for entry in entries.filter_map(std::result::Result::ok) {
        let path = entry.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "incoming")
        {
            files::remove(&path)?;
        }
    }
    Ok(())
}

/// Where the new file of a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NewFile {
    /// It has not replaced the stored one yet.
    Local,
    Stored,
    Lost,
}

fn recover_day(folder: &Folder, day: Partition, pending: DayManifest) -> Result<()> {
    let mut lost = Vec::new();
    for table in Table::PULLED {
        if let Some(entry) = pending.file(table)
            && find(folder, entry, &folder.incoming(table, day))? == NewFile::Lost
        {
            lost.push(table);
        }
    }
    let is_invalid_lost = match &pending.invalid {
        Some(entry) => find(folder, entry, &folder.incoming_invalid(day))? == NewFile::Lost,
        None => false,
    };
    if lost.is_empty() && !is_invalid_lost {
        return commit::complete(folder, day, &pending);
    }
    let before = DayManifest::load(folder, day)?;
    if let Some(before) = &before
        && is_unchanged(folder, before, &pending)?
    {
        return folder.delete(&Folder::pending_day_manifest(day));
    }
    if lost.contains(&Table::Sessions) {
        return remove(folder, day);
    }
    let mut manifest = pending;
    // Records of events that could not be decoded are only known by reading the events again.
    if is_invalid_lost && !lost.contains(&Table::Events) {
        lost.push(Table::Events);
    }
    for table in lost {
        let old = before.as_ref().and_then(|before| before.file(table));
        match old {
            Some(old) if table != Table::Events && old.check(folder)?.is_none() => {
                manifest.files.insert(table.name().to_owned(), old.clone());
            }
            _ => {
                delete_table(folder, table, day)?;
                // A pull reads the events again if only their file is missing.
                if table != Table::Events {
                    manifest.files.remove(table.name());
                }
            }
        }
    }
    if is_invalid_lost {
        manifest.invalid = None;
        manifest.accepted = false;
    }
    commit::complete(folder, day, &manifest)
}

/// Finds the new file of an entry by its digest, and removes a local file that is not the new one.
fn find(folder: &Folder, entry: &FileEntry, incoming: &std::path::Path) -> Result<NewFile> {
    match fs::File::open(incoming) {
        Ok(file) => {
            let (bytes, sha256) = digest::of_reader(file)
                .map_err(|error| Error::storage(Operation::Read, incoming, error))?;
            if (bytes, &sha256) == (entry.written.bytes, &entry.written.sha256) {
                return Ok(NewFile::Local);
            }
            files::remove(incoming)?;
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(Error::storage(Operation::Read, incoming, error)),
    }
    Ok(match entry.check(folder)? {
        None => NewFile::Stored,
        Some(_) => NewFile::Lost,
    })
}

/// Returns whether the stored files are those from before the commit.
fn is_unchanged(folder: &Folder, before: &DayManifest, pending: &DayManifest) -> Result<bool> {
    for entry in before.files.values().chain(&before.invalid) {
        if entry.check(folder)?.is_some() {
            return Ok(false);
        }
    }
    let old: Vec<&str> = (before.files.values().chain(&before.invalid))
        .map(|entry| entry.path.as_str())
        .collect();
    for entry in pending.files.values().chain(&pending.invalid) {
        // New files with names by their contents replace none. Without a manifest, they are removed later.
        if names::is_of_any_table(&entry.path) {
            continue;
        }
        if !old.contains(&entry.path.as_str()) && folder.contains(&entry.path)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Removes the manifests of a day first, then its sessions and events. Aggregates are kept: the service has them for 30 days only.
fn remove(folder: &Folder, day: Partition) -> Result<()> {
    folder.delete(&Folder::day_manifest(day))?;
    for table in [Table::Sessions, Table::Events] {
        delete_table(folder, table, day)?;
    }
    folder.delete(&Folder::invalid_events(day))?;
    folder.delete(&Folder::pending_day_manifest(day))
}

fn delete_table(folder: &Folder, table: Table, day: Partition) -> Result<()> {
    for format in Format::ALL {
        folder.delete(&Folder::data(table, day, format))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
