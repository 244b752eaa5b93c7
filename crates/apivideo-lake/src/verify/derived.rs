//! Checking derived tables: their files, and whether they are those of the files of sessions and events.

use std::collections::BTreeMap;

use apivideo_insights::LengthEvidence;

use super::scan::Scan;
use crate::derive::{DerivedDay, DerivedLengths};
use crate::error::Result;
use crate::folder::{Folder, files};
use crate::manifest::{DayManifest, FileEntry};
use crate::table::Table;

impl Scan<'_> {
    /// Checks the derived tables, unless a pull is not complete: it derives them at its end.
    pub(super) fn check_derived(&mut self, is_unfinished: bool) -> Result<()> {
        if !self.lake.settings.events {
            return Ok(());
        }
        let days = self.folder.days()?;
        let format = self.lake.settings.format;
        let derived_days = self.folder.derived_days()?;
        let own = days
            .iter()
            .chain(&derived_days)
            .flat_map(|day| Table::DERIVED_BY_DAY.map(|table| Folder::data(table, *day, format)));
        self.known.extend(own.chain([Folder::lengths(format)]));
        if is_unfinished {
            return Ok(());
        }
        if self.lake.is_older() {
            self.add_stale("the lake has no derived tables: it was written by an older version");
            return Ok(());
        }
        if files::has_entries(&self.folder.derived_incoming()) {
            self.add_stale("the derived tables are not complete: deriving them was interrupted");
        }
        let mut evidence: BTreeMap<String, LengthEvidence> = BTreeMap::new();
        let mut limits = Vec::new();
        for partition in days {
            let Some(day) = DayManifest::load(self.folder, partition)?
                .filter(|day| day.file(Table::Sessions).is_some())
            else {
                continue;
            };
            let Some(derived) = DerivedDay::load(self.folder, partition)? else {
                self.add_stale(&format!("{partition} has no derived tables"));
                continue;
            };
            if let Some(why) = derived.staleness(&day, &self.lake.viewer_key) {
                self.add_stale(&format!("{partition} {why}"));
                continue;
            }
            for (name, entry) in &derived.files {
                if let Ok(table) = name.parse() {
                    self.check_derived_file(table, entry)?;
                }
            }
            for (id, video) in derived.videos {
                evidence
                    .entry(id.clone())
                    .or_default()
                    .merge(&video.evidence);
                if video.estimated_to.is_some() {
                    limits.push((partition, id, video));
                }
            }
        }
        for partition in derived_days {
            // The next pull writes the missing manifest of a day again.
            if self.lake.days.contains(&partition) && self.uncountable.contains(&partition) {
                continue;
            }
            let day = DayManifest::load(self.folder, partition)?;
            if day.is_none_or(|day| day.file(Table::Sessions).is_none()) {
                self.add_stale(&format!("{partition} has derived tables and no sessions"));
            }
        }
        for (partition, id, video) in limits {
            let length = evidence.get(&id).and_then(LengthEvidence::length);
            if video.limit != video.limit_of(length.map(|length| length.seconds)) {
                self.add_stale(&format!(
                    "{partition} was derived with another length of the video {id}"
                ));
            }
        }
        match DerivedLengths::load(self.folder, format)? {
            Some(lengths) => match &lengths.file {
                Some(entry) => self.check_derived_file(Table::Lengths, entry),
                None => Ok(()),
            },
            None => {
                self.add_stale("the lake has no table of lengths");
                Ok(())
            }
        }
    }

    /// Checks the digest and the number of rows of a file.
    fn check_derived_file(&mut self, table: Table, entry: &FileEntry) -> Result<()> {
        if let Some(why) = entry.check(self.folder)? {
            self.add_stale(&why);
            return Ok(());
        }
        let path = self.folder.path_of(&entry.path);
        let first = table.columns().first().map_or("", |column| column.name);
        let mut rows = 0;
        let format = self.lake.settings.format;
        let columns = self.folder.columns(format, table, &entry.path, &[first])?;
        for batch in columns.into_iter().flatten() {
            rows += batch?.rows() as u64;
        }
        self.result.files += 1;
        self.result.bytes += entry.written.bytes;
        self.result.derived += rows;
        if rows != entry.written.rows {
            let expected = entry.written.rows;
            self.add_stale(&format!(
                "{}: it has {rows} rows, and its manifest records {expected}",
                path.display()
            ));
        }
        Ok(())
    }

    fn add_stale(&mut self, why: &str) {
        let folder = self.folder.path();
        let folder = folder.display();
        self.result
            .problems
            .push(format!("{why}; run `apivideo lake rebuild {folder}`"));
    }
}
