//! What the folder says of itself.

use std::collections::BTreeMap;
use std::fs;
use std::io;

use serde::{Deserialize, Serialize};

use apivideo::jiff::civil::Date;

use crate::asset::Asset;
use crate::digest;
use crate::error::{Error, ErrorKind, Result};
use crate::folder::{self, Folder};
use crate::format::{Format, Written};
use crate::privacy::Privacy;
use crate::span::{Partition, Span, subtract};
use crate::table::{SCHEMA, Table};

/// The version of the folder's form.
const VERSION: u32 = 1;

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
    /// What was asked for, and what the service said of it; by asset and time.
    #[serde(default)]
    pub(crate) parts: Vec<Part>,
    /// Days whose aggregates are final.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) aggregates: Vec<Span>,
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
    /// Whether its days had ended long enough ago to be final.
    pub(crate) closed: bool,
    /// How many sessions the service said there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) items_total: Option<u64>,
    /// How many came.
    pub(crate) sessions: u64,
    /// How many of them were loaded outside of the period.
    pub(crate) out_of_period: u64,
    /// How many could not be understood, and are not there.
    pub(crate) skipped: u64,
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
    /// Sessions whose events the service did not have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) without_events: Vec<String>,
    /// How many events of a session could not be understood, and are not there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) skipped_events: BTreeMap<String, u64>,
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
    fn check(&self, wanted: &Self, path: &std::path::Path) -> Result<()> {
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
            parts: Vec::new(),
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
        serde_json::from_value(value).map(Some).map_err(corrupt)
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
                    last.skipped += part.skipped;
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
            let was_whole = old.items_total == Some(old.sessions);
            for period in rest {
                let sessions = count(&old.asset, period)?;
                parts.push(Part {
                    items_total: was_whole.then_some(sessions),
                    sessions,
                    ..Part::new(old.asset.clone(), period, old.closed)
                });
            }
        }
        self.parts = parts;
        Ok(())
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
    let ours = ["_lock", "_staging", "_manifest"];
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
            without_events: Vec::new(),
            skipped_events: BTreeMap::new(),
        }
    }

    pub(crate) fn load(folder: &Folder, partition: Partition) -> Result<Option<Self>> {
        folder::load(&folder.day(partition))
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

    pub(crate) fn file(&self, table: Table) -> Option<&FileEntry> {
        self.files.get(table.name())
    }

    /// An error that names a file of this day that is not what was written.
    pub(crate) fn check(&self, folder: &Folder) -> Result<()> {
        match self.broken(folder)? {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    fn broken(&self, folder: &Folder) -> Result<Option<Error>> {
        for entry in self.files.values() {
            if let Some(error) = entry.broken(folder)? {
                return Ok(Some(error));
            }
        }
        Ok(None)
    }
}

impl FileEntry {
    /// What is wrong with the file, if anything.
    pub(crate) fn broken(&self, folder: &Folder) -> Result<Option<Error>> {
        let path = folder.resolve(&self.path);
        let (bytes, sha256) = match digest::of_file(&path) {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Some(Error::changed(
                    &path,
                    &format!("is not there; {REPAIR}"),
                )));
            }
            Err(error) => return Err(Error::storage("read", &path, error)),
        };
        if (bytes, &sha256) == (self.written.bytes, &self.written.sha256) {
            return Ok(None);
        }
        let why = format!(
            "was changed: it has {bytes} bytes and SHA-256 {sha256}, and was written with {} and {}; {REPAIR}",
            self.written.bytes, self.written.sha256
        );
        Ok(Some(Error::changed(&path, &why)))
    }
}

const REPAIR: &str = "put it back, or move it away and pull its day anew (--reread)";
