//! The folder of a mirror: where things are, and how files are replaced so that a kill leaves the old or the new.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, Result};
use crate::format::Format;
use crate::span::Partition;
use crate::table::Table;

/// Paths in the folder of a mirror.
#[derive(Clone, Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The file that says what the folder holds.
    pub(crate) fn lake(&self) -> PathBuf {
        self.0.join("_manifest").join("lake.json")
    }

    /// Where the manifests of days are.
    pub(crate) fn days(&self) -> PathBuf {
        self.0.join("_manifest").join("days")
    }

    pub(crate) fn day(&self, partition: Partition) -> PathBuf {
        self.days().join(format!("{partition}.json"))
    }

    /// The manifest that a day is about to have.
    pub(crate) fn pending_day(&self, partition: Partition) -> PathBuf {
        self.days().join(format!("{partition}.json.pending"))
    }

    /// Where a pull that is not finished keeps what it has.
    pub(crate) fn staging(&self) -> PathBuf {
        self.0.join("_staging")
    }

    /// A file's path from the folder's, as manifests have it.
    pub(crate) fn data(table: Table, partition: Partition, format: Format) -> String {
        format!(
            "{table}/{folder}/{table}.{format}",
            table = table.name(),
            folder = partition.folder()
        )
    }

    pub(crate) fn resolve(&self, data: &str) -> PathBuf {
        self.0.join(data)
    }

    /// Where a file is written before it takes its place.
    pub(crate) fn incoming(&self, table: Table, partition: Partition) -> PathBuf {
        let name = format!("{}-{partition}.incoming", table.name());
        self.staging().join(name)
    }

    /// Takes the folder for this process alone, until the lock is dropped.
    pub(crate) fn lock(&self) -> Result<Lock> {
        create(&self.0)?;
        let path = self.0.join("_lock");
        let opened = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path);
        let mut file = opened.map_err(|error| Error::storage("written", &path, error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Whoever holds it has said who it is, or is just about to.
                let _ = file.read_to_string(&mut holder);
                let holder = match holder.trim() {
                    "" => "another process",
                    named => named,
                };
                return Err(Error::new(
                    ErrorKind::Locked,
                    format!(
                        "{} is in use by {holder}; wait until it is done, or stop it: what it has is kept",
                        self.0.display()
                    ),
                ));
            }
            Err(TryLockError::Error(error)) => return Err(Error::storage("locked", &path, error)),
        }
        // The lock is the system's: that of a process that died is nobody's. The name in it is for people.
        let name = format!("process {}\n", std::process::id());
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(name.as_bytes()))
            .map_err(|error| Error::storage("written", &path, error))?;
        Ok(Lock { _file: file })
    }

    /// Takes the folder for reading beside other readers; where the system has no lock for us, it does without.
    pub(crate) fn lock_to_read(&self) -> Result<Option<Lock>> {
        let path = self.0.join("_lock");
        let Ok(mut file) = File::open(&path) else {
            return Ok(None);
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(Some(Lock { _file: file })),
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                Err(Error::new(
                    ErrorKind::Locked,
                    format!(
                        "{} is being written by {}; try again when that is done",
                        self.0.display(),
                        holder.trim()
                    ),
                ))
            }
            Err(TryLockError::Error(_)) => Ok(None),
        }
    }
}

/// Holds the folder for this process.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// Makes a folder and those above it, if they are not there.
pub(crate) fn create(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(|error| Error::storage("made", folder, error))
}

/// Writes a file so that there is the old one or the new one, whole, whenever the process ends.
pub(crate) fn replace(path: &Path, contents: &impl Serialize) -> Result<()> {
    let failed = |error| Error::storage("written", path, error);
    let mut text = serde_json::to_string_pretty(contents).map_err(|error| failed(error.into()))?;
    text.push('\n');
    let mut name = path.as_os_str().to_owned();
    name.push(".tmp");
    let temporary = PathBuf::from(name);
    let write = || -> io::Result<()> {
        let mut file = File::create(&temporary)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().map_err(failed)?;
    rename(&temporary, path)
}

/// Puts a file in another's place, for good.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to)
        .and_then(|()| sync_folder_of(to))
        .map_err(|error| Error::storage("written", to, error))
}

/// Removes a file if it is there.
pub(crate) fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::storage("removed", path, error))
        }
        _ => Ok(()),
    }
}

/// Removes a folder and all in it, if it is there.
pub(crate) fn remove_all(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::storage("removed", path, error))
        }
        _ => Ok(()),
    }
}

/// Makes the names in the folder of a file last.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Reads a file of JSON; `None` where there is none.
pub(crate) fn load<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::storage("read", path, error)),
    };
    serde_json::from_slice(&text).map(Some).map_err(|error| {
        Error::changed(
            path,
            "can't be understood: it was damaged or changed by hand; put the file back as it was (nothing else was touched)",
        )
        .with_source(error)
    })
}
