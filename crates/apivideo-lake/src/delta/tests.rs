//! Logs of lakes on disk and in memory.

use std::path::Path;

use serde_json::{Value, json};

use super::*;
use crate::event_scope::EventScope;
use crate::format::{Format, Written};
use crate::manifest::{DayManifest, FileEntry, Settings};
use crate::privacy::Privacy;

const DAY: i64 = 24 * 60 * 60 * 1_000;

/// A lake with Delta logs, whose files have other contents than rows.
struct Lake {
    folder: Folder,
    lake: LakeManifest,
    now: i64,
}

/// Returns an empty lake of each storage.
fn lakes(local: &Path) -> Vec<Lake> {
    let mut folders = vec![Folder::new(local.join("lake"))];
    #[cfg(feature = "object-store")]
    {
        let name = local.file_name().unwrap().to_str().unwrap();
        let url = format!(
            "memory://{}/lake",
            name.trim_start_matches('.').to_lowercase()
        );
        folders.push(Folder::open_url(&url, &url, Some(local.join("work"))).unwrap());
    }
    let lakes = folders.drain(..).map(|folder| {
        let settings = Settings::new(
            Format::Parquet,
            true,
            EventScope::default(),
            &Privacy::new(),
        );
        let lake = LakeManifest::new(settings.with_delta(true));
        lake.save(&folder).unwrap();
        let now = 1_714_521_600_000;
        Lake { folder, lake, now }
    });
    lakes.collect()
}

impl Lake {
    /// Writes a file of a day as a commit does.
    fn write(&self, table: Table, day: &str, contents: &str) -> String {
        let day: Partition = day.parse().unwrap();
        let sha256 = digest::of_str(contents);
        let path = self.lake.settings.file_names().data(table, day, &sha256);
        self.folder.put(&path, contents.as_bytes()).unwrap();
        let mut manifest = DayManifest::load(&self.folder, day)
            .unwrap()
            .unwrap_or_else(|| DayManifest::new(day));
        let written = Written {
            rows: contents.len() as u64,
            bytes: contents.len() as u64,
            sha256,
        };
        let entry = FileEntry {
            path: path.clone(),
            written,
        };
        manifest.files.insert(table.name().to_owned(), entry);
        let name = Folder::day_manifest(day);
        self.folder.put_json(&name, &manifest).unwrap();
        path
    }

    fn publish(&self, old: OldFiles) -> Result<()> {
        let now = Timestamp::from_millisecond(self.now).unwrap();
        publish(&self.folder, now, old)
    }

    fn log(&self, table: Table) -> Log {
        let stored = self.folder.list_all(table.name()).unwrap();
        Log::load(&self.folder, table, &stored).unwrap()
    }

    /// Returns the names of the objects of a log.
    fn log_files(&self, table: Table) -> Vec<String> {
        let folder = log::log_folder(table);
        let stored = self.folder.list_all(&folder).unwrap().into_iter();
        let names = stored.map(|stored| stored.name[folder.len() + 1..].to_owned());
        names.collect()
    }

    /// Returns the actions of a version of the table of sessions.
    fn version(&self, version: u64) -> Vec<Value> {
        let name = format!("sessions/_delta_log/{version:020}.json");
        let text = self.folder.read(&name).unwrap().unwrap();
        let lines = text.split(|byte| *byte == b'\n');
        lines
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_slice(line).unwrap())
            .collect()
    }

    fn problems(&self) -> Vec<String> {
        check(&self.folder, &self.lake).unwrap().problems
    }

    fn has(&self, name: &str) -> bool {
        self.folder.contains(name).unwrap()
    }
}

#[test]
fn the_first_version_has_the_protocol_the_columns_and_the_files() {
    let local = tempfile::tempdir().unwrap();
    for lake in lakes(local.path()) {
        lake.write(Table::Sessions, "2024-05-01", "one");
        lake.write(Table::Sessions, "unknown", "two");
        lake.publish(OldFiles::Keep).unwrap();
        assert_eq!(
            lake.log_files(Table::Sessions),
            ["00000000000000000000.json"]
        );
        let actions = lake.version(0);
        assert_eq!(actions[0]["commitInfo"]["timestamp"], lake.now);
        assert_eq!(
            actions[1],
            json!({"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}})
        );
        let metadata = &actions[2]["metaData"];
        assert_eq!(metadata["partitionColumns"], json!(["date"]));
        assert_eq!(
            metadata["format"],
            json!({"provider": "parquet", "options": {}})
        );
        let id: Vec<usize> = metadata["id"]
            .as_str()
            .unwrap()
            .split('-')
            .map(str::len)
            .collect();
        assert_eq!(id, [8, 4, 4, 4, 12]);
        let add = |path: &str, date: Value, rows: u64| {
            json!({"add": {
                "path": path, "partitionValues": {"date": date}, "size": rows, "modificationTime": lake.now,
                "dataChange": true, "stats": format!("{{\"numRecords\":{rows}}}"),
            }})
        };
        let [one, two] = ["one", "two"].map(|text| digest::of_str(text)[..16].to_owned());
        let dated = add(
            &format!("date=2024-05-01/sessions-{one}.parquet"),
            json!("2024-05-01"),
            3,
        );
        let unknown = add(
            &format!("date=__HIVE_DEFAULT_PARTITION__/sessions-{two}.parquet"),
            Value::Null,
            3,
        );
        assert_eq!(actions[3..], [dated, unknown]);
        // Tables without a file have no log.
        assert_eq!(lake.log_files(Table::Events), [""; 0]);
        assert_eq!(lake.problems(), [""; 0]);
    }
}

#[test]
fn the_table_of_lengths_has_no_partitions() {
    let local = tempfile::tempdir().unwrap();
    for lake in lakes(local.path()) {
        let sha256 = digest::of_str("x");
        let path = lake.lake.settings.file_names().lengths(&sha256);
        let manifest = json!({"rulesVersion": 1, "file": {"path": path, "rows": 1, "bytes": 1, "sha256": sha256}});
        lake.folder.put(&path, b"x").unwrap();
        lake.folder
            .put_json(crate::folder::LENGTHS_MANIFEST, &manifest)
            .unwrap();
        lake.publish(OldFiles::Keep).unwrap();
        let log = lake.log(Table::Lengths);
        let metadata = log.metadata.as_ref().unwrap();
        assert_eq!(metadata.partition_columns, [""; 0]);
        let add = log.live.values().next().unwrap();
        assert_eq!(actions::name(Table::Lengths, &add.path), path);
        assert!(add.partition_values.is_empty());
        assert_eq!(lake.problems(), [""; 0]);
    }
}

#[test]
fn a_version_is_written_only_if_files_changed() {
    let local = tempfile::tempdir().unwrap();
    for mut lake in lakes(local.path()) {
        let first = lake.write(Table::Sessions, "2024-05-01", "one");
        lake.write(Table::Sessions, "2024-05-02", "other");
        lake.write(Table::Events, "2024-05-01", "events");
        for _ in 0..3 {
            lake.publish(OldFiles::Keep).unwrap();
            lake.now += 1;
        }
        assert_eq!(lake.log_files(Table::Sessions).len(), 1);
        let second = lake.write(Table::Sessions, "2024-05-01", "more");
        // A pull that was killed before it wrote a version is completed by the next one.
        let problems = lake.problems();
        assert!(
            problems.len() == 1 && problems[0].contains("sessions/_delta_log"),
            "{problems:?}"
        );
        lake.publish(OldFiles::Keep).unwrap();
        assert_eq!(lake.problems(), [""; 0]);
        assert_eq!(lake.log_files(Table::Sessions).len(), 2);
        assert_eq!(lake.log_files(Table::Events).len(), 1);
        let actions = lake.version(1);
        let path = |name: &str| actions::path(Table::Sessions, name).to_owned();
        assert_eq!(
            actions[1],
            json!({"remove": {"path": path(&first), "deletionTimestamp": lake.now, "dataChange": true}})
        );
        assert_eq!(actions[2]["add"]["path"], path(&second));
        assert_eq!(actions.len(), 3);
    }
}

#[test]
fn old_files_are_deleted_after_a_week_or_at_once() {
    let local = tempfile::tempdir().unwrap();
    for mut lake in lakes(local.path()) {
        let first = lake.write(Table::Sessions, "2024-05-01", "one");
        lake.publish(OldFiles::Keep).unwrap();
        let second = lake.write(Table::Sessions, "2024-05-01", "two");
        lake.publish(OldFiles::Keep).unwrap();
        lake.now += 7 * DAY - 1;
        lake.publish(OldFiles::Keep).unwrap();
        assert!(lake.has(&first) && lake.has(&second));
        assert!(
            check(&lake.folder, &lake.lake)
                .unwrap()
                .known
                .contains(&first)
        );
        lake.now += 1;
        lake.publish(OldFiles::Keep).unwrap();
        assert!(!lake.has(&first) && lake.has(&second));
        let third = lake.write(Table::Sessions, "2024-05-01", "three");
        lake.publish(OldFiles::Delete).unwrap();
        assert!(!lake.has(&second) && lake.has(&third));
        // The first contents again.
        assert_eq!(lake.write(Table::Sessions, "2024-05-01", "one"), first);
        lake.now += 30 * DAY;
        lake.publish(OldFiles::Delete).unwrap();
        assert!(lake.has(&first) && !lake.has(&third));
        assert_eq!(lake.log(Table::Sessions).live.len(), 1);
    }
}

#[test]
fn files_without_a_version_are_deleted_unless_a_commit_is_pending() {
    let local = tempfile::tempdir().unwrap();
    for lake in lakes(local.path()) {
        lake.write(Table::Sessions, "2024-05-01", "one");
        let names = lake.lake.settings.file_names();
        let day: Partition = "2024-05-02".parse().unwrap();
        let orphan = names.data(Table::Sessions, day, &digest::of_str("orphan"));
        let foreign = "sessions/date=2024-05-02/mine.parquet";
        for name in [orphan.as_str(), foreign] {
            lake.folder.put(name, b"x").unwrap();
        }
        let pending = lake.write(Table::Sessions, "2024-05-02", "pending");
        let manifest = DayManifest::load(&lake.folder, day).unwrap().unwrap();
        lake.folder.delete(&Folder::day_manifest(day)).unwrap();
        let name = Folder::pending_day_manifest(day);
        lake.folder.put_json(&name, &manifest).unwrap();
        lake.publish(OldFiles::Delete).unwrap();
        assert!(lake.has(&pending) && lake.has(foreign) && !lake.has(&orphan));
        assert_eq!(lake.log(Table::Sessions).live.len(), 1);
    }
}

#[test]
fn a_day_whose_manifest_is_lost_stays_in_the_table() {
    let local = tempfile::tempdir().unwrap();
    for mut lake in lakes(local.path()) {
        let day: Partition = "2024-05-01".parse().unwrap();
        let kept = lake.write(Table::Sessions, "2024-05-01", "one");
        lake.lake.days.insert(day);
        lake.lake.save(&lake.folder).unwrap();
        lake.publish(OldFiles::Keep).unwrap();
        lake.folder.delete(&Folder::day_manifest(day)).unwrap();
        lake.publish(OldFiles::Delete).unwrap();
        assert!(lake.has(&kept));
        let sha256 = digest::of_str("not published");
        let other = lake.lake.settings.file_names();
        let other = other.data(Table::Buckets, day, &sha256);
        lake.folder.put(&other, b"not published").unwrap();
        lake.publish(OldFiles::Delete).unwrap();
        assert!(lake.has(&other));
        let live = |day| live_file(&lake.folder, Table::Sessions, day).unwrap();
        assert_eq!(live(day), Some(kept.clone()));
        assert_eq!(live(Partition::Unknown), None);
        // The day is not known to the lake any more.
        lake.lake.days.clear();
        lake.lake.save(&lake.folder).unwrap();
        lake.publish(OldFiles::Delete).unwrap();
        assert!(!lake.has(&kept) && lake.log(Table::Sessions).live.is_empty());
    }
}

#[test]
fn another_writer_is_detected() {
    let local = tempfile::tempdir().unwrap();
    for lake in lakes(local.path()) {
        lake.write(Table::Sessions, "2024-05-01", "one");
        lake.publish(OldFiles::Keep).unwrap();
        let (mut one, mut other) = (lake.log(Table::Sessions), lake.log(Table::Sessions));
        let version = |time| vec![Action::CommitInfo(CommitInfo::new(time))];
        one.commit(version(1)).unwrap();
        let error = other.commit(version(2)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Locked);
        let message = error.to_string();
        assert!(message.contains("00000000000000000001.json"), "{message}");
        assert_eq!(lake.version(1).len(), 1, "it was not replaced");
        // The response to the same version was lost.
        let mut same = lake.log(Table::Sessions);
        let name = "sessions/_delta_log/00000000000000000002.json";
        one.commit(version(3)).unwrap();
        assert!(lake.has(name));
        same.commit(version(3)).unwrap();
        same.commit(version(4)).unwrap();
        assert_eq!(lake.log_files(Table::Sessions).len(), 4);
    }
}

#[cfg(feature = "parquet")]
#[test]
fn a_checkpoint_is_written_every_10_versions() {
    let local = tempfile::tempdir().unwrap();
    for mut lake in lakes(local.path()) {
        lake.write(Table::Sessions, "unknown", "unknown");
        for version in 0..=25 {
            lake.write(Table::Sessions, "2024-05-01", &format!("{version}"));
            lake.publish(OldFiles::Keep).unwrap();
            lake.now += DAY;
        }
        let checkpoints: Vec<String> = lake
            .log_files(Table::Sessions)
            .into_iter()
            .filter(|file| file.contains("checkpoint"))
            .collect();
        let expected = [10, 20].map(|version| format!("{version:020}.checkpoint.parquet"));
        assert_eq!(checkpoints[..2], expected);
        assert_eq!(checkpoints[2..], ["_last_checkpoint"]);
        let last = lake
            .folder
            .read("sessions/_delta_log/_last_checkpoint")
            .unwrap();
        let last: Value = serde_json::from_slice(&last.unwrap()).unwrap();
        // The protocol, the columns, 2 files, and 7 files that were removed less than 7 days before.
        assert_eq!((&last["version"], &last["size"]), (&json!(20), &json!(11)));
        let log = lake.log(Table::Sessions);
        let all = (log.metadata.clone(), log.live.clone());
        assert_eq!(all.1.len(), 2);
        // The versions up to the checkpoint are not read.
        for version in 0..=20 {
            let name = format!("sessions/_delta_log/{version:020}.json");
            lake.folder.delete(&name).unwrap();
        }
        let log = lake.log(Table::Sessions);
        assert_eq!((log.metadata.clone(), log.live.clone()), all);
        assert_eq!(lake.problems(), [""; 0]);
        lake.publish(OldFiles::Keep).unwrap();
        lake.write(Table::Sessions, "2024-05-01", "last");
        lake.publish(OldFiles::Keep).unwrap();
        assert_eq!(lake.version(26).len(), 3);
    }
}

#[test]
fn a_log_of_another_program_is_an_error() {
    let local = tempfile::tempdir().unwrap();
    for lake in lakes(local.path()) {
        lake.write(Table::Sessions, "2024-05-01", "one");
        lake.publish(OldFiles::Keep).unwrap();
        let name = "sessions/_delta_log/00000000000000000001.json";
        let add = |path: &str, more: &str| {
            format!(
                r#"{{"add":{{"path":"{path}","partitionValues":{{}},"size":1,"modificationTime":1,"dataChange":true{more}}}}}"#
            )
        };
        let own = "date=2024-05-01/sessions-0123456789abcdef.parquet";
        for version in [
            add("part-00000.parquet", ""),
            add("../secret.parquet", ""),
            add(own, r#","deletionVector":{"storageType":"u"}"#),
            r#"{"protocol":{"minReaderVersion":3,"minWriterVersion":7}}"#.to_owned(),
            r#"{"txn":{"appId":"x","version":1}}"#.to_owned(),
            "{".to_owned(),
        ] {
            lake.folder.put(name, version.as_bytes()).unwrap();
            let error = lake.publish(OldFiles::Keep).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Corrupt, "{version}");
            let problems = lake.problems();
            assert!(problems[0].contains("another program"), "{problems:?}");
        }
        // A version is missing.
        lake.folder.delete(name).unwrap();
        let later = "sessions/_delta_log/00000000000000000002.json";
        lake.folder.put(later, b"").unwrap();
        let error = lake.publish(OldFiles::Keep).unwrap_err().to_string();
        assert!(
            error.contains("00000000000000000001.json is missing"),
            "{error}"
        );
        lake.folder.delete(later).unwrap();
        lake.publish(OldFiles::Keep).unwrap();
        assert_eq!(lake.problems(), [""; 0]);
    }
}

#[cfg(feature = "parquet")]
#[test]
fn a_damaged_checkpoint_is_named_and_not_needed() {
    let local = tempfile::tempdir().unwrap();
    for lake in lakes(local.path()) {
        lake.write(Table::Sessions, "2024-05-01", "one");
        lake.publish(OldFiles::Keep).unwrap();
        let checkpoint = "sessions/_delta_log/00000000000000000000.checkpoint.parquet";
        lake.folder.put(checkpoint, b"PAR1").unwrap();
        let error = lake.publish(OldFiles::Keep).unwrap_err().to_string();
        assert!(error.contains("checkpoint.parquet: remove it"), "{error}");
        lake.folder.delete(checkpoint).unwrap();
        lake.publish(OldFiles::Keep).unwrap();
        assert_eq!(lake.problems(), [""; 0]);
    }
}

#[test]
fn lakes_without_logs_stay_without_them() {
    let local = tempfile::tempdir().unwrap();
    for mut lake in lakes(local.path()) {
        lake.lake.settings.delta = false;
        lake.lake.save(&lake.folder).unwrap();
        let path = lake.write(Table::Sessions, "2024-05-01", "one");
        assert_eq!(path, "sessions/date=2024-05-01/sessions.parquet");
        lake.publish(OldFiles::Delete).unwrap();
        assert!(lake.has(&path));
        assert_eq!(lake.log_files(Table::Sessions), [""; 0]);
    }
}
