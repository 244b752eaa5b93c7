//! Putting the files of a day in their places: all written and made to last first, then renamed, then the manifest.
//!
//! The manifest that the day is to have is there, as pending, before the first rename. Who finds one finishes what it
//! says: so a kill between two renames leaves nothing that is half of one and half of the other.

use std::fs::{self, File};
use std::io;

use crate::error::{Error, Result};
use crate::folder::{self, Folder};
use crate::format::{Format, Writer, Written};
use crate::invalid::{self, Invalid};
use crate::manifest::{Day, FileEntry};
use crate::span::Partition;
use crate::table::{Row, Table};

/// The new files of a day.
pub(crate) struct Commit<'a> {
    folder: &'a Folder,
    format: Format,
    day: Partition,
    before: Option<&'a Day>,
    written: Vec<(Table, Written)>,
    /// What could not be read of the day's events; `None` where they are not looked at.
    invalid: Option<Vec<Invalid>>,
}

/// A file that is being written.
pub(crate) struct TableWriter<'c, 'a> {
    commit: &'c mut Commit<'a>,
    table: Table,
    /// Made with its first row: a table without rows has no file.
    writer: Option<Writer>,
}

impl<'a> Commit<'a> {
    pub(crate) fn new(
        folder: &'a Folder,
        format: Format,
        day: Partition,
        before: Option<&'a Day>,
    ) -> Self {
        Self {
            folder,
            format,
            day,
            before,
            written: Vec::new(),
            invalid: None,
        }
    }

    /// What could not be read of the day's events.
    pub(crate) fn invalid(&mut self, records: Vec<Invalid>) {
        self.invalid = Some(records);
    }

    pub(crate) fn table<'c>(&'c mut self, table: Table) -> TableWriter<'c, 'a> {
        TableWriter {
            commit: self,
            table,
            writer: None,
        }
    }

    /// Puts the files in their places; `false` where they were there already.
    pub(crate) fn run(self, mut manifest: Day) -> Result<bool> {
        if let Some(before) = self.before {
            // Tables that this commit has nothing to do with.
            let others = before
                .files
                .iter()
                .filter(|(name, _)| self.written.iter().all(|(table, _)| table.name() != **name));
            manifest
                .files
                .extend(others.map(|(name, entry)| (name.clone(), entry.clone())));
        }
        for (table, written) in &self.written {
            let path = Folder::data(*table, self.day, self.format);
            match written.rows {
                0 => drop(manifest.files.remove(table.name())),
                _ => drop(manifest.files.insert(
                    table.name().to_owned(),
                    FileEntry {
                        path,
                        written: written.clone(),
                    },
                )),
            }
        }
        let incoming = self.folder.incoming_invalid(self.day);
        match self.invalid {
            Some(records) if records.is_empty() => manifest.invalid = None,
            Some(records) => {
                let path = Folder::invalid_events(self.day);
                let (text, entry) = invalid::lines(&path, &records)?;
                folder::write(&incoming, &text)?;
                manifest.invalid = Some(entry);
            }
            None => {}
        }
        let same = self.before == Some(&manifest)
            && manifest
                .files
                .values()
                .chain(&manifest.invalid)
                .all(|entry| self.folder.resolve(&entry.path).exists());
        if same || self.before.is_none() && manifest.files.is_empty() {
            for (table, _) in &self.written {
                folder::remove(&self.folder.incoming(*table, self.day))?;
            }
            folder::remove(&incoming)?;
            return Ok(false);
        }
        // The names of the new files, before the pending manifest counts on them.
        let staging = self.folder.staging();
        folder::sync_folder(&staging)
            .map_err(|error| Error::storage("written", &staging, error))?;
        folder::replace(&self.folder.pending_day(self.day), &manifest)?;
        finish(self.folder, self.day, &manifest)?;
        Ok(true)
    }
}

impl TableWriter<'_, '_> {
    pub(crate) fn push(&mut self, row: &Row) -> Result<()> {
        let path = self.commit.folder.incoming(self.table, self.commit.day);
        let failed = |error| Error::storage("written", &path, error);
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => {
                let file = File::create(&path).map_err(failed)?;
                none.insert(Writer::new(self.commit.format, self.table, file).map_err(failed)?)
            }
        };
        writer.push(row).map_err(failed)
    }

    pub(crate) fn finish(self) -> Result<()> {
        let path = self.commit.folder.incoming(self.table, self.commit.day);
        let written = match self.writer {
            Some(writer) => writer
                .finish()
                .map_err(|error| Error::storage("written", &path, error))?,
            None => {
                folder::remove(&path)?;
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

/// Finishes what processes before have left in the middle.
pub(crate) fn recover(folder: &Folder) -> Result<()> {
    let path = folder.days();
    let entries = match fs::read_dir(&path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::storage("read", &path, error)),
    };
    for entry in entries {
        let entry = entry.map_err(|error| Error::storage("read", &path, error))?;
        let name = entry.file_name();
        if let Some(day) = pending(&name)
            && let Some(manifest) = Day::load_pending(folder, day)?
        {
            finish(folder, day, &manifest)?;
        }
    }
    forget_incoming(folder)
}

/// The day whose pending manifest has this name.
pub(crate) fn pending(name: &std::ffi::OsStr) -> Option<Partition> {
    name.to_str()?.strip_suffix(".json.pending")?.parse().ok()
}

/// Removes files that were being written and that no manifest waits for.
fn forget_incoming(folder: &Folder) -> Result<()> {
    let Ok(entries) = fs::read_dir(folder.staging()) else {
        return Ok(());
    };
    for entry in entries.filter_map(std::result::Result::ok) {
        if entry
            .path()
            .extension()
            .is_some_and(|ending| ending == "incoming")
        {
            folder::remove(&entry.path())?;
        }
    }
    Ok(())
}

/// What is left to do once the pending manifest is there; doing it again changes nothing.
fn finish(folder: &Folder, day: Partition, manifest: &Day) -> Result<()> {
    for table in Table::ALL {
        let incoming = folder.incoming(table, day);
        match manifest.file(table) {
            Some(entry) if incoming.exists() => {
                let place = folder.resolve(&entry.path);
                if let Some(above) = place.parent() {
                    folder::create(above)?;
                }
                folder::rename(&incoming, &place)?;
            }
            Some(_) => {}
            None => {
                for format in Format::ALL {
                    folder::remove(&folder.resolve(&Folder::data(table, day, format)))?;
                }
            }
        }
    }
    let incoming = folder.incoming_invalid(day);
    match &manifest.invalid {
        Some(entry) if incoming.exists() => {
            let place = folder.resolve(&entry.path);
            if let Some(above) = place.parent() {
                folder::create(above)?;
            }
            folder::rename(&incoming, &place)?;
        }
        Some(_) => {}
        None => {
            folder::remove(&folder.resolve(&Folder::invalid_events(day)))?;
            invalid::tidy(folder)?;
        }
    }
    folder::rename(&folder.pending_day(day), &folder.day(day))
}
