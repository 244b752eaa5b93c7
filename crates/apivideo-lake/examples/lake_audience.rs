//! Prints the measures of all videos and live streams of a lake as JSON:
//!
//! ```text
//! cargo run -p apivideo-lake --example lake_audience -- statistics metadata.userId
//! ```
//!
//! The second argument is the key that identifies viewers.

use std::io::{self, Write};

use apivideo_insights::{Audience, Dimension};
use apivideo_lake::LakeReader;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments
        .next()
        .ok_or("the folder of the lake is missing")?;
    let viewer_key = arguments
        .next()
        .unwrap_or_else(|| "metadata.userId".to_owned());
    let audience = Audience::new()
        .viewer_key(viewer_key.parse()?)
        .by(Dimension::Asset)
        .by(Dimension::Country)
        .with_cohorts();
    let report = LakeReader::new(folder).audience(audience)?.finish();
    let mut stdout = io::stdout().lock();
    serde_json::to_writer(&mut stdout, &report)?;
    writeln!(stdout)?;
    Ok(())
}
