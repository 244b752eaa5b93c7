//! A storage that stops after a number of changes, as if its process was killed between two of them.

use std::fs::File;
use std::io;
use std::path::PathBuf;
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
        self.change()?.put(name, contents)
    }

    fn put_new(&self, name: &str, contents: &[u8]) -> io::Result<bool> {
        self.change()?.put_new(name, contents)
    }

    fn delete(&self, name: &str) -> io::Result<()> {
        self.change()?.delete(name)
    }
}
