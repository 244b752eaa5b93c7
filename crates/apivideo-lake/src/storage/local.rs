//! A lake in a folder of a local disk.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Contents, Storage, Stored, Visit};
use crate::folder::files;

/// A folder.
#[derive(Clone, Debug)]
pub(crate) struct LocalStorage(PathBuf);

impl LocalStorage {
    pub(crate) fn new(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    /// Removes the empty folders that contain a path, up to the folder of the lake.
    fn remove_empty_folders(&self, path: &Path) -> io::Result<()> {
        let folders = path.ancestors().skip(1);
        for folder in folders.take_while(|folder| *folder != self.0) {
            match fs::remove_dir(folder) {
                Ok(()) => sync_names(folder)?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn visit(
        &self,
        folder: &Path,
        name: &str,
        visit: &mut dyn FnMut(Stored) -> Visit,
    ) -> io::Result<Visit> {
        let Some(entries) = found(fs::read_dir(folder))? else {
            return Ok(Visit::Continue);
        };
        let mut folders = Vec::new();
        for entry in entries {
            let path = entry?.path();
            let part = path.file_name().unwrap_or_default().to_string_lossy();
            let name = match name {
                "" => part.into_owned(),
                parent => format!("{parent}/{part}"),
            };
            if path.is_dir() {
                folders.push((path, name));
                continue;
            }
            // A file that was removed since the folder was read is not listed.
            let Some(metadata) = found(fs::symlink_metadata(&path))? else {
                continue;
            };
            let size = metadata.len();
            if visit(Stored { name, size }) == Visit::Stop {
                return Ok(Visit::Stop);
            }
        }
        for (path, name) in folders {
            if self.visit(&path, &name, visit)? == Visit::Stop {
                return Ok(Visit::Stop);
            }
        }
        Ok(Visit::Continue)
    }
}

impl Storage for LocalStorage {
    fn path(&self, name: &str) -> PathBuf {
        match name {
            "" => self.0.clone(),
            name => self.0.join(name),
        }
    }

    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        found(fs::read(self.path(name)))
    }

    fn fetch(&self, name: &str) -> io::Result<Option<File>> {
        found(File::open(self.path(name)))
    }

    fn size(&self, name: &str) -> io::Result<Option<u64>> {
        let metadata = found(fs::metadata(self.path(name)))?;
        Ok(metadata.map(|metadata| metadata.len()))
    }

    fn list(&self, folder: &str, visit: &mut dyn FnMut(Stored) -> Visit) -> io::Result<()> {
        self.visit(&self.path(folder), folder, visit).map(drop)
    }

    fn put(&self, name: &str, contents: Contents<'_>) -> io::Result<()> {
        let path = self.path(name);
        in_folder(&path, || {
            let temporary = temporary(&path, "tmp");
            match contents {
                Contents::Bytes(bytes) => write(&temporary, bytes)?,
                Contents::File(file) => match fs::rename(file, &path) {
                    Ok(()) => return sync_names(&path),
                    // The file is on another disk.
                    Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
                        fs::copy(file, &temporary)?;
                        File::open(&temporary)?.sync_all()?;
                        fs::rename(&temporary, &path)?;
                        sync_names(&path)?;
                        return fs::remove_file(file);
                    }
                    Err(error) => return Err(error),
                },
            }
            fs::rename(&temporary, &path)?;
            sync_names(&path)
        })
    }

    fn put_new(&self, name: &str, contents: &[u8]) -> io::Result<bool> {
        let path = self.path(name);
        // A link fails if its name exists, which a rename does not.
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let temporary = temporary(&path, &format!("{}-{number}.tmp", std::process::id()));
        in_folder(&path, || write(&temporary, contents))?;
        let linked = fs::hard_link(&temporary, &path);
        fs::remove_file(&temporary)?;
        match linked {
            Ok(()) => sync_names(&path).map(|()| true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn delete(&self, name: &str) -> io::Result<()> {
        let path = self.path(name);
        if found(fs::remove_file(&path))?.is_some() {
            sync_names(&path)?;
        }
        self.remove_empty_folders(&path)
    }
}

/// Returns `None` instead of an error if a file or folder does not exist.
fn found<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Writes a file after its folder was created: again if the folder was removed in between, since it was empty.
fn in_folder(path: &Path, write: impl Fn() -> io::Result<()>) -> io::Result<()> {
    const ATTEMPTS: usize = 100;
    let create_and_write = || {
        path.parent().map_or(Ok(()), files::create_folder)?;
        write()
    };
    for _ in 1..ATTEMPTS {
        match create_and_write() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            outcome => return outcome,
        }
    }
    create_and_write()
}

/// Syncs the names in the folder of a path, unless the folder was removed since.
fn sync_names(path: &Path) -> io::Result<()> {
    found(files::sync_parent(path)).map(drop)
}

/// Returns a name beside a path, under which a file is written before it is renamed.
fn temporary(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    PathBuf::from(name)
}

fn write(path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(contents)?;
    file.sync_all()
}
