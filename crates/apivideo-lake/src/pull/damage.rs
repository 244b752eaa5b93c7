//! Missing and changed files of a lake, found by their names and sizes, so that their days can be read again.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use apivideo::jiff::civil::Date;

use crate::error::Result;
use crate::folder::Folder;
use crate::manifest::{DayManifest, LakeManifest};
use crate::partition::Partition;
use crate::storage::Visit;
use crate::table::Table;

/// The damaged days of a lake.
#[derive(Debug, Default)]
pub(super) struct Damage {
    /// Days whose manifest or file of sessions is missing.
    pub(super) sessions: BTreeSet<Partition>,
    /// Days whose file of events is missing.
    pub(super) events: BTreeSet<Partition>,
    /// Days whose files of aggregates are missing.
    pub(super) aggregates: BTreeSet<Date>,
    /// Files that were changed, with their days.
    pub(super) changed: Vec<(Partition, PathBuf)>,
    /// Days with sessions whose events could not be read.
    pub(super) incomplete: BTreeSet<Partition>,
}

impl Damage {
    /// Compares the manifests of all days with the names and sizes of their files.
    pub(super) fn find(folder: &Folder, lake: &LakeManifest) -> Result<Self> {
        let mut damage = Self::default();
        let days: BTreeSet<Partition> = folder.days()?.into_iter().collect();
        for day in lake.days.difference(&days) {
            damage.sessions.insert(*day);
            damage.aggregates.extend(day.day());
        }
        let mut sizes = HashMap::new();
        for table in Table::PULLED {
            folder.list(table.name(), &mut |stored| {
                sizes.insert(stored.name, stored.size);
                Visit::Continue
            })?;
        }
        for partition in days {
            let Some(day) = DayManifest::load(folder, partition)? else {
                continue;
            };
            if !day.is_complete() {
                damage.incomplete.insert(partition);
            }
            let files = day.check_sizes(folder, &sizes);
            let changed = files.changed.into_iter();
            damage.changed.extend(changed.map(|path| (partition, path)));
            for table in files.missing {
                if table == Table::Sessions.name() {
                    damage.sessions.insert(partition);
                } else if table == Table::Events.name() {
                    damage.events.insert(partition);
                } else {
                    damage.aggregates.extend(partition.day());
                }
            }
        }
        Ok(damage)
    }

    /// Returns the days whose sessions have to be listed again.
    pub(super) fn days_to_list(&self) -> BTreeSet<Date> {
        self.sessions.iter().filter_map(|day| day.day()).collect()
    }

    /// Returns the days whose files have to be written again.
    pub(super) fn days_to_write(&self) -> impl Iterator<Item = Partition> {
        [&self.sessions, &self.events, &self.incomplete]
            .into_iter()
            .flatten()
            .copied()
    }

    /// Describes the days whose files are missing, if there are any.
    pub(super) fn missing(&self) -> Option<String> {
        const MAX_NAMED: usize = 5;
        let missing: BTreeSet<_> = self.sessions.union(&self.events).collect();
        let named: Vec<String> = missing
            .iter()
            .take(MAX_NAMED)
            .map(ToString::to_string)
            .collect();
        let more = if missing.len() > MAX_NAMED {
            ", …"
        } else {
            ""
        };
        (!missing.is_empty()).then(|| {
            format!(
                "files of {}{more} are missing: these days are read again",
                named.join(", ")
            )
        })
    }
}
