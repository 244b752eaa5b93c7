//! Exports sessions with their events as NDJSON, and resumes after a crash.
//!
//! Run the same command again to resume. Without an account, each run reads from a new simulator with the same data.
//!
//! `cargo run -p apivideo --example resumable_export -- FOLDER [VIDEO [PERIOD]]`
//!
//! The length of the file is stored together with the cursor. After a crash the file can be longer; it is truncated to that
//! length, so that no session is written twice.
#![allow(clippy::print_stderr, reason = "a program for a terminal")]

mod support;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use apivideo::Cursor;
use futures::StreamExt;
use serde::{Deserialize, Serialize};

/// The number of sessions between two checkpoints.
const INTERVAL: u64 = 100;

#[derive(Serialize, Deserialize)]
struct Checkpoint {
    cursor: Cursor,
    /// The length of the file at the cursor, in bytes.
    length: u64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments
        .next()
        .ok_or("usage: resumable_export FOLDER [VIDEO [PERIOD]]")?;
    let video = arguments
        .next()
        .unwrap_or_else(|| "vi4k0jvEUuaTdRAEjQ4Prklg".to_owned());
    let period = arguments.next().unwrap_or_else(|| "2022-01".to_owned());
    let folder = Path::new(&folder);
    fs::create_dir_all(folder)?;

    let (client, _simulator) = support::client().await?;
    let sessions = client
        .video(video.parse()?)
        .sessions(period.parse()?)
        .include_events(16);

    let state = folder.join("checkpoint.json");
    let checkpoint = load(&state)?;
    let mut length = checkpoint
        .as_ref()
        .map_or(0, |checkpoint| checkpoint.length);
    let mut file = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(false)
        .open(folder.join("sessions.ndjson"))?;
    file.set_len(length)?;
    file.seek(SeekFrom::End(0))?;

    let mut stream = sessions.resume(checkpoint.as_ref().map(|checkpoint| &checkpoint.cursor))?;
    let mut written = 0;
    while let Some(session) = stream.next().await {
        let session = match session {
            Ok(session) => session,
            Err(error) if error.is_terminal() => return Err(error.into()),
            // One session or its events cannot be read. The stream continues, and a resumed stream does not repeat it.
            Err(error) => {
                eprintln!("skipped: {error}");
                continue;
            }
        };
        let mut line = serde_json::to_vec(&session)?;
        line.push(b'\n');
        file.write_all(&line)?;
        length += line.len() as u64;
        written += 1;
        if written % INTERVAL == 0 {
            save(&state, &file, stream.cursor(), length)?;
        }
    }
    save(&state, &file, stream.cursor(), length)?;
    eprintln!("{written} sessions written");
    Ok(())
}

/// Reads the checkpoint of an earlier run, if there is one.
fn load(path: &Path) -> io::Result<Option<Checkpoint>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Replaces the checkpoint, after the data that it refers to is on disk.
fn save(path: &Path, file: &File, cursor: Cursor, length: u64) -> io::Result<()> {
    file.sync_data()?;
    let new = path.with_extension("new");
    fs::write(&new, serde_json::to_vec(&Checkpoint { cursor, length })?)?;
    fs::rename(new, path)
}
