//! Lakes with Delta logs.
#![cfg(feature = "parquet")]
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use apivideo_insights::Audience;
use apivideo_lake::{ErrorKind, Format, LakeReader, Pull};
use common::{Service, WORLD, differing, files};
use serde_json::Value;

/// A pull with Delta logs, as of a day at midnight.
fn pull(service: &Service, day: &str) -> Pull {
    Pull::new(&service.client, service.path())
        .as_of(format!("{day}T00:00:00Z").parse().unwrap())
        .with_since("2021-12-18".parse().unwrap())
        .with_delta()
}

/// Returns the names of the files of a table as of the last version of its log, and the number of versions.
fn snapshot(lake: &Path, table: &str) -> (BTreeSet<String>, usize) {
    let mut live = BTreeSet::new();
    let mut versions = 0;
    while let Ok(text) =
        fs::read_to_string(lake.join(format!("{table}/_delta_log/{versions:020}.json")))
    {
        for line in text.lines() {
            let action: Value = serde_json::from_str(line).unwrap();
            let path = |kind: &str| Some(format!("{table}/{}", action[kind]["path"].as_str()?));
            live.extend(path("add"));
            if let Some(path) = path("remove") {
                assert!(live.remove(&path), "{path}");
            }
        }
        versions += 1;
    }
    (live, versions)
}

/// Returns the names of the files of a table that the manifests name.
fn named(lake: &Path, table: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (name, bytes) in files(lake) {
        if name.starts_with("_manifest/") && name != "_manifest/lake.json" {
            let manifest: Value = serde_json::from_slice(&bytes).unwrap();
            let entries = [&manifest["files"][table], &manifest["file"]];
            let paths = entries.iter().filter_map(|entry| entry["path"].as_str());
            names.extend(
                paths
                    .filter(|path| path.starts_with(table))
                    .map(str::to_owned),
            );
        }
    }
    names
}

/// Returns the files of a lake without its logs, which depend on its history.
fn without_logs(lake: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = files(lake);
    files.retain(|name, _| !name.contains("/_delta_log/"));
    files
}

#[tokio::test]
async fn each_pull_that_changes_a_table_writes_a_version() {
    let service = Service::small().await;
    let lake = service.path();
    let tables = [
        "sessions",
        "events",
        "played",
        "playbacks",
        "seeks",
        "lengths",
    ];
    let mut previous: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (number, day) in ["2021-12-25", "2021-12-27", "2022-01-10"]
        .into_iter()
        .enumerate()
    {
        service.run(pull(&service, day)).await;
        service.verify();
        for table in tables {
            let (live, versions) = snapshot(&lake, table);
            assert_eq!(live, named(&lake, table), "{table}");
            assert!(!live.is_empty() && versions <= number + 1);
            for file in previous.insert(table, live).into_iter().flatten() {
                // Readers of the version before still find its files, until they are a week old.
                assert!(lake.join(&file).exists() || day == "2022-01-10", "{file}");
            }
        }
        assert_eq!(snapshot(&lake, "sessions").1, number + 1);
    }
    // Nothing has changed, and the replaced files are a week old.
    service.run(pull(&service, "2022-01-20")).await;
    let unchanged = snapshot(&lake, "sessions");
    service.run(pull(&service, "2022-01-20")).await;
    assert_eq!(snapshot(&lake, "sessions"), unchanged);
    service.run(pull(&service, "2022-02-20")).await;
    service.verify();
    let sessions = files(&lake).into_keys();
    let sessions: BTreeSet<String> = sessions
        .filter(|name| name.starts_with("sessions/") && !name.contains("_delta_log"))
        .collect();
    assert_eq!(sessions, snapshot(&lake, "sessions").0);

    // The lake is read like one without logs.
    let reader = LakeReader::new(&lake);
    let audience = reader.audience(Audience::new()).unwrap().finish();
    assert_eq!(audience.measures.quality.sessions, 300);
}

#[tokio::test]
async fn files_are_the_same_in_spite_of_interruptions() {
    let service = Service::small().await;
    let lake = service.path();
    service.run(pull(&service, "2022-03-01")).await;
    let whole = without_logs(&lake);
    let of_sessions = snapshot(&lake, "sessions").0;
    fs::remove_dir_all(&lake).unwrap();

    let mut runs = 0;
    let mut seen = 0;
    loop {
        runs += 1;
        let report = service
            .run(pull(&service, "2022-03-01").with_max_requests(110))
            .await;
        // What was committed is published although the pull is not complete.
        let (live, _) = snapshot(&lake, "sessions");
        assert_eq!(live, named(&lake, "sessions"));
        assert!(live.len() >= seen);
        seen = live.len();
        if !report.stopped {
            break;
        }
        service.verify_unfinished();
    }
    assert!(runs > 3, "{runs}");
    service.verify();
    assert_eq!(differing(&without_logs(&lake), &whole), [""; 0]);
    assert_eq!(snapshot(&lake, "sessions").0, of_sessions);
}

#[tokio::test]
async fn a_log_that_is_behind_is_reported_and_completed() {
    let service = Service::small().await;
    let lake = service.path();
    service.run(pull(&service, "2022-03-01")).await;
    let whole = snapshot(&lake, "played");
    // As if the pull had been killed before it wrote its version.
    for table in ["played", "sessions"] {
        fs::remove_dir_all(lake.join(table).join("_delta_log")).unwrap();
    }
    let problems = service.problems();
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(
        problems[0].contains("does not have the files of the manifests"),
        "{problems:?}"
    );
    apivideo_lake::rebuild(&lake, None).unwrap();
    service.verify();
    assert_eq!(snapshot(&lake, "played"), whole);

    // The derived tables of another viewer key are another version.
    apivideo_lake::rebuild(&lake, Some("metadata.userName".parse().unwrap())).unwrap();
    assert_eq!(snapshot(&lake, "playbacks").1, 2);
    assert_eq!(snapshot(&lake, "sessions").1, 1);
    service.verify();
}

#[tokio::test]
async fn a_day_without_its_manifest_is_read_again() {
    let service = Service::small().await;
    let lake = service.path();
    let of = |lake: &Path| {
        let mut files = without_logs(lake);
        files.remove("_manifest/lake.json");
        files
    };
    service
        .run(pull(&service, "2022-01-16").with_aggregates())
        .await;
    let before = of(&lake);
    let (buckets, _) = snapshot(&lake, "buckets");
    assert!(!buckets.is_empty());
    fs::remove_file(lake.join("_manifest/days/2022-01-10.json")).unwrap();
    // The aggregates are not pulled again: their files are adopted.
    service.run(pull(&service, "2022-01-16")).await;
    assert_eq!(differing(&of(&lake), &before), [""; 0]);
    assert_eq!(snapshot(&lake, "buckets").0, buckets);
    service.verify();
}

#[tokio::test]
async fn logs_are_a_setting_of_a_new_lake_of_parquet() {
    let service = Service::small().await;
    let error = pull(&service, "2022-03-01")
        .with_format(Format::Ndjson)
        .run()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input);
    assert!(error.to_string().contains("they need parquet"), "{error}");
    assert!(!service.path().exists());

    let without = Pull::new(&service.client, service.path())
        .as_of("2022-03-01T00:00:00Z".parse().unwrap())
        .with_period(WORLD.parse().unwrap());
    service.run(without.clone()).await;
    let error = without.with_delta().run().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input);
    assert!(
        error.to_string().contains("it has no Delta logs"),
        "{error}"
    );
    fs::remove_dir_all(service.path()).unwrap();

    service.run(pull(&service, "2022-01-01")).await;
    let manifest = fs::read_to_string(service.path().join("_manifest/lake.json")).unwrap();
    assert!(manifest.contains(r#""delta": true"#), "{manifest}");
    // The setting is that of the lake.
    let later =
        Pull::new(&service.client, service.path()).as_of("2022-01-03T00:00:00Z".parse().unwrap());
    service.run(later).await;
    assert_eq!(snapshot(&service.path(), "sessions").1, 2);
    service.verify();
}

#[tokio::test]
async fn a_log_of_another_writer_stops_the_pull_and_keeps_its_data() {
    let service = Service::small().await;
    let lake = service.path();
    service.run(pull(&service, "2022-01-01")).await;
    let version = lake.join("sessions/_delta_log/00000000000000000001.json");
    fs::write(
        &version,
        r#"{"add":{"path":"part-0.parquet","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}}"#,
    )
    .unwrap();
    let error = pull(&service, "2022-01-10").run().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    assert!(error.to_string().contains("part-0.parquet"), "{error}");
    assert!(error.to_string().contains("sessions/_delta_log"), "{error}");
    fs::remove_dir_all(lake.join("sessions/_delta_log")).unwrap();
    service.run(pull(&service, "2022-01-10")).await;
    service.verify();
    assert_eq!(snapshot(&lake, "sessions").0, named(&lake, "sessions"));
}
