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
use crate::row::encoding::{Reader, push_bytes, push_number, push_row};
use frame::FrameReader;
use journal::{DayLine, Journal, Line, PageLine, Versions};

/// The number of journal lines after which everything is synced to disk.
const SYNC_INTERVAL: u32 = 64;

/// The data that an unfinished pull has read.
pub(crate) struct Staging {
    folder: PathBuf,
    journal: File,
    /// The recorded length of the file of each day.
    lengths: BTreeMap<Partition, u64>,
    ranges: BTreeMap<u32, StagedRange>,
    committed: BTreeMap<Partition, CommittedDay>,
    /// The first unused number. Those of discarded ranges are used: their rows are still in the files.
    next_number: u32,
    /// The files written since the last sync.
    unsynced: HashSet<Partition>,
    lines: u32,
}

impl Staging {
    /// Opens the staging of an earlier run into a lake with the same settings, or creates it.
    pub(crate) fn open(folder: &Folder, settings: &Settings) -> Result<Self> {
        let folder = folder.staging();
        files::create_dir(&folder)?;
        let mut loaded = Journal::load(&journal_path(&folder), settings)?;
        if loaded.length == 0 || !truncate(&folder, &loaded)? {
            // After a power failure, a file may be shorter than the journal records.
            files::remove_dir(&folder)?;
            files::create_dir(&folder)?;
            loaded = Journal::default();
        }
        let path = journal_path(&folder);
        let failed = |error| Error::storage(Operation::Write, &path, error);
        let journal = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(failed)?;
        journal.set_len(loaded.length).map_err(failed)?;
        let mut staging = Self {
            folder,
            journal,
            lengths: loaded.lengths,
            ranges: loaded.ranges,
            committed: loaded.committed,
            next_number: loaded.next_number,
            unsynced: HashSet::new(),
            lines: 0,
        };
        if loaded.length == 0 {
            staging.record(&Line::Versions(Versions::current(settings)))?;
        }
        for day in staging.committed.keys() {
            if !staging.lengths.contains_key(day) {
                files::remove(&staging.day_path(*day))?;
            }
        }
        Ok(staging)
    }

    /// Returns the request ranges by their numbers.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = (u32, &StagedRange)> {
        self.ranges.iter().map(|(number, staged)| (*number, staged))
    }

    /// Returns a request range, unless it was discarded.
    pub(crate) fn range(&self, number: u32) -> Option<&StagedRange> {
        self.ranges.get(&number)
    }

    /// Discards a request range. Its rows stay in the files and are ignored.
    pub(crate) fn discard(&mut self, number: u32) {
        self.ranges.remove(&number);
    }

    /// Adds a request range that is to be read.
    pub(crate) fn add(&mut self, range: RequestRange) {
        let staged = StagedRange {
            range,
            state: RangeState::New,
            invalid: Vec::new(),
        };
        self.ranges.insert(self.next_number, staged);
        self.next_number = self.next_number.saturating_add(1);
    }

    /// Returns the days that are committed.
    pub(crate) fn committed(&self) -> &BTreeMap<Partition, CommittedDay> {
        &self.committed
    }

    /// Returns the request ranges that are not in the committed files of a day.
    pub(crate) fn ranges_to_merge(&self, day: Partition) -> impl Iterator<Item = &StagedRange> {
        let before = self.committed.get(&day).map_or(0, |day| day.before);
        self.ranges.range(before..).map(|(_, staged)| staged)
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
            journal::apply(&mut self.ranges, *page);
        }
        self.lines += 1;
        match self.lines % SYNC_INTERVAL {
            0 => self.sync(),
            _ => Ok(()),
        }
    }

    /// Records that the files of a day are committed, and removes what was staged of it.
    pub(crate) fn commit(&mut self, day: Partition, has_manifest: bool) -> Result<()> {
        // Before the journal: once it has the day, events that are staged are those of the next pull of the day.
        for path in self.event_paths(day) {
            files::remove(&path)?;
        }
        let committed = CommittedDay {
            before: self.next_number,
            has_manifest,
        };
        self.record(&Line::Day(DayLine {
            committed: day,
            day: committed,
        }))?;
        let path = self.journal_path();
        self.journal
            .sync_data()
            .map_err(|error| Error::storage(Operation::Write, &path, error))?;
        self.committed.insert(day, committed);
        self.lengths.remove(&day);
        self.unsynced.remove(&day);
        files::remove(&self.day_path(day))
    }

    fn record(&mut self, line: &Line) -> Result<()> {
        let path = self.journal_path();
        let failed = |error: io::Error| Error::storage(Operation::Write, &path, error);
        let mut text = serde_json::to_string(line).map_err(|error| failed(error.into()))?;
        text.push('\n');
        self.journal.write_all(text.as_bytes()).map_err(failed)
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
            let length = self.lengths.entry(day).or_default();
            *length += bytes.len() as u64;
            lengths.insert(day, *length);
            self.unsynced.insert(day);
        }
        Ok(lengths)
    }

    /// Syncs everything to disk: files, their names, and the journal last.
    pub(crate) fn sync(&mut self) -> Result<()> {
        for day in std::mem::take(&mut self.unsynced) {
            let path = self.day_path(day);
            File::open(&path)
                .and_then(|file| file.sync_data())
                .map_err(|error| Error::storage(Operation::Write, &path, error))?;
        }
        files::sync_folder(&self.folder)
            .map_err(|error| Error::storage(Operation::Write, &self.folder, error))?;
        let path = self.journal_path();
        self.journal
            .sync_data()
            .map_err(|error| Error::storage(Operation::Write, &path, error))
    }

    /// Returns the days that have rows.
    pub(crate) fn days(&self) -> impl Iterator<Item = Partition> {
        self.lengths
            .iter()
            .filter(|(_, length)| **length > 0)
            .map(|(day, _)| *day)
    }

    /// Returns the staged rows of a day, in the order in which they were received.
    pub(crate) fn rows(&self, day: Partition) -> Result<StagedRows> {
        let path = self.day_path(day);
        Ok(StagedRows {
            length: self.lengths.get(&day).copied().unwrap_or_default(),
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
        if name.ends_with(".run") {
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
