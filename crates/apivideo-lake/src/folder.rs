//! The folder of a mirror: where things are, and how files are replaced so that a kill leaves the old or the new.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Component, Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::asset::Asset;
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

    /// The path of a file in `_invalid`, relative to the folder, with the invalid events of a day.
    pub(crate) fn invalid_events(partition: Partition) -> String {
        format!("_invalid/events/{partition}.ndjson")
    }

    /// The path of a file in `_invalid`, relative to the folder, with the invalid sessions of an asset.
    pub(crate) fn invalid_sessions(asset: &Asset) -> String {
        format!("_invalid/sessions/{}-{}.ndjson", asset.kind(), asset.id())
    }

    /// The path of a file in `_invalid`, relative to the folder, with the videos and live streams without a usable id.
    pub(crate) fn invalid_assets() -> String {
        "_invalid/assets.ndjson".to_owned()
    }

    /// The place where the invalid events of a day are written before they are moved to `_invalid`.
    pub(crate) fn incoming_invalid(&self, partition: Partition) -> PathBuf {
        self.staging().join(format!("invalid-{partition}.incoming"))
    }

    /// An error where a path of a manifest leaves the folder or is absolute.
    pub(crate) fn check_path(&self, manifest: &Path, path: &str) -> Result<()> {
        let stays = !path.contains('\\')
            && Path::new(path)
                .components()
                .all(|component| matches!(component, Component::Normal(_)));
        if stays {
            return Ok(());
        }
        Err(Error::changed(
            manifest,
            "names a file outside of the lake: it was damaged or changed by hand; restore it from a backup, or remove it \
             and run the pull again, which reads its day again (nothing was touched)",
        ))
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
        check_lock(&path)?;
        let opened = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path);
        let mut file = opened.map_err(|error| Error::storage("written", &path, error))?;
        let mut is_held = true;
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
            Err(TryLockError::Error(error)) if has_no_locks(&error) => is_held = false,
            Err(TryLockError::Error(error)) => return Err(Error::storage("locked", &path, error)),
        }
        // The lock is the system's: that of a process that died is nobody's. The name in it is for people.
        let name = format!("process {}\n", std::process::id());
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(name.as_bytes()))
            .map_err(|error| Error::storage("written", &path, error))?;
        Ok(Lock {
            _file: file,
            is_held,
        })
    }

    /// Takes the folder for reading beside other readers; where the system has no lock for us, it does without.
    pub(crate) fn lock_to_read(&self) -> Result<Option<Lock>> {
        let path = self.0.join("_lock");
        check_lock(&path)?;
        let Ok(mut file) = File::open(&path) else {
            return Ok(None);
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(Some(Lock {
                _file: file,
                is_held: true,
            })),
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
    /// `false` where the file system has no locks.
    pub(crate) is_held: bool,
}

/// An error where the lock is not a file of its own: through a link, another file would be overwritten.
fn check_lock(path: &Path) -> Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if !found.is_file() => Err(Error::new(
            ErrorKind::Storage,
            format!(
                "{} is not a regular file: remove it, and run the same command again",
                path.display()
            ),
        )),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::storage("read", path, error)),
    }
}

/// Whether an error of a lock says that the file system has none, as network file systems and some containers do.
fn has_no_locks(error: &io::Error) -> bool {
    const ENOLCK: i32 = 37;
    const ENOSYS: i32 = 38;
    const EOPNOTSUPP: i32 = 95;
    error.kind() == io::ErrorKind::Unsupported
        || cfg!(target_os = "linux")
            && matches!(error.raw_os_error(), Some(ENOLCK | ENOSYS | EOPNOTSUPP))
}

/// Creates a folder and those above it, if they are not there.
///
/// The name of each new folder is synced in the one above it, so that it is there after a power loss.
pub(crate) fn create(folder: &Path) -> Result<()> {
    create_with(
        folder,
        &mut |folder| fs::create_dir(folder),
        &mut sync_folder,
    )
    .map_err(|error| Error::storage("made", folder, error))
}

fn create_with(
    folder: &Path,
    make: &mut dyn FnMut(&Path) -> io::Result<()>,
    sync: &mut dyn FnMut(&Path) -> io::Result<()>,
) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = match folder.parent() {
        Some(above) if above.as_os_str().is_empty() => Path::new("."),
        Some(above) => above,
        None => return make(folder),
    };
    create_with(above, make, sync)?;
    match make(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
        other => other?,
    }
    sync(above)
}

/// Writes a file so that there is the old one or the new one, whole, whenever the process ends.
pub(crate) fn replace(path: &Path, contents: &impl Serialize) -> Result<()> {
    let mut text = serde_json::to_string_pretty(contents)
        .map_err(|error| Error::storage("written", path, error.into()))?;
    text.push('\n');
    replace_text(path, &text)
}

/// [`replace`] with a text.
pub(crate) fn replace_text(path: &Path, text: &str) -> Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".tmp");
    let temporary = PathBuf::from(name);
    write(&temporary, text)?;
    rename(&temporary, path)
}

/// Writes a file and syncs its contents.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    let write = || -> io::Result<()> {
        let mut file = File::create(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().map_err(|error| Error::storage("written", path, error))
}

/// Puts a file in another's place, for good.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to)
        .and_then(|()| sync_parent(to))
        .map_err(|error| Error::storage("written", to, error))
}

/// Removes a file if it is there.
pub(crate) fn remove(path: &Path) -> Result<()> {
    removed(path, fs::remove_file(path))
}

/// Removes a folder and all in it, if it is there.
pub(crate) fn remove_all(path: &Path) -> Result<()> {
    removed(path, fs::remove_dir_all(path))
}

/// Removes a folder if it is there and empty.
pub(crate) fn remove_if_empty(path: &Path) -> Result<()> {
    match fs::remove_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
        other => removed(path, other),
    }
}

fn removed(path: &Path, outcome: io::Result<()>) -> Result<()> {
    match outcome {
        Ok(()) => sync_parent(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
    .map_err(|error| Error::storage("removed", path, error))
}

/// Syncs the names in the folder that a file is in.
fn sync_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) => sync_folder(folder),
        None => Ok(()),
    }
}

/// Syncs the names in a folder, so that they are there after a power loss.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    let folder = match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    };
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_new_folder_is_synced_in_the_one_above_it() {
        let root = tempfile::tempdir().unwrap();
        let mut done = Vec::new();
        let done = std::cell::RefCell::new(&mut done);
        let shown = |what: &str, path: &Path| {
            let path = path.strip_prefix(root.path()).unwrap().to_owned();
            done.borrow_mut().push(format!("{what} {}", path.display()));
        };
        let deep = root.path().join("a/b/c");
        let create = |folder: &Path| {
            create_with(
                folder,
                &mut |folder| {
                    shown("make", folder);
                    fs::create_dir(folder)
                },
                &mut |folder| {
                    shown("sync", folder);
                    Ok(())
                },
            )
            .unwrap();
        };
        create(&deep);
        create(&deep);
        assert_eq!(
            **done.borrow(),
            [
                "make a",
                "sync ",
                "make a/b",
                "sync a",
                "make a/b/c",
                "sync a/b"
            ]
        );
        assert!(deep.is_dir());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_system_without_locks_is_recognized() {
        for number in [37, 38, 95] {
            assert!(has_no_locks(&io::Error::from_raw_os_error(number)));
        }
        for number in [1, 5, 11, 28] {
            assert!(!has_no_locks(&io::Error::from_raw_os_error(number)));
        }
    }

    #[test]
    fn paths_that_leave_the_folder_are_refused() {
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
            assert_eq!(error.kind(), ErrorKind::Changed, "{path}");
            assert!(error.to_string().contains("outside of the lake"), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_that_is_a_link_is_refused_and_its_target_kept() {
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("thesis.txt");
        fs::write(&target, "years of work").unwrap();
        let lake = root.path().join("lake");
        fs::create_dir(&lake).unwrap();
        std::os::unix::fs::symlink(&target, lake.join("_lock")).unwrap();
        let folder = Folder::new(&lake);
        assert_eq!(folder.lock().unwrap_err().kind(), ErrorKind::Storage);
        assert_eq!(
            folder.lock_to_read().unwrap_err().kind(),
            ErrorKind::Storage
        );
        assert_eq!(fs::read_to_string(target).unwrap(), "years of work");
    }
}
