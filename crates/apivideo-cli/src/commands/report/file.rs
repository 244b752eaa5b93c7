//! The file of a report. It is written whole or not at all: a truncated page can look complete.

use std::io::{self, Write as _};
use std::path::Path;

use crate::destination::Destination;
use crate::failure::{Failure, with_cause};
use crate::folder;

/// Returns an error if the file cannot be written, or exists and must not be overwritten. `None` is stdout.
pub(super) fn check(path: Option<&Path>, force: bool) -> Result<(), Failure> {
    let Some(path) = path else {
        return Ok(());
    };
    let shown = path.display();
    match std::fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => {
            return Err(Failure::usage(format!("{shown} is not a regular file"))
                .with_hint("to write to a pipe, use --out - and redirect stdout"));
        }
        Ok(metadata) if metadata.len() > 0 && !force => {
            return Err(Failure::usage(format!("{shown} exists"))
                .with_hint("use another file, or overwrite it with --force"));
        }
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => {
            return Err(Failure::usage(with_cause(
                format!("cannot read {shown}"),
                error,
            )));
        }
    }
    let folder = folder::parent(path);
    match folder.is_dir() && path.file_name().is_some() {
        true => Ok(()),
        false => Err(Failure::usage(format!(
            "cannot write {shown}: {} is not a folder",
            folder.display()
        ))
        .with_hint("create the folder, or use another file")),
    }
}

/// Writes the page to stdout, or to a temporary file that then replaces the file.
pub(super) fn write(path: Option<&Path>, html: &str) -> Result<(), Failure> {
    let Some(path) = path else {
        let write = || -> io::Result<()> {
            let mut out = Destination::stdout().writer()?;
            out.write_all(html.as_bytes())?;
            out.flush()
        };
        return write().map_err(Failure::output);
    };
    let replace = || -> io::Result<()> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".report-").suffix(".tmp");
        // Readable by others, as every other output: temporary files are not.
        #[cfg(unix)]
        let builder = {
            use std::os::unix::fs::PermissionsExt as _;
            builder.permissions(std::fs::Permissions::from_mode(0o666))
        };
        let mut file = builder.tempfile_in(folder::parent(path))?;
        file.write_all(html.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        folder::sync_parent(path);
        Ok(())
    };
    replace().map_err(|error| {
        Failure::failed(with_cause(
            format!("cannot write {}", path.display()),
            error,
        ))
    })
}
