//! The four outcomes of a recovery, by what is stored of a commit.

use super::*;
use crate::format::Written;

struct Lake {
    folder: Folder,
    day: Partition,
    _directory: tempfile::TempDir,
}

impl Lake {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let lake = directory.path().join("lake");
        let folder = Folder::open_local(&lake, directory.path().join("work"));
        files::create_dir(&folder.staging()).unwrap();
        Self {
            folder,
            day: "2022-01-01".parse().unwrap(),
            _directory: directory,
        }
    }

    fn name(&self, table: Table) -> String {
        Folder::data(table, self.day, Format::Csv)
    }

    fn manifest(&self, tables: &[(Table, &str)]) -> DayManifest {
        let mut manifest = DayManifest::new(self.day);
        for (table, contents) in tables {
            let written = Written {
                rows: 1,
                bytes: contents.len() as u64,
                sha256: digest::of_str(contents),
            };
            let path = self.name(*table);
            let entry = FileEntry { path, written };
            manifest.files.insert(table.name().to_owned(), entry);
        }
        manifest
    }

    /// Stores the manifest of a day before and in a commit, and its files.
    fn store(&self, before: &[(Table, &str)], new: &[(Table, &str)], stored: &[(Table, &str)]) {
        let folder = &self.folder;
        let pending = Folder::pending_day_manifest(self.day);
        folder.put_json(&pending, &self.manifest(new)).unwrap();
        if !before.is_empty() {
            let manifest = self.manifest(before);
            let name = Folder::day_manifest(self.day);
            folder.put_json(&name, &manifest).unwrap();
        }
        for (table, contents) in stored {
            let name = self.name(*table);
            folder.put(&name, contents.as_bytes()).unwrap();
        }
    }

    /// Recovers; returns the manifest of the day.
    fn recover(&self) -> Option<DayManifest> {
        recover(&self.folder).unwrap();
        assert_eq!(self.folder.pending_days().unwrap(), []);
        DayManifest::load(&self.folder, self.day).unwrap()
    }

    fn stored(&self, table: Table) -> Option<String> {
        let contents = self.folder.read(&self.name(table)).unwrap();
        contents.map(|contents| String::from_utf8(contents).unwrap())
    }
}

use Table::{Buckets, Events, Sessions, Timeseries};

const OLD: [(Table, &str); 2] = [(Sessions, "old sessions"), (Events, "old events")];
const NEW: [(Table, &str); 2] = [(Sessions, "new sessions"), (Events, "new events")];

#[test]
fn a_commit_is_completed_if_all_new_files_are_stored_or_local() {
    let lake = Lake::new();
    lake.store(&OLD, &NEW, &[NEW[0], OLD[1]]);
    let incoming = lake.folder.incoming(Events, lake.day);
    fs::write(&incoming, "new events").unwrap();
    assert_eq!(lake.recover(), Some(lake.manifest(&NEW)));
    assert_eq!(lake.stored(Events).unwrap(), "new events");
    assert!(!incoming.exists());
}

#[test]
fn a_commit_that_replaced_nothing_is_undone() {
    let lake = Lake::new();
    lake.store(&OLD, &NEW, &OLD);
    assert_eq!(lake.recover(), Some(lake.manifest(&OLD)));
    assert_eq!(lake.stored(Sessions).unwrap(), "old sessions");
}

#[test]
fn new_sessions_are_kept_and_lost_events_are_read_again() {
    let lake = Lake::new();
    lake.store(&OLD, &NEW, &[NEW[0], OLD[1]]);
    // The local file is that of another commit.
    let incoming = lake.folder.incoming(Events, lake.day);
    fs::write(&incoming, "other events").unwrap();
    assert_eq!(lake.recover(), Some(lake.manifest(&NEW)));
    assert_eq!(lake.stored(Sessions).unwrap(), "new sessions");
    assert_eq!(lake.stored(Events), None);
}

#[test]
fn old_aggregates_are_kept_if_new_ones_are_lost() {
    let lake = Lake::new();
    let before = [OLD[0], (Buckets, "old buckets"), (Timeseries, "old points")];
    let new = [OLD[0], (Buckets, "new buckets"), (Timeseries, "new points")];
    let stored = [OLD[0], new[1], before[2]];
    lake.store(&before, &new, &stored);
    assert_eq!(lake.recover(), Some(lake.manifest(&stored)));
    assert_eq!(lake.stored(Timeseries).unwrap(), "old points");
}

#[test]
fn a_new_day_without_its_sessions_is_removed_and_keeps_its_aggregates() {
    let lake = Lake::new();
    let new = [NEW[0], NEW[1], (Buckets, "buckets")];
    lake.store(&[], &new, &[NEW[1], new[2]]);
    assert_eq!(lake.recover(), None);
    assert_eq!(lake.stored(Events), None);
    assert_eq!(lake.stored(Buckets).unwrap(), "buckets");
}

#[test]
fn a_recovery_that_is_interrupted_is_completed() {
    let lake = Lake::new();
    lake.store(&OLD, &NEW, &[NEW[0]]);
    assert_eq!(lake.recover(), Some(lake.manifest(&NEW)));
    let pending = Folder::pending_day_manifest(lake.day);
    let manifest = lake.manifest(&NEW);
    lake.folder.put_json(&pending, &manifest).unwrap();
    assert_eq!(lake.recover(), Some(manifest));
    assert_eq!(lake.stored(Events), None);
}
