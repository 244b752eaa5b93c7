//! Prints measures of each video and live stream of a lake.
//!
//! ```text
//! cargo run --release -p apivideo-lake --example measures -- statistics
//! ```
#![allow(clippy::print_stdout, reason = "an example")]

use std::error::Error;

use apivideo_insights::{Audience, Dimension};
use apivideo_lake::LakeReader;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("missing folder of a lake")?;
    let audience = LakeReader::new(folder).audience(Audience::new().by(Dimension::Asset))?;
    let report = audience.finish();
    for row in report
        .breakdowns
        .iter()
        .flat_map(|breakdown| &breakdown.rows)
    {
        println!(
            "{}: {} plays, {:.0} s, {} viewers at most at a time",
            row.value.as_deref().unwrap_or("unknown"),
            row.measures.plays,
            row.measures.watch_seconds,
            row.measures.concurrency.playing.peak
        );
    }
    println!(
        "{} sessions, {:.1} s of playback",
        report.measures.quality.sessions, report.measures.watch_seconds
    );
    Ok(())
}
