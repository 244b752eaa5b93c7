//! The files of the work tree.

use std::path::{Path, PathBuf};

/// Folders that are not part of the source: build output, version control, virtual environments.
const SKIPPED: [&str; 4] = ["target", ".git", ".venv", "__pycache__"];

/// Returns all files below a folder, with paths relative to it, in order.
pub(super) fn files(root: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    let mut pending = vec![root.to_owned()];
    while let Some(folder) = pending.pop() {
        let entries = std::fs::read_dir(&folder)
            .map_err(|error| format!("failed to list {}: {error}", folder.display()))?;
        for entry in entries.flatten() {
            if SKIPPED.iter().any(|name| entry.file_name() == *name) {
                continue;
            }
            let path = entry.path();
            if path.is_dir() {
                pending.push(path);
            } else {
                files.push(path.strip_prefix(root).unwrap_or(&path).to_owned());
            }
        }
    }
    files.sort();
    Ok(files)
}
