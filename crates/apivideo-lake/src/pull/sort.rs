//! Sorting the staged sessions of a day in bounded memory: sorted runs in temporary files, which are merged.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::path::PathBuf;

use crate::error::Result;
use crate::folder::files;
use crate::row::encoding::{Invalid, Reader, push_bytes};
use crate::staging::frame::{self, FrameReader, FrameWriter};
use crate::staging::{StagedRows, Staging};

/// The records that are sorted in memory, in bytes.
const MEMORY: usize = 16 * 1024 * 1024;

/// The identity of a session: the first three cells of its row.
pub(super) type KeyRef<'r> = (&'r str, &'r str, &'r str);

/// Returns the identity of a session from its encoded row.
pub(super) fn key(record: &[u8]) -> std::result::Result<KeyRef<'_>, Invalid> {
    let mut reader = Reader(record);
    Ok((
        reader.string_cell()?,
        reader.string_cell()?,
        reader.string_cell()?,
    ))
}

/// Compares by identity, and equal identities by contents. Records that have no key are first.
fn compare(one: &[u8], other: &[u8]) -> std::cmp::Ordering {
    key(one)
        .ok()
        .cmp(&key(other).ok())
        .then_with(|| one.cmp(other))
}

/// Sorts the staged rows of a day step by step.
pub(super) struct Sorter {
    rows: StagedRows,
    limit: usize,
    records: Vec<u8>,
    /// Where each record is.
    places: Vec<(usize, usize)>,
    runs: Vec<PathBuf>,
}

impl Sorter {
    pub(super) fn new(rows: StagedRows) -> Self {
        Self::with_limit(rows, MEMORY)
    }

    fn with_limit(rows: StagedRows, limit: usize) -> Self {
        Self {
            rows,
            limit,
            records: Vec::new(),
            places: Vec::new(),
            runs: Vec::new(),
        }
    }

    /// Reads rows until a run is written; returns `false` when all rows are read.
    pub(super) fn step(&mut self, staging: &Staging) -> Result<bool> {
        while let Some(record) = self.rows.next()? {
            let start = self.records.len();
            self.records.extend_from_slice(record);
            self.places.push((start, self.records.len()));
            if self.records.len() + self.places.len() * size_of::<(usize, usize)>() >= self.limit {
                self.write_run(staging)?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn sort(&mut self) {
        let records = &self.records;
        let record = |(start, end): (usize, usize)| records.get(start..end).unwrap_or_default();
        self.places
            .sort_unstable_by(|one, other| compare(record(*one), record(*other)));
    }

    fn write_run(&mut self, staging: &Staging) -> Result<()> {
        self.sort();
        let path = staging.run_path(self.runs.len());
        let mut writer = FrameWriter::create(&path)?;
        let mut bytes = Vec::new();
        for (start, end) in self.places.drain(..) {
            bytes.clear();
            push_bytes(self.records.get(start..end).unwrap_or_default(), &mut bytes);
            writer.push(&bytes)?;
        }
        writer.flush()?;
        self.runs.push(path);
        self.records.clear();
        Ok(())
    }

    /// Returns the sorted records.
    pub(super) fn finish(mut self, staging: &Staging) -> Result<Sorted> {
        if self.runs.is_empty() {
            self.sort();
            self.places.reverse();
            return Ok(Sorted::Memory {
                records: self.records,
                places: self.places,
            });
        }
        if !self.places.is_empty() {
            self.write_run(staging)?;
        }
        // The memory of the rows is free before the runs are read.
        drop(std::mem::take(&mut self.records));
        drop(std::mem::take(&mut self.places));
        let mut runs = Vec::new();
        let mut next = BinaryHeap::new();
        for (index, path) in self.runs.into_iter().enumerate() {
            let mut run = Run {
                frames: FrameReader::open(&path)?,
                contents: Vec::new(),
                place: 0,
                path,
            };
            next.extend(
                run.next()?
                    .map(|record| Reverse(Next { record, run: index })),
            );
            runs.push(run);
        }
        Ok(Sorted::Runs { runs, next })
    }
}

/// The records of a day in the order of their keys.
pub(super) enum Sorted {
    /// All of them were in memory.
    Memory {
        records: Vec<u8>,
        /// In reverse order: they are taken from the end.
        places: Vec<(usize, usize)>,
    },
    Runs {
        runs: Vec<Run>,
        next: BinaryHeap<Reverse<Next>>,
    },
}

/// A sorted run that is being read.
pub(super) struct Run {
    path: PathBuf,
    frames: Option<FrameReader>,
    contents: Vec<u8>,
    place: usize,
}

/// The next record of a run.
#[derive(PartialEq, Eq)]
pub(super) struct Next {
    record: Vec<u8>,
    run: usize,
}

impl Ord for Next {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        compare(&self.record, &other.record).then(self.run.cmp(&other.run))
    }
}

impl PartialOrd for Next {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Run {
    fn next(&mut self) -> Result<Option<Vec<u8>>> {
        let Some(frames) = &mut self.frames else {
            return Err(frame::damaged(&self.path));
        };
        if self.place >= self.contents.len() {
            self.place = 0;
            if !frames.next(&mut self.contents)? {
                files::remove(&self.path)?;
                return Ok(None);
            }
        }
        let mut reader = Reader(self.contents.get(self.place..).unwrap_or_default());
        let record = reader
            .bytes()
            .map_err(|why| frame::damaged(&self.path).with_source(why))?;
        self.place = self.contents.len() - reader.0.len();
        Ok(Some(record.to_owned()))
    }
}

impl Sorted {
    /// Returns the next record.
    pub(super) fn next(&mut self) -> Result<Option<Vec<u8>>> {
        match self {
            Self::Memory { records, places } => Ok(places
                .pop()
                .and_then(|(start, end)| records.get(start..end))
                .map(<[u8]>::to_vec)),
            Self::Runs { runs, next } => {
                let Some(Reverse(Next { record, run })) = next.pop() else {
                    return Ok(None);
                };
                if let Some(reader) = runs.get_mut(run) {
                    next.extend(reader.next()?.map(|record| Reverse(Next { record, run })));
                }
                Ok(Some(record))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Cell;
    use crate::event_scope::EventScope;
    use crate::folder::Folder;
    use crate::format::Format;
    use crate::manifest::{RequestRange, Settings};
    use crate::partition::Partition;
    use crate::privacy::Privacy;
    use crate::row::Row;
    use crate::row::encoding::read_row;
    use crate::staging::RangeState;
    use crate::table::Table;

    fn row(asset: &str, session: &str) -> Row {
        let mut cells = vec![Cell::Null; Table::Sessions.columns().len()];
        for (cell, text) in cells.iter_mut().zip(["video", asset, session]) {
            *cell = Cell::from(text).into_owned();
        }
        Row::from_cells(Table::Sessions, cells)
    }

    #[test]
    fn runs_are_merged_in_the_order_of_keys() {
        let folder = tempfile::tempdir().unwrap();
        let privacy = Privacy::new();
        let settings = Settings::new(Format::Ndjson, true, EventScope::default(), &privacy);
        let mut staging = Staging::open(&Folder::new(folder.path()), &settings, None).unwrap();
        let day: Partition = "2022-01-01".parse().unwrap();
        let period: apivideo::Period = "2022-01-01".parse().unwrap();
        let range = RequestRange::new("video/vi1".parse().unwrap(), period.into(), true);
        let mut expected = Vec::new();
        for page in 0..40_u32 {
            let rows: Vec<(Partition, Row)> = (0..50)
                .map(|number| {
                    // Some sessions are in several pages.
                    let session = format!("ps{}", (page * 50 + number) * 7_919 % 1_500);
                    (day, row(&format!("vi{}", number % 3), &session))
                })
                .collect();
            expected.extend(rows.iter().map(|(_, row)| row.key()));
            staging
                .append(page, &rows, range.clone(), RangeState::Done, Vec::new())
                .unwrap();
        }
        expected.sort();
        for limit in [1, 2_000, 50_000, MEMORY] {
            let mut sorter = Sorter::with_limit(staging.rows(day).unwrap(), limit);
            let mut steps = 0;
            while sorter.step(&staging).unwrap() {
                steps += 1;
            }
            assert_eq!(steps > 0, limit < MEMORY, "{limit}");
            let mut sorted = sorter.finish(&staging).unwrap();
            let mut found = Vec::new();
            while let Some(record) = sorted.next().unwrap() {
                let row = read_row(Table::Sessions, Vec::new(), &mut Reader(&record)).unwrap();
                found.push(row.key());
            }
            assert_eq!(found, expected, "{limit}");
            assert!(!staging.run_path(0).exists(), "{limit}");
        }
    }
}
