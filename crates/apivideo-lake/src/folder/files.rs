//! Durable operations on files: whenever the process is killed or the power fails, a file is the old one or the new one,
//! never a part of it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use crate::error::{Error, Operation, Result};

/// Creates a folder and its missing parents. The name of each new folder is synced in its parent.
pub(crate) fn create_dir(folder: &Path) -> Result<()> {
    create_folder(folder).map_err(|error| Error::storage(Operation::Create, folder, error))
}

/// Creates a folder and its missing parents, like [`create_dir`].
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    create_dir_with(
        folder,
        &mut |folder| fs::create_dir(folder),
        &mut sync_folder,
    )
}

fn create_dir_with(
    folder: &Path,
    create: &mut dyn FnMut(&Path) -> io::Result<()>,
    sync: &mut dyn FnMut(&Path) -> io::Result<()>,
) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let parent = match folder.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => return create(folder),
    };
    create_dir_with(parent, create, sync)?;
    match create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            // Another process or thread can have created it, and can have removed it since.
            if !fs::metadata(folder)?.is_dir() {
                return Err(error);
            }
        }
        other => other?,
    }
    sync(parent)
}

/// Writes a file and syncs its contents, but not its name.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    let write = || -> io::Result<()> {
        let mut file = File::create(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().map_err(|error| Error::storage(Operation::Write, path, error))
}

/// Removes a file if it exists.
pub(crate) fn remove(path: &Path) -> Result<()> {
    check_removed(path, fs::remove_file(path))
}

/// Removes a folder and everything in it, if it exists.
pub(crate) fn remove_dir(path: &Path) -> Result<()> {
    check_removed(path, fs::remove_dir_all(path))
}

/// Returns whether a folder exists and is not empty.
pub(crate) fn has_entries(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}

fn check_removed(path: &Path, outcome: io::Result<()>) -> Result<()> {
    match outcome {
        Ok(()) => sync_parent(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
    .map_err(|error| Error::storage(Operation::Remove, path, error))
}

/// Syncs the name of a file or folder in its parent.
pub(crate) fn sync_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) => sync_folder(folder),
        None => Ok(()),
    }
}

/// Syncs the names in a folder.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    let folder = match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    };
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn the_name_of_each_new_folder_is_synced_in_its_parent() {
        let root = tempfile::tempdir().unwrap();
        let steps = RefCell::new(Vec::new());
        let record = |step: &str, path: &Path| {
            let path = path.strip_prefix(root.path()).unwrap().to_owned();
            steps
                .borrow_mut()
                .push(format!("{step} {}", path.display()));
        };
        let deep = root.path().join("a/b/c");
        for _ in 0..2 {
            create_dir_with(
                &deep,
                &mut |folder| {
                    record("create", folder);
                    fs::create_dir(folder)
                },
                &mut |folder| {
                    record("sync", folder);
                    Ok(())
                },
            )
            .unwrap();
        }
        assert_eq!(
            *steps.borrow(),
            [
                "create a",
                "sync ",
                "create a/b",
                "sync a",
                "create a/b/c",
                "sync a/b"
            ]
        );
        assert!(deep.is_dir());
    }
}
