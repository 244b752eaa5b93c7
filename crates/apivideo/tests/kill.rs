//! A program that writes items and cursors to a file is killed (SIGKILL) 50 times and restarted each time. Afterwards each
//! session is in the file once.
//!
//! The file is a log: lines of items, and after every seven of them a line with the cursor. Lines after the last complete cursor
//! are truncated before the program continues.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test of its own harness"
)]

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use apivideo::{Client, Cursor, query::Window};
use apivideo_simulator::{FaultScript, Rule, Simulator};
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};

const VIDEO: &str = "vi4k0jvEUuaTdRAEjQ4Prklg";
const PERIOD: &str = "2021-12-25/2022-01-08";
const KILLS: usize = 50;

#[derive(Serialize, Deserialize)]
enum Line {
    Item(String),
    Cursor(Cursor),
    End,
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    match (
        arguments.next().as_deref(),
        arguments.next(),
        arguments.next(),
    ) {
        (Some("--child"), Some(url), Some(file)) => child(&url, Path::new(&file)),
        _ => parent(),
    }
    ExitCode::SUCCESS
}

/// Continues from the last cursor in the file.
#[tokio::main(flavor = "current_thread")]
async fn child(url: &str, path: &Path) {
    let (mut file, cursor) = reopen(path);
    let client = Client::builder()
        .api_key("key")
        .base_url(url)
        .build()
        .unwrap();
    let sessions = client
        .video(VIDEO.parse().unwrap())
        .sessions(PERIOD.parse().unwrap());
    let sessions = sessions
        .page_size(20.try_into().unwrap())
        .with_windows(Window::Day)
        .with_concurrency(2);
    let mut stream = sessions.resume(cursor.as_ref()).unwrap();
    let mut count = 0;
    while let Some(session) = stream.try_next().await.unwrap() {
        write(&mut file, &Line::Item(session.id.to_string()));
        count += 1;
        if count % 7 == 0 {
            write(&mut file, &Line::Cursor(stream.cursor()));
        }
    }
    write(&mut file, &Line::End);
}

fn write(file: &mut File, line: &Line) {
    let mut text = serde_json::to_string(line).unwrap();
    text.push('\n');
    // In two writes, so that a kill can truncate a line.
    let (first, second) = text.split_at(text.len() / 2);
    file.write_all(first.as_bytes()).unwrap();
    file.write_all(second.as_bytes()).unwrap();
}

/// Opens the file, truncated after its last complete cursor, and returns that cursor.
fn reopen(path: &Path) -> (File, Option<Cursor>) {
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .unwrap();
    let mut text = String::new();
    file.read_to_string(&mut text).unwrap();
    let (mut end, mut at, mut cursor) = (0, 0, None);
    for line in text.split_inclusive('\n') {
        at += line.len();
        if line.ends_with('\n')
            && let Ok(Line::Cursor(this)) = serde_json::from_str(line)
        {
            (cursor, end) = (Some(this), at);
        }
    }
    file.set_len(end as u64).unwrap();
    file.seek(SeekFrom::End(0)).unwrap();
    (file, cursor)
}

#[tokio::main]
async fn parent() {
    // Each page takes some milliseconds, so that the program is killed while it reads.
    let slow = FaultScript::new().rule(
        Rule::new()
            .path("/analytics/videos/*")
            .latency(Duration::from_millis(4)),
    );
    let simulator = Simulator::builder()
        .videos(1)
        .live_streams(0)
        .days(15)
        .sessions(20_000)
        .faults(slow)
        .start()
        .await
        .unwrap();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sessions.log");
    let start = || {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .arg("--child")
            .arg(simulator.base_url())
            .arg(&path)
            .spawn()
            .unwrap()
    };
    let length = || {
        std::fs::metadata(&path)
            .map(|file| file.len())
            .unwrap_or_default()
    };
    let mut chance = 7_u64;
    for kill in 0..KILLS {
        let before = length();
        let mut child = start();
        // Wait until it works, however long its start takes on a busy machine; every fifth is killed at its start.
        for _ in 0..if kill % 5 == 4 { 0 } else { 5_000 } {
            if length() > before {
                break;
            }
            pause(Duration::from_millis(2)).await;
        }
        chance = chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        pause(Duration::from_millis((chance >> 33) % 30)).await;
        assert!(
            child.try_wait().unwrap().is_none(),
            "kill {kill}: it had ended before"
        );
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(start().wait().unwrap().success());

    let lines = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<Line> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(matches!(lines.last(), Some(Line::End)));
    let ids: Vec<_> = lines
        .into_iter()
        .filter_map(|line| {
            if let Line::Item(id) = line {
                Some(id)
            } else {
                None
            }
        })
        .collect();
    let truth: Vec<_> = simulator
        .world()
        .sessions(VIDEO, PERIOD)
        .unwrap()
        .map(|session| session.id)
        .collect();
    let unique: HashSet<_> = ids.iter().collect();
    let lost = truth.iter().filter(|id| !unique.contains(id)).count();
    println!(
        "{KILLS} kills, {} sessions: {lost} lost, {} twice",
        truth.len(),
        ids.len() - unique.len()
    );
    assert!(ids == truth, "each once, in order");
    println!("1 passed, 0 failed");
}

#[expect(
    clippy::disallowed_methods,
    reason = "a process is killed after a real while"
)]
async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}
