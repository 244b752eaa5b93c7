//! The folder of a lake: its paths, its lock, and how its files are replaced.

pub(crate) mod files;
mod lock;

use std::path::{Component, Path, PathBuf};
use std::{fs, io};

use apivideo::AssetId;

use crate::asset_id;
use crate::error::{Error, Operation, Result};
use crate::format::Format;
use crate::partition::Partition;
use crate::table::Table;

/// The next action if a manifest is damaged.
pub(crate) const RESTORE_MANIFEST: &str = "it was damaged or edited; restore it from a backup, or remove it and run the \
                                           pull again to read its day again (nothing was changed)";

/// The extension of a day's manifest that a commit is about to replace.
const PENDING: &str = ".json.pending";

/// The paths in the folder of a lake.
#[derive(Clone, Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Returns the path of the manifest of the lake.
    pub(crate) fn lake_manifest(&self) -> PathBuf {
        self.0.join("_manifest").join("lake.json")
    }

    /// Returns the folder of the manifests of days.
    pub(crate) fn day_manifests(&self) -> PathBuf {
        self.0.join("_manifest").join("days")
    }

    pub(crate) fn day_manifest(&self, partition: Partition) -> PathBuf {
        self.day_manifests().join(format!("{partition}.json"))
    }

    /// Returns the path of the manifest that a day has once its commit is complete.
    pub(crate) fn pending_day_manifest(&self, partition: Partition) -> PathBuf {
        self.day_manifests().join(format!("{partition}{PENDING}"))
    }

    /// Returns the folder of the manifests of derived tables.
    pub(crate) fn derived_manifests(&self) -> PathBuf {
        self.0.join("_manifest").join("derived")
    }

    pub(crate) fn derived_manifest(&self, partition: Partition) -> PathBuf {
        self.derived_manifests().join(format!("{partition}.json"))
    }

    /// Returns the path of the manifest of the table of lengths.
    pub(crate) fn lengths_manifest(&self) -> PathBuf {
        self.derived_manifests().join("lengths.json")
    }

    /// Returns the folder in which derived files are written before they replace the old ones.
    pub(crate) fn derived_incoming(&self) -> PathBuf {
        self.0.join("_derived")
    }

    /// Returns the path of the table of lengths relative to the folder.
    pub(crate) fn lengths(format: Format) -> String {
        format!("lengths/lengths.{format}")
    }

    /// Returns the days that have a manifest, in order.
    pub(crate) fn days(&self) -> Result<Vec<Partition>> {
        Self::days_with(&self.day_manifests(), ".json")
    }

    /// Returns the days that have a pending manifest, in order.
    pub(crate) fn pending_days(&self) -> Result<Vec<Partition>> {
        Self::days_with(&self.day_manifests(), PENDING)
    }

    /// Returns the days that have derived tables, in order.
    pub(crate) fn derived_days(&self) -> Result<Vec<Partition>> {
        Self::days_with(&self.derived_manifests(), ".json")
    }

    fn days_with(path: &Path, extension: &str) -> Result<Vec<Partition>> {
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Error::storage(Operation::Read, path, error)),
        };
        let mut days = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| Error::storage(Operation::Read, path, error))?;
            let name = entry.file_name();
            let day = name.to_str().and_then(|name| name.strip_suffix(extension));
            days.extend(day.and_then(|day| day.parse::<Partition>().ok()));
        }
        days.sort_unstable();
        Ok(days)
    }

    /// Returns the folder in which an unfinished pull stages what it has read.
    pub(crate) fn staging(&self) -> PathBuf {
        self.0.join("_staging")
    }

    /// Returns the path of a file of rows relative to the folder, as manifests store it.
    pub(crate) fn data(table: Table, partition: Partition, format: Format) -> String {
        format!(
            "{table}/{folder}/{table}.{format}",
            table = table.name(),
            folder = partition.folder()
        )
    }

    /// Returns the path of a file that a manifest names.
    pub(crate) fn resolve(&self, relative: &str) -> PathBuf {
        self.0.join(relative)
    }

    /// Returns the relative path of the invalid events of a day.
    pub(crate) fn invalid_events(partition: Partition) -> String {
        format!("_invalid/events/{partition}.ndjson")
    }

    /// Returns the relative path of the invalid sessions of an asset.
    pub(crate) fn invalid_sessions(asset: &AssetId) -> String {
        format!(
            "_invalid/sessions/{}-{}.ndjson",
            asset_id::kind(asset),
            asset.as_str()
        )
    }

    /// Returns the relative path of the videos and live streams without a valid id.
    pub(crate) fn invalid_assets() -> String {
        "_invalid/assets.ndjson".to_owned()
    }

    /// Returns the path under which the invalid events of a day are written before they replace the old ones.
    pub(crate) fn incoming_invalid(&self, partition: Partition) -> PathBuf {
        self.staging().join(format!("invalid-{partition}.incoming"))
    }

    /// Returns the path under which a file of rows is written before it replaces the old one.
    pub(crate) fn incoming(&self, table: Table, partition: Partition) -> PathBuf {
        let name = format!("{}-{partition}.incoming", table.name());
        self.staging().join(name)
    }

    /// Checks that a path in a manifest is relative and stays inside of the folder.
    pub(crate) fn check_path(&self, manifest: &Path, path: &str) -> Result<()> {
        let is_inside = !path.contains('\\')
            && Path::new(path)
                .components()
                .all(|component| matches!(component, Component::Normal(_)));
        if is_inside {
            return Ok(());
        }
        Err(Error::corrupt(
            manifest,
            &format!("names a file outside of the lake: {RESTORE_MANIFEST}"),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn rejects_manifest_paths_outside_of_the_folder() {
        let folder = Folder::new("lake");
        let check = |path: &str| folder.check_path(Path::new("lake/_manifest/days/x.json"), path);
        check("sessions/date=2022-01-01/sessions.ndjson").unwrap();
        for path in [
            "../thesis.txt",
            "/etc/passwd",
            "sessions/../../x",
            "..\\x",
            "./x",
        ] {
            let error = check(path).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Corrupt, "{path}");
            assert!(error.to_string().contains("outside of the lake"), "{error}");
        }
    }
}
