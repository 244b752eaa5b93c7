//! The manifest of a day: `_manifest/days/DATE.json`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;

use apivideo::AssetId;
use serde::{Deserialize, Serialize};

use super::FileEntry;
use super::skip::is_false;
use crate::asset_id;
use crate::date_range::DateRange;
use crate::digest;
use crate::error::{Error, Operation, Result};
use crate::folder::{Folder, RESTORE_MANIFEST};
use crate::format::{Format, Written};
use crate::partition::Partition;
use crate::table::Table;

/// The files of a day, and what of its events could not be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DayManifest {
    pub(crate) date: Partition,
    /// The files by the names of their tables. A table without rows has no file.
    pub(crate) files: BTreeMap<String, FileEntry>,
    /// Sessions of this day that were only listed for a period of other days.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) out_of_period: Vec<OutOfPeriod>,
    /// Sessions whose events could not be read.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) without_events: BTreeSet<String>,
    /// The number of events that could not be decoded, by session; they are in `_invalid`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) invalid_events: BTreeMap<String, u64>,
    /// The number of events that were decoded only after the response was repaired, by session.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) repaired_events: BTreeMap<String, u64>,
    /// The file in `_invalid` that describes both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) invalid: Option<FileEntry>,
    /// Whether the day was made final although some events could not be read.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) accepted: bool,
    /// The number of sessions that were removed because they were forgotten, by asset (`video/ID`), without those that were
    /// only listed for a period of other days.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) forgotten: BTreeMap<String, u64>,
}

/// A session that the service listed for a period in which it was not loaded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct OutOfPeriod {
    #[serde(with = "asset_id::text")]
    pub(crate) asset: AssetId,
    pub(crate) session: String,
    /// The period for which the session was listed.
    pub(crate) period: DateRange,
}

/// The files of a day that are not what the manifest describes, by their names and sizes.
#[derive(Debug, Default)]
pub(crate) struct FileDamage {
    /// The tables whose files are missing.
    pub(crate) missing: Vec<String>,
    /// The files that were changed.
    pub(crate) changed: Vec<PathBuf>,
}

impl DayManifest {
    pub(crate) fn new(date: Partition) -> Self {
        Self {
            date,
            files: BTreeMap::new(),
            out_of_period: Vec::new(),
            without_events: BTreeSet::new(),
            invalid_events: BTreeMap::new(),
            repaired_events: BTreeMap::new(),
            invalid: None,
            accepted: false,
            forgotten: BTreeMap::new(),
        }
    }

    /// Loads the manifest of a day; returns `None` if it does not exist.
    pub(crate) fn load(folder: &Folder, partition: Partition) -> Result<Option<Self>> {
        Self::load_from(folder, &Folder::day_manifest(partition), partition)
    }

    /// Loads the manifest of a commit that is not complete.
    pub(crate) fn load_pending(folder: &Folder, partition: Partition) -> Result<Option<Self>> {
        Self::load_from(folder, &Folder::pending_day_manifest(partition), partition)
    }

    fn load_from(folder: &Folder, name: &str, partition: Partition) -> Result<Option<Self>> {
        let Some(day) = folder.load_json::<Self>(name)? else {
            return Ok(None);
        };
        if day.date != partition {
            return Err(Error::corrupt(
                &folder.path_of(name),
                &format!(
                    "is the manifest of another day, {}: {RESTORE_MANIFEST}",
                    day.date
                ),
            ));
        }
        for (table_name, entry) in &day.files {
            folder.check_name(name, &entry.path)?;
            let is_of_day = Table::PULLED
                .iter()
                .any(|table| table.name() == table_name && entry.is_of(*table, partition));
            if !is_of_day {
                return Err(Error::corrupt(
                    &folder.path_of(name),
                    &format!("names a file of another day or table: {RESTORE_MANIFEST}"),
                ));
            }
        }
        if let Some(entry) = &day.invalid {
            folder.check_name(name, &entry.path)?;
        }
        Ok(Some(day))
    }

    /// Returns whether all events of the day's sessions were read, or the missing ones were accepted.
    pub(crate) fn is_complete(&self) -> bool {
        self.accepted || self.problem().is_none()
    }

    /// Describes what of the day's events could not be read, if anything.
    pub(crate) fn problem(&self) -> Option<String> {
        let mut why = Vec::new();
        if !self.without_events.is_empty() {
            why.push(format!(
                "the events of {} sessions could not be read",
                self.without_events.len()
            ));
        }
        if !self.invalid_events.is_empty() {
            let events: u64 = self.invalid_events.values().sum();
            why.push(format!("{events} events could not be decoded"));
        }
        (!why.is_empty()).then(|| format!("{}: {} (see _invalid)", self.date, why.join(", and ")))
    }

    /// Returns whether a session of this day was only listed for a period of other days.
    pub(crate) fn is_out_of_period(&self, asset: &AssetId, session: &str) -> bool {
        self.out_of_period
            .iter()
            .any(|entry| entry.asset == *asset && entry.session == session)
    }

    pub(crate) fn file(&self, table: Table) -> Option<&FileEntry> {
        self.files.get(table.name())
    }

    /// Adds an existing file of a table that no manifest names.
    pub(crate) fn adopt(
        &mut self,
        folder: &Folder,
        table: Table,
        format: Format,
        relative: String,
    ) -> Result<()> {
        let Some(stored) = folder.rows(format, table, &relative)? else {
            return Ok(());
        };
        let mut rows = 0;
        for row in stored {
            row?;
            rows += 1;
        }
        let Some(file) = folder.fetch(&relative)? else {
            return Ok(());
        };
        let (bytes, sha256) = digest::of_reader(file)
            .map_err(|error| Error::storage(Operation::Read, &folder.path_of(&relative), error))?;
        let entry = FileEntry {
            path: relative,
            written: Written {
                rows,
                bytes,
                sha256,
            },
        };
        self.files.insert(table.name().to_owned(), entry);
        Ok(())
    }

    /// Compares the names and sizes of the files with the manifest. `sizes` has those of all files.
    pub(crate) fn check_sizes(&self, folder: &Folder, sizes: &HashMap<String, u64>) -> FileDamage {
        let mut damage = FileDamage::default();
        for (name, entry) in &self.files {
            match sizes.get(&entry.path) {
                Some(size) if *size == entry.written.bytes => {}
                Some(_) => damage.changed.push(folder.path_of(&entry.path)),
                None => damage.missing.push(name.clone()),
            }
        }
        damage
    }

    /// Returns the path of a file of the day that exists and is not what was written.
    pub(crate) fn changed_file(&self, folder: &Folder) -> Result<Option<PathBuf>> {
        for entry in self.files.values() {
            if folder.contains(&entry.path)? && entry.check(folder)?.is_some() {
                return Ok(Some(folder.path_of(&entry.path)));
            }
        }
        Ok(None)
    }
}
