//! Failures are reported, and no stored data is lost.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::fs;

use apivideo_insights::Audience;
use apivideo_lake::{Error, ErrorKind, Format, LakeReader, Privacy, Pull, verify};
use apivideo_simulator::{FaultScript, Rule};
use common::{Service, differing, files};
use serde_json::Value;

/// Asserts that a pull fails and changes nothing.
async fn assert_rejected(service: &Service, pull: Pull) -> Error {
    let before = files(&service.path());
    let error = pull.run().await.unwrap_err();
    assert!(files(&service.path()) == before, "{error}");
    error
}

#[tokio::test]
async fn different_options_are_rejected() {
    let service = Service::small().await;
    let salt = b"a salt of sixteen bytes or more";
    let privacy = Privacy::new()
        .drop("city")
        .unwrap()
        .hash("country", salt)
        .unwrap();
    service
        .run(
            service
                .pull()
                .with_max_requests(20)
                .with_privacy(privacy.clone()),
        )
        .await;
    let other = Privacy::new()
        .drop("city")
        .unwrap()
        .hash("country", b"another salt of that length")
        .unwrap();
    for (pull, why) in [
        (
            service
                .pull()
                .with_format(Format::Csv)
                .with_privacy(privacy.clone()),
            "its files are ndjson, not csv",
        ),
        (
            service
                .pull()
                .without_events()
                .with_privacy(privacy.clone()),
            "it has events",
        ),
        (
            service.pull(),
            "it drops location_city, and this pull drops nothing",
        ),
        (
            service.pull().with_privacy(other),
            "it was hashed with another salt",
        ),
    ] {
        let error = assert_rejected(&service, pull.clone()).await;
        assert_eq!(error.kind(), ErrorKind::Input);
        assert!(error.to_string().contains(why), "{error}");
        assert_eq!(
            pull.plan().await.unwrap_err().to_string(),
            error.to_string()
        );
    }
    service.run(service.pull().with_privacy(privacy)).await;
}

#[tokio::test]
async fn folders_of_other_versions_and_foreign_folders_are_rejected() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let lake = service.path().join("_manifest/lake.json");
    let text = fs::read_to_string(&lake).unwrap();
    let version: Value = serde_json::from_str(&text).unwrap();
    let (folder, columns) = (
        version["apivideoLake"].as_u64().unwrap(),
        version["schema"].as_u64().unwrap(),
    );
    let other = |folder, columns| {
        text.replace(
            &format!("\"apivideoLake\": {}", version["apivideoLake"]),
            &format!("\"apivideoLake\": {folder}"),
        )
        .replace(
            &format!("\"schema\": {}", version["schema"]),
            &format!("\"schema\": {columns}"),
        )
    };
    for (text, message, advice) in [
        (
            other(99, columns),
            format!("newer version (layout 99, columns {columns}"),
            "update this program",
        ),
        (
            other(folder, 99),
            format!("newer version (layout {folder}, columns 99"),
            "update this program",
        ),
        (
            other(folder - 2, columns),
            format!("older version (layout {}, columns {columns}", folder - 2),
            "pull into a new folder",
        ),
        (
            other(folder, columns - 1),
            format!("older version (layout {folder}, columns {}", columns - 1),
            "pull into a new folder",
        ),
        (
            "{\"apivideoLake\": 99, \"else\": []}".to_owned(),
            "newer version (layout 99".to_owned(),
            "update this program",
        ),
    ] {
        fs::write(&lake, text).unwrap();
        let error = assert_rejected(&service, service.pull()).await;
        assert_eq!(error.kind(), ErrorKind::UnsupportedVersion);
        assert!(
            error.to_string().contains(&message) && error.to_string().contains(advice),
            "{error}"
        );
        assert_eq!(
            verify(service.path()).unwrap_err().kind(),
            ErrorKind::UnsupportedVersion
        );
    }
    fs::remove_dir_all(service.path()).unwrap();
    fs::create_dir_all(service.path()).unwrap();
    fs::write(service.path().join("thesis.txt"), "years of work").unwrap();
    let error = assert_rejected(&service, service.pull()).await;
    assert!(
        error
            .to_string()
            .contains("is not a lake and not empty: it contains thesis.txt"),
        "{error}"
    );
    assert!(
        verify(service.path())
            .unwrap_err()
            .to_string()
            .contains("is not a lake")
    );
}

#[tokio::test]
async fn damaged_manifests_are_named() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    for name in ["_manifest/lake.json", "_manifest/days/2022-01-01.json"] {
        let path = service.path().join(name);
        let valid = fs::read(&path).unwrap();
        for damaged in [&valid[..valid.len() / 2], b"", b"[]"] {
            fs::write(&path, damaged).unwrap();
            let error = assert_rejected(&service, service.pull().with_reread()).await;
            assert_eq!(error.kind(), ErrorKind::Corrupt);
            assert!(
                error.to_string().contains(&format!("{name} is invalid")),
                "{error}"
            );
            assert_eq!(
                verify(service.path()).unwrap_err().to_string(),
                error.to_string()
            );
        }
        fs::write(&path, valid).unwrap();
    }
    service.verify();
}

#[tokio::test]
async fn a_changed_file_is_not_overwritten_and_other_days_are_updated() {
    let service = Service::small().await;
    let pull = |as_of| {
        service
            .pull_as_of(as_of)
            .with_since("2021-12-18".parse().unwrap())
    };
    service.run(pull("2022-01-16T12:00:00Z")).await;
    let uninterrupted = files(&service.path());
    // A final and a mutable day.
    for day in ["2022-01-02", "2022-01-14"] {
        let path = service
            .path()
            .join(format!("sessions/date={day}/sessions.ndjson"));
        let valid = fs::read(&path).unwrap();
        let changed = [&valid[..], b"{}\n"].concat();
        fs::write(&path, &changed).unwrap();
        for _ in 0..2 {
            let report = service.run(pull("2022-01-16T12:00:00Z")).await;
            assert_eq!(report.problems.len(), 1, "{:?}", report.problems);
            let message = format!("sessions/date={day}/sessions.ndjson was changed");
            assert!(
                report.problems[0].contains(&message),
                "{:?}",
                report.problems
            );
            assert!(report.problems[0].contains("move the file out of the lake"));
            assert_eq!(fs::read(&path).unwrap(), changed);
        }
        let problems = service.problems();
        assert!(
            problems
                .iter()
                .any(|problem| problem.contains(&changed_file(day)))
        );
        assert!(problems.len() <= 2, "{problems:?}");
        // Once the file is removed, the day is read again.
        fs::remove_file(&path).unwrap();
        let report = service.run(pull("2022-01-16T12:00:00Z")).await;
        assert_eq!(report.problems, [""; 0]);
        assert_eq!(differing(&files(&service.path()), &uninterrupted), [""; 0]);
        service.verify();
    }

    fs::write(
        service.path().join("sessions/date=2022-01-14/copy.ndjson"),
        "copy",
    )
    .unwrap();
    let problems = service.problems();
    assert_eq!(problems.len(), 1);
    assert!(
        problems[0].ends_with("copy.ndjson is in no manifest; move it out of the lake"),
        "{problems:?}"
    );
}

fn changed_file(day: &str) -> String {
    format!("sessions/date={day}/sessions.ndjson was changed: expected")
}

#[tokio::test]
async fn a_missing_file_is_one_problem_and_its_day_is_read_again() {
    let service = Service::small().await;
    let pull = || {
        service
            .pull_as_of("2022-01-16T12:00:00Z")
            .with_since("2021-12-18".parse().unwrap())
    };
    service.run(pull()).await;
    let uninterrupted = files(&service.path());
    for day in ["2022-01-02", "2022-01-14"] {
        for name in [
            format!("sessions/date={day}/sessions.ndjson"),
            format!("events/date={day}/events.ndjson"),
            format!("_manifest/days/{day}.json"),
        ] {
            fs::remove_file(service.path().join(&name)).unwrap();
            let mut problems = service.problems();
            // The files of a missing manifest are in no manifest.
            problems.retain(|problem| !problem.contains("is in no manifest"));
            assert_eq!(problems.len(), 1, "{name}: {problems:?}");
            assert!(
                problems[0].contains("missing; run the pull again"),
                "{problems:?}"
            );
            // Even if its day is outside of the period.
            let other = service
                .pull_as_of("2022-01-16T12:00:00Z")
                .with_period("2021-12-20".parse().unwrap());
            let report = service.run(other).await;
            assert_eq!(report.problems, [""; 0], "{name}");
            assert_eq!(report.warnings.len(), 1, "{:?}", report.warnings);
            assert!(report.warnings[0].contains(day), "{:?}", report.warnings);
            assert_eq!(
                differing(&files(&service.path()), &uninterrupted),
                [""; 0],
                "{name}"
            );
            service.verify();
        }
    }
}

#[tokio::test]
async fn sessions_that_no_longer_exist_are_a_problem_until_accepted() {
    let mut service = Service::small().await;
    service.run(service.pull()).await;
    let video = service.simulator.world().videos()[0].id().to_owned();
    fs::remove_file(
        service
            .path()
            .join("sessions/date=2022-01-02/sessions.ndjson"),
    )
    .unwrap();
    let gone = FaultScript::new().rule(
        Rule::new()
            .path(format!("/analytics/videos/{video}"))
            .status(404),
    );
    service.set_faults(gone).await;
    for _ in 0..2 {
        let report = service.run(service.pull()).await;
        assert_eq!(report.problems.len(), 1, "{report:?}");
        assert!(report.problems[0].contains(&format!("video/{video} 2022-01-02: incomplete")));
        assert_eq!(service.problems().len(), 1);
    }
    let report = service.run(service.pull().with_accept_invalid()).await;
    assert_eq!((report.problems.len(), report.accepted), (0, 1));
    service.verify();
    assert_eq!(service.run(service.pull()).await.problems, [""; 0]);
}

#[tokio::test]
async fn rejected_events_of_a_session_do_not_stop_the_others() {
    for status in [400, 410, 422] {
        let script = FaultScript::new().rule(
            Rule::new()
                .path("/analytics/sessions/psEmFwGQUAXR2lFHj5nDOpy/events")
                .status(status),
        );
        let mut service = Service::faulty(script).await;
        let report = service.run(service.pull()).await;
        assert_eq!(report.without_events, 1, "{status}: {report:?}");
        assert_eq!(service.rows("sessions").len(), 300);
        let problems = verify(service.path()).unwrap().problems;
        assert_eq!(problems.len(), 1, "{problems:?}");
        service.set_faults(FaultScript::new()).await;
        let report = service.run(service.pull()).await;
        assert_eq!(report.without_events, 0, "{report:?}");
        service.verify();
    }
}

#[tokio::test]
async fn manifest_paths_outside_of_the_folder_are_rejected() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let thesis = service.folder.path().join("thesis.ndjson");
    fs::write(&thesis, "years of work").unwrap();
    let manifest = service.path().join("_manifest/days/2022-01-02.json");
    let valid = fs::read_to_string(&manifest).unwrap();
    let inside = "sessions/date=2022-01-02/sessions.ndjson";
    for (path, why) in [
        ("../thesis.ndjson", "outside of the lake"),
        ("/etc/passwd", "outside of the lake"),
        (
            "sessions/date=2022-01-03/sessions.ndjson",
            "of another day or table",
        ),
        ("_manifest/lake.json", "of another day or table"),
    ] {
        for name in [
            "_manifest/days/2022-01-02.json",
            "_manifest/days/2022-01-02.json.pending",
        ] {
            fs::write(service.path().join(name), valid.replace(inside, path)).unwrap();
            let error = assert_rejected_without_data_changes(&service, service.pull()).await;
            assert_eq!(error.kind(), ErrorKind::Corrupt, "{name} {path}");
            assert!(error.to_string().contains(why), "{error}");
            fs::remove_file(service.path().join(name)).unwrap();
            fs::write(&manifest, &valid).unwrap();
        }
    }
    assert_eq!(fs::read_to_string(thesis).unwrap(), "years of work");
}

/// Asserts that a pull fails and changes no data file.
async fn assert_rejected_without_data_changes(service: &Service, pull: Pull) -> Error {
    let data = || {
        let mut files = files(&service.path());
        files.retain(|path, _| !path.starts_with('_'));
        files
    };
    let before = data();
    let error = pull.run().await.unwrap_err();
    assert!(data() == before, "{error}");
    error
}

/// A write to `/dev/full` fails like one to a full disk.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_stops_a_pull_and_loses_nothing() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let uninterrupted = files(&service.path());
    fs::remove_dir_all(service.path()).unwrap();

    let days = service.path().join("_manifest/days");
    fs::create_dir_all(&days).unwrap();
    let full = days.join("2022-01-02.json.pending.tmp");
    std::os::unix::fs::symlink("/dev/full", &full).unwrap();
    let error = service.pull().run().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Storage);
    assert!(
        error
            .to_string()
            .contains("the disk is full; free some space and run the same command again"),
        "{error}"
    );
    let found = service.verify_unfinished();
    assert!(found.sessions > 100, "the days before it are stored");
    fs::remove_file(&full).unwrap();
    let report = service.run(service.pull()).await;
    assert_eq!(
        report.sessions_with_events,
        300 - found.sessions - day_before_commit(&service)
    );
    assert!(files(&service.path()) == uninterrupted);
}

/// Returns the number of sessions of the day that could not be committed; their events were staged.
#[cfg(target_os = "linux")]
fn day_before_commit(service: &Service) -> u64 {
    let sessions = service.rows("sessions");
    sessions
        .iter()
        .filter(|row| {
            row["loaded_at"]
                .as_str()
                .unwrap()
                .starts_with("2022-01-02T")
        })
        .count() as u64
}

#[tokio::test]
async fn a_folder_that_cannot_be_created_is_named() {
    let service = Service::small().await;
    let file = service.folder.path().join("file");
    fs::write(&file, "not a folder").unwrap();
    let pull = Pull::new(&service.client, file.join("lake"))
        .as_of("2022-03-01T00:00:00Z".parse().unwrap());
    let pull = pull
        .with_format(Format::Ndjson)
        .with_period("2022".parse().unwrap());
    let error = pull.run().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Storage);
    assert!(error.to_string().contains("file/lake"), "{error}");
    assert_eq!(service.requests_since(0), 0);
}

#[tokio::test]
async fn unreadable_times_and_invalid_records_lose_nothing_else() {
    let script = FaultScript::new()
        .rule(
            Rule::new()
                .path("/analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg")
                .page(1)
                .replace("/data/0/session/loadedAt", "soon")
                .remove("/data/1/session/sessionId"),
        )
        .rule(
            Rule::new()
                .path("/analytics/sessions/psEmFwGQUAXR2lFHj5nDOpy/events")
                .status(404),
        );
    let mut service = Service::faulty(script).await;
    let report = service.run(service.pull()).await;
    assert_eq!(
        (
            report.skipped_sessions,
            report.out_of_period,
            report.without_events
        ),
        (1, 1, 1)
    );
    // Query engines read this name as NULL and `date` as a date.
    let unknown = |table: &str| {
        let name = format!("{table}/date=__HIVE_DEFAULT_PARTITION__/{table}.ndjson");
        fs::read_to_string(service.path().join(name)).unwrap()
    };
    assert!(!unknown("events").is_empty());
    assert_eq!(unknown("playbacks").lines().count(), 1);
    assert!(!unknown("played").is_empty());
    let reader = LakeReader::new(service.path());
    let all = reader.audience(Audience::new()).unwrap().finish();
    assert_eq!(all.measures.quality.sessions, 299);
    assert_eq!(all.measures.quality.sessions_unreadable, 1);
    let days = reader
        .with_period(common::WORLD.parse().unwrap())
        .audience(Audience::new())
        .unwrap()
        .finish();
    assert_eq!(days.measures.quality.sessions, 298);
    let unknown = unknown("sessions");
    assert_eq!(unknown.lines().count(), 1);
    assert!(
        unknown.contains(r#""loaded_at":null"#) && unknown.contains(r#""loadedAt":"soon""#),
        "{unknown}"
    );
    for _ in 0..2 {
        let found = verify(service.path()).unwrap();
        assert_eq!(
            (found.sessions, found.problems.len()),
            (299, 2),
            "{found:?}"
        );
        assert!(found.complete_until.is_none());
        let invalid = invalid(&service);
        assert_eq!(invalid.len(), 2, "{invalid:?}");
        assert!(invalid[0]["reason"].as_str().unwrap().contains("events"));
        assert_eq!(
            (&invalid[1]["page"], &invalid[1]["index"]),
            (&1.into(), &1.into())
        );
        assert!(invalid[1]["raw"].as_str().unwrap().contains("loadedAt"));
        // Each pull tries again, whether or not the day is final.
        let next = service.run(service.pull()).await;
        assert_eq!((next.skipped_sessions, next.without_events), (1, 1));
        assert_eq!(next.days_written, 0);
    }
    let accepted = service.run(service.pull().with_accept_invalid()).await;
    assert_eq!((accepted.accepted, accepted.skipped_sessions), (2, 0));
    assert_eq!(service.verify().notes.len(), 2);
    assert_eq!(invalid(&service).len(), 2);
    let last = service.run(service.pull()).await;
    assert_eq!((last.requests, last.accepted), (2, 0));
    // A reread that succeeds removes the records.
    service.set_faults(FaultScript::new()).await;
    service.run(service.pull().with_reread()).await;
    assert_eq!(service.verify().sessions, 300);
    assert!(!service.path().join("_invalid").exists());
}

#[tokio::test]
async fn a_damaged_file_of_invalid_sessions_is_replaced_if_its_sessions_are_read_again() {
    let script = FaultScript::new().rule(
        Rule::new()
            .path("/analytics/videos/*")
            .remove("/data/0/session/sessionId"),
    );
    let service = Service::faulty(script).await;
    // Days that are not read again without --reread.
    let accepted = || service.pull().with_accept_invalid();
    service.run(accepted()).await;
    let expected = files(&service.path());
    let name = expected
        .keys()
        .find(|name| name.starts_with("_invalid/sessions/"));
    let path = service.path().join(name.unwrap());
    let text = fs::read(&path).unwrap();
    fs::write(&path, &text[..text.len() - 20]).unwrap();
    let problems = verify(service.path()).unwrap().problems;
    let advice = "move it out of the lake, and pull its sessions with --reread";
    assert!(problems[0].contains(advice), "{problems:?}");

    let part = || accepted().with_period("2022-01-02".parse().unwrap());
    let error = part().with_reread().run().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    let advice = "move it out of the lake, and pull with --reread";
    assert!(error.to_string().contains(advice), "{error}");
    service.run(accepted().with_reread()).await;
    assert_eq!(differing(&files(&service.path()), &expected), [""; 0]);
    service.verify();
}

/// Returns the records in `_invalid`.
fn invalid(service: &Service) -> Vec<Value> {
    common::rows(&service.path(), "_invalid")
}

#[tokio::test]
async fn a_new_lake_needs_a_period() {
    let service = Service::small().await;
    let error = service
        .pull_as_of("2022-03-01T00:00:00Z")
        .run()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("needs a period"), "{error}");
    let future = service
        .pull_as_of("2022-01-01T00:00:00Z")
        .with_period("2023".parse().unwrap());
    assert!(
        future
            .run()
            .await
            .unwrap_err()
            .to_string()
            .contains("after today")
    );
    assert!(!service.path().exists());
}
