//! What goes wrong is said, and nothing that was there is lost.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::fs;

use apivideo_lake::{Error, ErrorKind, Format, Privacy, Pull, verify};
use apivideo_simulator::{FaultScript, Rule};
use common::{Service, files};
use serde_json::Value;

/// Fails, and changes nothing.
async fn refused(service: &Service, pull: Pull) -> Error {
    let before = files(&service.path());
    let error = pull.run().await.unwrap_err();
    assert!(files(&service.path()) == before, "{error}");
    error
}

#[tokio::test]
async fn a_folder_that_was_begun_otherwise_is_left_alone() {
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
        (service.pull(), "it drops location_city, not nothing"),
        (
            service.pull().with_privacy(other),
            "its hashes were made with another salt",
        ),
    ] {
        let error = refused(&service, pull.clone()).await;
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
async fn a_folder_of_another_version_or_with_something_else_is_left_alone() {
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
    for (text, said, advice) in [
        (
            other(99, columns),
            format!("newer version (folder 99, columns {columns}"),
            "update this program",
        ),
        (
            other(folder, 99),
            format!("newer version (folder {folder}, columns 99"),
            "update this program",
        ),
        (
            other(folder, columns - 1),
            format!("older version (folder {folder}, columns {}", columns - 1),
            "pull into a new folder",
        ),
        (
            "{\"apivideoLake\": 99, \"else\": []}".to_owned(),
            "newer version (folder 99".to_owned(),
            "update this program",
        ),
    ] {
        fs::write(&lake, text).unwrap();
        let error = refused(&service, service.pull()).await;
        assert_eq!(error.kind(), ErrorKind::Version);
        assert!(
            error.to_string().contains(&said) && error.to_string().contains(advice),
            "{error}"
        );
        assert_eq!(
            verify(service.path()).unwrap_err().kind(),
            ErrorKind::Version
        );
    }
    fs::remove_dir_all(service.path()).unwrap();
    fs::create_dir_all(service.path()).unwrap();
    fs::write(service.path().join("thesis.txt"), "years of work").unwrap();
    let error = refused(&service, service.pull()).await;
    assert!(
        error
            .to_string()
            .contains("is no mirror and not empty: thesis.txt is in it"),
        "{error}"
    );
    assert!(
        verify(service.path())
            .unwrap_err()
            .to_string()
            .contains("is no mirror")
    );
}

#[tokio::test]
async fn a_manifest_that_is_damaged_is_named() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    for name in ["_manifest/lake.json", "_manifest/days/2022-01-01.json"] {
        let path = service.path().join(name);
        let good = fs::read(&path).unwrap();
        for bad in [&good[..good.len() / 2], b"", b"[]"] {
            fs::write(&path, bad).unwrap();
            let error = refused(&service, service.pull().with_reread()).await;
            assert_eq!(error.kind(), ErrorKind::Changed);
            assert!(
                error
                    .to_string()
                    .contains(&format!("{name} can't be understood")),
                "{error}"
            );
            assert_eq!(
                verify(service.path()).unwrap_err().to_string(),
                error.to_string()
            );
        }
        fs::write(&path, good).unwrap();
    }
    service.verify();
}

#[tokio::test]
async fn a_file_that_was_changed_by_hand_is_found_and_not_overwritten() {
    let service = Service::small().await;
    let closing = |as_of| {
        service
            .pull_as_of(as_of)
            .with_since("2021-12-18".parse().unwrap())
    };
    service.run(closing("2022-01-16T12:00:00Z")).await;
    let path = service
        .path()
        .join("sessions/date=2022-01-14/sessions.ndjson");
    let good = fs::read(&path).unwrap();
    for bad in [None, Some([&good[..], b"{}\n"].concat())] {
        match &bad {
            Some(bad) => fs::write(&path, bad).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        let said = if bad.is_some() {
            "was changed: it has"
        } else {
            "is not there"
        };
        // The day is open, so that its files would be replaced.
        let error = refused_but_for_others(&service, closing("2022-01-16T13:00:00Z")).await;
        assert_eq!(error.kind(), ErrorKind::Changed);
        assert!(
            error.to_string().contains(said) && error.to_string().contains("--reread"),
            "{error}"
        );
        let found = verify(service.path()).unwrap();
        assert!(
            found.problems.iter().any(|problem| problem.contains(said)),
            "{found:?}"
        );
    }
    // Moved away and read anew, it is as before.
    fs::remove_file(&path).unwrap();
    service
        .run(closing("2022-01-16T12:00:00Z").with_reread())
        .await;
    assert!(fs::read(&path).unwrap() == good);
    service.verify();

    fs::write(
        service.path().join("sessions/date=2022-01-14/copy.ndjson"),
        &good,
    )
    .unwrap();
    let found = verify(service.path()).unwrap();
    assert_eq!(found.problems.len(), 1);
    assert!(
        found.problems[0].ends_with("copy.ndjson is in no manifest; move it away"),
        "{found:?}"
    );
}

/// Fails without changing a file of data; what it staged before it came to the day stays.
async fn refused_but_for_others(service: &Service, pull: Pull) -> Error {
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

/// A write to `/dev/full` fails as one to a disk without room does.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_stops_a_pull_and_loses_nothing() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let undisturbed = files(&service.path());
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
            .contains("there is no room left; make some and run the same again"),
        "{error}"
    );
    let found = verify(service.path()).unwrap();
    assert_eq!(found.problems, [""; 0]);
    assert!(found.sessions > 100, "the days before it are there");
    fs::remove_file(&full).unwrap();
    let report = service.run(service.pull()).await;
    assert_eq!(
        report.sessions_asked,
        300 - found.sessions - day_before_commit(&service)
    );
    assert!(files(&service.path()) == undisturbed);
}

/// The sessions of the day that could not be committed, whose events were kept.
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
async fn a_folder_that_can_not_be_made_is_named() {
    let service = Service::small().await;
    let file = service.folder.path().join("file");
    fs::write(&file, "no folder").unwrap();
    let pull = Pull::new(
        &service.client,
        file.join("lake"),
        "2022-03-01T00:00:00Z".parse().unwrap(),
    );
    let pull = pull
        .with_format(Format::Ndjson)
        .with_period("2022".parse().unwrap());
    let error = pull.run().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Storage);
    assert!(error.to_string().contains("file/lake"), "{error}");
    assert_eq!(service.asked_since(0), 0);
}

#[tokio::test]
async fn times_that_can_not_be_read_and_records_that_can_not_be_understood_lose_nothing_else() {
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
    let service = Service::faulty(script).await;
    let report = service.run(service.pull()).await;
    assert_eq!(
        (
            report.skipped_sessions,
            report.out_of_period,
            report.without_events
        ),
        (1, 1, 1)
    );
    // The name that query engines read as NULL, so that `date` stays a date for them.
    let unknown = |table: &str| {
        let name = format!("{table}/date=__HIVE_DEFAULT_PARTITION__/{table}.ndjson");
        fs::read_to_string(service.path().join(name)).unwrap()
    };
    assert!(!unknown("events").is_empty());
    let unknown = unknown("sessions");
    assert_eq!(unknown.lines().count(), 1);
    assert!(
        unknown.contains(r#""loaded_at":null"#) && unknown.contains(r#""loadedAt":"soon""#),
        "{unknown}"
    );
    assert_eq!(service.verify().sessions, 299);
    let again = service.run(service.pull().with_reread()).await;
    assert_eq!(again.days_written, 0, "the same again");
    assert_eq!(service.verify().sessions, 299);
    // Those that the service did not have are asked for again.
    assert_eq!(again.sessions_asked + again.without_events, 1);
}

#[tokio::test]
async fn a_new_mirror_needs_to_know_from_when_on() {
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
            .contains("there is nothing to pull yet")
    );
    assert!(!service.path().exists());
}
