//! Forgetting persons: their sessions are in no file, later pulls do not store them again, and the lake stays verified.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use apivideo::SessionId;
use apivideo_insights::Audience;
use apivideo_lake::{
    ErrorKind, Forget, Forgotten, Format, LakeReader, Location, Privacy, Pull, convert,
};
use apivideo_simulator::{FaultScript, Rule};
use common::{Service, WORLD, differing, files, frames, rows};
use serde_json::Value;

const SALT: &[u8] = b"a salt of sixteen bytes or more";

/// The tables with rows of sessions.
const TABLES: [&str; 5] = ["sessions", "events", "played", "playbacks", "seeks"];

fn forget(folder: &Path, conditions: &[&str]) -> Forgotten {
    let forget = conditions
        .iter()
        .fold(Forget::new(folder), |forget, condition| {
            forget.with_subject(condition.parse().unwrap())
        });
    let forgotten = forget.run().unwrap();
    assert_eq!(forgotten.problems, [""; 0]);
    forgotten
}

/// Returns the ids of the sessions with a value, and of another one.
fn sessions_with(rows: &[Value], key: &str, value: &str) -> (BTreeSet<String>, String) {
    let id = |row: &Value| row["session_id"].as_str().unwrap().to_owned();
    let (with, without): (Vec<_>, Vec<_>) =
        rows.iter().partition(|row| row["metadata"][key] == value);
    (with.into_iter().map(id).collect(), id(without[7]))
}

/// Returns the files that contain a string, in any of the formats and in the staging.
fn files_with(folder: &Path, text: &str) -> Vec<String> {
    let contains = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).any(|w| w == part);
    let found = files(folder).into_iter().filter(|(path, bytes)| {
        let is_staged = [".rows", ".log", ".tail"]
            .iter()
            .any(|name| path.ends_with(name));
        let contents = if is_staged {
            frames(bytes)
        } else {
            bytes.clone()
        };
        contains(&contents, format!("\"{text}").as_bytes())
            || is_staged && contains(&contents, text.as_bytes())
            || path.ends_with(".csv") && contains(&contents, format!(",{text},").as_bytes())
    });
    found.map(|(path, _)| path).collect()
}

/// Returns the data files, which do not depend on how often a lake was written.
fn data(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = files(folder);
    files.retain(|path, _| !path.starts_with('_'));
    files
}

async fn pull_again(service: &Service, pull: Pull) -> apivideo_lake::Report {
    let report = service.run(pull).await;
    assert_eq!(report.problems, [""; 0]);
    service.verify();
    report
}

#[tokio::test]
async fn sessions_are_removed_from_all_tables_and_stay_removed() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let before: Vec<Vec<Value>> = TABLES.map(|table| service.rows(table)).into();
    let (mut ids, other) = sessions_with(&before[0], "hats", "green");
    assert!(ids.len() > 5);
    let path = service.path();
    let complete_until = service.verify().complete_until;

    // Nothing changes in a dry run.
    let files_before = files(&path);
    let subjects = ["metadata.hats=green".to_owned(), format!("session={other}")];
    let dry = subjects
        .iter()
        .fold(Forget::new(&path).with_dry_run(), |forget, subject| {
            forget.with_subject(subject.parse().unwrap())
        });
    let dry = dry.run().unwrap();
    assert_eq!(differing(&files(&path), &files_before), [""; 0]);

    let forgotten = forget(&path, &[&subjects[0], &subjects[1]]);
    ids.insert(other.clone());
    assert_eq!(
        (forgotten.recorded, forgotten.sessions),
        (2, ids.len() as u64)
    );
    assert!(
        forgotten.days < service.verify().days,
        "only the days concerned"
    );
    assert_eq!(
        (dry.sessions, dry.events, dry.days, dry.files, dry.dry_run),
        (
            forgotten.sessions,
            forgotten.events,
            forgotten.days,
            forgotten.files,
            true
        )
    );
    let is_kept = |row: &&Value| !ids.contains(row["session_id"].as_str().unwrap());
    for (table, rows) in TABLES.iter().zip(&before).take(2) {
        let kept: Vec<Value> = rows.iter().filter(is_kept).cloned().collect();
        assert_eq!(service.rows(table), kept, "{table}");
    }
    let events = before[1].len() - service.rows("events").len();
    assert_eq!(events as u64, forgotten.events);
    for table in &TABLES[2..] {
        assert!(
            service.rows(table).iter().all(|row| is_kept(&row)),
            "{table}"
        );
    }
    for text in ids.iter().map(String::as_str).chain(["green"]) {
        assert_eq!(files_with(&path, text), [""; 0], "{text}");
    }
    let verification = service.verify();
    assert_eq!(verification.complete_until, complete_until);
    let against = apivideo_lake::verify_against_service(&path, &service.client)
        .await
        .unwrap();
    assert_eq!((against.problems, against.notes), (vec![], vec![]));
    let reader = LakeReader::new(&path)
        .audience(Audience::new())
        .unwrap()
        .finish();
    assert_eq!(reader.measures.quality.sessions, 300 - ids.len() as u64);
    let id: SessionId = other.parse().unwrap();
    assert!(LakeReader::new(&path).explain(&id, None).unwrap().is_none());

    // Derived tables, lengths among them, are those of what is left.
    let derived = data(&path);
    std::fs::remove_dir_all(path.join("_manifest/derived")).unwrap();
    apivideo_lake::rebuild(&path, None).unwrap();
    assert_eq!(differing(&data(&path), &derived), [""; 0]);

    // The next pull has nothing to do; when all is read again, the sessions are not stored.
    let again = pull_again(&service, service.pull()).await;
    assert_eq!((again.sessions, again.forgotten), (0, 0));
    let requests = service.simulator.requests_total();
    let part = service
        .pull()
        .with_period("2022-01-03/2022-01-05".parse().unwrap());
    let part = pull_again(&service, part.with_reread()).await;
    assert!(part.forgotten > 0);
    let again = pull_again(&service, service.pull().with_reread()).await;
    assert_eq!((again.forgotten, again.sessions), (ids.len() as u64, 300));
    assert_eq!(
        (again.sessions_with_events, again.sessions_reported),
        (0, 300)
    );
    assert!(service.requests_since(requests) < 60);
    assert_eq!(differing(&data(&path), &derived), [""; 0]);
    let against = apivideo_lake::verify_against_service(&path, &service.client)
        .await
        .unwrap();
    assert_eq!((against.problems, against.notes), (vec![], vec![]));
    for text in ids.iter().map(String::as_str).chain(["green"]) {
        assert_eq!(files_with(&path, text), [""; 0], "{text}");
    }

    // Forgetting again finds nothing, and changes nothing.
    let files_before = files(&path);
    let forgotten = forget(&path, &[&subjects[0]]);
    assert_eq!(
        (forgotten.recorded, forgotten.sessions, forgotten.files),
        (0, 0, 0)
    );
    let forgotten = forget(&path, &[]);
    assert_eq!(forgotten, Forgotten::default());
    assert_eq!(differing(&files(&path), &files_before), [""; 0]);

    // A lost manifest of a day does not bring sessions back.
    let day = path.join("_manifest/days/2022-01-03.json");
    std::fs::remove_file(day).unwrap();
    pull_again(&service, service.pull()).await;
    assert_eq!(differing(&data(&path), &derived), [""; 0]);
}

#[tokio::test]
async fn an_unfinished_pull_forgets_what_it_has_staged() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let (ids, _) = sessions_with(&service.rows("sessions"), "hats", "green");
    let path = service.path();
    let forgotten = forget(&path, &["metadata.hats=green"]);
    let expected = data(&path);
    std::fs::remove_dir_all(&path).unwrap();

    // In the lists, and when some days are written.
    for requests in [15, 200] {
        let stopped = service
            .run(service.pull().with_max_requests(requests))
            .await;
        assert!(
            stopped.stopped && files_with(&path, "green").len() > 1,
            "{requests}"
        );
        let now = forget(&path, &["metadata.hats=green"]);
        assert!(now.sessions <= forgotten.sessions);
        for text in ids.iter().map(String::as_str).chain(["green"]) {
            assert_eq!(files_with(&path, text), [""; 0], "{requests}: {text}");
        }
        // Another run that adds nothing keeps the staging.
        service.run(service.pull().with_max_requests(20)).await;
        let staging = || {
            let mut staged = files(&path.join("_staging"));
            staged.retain(|name, _| !name.ends_with(".incoming"));
            staged
        };
        let staged = staging();
        assert!(staged.keys().any(|name| name.ends_with(".rows")));
        forget(&path, &["metadata.hats=green"]);
        assert_eq!(differing(&staging(), &staged), [""; 0]);
        let report = pull_again(&service, service.pull()).await;
        assert!(report.forgotten > 0);
        assert_eq!(differing(&data(&path), &expected), [""; 0], "{requests}");
        assert!(!path.join("_staging").exists());
        std::fs::remove_dir_all(&path).unwrap();
    }
}

#[tokio::test]
async fn all_formats_and_samples_are_rewritten() {
    let service = Service::small().await;
    let sample = "50%".parse().unwrap();
    let pull = |format| service.pull().with_format(format).with_sample(sample);
    service.run(pull(Format::Ndjson)).await;
    let path = service.path();
    let ndjson = forget(&path, &["metadata.userName=Zoë"]);
    assert!(ndjson.sessions > 3 && ndjson.events > 0, "{ndjson:?}");
    let expected = data(&path);
    assert!(!expected.is_empty());
    for format in [Format::Csv, Format::Parquet] {
        if !format.is_available() {
            continue;
        }
        std::fs::remove_dir_all(&path).unwrap();
        service.run(pull(format)).await;
        assert_eq!(
            forget(&path, &["metadata.userName=Zoë"]),
            ndjson,
            "{format}"
        );
        service.verify();
        if format == Format::Csv {
            assert_eq!(files_with(&path, "\"Zoë"), [""; 0]);
        }
        let report = pull_again(&service, pull(format).with_reread()).await;
        assert_eq!(report.forgotten, ndjson.sessions);
        convert(&path, Format::Ndjson).unwrap();
        assert_eq!(differing(&data(&path), &expected), [""; 0], "{format}");
    }
}

#[tokio::test]
async fn invalid_records_are_removed_and_do_not_come_back() {
    let lists = || Rule::new().path("/analytics/videos/*");
    let faults = (0..6).fold(FaultScript::new(), |script, index| {
        script.rule(lists().remove(format!("/data/{index}/session/sessionId")))
    });
    let events = Rule::new().path("/analytics/sessions/*/events").every(3);
    let faults = faults.rule(events.replace("/data/1", 7));
    let mut service = Service::faulty(faults).await;
    let before = service.run(service.pull()).await;
    assert!(
        before.skipped_sessions > 3 && before.skipped_events > 3,
        "{before:?}"
    );
    let path = service.path();
    let values = ["green", "red", "blue", "black & white"];
    let has = |value: &str| {
        let value = format!("\\\"{value}\\\"");
        let contains = |bytes: &[u8]| {
            bytes
                .windows(value.len())
                .any(|part| part == value.as_bytes())
        };
        let files = files(&path).into_iter();
        let mut invalid = files.filter(|(name, _)| name.starts_with("_invalid"));
        invalid.any(|(_, bytes)| contains(&bytes))
    };
    let value = values.into_iter().find(|value| has(value)).unwrap();
    let subject = format!("metadata.hats={value}");
    let (ids, _) = sessions_with(&service.rows("sessions"), "hats", value);

    let forgotten = forget(&path, &[&subject]);
    assert!(
        forgotten.sessions > 3 && forgotten.invalid_records > 1,
        "{forgotten:?}"
    );
    let clean = || {
        assert!(!has(value));
        for id in &ids {
            let found = files_with(&path, id);
            assert_eq!(found, [""; 0], "{id}");
        }
    };
    clean();
    // The records that are left are those of other sessions.
    let problems = service.problems();
    assert!(
        problems
            .iter()
            .all(|problem| problem.contains("could not be decoded")),
        "{problems:?}"
    );

    let again = service.run(service.pull()).await;
    clean();
    assert!(
        again.forgotten > 0 && again.skipped_sessions < before.skipped_sessions,
        "{again:?}"
    );
    service.set_faults(FaultScript::new()).await;
    pull_again(&service, service.pull()).await;
    clean();
    let against = apivideo_lake::verify_against_service(&path, &service.client)
        .await
        .unwrap();
    assert_eq!(against.problems, [""; 0]);
    let sessions = service.rows("sessions");
    assert!(sessions.iter().all(|row| row["metadata"]["hats"] != value));
}

#[tokio::test]
async fn mutable_days_stay_forgotten_while_they_change() {
    let service = Service::small().await;
    let pull = |as_of: &str| {
        service
            .pull_as_of(as_of)
            .with_since("2021-12-18".parse().unwrap())
    };
    service.run(pull("2022-01-05T12:00:00Z")).await;
    let path = service.path();
    forget(&path, &["metadata.hats=green"]);
    service.verify();
    for as_of in [
        "2022-01-06T12:00:00Z",
        "2022-01-09T00:00:00Z",
        "2022-03-01T00:00:00Z",
    ] {
        let report = pull_again(&service, pull(as_of)).await;
        assert!(report.forgotten > 0, "{as_of}");
        assert_eq!(files_with(&path, "green"), [""; 0], "{as_of}");
    }
    let sessions = rows(&path, "sessions").len();
    let direct = Service::small().await;
    direct.run(direct.pull()).await;
    let forgotten = forget(&direct.path(), &["metadata.hats=green"]);
    assert_eq!(sessions as u64 + forgotten.sessions, 300);
    assert_eq!(differing(&data(&path), &data(&direct.path())), [""; 0]);
}

#[tokio::test]
async fn hashed_values_need_the_salt_and_dropped_ones_are_rejected() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let (ids, _) = sessions_with(&service.rows("sessions"), "hats", "green");
    let path = service.path();
    std::fs::remove_dir_all(&path).unwrap();
    let privacy = Privacy::new().hash("metadata.hats", SALT).unwrap();
    let pull = || {
        service
            .pull()
            .with_privacy(privacy.clone().drop("metadata.plan").unwrap())
    };
    service.run(pull()).await;

    let run = |subject: &str, salt: Option<&[u8]>| {
        let forget = Forget::new(&path).with_subject(subject.parse().unwrap());
        match salt {
            Some(salt) => forget.with_salt(salt),
            None => forget,
        }
        .run()
    };
    let before = files(&path);
    for (subject, salt, why) in [
        ("metadata.hats=green", None, "--salt-file"),
        (
            "metadata.hats=green",
            Some(&b"another salt of many bytes"[..]),
            "another salt",
        ),
        ("metadata.plan=pro", None, "the lake drops metadata.plan"),
    ] {
        let error = run(subject, salt).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Input);
        assert!(error.to_string().contains(why), "{error}");
    }
    assert_eq!(
        Forget::new(&path).run().unwrap_err().kind(),
        ErrorKind::Input
    );
    assert_eq!(differing(&files(&path), &before), [""; 0]);

    assert_eq!(
        run("metadata.hats=green", Some(SALT)).unwrap().sessions,
        ids.len() as u64
    );
    let report = pull_again(&service, pull().with_reread()).await;
    assert_eq!(report.forgotten, ids.len() as u64);
    // Nothing was found, and the value is forgotten all the same.
    let forgotten = run("metadata.userName=unknown", None).unwrap();
    assert_eq!(
        (forgotten.recorded, forgotten.sessions, forgotten.days),
        (1, 0, 0)
    );
    service.verify();
}

#[tokio::test]
async fn damaged_days_are_reported_and_the_others_are_rewritten() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let path = service.path();
    let sessions = path.join("sessions/date=2022-01-03/sessions.ndjson");
    let mut text = std::fs::read_to_string(&sessions).unwrap();
    text.push_str("{}\n");
    std::fs::write(&sessions, text).unwrap();
    std::fs::remove_file(path.join("sessions/date=2022-01-05/sessions.ndjson")).unwrap();
    let forget = Forget::new(&path).with_subject("metadata.hats=green".parse().unwrap());
    let forgotten = forget.run().unwrap();
    assert!(forgotten.sessions > 0);
    for day in ["2022-01-03", "2022-01-05"] {
        let prefix = format!("nothing was removed from {day}");
        let mut problems = forgotten.problems.iter();
        assert!(
            problems.any(|problem| problem.starts_with(&prefix)),
            "{forgotten:?}"
        );
    }
    std::fs::remove_file(&sessions).unwrap();
    let report = service.run(service.pull()).await;
    assert!(report.forgotten > 0);
    let problems = service.problems();
    assert!(
        problems.len() == 1 && problems[0].contains("run `apivideo lake forget"),
        "{problems:?}"
    );
    self::forget(&path, &[]);
    service.verify();
    assert_eq!(files_with(&path, "green"), [""; 0]);
}

#[cfg(feature = "parquet")]
#[tokio::test]
async fn earlier_versions_of_delta_logs_are_deleted() {
    let service = Service::small().await;
    let pull = || service.pull().with_format(Format::Parquet).with_delta();
    service.run(pull()).await;
    let path = service.path();
    let parquet = || -> BTreeSet<String> {
        let names = files(&path).into_keys();
        names
            .filter(|name| name.ends_with(".parquet") && !name.contains("_delta_log"))
            .collect()
    };
    let before = parquet();
    let forgotten = forget(&path, &["metadata.hats=green"]);
    assert!(forgotten.sessions > 5);
    let verification = service.verify();
    let after = parquet();
    assert_eq!(
        after.len() as u64,
        verification.files,
        "files of one version"
    );
    assert!(before.difference(&after).count() as u64 >= 2 * forgotten.days);
    let error = convert(&path, Format::Csv).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input);
    assert!(error.to_string().contains("Delta logs"), "{error}");
    let report = pull_again(&service, pull().with_reread()).await;
    assert_eq!(report.forgotten, forgotten.sessions);
    assert_eq!(parquet(), after);
}

#[cfg(feature = "object-store")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lakes_in_an_object_store_are_rewritten() {
    let service = Service::small().await;
    let lake = Location::from("memory://forget/lake").with_staging(service.folder.path());
    let pull = |format| {
        Pull::new(&service.client, lake.clone())
            .as_of("2022-03-01T00:00:00Z".parse().unwrap())
            .with_period(WORLD.parse().unwrap())
            .with_format(format)
    };
    service.run(pull(Format::Ndjson)).await;
    let forget = || Forget::new("memory://forget/lake");
    let subject = "metadata.hats=green".parse().unwrap();
    let forgotten = forget().with_subject(subject).run().unwrap();
    assert!(
        forgotten.sessions > 5 && forgotten.problems.is_empty(),
        "{forgotten:?}"
    );
    convert("memory://forget/lake", Format::Csv).unwrap();
    let verification = apivideo_lake::verify("memory://forget/lake").unwrap();
    assert_eq!(verification.problems, [""; 0]);
    assert_eq!(verification.sessions, 300 - forgotten.sessions);
    let report = service.run(pull(Format::Csv).with_reread()).await;
    assert_eq!(report.forgotten, forgotten.sessions);
    assert_eq!(forget().run().unwrap(), Forgotten::default());
}

#[tokio::test]
async fn rows_in_another_staging_folder_are_a_problem() {
    let service = Service::small().await;
    let path = service.path();
    let other = tempfile::tempdir().unwrap();
    let location = Location::from(&path).with_staging(other.path());
    let pull = || {
        Pull::new(&service.client, &location)
            .with_period(WORLD.parse().unwrap())
            .with_format(Format::Ndjson)
            .as_of("2022-03-01T00:00:00Z".parse().unwrap())
    };
    let stopped = pull().with_max_requests(60).run().await.unwrap();
    assert!(stopped.stopped && files_with(other.path(), "green").len() > 1);

    let subject = "metadata.hats=green";
    let run = |place: &Location| {
        let forget = Forget::new(place).with_subject(subject.parse().unwrap());
        forget.run().unwrap().problems
    };
    let problems = run(&Location::from(&path));
    assert!(
        problems.len() == 1 && problems[0].contains("run the same command with --staging DIR"),
        "{problems:?}"
    );
    assert_eq!(run(&location), [""; 0]);
    assert_eq!(files_with(other.path(), "green"), [""; 0]);
    // The discarded staging is not somewhere else.
    assert_eq!(run(&location), [""; 0]);

    // What an interrupted run without a staging folder leaves in the lake is not an unfinished pull.
    for name in ["_staging", "_derived"] {
        std::fs::create_dir_all(path.join(name)).unwrap();
        std::fs::write(path.join(name).join("x.incoming"), "half a file").unwrap();
    }
    pull().run().await.unwrap();
    assert!(!path.join("_staging").exists() && !path.join("_derived").exists());
    for name in ["_staging", "_derived"] {
        std::fs::create_dir(path.join(name)).unwrap();
    }
    service.verify();
    assert_eq!(files_with(&path, "green"), [""; 0]);
}

#[tokio::test]
async fn files_that_no_manifest_names_are_problems() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let path = service.path();
    let day = path.join("sessions/date=2022-01-03");
    for name in ["sessions/date=2022-01-03/sessions.csv", "events/old.ndjson"] {
        std::fs::copy(day.join("sessions.ndjson"), path.join(name)).unwrap();
        let forget = Forget::new(&path).with_subject("metadata.hats=green".parse().unwrap());
        let problem = format!(
            "{} is in no manifest and was not searched; move it out of the lake",
            path.join(name).display()
        );
        assert_eq!(forget.run().unwrap().problems, [&*problem]);
        assert!(
            service
                .problems()
                .iter()
                .any(|problem| problem.contains("not removed completely"))
        );
        std::fs::remove_file(path.join(name)).unwrap();
        forget_all(&path);
        service.verify();
    }
    // The files of a day without its manifest are one problem.
    std::fs::remove_file(path.join("_manifest/days/2022-01-03.json")).unwrap();
    let problems = Forget::new(&path).run().unwrap().problems;
    assert_eq!(problems.len(), 1, "{problems:?}");
}

/// Applies the list again.
fn forget_all(path: &Path) {
    assert_eq!(forget(path, &[]).problems, [""; 0]);
}

#[tokio::test]
async fn a_lost_list_is_noticed_and_another_one_can_be_started() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let path = service.path();
    let forgotten = forget(&path, &["metadata.hats=green"]);
    assert!(forgotten.sessions > 0);
    let list = path.join("_manifest/forgotten.json");
    let backup = std::fs::read(&list).unwrap();
    std::fs::remove_file(&list).unwrap();
    let before = files(&path);
    let refused = [
        service.pull().with_reread().run().await.unwrap_err(),
        apivideo_lake::verify(&path).unwrap_err(),
        apivideo_lake::rebuild(&path, None).unwrap_err(),
        convert(&path, Format::Csv).unwrap_err(),
        Forget::new(&path).run().unwrap_err(),
    ];
    for error in refused {
        assert_eq!(error.kind(), ErrorKind::Corrupt);
        assert!(
            error.to_string().contains("forgotten.json is missing"),
            "{error}"
        );
    }
    assert_eq!(differing(&files(&path), &before), [""; 0]);
    let reader = LakeReader::new(&path);
    reader.audience(Audience::new()).unwrap();
    apivideo_lake::status(&path).unwrap();

    let again = Forget::new(&path).with_subject("metadata.hats=green".parse().unwrap());
    let again = again.run().unwrap();
    assert_eq!((again.recorded, again.problems.len()), (1, 1));
    assert!(
        again.problems[0].contains("name each person again"),
        "{again:?}"
    );
    let report = pull_again(&service, service.pull().with_reread()).await;
    assert_eq!(report.forgotten, forgotten.sessions);

    // A kill after the list was written: the next pull records that there is one.
    let lake = path.join("_manifest/lake.json");
    let text = std::fs::read_to_string(&lake).unwrap();
    let flag = ",\n  \"forgotten\": true";
    assert!(text.contains(flag));
    std::fs::write(&lake, text.replace(flag, "")).unwrap();
    std::fs::write(&list, backup).unwrap();
    service.run(service.pull()).await;
    std::fs::remove_file(&list).unwrap();
    assert_eq!(
        service.pull().run().await.unwrap_err().kind(),
        ErrorKind::Corrupt
    );
}
