//! The lock of a lake: one writer, or several readers.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::sync::{MutexGuard, PoisonError};

use apivideo::Timestamp;

use super::lock_object::{self, LOCK, ObjectLock};
use super::{Folder, files};
use crate::error::{Error, ErrorKind, Operation, Result};

/// A lock on the folder, released when it is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    _held: Held,
    /// `false` if the file system does not support locks.
    pub(crate) is_held: bool,
}

/// What holds a lock while it exists.
#[derive(Debug)]
enum Held {
    File { _file: File },
    Object { _object: ObjectLock },
}

impl Folder {
    /// Locks the folder for writing; creates it if it does not exist. `now` is shown to processes that find the lock of an
    /// object store.
    ///
    /// Nothing is changed if another process holds the lock, so the caller can try again later.
    pub(crate) fn lock(&self, now: Timestamp) -> Result<Lock> {
        let Some(folder) = &self.local else {
            let object = ObjectLock::acquire(self, now)?;
            *self.token() = Some(object.token().to_owned());
            return Ok(Lock {
                _held: Held::Object { _object: object },
                is_held: true,
            });
        };
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
                        "{} is in use by {holder}: wait until it has finished, or stop it (what it has read is kept)",
                        self.path().display()
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
        Ok(Lock {
            _held: Held::File { _file: file },
            is_held,
        })
    }

    /// Locks the folder for reading. Returns `None` if there is no lock file, or the file system does not support locks. In an
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
                is_held: true,
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
    pub(crate) fn break_lock(&self) -> Result<Option<String>> {
        match &self.local {
            None => lock_object::remove(self),
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
}
