//! Pulls into an object store that stop between any two changes, and are completed on the same or on another machine.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use apivideo_simulator::Simulator;

use super::*;
use crate::error::ErrorKind;
use crate::storage::interrupted::Interrupted;
use crate::storage::object::memory;
use crate::storage::{Contents, Storage, Visit};

type Objects = BTreeMap<String, Vec<u8>>;

/// An account, an object store with the lake of the day before, and the lake after an undisturbed pull.
struct World {
    client: Client,
    as_of: Timestamp,
    before: Objects,
    after: Objects,
    /// Whether the lake has Delta logs.
    is_delta: bool,
    _simulator: Simulator,
}

impl World {
    async fn new() -> Self {
        Self::with_delta(false).await
    }

    async fn with_delta(is_delta: bool) -> Self {
        let simulator = Simulator::builder()
            .videos(1)
            .live_streams(1)
            .sessions(24)
            .days(6)
            .now("2022-01-02T12:00:00Z".parse().unwrap())
            .manual_clock()
            .start()
            .await
            .unwrap();
        let client = Client::builder()
            .api_key("key")
            .base_url(simulator.base_url())
            .build()
            .unwrap();
        let mut world = Self {
            client,
            as_of: simulator.now(),
            before: Objects::new(),
            after: Objects::new(),
            is_delta,
            _simulator: simulator,
        };
        world.before = world.undisturbed().await;
        let day = std::time::Duration::from_secs(86_400);
        world._simulator.advance(day);
        world.as_of = world._simulator.now();
        world.after = world.undisturbed().await;
        let changed = |(name, bytes): (&String, &Vec<u8>)| world.after.get(name) != Some(bytes);
        assert!(
            world.before.iter().any(changed),
            "days of the first pull change"
        );
        world
    }

    fn pull(&self) -> Pull {
        let pull = Pull::new(&self.client, "s3://not-used")
            .as_of(self.as_of)
            .with_since("2021-12-30".parse().unwrap())
            .with_aggregates();
        match self.is_delta {
            true => pull.with_format(Format::Parquet).with_delta(),
            false => pull.with_format(Format::Ndjson),
        }
    }

    async fn undisturbed(&self) -> Objects {
        let work = tempfile::tempdir().unwrap();
        let store = store(&self.before, work.path());
        self.complete(&store, work.path()).await;
        objects(&*store)
    }

    /// Pulls until the storage stops; returns whether it did.
    async fn interrupt(&self, store: &Arc<dyn Storage>, work: &Path, changes: u64) -> bool {
        let interrupted = Arc::new(Interrupted::after(changes, Arc::clone(store)));
        let folder = Folder::with_storage(interrupted.clone(), work.to_owned());
        let outcome = self.pull().run_in(folder).await;
        match interrupted.has_stopped() {
            // The storage also stops when the lock is released at the end.
            true => drop(outcome),
            false => assert!(outcome.unwrap().problems.is_empty()),
        }
        interrupted.has_stopped()
    }

    /// Pulls without an interruption.
    async fn complete(&self, store: &Arc<dyn Storage>, work: &Path) {
        let folder = Folder::with_storage(Arc::clone(store), work.to_owned());
        let report = self.pull().run_in(folder).await.unwrap();
        assert_eq!(report.problems, [""; 0]);
    }
}

fn store(objects: &Objects, temporary: &Path) -> Arc<dyn Storage> {
    let storage = memory::storage(temporary);
    for (name, bytes) in objects {
        storage.put(name, Contents::Bytes(bytes)).unwrap();
    }
    Arc::new(storage)
}

/// Returns all objects but the record of runs, which has times.
fn objects(storage: &dyn Storage) -> Objects {
    let mut names = Vec::new();
    let visit = &mut |stored: crate::storage::Stored| {
        names.extend(Some(stored.name).filter(|name| name != "_manifest/runs.json"));
        Visit::Continue
    };
    storage.list("", visit).unwrap();
    let read = |name: String| {
        let bytes = storage.read(&name).unwrap().unwrap();
        (name, bytes)
    };
    names.into_iter().map(read).collect()
}

fn assert_equal(found: &Objects, expected: &Objects, what: &str) {
    let names = found.keys().chain(expected.keys());
    let differing: Vec<&String> = names
        .filter(|name| found.get(*name) != expected.get(*name))
        .collect();
    assert!(differing.is_empty(), "{what}: {differing:?}");
}

/// Removes the lock of the process that was stopped, without which no other one can continue.
async fn break_lock(world: &World, store: &Arc<dyn Storage>, work: &Path) {
    let folder = Folder::with_storage(Arc::clone(store), work.to_owned());
    let is_locked = store.read("_lock").unwrap().is_some();
    if is_locked {
        // This process replaces a lock that it could not remove itself.
        let of_another =
            br#"{"host":"other","process":7,"token":"other","since":"2022-01-01T00:00:00Z"}"#;
        store.put("_lock", Contents::Bytes(of_another)).unwrap();
        let outcome = world.pull().run_in(folder.clone()).await;
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Locked);
    }
    assert_eq!(folder.break_lock().unwrap().is_some(), is_locked);
}

#[tokio::test]
async fn a_pull_that_stops_between_any_two_changes_is_completed_by_the_same_machine() {
    let world = World::new().await;
    for changes in 0.. {
        let work = tempfile::tempdir().unwrap();
        let store = store(&world.before, work.path());
        if !world.interrupt(&store, work.path(), changes).await {
            assert!(changes > 30, "{changes} changes");
            break;
        }
        break_lock(&world, &store, work.path()).await;
        world.complete(&store, work.path()).await;
        let what = format!("after {changes} changes");
        assert_equal(&objects(&*store), &world.after, &what);
    }
}

#[tokio::test]
async fn a_pull_that_stops_between_any_two_changes_is_completed_by_another_machine() {
    let world = World::new().await;
    for changes in 0.. {
        let [one, other] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let store = store(&world.before, one.path());
        if !world.interrupt(&store, one.path(), changes).await {
            break;
        }
        break_lock(&world, &store, other.path()).await;
        world.complete(&store, other.path()).await;
        let what = format!("after {changes} changes");
        assert_equal(&objects(&*store), &world.after, &what);
    }
}

#[tokio::test]
async fn two_machines_that_stop_in_turn_lose_nothing() {
    let world = World::new().await;
    for changes in (0..).step_by(3) {
        let [one, other] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let store = store(&world.before, one.path());
        if !world.interrupt(&store, one.path(), changes).await {
            break;
        }
        break_lock(&world, &store, other.path()).await;
        world.interrupt(&store, other.path(), changes / 2 + 3).await;
        break_lock(&world, &store, one.path()).await;
        world.complete(&store, one.path()).await;
        let what = format!("after {changes} changes");
        assert_equal(&objects(&*store), &world.after, &what);
    }
}

/// Checks that the logs have the files of the manifests, and that all other objects are those of an undisturbed pull.
#[cfg(feature = "parquet")]
fn assert_published(store: &Arc<dyn Storage>, work: &Path, world: &World, what: &str) {
    let folder = Folder::with_storage(Arc::clone(store), work.to_owned());
    let lake = LakeManifest::load(&folder).unwrap().unwrap();
    let checked = delta::check(&folder, &lake).unwrap();
    assert_eq!(checked.problems, [""; 0], "{what}");
    // The history of a lake depends on its pulls.
    let [found, expected] = [&objects(&**store), &world.after].map(|objects| {
        let mut objects = objects.clone();
        objects.retain(|name, _| !delta::is_log(name));
        objects
    });
    assert_equal(&found, &expected, what);
}

#[cfg(feature = "parquet")]
#[tokio::test]
async fn a_pull_with_delta_logs_that_stops_is_completed_by_the_same_or_another_machine() {
    let world = World::with_delta(true).await;
    for changes in (0..).step_by(5) {
        let [one, other] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let store = store(&world.before, one.path());
        if !world.interrupt(&store, one.path(), changes).await {
            assert!(changes > 30, "{changes} changes");
            break;
        }
        let next = if changes % 2 == 0 { &one } else { &other };
        break_lock(&world, &store, next.path()).await;
        world.complete(&store, next.path()).await;
        assert_published(
            &store,
            next.path(),
            &world,
            &format!("after {changes} changes"),
        );
    }
}

#[tokio::test]
async fn a_process_whose_lock_was_removed_writes_nothing_more() {
    let world = World::new().await;
    let work = tempfile::tempdir().unwrap();
    let store = store(&world.before, work.path());
    let folder = Folder::with_storage(Arc::clone(&store), work.path().to_owned());
    let lock = folder.lock(world.as_of).unwrap();
    folder.check_lock().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let other = Folder::with_storage(Arc::clone(&store), elsewhere.path().to_owned());
    let error = other.lock(world.as_of).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Locked);
    let holder = format!("since {}", world.as_of);
    assert!(error.to_string().contains(&holder), "{error}");
    assert!(error.to_string().contains("--break-lock"), "{error}");

    assert!(other.break_lock().unwrap().unwrap().contains(&holder));
    assert_eq!(folder.check_lock().unwrap_err().kind(), ErrorKind::Locked);
    let _new = other.lock(world.as_of).unwrap();
    assert_eq!(folder.check_lock().unwrap_err().kind(), ErrorKind::Locked);
    // It does not remove the lock of the other process.
    drop(lock);
    assert!(store.read("_lock").unwrap().is_some());
    drop(_new);
    assert!(store.read("_lock").unwrap().is_none());
}
