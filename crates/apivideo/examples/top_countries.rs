//! Prints the countries with the most sessions, over all videos.
//!
//! `cargo run -p apivideo --example top_countries -- [PERIOD]`
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

mod support;

use std::collections::HashMap;

use apivideo::VideoId;
use futures::{StreamExt, TryStreamExt};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let period = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "2022-01".to_owned());

    let (client, _simulator) = support::client().await?;
    let videos: Vec<VideoId> = client
        .videos()
        .stream()
        .map_ok(|video| video.id)
        .try_collect()
        .await?;
    let list = client
        .assets(videos)
        .sessions(period.parse()?)
        .with_concurrency(8)
        .unordered();
    let (sessions, outcome) = list.stream().until_error();
    let counts = sessions
        .fold(
            HashMap::<String, u64>::new(),
            |mut counts, session| async move {
                let country = session
                    .location
                    .country
                    .as_deref()
                    .unwrap_or("(unknown)")
                    .to_owned();
                *counts.entry(country).or_default() += 1;
                counts
            },
        )
        .await;
    outcome.into_result()?;

    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    counts.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    for (country, count) in counts.iter().take(10) {
        println!("{count:>8}  {country}");
    }
    Ok(())
}
