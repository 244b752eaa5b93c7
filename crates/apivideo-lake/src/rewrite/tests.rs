//! Rewriting is interrupted before each operation that changes the storage, and completed by another run.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use apivideo::Client;
use apivideo_simulator::{FaultScript, Rule, Simulator};

use super::convert::convert_in;
use super::forget::Forget;
use crate::error::ErrorKind;
use crate::folder::Folder;
use crate::format::Format;
use crate::pull::Pull;
use crate::storage::interrupted::Interrupted;

/// Opens a folder whose storage stops after a number of changes.
fn interrupted(path: &Path, after: u64) -> Folder {
    Folder::new(path).wrap_storage(|storage| Arc::new(Interrupted::after(after, storage)))
}

/// A service whose lists have records that cannot be decoded, and a client of it.
async fn service() -> (Simulator, Client) {
    let lists = || Rule::new().path("/analytics/videos/*");
    let faults = FaultScript::new()
        .rule(lists().remove("/data/1/session/sessionId"))
        .rule(lists().remove("/data/3/session/sessionId"));
    let simulator = Simulator::builder()
        .videos(2)
        .live_streams(1)
        .sessions(20)
        .days(3)
        .faults(faults)
        .manual_clock()
        .start()
        .await
        .unwrap();
    let client = Client::builder()
        .api_key("key")
        .base_url(simulator.base_url())
        .build()
        .unwrap();
    (simulator, client)
}

fn pull(client: &Client, path: &Path, format: Format) -> Pull {
    Pull::new(client, path)
        .as_of("2022-03-01T00:00:00Z".parse().unwrap())
        .with_since("2021-12-01".parse().unwrap())
        .with_format(format)
}

/// Returns the files below a folder by their names, without the lock, the record of runs, which has times, and the list of what was
/// forgotten, which has a random salt.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            let below = files(&path).into_iter();
            found.extend(below.map(|(below, bytes)| (format!("{name}/{below}"), bytes)));
        } else if !["_lock", "forgotten.json", "runs.json"].contains(&&*name) {
            found.insert(name, fs::read(&path).unwrap());
        }
    }
    found
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &to),
            false => drop(fs::copy(&path, &to).unwrap()),
        }
    }
}

fn differing(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let names = one.keys().chain(other.keys());
    let names = names.filter(|name| one.get(*name) != other.get(*name));
    names.cloned().collect()
}

/// Returns the files with a string that starts with a text.
fn contains(folder: &Path, text: &str) -> Vec<String> {
    let text = format!("\"{text}");
    let files = files(folder).into_iter();
    let has = |bytes: &[u8]| {
        bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    files
        .filter(|(_, bytes)| has(bytes))
        .map(|(name, _)| name)
        .collect()
}

#[tokio::test]
async fn forgetting_is_completed_after_an_interruption_at_any_operation() {
    let (_simulator, client) = service().await;
    let root = tempfile::tempdir().unwrap();
    let lake = root.path().join("lake");
    pull(&client, &lake, Format::Ndjson).run().await.unwrap();
    let invalid = lake.join("_invalid");
    let values = ["green", "red", "blue", "black & white"];
    let value = values
        .into_iter()
        .find(|value| !contains(&invalid, value).is_empty());
    let value = value.expect("a value of an invalid record");
    let subject = || format!("metadata.hats={value}").parse().unwrap();
    let expected = root.path().join("expected");
    copy(&lake, &expected);
    let forgotten = Forget::new(&*expected)
        .with_subject(subject())
        .run()
        .unwrap();
    assert!(
        forgotten.sessions > 1 && forgotten.invalid_records > 0,
        "{forgotten:?}"
    );
    assert_eq!(contains(&expected, value), [""; 0]);
    let expected = files(&expected);

    let mut interruptions = 0;
    loop {
        let path = root.path().join("interrupted");
        copy(&lake, &path);
        let run = Forget::new(&*path).with_subject(subject());
        let outcome = run.run_in(&interrupted(&path, interruptions));
        let is_complete = outcome.is_ok();
        if !is_complete {
            assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Storage);
            let problems = crate::verify(&*path).unwrap().problems;
            let is_known = |problem: &&String| {
                ["forgotten", "rebuild", "run it again", "derived"]
                    .iter()
                    .any(|part| problem.contains(part))
            };
            let is_listed = path.join("_manifest/forgotten.json").exists();
            assert_eq!(is_listed, interruptions > 0);
            assert!(
                !is_listed || problems.iter().any(|problem| is_known(&problem)),
                "{problems:?}"
            );
            if interruptions % 8 == 4 {
                // A pull does not bring back what is to be forgotten.
                let before = contains(&path, value).len();
                pull(&client, &path, Format::Ndjson)
                    .with_reread()
                    .run()
                    .await
                    .unwrap();
                assert!(contains(&path, value).len() <= before);
                Forget::new(&*path).run().unwrap();
                assert_eq!(contains(&path, value), [""; 0]);
            } else {
                let again = Forget::new(&*path);
                let again = match is_listed {
                    true => again,
                    false => again.with_subject(subject()),
                };
                let again = again.run().unwrap();
                assert_eq!(
                    (again.recorded, again.problems),
                    (u64::from(!is_listed), vec![])
                );
                let found = files(&path);
                assert_eq!(differing(&found, &expected), [""; 0], "{interruptions}");
            }
        }
        fs::remove_dir_all(&path).unwrap();
        if is_complete {
            break;
        }
        interruptions += 1;
    }
    assert!(interruptions > 20, "{interruptions}");
}

#[tokio::test]
async fn converting_is_completed_after_an_interruption_at_any_operation() {
    let (_simulator, client) = service().await;
    let root = tempfile::tempdir().unwrap();
    let (lake, direct) = (root.path().join("lake"), root.path().join("direct"));
    pull(&client, &lake, Format::Ndjson).run().await.unwrap();
    pull(&client, &direct, Format::Csv).run().await.unwrap();
    let expected = files(&direct);

    let mut interruptions = 0;
    loop {
        let path = root.path().join("interrupted");
        copy(&lake, &path);
        let outcome = convert_in(&interrupted(&path, interruptions), Format::Csv);
        let is_complete = outcome.is_ok();
        if !is_complete && interruptions > 0 {
            let command = format!(
                "run `apivideo lake convert {} --format csv`",
                path.display()
            );
            let refused = [
                pull(&client, &path, Format::Ndjson)
                    .run()
                    .await
                    .unwrap_err(),
                pull(&client, &path, Format::Csv).plan().await.unwrap_err(),
                crate::verify(&*path).unwrap_err(),
                crate::rebuild(&*path, None).unwrap_err(),
                Forget::new(&*path).run().unwrap_err(),
                crate::LakeReader::new(&*path).sample().unwrap_err(),
            ];
            let status = crate::status(&*path).unwrap();
            assert_eq!(status.converting, Some(Format::Csv));
            for error in refused {
                assert!(
                    error.to_string().contains(&command),
                    "{interruptions}: {error}"
                );
            }
            let error = crate::convert(&*path, Format::Ndjson).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Input);
        }
        if !is_complete {
            if interruptions % 2 == 1 {
                // Another machine completes it.
                drop(fs::remove_dir_all(path.join("_staging")));
            }
            crate::convert(&*path, Format::Csv).unwrap();
        }
        let mut found = files(&path);
        found.retain(|name, _| !name.ends_with(".tmp"));
        assert_eq!(differing(&found, &expected), [""; 0], "{interruptions}");
        fs::remove_dir_all(&path).unwrap();
        if is_complete {
            break;
        }
        interruptions += 1;
    }
    assert!(interruptions > 40, "{interruptions}");
}
