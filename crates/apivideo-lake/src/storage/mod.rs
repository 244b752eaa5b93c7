//! Where a lake is stored: a few operations on whole objects by name.
//!
//! A name is relative, with `/` between its parts, such as `sessions/date=2024-05-01/sessions.parquet`. No operation changes
//! a part of an object: a reader finds the old or the new contents, never a mix, whenever the process is killed.

#[cfg(all(test, feature = "object-store"))]
mod flaky;
#[cfg(test)]
pub(crate) mod interrupted;
mod local;
#[cfg(feature = "object-store")]
pub(crate) mod object;
#[cfg(feature = "object-store")]
mod object_error;
#[cfg(feature = "object-store")]
mod retry;
pub(crate) mod scheme;
#[cfg(feature = "object-store")]
mod variables;

use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

pub(crate) use local::LocalStorage;

/// The contents of a new object.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Contents<'a> {
    Bytes(&'a [u8]),
    /// A local file, which is synced to disk. It no longer exists when it was stored.
    File(&'a Path),
}

/// An object in a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stored {
    pub(crate) name: String,
    /// The size in bytes.
    pub(crate) size: u64,
}

/// Whether a list continues after an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Visit {
    Continue,
    Stop,
}

/// The operations that a lake needs.
pub(crate) trait Storage: fmt::Debug + Send + Sync {
    /// Returns the path or URL of an object, for messages. The empty name is the lake itself.
    fn path(&self, name: &str) -> PathBuf;

    /// Returns the contents of a small object; `None` if it does not exist.
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>>;

    /// Returns an object as a local file that is open for reading; `None` if it does not exist.
    fn fetch(&self, name: &str) -> io::Result<Option<File>>;

    /// Returns the size of an object in bytes; `None` if it does not exist.
    fn size(&self, name: &str) -> io::Result<Option<u64>>;

    /// Visits all objects in a folder and its subfolders, in no particular order; none if it does not exist. The empty name
    /// is the lake itself.
    fn list(&self, folder: &str, visit: &mut dyn FnMut(Stored) -> Visit) -> io::Result<()>;

    /// Creates or replaces an object as a whole. It is durable when this returns.
    fn put(&self, name: &str, contents: Contents<'_>) -> io::Result<()>;

    /// Creates an object as a whole unless it exists; returns whether it was created. Of several concurrent callers, one
    /// creates it.
    fn put_new(&self, name: &str, contents: &[u8]) -> io::Result<bool>;

    /// Removes an object if it exists, and the folders that are empty without it.
    fn delete(&self, name: &str) -> io::Result<()>;
}

#[cfg(test)]
mod tests;
