//! Prints the measures of all videos and live streams of a lake as JSON:
//!
//! ```text
//! cargo run -p apivideo-lake --example audience --features parquet -- statistics
//! ```

use std::io::{self, Write};

use apivideo_insights::{Audience, Dimension};
use apivideo_lake::LakeReader;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args_os()
        .nth(1)
        .ok_or("the folder of the lake is missing")?;
    let audience = Audience::new()
        .by(Dimension::Asset)
        .by(Dimension::Country)
        .with_cohorts();
    let report = LakeReader::new(folder).audience(audience)?.finish();
    let mut stdout = io::stdout().lock();
    serde_json::to_writer(&mut stdout, &report)?;
    writeln!(stdout)?;
    Ok(())
}
