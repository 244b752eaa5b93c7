//! Prints the number of current viewers of a live stream, once a minute by default.
//!
//! `cargo run -p apivideo --example live_viewers -- [LIVE_STREAM [TIMES [SECONDS]]]`
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for a terminal"
)]

mod support;

use std::time::Duration;

use futures::StreamExt;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let live_stream = arguments
        .next()
        .unwrap_or_else(|| "vi4k0jvEUuaTdRAEjQ4Jfrgz".to_owned());
    let times: usize = arguments
        .next()
        .map_or(Ok(usize::MAX), |times| times.parse())?;
    let seconds: u64 = arguments.next().map_or(Ok(60), |seconds| seconds.parse())?;

    let (client, _simulator) = support::client().await?;
    let live_stream = client.live_stream(live_stream.parse()?);
    let viewers = live_stream
        .current_viewers()
        .with_interval(Duration::from_secs(seconds));
    let mut viewers = viewers.take(times);
    while let Some(sample) = viewers.next().await {
        match sample {
            Ok(sample) => println!("{} viewers at {}", sample.viewers, sample.at),
            Err(error) if error.is_retryable() => eprintln!("no value this time: {error}"),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
