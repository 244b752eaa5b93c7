//! The staging of an unfinished pull: sessions by day, and a journal that records how much of them is valid.
//!
//! Rows are appended to a file for each day first, then a line to the journal: the state of the request range, and the
//! length of each file. Whatever follows that length was not recorded, and is truncated when the pull resumes.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use apivideo::Cursor;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::error::{Error, Operation, Result};
use crate::folder::{Folder, files};
use crate::format;
use crate::invalid::InvalidRecord;
use crate::manifest::RequestRange;
use crate::partition::Partition;
use crate::row::Row;
use crate::table::Table;

/// The number of journal lines after which everything is synced to disk.
const SYNC_INTERVAL: u32 = 64;

/// The data that an unfinished pull has read.
pub(crate) struct Staging {
    folder: PathBuf,
    journal: File,
    /// The recorded length of the file of each day.
    lengths: BTreeMap<Partition, u64>,
    ranges: BTreeMap<u32, StagedRange>,
    /// The files written since the last sync.
    unsynced: HashSet<Partition>,
    lines: u32,
}

/// A request range that is being read, or was.
#[derive(Clone, Debug)]
pub(crate) struct StagedRange {
    pub(crate) range: RequestRange,
    pub(crate) state: RangeState,
    /// The records that could not be decoded.
    pub(crate) invalid: Vec<InvalidRecord>,
}

/// The progress of a request range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum RangeState {
    /// Nothing was read yet.
    New,
    /// Reading resumes at this cursor, or starts over if another release of the client wrote it.
    #[serde(deserialize_with = "known_cursor")]
    At(Option<Cursor>),
    /// All of it was read.
    Done,
    /// It could not be read to its end, and is not retried in this run.
    #[serde(rename_all = "camelCase")]
    Failed {
        /// Whether the asset does not exist.
        not_found: bool,
    },
}

/// Reads a cursor; `None` if it has the version of another release.
fn known_cursor<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<Cursor>, D::Error> {
    let cursor = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(cursor).ok())
}

/// A line of the journal.
#[derive(Serialize, Deserialize)]
struct JournalLine {
    number: u32,
    range: RequestRange,
    state: RangeState,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    lengths: BTreeMap<Partition, u64>,
    /// The records of this page that could not be decoded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    invalid: Vec<InvalidRecord>,
}

/// A line of the file of a day: a session, and the number of the request range that it was listed for.
#[derive(Serialize, Deserialize)]
struct RowLine {
    range: u32,
    row: Map<String, Value>,
}

impl Staging {
    /// Opens the staging of an earlier run, or creates it.
    pub(crate) fn open(folder: &Folder) -> Result<Self> {
        let folder = folder.staging();
        files::create_dir(&folder)?;
        let path = folder.join("journal.ndjson");
        let journal = Journal::load(&path)?;
        let failed = |error| Error::storage(Operation::Write, &path, error);
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(failed)?;
        file.set_len(journal.length).map_err(failed)?;
        let mut staging = Self {
            folder,
            journal: file,
            lengths: journal.lengths,
            ranges: journal.ranges,
            unsynced: HashSet::new(),
            lines: 0,
        };
        if !staging.truncate()? {
            // After a power failure, a file may be shorter than the journal records.
            staging.clear()?;
        }
        Ok(staging)
    }

    /// Truncates the files to their recorded lengths; returns `false` if recorded rows are missing.
    fn truncate(&mut self) -> Result<bool> {
        let read = |error| Error::storage(Operation::Read, &self.folder, error);
        let mut existing = HashSet::new();
        for entry in fs::read_dir(&self.folder).map_err(read)? {
            let path = entry.map_err(read)?.path();
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            let day = name
                .strip_prefix("sessions-")
                .and_then(|name| name.strip_suffix(".ndjson"));
            let Some(Ok(day)) = day.map(str::parse::<Partition>) else {
                continue;
            };
            let length = self.lengths.get(&day).copied().unwrap_or_default();
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
        Ok(self
            .lengths
            .iter()
            .all(|(day, length)| *length == 0 || existing.contains(day)))
    }

    /// Discards everything.
    fn clear(&mut self) -> Result<()> {
        let path = self.journal_path();
        self.journal
            .set_len(0)
            .map_err(|error| Error::storage(Operation::Write, &path, error))?;
        for day in std::mem::take(&mut self.lengths).into_keys() {
            files::remove(&self.day_path(day))?;
        }
        self.ranges.clear();
        Ok(())
    }

    /// Returns the request ranges by their numbers.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = (u32, &StagedRange)> {
        self.ranges.iter().map(|(number, staged)| (*number, staged))
    }

    /// Discards a request range. Its rows stay in the files and are ignored.
    pub(crate) fn discard(&mut self, number: u32) {
        self.ranges.remove(&number);
    }

    /// Adds a request range that is to be read.
    pub(crate) fn add(&mut self, number: u32, range: RequestRange) {
        let staged = StagedRange {
            range,
            state: RangeState::New,
            invalid: Vec::new(),
        };
        self.ranges.insert(number, staged);
    }

    /// Returns the first unused number. Those of discarded ranges are used: their rows are still in the files.
    pub(crate) fn next_number(&self) -> Result<u32> {
        let journal = Journal::load(&self.journal_path())?;
        let last = journal.ranges.keys().next_back();
        Ok(last.map_or(0, |number| number + 1))
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
        let line = JournalLine {
            number,
            range,
            state,
            lengths,
            invalid,
        };
        let path = self.journal_path();
        let failed = |error: io::Error| Error::storage(Operation::Write, &path, error);
        let mut text = serde_json::to_string(&line).map_err(|error| failed(error.into()))?;
        text.push('\n');
        self.journal.write_all(text.as_bytes()).map_err(failed)?;
        apply(&mut self.ranges, line);
        self.lines += 1;
        match self.lines % SYNC_INTERVAL {
            0 => self.sync(),
            _ => Ok(()),
        }
    }

    /// Appends rows to the files of their days; returns the new lengths of these files.
    fn append_rows(
        &mut self,
        number: u32,
        rows: &[(Partition, Row)],
    ) -> Result<BTreeMap<Partition, u64>> {
        let mut lines: BTreeMap<Partition, String> = BTreeMap::new();
        for (day, row) in rows {
            let line = lines.entry(*day).or_default();
            // The form of `RowLine`.
            line.push_str("{\"range\":");
            line.push_str(&number.to_string());
            line.push_str(",\"row\":");
            format::write_row(row, line);
            line.push_str("}\n");
        }
        let mut lengths = BTreeMap::new();
        for (day, text) in lines {
            let path = self.day_path(day);
            let write = || -> io::Result<()> {
                OpenOptions::new()
                    .create(true)
                    .append(true)
                    .open(&path)?
                    .write_all(text.as_bytes())
            };
            write().map_err(|error| Error::storage(Operation::Write, &path, error))?;
            let length = self.lengths.entry(day).or_default();
            *length += text.len() as u64;
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

    /// Returns the sessions of a day, each with the request range that it was listed for.
    pub(crate) fn sessions(&self, day: Partition) -> Result<Vec<(RequestRange, Row)>> {
        let path = self.day_path(day);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Error::storage(Operation::Read, &path, error)),
        };
        let invalid = |why: String| {
            Error::corrupt(
                &path,
                "is invalid: remove the folder _staging and run the same command again",
            )
            .with_source(why)
        };
        let mut sessions = Vec::new();
        for line in BufReader::new(file).lines() {
            let line = line.map_err(|error| Error::storage(Operation::Read, &path, error))?;
            let RowLine { range, row } =
                serde_json::from_str(&line).map_err(|error| invalid(error.to_string()))?;
            let Some(staged) = self.ranges.get(&range) else {
                continue;
            };
            let row = format::row_from_object(Table::Sessions, row).map_err(invalid)?;
            sessions.push((staged.range.clone(), row));
        }
        Ok(sessions)
    }

    /// Returns the path of the events of a day.
    pub(crate) fn events_path(&self, day: Partition) -> PathBuf {
        self.folder.join(format!("events-{day}.ndjson"))
    }

    fn day_path(&self, day: Partition) -> PathBuf {
        self.folder.join(format!("sessions-{day}.ndjson"))
    }

    fn journal_path(&self) -> PathBuf {
        self.folder.join("journal.ndjson")
    }
}

/// Applies a line of the journal.
fn apply(ranges: &mut BTreeMap<u32, StagedRange>, line: JournalLine) {
    let staged = ranges.entry(line.number).or_insert_with(|| StagedRange {
        range: line.range.clone(),
        state: RangeState::New,
        invalid: Vec::new(),
    });
    if line.range.invalid == line.invalid.len() as u64 {
        // The first page with invalid records: what an earlier attempt recorded is replaced.
        staged.invalid.clear();
    }
    staged.invalid.extend(line.invalid);
    staged.range = line.range;
    staged.state = line.state;
}

/// The contents of a journal.
#[derive(Default)]
struct Journal {
    ranges: BTreeMap<u32, StagedRange>,
    lengths: BTreeMap<Partition, u64>,
    /// The length of the valid lines. A kill can leave a truncated line at the end.
    length: u64,
}

impl Journal {
    fn load(path: &Path) -> Result<Self> {
        let mut journal = Self::default();
        let mut file = match File::open(path) {
            Ok(file) => BufReader::new(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(journal),
            Err(error) => return Err(Error::storage(Operation::Read, path, error)),
        };
        let mut text = Vec::new();
        loop {
            text.clear();
            let count = file
                .read_until(b'\n', &mut text)
                .map_err(|error| Error::storage(Operation::Read, path, error))?;
            if count == 0 || text.last() != Some(&b'\n') {
                return Ok(journal);
            }
            let Ok(line) = serde_json::from_slice::<JournalLine>(&text) else {
                return Ok(journal);
            };
            journal.length += count as u64;
            journal
                .lengths
                .extend(line.lengths.iter().map(|(day, length)| (*day, *length)));
            apply(&mut journal.ranges, line);
        }
    }
}
