//! Measures how much of a rate limit concurrent streams use, with and without rate limiting, against a simulator.
//!
//! `cargo run -p apivideo --example rate_limit -- [REQUESTS [SECONDS [WINDOWS [STREAMS]]]]`
//!
//! The limit is REQUESTS per window of SECONDS. The defaults are 200 requests, 20 seconds, 3 windows and 16 streams.
#![allow(clippy::print_stdout, reason = "a program for the terminal")]

use std::time::Duration;

use apivideo::{Client, Error};
use apivideo_simulator::{RateLimit, Simulator};
use futures::TryStreamExt;
use futures::future::{Either, join_all, select};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u32>());
    let mut number = |default| numbers.next().unwrap_or(Ok(default));
    let (limit, seconds, windows, streams) = (number(200)?, number(20)?, number(3)?, number(16)?);
    println!("{limit} requests in each window of {seconds} s, {streams} streams");
    for is_limited in [true, false] {
        println!("rate limiting {}", if is_limited { "on" } else { "off" });
        let simulator = Simulator::builder()
            .sessions(1_000_000)
            .videos(1)
            .live_streams(0)
            .days(1)
            .rate_limit(RateLimit::PerMinute(limit))
            .rate_window(Duration::from_secs(seconds.into()))
            .start()
            .await?;
        let builder = Client::builder()
            .api_key("any")
            .base_url(simulator.base_url());
        let client = if is_limited {
            builder
        } else {
            builder.without_rate_limiting()
        }
        .build()?;
        let reading = Box::pin(join_all((0..streams).map(|_| read(&client))));
        let watching = Box::pin(watch(
            &simulator,
            limit,
            Duration::from_secs(seconds.into()),
            windows,
        ));
        if let Either::Left((outcomes, _)) = select(reading, watching).await {
            outcomes.into_iter().collect::<Result<Vec<()>, _>>()?;
            println!("the streams ended before the windows did");
        }
    }
    Ok(())
}

/// Reads pages of one session each, without reaching the end.
async fn read(client: &Client) -> Result<(), Error> {
    let video = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?);
    let list = video
        .sessions("2022-01-01".parse()?)
        .page_size(1.try_into()?);
    list.stream()
        .try_for_each(|_| std::future::ready(Ok(())))
        .await
}

/// Counts the responses at the end of each window. The first window begins when the simulator starts.
async fn watch(simulator: &Simulator, limit: u32, window: Duration, windows: u32) {
    let mut timer = tokio::time::interval(window);
    timer.tick().await;
    let mut seen = 0;
    for number in 1..=windows {
        timer.tick().await;
        let requests = simulator.requests();
        let of = |status| {
            let of_window = requests[seen..]
                .iter()
                .filter(|request| request.status() == status);
            of_window
                .filter(|request| !request.path().starts_with("/auth/"))
                .count()
        };
        let used = of(200) as f64 / f64::from(limit) * 100.0;
        println!(
            "window {number}: {} of {limit} ({used:.1} %), {} refused",
            of(200),
            of(429)
        );
        seen = requests.len();
    }
}
