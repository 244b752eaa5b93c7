//! A pull is killed (SIGKILL) at random moments and run again each time. Afterwards every file has the bytes that an
//! uninterrupted pull writes, and `verify` reports no problem.
//!
//! With the size of a real account, in Parquet, with the peak memory of the processes (on Linux):
//!
//! ```text
//! cargo test --release -p apivideo-lake --test kill -- --assets 50 --sessions 100000 --kills 30
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test without the test harness"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use apivideo::Client;
use apivideo_lake::{Format, Pull};
use apivideo_simulator::Simulator;

const PERIOD: &str = "2021-12-18/2022-01-16";
/// Three days at the end are mutable.
const AS_OF: &str = "2022-01-17T00:00:01Z";

struct Size {
    assets: usize,
    sessions: u64,
    kills: u64,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(place) = arguments.iter().position(|argument| argument == "--child") {
        child(&arguments[place + 1], Path::new(&arguments[place + 2]));
        return ExitCode::SUCCESS;
    }
    // Other arguments of the test harness are ignored.
    let number = |name: &str, default: u64| {
        let place = arguments.iter().position(|argument| argument == name);
        place.map_or(default, |place| arguments[place + 1].parse().unwrap())
    };
    parent(&Size {
        assets: number("--assets", 6).try_into().unwrap(),
        sessions: number("--sessions", 400),
        kills: number("--kills", 12),
    });
    ExitCode::SUCCESS
}

/// Pulls, and prints the peak memory.
#[tokio::main(flavor = "current_thread")]
async fn child(url: &str, folder: &Path) {
    let client = Client::builder()
        .api_key("key")
        .base_url(url)
        .build()
        .unwrap();
    let format = match Format::Parquet.is_available() {
        true => Format::Parquet,
        false => Format::Ndjson,
    };
    let pull = Pull::new(&client, folder).as_of(AS_OF.parse().unwrap());
    let report = pull
        .with_period(PERIOD.parse().unwrap())
        .with_format(format)
        .run()
        .await
        .unwrap();
    println!("{} requests, {}", report.requests, peak());
}

/// Returns the peak memory as the system reports it.
fn peak() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.map_or_else(
        || "peak memory unknown".to_owned(),
        |peak| format!("peak memory {}", peak.trim()),
    )
}

#[tokio::main]
async fn parent(size: &Size) {
    let simulator = Simulator::builder()
        .videos(size.assets - size.assets / 5)
        .live_streams(size.assets / 5)
        .days(30)
        .sessions(size.sessions)
        .manual_clock()
        .start()
        .await
        .unwrap();
    let directory = tempfile::tempdir().unwrap();
    let start = |folder: &Path| -> Child {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .arg("--child")
            .arg(simulator.base_url())
            .arg(folder)
            .stdout(Stdio::inherit());
        command.spawn().unwrap()
    };
    let finish = async |folder: &Path| {
        let mut child = start(folder);
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                assert!(status.success());
                return;
            }
            pause(Duration::from_millis(5)).await;
        }
    };

    let uninterrupted = directory.path().join("uninterrupted");
    finish(&uninterrupted).await;
    let requests = simulator.requests_total();

    let folder = directory.path().join("killed");
    let mut seed = 7_u64;
    let mut random = |below: u64| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut kills = 0;
    while kills < size.kills {
        let before = simulator.requests_total();
        // Some are killed at the start, the others while reading; together they do not complete the pull.
        let work = if kills % 5 == 4 {
            0
        } else {
            5 + random(requests / size.kills)
        };
        let mut child = start(&folder);
        while simulator.requests_total() < before + work && child.try_wait().unwrap().is_none() {
            pause(Duration::from_millis(1)).await;
        }
        // Kills also hit the middle of a request.
        pause(Duration::from_millis(random(10))).await;
        assert!(
            child.try_wait().unwrap().is_none(),
            "kill {kills}: the pull was already complete"
        );
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
        if folder.join("_manifest/lake.json").exists() {
            let found = apivideo_lake::verify(&folder).unwrap();
            // The pull is not complete, and nothing is damaged.
            let is_unfinished = |problem: &String| problem.contains("is not complete");
            assert!(
                found.problems.len() == 1 && found.problems.iter().all(is_unfinished),
                "kill {kills}: {:?}",
                found.problems
            );
        }
    }
    finish(&folder).await;

    let found = apivideo_lake::verify(&folder).unwrap();
    assert_eq!(found.problems, [""; 0]);
    assert_eq!(found.sessions, size.sessions);
    let (expected, there) = (files(&uninterrupted), files(&folder));
    assert_eq!(
        expected.keys().collect::<Vec<_>>(),
        there.keys().collect::<Vec<_>>()
    );
    let differing: Vec<_> = expected
        .iter()
        .filter(|(name, bytes)| there[*name] != **bytes)
        .map(|(name, _)| name)
        .collect();
    assert!(differing.is_empty(), "{differing:?}");
    println!(
        "{} kills, {} sessions, {} events: all {} files are equal",
        size.kills,
        found.sessions,
        found.events,
        there.len()
    );
    println!("1 passed, 0 failed");
}

/// Returns all files but the lock and the record of runs, which has times.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            let below = files(&path).into_iter();
            found.extend(below.map(|(below, bytes)| (format!("{name}/{below}"), bytes)));
        } else if name != "_lock" && name != "runs.json" {
            found.insert(name, fs::read(&path).unwrap());
        }
    }
    found
}

#[expect(
    clippy::disallowed_methods,
    reason = "a process is killed after real time"
)]
async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}
