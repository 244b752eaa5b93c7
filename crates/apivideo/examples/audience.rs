//! Prints watch time, unique viewers, retention and the peak of concurrent viewers of a video.
//!
//! `cargo run -p apivideo --features insights --example audience -- [VIDEO [PERIOD]]`
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

mod support;

use apivideo::insights::Retention;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let video = arguments
        .next()
        .unwrap_or_else(|| "vi4k0jvEUuaTdRAEjQ4Prklg".to_owned());
    let period = arguments.next().unwrap_or_else(|| "2022-01".to_owned());

    let (client, _simulator) = support::client().await?;
    let sessions = client.video(video.parse()?).sessions(period.parse()?);
    let measures = sessions.audience().await?.finish().measures;

    let quality = &measures.quality;
    println!(
        "watch time: {:.0} s, between {:.0} s and {:.0} s",
        measures.watch_seconds, quality.watch_seconds_lower, quality.watch_seconds_upper
    );
    println!("unique viewers: {}", measures.unique_viewers);
    println!(
        "peak: {} concurrent viewers",
        measures.concurrency.playing.peak
    );
    for bin in measures
        .retention
        .iter()
        .flat_map(Retention::bins)
        .step_by(60)
    {
        let share = 100.0 * bin.unique.unwrap_or_default();
        println!("retention at {} s: {share:.0} % of plays", bin.from_seconds);
    }
    if quality.sessions_unreadable > 0 {
        println!("not included: {} sessions", quality.sessions_unreadable);
    }
    Ok(())
}
