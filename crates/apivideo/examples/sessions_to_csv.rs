//! Writes the sessions of a video as CSV.
//!
//! `cargo run -p apivideo --example sessions_to_csv -- [VIDEO [PERIOD]] > sessions.csv`
#![allow(clippy::print_stderr, reason = "a program for a terminal")]

mod support;

use std::io::{self, Write};

use apivideo::Timestamp;
use futures::TryStreamExt;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let video = arguments
        .next()
        .unwrap_or_else(|| "vi4k0jvEUuaTdRAEjQ4Prklg".to_owned());
    let period = arguments.next().unwrap_or_else(|| "2022-01".to_owned());

    let (client, _simulator) = support::client().await?;
    let mut sessions = client
        .video(video.parse()?)
        .sessions(period.parse()?)
        .stream();
    let mut out = io::stdout().lock();
    writeln!(out, "session,loaded,ended,country,city,device")?;
    while let Some(session) = sessions.try_next().await? {
        let time = |time: Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
        writeln!(
            out,
            "{},{},{},{},{},{}",
            session.id,
            time(session.loaded_at),
            time(session.ended_at),
            quoted(session.location.country.as_deref()),
            quoted(session.location.city.as_deref()),
            quoted(session.device.kind.as_deref()),
        )?;
    }
    eprintln!("{} sessions", sessions.progress().items);
    Ok(())
}

/// Returns a quoted CSV field, which can contain commas, quotes and line breaks. An unknown value is an empty field.
fn quoted(value: Option<&str>) -> String {
    value.map_or_else(String::new, |value| {
        format!("\"{}\"", value.replace('"', "\"\""))
    })
}
