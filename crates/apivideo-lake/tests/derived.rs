//! The derived tables are a function of the files of sessions and events.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::collections::BTreeMap;
use std::fs;

use apivideo_lake::{Format, LakeReader, Privacy, ViewerKey, rebuild, verify};
use common::{Service, differing, files, rows};
use serde_json::{Value, json};

fn is_derived(name: &str) -> bool {
    [
        "played/",
        "playbacks/",
        "seeks/",
        "lengths/",
        "_manifest/derived/",
    ]
    .iter()
    .any(|folder| name.starts_with(folder))
}

fn derived(service: &Service) -> BTreeMap<String, Vec<u8>> {
    let mut files = files(&service.path());
    files.retain(|name, _| is_derived(name));
    files
}

/// Removes the derived tables and makes the manifest that of the layout without them.
fn downgrade(service: &Service) {
    for folder in [
        "played",
        "playbacks",
        "seeks",
        "lengths",
        "_manifest/derived",
    ] {
        fs::remove_dir_all(service.path().join(folder)).unwrap();
    }
    let path = service.path().join("_manifest/lake.json");
    let mut lake: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    lake["apivideoLake"] = json!(3);
    lake.as_object_mut().unwrap().remove("viewerKey");
    fs::write(&path, lake.to_string()).unwrap();
}

#[tokio::test]
async fn one_pull_many_pulls_and_a_rebuild_derive_the_same_bytes() {
    let one = Service::small().await;
    one.run(one.pull()).await;
    one.verify();
    let expected = derived(&one);
    assert!(
        expected
            .keys()
            .any(|name| name.starts_with("played/date=2022-01-0"))
    );
    assert!(expected.contains_key("lengths/lengths.ndjson"));

    let many = Service::small().await;
    let mut derived_days = 0;
    for day in 2..=16 {
        let pull = many.pull_as_of(&format!("2022-01-{day:02}T12:00:00Z"));
        let report = many
            .run(pull.with_period(common::WORLD.parse().unwrap()))
            .await;
        derived_days += report.days_derived;
        many.verify();
    }
    many.run(many.pull()).await;
    many.verify();
    assert!(derived_days >= 30, "{derived_days}");
    assert_eq!(differing(&expected, &derived(&many)), [""; 0]);

    downgrade(&one);
    let rebuilt = rebuild(one.path(), None).unwrap();
    assert_eq!(rebuilt.problems, [""; 0]);
    assert_eq!((rebuilt.playbacks, rebuilt.days_unchanged), (300, 0));
    assert_eq!(differing(&expected, &derived(&one)), [""; 0]);
    one.verify();
    let again = rebuild(one.path(), None).unwrap();
    assert_eq!(again.days_written, 0);
    assert_eq!(again.days_unchanged, rebuilt.days_written);
    assert_eq!((again.played, again.seeks), (rebuilt.played, rebuilt.seeks));
}

#[tokio::test]
async fn a_lake_of_the_layout_before_is_upgraded_by_the_next_pull() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let expected = files(&service.path());
    downgrade(&service);
    let problems = service.problems();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(
        problems[0].contains("run `apivideo lake rebuild "),
        "{problems:?}"
    );
    let error = LakeReader::new(service.path())
        .audience(apivideo_insights::Audience::new())
        .unwrap_err();
    assert!(error.to_string().contains("lake rebuild"), "{error}");
    let report = service.run(service.pull()).await;
    assert!(report.days_derived > 0 && report.days_written == 0);
    service.verify();
    assert_eq!(differing(&expected, &files(&service.path())), [""; 0]);
}

#[tokio::test]
async fn verify_reports_stale_damaged_and_missing_tables_and_rebuild_repairs_them() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let expected = files(&service.path());
    let day = expected
        .keys()
        .find_map(|name| {
            name.strip_prefix("played/date=")?
                .strip_suffix("/played.ndjson")
        })
        .unwrap();
    let played = service
        .path()
        .join(format!("played/date={day}/played.ndjson"));
    let manifest = service.path().join(format!("_manifest/derived/{day}.json"));
    let edit = |change: &dyn Fn(&mut Value)| {
        let mut value: Value = serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
        change(&mut value);
        fs::write(&manifest, value.to_string()).unwrap();
    };
    let damages: [(&str, &dyn Fn()); 8] = [
        ("is missing", &|| fs::remove_file(&played).unwrap()),
        ("was changed", &|| {
            let text = fs::read_to_string(&played).unwrap();
            fs::write(&played, text.replace("false", "true ")).unwrap();
        }),
        ("has no derived tables", &|| {
            fs::remove_file(&manifest).unwrap();
        }),
        ("has no derived tables", &|| {
            fs::write(&manifest, "{").unwrap();
        }),
        ("version 0 of the rules", &|| {
            edit(&|day| day["rulesVersion"] = json!(0));
        }),
        ("from other files", &|| {
            edit(&|day| day["inputs"]["events"] = json!("00"));
        }),
        ("another length", &|| {
            edit(&|day| {
                for video in day["videos"].as_object_mut().unwrap().values_mut() {
                    video["estimatedTo"] = json!(0.5);
                    video["limit"] = json!(0.25);
                }
            });
        }),
        ("no table of lengths", &|| {
            fs::remove_file(service.path().join("_manifest/derived/lengths.json")).unwrap();
        }),
    ];
    for (message, damage) in damages {
        damage();
        let problems = service.problems();
        assert!(!problems.is_empty(), "{message}");
        for problem in &problems {
            assert!(problem.contains(message), "{message}: {problem}");
            assert!(problem.contains("run `apivideo lake rebuild "), "{problem}");
        }
        if message == "another length" {
            // The manifest is not what was derived.
            fs::remove_file(&manifest).unwrap();
        }
        assert_eq!(rebuild(service.path(), None).unwrap().problems, [""; 0]);
        assert_eq!(
            differing(&expected, &files(&service.path())),
            [""; 0],
            "{message}"
        );
    }
}

#[tokio::test]
async fn a_killed_derivation_is_completed_by_a_rebuild() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let expected = files(&service.path());
    // The states after each step of replacing a day: no manifest, some new files, files of the next step in `_derived`.
    let incoming = service.path().join("_derived");
    let day = "2022-01-03";
    for name in ["played", "playbacks", "seeks"] {
        fs::create_dir_all(&incoming).unwrap();
        fs::write(incoming.join(format!("{name}-{day}.incoming")), "{}").unwrap();
        let manifest = service.path().join(format!("_manifest/derived/{day}.json"));
        fs::remove_file(manifest).unwrap();
        let file = service
            .path()
            .join(format!("{name}/date={day}/{name}.ndjson"));
        fs::write(file, "{}\n").unwrap();
        let problems = service.problems();
        assert!(
            problems
                .iter()
                .all(|problem| problem.contains("lake rebuild")),
            "{problems:?}"
        );
        rebuild(service.path(), None).unwrap();
        assert_eq!(differing(&expected, &files(&service.path())), [""; 0]);
    }
}

#[tokio::test]
async fn the_viewer_key_is_a_setting_of_the_lake() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let keys = |folder: &str| -> Vec<Value> {
        let rows = service.rows(folder);
        rows.iter().map(|row| row["viewer_key"].clone()).collect()
    };
    let metadata: Vec<Value> = service.rows("playbacks/");
    let name = metadata
        .iter()
        .find_map(|row| row["metadata"].as_object()?.keys().next().cloned())
        .unwrap();
    let key: ViewerKey = format!("metadata.{name}").parse().unwrap();
    let rebuilt = rebuild(service.path(), Some(key.clone())).unwrap();
    assert_eq!(rebuilt.viewer_key, key);
    let expected: Vec<Value> = metadata
        .iter()
        .map(|row| row["metadata"][&name].clone())
        .collect();
    assert_eq!(keys("playbacks/"), expected);
    // Recorded: neither a pull nor a rebuild without the option changes it.
    service.run(service.pull()).await;
    assert_eq!(rebuild(service.path(), None).unwrap().days_written, 0);
    assert_eq!(keys("playbacks/"), expected);
    service.verify();
}

#[tokio::test]
async fn dropped_fields_are_null_in_derived_tables() {
    let service = Service::small().await;
    let privacy = Privacy::new()
        .drop("metadata")
        .unwrap()
        .drop("city")
        .unwrap();
    service
        .run(
            service
                .pull()
                .with_privacy(privacy.drop("referrer.url").unwrap()),
        )
        .await;
    for table in ["played/", "playbacks/"] {
        for row in service.rows(table) {
            for column in [
                "viewer_key",
                "metadata",
                "location_city",
                "referrer_host",
                "referrer_page",
            ] {
                assert_eq!(row[column], Value::Null, "{table} {column}");
            }
        }
    }
}

#[tokio::test]
async fn a_lake_without_events_has_no_derived_tables() {
    let service = Service::small().await;
    service.run(service.pull().without_events()).await;
    let rebuilt = rebuild(service.path(), None).unwrap();
    assert!(!rebuilt.has_events && rebuilt.days_written == 0);
    assert_eq!(derived(&service).len(), 0);
    service.verify();
    let error = LakeReader::new(service.path())
        .audience(apivideo_insights::Audience::new())
        .unwrap_err();
    assert!(error.to_string().contains("has no events"), "{error}");
}

#[tokio::test]
async fn all_formats_derive_the_same_rows() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let sums = |folder: &std::path::Path| verify(folder).unwrap().derived;
    let expected = sums(&service.path());
    for format in Format::ALL
        .into_iter()
        .filter(|format| format.is_available())
    {
        let folder = service.folder.path().join(format.name());
        let pull = apivideo_lake::Pull::new(&service.client, &folder)
            .as_of("2022-03-01T00:00:00Z".parse().unwrap())
            .with_period(common::WORLD.parse().unwrap())
            .with_format(format);
        pull.run().await.unwrap();
        assert_eq!(sums(&folder), expected);
        let report = |folder: &std::path::Path| {
            let audience =
                apivideo_insights::Audience::new().by(apivideo_insights::Dimension::Asset);
            serde_json::to_value(LakeReader::new(folder).audience(audience).unwrap().finish())
                .unwrap()
        };
        assert_eq!(report(&folder), report(&service.path()), "{format}");
    }
    assert!(!rows(&service.path(), "seeks/").is_empty());
}

#[tokio::test]
async fn a_day_without_its_manifest_is_a_problem_of_a_rebuild() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    fs::remove_file(service.path().join("_manifest/days/2022-01-03.json")).unwrap();
    let problems = apivideo_lake::rebuild(service.path(), None)
        .unwrap()
        .problems;
    assert_eq!(
        problems,
        [
            "2022-01-03 was not derived: its manifest is missing; run the pull again to read the day again"
        ]
    );
    let status = apivideo_lake::status(service.path()).unwrap();
    assert_eq!(status.missing_days, ["2022-01-03"]);
}
