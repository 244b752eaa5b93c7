//! The journal of the staging: which pages of which request ranges were read, and which days are committed.
//!
//! Each line is a JSON object. A kill can leave a truncated line at the end, which is ignored and overwritten. Most of a line
//! is the position in its list, of which the last one counts: a journal that has grown is replaced with a compact one.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use apivideo::Cursor;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::error::{Error, Operation, Result};
use crate::format::Format;
use crate::invalid::InvalidRecord;
use crate::manifest::{RequestRange, Settings};
use crate::partition::Partition;

/// The version of the files of the staging.
const VERSION: u32 = 2;

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
#[serde(rename_all = "camelCase")]
pub(super) enum Line {
    /// The first line.
    Versions(Versions),
    Page(Box<PageLine>),
    Day(DayLine),
    /// After the days of a compact journal.
    Files(FilesLine),
}

/// The files of the staging, regardless of the request ranges of their rows.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FilesLine {
    lengths: BTreeMap<Partition, u64>,
    /// The first unused number of a request range.
    next_number: u32,
}

/// The version of the files, and the settings of the lake, with the version of the columns. Staged rows have the fields that these
/// settings keep, so that they are not used with others.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Versions {
    staging: u32,
    settings: Settings,
    /// The fingerprint of the list of what was forgotten: what was staged before the list changed may contain more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    forgotten: Option<String>,
}

/// A page of a request range.
#[derive(Serialize, Deserialize)]
pub(super) struct PageLine {
    pub(super) number: u32,
    pub(super) range: RequestRange,
    pub(super) state: RangeState,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) lengths: BTreeMap<Partition, u64>,
    /// The records of this page that could not be decoded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) invalid: Vec<InvalidRecord>,
}

/// A day whose files are written. What was staged of it is removed.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DayLine {
    pub(super) committed: Partition,
    #[serde(flatten)]
    pub(super) day: CommittedDay,
}

/// The commit of a day.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommittedDay {
    /// The request ranges with lower numbers are in the files of the day.
    pub(crate) before: u32,
    /// Whether the day has a manifest.
    pub(crate) has_manifest: bool,
}

impl Versions {
    pub(super) fn new(settings: &Settings, forgotten: Option<String>) -> Self {
        Self {
            staging: VERSION,
            // Rows are staged before they are encoded.
            settings: Settings {
                format: Format::Ndjson,
                ..settings.clone()
            },
            forgotten,
        }
    }
}

/// The contents of a journal.
pub(super) struct Journal {
    pub(super) versions: Versions,
    pub(super) ranges: BTreeMap<u32, StagedRange>,
    /// The length of the file of each day.
    pub(super) lengths: BTreeMap<Partition, u64>,
    pub(super) committed: BTreeMap<Partition, CommittedDay>,
    /// The first unused number of a request range.
    pub(super) next_number: u32,
    /// The length of the lines; 0 if another version or a lake with other settings wrote them.
    pub(super) length: u64,
}

impl Journal {
    /// Returns the contents of a journal without lines.
    pub(super) fn new(versions: Versions) -> Self {
        Self {
            versions,
            ranges: BTreeMap::new(),
            lengths: BTreeMap::new(),
            committed: BTreeMap::new(),
            next_number: 0,
            length: 0,
        }
    }

    pub(super) fn load(path: &Path, versions: Versions) -> Result<Self> {
        let mut journal = Self::new(versions);
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
            let Ok(line) = serde_json::from_slice::<Line>(&text) else {
                return Ok(journal);
            };
            let is_first = journal.length == 0;
            if is_first
                != matches!(&line, Line::Versions(versions) if *versions == journal.versions)
            {
                return Ok(journal);
            }
            journal.length += count as u64;
            match line {
                Line::Versions(_) => {}
                Line::Page(page) => journal.apply(*page),
                Line::Day(line) => {
                    journal.lengths.remove(&line.committed);
                    journal.committed.insert(line.committed, line.day);
                }
                Line::Files(line) => {
                    journal.next_number = journal.next_number.max(line.next_number);
                    journal.lengths.extend(line.lengths);
                }
            }
        }
    }

    /// Writes the file of a journal with the fewest lines, and syncs it; returns its length.
    pub(super) fn save(&self, path: &Path) -> Result<u64> {
        let write = || -> io::Result<u64> {
            let mut file = BufWriter::new(File::create(path)?);
            let mut push = |line: &Line| -> io::Result<()> {
                serde_json::to_writer(&mut file, line)?;
                file.write_all(b"\n")
            };
            push(&Line::Versions(self.versions.clone()))?;
            let ranges = self.ranges.iter();
            // Of the others, nothing was read: they are planned again.
            for (number, staged) in ranges.filter(|(_, staged)| staged.state != RangeState::New) {
                push(&Line::Page(Box::new(PageLine {
                    number: *number,
                    range: staged.range.clone(),
                    state: staged.state.clone(),
                    lengths: BTreeMap::new(),
                    invalid: staged.invalid.clone(),
                })))?;
            }
            for (day, committed) in &self.committed {
                push(&Line::Day(DayLine {
                    committed: *day,
                    day: *committed,
                }))?;
            }
            push(&Line::Files(FilesLine {
                lengths: self.lengths.clone(),
                next_number: self.next_number,
            }))?;
            let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.sync_all()?;
            Ok(file.metadata()?.len())
        };
        write().map_err(|error| Error::storage(Operation::Write, path, error))
    }

    pub(super) fn apply(&mut self, page: PageLine) {
        self.next_number = self.next_number.max(page.number.saturating_add(1));
        let lengths = page.lengths.iter().map(|(day, length)| (*day, *length));
        self.lengths.extend(lengths);
        apply(&mut self.ranges, page);
    }
}

/// Applies a page to the request ranges.
fn apply(ranges: &mut BTreeMap<u32, StagedRange>, page: PageLine) {
    let staged = ranges.entry(page.number).or_insert_with(|| StagedRange {
        range: page.range.clone(),
        state: RangeState::New,
        invalid: Vec::new(),
    });
    if page.range.invalid == page.invalid.len() as u64 {
        // The first page with invalid records: what an earlier attempt recorded is replaced.
        staged.invalid.clear();
    }
    staged.invalid.extend(page.invalid);
    staged.range = page.range;
    staged.state = page.state;
}
