//! Uses the application's own HTTP client, with a proxy, counts requests with an observer, and writes traces to stderr.
//!
//! `cargo run -p apivideo --example http_client`, or with a proxy: `HTTPS_PROXY=http://127.0.0.1:3128 cargo run …`
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use apivideo::observe::{Observer, RequestInfo, ResponseInfo};
use futures::TryStreamExt;

/// Counts requests and failures.
#[derive(Default)]
struct Counts {
    requests: AtomicU64,
    failures: AtomicU64,
}

impl Observer for Counts {
    fn on_request(&self, _request: &RequestInfo<'_>) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    fn on_response(&self, response: &ResponseInfo<'_>) {
        if response.error().is_some() {
            self.failures.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Calls and requests are spans with the target `apivideo`, retries and waits are events.
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::DEBUG)
        .with_writer(std::io::stderr)
        .init();

    let mut http = reqwest::Client::builder()
        // The service does not redirect, and credentials must not be sent to another host.
        .redirect(reqwest::redirect::Policy::none());
    if let Ok(proxy) = std::env::var("HTTPS_PROXY") {
        http = http.proxy(reqwest::Proxy::https(proxy)?);
    }

    let counts = Arc::new(Counts::default());
    let (builder, _simulator) = support::builder().await?;
    let client = builder
        .application("example", "1.0.0")
        .with_http_client(http.build()?)
        .with_observer(Arc::clone(&counts))
        .build()?;

    let videos: Vec<_> = client.videos().stream().try_collect().await?;
    println!(
        "{} videos by {} requests, {} failed",
        videos.len(),
        counts.requests.load(Ordering::Relaxed),
        counts.failures.load(Ordering::Relaxed)
    );
    Ok(())
}
