//! What the folder says of itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use apivideo::jiff::civil::Date;

use crate::asset::Asset;
use crate::digest;
use crate::error::{Error, ErrorKind, Result};
use crate::folder::{self, Folder};
use crate::format::{self, Format, Written};
use crate::privacy::Privacy;
use crate::pull::Selection;
use crate::span::{Partition, Span, subtract};
use crate::table::{SCHEMA, Table};

/// The version of the folder's form.
const VERSION: u32 = 2;

/// What holds for the whole folder: `_manifest/lake.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Lake {
    /// The version of the folder's form.
    pub(crate) apivideo_lake: u32,
    #[serde(flatten)]
    pub(crate) settings: Settings,
    /// Where the mirror begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) since: Option<Partition>,
    /// Up to this day, all that was pulled is there and final.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) complete_until: Option<Partition>,
    /// The smallest lag that days were made final with.
    #[serde(default)]
    pub(crate) lag: Option<u32>,
    /// Pulls that were begun and have not reached their end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) unfinished: Vec<Goal>,
    /// What was asked for, and what the service said of it; by asset and time.
    #[serde(default)]
    pub(crate) parts: Vec<Part>,
    /// The days that have a manifest.
    #[serde(default)]
    pub(crate) days: BTreeSet<Partition>,
    /// The files in `_invalid` with sessions, by the asset, and with videos and live streams.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) invalid: Vec<FileEntry>,
    /// Lists of videos or live streams with records without a usable id, by their kind.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) invalid_assets: BTreeMap<String, InvalidAssets>,
    /// Days whose aggregates are final.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) aggregates: Vec<Span>,
}

/// What a pull is to bring.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Goal {
    pub(crate) period: Span,
    #[serde(flatten)]
    pub(crate) selection: Selection,
    /// The command that runs the pull.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) command: Option<String>,
}

/// The records of a list of videos or live streams that have no usable id.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct InvalidAssets {
    pub(crate) records: u64,
    /// Whether days were made final in spite of them.
    pub(crate) accepted: bool,
}

/// What can't change once there are files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Settings {
    /// The version of the columns.
    pub(crate) schema: u32,
    pub(crate) format: Format,
    /// Whether there are events.
    pub(crate) events: bool,
    #[serde(default)]
    pub(crate) drop: Vec<String>,
    #[serde(default)]
    pub(crate) hash: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) salt_fingerprint: Option<String>,
}

/// An asset's sessions of a stretch of days, as the service listed them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Part {
    pub(crate) asset: Asset,
    pub(crate) period: Span,
    /// Whether its days are final: they ended long enough ago, and all of it was read.
    pub(crate) closed: bool,
    /// How many sessions the service said there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) items_total: Option<u64>,
    /// How many came.
    pub(crate) sessions: u64,
    /// How many of them were loaded outside of the period.
    pub(crate) out_of_period: u64,
    /// How many could not be decoded, and are in `_invalid`.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) invalid: u64,
    /// How many were read only after a repair of the response.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) repaired: u64,
    /// Why the list could not be read to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) failed: Option<String>,
    /// Whether its days were made final in spite of what could not be read.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) accepted: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

/// The files of a day: `_manifest/days/DATE.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Day {
    pub(crate) date: Partition,
    /// By the names of tables; a table without rows has no file.
    pub(crate) files: BTreeMap<String, FileEntry>,
    /// Sessions that came with another period than that of their day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) out_of_period: Vec<Stray>,
    /// Sessions whose events could not be read.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) without_events: BTreeSet<String>,
    /// How many events of a session could not be decoded, and are in `_invalid`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) invalid_events: BTreeMap<String, u64>,
    /// How many events of a session were read only after a repair of the response.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) repaired_events: BTreeMap<String, u64>,
    /// The file in `_invalid` that says more of both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) invalid: Option<FileEntry>,
    /// Whether the day was made final in spite of them.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) accepted: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct FileEntry {
    pub(crate) path: String,
    #[serde(flatten)]
    pub(crate) written: Written,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Stray {
    pub(crate) asset: Asset,
    pub(crate) session: String,
    /// The period that it came with.
    pub(crate) period: Span,
}

impl Settings {
    pub(crate) fn new(format: Format, events: bool, privacy: &Privacy) -> Self {
        let (drop, hash) = privacy.names();
        Self {
            schema: SCHEMA,
            format,
            events,
            drop,
            hash,
            salt_fingerprint: privacy.salt_fingerprint(),
        }
    }

    /// An error that says where these settings are not those of the folder.
    fn check(&self, wanted: &Self, path: &Path) -> Result<()> {
        let list = |names: &[String]| match names {
            [] => "nothing".to_owned(),
            names => names.join(", "),
        };
        let differs = if self.format != wanted.format {
            format!("its files are {}, not {}", self.format, wanted.format)
        } else if self.events != wanted.events {
            match self.events {
                true => "it has events".to_owned(),
                false => "it has no events".to_owned(),
            }
        } else if self.drop != wanted.drop {
            format!("it drops {}, not {}", list(&self.drop), list(&wanted.drop))
        } else if self.hash != wanted.hash {
            format!("it hashes {}, not {}", list(&self.hash), list(&wanted.hash))
        } else if self.salt_fingerprint != wanted.salt_fingerprint {
            "its hashes were made with another salt".to_owned()
        } else {
            return Ok(());
        };
        Err(Error::input(format!(
            "{} was begun otherwise: {differs}; pull with the same options as before, or into another folder",
            path.display()
        )))
    }
}

impl Lake {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            apivideo_lake: VERSION,
            settings,
            since: None,
            complete_until: None,
            lag: None,
            unfinished: Vec::new(),
            parts: Vec::new(),
            days: BTreeSet::new(),
            invalid: Vec::new(),
            invalid_assets: BTreeMap::new(),
            aggregates: Vec::new(),
        }
    }

    /// The folder's, if it is one that this version understands; `None` where nothing is there yet.
    pub(crate) fn load(folder: &Folder) -> Result<Option<Self>> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Versions {
            apivideo_lake: u32,
            #[serde(default)]
            schema: u32,
        }
        let path = folder.lake();
        let Some(value) = folder::load::<serde_json::Value>(&path)? else {
            return match foreign(folder)? {
                Some(name) => Err(Error::input(format!(
                    "{} is no mirror and not empty: {name} is in it; take an empty folder or a new one",
                    folder.path().display()
                ))),
                None => Ok(None),
            };
        };
        let corrupt = |error: serde_json::Error| {
            Error::changed(
                &path,
                "can't be understood: it was damaged or changed by hand; put the file back as it was (nothing else was touched)",
            )
            .with_source(error)
        };
        let versions: Versions = serde_json::from_value(value.clone()).map_err(corrupt)?;
        let (version, schema) = (versions.apivideo_lake, versions.schema);
        if (version, schema) != (VERSION, SCHEMA) {
            let (age, advice) = match version > VERSION || schema > SCHEMA {
                true => ("a newer", "update this program"),
                false => ("an older", "pull into a new folder"),
            };
            return Err(Error::new(
                ErrorKind::Version,
                format!(
                    "{} was made by {age} version (folder {version}, columns {schema}; this one knows {VERSION} and {SCHEMA}): \
                     {advice}; nothing was touched",
                    folder.path().display(),
                ),
            ));
        }
        let lake: Self = serde_json::from_value(value).map_err(corrupt)?;
        for entry in &lake.invalid {
            folder.check_path(&path, &entry.path)?;
        }
        Ok(Some(lake))
    }

    pub(crate) fn check(&self, wanted: &Settings, folder: &Folder) -> Result<()> {
        self.settings.check(wanted, folder.path())
    }

    pub(crate) fn save(&self, folder: &Folder) -> Result<()> {
        folder::create(&folder.days())?;
        folder::replace(&folder.lake(), self)
    }

    /// The closed stretches that are there, by asset.
    pub(crate) fn closed(&self) -> BTreeMap<&Asset, Vec<Span>> {
        let mut closed: BTreeMap<&Asset, Vec<Span>> = BTreeMap::new();
        for part in self.parts.iter().filter(|part| part.closed) {
            closed.entry(&part.asset).or_default().push(part.period);
        }
        closed
    }

    /// Takes note of what was read: it stands for what was known of those days.
    ///
    /// `count` tells how many sessions of an asset are there for days of which others were read again.
    pub(crate) fn add(
        &mut self,
        new: Vec<Part>,
        count: impl Fn(&Asset, Span) -> Result<u64>,
    ) -> Result<()> {
        self.split(&new, count)?;
        self.parts.extend(new);
        self.parts
            .sort_by(|one, other| (&one.asset, one.period).cmp(&(&other.asset, other.period)));
        // Closed stretches that follow each other are one.
        let mut merged: Vec<Part> = Vec::new();
        for part in self.parts.drain(..) {
            match merged.last_mut() {
                Some(last)
                    if last.closed
                        && part.closed
                        && last.asset == part.asset
                        && last.period.meets(part.period) =>
                {
                    last.period.last = part.period.last;
                    last.items_total = last
                        .items_total
                        .zip(part.items_total)
                        .map(|(one, other)| one + other);
                    last.sessions += part.sessions;
                    last.out_of_period += part.out_of_period;
                    last.invalid += part.invalid;
                    last.repaired += part.repaired;
                    last.accepted |= part.accepted;
                    last.failed = last.failed.take().or(part.failed);
                }
                _ => merged.push(part),
            }
        }
        self.parts = merged;
        Ok(())
    }

    /// Takes what was read again out of what was known: where a part has more, the rest has what is there of it.
    fn split(&mut self, new: &[Part], count: impl Fn(&Asset, Span) -> Result<u64>) -> Result<()> {
        let mut again: BTreeMap<&Asset, Vec<Span>> = BTreeMap::new();
        for part in new {
            again.entry(&part.asset).or_default().push(part.period);
        }
        let mut parts = Vec::new();
        for old in self.parts.drain(..) {
            let again = again.get(&old.asset).map_or(&[][..], Vec::as_slice);
            let rest = subtract(old.period, again);
            if rest == [old.period] {
                parts.push(old);
                continue;
            }
            // What the service lists for a period is what was loaded in it, as far as nothing came that was not.
            let overlaps =
                |part: &&Part| part.asset == old.asset && part.period.overlaps(old.period);
            let is_counted = old.is_whole()
                && old.items_total.is_some()
                && old.out_of_period == 0
                && !new
                    .iter()
                    .filter(overlaps)
                    .any(|part| part.out_of_period > 0);
            for period in rest {
                let sessions = count(&old.asset, period)?;
                parts.push(Part {
                    items_total: is_counted.then_some(sessions),
                    sessions,
                    invalid: old.invalid,
                    failed: old.failed.clone(),
                    accepted: old.accepted,
                    ..Part::new(old.asset.clone(), period, old.closed)
                });
            }
        }
        self.parts = parts;
        Ok(())
    }

    /// Takes note that a pull is begun: it stands for those that wanted less.
    pub(crate) fn begin(&mut self, goal: Goal) {
        self.unfinished.retain(|other| !goal.covers(other));
        self.unfinished.push(goal);
    }

    /// Takes note that a pull has reached its end.
    pub(crate) fn finish(&mut self, goal: &Goal) {
        self.unfinished.retain(|other| !goal.covers(other));
    }

    /// Opens the stretches that reach beyond the last day that can be final: they were read by a clock that was ahead.
    /// Returns whether there are any.
    pub(crate) fn reopen_after(&mut self, last: Option<Date>) -> bool {
        let mut found = false;
        for part in &mut self.parts {
            if part.closed && last.is_none_or(|last| part.period.last > last) {
                part.closed = false;
                found = true;
            }
        }
        if found {
            self.complete_until = None;
        }
        found
    }

    /// Opens the days of aggregates that can't be final yet, or are not there any more.
    pub(crate) fn reopen_aggregates(&mut self, last: Option<Date>, missing: &BTreeSet<Date>) {
        let days: Vec<Date> = self
            .aggregates
            .iter()
            .flat_map(|span| span.days())
            .filter(|day| last.is_some_and(|last| *day <= last) && !missing.contains(day))
            .collect();
        self.aggregates.clear();
        for day in days {
            self.add_aggregates(day);
        }
    }

    /// Takes note of a day whose aggregates are final.
    pub(crate) fn add_aggregates(&mut self, day: Date) {
        let mut days: BTreeSet<Date> = self
            .aggregates
            .iter()
            .flat_map(|span| span.days())
            .collect();
        days.insert(day);
        self.aggregates.clear();
        for day in days {
            match self.aggregates.last_mut() {
                Some(last) if last.meets(Span::day(day)) => last.last = day,
                _ => self.aggregates.push(Span::day(day)),
            }
        }
    }

    /// The last day up to which each of the assets is final, from this day on.
    pub(crate) fn complete_until(&self, assets: &[Asset], from: Date) -> Option<Date> {
        let closed = self.closed();
        let until = assets.iter().map(|asset| {
            let mut until = None;
            let mut spans = closed.get(asset).cloned().unwrap_or_default();
            spans.sort_unstable();
            for span in spans {
                if span.contains(until.unwrap_or(from))
                    || until.is_some_and(|day| Span::day(day).meets(span))
                {
                    until = Some(span.last);
                }
            }
            until
        });
        until.min().flatten()
    }
}

impl Part {
    /// Whether all that the service announced came and could be read.
    pub(crate) fn is_whole(&self) -> bool {
        self.failed.is_none() && self.invalid == 0 && self.missing() == 0
    }

    /// How many sessions fewer came than the service announced.
    pub(crate) fn missing(&self) -> u64 {
        let came = self.sessions + self.invalid;
        self.items_total
            .map_or(0, |total| total.saturating_sub(came))
    }

    /// What is wrong with it, if anything.
    pub(crate) fn problem(&self) -> Option<String> {
        let why = if let Some(why) = &self.failed {
            format!("not complete: {why}")
        } else if self.missing() > 0 {
            format!(
                "not complete: the service announced {} sessions, and {} came",
                self.items_total.unwrap_or_default(),
                self.sessions + self.invalid
            )
        } else if self.invalid > 0 {
            format!(
                "{} sessions could not be decoded (see _invalid)",
                self.invalid
            )
        } else {
            return None;
        };
        Some(format!("{} {}: {why}", self.asset, self.period.period()))
    }
}

impl Goal {
    /// Whether it brings all that the other one is to bring.
    fn covers(&self, other: &Self) -> bool {
        self.period.covers(other.period) && self.selection.covers(&other.selection)
    }
}

/// Something in the folder that is none of a mirror's.
fn foreign(folder: &Folder) -> Result<Option<String>> {
    let entries = match fs::read_dir(folder.path()) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::storage("read", folder.path(), error)),
    };
    let names = entries
        .filter_map(std::result::Result::ok)
        .map(|entry| entry.file_name());
    let ours = ["_lock", "_staging", "_manifest", "_invalid"];
    Ok(names
        .map(|name| name.to_string_lossy().into_owned())
        .find(|name| !ours.contains(&name.as_str()) && !name.starts_with('.')))
}

impl Day {
    pub(crate) fn new(date: Partition) -> Self {
        Self {
            date,
            files: BTreeMap::new(),
            out_of_period: Vec::new(),
            without_events: BTreeSet::new(),
            invalid_events: BTreeMap::new(),
            repaired_events: BTreeMap::new(),
            invalid: None,
            accepted: false,
        }
    }

    pub(crate) fn load(folder: &Folder, partition: Partition) -> Result<Option<Self>> {
        Self::load_from(folder, &folder.day(partition), partition)
    }

    /// The manifest that a day is about to have.
    pub(crate) fn load_pending(folder: &Folder, partition: Partition) -> Result<Option<Self>> {
        Self::load_from(folder, &folder.pending_day(partition), partition)
    }

    fn load_from(folder: &Folder, path: &Path, partition: Partition) -> Result<Option<Self>> {
        let Some(day) = folder::load::<Self>(path)? else {
            return Ok(None);
        };
        if day.date != partition {
            return Err(Error::changed(
                path,
                &format!("is the manifest of another day, {}: {RESTORE}", day.date),
            ));
        }
        for (name, entry) in &day.files {
            folder.check_path(path, &entry.path)?;
            let is_ours = Table::ALL.iter().any(|table| {
                table.name() == name
                    && Format::ALL
                        .iter()
                        .any(|format| entry.path == Folder::data(*table, partition, *format))
            });
            if !is_ours {
                return Err(Error::changed(
                    path,
                    &format!("names a file that is not one of its day: {RESTORE}"),
                ));
            }
        }
        if let Some(entry) = &day.invalid {
            folder.check_path(path, &entry.path)?;
        }
        Ok(Some(day))
    }

    /// Whether the events of its sessions are all there, or are not on purpose.
    pub(crate) fn is_whole(&self) -> bool {
        self.accepted || self.problem().is_none()
    }

    /// What is wrong with the events of its sessions, if anything.
    pub(crate) fn problem(&self) -> Option<String> {
        let mut why = Vec::new();
        if !self.without_events.is_empty() {
            why.push(format!(
                "the events of {} sessions could not be read",
                self.without_events.len()
            ));
        }
        if !self.invalid_events.is_empty() {
            let events: u64 = self.invalid_events.values().sum();
            why.push(format!("{events} events could not be decoded"));
        }
        (!why.is_empty()).then(|| format!("{}: {} (see _invalid)", self.date, why.join(", and ")))
    }

    /// All that the folder has, in order.
    pub(crate) fn all(folder: &Folder) -> Result<Vec<Partition>> {
        let path = folder.days();
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Error::storage("read", &path, error)),
        };
        let mut days = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| Error::storage("read", &path, error))?;
            let name = entry.file_name();
            let day = name.to_str().and_then(|name| name.strip_suffix(".json"));
            days.extend(day.and_then(|day| day.parse::<Partition>().ok()));
        }
        days.sort_unstable();
        Ok(days)
    }

    /// Whether a session came with the period of another day only.
    pub(crate) fn is_stray(&self, asset: &Asset, session: &str) -> bool {
        let found = |stray: &Stray| stray.asset == *asset && stray.session == session;
        self.out_of_period.iter().any(found)
    }

    pub(crate) fn file(&self, table: Table) -> Option<&FileEntry> {
        self.files.get(table.name())
    }

    /// Takes in a file that is there and that no manifest names.
    pub(crate) fn adopt(&mut self, folder: &Folder, table: Table, format: Format) -> Result<()> {
        let path = Folder::data(table, self.date, format);
        let place = folder.resolve(&path);
        if !place.exists() {
            return Ok(());
        }
        let mut rows = 0;
        for row in format::read(format, table, &place)? {
            row?;
            rows += 1;
        }
        let (bytes, sha256) =
            digest::of_file(&place).map_err(|error| Error::storage("read", &place, error))?;
        let written = Written {
            rows,
            bytes,
            sha256,
        };
        self.files
            .insert(table.name().to_owned(), FileEntry { path, written });
        Ok(())
    }

    /// What is wrong with the files of this day by their names and sizes: files that are not there, and files that were
    /// changed.
    pub(crate) fn damage(&self, folder: &Folder) -> Result<Damage> {
        let mut damage = Damage::default();
        for (name, entry) in &self.files {
            let path = folder.resolve(&entry.path);
            match fs::metadata(&path) {
                Ok(found) if found.len() == entry.written.bytes => {}
                Ok(_) => damage.changed.push(path),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    damage.missing.push(name.clone());
                }
                Err(error) => return Err(Error::storage("read", &path, error)),
            }
        }
        Ok(damage)
    }

    /// A file of this day that is there and is not what was written.
    pub(crate) fn changed(&self, folder: &Folder) -> Result<Option<PathBuf>> {
        for entry in self.files.values() {
            let path = folder.resolve(&entry.path);
            if path.exists() && entry.broken(folder)?.is_some() {
                return Ok(Some(path));
            }
        }
        Ok(None)
    }
}

/// What is wrong with the files of a day.
#[derive(Debug, Default)]
pub(crate) struct Damage {
    /// The tables whose files are not there.
    pub(crate) missing: Vec<String>,
    /// Files that are not what was written.
    pub(crate) changed: Vec<PathBuf>,
}

impl FileEntry {
    /// What is wrong with the file, if anything.
    pub(crate) fn broken(&self, folder: &Folder) -> Result<Option<String>> {
        let path = folder.resolve(&self.path);
        let (bytes, sha256) = match digest::of_file(&path) {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Some(format!("{} is missing", path.display())));
            }
            Err(error) => return Err(Error::storage("read", &path, error)),
        };
        if (bytes, &sha256) == (self.written.bytes, &self.written.sha256) {
            return Ok(None);
        }
        Ok(Some(format!(
            "{} was changed: it has {bytes} bytes and SHA-256 {sha256}, and was written with {} and {}",
            path.display(),
            self.written.bytes,
            self.written.sha256
        )))
    }
}

const RESTORE: &str = "it was damaged or changed by hand; restore it from a backup, or remove it and run the pull again, \
                       which reads its day again (nothing was touched)";
