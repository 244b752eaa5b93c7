//! The derived tables: computed from the files of sessions and events, without a request.
//!
//! The result depends only on these files, the version of the rules, and the viewer key. The lengths of videos are inferred
//! from all days, so a day is derived again if a length changes that limits one of its estimates.
//!
//! The manifest of a day is removed before its files are replaced, and written after that: after a kill at any instant, the
//! day has no manifest, and the next run derives it again.

mod current;
mod manifest;
mod output;
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;

use apivideo_insights::{LengthEvidence, MediaLength, RULES_VERSION};

use crate::asset_id;
use crate::column::Cell;
use crate::error::{Error, ErrorKind, Operation, Result};
use crate::event_scope::EventScope;
use crate::folder::names::FileNames;
use crate::folder::{Folder, LENGTHS_MANIFEST, files};
use crate::format::{Format, Writer};
use crate::manifest::{DayManifest, FileEntry, LakeManifest};
use crate::partition::Partition;
use crate::table::Table;
use crate::viewer_key::ViewerKey;
use current::Current;
use manifest::VideoOfDay;
pub(crate) use manifest::{DerivedDay, DerivedLengths};
pub(crate) use source::DaySource;

/// How the existing files are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// By their names and sizes.
    Sizes,
    /// By their digests.
    Digests,
}

/// What was derived.
#[derive(Clone, Debug, Default)]
pub(crate) struct Derived {
    pub(crate) days_written: u64,
    pub(crate) days_unchanged: u64,
    /// The rows of all days by the names of the tables.
    pub(crate) rows: BTreeMap<String, u64>,
    /// The rows and bytes of the files that were written.
    pub(crate) written: (u64, u64),
    /// Whether the table of lengths was written.
    pub(crate) lengths_written: bool,
    pub(crate) problems: Vec<String>,
}

/// Removes the derived tables of a day.
pub(crate) fn remove_day(folder: &Folder, day: Partition) -> Result<()> {
    folder.delete(&Folder::derived_manifest(day))?;
    output::replace(folder, day, &BTreeMap::new())
}

/// A running derivation, in steps of some sessions.
pub(crate) struct Derivation {
    folder: Folder,
    format: Format,
    names: FileNames,
    scope: EventScope,
    viewer_key: ViewerKey,
    check: Check,
    /// The days to compare with their files.
    to_inspect: Vec<Partition>,
    /// The days to write if they are not up to date.
    to_write: Vec<Partition>,
    /// What the days show that are not up to date.
    stale: BTreeMap<Partition, BTreeMap<String, VideoOfDay>>,
    /// What all days show, by video.
    evidence: BTreeMap<String, LengthEvidence>,
    lengths: Option<BTreeMap<String, MediaLength>>,
    /// The day that is being read.
    current: Option<Current>,
    is_done: bool,
    derived: Derived,
}

impl Derivation {
    /// Starts with all days but the skipped ones, whose files are not those of their manifests.
    pub(crate) fn start(
        folder: &Folder,
        lake: &LakeManifest,
        check: Check,
        skipped: &BTreeSet<Partition>,
    ) -> Result<Self> {
        let mut days = folder.days()?;
        days.retain(|day| !skipped.contains(day));
        days.reverse();
        let incoming = folder.derived_incoming();
        files::remove_dir(&incoming)?;
        if let Some(other) = folder.other_derived_incoming() {
            files::remove_dir(&other)?;
        }
        files::create_dir(&incoming)?;
        Ok(Self {
            folder: folder.clone(),
            format: lake.settings.format,
            names: lake.settings.file_names(),
            scope: lake.settings.scope,
            viewer_key: lake.viewer_key.clone(),
            check,
            to_inspect: days.clone(),
            to_write: days,
            stale: BTreeMap::new(),
            evidence: BTreeMap::new(),
            lengths: None,
            current: None,
            is_done: false,
            derived: Derived::default(),
        })
    }

    /// Performs the next step; returns `false` when there is none.
    pub(crate) fn step(&mut self) -> Result<bool> {
        if let Some(current) = self.current.take() {
            self.continue_day(current)?;
        } else if let Some(day) = self.to_inspect.pop() {
            self.inspect(day)?;
        } else if self.lengths.is_none() {
            self.remove_other_days()?;
            let lengths = self.evidence.iter().filter_map(|(video, evidence)| {
                let length = evidence.length()?;
                Some((video.clone(), length))
            });
            self.lengths = Some(lengths.collect());
        } else if let Some(day) = self.to_write.pop() {
            self.write_if_stale(day)?;
        } else if !self.is_done {
            self.write_lengths()?;
            files::remove_dir(&self.folder.derived_incoming())?;
            self.is_done = true;
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// Returns what was derived by all steps.
    pub(crate) fn finish(self) -> Derived {
        self.derived
    }

    /// Collects what a day shows of the lengths of its videos: from its derived manifest if that is up to date.
    fn inspect(&mut self, day: Partition) -> Result<()> {
        let Some(manifest) = self.sessions_of(day)? else {
            return Ok(());
        };
        let derived = DerivedDay::load(&self.folder, day)?;
        if let Some(derived) = derived
            && derived.staleness(&manifest, &self.viewer_key).is_none()
            && self.has_files(&derived)?
        {
            self.add_evidence(&derived.videos);
            return Ok(());
        }
        self.open(manifest, BTreeMap::new(), false)
    }

    /// Returns the manifest of a day that has sessions.
    fn sessions_of(&self, day: Partition) -> Result<Option<DayManifest>> {
        let manifest = DayManifest::load(&self.folder, day)?;
        Ok(manifest.filter(|manifest| manifest.file(Table::Sessions).is_some()))
    }

    fn has_files(&self, derived: &DerivedDay) -> Result<bool> {
        if !derived.has_files(&self.folder)? {
            return Ok(false);
        }
        if self.check == Check::Digests {
            for entry in derived.files.values() {
                if entry.check(&self.folder)?.is_some() {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Checks that the files of sessions and events are those of their manifest.
    fn check_inputs(&self, day: &DayManifest) -> Result<()> {
        for table in [Table::Sessions, Table::Events] {
            let Some(entry) = day.file(table) else {
                continue;
            };
            let is_intact = match self.check {
                Check::Sizes => manifest::has_size(&self.folder, entry)?,
                Check::Digests => entry.check(&self.folder)?.is_none(),
            };
            if !is_intact {
                let path = self.folder.path_of(&entry.path);
                return Err(Error::corrupt(&path, "is not the file of its manifest"));
            }
        }
        Ok(())
    }

    /// Reports a day whose files are damaged. It keeps no derived tables, because nothing vouches for them.
    fn skip(&mut self, day: Partition, error: Error) -> Result<()> {
        if error.kind() != ErrorKind::Corrupt {
            return Err(error);
        }
        let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
        self.derived.problems.push(format!(
            "{day} was not derived: {error}{}; run the pull again to read the day again, and verify the lake",
            cause.unwrap_or_default()
        ));
        self.to_write.retain(|other| *other != day);
        self.folder.delete(&Folder::derived_manifest(day))
    }

    fn add_evidence(&mut self, videos: &BTreeMap<String, VideoOfDay>) {
        for (id, video) in videos {
            match self.evidence.get_mut(id) {
                Some(evidence) => evidence.merge(&video.evidence),
                None => {
                    self.evidence.insert(id.clone(), video.evidence.clone());
                }
            }
        }
    }

    /// Removes the derived tables of days that no longer have sessions.
    fn remove_other_days(&self) -> Result<()> {
        for day in self.folder.derived_days()? {
            if self.sessions_of(day)?.is_none() {
                remove_day(&self.folder, day)?;
            }
        }
        Ok(())
    }

    fn write_if_stale(&mut self, day: Partition) -> Result<()> {
        let Some(manifest) = self.sessions_of(day)? else {
            return Ok(());
        };
        let mut videos = match self.stale.remove(&day) {
            Some(videos) => videos,
            None => {
                let Some(derived) = DerivedDay::load(&self.folder, day)? else {
                    return Ok(());
                };
                let is_current = (derived.videos.iter())
                    .all(|(id, video)| video.limit == video.limit_of(self.length(id)));
                if is_current {
                    self.derived.days_unchanged += 1;
                    self.count_rows(&derived.files);
                    return Ok(());
                }
                derived.videos
            }
        };
        for (id, video) in &mut videos {
            video.limit = video.limit_of(self.length(id));
        }
        self.open(manifest, videos, true)
    }

    /// Replaces the derived files of a day.
    fn replace_day(
        &mut self,
        manifest: &DayManifest,
        videos: BTreeMap<String, VideoOfDay>,
        files: BTreeMap<String, FileEntry>,
    ) -> Result<()> {
        let day = manifest.date;
        let name = Folder::derived_manifest(day);
        self.folder.check_lock()?;
        self.folder.delete(&name)?;
        output::replace(&self.folder, day, &files)?;
        let derived = DerivedDay {
            date: day,
            rules_version: RULES_VERSION,
            viewer_key: self.viewer_key.clone(),
            inputs: manifest::inputs(manifest),
            videos,
            files,
        };
        self.folder.put_json(&name, &derived)?;
        self.derived.days_written += 1;
        self.count_written(derived.files.values());
        self.count_rows(&derived.files);
        Ok(())
    }

    fn length(&self, video: &str) -> Option<f64> {
        let length = self.lengths.as_ref()?.get(video)?;
        Some(length.seconds)
    }

    fn count_rows(&mut self, files: &BTreeMap<String, FileEntry>) {
        for (name, entry) in files {
            *self.derived.rows.entry(name.clone()).or_default() += entry.written.rows;
        }
    }

    fn count_written<'f>(&mut self, files: impl Iterator<Item = &'f FileEntry>) {
        let (rows, bytes) = &mut self.derived.written;
        for FileEntry { written, .. } in files {
            *rows += written.rows;
            *bytes += written.bytes;
        }
    }

    fn write_lengths(&mut self) -> Result<()> {
        let incoming = self.folder.derived_incoming().join("lengths.incoming");
        let failed = |error| Error::storage(Operation::Write, &incoming, error);
        let lengths = self.lengths.take().unwrap_or_default();
        let mut file = None;
        if !lengths.is_empty() {
            let out = File::create(&incoming).map_err(failed)?;
            let mut writer =
                Writer::new(self.format, Table::Lengths, self.scope, out).map_err(failed)?;
            for (id, length) in &lengths {
                let cells = [
                    Cell::from(asset_id::VIDEO),
                    Cell::from(id.as_str()),
                    Cell::Number(length.seconds),
                    Cell::from(length.source.as_str()),
                ];
                writer.push_cells(&cells).map_err(failed)?;
            }
            let written = writer.finish().map_err(failed)?;
            let path = self.names.lengths(&written.sha256);
            file = Some(FileEntry { path, written });
        }
        let rows = lengths.len() as u64;
        self.derived
            .rows
            .insert(Table::Lengths.name().to_owned(), rows);
        let new = DerivedLengths {
            rules_version: RULES_VERSION,
            file,
        };
        let old = DerivedLengths::load(&self.folder, self.format)?;
        let is_intact = match &new.file {
            Some(entry) => entry.check(&self.folder)?.is_none(),
            None => !self.folder.contains(&Folder::lengths(self.format))?,
        };
        if old.as_ref() == Some(&new) && is_intact {
            return Ok(());
        }
        self.folder.delete(LENGTHS_MANIFEST)?;
        match &new.file {
            Some(entry) => self.folder.put_file(&entry.path, &incoming)?,
            None => self.folder.delete(&Folder::lengths(self.format))?,
        }
        self.folder.put_json(LENGTHS_MANIFEST, &new)?;
        self.count_written(new.file.iter());
        self.derived.lengths_written = true;
        Ok(())
    }
}
