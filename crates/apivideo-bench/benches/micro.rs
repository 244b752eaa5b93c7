//! The parts of a list of sessions: decoding, conversion, times, queries.
//!
//! `cargo bench -p apivideo-bench`
#![allow(missing_docs, reason = "defined by macros of criterion")]

use std::hint::black_box;

use apivideo_core::types::SessionPage;
use apivideo_core::wire::{DateTime, MetadataFilter, Object};
use apivideo_simulator::{Simulator, TUTORIAL_VIDEO};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde::Deserialize;
use serde_json::value::RawValue;

/// The body of a page of a hundred sessions.
fn page() -> Result<String, Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let simulator = Simulator::builder()
            .videos(1)
            .live_streams(0)
            .days(1)
            .sessions(100)
            .start()
            .await?;
        let query = "period=2022-01-01&pageSize=100";
        let url = format!(
            "{}/analytics/videos/{TUTORIAL_VIDEO}?{query}",
            simulator.base_url()
        );
        let client = reqwest::Client::builder().no_proxy().build()?;
        let response = client.get(url).basic_auth("any", Some("")).send().await?;
        Ok(response.error_for_status()?.text().await?)
    })
}

/// The records of a page, not decoded.
#[derive(Deserialize)]
struct Records<'a> {
    #[serde(borrow)]
    data: Vec<&'a RawValue>,
}

/// The sessions of the client library, which are converted from the generated ones.
#[derive(Deserialize)]
struct Models {
    data: Vec<apivideo::Session>,
}

fn decoding(criterion: &mut Criterion) {
    let text = page().expect("the simulator returns a page");
    let records: Records<'_> = serde_json::from_str(&text).expect("a page has records");
    assert_eq!(records.data.len(), 100);
    let mut group = criterion.benchmark_group("a page of 100 sessions");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("into generated types", |bencher| {
        bencher.iter(|| serde_json::from_str::<Object<SessionPage>>(black_box(&text)));
    });
    // The difference is the conversion.
    group.bench_function("into models", |bencher| {
        bencher.iter(|| serde_json::from_str(black_box(&text)).map(|Models { data }| data));
    });
    group.bench_function("record by record", |bencher| {
        bencher.iter(|| {
            let records: Records<'_> = serde_json::from_str(black_box(&text))?;
            let sessions = records
                .data
                .iter()
                .map(|raw| serde_json::from_str(raw.get()));
            sessions.collect::<Result<Vec<apivideo::Session>, _>>()
        });
    });
    group.finish();
}

fn times(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a time");
    for text in [
        "2021-01-05T12:52:21+00:00",
        "2019-06-24T11:45:01.109Z",
        "2019-06-24T11:45:01.109+00",
        "2018-09-11 13:04:37.89+00",
        "yesterday",
    ] {
        group.bench_function(text, |bencher| {
            bencher.iter(|| black_box(text).parse::<DateTime>());
        });
    }
    group.finish();
}

fn queries(criterion: &mut Criterion) {
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("no TLS is set up");
    let filter: MetadataFilter = [("hats", "green"), ("name", "John Doe")]
        .into_iter()
        .collect();
    criterion.bench_function("a request for a page, by period and metadata", |bencher| {
        bencher.iter(|| {
            client
                .get("http://127.0.0.1/analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg")
                .query(&[("currentPage", 7), ("pageSize", 100)])
                .query(&[("period", black_box("2022-01-01"))])
                .query(&filter)
                .build()
        });
    });
}

criterion_group!(benches, decoding, times, queries);
criterion_main!(benches);
