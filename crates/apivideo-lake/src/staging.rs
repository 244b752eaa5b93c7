//! What a pull has so far: sessions by day, and a journal that says how much of them counts.
//!
//! Rows are appended to a file for each day, and only then a line to the journal: where the reading stands, and how long
//! each file is. Whatever stands behind that length was not taken note of, and is cut off when the pull goes on.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use apivideo::Cursor;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::folder::{self, Folder};
use crate::format;
use crate::invalid::Invalid;
use crate::manifest::Part;
use crate::span::Partition;
use crate::table::{Row, Table};

/// After so many lines of the journal, all is made to last.
const SYNC: u32 = 64;

/// What a pull that is not finished has.
pub(crate) struct Staging {
    folder: PathBuf,
    journal: File,
    lengths: BTreeMap<Partition, u64>,
    parts: BTreeMap<u32, Staged>,
    /// The files that were written since all was made to last.
    unsynced: HashSet<Partition>,
    lines: u32,
}

/// A part that is being read, or was.
#[derive(Clone, Debug)]
pub(crate) struct Staged {
    pub(crate) part: Part,
    pub(crate) state: State,
    /// The records that could not be decoded.
    pub(crate) invalid: Vec<Invalid>,
}

/// Where the reading of a part stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum State {
    /// It was not begun, or has to begin anew.
    New,
    /// It goes on from here.
    At(Cursor),
    /// All of it is here.
    Done,
    /// It ended before all of it was here; this run does not read it again.
    #[serde(rename_all = "camelCase")]
    Failed {
        /// Whether there is no such asset.
        not_found: bool,
    },
}

#[derive(Serialize, Deserialize)]
struct Line {
    number: u32,
    part: Part,
    state: State,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    lengths: BTreeMap<Partition, u64>,
    /// The records of this page that could not be decoded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    invalid: Vec<Invalid>,
}

/// A session, and the number of the part that it came with.
#[derive(Serialize, Deserialize)]
struct RowLine {
    part: u32,
    row: Map<String, Value>,
}

impl Staging {
    /// Opens what a pull before has left, or begins.
    pub(crate) fn open(place: &Folder) -> Result<Self> {
        let folder = place.staging();
        folder::create(&folder)?;
        let path = folder.join("journal.ndjson");
        let (parts, lengths, end) = replay(&path)?;
        let failed = |error| Error::storage("written", &path, error);
        let journal = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(failed)?;
        journal.set_len(end).map_err(failed)?;
        let mut staging = Self {
            folder,
            journal,
            lengths,
            parts,
            unsynced: HashSet::new(),
            lines: 0,
        };
        if !staging.cut()? {
            // The machine went down before all was on the disk: what there is can't be relied on.
            staging.forget()?;
        }
        Ok(staging)
    }

    /// Cuts off what was not taken note of; `false` where something is missing.
    fn cut(&mut self) -> Result<bool> {
        let sessions = self.folder.clone();
        let entries =
            fs::read_dir(&sessions).map_err(|error| Error::storage("read", &sessions, error))?;
        let mut found = HashSet::new();
        for entry in entries {
            let path = entry
                .map_err(|error| Error::storage("read", &sessions, error))?
                .path();
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
            let file = OpenOptions::new().write(true).open(&path);
            let file = file.map_err(|error| Error::storage("written", &path, error))?;
            let there = file
                .metadata()
                .map_err(|error| Error::storage("read", &path, error))?
                .len();
            if there < length {
                return Ok(false);
            }
            file.set_len(length)
                .map_err(|error| Error::storage("written", &path, error))?;
            found.insert(day);
        }
        Ok(self
            .lengths
            .iter()
            .all(|(day, length)| *length == 0 || found.contains(day)))
    }

    /// Drops everything.
    fn forget(&mut self) -> Result<()> {
        let path = self.folder.join("journal.ndjson");
        self.journal
            .set_len(0)
            .map_err(|error| Error::storage("written", &path, error))?;
        for day in std::mem::take(&mut self.lengths).into_keys() {
            folder::remove(&self.day_path(day))?;
        }
        self.parts.clear();
        Ok(())
    }

    /// The parts that were begun, by their numbers.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (u32, &Staged)> {
        self.parts.iter().map(|(number, staged)| (*number, staged))
    }

    /// Leaves a part out: it is not wanted, or has to be read anew. Its rows stay where they are and count no more.
    pub(crate) fn leave(&mut self, number: u32) {
        self.parts.remove(&number);
    }

    /// A part that is to be read.
    pub(crate) fn begin(&mut self, part: Part, next: u32) -> u32 {
        self.parts.insert(
            next,
            Staged {
                part,
                state: State::New,
                invalid: Vec::new(),
            },
        );
        next
    }

    /// The number after all that were given.
    pub(crate) fn next_number(&self) -> Result<u32> {
        // Of those that were left out as well: their rows are still here.
        let (parts, _, _) = replay(&self.folder.join("journal.ndjson"))?;
        Ok(parts.keys().next_back().map_or(0, |number| number + 1))
    }

    /// Takes in what came with a part, and where its reading stands now.
    pub(crate) fn append(
        &mut self,
        number: u32,
        rows: &[(Partition, Row)],
        part: Part,
        state: State,
        invalid: Vec<Invalid>,
    ) -> Result<()> {
        let mut texts: BTreeMap<Partition, String> = BTreeMap::new();
        for (day, row) in rows {
            let text = texts.entry(*day).or_default();
            // As `RowLine` reads it.
            text.push_str("{\"part\":");
            text.push_str(&number.to_string());
            text.push_str(",\"row\":");
            format::line(Table::Sessions, row, text);
            text.push_str("}\n");
        }
        let mut lengths = BTreeMap::new();
        for (day, text) in texts {
            let path = self.day_path(day);
            let write = || -> io::Result<()> {
                OpenOptions::new()
                    .create(true)
                    .append(true)
                    .open(&path)?
                    .write_all(text.as_bytes())
            };
            write().map_err(|error| Error::storage("written", &path, error))?;
            let length = self.lengths.entry(day).or_default();
            *length += text.len() as u64;
            lengths.insert(day, *length);
            self.unsynced.insert(day);
        }
        let line = Line {
            number,
            part: part.clone(),
            state: state.clone(),
            lengths,
            invalid: invalid.clone(),
        };
        take(&mut self.parts, number, part, state, invalid);
        let path = self.folder.join("journal.ndjson");
        let failed = |error: io::Error| Error::storage("written", &path, error);
        let mut text = serde_json::to_string(&line).map_err(|error| failed(error.into()))?;
        text.push('\n');
        self.journal.write_all(text.as_bytes()).map_err(failed)?;
        self.lines += 1;
        match self.lines % SYNC {
            0 => self.sync(),
            _ => Ok(()),
        }
    }

    /// Makes all last.
    pub(crate) fn sync(&mut self) -> Result<()> {
        for day in std::mem::take(&mut self.unsynced) {
            let path = self.day_path(day);
            File::open(&path)
                .and_then(|file| file.sync_data())
                .map_err(|error| Error::storage("written", &path, error))?;
        }
        // The names of files that are new, before the journal counts on them.
        folder::sync_folder(&self.folder)
            .map_err(|error| Error::storage("written", &self.folder, error))?;
        let path = self.folder.join("journal.ndjson");
        self.journal
            .sync_data()
            .map_err(|error| Error::storage("written", &path, error))
    }

    /// The days that have rows.
    pub(crate) fn days(&self) -> impl Iterator<Item = Partition> {
        self.lengths
            .iter()
            .filter(|(_, length)| **length > 0)
            .map(|(day, _)| *day)
    }

    /// The sessions of a day, each with the part that it came with.
    pub(crate) fn sessions(&self, day: Partition) -> Result<Vec<(Part, Row)>> {
        let path = self.day_path(day);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Error::storage("read", &path, error)),
        };
        let damaged = |why: String| {
            Error::changed(
                &path,
                "can't be understood; remove the folder _staging, and run the same again",
            )
            .with_source(why)
        };
        let mut sessions = Vec::new();
        for line in BufReader::new(file).lines() {
            let line = line.map_err(|error| Error::storage("read", &path, error))?;
            let RowLine { part, row } =
                serde_json::from_str(&line).map_err(|error| damaged(error.to_string()))?;
            let Some(staged) = self.parts.get(&part) else {
                continue;
            };
            let row = format::row(Table::Sessions, row).map_err(damaged)?;
            sessions.push((staged.part.clone(), row));
        }
        Ok(sessions)
    }

    /// Where the events of a day are gathered.
    pub(crate) fn events_path(&self, day: Partition) -> PathBuf {
        self.folder.join(format!("events-{day}.ndjson"))
    }

    fn day_path(&self, day: Partition) -> PathBuf {
        self.folder.join(format!("sessions-{day}.ndjson"))
    }
}

/// Takes note of where the reading of a part stands, beside the invalid records that came with it before.
fn take(
    parts: &mut BTreeMap<u32, Staged>,
    number: u32,
    part: Part,
    state: State,
    invalid: Vec<Invalid>,
) {
    let staged = parts.entry(number).or_insert_with(|| Staged {
        part: part.clone(),
        state: State::New,
        invalid: Vec::new(),
    });
    if part.invalid == invalid.len() as u64 {
        // Its first page: a list that is begun again forgets what came before.
        staged.invalid.clear();
    }
    staged.invalid.extend(invalid);
    staged.part = part;
    staged.state = state;
}

type Replayed = (BTreeMap<u32, Staged>, BTreeMap<Partition, u64>, u64);

/// What the journal says, and the length of its good part.
fn replay(path: &Path) -> Result<Replayed> {
    let (mut parts, mut lengths, mut end) = (BTreeMap::new(), BTreeMap::new(), 0);
    let mut file = match File::open(path) {
        Ok(file) => BufReader::new(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((parts, lengths, end)),
        Err(error) => return Err(Error::storage("read", path, error)),
    };
    let mut text = Vec::new();
    loop {
        text.clear();
        let count = file
            .read_until(b'\n', &mut text)
            .map_err(|error| Error::storage("read", path, error))?;
        // A line that a kill cut short is the last one.
        if count == 0 || text.last() != Some(&b'\n') {
            return Ok((parts, lengths, end));
        }
        let Ok(line) = serde_json::from_slice::<Line>(&text) else {
            return Ok((parts, lengths, end));
        };
        end += count as u64;
        lengths.extend(line.lengths);
        take(&mut parts, line.number, line.part, line.state, line.invalid);
    }
}
