//! Files that no manifest names.

use std::collections::BTreeSet;

use crate::delta;
use crate::derive::DerivedDay;
use crate::error::{ErrorKind, Result};
use crate::folder::Folder;
use crate::manifest::{DayManifest, LakeManifest};
use crate::table::Table;

/// Returns the names of the files in the folders that are not known, without those of Delta logs.
pub(super) fn unknown_files<'a>(
    folder: &Folder,
    lake: &LakeManifest,
    folders: impl IntoIterator<Item = &'a str>,
    is_known: impl Fn(&str) -> bool,
) -> Result<Vec<String>> {
    let mut unknown = Vec::new();
    for name in folders {
        let stored = folder.list_all(name)?;
        let names = stored.into_iter().map(|stored| stored.name);
        unknown.extend(names.filter(|name| {
            let is_log = lake.settings.delta && delta::is_log(name);
            !is_log && !is_known(name)
        }));
    }
    Ok(unknown)
}

/// Returns the names of the files that no manifest names and that can have rows of sessions or events. Those of days whose own
/// manifest is missing or damaged are not among them.
pub(crate) fn unsearched_files(folder: &Folder, lake: &LakeManifest) -> Result<Vec<String>> {
    let mut known = BTreeSet::new();
    let mut unreadable: BTreeSet<_> = lake.missing_days(folder)?.into_iter().collect();
    for day in folder.days()? {
        match DayManifest::load(folder, day) {
            Ok(Some(manifest)) => {
                let files = manifest.files.into_values().chain(manifest.invalid);
                known.extend(files.map(|entry| entry.path));
            }
            Ok(None) => {}
            Err(error) if error.kind() == ErrorKind::Corrupt => {
                unreadable.insert(day);
            }
            Err(error) => return Err(error),
        }
    }
    for day in folder.derived_days()? {
        if let Some(derived) = DerivedDay::load(folder, day)? {
            known.extend(derived.files.into_values().map(|entry| entry.path));
        }
    }
    let is_known = |name: &str| {
        let is_of = |day: &crate::partition::Partition| {
            name == Folder::invalid_events(*day) || name.split('/').any(|part| part == day.folder())
        };
        known.contains(name) || unreadable.iter().any(is_of)
    };
    let tables = [Table::Sessions, Table::Events].into_iter();
    let tables = tables.chain(Table::DERIVED_BY_DAY).map(Table::name);
    unknown_files(folder, lake, tables.chain(["_invalid/events"]), is_known)
}
