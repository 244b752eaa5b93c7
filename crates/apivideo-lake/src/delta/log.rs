//! The log of a table: its versions and checkpoints in `TABLE/_delta_log`.

use std::collections::BTreeMap;
use std::io;

use serde_json::Value;

use super::actions::{self, Action, Add, Metadata, Protocol, Remove};
use super::checkpoint;
use crate::error::{Error, ErrorKind, Operation, Result};
use crate::folder::Folder;
use crate::folder::names;
use crate::storage::Stored;
use crate::table::Table;

/// The number of versions after which a checkpoint is written.
const CHECKPOINT_INTERVAL: u64 = 10;

/// How long a file stays after it was removed from a table, in milliseconds: 7 days, the default of Delta.
const RETENTION: i64 = 7 * 24 * 60 * 60 * 1_000;

/// The state of a table as of the last version of its log.
#[derive(Debug)]
pub(super) struct Log {
    folder: Folder,
    table: Table,
    /// The last version; `None` if the table has no log.
    version: Option<u64>,
    /// The version of the last checkpoint.
    checkpoint: Option<u64>,
    protocol: Option<Protocol>,
    pub(super) metadata: Option<Metadata>,
    /// The files of the table by their paths.
    pub(super) live: BTreeMap<String, Add>,
    /// The files that were removed, by their paths.
    removed: BTreeMap<String, Remove>,
}

/// Returns the folder of the log of a table.
pub(super) fn log_folder(table: Table) -> String {
    format!("{table}/_delta_log")
}

fn version_name(table: Table, version: u64) -> String {
    format!("{table}/_delta_log/{version:020}.json")
}

fn checkpoint_name(table: Table, version: u64) -> String {
    format!("{table}/_delta_log/{version:020}.checkpoint.parquet")
}

/// Returns the version of a file of the log with this extension.
fn version_of(file: &str, extension: &str) -> Option<u64> {
    let digits = file.strip_suffix(extension)?;
    let is_version = digits.len() == 20 && digits.bytes().all(|digit| digit.is_ascii_digit());
    is_version.then(|| digits.parse().ok())?
}

impl Log {
    /// Reads the last checkpoint and the versions after it. `stored` has at least the objects in the folder of the log.
    pub(super) fn load(folder: &Folder, table: Table, stored: &[Stored]) -> Result<Self> {
        let prefix = format!("{}/", log_folder(table));
        let files = || (stored.iter()).filter_map(|stored| stored.name.strip_prefix(&*prefix));
        let checkpoint = files()
            .filter_map(|file| version_of(file, ".checkpoint.parquet"))
            .max();
        let mut versions: Vec<u64> = files()
            .filter_map(|file| version_of(file, ".json"))
            .filter(|version| checkpoint.is_none_or(|checkpoint| *version > checkpoint))
            .collect();
        versions.sort_unstable();
        let mut log = Self {
            folder: folder.clone(),
            table,
            version: None,
            checkpoint,
            protocol: None,
            metadata: None,
            live: BTreeMap::new(),
            removed: BTreeMap::new(),
        };
        if let Some(version) = checkpoint {
            log.read_checkpoint(version)?;
        }
        for version in versions {
            if version != log.next_version() {
                let missing = folder.path_of(&version_name(table, log.next_version()));
                return Err(log.unusable(&format!("{} is missing", missing.display())));
            }
            log.read_version(version)?;
        }
        log.check()?;
        Ok(log)
    }

    fn next_version(&self) -> u64 {
        self.version.map_or(0, |version| version + 1)
    }

    fn read_checkpoint(&mut self, version: u64) -> Result<()> {
        let name = checkpoint_name(self.table, version);
        let path = self.folder.path_of(&name);
        let damaged = |why: Box<dyn std::error::Error + Send + Sync>| {
            let message = format!(
                "cannot decode {}: remove it and run the same command again",
                path.display()
            );
            Error::new(ErrorKind::Corrupt, message).with_source(why)
        };
        let Some(file) = self.folder.fetch(&name)? else {
            let missing = io::Error::from(io::ErrorKind::NotFound);
            return Err(Error::storage(Operation::Read, &path, missing));
        };
        for row in checkpoint::decode(file).map_err(|error| damaged(error.into()))? {
            let action = serde_json::from_value(row).map_err(|error| damaged(error.into()))?;
            self.apply(action);
        }
        self.version = Some(version);
        Ok(())
    }

    fn read_version(&mut self, version: u64) -> Result<()> {
        let name = version_name(self.table, version);
        let path = self.folder.path_of(&name);
        let text = self.folder.read(&name)?.unwrap_or_default();
        for line in text.split(|byte| *byte == b'\n') {
            if line.trim_ascii().is_empty() {
                continue;
            }
            let action = serde_json::from_slice(line).map_err(|error| {
                self.unusable(&format!("{} has an action of another kind", path.display()))
                    .with_source(error)
            })?;
            self.apply(action);
        }
        self.version = Some(version);
        Ok(())
    }

    fn apply(&mut self, action: Action) {
        match action {
            Action::CommitInfo(_) => {}
            Action::Protocol(protocol) => self.protocol = Some(protocol),
            Action::MetaData(metadata) => self.metadata = Some(metadata),
            Action::Add(add) => {
                self.removed.remove(&add.path);
                self.live.insert(add.path.clone(), add);
            }
            Action::Remove(remove) => {
                self.live.remove(&remove.path);
                self.removed.insert(remove.path.clone(), remove);
            }
        }
    }

    /// Checks that the log is one of this crate.
    fn check(&self) -> Result<()> {
        if self.version.is_none() {
            return Ok(());
        }
        if self.protocol != Some(Protocol::OWN) || self.metadata.is_none() {
            return Err(self.unusable("it has another version of the protocol"));
        }
        let is_own = |add: &&Add| {
            let name = actions::name(self.table, &add.path);
            names::is_by_content(self.table, &name) && add.deletion_vector.is_none()
        };
        match self.live.values().find(|add| !is_own(add)) {
            Some(add) => Err(self.unusable(&format!("it names the file {}", add.path))),
            None => Ok(()),
        }
    }

    fn unusable(&self, why: &str) -> Error {
        let path = self.folder.path_of(&log_folder(self.table));
        let path = path.display();
        Error::new(
            ErrorKind::Corrupt,
            format!(
                "the Delta log {path} was written by another program or damaged: {why}; move the folder out of the lake and \
                 run the same command again to write a new log (the files of the lake are not affected)"
            ),
        )
    }

    /// Returns whether the table has a log.
    pub(super) fn exists(&self) -> bool {
        self.version.is_some()
    }

    /// Writes the next version with these actions.
    ///
    /// # Errors
    /// Returns an error if another writer has written this version.
    pub(super) fn commit(&mut self, actions: Vec<Action>) -> Result<()> {
        let version = self.next_version();
        let name = version_name(self.table, version);
        let failed = |error: serde_json::Error| {
            Error::storage(Operation::Write, &self.folder.path_of(&name), error.into())
        };
        let mut text = Vec::new();
        for action in &actions {
            serde_json::to_writer(&mut text, action).map_err(failed)?;
            text.push(b'\n');
        }
        let is_created = self.folder.put_new(&name, &text)?;
        // A store can have created it although its response was lost, and then report that it exists.
        if !is_created && self.folder.read(&name)?.as_deref() != Some(&*text) {
            return Err(Error::new(
                ErrorKind::Locked,
                format!(
                    "another process has written {}: make sure that no other process writes to the lake, and run the same \
                     command again",
                    self.folder.path_of(&name).display()
                ),
            ));
        }
        for action in actions {
            self.apply(action);
        }
        self.version = Some(version);
        Ok(())
    }

    /// Writes a checkpoint of the last version if the last one is old enough.
    pub(super) fn write_checkpoint(&self, now: i64) -> Result<()> {
        let (Some(version), Some(protocol), Some(metadata)) =
            (self.version, self.protocol, &self.metadata)
        else {
            return Ok(());
        };
        if version - self.checkpoint.unwrap_or(0) < CHECKPOINT_INTERVAL {
            return Ok(());
        }
        let mut actions = vec![
            Action::Protocol(protocol),
            Action::MetaData(metadata.clone()),
        ];
        let removed = self.removed.values();
        let retained = removed.filter(|remove| is_retained(remove, now));
        actions.extend(retained.cloned().map(Action::Remove));
        actions.extend(self.live.values().cloned().map(Action::Add));
        let name = checkpoint_name(self.table, version);
        let failed = |error| Error::storage(Operation::Write, &self.folder.path_of(&name), error);
        let rows: serde_json::Result<Vec<Value>> =
            actions.iter().map(serde_json::to_value).collect();
        let rows = rows.map_err(|error| failed(error.into()))?;
        let bytes = checkpoint::encode(&rows).map_err(|error| failed(io::Error::other(error)))?;
        self.folder.put(&name, &bytes)?;
        let last = serde_json::json!({
            "version": version, "size": actions.len(), "sizeInBytes": bytes.len(), "numOfAddFiles": self.live.len(),
        });
        let name = format!("{}/_last_checkpoint", log_folder(self.table));
        self.folder.put(&name, last.to_string().as_bytes())
    }

    /// Returns whether readers of an earlier version may still need a file that was removed.
    pub(super) fn retains(&self, path: &str, now: i64) -> bool {
        let removed = self.removed.get(path);
        removed.is_some_and(|remove| is_retained(remove, now))
    }

    /// Returns the paths of all files that the log names.
    pub(super) fn paths(&self) -> impl Iterator<Item = &String> {
        self.live.keys().chain(self.removed.keys())
    }
}

fn is_retained(remove: &Remove, now: i64) -> bool {
    let since = remove.deletion_timestamp.unwrap_or(i64::MIN);
    now.saturating_sub(since) < RETENTION
}
