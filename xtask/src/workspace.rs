//! The generated files of this workspace.

use std::path::{Path, PathBuf};

use crate::provenance;
use xtask_bindgen::document::Document;
use xtask_bindgen::generated_crates::{self, Generated};
use xtask_bindgen::{Error, fixup_places};

/// Generates the files of the workspace at `root`.
pub fn generated(root: &Path, accepts_fixups: bool) -> Result<Generated, Error> {
    let document = Document::read(&shortened(root.join(generated_crates::DOCUMENT)))?;
    let accepted = read_accepted_places(root)?;
    let mut generated = generated_crates::workspace(&document, &accepted, accepts_fixups)?;
    let (manifest, text) = provenance::stamped(root)?;
    generated.files.insert(manifest, text);
    Ok(generated)
}

/// Reads the accepted places of fixups, or an empty string if the file does not exist.
fn read_accepted_places(root: &Path) -> Result<String, Error> {
    let path = shortened(root.join(fixup_places::FILE));
    match std::fs::read_to_string(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        read => read.map_err(|source| Error::File {
            path,
            tried: "failed to read",
            source,
        }),
    }
}

/// Returns the path relative to the current folder, if it is below.
fn shortened(path: PathBuf) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).map(Path::to_owned).unwrap_or(path)
}
