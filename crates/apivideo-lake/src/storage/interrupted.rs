//! A storage that stops after a number of changes, as if its process was killed between two of them.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Contents, Storage, Stored, Visit};

#[derive(Debug)]
pub(crate) struct Interrupted {
    storage: Arc<dyn Storage>,
    changes: AtomicU64,
    limit: u64,
}

impl Interrupted {
    /// Creates a storage that fails from its `limit`-th change on.
    pub(crate) fn after(limit: u64, storage: Arc<dyn Storage>) -> Self {
        Self {
            storage,
            changes: AtomicU64::new(0),
            limit,
        }
    }

    /// Returns whether it has failed.
    pub(crate) fn has_stopped(&self) -> bool {
        self.changes.load(Ordering::Relaxed) > self.limit
    }

    fn read(&self) -> io::Result<&dyn Storage> {
        match self.has_stopped() {
            true => Err(io::Error::other("stopped")),
            false => Ok(&*self.storage),
        }
    }

    fn change(&self) -> io::Result<&dyn Storage> {
        self.changes.fetch_add(1, Ordering::Relaxed);
        self.read()
    }

    /// Leaves a part of a file, as a process does that is killed while it writes to a local folder.
    fn leave_part(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = PathBuf::from(format!("{}.tmp", self.path(name).display()));
        match path.parent().is_some_and(Path::is_dir) {
            true => fs::write(path, &bytes[..bytes.len() / 2]),
            false => Ok(()),
        }
    }
}

impl Storage for Interrupted {
    fn path(&self, name: &str) -> PathBuf {
        self.storage.path(name)
    }

    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        self.read()?.read(name)
    }

    fn fetch(&self, name: &str) -> io::Result<Option<File>> {
        self.read()?.fetch(name)
    }

    fn size(&self, name: &str) -> io::Result<Option<u64>> {
        self.read()?.size(name)
    }

    fn list(&self, folder: &str, visit: &mut dyn FnMut(Stored) -> Visit) -> io::Result<()> {
        self.read()?.list(folder, visit)
    }

    fn put(&self, name: &str, contents: Contents<'_>) -> io::Result<()> {
        let is_running = !self.has_stopped();
        let outcome = self
            .change()
            .and_then(|storage| storage.put(name, contents));
        match contents {
            Contents::Bytes(bytes) if is_running && self.has_stopped() => {
                self.leave_part(name, bytes)?;
            }
            _ => {}
        }
        outcome
    }

    fn put_new(&self, name: &str, contents: &[u8]) -> io::Result<bool> {
        self.change()?.put_new(name, contents)
    }

    fn delete(&self, name: &str) -> io::Result<()> {
        // A delete of what does not exist changes nothing.
        match self.read()?.size(name)? {
            Some(_) => self.change()?.delete(name),
            None => self.read()?.delete(name),
        }
    }
}
