//! The folder that contains a file.

use std::path::Path;

/// Returns the folder of a file; `.` for a bare file name.
pub(crate) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder.as_os_str() != "" => folder,
        _ => Path::new("."),
    }
}

/// Syncs the folder of a new file, so that its name survives a power loss.
pub(crate) fn sync_parent(path: &Path) {
    // Some platforms cannot open folders; there is no alternative on them.
    if let Ok(folder) = std::fs::File::open(parent(path)) {
        let _ = folder.sync_all();
    }
}
