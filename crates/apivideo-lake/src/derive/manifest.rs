//! The manifests of derived tables: `_manifest/derived/DATE.json` and `lengths.json`.

use std::collections::BTreeMap;

use apivideo_insights::{LengthEvidence, Playback, RULES_VERSION};
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::folder::{Folder, LENGTHS_MANIFEST};
use crate::format::Format;
use crate::manifest::{DayManifest, FileEntry};
use crate::partition::Partition;
use crate::table::Table;
use crate::viewer_key::ViewerKey;

/// The derived files of a day, and what they were derived from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DerivedDay {
    pub(crate) date: Partition,
    pub(crate) rules_version: u32,
    pub(crate) viewer_key: ViewerKey,
    /// The SHA-256 of the files of sessions and events.
    pub(crate) inputs: BTreeMap<String, String>,
    /// What the day shows of the lengths of its videos, and how they limit it.
    pub(crate) videos: BTreeMap<String, VideoOfDay>,
    /// The files by the names of their tables. A table without rows has no file.
    pub(crate) files: BTreeMap<String, FileEntry>,
}

/// What a day shows of the length of a video.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VideoOfDay {
    pub(crate) evidence: LengthEvidence,
    /// The furthest position in seconds that an estimate reaches if no length limits it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) estimated_to: Option<f64>,
    /// The length that limits the estimates: `estimated_to` if none does. Equal limits have equal rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) limit: Option<f64>,
}

/// The table of lengths.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DerivedLengths {
    pub(crate) rules_version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<FileEntry>,
}

impl VideoOfDay {
    pub(super) fn observe(&mut self, playback: &Playback) {
        self.evidence.observe(playback);
        let estimates = playback.intervals().iter();
        for interval in estimates.filter(|interval| interval.is_estimated()) {
            let longest = interval.upper_seconds().max(interval.watch_seconds());
            let to = interval.from_seconds() + longest;
            self.estimated_to = Some(self.estimated_to.map_or(to, |most| most.max(to)));
        }
    }

    /// Returns the limit of the estimates for a length of the video.
    pub(crate) fn limit_of(&self, length: Option<f64>) -> Option<f64> {
        let most = self.estimated_to?;
        Some(length.map_or(most, |length| length.min(most)))
    }
}

impl DerivedDay {
    pub(crate) fn load(folder: &Folder, partition: Partition) -> Result<Option<Self>> {
        let Some(day) = load::<Self>(folder, &Folder::derived_manifest(partition))? else {
            return Ok(None);
        };
        // A manifest that is not valid is replaced, so that nothing outside of the lake is read or removed.
        let is_of_day = |(name, entry): (&String, &FileEntry)| {
            Table::DERIVED_BY_DAY
                .iter()
                .any(|table| table.name() == name && entry.is_of(*table, partition))
        };
        let is_valid = day.date == partition && day.files.iter().all(is_of_day);
        Ok(is_valid.then_some(day))
    }

    /// Describes why the tables are not those of the day's files, if they are not.
    pub(crate) fn staleness(&self, day: &DayManifest, viewer_key: &ViewerKey) -> Option<String> {
        if self.rules_version != RULES_VERSION {
            return Some(format!(
                "was derived by version {} of the rules, and the current one is {RULES_VERSION}",
                self.rules_version
            ));
        }
        if self.viewer_key != *viewer_key {
            return Some(format!(
                "was derived with the viewer key {}",
                self.viewer_key
            ));
        }
        (self.inputs != inputs(day))
            .then(|| "was derived from other files of sessions and events".to_owned())
    }

    /// Returns whether all files exist with their sizes.
    pub(super) fn has_files(&self, folder: &Folder) -> Result<bool> {
        for entry in self.files.values() {
            if !has_size(folder, entry)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl DerivedLengths {
    pub(crate) fn load(folder: &Folder, format: Format) -> Result<Option<Self>> {
        let lengths = load::<Self>(folder, LENGTHS_MANIFEST)?;
        let is_valid = |lengths: &Self| {
            let file = lengths.file.as_ref();
            file.is_none_or(|entry| entry.is_lengths(format))
        };
        Ok(lengths.filter(is_valid))
    }
}

/// Loads a derived manifest. One that cannot be decoded is treated as missing: it is derived again.
fn load<T: serde::de::DeserializeOwned>(folder: &Folder, name: &str) -> Result<Option<T>> {
    match folder.load_json(name) {
        Err(error) if error.kind() == crate::error::ErrorKind::Corrupt => Ok(None),
        other => other,
    }
}

/// Returns whether a file exists with the size of its entry.
pub(super) fn has_size(folder: &Folder, entry: &FileEntry) -> Result<bool> {
    Ok(folder.size(&entry.path)? == Some(entry.written.bytes))
}

/// Returns the digests of the files that the tables of a day are derived from.
pub(super) fn inputs(day: &DayManifest) -> BTreeMap<String, String> {
    [Table::Sessions, Table::Events]
        .iter()
        .filter_map(|table| {
            let entry = day.file(*table)?;
            Some((table.name().to_owned(), entry.written.sha256.clone()))
        })
        .collect()
}
