//! A lake in its storage: the names of its objects, its lock, and its local files of unfinished work.

pub(crate) mod files;
mod lock;
mod lock_object;
pub(crate) mod names;

use std::fs::File;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use apivideo::AssetId;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::asset_id;
use crate::error::{Error, Operation, Result};
use crate::format::{self, Batches, Format, Rows};
use crate::partition::Partition;
use crate::storage::{Contents, LocalStorage, Storage, Stored, Visit, scheme};
use crate::table::Table;

/// The next action if a manifest is damaged.
pub(crate) const RESTORE_MANIFEST: &str = "it was damaged or edited; restore it from a backup, or remove it and run the \
                                           pull again to read its day again (nothing was changed)";

/// The extension of a day's manifest that a commit is about to replace.
const PENDING: &str = ".json.pending";

/// A lake: its storage, the names of its objects, and the local folder of its unfinished work.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    storage: Arc<dyn Storage>,
    /// The local folder of staged and incoming files.
    work: PathBuf,
    /// The folder of the lake, if it is local.
    local: Option<PathBuf>,
    /// The token of the lock that this process holds in an object store.
    token: Arc<Mutex<Option<String>>>,
    /// The temporary folder that contains `work`, if there is one. It is removed when the last copy is dropped.
    #[cfg(feature = "object-store")]
    temporary: Option<Arc<tempfile::TempDir>>,
}

/// The manifest of the lake.
pub(crate) const LAKE_MANIFEST: &str = "_manifest/lake.json";

/// The manifest of the table of lengths.
pub(crate) const LENGTHS_MANIFEST: &str = "_manifest/derived/lengths.json";

/// The list of what was forgotten.
pub(crate) const FORGOTTEN: &str = "_manifest/forgotten.json";

/// The videos and live streams without a valid id.
pub(crate) const INVALID_ASSETS: &str = "_invalid/assets.ndjson";

/// The folder of invalid sessions.
pub(crate) const INVALID_SESSIONS: &str = "_invalid/sessions";

/// The folder of the manifests of days.
const DAY_MANIFESTS: &str = "_manifest/days";

/// The folder of the manifests of derived tables.
const DERIVED_MANIFESTS: &str = "_manifest/derived";

/// Names.
impl Folder {
    pub(crate) fn day_manifest(partition: Partition) -> String {
        format!("{DAY_MANIFESTS}/{partition}.json")
    }

    /// Returns the name of the manifest that a day has once its commit is complete.
    pub(crate) fn pending_day_manifest(partition: Partition) -> String {
        format!("{DAY_MANIFESTS}/{partition}{PENDING}")
    }

    pub(crate) fn derived_manifest(partition: Partition) -> String {
        format!("{DERIVED_MANIFESTS}/{partition}.json")
    }

    /// Returns the name of the table of lengths.
    pub(crate) fn lengths(format: Format) -> String {
        format!("lengths/lengths.{format}")
    }

    /// Returns the name of a file of rows, as manifests store it.
    pub(crate) fn data(table: Table, partition: Partition, format: Format) -> String {
        format!(
            "{table}/{folder}/{table}.{format}",
            table = table.name(),
            folder = partition.folder()
        )
    }

    /// Returns the name of the invalid events of a day.
    pub(crate) fn invalid_events(partition: Partition) -> String {
        format!("_invalid/events/{partition}.ndjson")
    }

    /// Returns the name of the invalid sessions of an asset.
    pub(crate) fn invalid_sessions(asset: &AssetId) -> String {
        format!(
            "{INVALID_SESSIONS}/{}-{}.ndjson",
            asset_id::kind(asset),
            asset.as_str()
        )
    }
}

/// Local files of unfinished work.
impl Folder {
    /// Returns the folder in which an unfinished pull stages what it has read.
    pub(crate) fn staging(&self) -> PathBuf {
        self.work.join("_staging")
    }

    /// Returns the folder in which derived files are written before they replace the old ones.
    pub(crate) fn derived_incoming(&self) -> PathBuf {
        self.work.join("_derived")
    }

    /// Returns the folder that a process without a staging folder of its own leaves in the lake; `None` if it is the one in use.
    pub(crate) fn other_staging(&self) -> Option<PathBuf> {
        self.other_work("_staging")
    }

    /// Returns the folder of derived files that a process without a staging folder of its own leaves in the lake; `None` if it
    /// is the one in use.
    pub(crate) fn other_derived_incoming(&self) -> Option<PathBuf> {
        self.other_work("_derived")
    }

    fn other_work(&self, name: &str) -> Option<PathBuf> {
        let local = self.local.as_ref().filter(|local| **local != self.work)?;
        Some(local.join(name))
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
}

/// Objects.
impl Folder {
    /// Opens a lake in a local folder.
    #[cfg(test)]
    pub(crate) fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self::open_local(&path, path.clone())
    }

    /// Opens a lake in a storage.
    #[cfg(all(test, feature = "object-store"))]
    pub(crate) fn with_storage(storage: Arc<dyn Storage>, work: PathBuf) -> Self {
        Self {
            storage,
            work,
            local: None,
            token: Arc::default(),
            temporary: None,
        }
    }

    /// Opens a lake in a local folder, with its unfinished work in another one.
    pub(crate) fn open_local(path: &Path, work: PathBuf) -> Self {
        Self {
            storage: Arc::new(LocalStorage::new(path)),
            work,
            local: Some(path.to_owned()),
            token: Arc::default(),
            #[cfg(feature = "object-store")]
            temporary: None,
        }
    }

    /// Opens a lake at a URL. Without a folder of unfinished work, it has a temporary one.
    #[cfg(feature = "object-store")]
    pub(crate) fn open_url(url: &str, shown: &str, work: Option<PathBuf>) -> Result<Self> {
        let (work, temporary) = match work {
            Some(work) => (work, None),
            None => {
                let folder = std::env::temp_dir();
                let temporary = tempfile::tempdir_in(&folder)
                    .map_err(|error| Error::storage(Operation::Create, &folder, error))?;
                (temporary.path().to_owned(), Some(Arc::new(temporary)))
            }
        };
        let storage = scheme::open(url, shown, &work)?;
        Ok(Self {
            storage: Arc::new(storage),
            work,
            local: None,
            token: Arc::default(),
            temporary,
        })
    }

    /// Returns the error of a URL in a build without object stores.
    #[cfg(not(feature = "object-store"))]
    pub(crate) fn open_url(url: &str, shown: &str, _work: Option<PathBuf>) -> Result<Self> {
        scheme::check(url, shown)?;
        Err(Error::input(format!("cannot open {shown}")))
    }

    /// Returns whether the unfinished work is in a temporary folder, which only this process uses.
    fn is_temporary(&self) -> bool {
        #[cfg(feature = "object-store")]
        let is_temporary = self.temporary.is_some();
        #[cfg(not(feature = "object-store"))]
        let is_temporary = false;
        is_temporary
    }

    /// Replaces the storage by one that is built on it.
    #[cfg(test)]
    pub(crate) fn wrap_storage(
        self,
        wrap: impl FnOnce(Arc<dyn Storage>) -> Arc<dyn Storage>,
    ) -> Self {
        let storage = wrap(Arc::clone(&self.storage));
        Self { storage, ..self }
    }

    /// Returns whether the lake is in a local folder.
    pub(crate) fn is_local(&self) -> bool {
        self.local.is_some()
    }

    /// Returns the path or URL of the lake, for messages.
    pub(crate) fn path(&self) -> PathBuf {
        self.storage.path("")
    }

    /// Returns the path or URL of an object, for messages.
    pub(crate) fn path_of(&self, name: &str) -> PathBuf {
        self.storage.path(name)
    }

    /// Returns whether an object exists.
    pub(crate) fn contains(&self, name: &str) -> Result<bool> {
        Ok(self.size(name)?.is_some())
    }

    /// Returns the size of an object; `None` if it does not exist.
    pub(crate) fn size(&self, name: &str) -> Result<Option<u64>> {
        self.failed_to_read(name, self.storage.size(name))
    }

    /// Returns the contents of a small object; `None` if it does not exist.
    pub(crate) fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.failed_to_read(name, self.storage.read(name))
    }

    /// Returns an object as a local file; `None` if it does not exist.
    pub(crate) fn fetch(&self, name: &str) -> Result<Option<File>> {
        self.failed_to_read(name, self.storage.fetch(name))
    }

    /// Visits the objects in a folder and its subfolders.
    pub(crate) fn list(&self, folder: &str, visit: &mut dyn FnMut(Stored) -> Visit) -> Result<()> {
        self.failed_to_read(folder, self.storage.list(folder, visit))
    }

    /// Returns the objects in a folder and its subfolders, sorted by their names.
    pub(crate) fn list_all(&self, folder: &str) -> Result<Vec<Stored>> {
        let mut all = Vec::new();
        self.list(folder, &mut |stored| {
            all.push(stored);
            Visit::Continue
        })?;
        all.sort_unstable();
        Ok(all)
    }

    /// Creates or replaces an object.
    pub(crate) fn put(&self, name: &str, contents: &[u8]) -> Result<()> {
        self.failed_to_write(name, self.storage.put(name, Contents::Bytes(contents)))
    }

    /// Creates an object unless it exists; returns whether it was created.
    pub(crate) fn put_new(&self, name: &str, contents: &[u8]) -> Result<bool> {
        self.storage
            .put_new(name, contents)
            .map_err(|error| Error::storage(Operation::Write, &self.path_of(name), error))
    }

    /// Creates or replaces an object with a local file, which is removed.
    pub(crate) fn put_file(&self, name: &str, file: &Path) -> Result<()> {
        self.failed_to_write(name, self.storage.put(name, Contents::File(file)))
    }

    /// Creates or replaces an object with a value as JSON.
    pub(crate) fn put_json(&self, name: &str, contents: &impl Serialize) -> Result<()> {
        let mut text = serde_json::to_vec_pretty(contents)
            .map_err(|error| Error::storage(Operation::Write, &self.path_of(name), error.into()))?;
        text.push(b'\n');
        self.put(name, &text)
    }

    /// Removes an object if it exists, and the folders that are empty without it.
    pub(crate) fn delete(&self, name: &str) -> Result<()> {
        self.storage
            .delete(name)
            .map_err(|error| Error::storage(Operation::Remove, &self.path_of(name), error))
    }

    /// Reads an object of JSON; returns `None` if it does not exist.
    pub(crate) fn load_json<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        let Some(text) = self.read(name)? else {
            return Ok(None);
        };
        serde_json::from_slice(&text)
            .map(Some)
            .map_err(|error| self.invalid_manifest(name).with_source(error))
    }

    /// An error about a manifest that is not what this crate writes.
    pub(crate) fn invalid_manifest(&self, name: &str) -> Error {
        Error::corrupt(
            &self.path_of(name),
            "is invalid: it was damaged or edited; restore it from a backup (nothing was changed)",
        )
    }

    /// Returns the days that have a manifest, in order.
    pub(crate) fn days(&self) -> Result<Vec<Partition>> {
        self.days_with(DAY_MANIFESTS, ".json")
    }

    /// Returns the days that have a pending manifest, in order.
    pub(crate) fn pending_days(&self) -> Result<Vec<Partition>> {
        self.days_with(DAY_MANIFESTS, PENDING)
    }

    /// Returns the days that have derived tables, in order.
    pub(crate) fn derived_days(&self) -> Result<Vec<Partition>> {
        self.days_with(DERIVED_MANIFESTS, ".json")
    }

    fn days_with(&self, folder: &str, extension: &str) -> Result<Vec<Partition>> {
        let mut days = Vec::new();
        self.list(folder, &mut |stored| {
            let name = stored.name.rsplit('/').next().unwrap_or_default();
            let day = name.strip_suffix(extension);
            days.extend(day.and_then(|day| day.parse::<Partition>().ok()));
            Visit::Continue
        })?;
        days.sort_unstable();
        Ok(days)
    }

    /// Returns the rows of an object; `None` if it does not exist.
    pub(crate) fn rows(&self, format: Format, table: Table, name: &str) -> Result<Option<Rows>> {
        let Some(file) = self.fetch(name)? else {
            return Ok(None);
        };
        format::read(format, table, file, self.path_of(name)).map(Some)
    }

    /// Returns columns of an object, by their names; `None` if it does not exist.
    pub(crate) fn columns(
        &self,
        format: Format,
        table: Table,
        name: &str,
        columns: &[&'static str],
    ) -> Result<Option<Batches>> {
        let Some(file) = self.fetch(name)? else {
            return Ok(None);
        };
        format::read_columns(format, table, file, self.path_of(name), columns).map(Some)
    }

    /// Returns columns of a file of sessions or events that a manifest names.
    ///
    /// # Errors
    /// Returns an error if it does not exist.
    pub(crate) fn pulled_columns(
        &self,
        format: Format,
        table: Table,
        name: &str,
        columns: &[&'static str],
    ) -> Result<Batches> {
        let found = self.columns(format, table, name, columns)?;
        found.ok_or_else(|| {
            Error::corrupt(
                &self.path_of(name),
                "is missing; run the pull again to read the day again",
            )
        })
    }

    /// Checks that a name in a manifest is relative and stays inside of the lake.
    pub(crate) fn check_name(&self, manifest: &str, name: &str) -> Result<()> {
        let is_inside = !name.contains('\\')
            && Path::new(name)
                .components()
                .all(|component| matches!(component, Component::Normal(_)));
        if is_inside {
            return Ok(());
        }
        Err(Error::corrupt(
            &self.path_of(manifest),
            &format!("names a file outside of the lake: {RESTORE_MANIFEST}"),
        ))
    }

    fn failed_to_read<T>(&self, name: &str, outcome: io::Result<T>) -> Result<T> {
        outcome.map_err(|error| Error::storage(Operation::Read, &self.path_of(name), error))
    }

    fn failed_to_write(&self, name: &str, outcome: io::Result<()>) -> Result<()> {
        outcome.map_err(|error| Error::storage(Operation::Write, &self.path_of(name), error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn rejects_manifest_paths_outside_of_the_folder() {
        let folder = Folder::new("lake");
        let check = |path: &str| folder.check_name("_manifest/days/x.json", path);
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
