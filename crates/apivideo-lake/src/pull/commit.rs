//! The commit of a day: all new files are written and synced first, then renamed, then the manifest is replaced.
//!
//! The new manifest exists as pending before the first rename. The next pull [recovers](super::recovery)
//! from a commit that has a pending manifest, so that a kill between two renames never leaves a mix of previous and new files.

use std::fs::File;

use crate::error::{Error, Operation, Result};
use crate::event_scope::EventScope;
use crate::folder::names::FileNames;
use crate::folder::{Folder, files};
use crate::format::{Format, Writer, Written};
use crate::invalid::{self, InvalidRecord};
use crate::manifest::{DayManifest, FileEntry, Settings};
use crate::partition::Partition;
use crate::row::Row;
use crate::table::Table;

/// The new files of a day.
pub(crate) struct Commit<'a> {
    folder: &'a Folder,
    format: Format,
    names: FileNames,
    scope: EventScope,
    day: Partition,
    before: Option<&'a DayManifest>,
    written: Vec<(Table, Written)>,
    /// The invalid events of the day; `None` if events are not part of this commit.
    invalid: Option<Vec<InvalidRecord>>,
}

/// A file of a commit that is being written.
pub(crate) struct TableWriter<'c, 'a> {
    commit: &'c mut Commit<'a>,
    table: Table,
    /// Created with the first row: a table without rows has no file.
    writer: Option<Writer>,
}

impl<'a> Commit<'a> {
    pub(crate) fn new(
        folder: &'a Folder,
        settings: &Settings,
        day: Partition,
        before: Option<&'a DayManifest>,
    ) -> Self {
        Self {
            folder,
            format: settings.format,
            names: settings.file_names(),
            scope: settings.scope,
            day,
            before,
            written: Vec::new(),
            invalid: None,
        }
    }

    /// Sets the invalid events of the day.
    pub(crate) fn set_invalid(&mut self, records: Vec<InvalidRecord>) {
        self.invalid = Some(records);
    }

    pub(crate) fn table<'c>(&'c mut self, table: Table) -> TableWriter<'c, 'a> {
        TableWriter {
            commit: self,
            table,
            writer: None,
        }
    }

    /// Returns the rows and bytes of the new files.
    pub(super) fn size(&self) -> (u64, u64) {
        let written = self.written.iter().map(|(_, written)| written);
        written.fold((0, 0), |(rows, bytes), written| {
            (rows + written.rows, bytes + written.bytes)
        })
    }

    /// Replaces the files of the day; returns `false` if nothing changed.
    pub(crate) fn run(self, mut manifest: DayManifest) -> Result<bool> {
        if let Some(before) = self.before {
            // Tables that are not part of this commit.
            let others = before
                .files
                .iter()
                .filter(|(name, _)| self.written.iter().all(|(table, _)| table.name() != **name));
            manifest
                .files
                .extend(others.map(|(name, entry)| (name.clone(), entry.clone())));
        }
        for (table, written) in &self.written {
            let name = table.name().to_owned();
            if written.rows == 0 {
                manifest.files.remove(&name);
                continue;
            }
            let entry = FileEntry {
                path: self.names.data(*table, self.day, &written.sha256),
                written: written.clone(),
            };
            manifest.files.insert(name, entry);
        }
        let incoming = self.folder.incoming_invalid(self.day);
        match &self.invalid {
            Some(records) if records.is_empty() => manifest.invalid = None,
            Some(records) => {
                let path = Folder::invalid_events(self.day);
                let (text, entry) = invalid::encode(&path, records)?;
                files::write(&incoming, &text)?;
                manifest.invalid = Some(entry);
            }
            None => {}
        }
        if self.is_unchanged(&manifest)? {
            for (table, _) in &self.written {
                files::remove(&self.folder.incoming(*table, self.day))?;
            }
            files::remove(&incoming)?;
            return Ok(false);
        }
        self.folder.check_lock()?;
        // The names of the new files have to be on disk before the pending manifest is.
        let staging = self.folder.staging();
        files::sync_folder(&staging)
            .map_err(|error| Error::storage(Operation::Write, &staging, error))?;
        let pending = Folder::pending_day_manifest(self.day);
        self.folder.put_json(&pending, &manifest)?;
        complete(self.folder, self.day, &manifest)?;
        Ok(true)
    }

    fn is_unchanged(&self, manifest: &DayManifest) -> Result<bool> {
        let Some(before) = self.before else {
            return Ok(manifest.files.is_empty());
        };
        if before != manifest {
            return Ok(false);
        }
        for entry in manifest.files.values().chain(&manifest.invalid) {
            if !self.folder.contains(&entry.path)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl TableWriter<'_, '_> {
    pub(crate) fn push(&mut self, row: &Row) -> Result<()> {
        let path = self.commit.folder.incoming(self.table, self.commit.day);
        let failed = |error| Error::storage(Operation::Write, &path, error);
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => {
                let file = File::create(&path).map_err(failed)?;
                let Commit { format, scope, .. } = *self.commit;
                let writer = Writer::new(format, self.table, scope, file);
                none.insert(writer.map_err(failed)?)
            }
        };
        writer.push(row).map_err(failed)
    }

    pub(crate) fn finish(self) -> Result<()> {
        let path = self.commit.folder.incoming(self.table, self.commit.day);
        let written = match self.writer {
            Some(writer) => writer
                .finish()
                .map_err(|error| Error::storage(Operation::Write, &path, error))?,
            None => {
                files::remove(&path)?;
                Written {
                    rows: 0,
                    bytes: 0,
                    sha256: String::new(),
                }
            }
        };
        self.commit.written.push((self.table, written));
        Ok(())
    }
}

/// Performs the remaining steps of a commit with a pending manifest. Each step is idempotent.
pub(super) fn complete(folder: &Folder, day: Partition, manifest: &DayManifest) -> Result<()> {
    for table in Table::PULLED {
        let incoming = folder.incoming(table, day);
        match manifest.file(table) {
            Some(entry) if incoming.exists() => folder.put_file(&entry.path, &incoming)?,
            Some(_) => {}
            None => {
                for format in Format::ALL {
                    folder.delete(&Folder::data(table, day, format))?;
                }
            }
        }
    }
    let incoming = folder.incoming_invalid(day);
    match &manifest.invalid {
        Some(entry) if incoming.exists() => folder.put_file(&entry.path, &incoming)?,
        Some(_) => {}
        None => folder.delete(&Folder::invalid_events(day))?,
    }
    folder.put_json(&Folder::day_manifest(day), manifest)?;
    folder.delete(&Folder::pending_day_manifest(day))
}
