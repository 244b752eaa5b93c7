//! The checkpoint file of a list while the list is read.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use apivideo::Cursor;

use crate::checkpoint::{self, Checkpoint};
use crate::clock;
use crate::command_line;
use crate::destination::Destination;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema::ItemSchema;
use crate::progress::count;
use crate::stderr::print_resume_command;

/// The minimum time between two writes.
const MIN_INTERVAL: Duration = Duration::from_millis(50);
/// The interval is at least this multiple of the duration of a write, which bounds the share of time spent on writing.
const INTERVAL_FACTOR: u32 = 20;

/// The checkpoint file of a list.
pub(super) struct CheckpointFile {
    /// The path, if a checkpoint is kept while the list is read; otherwise one is written only when the command stops.
    path: Option<PathBuf>,
    /// Whether the file exists.
    exists: bool,
    /// When the next write is due.
    next: Instant,
    /// Bytes written by earlier runs.
    bytes_before: u64,
    /// Bytes that this run had written at the last write of the checkpoint.
    recorded: u64,
}

impl CheckpointFile {
    /// `resumed` is the checkpoint that was read from the file.
    pub(super) fn new(path: Option<PathBuf>, resumed: Option<&Checkpoint>) -> Self {
        Self {
            path,
            exists: resumed.is_some(),
            next: clock::now(),
            bytes_before: resumed.map_or(0, |checkpoint| checkpoint.bytes),
            recorded: 0,
        }
    }

    pub(super) fn exists(&self) -> bool {
        self.exists
    }

    /// Writes the checkpoint of the start of the list before the first item is written. Otherwise a run after a kill would
    /// start over behind the items of the killed run.
    pub(super) fn create(&mut self, checkpoint: &Checkpoint) -> Result<(), Failure> {
        if let Some(path) = &self.path
            && !self.exists
        {
            checkpoint.write(path)?;
            self.exists = true;
        }
        Ok(())
    }

    /// Whether a write is due.
    pub(super) fn is_due(&self) -> bool {
        self.exists && clock::now() >= self.next
    }

    /// Writes the checkpoint. All earlier items must have been flushed.
    pub(super) fn update(
        &mut self,
        checkpoint: &mut Checkpoint,
        cursor: Cursor,
        destination: &Destination,
    ) -> Result<(), Failure> {
        let started = clock::now();
        destination.sync().map_err(Failure::output)?;
        checkpoint.cursor = cursor;
        checkpoint.bytes = self.bytes_before + destination.written();
        checkpoint.length = destination.length().map_err(Failure::output)?;
        let path = self
            .path
            .get_or_insert_with(|| checkpoint::default_path(&command_line::resume_arguments()));
        checkpoint.write(path)?;
        self.exists = true;
        self.recorded = destination.written();
        let now = clock::now();
        self.next = now + ((now - started) * INTERVAL_FACTOR).max(MIN_INTERVAL);
        Ok(())
    }

    /// Removes the file of a complete list.
    pub(super) fn remove(&self) -> Result<(), Failure> {
        match &self.path {
            Some(path) if self.exists => checkpoint::remove(path),
            _ => Ok(()),
        }
    }

    /// Prints the command line to resume.
    pub(super) fn print_resume_command(
        &self,
        written: u64,
        schema: &ItemSchema,
        destination: &Destination,
    ) {
        let mut arguments = command_line::resume_arguments();
        if let Some(path) = &self.path
            && destination.path().is_none()
            && !arguments.iter().any(|argument| is_resume(argument))
        {
            arguments.extend(["--resume".into(), path.clone().into_os_string()]);
        }
        let command = command_line::apivideo(&arguments);
        let written = count(written, schema.noun);
        let message = match destination.path() {
            Some(path) => format!(
                "{written} in {}; to resume, run the same command again",
                path.display()
            ),
            None => format!("{written} written; to resume, append the output of"),
        };
        print_resume_command(&message, &command);
    }

    /// Handles a failed write to the output: reports it, truncates the output to the last checkpoint, and prints the command
    /// line to resume.
    pub(super) fn output_failed(
        &self,
        failure: Failure,
        schema: &ItemSchema,
        destination: &Destination,
    ) -> Result<Exit, Failure> {
        let last = match &self.path {
            Some(path) if self.exists => Checkpoint::read(path)?,
            _ => None,
        };
        let Some(last) = last.filter(|_| !matches!(failure, Failure::BrokenPipe)) else {
            return Err(failure);
        };
        if let Some(length) = last.length {
            destination.truncate(self.recorded, length);
        }
        let exit = failure.report();
        self.print_resume_command(last.written, schema, destination);
        Ok(match last.written {
            0 => exit,
            _ => Exit::Partial,
        })
    }
}

fn is_resume(argument: &OsStr) -> bool {
    argument
        .to_str()
        .is_some_and(|argument| argument == "--resume" || argument.starts_with("--resume="))
}
