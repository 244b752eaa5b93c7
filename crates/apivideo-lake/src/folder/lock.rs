//! The lock of a lake: one writer, or several readers.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{MutexGuard, PoisonError};

use apivideo::Timestamp;

use super::lock_object::{self, LOCK, ObjectLock};
use super::{Folder, files};
use crate::error::{Error, ErrorKind, Operation, Result};

/// A lock on the folder, released when it is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    _held: Held,
    /// The folder whose file system does not support locks, if there is one.
    pub(crate) unlocked: Option<PathBuf>,
}

/// What holds a lock while it exists.
#[derive(Debug)]
enum Held {
    File {
        _file: File,
    },
    /// The fields are dropped in this order: the folder is free once the object was removed.
    Object {
        _object: ObjectLock,
        _staging: Option<File>,
    },
}

/// A locked file.
#[derive(Debug)]
struct FileLock {
    file: File,
    /// `false` if the file system does not support locks.
    is_held: bool,
}

impl Folder {
    /// Locks the folder for writing; creates it if it does not exist. `now` is shown to processes that find the lock of an
    /// object store.
    ///
    /// A lake in an object store has two locks: the object, and a file in the folder of unfinished work, which the next
    /// process on this machine would use as well. The system releases only the second one after a kill.
    ///
    /// Nothing is changed if another process holds the lock, so the caller can try again later.
    pub(crate) fn lock(&self, now: Timestamp) -> Result<Lock> {
        let Some(folder) = &self.local else {
            let staging = self.lock_staging()?;
            let object = ObjectLock::acquire(self, now)?;
            *self.token() = Some(object.token().to_owned());
            let is_held = staging.as_ref().is_none_or(|lock| lock.is_held);
            return Ok(Lock {
                _held: Held::Object {
                    _object: object,
                    _staging: staging.map(|lock| lock.file),
                },
                unlocked: (!is_held).then(|| self.work.clone()),
            });
        };
        let lock = lock_folder(folder, &self.path().display().to_string())?;
        Ok(Lock {
            _held: Held::File { _file: lock.file },
            unlocked: (!lock.is_held).then(|| folder.clone()),
        })
    }

    /// Locks the folder of unfinished work; `None` if it is temporary, so that no other process uses it.
    fn lock_staging(&self) -> Result<Option<FileLock>> {
        if self.is_temporary() {
            return Ok(None);
        }
        let name = format!("the staging folder {}", self.work.display());
        lock_folder(&self.work, &name).map(Some)
    }

    /// Locks the folder for reading. Returns `None` if the lock file does not exist, or the file system does not support locks. In an
    /// object store, a process can start to write while others read.
    pub(crate) fn lock_shared(&self) -> Result<Option<Lock>> {
        let Some(folder) = &self.local else {
            lock_object::check_unlocked(self)?;
            return Ok(None);
        };
        let path = folder.join(LOCK);
        check_regular_file(&path)?;
        let Ok(mut file) = File::open(&path) else {
            return Ok(None);
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(Some(Lock {
                _held: Held::File { _file: file },
                unlocked: None,
            })),
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                Err(Error::new(
                    ErrorKind::Locked,
                    format!(
                        "{} is being written by {}: try again when it has finished",
                        self.path().display(),
                        holder.trim()
                    ),
                ))
            }
            Err(TryLockError::Error(_)) => Ok(None),
        }
    }

    /// Fails if another process has removed the lock of this one from an object store. A lock of the system cannot be removed.
    pub(crate) fn check_lock(&self) -> Result<()> {
        let token = self.token().clone();
        match token {
            Some(token) => lock_object::check_held(self, &token),
            None => Ok(()),
        }
    }

    /// Removes the lock of another process from an object store. Returns a description of the process; `None` if there was no
    /// lock.
    ///
    /// Fails if a process on this machine still uses the folder of unfinished work.
    pub(crate) fn break_lock(&self) -> Result<Option<String>> {
        match &self.local {
            None => {
                let _staging = self.lock_staging()?;
                lock_object::remove(self)
            }
            Some(folder) => Err(Error::input(format!(
                "the lock of {} cannot be removed: the system releases it when the process that holds it ends",
                folder.display()
            ))),
        }
    }

    fn token(&self) -> MutexGuard<'_, Option<String>> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Locks the file in a folder, which is created if it does not exist. `name` is the name of the folder in messages.
fn lock_folder(folder: &Path, name: &str) -> Result<FileLock> {
    files::create_dir(folder)?;
    let path = folder.join(LOCK);
    check_regular_file(&path)?;
    let opened = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path);
    let mut file = opened.map_err(|error| Error::storage(Operation::Write, &path, error))?;
    let mut is_held = true;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            // The holder writes its name right after it has locked the file.
            let _ = file.read_to_string(&mut holder);
            let holder = match holder.trim() {
                "" => "another process",
                name => name,
            };
            return Err(Error::new(
                ErrorKind::Locked,
                format!(
                    "{name} is in use by {holder}: wait until it has finished, or stop it (what it has read is kept)"
                ),
            ));
        }
        Err(TryLockError::Error(error)) if is_unsupported(&error) => is_held = false,
        Err(TryLockError::Error(error)) => {
            return Err(Error::storage(Operation::Lock, &path, error));
        }
    }
    // The system releases the lock when a process dies; the name in the file is only for messages.
    let name = format!("process {}\n", std::process::id());
    file.set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| file.write_all(name.as_bytes()))
        .map_err(|error| Error::storage(Operation::Write, &path, error))?;
    Ok(FileLock { file, is_held })
}

/// Rejects a lock file that is a link: writing to it would overwrite another file.
fn check_regular_file(path: &Path) -> Result<()> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if !metadata.is_file() => Err(Error::new(
            ErrorKind::Storage,
            format!(
                "{} is not a regular file: remove it and run the same command again",
                path.display()
            ),
        )),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::storage(Operation::Read, path, error)),
    }
}

/// Returns whether the file system does not support locks, as some network file systems and containers do not.
fn is_unsupported(error: &io::Error) -> bool {
    const ENOLCK: i32 = 37;
    const ENOSYS: i32 = 38;
    const EOPNOTSUPP: i32 = 95;
    error.kind() == io::ErrorKind::Unsupported
        || cfg!(target_os = "linux")
            && matches!(error.raw_os_error(), Some(ENOLCK | ENOSYS | EOPNOTSUPP))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn recognizes_file_systems_without_locks() {
        for number in [37, 38, 95] {
            assert!(is_unsupported(&io::Error::from_raw_os_error(number)));
        }
        for number in [1, 5, 11, 28] {
            assert!(!is_unsupported(&io::Error::from_raw_os_error(number)));
        }
    }

    #[cfg(unix)]
    #[test]
    fn rejects_a_lock_file_that_is_a_link_and_keeps_its_target() {
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("thesis.txt");
        fs::write(&target, "years of work").unwrap();
        let lake = root.path().join("lake");
        fs::create_dir(&lake).unwrap();
        std::os::unix::fs::symlink(&target, lake.join("_lock")).unwrap();
        let folder = Folder::new(&lake);
        assert_eq!(
            folder.lock(Timestamp::UNIX_EPOCH).unwrap_err().kind(),
            ErrorKind::Storage
        );
        assert_eq!(folder.lock_shared().unwrap_err().kind(), ErrorKind::Storage);
        assert_eq!(fs::read_to_string(target).unwrap(), "years of work");
    }

    #[cfg(feature = "object-store")]
    #[test]
    fn two_processes_cannot_use_one_staging_folder() {
        use std::sync::Arc;

        let root = tempfile::tempdir().unwrap();
        let storage = Arc::new(crate::storage::object::memory::storage(root.path()));
        let folder = |work: &str| Folder::with_storage(storage.clone(), root.path().join(work));
        let now = Timestamp::UNIX_EPOCH;
        let lock = folder("one").lock(now).unwrap();
        for error in [
            folder("one").lock(now).unwrap_err(),
            folder("one").break_lock().unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::Locked);
            let work = root.path().join("one");
            let expected = format!(
                "the staging folder {} is in use by process {}: wait until",
                work.display(),
                std::process::id()
            );
            assert!(error.to_string().starts_with(&expected), "{error}");
        }
        // A process with another folder only finds the object, and can remove it.
        let error = folder("other").lock(now).unwrap_err();
        assert!(error.to_string().contains("--break-lock"), "{error}");
        assert!(folder("other").break_lock().unwrap().is_some());
        // Without the object, the folder is still in use.
        assert_eq!(
            folder("one").lock(now).unwrap_err().kind(),
            ErrorKind::Locked
        );
        drop(lock);
        let _lock = folder("one").lock(now).unwrap();
    }
}
