//! A simulator, a client of it, and a folder for a lake.
#![allow(dead_code, reason = "no test file uses all of it")]

pub(crate) mod journal;

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use apivideo::Client;
use apivideo::retry::RetryPolicy;
use apivideo_lake::{Format, Pull, Report, Verification};
use apivideo_simulator::{FaultScript, Simulator, SimulatorBuilder};
use serde_json::Value;

/// The days of the simulated data.
pub(crate) const WORLD: &str = "2021-12-18/2022-01-16";

pub(crate) struct Service {
    pub(crate) simulator: Simulator,
    pub(crate) client: Client,
    pub(crate) folder: tempfile::TempDir,
}

impl Service {
    pub(crate) async fn start(builder: SimulatorBuilder) -> Self {
        let (simulator, client) = started(builder).await;
        Self {
            simulator,
            client,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Restarts the service with the same data and other faults.
    pub(crate) async fn set_faults(&mut self, faults: FaultScript) {
        self.serve(small().faults(faults)).await;
    }

    /// Replaces the service.
    pub(crate) async fn serve(&mut self, builder: SimulatorBuilder) {
        (self.simulator, self.client) = started(builder).await;
    }

    /// 5 assets, 30 days, 300 sessions, all of them final.
    pub(crate) async fn small() -> Self {
        Self::start(small()).await
    }

    /// The same with faults.
    pub(crate) async fn faulty(faults: FaultScript) -> Self {
        Self::start(small().faults(faults)).await
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("lake")
    }

    /// A pull of everything as NDJSON, when all days are final.
    pub(crate) fn pull(&self) -> Pull {
        self.pull_as_of("2022-03-01T00:00:00Z")
            .with_period(WORLD.parse().unwrap())
    }

    pub(crate) fn pull_as_of(&self, as_of: &str) -> Pull {
        Pull::new(&self.client, self.path())
            .as_of(as_of.parse().unwrap())
            .with_format(Format::Ndjson)
    }

    pub(crate) async fn run(&self, pull: Pull) -> Report {
        pull.run().await.unwrap()
    }

    pub(crate) fn verify(&self) -> Verification {
        let verification = apivideo_lake::verify(self.path()).unwrap();
        assert_eq!(verification.problems, [""; 0]);
        verification
    }

    /// Returns the problems that `verify` reports.
    pub(crate) fn problems(&self) -> Vec<String> {
        apivideo_lake::verify(self.path()).unwrap().problems
    }

    /// Verifies the lake; the only problem is a pull that is not complete.
    pub(crate) fn verify_unfinished(&self) -> Verification {
        let verification = apivideo_lake::verify(self.path()).unwrap();
        let problems = &verification.problems;
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].contains("is not complete"), "{problems:?}");
        verification
    }

    pub(crate) fn rows(&self, table: &str) -> Vec<Value> {
        rows(&self.path(), table)
    }

    /// Returns the number of requests after the first `before` ones.
    pub(crate) fn requests_since(&self, before: u64) -> u64 {
        // Requests for tokens do not count.
        let all = self.simulator.requests_total() - before;
        let requests = self.simulator.requests();
        let new = &requests[requests.len() - usize::try_from(all).unwrap()..];
        new.iter()
            .filter(|request| !request.path().starts_with("/auth"))
            .count() as u64
    }
}

async fn started(builder: SimulatorBuilder) -> (Simulator, Client) {
    let simulator = builder.manual_clock().start().await.unwrap();
    let client = Client::builder()
        .api_key("key")
        .base_url(simulator.base_url())
        .with_retry_policy(RetryPolicy::default().max_attempts(2))
        .build()
        .unwrap();
    (simulator, client)
}

pub(crate) fn small() -> SimulatorBuilder {
    Simulator::builder()
        .videos(3)
        .live_streams(2)
        .sessions(300)
        .days(30)
}

/// Returns all rows of a table, in the order of their files.
pub(crate) fn rows(folder: &Path, table: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    for (path, bytes) in files(folder) {
        if path.starts_with(table) {
            let text = String::from_utf8(bytes).unwrap();
            rows.extend(
                text.lines()
                    .map(|line| serde_json::from_str::<Value>(line).unwrap()),
            );
        }
    }
    rows
}

/// Returns all files by their paths in the folder, but the lock and the record of runs, which has times.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(folder: &Path, root: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, root, found);
            } else if !path.ends_with("_lock") && !path.ends_with("_manifest/runs.json") {
                let name = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .replace('\\', "/");
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

/// Returns the asset, the id and the number of events of each simulated session.
pub(crate) fn truth(simulator: &Simulator, period: &str) -> Vec<(String, String, usize)> {
    let world = simulator.world();
    let assets = world.videos().iter().chain(world.live_streams());
    let mut all: Vec<_> = assets
        .flat_map(|asset| simulator.sessions_now(asset.id(), period).unwrap())
        .map(|session| (session.asset, session.id, session.events))
        .collect();
    all.sort();
    all
}

pub(crate) fn hours(count: u64) -> Duration {
    Duration::from_secs(3_600 * count)
}

/// Returns the names of the files that differ.
pub(crate) fn differing(
    one: &BTreeMap<String, Vec<u8>>,
    other: &BTreeMap<String, Vec<u8>>,
) -> Vec<String> {
    let names = one.keys().chain(other.keys());
    let mut differing: Vec<String> = names
        .filter(|name| one.get(*name) != other.get(*name))
        .cloned()
        .collect();
    differing.sort();
    differing.dedup();
    differing
}

/// Returns the contents of a file of the staging that consists of frames.
pub(crate) fn frames(mut bytes: &[u8]) -> Vec<u8> {
    let mut contents = Vec::new();
    while let Some((header, rest)) = bytes.split_at_checked(12) {
        let number =
            |at: usize| u32::from_le_bytes(header[at..at + 4].try_into().unwrap()) as usize;
        let (stored, rest) = rest.split_at(number(0));
        match number(0) == number(4) {
            true => contents.extend_from_slice(stored),
            false => {
                let before = contents.len();
                let mut decoder = flate2::read::DeflateDecoder::new(stored);
                decoder.read_to_end(&mut contents).unwrap();
                assert_eq!(contents.len() - before, number(4));
            }
        }
        bytes = rest;
    }
    assert!(bytes.is_empty());
    contents
}
