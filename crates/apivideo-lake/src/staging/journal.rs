//! The journal of the staging: which pages of which request ranges were read, and which days are committed.
//!
//! Each line is a JSON object. A kill can leave a truncated line at the end, which is ignored and overwritten.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use apivideo::Cursor;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::error::{Error, Operation, Result};
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
}

/// The version of the files, and the settings of the lake, with the version of the columns. Staged rows have the fields that these
/// settings keep, so that they are not used with others.
#[derive(PartialEq, Serialize, Deserialize)]
pub(super) struct Versions {
    staging: u32,
    settings: Settings,
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
    pub(super) fn current(settings: &Settings) -> Self {
        Self {
            staging: VERSION,
            settings: settings.clone(),
        }
    }
}

/// The contents of a journal.
#[derive(Default)]
pub(super) struct Journal {
    pub(super) ranges: BTreeMap<u32, StagedRange>,
    /// The length of the file of each day.
    pub(super) lengths: BTreeMap<Partition, u64>,
    pub(super) committed: BTreeMap<Partition, CommittedDay>,
    /// The first unused number of a request range.
    pub(super) next_number: u32,
    /// The length of the valid lines; 0 if another version or a lake with other settings wrote them.
    pub(super) length: u64,
}

impl Journal {
    pub(super) fn load(path: &Path, settings: &Settings) -> Result<Self> {
        let current = Versions::current(settings);
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
            let Ok(line) = serde_json::from_slice::<Line>(&text) else {
                return Ok(journal);
            };
            let is_first = journal.length == 0;
            if is_first != matches!(&line, Line::Versions(versions) if *versions == current) {
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
            }
        }
    }

    fn apply(&mut self, page: PageLine) {
        self.next_number = self.next_number.max(page.number.saturating_add(1));
        let lengths = page.lengths.iter().map(|(day, length)| (*day, *length));
        self.lengths.extend(lengths);
        apply(&mut self.ranges, page);
    }
}

/// Applies a page to the request ranges.
pub(super) fn apply(ranges: &mut BTreeMap<u32, StagedRange>, page: PageLine) {
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
