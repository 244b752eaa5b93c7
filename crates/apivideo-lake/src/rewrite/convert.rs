//! Converting a lake to another format, day by day.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::derive::{Check, Derivation};
use crate::error::{Error, Result};
use crate::folder::{Folder, files};
use crate::forgotten::ForgottenList;
use crate::format::Format;
use crate::location::Location;
use crate::manifest::{DayManifest, LakeManifest, Settings};
use crate::options::system_time;
use crate::partition::Partition;
use crate::pull::commit::Commit;
use crate::pull::recovery;
use crate::staging::Staging;
use crate::table::Table;
use crate::verify;

/// The outcome of [`convert`].
///
/// ```
/// assert_eq!(apivideo_lake::Converted::default().days, 0);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Converted {
    /// The format of the lake before.
    pub from: Format,
    /// The format of the lake now.
    pub to: Format,
    /// Days whose files were converted.
    pub days: u64,
    /// Files of these days that were written, without those of derived tables.
    pub files: u64,
    /// Rows in these files.
    pub rows: u64,
    /// Days whose derived tables were written.
    pub days_derived: u64,
    /// Describes days whose files were not converted because their manifest was lost meanwhile, or whose derived tables could not
    /// be written, one message each.
    pub problems: Vec<String>,
}

/// Converts all files of a lake to another format, in place and without a request. The files have the bytes that a pull in that
/// format writes.
///
/// The digests of all files are checked first. Then each day is replaced as a whole, and its previous files are removed, so that
/// one day of additional disk space is enough. The lake has both formats until that is complete: pulls, readers and
/// [`verify`](crate::verify) reject it with a message. If the conversion is interrupted, the same call completes it. What an unfinished pull
/// has staged is kept.
///
/// ```
/// use apivideo_lake::{Format, convert};
/// # apivideo_simulator::doctest! { Simulator::builder().sessions(50) => |client|
/// # let folder = tempfile::tempdir()?;
/// # let folder = folder.path();
/// # let pull = apivideo_lake::Pull::new(&client, folder).with_format(Format::Ndjson);
/// # pull.with_period("2022-01".parse()?).run().await?;
///
/// let converted = convert(folder, Format::Csv)?;
/// assert!(converted.days > 0 && converted.problems.is_empty());
/// assert!(apivideo_lake::verify(folder)?.problems.is_empty());
/// # }
/// ```
///
/// # Errors
/// Returns an error if the folder is not a lake, another process uses it, it has Delta logs, a conversion to another format is not
/// complete, one of the formats is not built in, a file or the manifest of a day was changed or is missing, or a file cannot be read
/// or written.
pub fn convert(location: impl Into<Location>, format: Format) -> Result<Converted> {
    convert_in(&location.into().open()?, format)
}

pub(super) fn convert_in(folder: &Folder, format: Format) -> Result<Converted> {
    format.check_available()?;
    verify::load_converting(folder)?;
    let _lock = folder.lock(system_time())?;
    let mut lake = verify::load_converting(folder)?;
    let from = lake.settings.format;
    let mut converted = Converted {
        from,
        to: format,
        ..Converted::default()
    };
    match lake.converting {
        Some(other) if other != format => {
            let path = folder.path();
            return Err(Error::input(format!(
                "the conversion to {other} is not complete: run `apivideo lake convert {} --format {other}` first",
                path.display()
            )));
        }
        None if from == format => return Ok(converted),
        _ => {}
    }
    if lake.settings.delta {
        return Err(Error::input(format!(
            "{} has Delta logs, whose tables are Parquet: pull into another folder for {format} files",
            folder.path().display()
        )));
    }
    from.check_available()?;
    let forgotten = ForgottenList::load(folder, &lake)?;
    if lake.converting.is_some() {
        undo_commits(folder)?;
    }
    recovery::recover(folder)?;
    let is_staged = Staging::discard_unusable(folder, &lake.settings, forgotten.fingerprint())?;
    let missing = lake.missing_days(folder)?;
    if lake.converting.is_none() {
        check_files(folder, &missing)?;
        lake.converting = Some(format);
        lake.save(folder)?;
    }
    let settings = Settings {
        format,
        ..lake.settings.clone()
    };
    files::create_dir(&folder.staging())?;
    for day in folder.days()? {
        convert_day(folder, from, &settings, day, &mut converted)?;
    }
    lake.settings = settings;
    derive(folder, &mut lake, &mut converted)?;
    // The pull that reads them again needs a lake whose conversion is complete.
    converted.problems.extend(missing.iter().map(|day| {
        format!("the files of {day} were not converted: its manifest is missing; run the pull again to read the day again")
    }));
    for other in Format::ALL.into_iter().filter(|other| *other != format) {
        folder.delete(&Folder::lengths(other))?;
    }
    if !is_staged {
        files::remove_dir(&folder.staging())?;
    }
    lake.converting = None;
    folder.check_lock()?;
    lake.save(folder)?;
    Ok(converted)
}

/// Undoes the commits of a conversion that were interrupted: the previous files of their days are kept until a commit is complete,
/// and have other names.
fn undo_commits(folder: &Folder) -> Result<()> {
    for day in folder.pending_days()? {
        let (Some(pending), Some(before)) = (
            DayManifest::load_pending(folder, day)?,
            DayManifest::load(folder, day)?,
        ) else {
            continue;
        };
        let new = pending.files.iter();
        let new = new.filter(|(table, entry)| {
            let before = before.files.get(*table);
            before.is_none_or(|before| before.path != entry.path)
        });
        for (_, entry) in new {
            folder.delete(&entry.path)?;
        }
        folder.delete(&Folder::pending_day_manifest(day))?;
    }
    Ok(())
}

/// Checks that all files are those of their manifests, before the first is converted.
fn check_files(folder: &Folder, missing: &[Partition]) -> Result<()> {
    if let Some(day) = missing.first() {
        return Err(Error::new(
            crate::ErrorKind::Corrupt,
            format!(
                "the manifest of {day} is missing; pull {day} again before the lake is converted (nothing was changed)"
            ),
        ));
    }
    for day in folder.days()? {
        let manifest = DayManifest::load(folder, day)?;
        for entry in manifest.iter().flat_map(|manifest| manifest.files.values()) {
            if let Some(why) = entry.check(folder)? {
                return Err(Error::new(
                    crate::ErrorKind::Corrupt,
                    format!(
                        "{why}; pull {day} again before the lake is converted (nothing was changed)"
                    ),
                ));
            }
        }
    }
    Ok(())
}

/// Replaces the files of a day, unless that was done before, and removes its files of other formats.
fn convert_day(
    folder: &Folder,
    from: Format,
    settings: &Settings,
    day: Partition,
    converted: &mut Converted,
) -> Result<()> {
    let Some(before) = DayManifest::load(folder, day)? else {
        return Ok(());
    };
    let path = |table: Table| Folder::data(table, day, settings.format);
    let tables = Table::PULLED.into_iter();
    let is_converted = |table: &Table| {
        let entry = before.file(*table);
        entry.is_none_or(|entry| entry.path == path(*table))
    };
    let unconverted: Vec<Table> = tables.filter(|table| !is_converted(table)).collect();
    if !unconverted.is_empty() {
        let mut commit = Commit::new(folder, settings, day, Some(&before));
        for table in unconverted {
            let Some(entry) = before.file(table) else {
                continue;
            };
            let rows = folder.rows(from, table, &entry.path)?;
            let mut writer = commit.table(table);
            let mut count = 0;
            for row in rows.into_iter().flatten() {
                writer.push(&row?)?;
                count += 1;
            }
            writer.finish()?;
            if count != entry.written.rows {
                let path = folder.path_of(&entry.path);
                return Err(Error::corrupt(
                    &path,
                    "is not the file of its manifest: restore it from a backup, and run the same command again",
                ));
            }
            converted.files += 1;
            converted.rows += count;
        }
        commit.run(before.clone())?;
        converted.days += 1;
    }
    for table in Table::PULLED {
        for other in Format::ALL
            .into_iter()
            .filter(|other| *other != settings.format)
        {
            folder.delete(&Folder::data(table, day, other))?;
        }
    }
    Ok(())
}

/// Derives the tables again: their inputs have new digests.
fn derive(folder: &Folder, lake: &mut LakeManifest, converted: &mut Converted) -> Result<()> {
    if lake.settings.events {
        let mut derivation = Derivation::start(folder, lake, Check::Sizes, &BTreeSet::new())?;
        while derivation.step()? {}
        let derived = derivation.finish();
        converted.days_derived = derived.days_written;
        converted.problems = derived.problems;
    }
    if lake.is_older() && converted.problems.is_empty() {
        lake.set_upgraded();
    }
    Ok(())
}
