//! The lock of a lake in an object store: an object that exists while a process writes to the lake.
//!
//! An object store cannot know whether the process still runs: after a kill, the object stays until it is removed. The token
//! in it shows a process whether it still holds the lock.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use apivideo::Timestamp;
use serde::{Deserialize, Serialize};

use super::Folder;
use crate::digest;
use crate::error::{Error, ErrorKind, Operation, Result};
use crate::storage::Storage;

/// The name of the lock.
pub(super) const LOCK: &str = "_lock";

/// The tokens of locks that this process could not remove, because the store could not be reached. They protect nothing: the
/// work that they belonged to has ended.
static LEFT: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Attempts to create the lock, if another process releases it at the same time.
const ATTEMPTS: usize = 3;

/// The process that holds a lock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Holder {
    host: String,
    process: u32,
    /// Differs for each lock.
    token: String,
    since: Timestamp,
}

impl Holder {
    /// Describes this process.
    fn new(now: Timestamp) -> io::Result<Self> {
        Ok(Self {
            host: host(),
            process: std::process::id(),
            token: digest::random_hex::<16>()?,
            since: now,
        })
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (process, host) = (self.process, self.host.trim());
        write!(f, "process {process} on {host} since {}", self.since)
    }
}

/// A lock that this process has created. It is removed when it is dropped.
#[derive(Debug)]
pub(super) struct ObjectLock {
    storage: Arc<dyn Storage>,
    holder: Holder,
}

impl ObjectLock {
    /// Creates the lock of a lake.
    pub(super) fn acquire(folder: &Folder, now: Timestamp) -> Result<Self> {
        let failed = |error| Error::storage(Operation::Lock, &folder.path(), error);
        let holder = Holder::new(now).map_err(failed)?;
        let mut contents = serde_json::to_vec(&holder).map_err(|error| failed(error.into()))?;
        contents.push(b'\n');
        match Self::create(folder, &holder, &contents) {
            Ok(true) => Ok(Self {
                storage: Arc::clone(&folder.storage),
                holder,
            }),
            Ok(false) => Err(in_use(folder, None)),
            Err(error) => {
                // The store may have created it, although there was no response.
                if error.kind() != ErrorKind::Locked {
                    left().insert(holder.token);
                }
                Err(error)
            }
        }
    }

    /// Returns whether the lock was created, and fails if another process holds it.
    fn create(folder: &Folder, holder: &Holder, contents: &[u8]) -> Result<bool> {
        let failed = |error| Error::storage(Operation::Lock, &folder.path(), error);
        for _ in 0..ATTEMPTS {
            if folder.storage.put_new(LOCK, contents).map_err(failed)? {
                return Ok(true);
            }
            match read(folder)? {
                // The response to the first request was lost, and the second one found the lock.
                Some(Some(found)) if found.token == holder.token => return Ok(true),
                Some(Some(found)) if left().contains(&found.token) => {
                    folder.put(LOCK, contents)?;
                    left().remove(&found.token);
                    return Ok(true);
                }
                Some(found) => return Err(in_use(folder, found.as_ref())),
                None => {}
            }
        }
        Ok(false)
    }

    /// Returns the token of the lock.
    pub(super) fn token(&self) -> &str {
        &self.holder.token
    }
}

impl Drop for ObjectLock {
    fn drop(&mut self) {
        let is_own = |contents: &[u8]| {
            serde_json::from_slice::<Holder>(contents).is_ok_and(|found| found == self.holder)
        };
        let is_removed = match self.storage.read(LOCK) {
            Ok(Some(contents)) if is_own(&contents) => self.storage.delete(LOCK).is_ok(),
            Ok(_) => true,
            Err(_) => false,
        };
        // A failure cannot be reported here: the next process reports the lock, but this one can replace it.
        if !is_removed {
            left().insert(self.holder.token.clone());
        }
    }
}

fn left() -> MutexGuard<'static, BTreeSet<String>> {
    LEFT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Fails if a process writes to the lake.
pub(super) fn check_unlocked(folder: &Folder) -> Result<()> {
    match read(folder)? {
        None => Ok(()),
        Some(holder) => Err(Error::new(
            ErrorKind::Locked,
            format!(
                "{} is being written by {}: try again when it has finished; if it was killed, the next pull needs --break-lock",
                folder.path().display(),
                describe(holder.as_ref())
            ),
        )),
    }
}

/// Fails if the lock with this token was removed or replaced.
pub(super) fn check_held(folder: &Folder, token: &str) -> Result<()> {
    let found = read(folder)?.flatten();
    if found.as_ref().is_some_and(|found| found.token == token) {
        return Ok(());
    }
    let now = match &found {
        Some(holder) => format!(", which is in use by {holder}"),
        None => String::new(),
    };
    Err(Error::new(
        ErrorKind::Locked,
        format!(
            "another process has removed the lock of this one from {}{now}: nothing more is written (what was read is kept)",
            folder.path().display()
        ),
    ))
}

/// Removes the lock. Returns a description of its holder; `None` if there was no lock.
pub(super) fn remove(folder: &Folder) -> Result<Option<String>> {
    let Some(holder) = read(folder)? else {
        return Ok(None);
    };
    folder.delete(LOCK)?;
    Ok(Some(describe(holder.as_ref())))
}

/// Returns the holder of the lock: `None` without a lock, and `Some(None)` if the holder is not known.
fn read(folder: &Folder) -> Result<Option<Option<Holder>>> {
    let contents = folder.read(LOCK)?;
    Ok(contents.map(|contents| serde_json::from_slice(&contents).ok()))
}

fn describe(holder: Option<&Holder>) -> String {
    holder.map_or_else(|| "another process".to_owned(), Holder::to_string)
}

fn in_use(folder: &Folder, holder: Option<&Holder>) -> Error {
    Error::new(
        ErrorKind::Locked,
        format!(
            "{} is in use by {}: wait until it has finished, or stop it (what it has read is kept); if it was killed, use \
             --break-lock",
            folder.path().display(),
            describe(holder)
        ),
    )
}

/// Returns the name of this machine.
fn host() -> String {
    let variable = |name| std::env::var(name).ok();
    let file = |path| fs::read_to_string(path).ok();
    variable("HOSTNAME")
        .or_else(|| file("/proc/sys/kernel/hostname"))
        .or_else(|| variable("COMPUTERNAME"))
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "an unknown host".to_owned())
}

#[cfg(all(test, feature = "object-store"))]
mod tests {
    use super::*;
    use crate::storage::interrupted::Interrupted;
    use crate::storage::object::memory;

    #[test]
    fn a_lock_that_this_process_could_not_remove_is_replaced_by_it() {
        let work = tempfile::tempdir().unwrap();
        let store: Arc<dyn Storage> = Arc::new(memory::storage(work.path()));
        let folder = |storage| Folder::with_storage(storage, work.path().to_owned());
        let now = Timestamp::UNIX_EPOCH;

        // The store cannot be reached after the lock was created.
        let stopping = folder(Arc::new(Interrupted::after(1, Arc::clone(&store))));
        drop(ObjectLock::acquire(&stopping, now).unwrap());
        assert!(store.read(LOCK).unwrap().is_some());
        let next = folder(Arc::clone(&store));
        let lock = ObjectLock::acquire(&next, now).unwrap();
        check_held(&next, lock.token()).unwrap();

        // A lock that is in use is not replaced, also if it belongs to the same process.
        let error = ObjectLock::acquire(&next, now).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Locked);
        drop(lock);
        assert_eq!(store.read(LOCK).unwrap(), None);
    }

    #[test]
    fn a_lock_whose_creation_was_not_confirmed_is_replaced() {
        let work = tempfile::tempdir().unwrap();
        let store: Arc<dyn Storage> = Arc::new(memory::storage(work.path()));
        let holder = Holder::new(Timestamp::UNIX_EPOCH).unwrap();
        store
            .put_new(LOCK, &serde_json::to_vec(&holder).unwrap())
            .unwrap();
        let folder = Folder::with_storage(store, work.path().to_owned());
        let acquire = || ObjectLock::acquire(&folder, Timestamp::UNIX_EPOCH);
        assert_eq!(acquire().unwrap_err().kind(), ErrorKind::Locked);
        left().insert(holder.token);
        drop(acquire().unwrap());
        assert!(!folder.contains(LOCK).unwrap());
    }
}
