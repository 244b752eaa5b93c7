//! Viewings recorded in a real browser, whose truth was sampled in the page.
//!
//! Two of them end without an event: their last heartbeat is up to 10 s before their end, which takes 2.5 % off the sum.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by a panic, and prints its table with --nocapture"
)]

mod common;

use common::{Viewing, recordings};

/// Expected of the engine: within 2 s for nine of ten viewings, and within some percent in sum.
fn check(resolution: &str, viewings: &[Viewing], tolerance: f64) {
    let (mut near, mut sum, mut truth_sum, mut naive_sum, mut naive_near) = (0, 0.0, 0.0, 0.0, 0);
    println!("| viewing ({resolution}) | truth s | value s | lower s | upper s | naive s |");
    println!("|---|---|---|---|---|---|");
    for viewing in viewings {
        let playback = viewing.playback();
        let truth = viewing.truth.as_ref().unwrap().watch_media_s;
        let (value, naive) = (playback.watch_seconds(), viewing.naive_seconds());
        println!(
            "| {} | {truth:.1} | {value:.1} | {:.1} | {:.1} | {naive:.1} |",
            viewing.name,
            playback.lower_seconds(),
            playback.upper_seconds()
        );
        near += usize::from((value - truth).abs() <= 2.0);
        naive_near += usize::from((naive - truth).abs() <= 2.0);
        sum += value;
        truth_sum += truth;
        naive_sum += naive;
    }
    let percent = |sum: f64| 100.0 * (sum / truth_sum - 1.0);
    println!(
        "{near} of {} within 2 s, sum {:+.1} %; naive: {naive_near} within 2 s, sum {:+.1} %",
        viewings.len(),
        percent(sum),
        percent(naive_sum)
    );
    assert!(near * 10 >= viewings.len() * 9, "{near} within 2 s");
    assert!(percent(sum).abs() <= tolerance, "{:+.1} %", percent(sum));
}

#[test]
fn recorded_viewings_at_milliseconds() {
    check("milliseconds", &recordings(), 3.0);
}

/// The service rounds positions and truncates times.
#[test]
fn recorded_viewings_at_whole_seconds() {
    let rounded: Vec<Viewing> = (recordings().iter())
        .map(|viewing| viewing.at_whole_seconds(f64::round))
        .collect();
    check("whole seconds", &rounded, 3.0);
}

/// Truncated positions take half a second off each interval that starts at 0.
#[test]
fn recorded_viewings_at_truncated_seconds() {
    let truncated: Vec<Viewing> = (recordings().iter())
        .map(|viewing| viewing.at_whole_seconds(f64::floor))
        .collect();
    check("truncated seconds", &truncated, 6.0);
}
