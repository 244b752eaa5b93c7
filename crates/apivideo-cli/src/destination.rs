//! Where the items of a list are written: stdout, or the file of `--out`.

use std::cell::Cell;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, IsTerminal, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::command_line::shell_quote;
use crate::failure::{Failure, with_cause};
use crate::folder;
use crate::stderr::SuspendBar;

/// The writer of a destination.
pub(crate) type Out = Box<dyn Write>;

/// Large enough for a page of sessions, so that a page is written at once.
const BUFFER: usize = 64 * 1024;

/// Where items are written, and the number of bytes written so far.
#[derive(Debug)]
pub(crate) struct Destination {
    target: Target,
    /// Bytes written by this run.
    written: Rc<Cell<u64>>,
    /// No more bytes are written, including those left in a buffer.
    is_closed: Rc<Cell<bool>>,
}

#[derive(Debug)]
enum Target {
    Terminal,
    /// With the regular file that it is redirected to, if any.
    Stdout(Option<File>),
    File {
        path: PathBuf,
        file: File,
        /// The file was created by this run.
        is_new: bool,
    },
}

impl Destination {
    /// Writes to stdout.
    pub(crate) fn stdout() -> Self {
        Self::new(match io::stdout().is_terminal() {
            true => Target::Terminal,
            false => Target::Stdout(stdout_file()),
        })
    }

    /// Writes to the file of `--out`: a new file, or one that is resumed, which is truncated to the length that its
    /// checkpoint recorded. A file with other content is refused unless `force` is set.
    pub(crate) fn file(
        path: &Path,
        resume_length: Option<u64>,
        force: bool,
    ) -> Result<Self, Failure> {
        let shown = path.display();
        let failed = |action: &str, error: io::Error| {
            Failure::failed(with_cause(format!("cannot {action} {shown}"), error))
        };
        let current = Self::check_file(path, resume_length, force)?;
        let length = resume_length.unwrap_or(0);
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(|error| failed("write", error))?;
        // Other errors are ignored: some file systems have no locks.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(
                Failure::usage(format!("another command is writing to {shown}"))
                    .with_hint("wait until it ends"),
            );
        }
        file.set_len(length)
            .and_then(|()| file.seek(SeekFrom::End(0)))
            .map_err(|error| failed("write", error))?;
        if current.is_none() {
            folder::sync_parent(path);
        }
        Ok(Self::new(Target::File {
            path: path.to_owned(),
            file,
            is_new: current.is_none(),
        }))
    }

    /// Returns the length of the file, if it exists. A file with other content is an error, unless it is resumed or `force` is set.
    pub(crate) fn check_file(
        path: &Path,
        resume_length: Option<u64>,
        force: bool,
    ) -> Result<Option<u64>, Failure> {
        let shown = path.display();
        let failed = |action: &str, error: io::Error| {
            Failure::failed(with_cause(format!("cannot {action} {shown}"), error))
        };
        let current = match std::fs::metadata(path) {
            Ok(metadata) if !metadata.is_file() => {
                return Err(Failure::usage(format!("{shown} is not a regular file"))
                    .with_hint("redirect stdout to it instead of using --out"));
            }
            Ok(metadata) => Some(metadata.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed("read", error)),
        };
        let length = resume_length.unwrap_or(0);
        if resume_length.is_none() && !force && current.is_some_and(|current| current > 0) {
            return Err(Failure::usage(format!(
                "{shown} exists and has no checkpoint to resume from"
            ))
            .with_hint("remove the file, or overwrite it with --force"));
        }
        if resume_length.is_some() && current.unwrap_or(0) < length {
            return Err(Failure::usage(format!(
                "{shown} has {} bytes, fewer than the {length} that its checkpoint recorded",
                current.unwrap_or(0)
            ))
            .with_hint("start over with --force"));
        }
        Ok(current)
    }

    fn new(target: Target) -> Self {
        Self {
            target,
            written: Rc::default(),
            is_closed: Rc::default(),
        }
    }

    pub(crate) fn is_terminal(&self) -> bool {
        matches!(self.target, Target::Terminal)
    }

    /// Returns the path of the file of `--out`.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.target {
            Target::File { path, .. } => Some(path),
            Target::Terminal | Target::Stdout(_) => None,
        }
    }

    /// Returns an error if stdout is redirected to a file whose length differs from the one that the checkpoint recorded.
    pub(crate) fn check_length(&self, recorded: Option<u64>) -> Result<(), Failure> {
        let Target::Stdout(Some(file)) = &self.target else {
            return Ok(());
        };
        let Some(recorded) = recorded else {
            return Ok(());
        };
        let current = file
            .metadata()
            .map_err(|error| {
                Failure::failed(with_cause("cannot read the length of stdout", error))
            })?
            .len();
        let (name, argument) = match stdout_path() {
            Some(path) => (path.clone(), path),
            None => ("the file of stdout".to_owned(), "FILE".to_owned()),
        };
        if current == recorded {
            return Ok(());
        }
        let error = Failure::usage(format!(
            "{name} has {current} bytes, but the checkpoint recorded {recorded}"
        ));
        Err(match current > recorded {
            true => error.with_hint(format!(
                "to avoid duplicate rows, run `truncate -s {recorded} {argument}`, then the same command again"
            )),
            false => error.with_hint(
                "append to the file that was written (>>), or remove the checkpoint and start over",
            ),
        })
    }

    /// Returns a writer to this destination.
    pub(crate) fn writer(&self) -> io::Result<Out> {
        let count = |inner: Box<dyn Write>| CountingWriter {
            inner,
            written: Rc::clone(&self.written),
            is_closed: Rc::clone(&self.is_closed),
        };
        let inner: Box<dyn Write> = match &self.target {
            Target::Terminal => Box::new(SuspendBar(io::stdout())),
            Target::Stdout(None) => Box::new(io::stdout().lock()),
            // Bypasses the buffer of stdout, so that all counted bytes are in the file.
            Target::Stdout(Some(file)) | Target::File { file, .. } => Box::new(file.try_clone()?),
        };
        Ok(Box::new(BufWriter::with_capacity(BUFFER, count(inner))))
    }

    /// Returns the number of bytes written by this run.
    pub(crate) fn written(&self) -> u64 {
        self.written.get()
    }

    /// Returns the length of the file, if it is a regular one.
    pub(crate) fn length(&self) -> io::Result<Option<u64>> {
        let file = match &self.target {
            Target::Terminal | Target::Stdout(None) => return Ok(None),
            Target::Stdout(Some(file)) | Target::File { file, .. } => file,
        };
        Ok(Some(file.metadata()?.len()))
    }

    /// Truncates a regular file to `length`, its length when this run had written `kept` bytes, and closes the destination: a
    /// failed write leaves an incomplete record. A file that another process has written to is not truncated.
    pub(crate) fn truncate(&self, kept: u64, length: u64) {
        self.is_closed.set(true);
        let since = self.written() - kept;
        if let Target::Stdout(Some(file)) | Target::File { file, .. } = &self.target
            && self
                .length()
                .is_ok_and(|current| current == Some(length + since))
        {
            // If this fails, the next run refuses or truncates the file.
            let _ = file.set_len(length);
        }
    }

    /// Syncs flushed bytes of a regular file, so that they survive a power loss.
    pub(crate) fn sync(&self) -> io::Result<()> {
        match &self.target {
            Target::Terminal | Target::Stdout(None) => Ok(()),
            Target::Stdout(Some(file)) | Target::File { file, .. } => file.sync_data(),
        }
    }

    /// Removes a file that this run created and did not write to: it would look like an empty list.
    pub(crate) fn discard(&self) {
        if let Target::File { path, is_new, .. } = &self.target
            && *is_new
        {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Counts the bytes written.
struct CountingWriter {
    inner: Box<dyn Write>,
    written: Rc<Cell<u64>>,
    is_closed: Rc<Cell<bool>>,
}

impl Write for CountingWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_closed.get() {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let written = self.inner.write(bytes)?;
        self.written.set(self.written.get() + written as u64);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Returns the regular file that stdout is redirected to, if any.
fn stdout_file() -> Option<File> {
    #[cfg(unix)]
    let file = {
        use std::os::fd::AsFd;
        File::from(io::stdout().as_fd().try_clone_to_owned().ok()?)
    };
    #[cfg(windows)]
    let file = {
        use std::os::windows::io::AsHandle;
        File::from(io::stdout().as_handle().try_clone_to_owned().ok()?)
    };
    file.metadata().ok()?.is_file().then_some(file)
}

/// Returns the path of the file that stdout is redirected to, quoted for a shell; `None` where the platform does not report it.
fn stdout_path() -> Option<String> {
    let path = std::fs::read_link("/proc/self/fd/1").ok()?;
    path.exists().then(|| shell_quote(path.as_os_str()))
}
