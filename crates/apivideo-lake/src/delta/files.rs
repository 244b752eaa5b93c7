//! The files that the manifests of a lake name, by table.

use std::collections::{BTreeMap, BTreeSet};

use crate::derive::{DerivedDay, DerivedLengths};
use crate::error::Result;
use crate::folder::Folder;
use crate::manifest::{DayManifest, FileEntry, LakeManifest};
use crate::partition::Partition;
use crate::table::Table;

/// A file with its partition. The table of lengths has none.
type File = (Option<Partition>, FileEntry);

/// The files of a lake.
#[derive(Default)]
pub(super) struct ManifestFiles {
    tables: BTreeMap<&'static str, Vec<File>>,
    /// The names of these files, and of those of commits that are not complete.
    pub(super) names: BTreeSet<String>,
    /// The days whose manifest is missing: the next pull writes it again.
    lost: BTreeSet<Partition>,
}

impl ManifestFiles {
    pub(super) fn load(folder: &Folder, lake: &LakeManifest) -> Result<Self> {
        let mut files = Self::default();
        for day in folder.pending_days()? {
            if let Some(manifest) = DayManifest::load_pending(folder, day)? {
                let entries = manifest.files.into_values();
                files.names.extend(entries.map(|entry| entry.path));
            }
        }
        let days: BTreeSet<Partition> = folder.days()?.into_iter().collect();
        files.lost = lake.days.difference(&days).copied().collect();
        for day in days {
            if let Some(manifest) = DayManifest::load(folder, day)? {
                files.add(Some(day), manifest.files);
            }
        }
        for day in folder.derived_days()? {
            if let Some(derived) = DerivedDay::load(folder, day)? {
                files.add(Some(day), derived.files);
            }
        }
        let lengths = DerivedLengths::load(folder, lake.settings.format)?;
        if let Some(file) = lengths.and_then(|lengths| lengths.file) {
            files.add(
                None,
                BTreeMap::from([(Table::Lengths.name().to_owned(), file)]),
            );
        }
        Ok(files)
    }

    fn add(&mut self, day: Option<Partition>, entries: BTreeMap<String, FileEntry>) {
        for (name, entry) in entries {
            if let Ok(table) = name.parse::<Table>() {
                self.names.insert(entry.path.clone());
                let files = self.tables.entry(table.name()).or_default();
                files.push((day, entry));
            }
        }
    }

    /// Returns the files of a table.
    pub(super) fn of(&self, table: Table) -> &[File] {
        self.tables.get(table.name()).map_or(&[], Vec::as_slice)
    }

    /// Returns whether the manifest of a day is missing that names the file of the table at this path.
    pub(super) fn is_lost(&self, table: Table, path: &str) -> bool {
        let folder = path.split('/').next();
        !table.is_derived() && self.lost.iter().any(|day| folder == Some(&*day.folder()))
    }
}
