//! What is wrong with a folder by the names and sizes of its files, so that it can be read again.

use std::collections::BTreeSet;
use std::path::PathBuf;

use apivideo::jiff::civil::Date;

use crate::error::Result;
use crate::folder::Folder;
use crate::manifest::{Day, Lake};
use crate::span::Partition;
use crate::table::Table;

/// What is wrong with a folder.
#[derive(Debug, Default)]
pub(crate) struct Damage {
    /// Days whose manifest or file of sessions is not there.
    pub(crate) sessions: BTreeSet<Partition>,
    /// Days whose file of events is not there.
    pub(crate) events: BTreeSet<Partition>,
    /// Days whose files of aggregates are not there.
    pub(crate) aggregates: BTreeSet<Date>,
    /// Files that were changed, with their days.
    pub(crate) changed: Vec<(Partition, PathBuf)>,
    /// Days with sessions whose events could not be read before.
    pub(crate) lacking: BTreeSet<Partition>,
}

/// Days whose sessions have to be listed again.
#[derive(Debug, Default)]
pub(crate) struct Again {
    pub(crate) days: BTreeSet<Date>,
}

/// Looks at the manifests of all days, and at the names and sizes of their files.
pub(crate) fn look(folder: &Folder, lake: &Lake) -> Result<Damage> {
    let mut damage = Damage::default();
    let there: BTreeSet<Partition> = Day::all(folder)?.into_iter().collect();
    for day in lake.days.difference(&there) {
        damage.sessions.insert(*day);
        if let Partition::Day(day) = day {
            damage.aggregates.insert(*day);
        }
    }
    for partition in there {
        let Some(day) = Day::load(folder, partition)? else {
            continue;
        };
        if !day.is_whole() {
            damage.lacking.insert(partition);
        }
        let found = day.damage(folder)?;
        let changed = found.changed.into_iter();
        damage.changed.extend(changed.map(|path| (partition, path)));
        for table in found.missing {
            if table == Table::Sessions.name() {
                damage.sessions.insert(partition);
            } else if table == Table::Events.name() {
                damage.events.insert(partition);
            } else if let Partition::Day(day) = partition {
                damage.aggregates.insert(day);
            }
        }
    }
    Ok(damage)
}

impl Damage {
    /// The days whose sessions have to be listed again.
    pub(crate) fn again(&self) -> Again {
        let days = self.sessions.iter().filter_map(|day| match day {
            Partition::Day(day) => Some(*day),
            Partition::Unknown => None,
        });
        Again {
            days: days.collect(),
        }
    }

    /// The days that have to be written again.
    pub(crate) fn days(&self) -> impl Iterator<Item = Partition> {
        [&self.sessions, &self.events, &self.lacking]
            .into_iter()
            .flatten()
            .copied()
    }
}
