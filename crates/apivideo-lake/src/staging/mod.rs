//! The staging of an unfinished pull: sessions by day, and a journal that records how much of them is valid.
//!
//! Rows are appended to a file for each day first, then a line to the journal: the state of the request range, and the
//! length of each file. Whatever follows that length was not recorded, and is truncated when the pull resumes. Once the
//! files of a day are committed, the journal records that, and what was staged of the day is removed.

pub(crate) mod frame;
mod journal;

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub(crate) use journal::{CommittedDay, RangeState, StagedRange};

use crate::error::{Error, Operation, Result};
use crate::folder::{Folder, files};
use crate::invalid::InvalidRecord;
use crate::manifest::{RequestRange, Settings};
use crate::partition::Partition;
use crate::row::Row;
use crate::row::encoding::{Invalid, Reader, push_bytes, push_number, push_row, read_row};
use crate::table::Table;
use frame::FrameReader;
use journal::{DayLine, Journal, Line, PageLine, Versions};

/// The number of journal lines after which everything is synced to disk.
const SYNC_INTERVAL: u32 = 64;

/// The length of the journal in bytes at which it is replaced with a compact one, unless that one is longer than half of it.
pub(crate) const MAX_JOURNAL: u64 = 1024 * 1024;

/// The data that an unfinished pull has read.
pub(crate) struct Staging {
    folder: PathBuf,
    file: File,
    /// The contents of the journal, and request ranges that are not in it because nothing of them was read.
    journal: Journal,
    /// The length at which the journal is replaced with a compact one.
    compact_at: u64,
    /// The files written since the last sync.
    unsynced: HashSet<Partition>,
    lines: u32,
    /// Whether a request range was discarded that has rows.
    has_discarded: bool,
}

impl Staging {
    /// Opens the staging of an earlier run, or creates it. It is discarded if the settings of the lake have changed since, or the list
    /// of what was forgotten, whose fingerprint is `forgotten`.
    pub(crate) fn open(
        folder: &Folder,
        settings: &Settings,
        forgotten: Option<String>,
    ) -> Result<Self> {
        let folder = folder.staging();
        files::create_dir(&folder)?;
        let versions = Versions::new(settings, forgotten);
        let mut journal = Journal::load(&journal_path(&folder), versions.clone())?;
        if journal.length == 0 || !truncate(&folder, &journal)? {
            // After a power failure, a file may be shorter than the journal records.
            files::remove_dir(&folder)?;
            files::create_dir(&folder)?;
            journal = Journal::new(versions);
        }
        let path = journal_path(&folder);
        let file = open_journal(&path)?;
        file.set_len(journal.length)
            .map_err(|error| Error::storage(Operation::Write, &path, error))?;
        let mut staging = Self {
            folder,
            file,
            journal,
            compact_at: MAX_JOURNAL,
            unsynced: HashSet::new(),
            lines: 0,
            has_discarded: false,
        };
        if staging.journal.length == 0 {
            let start = staging.journal.start();
            staging.record(&start)?;
        }
        for day in staging.journal.committed.keys() {
            if !staging.journal.lengths.contains_key(day) {
                files::remove(&staging.day_path(*day))?;
            }
        }
        Ok(staging)
    }

    /// Returns whether a pull has staged something in the folder in use.
    pub(crate) fn has_journal(folder: &Folder) -> bool {
        journal_path(&folder.staging()).exists()
    }

    /// Removes the staging of an earlier run if a pull would not resume it; returns whether it is kept.
    pub(crate) fn discard_unusable(
        folder: &Folder,
        settings: &Settings,
        forgotten: Option<String>,
    ) -> Result<bool> {
        let folder = folder.staging();
        let versions = Versions::new(settings, forgotten);
        let is_usable = Journal::load(&journal_path(&folder), versions)?.length > 0;
        if !is_usable {
            files::remove_dir(&folder)?;
        }
        Ok(is_usable)
    }

    /// Returns the request ranges by their numbers.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = (u32, &StagedRange)> {
        self.journal
            .ranges
            .iter()
            .map(|(number, staged)| (*number, staged))
    }

    /// Returns a request range, unless it was discarded.
    pub(crate) fn range(&self, number: u32) -> Option<&StagedRange> {
        self.journal.ranges.get(&number)
    }

    /// Discards a request range. Its rows are ignored from now on.
    pub(crate) fn discard(&mut self, number: u32) {
        let discarded = self.journal.ranges.remove(&number);
        self.has_discarded |= discarded.is_some_and(|staged| staged.state != RangeState::New);
    }

    /// Removes the files of days that only have rows of discarded request ranges: a pull that is killed again and again does not fill
    /// the disk with the lists of mutable days, which every run reads again.
    pub(crate) fn remove_discarded(&mut self) -> Result<()> {
        if !std::mem::take(&mut self.has_discarded) {
            return Ok(());
        }
        let mut unused = Vec::new();
        for day in self.days() {
            if !self.has_rows_in_use(day)? {
                unused.push(day);
            }
        }
        if unused.is_empty() {
            return Ok(());
        }
        // The journal is first: it never records a file that does not exist.
        for day in &unused {
            self.journal.lengths.remove(day);
            self.unsynced.remove(day);
        }
        self.sync_rows()?;
        self.compact()?;
        let mut paths = unused.into_iter().map(|day| self.day_path(day));
        paths.try_for_each(|path| files::remove(&path))
    }

    /// Returns whether a day has rows of a request range that was not discarded.
    fn has_rows_in_use(&self, day: Partition) -> Result<bool> {
        let mut rows = self.rows(day)?;
        while let Some(record) = rows.next()? {
            let number = range_of(record).map_err(|why| {
                let damaged = frame::damaged(&self.day_path(day));
                damaged.with_source(why)
            })?;
            if self.journal.ranges.contains_key(&number) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Adds a request range that is to be read.
    pub(crate) fn add(&mut self, range: RequestRange) {
        let staged = StagedRange {
            range,
            state: RangeState::New,
            invalid: Vec::new(),
        };
        self.journal.ranges.insert(self.journal.next_number, staged);
        self.journal.next_number = self.journal.next_number.saturating_add(1);
    }

    /// Returns the days that are committed.
    pub(crate) fn committed(&self) -> &BTreeMap<Partition, CommittedDay> {
        &self.journal.committed
    }

    /// Returns the request ranges that are not in the committed files of a day.
    pub(crate) fn ranges_to_merge(&self, day: Partition) -> impl Iterator<Item = &StagedRange> {
        let before = self.journal.committed.get(&day).map_or(0, |day| day.before);
        self.journal
            .ranges
            .range(before..)
            .map(|(_, staged)| staged)
    }

    /// Appends the sessions and invalid records of a request range, and records its state.
    pub(crate) fn append(
        &mut self,
        number: u32,
        rows: &[(Partition, Row)],
        range: RequestRange,
        state: RangeState,
        invalid: Vec<InvalidRecord>,
    ) -> Result<()> {
        let lengths = self.append_rows(number, rows)?;
        let page = PageLine {
            number,
            range,
            state,
            lengths,
            invalid,
        };
        let line = Line::Page(Box::new(page));
        self.record(&line)?;
        if let Line::Page(page) = line {
            self.journal.apply(*page);
        }
        self.lines += 1;
        match self.lines.is_multiple_of(SYNC_INTERVAL) || self.journal.length >= self.compact_at {
            true => self.sync(),
            false => Ok(()),
        }
    }

    /// Records that the files of a day are committed, and removes what was staged of it.
    pub(crate) fn commit(&mut self, day: Partition, has_manifest: bool) -> Result<()> {
        // Before the journal: once it has the day, events that are staged are those of the next pull of the day.
        for path in self.event_paths(day) {
            files::remove(&path)?;
        }
        let committed = CommittedDay {
            before: self.journal.next_number,
            has_manifest,
        };
        self.record(&Line::Day(DayLine {
            committed: day,
            day: committed,
        }))?;
        self.sync_journal()?;
        self.journal.committed.insert(day, committed);
        self.journal.lengths.remove(&day);
        self.unsynced.remove(&day);
        files::remove(&self.day_path(day))
    }

    fn record(&mut self, line: &Line) -> Result<()> {
        let path = self.journal_path();
        let failed = |error: io::Error| Error::storage(Operation::Write, &path, error);
        let text = self.journal.encode(line);
        let text = text.map_err(|error| failed(error.into()))?;
        self.file.write_all(text.as_bytes()).map_err(failed)?;
        self.journal.length += text.len() as u64;
        Ok(())
    }

    /// Appends rows to the files of their days, a frame for each day; returns the new lengths of these files.
    fn append_rows(
        &mut self,
        number: u32,
        rows: &[(Partition, Row)],
    ) -> Result<BTreeMap<Partition, u64>> {
        let mut records: BTreeMap<Partition, Vec<u8>> = BTreeMap::new();
        let mut record = Vec::new();
        for (day, row) in rows {
            record.clear();
            push_row(row, 0, &mut record);
            push_number(number.into(), &mut record);
            push_bytes(&record, records.entry(*day).or_default());
        }
        let mut lengths = BTreeMap::new();
        let mut bytes = Vec::new();
        for (day, records) in records {
            let path = self.day_path(day);
            bytes.clear();
            let mut write = || -> io::Result<()> {
                frame::push_compressed(&records, &mut bytes)?;
                OpenOptions::new()
                    .create(true)
                    .append(true)
                    .open(&path)?
                    .write_all(&bytes)
            };
            write().map_err(|error| Error::storage(Operation::Write, &path, error))?;
            let length = self.journal.lengths.entry(day).or_default();
            *length += bytes.len() as u64;
            lengths.insert(day, *length);
            self.unsynced.insert(day);
        }
        Ok(lengths)
    }

    /// Syncs everything to disk, the journal last.
    fn sync(&mut self) -> Result<()> {
        self.sync_rows()?;
        match self.journal.length >= self.compact_at {
            true => self.compact(),
            false => self.sync_journal(),
        }
    }

    /// Syncs the files of rows and their names to disk.
    fn sync_rows(&mut self) -> Result<()> {
        for day in std::mem::take(&mut self.unsynced) {
            let path = self.day_path(day);
            File::open(&path)
                .and_then(|file| file.sync_data())
                .map_err(|error| Error::storage(Operation::Write, &path, error))?;
        }
        files::sync_folder(&self.folder)
            .map_err(|error| Error::storage(Operation::Write, &self.folder, error))
    }

    fn sync_journal(&self) -> Result<()> {
        self.file
            .sync_data()
            .map_err(|error| Error::storage(Operation::Write, &self.journal_path(), error))
    }

    /// Records that no further page follows: everything is synced to disk, and the journal is replaced with a compact one.
    pub(crate) fn finish_lists(&mut self) -> Result<()> {
        self.sync_rows()?;
        self.compact()
    }

    /// Replaces the journal with a compact one. The rows that it records are synced to disk.
    fn compact(&mut self) -> Result<()> {
        let (new, path) = (self.folder.join("journal.new"), self.journal_path());
        self.journal.save(&new)?;
        fs::rename(&new, &path)
            .and_then(|()| files::sync_folder(&self.folder))
            .map_err(|error| Error::storage(Operation::Write, &path, error))?;
        self.file = open_journal(&path)?;
        self.compact_at = MAX_JOURNAL.max(2 * self.journal.length);
        Ok(())
    }

    /// Returns the days that have rows.
    pub(crate) fn days(&self) -> impl Iterator<Item = Partition> {
        self.journal
            .lengths
            .iter()
            .filter(|(_, length)| **length > 0)
            .map(|(day, _)| *day)
    }

    /// Returns the staged rows of a day, in the order in which they were received.
    pub(crate) fn rows(&self, day: Partition) -> Result<StagedRows> {
        let path = self.day_path(day);
        Ok(StagedRows {
            length: self.journal.lengths.get(&day).copied().unwrap_or_default(),
            frames: FrameReader::open(&path)?,
            contents: Vec::new(),
            place: 0,
            path,
        })
    }

    /// Returns the path of a file that is only used while the sessions of a day are sorted.
    pub(crate) fn run_path(&self, number: usize) -> PathBuf {
        self.folder.join(format!("{number}.run"))
    }

    /// Returns the paths of the files with the events of a day: the compressed ones, and those after them.
    pub(crate) fn event_paths(&self, day: Partition) -> [PathBuf; 2] {
        ["log", "tail"].map(|extension| self.folder.join(format!("events-{day}.{extension}")))
    }

    /// Returns the path of the rows of a day.
    pub(crate) fn day_path(&self, day: Partition) -> PathBuf {
        day_path(&self.folder, day)
    }

    fn journal_path(&self) -> PathBuf {
        journal_path(&self.folder)
    }
}

/// The staged rows of a day.
pub(crate) struct StagedRows {
    path: PathBuf,
    frames: Option<FrameReader>,
    /// The recorded length of the file.
    length: u64,
    contents: Vec<u8>,
    /// Where the next record starts in the contents.
    place: usize,
}

impl StagedRows {
    /// Returns the next record: an encoded row, and the number of the request range that it was listed for.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>> {
        let Some(frames) = &mut self.frames else {
            return Ok(None);
        };
        while self.place >= self.contents.len() {
            if frames.offset() >= self.length {
                return Ok(None);
            }
            if !frames.next(&mut self.contents)? {
                return Err(frame::damaged(&self.path));
            }
            self.place = 0;
        }
        let mut reader = Reader(self.contents.get(self.place..).unwrap_or_default());
        let record = reader
            .bytes()
            .map_err(|why| frame::damaged(&self.path).with_source(why))?;
        self.place = self.contents.len() - reader.0.len();
        Ok(Some(record))
    }
}

/// Returns the number of the request range that a record was listed for.
fn range_of(record: &[u8]) -> std::result::Result<u32, Invalid> {
    let mut reader = Reader(record);
    read_row(Table::Sessions, Vec::new(), &mut reader)?;
    Ok(u32::try_from(reader.number()?).unwrap_or(u32::MAX))
}

fn open_journal(path: &Path) -> Result<File> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .map_err(|error| Error::storage(Operation::Write, path, error))
}

fn journal_path(folder: &Path) -> PathBuf {
    folder.join("journal.ndjson")
}

fn day_path(folder: &Path, day: Partition) -> PathBuf {
    folder.join(format!("sessions-{day}.rows"))
}

/// Truncates the files to their recorded lengths; returns `false` if recorded rows are missing.
fn truncate(folder: &Path, journal: &Journal) -> Result<bool> {
    let read = |error| Error::storage(Operation::Read, folder, error);
    let mut existing = HashSet::new();
    for entry in fs::read_dir(folder).map_err(read)? {
        let path = entry.map_err(read)?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if name.ends_with(".run") || name == "journal.new" {
            files::remove(&path)?;
        }
        let day = name
            .strip_prefix("sessions-")
            .and_then(|name| name.strip_suffix(".rows"));
        let Some(Ok(day)) = day.map(str::parse::<Partition>) else {
            continue;
        };
        let length = journal.lengths.get(&day).copied().unwrap_or_default();
        let write = |error| Error::storage(Operation::Write, &path, error);
        let file = OpenOptions::new().write(true).open(&path).map_err(write)?;
        let metadata = file
            .metadata()
            .map_err(|error| Error::storage(Operation::Read, &path, error))?;
        if metadata.len() < length {
            return Ok(false);
        }
        file.set_len(length).map_err(write)?;
        existing.insert(day);
    }
    Ok(journal
        .lengths
        .iter()
        .all(|(day, length)| *length == 0 || existing.contains(day)))
}

#[cfg(test)]
mod tests;
