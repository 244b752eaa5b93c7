//! The journal of the staging: which pages of which request ranges were read, and which days are committed.
//!
//! Each line is a JSON object. A kill can leave a truncated line at the end, which is ignored and overwritten. Most of a line
//! is the position in its list, of which the last one counts: a journal that has grown is replaced with a compact one.
//!
//! Each line has a digest of itself and of all lines before it, and the first line has the number of lines of a compact journal. A
//! journal that was damaged or that lacks some of these lines is discarded: a part of it would record lists as read whose rows it
//! does not record.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use apivideo::Cursor;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::digest;
use crate::error::{Error, Operation, Result};
use crate::format::Format;
use crate::invalid::InvalidRecord;
use crate::manifest::{RequestRange, Settings};
use crate::partition::Partition;

/// The version of the files of the staging.
const VERSION: u32 = 3;

/// The text of a line before its digest, and between that and the rest of the line.
const DIGEST: (&str, &str) = (r#"{"digest":""#, r#"","#);

/// The number of hexadecimal digits of a digest.
const DIGEST_LENGTH: usize = 16;

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
    Start(Box<StartLine>),
    Page(Box<PageLine>),
    Day(DayLine),
    /// After the days of a compact journal.
    Files(FilesLine),
}

/// The versions, and the number of lines of a compact journal without this one.
#[derive(Serialize, Deserialize)]
pub(super) struct StartLine {
    versions: Versions,
    lines: u64,
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
    /// The length of the lines; 0 if another version or a lake with other settings wrote them, or if they were damaged.
    pub(super) length: u64,
    /// The digest of the last line.
    digest: String,
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
            digest: String::new(),
        }
    }

    /// Returns the first line of a journal.
    pub(super) fn start(&self) -> Line {
        self.start_with(0)
    }

    fn start_with(&self, lines: u64) -> Line {
        Line::Start(Box::new(StartLine {
            versions: self.versions.clone(),
            lines,
        }))
    }

    /// Returns the text of a line that follows those of the journal.
    pub(super) fn encode(&mut self, line: &Line) -> serde_json::Result<String> {
        let (text, digest) = encode(line, &self.digest)?;
        self.digest = digest;
        Ok(text)
    }

    /// Reads a journal. It has no contents if it is to be discarded.
    pub(super) fn load(path: &Path, versions: Versions) -> Result<Self> {
        let new = Self::new(versions.clone());
        let file = match File::open(path) {
            Ok(file) => BufReader::new(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(new),
            Err(error) => return Err(Error::storage(Operation::Read, path, error)),
        };
        let journal = Self::read(file, versions);
        let journal = journal.map_err(|error| Error::storage(Operation::Read, path, error))?;
        Ok(journal.unwrap_or(new))
    }

    /// Reads the lines of a journal; `None` if it was damaged, lacks lines, or has other versions.
    pub(super) fn read(mut file: impl BufRead, versions: Versions) -> io::Result<Option<Self>> {
        let mut journal = Self::new(versions);
        let mut text = Vec::new();
        // The lines without which the journal is not complete.
        let mut required = 1;
        loop {
            text.clear();
            let count = file.read_until(b'\n', &mut text)?;
            if text.last() != Some(&b'\n') {
                return Ok((required == 0).then_some(journal));
            }
            let Some((line, digest)) = decode(&text, &journal.digest) else {
                return Ok(None);
            };
            let is_first = journal.length == 0;
            journal.length += count as u64;
            journal.digest = digest;
            match line {
                Line::Start(start) if is_first && start.versions == journal.versions => {
                    required = start.lines;
                    continue;
                }
                Line::Start(_) => return Ok(None),
                _ if is_first => return Ok(None),
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
            required = required.saturating_sub(1);
        }
    }

    /// Writes the file of a journal with the fewest lines, and syncs it.
    pub(super) fn save(&mut self, path: &Path) -> Result<()> {
        let write = || -> io::Result<(u64, String)> {
            let mut file = BufWriter::new(File::create(path)?);
            let mut last = String::new();
            let mut push = |line: &Line| -> io::Result<()> {
                let (text, digest) = encode(line, &last)?;
                last = digest;
                file.write_all(text.as_bytes())
            };
            // Of the others, nothing was read: they are planned again.
            let ranges = self.ranges.iter();
            let ranges = ranges.filter(|(_, staged)| staged.state != RangeState::New);
            let lines = ranges.clone().count() + self.committed.len() + 1;
            push(&self.start_with(lines as u64))?;
            for (number, staged) in ranges {
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
            // After the days: a committed day can have new rows.
            push(&Line::Files(FilesLine {
                lengths: self.lengths.clone(),
                next_number: self.next_number,
            }))?;
            let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.sync_all()?;
            Ok((file.metadata()?.len(), last))
        };
        let written = write().map_err(|error| Error::storage(Operation::Write, path, error))?;
        (self.length, self.digest) = written;
        Ok(())
    }

    pub(super) fn apply(&mut self, page: PageLine) {
        self.next_number = self.next_number.max(page.number.saturating_add(1));
        let lengths = page.lengths.iter().map(|(day, length)| (*day, *length));
        self.lengths.extend(lengths);
        apply(&mut self.ranges, page);
    }
}

/// Returns the text of a line that follows the one with the digest `last`, and its digest.
fn encode(line: &Line, last: &str) -> serde_json::Result<(String, String)> {
    let text = serde_json::to_string(line)?;
    let rest = text.strip_prefix('{').unwrap_or(&text);
    let digest = digest_of(last, rest);
    let (before, after) = DIGEST;
    Ok((format!("{before}{digest}{after}{rest}\n"), digest))
}

/// Returns a line and its digest; `None` if it was damaged or does not follow the one with the digest `last`.
fn decode(text: &[u8], last: &str) -> Option<(Line, String)> {
    let text = str::from_utf8(text).ok()?.strip_suffix('\n')?;
    let (before, after) = DIGEST;
    let (digest, rest) = text.strip_prefix(before)?.split_at_checked(DIGEST_LENGTH)?;
    let rest = rest.strip_prefix(after)?;
    if digest != digest_of(last, rest) {
        return None;
    }
    let line = serde_json::from_str(&format!("{{{rest}")).ok()?;
    Some((line, digest.to_owned()))
}

fn digest_of(last: &str, rest: &str) -> String {
    let mut digest = digest::of_str(&format!("{last}{rest}"));
    digest.truncate(DIGEST_LENGTH);
    digest
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
