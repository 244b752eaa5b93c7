//! Where the items of a list are written: stdout, or a file that the command owns (`--out`).

use std::cell::Cell;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, IsTerminal, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::args::Format;
use crate::checkpoint::Checkpoint;
use crate::failure::{Failure, because};
use crate::output::Out;
use crate::progress::Aside;

/// Enough for a page of sessions, so that a page is written at once.
const BUFFER: usize = 64 * 1024;

/// Where items are written, and how much of them has been.
#[derive(Debug)]
pub(crate) struct Destination {
    place: Place,
    /// Bytes that this run has written.
    written: Rc<Cell<u64>>,
    /// Nothing more is written, not even what is left in a buffer.
    is_closed: Rc<Cell<bool>>,
}

#[derive(Debug)]
enum Place {
    Terminal,
    /// With the file that it is redirected to, where that is a regular one.
    Stdout(Option<File>),
    File {
        path: PathBuf,
        file: File,
        /// It was not there before.
        is_new: bool,
    },
}

impl Destination {
    /// Writes to stdout.
    pub(crate) fn stdout() -> Self {
        Self::new(match io::stdout().is_terminal() {
            true => Place::Terminal,
            false => Place::Stdout(regular_stdout()),
        })
    }

    /// Writes to a file of its own: a new one, or the one that the checkpoint is of, cut to the length that it had then.
    /// Any other file that holds something is refused, unless it is to be overwritten.
    pub(crate) fn file(
        path: &Path,
        checkpoint: Option<&Checkpoint>,
        force: bool,
    ) -> Result<Self, Failure> {
        let shown = path.display();
        let failed = |what: &str, error: io::Error| {
            Failure::failed(because(format!("{what} {shown}"), error))
        };
        let found = match std::fs::metadata(path) {
            Ok(metadata) if !metadata.is_file() => {
                return Err(Failure::usage(format!(
                    "{shown} is not a regular file; --out needs one: redirect stdout instead"
                )));
            }
            Ok(metadata) => Some(metadata.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed("cannot read", error)),
        };
        let length = checkpoint.map_or(0, |checkpoint| checkpoint.length.unwrap_or(0));
        if checkpoint.is_none() && !force && found.is_some_and(|found| found > 0) {
            return Err(Failure::usage(format!(
                "{shown} exists, and there is no checkpoint to continue it; remove it, or overwrite it with --force"
            )));
        }
        if checkpoint.is_some() && found.unwrap_or(0) < length {
            return Err(Failure::usage(format!(
                "{shown} has {} bytes, and its checkpoint counts {length}: what was written is missing; \
                 start over with --force",
                found.unwrap_or(0)
            )));
        }
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(|error| failed("cannot write", error))?;
        // Where the file system has no locks, there is none: two runs at once are a mistake, and not a usual one.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(Failure::usage(format!(
                "another command is writing to {shown}; wait for its end"
            )));
        }
        file.set_len(length)
            .and_then(|()| file.seek(SeekFrom::End(0)))
            .map_err(|error| failed("cannot write", error))?;
        if found.is_none() {
            crate::checkpoint::sync_folder(path);
        }
        Ok(Self::new(Place::File {
            path: path.to_owned(),
            file,
            is_new: found.is_none(),
        }))
    }

    fn new(place: Place) -> Self {
        Self {
            place,
            written: Rc::default(),
            is_closed: Rc::default(),
        }
    }

    pub(crate) fn is_terminal(&self) -> bool {
        matches!(self.place, Place::Terminal)
    }

    /// The path of a file of its own.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.place {
            Place::File { path, .. } => Some(path),
            Place::Terminal | Place::Stdout(_) => None,
        }
    }

    /// Refuses to continue in a redirected stdout whose length is not that of the checkpoint.
    pub(crate) fn check(&self, checkpoint: &Checkpoint) -> Result<(), Failure> {
        let Place::Stdout(Some(file)) = &self.place else {
            return Ok(());
        };
        let Some(expected) = checkpoint.length else {
            return Ok(());
        };
        let found = file
            .metadata()
            .map_err(|error| Failure::failed(because("cannot read the length of stdout", error)))?
            .len();
        let (name, fix) = match name_of_stdout() {
            Some(path) => (path.clone(), path),
            None => ("the file behind stdout".to_owned(), "FILE".to_owned()),
        };
        match found {
            found if found == expected => Ok(()),
            found if found > expected => Err(Failure::usage(format!(
                "{name} has {found} bytes, and the checkpoint counts {expected}: run `truncate -s {expected} {fix}`, then the \
                 same command again; otherwise rows would come twice"
            ))),
            found => Err(Failure::usage(format!(
                "{name} has {found} bytes, and the checkpoint counts {expected}: it is not the file that was written, or it was \
                 overwritten; append to that file (>>), or remove the checkpoint and start over"
            ))),
        }
    }

    /// The writer of this destination.
    pub(crate) fn writer(&self) -> io::Result<Out> {
        let count = |inner: Box<dyn Write>| Counted {
            inner,
            written: Rc::clone(&self.written),
            is_closed: Rc::clone(&self.is_closed),
        };
        let inner: Box<dyn Write> = match &self.place {
            Place::Terminal => Box::new(Aside(io::stdout())),
            Place::Stdout(None) => Box::new(io::stdout().lock()),
            // Past the buffer of stdout, so that what is counted is in the file.
            Place::Stdout(Some(file)) | Place::File { file, .. } => Box::new(file.try_clone()?),
        };
        Ok(Box::new(BufWriter::with_capacity(BUFFER, count(inner))))
    }

    /// How many bytes this run has written.
    pub(crate) fn written(&self) -> u64 {
        self.written.get()
    }

    /// The length of the file, where it is a regular one.
    pub(crate) fn length(&self) -> io::Result<Option<u64>> {
        let file = match &self.place {
            Place::Terminal | Place::Stdout(None) => return Ok(None),
            Place::Stdout(Some(file)) | Place::File { file, .. } => file,
        };
        Ok(Some(file.metadata()?.len()))
    }

    /// Cuts a regular file back to where it stood when this run had written `kept` bytes, and writes nothing more: after a write
    /// that failed, what follows is half a record. A file to which others have written is left as it is.
    pub(crate) fn cut(&self, kept: u64, length: u64) {
        self.is_closed.set(true);
        let since = self.written() - kept;
        if let Place::Stdout(Some(file)) | Place::File { file, .. } = &self.place
            && self
                .length()
                .is_ok_and(|found| found == Some(length + since))
        {
            // What stays is refused or cut by the next run.
            let _ = file.set_len(length);
        }
    }

    /// Makes what was flushed survive a loss of power, where it is in a regular file.
    pub(crate) fn sync(&self) -> io::Result<()> {
        match &self.place {
            Place::Terminal | Place::Stdout(None) => Ok(()),
            Place::Stdout(Some(file)) | Place::File { file, .. } => file.sync_data(),
        }
    }

    /// Removes a file of its own that was made for nothing: it would look like an empty list.
    pub(crate) fn discard(&self) {
        if let Place::File { path, is_new, .. } = &self.place
            && *is_new
        {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// The format that the name of a file says.
pub(crate) fn format_of(path: &Path) -> Option<Format> {
    match path.extension()?.to_str()? {
        "ndjson" | "jsonl" => Some(Format::Ndjson),
        "json" => Some(Format::Json),
        "csv" => Some(Format::Csv),
        _ => None,
    }
}

/// Counts what was taken.
struct Counted {
    inner: Box<dyn Write>,
    written: Rc<Cell<u64>>,
    is_closed: Rc<Cell<bool>>,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_closed.get() {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let taken = self.inner.write(bytes)?;
        self.written.set(self.written.get() + taken as u64);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// The regular file that stdout is redirected to, if any.
fn regular_stdout() -> Option<File> {
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

/// The file that stdout is redirected to, where the system says it, quoted for a shell.
fn name_of_stdout() -> Option<String> {
    let path = std::fs::read_link("/proc/self/fd/1").ok()?;
    path.exists()
        .then(|| crate::again::quoted(path.as_os_str()))
}
