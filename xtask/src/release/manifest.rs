//! The lines of manifests that contain the version.

use std::path::{Path, PathBuf};

use super::package::Package;
use xtask_bindgen::{Error, files};

/// A line of a manifest that contains the version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The manifest, relative to the workspace root.
    pub file: PathBuf,
    /// The line number, starting at 1.
    pub line: usize,
    /// The content.
    pub text: String,
}

/// Returns every line of the manifests that contains the version of the packages: their own, and those of path dependencies
/// on each other.
///
/// # Errors
/// Returns an error if a manifest cannot be read.
pub fn places(root: &Path, packages: &[Package], version: &str) -> Result<Vec<Place>, Error> {
    let mut manifests = vec![PathBuf::from("Cargo.toml")];
    manifests.extend(packages.iter().map(|package| package.manifest.clone()));
    let mut found = Vec::new();
    for file in manifests {
        let text = files::read(&root.join(&file))?;
        let mut table = "";
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.starts_with('[') {
                table = line;
            }
            let own = matches!(table, "[package]" | "[workspace.package]")
                && line == format!("version = \"{version}\"");
            let of_path =
                line.contains("path = \"") && line.contains(&format!("version = \"{version}\""));
            if own || of_path {
                found.push(Place {
                    file: file.clone(),
                    line: index + 1,
                    text: line.to_owned(),
                });
            }
        }
    }
    Ok(found)
}
