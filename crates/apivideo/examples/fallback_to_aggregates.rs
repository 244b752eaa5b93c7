//! Counts the sessions of a video, or its plays by aggregates if the service has removed the raw statistics.
//!
//! `cargo run -p apivideo --example fallback_to_aggregates -- [VIDEO [PERIOD]]`
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

mod support;

use apivideo::aggregates::{Filter, Metric};
use apivideo::{Client, Period, Result, VideoId};

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let video = arguments
        .next()
        .unwrap_or_else(|| "vi4k0jvEUuaTdRAEjQ4Prklg".to_owned());
    let period = arguments.next().unwrap_or_else(|| "2022-01".to_owned());

    let (client, _simulator) = support::client().await?;
    println!("{}", plays(&client, video.parse()?, period.parse()?).await?);
    Ok(())
}

async fn plays(client: &Client, video: VideoId, period: Period) -> Result<String> {
    match client.video(video.clone()).sessions(period).total().await {
        Ok(sessions) => Ok(format!("{sessions} sessions in {period}")),
        // `PlayTotal` counts all plays since the video was created, whatever the period is.
        Err(error) if error.is_removed() => {
            let request = client
                .metric(Metric::PlayTotal)
                .filter(Filter::new().video(video));
            Ok(format!("{} plays in total", request.send().await?.value))
        }
        Err(error) => Err(error),
    }
}
