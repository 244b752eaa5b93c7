//! Prints the number of current viewers of a live stream, once a minute.
//!
//! `cargo run -p apivideo --example live_viewers -- [LIVE_STREAM [TIMES [SECONDS]]]`
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for a terminal"
)]

mod support;

use std::time::Duration;

use apivideo::aggregates::{Filter, Metric};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let live_stream = arguments
        .next()
        .unwrap_or_else(|| "vi4k0jvEUuaTdRAEjQ4Jfrgz".to_owned());
    let times: u64 = arguments
        .next()
        .map_or(Ok(u64::MAX), |times| times.parse())?;
    let seconds: u64 = arguments.next().map_or(Ok(60), |seconds| seconds.parse())?;

    let (client, _simulator) = support::client().await?;
    let viewers = client
        .metric(Metric::CcvLive)
        .filter(Filter::new().live_stream(live_stream.parse()?));
    let mut interval = tokio::time::interval(Duration::from_secs(seconds));
    for _ in 0..times {
        interval.tick().await;
        match viewers.send().await {
            Ok(value) => println!("{} viewers", value.value),
            Err(error) if error.is_retryable() => eprintln!("no value this time: {error}"),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
