//! The entry of a file in a manifest.

use serde::{Deserialize, Serialize};

use crate::digest;
use crate::error::{Error, Operation, Result};
use crate::folder::Folder;
use crate::format::Written;

/// The path, size and digest of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct FileEntry {
    pub(crate) path: String,
    #[serde(flatten)]
    pub(crate) written: Written,
}

impl FileEntry {
    /// Compares the file with its entry and returns what is wrong with it, if anything.
    pub(crate) fn check(&self, folder: &Folder) -> Result<Option<String>> {
        let path = folder.path_of(&self.path);
        let Some(file) = folder.fetch(&self.path)? else {
            return Ok(Some(format!("{} is missing", path.display())));
        };
        let (bytes, sha256) = digest::of_reader(file)
            .map_err(|error| Error::storage(Operation::Read, &path, error))?;
        if (bytes, &sha256) == (self.written.bytes, &self.written.sha256) {
            return Ok(None);
        }
        Ok(Some(format!(
            "{} was changed: expected {} bytes with SHA-256 {}, got {bytes} bytes with SHA-256 {sha256}",
            path.display(),
            self.written.bytes,
            self.written.sha256
        )))
    }
}
